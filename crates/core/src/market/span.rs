//! Consecutive rows of a series, as slices.

use crate::market::quote::Quote;
use crate::market::series::Series;
use std::ops::Range;

/// The columns of consecutive bars that say what can happen in them; a tick's price is all of them.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Span<'a> {
    pub time: &'a [i64],
    pub bid_high: &'a [f64],
    pub bid_low: &'a [f64],
    pub bid_close: &'a [f64],
    pub ask_high: &'a [f64],
    pub ask_low: &'a [f64],
    pub ask_close: &'a [f64],
}

impl<'a> Span<'a> {
    /// Rows of a series.
    #[must_use]
    pub fn of(series: &'a Series, rows: Range<usize>) -> Self {
        match series {
            Series::Bars(bars) => {
                let view = bars.view();
                let ([_, bid_high, bid_low, bid_close], [_, ask_high, ask_low, ask_close]) = (view.bid, view.ask);
                Self { time: view.time, bid_high, bid_low, bid_close, ask_high, ask_low, ask_close }.part(rows)
            }
            Series::Ticks(ticks) => {
                let view = ticks.view();
                let (bid, ask) = (view.bid, view.ask);
                Self {
                    time: view.time,
                    bid_high: bid,
                    bid_low: bid,
                    bid_close: bid,
                    ask_high: ask,
                    ask_low: ask,
                    ask_close: ask,
                }
                .part(rows)
            }
        }
    }

    /// Some of its rows.
    #[must_use]
    pub fn part(&self, rows: Range<usize>) -> Self {
        Self {
            time: &self.time[rows.clone()],
            bid_high: &self.bid_high[rows.clone()],
            bid_low: &self.bid_low[rows.clone()],
            bid_close: &self.bid_close[rows.clone()],
            ask_high: &self.ask_high[rows.clone()],
            ask_low: &self.ask_low[rows.clone()],
            ask_close: &self.ask_close[rows],
        }
    }

    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// The closing quote of a row.
    #[must_use]
    pub fn close(&self, row: usize) -> Quote {
        Quote { bid: self.bid_close[row], ask: self.ask_close[row] }
    }

    /// Highest and lowest bid.
    #[must_use]
    pub fn bid_range(&self) -> Option<(f64, f64)> {
        (!self.is_empty()).then(|| (highest(self.bid_high), lowest(self.bid_low)))
    }

    /// Highest and lowest ask.
    #[must_use]
    pub fn ask_range(&self) -> Option<(f64, f64)> {
        (!self.is_empty()).then(|| (highest(self.ask_high), lowest(self.ask_low)))
    }
}

fn highest(prices: &[f64]) -> f64 {
    prices.iter().fold(f64::NEG_INFINITY, |best, &price| if price > best { price } else { best })
}

fn lowest(prices: &[f64]) -> f64 {
    prices.iter().fold(f64::INFINITY, |best, &price| if price < best { price } else { best })
}
