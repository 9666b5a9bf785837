//! Exponential smoothing.

use super::row::all_known;

/// `y = keep * y + gain * x`, seeded with the sum or mean of the first values.
#[derive(Clone, Debug)]
pub struct Smoothing {
    recursion: Recursion,
    seed: Seed,
}

/// A recursion that has begun.
#[derive(Clone, Copy, Debug)]
pub struct Recursion {
    keep: f64,
    gain: f64,
    value: f64,
}

impl Recursion {
    /// Takes a value that is known.
    #[inline]
    pub fn step(&mut self, value: f64) -> f64 {
        self.step_by(self.share(value))
    }

    /// What a value adds: many of them are multiplied at once, so that a step has one multiplication to wait for.
    #[inline]
    pub fn share(&self, value: f64) -> f64 {
        value * self.gain
    }

    /// Takes the share of a value.
    #[inline]
    pub fn step_by(&mut self, share: f64) -> f64 {
        self.value = self.value * self.keep + share;
        self.value
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
        let recursion = Recursion { keep, gain, value: 0.0 };
        Self { recursion, seed: Seed { rows, divisor, seen: 0, sum: 0.0 } }
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
        self.recursion.value = self.seed.sum / self.seed.divisor;
        self.recursion.value
    }

    /// Takes many values, and puts down the smoothed ones.
    #[inline]
    pub fn slide(&mut self, values: &[f64], smoothed: &mut [f64]) {
        let Some(mut recursion) = self.begun() else {
            return self.slide_slowly(values, smoothed);
        };
        for (smoothed, &value) in smoothed.iter_mut().zip(values) {
            *smoothed = recursion.share(value);
        }
        for smoothed in smoothed.iter_mut() {
            *smoothed = recursion.step_by(*smoothed);
        }
        // What is missing would not have gone away again.
        if !recursion.value.is_finite() {
            return self.slide_slowly(values, smoothed);
        }
        self.recursion = recursion;
    }

    fn slide_slowly(&mut self, values: &[f64], smoothed: &mut [f64]) {
        for (smoothed, &value) in smoothed.iter_mut().zip(values) {
            *smoothed = self.update(value);
        }
    }

    /// Takes many values, and puts the smoothed ones in their places.
    pub fn smooth(&mut self, values: &mut [f64]) {
        let Some(mut recursion) = self.begun().filter(|_| all_known(values)) else {
            values.iter_mut().for_each(|value| *value = self.update(*value));
            return;
        };
        for value in values.iter_mut() {
            *value = recursion.share(*value);
        }
        for value in values {
            *value = recursion.step_by(*value);
        }
        self.recursion = recursion;
    }

    /// The recursion, once it is seeded: several of them may step side by side.
    #[inline]
    pub fn begun(&self) -> Option<Recursion> {
        (self.seed.seen == self.seed.rows).then_some(self.recursion)
    }

    /// Takes the recursion back.
    #[inline]
    pub fn go_on(&mut self, recursion: Recursion) {
        self.recursion = recursion;
    }
}

/// All recursions, once all are seeded.
#[inline]
pub(crate) fn all_begun<const N: usize>(smoothings: [&Smoothing; N]) -> Option<[Recursion; N]> {
    let begun = smoothings.map(Smoothing::begun);
    begun.iter().all(Option::is_some).then(|| begun.map(|recursion| recursion.expect("seeded")))
}
