//! Ticks as Python sees them.

use arrow_array::{RecordBatch, TimestampNanosecondArray};
use omegasim_core::error::Error;
use omegasim_core::market::series::Series;
use omegasim_core::market::ticks::TickSeries;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::sync::OnceLock;

use crate::arrow::{column, Batches, Frame};
use crate::bars::named;
use crate::error::{attached, detached};
use crate::table::{stream, TableBuilder};

const COLUMNS: [&str; 3] = ["time", "bid", "ask"];

/// Ticks of one symbol, checked once and shared by every run.
#[pyclass(frozen, module = "omegasim._core")]
#[derive(Clone)]
pub struct Ticks {
    series: TickSeries,
    table: RecordBatch,
    hash: OnceLock<String>,
}

impl Ticks {
    /// The ticks themselves; the columns are shared.
    pub fn series(&self) -> Series {
        Series::Ticks(self.series.clone())
    }
}

#[pymethods]
impl Ticks {
    #[new]
    #[pyo3(signature = (table, *, symbol=""))]
    fn new(py: Python<'_>, table: &Bound<'_, PyAny>, symbol: &str) -> PyResult<Self> {
        let batches = attached(py, || Batches::of_object(table))?;
        detached(py, || ticks_of(&batches, symbol))
    }

    fn with_symbol(&self, symbol: &str) -> Self {
        Self { series: self.series.with_symbol(symbol), ..self.clone() }
    }

    #[getter]
    fn symbol(&self) -> &str {
        self.series.symbol()
    }

    #[getter]
    fn timeframe(&self) -> i64 {
        0
    }

    #[getter]
    fn has_ask(&self) -> bool {
        true
    }

    #[getter]
    fn first_time(&self) -> i64 {
        self.series().first_time()
    }

    #[getter]
    fn last_time(&self) -> i64 {
        self.series().last_time()
    }

    #[getter]
    fn hash(&self, py: Python<'_>) -> String {
        py.detach(|| self.hash.get_or_init(|| self.series().data_hash()).clone())
    }

    fn __len__(&self) -> usize {
        self.series.len()
    }

    fn __repr__(&self) -> String {
        format!("Ticks({:?}, {} rows)", self.series.symbol(), self.series.len())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, &self.table, requested_schema)
    }
}

fn ticks_of(batches: &Batches, symbol: &str) -> Result<Ticks, Error> {
    let frame = Frame::new(named(symbol), batches, &COLUMNS)?;
    let (time, bid, ask) = (frame.times("time")?, frame.numbers("bid")?, frame.numbers("ask")?);
    let series = TickSeries::new(symbol, column(&time), column(&bid), column(&ask))?;
    let (_, time, _) = time.into_parts();
    let table = TableBuilder::default()
        .array("time", false, TimestampNanosecondArray::new(time, None).with_timezone("UTC"))
        .array("bid", false, bid)
        .array("ask", false, ask)
        .finish()?;
    Ok(Ticks { series, table, hash: OnceLock::new() })
}
