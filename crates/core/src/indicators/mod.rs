//! Indicators: one `update` each, from which whole columns, streams and the cache are made.
//!
//! Laws that hold for every one of them, and that tests check:
//! a value depends on its row and the rows before it; what is not yet known is NaN; a row whose input is missing (NaN or
//! infinite) is NaN, and afterwards a window is NaN until it has left it, while a recursion goes on from where it was.
//! What divides nothing by nothing, such as an oscillator in a market that stands still, is NaN and not a number
//! made up for it.

pub mod average;
pub mod bands;
mod blocks;
pub mod cache;
pub mod cci;
pub mod cluster;
pub mod definition;
pub mod deviation;
pub mod direction;
pub mod extreme;
pub mod frame;
pub mod garch;
pub mod kalman;
pub mod lag;
pub mod moments;
pub mod momentum;
pub mod oscillator;
pub mod range;
// Elsewhere there is no register of four numbers to run it with.
#[cfg_attr(not(target_arch = "x86_64"), allow(unused_variables, unreachable_code))]
mod range_pass;
mod recursion;
pub mod registry;
pub mod row;
pub mod session;
pub mod smoothing;
pub mod streaming;
pub mod supertrend;
mod sweep;
pub mod volume;
pub mod weighted;
pub mod window;

pub use row::{Row, CHUNK};

/// Something that is computed row by row and knows nothing of later rows.
pub trait Indicator: Clone {
    /// What it reads of a row.
    type Input: Row;
    /// What it knows after a row.
    type Output: Row;

    /// Takes the next row and returns the value at it.
    fn update(&mut self, input: Self::Input) -> Self::Output;

    /// How many rows it would like to take at once next.
    #[inline]
    fn rows_at_once(&self) -> usize {
        CHUNK
    }

    /// Takes a chunk of rows at once: to the bit what `update` gives row by row, with one NaN (R1).
    #[inline(always)]
    fn update_rows(
        &mut self,
        columns: <Self::Input as Row>::Columns<'_>,
        values: &mut <Self::Output as Row>::Places<'_>,
    ) {
        one_by_one(self, columns, values);
    }

    /// Puts down the values of whole columns.
    #[inline(always)]
    fn fill(&mut self, columns: <Self::Input as Row>::Columns<'_>, mut places: <Self::Output as Row>::Places<'_>) {
        // A copy that nobody else can see may live in registers.
        let mut indicator = self.clone();
        let rows = Self::Input::count(columns);
        let mut start = 0;
        while start < rows {
            let range = start..rows.min(start + indicator.rows_at_once());
            start = range.end;
            let mut part = Self::Output::part(&mut places, range.clone());
            indicator.update_rows(Self::Input::rows(columns, range), &mut part);
        }
        *self = indicator;
    }
}

/// What every indicator can do with many rows.
#[inline]
fn one_by_one<I: Indicator>(
    indicator: &mut I,
    columns: <I::Input as Row>::Columns<'_>,
    values: &mut <I::Output as Row>::Places<'_>,
) {
    for row in 0..I::Input::count(columns) {
        indicator.update(I::Input::at(columns, row)).put(values, row);
    }
}

/// The larger of two numbers that are there.
#[inline]
pub(crate) fn larger(one: f64, other: f64) -> f64 {
    if one > other {
        one
    } else {
        other
    }
}

/// The smaller of two numbers that are there.
#[inline]
pub(crate) fn smaller(one: f64, other: f64) -> f64 {
    if one < other {
        one
    } else {
        other
    }
}

/// A quotient; NaN where there is nothing to divide by.
#[must_use]
#[inline]
pub(crate) fn ratio(dividend: f64, divisor: f64) -> f64 {
    let quotient = dividend / divisor;
    if (divisor == 0.0) | quotient.is_nan() {
        f64::NAN
    } else {
        quotient
    }
}

/// The price that stands for a bar.
#[must_use]
#[inline]
pub(crate) fn typical_price(high: f64, low: f64, close: f64) -> f64 {
    (high + low + close) / 3.0
}
