//! Ticks of one symbol as columns (T, Q).

use crate::column::Column;
use crate::error::Error;
use crate::instrument::Instrument;
use crate::market::bars::{is_price, widen};
use crate::market::quote::Bar;

/// Ticks of one symbol, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct TickSeries {
    symbol: String,
    time: Column<i64>,
    bid: Column<f64>,
    ask: Column<f64>,
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
        let series = Self { symbol: symbol.into(), time, bid, ask };
        series.check_lengths()?;
        if !series.sound() {
            return Err(series.first_breach());
        }
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
        Self { bid: bid.into(), ask: ask.into(), ..self.clone() }
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

    fn sound(&self) -> bool {
        let view = self.view();
        let rising = view.time.windows(2).fold(true, |sound, pair| sound & (pair[0] <= pair[1]));
        view.bid
            .iter()
            .zip(view.ask)
            .fold(rising, |sound, (bid, ask)| sound & (*bid > 0.0) & (ask >= bid) & (*ask < f64::INFINITY))
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

impl TicksView<'_> {
    /// G6: the tick of a row as a bar of four equal prices.
    #[inline]
    #[must_use]
    pub fn tick(&self, row: usize) -> Bar {
        Bar::tick(self.time[row], self.bid[row], self.ask[row])
    }
}
