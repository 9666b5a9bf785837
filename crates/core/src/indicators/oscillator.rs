//! Where a price stands in its recent range.

use super::average::Sma;
use super::extreme::Extremes;
use super::range::TrueRange;
use super::row::CHUNK;
use super::window::Window;
use super::{ratio, Indicator};

/// Stochastic oscillator (Lane): %K, the close within the range, smoothed, and %D, its average; 0 to 100.
#[derive(Clone, Debug)]
pub struct Stochastic {
    range: Extremes,
    k: Sma,
    d: Sma,
}

impl Stochastic {
    /// The range of `period` bars; simple averages of `smooth` and `signal` values.
    #[must_use]
    pub fn new(period: usize, smooth: usize, signal: usize) -> Self {
        Self { range: Extremes::new(period), k: Sma::new(smooth), d: Sma::new(signal) }
    }
}

impl Indicator for Stochastic {
    type Input = [f64; 3];
    type Output = [f64; 2];

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> [f64; 2] {
        let [high, low, close] = bar;
        let [highest, lowest] = self.range.push(high, low);
        let k = self.k.update(within(close, highest, lowest));
        [k, self.d.update(k)]
    }

    #[inline(always)]
    fn update_rows(&mut self, [high, low, close]: [&[f64]; 3], [k, d]: &mut [&mut [f64]; 2]) {
        let mut lowest = [0.0; CHUNK];
        let lowest = &mut lowest[..close.len()];
        self.range.slide(high, low, d, lowest);
        for ((highest, &lowest), &close) in d.iter_mut().zip(&*lowest).zip(close) {
            *highest = within(close, *highest, lowest);
        }
        self.k.update_rows(d, k);
        self.d.update_rows(k, d);
    }
}

/// Where a price lies within a range, in percent.
#[inline]
fn within(price: f64, highest: f64, lowest: f64) -> f64 {
    100.0 * ratio(price - lowest, highest - lowest)
}

/// Williams %R: how far the close is below the highest high, in percent of the range; -100 to 0.
#[derive(Clone, Debug)]
pub struct WilliamsR(Extremes);

impl WilliamsR {
    /// Over `period` bars.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self(Extremes::new(period))
    }
}

impl Indicator for WilliamsR {
    type Input = [f64; 3];
    type Output = f64;

    #[inline]
    fn update(&mut self, [high, low, close]: [f64; 3]) -> f64 {
        let [highest, lowest] = self.0.push(high, low);
        below(close, highest, lowest)
    }

    #[inline(always)]
    fn update_rows(&mut self, [high, low, close]: [&[f64]; 3], values: &mut &mut [f64]) {
        let mut lowest = [0.0; CHUNK];
        let lowest = &mut lowest[..close.len()];
        self.0.slide(high, low, values, lowest);
        for ((value, &lowest), &close) in values.iter_mut().zip(&*lowest).zip(close) {
            *value = below(close, *value, lowest);
        }
    }
}

/// How far a price lies below the top of a range, in percent.
#[inline]
fn below(price: f64, highest: f64, lowest: f64) -> f64 {
    -100.0 * ratio(highest - price, highest - lowest)
}

/// Choppiness index (Dreiss): 100 where a market only went to and fro, near 0 where it went straight.
///
/// `100 * log(sum of true ranges / (highest high - lowest low)) / log(period)`.
#[derive(Clone, Debug)]
pub struct Choppiness {
    range: TrueRange,
    sum: Window,
    extremes: Extremes,
    scale: f64,
}

impl Choppiness {
    /// Over `period` bars, at least 2.
    #[must_use]
    pub fn new(period: usize) -> Self {
        let scale = 100.0 / libm::log(period as f64);
        Self { range: TrueRange::default(), sum: Window::new(period), extremes: Extremes::new(period), scale }
    }
}

impl Choppiness {
    #[inline]
    fn choppiness(&self, sum: f64, highest: f64, lowest: f64) -> f64 {
        libm::log(ratio(sum, highest - lowest)) * self.scale
    }
}

impl Indicator for Choppiness {
    type Input = [f64; 3];
    type Output = f64;

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> f64 {
        let range = self.range.update(bar);
        let sum = self.sum.push(range);
        let [highest, lowest] = self.extremes.push(bar[0], bar[1]);
        self.choppiness(sum, highest, lowest)
    }

    #[inline(always)]
    fn update_rows(&mut self, columns: [&[f64]; 3], values: &mut &mut [f64]) {
        let [mut ranges, mut highest, mut lowest] = [[0.0; CHUNK]; 3];
        let [ranges, highest, lowest] =
            [&mut ranges, &mut highest, &mut lowest].map(|place| &mut place[..values.len()]);
        self.range.update_rows(columns, &mut &mut *ranges);
        self.sum.slide(ranges, values);
        self.extremes.slide(columns[0], columns[1], highest, lowest);
        for ((sum, &highest), &lowest) in values.iter_mut().zip(&*highest).zip(&*lowest) {
            *sum = self.choppiness(*sum, highest, lowest);
        }
    }
}
