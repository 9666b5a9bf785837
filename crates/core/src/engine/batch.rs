//! The batch door: market data and a table of signals in, a result out.

use crate::config::Config;
use crate::engine::schedule::Schedule;
use crate::error::Error;
use crate::execution::order::OrderType;
use crate::execution::rules::Intrabar;
use crate::execution::signal::Action;
use crate::execution::signal_table::SignalTable;
use crate::execution::simulator::{Simulator, StepBar};
use crate::market::series::Series;
use crate::market::span::Span;
use crate::portfolio::equity::EquityMode;
use crate::portfolio::result::{OrderRow, PositionRow, RunResult};

/// Steps between two looks at the caller's wishes.
const CONTROL_STEPS: u64 = 65_536;

/// The market data of a run, in the order of its symbols (T5).
#[derive(Clone, Debug)]
pub struct Market {
    /// One entry a symbol.
    pub symbols: Vec<SymbolMarket>,
}

/// The market data of one symbol.
#[derive(Clone, Debug)]
pub struct SymbolMarket {
    /// Name, as in the instruments and the signals.
    pub symbol: String,
    /// What the run steps through.
    pub series: Series,
    /// I5: finer series, coarse to fine.
    pub finer: Vec<Series>,
}

/// What a run leaves besides trades and events.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunOptions {
    /// Rows of the equity table.
    pub equity: EquityMode,
}

/// The caller's hand on a run in progress.
pub trait Control {
    /// Told about every 65,536 steps; `false` stops the run.
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
    let symbols: Vec<String> = market.symbols.iter().map(|entry| entry.symbol.clone()).collect();
    let mut simulator = Simulator::new(config.clone(), &symbols, options.equity)?;
    let market = prepared(config, market)?;
    check_overlap(&market, signals)?;
    if config.rules.legacy() {
        check_legacy(signals)?;
    }
    let mut feeds = feeds(config, &market, signals)?;
    let total = feeds.iter().map(|feed| feed.series.len() as u64).sum();
    simulator.equity.reserve(if feeds.len() == 1 { feeds[0].series.len() } else { 0 });
    let steps = match feeds.as_mut_slice() {
        [feed] => run_one(config, &mut simulator, feed, signals, control, total)?,
        feeds => run_union(&mut simulator, feeds, signals, control, total)?,
    };
    let mut left: Vec<usize> = feeds.iter().flat_map(|feed| feed.schedule.left()).collect();
    left.sort_unstable();
    for row in left {
        simulator.unfilled(&signals.row(row));
    }
    Ok(collect(simulator, &market, signals, symbols, steps))
}

/// One symbol's data on their way through the run.
struct Feed<'a> {
    symbol: usize,
    series: &'a Series,
    finer: &'a [Series],
    schedule: Schedule,
    next: usize,
}

impl Feed<'_> {
    fn time(&self) -> Option<i64> {
        (self.next < self.series.len()).then(|| self.series.time(self.next))
    }

    /// Rows before the next signal and before the last row (M7), at most `limit`.
    fn quiet_rows(&self, signals: &SignalTable, limit: usize) -> std::ops::Range<usize> {
        let end = (self.series.len() - 1).min(self.next.saturating_add(limit)).max(self.next);
        let awake_from = self.schedule.awake_from(signals);
        let times = &self.series.times()[self.next..end];
        // Signals come often: a gallop finds a near end without a search over all that is left.
        let mut reach = 64.min(times.len());
        while reach < times.len() && times[reach - 1] < awake_from {
            reach = (reach * 4).min(times.len());
        }
        self.next..self.next + times[..reach].partition_point(|&time| time < awake_from)
    }

    fn pass(&mut self, rows: usize) {
        self.next += rows;
        self.schedule.pass(rows as u64);
    }

    fn take(&mut self) -> StepBar<'_> {
        let row = self.next;
        self.next += 1;
        StepBar {
            symbol: self.symbol,
            bar: self.series.bar(row),
            tick: self.series.is_ticks(),
            has_ask: self.series.has_ask(),
            last: self.next == self.series.len(),
            timeframe: self.series.timeframe(),
            finer: self.finer,
        }
    }
}

/// C2, Q4: the data as the run sees them.
fn prepared(config: &Config, market: &Market) -> Result<Market, Error> {
    let mut symbols = Vec::with_capacity(market.symbols.len());
    for entry in &market.symbols {
        let all = std::iter::once(&entry.series).chain(&entry.finer);
        if let Some(series) = all.clone().find(|series| !series.has_ask() && !config.rules.legacy()) {
            return Err(Error::MissingAsk {
                symbol: series.symbol().into(),
                needed_by: "every rule but preset \"legacy\"".into(),
            });
        }
        let instrument = config.instruments.iter().find(|instrument| instrument.symbol == entry.symbol);
        let widened = |series: &Series| match instrument {
            Some(instrument) if config.costs.spread_multiplier != 1.0 => {
                series.with_spread_multiplier(config.costs.spread_multiplier, instrument)
            }
            _ => series.clone(),
        };
        symbols.push(SymbolMarket {
            symbol: entry.symbol.clone(),
            series: widened(&entry.series),
            finer: entry.finer.iter().map(widened).collect(),
        });
    }
    Ok(Market { symbols })
}

/// V1, V2: the replaced simulator fills at a signal's own price, and has no `stop_limit`.
fn check_legacy(signals: &SignalTable) -> Result<(), Error> {
    for row in 0..signals.len() {
        let signal = signals.row(row);
        if signal.action != Action::Open {
            continue;
        }
        let (column, message) = match (signal.order_type, signal.price) {
            (OrderType::StopLimit, _) => ("order_type", "stop_limit, where preset \"legacy\" has market, limit and stop"),
            (_, None) => ("price", "null, where preset \"legacy\" fills at the signal's own price"),
            _ => continue,
        };
        return Err(Error::SignalColumn { column: column.into(), row: Some(row), message: message.into() });
    }
    Ok(())
}

fn check_overlap(market: &Market, signals: &SignalTable) -> Result<(), Error> {
    let first = market.symbols.iter().map(|entry| entry.series.first_time()).min();
    let last = market.symbols.iter().map(|entry| entry.series.last_time()).max();
    let (Some(market_first), Some(market_last), true) = (first, last, !signals.is_empty()) else {
        return Ok(());
    };
    let (signals_first, signals_last) = (signals.time(0), signals.time(signals.len() - 1));
    // A signal from before the data acts on their first bar; only a table that lies wholly outside is a mistake.
    let reach = market.symbols.iter().map(|entry| entry.series.timeframe()).max().unwrap_or(0).saturating_mul(2);
    if signals_first > market_last || signals_last < market_first.saturating_sub(reach) {
        return Err(Error::NoOverlap { signals_first, signals_last, market_first, market_last });
    }
    Ok(())
}

fn feeds<'a>(config: &Config, market: &'a Market, signals: &SignalTable) -> Result<Vec<Feed<'a>>, Error> {
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); market.symbols.len()];
    for row in 0..signals.len() {
        rows[signals.symbol(row) as usize].push(row);
    }
    market
        .symbols
        .iter()
        .zip(rows)
        .enumerate()
        .map(|(symbol, (entry, rows))| {
            let schedule = Schedule::new(&config.rules, &entry.series, signals, rows)?;
            Ok(Feed { symbol, series: &entry.series, finer: &entry.finer, schedule, next: 0 })
        })
        .collect()
}

/// Steps through one symbol, passing over the bars in which nothing can happen.
fn run_one(
    config: &Config,
    simulator: &mut Simulator,
    feed: &mut Feed,
    signals: &SignalTable,
    control: &mut dyn Control,
    total: u64,
) -> Result<u64, Error> {
    let drilled = config.rules.intrabar == Intrabar::Drill && !feed.series.is_ticks();
    let timeframe = if drilled { feed.series.timeframe() } else { 0 };
    let (mut steps, mut looked) = (0, 0);
    loop {
        let quiet = feed.quiet_rows(signals, (CONTROL_STEPS - (steps - looked)) as usize);
        let passed = simulator.pass_over(0, &Span::of(feed.series, quiet), timeframe);
        feed.pass(passed);
        steps += passed as u64;
        if let Some(time) = feed.time().filter(|_| steps - looked < CONTROL_STEPS) {
            feed.schedule.deliver(time, signals, simulator);
            let item = feed.take();
            simulator.step(time, &[item]);
            steps += 1;
        }
        if feed.time().is_none() {
            return Ok(steps);
        }
        if steps - looked >= CONTROL_STEPS {
            looked = steps;
            if !control.progress(steps, total) {
                return Err(Error::Cancelled);
            }
        }
    }
}

/// T5: the sorted union of the times; ticks of one time go round by round.
fn run_union(
    simulator: &mut Simulator,
    feeds: &mut [Feed],
    signals: &SignalTable,
    control: &mut dyn Control,
    total: u64,
) -> Result<u64, Error> {
    let (mut steps, mut rows, mut looked) = (0, 0, 0);
    while let Some(time) = feeds.iter().filter_map(Feed::time).min() {
        let mut items = Vec::with_capacity(feeds.len());
        for feed in feeds.iter_mut().filter(|feed| feed.time() == Some(time)) {
            feed.schedule.deliver(time, signals, simulator);
            items.push(feed.take());
        }
        rows += items.len() as u64;
        simulator.step(time, &items);
        steps += 1;
        if rows - looked >= CONTROL_STEPS {
            looked = rows;
            if !control.progress(rows, total) {
                return Err(Error::Cancelled);
            }
        }
    }
    Ok(steps)
}

fn collect(
    mut simulator: Simulator,
    market: &Market,
    signals: &SignalTable,
    symbols: Vec<String>,
    steps: u64,
) -> RunResult {
    let (drilled, undrilled) = simulator.drill_counts();
    // O1: symbols drilled one after the other close out of order in time.
    simulator.trades.sort_by_key(|trade| trade.exit_time);
    RunResult {
        symbols,
        tags: signals.tags().to_vec(),
        orders: simulator.order_rows(),
        open_positions: simulator.position_rows(),
        initial_balance: simulator.config.account.balance,
        balance: simulator.balance,
        first_time: market.symbols.iter().map(|entry| entry.series.first_time()).min(),
        last_time: market.symbols.iter().map(|entry| entry.series.last_time()).max(),
        steps,
        drilled,
        undrilled,
        trades: simulator.trades,
        events: simulator.events,
        equity: simulator.equity.into_table(),
    }
}

impl Simulator {
    /// Pending orders by ticket.
    #[must_use]
    pub fn order_rows(&self) -> Vec<OrderRow> {
        let mut rows: Vec<OrderRow> = Vec::new();
        for (symbol, state) in self.symbols.iter().enumerate() {
            rows.extend(state.book.orders().map(|order| OrderRow {
                ticket: order.ticket,
                symbol: symbol as u32,
                magic: order.magic,
                side: order.side,
                order_type: order.order_type,
                signal_time: order.signal_time,
                price: order.price,
                limit_price: order.limit_price,
                stop_loss: order.stop_loss,
                take_profit: order.take_profit,
                volume: order.volume,
                expires: order.expires,
                oco: order.oco,
                tag: order.tag,
            }));
        }
        rows.sort_by_key(|row| row.ticket);
        rows
    }

    /// Open positions by ticket.
    #[must_use]
    pub fn position_rows(&self) -> Vec<PositionRow> {
        let mut rows: Vec<PositionRow> = Vec::new();
        for (symbol, state) in self.symbols.iter().enumerate() {
            rows.extend(state.book.positions().map(|position| PositionRow {
                ticket: position.ticket,
                symbol: symbol as u32,
                magic: position.magic,
                side: position.side,
                order_type: position.order_type,
                signal_time: position.signal_time,
                entry_time: position.entry_time,
                entry_price: position.entry_price,
                initial_stop_loss: position.initial_stop_loss,
                stop_loss: position.stop_loss,
                take_profit: position.take_profit,
                volume: position.volume,
                risk: position.risk.left,
                risk_per_trade: position.risk_per_trade.left,
                commission: position.commission.left,
                swap: position.swap.left,
                open_profit: position.profit_at(
                    position.side.exit_price(state.quote),
                    position.volume,
                    state.instrument.unit(),
                ),
                tag: position.tag,
            }));
        }
        rows.sort_by_key(|row| row.ticket);
        rows
    }
}
