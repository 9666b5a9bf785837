//! Bars of one symbol as columns (T, Q).

use crate::column::Column;
use crate::error::Error;
use crate::instrument::Instrument;
use crate::market::bar_checks::check_timeframe;
use crate::market::bar_pass::Findings;
use crate::market::quote::{Bar, Ohlc};
use crate::market::range_index::{Prices, RangeIndex};
use crate::market::widening::widened;
use crate::time::MINUTE;
use std::sync::Arc;

pub use crate::market::one_side::{OneSide, OneSideColumns, Spread};

/// The four prices of one side.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct SideColumns {
    pub open: Column<f64>,
    pub high: Column<f64>,
    pub low: Column<f64>,
    pub close: Column<f64>,
}

impl SideColumns {
    /// The four columns: open, high, low, close.
    #[must_use]
    pub fn columns(&self) -> [&Column<f64>; 4] {
        [&self.open, &self.high, &self.low, &self.close]
    }

    pub(super) fn slices(&self) -> [&[f64]; 4] {
        [self.open.as_slice(), self.high.as_slice(), self.low.as_slice(), self.close.as_slice()]
    }

    pub(super) fn from_columns([open, high, low, close]: [Vec<f64>; 4]) -> Self {
        Self { open: open.into(), high: high.into(), low: low.into(), close: close.into() }
    }
}

/// Bars of one symbol, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct BarSeries {
    symbol: String,
    time: Column<i64>,
    bid: SideColumns,
    ask: Option<SideColumns>,
    volume: Option<Column<f64>>,
    timeframe: i64,
    index: Arc<RangeIndex>,
}

impl BarSeries {
    /// Checks the columns (T4, Q3) and takes them.
    ///
    /// The timeframe, where none is given, is T2's most frequent distance; one minute where there is a single bar.
    ///
    /// # Errors
    /// Names symbol, row, time and values of the first breach.
    pub fn new(
        symbol: impl Into<String>,
        time: Column<i64>,
        bid: SideColumns,
        ask: Option<SideColumns>,
        volume: Option<Column<f64>>,
        timeframe: Option<i64>,
    ) -> Result<Self, Error> {
        let symbol = symbol.into();
        check_timeframe(&symbol, timeframe)?;
        let known = timeframe.unwrap_or(MINUTE);
        let mut series = Self { symbol, time, bid, ask, volume, timeframe: known, index: Arc::default() };
        series.check_lengths()?;
        let found = Findings::of(series.view(), timeframe);
        if !found.sound {
            return Err(series.first_breach());
        }
        series.timeframe = found.distance.unwrap_or(known);
        series.index = Arc::new(found.index);
        Ok(series)
    }

    /// C2: the same bars with every spread multiplied.
    #[must_use]
    pub fn with_spread_multiplier(&self, multiplier: f64, instrument: &Instrument) -> Self {
        let mut series = self.clone();
        if let (Some(ask), true) = (&self.ask, multiplier != 1.0) {
            let (bid, ask) = widened(&self.bid, ask, multiplier, instrument.grid());
            series.bid = bid;
            series.ask = Some(ask);
            series.index = Arc::new(RangeIndex::of(&series.view().prices()));
        }
        series
    }

    /// The same bars under another name; the columns are shared.
    #[must_use]
    pub fn with_symbol(&self, symbol: impl Into<String>) -> Self {
        Self { symbol: symbol.into(), ..self.clone() }
    }

    /// Whose bars they are.
    #[must_use]
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// How many bars there are; never none.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// T2: what a bar covers, in nanoseconds.
    #[must_use]
    pub fn timeframe(&self) -> i64 {
        self.timeframe
    }

    /// Open times.
    #[must_use]
    pub fn times(&self) -> &[i64] {
        self.time.as_slice()
    }

    /// The column of open times.
    #[must_use]
    pub fn time_column(&self) -> &Column<i64> {
        &self.time
    }

    /// The bid side.
    #[must_use]
    pub fn bid(&self) -> &SideColumns {
        &self.bid
    }

    /// The ask side, where there is one.
    #[must_use]
    pub fn ask(&self) -> Option<&SideColumns> {
        self.ask.as_ref()
    }

    /// The volume, where there is one.
    #[must_use]
    pub fn volume(&self) -> Option<&Column<f64>> {
        self.volume.as_ref()
    }

    /// Q4: whether there are ask prices.
    #[must_use]
    pub fn has_ask(&self) -> bool {
        self.ask.is_some()
    }

    /// The columns as slices, for loops.
    #[must_use]
    pub fn view(&self) -> BarsView<'_> {
        BarsView { time: self.times(), bid: self.bid.slices(), ask: self.ask.as_ref().unwrap_or(&self.bid).slices() }
    }

    /// Highest and lowest prices of blocks of bars.
    #[must_use]
    pub fn index(&self) -> &RangeIndex {
        &self.index
    }
}

/// The columns of a series as slices; ask is bid where there is no ask.
#[derive(Clone, Copy, Debug)]
pub struct BarsView<'a> {
    /// Open times.
    pub time: &'a [i64],
    /// Bid open, high, low, close.
    pub bid: [&'a [f64]; 4],
    /// Ask open, high, low, close.
    pub ask: [&'a [f64]; 4],
}

impl<'a> BarsView<'a> {
    /// Highs and lows of both sides.
    #[must_use]
    pub fn prices(&self) -> Prices<'a> {
        Prices { bid_high: self.bid[1], ask_high: self.ask[1], bid_low: self.bid[2], ask_low: self.ask[2] }
    }

    /// The bar of a row.
    #[inline]
    #[must_use]
    pub fn bar(&self, row: usize) -> Bar {
        Bar { time: self.time[row], bid: ohlc(&self.bid, row), ask: ohlc(&self.ask, row) }
    }
}

#[inline]
fn ohlc(side: &[&[f64]; 4], row: usize) -> Ohlc {
    Ohlc { open: side[0][row], high: side[1][row], low: side[2][row], close: side[3][row] }
}
