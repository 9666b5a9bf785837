//! Blocks of a sliding window, computed side by side.

use super::CHUNK;
use crate::wide::turn;
use std::ops::RangeInclusive;

/// Blocks that are computed side by side, a lane each.
pub(super) const LANES: usize = 4;
/// One number of each lane.
pub(super) type Lanes = [f64; LANES];

/// A number for each lane.
#[inline(always)]
pub(super) fn lanes(number: impl FnMut(usize) -> f64) -> Lanes {
    std::array::from_fn(number)
}

/// Rows of a lane that are worth the trouble, and that a cache keeps at hand.
const ROWS: RangeInclusive<usize> = 64..=512;

/// Whole blocks of known values, of which windows of `N` numbers are made: blocks that follow each other in a lane, and
/// lanes that follow each other.
///
/// A block's sums begin anew, so that blocks do not wait for each other; each lane does what one after the other would.
#[derive(Clone, Debug)]
pub(super) struct Blocks<const N: usize> {
    period: usize,
    /// Blocks of a lane.
    count: usize,
    values: Vec<Lanes>,
    /// What is joined backwards: of the block before, then of each block, and an empty end after each.
    ends: [Vec<Lanes>; N],
    /// What is made of the windows.
    made: [Vec<Lanes>; N],
}

impl<const N: usize> Blocks<N> {
    /// Of that many values each; none at all where a single one has too many.
    pub(super) fn new(period: usize) -> Self {
        let count = if period > *ROWS.end() { 0 } else { (ROWS.start() / period).max(1) };
        let (ends, made) = ([const { Vec::new() }; N], [const { Vec::new() }; N]);
        Self { period, count, values: Vec::new(), ends, made }
    }

    /// How many rows to take next, where `at` values came since a block began, and where `wait` are missing to a window.
    pub(super) fn rows_at_once(&self, at: usize, wait: usize) -> usize {
        match (self.rows(), at, wait) {
            (0, ..) => CHUNK,
            (rows, 0, 0) => rows,
            _ => CHUNK.min(self.period - at),
        }
    }

    /// Whether they hold as many rows.
    pub(super) fn hold(&self, rows: usize, at: usize, wait: usize) -> bool {
        (rows, at, wait) == (self.rows(), 0, 0) && rows > 0
    }

    fn rows(&self) -> usize {
        LANES * self.count * self.period
    }

    /// Takes as many values as they hold, and joins each block backwards; `begin` is given the values of the block.
    #[inline(always)]
    pub(super) fn take<S>(
        &mut self,
        values: &[f64],
        begin: impl Fn(&[Lanes]) -> S,
        join: impl Fn(&mut S, Lanes) -> [Lanes; N],
    ) {
        self.make_room();
        into_lanes(values, &mut self.values);
        let period = self.period;
        for (block, values) in self.values.chunks_exact(period).enumerate() {
            let values = &values[..period];
            let ends = self.ends.each_mut().map(|ends| &mut ends[(block + 1) * (period + 1)..][..period]);
            let mut state = begin(values);
            for row in (0..period).rev() {
                let joined = join(&mut state, values[row]);
                for number in 0..N {
                    ends[number][row] = joined[number];
                }
            }
        }
    }

    /// Makes numbers of the values and the ends that are still in the window, puts them down, and turns the ends of the
    /// block before into those of the last block; `begin` is given the values of the block.
    #[inline(always)]
    pub(super) fn put<S>(
        &mut self,
        tails: [&mut [f64]; N],
        places: [&mut [f64]; N],
        mut begin: impl FnMut(&[Lanes]) -> S,
        mut join: impl FnMut(&mut S, Lanes, [Lanes; N]) -> [Lanes; N],
    ) {
        self.pass_on(tails);
        let period = self.period;
        for (block, values) in self.values.chunks_exact(period).enumerate() {
            let values = &values[..period];
            let ends = self.ends.each_ref().map(|ends| &ends[block * (period + 1) + 1..][..period]);
            let made = self.made.each_mut().map(|made| &mut made[block * period..][..period]);
            let mut state = begin(values);
            for row in 0..period {
                let joined = join(&mut state, values[row], ends.map(|ends| ends[row]));
                for number in 0..N {
                    made[number][row] = joined[number];
                }
            }
        }
        for (made, places) in self.made.iter().zip(places) {
            out_of_lanes(made, places);
        }
    }

    /// Of each lane the value before its first one, given the one before all lanes.
    #[inline(always)]
    pub(super) fn before(&self, value: f64) -> Lanes {
        let [first, second, third, _] = self.values[self.values.len() - 1];
        [value, first, second, third]
    }

    /// Gives each lane the ends of the block before it.
    #[inline(always)]
    fn pass_on(&mut self, tails: [&mut [f64]; N]) {
        for (ends, tails) in self.ends.iter_mut().zip(tails) {
            let (before, ends) = ends.split_at_mut(self.period + 1);
            let last = &ends[ends.len() - before.len()..];
            for ((before, last), tail) in before.iter_mut().zip(last).zip(tails) {
                *before = [*tail, last[0], last[1], last[2]];
                *tail = last[3];
            }
        }
    }

    #[inline(always)]
    fn make_room(&mut self) {
        if self.values.is_empty() {
            let rows = self.count * self.period;
            self.values.resize(rows, [0.0; LANES]);
            self.made.iter_mut().for_each(|made| made.resize(rows, [0.0; LANES]));
            let rows = (self.count + 1) * (self.period + 1);
            self.ends.iter_mut().for_each(|ends| ends.resize(rows, [0.0; LANES]));
        }
    }
}

/// Puts values that follow each other into lanes that follow each other.
#[inline(always)]
fn into_lanes(values: &[f64], lanes: &mut [Lanes]) {
    let columns: [_; LANES] = std::array::from_fn(|lane| &values[lane * lanes.len()..][..lanes.len()]);
    let [first, second, third, fourth] = columns.map(|column| column.as_chunks().0.iter());
    let (squares, last) = lanes.as_chunks_mut();
    let rows = LANES * squares.len();
    for (square, ((first, second), (third, fourth))) in squares.iter_mut().zip(first.zip(second).zip(third.zip(fourth)))
    {
        turn([first, second, third, fourth], square.each_mut());
    }
    for (row, lanes) in last.iter_mut().enumerate() {
        *lanes = columns.map(|column| column[rows + row]);
    }
}

/// Puts what is in lanes back where it follows each other.
#[inline(always)]
fn out_of_lanes(lanes: &[Lanes], places: &mut [f64]) {
    let (early, late) = places.split_at_mut(2 * lanes.len());
    let ((first, second), (third, fourth)) = (early.split_at_mut(lanes.len()), late.split_at_mut(lanes.len()));
    let [first, second, third, fourth] = [first, second, third, fourth].map(|column| column.as_chunks_mut());
    let ends = [first.1, second.1, third.1, fourth.1];
    let columns = first.0.iter_mut().zip(second.0).zip(third.0.iter_mut().zip(fourth.0));
    let (squares, last) = lanes.as_chunks::<LANES>();
    for (square, ((first, second), (third, fourth))) in squares.iter().zip(columns) {
        turn(square.each_ref(), [first, second, third, fourth]);
    }
    for (lane, end) in ends.into_iter().enumerate() {
        for (place, lanes) in end.iter_mut().zip(last) {
            *place = lanes[lane];
        }
    }
}
