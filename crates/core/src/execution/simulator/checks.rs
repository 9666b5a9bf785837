//! What makes an `open` or a `modify` impossible (S2).

use super::{Moment, Simulator};
use crate::execution::management::pips_away;
use crate::execution::order::{Order, OrderType};
use crate::execution::rules::Beyond;
use crate::execution::trigger::Watch;
use crate::market::side::Side;
use crate::portfolio::journal::Reason;

/// The levels of an order or position, measured from a reference price.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    pub(super) side: Side,
    pub(super) reference: f64,
    pub(super) stop_loss: Option<f64>,
    pub(super) take_profit: Option<f64>,
}

impl Simulator {
    /// S2: `invalid_stops`, `stop_too_close`, and levels that are no price, in this order.
    #[inline(always)]
    pub(super) fn level_fault(&self, symbol: usize, levels: Levels, prices: &[Option<f64>]) -> Option<Reason> {
        if levels.inverted() {
            return Some(Reason::InvalidStops);
        }
        if self.too_close(symbol, levels) {
            return Some(Reason::StopTooClose);
        }
        let is_price = |price: f64| price > 0.0 && price <= f64::MAX;
        let sound = levels.stop_loss.is_none_or(is_price)
            && levels.take_profit.is_none_or(is_price)
            && prices.iter().flatten().all(|&price| is_price(price));
        (!sound).then_some(Reason::InvalidPrice)
    }

    /// S2: nearer to the reference than the instrument's `stops_level`.
    #[inline(always)]
    fn too_close(&self, symbol: usize, levels: Levels) -> bool {
        let state = &self.symbols[symbol];
        let distance = state.instrument.stops_level * state.instrument.tick_size;
        if distance == 0.0 {
            return false;
        }
        let sign = levels.side.sign();
        let nearest_stop = state.grid.nearest(levels.reference - sign * distance);
        let nearest_profit = state.grid.nearest(levels.reference + sign * distance);
        levels.stop_loss.is_some_and(|level| !levels.side.reached(nearest_stop, level))
            || levels.take_profit.is_some_and(|level| !levels.side.reached(level, nearest_profit))
    }

    /// S2: what stands against a pending order on its arrival.
    pub(super) fn pending_fault(&self, moment: &Moment, order: &Order) -> Option<Reason> {
        let levels = self.pending_levels(moment.symbol, order);
        self.level_fault(moment.symbol, levels, &[Some(order.price), order.limit_price])
            .or_else(|| self.beyond_fault(moment, order))
            .or_else(|| self.volume_fault(moment.symbol, order.volume))
            .or_else(|| self.arrival_fault(moment.symbol, order, self.is_at_limit(moment.symbol, order.magic)))
    }

    /// S2: the levels of a pending order, measured from its price.
    pub(super) fn pending_levels(&self, symbol: usize, order: &Order) -> Levels {
        let reference = order.reference_price();
        let (stop_loss, take_profit) = self.levels_from(symbol, order, reference);
        Levels { side: order.side, reference, stop_loss, take_profit }
    }

    /// The levels that an order has once it is filled at `price`.
    #[inline(always)]
    pub(super) fn levels_from(&self, symbol: usize, order: &Order, price: f64) -> (Option<f64>, Option<f64>) {
        let state = &self.symbols[symbol];
        let away = |pips: f64| pips_away(order.side, price, pips, state.instrument.pip_size, state.grid);
        let stop_loss = order.stop_loss.or_else(|| order.stop_loss_pips.map(|pips| away(-pips)));
        let take_profit = order.take_profit.or_else(|| order.take_profit_pips.map(away));
        (stop_loss, take_profit)
    }

    /// S2: a pending order beyond the market, where the rules refuse it.
    pub(super) fn beyond_fault(&self, moment: &Moment, order: &Order) -> Option<Reason> {
        let refused = self.config.rules.beyond == Beyond::Reject
            && Watch::order(order, &self.config.rules).open_beyond(&moment.bar);
        refused.then_some(Reason::InvalidPrice)
    }

    /// S2: an explicit volume outside the limits.
    #[inline]
    pub(super) fn volume_fault(&self, symbol: usize, volume: Option<f64>) -> Option<Reason> {
        let volume = volume?;
        let instrument = &self.symbols[symbol].instrument;
        if volume < instrument.volume_min {
            Some(Reason::VolumeTooSmall)
        } else if volume > instrument.volume_max {
            Some(Reason::VolumeTooLarge)
        } else {
            None
        }
    }

    /// S2: the last checks of every arrival.
    #[inline(always)]
    pub(super) fn arrival_fault(&self, symbol: usize, order: &Order, at_limit: bool) -> Option<Reason> {
        if at_limit {
            Some(Reason::MaxPositions)
        } else if order.expires.is_some_and(|expires| expires <= self.time) {
            Some(Reason::Expired)
        } else if !self.is_open(symbol) {
            Some(Reason::MarketClosed)
        } else if self.lacks_stop_loss(order) {
            Some(Reason::NoStopLoss)
        } else {
            None
        }
    }

    /// S2: whether the instrument is traded at the time of this step.
    #[inline(always)]
    fn is_open(&self, symbol: usize) -> bool {
        self.symbols[symbol].instrument.sessions.as_ref().is_none_or(|sessions| sessions.is_open(self.time))
    }

    /// S2: whether the limit of open positions of this symbol and magic number is reached.
    #[inline]
    pub(crate) fn is_at_limit(&self, symbol: usize, magic: i64) -> bool {
        let Some(limit) = self.config.rules.max_positions else {
            return false;
        };
        let book = &self.symbols[symbol].book;
        if self.nets() && book.positions().next().is_some() {
            return false;
        }
        book.positions().filter(|position| position.magic == magic).count() >= limit as usize
    }

    /// S2: whether sizing by risk has no stop loss to size by.
    #[inline]
    pub(super) fn lacks_stop_loss(&self, order: &Order) -> bool {
        let by_risk = order.risk.is_some() || self.config.sizing.needs_stop_loss();
        order.volume.is_none() && by_risk && !order.has_stop_loss()
    }

    /// Q5: an order's levels on the grid.
    #[inline(always)]
    pub(super) fn to_grid(&self, symbol: usize, order: &mut Order) {
        let grid = self.symbols[symbol].grid;
        if order.order_type != OrderType::Market {
            order.price = grid.nearest(order.price);
        }
        for level in [&mut order.limit_price, &mut order.stop_loss, &mut order.take_profit] {
            *level = level.map(|price| grid.nearest(price));
        }
    }
}

impl Levels {
    /// S2: a stop loss or take profit on the wrong side of the reference, or at it.
    fn inverted(&self) -> bool {
        let side = self.side;
        self.stop_loss.is_some_and(|level| side.reached(level, self.reference))
            || self.take_profit.is_some_and(|level| side.reached(self.reference, level))
    }
}
