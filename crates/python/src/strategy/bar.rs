//! Bars and ticks as a strategy sees them: values that never change.

use omegasim_core::market::quote::{Bar as Quotes, Ohlc};
use omegasim_core::time::civil;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyString, PyTzInfo};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// What there is to know of a bar, its symbol and timeframe aside.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub end: i64,
    pub quotes: Quotes,
    pub volume: Option<f64>,
}

/// A closed bar; the loop alone writes to it, and only while nobody else can see it.
#[pyclass(frozen, name = "StrategyBar", module = "omegasim._core")]
pub struct Bar {
    symbol: Py<PyString>,
    timeframe: Py<PyString>,
    time: AtomicI64,
    end: AtomicI64,
    bid: Side,
    ask: Side,
    volume: Option<Number>,
}

#[derive(Default)]
struct Side {
    open: Number,
    high: Number,
    low: Number,
    close: Number,
}

/// A number behind a shared reference.
#[derive(Default)]
struct Number(AtomicU64);

impl Number {
    fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }

    fn set(&self, value: f64) {
        self.0.store(value.to_bits(), Ordering::Relaxed);
    }
}

impl Side {
    fn set(&self, prices: &Ohlc) {
        self.open.set(prices.open);
        self.high.set(prices.high);
        self.low.set(prices.low);
        self.close.set(prices.close);
    }
}

impl Bar {
    pub fn new(symbol: Py<PyString>, timeframe: Py<PyString>, facts: &Facts) -> Self {
        let bar = Self {
            symbol,
            timeframe,
            time: AtomicI64::default(),
            end: AtomicI64::default(),
            bid: Side::default(),
            ask: Side::default(),
            volume: facts.volume.map(|_| Number::default()),
        };
        bar.set(facts);
        bar
    }

    /// Makes it another bar of the same symbol and timeframe.
    pub fn set(&self, facts: &Facts) {
        self.time.store(facts.quotes.time, Ordering::Relaxed);
        self.end.store(facts.end, Ordering::Relaxed);
        self.bid.set(&facts.quotes.bid);
        self.ask.set(&facts.quotes.ask);
        if let (Some(volume), Some(value)) = (&self.volume, facts.volume) {
            volume.set(value);
        }
    }

    fn opened(&self) -> i64 {
        self.time.load(Ordering::Relaxed)
    }
}

#[pymethods]
impl Bar {
    /// Whose bar it is.
    #[getter]
    fn symbol(&self, py: Python<'_>) -> Py<PyString> {
        self.symbol.clone_ref(py)
    }

    /// What it covers, such as "M1".
    #[getter]
    fn timeframe(&self, py: Python<'_>) -> Py<PyString> {
        self.timeframe.clone_ref(py)
    }

    /// When it opened (UTC).
    #[getter]
    fn time<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        moment(py, self.opened())
    }

    /// When it opened, in nanoseconds since 1970 UTC.
    #[getter]
    fn time_ns(&self) -> i64 {
        self.opened()
    }

    /// When it was over (UTC).
    #[getter]
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        moment(py, self.end.load(Ordering::Relaxed))
    }

    /// Open of the bid.
    #[getter]
    fn open(&self) -> f64 {
        self.bid.open.get()
    }

    /// High of the bid.
    #[getter]
    fn high(&self) -> f64 {
        self.bid.high.get()
    }

    /// Low of the bid.
    #[getter]
    fn low(&self) -> f64 {
        self.bid.low.get()
    }

    /// Close of the bid.
    #[getter]
    fn close(&self) -> f64 {
        self.bid.close.get()
    }

    #[getter]
    fn bid_open(&self) -> f64 {
        self.bid.open.get()
    }

    #[getter]
    fn bid_high(&self) -> f64 {
        self.bid.high.get()
    }

    #[getter]
    fn bid_low(&self) -> f64 {
        self.bid.low.get()
    }

    #[getter]
    fn bid_close(&self) -> f64 {
        self.bid.close.get()
    }

    #[getter]
    fn ask_open(&self) -> f64 {
        self.ask.open.get()
    }

    #[getter]
    fn ask_high(&self) -> f64 {
        self.ask.high.get()
    }

    #[getter]
    fn ask_low(&self) -> f64 {
        self.ask.low.get()
    }

    #[getter]
    fn ask_close(&self) -> f64 {
        self.ask.close.get()
    }

    /// Volume; None where the data have none.
    #[getter]
    fn volume(&self) -> Option<f64> {
        self.volume.as_ref().map(Number::get)
    }

    /// Ask less bid at the close, in price units.
    #[getter]
    fn spread(&self) -> f64 {
        self.ask.close.get() - self.bid.close.get()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let (bid, ask) = (&self.bid, &self.ask);
        format!(
            "Bar({} {} {}: {} {} {} {}, ask {})",
            self.symbol.bind(py),
            self.timeframe.bind(py),
            omegasim_core::time::display(self.opened()),
            bid.open.get(),
            bid.high.get(),
            bid.low.get(),
            bid.close.get(),
            ask.close.get()
        )
    }
}

/// A quote.
#[pyclass(frozen, freelist = 16, name = "StrategyTick", module = "omegasim._core")]
pub struct Tick {
    pub symbol: Py<PyString>,
    pub time: i64,
    pub bid: f64,
    pub ask: f64,
}

#[pymethods]
impl Tick {
    /// Whose quote it is.
    #[getter]
    fn symbol(&self, py: Python<'_>) -> Py<PyString> {
        self.symbol.clone_ref(py)
    }

    /// When it came (UTC).
    #[getter]
    fn time<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        moment(py, self.time)
    }

    /// When it came, in nanoseconds since 1970 UTC.
    #[getter]
    fn time_ns(&self) -> i64 {
        self.time
    }

    #[getter]
    fn bid(&self) -> f64 {
        self.bid
    }

    #[getter]
    fn ask(&self) -> f64 {
        self.ask
    }

    /// Ask less bid, in price units.
    #[getter]
    fn spread(&self) -> f64 {
        self.ask - self.bid
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let time = omegasim_core::time::display(self.time);
        format!("Tick({} {time}: {} {})", self.symbol.bind(py), self.bid, self.ask)
    }
}

/// Nanoseconds as a `datetime` in UTC, to the microsecond below.
pub fn moment(py: Python<'_>, nanoseconds: i64) -> PyResult<Bound<'_, PyDateTime>> {
    let at = civil(nanoseconds);
    let utc = PyTzInfo::utc(py)?;
    PyDateTime::new(
        py,
        i32::from(at.year),
        at.month,
        at.day,
        at.hour,
        at.minute,
        at.second,
        at.nanosecond / 1_000,
        Some(&*utc),
    )
}
