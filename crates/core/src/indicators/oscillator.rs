//! Where a price stands in its recent range.

use super::average::Sma;
use super::range::TrueRange;
use super::row::known;
use super::window::{Extremes, Sum, Window};
use super::{ratio, typical_price, Indicator};

/// Stochastic oscillator (Lane): %K, the close within the range, smoothed, and %D, its average; 0 to 100.
#[derive(Clone, Debug)]
pub struct Stochastic {
    range: Window<Extremes>,
    k: Sma,
    d: Sma,
}

impl Stochastic {
    /// The range of `period` bars; simple averages of `smooth` and `signal` values.
    #[must_use]
    pub fn new(period: usize, smooth: usize, signal: usize) -> Self {
        Self { range: Window::new(period), k: Sma::new(smooth), d: Sma::new(signal) }
    }
}

impl Indicator for Stochastic {
    type Input = [f64; 3];
    type Output = [f64; 2];

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> [f64; 2] {
        let [high, low, close] = bar;
        let range = self.range.push([high, low], known(bar));
        let raw = range.map_or(f64::NAN, |[high, low]| 100.0 * ratio(close - low, high - low));
        let k = self.k.update(raw);
        [k, self.d.update(k)]
    }
}

/// Williams %R: how far the close is below the highest high, in percent of the range; -100 to 0.
#[derive(Clone, Debug)]
pub struct WilliamsR(Window<Extremes>);

impl WilliamsR {
    /// Over `period` bars.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self(Window::new(period))
    }
}

impl Indicator for WilliamsR {
    type Input = [f64; 3];
    type Output = f64;

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> f64 {
        let range = self.0.push([bar[0], bar[1]], known(bar));
        range.map_or(f64::NAN, |[high, low]| -100.0 * ratio(high - bar[2], high - low))
    }
}

/// Commodity channel index (Lambert 1980): distance of the typical price from its mean in 0.015 mean deviations.
#[derive(Clone, Debug)]
pub struct Cci {
    mean: Sma,
    ring: Box<[f64]>,
    at: usize,
}

impl Cci {
    /// Over `period` bars.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { mean: Sma::new(period), ring: vec![0.0; period].into(), at: 0 }
    }

    /// The mean distance of the window's values from a value.
    #[inline]
    fn deviation(&self, from: f64) -> f64 {
        let mut lanes = [0.0; 4];
        let mut groups = self.ring.chunks_exact(4);
        for group in &mut groups {
            for (lane, value) in lanes.iter_mut().zip(group) {
                *lane += (value - from).abs();
            }
        }
        let rest = groups.remainder().iter().fold(0.0, |sum, value| sum + (value - from).abs());
        (((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + rest) / self.ring.len() as f64
    }
}

impl Indicator for Cci {
    type Input = [f64; 3];
    type Output = f64;

    #[inline]
    fn update(&mut self, [high, low, close]: [f64; 3]) -> f64 {
        let price = typical_price(high, low, close);
        let mean = self.mean.update(price);
        self.ring[self.at] = price;
        self.at = if self.at + 1 == self.ring.len() { 0 } else { self.at + 1 };
        if mean.is_nan() {
            return f64::NAN;
        }
        ratio(price - mean, 0.015 * self.deviation(mean))
    }
}

/// Choppiness index (Dreiss): 100 where a market only went to and fro, near 0 where it went straight.
///
/// `100 * log(sum of true ranges / (highest high - lowest low)) / log(period)`.
#[derive(Clone, Debug)]
pub struct Choppiness {
    range: TrueRange,
    sum: Window<Sum>,
    extremes: Window<Extremes>,
    scale: f64,
}

impl Choppiness {
    /// Over `period` bars, at least 2.
    #[must_use]
    pub fn new(period: usize) -> Self {
        let scale = 100.0 / libm::log(period as f64);
        Self { range: TrueRange::default(), sum: Window::new(period), extremes: Window::new(period), scale }
    }
}

impl Indicator for Choppiness {
    type Input = [f64; 3];
    type Output = f64;

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> f64 {
        let range = self.range.update(bar);
        let sum = self.sum.push(range, known([range]));
        let extremes = self.extremes.push([bar[0], bar[1]], known(bar));
        let (Some(sum), Some([high, low])) = (sum, extremes) else {
            return f64::NAN;
        };
        libm::log(ratio(sum, high - low)) * self.scale
    }
}
