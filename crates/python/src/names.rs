//! Names with a meaning: metrics, error codes, timeframes.

use omegasim_core::calendar;
use omegasim_core::error_codes::ALL_CODES;
use omegasim_core::portfolio::metrics::definitions;
use omegasim_core::time;
use pyo3::prelude::*;

use crate::error::attached;

/// Name, unit and definition of every metric.
#[pyfunction]
pub fn metric_definitions() -> Vec<(&'static str, &'static str, &'static str)> {
    definitions().iter().map(|metric| (metric.name, metric.unit, metric.definition)).collect()
}

/// Code, name, meaning, cause and remedy of an error.
type CodeRow = (u32, &'static str, &'static str, &'static str, &'static str);

/// Every error's row.
#[pyfunction]
pub fn error_codes() -> Vec<CodeRow> {
    ALL_CODES.iter().map(|row| (row.code, row.name, row.meaning, row.cause, row.remedy)).collect()
}

/// Whether an IANA zone of that name is known.
#[pyfunction]
pub fn is_zone(name: &str) -> bool {
    calendar::is_zone(name)
}

/// Nanoseconds of a timeframe such as `H1`.
#[pyfunction]
pub fn parse_timeframe(py: Python<'_>, text: &str) -> PyResult<i64> {
    attached(py, || time::parse_timeframe(text))
}
