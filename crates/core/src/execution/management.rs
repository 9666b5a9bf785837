//! Management of open positions: break-even and trailing (M).

use crate::execution::position::{Mover, Position};
use crate::execution::signal::Signal;
use crate::execution::trigger::Watch;
use crate::instrument::{Grid, Instrument};
use crate::market::side::Side;
use serde::{Deserialize, Serialize};

/// What a signal asks for after the fill, in pips.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Management {
    pub trail: Option<Trail>,
    pub break_even: Option<BreakEven>,
}

/// M2: a stop loss that follows the best price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Trail {
    pub pips: f64,
    pub start_pips: f64,
    pub step_pips: f64,
}

/// M1: a stop loss that moves once to the entry.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct BreakEven {
    pub pips: f64,
    pub offset_pips: f64,
}

impl Management {
    /// What the signal asks for.
    #[must_use]
    pub fn from_signal(signal: &Signal) -> Self {
        Self {
            trail: signal.trail_pips.map(|pips| Trail {
                pips,
                start_pips: signal.trail_start_pips,
                step_pips: signal.trail_step_pips,
            }),
            break_even: signal
                .break_even_pips
                .map(|pips| BreakEven { pips, offset_pips: signal.break_even_offset_pips }),
        }
    }

    /// Whether anything is to be managed.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.trail.is_some() || self.break_even.is_some()
    }

    /// A5: the newest order's management replaces what it gives.
    pub fn replace_with(&mut self, newer: Self) {
        self.trail = newer.trail.or(self.trail);
        self.break_even = newer.break_even.or(self.break_even);
    }
}

/// A price `pips` from `price` in the direction of profit, on the grid.
#[inline]
#[must_use]
pub fn pips_away(side: Side, price: f64, pips: f64, pip_size: f64, grid: Grid) -> f64 {
    grid.nearest(price + side.sign() * (pips * pip_size))
}

/// Whether `new` is a tighter stop loss than `old`.
#[must_use]
pub fn is_tighter(side: Side, new: f64, old: Option<f64>) -> bool {
    old.is_none_or(|old| side.reached(new, old) && new != old)
}

/// M1: the level to which the stop loss moves now. Marks the move as done.
pub fn break_even_move(position: &mut Position, pip_size: f64, grid: Grid) -> Option<f64> {
    let rule = position.management.break_even?;
    if !is_break_even_due(position, rule, pip_size, grid) {
        return None;
    }
    position.break_even_done = true;
    let level = pips_away(position.side, position.entry_price, rule.offset_pips, pip_size, grid);
    is_tighter(position.side, level, position.stop_loss).then_some(level)
}

fn is_break_even_due(position: &Position, rule: BreakEven, pip_size: f64, grid: Grid) -> bool {
    let trigger = pips_away(position.side, position.entry_price, rule.pips, pip_size, grid);
    !position.break_even_done && position.best.is_some_and(|best| position.side.reached(best, trigger))
}

/// M1, M2: whether management acts whatever price comes next, as after an order that joined the position (A5).
#[must_use]
pub fn acts_at_once(position: &Position, pip_size: f64, grid: Grid) -> bool {
    let breaks_even =
        position.management.break_even.is_some_and(|rule| is_break_even_due(position, rule, pip_size, grid));
    breaks_even || trailing_move(position, pip_size, grid).is_some()
}

/// M2: the level to which the stop loss moves now.
#[must_use]
pub fn trailing_move(position: &Position, pip_size: f64, grid: Grid) -> Option<f64> {
    let rule = position.management.trail?;
    let best = position.best?;
    let side = position.side;
    if !side.reached(best, pips_away(side, position.entry_price, rule.start_pips, pip_size, grid)) {
        return None;
    }
    let level = pips_away(side, best, -rule.pips, pip_size, grid);
    let far_enough =
        position.stop_loss.is_none_or(|old| side.reached(level, pips_away(side, old, rule.step_pips, pip_size, grid)));
    (far_enough && is_tighter(side, level, position.stop_loss)).then_some(level)
}

/// M1, M2: what the closing side has to reach before management can move the stop loss; never too far away.
#[must_use]
pub fn management_watch(position: &Position, instrument: &Instrument, grid: Grid) -> Option<Watch> {
    let (side, entry) = (position.side, position.entry_price);
    let away = |price: f64, pips: f64| pips_away(side, price, pips, instrument.pip_size, grid);
    let break_even = position.management.break_even.filter(|_| !position.break_even_done);
    let break_even = break_even.map(|rule| away(entry, rule.pips));
    let trail = position.management.trail.map(|rule| {
        let start = away(entry, rule.start_pips);
        // Levels are rounded to the grid thrice on their way: two ticks are room enough.
        let follows = position.stop_loss.map(|old| {
            let level = away(old, rule.step_pips + rule.pips);
            level - side.sign() * 2.0 * instrument.tick_size
        });
        follows.map_or(start, |level| if side.reached(level, start) { level } else { start })
    });
    let nearest = match (break_even, trail) {
        (Some(one), Some(other)) => Some(if side.reached(one, other) { other } else { one }),
        (one, other) => one.or(other),
    };
    nearest.map(|level| Watch::take_profit(side, level))
}

/// Moves the stop loss and remembers who moved it (M6).
pub fn move_stop_loss(position: &mut Position, level: f64, mover: Mover) {
    position.stop_loss = Some(level);
    position.mover = mover;
}
