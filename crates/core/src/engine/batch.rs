//! The batch door: market data and a table of signals in, a result out.

use crate::config::Config;
use crate::engine::dues::KnownDues;
use crate::engine::run::Run;
use crate::error::Error;
use crate::execution::signal_table::SignalTable;
use crate::portfolio::equity::EquityMode;
use crate::portfolio::result::RunResult;

pub use crate::engine::market::{Market, RateSeries, SymbolMarket};

/// Rows of market data stepped through between two looks at the caller's wishes: few, since a row can have a thousand positions.
const CONTROL_ROWS: u64 = 1024;

/// What a run leaves besides trades and events, and where it begins.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Rows of the equity table.
    pub equity: EquityMode,
    /// R3: rows of market data between two checkpoints; none where 0.
    pub checkpoint_rows: u64,
    /// R3: names settings, data and signals, so that a checkpoint is used for its own work alone.
    pub work: String,
    /// R3: a checkpoint to go on from.
    pub resume: Option<Vec<u8>>,
}

/// The caller's hand on a run in progress.
pub trait Control {
    /// Told now and then and at the end; `false` stops the run.
    fn progress(&mut self, done: u64, total: u64) -> bool;

    /// R3: given a checkpoint; `false` stops the run.
    fn checkpoint(&mut self, _state: &[u8]) -> bool {
        true
    }
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
/// overlap the data, a checkpoint that cannot be used, or `Error::Cancelled`.
pub fn simulate(
    config: &Config,
    market: &Market,
    signals: &SignalTable,
    options: &RunOptions,
    control: &mut dyn Control,
) -> Result<RunResult, Error> {
    config.check()?;
    let market = market.prepared(config)?;
    finished(Run::new(config, &market, signals, options.equity)?.with_journal(), options, control)
}

/// The same for somebody who does not read the events; `known` is of the signals whose number it names.
pub(super) fn simulate_without_journal(
    config: &Config,
    market: &Market,
    signals: &SignalTable,
    known: Option<(&KnownDues, usize)>,
    equity: EquityMode,
    control: &mut dyn Control,
) -> Result<RunResult, Error> {
    config.check()?;
    let market = market.prepared(config)?;
    let mut run = Run::new(config, &market, signals, equity)?.without_journal();
    if let Some((known, table)) = known {
        run = run.with_known_dues(known, table);
    }
    finished(run, &RunOptions::default(), control)
}

fn finished(mut run: Run, options: &RunOptions, control: &mut dyn Control) -> Result<RunResult, Error> {
    let total = run.total();
    if let Some(state) = &options.resume {
        run.resume(&options.work, state)?;
    }
    let mut saved = run.done();
    let mut goes_on = true;
    while goes_on {
        goes_on = run.advance_within(rows_until_checkpoint(options), CONTROL_ROWS)?;
        if !control.progress(run.done(), total) {
            return Err(Error::Cancelled);
        }
        if goes_on && options.checkpoint_rows > 0 && run.done() - saved >= options.checkpoint_rows {
            saved = run.done();
            if !control.checkpoint(&run.snapshot(&options.work)?) {
                return Err(Error::Cancelled);
            }
        }
    }
    Ok(run.finish())
}

fn rows_until_checkpoint(options: &RunOptions) -> u64 {
    match options.checkpoint_rows {
        0 => u64::MAX,
        rows => rows,
    }
}
