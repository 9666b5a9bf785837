//! The commodity channel index.

use super::average::Sma;
use super::row::CHUNK;
use super::{ratio, typical_price, Indicator};

/// Commodity channel index (Lambert 1980): distance of the typical price from its mean in 0.015 mean deviations.
#[derive(Clone, Debug)]
pub struct Cci {
    mean: Sma,
    /// The last typical prices, oldest first.
    prices: Vec<f64>,
    period: usize,
}

impl Cci {
    /// Over `period` bars.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { mean: Sma::new(period), prices: vec![f64::NAN; period], period }
    }
}

/// Where a price stands to the mean of prices that it is the newest of.
#[inline]
fn index(prices: &[f64], price: f64, mean: f64) -> f64 {
    ratio(price - mean, 0.015 * deviation(prices, mean))
}

/// The mean distance of prices from a price.
#[inline]
fn deviation(prices: &[f64], from: f64) -> f64 {
    let mut lanes = [0.0; 4];
    let (groups, rest) = prices.as_chunks::<4>();
    for group in groups {
        for lane in 0..4 {
            lanes[lane] += (group[lane] - from).abs();
        }
    }
    let rest = rest.iter().fold(0.0, |sum, price| sum + (price - from).abs());
    (((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + rest) / prices.len() as f64
}

impl Indicator for Cci {
    type Input = [f64; 3];
    type Output = f64;

    #[inline]
    fn update(&mut self, [high, low, close]: [f64; 3]) -> f64 {
        let price = typical_price(high, low, close);
        self.prices.remove(0);
        self.prices.push(price);
        let mean = self.mean.update(price);
        index(&self.prices, price, mean)
    }

    #[inline(always)]
    fn update_rows(&mut self, [high, low, close]: [&[f64]; 3], values: &mut &mut [f64]) {
        let bars = high.iter().zip(low).zip(close);
        self.prices.extend(bars.map(|((&high, &low), &close)| typical_price(high, low, close)));
        let mut means = [0.0; CHUNK];
        let means = &mut means[..close.len()];
        self.mean.update_rows(&self.prices[self.period..], &mut &mut *means);
        for (row, value) in values.iter_mut().enumerate() {
            let prices = &self.prices[row + 1..=row + self.period];
            *value = index(prices, prices[self.period - 1], means[row]);
        }
        self.prices.drain(..close.len());
    }
}
