//! Orders, fills and trades by the names of the fields of Python's classes.

use omegasim_core::portfolio::journal::Event;
use omegasim_core::portfolio::result::OrderRow;
use omegasim_core::portfolio::trade::Trade;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The names behind the indices of a run.
pub struct Names<'a> {
    pub symbols: &'a [String],
    pub tags: &'a [String],
}

impl Names<'_> {
    pub fn symbol(&self, index: u32) -> &str {
        &self.symbols[index as usize]
    }

    pub fn tag(&self, index: Option<u32>) -> Option<&str> {
        index.map(|index| self.tags[index as usize].as_str())
    }
}

macro_rules! row {
    ($py:expr, $($name:ident: $value:expr),* $(,)?) => {{
        let row = PyDict::new($py);
        $(row.set_item(intern!($py, stringify!($name)), $value)?;)*
        Ok(row)
    }};
}

/// A pending order.
pub fn order<'py>(py: Python<'py>, names: &Names, row: &OrderRow) -> PyResult<Bound<'py, PyDict>> {
    row!(
        py,
        ticket: row.ticket,
        symbol: names.symbol(row.symbol),
        magic: row.magic,
        direction: row.side.name(),
        order_type: row.order_type.name(),
        signal_time: row.signal_time,
        price: row.price,
        limit_price: row.limit_price,
        stop_loss: row.stop_loss,
        take_profit: row.take_profit,
        volume: row.volume,
        expires: row.expires,
        oco: row.oco,
        tag: names.tag(row.tag),
    )
}

/// A fill.
pub fn fill<'py>(py: Python<'py>, names: &Names, event: &Event) -> PyResult<Bound<'py, PyDict>> {
    row!(
        py,
        ticket: event.ticket,
        symbol: names.symbol(event.symbol),
        magic: event.magic,
        time: event.time,
        price: event.price,
        volume: event.volume,
        tag: names.tag(event.tag),
    )
}

/// A rejection.
pub fn rejection<'py>(py: Python<'py>, names: &Names, event: &Event) -> PyResult<Bound<'py, PyDict>> {
    row!(
        py,
        ticket: event.ticket,
        symbol: names.symbol(event.symbol),
        magic: event.magic,
        time: event.time,
        reason: event.reason.map(|reason| reason.name()),
        tag: names.tag(event.tag),
    )
}

/// A trade.
pub fn trade<'py>(py: Python<'py>, names: &Names, trade: &Trade) -> PyResult<Bound<'py, PyDict>> {
    row!(
        py,
        ticket: trade.ticket,
        symbol: names.symbol(trade.symbol),
        magic: trade.magic,
        direction: trade.side.name(),
        order_type: trade.order_type.name(),
        signal_time: trade.signal_time,
        entry_time: trade.entry_time,
        exit_time: trade.exit_time,
        entry_price: trade.entry_price,
        exit_price: trade.exit_price,
        initial_stop_loss: trade.initial_stop_loss,
        stop_loss: trade.stop_loss,
        take_profit: trade.take_profit,
        volume: trade.volume,
        risk: trade.risk,
        risk_per_trade: trade.risk_per_trade,
        result: trade.result,
        commission: trade.commission,
        swap: trade.swap,
        net: trade.net,
        r_multiple: trade.r_multiple,
        reason: trade.reason.name(),
        ambiguous: trade.ambiguous,
        gap: trade.gap,
        mae: trade.mae,
        mfe: trade.mfe,
        slippage_entry: trade.slippage_entry,
        slippage_exit: trade.slippage_exit,
        tag: names.tag(trade.tag),
    )
}
