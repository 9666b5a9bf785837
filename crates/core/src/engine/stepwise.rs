//! The stepwise door: one bar or tick at a time, one signal at a time, the same simulator.
//!
//! Fed with the work of a batch it leaves what the batch leaves, to the bit: signals before the bar on which they act,
//! all symbols that have a bar at one time in one step, `last` on the last bar of a symbol that ends before the others.

use crate::config::Config;
use crate::engine::market::check_legacy_signal;
use crate::engine::waiting::{ActsAt, Timing, Waiting};
use crate::error::Error;
use crate::execution::rules::Intrabar;
use crate::execution::signal::{Action, Signal};
use crate::execution::simulator::{Simulator, StepBar};
use crate::market::bars::{check_bar, widened_bar};
use crate::market::quote::Bar;
use crate::market::series::Series;
use crate::portfolio::equity::{EquityMode, EquityTable};
use crate::portfolio::journal::{Event, EventKind, Reason};
use crate::portfolio::result::{OrderRow, PositionRow, RunResult};
use crate::portfolio::trade::Trade;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A simulator that is driven bar by bar.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stepwise {
    simulator: Simulator,
    symbols: Vec<String>,
    lanes: Vec<Lane>,
    tags: Vec<String>,
    tag_indices: BTreeMap<String, u32>,
    /// Signals so far.
    signals: u64,
    steps: u64,
    first_time: Option<i64>,
    last_time: Option<i64>,
    finished: bool,
}

/// One symbol's place in time.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Lane {
    waiting: Waiting<Numbered>,
    newest: Option<Newest>,
    /// L4: time of the newest signal, and how many of that time came before it.
    signal: Option<(i64, u32)>,
    /// M7: whether its last bar is over.
    ended: bool,
}

/// What a symbol has seen last.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Newest {
    bar: Bar,
    tick: bool,
    /// Whether all of the symbol met it, or single tickets.
    whole: bool,
}

/// A signal and its place among all of them (T7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Numbered {
    number: u64,
    signal: Signal,
}

/// What became of a signal by now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// How far it has come.
    pub status: Status,
    /// S4: the ticket, where the signal was accepted.
    pub ticket: Option<u64>,
    /// S2: why it was rejected.
    pub reason: Option<Reason>,
    /// The price agreed, where something was filled or closed.
    pub fill_price: Option<f64>,
    /// Lots filled or closed.
    pub volume: Option<f64>,
}

/// How far a signal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Waits for its bar or tick.
    Waiting,
    /// An order that waits for its price.
    Pending,
    /// A position.
    Open,
    /// A position that closed at once, or positions that a `close` closed.
    Closed,
    /// A change or a cancellation was made.
    Done,
    /// Refused.
    Rejected,
    /// It matches nothing.
    NoMatch,
}

impl Status {
    /// The name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Pending => "pending",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::NoMatch => "no_match",
        }
    }
}

impl Stepwise {
    /// A simulator at its start over symbols of the settings; over all of them, in their order, where none are named.
    ///
    /// # Errors
    /// A setting out of range, an unknown symbol, or one whose money cannot be converted.
    pub fn new(config: Config, symbols: Option<Vec<String>>, equity: EquityMode) -> Result<Self, Error> {
        let symbols = symbols.unwrap_or_else(|| config.instruments.iter().map(|one| one.symbol.clone()).collect());
        let twice = symbols.iter().enumerate().find(|(index, symbol)| symbols[..*index].contains(symbol));
        if let Some((_, symbol)) = twice {
            return Err(argument("symbols", &format!("{symbol:?} is given twice")));
        }
        let timing = Timing::new(&config.rules)?;
        let lane = || Lane { waiting: Waiting::new(timing), newest: None, signal: None, ended: false };
        Ok(Self {
            lanes: symbols.iter().map(|_| lane()).collect(),
            simulator: Simulator::new(config, &symbols, equity)?,
            symbols,
            tags: Vec::new(),
            tag_indices: BTreeMap::new(),
            signals: 0,
            steps: 0,
            first_time: None,
            last_time: None,
            finished: false,
        })
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.simulator.config
    }

    /// The symbols, in the order of a step (T5).
    #[must_use]
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// Index of a symbol.
    ///
    /// # Errors
    /// `Error::UnknownSymbol` lists the known ones.
    pub fn symbol(&self, name: &str) -> Result<usize, Error> {
        let index = self.symbols.iter().position(|symbol| symbol == name);
        index.ok_or_else(|| Error::UnknownSymbol { symbol: name.into(), known: self.symbols.clone() })
    }

    /// Index of a label among the tags; a new one is added.
    pub fn tag(&mut self, text: &str) -> u32 {
        if let Some(&index) = self.tag_indices.get(text) {
            return index;
        }
        let index = self.tags.len() as u32;
        self.tags.push(text.into());
        self.tag_indices.insert(text.into(), index);
        index
    }

    /// The labels behind the tag indices.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// Time of the newest bar or tick of a symbol.
    #[must_use]
    pub fn newest_time(&self, symbol: usize) -> Option<i64> {
        self.lanes[symbol].newest.map(|newest| newest.bar.time)
    }

    /// The time that a signal without one has: that of the symbol's newest bar, tick or signal.
    ///
    /// # Errors
    /// There has been none.
    pub fn now(&self, symbol: usize) -> Result<i64, Error> {
        let lane = &self.lanes[symbol];
        let newest = lane.newest.map(|newest| newest.bar.time);
        newest
            .max(lane.signal.map(|(time, _)| time))
            .ok_or_else(|| argument("time", &format!("missing, and {} has seen no bar yet", self.symbols[symbol])))
    }

    /// The symbol of a ticket that is pending or open.
    ///
    /// # Errors
    /// There is no such ticket.
    pub fn symbol_of(&self, ticket: u64) -> Result<usize, Error> {
        self.simulator.symbol_of(ticket).ok_or_else(|| no_ticket(ticket, "pending order or open position"))
    }

    /// Checks signals that come together, sorted by time, before the first of them is taken.
    ///
    /// # Errors
    /// A time before the symbol's newest signal, or what preset `legacy` does not know.
    pub fn check_signals(&self, signals: &[Signal]) -> Result<(), Error> {
        self.check_unfinished()?;
        signals.iter().try_for_each(|signal| self.check_signal(signal))
    }

    /// Takes a checked signal; its ordinal is counted here.
    ///
    /// With a quote it acts at once; so does a market order that fills at the close of the bar just over (T8), and any
    /// signal of preset `legacy` whose time has come. All others wait for their bar, as in a batch.
    ///
    /// # Errors
    /// A time before the symbol's newest signal, a quote before the newest time, what preset `legacy` does not know,
    /// ticks without `signal_timeframe` (T3), or no bar left to fill at (T8). Nothing has changed then.
    pub fn process_signal(&mut self, mut signal: Signal, quote: Option<Bar>) -> Result<Outcome, Error> {
        let symbol = signal.symbol as usize;
        self.check_unfinished()?;
        self.check_signal(&signal)?;
        let lane = &self.lanes[symbol];
        let timing = lane.waiting.timing();
        let (legacy, at) = (self.config().rules.legacy(), timing.acts_at(&signal));
        let newest = lane.newest.filter(|newest| newest.whole);
        let quote = quote.map(|quote| self.checked_quote(symbol, quote)).transpose()?;
        let due_at_own_price =
            legacy && (quote.is_some() || newest.is_some_and(|newest| newest.bar.time >= signal.time));
        let closing = newest.filter(|_| at == ActsAt::Close && quote.is_none() && !lane.ended);
        if quote.is_none() && newest.is_some_and(|newest| newest.tick) {
            check_ticks(&self.symbols[symbol], timing, &signal)?;
        }
        if let Some(newest) = closing.filter(|newest| newest.bar.time > signal.time) {
            return Err(late(&self.symbols[symbol], signal.time, newest.bar.time));
        }
        signal.ordinal = self.next_ordinal(symbol, signal.time);
        self.signals += 1;
        let before = self.simulator.events.len();
        let closing = closing.filter(|newest| newest.bar.time == signal.time);
        let numbered = |signal| Numbered { number: self.signals, signal };
        match (quote, closing) {
            _ if due_at_own_price => self.simulator.act_at_own_price(&signal),
            (Some(quote), _) => {
                self.simulator.act_at_quote(&signal, &quote);
                self.pass_time(quote.time);
                // A quote makes no series of ticks: bars and their timing go on.
                self.lanes[symbol].newest = Some(Newest { bar: quote, tick: true, whole: false });
            }
            (None, Some(newest)) if self.config().rules.delay == 0 => {
                self.simulator.act_at_close(signal, &newest.bar);
            }
            (None, Some(_)) => {
                let item = numbered(signal);
                self.lanes[symbol].waiting.push_behind(item);
            }
            (None, None) => {
                let item = numbered(signal);
                self.lanes[symbol].waiting.push(at, item);
            }
        }
        Ok(self.outcome(before))
    }

    /// Walks one step: all bars and ticks of one time, a symbol at most once each, in the order of the symbols (T5).
    ///
    /// # Errors
    /// A bar that does not come after the one before it (T4), prices that are none (Q3), missing ask prices (Q4),
    /// symbols out of order, signals that ticks cannot serve (T3, T8). Nothing has changed then.
    pub fn step(&mut self, items: &[StepBar]) -> Result<(), Error> {
        match items {
            [item] => {
                let item = self.checked(item)?;
                self.walk(&[item]);
            }
            _ => {
                self.check_together(items)?;
                let items = items.iter().map(|item| self.checked(item)).collect::<Result<Vec<_>, _>>()?;
                self.walk(&items);
            }
        }
        Ok(())
    }

    /// M7, T7: the data are over: positions close at the last marks, signals that never acted are written down.
    ///
    /// # Errors
    /// It was finished before.
    pub fn finish(&mut self) -> Result<(), Error> {
        self.check_unfinished()?;
        let open: Vec<usize> = (0..self.lanes.len()).filter(|&symbol| self.ends_now(symbol)).collect();
        if !self.config().rules.legacy() && !open.is_empty() {
            self.simulator.end_of_symbols(&open);
        }
        let mut left: Vec<Numbered> = self.lanes.iter().flat_map(|lane| lane.waiting.left().cloned()).collect();
        left.sort_by_key(|item| item.number);
        for item in left {
            self.simulator.unfilled(&item.signal);
        }
        for lane in &mut self.lanes {
            lane.waiting.clear();
        }
        self.finished = true;
        Ok(())
    }

    /// What there is by now, as a batch would leave it.
    #[must_use]
    pub fn result(&self) -> RunResult {
        let mut result = self.simulator.clone().into_result(self.tags.clone());
        (result.first_time, result.last_time, result.steps) = (self.first_time, self.last_time, self.steps);
        result
    }

    /// Pending orders by ticket.
    #[must_use]
    pub fn orders(&self) -> Vec<OrderRow> {
        self.simulator.order_rows()
    }

    /// Open positions by ticket.
    #[must_use]
    pub fn positions(&self) -> Vec<PositionRow> {
        self.simulator.position_rows()
    }

    /// Closed trades in the order of closing.
    #[must_use]
    pub fn trades(&self) -> &[Trade] {
        &self.simulator.trades
    }

    /// The journal.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.simulator.events
    }

    /// The equity table.
    #[must_use]
    pub fn equity(&self) -> &EquityTable {
        self.simulator.equity.table()
    }

    /// Booked money.
    #[must_use]
    pub fn balance(&self) -> f64 {
        self.simulator.balance
    }

    /// A4: balance plus open profit at the last marks.
    pub fn equity_now(&mut self) -> f64 {
        self.simulator.equity_now()
    }

    /// G: activates one pending order where the bar or tick touches it, with all that follows from its fill.
    ///
    /// `true` where the order was filled, whether or not its position is still open.
    ///
    /// # Errors
    /// As for a step; a ticket that is no pending order.
    pub fn entry_trigger(&mut self, ticket: u64, item: &StepBar) -> Result<bool, Error> {
        if !self.orders().iter().any(|order| order.ticket == ticket) {
            return Err(no_ticket(ticket, "pending order"));
        }
        let before = self.simulator.events.len();
        self.evaluate(ticket, item)?;
        let filled = |event: &Event| event.kind == EventKind::Filled && event.ticket == Some(ticket);
        Ok(self.simulator.events[before..].iter().any(filled))
    }

    /// B3 to B6 for one open position; its trade where it closed.
    ///
    /// # Errors
    /// As for a step; a ticket that is no open position.
    pub fn evaluate_exit(&mut self, ticket: u64, item: &StepBar) -> Result<Option<&Trade>, Error> {
        if !self.simulator.is_open(ticket) {
            return Err(no_ticket(ticket, "open position"));
        }
        let before = self.simulator.trades.len();
        self.evaluate(ticket, item)?;
        Ok(self.simulator.trades.get(before))
    }

    /// B3 to B6 for all open positions of a symbol, in ascending ticket; how many trades there were before.
    ///
    /// # Errors
    /// As for a step.
    pub fn evaluate_exits(&mut self, item: &StepBar) -> Result<usize, Error> {
        let before = self.simulator.trades.len();
        let checked = self.checked_single(item)?;
        let counts = self.begin_single(&checked);
        self.simulator.evaluate_positions(&checked, counts);
        self.note_single(&checked);
        Ok(before)
    }

    /// Z: the volume of an order at `entry` with this stop loss; 0 where it would be too small.
    ///
    /// # Errors
    /// A price that is none, or a stop loss at the entry.
    pub fn calculate_lot_size(
        &self,
        symbol: usize,
        entry: f64,
        stop_loss: f64,
        risk: Option<f64>,
    ) -> Result<f64, Error> {
        for (name, value) in [("entry", Some(entry)), ("stop_loss", Some(stop_loss)), ("risk", risk)] {
            if value.is_some_and(|value| !value.is_finite() || value <= 0.0) {
                return Err(argument(name, &format!("{value:?}; expected a finite number above 0")));
            }
        }
        match self.simulator.lot_size(symbol, entry, stop_loss, risk) {
            Ok(volume) => Ok(volume),
            Err(Reason::VolumeTooSmall) => Ok(0.0),
            Err(reason) => {
                Err(argument("stop_loss", &format!("{stop_loss}: an order would be rejected as {}", reason.name())))
            }
        }
    }

    fn ends_now(&self, symbol: usize) -> bool {
        self.lanes[symbol].newest.is_some() && !self.lanes[symbol].ended
    }

    fn evaluate(&mut self, ticket: u64, item: &StepBar) -> Result<(), Error> {
        if self.simulator.symbol_of(ticket) != Some(item.symbol) {
            return Err(no_ticket(ticket, &format!("ticket of {}", self.symbols[item.symbol])));
        }
        let item = self.checked_single(item)?;
        let counts = self.begin_single(&item);
        self.simulator.evaluate(ticket, &item, counts);
        self.note_single(&item);
        Ok(())
    }

    /// Whether a bar is new to its symbol; the one before it is over then.
    fn begin_single(&mut self, item: &StepBar) -> bool {
        let seen = self.lanes[item.symbol].newest;
        let counts = seen.is_none_or(|newest| newest.bar != item.bar);
        if let Some(newest) = seen.filter(|_| counts) {
            self.simulator.bar_is_over(item.symbol, newest.bar.bid.high - newest.bar.bid.low);
        }
        counts
    }

    fn note_single(&mut self, item: &StepBar) {
        self.lanes[item.symbol].newest = Some(Newest { bar: item.bar, tick: item.tick, whole: false });
        self.pass_time(item.bar.time);
    }

    /// A bar for single tickets may be given again for other tickets.
    fn checked_single<'a>(&self, item: &StepBar<'a>) -> Result<StepBar<'a>, Error> {
        let item = self.prepared(item)?;
        let again = self.lanes[item.symbol].newest.is_some_and(|newest| !newest.whole && newest.bar == item.bar);
        if !again {
            self.check_time(&item)?;
        }
        Ok(item)
    }

    fn checked<'a>(&self, item: &StepBar<'a>) -> Result<StepBar<'a>, Error> {
        let item = self.prepared(item)?;
        self.check_time(&item)?;
        let lane = &self.lanes[item.symbol];
        if item.tick && !lane.waiting.is_empty() {
            for waiting in lane.waiting.left() {
                check_ticks(&self.symbols[item.symbol], lane.waiting.timing(), &waiting.signal)?;
            }
        }
        Ok(item)
    }

    /// Q3, Q4, C2: the bar as a run sees it.
    fn prepared<'a>(&self, item: &StepBar<'a>) -> Result<StepBar<'a>, Error> {
        self.check_unfinished()?;
        let symbol = &self.symbols[item.symbol];
        if self.lanes[item.symbol].ended {
            return Err(argument("bar", &format!("{symbol}: its last bar was given before")));
        }
        if !item.has_ask && !self.config().rules.legacy() {
            return Err(Error::MissingAsk {
                symbol: symbol.clone(),
                needed_by: "every rule but preset \"legacy\"".into(),
            });
        }
        check_bar(symbol, &item.bar, item.has_ask)?;
        let multiplier = self.config().costs.spread_multiplier;
        let mut item = *item;
        if multiplier != 1.0 && item.has_ask {
            let grid = self.simulator.symbols[item.symbol].instrument.grid();
            item.bar = widened_bar(&item.bar, multiplier, grid);
        }
        Ok(item)
    }

    /// T4: times of bars rise, times of ticks and of the run never fall.
    fn check_time(&self, item: &StepBar) -> Result<(), Error> {
        let (time, symbol) = (item.bar.time, || self.symbols[item.symbol].clone());
        if let Some(newest) = self.lanes[item.symbol].newest {
            let previous = newest.bar.time;
            if item.tick && time < previous {
                return Err(Error::TicksOutOfOrder { symbol: symbol(), row: self.steps as usize, time, previous });
            }
            let same = time == previous && !newest.tick;
            if !item.tick && (time < previous || same) {
                return Err(Error::BarsOutOfOrder { symbol: symbol(), row: self.steps as usize, time, previous });
            }
        }
        match self.last_time {
            Some(previous) if time < previous => {
                Err(Error::TicksOutOfOrder { symbol: symbol(), row: self.steps as usize, time, previous })
            }
            _ => Ok(()),
        }
    }

    fn check_together(&self, items: &[StepBar]) -> Result<(), Error> {
        let Some(first) = items.first() else {
            return Err(argument("bars", "none; expected at least one"));
        };
        if items.windows(2).any(|pair| pair[0].symbol >= pair[1].symbol) {
            return Err(argument("bars", "expected each symbol once, in the order of the symbols"));
        }
        match items.iter().find(|item| item.bar.time != first.bar.time) {
            Some(other) => Err(argument(
                "bars",
                &format!(
                    "{} at {} and {} at {}; expected one time",
                    self.symbols[first.symbol],
                    crate::time::display(first.bar.time),
                    self.symbols[other.symbol],
                    crate::time::display(other.bar.time)
                ),
            )),
            None => Ok(()),
        }
    }

    fn walk(&mut self, items: &[StepBar]) {
        let Some(time) = items.first().map(|item| item.bar.time) else {
            return;
        };
        for item in items {
            self.deliver(item);
        }
        if self.config().rules.intrabar == Intrabar::Drill && items.iter().any(|item| !item.finer.is_empty()) {
            let widened: Vec<Vec<Series>> = items.iter().map(|item| self.finer(item)).collect();
            let items: Vec<StepBar> =
                items.iter().zip(&widened).map(|(item, finer)| StepBar { finer, ..*item }).collect();
            self.simulator.step(time, &items);
        } else {
            self.simulator.step(time, items);
        }
        for item in items {
            let lane = &mut self.lanes[item.symbol];
            lane.newest = Some(Newest { bar: item.bar, tick: item.tick, whole: true });
            lane.ended |= item.last;
        }
        self.steps += 1;
        self.pass_time(time);
    }

    /// I5, C2: the finer series of a bar, spreads multiplied.
    fn finer(&self, item: &StepBar) -> Vec<Series> {
        let config = self.config();
        let instrument = &self.simulator.symbols[item.symbol].instrument;
        let widened = |series: &Series| series.with_spread_multiplier(config.costs.spread_multiplier, instrument);
        item.finer.iter().map(widened).collect()
    }

    fn deliver(&mut self, item: &StepBar) {
        let lane = &mut self.lanes[item.symbol];
        let simulator = &mut self.simulator;
        // T8: the bar of its time never came.
        while lane.waiting.next_at_close().is_some_and(|next| next.signal.time < item.bar.time) {
            if let Some(missed) = lane.waiting.drop_at_close() {
                simulator.unfilled(&missed.signal);
            }
        }
        lane.waiting.deliver(
            item.bar.time,
            item.tick,
            |item| item.signal.time,
            |at, item| match at {
                ActsAt::Open => simulator.deliver(item.signal),
                ActsAt::Close => simulator.deliver_at_close(item.signal),
            },
        );
    }

    fn pass_time(&mut self, time: i64) {
        self.first_time = self.first_time.or(Some(time));
        self.last_time = Some(time);
    }

    fn check_unfinished(&self) -> Result<(), Error> {
        if self.finished {
            return Err(argument("simulator", "it is finished; make a new one or restore a snapshot"));
        }
        Ok(())
    }

    fn check_signal(&self, signal: &Signal) -> Result<(), Error> {
        if let Some((previous, _)) = self.lanes[signal.symbol as usize].signal {
            if signal.time < previous {
                return Err(Error::SignalsUnsorted { row: self.signals as usize, time: signal.time, previous });
            }
        }
        if self.config().rules.legacy() {
            check_legacy_signal(signal, None)?;
        }
        Ok(())
    }

    fn checked_quote(&self, symbol: usize, quote: Bar) -> Result<Bar, Error> {
        let item = StepBar { symbol, bar: quote, tick: true, has_ask: true, last: false, timeframe: 0, finer: &[] };
        let item = self.prepared(&item)?;
        self.check_time(&item)?;
        Ok(item.bar)
    }

    fn next_ordinal(&mut self, symbol: usize, time: i64) -> u32 {
        let lane = &mut self.lanes[symbol];
        let ordinal = match lane.signal {
            Some((newest, ordinal)) if newest == time => ordinal + 1,
            _ => 0,
        };
        lane.signal = Some((time, ordinal));
        ordinal
    }

    /// What the events since `before` say of one signal.
    fn outcome(&self, before: usize) -> Outcome {
        let mut outcome =
            Outcome { status: Status::Waiting, ticket: None, reason: None, fill_price: None, volume: None };
        for event in &self.simulator.events[before..] {
            let status = match event.kind {
                EventKind::Accepted => Status::Pending,
                EventKind::Filled => Status::Open,
                EventKind::Closed => Status::Closed,
                EventKind::Rejected => Status::Rejected,
                EventKind::NoMatch => Status::NoMatch,
                EventKind::Modified if outcome.status == Status::Waiting => Status::Done,
                EventKind::Cancelled if outcome.status == Status::Waiting => Status::Done,
                _ => continue,
            };
            outcome.status = status;
            outcome.ticket = event.ticket.or(outcome.ticket);
            if matches!(event.kind, EventKind::Filled)
                || outcome.fill_price.is_none() && event.kind == EventKind::Closed
            {
                outcome.fill_price = event.price;
                outcome.volume = event.volume;
            }
            if event.kind == EventKind::Rejected {
                outcome.reason = event.reason;
            }
        }
        outcome
    }
}

/// T3, T8: whether a signal can act on ticks at all.
fn check_ticks(symbol: &str, timing: Timing, signal: &Signal) -> Result<(), Error> {
    if timing.lacks_timeframe() {
        return Err(Error::MissingSignalTimeframe { symbol: symbol.into() });
    }
    if timing.acts_at(signal) == ActsAt::Close {
        return Err(argument("market_fill", &format!("{symbol}: \"signal_close\" has no meaning on ticks")));
    }
    Ok(())
}

fn late(symbol: &str, time: i64, newest: i64) -> Error {
    argument(
        "signal",
        &format!(
            "{symbol}: its bar at {} is over, the newest is at {}; market_fill=\"signal_close\" needs the newest",
            crate::time::display(time),
            crate::time::display(newest)
        ),
    )
}

fn no_ticket(ticket: u64, what: &str) -> Error {
    argument("ticket", &format!("{ticket} is no {what}"))
}

fn argument(what: &str, message: &str) -> Error {
    Error::Argument { what: what.into(), message: message.into() }
}

impl Signal {
    /// A request about one ticket, or about all of a symbol and magic number.
    #[must_use]
    pub fn request(action: Action, time: i64, symbol: u32, ticket: Option<u64>, magic: i64) -> Self {
        let base = Self::market(time, symbol, crate::market::side::Side::Long);
        Self { action, side: None, ticket, magic, ..base }
    }
}
