//! The Python module `omegasim._core`: tables in, a run, tables out.

mod arrow;
mod bars;
mod control;
mod error;
mod given;
mod indicator_cache;
mod indicators;
mod names;
mod outcomes;
mod parquet;
mod records;
mod resample;
mod result;
mod schemas;
mod signals;
mod simulate;
mod simulator;
mod state;
mod strategy;
mod sweep;
mod synthetic;
mod table;
mod tables;
mod ticks;
mod wanted;

use pyo3::prelude::*;

/// Keeps what a run has freed for the next one: fresh pages cost more than the run that fills them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The simulator's core, in Rust.
#[pymodule]
mod _core {
    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_export]
    use super::bars::Bars;
    #[pymodule_export]
    use super::indicator_cache::{IndicatorCache, IndicatorValues, IndicatorView};
    #[pymodule_export]
    use super::indicators::{indicator_arrays, indicator_definitions, indicator_table, IndicatorStream};
    #[pymodule_export]
    use super::names::{error_codes, is_zone, metric_definitions, parse_timeframe};
    #[pymodule_export]
    use super::parquet::{read_parquet, write_parquet};
    #[pymodule_export]
    use super::resample::resample;
    #[pymodule_export]
    use super::result::RunResult;
    #[pymodule_export]
    use super::schemas::{schemas, Schema};
    #[pymodule_export]
    use super::signals::signal_facts;
    #[pymodule_export]
    use super::simulate::simulate;
    #[pymodule_export]
    use super::simulator::ExecutionSimulator;
    #[pymodule_export]
    use super::strategy::{Bar, Desk, Position, StrategyRun, Tick};
    #[pymodule_export]
    use super::sweep::sweep;
    #[pymodule_export]
    use super::synthetic::synthetic_bars;
    #[pymodule_export]
    use super::table::Table;
    #[pymodule_export]
    use super::ticks::Ticks;
}
