//! Moving averages.

use super::row::Room;
use super::smoothing::Smoothing;
use super::window::Window;
use super::Indicator;

/// Simple moving average: the mean of the last `period` values.
#[derive(Clone, Debug)]
pub struct Sma {
    window: Window,
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
    fn rows_at_once(&self) -> usize {
        self.window.rows_at_once()
    }

    #[inline(always)]
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

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], averages: &mut &mut [f64]) {
        self.0.slide(values, averages);
    }
}

/// Double exponential moving average: `2 e1 - e2`, `e2` being the EMA of the EMA `e1`.
#[derive(Clone, Debug)]
pub struct Dema {
    averages: [Smoothing; 2],
    twice: Room,
}

impl Dema {
    /// Over EMAs of `period`.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { averages: [(); 2].map(|()| Smoothing::exponential(period)), twice: Room::new() }
    }
}

impl Indicator for Dema {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        let once = self.averages[0].update(value);
        let twice = self.averages[1].update(once);
        2.0 * once - twice
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], averages: &mut &mut [f64]) {
        let twice = self.twice.of(values.len());
        self.averages[0].slide(values, averages);
        self.averages[1].slide(averages, twice);
        for (average, &twice) in averages.iter_mut().zip(&*twice) {
            *average = 2.0 * *average - twice;
        }
    }
}

/// Triple exponential moving average: `3 e1 - 3 e2 + e3`.
#[derive(Clone, Debug)]
pub struct Tema {
    averages: [Smoothing; 3],
    rooms: [Room; 2],
}

impl Tema {
    /// Over EMAs of `period`.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { averages: [(); 3].map(|()| Smoothing::exponential(period)), rooms: [(); 2].map(|()| Room::new()) }
    }
}

impl Indicator for Tema {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        let once = self.averages[0].update(value);
        let twice = self.averages[1].update(once);
        let thrice = self.averages[2].update(twice);
        (3.0 * once - 3.0 * twice) + thrice
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], averages: &mut &mut [f64]) {
        let [twice, thrice] = self.rooms.each_mut().map(|room| room.of(values.len()));
        self.averages[0].slide(values, averages);
        self.averages[1].slide(averages, twice);
        self.averages[2].slide(twice, thrice);
        for ((average, &twice), &thrice) in averages.iter_mut().zip(&*twice).zip(&*thrice) {
            *average = (3.0 * *average - 3.0 * twice) + thrice;
        }
    }
}
