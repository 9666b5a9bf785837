//! A whole run: convert, detach, convert.

use omegasim_core::config::Config;
use omegasim_core::engine::batch::{self, Market, RateSeries, RunOptions, SymbolMarket};
use omegasim_core::error::Error;
use omegasim_core::market::series::Series;
use omegasim_core::portfolio::equity::EquityMode;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::bars::Bars;
use crate::control::PythonControl;
use crate::error::{attached, detached};
use crate::result::RunResult;
use crate::signals;
use crate::ticks::Ticks;

/// A symbol, its series, and finer series of it.
pub type SymbolInput<'py> = (String, Bound<'py, PyAny>, Vec<Bound<'py, PyAny>>);

/// Base and quote currency of a pair, and its series.
pub type RateInput<'py> = (String, String, Bound<'py, PyAny>);

/// Runs signals over market data.
#[pyfunction]
#[pyo3(signature = (
    config_json, market, signals, *, rates=Vec::new(), equity="bars", progress=None, work="", checkpoint=None, resume=None
))]
#[allow(clippy::too_many_arguments)] // the arguments of the Python function
pub fn simulate(
    py: Python<'_>,
    config_json: &str,
    market: Vec<SymbolInput<'_>>,
    signals: Option<&Bound<'_, PyAny>>,
    rates: Vec<RateInput<'_>>,
    equity: &str,
    progress: Option<Py<PyAny>>,
    work: &str,
    checkpoint: Option<(u64, Py<PyAny>)>,
    resume: Option<Vec<u8>>,
) -> PyResult<RunResult> {
    let market = market_of(&market, &rates)?;
    let batches = attached(py, || signals::read(signals))?;
    let (checkpoint_rows, checkpoint) = checkpoint.map_or((0, None), |(rows, save)| (rows, Some(save)));
    let mut control = PythonControl::new(progress, checkpoint);
    let result = detached(py, || {
        let config = Config::from_json(config_json)?;
        let symbols: Vec<String> = market.symbols.iter().map(|market| market.symbol.clone()).collect();
        let table = signals::table(batches.as_ref(), &symbols)?;
        let options = RunOptions { equity: equity_mode(equity)?, checkpoint_rows, work: work.into(), resume };
        batch::simulate(&config, &market, &table, &options, &mut control)
    });
    match control.raised() {
        Some(raised) => Err(raised),
        None => result.map(RunResult::from),
    }
}

/// The market data of a run, and the rates from outside it.
pub fn market_of(symbols: &[SymbolInput<'_>], rates: &[RateInput<'_>]) -> PyResult<Market> {
    let symbols = symbols.iter().map(symbol_market).collect::<PyResult<_>>()?;
    Ok(Market { symbols, rates: rates.iter().map(rate_series).collect::<PyResult<_>>()? })
}

/// A pair's series.
pub fn rate_series((base, quote, series): &RateInput<'_>) -> PyResult<RateSeries> {
    Ok(RateSeries { base: base.clone(), quote: quote.clone(), series: series_of(series)? })
}

/// A symbol's series and finer ones.
pub fn symbol_market((symbol, series, finer): &SymbolInput<'_>) -> PyResult<SymbolMarket> {
    let named = |series: &Bound<'_, PyAny>| Ok(series_of(series)?.with_symbol(symbol));
    Ok(SymbolMarket {
        symbol: symbol.clone(),
        series: named(series)?,
        finer: finer.iter().map(named).collect::<PyResult<_>>()?,
    })
}

/// The series of Python's bars or ticks.
pub fn series_of(object: &Bound<'_, PyAny>) -> PyResult<Series> {
    if let Ok(bars) = object.cast::<Bars>() {
        return Ok(bars.get().series());
    }
    match object.cast::<Ticks>() {
        Ok(ticks) => Ok(ticks.get().series()),
        Err(_) => Err(PyTypeError::new_err(format!("expected Bars or Ticks, found {}", object.get_type().name()?))),
    }
}

pub fn equity_mode(name: &str) -> Result<EquityMode, Error> {
    match name {
        "bars" => Ok(EquityMode::Bars),
        "closes" => Ok(EquityMode::Closes),
        "off" => Ok(EquityMode::Off),
        _ => Err(Error::Argument { what: "equity".into(), message: format!("{name:?}; expected bars, closes or off") }),
    }
}
