//! Sums of sliding windows that never subtract: no drift, and what has left a window has left no trace.

use super::blocks::{lanes, Blocks, Lanes, LANES};
use super::row::all_known;
use super::CHUNK;
use crate::wide::fetch;

/// Up to this many values are joined one by one, from the oldest.
const FEW: usize = 4;

/// The last `period` values, joined.
///
/// Values come in blocks of `period`. The window is the end of the block before and the beginning of this one: the
/// former was joined backwards when its block was full, the latter is joined as it comes.
#[derive(Clone, Debug)]
pub struct Window {
    /// Values of this block up to `at`, joined ends of the block before from there on, and one that is empty.
    tail: Box<[f64]>,
    blocks: Blocks<1>,
    head: f64,
    at: usize,
    /// The newest values, of which a window of few is made.
    newest: [f64; FEW],
    /// Rows until the window holds nothing but known values.
    wait: usize,
}

impl Window {
    /// An empty window of at least one value.
    #[must_use]
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        let (tail, blocks, newest) = (vec![0.0; period + 1].into(), Blocks::new(period), [0.0; FEW]);
        Self { tail, blocks, head: 0.0, at: 0, newest, wait: period }
    }

    /// How many values it spans.
    #[must_use]
    #[inline]
    pub fn period(&self) -> usize {
        self.tail.len() - 1
    }

    /// Takes a value; the joined window, NaN where not all of it is known.
    #[inline]
    pub fn push(&mut self, value: f64) -> f64 {
        let known = value.is_finite();
        let value = if known { value } else { 0.0 };
        let joined = if self.period() <= FEW { self.push_to_few(value) } else { self.push_to_block(value) };
        self.wait = if known { self.wait.saturating_sub(1) } else { self.period() };
        if self.wait == 0 {
            joined
        } else {
            f64::NAN
        }
    }

    #[inline]
    fn push_to_few(&mut self, value: f64) -> f64 {
        self.newest.rotate_left(1);
        self.newest[FEW - 1] = value;
        few(&self.newest, self.period())
    }

    #[inline]
    fn push_to_block(&mut self, value: f64) -> f64 {
        self.tail[self.at] = value;
        self.at += 1;
        self.head += value;
        let joined = self.tail[self.at] + self.head;
        self.turn();
        joined
    }

    /// A block is full: its ends are joined.
    #[inline(always)]
    fn turn(&mut self) {
        if self.at == self.period() {
            join_backwards(&mut self.tail);
            (self.head, self.at) = (0.0, 0);
        }
    }

    /// How many values to take next.
    #[inline]
    pub(super) fn rows_at_once(&self) -> usize {
        if self.period() <= FEW {
            return CHUNK;
        }
        self.blocks.rows_at_once(self.at, self.wait)
    }

    /// Takes many values, and puts down the joined windows, NaN where not all of one is known.
    #[inline(always)]
    pub fn slide(&mut self, values: &[f64], joined: &mut [f64]) {
        if !all_known(values) {
            for (&value, joined) in values.iter().zip(joined) {
                *joined = self.push(value);
            }
            return;
        }
        if self.period() <= FEW {
            self.slide_few(values, joined);
        } else if self.blocks.hold(values.len(), self.at, self.wait) {
            return self.slide_lanes(values, joined);
        } else {
            self.slide_blocks(values, joined);
        }
        let unknown = self.wait.saturating_sub(1).min(values.len());
        joined[..unknown].fill(f64::NAN);
        self.wait = self.wait.saturating_sub(values.len());
    }

    #[inline(always)]
    fn slide_few(&mut self, values: &[f64], joined: &mut [f64]) {
        let first = values.len().min(FEW - 1);
        for row in 0..first {
            joined[row] = self.push_to_few(values[row]);
        }
        let period = self.period();
        for (joined, values) in joined[first..].iter_mut().zip(values.windows(FEW)) {
            *joined = few(values, period);
        }
        if let Some(newest) = values.last_chunk() {
            self.newest = *newest;
        }
    }

    /// Values of whole blocks, where none is missing before them.
    #[inline(always)]
    fn slide_lanes(&mut self, values: &[f64], joined: &mut [f64]) {
        // Lanes are written far apart, where no processor expects them.
        fetch(joined);
        let add = |sums: &mut Lanes, values: Lanes| {
            *sums = lanes(|lane| sums[lane] + values[lane]);
            *sums
        };
        self.blocks.take(values, |_| [0.0; LANES], |ends, values| [add(ends, values)]);
        self.blocks.put(
            [&mut self.tail],
            [joined],
            |_| [0.0; LANES],
            |head, values, [tail]| {
                let head = add(head, values);
                [lanes(|lane| tail[lane] + head[lane])]
            },
        );
    }

    #[inline(always)]
    fn slide_blocks(&mut self, values: &[f64], joined: &mut [f64]) {
        let mut row = 0;
        while row < values.len() {
            let end = values.len().min(row + self.period() - self.at);
            if end - row == self.period() {
                self.slide_whole_block(&values[row..end], &mut joined[row..end]);
            } else {
                self.slide_part(&values[row..end], &mut joined[row..end]);
            }
            row = end;
        }
    }

    /// Values of all the block, which need not be kept.
    #[inline(always)]
    fn slide_whole_block(&mut self, values: &[f64], joined: &mut [f64]) {
        let mut head = 0.0;
        for ((joined, &value), &tail) in joined.iter_mut().zip(values).zip(&self.tail[1..]) {
            head += value;
            *joined = tail + head;
        }
        let mut end = 0.0;
        for (tail, &value) in self.tail.iter_mut().zip(values).rev() {
            end += value;
            *tail = end;
        }
    }

    /// Values that do not go beyond the block.
    #[inline(always)]
    fn slide_part(&mut self, values: &[f64], joined: &mut [f64]) {
        let (start, end) = (self.at, self.at + values.len());
        let mut head = self.head;
        let tails = &self.tail[start + 1..=end];
        for ((joined, &value), &tail) in joined.iter_mut().zip(values).zip(tails) {
            head += value;
            *joined = tail + head;
        }
        self.tail[start..end].copy_from_slice(values);
        (self.head, self.at) = (head, end);
        self.turn();
    }
}

/// The newest of a few values, joined from the oldest.
#[inline]
fn few(values: &[f64], period: usize) -> f64 {
    values[FEW - period..FEW].iter().fold(0.0, |joined, &value| joined + value)
}

fn join_backwards(block: &mut [f64]) {
    let mut end = 0.0;
    for value in block.iter_mut().rev() {
        end += *value;
        *value = end;
    }
}
