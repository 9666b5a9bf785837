//! How far a bar ranges.

use super::row::known;
use super::smoothing::Smoothing;
use super::Indicator;

/// The largest of high - low, |high - close before|, |low - close before| (Wilder 1978).
#[derive(Clone, Debug)]
pub struct TrueRange {
    before: f64,
}

impl Default for TrueRange {
    fn default() -> Self {
        Self { before: f64::NAN }
    }
}

impl Indicator for TrueRange {
    type Input = [f64; 3];
    type Output = f64;

    #[inline]
    fn update(&mut self, [high, low, close]: [f64; 3]) -> f64 {
        let before = std::mem::replace(&mut self.before, close);
        let top = if before > high { before } else { high };
        let bottom = if before < low { before } else { low };
        // Of a missing number nothing is left but NaN.
        let range = (top - bottom) + 0.0 * (before + (high - low));
        if known([range]) {
            range
        } else {
            f64::NAN
        }
    }
}

/// Average true range: Wilder's smoothing of the true range.
#[derive(Clone, Debug)]
pub struct Atr {
    range: TrueRange,
    average: Smoothing,
}

impl Atr {
    /// Over `period` true ranges.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { range: TrueRange::default(), average: Smoothing::wilder(period) }
    }
}

impl Indicator for Atr {
    type Input = [f64; 3];
    type Output = f64;

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> f64 {
        self.average.update(self.range.update(bar))
    }
}
