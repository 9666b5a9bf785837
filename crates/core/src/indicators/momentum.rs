//! How far and how fast a price went.

use super::row::known;
use super::smoothing::Smoothing;
use super::window::Lag;
use super::{ratio, Indicator};

/// Change since `period` rows ago, in price.
#[derive(Clone, Debug)]
pub struct Momentum(Lag);

impl Momentum {
    /// Over `period` rows.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self(Lag::new(period))
    }
}

/// The difference; NaN where one of the two is missing.
#[inline]
fn difference(value: f64, before: f64) -> f64 {
    let difference = value - before;
    if difference.is_finite() {
        difference
    } else {
        f64::NAN
    }
}

/// The change in percent; NaN where one of the two is missing.
#[inline]
fn percentage(value: f64, before: f64) -> f64 {
    let percentage = (value / before - 1.0) * 100.0;
    if percentage.is_finite() && before.is_finite() {
        percentage
    } else {
        f64::NAN
    }
}

impl Indicator for Momentum {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        difference(value, self.0.push(value))
    }
}

/// Rate of change since `period` rows ago, in percent.
#[derive(Clone, Debug)]
pub struct Roc(Lag);

impl Roc {
    /// Over `period` rows.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self(Lag::new(period))
    }
}

impl Indicator for Roc {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        percentage(value, self.0.push(value))
    }
}

/// Relative strength index (Wilder 1978): gains as a share of all changes, 0 to 100.
#[derive(Clone, Debug)]
pub struct Rsi {
    before: f64,
    gain: Smoothing,
    loss: Smoothing,
}

impl Rsi {
    /// Over `period` changes.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { before: f64::NAN, gain: Smoothing::wilder(period), loss: Smoothing::wilder(period) }
    }
}

impl Indicator for Rsi {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        if !value.is_finite() {
            return f64::NAN;
        }
        let change = value - std::mem::replace(&mut self.before, value);
        if change.is_nan() {
            return f64::NAN;
        }
        let gain = self.gain.update(if change > 0.0 { change } else { 0.0 });
        let loss = self.loss.update(if change < 0.0 { -change } else { 0.0 });
        100.0 * ratio(gain, gain + loss)
    }
}

/// Moving average convergence and divergence (Appel): line, signal, histogram.
#[derive(Clone, Debug)]
pub struct Macd {
    fast: Smoothing,
    slow: Smoothing,
    signal: Smoothing,
    /// Rows that the fast average lets go, so that both averages have their first value at the same row.
    ahead: usize,
}

impl Macd {
    /// EMAs of `fast` and `slow` values, the signal one of `signal` values of their difference.
    #[must_use]
    pub fn new(fast: usize, slow: usize, signal: usize) -> Self {
        Self {
            fast: Smoothing::exponential(fast),
            slow: Smoothing::exponential(slow),
            signal: Smoothing::exponential(signal),
            ahead: slow.saturating_sub(fast),
        }
    }

    #[inline]
    fn fast(&mut self, value: f64) -> f64 {
        if self.ahead > 0 {
            self.ahead -= 1;
            return f64::NAN;
        }
        self.fast.update(value)
    }
}

impl Indicator for Macd {
    type Input = f64;
    type Output = [f64; 3];

    #[inline]
    fn update(&mut self, value: f64) -> [f64; 3] {
        if !known([value]) {
            return [f64::NAN; 3];
        }
        let line = self.fast(value) - self.slow.update(value);
        let signal = self.signal.update(line);
        [line, signal, line - signal]
    }
}
