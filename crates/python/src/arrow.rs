//! Arrow tables as columns of the core: without a copy where the memory fits, with one where it does not.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Float64Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt64Type,
};
use arrow_array::{new_empty_array, Array, ArrayRef, Float64Array, Int64Array, PrimitiveArray, RecordBatch};
use arrow_cast::display::array_value_to_string;
use arrow_cast::{cast_with_options, CastOptions};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, DataType, SchemaRef, TimeUnit};
use arrow_select::concat::{concat, concat_batches};
use omegasim_core::column::Column;
use omegasim_core::error::Error;
use omegasim_core::execution::signal_table::{Text, Values};
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;
use std::io::Cursor;

/// First bytes of an Arrow IPC file; a stream begins otherwise.
const FILE_MAGIC: &[u8] = b"ARROW1";
/// What pandas calls an index without a name.
const PANDAS_INDEX: &str = "__index_level_";

/// A table as it came: batches of one schema.
pub struct Batches {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Batches {
    /// Batches of one schema.
    pub fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }

    /// The rows in one piece.
    pub fn joined(&self) -> Result<RecordBatch, Error> {
        match &self.batches[..] {
            [batch] => Ok(batch.clone()),
            several => {
                concat_batches(&self.schema, several).map_err(|error| Error::Stream { message: error.to_string() })
            }
        }
    }

    /// Reads an object with `__arrow_c_stream__` or `__arrow_c_array__`.
    pub fn of_object(object: &Bound<'_, PyAny>) -> Result<Self, Error> {
        let has = |name: &str| object.hasattr(name).unwrap_or(false);
        if !has("__arrow_c_stream__") && !has("__arrow_c_array__") {
            let kind = object.get_type().name().map_or_else(|_| "the object".into(), |name| name.to_string());
            return Err(Error::NotATable { message: format!("{kind} has no __arrow_c_stream__") });
        }
        let batches = object.extract::<AnyRecordBatch>().and_then(|table| Ok(table.into_table()?));
        let (batches, schema) = batches.map_err(|error| Error::Stream { message: error.to_string() })?.into_inner();
        Ok(Self { schema, batches })
    }

    /// Whether there is a column of this name.
    pub fn has(&self, name: &str) -> bool {
        self.schema.column_with_name(name).is_some()
    }

    /// The names of the columns.
    pub fn names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Reads Arrow IPC bytes, a stream's or a file's.
    pub fn of_ipc(bytes: &[u8]) -> Result<Self, Error> {
        let read = if bytes.starts_with(FILE_MAGIC) { read_file(bytes) } else { read_stream(bytes) };
        read.map_err(|error| Error::Stream { message: error.to_string() })
    }
}

fn read_file(bytes: &[u8]) -> Result<Batches, ArrowError> {
    let reader = FileReader::try_new(Cursor::new(bytes), None)?;
    Ok(Batches { schema: reader.schema(), batches: reader.collect::<Result<_, _>>()? })
}

fn read_stream(bytes: &[u8]) -> Result<Batches, ArrowError> {
    let reader = StreamReader::try_new(Cursor::new(bytes), None)?;
    Ok(Batches { schema: reader.schema(), batches: reader.collect::<Result<_, _>>()? })
}

/// A table with each column in one piece.
pub struct Frame {
    /// What messages call it.
    table: String,
    columns: Vec<(String, ArrayRef)>,
}

impl Frame {
    /// Joins the chunks of each column and checks the names.
    pub fn new(table: impl Into<String>, batches: &Batches, known: &[&str]) -> Result<Self, Error> {
        let mut frame = Self { table: table.into(), columns: Vec::new() };
        for (index, field) in batches.schema.fields().iter().enumerate() {
            let name = field.name();
            if name.starts_with(PANDAS_INDEX) {
                continue;
            }
            frame.check_name(name, known)?;
            let column = joined(batches, index, field.data_type())?;
            frame.columns.push((name.clone(), column));
        }
        Ok(frame)
    }

    fn check_name(&self, name: &str, known: &[&str]) -> Result<(), Error> {
        let (table, column) = (self.table.clone(), name.to_owned());
        if !known.contains(&name) {
            return Err(Error::UnknownColumn { table, column, expected: known.join(", ") });
        }
        if self.has(name) {
            return Err(Error::UnknownColumn { table, column, expected: "each column once".into() });
        }
        Ok(())
    }

    /// What messages call the table.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Whether there is a column of this name.
    pub fn has(&self, name: &str) -> bool {
        self.column(name).is_some()
    }

    fn column(&self, name: &str) -> Option<&ArrayRef> {
        self.columns.iter().find(|(column, _)| column == name).map(|(_, array)| array)
    }

    fn required(&self, name: &str) -> Result<&ArrayRef, Error> {
        self.column(name).ok_or_else(|| Error::MissingColumn {
            table: self.table.clone(),
            column: name.into(),
            found: self.columns.iter().map(|(name, _)| name.clone()).collect(),
        })
    }

    /// T1: a required column of times, in nanoseconds UTC.
    pub fn times(&self, name: &str) -> Result<Int64Array, Error> {
        let array = self.required(name)?;
        self.without_nulls(name, self.nanoseconds(name, array)?)
    }

    /// A required column of numbers.
    pub fn numbers(&self, name: &str) -> Result<Float64Array, Error> {
        let array = self.required(name)?;
        self.without_nulls(name, self.floats(name, array)?)
    }

    /// T1: a column of times that may be absent or hold nulls.
    pub fn optional_times(&self, name: &str) -> Result<Option<Values<i64>>, Error> {
        self.column(name).map(|array| self.nanoseconds(name, array).map(|array| values(&array))).transpose()
    }

    /// A column of durations, in nanoseconds, that may be absent or hold nulls.
    pub fn optional_durations(&self, name: &str) -> Result<Option<Values<i64>>, Error> {
        self.column(name).map(|array| self.duration(name, array).map(|array| values(&array))).transpose()
    }

    /// A column of numbers that may be absent or hold nulls.
    pub fn optional_numbers(&self, name: &str) -> Result<Option<Values<f64>>, Error> {
        self.column(name).map(|array| self.floats(name, array).map(|array| values(&array))).transpose()
    }

    /// A column of integers that may be absent or hold nulls.
    pub fn optional_integers(&self, name: &str) -> Result<Option<Values<i64>>, Error> {
        self.column(name).map(|array| self.integers::<Int64Type>(name, array).map(|array| values(&array))).transpose()
    }

    /// A column of integers of at least 0 that may be absent or hold nulls.
    pub fn optional_unsigned(&self, name: &str) -> Result<Option<Values<u64>>, Error> {
        self.column(name).map(|array| self.integers::<UInt64Type>(name, array).map(|array| values(&array))).transpose()
    }

    /// A column of text that may be absent or hold nulls.
    pub fn optional_text(&self, name: &str) -> Result<Option<Text>, Error> {
        let text = |array| text(array).ok_or_else(|| self.wrong_type(name, array, "a string"));
        self.column(name).map(text).transpose()
    }

    /// Whether a column holds integers.
    pub fn is_integer(&self, name: &str) -> bool {
        self.column(name).is_some_and(|array| array.data_type().is_integer())
    }

    fn without_nulls<T: ArrowPrimitiveType>(
        &self,
        name: &str,
        array: PrimitiveArray<T>,
    ) -> Result<PrimitiveArray<T>, Error> {
        match array.nulls().and_then(|valid| valid.iter().position(|valid| !valid)) {
            Some(row) => Err(Error::NullValue { table: self.table.clone(), column: name.into(), row }),
            None => Ok(array),
        }
    }

    fn nanoseconds(&self, name: &str, array: &ArrayRef) -> Result<Int64Array, Error> {
        match array.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => self.scaled::<TimestampSecondType>(name, array, 1_000_000_000),
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                self.scaled::<TimestampMillisecondType>(name, array, 1_000_000)
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                self.scaled::<TimestampMicrosecondType>(name, array, 1_000)
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => self.scaled::<TimestampNanosecondType>(name, array, 1),
            DataType::Null => Ok(Int64Array::new_null(array.len())),
            _ => Err(self.wrong_type(name, array, "a timestamp")),
        }
    }

    fn duration(&self, name: &str, array: &ArrayRef) -> Result<Int64Array, Error> {
        match array.data_type() {
            DataType::Duration(TimeUnit::Second) => self.scaled::<DurationSecondType>(name, array, 1_000_000_000),
            DataType::Duration(TimeUnit::Millisecond) => self.scaled::<DurationMillisecondType>(name, array, 1_000_000),
            DataType::Duration(TimeUnit::Microsecond) => self.scaled::<DurationMicrosecondType>(name, array, 1_000),
            DataType::Duration(TimeUnit::Nanosecond) => self.scaled::<DurationNanosecondType>(name, array, 1),
            DataType::Null => Ok(Int64Array::new_null(array.len())),
            _ => Err(self.wrong_type(name, array, "a duration")),
        }
    }

    fn scaled<T: ArrowPrimitiveType<Native = i64>>(
        &self,
        name: &str,
        array: &ArrayRef,
        factor: i64,
    ) -> Result<Int64Array, Error> {
        let array = array.as_primitive::<T>();
        let nulls = array.nulls().cloned();
        if factor == 1 {
            return Ok(Int64Array::new(array.values().clone(), nulls));
        }
        let nanoseconds = |(row, &value): (usize, &i64)| match value.checked_mul(factor) {
            Some(value) => Ok(value),
            None if array.is_null(row) => Ok(0),
            None => Err(self.out_of_range(name, array, row, "nanoseconds in 64 bits")),
        };
        let values = array.values().iter().enumerate().map(nanoseconds).collect::<Result<Vec<i64>, Error>>()?;
        Ok(Int64Array::new(values.into(), nulls))
    }

    fn floats(&self, name: &str, array: &ArrayRef) -> Result<Float64Array, Error> {
        match array.data_type() {
            kind if kind.is_numeric() || *kind == DataType::Null => self.cast::<Float64Type>(name, array),
            _ => Err(self.wrong_type(name, array, "a number")),
        }
    }

    fn integers<T: ArrowPrimitiveType>(&self, name: &str, array: &ArrayRef) -> Result<PrimitiveArray<T>, Error> {
        match array.data_type() {
            kind if kind.is_integer() || *kind == DataType::Null => self.cast::<T>(name, array),
            _ => Err(self.wrong_type(name, array, "an integer")),
        }
    }

    /// Casts numbers; one that does not fit is an error, never a null.
    fn cast<T: ArrowPrimitiveType>(&self, name: &str, array: &ArrayRef) -> Result<PrimitiveArray<T>, Error> {
        if let Some(array) = array.as_primitive_opt::<T>() {
            return Ok(array.clone());
        }
        let cast = cast_with_options(array, &T::DATA_TYPE, &CastOptions::default())
            .map_err(|error| Error::Stream { message: error.to_string() })?;
        let cast = cast.as_primitive::<T>().clone();
        let lost = (0..cast.len()).find(|&row| cast.is_null(row) && array.is_valid(row));
        match lost.filter(|_| *array.data_type() != DataType::Null) {
            Some(row) => Err(self.out_of_range(name, array, row, &T::DATA_TYPE.to_string())),
            None => Ok(cast),
        }
    }

    fn wrong_type(&self, name: &str, array: &ArrayRef, expected: &str) -> Error {
        Error::ColumnType {
            table: self.table.clone(),
            column: name.into(),
            expected: expected.into(),
            found: array.data_type().to_string(),
        }
    }

    fn out_of_range(&self, name: &str, array: &dyn Array, row: usize, expected: &str) -> Error {
        Error::OutOfRange {
            table: self.table.clone(),
            column: name.into(),
            row,
            value: array_value_to_string(array, row).unwrap_or_else(|error| error.to_string()),
            expected: expected.into(),
        }
    }
}

fn joined(batches: &Batches, index: usize, kind: &DataType) -> Result<ArrayRef, Error> {
    let chunks: Vec<&dyn Array> = batches.batches.iter().map(|batch| batch.column(index).as_ref()).collect();
    match &batches.batches[..] {
        [] => Ok(new_empty_array(kind)),
        [batch] => Ok(batch.column(index).clone()),
        _ => concat(&chunks).map_err(|error| Error::Stream { message: error.to_string() }),
    }
}

/// A column of the core over the memory of an Arrow array.
pub fn column<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>) -> Column<T::Native> {
    Column::shared(array.values().clone())
}

fn values<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>) -> Values<T::Native> {
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
    Values { values: column(array), valid: nulls.map(|nulls| nulls.iter().collect()) }
}

/// Text of any Arrow string or dictionary of strings.
fn text(array: &ArrayRef) -> Option<Text> {
    match array.data_type() {
        DataType::Null => Some(std::iter::repeat_n(None, array.len()).collect()),
        DataType::Utf8 => Some(array.as_string::<i32>().iter().collect()),
        DataType::LargeUtf8 => Some(array.as_string::<i64>().iter().collect()),
        DataType::Utf8View => Some(array.as_string_view().iter().collect()),
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let Text { rows, words } = text(dictionary.values())?;
            // No values, no keys: the normalised keys of such a dictionary do not exist.
            let keys = if rows.is_empty() { vec![0; array.len()] } else { dictionary.normalized_keys() };
            let row = |(row, key): (usize, usize)| rows.get(key).copied().flatten().filter(|_| array.is_valid(row));
            Some(Text { rows: keys.into_iter().enumerate().map(row).collect(), words })
        }
        _ => None,
    }
}
