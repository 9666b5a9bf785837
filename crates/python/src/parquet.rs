//! Parquet files: read whole, written with all columns of a part at once.

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Schema};
use bytes::Bytes;
use omegasim_core::error::Error;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::arrow_writer::{compute_leaves, ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use rayon::prelude::*;
use rayon::ThreadPoolBuilder;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::arrow::Batches;
use crate::error::{attached, detached, to_python};
use crate::table::Table;

/// Rows of a part of a file.
const PART: usize = 1 << 20;
/// Rows from which on a part is packed on several threads.
const WORTH_THREADS: usize = 1 << 14;

/// A Parquet file whose schema is known, and whose rows are not read yet.
pub struct Unread(ParquetRecordBatchReaderBuilder<Bytes>);

impl Unread {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes.into());
        builder.map(Self).map_err(|error| unreadable(path, &error))
    }

    /// Names and types of its columns.
    pub fn schema(&self) -> &Schema {
        self.0.schema()
    }

    /// All rows, in one piece.
    pub fn read(self, path: &Path) -> Result<Batches, Error> {
        let rows = usize::try_from(self.0.metadata().file_metadata().num_rows()).unwrap_or_default();
        let schema = self.0.schema().clone();
        let reader = self.0.with_batch_size(rows.max(1)).build();
        let batches = reader.map_err(|error| unreadable(path, &error)).and_then(|reader| all(reader, path))?;
        Ok(Batches::new(schema, batches))
    }
}

fn all(reader: ParquetRecordBatchReader, path: &Path) -> Result<Vec<RecordBatch>, Error> {
    reader.collect::<Result<_, _>>().map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Stream { message: format!("{}: cannot be read as Parquet: {error}", path.display()) }
}

/// Reads a table.
#[pyfunction]
pub fn read_parquet(py: Python<'_>, path: PathBuf) -> PyResult<Table> {
    detached(py, || Unread::open(&path)?.read(&path)?.joined()).map(Table::from)
}

/// Writes a table; the same table gives the same bytes.
#[pyfunction]
pub fn write_parquet(py: Python<'_>, table: &Bound<'_, PyAny>, path: PathBuf) -> PyResult<()> {
    let batch = match table.cast::<Table>() {
        Ok(table) => table.get().batch().clone(),
        Err(_) => attached(py, || Batches::of_object(table)?.joined())?,
    };
    detached(py, || Ok(write(&batch, &path)))?.map_err(|error| failed(py, error))
}

fn failed(py: Python<'_>, error: ParquetError) -> PyErr {
    match error {
        ParquetError::External(cause) => PyOSError::new_err(cause.to_string()),
        other => to_python(py, &Error::Internal { message: format!("a table could not be written: {other}") }),
    }
}

fn write(batch: &RecordBatch, path: &Path) -> Result<(), ParquetError> {
    let file = File::create(path)?;
    let writer = ArrowWriter::try_new(file, batch.schema(), Some(properties(batch.schema_ref())?))?;
    let (mut file, factory) = writer.into_serialized_writer()?;
    for (index, start) in (0..batch.num_rows()).step_by(PART).enumerate() {
        let part = batch.slice(start, PART.min(batch.num_rows() - start));
        let mut group = file.next_row_group()?;
        for chunk in chunks(&part, &factory, index)? {
            chunk.append_to_row_group(&mut group)?;
        }
        group.close()?;
    }
    file.close().map(drop)
}

/// The columns of a part, packed side by side.
fn chunks(
    part: &RecordBatch,
    factory: &ArrowRowGroupWriterFactory,
    index: usize,
) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
    let writers = factory.create_column_writers(index)?;
    let packed = |(column, writer): (usize, ArrowColumnWriter)| packed(part, column, writer);
    if part.num_rows() < WORTH_THREADS {
        return writers.into_iter().enumerate().map(packed).collect();
    }
    // Threads of its own: those of a pool that stays would be missing in a forked process.
    let pool = ThreadPoolBuilder::new().build().map_err(|error| ParquetError::External(Box::new(error)))?;
    pool.install(|| writers.into_par_iter().enumerate().map(packed).collect())
}

fn packed(part: &RecordBatch, column: usize, mut writer: ArrowColumnWriter) -> Result<ArrowColumnChunk, ParquetError> {
    for leaf in compute_leaves(part.schema_ref().field(column), part.column(column))? {
        writer.write(&leaf)?;
    }
    writer.close()
}

/// How columns are packed: times as distances, numbers byte by byte, texts by their number in a list.
fn properties(schema: &Schema) -> Result<WriterProperties, ParquetError> {
    let mut properties = WriterProperties::builder()
        .set_created_by("omegasim".into())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for field in schema.fields() {
        let encoding = match field.data_type() {
            DataType::Timestamp(_, _) | DataType::Int64 | DataType::UInt64 => Encoding::DELTA_BINARY_PACKED,
            DataType::Float64 => Encoding::BYTE_STREAM_SPLIT,
            _ => continue,
        };
        let path = ColumnPath::from(field.name().as_str());
        properties = properties.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding);
    }
    Ok(properties.build())
}
