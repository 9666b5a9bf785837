//! The stepwise door as a class (T3, T4, R3).

use arrow_array::RecordBatch;
use omegasim_core::config::Config;
use omegasim_core::engine::batch::RateSeries;
use omegasim_core::engine::stepwise::{Setup, Stepwise};
use omegasim_core::error::Error;
use omegasim_core::execution::signal::Signal;
use omegasim_core::execution::signal_table::{SignalTable, Values};
use omegasim_core::portfolio::result as core;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::collections::BTreeMap;
use std::sync::{Mutex, TryLockError};

use crate::error::{attached, detached, to_python};
use crate::given::{for_ticket, rows, symbol_of, Given};
use crate::outcomes::{close_row, close_table, outcome_row, outcome_table, CloseRow, OutcomeRow};
use crate::records::{fault, input, signal};
use crate::result::RunResult;
use crate::signals;
use crate::simulate::{equity_mode, rate_series};
use crate::state::State;
use crate::table::Table;
use crate::tables;
use crate::wanted::Wanted;

/// Symbol, bar, whether it is the last, timeframe, finer series.
type BarOfStep<'py> = (String, Bound<'py, PyAny>, bool, Option<i64>, Option<Bound<'py, PyAny>>);

/// Base and quote of a pair, and its series where one is known.
type PairInput<'py> = (String, String, Option<Bound<'py, PyAny>>);

/// Pairs with their rates, and base and quote of pairs of which nothing is known yet.
type Pairs = (Vec<RateSeries>, Vec<(String, String)>);

/// A simulator that is driven bar by bar.
#[pyclass(frozen, subclass, module = "omegasim._core")]
pub struct ExecutionSimulator {
    state: Mutex<State>,
}

impl From<Stepwise> for ExecutionSimulator {
    fn from(stepwise: Stepwise) -> Self {
        Self { state: Mutex::new(State::new(stepwise)) }
    }
}

impl ExecutionSimulator {
    /// Works with the interpreter held: for what is over in a moment.
    fn with<T>(&self, py: Python<'_>, work: impl FnOnce(&mut Stepwise) -> Result<T, Error>) -> PyResult<T> {
        self.locked(work).map_err(|error| to_python(py, &error))
    }

    /// Works with the interpreter released.
    fn released<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Stepwise) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        py.detach(|| self.locked(work)).map_err(|error| to_python(py, &error))
    }

    fn locked<T>(&self, work: impl FnOnce(&mut Stepwise) -> Result<T, Error>) -> Result<T, Error> {
        match self.state.try_lock() {
            Ok(mut state) => state.work(work),
            Err(TryLockError::WouldBlock) => Err(Error::Busy),
            Err(TryLockError::Poisoned(_)) => Err(Error::Broken),
        }
    }

    fn table(
        &self,
        py: Python<'_>,
        collect: impl FnOnce(&Stepwise) -> core::RunResult + Send,
        build: fn(&core::RunResult) -> Result<RecordBatch, Error>,
    ) -> PyResult<Table> {
        let batch = self.released(py, |stepwise| {
            let rows = collect(stepwise);
            build(&core::RunResult { symbols: stepwise.symbols().to_vec(), tags: stepwise.tags().to_vec(), ..rows })
        })?;
        Ok(batch.into())
    }

    fn wanted(
        &self,
        py: Python<'_>,
        magic: Option<i64>,
        symbol: Option<&str>,
        ticket: Option<u64>,
    ) -> PyResult<Wanted> {
        let symbol = symbol.map(|name| self.with(py, |stepwise| stepwise.symbol(name))).transpose()?;
        Ok(Wanted { magic, symbol, ticket })
    }

    fn step(&self, py: Python<'_>, bars: &[Given]) -> PyResult<()> {
        self.with(py, |stepwise| {
            let mut items = bars.iter().map(|bar| bar.item(stepwise)).collect::<Result<Vec<_>, _>>()?;
            items.sort_by_key(|item| item.symbol);
            stepwise.step(&items)
        })
    }
}

#[pymethods]
impl ExecutionSimulator {
    #[new]
    #[pyo3(signature = (config_json, *, symbols=None, equity="bars", rates=Vec::new(), timeframes=None, snapshot=None))]
    fn new(
        py: Python<'_>,
        config_json: &str,
        symbols: Option<Vec<String>>,
        equity: &str,
        rates: Vec<PairInput<'_>>,
        timeframes: Option<BTreeMap<String, i64>>,
        snapshot: Option<&[u8]>,
    ) -> PyResult<Self> {
        if let Some(snapshot) = snapshot {
            return detached(py, || Stepwise::restore(snapshot)).map(Self::from);
        }
        let (rates, pairs) = pairs_of(rates)?;
        let stepwise = attached(py, || {
            let timeframes = timeframes.unwrap_or_default();
            Stepwise::new(
                Config::from_json(config_json)?,
                Setup { symbols, equity: equity_mode(equity)?, rates, pairs, timeframes },
            )
        });
        stepwise.map(Self::from)
    }

    /// A bar or tick of a pair.
    fn take_rate(
        &self,
        py: Python<'_>,
        base: &str,
        quote: &str,
        bar: &Bound<'_, PyAny>,
        timeframe: i64,
    ) -> PyResult<()> {
        let bar = input(bar)?;
        let timeframe = if bar.tick { 0 } else { timeframe };
        self.with(py, |stepwise| stepwise.on_rate(base, quote, &bar.bar, timeframe))
    }

    #[pyo3(signature = (bar, symbol=None, *, last=false, timeframe=None))]
    fn on_bar(
        &self,
        py: Python<'_>,
        bar: &Bound<'_, PyAny>,
        symbol: Option<&str>,
        last: bool,
        timeframe: Option<i64>,
    ) -> PyResult<()> {
        let bar = Given::new(bar, symbol, last, timeframe, None)?;
        self.with(py, |stepwise| stepwise.step(&[bar.item(stepwise)?]))
    }

    #[pyo3(signature = (tick, symbol=None, *, last=false))]
    fn on_tick(&self, py: Python<'_>, tick: &Bound<'_, PyAny>, symbol: Option<&str>, last: bool) -> PyResult<()> {
        self.on_bar(py, tick, symbol, last, None)
    }

    /// Bars of one time.
    fn step_all(&self, py: Python<'_>, bars: Vec<BarOfStep<'_>>) -> PyResult<()> {
        let given = bars.iter().map(|(symbol, bar, last, timeframe, finer)| {
            Given::new(bar, Some(symbol), *last, *timeframe, finer.as_ref())
        });
        self.step(py, &given.collect::<PyResult<Vec<_>>>()?)
    }

    #[pyo3(signature = (fields, quote=None))]
    fn take_signal(
        &self,
        py: Python<'_>,
        fields: &Bound<'_, PyDict>,
        quote: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<OutcomeRow> {
        let (time, mut columns) = signal(fields)?;
        let quote = quote.map(input).transpose()?;
        if quote.as_ref().is_some_and(|quote| !quote.tick) {
            return Err(fault(py, "quote", "a bar; expected a tick"));
        }
        self.with(py, |stepwise| {
            let name = columns.symbol.as_ref().and_then(|text| text.get(0)).map(str::to_owned);
            let symbol = symbol_of(stepwise, name.as_deref())?;
            let time = match (time, &quote) {
                (Some(time), _) => time,
                (None, Some(quote)) => stepwise.now(symbol).map_or(quote.bar.time, |now| now.max(quote.bar.time)),
                (None, None) => stepwise.now(symbol)?,
            };
            columns.time = Values::from(vec![Some(time)]);
            let table = SignalTable::check(columns, stepwise.symbols())?;
            let signal = tagged(stepwise, &table, 0);
            stepwise.process_signal(signal, quote.map(|quote| quote.bar)).map(|outcome| outcome_row(&outcome))
        })
    }

    fn take_signals(&self, py: Python<'_>, table: &Bound<'_, PyAny>) -> PyResult<Table> {
        let batches = attached(py, || signals::read(Some(table)))?;
        let batch = self.released(py, |stepwise| {
            let table = signals::table(batches.as_ref(), stepwise.symbols())?;
            let signals: Vec<Signal> = (0..table.len()).map(|row| tagged(stepwise, &table, row)).collect();
            stepwise.check_signals(&signals)?;
            let outcomes = signals
                .into_iter()
                .map(|signal| stepwise.process_signal(signal, None))
                .collect::<Result<Vec<_>, _>>()?;
            outcome_table(&outcomes)
        })?;
        Ok(batch.into())
    }

    #[pyo3(signature = (ticket, bar, symbol=None))]
    fn trigger(&self, py: Python<'_>, ticket: u64, bar: &Bound<'_, PyAny>, symbol: Option<&str>) -> PyResult<bool> {
        let bar = Given::new(bar, symbol, false, None, None)?;
        self.with(py, |stepwise| stepwise.entry_trigger(ticket, &for_ticket(stepwise, ticket, &bar)?))
    }

    #[pyo3(signature = (ticket, bar, symbol=None))]
    fn exit(
        &self,
        py: Python<'_>,
        ticket: u64,
        bar: &Bound<'_, PyAny>,
        symbol: Option<&str>,
    ) -> PyResult<Option<CloseRow>> {
        let bar = Given::new(bar, symbol, false, None, None)?;
        self.with(py, |stepwise| {
            let item = for_ticket(stepwise, ticket, &bar)?;
            stepwise.evaluate_exit(ticket, &item).map(|trade| trade.map(close_row))
        })
    }

    #[pyo3(signature = (bar, symbol=None))]
    fn exits(&self, py: Python<'_>, bar: &Bound<'_, PyAny>, symbol: Option<&str>) -> PyResult<Vec<CloseRow>> {
        let bar = Given::new(bar, symbol, false, None, None)?;
        self.with(py, |stepwise| {
            let before = stepwise.evaluate_exits(&bar.item(stepwise)?)?;
            Ok(stepwise.trades()[before..].iter().map(close_row).collect())
        })
    }

    fn evaluate_exits_batch(&self, py: Python<'_>, bars: &Bound<'_, PyAny>) -> PyResult<Table> {
        let batches = attached(py, || signals::read(Some(bars)))?;
        let batch = self.released(py, |stepwise| {
            let before = stepwise.trades().len();
            if let Some(batches) = &batches {
                for given in rows(batches)? {
                    stepwise.evaluate_exits(&given.item(stepwise)?)?;
                }
            }
            close_table(&stepwise.trades()[before..])
        })?;
        Ok(batch.into())
    }

    #[pyo3(signature = (symbol, entry, stop_loss, risk=None))]
    fn calculate_lot_size(
        &self,
        py: Python<'_>,
        symbol: &str,
        entry: f64,
        stop_loss: f64,
        risk: Option<f64>,
    ) -> PyResult<f64> {
        self.with(py, |stepwise| stepwise.calculate_lot_size(stepwise.symbol(symbol)?, entry, stop_loss, risk))
    }

    fn symbol_of_ticket(&self, py: Python<'_>, ticket: u64) -> PyResult<String> {
        self.with(py, |stepwise| Ok(stepwise.symbols()[stepwise.symbol_of(ticket)?].clone()))
    }

    #[pyo3(signature = (magic=None, symbol=None, ticket=None))]
    fn orders(&self, py: Python<'_>, magic: Option<i64>, symbol: Option<&str>, ticket: Option<u64>) -> PyResult<Table> {
        let wanted = self.wanted(py, magic, symbol, ticket)?;
        self.table(
            py,
            |stepwise| {
                let mut orders = stepwise.orders();
                orders.retain(|row| wanted.fits(row.ticket, row.symbol, row.magic));
                core::RunResult { orders, ..core::RunResult::default() }
            },
            tables::orders,
        )
    }

    #[pyo3(signature = (magic=None, symbol=None, ticket=None))]
    fn positions(
        &self,
        py: Python<'_>,
        magic: Option<i64>,
        symbol: Option<&str>,
        ticket: Option<u64>,
    ) -> PyResult<Table> {
        let wanted = self.wanted(py, magic, symbol, ticket)?;
        self.table(
            py,
            |stepwise| {
                let mut open_positions = stepwise.positions();
                open_positions.retain(|row| wanted.fits(row.ticket, row.symbol, row.magic));
                core::RunResult { open_positions, ..core::RunResult::default() }
            },
            tables::open_positions,
        )
    }

    fn trades(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(
            py,
            |stepwise| {
                let mut trades = stepwise.trades().to_vec();
                trades.sort_by_key(|trade| trade.exit_time);
                core::RunResult { trades, ..core::RunResult::default() }
            },
            tables::trades,
        )
    }

    fn events(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(
            py,
            |stepwise| core::RunResult { events: stepwise.events().to_vec(), ..core::RunResult::default() },
            tables::events,
        )
    }

    fn equity(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(
            py,
            |stepwise| core::RunResult { equity: stepwise.equity().clone().into(), ..core::RunResult::default() },
            tables::equity,
        )
    }

    fn end(&self, py: Python<'_>) -> PyResult<RunResult> {
        self.released(py, |stepwise| {
            stepwise.finish()?;
            Ok(stepwise.result())
        })
        .map(RunResult::from)
    }

    fn so_far(&self, py: Python<'_>) -> PyResult<RunResult> {
        self.released(py, |stepwise| Ok(stepwise.result())).map(RunResult::from)
    }

    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = self.released(py, |stepwise| stepwise.snapshot())?;
        Ok(PyBytes::new(py, &bytes))
    }

    #[getter]
    fn symbols(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.with(py, |stepwise| Ok(stepwise.symbols().to_vec()))
    }

    #[getter]
    fn config_json(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, |stepwise| {
            serde_json::to_string(stepwise.config()).map_err(|error| Error::Internal { message: error.to_string() })
        })
    }

    #[getter]
    fn balance(&self, py: Python<'_>) -> PyResult<f64> {
        self.with(py, |stepwise| Ok(stepwise.balance()))
    }

    #[getter]
    fn current_equity(&self, py: Python<'_>) -> PyResult<f64> {
        self.with(py, |stepwise| Ok(stepwise.equity_now()))
    }

    /// For tests: what a contradiction inside would do.
    fn _contradict(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |_| Err(Error::Internal { message: "provoked by a test".into() }))
    }

    /// For tests: what a defect inside would do.
    fn _panic(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |_| -> Result<(), Error> { std::panic::panic_any("provoked by a test") })
    }
}

fn pairs_of(given: Vec<PairInput<'_>>) -> PyResult<Pairs> {
    let (mut rates, mut pairs) = (Vec::new(), Vec::new());
    for (base, quote, series) in given {
        match series {
            Some(series) => rates.push(rate_series(&(base, quote, series))?),
            None => pairs.push((base, quote)),
        }
    }
    Ok((rates, pairs))
}

fn tagged(stepwise: &mut Stepwise, table: &SignalTable, row: usize) -> Signal {
    let mut signal = table.row(row);
    signal.tag = signal.tag.map(|tag| stepwise.tag(&table.tags()[tag as usize]));
    signal
}
