//! Moving averages.

use super::fold::Sum;
use super::row::all_known;
use super::smoothing::{all_begun, Smoothing};
use super::window::Window;
use super::{one_by_one, Indicator};

/// Simple moving average: the mean of the last `period` values.
#[derive(Clone, Debug)]
pub struct Sma {
    window: Window<Sum>,
    /// One divided by the period.
    weight: f64,
}

impl Sma {
    /// Over `period` values.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { window: Window::new(period), weight: 1.0 / period as f64 }
    }
}

impl Indicator for Sma {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        self.window.push(value) * self.weight
    }

    #[inline]
    fn update_rows(&mut self, values: &[f64], means: &mut &mut [f64]) {
        self.window.slide(values, means);
        means.iter_mut().for_each(|mean| *mean *= self.weight);
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

    #[inline]
    fn update_rows(&mut self, values: &[f64], averages: &mut &mut [f64]) {
        self.0.slide(values, averages);
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

    fn update_rows(&mut self, values: &[f64], averages: &mut &mut [f64]) {
        let Some([mut once, mut twice]) = all_begun(self.0.each_ref()).filter(|_| all_known(values)) else {
            return one_by_one(self, values, averages);
        };
        for (average, &value) in averages.iter_mut().zip(values) {
            let one = once.step(value);
            *average = 2.0 * one - twice.step(one);
        }
        self.0[0].go_on(once);
        self.0[1].go_on(twice);
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

    fn update_rows(&mut self, values: &[f64], averages: &mut &mut [f64]) {
        let Some([mut once, mut twice, mut thrice]) = all_begun(self.0.each_ref()).filter(|_| all_known(values)) else {
            return one_by_one(self, values, averages);
        };
        for (average, &value) in averages.iter_mut().zip(values) {
            let one = once.step(value);
            let two = twice.step(one);
            *average = (3.0 * one - 3.0 * two) + thrice.step(two);
        }
        self.0[0].go_on(once);
        self.0[1].go_on(twice);
        self.0[2].go_on(thrice);
    }
}
