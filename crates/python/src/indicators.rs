//! Indicators over columns, and row by row.

use arrow_array::Float64Array;
use arrow_buffer::ScalarBuffer;
use numpy::{PyReadonlyArray1, PyReadwriteArray1};
use omegasim_core::column::Column;
use omegasim_core::error::Error;
use omegasim_core::indicators::definition::Definition;
use omegasim_core::indicators::registry::{definition, DEFINITIONS};
use omegasim_core::indicators::streaming::Streaming;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::sync::{Mutex, PoisonError};

use crate::arrow::{column, Batches, Frame};
use crate::error::{attached, detached};
use crate::table::{Table, TableBuilder};

/// Name, inputs, parameters with their defaults, outputs.
type Described = (&'static str, Vec<&'static str>, Vec<(&'static str, Option<f64>)>, Vec<&'static str>);

/// Every indicator.
#[pyfunction]
pub fn indicator_definitions() -> Vec<Described> {
    let described = |one: &Definition| {
        let inputs = one.inputs.iter().map(|input| input.name()).collect();
        let parameters = one.parameters.iter().map(|parameter| (parameter.name, parameter.default)).collect();
        (one.name, inputs, parameters, one.outputs.to_vec())
    };
    DEFINITIONS.iter().map(described).collect()
}

/// An indicator over contiguous float64 arrays, one an input, put down in others, one an output.
#[pyfunction]
pub fn indicator_arrays<'py>(
    py: Python<'py>,
    name: &str,
    parameters: Vec<f64>,
    arrays: Vec<PyReadonlyArray1<'py, f64>>,
    mut places: Vec<PyReadwriteArray1<'py, f64>>,
) -> PyResult<()> {
    let columns = arrays.iter().map(PyReadonlyArray1::as_slice).collect::<Result<Vec<_>, _>>()?;
    let mut places = places.iter_mut().map(PyReadwriteArray1::as_slice_mut).collect::<Result<Vec<_>, _>>()?;
    detached(py, || definition(name)?.fill(&parameters, &columns, &mut places))
}

/// An indicator over the columns of a table that are called like its inputs: one column an output.
#[pyfunction]
pub fn indicator_table(py: Python<'_>, name: &str, parameters: Vec<f64>, table: &Bound<'_, PyAny>) -> PyResult<Table> {
    let batches = attached(py, || Batches::of_object(table))?;
    detached(py, || {
        let definition = definition(name)?;
        let inputs: Vec<&str> = definition.inputs.iter().map(|input| input.name()).collect();
        let columns = numbers(&Frame::new(name, &batches, &inputs)?, &inputs)?;
        let slices: Vec<&[f64]> = columns.iter().map(Column::as_slice).collect();
        table_of(definition.outputs, definition.columns(&parameters, &slices)?)
    })
}

/// Columns of a frame by their names.
pub fn numbers(frame: &Frame, names: &[&str]) -> Result<Vec<Column<f64>>, Error> {
    names.iter().map(|name| frame.numbers(name).map(|array| column(&array))).collect()
}

/// A table of values; the memory moves into it.
pub fn table_of(names: &[impl AsRef<str>], columns: Vec<Vec<f64>>) -> Result<Table, Error> {
    let mut builder = TableBuilder::default();
    for (name, column) in names.iter().zip(columns) {
        builder = builder.array(name.as_ref(), false, Float64Array::new(ScalarBuffer::from(column), None));
    }
    builder.finish().map(Table::from)
}

/// An indicator that takes one row at a time.
#[pyclass(frozen, module = "omegasim._core")]
pub struct IndicatorStream {
    definition: &'static Definition,
    indicator: Mutex<Box<dyn Streaming>>,
}

#[pymethods]
impl IndicatorStream {
    #[new]
    fn new(py: Python<'_>, name: &str, parameters: Vec<f64>) -> PyResult<Self> {
        attached(py, || {
            let definition = definition(name)?;
            Ok(Self { definition, indicator: Mutex::new(definition.start(&parameters)?) })
        })
    }

    #[getter]
    fn outputs(&self) -> Vec<&'static str> {
        self.definition.outputs.to_vec()
    }

    #[pyo3(signature = (*row))]
    fn update<'py>(&self, py: Python<'py>, row: Vec<f64>) -> PyResult<Bound<'py, PyAny>> {
        let expected = self.definition.inputs.len();
        if row.len() != expected {
            let message = format!("update takes {expected} numbers, found {}", row.len());
            return attached(py, || Err(Error::Argument { what: self.definition.name.into(), message }));
        }
        let mut values = vec![f64::NAN; self.definition.outputs.len()];
        self.indicator.lock().unwrap_or_else(PoisonError::into_inner).update(&row, &mut values);
        match values[..] {
            [value] => Ok(value.into_pyobject(py)?.into_any()),
            _ => Ok(PyTuple::new(py, values)?.into_any()),
        }
    }
}
