//! What came of a run, as Python sees it.

use arrow_array::RecordBatch;
use omegasim_core::engine::result as core;
use omegasim_core::error::Error;
use omegasim_core::fingerprint::Hashes;
use omegasim_core::portfolio::metrics;
use pyo3::prelude::*;
use std::sync::OnceLock;

use crate::error::detached;
use crate::table::Table;
use crate::tables;

/// Tables, hashes and counts of a run; each table is built when it is first asked for.
#[pyclass(frozen, module = "omegasim._core")]
pub struct RunResult {
    result: core::RunResult,
    trades: OnceLock<RecordBatch>,
    events: OnceLock<RecordBatch>,
    equity: OnceLock<RecordBatch>,
    orders: OnceLock<RecordBatch>,
    open_positions: OnceLock<RecordBatch>,
    hashes: OnceLock<Hashes>,
}

impl From<core::RunResult> for RunResult {
    fn from(result: core::RunResult) -> Self {
        Self {
            result,
            trades: OnceLock::new(),
            events: OnceLock::new(),
            equity: OnceLock::new(),
            orders: OnceLock::new(),
            open_positions: OnceLock::new(),
            hashes: OnceLock::new(),
        }
    }
}

impl RunResult {
    fn hashes(&self) -> &Hashes {
        self.hashes.get_or_init(|| Hashes::of(&self.result))
    }

    fn table(
        &self,
        py: Python<'_>,
        cell: &OnceLock<RecordBatch>,
        build: fn(&core::RunResult) -> Result<RecordBatch, Error>,
    ) -> PyResult<Table> {
        let table = match cell.get() {
            Some(table) => table.clone(),
            None => detached(py, || build(&self.result))?,
        };
        Ok(cell.get_or_init(|| table).clone().into())
    }
}

#[pymethods]
impl RunResult {
    fn trades(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, &self.trades, tables::trades)
    }

    fn events(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, &self.events, tables::events)
    }

    fn equity(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, &self.equity, tables::equity)
    }

    fn orders(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, &self.orders, tables::orders)
    }

    fn open_positions(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, &self.open_positions, tables::open_positions)
    }

    fn metrics(&self, py: Python<'_>) -> PyResult<Vec<(&'static str, Option<f64>)>> {
        let metrics = detached(py, || Ok(metrics::compute(&self.result)))?;
        Ok(metrics.values.iter().map(|(definition, value)| (definition.name, *value)).collect())
    }

    #[getter]
    fn fingerprint(&self, py: Python<'_>) -> String {
        py.detach(|| self.hashes().fingerprint())
    }

    #[getter]
    fn trades_hash(&self, py: Python<'_>) -> String {
        py.detach(|| self.hashes().trades())
    }

    #[getter]
    fn events_hash(&self, py: Python<'_>) -> String {
        py.detach(|| self.hashes().events())
    }

    #[getter]
    fn equity_hash(&self, py: Python<'_>) -> String {
        py.detach(|| self.hashes().equity())
    }

    #[getter]
    fn balance(&self) -> f64 {
        self.result.balance
    }

    #[getter]
    fn initial_balance(&self) -> f64 {
        self.result.initial_balance
    }

    #[getter]
    fn first_time(&self) -> Option<i64> {
        self.result.first_time
    }

    #[getter]
    fn last_time(&self) -> Option<i64> {
        self.result.last_time
    }

    #[getter]
    fn steps(&self) -> u64 {
        self.result.steps
    }

    #[getter]
    fn drilled(&self) -> u64 {
        self.result.drilled
    }

    #[getter]
    fn undrilled(&self) -> u64 {
        self.result.undrilled
    }

    #[getter]
    fn stale_bookings(&self) -> u64 {
        self.result.stale_rates.bookings
    }

    #[getter]
    fn oldest_rate(&self) -> Option<(String, i64, i64, i64)> {
        let oldest = self.result.stale_rates.oldest.as_ref()?;
        Some((oldest.pair.clone(), oldest.time, oldest.known_from, oldest.age))
    }

    #[getter]
    fn symbols(&self) -> Vec<String> {
        self.result.symbols.clone()
    }

    fn __repr__(&self) -> String {
        format!("RunResult({} trades, {} events)", self.result.trades.len(), self.result.events.len())
    }
}
