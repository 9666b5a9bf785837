//! Bars of one symbol as columns (T, Q).

use crate::column::Column;
use crate::error::Error;
use crate::instrument::{Grid, Instrument};
use crate::market::quote::{Bar, Ohlc, Point};
use crate::market::range_index::{Extent, Extents, Prices, RangeIndex, BLOCK};
use crate::time::{most_frequent_distance, MINUTE};
use std::sync::Arc;

const POINTS: [&str; 4] = ["open", "high", "low", "close"];
const BID_COLUMNS: [&str; 4] = ["bid_open", "bid_high", "bid_low", "bid_close"];
const ASK_COLUMNS: [&str; 4] = ["ask_open", "ask_high", "ask_low", "ask_close"];

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

    fn slices(&self) -> [&[f64]; 4] {
        [self.open.as_slice(), self.high.as_slice(), self.low.as_slice(), self.close.as_slice()]
    }

    fn from_columns([open, high, low, close]: [Vec<f64>; 4]) -> Self {
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

/// Q2: which side a table of one side holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum OneSide {
    Bid,
    Ask,
    Mid,
}

/// Q2: what makes the other side.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// One distance for all bars.
    Pips(f64),
    /// A distance in price units for each bar.
    Price(Column<f64>),
}

/// The columns of a table of one side.
#[derive(Clone, Debug, PartialEq)]
pub struct OneSideColumns {
    /// Open times.
    pub time: Column<i64>,
    /// The prices that were given.
    pub prices: SideColumns,
    /// What makes the other side.
    pub spread: Spread,
    /// Traded or counted volume.
    pub volume: Option<Column<f64>>,
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
        let timeframe = timeframe.or_else(|| most_frequent_distance(time.as_slice())).unwrap_or(MINUTE);
        let mut series = Self { symbol, time, bid, ask, volume, timeframe, index: Arc::default() };
        series.check_lengths()?;
        let (sound, index) = series.checked();
        if !sound {
            return Err(series.first_breach());
        }
        series.index = Arc::new(index);
        Ok(series)
    }

    /// Q2: makes the other side from a spread; made prices go to the grid (Q5).
    ///
    /// # Errors
    /// Names the first bad spread, else what `new` finds.
    pub fn from_one_side(
        symbol: impl Into<String>,
        side: OneSide,
        columns: OneSideColumns,
        timeframe: Option<i64>,
        instrument: &Instrument,
    ) -> Result<Self, Error> {
        let symbol = symbol.into();
        let OneSideColumns { time, prices, spread, volume } = columns;
        let distance = Distance::new(&symbol, time.as_slice(), &spread, instrument)?;
        let grid = instrument.grid();
        let (bid, ask) = match side {
            OneSide::Bid => {
                let ask = distance.shifted(&prices, |bid, spread| grid.nearest(bid + spread).max(bid));
                (prices, ask)
            }
            OneSide::Ask => {
                let bid = distance.shifted(&prices, |ask, spread| grid.nearest(ask - spread).min(ask));
                (bid, prices)
            }
            OneSide::Mid => (
                distance.shifted(&prices, |mid, spread| grid.nearest(mid - spread / 2.0)),
                distance.shifted(&prices, |mid, spread| grid.nearest(mid + spread / 2.0)),
            ),
        };
        Self::new(symbol, time, bid, Some(ask), volume, timeframe)
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

    fn check_lengths(&self) -> Result<(), Error> {
        let expected = self.time.len();
        if expected == 0 {
            return Err(Error::EmptySeries { symbol: self.symbol.clone() });
        }
        let bid = BID_COLUMNS.into_iter().zip(self.bid.columns());
        let ask = self.ask.iter().flat_map(|ask| ASK_COLUMNS.into_iter().zip(ask.columns()));
        let volume = self.volume.iter().map(|volume| ("volume", volume));
        match bid.chain(ask).chain(volume).find(|(_, column)| column.len() != expected) {
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
        let mut blocks = Extents::with_capacity(self.len().div_ceil(BLOCK));
        let mut sound = true;
        for start in (0..self.len()).step_by(BLOCK) {
            let rows = start..self.len().min(start + BLOCK);
            sound &= rising(&view.time[start.saturating_sub(1)..rows.end]);
            let (extent, inside) = match view.whole_block(start) {
                Some((bid, ask)) => checked_block(bid.map(<[f64; BLOCK]>::as_slice), ask.map(<[f64; BLOCK]>::as_slice)),
                None => checked_block(
                    view.bid.map(|column| &column[rows.clone()]),
                    view.ask.map(|column| &column[rows.clone()]),
                ),
            };
            sound &= inside;
            blocks.push(extent);
        }
        (sound, RangeIndex::of_blocks(blocks))
    }

    fn first_breach(&self) -> Error {
        (0..self.len()).find_map(|row| self.row_breach(row)).unwrap_or_else(|| Error::Internal {
            message: format!("{}: the bars failed their check, yet every row is sound", self.symbol),
        })
    }

    fn row_breach(&self, row: usize) -> Option<Error> {
        let symbol = || self.symbol.clone();
        let view = self.view();
        let time = view.time[row];
        if row > 0 && time <= view.time[row - 1] {
            return Some(Error::BarsOutOfOrder { symbol: symbol(), row, time, previous: view.time[row - 1] });
        }
        let bad_bid = side_breach(&self.symbol, row, time, ("bid", BID_COLUMNS), view.bid);
        bad_bid.or_else(|| side_breach(&self.symbol, row, time, ("ask", ASK_COLUMNS), view.ask)).or_else(|| {
            (0..4).find(|&point| view.ask[point][row] < view.bid[point][row]).map(|point| Error::AskBelowBid {
                symbol: symbol(),
                row,
                time,
                point: POINTS[point],
                bid: view.bid[point][row],
                ask: view.ask[point][row],
            })
        })
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

/// Open, high, low and close of a whole block of one side.
type SideBlock<'a> = [&'a [f64; BLOCK]; 4];

impl<'a> BarsView<'a> {
    /// Highs and lows of both sides.
    #[must_use]
    pub fn prices(&self) -> Prices<'a> {
        Prices { bid_high: self.bid[1], ask_high: self.ask[1], bid_low: self.bid[2], ask_low: self.ask[2] }
    }

    /// The columns of a whole block, of a length that the compiler knows and makes vectors of.
    fn whole_block(&self, start: usize) -> Option<(SideBlock<'a>, SideBlock<'a>)> {
        let block = |column: &'a [f64]| column[start..].first_chunk::<BLOCK>();
        let side = |side: &[&'a [f64]; 4]| Some([block(side[0])?, block(side[1])?, block(side[2])?, block(side[3])?]);
        Some((side(&self.bid)?, side(&self.ask)?))
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

fn check_timeframe(symbol: &str, timeframe: Option<i64>) -> Result<(), Error> {
    match timeframe {
        Some(timeframe) if timeframe <= 0 => Err(Error::BadTimeframe { symbol: symbol.into(), timeframe }),
        _ => Ok(()),
    }
}

/// Q3 of a block of bars, and its extent.
#[inline(always)]
fn checked_block(
    [bid_open, bid_high, bid_low, bid_close]: [&[f64]; 4],
    [ask_open, ask_high, ask_low, ask_close]: [&[f64]; 4],
) -> (Extent, bool) {
    let extent = Prices { bid_high, ask_high, bid_low, ask_low }.extent();
    // A NaN is within no bounds, so the lowest bid and the highest ask speak for all.
    let sound = (extent.bid_low > 0.0)
        & (extent.ask_high < f64::INFINITY)
        & within(bid_low, bid_open, bid_high)
        & within(bid_low, bid_close, bid_high)
        & within(ask_low, ask_open, ask_high)
        & within(ask_low, ask_close, ask_high)
        & below(bid_open, ask_open)
        & below(bid_high, ask_high)
        & below(bid_low, ask_low)
        & below(bid_close, ask_close);
    (extent, sound)
}

/// T4: whether times rise strictly.
fn rising(times: &[i64]) -> bool {
    let later = times.get(1..).unwrap_or_default();
    times.iter().zip(later).fold(true, |sound, (one, next)| sound & (one < next))
}

/// Whether every middle value lies within its bounds.
#[inline(always)]
fn within(low: &[f64], middle: &[f64], high: &[f64]) -> bool {
    below(low, middle) & below(middle, high)
}

/// Whether no value is above its counterpart, which a NaN always is.
#[inline(always)]
fn below(lower: &[f64], upper: &[f64]) -> bool {
    lower.iter().zip(upper).fold(true, |sound, (lower, upper)| sound & (lower <= upper))
}

fn side_breach(
    symbol: &str,
    row: usize,
    time: i64,
    (side, columns): (&'static str, [&'static str; 4]),
    prices: [&[f64]; 4],
) -> Option<Error> {
    let prices = prices.map(|column| column[row]);
    let bad = columns.into_iter().zip(prices).find(|&(_, price)| !is_price(price));
    if let Some((column, value)) = bad {
        return Some(Error::BadPrice { symbol: symbol.into(), row, time, column, value });
    }
    let [open, high, low, close] = prices;
    let inside = low <= open && open <= high && low <= close && close <= high;
    (!inside).then(|| Error::BarInconsistent { symbol: symbol.into(), row, time, side, open, high, low, close })
}

/// Q3: finite and above zero.
pub(crate) fn is_price(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

/// The spread of each row, checked.
enum Distance<'a> {
    Constant(f64),
    Rows(&'a [f64]),
}

impl<'a> Distance<'a> {
    fn new(symbol: &str, times: &[i64], spread: &'a Spread, instrument: &Instrument) -> Result<Self, Error> {
        let bad = |row: usize, value: f64| Error::BadSpread {
            symbol: symbol.into(),
            row,
            time: times.get(row).copied().unwrap_or_default(),
            value,
        };
        let fine = |value: f64| value.is_finite() && value >= 0.0;
        match spread {
            Spread::Pips(pips) if fine(*pips) => Ok(Self::Constant(pips * instrument.pip_size)),
            Spread::Pips(pips) => Err(bad(0, *pips)),
            Spread::Price(column) => match column.as_slice().iter().position(|&value| !fine(value)) {
                Some(row) => Err(bad(row, column.as_slice()[row])),
                None if column.len() != times.len() => Err(Error::ColumnLength {
                    symbol: symbol.into(),
                    column: "spread".into(),
                    expected: times.len(),
                    found: column.len(),
                }),
                None => Ok(Self::Rows(column.as_slice())),
            },
        }
    }

    fn shifted(&self, prices: &SideColumns, shift: impl Fn(f64, f64) -> f64) -> SideColumns {
        SideColumns::from_columns(prices.slices().map(|column| match self {
            Self::Constant(spread) => column.iter().map(|&price| shift(price, *spread)).collect(),
            Self::Rows(spreads) => column.iter().zip(*spreads).map(|(&price, &spread)| shift(price, spread)).collect(),
        }))
    }
}

/// C2: `mid -+ distance * multiplier` on the grid, for one pair of prices.
pub(crate) fn widen(bid: f64, ask: f64, multiplier: f64, grid: Grid) -> (f64, f64) {
    let mid = (bid + ask) / 2.0;
    let distance = (ask - bid) / 2.0;
    (grid.nearest(mid - distance * multiplier), grid.nearest(mid + distance * multiplier))
}

/// C2: one bar with its spread multiplied.
pub(crate) fn widened_bar(bar: &Bar, multiplier: f64, grid: Grid) -> Bar {
    let pair = |point| widen(bar.bid.at(point), bar.ask.at(point), multiplier, grid);
    let pairs = [Point::Open, Point::High, Point::Low, Point::Close].map(pair);
    Bar { time: bar.time, bid: side_of(pairs.map(|(bid, _)| bid)), ask: side_of(pairs.map(|(_, ask)| ask)) }
}

fn side_of(prices: [f64; 4]) -> Ohlc {
    let [open, high, low, close] = spanned(prices);
    Ohlc { open, high, low, close }
}

/// Q3: checks one bar that comes alone; a tick is a bar of four equal prices.
///
/// # Errors
/// Names symbol, time and values of the breach.
pub(crate) fn check_bar(symbol: &str, bar: &Bar, has_ask: bool) -> Result<(), Error> {
    let sound = |side: &Ohlc| {
        (side.low > 0.0)
            & (side.low <= side.open)
            & (side.low <= side.close)
            & (side.open <= side.high)
            & (side.close <= side.high)
            & (side.high < f64::INFINITY)
    };
    let (bid, ask) = (&bar.bid, &bar.ask);
    let apart =
        (ask.open >= bid.open) & (ask.high >= bid.high) & (ask.low >= bid.low) & (ask.close >= bid.close) | !has_ask;
    if sound(bid) & (sound(ask) | !has_ask) & apart {
        return Ok(());
    }
    let column = |side: &Ohlc| SideColumns::from_columns([side.open, side.high, side.low, side.close].map(|p| vec![p]));
    let time = vec![bar.time].into();
    BarSeries::new(symbol, time, column(bid), has_ask.then(|| column(ask)), None, Some(MINUTE)).map(|_| ())
}

fn widened(bid: &SideColumns, ask: &SideColumns, multiplier: f64, grid: Grid) -> (SideColumns, SideColumns) {
    let rows = bid.open.len();
    let mut bids = [0; 4].map(|_| Vec::with_capacity(rows));
    let mut asks = [0; 4].map(|_| Vec::with_capacity(rows));
    let (bid, ask) = (bid.slices(), ask.slices());
    for row in 0..rows {
        let pairs = [0, 1, 2, 3].map(|point| widen(bid[point][row], ask[point][row], multiplier, grid));
        push_bar(&mut bids, pairs.map(|(bid, _)| bid));
        push_bar(&mut asks, pairs.map(|(_, ask)| ask));
    }
    (SideColumns::from_columns(bids), SideColumns::from_columns(asks))
}

/// C2: low and high become the extremes of the four prices.
fn push_bar(columns: &mut [Vec<f64>; 4], prices: [f64; 4]) {
    for (column, price) in columns.iter_mut().zip(spanned(prices)) {
        column.push(price);
    }
}

fn spanned(prices: [f64; 4]) -> [f64; 4] {
    let [open, _, _, close] = prices;
    let high = prices.into_iter().fold(open, f64::max);
    let low = prices.into_iter().fold(open, f64::min);
    [open, high, low, close]
}
