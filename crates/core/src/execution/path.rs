//! Path models: the way prices take through a bar (I4).

use crate::execution::rules::Intrabar;
use crate::execution::trigger::{QuoteSide, Watch};
use crate::instrument::Grid;
use crate::market::quote::{Bar, Point};

/// I4: the four points of a bar in the order of a path model.
#[must_use]
pub fn points(model: Intrabar, bar: &Bar, grid: Grid) -> [Point; 4] {
    let high_first = match model {
        Intrabar::Ohlc => true,
        Intrabar::Olhc => false,
        Intrabar::Nearest => high_is_nearer(bar, grid),
        // A rising or flat candle falls first.
        _ => bar.bid.close < bar.bid.open,
    };
    if high_first {
        [Point::Open, Point::High, Point::Low, Point::Close]
    } else {
        [Point::Open, Point::Low, Point::High, Point::Close]
    }
}

/// I4: whether the high is no farther from the open than the low, in whole bid ticks.
fn high_is_nearer(bar: &Bar, grid: Grid) -> bool {
    let ticks = |price: f64| (grid.ticks(price) + 0.5).floor();
    let open = ticks(bar.bid.open);
    ticks(bar.bid.high) - open <= open - ticks(bar.bid.low)
}

/// I4: one leg of the path, in whole thousandths of a tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leg {
    bid: (f64, f64),
    ask: (f64, f64),
}

impl Leg {
    /// The leg from one point of a bar to another.
    #[must_use]
    pub fn new(bar: &Bar, from: Point, to: Point, grid: Grid) -> Self {
        let ends = |side: QuoteSide| {
            let prices = side.prices(bar);
            (grid.thousandths(prices.at(from)), grid.thousandths(prices.at(to)))
        };
        Self { bid: ends(QuoteSide::Bid), ask: ends(QuoteSide::Ask) }
    }

    /// I4: the part of the leg at which a level is met, not before `now`; what is already beyond counts at `now`.
    #[must_use]
    pub fn meets(&self, watch: Watch, now: f64, grid: Grid) -> Option<f64> {
        let (a, b) = match watch.quote {
            QuoteSide::Bid => self.bid,
            QuoteSide::Ask => self.ask,
        };
        let level = grid.thousandths(watch.level);
        if a == b {
            let beyond = if watch.rising { a >= level } else { a <= level };
            return beyond.then_some(now);
        }
        let at = (level - a) / (b - a);
        let towards = watch.rising == (b > a);
        if towards {
            (at <= 1.0).then_some(if at > now { at } else { now })
        } else {
            // Prices leave the level behind: it counts only while they are still beyond it.
            (at >= now).then_some(now)
        }
    }
}
