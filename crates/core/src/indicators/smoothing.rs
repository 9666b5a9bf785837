//! Exponential smoothing.

use super::row::all_known;

/// `y = keep * y + gain * x`, seeded with the sum or mean of the first values.
#[derive(Clone, Debug)]
pub struct Smoothing {
    recursion: Recursion,
    seed: Seed,
}

/// Steps that are taken together.
const BLOCK: usize = 4;

/// A recursion that has begun.
///
/// Written out over a block of steps, a value is the one before the block times a power of `keep`, and what the block
/// added so far: a block waits for one multiplication of the block before it instead of one a step.
#[derive(Clone, Copy, Debug)]
struct Recursion {
    keep: f64,
    gain: f64,
    /// The value before the block.
    before: f64,
    added: f64,
    /// `keep` to the power of the block's steps so far.
    weight: f64,
    at: usize,
}

impl Recursion {
    fn new(keep: f64, gain: f64) -> Self {
        Self { keep, gain, before: 0.0, added: 0.0, weight: 1.0, at: 0 }
    }

    fn begin(&mut self, value: f64) {
        (self.before, self.added, self.weight, self.at) = (value, 0.0, 1.0, 0);
    }

    /// Takes a value that is known.
    #[inline]
    fn step(&mut self, value: f64) -> f64 {
        self.added = self.added * self.keep + value * self.gain;
        self.weight *= self.keep;
        let smoothed = self.before * self.weight + self.added;
        self.at += 1;
        if self.at == BLOCK {
            self.begin(smoothed);
        }
        smoothed
    }

    /// Takes many values that are known, and puts the smoothed ones in their places; the newest of these.
    #[inline]
    fn slide(&mut self, values: &mut [f64]) -> Option<f64> {
        let first = values.len().min((BLOCK - self.at) % BLOCK);
        let (first, rest) = values.split_at_mut(first);
        first.iter_mut().for_each(|value| *value = self.step(*value));
        let (blocks, last) = rest.as_chunks_mut::<BLOCK>();
        let Self { keep, gain, mut before, .. } = *self;
        let weights = [keep, keep * keep, keep * keep * keep, keep * keep * keep * keep];
        for block in blocks {
            let mut added = block.map(|value| value * gain);
            // As a step adds to nothing: 0 and never -0.
            added[0] += 0.0;
            for at in 1..BLOCK {
                added[at] += added[at - 1] * keep;
            }
            for at in 0..BLOCK {
                block[at] = before * weights[at] + added[at];
            }
            before = block[BLOCK - 1];
        }
        self.before = before;
        last.iter_mut().for_each(|value| *value = self.step(*value));
        values.last().copied()
    }
}

#[derive(Clone, Debug)]
struct Seed {
    rows: usize,
    divisor: f64,
    seen: usize,
    sum: f64,
}

impl Smoothing {
    /// `gain = 2 / (period + 1)`, seeded with the mean of the first `period` values.
    #[must_use]
    pub fn exponential(period: usize) -> Self {
        let gain = 2.0 / (period as f64 + 1.0);
        Self::new(1.0 - gain, gain, period, period as f64)
    }

    /// Wilder's: `gain = 1 / period`, seeded with the mean of the first `period` values.
    #[must_use]
    pub fn wilder(period: usize) -> Self {
        let gain = 1.0 / period as f64;
        Self::new(1.0 - gain, gain, period, period as f64)
    }

    /// Wilder's running sum: `y - y / period + x`, seeded with the sum of the first `period - 1` values.
    #[must_use]
    pub fn wilder_sum(period: usize) -> Self {
        Self::new(1.0 - 1.0 / period as f64, 1.0, period - 1, 1.0)
    }

    fn new(keep: f64, gain: f64, rows: usize, divisor: f64) -> Self {
        Self { recursion: Recursion::new(keep, gain), seed: Seed { rows, divisor, seen: 0, sum: 0.0 } }
    }

    /// Takes a value; NaN while the seed is gathered, and for a missing value, which changes nothing.
    #[inline]
    pub fn update(&mut self, value: f64) -> f64 {
        if !value.is_finite() {
            return f64::NAN;
        }
        if self.seed.seen < self.seed.rows {
            return self.gather(value);
        }
        self.recursion.step(value)
    }

    fn gather(&mut self, value: f64) -> f64 {
        self.seed.seen += 1;
        self.seed.sum += value;
        if self.seed.seen < self.seed.rows {
            return f64::NAN;
        }
        let value = self.seed.sum / self.seed.divisor;
        self.recursion.begin(value);
        value
    }

    /// Takes many values, and puts down the smoothed ones.
    #[inline]
    pub fn slide(&mut self, values: &[f64], smoothed: &mut [f64]) {
        let mut recursion = self.recursion;
        smoothed.copy_from_slice(values);
        // What is missing would not have gone away again.
        if self.begun() && recursion.slide(smoothed).is_some_and(f64::is_finite) {
            self.recursion = recursion;
            return;
        }
        for (smoothed, &value) in smoothed.iter_mut().zip(values) {
            *smoothed = self.update(value);
        }
    }

    /// Takes many values, and puts the smoothed ones in their places.
    pub fn smooth(&mut self, values: &mut [f64]) {
        if self.begun() && all_known(values) {
            self.recursion.slide(values);
        } else {
            values.iter_mut().for_each(|value| *value = self.update(*value));
        }
    }

    #[inline]
    fn begun(&self) -> bool {
        self.seed.seen == self.seed.rows
    }
}
