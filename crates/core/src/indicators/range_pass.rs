//! Smoothed true ranges, four bars at a time.
//!
//! All of it is to be compiled into a function for processors that can do so: no closures around numbers of theirs,
//! which might stay outside.

use super::recursion::{Recursion, BLOCK, TAPS};
use crate::quad::{FourLanes, Quad};
use crate::wide::{fetch_at, Work};

/// How many rows before their use those of a column are asked for.
const AHEAD: usize = 512;

/// One pass over whole blocks of bars: the range of each goes into the recursion while it is at hand.
pub(super) struct RangePass<'a> {
    pub(super) recursion: &'a mut Recursion,
    /// Highs, lows, and the closes before.
    pub(super) columns: [&'a [[f64; BLOCK]]; 3],
    pub(super) averages: &'a mut [[f64; BLOCK]],
}

impl Work for RangePass<'_> {
    /// Whether it was done, which takes registers of four numbers.
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        false
    }

    #[inline(always)]
    fn run_wide(self, lanes: FourLanes) -> bool {
        let zero = lanes.all(0.0);
        let mut steps = Steps::new(lanes, self.recursion);
        let [high, low, before] = self.columns;
        for (((high, low), before), averages) in high.iter().zip(low).zip(before).zip(self.averages) {
            for column in [high, low, before] {
                fetch_at(column, AHEAD);
            }
            let (high, low, before) = (high.as_chunks().0, low.as_chunks().0, before.as_chunks().0);
            for (half, averages) in averages.as_chunks_mut().0.iter_mut().enumerate() {
                let (high, low, before) = (lanes.load(&high[half]), lanes.load(&low[half]), lanes.load(&before[half]));
                // As in `range_or_missing`.
                let range = before.larger(high) - before.smaller(low);
                steps.smooth(range + zero * (before + (high - low))).store(averages);
            }
        }
        steps.leave(self.recursion);
        true
    }
}

/// A recursion of which four steps are taken at a time: each as it would be alone.
struct Steps {
    gains: [Quad; TAPS],
    powers: [Quad; 2],
    values: Quad,
    added: Quad,
    /// Those of eight and of four steps before.
    smoothed: [Quad; 2],
}

impl Steps {
    #[inline(always)]
    fn new(lanes: FourLanes, recursion: &Recursion) -> Self {
        let (gains, newest) = (recursion.gains, &recursion.newest);
        let ([third, second, first], smoothed) = (newest.values, newest.smoothed.as_chunks().0);
        Self {
            gains: [lanes.all(gains[0]), lanes.all(gains[1]), lanes.all(gains[2]), lanes.all(gains[3])],
            powers: [lanes.all(recursion.powers[0]), lanes.all(recursion.powers[1])],
            values: lanes.load(&[0.0, third, second, first]),
            added: lanes.load(&newest.added),
            smoothed: [lanes.load(&smoothed[0]), lanes.load(&smoothed[1])],
        }
    }

    #[inline(always)]
    fn smooth(&mut self, values: Quad) -> Quad {
        let [third, second, first] = values.behind(self.values);
        let older = third * self.gains[0] + second * self.gains[1];
        let added = older + (first * self.gains[2] + values * self.gains[3]);
        let [eight, four] = self.smoothed;
        let smoothed = eight * self.powers[1] + (self.added * self.powers[0] + added);
        (self.values, self.added, self.smoothed) = (values, added, [four, smoothed]);
        smoothed
    }

    /// Leaves what the next steps go back to.
    #[inline(always)]
    fn leave(self, recursion: &mut Recursion) {
        let newest = &mut recursion.newest;
        let mut values = [0.0; TAPS];
        self.values.store(&mut values);
        newest.values.copy_from_slice(&values[1..]);
        self.added.store(&mut newest.added);
        for (half, place) in newest.smoothed.as_chunks_mut().0.iter_mut().enumerate() {
            self.smoothed[half].store(place);
        }
    }
}
