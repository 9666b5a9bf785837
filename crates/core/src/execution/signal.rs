//! What a strategy asks for: one row of the signals table (S).

use crate::execution::order::OrderType;
use crate::market::side::Side;
use serde::{Deserialize, Serialize};

/// What a signal does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Action {
    #[default]
    Open,
    Close,
    Modify,
    Cancel,
}

/// One checked row of the signals table. Absent values are `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Signal {
    /// T3: the open of the bar it was computed from.
    pub time: i64,
    /// Index of the symbol in the run.
    pub symbol: u32,
    /// L4: position among the signals of the same symbol and time.
    pub ordinal: u32,
    pub action: Action,
    pub side: Option<Side>,
    pub order_type: OrderType,
    pub price: Option<f64>,
    pub limit_price: Option<f64>,
    pub stop_loss: Option<f64>,
    pub take_profit: Option<f64>,
    pub stop_loss_pips: Option<f64>,
    pub take_profit_pips: Option<f64>,
    pub volume: Option<f64>,
    pub risk: Option<f64>,
    pub magic: i64,
    pub ticket: Option<u64>,
    pub fraction: f64,
    pub expires: Option<i64>,
    pub trail_pips: Option<f64>,
    pub trail_start_pips: f64,
    pub trail_step_pips: f64,
    pub break_even_pips: Option<f64>,
    pub break_even_offset_pips: f64,
    pub max_holding: Option<i64>,
    pub oco: Option<i64>,
    /// Index into the run's tags.
    pub tag: Option<u32>,
}

impl Signal {
    /// A market `open` with nothing else said.
    #[must_use]
    pub fn market(time: i64, symbol: u32, side: Side) -> Self {
        Self {
            time,
            symbol,
            ordinal: 0,
            action: Action::Open,
            side: Some(side),
            order_type: OrderType::Market,
            price: None,
            limit_price: None,
            stop_loss: None,
            take_profit: None,
            stop_loss_pips: None,
            take_profit_pips: None,
            volume: None,
            risk: None,
            magic: 0,
            ticket: None,
            fraction: 1.0,
            expires: None,
            trail_pips: None,
            trail_start_pips: 0.0,
            trail_step_pips: 0.0,
            break_even_pips: None,
            break_even_offset_pips: 0.0,
            max_holding: None,
            oco: None,
            tag: None,
        }
    }

    /// T8: whether it is an order that fills at the market.
    #[must_use]
    pub fn is_market_open(&self) -> bool {
        self.action == Action::Open && self.order_type == OrderType::Market
    }
}
