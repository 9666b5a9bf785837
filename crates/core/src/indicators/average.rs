//! Moving averages.

use super::smoothing::Smoothing;
use super::window::{Fold, Sum, Window};
use super::Indicator;

/// Simple moving average: the mean of the last `period` values.
#[derive(Clone, Debug)]
pub struct Sma {
    window: Window<Sum>,
    period: f64,
}

impl Sma {
    /// Over `period` values.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { window: Window::new(period), period: period as f64 }
    }
}

impl Indicator for Sma {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        self.window.push(value, value.is_finite()).map_or(f64::NAN, |sum| sum / self.period)
    }
}

/// Exponential moving average, seeded with the mean of the first `period` values.
#[derive(Clone, Debug)]
pub struct Ema(Smoothing);

impl Ema {
    /// With `2 / (period + 1)` for each new value.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self(Smoothing::exponential(period))
    }
}

impl Indicator for Ema {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        self.0.update(value)
    }
}

/// Double exponential moving average: `2 e1 - e2`, `e2` being the EMA of the EMA `e1`.
#[derive(Clone, Debug)]
pub struct Dema([Smoothing; 2]);

impl Dema {
    /// Over EMAs of `period`.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self([(); 2].map(|()| Smoothing::exponential(period)))
    }
}

impl Indicator for Dema {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        let once = self.0[0].update(value);
        let twice = self.0[1].update(once);
        2.0 * once - twice
    }
}

/// Triple exponential moving average: `3 e1 - 3 e2 + e3`.
#[derive(Clone, Debug)]
pub struct Tema([Smoothing; 3]);

impl Tema {
    /// Over EMAs of `period`.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self([(); 3].map(|()| Smoothing::exponential(period)))
    }
}

impl Indicator for Tema {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        let once = self.0[0].update(value);
        let twice = self.0[1].update(once);
        let thrice = self.0[2].update(twice);
        (3.0 * once - 3.0 * twice) + thrice
    }
}

/// Sum, and sum with the weights that the newest value leads: `n, n - 1, ..., 1` from the newest back.
#[derive(Clone, Debug)]
struct Weighted;

/// How many values, their sum, and their sum with weights `1..=count` from the oldest.
impl Fold for Weighted {
    type Value = [f64; 3];
    const EMPTY: [f64; 3] = [0.0; 3];

    #[inline]
    fn join(older: [f64; 3], newer: [f64; 3]) -> [f64; 3] {
        [older[0] + newer[0], older[1] + newer[1], (older[2] + newer[2]) + older[0] * newer[1]]
    }
}

/// Weighted moving average: weights `1` (oldest) to `period` (newest).
#[derive(Clone, Debug)]
pub struct Wma {
    window: Window<Weighted>,
    weights: f64,
}

impl Wma {
    /// Over `period` values.
    #[must_use]
    pub fn new(period: usize) -> Self {
        let count = period as f64;
        Self { window: Window::new(period), weights: count * (count + 1.0) / 2.0 }
    }
}

impl Indicator for Wma {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        self.window.push([1.0, value, value], value.is_finite()).map_or(f64::NAN, |sums| sums[2] / self.weights)
    }
}
