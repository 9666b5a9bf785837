//! Bars and ticks as a strategy sees them: values that never change.

use omegasim_core::market::quote::Bar as Quotes;
use omegasim_core::time::civil;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyString, PyTzInfo};

/// A closed bar.
#[pyclass(frozen, freelist = 16, name = "StrategyBar", module = "omegasim._core")]
pub struct Bar {
    pub symbol: Py<PyString>,
    pub timeframe: Py<PyString>,
    pub end: i64,
    pub quotes: Quotes,
    pub volume: Option<f64>,
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
        moment(py, self.quotes.time)
    }

    /// When it opened, in nanoseconds since 1970 UTC.
    #[getter]
    fn time_ns(&self) -> i64 {
        self.quotes.time
    }

    /// When it was over (UTC).
    #[getter]
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        moment(py, self.end)
    }

    /// Open of the bid.
    #[getter]
    fn open(&self) -> f64 {
        self.quotes.bid.open
    }

    /// High of the bid.
    #[getter]
    fn high(&self) -> f64 {
        self.quotes.bid.high
    }

    /// Low of the bid.
    #[getter]
    fn low(&self) -> f64 {
        self.quotes.bid.low
    }

    /// Close of the bid.
    #[getter]
    fn close(&self) -> f64 {
        self.quotes.bid.close
    }

    #[getter]
    fn bid_open(&self) -> f64 {
        self.quotes.bid.open
    }

    #[getter]
    fn bid_high(&self) -> f64 {
        self.quotes.bid.high
    }

    #[getter]
    fn bid_low(&self) -> f64 {
        self.quotes.bid.low
    }

    #[getter]
    fn bid_close(&self) -> f64 {
        self.quotes.bid.close
    }

    #[getter]
    fn ask_open(&self) -> f64 {
        self.quotes.ask.open
    }

    #[getter]
    fn ask_high(&self) -> f64 {
        self.quotes.ask.high
    }

    #[getter]
    fn ask_low(&self) -> f64 {
        self.quotes.ask.low
    }

    #[getter]
    fn ask_close(&self) -> f64 {
        self.quotes.ask.close
    }

    /// Volume; None where the data have none.
    #[getter]
    fn volume(&self) -> Option<f64> {
        self.volume
    }

    /// Ask less bid at the close, in price units.
    #[getter]
    fn spread(&self) -> f64 {
        self.quotes.ask.close - self.quotes.bid.close
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let (bid, ask) = (&self.quotes.bid, &self.quotes.ask);
        format!(
            "Bar({} {} {}: {} {} {} {}, ask {})",
            self.symbol.bind(py),
            self.timeframe.bind(py),
            omegasim_core::time::display(self.quotes.time),
            bid.open,
            bid.high,
            bid.low,
            bid.close,
            ask.close
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
