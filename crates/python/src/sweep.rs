//! Many runs over the same bars: convert, detach, convert.

use arrow_array::RecordBatch;
use omegasim_core::config::Config;
use omegasim_core::engine::sweep::{self as runs, Axis, Grid, SweepOptions};
use omegasim_core::error::Error;
use omegasim_core::portfolio::metrics;
use pyo3::prelude::*;

use crate::arrow::Batches;
use crate::control::PythonControl;
use crate::error::{attached, detached};
use crate::signals;
use crate::simulate::{market_of, RateInput, SymbolInput};
use crate::table::{Table, TableBuilder};

/// What varies (`config`, `signals`, or the columns of a table of signals), how many values, and the table.
type AxisInput<'py> = (String, usize, Option<Bound<'py, PyAny>>);

/// Runs every combination of the axes; one row of metrics a run.
#[pyfunction]
#[pyo3(signature = (configs, market, signals, axes, *, rates=Vec::new(), equity=false, threads=0, progress=None))]
#[allow(clippy::too_many_arguments)] // the arguments of the Python function
pub fn sweep(
    py: Python<'_>,
    configs: Vec<String>,
    market: Vec<SymbolInput<'_>>,
    signals: Vec<Option<Bound<'_, PyAny>>>,
    axes: Vec<AxisInput<'_>>,
    rates: Vec<RateInput<'_>>,
    equity: bool,
    threads: usize,
    progress: Option<Py<PyAny>>,
) -> PyResult<Table> {
    let market = market_of(&market, &rates)?;
    let tables =
        attached(py, || signals.iter().map(|table| signals::read(table.as_ref())).collect::<Result<Vec<_>, _>>())?;
    let axes = attached(py, || axes.iter().map(read_axis).collect::<Result<Vec<_>, _>>())?;
    let mut control = PythonControl::new(progress, None);
    let rows = detached(py, || {
        let grid = Grid {
            axes: axes.iter().map(axis_of).collect::<Result<_, _>>()?,
            configs: configs.iter().map(|json| Config::from_json(json)).collect::<Result<_, _>>()?,
            signals: tables.iter().map(|table| signals::unchecked(table.as_ref())).collect::<Result<_, _>>()?,
        };
        table(&runs::sweep(&grid, &market, SweepOptions { equity, threads }, &mut control)?)
    });
    match control.raised() {
        Some(raised) => Err(raised),
        None => rows.map(Table::from),
    }
}

/// An axis whose table was read, and is not looked at yet.
struct ReadAxis {
    kind: String,
    len: usize,
    values: Option<Batches>,
}

fn read_axis((kind, len, values): &AxisInput<'_>) -> Result<ReadAxis, Error> {
    Ok(ReadAxis { kind: kind.clone(), len: *len, values: signals::read(values.as_ref())? })
}

fn axis_of(axis: &ReadAxis) -> Result<Axis, Error> {
    match (axis.kind.as_str(), &axis.values) {
        ("config", None) => Ok(Axis::Config(axis.len)),
        ("signals", None) => Ok(Axis::Signals(axis.len)),
        (name, values) => {
            let values = signals::unchecked(values.as_ref());
            let wrong = |error: Error| Error::Argument { what: format!("grid: {name}"), message: error.to_string() };
            Ok(Axis::Column { name: name.into(), values: Box::new(values.map_err(wrong)?), len: axis.len })
        }
    }
}

fn table(rows: &[Vec<Option<f64>>]) -> Result<RecordBatch, Error> {
    let definitions = metrics::definitions().into_iter().enumerate();
    let table = definitions.fold(TableBuilder::default(), |table, (column, definition)| {
        table.optional_numbers(definition.name, rows.iter().map(|row| row[column]))
    });
    table.finish()
}
