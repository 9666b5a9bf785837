//! Positions, orders, fills and trades as tuples, in the order of the fields of Python's classes.

use omegasim_core::portfolio::journal::Event;
use omegasim_core::portfolio::result::{OrderRow, PositionRow};
use omegasim_core::portfolio::trade::Trade;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3::IntoPyObjectExt;

/// The names behind the indices of a run.
pub struct Names<'a> {
    pub symbols: &'a [String],
    pub tags: &'a [String],
}

impl Names<'_> {
    fn symbol(&self, index: u32) -> &str {
        &self.symbols[index as usize]
    }

    fn tag(&self, index: Option<u32>) -> Option<&str> {
        index.map(|index| self.tags[index as usize].as_str())
    }
}

macro_rules! row {
    ($py:expr, $($value:expr),* $(,)?) => {
        PyTuple::new($py, [$($value.into_py_any($py)?),*])
    };
}

/// `Position`.
pub fn position<'py>(py: Python<'py>, names: &Names, row: &PositionRow) -> PyResult<Bound<'py, PyTuple>> {
    row!(
        py,
        row.ticket,
        names.symbol(row.symbol),
        row.magic,
        row.side.name(),
        row.order_type.name(),
        row.signal_time,
        row.entry_time,
        row.entry_price,
        row.initial_stop_loss,
        row.stop_loss,
        row.take_profit,
        row.volume,
        row.risk,
        row.risk_per_trade,
        row.commission,
        row.swap,
        row.open_profit,
        names.tag(row.tag),
    )
}

/// `PendingOrder`.
pub fn order<'py>(py: Python<'py>, names: &Names, row: &OrderRow) -> PyResult<Bound<'py, PyTuple>> {
    row!(
        py,
        row.ticket,
        names.symbol(row.symbol),
        row.magic,
        row.side.name(),
        row.order_type.name(),
        row.signal_time,
        row.price,
        row.limit_price,
        row.stop_loss,
        row.take_profit,
        row.volume,
        row.expires,
        row.oco,
        names.tag(row.tag),
    )
}

/// `Fill`.
pub fn fill<'py>(py: Python<'py>, names: &Names, event: &Event) -> PyResult<Bound<'py, PyTuple>> {
    row!(
        py,
        event.ticket,
        names.symbol(event.symbol),
        event.magic,
        event.time,
        event.price,
        event.volume,
        names.tag(event.tag),
    )
}

/// `Rejection`.
pub fn rejection<'py>(py: Python<'py>, names: &Names, event: &Event) -> PyResult<Bound<'py, PyTuple>> {
    row!(
        py,
        event.ticket,
        names.symbol(event.symbol),
        event.magic,
        event.time,
        event.reason.map(|reason| reason.name()),
        names.tag(event.tag),
    )
}

/// `Trade`.
pub fn trade<'py>(py: Python<'py>, names: &Names, trade: &Trade) -> PyResult<Bound<'py, PyTuple>> {
    row!(
        py,
        trade.ticket,
        names.symbol(trade.symbol),
        trade.magic,
        trade.side.name(),
        trade.order_type.name(),
        trade.signal_time,
        trade.entry_time,
        trade.exit_time,
        trade.entry_price,
        trade.exit_price,
        trade.initial_stop_loss,
        trade.stop_loss,
        trade.take_profit,
        trade.volume,
        trade.risk,
        trade.risk_per_trade,
        trade.result,
        trade.commission,
        trade.swap,
        trade.net,
        trade.r_multiple,
        trade.reason.name(),
        trade.ambiguous,
        trade.gap,
        trade.mae,
        trade.mfe,
        trade.slippage_entry,
        trade.slippage_exit,
        names.tag(trade.tag),
    )
}
