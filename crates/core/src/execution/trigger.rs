//! Which quote a level watches, when it is touched, and at what price it fills (G).

use crate::execution::order::{Order, OrderType};
use crate::execution::rules::{GapFill, Rules, StopTrigger};
use crate::instrument::Grid;
use crate::market::quote::{Bar, Ohlc, Point};
use crate::market::side::Side;

pub use crate::market::extents::{larger, smaller};

/// The side of the quote that a level watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum QuoteSide {
    Bid,
    Ask,
}

impl QuoteSide {
    /// Its prices.
    #[must_use]
    pub fn prices(self, bar: &Bar) -> &Ohlc {
        match self {
            Self::Bid => &bar.bid,
            Self::Ask => &bar.ask,
        }
    }
}

/// A level, the quote it watches, and the direction from which it is touched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watch {
    /// The quote it watches.
    pub quote: QuoteSide,
    /// Touched from below (`price >= level`) or from above (`price <= level`).
    pub rising: bool,
    /// The price that touches it.
    pub level: f64,
}

impl Watch {
    /// Whether a price of the watched side touches the level.
    #[must_use]
    pub fn met_by(&self, price: f64) -> bool {
        if self.rising {
            price >= self.level
        } else {
            price <= self.level
        }
    }

    /// G: whether the bar touches the level.
    #[must_use]
    pub fn touched(&self, bar: &Bar) -> bool {
        self.met_by(self.quote.prices(bar).at(self.extreme()))
    }

    /// G: whether the open is at the level or beyond it.
    #[must_use]
    pub fn open_beyond(&self, bar: &Bar) -> bool {
        self.met_by(self.quote.prices(bar).open)
    }

    /// G2: whether the open is beyond the level and not just at it.
    #[must_use]
    pub fn gapped(&self, bar: &Bar) -> bool {
        self.open_beyond(bar) && self.quote.prices(bar).open != self.level
    }

    /// Whether the bar closes at the level or beyond it.
    #[must_use]
    pub fn close_beyond(&self, bar: &Bar) -> bool {
        self.met_by(self.quote.prices(bar).close)
    }

    /// The extreme of a bar that touches the level.
    #[must_use]
    pub fn extreme(&self) -> Point {
        if self.rising {
            Point::High
        } else {
            Point::Low
        }
    }

    /// G5: the same level, touched a distance earlier.
    #[must_use]
    pub fn widened(self, distance: f64, grid: Grid) -> Self {
        if distance == 0.0 {
            return self;
        }
        let level = if self.rising { self.level - distance } else { self.level + distance };
        Self { level: grid.nearest(level), ..self }
    }

    /// What a stop loss of this side watches.
    #[must_use]
    pub fn stop_loss(side: Side, level: f64) -> Self {
        match side {
            Side::Long => Self { quote: QuoteSide::Bid, rising: false, level },
            Side::Short => Self { quote: QuoteSide::Ask, rising: true, level },
        }
    }

    /// What a take profit of this side watches.
    #[must_use]
    pub fn take_profit(side: Side, level: f64) -> Self {
        let stop_loss = Self::stop_loss(side, level);
        Self { rising: !stop_loss.rising, ..stop_loss }
    }

    /// What a limit entry of this side watches.
    #[must_use]
    pub fn limit(side: Side, level: f64) -> Self {
        match side {
            Side::Long => Self { quote: QuoteSide::Ask, rising: false, level },
            Side::Short => Self { quote: QuoteSide::Bid, rising: true, level },
        }
    }

    /// G1: what a stop entry of this side watches.
    #[must_use]
    pub fn stop(side: Side, level: f64, trigger: StopTrigger) -> Self {
        let (quote, rising) = match (side, trigger) {
            (Side::Long, StopTrigger::Opposite) => (QuoteSide::Bid, true),
            (Side::Long, StopTrigger::FillSide) => (QuoteSide::Ask, true),
            (Side::Short, StopTrigger::Opposite) => (QuoteSide::Ask, false),
            (Side::Short, StopTrigger::FillSide) => (QuoteSide::Bid, false),
        };
        Self { quote, rising, level }
    }

    /// What a pending order watches now: a triggered `stop_limit` its limit (G4).
    #[must_use]
    pub fn order(order: &Order, rules: &Rules) -> Self {
        match order.waits_as_limit() {
            Some(level) => Self::limit(order.side, level),
            None => Self::stop(order.side, order.price, rules.stop_trigger),
        }
    }
}

/// G: the price of a stop entry filled inside the bar, before slippage.
#[must_use]
pub fn stop_price_inside(order: &Order, bar: &Bar, rules: &Rules, grid: Grid) -> f64 {
    match (rules.stop_trigger, order.side) {
        (StopTrigger::FillSide, _) => order.price,
        (StopTrigger::Opposite, Side::Long) => {
            let spread = larger(bar.spread(Point::Open), bar.spread(Point::High));
            smaller(bar.ask.high, grid.nearest(order.price + spread))
        }
        (StopTrigger::Opposite, Side::Short) => {
            let spread = larger(bar.spread(Point::Open), bar.spread(Point::Low));
            larger(bar.bid.low, grid.nearest(order.price - spread))
        }
    }
}

/// G2, G6: the price of a stop entry that the open is beyond, before slippage.
#[must_use]
pub fn stop_price_at_open(order: &Order, bar: &Bar, rules: &Rules, grid: Grid, tick: bool) -> f64 {
    if tick || rules.gap_fill == GapFill::Open {
        return order.side.entry_prices(bar).open;
    }
    match rules.stop_trigger {
        StopTrigger::FillSide => order.price,
        StopTrigger::Opposite => grid.nearest(order.price + order.side.sign() * bar.spread(Point::Open)),
    }
}

/// G2, G6: the price of a limit entry that the open is beyond, before slippage.
#[must_use]
pub fn limit_price_at_open(side: Side, level: f64, bar: &Bar, rules: &Rules, tick: bool, arriving: bool) -> f64 {
    let improves = arriving || rules.limit_gap == GapFill::Open;
    if tick || (rules.gap_fill == GapFill::Open && improves) {
        side.entry_prices(bar).open
    } else {
        level
    }
}

/// G2, G6: the price of an exit that the open is beyond, before slippage.
#[must_use]
pub fn exit_price_at_open(side: Side, level: f64, bar: &Bar, level_only: bool, tick: bool) -> f64 {
    if level_only && !tick {
        level
    } else {
        side.exit_prices(bar).open
    }
}

/// G4: never worse than the limit.
#[must_use]
pub fn not_worse_than(side: Side, price: f64, limit: f64) -> f64 {
    match side {
        Side::Long => smaller(price, limit),
        Side::Short => larger(price, limit),
    }
}

/// G8: the best that a stop loss can get in the bar of an entry filled inside it.
#[must_use]
pub fn entry_bar_bound(side: Side, extreme: Point, price: f64, bar: &Bar, grid: Grid) -> f64 {
    let spread = bar.spread(extreme);
    let prices = side.exit_prices(bar);
    let bound = grid.nearest(price - side.sign() * spread);
    smaller(larger(bound, prices.low), prices.high)
}

/// G8: the stop loss price held to its bound.
#[must_use]
pub fn bounded_stop_loss(side: Side, level: f64, bound: f64) -> f64 {
    match side {
        Side::Long => smaller(level, bound),
        Side::Short => larger(level, bound),
    }
}

/// The extreme of the bar that triggers an entry.
#[must_use]
pub fn entry_extreme(side: Side, order_type: OrderType) -> Point {
    match (side, order_type == OrderType::Stop) {
        (Side::Long, true) | (Side::Short, false) => Point::High,
        (Side::Short, true) | (Side::Long, false) => Point::Low,
    }
}
