//! Blocks of a sliding window, computed side by side.

use std::ops::RangeInclusive;

/// Blocks that are computed side by side, a lane each.
pub(super) const LANES: usize = 4;
/// One number of each lane.
pub(super) type Lanes = [f64; LANES];

/// Rows of a lane that are worth the trouble, and that a cache keeps at hand.
const ROWS: RangeInclusive<usize> = 64..=512;

/// Whole blocks of known values: those that follow each other in a lane, and lanes that follow each other.
///
/// A block's sums begin anew, so that blocks do not wait for each other; each lane does what one after the other would.
#[derive(Clone, Debug)]
pub(super) struct Blocks {
    period: usize,
    values: Box<[Lanes]>,
    /// What is joined backwards: of the block before, then of each block, and an empty end after each.
    ends: Box<[Lanes]>,
}

impl Blocks {
    /// Of that many values each; none at all where a single one has too many.
    pub(super) fn new(period: usize) -> Self {
        let blocks = if period > *ROWS.end() { 0 } else { (ROWS.start() / period).max(1) };
        let values = vec![[0.0; LANES]; blocks * period].into();
        Self { period, values, ends: vec![[0.0; LANES]; (blocks + blocks.min(1)) * (period + 1)].into() }
    }

    /// How many values they hold.
    pub(super) fn rows(&self) -> usize {
        LANES * self.values.len()
    }

    /// Takes as many values as they hold, and joins each block backwards.
    #[inline(always)]
    pub(super) fn take<S: Default>(&mut self, values: &[f64], join: impl Fn(&mut S, Lanes) -> Lanes) {
        into_lanes(values, &mut self.values);
        let ends = self.ends[self.period + 1..].chunks_exact_mut(self.period + 1);
        for (values, ends) in self.values.chunks_exact(self.period).zip(ends) {
            let mut state = S::default();
            for (values, ends) in values.iter().zip(&mut ends[..self.period]).rev() {
                *ends = join(&mut state, *values);
            }
        }
    }

    /// Makes results of the values and the ends that are still in the window, puts them down, and turns the ends of the
    /// block before into those of the last block.
    #[inline(always)]
    pub(super) fn put<S: Default>(
        &mut self,
        tail: &mut [f64],
        results: &mut [f64],
        join: impl Fn(&mut S, Lanes, Lanes) -> Lanes,
    ) {
        let (before, ends) = self.ends.split_at_mut(self.period + 1);
        let last = &ends[ends.len() - before.len()..];
        for ((before, last), tail) in before.iter_mut().zip(last).zip(tail) {
            *before = [*tail, last[0], last[1], last[2]];
            *tail = last[3];
        }
        for (values, ends) in self.values.chunks_exact_mut(self.period).zip(self.ends.chunks_exact(self.period + 1)) {
            let mut state = S::default();
            for (values, ends) in values.iter_mut().zip(&ends[1..]) {
                *values = join(&mut state, *values, *ends);
            }
        }
        out_of_lanes(&self.values, results);
    }
}

/// Puts values that follow each other into lanes that follow each other.
#[inline(always)]
fn into_lanes(values: &[f64], lanes: &mut [Lanes]) {
    let [first, second, third, fourth] = std::array::from_fn(|lane| &values[lane * lanes.len()..][..lanes.len()]);
    let values = first.iter().zip(second).zip(third.iter().zip(fourth));
    for (lanes, ((&first, &second), (&third, &fourth))) in lanes.iter_mut().zip(values) {
        *lanes = [first, second, third, fourth];
    }
}

/// Puts what is in lanes back where it follows each other.
#[inline(always)]
fn out_of_lanes(lanes: &[Lanes], values: &mut [f64]) {
    let (early, late) = values.split_at_mut(2 * lanes.len());
    let ((first, second), (third, fourth)) = (early.split_at_mut(lanes.len()), late.split_at_mut(lanes.len()));
    let values = first.iter_mut().zip(second).zip(third.iter_mut().zip(fourth));
    for (lanes, ((first, second), (third, fourth))) in lanes.iter().zip(values) {
        [*first, *second, *third, *fourth] = *lanes;
    }
}
