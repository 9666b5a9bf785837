//! What bars must be like (T4, Q3).

use crate::error::Error;
use crate::market::bars::{BarSeries, SideColumns};
use crate::market::quote::{Bar, Ohlc};
use crate::time::MINUTE;

const POINTS: [&str; 4] = ["open", "high", "low", "close"];
const BID_COLUMNS: [&str; 4] = ["bid_open", "bid_high", "bid_low", "bid_close"];
const ASK_COLUMNS: [&str; 4] = ["ask_open", "ask_high", "ask_low", "ask_close"];

impl BarSeries {
    pub(super) fn check_lengths(&self) -> Result<(), Error> {
        let expected = self.len();
        if expected == 0 {
            return Err(Error::EmptySeries { symbol: self.symbol().into() });
        }
        let bid = BID_COLUMNS.into_iter().zip(self.bid().columns());
        let ask = self.ask().into_iter().flat_map(|ask| ASK_COLUMNS.into_iter().zip(ask.columns()));
        let volume = self.volume().into_iter().map(|volume| ("volume", volume));
        match bid.chain(ask).chain(volume).find(|(_, column)| column.len() != expected) {
            None => Ok(()),
            Some((column, values)) => Err(Error::ColumnLength {
                symbol: self.symbol().into(),
                column: column.into(),
                expected,
                found: values.len(),
            }),
        }
    }

    /// The first row that is not sound.
    pub(super) fn first_breach(&self) -> Error {
        (0..self.len()).find_map(|row| self.row_breach(row)).unwrap_or_else(|| Error::Internal {
            message: format!("{}: the bars failed their check, yet every row is sound", self.symbol()),
        })
    }

    fn row_breach(&self, row: usize) -> Option<Error> {
        let symbol = || self.symbol().to_owned();
        let view = self.view();
        let time = view.time[row];
        if row > 0 && time <= view.time[row - 1] {
            return Some(Error::BarsOutOfOrder { symbol: symbol(), row, time, previous: view.time[row - 1] });
        }
        let bad_bid = side_breach(self.symbol(), row, time, ("bid", BID_COLUMNS), view.bid);
        bad_bid.or_else(|| side_breach(self.symbol(), row, time, ("ask", ASK_COLUMNS), view.ask)).or_else(|| {
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
pub(super) fn is_price(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

/// T2: a bar covers some time.
pub(super) fn check_timeframe(symbol: &str, timeframe: Option<i64>) -> Result<(), Error> {
    match timeframe {
        Some(timeframe) if timeframe <= 0 => Err(Error::BadTimeframe { symbol: symbol.into(), timeframe }),
        _ => Ok(()),
    }
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
