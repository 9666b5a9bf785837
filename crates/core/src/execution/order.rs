//! A pending request.

use crate::execution::management::Management;
use crate::execution::signal::Signal;
use crate::market::side::Side;
use serde::{Deserialize, Serialize};

pub use crate::portfolio::order_type::OrderType;

/// How far a `stop_limit` has come (G4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Waits for its level.
    Waiting,
    /// Touched in this step; a limit order from the next step on.
    Touched,
    /// A limit order.
    Limit,
}

/// A request that has a ticket and waits for its price; also a market order on its way to its fill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Order {
    pub ticket: u64,
    /// L4: of the signal.
    pub ordinal: u32,
    pub magic: i64,
    pub side: Side,
    pub order_type: OrderType,
    pub stage: Stage,
    /// Step in which it arrived, or arrived anew (G3).
    pub arrival_step: u64,
    pub signal_time: i64,
    /// Limit or stop level on the grid; not used by market orders.
    pub price: f64,
    pub limit_price: Option<f64>,
    pub stop_loss: Option<f64>,
    pub take_profit: Option<f64>,
    pub stop_loss_pips: Option<f64>,
    pub take_profit_pips: Option<f64>,
    /// Explicit volume on the grid.
    pub volume: Option<f64>,
    pub risk: Option<f64>,
    pub expires: Option<i64>,
    pub oco: Option<i64>,
    pub management: Management,
    pub max_holding: Option<i64>,
    pub tag: Option<u32>,
}

impl Order {
    /// An order as its signal asks for it, levels not yet on the grid.
    #[inline(always)]
    #[must_use]
    pub fn from_signal(signal: &Signal, side: Side) -> Self {
        Self {
            ticket: 0,
            ordinal: signal.ordinal,
            magic: signal.magic,
            side,
            order_type: signal.order_type,
            stage: Stage::Waiting,
            arrival_step: 0,
            signal_time: signal.time,
            price: signal.price.unwrap_or(0.0),
            limit_price: signal.limit_price.filter(|_| signal.order_type == OrderType::StopLimit),
            stop_loss: signal.stop_loss,
            take_profit: signal.take_profit,
            stop_loss_pips: signal.stop_loss_pips,
            take_profit_pips: signal.take_profit_pips,
            volume: signal.volume,
            risk: signal.risk,
            expires: signal.expires,
            oco: signal.oco,
            management: Management::from_signal(signal),
            max_holding: signal.max_holding,
            tag: signal.tag,
        }
    }

    /// Its price where it is a limit order by now: a limit, or a `stop_limit` after its trigger.
    #[must_use]
    pub fn waits_as_limit(&self) -> Option<f64> {
        match (self.order_type, self.stage) {
            (OrderType::Limit, _) => Some(self.price),
            (OrderType::StopLimit, Stage::Touched | Stage::Limit) => self.limit_price,
            _ => None,
        }
    }

    /// S2, Z2: the price that checks and sizing measure from.
    #[must_use]
    pub fn reference_price(&self) -> f64 {
        match (self.order_type, self.limit_price) {
            (OrderType::StopLimit, Some(limit)) => limit,
            _ => self.price,
        }
    }

    /// Whether a stop loss is asked for, as a level or in pips.
    #[must_use]
    pub fn has_stop_loss(&self) -> bool {
        self.stop_loss.is_some() || self.stop_loss_pips.is_some()
    }
}
