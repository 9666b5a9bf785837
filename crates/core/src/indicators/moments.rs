//! Mean and standard deviation of a window.

use super::window::{Fold, SumPair};

/// Mean and standard deviation of the values in a window.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Spread {
    pub mean: f64,
    pub deviation: f64,
}

/// The last values' mean and population standard deviation (divisor n).
///
/// A [`super::window::Window`] over the distances from an anchor, which moves along with the blocks: squares of raw
/// prices would leave nothing of a spread of a few pips.
#[derive(Clone, Debug)]
pub struct Moments {
    values: Box<[f64]>,
    tail: Box<[[f64; 2]]>,
    head: [f64; 2],
    anchor: f64,
    at: usize,
    wait: usize,
    last: f64,
    /// How many of the newest values are the same.
    alike: usize,
}

impl Moments {
    /// Of `period` values.
    #[must_use]
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        Self {
            values: vec![0.0; period].into(),
            tail: vec![SumPair::EMPTY; period + 1].into(),
            head: SumPair::EMPTY,
            anchor: f64::NAN,
            at: 0,
            wait: period,
            last: f64::NAN,
            alike: 0,
        }
    }

    /// Takes a value; nothing while the window is not full of known ones.
    #[inline]
    pub fn push(&mut self, value: f64) -> Option<Spread> {
        let known = value.is_finite();
        // An infinite value is as missing as one that is no number, and no anchor either.
        let value = if known { value } else { f64::NAN };
        self.wait = if known { self.wait.saturating_sub(1) } else { self.values.len() };
        if self.anchor.is_nan() {
            self.anchor = value;
        }
        self.alike = if value == self.last { self.alike + 1 } else { 1 };
        self.last = value;
        self.values[self.at] = value;
        self.at += 1;
        self.head = SumPair::join(self.head, powers(value, self.anchor));
        let [sum, squares] = SumPair::join(self.tail[self.at], self.head);
        let spread = (self.wait == 0).then(|| self.spread(sum, squares));
        if self.at == self.values.len() {
            self.anchor = value;
            join_backwards(&self.values, &mut self.tail, value);
            (self.head, self.at) = (SumPair::EMPTY, 0);
        }
        spread
    }

    #[inline]
    fn spread(&self, sum: f64, squares: f64) -> Spread {
        let count = self.values.len() as f64;
        let mean = sum / count;
        let variance = squares / count - mean * mean;
        // Rounding may leave something of a spread that is not there.
        let flat = variance <= 0.0 || self.alike >= self.values.len();
        Spread { mean: self.anchor + mean, deviation: if flat { 0.0 } else { variance.sqrt() } }
    }
}

/// A block is full: its ends are joined, as distances from another anchor.
fn join_backwards(values: &[f64], ends: &mut [[f64; 2]], anchor: f64) {
    let mut end = SumPair::EMPTY;
    for (place, &value) in ends.iter_mut().zip(values).rev() {
        end = SumPair::join(powers(value, anchor), end);
        *place = end;
    }
}

/// The first two powers of a distance; nothing of a missing one.
#[inline]
fn powers(value: f64, anchor: f64) -> [f64; 2] {
    let distance = value - anchor;
    if distance.is_finite() {
        [distance, distance * distance]
    } else {
        SumPair::EMPTY
    }
}
