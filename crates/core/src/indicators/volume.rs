//! Price together with volume.

use super::row::{known, CHUNK};
use super::window::Window;
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
    /// Money that flowed in rises, and in falls.
    flows: [Window; 2],
}

impl Mfi {
    /// Over `period` changes.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { before: f64::NAN, flows: [(); 2].map(|()| Window::new(period)) }
    }
}

impl Indicator for Mfi {
    type Input = [f64; 4];
    type Output = f64;

    fn update(&mut self, [high, low, close, volume]: [f64; 4]) -> f64 {
        let price = typical_price(high, low, close);
        let [up, down] = flow(std::mem::replace(&mut self.before, price), price, volume);
        index(self.flows[0].push(up), self.flows[1].push(down))
    }

    #[inline(always)]
    fn update_rows(&mut self, [high, low, close, volume]: [&[f64]; 4], values: &mut &mut [f64]) {
        let rows = values.len();
        let [mut ups, mut downs, mut falling] = [[0.0; CHUNK]; 3];
        let bars = high.iter().zip(low).zip(close).zip(volume);
        for ((((&high, &low), &close), &volume), (up, down)) in bars.zip(ups.iter_mut().zip(&mut downs)) {
            let price = typical_price(high, low, close);
            [*up, *down] = flow(std::mem::replace(&mut self.before, price), price, volume);
        }
        self.flows[0].slide(&ups[..rows], values);
        self.flows[1].slide(&downs[..rows], &mut falling[..rows]);
        for (value, &down) in values.iter_mut().zip(&falling) {
            *value = index(*value, down);
        }
    }
}

/// Typical price times volume, of a rise and of a fall; NaN where a number is missing.
#[inline]
fn flow(before: f64, price: f64, volume: f64) -> [f64; 2] {
    let flow = price * volume + 0.0 * before;
    let nothing = 0.0 * flow;
    [if price > before { flow } else { nothing }, if price < before { flow } else { nothing }]
}

#[inline]
fn index(up: f64, down: f64) -> f64 {
    100.0 * ratio(up, up + down)
}
