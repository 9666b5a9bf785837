//! A closed trade: one row of the trades table (O1).

use crate::market::side::Side;
use crate::portfolio::exit_reason::ExitReason;
use crate::portfolio::order_type::OrderType;
use crate::portfolio::risk_causes::RiskCauses;
use serde::{Deserialize, Serialize};

/// O1: a closed position, or the part of one that a partial close took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Trade {
    pub ticket: u64,
    /// Index of the symbol in the run.
    pub symbol: u32,
    pub magic: i64,
    pub side: Side,
    pub order_type: OrderType,
    pub signal_time: i64,
    pub entry_time: i64,
    pub exit_time: i64,
    pub entry_price: f64,
    pub exit_price: f64,
    pub initial_stop_loss: Option<f64>,
    pub stop_loss: Option<f64>,
    pub take_profit: Option<f64>,
    pub volume: f64,
    /// Z5: money lost at the initial stop loss from the real fill.
    pub risk: f64,
    /// Z5: money asked to be risked.
    pub risk_per_trade: f64,
    /// Z5: why the one is not the other.
    pub risk_causes: RiskCauses,
    /// A1: gross result.
    pub result: f64,
    pub commission: f64,
    pub swap: f64,
    pub net: f64,
    pub r_multiple: f64,
    pub reason: ExitReason,
    pub ambiguous: bool,
    pub gap: bool,
    pub mae: f64,
    pub mfe: f64,
    pub slippage_entry: f64,
    pub slippage_exit: f64,
    /// Index into the run's tags.
    pub tag: Option<u32>,
}
