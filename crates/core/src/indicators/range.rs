//! How far a bar ranges.

use super::smoothing::Smoothing;
use super::{larger, smaller, Indicator, CHUNK};

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
        true_range(std::mem::replace(&mut self.before, close), high, low)
    }

    #[inline(always)]
    fn update_rows(&mut self, columns: [&[f64]; 3], ranges: &mut &mut [f64]) {
        let rows = ranges.len();
        let [high, low, close] = columns.map(|column| &column[..rows]);
        ranges[0] = self.update([high[0], low[0], close[0]]);
        for row in 1..rows {
            ranges[row] = true_range(close[row - 1], high[row], low[row]);
        }
        self.before = close[rows - 1];
    }

    #[inline(always)]
    fn fill(&mut self, columns: [&[f64]; 3], mut ranges: &mut [f64]) {
        // One pass needs no chunks, and is fetched ahead best without them.
        if !ranges.is_empty() {
            self.update_rows(columns, &mut ranges);
        }
    }
}

/// NaN where one of the three is missing.
#[inline]
pub(crate) fn true_range(before: f64, high: f64, low: f64) -> f64 {
    let range = larger(before, high) - smaller(before, low);
    // Of a missing number nothing is left but NaN.
    let range = range + 0.0 * (before + (high - low));
    if range.is_finite() {
        range
    } else {
        f64::NAN
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

    #[inline(always)]
    fn update_rows(&mut self, columns: [&[f64]; 3], averages: &mut &mut [f64]) {
        let mut ranges = [0.0; CHUNK];
        let ranges = &mut ranges[..averages.len()];
        self.range.update_rows(columns, &mut &mut *ranges);
        self.average.slide(ranges, averages);
    }
}
