//! How far a bar ranges.

use super::recursion::BLOCK;
use super::row::Room;
use super::smoothing::Smoothing;
use super::sweep::{piece_ahead, sweep, swept, PIECE};
use super::{larger, one_by_one, smaller, Indicator};
use crate::wide::LINE;
use std::ops::Range;

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
        ranges[0] = self.update(columns.map(|column| column[0]));
        put_ranges(columns, 1, &mut ranges[1..], true_range);
        self.before = columns[2][columns[2].len() - 1];
    }

    #[inline(always)]
    fn fill(&mut self, columns: [&[f64]; 3], ranges: &mut [f64]) {
        let rows = swept(ranges, 1);
        one_by_one(self, columns.map(|column| &column[..rows.start]), &mut &mut ranges[..rows.start]);
        let [high, low, close] = columns;
        sweep::<2>(&mut ranges[rows.clone()], |start, ranges| {
            let start = rows.start + start;
            let (high, low, before) =
                (piece_ahead(high, start), piece_ahead(low, start), piece_ahead(close, start - 1));
            for row in 0..PIECE {
                ranges[row] = true_range(before[row], high[row], low[row]);
            }
        });
        if !rows.is_empty() {
            self.before = columns[2][rows.end - 1];
        }
        one_by_one(self, columns.map(|column| &column[rows.end..]), &mut &mut ranges[rows.end..]);
    }
}

/// Puts down the ranges from a row on that is not the first.
#[inline(always)]
fn put_ranges(columns: [&[f64]; 3], start: usize, ranges: &mut [f64], range: impl Fn(f64, f64, f64) -> f64) {
    let before = &columns[2][start - 1..];
    let [high, low, _] = columns.map(|column| &column[start..]);
    for (place, ((&high, &low), &before)) in ranges.iter_mut().zip(high.iter().zip(low).zip(before)) {
        *place = range(before, high, low);
    }
}

/// Not finite where one of the three is missing.
#[inline]
fn range_or_missing(before: f64, high: f64, low: f64) -> f64 {
    let range = larger(before, high) - smaller(before, low);
    // Of a missing number nothing is left but NaN.
    range + 0.0 * (before + (high - low))
}

/// NaN where one of the three is missing.
#[inline]
pub(crate) fn true_range(before: f64, high: f64, low: f64) -> f64 {
    let range = range_or_missing(before, high, low);
    if range.is_finite() {
        range
    } else {
        f64::NAN
    }
}

/// Rows of one pass, which are gone through again where a number is missing.
const PASS: usize = 64 * BLOCK;

/// Average true range: Wilder's smoothing of the true range.
#[derive(Clone, Debug)]
pub struct Atr {
    range: TrueRange,
    average: Smoothing,
    ranges: Room,
}

impl Atr {
    /// Over `period` true ranges.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { range: TrueRange::default(), average: Smoothing::wilder(period), ranges: Room::new() }
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
        let ranges = self.ranges.of(averages.len());
        ranges[0] = self.range.update(columns.map(|column| column[0]));
        put_ranges(columns, 1, &mut ranges[1..], range_or_missing);
        self.range.before = columns[2][columns[2].len() - 1];
        self.average.slide(ranges, averages);
    }

    #[inline(always)]
    fn fill(&mut self, columns: [&[f64]; 3], averages: &mut [f64]) {
        let mut indicator = self.clone();
        // What begins where a line of the cache does is put down fastest.
        let mut end = averages.len().min(averages.as_ptr().align_offset(LINE).saturating_add(LINE));
        let mut start = 0;
        while start < averages.len() {
            let rows = start..end;
            if !indicator.pass(rows.clone(), columns, averages) {
                let part = columns.map(|column| &column[rows.clone()]);
                indicator.update_rows(part, &mut &mut averages[rows]);
            }
            (start, end) = (end, averages.len().min(end + PASS));
        }
        *self = indicator;
    }
}

impl Atr {
    /// Takes rows of columns in one pass; whether it could.
    #[inline(always)]
    fn pass(&mut self, rows: Range<usize>, [high, low, close]: [&[f64]; 3], averages: &mut [f64]) -> bool {
        if rows.start == 0 || !rows.len().is_multiple_of(BLOCK) {
            return false;
        }
        let bars = [&high[rows.clone()], &low[rows.clone()], &close[rows.start - 1..rows.end - 1]];
        let done = self.average.slide_ranges(bars, &mut averages[rows.clone()]);
        if done {
            self.range.before = close[rows.end - 1];
        }
        done
    }
}
