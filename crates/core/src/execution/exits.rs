//! The levels at which a position leaves.

use crate::execution::position::{ExitReason, Mover};
use crate::execution::trigger::{bounded_stop_loss, Watch};
use crate::instrument::Grid;
use crate::market::range_index::Levels;
use crate::market::side::Side;

/// The levels at which a position leaves, and what they fill at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exits {
    /// Of the position.
    pub side: Side,
    /// Its stop loss.
    pub stop_loss: Option<f64>,
    /// Its take profit.
    pub take_profit: Option<f64>,
    /// M6: who moved the stop loss last.
    pub mover: Mover,
    /// G8: the step of the newest fill inside a bar, and the best that a stop loss gets in it.
    pub bound: Option<(u64, f64)>,
}

impl Exits {
    /// Those of a fill at an open or close that nobody has moved yet.
    #[must_use]
    pub fn initial(side: Side, stop_loss: Option<f64>, take_profit: Option<f64>) -> Self {
        Self { side, stop_loss, take_profit, mover: Mover::Initial, bound: None }
    }

    /// What the stop loss watches.
    #[inline]
    #[must_use]
    pub fn stop_watch(&self) -> Option<Watch> {
        self.stop_loss.map(|level| Watch::stop_loss(self.side, level))
    }

    /// What the take profit watches.
    #[inline]
    #[must_use]
    pub fn profit_watch(&self) -> Option<Watch> {
        self.take_profit.map(|level| Watch::take_profit(self.side, level))
    }

    /// G8: the price of the stop loss when touched inside the bar of a step; 0 without one.
    #[inline]
    #[must_use]
    pub fn stop_price(&self, step: u64) -> f64 {
        let level = self.stop_loss.unwrap_or(0.0);
        match self.bound {
            Some((filled, bound)) if filled == step => bounded_stop_loss(self.side, level, bound),
            _ => level,
        }
    }

    /// G5: what they watch, each touched a distance early.
    #[inline]
    #[must_use]
    pub fn levels(&self, buffer: f64, grid: Grid) -> Levels {
        let level = |watch: Watch| watch.widened(buffer, grid).level;
        let (stop_loss, take_profit) = (self.stop_watch().map(level), self.profit_watch().map(level));
        match self.side {
            Side::Long => Levels {
                bid_rising: take_profit.unwrap_or(f64::INFINITY),
                bid_falling: stop_loss.unwrap_or(f64::NEG_INFINITY),
                ..Levels::NONE
            },
            Side::Short => Levels {
                ask_rising: stop_loss.unwrap_or(f64::INFINITY),
                ask_falling: take_profit.unwrap_or(f64::NEG_INFINITY),
                ..Levels::NONE
            },
        }
    }

    /// M6: the reason of a trade that the stop loss closes.
    #[inline]
    #[must_use]
    pub fn stop_reason(&self) -> ExitReason {
        self.mover.exit_reason()
    }
}
