//! Indicators over bars, each computed once, and views that follow a row.

use omegasim_core::column::Column;
use omegasim_core::error::Error;
use omegasim_core::indicators::cache::{Cache, FrameKey, Request, Values};
use omegasim_core::indicators::definition::Input;
use omegasim_core::indicators::frame::{Frame as BarFrame, Price, Quotes};
use omegasim_core::market::bars::BarSeries;
use omegasim_core::trading_day::TradingCalendar;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::arrow::{Batches, Frame};
use crate::bars::Bars;
use crate::error::{attached, detached};
use crate::indicators::{numbers, table_of};
use crate::table::Table;

/// Indicators over the bars of several symbols.
#[pyclass(frozen, module = "omegasim._core")]
pub struct IndicatorCache {
    cache: Mutex<Cache>,
    /// Bars of each symbol that are closed now; views follow them.
    closed: BTreeMap<String, Arc<AtomicUsize>>,
}

impl IndicatorCache {
    /// Over bars of which somebody else counts those that are closed.
    pub fn over(bars: Vec<(BarSeries, Arc<AtomicUsize>)>, calendar: TradingCalendar) -> Self {
        let closed = bars.iter().map(|(bars, closed)| (bars.symbol().into(), Arc::clone(closed))).collect();
        let series = bars.into_iter().map(|(bars, _)| bars);
        Self { cache: Mutex::new(Cache::new(series, calendar)), closed }
    }

    /// Bars of a timeframe and side.
    pub fn frame(&self, key: &FrameKey) -> Result<Arc<BarFrame>, Error> {
        self.locked().frame(key)
    }

    fn locked(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counter(&self, symbol: &str) -> Result<Arc<AtomicUsize>, Error> {
        let unknown = || Error::UnknownSymbol { symbol: symbol.into(), known: self.closed.keys().cloned().collect() };
        self.closed.get(symbol).cloned().ok_or_else(unknown)
    }

    fn shown(&self, values: Arc<Values>, symbol: &str) -> Result<IndicatorValues, Error> {
        Ok(IndicatorValues { values, closed: self.counter(symbol)? })
    }
}

#[pymethods]
impl IndicatorCache {
    #[new]
    #[pyo3(signature = (bars, *, day_start))]
    fn new(py: Python<'_>, bars: BTreeMap<String, Bound<'_, Bars>>, day_start: &str) -> PyResult<Self> {
        let calendar = attached(py, || TradingCalendar::parse(day_start))?;
        let closed = bars.keys().map(|symbol| (symbol.clone(), Arc::default())).collect();
        let series = bars.iter().map(|(symbol, bars)| bars.get().bars().with_symbol(symbol.as_str()));
        Ok(Self { cache: Mutex::new(Cache::new(series, calendar)), closed })
    }

    /// The values of an indicator, computed where nobody asked for them before.
    #[pyo3(signature = (name, parameters, *, symbol, timeframe=None, side="bid", price="close"))]
    #[allow(clippy::too_many_arguments)]
    fn values(
        &self,
        py: Python<'_>,
        name: String,
        parameters: Vec<f64>,
        symbol: &str,
        timeframe: Option<i64>,
        side: &str,
        price: &str,
    ) -> PyResult<IndicatorValues> {
        detached(py, || {
            let frame = frame_key(symbol, timeframe, side)?;
            let request = Request { frame, price: price_of(price)?, name, parameters };
            self.shown(self.locked().values(&request)?, symbol)
        })
    }

    /// Values that Python computed of the closed bars of `bars`.
    #[pyo3(signature = (table, *, symbol, timeframe=None, side="bid"))]
    fn own_values(
        &self,
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        symbol: &str,
        timeframe: Option<i64>,
        side: &str,
    ) -> PyResult<IndicatorValues> {
        let batches = attached(py, || Batches::of_object(table))?;
        detached(py, || {
            let names = batches.names();
            let known: Vec<&str> = names.iter().map(String::as_str).collect();
            let columns = numbers(&Frame::new("indicator", &batches, &known)?, &known)?;
            let frame = self.locked().frame(&frame_key(symbol, timeframe, side)?)?;
            self.shown(Arc::new(Values::new(frame, names, columns)?), symbol)
        })
    }

    /// Closed bars of a timeframe and side: time in nanoseconds, open, high, low, close, volume.
    #[pyo3(signature = (*, symbol, timeframe=None, side="bid"))]
    fn bars(&self, py: Python<'_>, symbol: &str, timeframe: Option<i64>, side: &str) -> PyResult<Table> {
        detached(py, || {
            let frame = self.locked().frame(&frame_key(symbol, timeframe, side)?)?;
            bars_table(&frame)
        })
    }

    /// The first `count` bars of a symbol are closed now.
    fn close(&self, py: Python<'_>, symbol: &str, count: usize) -> PyResult<()> {
        attached(py, || {
            let bars = self.locked().series(symbol)?.len();
            if count > bars {
                let message = format!("expected at most {bars}, found {count}");
                return Err(Error::Argument { what: format!("{symbol}: closed bars"), message });
            }
            self.counter(symbol)?.store(count, Ordering::Relaxed);
            Ok(())
        })
    }

    /// How many indicators were computed.
    #[getter]
    fn computed(&self) -> usize {
        self.locked().computed()
    }
}

/// The values of an indicator over bars.
#[pyclass(frozen, module = "omegasim._core")]
pub struct IndicatorValues {
    values: Arc<Values>,
    closed: Arc<AtomicUsize>,
}

#[pymethods]
impl IndicatorValues {
    #[getter]
    fn outputs(&self) -> Vec<String> {
        self.values.outputs().to_vec()
    }

    /// One value for each closed bar of the timeframe.
    fn closed(&self, py: Python<'_>) -> PyResult<Table> {
        detached(py, || table_of(self.values.outputs(), copies(self.values.columns())))
    }

    /// One value for each bar of the series: the newest that is closed at its close.
    fn on_series(&self, py: Python<'_>) -> PyResult<Table> {
        detached(py, || table_of(self.values.outputs(), copies(self.values.on_series())))
    }

    /// One view an output.
    fn views(&self, py: Python<'_>) -> PyResult<Vec<IndicatorView>> {
        let newest = (-1_i32).into_pyobject(py)?.into_any().unbind();
        let view = |output| IndicatorView {
            values: Arc::clone(&self.values),
            output,
            closed: Arc::clone(&self.closed),
            newest: newest.clone_ref(py),
        };
        Ok((0..self.values.outputs().len()).map(view).collect())
    }
}

impl IndicatorView {
    /// The value so many closed bars before the newest one.
    fn back(&self, bars: usize) -> f64 {
        let row = self.closed.load(Ordering::Relaxed).checked_sub(1);
        row.map_or(f64::NAN, |row| self.values.newest(self.output, row, bars))
    }
}

/// The closed values of an indicator at the row that the cache stands at: `[-1]` is the newest.
#[pyclass(frozen, module = "omegasim._core")]
pub struct IndicatorView {
    values: Arc<Values>,
    output: usize,
    closed: Arc<AtomicUsize>,
    /// The number -1, of which the interpreter has one object: most reads are told by it without a conversion.
    newest: Py<PyAny>,
}

#[pymethods]
impl IndicatorView {
    fn __getitem__(&self, index: &Bound<'_, PyAny>) -> PyResult<f64> {
        if index.is(&self.newest) {
            return Ok(self.back(0));
        }
        let index: isize = index.extract()?;
        if index >= 0 {
            return Err(PyIndexError::new_err("count back from the newest closed value, which is [-1]"));
        }
        Ok(self.back(index.unsigned_abs() - 1))
    }

    fn __len__(&self) -> usize {
        let row = self.closed.load(Ordering::Relaxed).checked_sub(1);
        row.map_or(0, |row| self.values.frame().closed(row))
    }
}

fn frame_key(symbol: &str, timeframe: Option<i64>, side: &str) -> Result<FrameKey, Error> {
    Ok(FrameKey { symbol: symbol.into(), timeframe, quotes: quotes_of(side)? })
}

fn quotes_of(name: &str) -> Result<Quotes, Error> {
    match name {
        "bid" => Ok(Quotes::Bid),
        "ask" => Ok(Quotes::Ask),
        "mid" => Ok(Quotes::Mid),
        _ => Err(Error::Argument { what: "side".into(), message: format!("{name:?}; expected bid, ask or mid") }),
    }
}

fn price_of(name: &str) -> Result<Price, Error> {
    match name {
        "open" => Ok(Price::Open),
        "high" => Ok(Price::High),
        "low" => Ok(Price::Low),
        "close" => Ok(Price::Close),
        "median" => Ok(Price::Median),
        "typical" => Ok(Price::Typical),
        _ => Err(Error::Argument {
            what: "price".into(),
            message: format!("{name:?}; expected open, high, low, close, median or typical"),
        }),
    }
}

fn copies(columns: &[Column<f64>]) -> Vec<Vec<f64>> {
    columns.iter().map(|column| column.as_slice().to_vec()).collect()
}

fn bars_table(frame: &BarFrame) -> Result<Table, Error> {
    let mut names = vec!["time", "open", "high", "low", "close"];
    let mut columns = vec![frame.input(Input::Time, Price::Close)?];
    columns.extend(frame.prices().columns().map(Column::clone));
    if let Some(volume) = frame.volume() {
        names.push("volume");
        columns.push(volume.clone());
    }
    table_of(&names, copies(&columns))
}
