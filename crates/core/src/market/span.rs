//! The columns of a series, looked up once, and consecutive rows of them under the series' index.

use crate::market::quote::{Bar, Ohlc, Quote};
use crate::market::range_index::{Extent, Levels, Prices, RangeIndex};
use crate::market::series::Series;
use crate::market::side::Side;
use crate::sorted::below;
use crate::wide::fetch_at;
use std::ops::Range;

/// The columns of a series as slices; a tick's price is all four.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    time: &'a [i64],
    bid: [&'a [f64]; 4],
    ask: [&'a [f64]; 4],
    index: &'a RangeIndex,
    ticks: bool,
    timeframe: i64,
}

/// Consecutive rows of a series.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    rows: &'a Rows<'a>,
    start: usize,
    end: usize,
}

impl<'a> Rows<'a> {
    /// All rows of a series.
    #[must_use]
    pub fn of(series: &'a Series) -> Self {
        let (bid, ask) = match series {
            Series::Bars(bars) => (bars.view().bid, bars.view().ask),
            Series::Ticks(ticks) => ([ticks.view().bid; 4], [ticks.view().ask; 4]),
        };
        Self {
            time: series.times(),
            bid,
            ask,
            index: series.index(),
            ticks: series.is_ticks(),
            timeframe: series.timeframe(),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// Their times.
    #[must_use]
    pub fn times(&self) -> &'a [i64] {
        self.time
    }

    /// A row as a bar.
    #[inline(always)]
    #[must_use]
    pub fn bar(&self, row: usize) -> Bar {
        Bar { time: self.time[row], bid: ohlc(&self.bid, row), ask: ohlc(&self.ask, row) }
    }

    /// Some of them.
    #[must_use]
    pub fn span(&'a self, rows: Range<usize>) -> Span<'a> {
        Span { rows: self, start: rows.start, end: rows.end }
    }

    /// Those from a row on whose times are before a moment.
    #[must_use]
    pub fn span_until(&'a self, row: usize, moment: i64) -> Span<'a> {
        let ahead = self.span(row..self.len());
        ahead.first_rows(ahead.rows_before(0, moment))
    }

    /// T2: what a row covers; 0 for ticks.
    #[must_use]
    pub fn timeframe(&self) -> i64 {
        self.timeframe
    }

    /// The closing quote of a row.
    #[inline(always)]
    #[must_use]
    pub fn close(&self, row: usize) -> Quote {
        Quote { bid: self.bid[3][row], ask: self.ask[3][row] }
    }

    fn prices(&self) -> Prices<'a> {
        Prices { bid_high: self.bid[1], ask_high: self.ask[1], bid_low: self.bid[2], ask_low: self.ask[2] }
    }
}

#[inline(always)]
fn ohlc(side: &[&[f64]; 4], row: usize) -> Ohlc {
    Ohlc { open: side[0][row], high: side[1][row], low: side[2][row], close: side[3][row] }
}

/// Times and opening quotes of consecutive rows.
#[derive(Clone, Copy, Debug)]
pub struct Opens<'a> {
    time: &'a [i64],
    bid: &'a [f64],
    ask: &'a [f64],
}

impl Opens<'_> {
    /// The time of a row and the quote at it.
    #[inline(always)]
    #[must_use]
    pub fn at(&self, row: usize) -> (i64, Quote) {
        (self.time[row], Quote { bid: self.bid[row], ask: self.ask[row] })
    }
}

impl<'a> Span<'a> {
    /// Its first rows.
    #[must_use]
    pub fn first_rows(&self, rows: usize) -> Self {
        Self { end: self.start + rows, ..*self }
    }

    /// Some of its rows.
    #[must_use]
    pub fn part(&self, rows: Range<usize>) -> Self {
        Self { start: self.start + rows.start, end: self.start + rows.end, ..*self }
    }

    /// All rows of its series.
    #[must_use]
    pub fn all_rows(&self) -> &'a Rows<'a> {
        self.rows
    }

    /// How many rows of its series come before it.
    #[must_use]
    pub fn rows_behind(&self) -> usize {
        self.start
    }

    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The times of its rows.
    #[must_use]
    pub fn times(&self) -> &'a [i64] {
        &self.rows.time[self.start..self.end]
    }

    /// Whether its rows are ticks, whose times may repeat.
    #[must_use]
    pub fn are_ticks(&self) -> bool {
        self.rows.ticks
    }

    /// T2: what a row covers; 0 for ticks.
    #[must_use]
    pub fn timeframe(&self) -> i64 {
        self.rows.timeframe()
    }

    /// Closing bids and asks.
    #[must_use]
    pub fn closes(&self) -> (&'a [f64], &'a [f64]) {
        (&self.rows.bid[3][self.start..self.end], &self.rows.ask[3][self.start..self.end])
    }

    /// Rows before the first one from `from` on whose time is at or after a moment.
    #[must_use]
    pub fn rows_before(&self, from: usize, moment: i64) -> usize {
        from + below(&self.times()[from..], moment)
    }

    /// A row as a bar.
    #[inline]
    #[must_use]
    pub fn bar(&self, row: usize) -> Bar {
        self.rows.bar(self.start + row)
    }

    /// Asks for the memory of a row's time and opening quote.
    #[inline(always)]
    pub fn fetch_open(&self, row: usize) {
        let row = self.start + row;
        fetch_at(self.rows.time, row);
        fetch_at(self.rows.bid[0], row);
        fetch_at(self.rows.ask[0], row);
    }

    /// Asks for the memory that an entry at the open of a row, and the search for its exit, begin with.
    #[inline(always)]
    pub fn fetch_entry(&self, row: usize, side: Side) {
        self.fetch_open(row);
        self.rows.index.fetch(&self.rows.prices(), self.start + row, side == Side::Long);
    }

    /// Asks for the memory of an exit in a row.
    #[inline(always)]
    pub fn fetch_exit(&self, row: usize, side: Side) {
        let row = self.start + row;
        fetch_at(self.rows.time, row);
        fetch_at(self.closing(side)[0], row);
    }

    /// The columns of the prices at which a side leaves.
    #[inline(always)]
    fn closing(&self, side: Side) -> &[&'a [f64]; 4] {
        match side {
            Side::Long => &self.rows.bid,
            Side::Short => &self.rows.ask,
        }
    }

    /// Times and opening quotes of its rows.
    #[inline(always)]
    #[must_use]
    pub fn opens(&self) -> Opens<'a> {
        let rows = self.start..self.end;
        Opens {
            time: &self.rows.time[rows.clone()],
            bid: &self.rows.bid[0][rows.clone()],
            ask: &self.rows.ask[0][rows],
        }
    }

    /// A row as a bar whose prices are all of the side at which a position leaves.
    #[inline(always)]
    #[must_use]
    pub fn closing_bar(&self, row: usize, side: Side) -> Bar {
        let prices = ohlc(self.closing(side), self.start + row);
        Bar { time: self.times()[row], bid: prices, ask: prices }
    }

    /// The opening quote of a row.
    #[must_use]
    pub fn open(&self, row: usize) -> Quote {
        Quote { bid: self.rows.bid[0][self.start + row], ask: self.rows.ask[0][self.start + row] }
    }

    /// The closing quote of a row.
    #[must_use]
    pub fn close(&self, row: usize) -> Quote {
        self.rows.close(self.start + row)
    }

    /// High less low of the bid in a row.
    #[must_use]
    pub fn bid_range(&self, row: usize) -> f64 {
        self.rows.bid[1][self.start + row] - self.rows.bid[2][self.start + row]
    }

    /// Highest and lowest prices of its rows, of the sides that are asked for.
    #[must_use]
    pub fn extent(&self, bid: bool, ask: bool) -> Extent {
        self.rows.index.extent(&self.rows.prices(), self.start..self.end, [bid, ask])
    }

    /// The first row that touches a level, and the extent of one side of the rows before it.
    #[must_use]
    pub fn first_touch_and_extent(&self, levels: &Levels, bid: bool) -> (Option<usize>, Extent) {
        let (index, prices) = (self.rows.index, self.rows.prices());
        let (row, extent) = index.first_touch_and_extent(&prices, self.start..self.end, levels, [bid, !bid]);
        (row.map(|row| row - self.start), extent)
    }

    /// The first row that touches a level.
    #[must_use]
    pub fn first_touch(&self, levels: &Levels) -> Option<usize> {
        self.rows.index.first_touch(&self.rows.prices(), self.start..self.end, levels).map(|row| row - self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::ticks::TickSeries;

    #[test]
    fn the_rows_before_any_moment_equal_a_count() {
        let even: Vec<i64> = (0..300).map(|row| 10 * row).collect();
        let gapped: Vec<i64> = (0..300).map(|row| 10 * row + if row > 130 { 5_000 } else { 0 }).collect();
        let dense: Vec<i64> = (0..300).map(|row| row / 7 * 3).collect();
        let sparse_first: Vec<i64> = (0..300).map(|row| if row == 0 { 0 } else { 1_000 + row }).collect();
        for times in [even, gapped, dense, sparse_first, vec![5], vec![5, 5]] {
            let prices = vec![1.0; times.len()];
            let ticks = TickSeries::new("EURUSD", times.clone().into(), prices.clone().into(), prices.into()).unwrap();
            let series = Series::Ticks(ticks);
            let rows = Rows::of(&series);
            for start in [0, 1, 100, 299].into_iter().filter(|&start| start < times.len()) {
                let span = rows.span(start..times.len());
                for from in [0, 1, 64, 150].into_iter().filter(|&from| from <= span.len()) {
                    for moment in [i64::MIN, -1, 0, 1, 5, 6, 10, 11, 999, 1_305, 1_311, 6_400, 7_000, 9_999, i64::MAX] {
                        let counted = from + span.times()[from..].iter().filter(|&&time| time < moment).count();
                        assert_eq!(span.rows_before(from, moment), counted, "{from} {moment}");
                    }
                }
            }
        }
    }
}
