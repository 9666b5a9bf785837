//! Exponential smoothing.

use super::range_pass::RangePass;
use super::recursion::Recursion;
use crate::wide::in_wide_registers;

/// `y = keep * y + gain * x`, seeded with the sum or mean of the first values.
#[derive(Clone, Debug)]
pub struct Smoothing {
    recursion: Recursion,
    seed: Seed,
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
    #[inline(always)]
    pub fn slide(&mut self, values: &[f64], smoothed: &mut [f64]) {
        if self.begun() {
            let mut recursion = self.recursion;
            recursion.slide(values, smoothed);
            // What is missing would not have gone away again.
            if smoothed.last().is_some_and(|newest| newest.is_finite()) {
                self.recursion = recursion;
                return;
            }
        }
        for (smoothed, &value) in smoothed.iter_mut().zip(values) {
            *smoothed = self.update(value);
        }
    }

    /// Takes many values into two smoothings, and puts down by how much the first one is above the second. There is room
    /// for as many values.
    #[inline(always)]
    pub fn slide_apart(two: [&mut Self; 2], values: &[f64], differences: &mut [f64], room: &mut [f64]) {
        let [one, other] = two;
        if one.begun() && other.begun() {
            let mut recursions = [one.recursion, other.recursion];
            Recursion::slide_apart(&mut recursions, values, differences, room);
            // What is missing would not have gone away again.
            if differences.last().is_some_and(|newest| newest.is_finite()) {
                [one.recursion, other.recursion] = recursions;
                return;
            }
        }
        for (difference, &value) in differences.iter_mut().zip(values) {
            *difference = one.update(value) - other.update(value);
        }
    }

    /// Takes the ranges of whole blocks of bars, given their highs, lows and the closes before; whether it could. Where it
    /// has not begun, or something is missing, it takes none, and what is put down means nothing.
    #[inline(always)]
    pub(super) fn slide_ranges(&mut self, bars: [&[f64]; 3], averages: &mut [f64]) -> bool {
        let mut recursion = self.recursion;
        let columns = bars.map(|column| column.as_chunks().0);
        let pass = RangePass { recursion: &mut recursion, columns, averages: averages.as_chunks_mut().0 };
        // What is missing would not have gone away again.
        let done = self.begun() && in_wide_registers(pass) && averages.last().is_some_and(|newest| newest.is_finite());
        if done {
            self.recursion = recursion;
        }
        done
    }

    #[inline]
    fn begun(&self) -> bool {
        self.seed.seen == self.seed.rows
    }
}
