//! The stepwise door as a class (T3, T4, R3).

use arrow_array::RecordBatch;
use omegasim_core::config::Config;
use omegasim_core::engine::result as core;
use omegasim_core::engine::stepwise::{Outcome, Stepwise};
use omegasim_core::error::Error;
use omegasim_core::execution::rules::Intrabar;
use omegasim_core::execution::signal::Signal;
use omegasim_core::execution::signal_table::{SignalTable, Values};
use omegasim_core::execution::simulator::StepBar;
use omegasim_core::market::series::Series;
use omegasim_core::portfolio::trade::Trade;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::sync::{Mutex, TryLockError};

use crate::arrow::{Batches, Frame};
use crate::error::{attached, detached, guarded, to_python};
use crate::records::{fault, input, signal, Input};
use crate::result::RunResult;
use crate::signals;
use crate::simulate::{equity_mode, series_of};
use crate::table::{Table, TableBuilder};
use crate::tables;

const BARS: [&str; 11] = [
    "symbol",
    "time",
    "bid_open",
    "bid_high",
    "bid_low",
    "bid_close",
    "ask_open",
    "ask_high",
    "ask_low",
    "ask_close",
    "volume",
];
const TICKS: [&str; 4] = ["symbol", "time", "bid", "ask"];

/// Status, ticket, reason, price of the fill, volume.
type OutcomeRow = (&'static str, Option<u64>, Option<&'static str>, Option<f64>, Option<f64>);
/// Ticket, exit time, exit price, reason, result, R, gap, ambiguous.
type CloseRow = (u64, i64, f64, &'static str, f64, f64, bool, bool);

/// Symbol, bar, whether it is the last, timeframe, finer series.
type BarOfStep<'py> = (String, Bound<'py, PyAny>, bool, Option<i64>, Option<Bound<'py, PyAny>>);

/// A simulator that is driven bar by bar.
#[pyclass(frozen, subclass, module = "omegasim._core")]
pub struct ExecutionSimulator {
    state: Mutex<State>,
}

struct State {
    stepwise: Stepwise,
    /// Whether a panic left it half-way.
    broken: bool,
}

impl State {
    fn work<T>(&mut self, work: impl FnOnce(&mut Stepwise) -> Result<T, Error>) -> Result<T, Error> {
        if self.broken {
            return Err(Error::Broken);
        }
        let done = guarded(|| work(&mut self.stepwise));
        self.broken = matches!(done, Err(Error::Panic { .. }));
        done
    }
}

impl From<Stepwise> for ExecutionSimulator {
    fn from(stepwise: Stepwise) -> Self {
        Self { state: Mutex::new(State { stepwise, broken: false }) }
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

    fn step(&self, py: Python<'_>, bars: &[Given]) -> PyResult<()> {
        self.with(py, |stepwise| {
            let mut items = bars.iter().map(|bar| bar.item(stepwise)).collect::<Result<Vec<_>, _>>()?;
            items.sort_by_key(|item| item.symbol);
            stepwise.step(&items)
        })
    }
}

/// A bar or tick with all that a step wants to know of it.
struct Given {
    input: Input,
    last: bool,
    timeframe: Option<i64>,
    finer: Vec<Series>,
}

impl Given {
    fn new(
        bar: &Bound<'_, PyAny>,
        symbol: Option<&str>,
        last: bool,
        timeframe: Option<i64>,
        finer: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut input = input(bar)?;
        if let Some(symbol) = symbol {
            input.symbol = Some(symbol.into());
        }
        let finer = match finer {
            None => Vec::new(),
            Some(finer) => match finer.extract::<Vec<Bound<'_, PyAny>>>() {
                Ok(several) => several.iter().map(series_of).collect::<PyResult<_>>()?,
                Err(_) => vec![series_of(finer)?],
            },
        };
        Ok(Self { input, last, timeframe, finer })
    }

    fn item(&self, stepwise: &Stepwise) -> Result<StepBar<'_>, Error> {
        let drills = stepwise.config().rules.intrabar == Intrabar::Drill && !self.finer.is_empty();
        if drills && self.timeframe.is_none() {
            return Err(Error::Argument {
                what: "timeframe".into(),
                message: "missing; drilling needs to know what the bar covers".into(),
            });
        }
        Ok(StepBar {
            symbol: symbol_of(stepwise, self.input.symbol.as_deref())?,
            bar: self.input.bar,
            tick: self.input.tick,
            has_ask: self.input.has_ask,
            last: self.last,
            timeframe: if self.input.tick { 0 } else { self.timeframe.unwrap_or(1) },
            finer: &self.finer,
        })
    }
}

fn symbol_of(stepwise: &Stepwise, name: Option<&str>) -> Result<usize, Error> {
    match (name, stepwise.symbols()) {
        (Some(name), _) => stepwise.symbol(name),
        (None, [_]) => Ok(0),
        (None, several) => Err(Error::Argument {
            what: "symbol".into(),
            message: format!("missing; expected one of {}", several.join(", ")),
        }),
    }
}

#[pymethods]
impl ExecutionSimulator {
    #[new]
    #[pyo3(signature = (config_json, *, symbols=None, equity="bars", snapshot=None))]
    fn new(
        py: Python<'_>,
        config_json: &str,
        symbols: Option<Vec<String>>,
        equity: &str,
        snapshot: Option<&[u8]>,
    ) -> PyResult<Self> {
        let stepwise = match snapshot {
            Some(snapshot) => detached(py, || Stepwise::restore(snapshot)),
            None => attached(py, || Stepwise::new(Config::from_json(config_json)?, symbols, equity_mode(equity)?)),
        };
        stepwise.map(Self::from)
    }

    #[pyo3(signature = (bar, symbol=None, *, last=false))]
    fn on_bar(&self, py: Python<'_>, bar: &Bound<'_, PyAny>, symbol: Option<&str>, last: bool) -> PyResult<()> {
        let bar = Given::new(bar, symbol, last, None, None)?;
        self.with(py, |stepwise| stepwise.step(&[bar.item(stepwise)?]))
    }

    #[pyo3(signature = (tick, symbol=None, *, last=false))]
    fn on_tick(&self, py: Python<'_>, tick: &Bound<'_, PyAny>, symbol: Option<&str>, last: bool) -> PyResult<()> {
        self.on_bar(py, tick, symbol, last)
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
        let symbol = symbol.map(|name| self.with(py, |stepwise| stepwise.symbol(name))).transpose()?;
        self.table(
            py,
            |stepwise| {
                let mut orders = stepwise.orders();
                orders.retain(|row| {
                    magic.is_none_or(|magic| magic == row.magic)
                        && symbol.is_none_or(|symbol| symbol == row.symbol as usize)
                        && ticket.is_none_or(|ticket| ticket == row.ticket)
                });
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
        let symbol = symbol.map(|name| self.with(py, |stepwise| stepwise.symbol(name))).transpose()?;
        self.table(
            py,
            |stepwise| {
                let mut open_positions = stepwise.positions();
                open_positions.retain(|row| {
                    magic.is_none_or(|magic| magic == row.magic)
                        && symbol.is_none_or(|symbol| symbol == row.symbol as usize)
                        && ticket.is_none_or(|ticket| ticket == row.ticket)
                });
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
            |stepwise| core::RunResult { equity: stepwise.equity().clone(), ..core::RunResult::default() },
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

    /// For tests: what a defect inside would do.
    fn _panic(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |_| -> Result<(), Error> { std::panic::panic_any("provoked by a test") })
    }
}

/// A bar without a symbol is one of the ticket's.
fn for_ticket<'a>(stepwise: &Stepwise, ticket: u64, bar: &'a Given) -> Result<StepBar<'a>, Error> {
    match &bar.input.symbol {
        Some(_) => bar.item(stepwise),
        None => Ok(StepBar {
            symbol: stepwise.symbol_of(ticket)?,
            bar: bar.input.bar,
            tick: bar.input.tick,
            has_ask: bar.input.has_ask,
            last: false,
            timeframe: 0,
            finer: &[],
        }),
    }
}

fn tagged(stepwise: &mut Stepwise, table: &SignalTable, row: usize) -> Signal {
    let mut signal = table.row(row);
    signal.tag = signal.tag.map(|tag| stepwise.tag(&table.tags()[tag as usize]));
    signal
}

fn outcome_row(outcome: &Outcome) -> OutcomeRow {
    let reason = outcome.reason.map(|reason| reason.name());
    (outcome.status.name(), outcome.ticket, reason, outcome.fill_price, outcome.volume)
}

/// One row a signal.
pub fn outcome_table(outcomes: &[Outcome]) -> Result<RecordBatch, Error> {
    TableBuilder::default()
        .optional_tickets("ticket", outcomes.iter().map(|outcome| outcome.ticket))
        .texts("status", outcomes.iter().map(|outcome| outcome.status.name()))
        .optional_texts("reason", outcomes.iter().map(|outcome| outcome.reason.map(|reason| reason.name())))
        .optional_numbers("fill_price", outcomes.iter().map(|outcome| outcome.fill_price))
        .optional_numbers("volume", outcomes.iter().map(|outcome| outcome.volume))
        .finish()
}

fn close_row(trade: &Trade) -> CloseRow {
    (
        trade.ticket,
        trade.exit_time,
        trade.exit_price,
        trade.reason.name(),
        trade.result,
        trade.r_multiple,
        trade.gap,
        trade.ambiguous,
    )
}

/// One row an exit.
pub fn close_table(trades: &[Trade]) -> Result<RecordBatch, Error> {
    TableBuilder::default()
        .tickets("ticket", trades.iter().map(|trade| trade.ticket))
        .times("exit_time", trades.iter().map(|trade| trade.exit_time))
        .numbers("exit_price", trades.iter().map(|trade| trade.exit_price))
        .texts("reason", trades.iter().map(|trade| trade.reason.name()))
        .numbers("result", trades.iter().map(|trade| trade.result))
        .numbers("r_multiple", trades.iter().map(|trade| trade.r_multiple))
        .flags("gap", trades.iter().map(|trade| trade.gap))
        .flags("ambiguous", trades.iter().map(|trade| trade.ambiguous))
        .finish()
}

/// Bars or ticks of a table, row by row.
fn rows(batches: &Batches) -> Result<Vec<Given>, Error> {
    use omegasim_core::market::quote::{Bar, Ohlc};
    let tick = batches.has("bid");
    let frame = Frame::new(if tick { "ticks" } else { "bars" }, batches, if tick { &TICKS } else { &BARS })?;
    let (time, symbol) = (frame.times("time")?, frame.optional_text("symbol")?);
    let has_ask = tick || frame.has("ask_open");
    let side = |side: &str| -> Result<Vec<Ohlc>, Error> {
        if tick {
            return Ok(frame.numbers(side)?.values().iter().map(|&price| Ohlc::flat(price)).collect());
        }
        let column = |point: &str| frame.numbers(&format!("{side}_{point}"));
        let (open, high, low, close) = (column("open")?, column("high")?, column("low")?, column("close")?);
        let row =
            |row| Ohlc { open: open.value(row), high: high.value(row), low: low.value(row), close: close.value(row) };
        Ok((0..time.len()).map(row).collect())
    };
    let bid = side("bid")?;
    let ask = if has_ask { side("ask")? } else { bid.clone() };
    let given = |row: usize| Given {
        input: Input {
            symbol: symbol.as_ref().and_then(|text| text.get(row)).map(str::to_owned),
            bar: Bar { time: time.value(row), bid: bid[row], ask: ask[row] },
            tick,
            has_ask,
        },
        last: false,
        timeframe: None,
        finer: Vec::new(),
    };
    Ok((0..time.len()).map(given).collect())
}
