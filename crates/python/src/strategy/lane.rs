//! One symbol of a run: its bars, those that are built of them, and how many are closed.

use omegasim_core::error::Error;
use omegasim_core::indicators::cache::FrameKey;
use omegasim_core::indicators::frame::{Frame, Quotes};
use omegasim_core::market::bars::BarSeries;
use omegasim_core::market::quote::{Bar as Prices, Ohlc};
use omegasim_core::market::resample::{period_ends, resample};
use omegasim_core::market::series::Series;
use omegasim_core::time::timeframe_name;
use omegasim_core::trading_day::TradingCalendar;
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use super::bar::Facts;
use super::show::Show;
use crate::indicator_cache::IndicatorCache;

/// What strategies see of one symbol.
pub struct Lane {
    pub symbol: Py<PyString>,
    pub name: String,
    pub series: Series,
    /// The shortest bars: those of the run, or of its ticks.
    pub base: Option<Base>,
    /// Longer bars that some strategy wants to be told of, shortest first.
    pub longer: Vec<Longer>,
}

/// The shortest bars of a symbol.
pub struct Base {
    pub bars: BarSeries,
    pub show: Show,
    /// Whether they are built of ticks; then a bar is over when a tick comes at its end or later.
    pub built: bool,
    ends: Vec<i64>,
    /// How many are closed; views of indicators follow it.
    pub closed: Arc<AtomicUsize>,
}

/// Longer bars of a symbol.
pub struct Longer {
    pub length: i64,
    pub show: Show,
    bid: Arc<Frame>,
    ask: Arc<Frame>,
    ends: Vec<i64>,
    /// How many were told of.
    told: usize,
}

impl Base {
    /// The bars themselves, or those of a timeframe where there are ticks.
    pub fn new(
        py: Python<'_>,
        symbol: &Py<PyString>,
        series: &Series,
        shortest: Option<i64>,
        calendar: &TradingCalendar,
    ) -> Result<Option<Self>, Error> {
        let (bars, ends) = match (series, shortest) {
            (Series::Bars(bars), _) => (bars.clone(), Vec::new()),
            (Series::Ticks(_), None) => return Ok(None),
            (Series::Ticks(_), Some(timeframe)) => {
                let bars = resample(series, timeframe, calendar)?;
                let ends = period_ends(&bars, calendar)?;
                (bars, ends)
            }
        };
        let show = Show::new(symbol.clone_ref(py), name(py, bars.timeframe()));
        let built = series.is_ticks();
        Ok(Some(Self { bars, show, built, ends, closed: Arc::default() }))
    }

    /// When the next bar that is built of ticks ends.
    pub fn next_end(&self) -> Option<i64> {
        self.ends.get(self.closed.load(Ordering::Relaxed)).copied()
    }

    /// Closes the next bar; returns its row and the bar.
    pub fn close(&self) -> (usize, Prices) {
        let row = self.closed.fetch_add(1, Ordering::Relaxed);
        (row, self.bars.view().bar(row))
    }

    /// What there is to know of a row.
    pub fn facts(&self, row: usize, quotes: Prices) -> Facts {
        let end = self.ends.get(row).copied().unwrap_or(quotes.time.saturating_add(self.bars.timeframe()));
        let volume = self.bars.volume().map(|volume| volume.as_slice()[row]);
        Facts { end, quotes, volume }
    }
}

impl Lane {
    /// Builds longer bars, each once.
    pub fn build(
        &mut self,
        py: Python<'_>,
        cache: &IndicatorCache,
        lengths: &[i64],
        calendar: &TradingCalendar,
    ) -> Result<(), Error> {
        let Some(base) = &self.base else {
            return Ok(());
        };
        for &length in lengths.iter().filter(|&&length| length != base.bars.timeframe()) {
            let frame = |quotes| cache.frame(&FrameKey { symbol: self.name.clone(), timeframe: Some(length), quotes });
            let (bid, ask) = (frame(Quotes::Bid)?, frame(if base.bars.has_ask() { Quotes::Ask } else { Quotes::Bid })?);
            let resampled = resample(&Series::Bars(base.bars.clone()), length, calendar)?;
            let ends = period_ends(&resampled, calendar)?;
            let show = Show::new(self.symbol.clone_ref(py), name(py, length));
            self.longer.push(Longer { length, show, bid, ask, ends, told: 0 });
        }
        Ok(())
    }
}

impl Longer {
    /// The longer bars that the close of a row of the shortest ones closes.
    pub fn closed_by(&mut self, row: usize) -> Vec<Facts> {
        let count = self.bid.closed(row);
        let rows = std::mem::replace(&mut self.told, count)..count;
        rows.map(|row| self.facts(row)).collect()
    }

    fn facts(&self, row: usize) -> Facts {
        let side = |frame: &Frame| {
            let prices = frame.prices();
            let [open, high, low, close] =
                [&prices.open, &prices.high, &prices.low, &prices.close].map(|column| column.as_slice()[row]);
            Ohlc { open, high, low, close }
        };
        let quotes = Prices { time: self.bid.time().as_slice()[row], bid: side(&self.bid), ask: side(&self.ask) };
        let volume = self.bid.volume().map(|volume| volume.as_slice()[row]);
        Facts { end: self.ends[row], quotes, volume }
    }
}

fn name(py: Python<'_>, length: i64) -> Py<PyString> {
    let name = timeframe_name(length).map_or_else(|| format!("{}s", length / 1_000_000_000), str::to_owned);
    PyString::new(py, &name).unbind()
}
