//! An open position.

use crate::execution::exits::Exits;
use crate::execution::management::Management;
use crate::execution::order::OrderType;
use crate::execution::trigger::{larger, smaller};
use crate::market::side::Side;
use serde::{Deserialize, Serialize};

pub use crate::portfolio::exit_reason::ExitReason;

/// M6: who moved the stop loss last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Mover {
    Initial,
    BreakEven,
    Trailing,
    Signal,
}

impl Mover {
    /// M6: the reason of a trade that this stop loss closes.
    #[must_use]
    pub fn exit_reason(self) -> ExitReason {
        match self {
            Self::Initial => ExitReason::StopLoss,
            Self::BreakEven => ExitReason::BreakEvenStopLoss,
            Self::Trailing => ExitReason::TrailingStop,
            Self::Signal => ExitReason::ModifiedStopLoss,
        }
    }
}

/// Where in its bar a position was filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilledAt {
    /// At the open, or on a tick.
    Open,
    /// At a level inside the bar.
    Inside,
    /// At the close (T8).
    Close,
}

/// Highest and lowest price of the closing side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Range {
    pub high: f64,
    pub low: f64,
}

impl Range {
    /// A range of one price.
    #[must_use]
    pub fn of(price: f64) -> Self {
        Self { high: price, low: price }
    }

    /// The range that holds both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { high: larger(self.high, other.high), low: smaller(self.low, other.low) }
    }
}

/// What a partial close splits: the whole at entry and what is left of it (A6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Share {
    pub whole: f64,
    pub left: f64,
}

impl Share {
    /// Nothing taken yet.
    #[must_use]
    pub fn new(whole: f64) -> Self {
        Self { whole, left: whole }
    }

    /// A5: what is left and more are the new whole.
    pub fn add(&mut self, more: f64) {
        *self = Self::new(self.left + more);
    }

    /// Takes `part / volume` of what is left, or all of it.
    pub fn take_of_rest(&mut self, part: f64, volume: f64, last: bool) -> f64 {
        let taken = if last { self.left } else { self.left * part / volume };
        self.left -= taken;
        taken
    }

    /// A6: takes `part / at_entry` of the whole, or all that is left.
    pub fn take(&mut self, part: f64, at_entry: f64, last: bool) -> f64 {
        let taken = if last { self.left } else { self.whole * part / at_entry };
        self.left -= taken;
        taken
    }
}

/// An open position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Position {
    pub ticket: u64,
    /// L4: of the signal.
    pub ordinal: u32,
    pub magic: i64,
    pub side: Side,
    pub order_type: OrderType,
    pub signal_time: i64,
    pub entry_time: i64,
    pub entry_price: f64,
    pub filled_at: FilledAt,
    /// G8: the step of the newest fill inside a bar, and the best that a stop loss gets in it.
    pub bound: Option<(u64, f64)>,
    pub volume: f64,
    /// A6: volume that costs are split over.
    pub volume_at_entry: f64,
    pub initial_stop_loss: Option<f64>,
    pub stop_loss: Option<f64>,
    pub take_profit: Option<f64>,
    pub mover: Mover,
    pub management: Management,
    pub break_even_done: bool,
    pub max_holding: Option<i64>,
    /// M5: the best price since entry; kept up to date for managed positions alone.
    pub best: Option<f64>,
    /// Range of the entry bar, by M5's rule; `None` until that bar is over.
    pub entry_range: Option<Range>,
    /// First sequence number of whole bars after the entry bar; `None` until that bar is over.
    pub since: Option<u64>,
    pub risk: Share,
    pub risk_per_trade: Share,
    /// Z5: what of their difference grid, minimum, maximum and a given volume have caused.
    pub risk_causes: [Share; 4],
    pub commission: Share,
    pub swap: Share,
    pub ambiguous: bool,
    pub slippage_entry: f64,
    /// L4: exits so far.
    pub exit_count: u32,
    pub tag: Option<u32>,
}

impl Position {
    /// The levels at which it leaves.
    #[inline]
    #[must_use]
    pub fn exits(&self) -> Exits {
        let Self { side, stop_loss, take_profit, mover, bound, .. } = *self;
        Exits { side, stop_loss, take_profit, mover, bound }
    }

    /// Whether the bar of its entry is not over yet.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.since.is_none()
    }

    /// M5: takes a price of the closing side into the best price.
    pub fn take_in(&mut self, price: f64) {
        self.best = Some(match (self.best, self.side) {
            (None, _) => price,
            (Some(best), Side::Long) => larger(best, price),
            (Some(best), Side::Short) => smaller(best, price),
        });
    }

    /// M3: when it times out.
    #[must_use]
    pub fn deadline(&self) -> Option<i64> {
        self.max_holding.map(|holding| self.entry_time.saturating_add(holding))
    }

    /// A1: money won by now at `price`, before conversion.
    #[must_use]
    pub fn profit_at(&self, price: f64, volume: f64, unit: f64) -> f64 {
        profit(self.side, self.entry_price, price, volume, unit)
    }
}

/// A1: money won from an entry to a price, before conversion.
#[inline]
#[must_use]
pub fn profit(side: Side, entry: f64, price: f64, volume: f64, unit: f64) -> f64 {
    (price - entry) * side.sign() * volume * unit
}
