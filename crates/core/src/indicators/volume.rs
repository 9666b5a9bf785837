//! Price together with volume.

use super::row::known;
use super::window::{SumPair, Window};
use super::{ratio, typical_price, Indicator};

/// On-balance volume (Granville): volume added on rises and subtracted on falls, from the first bar's volume on.
#[derive(Clone, Debug)]
pub struct Obv {
    before: f64,
    balance: f64,
}

impl Default for Obv {
    fn default() -> Self {
        // The first bar counts as a rise.
        Self { before: f64::NEG_INFINITY, balance: 0.0 }
    }
}

impl Indicator for Obv {
    type Input = [f64; 2];
    type Output = f64;

    #[inline]
    fn update(&mut self, [close, volume]: [f64; 2]) -> f64 {
        if !known([close, volume]) {
            return f64::NAN;
        }
        let before = std::mem::replace(&mut self.before, close);
        let up = if close > before { volume } else { 0.0 };
        let down = if close < before { volume } else { 0.0 };
        self.balance += up - down;
        self.balance
    }
}

/// Money flow index: the RSI of typical price times volume, over a window; 0 to 100.
#[derive(Clone, Debug)]
pub struct Mfi {
    before: f64,
    flows: Window<SumPair>,
}

impl Mfi {
    /// Over `period` changes.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { before: f64::NAN, flows: Window::new(period) }
    }
}

impl Indicator for Mfi {
    type Input = [f64; 4];
    type Output = f64;

    #[inline]
    fn update(&mut self, [high, low, close, volume]: [f64; 4]) -> f64 {
        let price = typical_price(high, low, close);
        let before = std::mem::replace(&mut self.before, price);
        let flow = price * volume;
        let up = if price > before { flow } else { 0.0 };
        let down = if price < before { flow } else { 0.0 };
        let flows = self.flows.push([up, down], known([flow, before]));
        flows.map_or(f64::NAN, |[up, down]| 100.0 * ratio(up, up + down))
    }
}
