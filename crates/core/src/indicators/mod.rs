//! Indicators: one `update` each, from which whole columns, streams and the cache are made.
//!
//! Laws that hold for every one of them, and that tests check:
//! a value depends on its row and the rows before it; what is not yet known is NaN; a row whose input is missing (NaN or
//! infinite) is NaN, and afterwards a window is NaN until it has left it, while a recursion goes on from where it was.
//! What divides nothing by nothing, such as an oscillator in a market that stands still, is NaN and not a number
//! made up for it.

pub mod average;
pub mod bands;
pub mod cache;
pub mod cluster;
pub mod definition;
pub mod deviation;
pub mod direction;
pub mod frame;
pub mod garch;
pub mod kalman;
pub mod moments;
pub mod momentum;
pub mod oscillator;
pub mod range;
pub mod registry;
pub mod row;
pub mod session;
pub mod smoothing;
pub mod streaming;
pub mod supertrend;
pub mod volume;
pub mod window;

pub use row::Row;

/// Something that is computed row by row and knows nothing of later rows.
pub trait Indicator: Clone {
    /// What it reads of a row.
    type Input: Row;
    /// What it knows after a row.
    type Output: Row;

    /// Takes the next row and returns the value at it.
    fn update(&mut self, input: Self::Input) -> Self::Output;

    /// The values of many rows at once.
    fn fill(&mut self, columns: <Self::Input as Row>::Columns<'_>, rows: usize) -> Vec<Vec<f64>> {
        // A copy that nobody else can see lives in registers.
        let mut indicator = self.clone();
        let values = Self::Output::collect(rows, |row| indicator.update(Self::Input::at(&columns, row)));
        *self = indicator;
        values
    }
}

/// A quotient; NaN where there is nothing to divide by.
#[must_use]
#[inline]
pub(crate) fn ratio(dividend: f64, divisor: f64) -> f64 {
    if divisor == 0.0 {
        f64::NAN
    } else {
        dividend / divisor
    }
}

/// The price that stands for a bar.
#[must_use]
#[inline]
pub(crate) fn typical_price(high: f64, low: f64, close: f64) -> f64 {
    (high + low + close) / 3.0
}
