//! What a run leaves.

use crate::account::stale_rates::StaleRates;
use crate::market::side::Side;
use crate::portfolio::equity::EquityTable;
use crate::portfolio::journal::Event;
use crate::portfolio::order_type::OrderType;
use crate::portfolio::trade::Trade;
use std::sync::Arc;

/// Everything that came of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunResult {
    /// Names behind the symbol indices.
    pub symbols: Vec<String>,
    /// Labels behind the tag indices.
    pub tags: Vec<String>,
    /// O1, by exit time and order of closing.
    pub trades: Vec<Trade>,
    /// E2.
    pub events: Vec<Event>,
    /// A4.
    pub equity: Arc<EquityTable>,
    /// Pending orders that were left, by ticket.
    pub orders: Vec<OrderRow>,
    /// Positions that were left, by ticket.
    pub open_positions: Vec<PositionRow>,
    /// Balance at the start.
    pub initial_balance: f64,
    /// Balance at the end.
    pub balance: f64,
    /// First time of the run; `None` where there was no market data.
    pub first_time: Option<i64>,
    /// Last time of the run.
    pub last_time: Option<i64>,
    /// Times that the run stepped through.
    pub steps: u64,
    /// I5: bars replayed on finer data.
    pub drilled: u64,
    /// I5: bars that wanted finer data and had none.
    pub undrilled: u64,
    /// N55: how old the rates of its bookings were.
    pub stale_rates: StaleRates,
}

/// A pending order as a table shows it.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct OrderRow {
    pub ticket: u64,
    pub symbol: u32,
    pub magic: i64,
    pub side: Side,
    pub order_type: OrderType,
    pub signal_time: i64,
    pub price: f64,
    pub limit_price: Option<f64>,
    pub stop_loss: Option<f64>,
    pub take_profit: Option<f64>,
    pub volume: Option<f64>,
    pub expires: Option<i64>,
    pub oco: Option<i64>,
    pub tag: Option<u32>,
}

/// An open position as a table shows it.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct PositionRow {
    pub ticket: u64,
    pub symbol: u32,
    pub magic: i64,
    pub side: Side,
    pub order_type: OrderType,
    pub signal_time: i64,
    pub entry_time: i64,
    pub entry_price: f64,
    pub initial_stop_loss: Option<f64>,
    pub stop_loss: Option<f64>,
    pub take_profit: Option<f64>,
    pub volume: f64,
    pub risk: f64,
    pub risk_per_trade: f64,
    /// Paid so far.
    pub commission: f64,
    pub swap: f64,
    /// At the last quote, in account money.
    pub open_profit: f64,
    pub tag: Option<u32>,
}
