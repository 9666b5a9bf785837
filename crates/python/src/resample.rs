//! Resampling for Python.

use omegasim_core::market::resample::resample as resampled;
use omegasim_core::trading_day::TradingCalendar;
use pyo3::prelude::*;

use crate::bars::Bars;
use crate::error::detached;
use crate::simulate::series_of;

/// Makes bars of a longer timeframe.
#[pyfunction]
#[pyo3(signature = (data, timeframe, *, day_start))]
pub fn resample(py: Python<'_>, data: &Bound<'_, PyAny>, timeframe: i64, day_start: &str) -> PyResult<Bars> {
    let series = series_of(data)?;
    detached(py, || resampled(&series, timeframe, &TradingCalendar::parse(day_start)?)).map(Bars::from)
}
