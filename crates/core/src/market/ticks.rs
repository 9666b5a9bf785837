//! Ticks of one symbol as columns (T, Q).

use crate::column::Column;
use crate::error::Error;
use crate::instrument::Instrument;
use crate::market::bar_checks::is_price;
use crate::market::extents::{Prices, Slots};
use crate::market::indexing::{indexed, PIECE};
use crate::market::quote::Bar;
use crate::market::range_index::{RangeIndex, BLOCK};
use crate::market::widening::widen;
use std::ops::Range;
use std::sync::Arc;

/// Ticks of one symbol, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct TickSeries {
    symbol: String,
    time: Column<i64>,
    bid: Column<f64>,
    ask: Column<f64>,
    index: Arc<RangeIndex>,
}

impl TickSeries {
    /// Checks the columns (T4, Q3) and takes them.
    ///
    /// # Errors
    /// Names symbol, row, time and values of the first breach.
    pub fn new(
        symbol: impl Into<String>,
        time: Column<i64>,
        bid: Column<f64>,
        ask: Column<f64>,
    ) -> Result<Self, Error> {
        let mut series = Self { symbol: symbol.into(), time, bid, ask, index: Arc::default() };
        series.check_lengths()?;
        let (sound, index) = series.checked();
        if !sound {
            return Err(series.first_breach());
        }
        series.index = Arc::new(index);
        Ok(series)
    }

    /// C2: the same ticks with every spread multiplied.
    #[must_use]
    pub fn with_spread_multiplier(&self, multiplier: f64, instrument: &Instrument) -> Self {
        if multiplier == 1.0 {
            return self.clone();
        }
        let grid = instrument.grid();
        let view = self.view();
        let pairs = view.bid.iter().zip(view.ask).map(|(&bid, &ask)| widen(bid, ask, multiplier, grid));
        let (bid, ask): (Vec<_>, Vec<_>) = pairs.unzip();
        let mut series = Self { bid: bid.into(), ask: ask.into(), ..self.clone() };
        series.index = Arc::new(RangeIndex::of(&series.view().prices()));
        series
    }

    /// The same ticks under another name; the columns are shared.
    #[must_use]
    pub fn with_symbol(&self, symbol: impl Into<String>) -> Self {
        Self { symbol: symbol.into(), ..self.clone() }
    }

    /// Whose ticks they are.
    #[must_use]
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// How many ticks there are; never none.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Times of the ticks.
    #[must_use]
    pub fn times(&self) -> &[i64] {
        self.time.as_slice()
    }

    /// The column of times.
    #[must_use]
    pub fn time_column(&self) -> &Column<i64> {
        &self.time
    }

    /// The bid column.
    #[must_use]
    pub fn bid(&self) -> &Column<f64> {
        &self.bid
    }

    /// The ask column.
    #[must_use]
    pub fn ask(&self) -> &Column<f64> {
        &self.ask
    }

    /// The columns as slices, for loops.
    #[must_use]
    pub fn view(&self) -> TicksView<'_> {
        TicksView { time: self.times(), bid: self.bid.as_slice(), ask: self.ask.as_slice() }
    }

    /// Highest and lowest prices of blocks of ticks.
    #[must_use]
    pub fn index(&self) -> &RangeIndex {
        &self.index
    }

    fn check_lengths(&self) -> Result<(), Error> {
        let expected = self.time.len();
        if expected == 0 {
            return Err(Error::EmptySeries { symbol: self.symbol.clone() });
        }
        match [("bid", &self.bid), ("ask", &self.ask)].into_iter().find(|(_, column)| column.len() != expected) {
            None => Ok(()),
            Some((column, values)) => Err(Error::ColumnLength {
                symbol: self.symbol.clone(),
                column: column.into(),
                expected,
                found: values.len(),
            }),
        }
    }

    /// T4, Q3, and the index, in one pass.
    fn checked(&self) -> (bool, RangeIndex) {
        let view = self.view();
        let (sound, index) = indexed(self.len(), PIECE, |rows, slots| view.sound(rows, slots));
        (sound.into_iter().all(|sound| sound), index)
    }

    fn first_breach(&self) -> Error {
        (0..self.len()).find_map(|row| self.row_breach(row)).unwrap_or_else(|| Error::Internal {
            message: format!("{}: the ticks failed their check, yet every row is sound", self.symbol),
        })
    }

    fn row_breach(&self, row: usize) -> Option<Error> {
        let view = self.view();
        let symbol = || self.symbol.clone();
        let (time, bid, ask) = (view.time[row], view.bid[row], view.ask[row]);
        if row > 0 && time < view.time[row - 1] {
            return Some(Error::TicksOutOfOrder { symbol: symbol(), row, time, previous: view.time[row - 1] });
        }
        if let Some((column, value)) = [("bid", bid), ("ask", ask)].into_iter().find(|&(_, price)| !is_price(price)) {
            return Some(Error::BadPrice { symbol: symbol(), row, time, column, value });
        }
        (ask < bid).then(|| Error::AskBelowBid { symbol: symbol(), row, time, point: "tick", bid, ask })
    }
}

/// The columns of a series as slices.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct TicksView<'a> {
    pub time: &'a [i64],
    pub bid: &'a [f64],
    pub ask: &'a [f64],
}

impl<'a> TicksView<'a> {
    /// Highs and lows: the ticks themselves.
    #[must_use]
    pub fn prices(&self) -> Prices<'a> {
        Prices { bid_high: self.bid, ask_high: self.ask, bid_low: self.bid, ask_low: self.ask }
    }

    /// Whether some rows, which start at a block, are sound (T4, Q3); fills in the extents of their blocks.
    fn sound(&self, rows: Range<usize>, mut slots: Slots) -> bool {
        let mut sound = true;
        for (at, start) in rows.clone().step_by(BLOCK).enumerate() {
            let block = start..rows.end.min(start + BLOCK);
            let (bid, ask) = (&self.bid[block.clone()], &self.ask[block.clone()]);
            let rising = self.time[start.saturating_sub(1)..block.end].windows(2);
            sound &= rising.fold(true, |sound, pair| sound & (pair[0] <= pair[1]));
            sound &= bid.iter().zip(ask).fold(true, |sound, (bid, ask)| sound & (ask >= bid));
            let extent = self.prices().part(block).extent();
            // A NaN is in no order, so the highest and the lowest price speak for all.
            sound &= (extent.bid_low > 0.0) & (extent.ask_high < f64::INFINITY);
            slots.set(at, extent);
        }
        sound
    }

    /// G6: the tick of a row as a bar of four equal prices.
    #[inline]
    #[must_use]
    pub fn tick(&self, row: usize) -> Bar {
        Bar::tick(self.time[row], self.bid[row], self.ask[row])
    }
}
