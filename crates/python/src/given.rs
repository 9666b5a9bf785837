//! Bars and ticks as a step takes them, one by one or from a table.

use omegasim_core::engine::stepwise::Stepwise;
use omegasim_core::error::Error;
use omegasim_core::execution::simulator::StepBar;
use omegasim_core::market::quote::{Bar, Ohlc};
use omegasim_core::market::series::Series;
use pyo3::prelude::*;

use crate::arrow::{Batches, Frame};
use crate::records::{input, Input};
use crate::simulate::series_of;

const BARS: [&str; 11] = [
    "symbol",
    "time",
    "bid_open",
    "bid_high",
    "bid_low",
    "bid_close",
    "ask_open",
    "ask_high",
    "ask_low",
    "ask_close",
    "volume",
];
const TICKS: [&str; 4] = ["symbol", "time", "bid", "ask"];

/// A bar or tick with all that a step wants to know of it.
pub struct Given {
    input: Input,
    last: bool,
    timeframe: Option<i64>,
    finer: Vec<Series>,
}

impl Given {
    pub fn new(
        bar: &Bound<'_, PyAny>,
        symbol: Option<&str>,
        last: bool,
        timeframe: Option<i64>,
        finer: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut input = input(bar)?;
        if let Some(symbol) = symbol {
            input.symbol = Some(symbol.into());
        }
        let finer = match finer {
            None => Vec::new(),
            Some(finer) => match finer.extract::<Vec<Bound<'_, PyAny>>>() {
                Ok(several) => several.iter().map(series_of).collect::<PyResult<_>>()?,
                Err(_) => vec![series_of(finer)?],
            },
        };
        Ok(Self { input, last, timeframe, finer })
    }

    pub fn item(&self, stepwise: &Stepwise) -> Result<StepBar<'_>, Error> {
        Ok(self.item_of(symbol_of(stepwise, self.input.symbol.as_deref())?))
    }

    fn item_of(&self, symbol: usize) -> StepBar<'_> {
        StepBar {
            symbol,
            bar: self.input.bar,
            tick: self.input.tick,
            has_ask: self.input.has_ask,
            last: self.last,
            timeframe: self.timeframe.unwrap_or(0),
            finer: &self.finer,
        }
    }
}

/// Index of a named symbol; of the only one where none is named.
pub fn symbol_of(stepwise: &Stepwise, name: Option<&str>) -> Result<usize, Error> {
    match (name, stepwise.symbols()) {
        (Some(name), _) => stepwise.symbol(name),
        (None, [_]) => Ok(0),
        (None, several) => Err(Error::Argument {
            what: "symbol".into(),
            message: format!("missing; expected one of {}", several.join(", ")),
        }),
    }
}

/// A bar without a symbol is one of the ticket's.
pub fn for_ticket<'a>(stepwise: &Stepwise, ticket: u64, bar: &'a Given) -> Result<StepBar<'a>, Error> {
    match &bar.input.symbol {
        Some(_) => bar.item(stepwise),
        None => Ok(bar.item_of(stepwise.symbol_of(ticket)?)),
    }
}

/// Bars or ticks of a table, row by row.
pub fn rows(batches: &Batches) -> Result<Vec<Given>, Error> {
    let tick = batches.has("bid");
    let frame = Frame::new(if tick { "ticks" } else { "bars" }, batches, if tick { &TICKS } else { &BARS })?;
    let (time, symbol) = (frame.times("time")?, frame.optional_text("symbol")?);
    let has_ask = tick || frame.has("ask_open");
    let side = |side: &str| -> Result<Vec<Ohlc>, Error> {
        if tick {
            return Ok(frame.numbers(side)?.values().iter().map(|&price| Ohlc::flat(price)).collect());
        }
        let column = |point: &str| frame.numbers(&format!("{side}_{point}"));
        let (open, high, low, close) = (column("open")?, column("high")?, column("low")?, column("close")?);
        let row =
            |row| Ohlc { open: open.value(row), high: high.value(row), low: low.value(row), close: close.value(row) };
        Ok((0..time.len()).map(row).collect())
    };
    let bid = side("bid")?;
    let ask = if has_ask { side("ask")? } else { bid.clone() };
    let given = |row: usize| Given {
        input: Input {
            symbol: symbol.as_ref().and_then(|text| text.get(row)).map(str::to_owned),
            bar: Bar { time: time.value(row), bid: bid[row], ask: ask[row] },
            tick,
            has_ask,
        },
        last: false,
        timeframe: None,
        finer: Vec::new(),
    };
    Ok((0..time.len()).map(given).collect())
}
