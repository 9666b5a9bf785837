//! The batch door: market data and a table of signals in, a result out.

use crate::config::Config;
use crate::engine::run::Run;
use crate::error::Error;
use crate::execution::signal_table::SignalTable;
use crate::portfolio::equity::EquityMode;
use crate::portfolio::result::RunResult;

pub use crate::engine::market::{Market, RateSeries, SymbolMarket};

/// Rows of market data between two looks at the caller's wishes: few, since a row can have a thousand positions.
const CONTROL_ROWS: u64 = 1024;

/// What a run leaves besides trades and events.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunOptions {
    /// Rows of the equity table.
    pub equity: EquityMode,
}

/// The caller's hand on a run in progress.
pub trait Control {
    /// Told about every 1,024 rows and at the end; `false` stops the run.
    fn progress(&mut self, done: u64, total: u64) -> bool;
}

/// A run that nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoControl;

impl Control for NoControl {
    fn progress(&mut self, _done: u64, _total: u64) -> bool {
        true
    }
}

/// Runs signals over market data.
///
/// # Errors
/// Settings out of range, a symbol without instrument or conversion, missing ask prices (Q4), signals that do not
/// overlap the data, or `Error::Cancelled`.
pub fn simulate(
    config: &Config,
    market: &Market,
    signals: &SignalTable,
    options: &RunOptions,
    control: &mut dyn Control,
) -> Result<RunResult, Error> {
    config.check()?;
    let market = market.prepared(config)?;
    let mut run = Run::new(config, &market, signals, options.equity)?;
    let total = run.total();
    let mut goes_on = true;
    while goes_on {
        goes_on = run.advance(CONTROL_ROWS)?;
        if !control.progress(run.done(), total) {
            return Err(Error::Cancelled);
        }
    }
    Ok(run.finish())
}
