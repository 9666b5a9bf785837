//! Tables that leave: built column by column, handed over by the Arrow PyCapsule interface.

use arrow_array::types::{ArrowPrimitiveType, Float64Type, Int64Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, PrimitiveArray, RecordBatch, StringArray, StructArray,
    TimestampNanosecondArray, UInt64Array,
};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, Field, Schema};
use omegasim_core::error::Error;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule};
use pyo3_arrow::ffi::{to_schema_pycapsule, to_stream_pycapsule, ArrayIterator};
use std::sync::Arc;

use crate::error::detached;

/// An Arrow table that left the simulator.
#[pyclass(frozen, module = "omegasim._core")]
pub struct Table {
    batch: RecordBatch,
}

impl From<RecordBatch> for Table {
    fn from(batch: RecordBatch) -> Self {
        Self { batch }
    }
}

impl Table {
    /// The rows.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }
}

#[pymethods]
impl Table {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, &self.batch, requested_schema)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.batch.schema_ref().as_ref())?)
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("Table({} rows: {})", self.batch.num_rows(), self.names().join(", "))
    }

    #[getter]
    fn names(&self) -> Vec<String> {
        names(self.batch.schema_ref())
    }

    fn to_ipc<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = detached(py, || ipc(&self.batch).map_err(failed))?;
        Ok(PyBytes::new(py, &bytes))
    }
}

/// The column names of a schema.
pub fn names(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().clone()).collect()
}

/// A batch as an Arrow stream capsule.
pub fn stream<'py>(
    py: Python<'py>,
    batch: &RecordBatch,
    requested_schema: Option<Bound<'py, PyCapsule>>,
) -> PyResult<Bound<'py, PyCapsule>> {
    let field = Field::new_struct("", batch.schema_ref().fields().clone(), false);
    let array: ArrayRef = Arc::new(StructArray::from(batch.clone()));
    let reader = Box::new(ArrayIterator::new([Ok(array)], Arc::new(field)));
    Ok(to_stream_pycapsule(py, reader, requested_schema)?)
}

fn ipc(batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let mut writer = StreamWriter::try_new(Vec::new(), batch.schema_ref())?;
    writer.write(batch)?;
    writer.into_inner()
}

fn failed(error: ArrowError) -> Error {
    Error::Internal { message: format!("a table could not be built: {error}") }
}

/// A table under construction, in the order of its columns.
#[derive(Default)]
pub struct TableBuilder {
    fields: Vec<Field>,
    columns: Vec<ArrayRef>,
}

impl TableBuilder {
    /// The finished table.
    pub fn finish(self) -> Result<RecordBatch, Error> {
        RecordBatch::try_new(Arc::new(Schema::new(self.fields)), self.columns).map_err(failed)
    }

    /// A column that is an array already.
    pub fn array(mut self, name: &str, nullable: bool, array: impl Array + 'static) -> Self {
        self.fields.push(Field::new(name, array.data_type().clone(), nullable));
        self.columns.push(Arc::new(array));
        self
    }

    fn primitive<T: ArrowPrimitiveType>(self, name: &str, values: impl Iterator<Item = T::Native>) -> Self {
        self.array(name, false, PrimitiveArray::<T>::from_iter_values(values))
    }

    /// Times, in nanoseconds UTC.
    pub fn times(self, name: &str, values: impl Iterator<Item = i64>) -> Self {
        self.array(name, false, TimestampNanosecondArray::from_iter_values(values).with_timezone("UTC"))
    }

    /// Times that may be absent.
    pub fn optional_times(self, name: &str, values: impl Iterator<Item = Option<i64>>) -> Self {
        self.array(name, true, values.collect::<TimestampNanosecondArray>().with_timezone("UTC"))
    }

    /// Numbers.
    pub fn numbers(self, name: &str, values: impl Iterator<Item = f64>) -> Self {
        self.primitive::<Float64Type>(name, values)
    }

    /// Numbers that may be absent.
    pub fn optional_numbers(self, name: &str, values: impl Iterator<Item = Option<f64>>) -> Self {
        self.array(name, true, values.collect::<Float64Array>())
    }

    /// Integers.
    pub fn integers(self, name: &str, values: impl Iterator<Item = i64>) -> Self {
        self.primitive::<Int64Type>(name, values)
    }

    /// Integers that may be absent.
    pub fn optional_integers(self, name: &str, values: impl Iterator<Item = Option<i64>>) -> Self {
        self.array(name, true, values.collect::<Int64Array>())
    }

    /// Tickets.
    pub fn tickets(self, name: &str, values: impl Iterator<Item = u64>) -> Self {
        self.primitive::<UInt64Type>(name, values)
    }

    /// Tickets that may be absent.
    pub fn optional_tickets(self, name: &str, values: impl Iterator<Item = Option<u64>>) -> Self {
        self.array(name, true, values.collect::<UInt64Array>())
    }

    /// Text.
    pub fn texts<'a>(self, name: &str, values: impl Iterator<Item = &'a str>) -> Self {
        self.array(name, false, StringArray::from_iter_values(values))
    }

    /// Text that may be absent.
    pub fn optional_texts<'a>(self, name: &str, values: impl Iterator<Item = Option<&'a str>>) -> Self {
        self.array(name, true, values.collect::<StringArray>())
    }

    /// Yes or no.
    pub fn flags(self, name: &str, values: impl Iterator<Item = bool>) -> Self {
        self.array(name, false, values.map(Some).collect::<BooleanArray>())
    }
}
