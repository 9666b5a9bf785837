//! Synthetic bars for Python.

use omegasim_core::market::synthetic::SyntheticMarket;
use pyo3::prelude::*;

use crate::bars::Bars;
use crate::error::detached;

/// Makes seeded bars of a synthetic FX market.
#[pyfunction]
#[pyo3(signature = (*, symbol, start, bars, timeframe, price, tick_size, pip_size, spread_pips, volatility, seed))]
#[allow(clippy::too_many_arguments)]
pub fn synthetic_bars(
    py: Python<'_>,
    symbol: String,
    start: i64,
    bars: usize,
    timeframe: i64,
    price: f64,
    tick_size: f64,
    pip_size: f64,
    spread_pips: f64,
    volatility: f64,
    seed: u64,
) -> PyResult<Bars> {
    let market =
        SyntheticMarket { symbol, start, bars, timeframe, price, tick_size, pip_size, spread_pips, volatility, seed };
    detached(py, || market.bars()).map(Bars::from)
}
