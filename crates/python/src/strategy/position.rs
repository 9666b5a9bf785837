//! An open position as a strategy sees it: as it was when it was asked for.

use omegasim_core::portfolio::result::PositionRow;
use pyo3::prelude::*;

use super::rows::Names;

/// An open position.
#[pyclass(frozen, freelist = 16, name = "StrategyPosition", module = "omegasim._core")]
pub struct Position {
    row: PositionRow,
    #[pyo3(get)]
    symbol: String,
    #[pyo3(get)]
    tag: Option<String>,
}

impl Position {
    pub fn new(names: &Names, row: PositionRow) -> Self {
        Self { symbol: names.symbol(row.symbol).into(), tag: names.tag(row.tag).map(str::to_owned), row }
    }
}

#[pymethods]
impl Position {
    #[getter]
    fn ticket(&self) -> u64 {
        self.row.ticket
    }

    #[getter]
    fn magic(&self) -> i64 {
        self.row.magic
    }

    #[getter]
    fn direction(&self) -> &'static str {
        self.row.side.name()
    }

    #[getter]
    fn order_type(&self) -> &'static str {
        self.row.order_type.name()
    }

    #[getter]
    fn signal_time(&self) -> i64 {
        self.row.signal_time
    }

    #[getter]
    fn entry_time(&self) -> i64 {
        self.row.entry_time
    }

    #[getter]
    fn entry_price(&self) -> f64 {
        self.row.entry_price
    }

    #[getter]
    fn initial_stop_loss(&self) -> Option<f64> {
        self.row.initial_stop_loss
    }

    #[getter]
    fn stop_loss(&self) -> Option<f64> {
        self.row.stop_loss
    }

    #[getter]
    fn take_profit(&self) -> Option<f64> {
        self.row.take_profit
    }

    #[getter]
    fn volume(&self) -> f64 {
        self.row.volume
    }

    #[getter]
    fn risk(&self) -> f64 {
        self.row.risk
    }

    #[getter]
    fn risk_per_trade(&self) -> f64 {
        self.row.risk_per_trade
    }

    #[getter]
    fn commission(&self) -> f64 {
        self.row.commission
    }

    #[getter]
    fn swap(&self) -> f64 {
        self.row.swap
    }

    #[getter]
    fn open_profit(&self) -> f64 {
        self.row.open_profit
    }

    fn __repr__(&self) -> String {
        let row = &self.row;
        format!(
            "Position(#{} {} {} {} lots at {}, open profit {})",
            row.ticket,
            row.side.name(),
            self.symbol,
            row.volume,
            row.entry_price,
            row.open_profit
        )
    }
}
