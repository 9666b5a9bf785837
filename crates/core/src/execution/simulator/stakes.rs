//! Money at risk from a fill on (Z5).

use super::entry::Fill;
use super::Simulator;
use crate::execution::order::{Order, OrderType};
use crate::execution::sizing::{loss_per_lot, RiskCause};

/// Z5: money at risk, and asked to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stakes {
    pub(super) risk: f64,
    pub(super) risk_per_trade: f64,
    pub(super) risk_causes: [f64; 4],
}

impl Simulator {
    /// Z5: what the volume of a fill puts at risk beyond the money asked for, by cause.
    #[inline(always)]
    fn risk_causes(&self, symbol: usize, order: &Order, fill: Fill) -> [f64; 4] {
        let Some(asked) = self.asked_risk(order) else {
            return [0.0; 4];
        };
        let state = &self.symbols[symbol];
        // Z2: a pending order is sized at its price.
        let price = if order.order_type == OrderType::Market { fill.quote } else { order.reference_price() };
        let per_lot = order.stop_loss.map_or(0.0, |level| loss_per_lot(&state.instrument, price, level) * state.rate);
        let cause = match order.volume {
            Some(_) => RiskCause::Volume,
            None => RiskCause::of_sized(&state.instrument, asked / per_lot),
        };
        cause.alone(per_lot * fill.volume - asked)
    }

    /// Z5: what a fill puts at risk, and what was asked for.
    #[inline(always)]
    pub(super) fn stakes(&self, symbol: usize, order: &Order, fill: Fill) -> Stakes {
        let state = &self.symbols[symbol];
        let risk =
            order.stop_loss.map_or(0.0, |level| (fill.price - level).abs() * fill.volume * state.unit * state.rate);
        Stakes {
            risk,
            risk_per_trade: self.asked_risk(order).unwrap_or(risk),
            risk_causes: self.risk_causes(symbol, order, fill),
        }
    }
}
