//! Many runs over the same bars: every combination of some settings and signals, spread over the cores.

use crate::config::Config;
use crate::engine::batch::{simulate_without_journal, Control, Market};
use crate::engine::dues::KnownDues;
use crate::error::Error;
use crate::execution::signal_table::{SignalColumns, SignalTable};
use crate::portfolio::equity::EquityMode;
use crate::portfolio::metrics::compute;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::ThreadPoolBuilder;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{channel, RecvTimeoutError};
use std::time::Duration;

/// How long the caller waits between two looks at its own wishes.
const LOOK: Duration = Duration::from_millis(20);

/// What varies along one axis of a grid.
#[derive(Clone, Debug)]
pub enum Axis {
    /// A field of the settings: so many values.
    Config(usize),
    /// Whole tables of signals: so many.
    Signals(usize),
    /// Columns of the signals that are the same in every row: one row a value.
    Column {
        /// What messages call it.
        name: String,
        /// The values, in the columns that they replace.
        values: Box<SignalColumns>,
        /// How many values there are.
        len: usize,
    },
}

/// All combinations of the values of some axes; the last axis turns fastest.
#[derive(Clone, Debug)]
pub struct Grid {
    /// The axes.
    pub axes: Vec<Axis>,
    /// Settings for every combination of the config axes, the last of them turning fastest.
    pub configs: Vec<Config>,
    /// Signals for every value of the signals axes.
    pub signals: Vec<SignalColumns>,
}

/// How a sweep is done.
#[derive(Clone, Copy, Debug, Default)]
pub struct SweepOptions {
    /// Whether each run has an equity curve, which the metrics of equity need.
    pub equity: bool,
    /// Threads; 0 for one a core.
    pub threads: usize,
}

/// One run of a grid: where it stands on the axes.
#[derive(Debug)]
struct Setting<'a> {
    config: usize,
    signals: usize,
    columns: Vec<(&'a str, &'a SignalColumns, usize)>,
}

impl Axis {
    /// How many values it has.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Config(len) | Self::Signals(len) | Self::Column { len, .. } => *len,
        }
    }

    /// Whether it has no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Grid {
    /// How many runs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.axes.iter().map(Axis::len).product()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn setting(&self, run: usize) -> Setting<'_> {
        let mut setting = Setting { config: 0, signals: 0, columns: Vec::new() };
        let mut below = self.len();
        for axis in &self.axes {
            below /= axis.len();
            let place = run / below % axis.len();
            match axis {
                Axis::Config(len) => setting.config = setting.config * len + place,
                Axis::Signals(len) => setting.signals = setting.signals * len + place,
                Axis::Column { name, values, .. } => setting.columns.push((name.as_str(), values.as_ref(), place)),
            }
        }
        setting
    }

    /// S1: the tables that runs differ from in numbers alone; none where they cannot be checked by themselves.
    fn bases(&self, symbols: &[String]) -> Vec<Option<SignalTable>> {
        let words = self.axes.iter().any(|axis| matches!(axis, Axis::Column { values, .. } if values.has_words()));
        let base = |columns: &SignalColumns| SignalTable::check(columns.clone(), symbols).ok().filter(|_| !words);
        self.signals.iter().map(base).collect()
    }

    /// S1: the signals of a run.
    fn table(
        &self,
        setting: &Setting,
        symbols: &[String],
        bases: &[Option<SignalTable>],
    ) -> Result<SignalTable, Error> {
        if let Some(base) = &bases[setting.signals] {
            return base.with_numbers(setting.columns.iter().map(|&(_, values, row)| (values, row)));
        }
        let given = self.signals[setting.signals].clone();
        let columns =
            setting.columns.iter().fold(given, |columns, (_, values, row)| columns.with_constants(values, *row));
        SignalTable::check(columns, symbols)
    }

    /// Checks every value of the column axes by itself, so that a message can name the axis.
    fn check_columns(&self, symbols: &[String], bases: &[Option<SignalTable>]) -> Result<(), Error> {
        for axis in &self.axes {
            let Axis::Column { name, values, len } = axis else { continue };
            for row in 0..*len {
                let setting = Setting { config: 0, signals: 0, columns: vec![(name.as_str(), values.as_ref(), row)] };
                let checked = self.table(&setting, symbols, bases);
                checked
                    .map_err(|error| Error::Argument { what: format!("grid: {name}"), message: error.to_string() })?;
            }
        }
        Ok(())
    }
}

/// Runs every combination and returns one row of metrics for each, in the order of the grid.
///
/// `control` is told about the runs that are done, from the thread that called.
///
/// # Errors
/// A value that its column does not take names its axis; what a single run fails for names the lowest such run.
pub fn sweep(
    grid: &Grid,
    market: &Market,
    options: SweepOptions,
    control: &mut dyn Control,
) -> Result<Vec<Vec<Option<f64>>>, Error> {
    let symbols: Vec<String> = market.symbols.iter().map(|entry| entry.symbol.clone()).collect();
    let bases = grid.bases(&symbols);
    grid.check_columns(&symbols, &bases)?;
    let pool = ThreadPoolBuilder::new().num_threads(options.threads).build();
    let pool = pool.map_err(|error| Error::Internal { message: format!("no threads for the sweep: {error}") })?;
    let (runs, watch) = (grid.len(), Watch::default());
    let equity = if options.equity { EquityMode::Bars } else { EquityMode::Off };
    let one = |run: usize| row(grid, market, &symbols, &bases, run, equity, &watch);
    let mut stopped = false;
    let (over, wait) = channel::<Vec<Result<_, Error>>>();
    let one = &one;
    let rows = pool.in_place_scope(|scope| {
        // Where a run panics nothing is sent, and the scope passes the panic on.
        scope.spawn(move |_| drop(over.send((0..runs).into_par_iter().map(one).collect())));
        loop {
            match wait.recv_timeout(LOOK) {
                Err(RecvTimeoutError::Timeout) => {
                    if !control.progress(watch.done.load(Ordering::Relaxed) as u64, runs as u64) {
                        watch.limit.store(0, Ordering::Relaxed);
                        stopped = true;
                    }
                }
                Ok(rows) => return rows,
                Err(RecvTimeoutError::Disconnected) => return Vec::new(),
            }
        }
    });
    if stopped || !control.progress(runs as u64, runs as u64) {
        return Err(Error::Cancelled);
    }
    // Runs before the lowest that failed were all done, so the first failure is that one.
    rows.into_iter().collect()
}

/// What the runs know of each other.
struct Watch {
    done: AtomicUsize,
    /// Runs from this one on need not be done: an earlier one failed, or the caller lost interest.
    limit: AtomicUsize,
    dues: KnownDues,
}

impl Default for Watch {
    fn default() -> Self {
        Self { done: AtomicUsize::new(0), limit: AtomicUsize::new(usize::MAX), dues: KnownDues::default() }
    }
}

/// A run's hold on the sweep.
struct Hold<'a> {
    run: usize,
    watch: &'a Watch,
}

impl Control for Hold<'_> {
    fn progress(&mut self, _done: u64, _total: u64) -> bool {
        self.run < self.watch.limit.load(Ordering::Relaxed)
    }
}

fn row(
    grid: &Grid,
    market: &Market,
    symbols: &[String],
    bases: &[Option<SignalTable>],
    run: usize,
    equity: EquityMode,
    watch: &Watch,
) -> Result<Vec<Option<f64>>, Error> {
    let mut hold = Hold { run, watch };
    if !hold.progress(0, 1) {
        return Err(Error::Cancelled);
    }
    let setting = grid.setting(run);
    let config = &grid.configs[setting.config];
    // Numbers alone change no time.
    let known = bases[setting.signals].is_some().then_some((&watch.dues, setting.signals));
    let result = grid
        .table(&setting, symbols, bases)
        .and_then(|table| simulate_without_journal(config, market, &table, known, equity, &mut hold));
    watch.done.fetch_add(1, Ordering::Relaxed);
    match result {
        Ok(result) => Ok(compute(&result).values.into_iter().map(|(_, value)| value).collect()),
        Err(Error::Cancelled) => Err(Error::Cancelled),
        Err(error) => {
            watch.limit.fetch_min(run, Ordering::Relaxed);
            Err(Error::Argument { what: format!("grid: row {run}"), message: error.to_string() })
        }
    }
}
