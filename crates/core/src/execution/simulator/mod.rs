//! The one simulator behind every door: it walks the steps B1 to B6.

mod arrival;
mod at_once;
mod checks;
mod closing;
mod drill;
mod entry;
mod exit;
mod inside;
pub mod lone;
mod money;
mod netting;
mod opening;
mod quiet;
mod requests;
mod rows;
mod single;
mod walk;

use self::money::conversion;
pub(crate) use self::money::mid;
use crate::account::currency::{Rates, Route};
use crate::account::exposure::Exposure;
use crate::account::margin::Margin;
use crate::account::stale_rates::StaleRates;
use crate::calendar::{Rollovers, Weekday};
use crate::config::Config;
use crate::costs::commission::Commission;
use crate::costs::swap::Swaps;
use crate::error::Error;
use crate::execution::book::{Alarms, Book, State};
use crate::execution::rules::{EndOfData, Intrabar, MarginCheck};
use crate::execution::signal::Signal;
use crate::instrument::{Grid, Instrument};
use crate::market::extremes::Extremes;
use crate::market::quote::{Bar, Point, Quote};
use crate::market::series::Series;
use crate::portfolio::equity::{EquityCurve, EquityMode};
use crate::portfolio::journal::{Event, EventKind, Reason};
use crate::portfolio::trade::Trade;
use serde::{Deserialize, Serialize};

/// All state of a run: books, account, journal, trades and equity.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Simulator {
    #[serde(with = "crate::json")]
    pub(crate) config: Config,
    pub(crate) symbols: Vec<SymbolState>,
    pub(crate) balance: f64,
    pub(crate) trades: Vec<Trade>,
    pub(crate) events: Vec<Event>,
    pub(crate) equity: EquityCurve,
    rates: Rates,
    /// The moment whose rates are in use.
    rates_at: i64,
    stale_rates: StaleRates,
    /// Whether any money is converted.
    converts: bool,
    rollovers: Rollovers,
    /// What the step failed for.
    #[serde(skip)]
    failure: Option<Error>,
    next_ticket: u64,
    /// Time of the current step.
    time: i64,
    /// Number of the current step.
    step: u64,
    drilled: u64,
    undrilled: u64,
    /// Whether nobody reads the events.
    #[serde(skip)]
    silent: bool,
}

/// What the simulator keeps for one symbol.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SymbolState {
    pub(crate) instrument: Instrument,
    grid: Grid,
    unit: f64,
    /// G5: distance by which exits are touched early.
    buffer: f64,
    pub(crate) book: Book,
    alarms: Alarms,
    exposure: Exposure,
    margin: f64,
    /// Whether the sums no longer fit the book.
    stale: bool,
    /// Whether the alarms no longer fit the book.
    changed: bool,
    pub(crate) quote: Quote,
    inbox: Vec<Signal>,
    close_inbox: Vec<Signal>,
    previous_range: f64,
    extremes: Extremes,
    phase: Phase,
    /// F: its own pair, where its bars are the pair's rates.
    pair: Option<usize>,
    route: Route,
    /// F1: quote currency to account currency; 1 where nothing is converted.
    rate: f64,
    commission_route: Route,
    commission_rate: f64,
    /// Whether a rate can change during the run.
    moves: bool,
    margin_terms: Margin,
    swaps: Option<Swaps>,
    commission: Commission,
    /// C3: the next rollover that its positions meet.
    rollover: Option<(i64, Weekday)>,
    /// Number of dated conditions behind, and when the next ones begin.
    conditions: usize,
    next_conditions: i64,
    /// B1: when a rollover or new conditions await the positions.
    terms_deadline: i64,
}

/// How much of the current step a symbol takes part in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Phase {
    /// Nothing can happen but a change of marks.
    Quiet,
    /// Nothing can happen but what signals ask for.
    Arrivals,
    /// All of B1 to B6.
    Whole,
    /// I5: replayed on finer data in its turn.
    Drilled,
}

/// One symbol's bar or tick in a step.
#[derive(Clone, Copy, Debug)]
pub struct StepBar<'a> {
    /// Index of the symbol.
    pub symbol: usize,
    /// The bar, or a tick as a bar of four equal prices.
    pub bar: Bar,
    /// Whether it is a tick.
    pub tick: bool,
    /// Whether the data have ask prices.
    pub has_ask: bool,
    /// Whether it is the symbol's last (M7).
    pub last: bool,
    /// Length of the bar in nanoseconds; 0 for a tick.
    pub timeframe: i64,
    /// I5: finer series of the symbol, coarse to fine.
    pub finer: &'a [Series],
}

impl StepBar<'_> {
    /// I5: whether the next finer series has a row inside the bar.
    fn has_finer_rows(&self) -> bool {
        let end = self.bar.time.saturating_add(self.timeframe);
        self.finer.first().is_some_and(|series| !series.rows_between(self.bar.time, end).is_empty())
    }
}

/// Whom a moment concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Only {
    All,
    Positions,
    Ticket(u64),
}

/// A symbol, its bar and the model by which the bar is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) symbol: usize,
    pub(crate) bar: Bar,
    pub(crate) tick: bool,
    pub(crate) model: Intrabar,
    pub(crate) only: Only,
    /// Whether the positions have not lived through this bar yet.
    pub(crate) counts: bool,
}

impl Moment {
    /// G4: whether a touched `stop_limit` goes on at once as a limit.
    fn goes_on_at_once(&self) -> bool {
        self.tick || self.model.is_path()
    }

    fn concerns(&self, book: &Book, index: usize) -> bool {
        match self.only {
            Only::All => true,
            Only::Positions => book.position(index).is_some(),
            Only::Ticket(ticket) => book.ticket(index) == ticket,
        }
    }
}

impl Simulator {
    /// A simulator at the start of a run over the given symbols.
    ///
    /// # Errors
    /// A setting out of range, a symbol without an instrument, or an instrument whose money cannot be converted.
    pub fn new(config: Config, symbols: &[String], equity: EquityMode) -> Result<Self, Error> {
        Self::with_rates(config, symbols, &[], equity)
    }

    /// The same, with pairs whose rates come from outside the run (F1): base and quote of each.
    ///
    /// # Errors
    /// As [`Simulator::new`].
    pub fn with_rates(
        config: Config,
        symbols: &[String],
        given: &[(String, String)],
        equity: EquityMode,
    ) -> Result<Self, Error> {
        config.check()?;
        let states = symbols.iter().map(|symbol| SymbolState::new(&config, symbol));
        let mut states = states.collect::<Result<Vec<_>, _>>()?;
        let (rates, converts) = conversion(&config, given, &mut states)?;
        Ok(Self {
            balance: config.account.balance,
            equity: EquityCurve::new(equity, config.account.balance),
            symbols: states,
            rates,
            rates_at: i64::MIN,
            stale_rates: StaleRates::default(),
            converts,
            rollovers: config.costs.swap.calendar()?,
            failure: None,
            config,
            trades: Vec::new(),
            events: Vec::new(),
            next_ticket: 1,
            time: i64::MIN,
            step: 0,
            drilled: 0,
            undrilled: 0,
            silent: false,
        })
    }

    /// Hands over a signal that acts in the next step of its symbol.
    pub fn deliver(&mut self, signal: Signal) {
        self.symbols[signal.symbol as usize].inbox.push(signal);
    }

    /// T8: hands over a market order that fills at the close of the next step of its symbol.
    pub fn deliver_at_close(&mut self, signal: Signal) {
        self.symbols[signal.symbol as usize].close_inbox.push(signal);
    }

    /// T7: writes down that no market data came for a signal.
    pub fn unfilled(&mut self, signal: &Signal) {
        let event = EventDraft { reason: Some(Reason::NoMarketData), ..EventDraft::default() };
        self.record(EventKind::Unfilled, signal.symbol as usize, None, signal.magic, signal.tag, event);
    }

    /// S2: writes down that a signal was refused before it reached the market.
    pub(crate) fn refuse(&mut self, signal: &Signal, reason: Reason) {
        let event = EventDraft { reason: Some(reason), ..EventDraft::default() };
        self.record(EventKind::Rejected, signal.symbol as usize, None, signal.magic, signal.tag, event);
    }

    /// Walks one step of the run: all symbols with a bar at this time, in the order of the run (T5).
    ///
    /// # Errors
    /// F2: a conversion rate that is needed and not known, or too old.
    pub fn step(&mut self, time: i64, items: &[StepBar]) -> Result<(), Error> {
        self.time = time;
        self.step += 1;
        if self.config.rules.legacy() {
            self.legacy_step(items);
        } else {
            self.walk_step(items);
        }
        for item in items {
            self.symbols[item.symbol].previous_range = item.bar.bid.high - item.bar.bid.low;
        }
        // A fill can change the books of symbols without a bar in this step: siblings, stop-outs.
        for symbol in 0..self.symbols.len() {
            self.tidy(symbol);
        }
        self.mark_equity(time);
        self.outcome()
    }

    fn walk_step(&mut self, items: &[StepBar]) {
        self.learn_rates(items);
        self.refresh_rates(self.time);
        for item in items {
            self.symbols[item.symbol].quote = item.bar.quote(Point::Open);
        }
        for item in items {
            self.begin_bar(item.symbol);
            let phase = self.phase(item);
            if phase == Phase::Whole && self.drills(item) {
                self.undrilled += 1;
            }
            self.symbols[item.symbol].phase = phase;
            match phase {
                Phase::Quiet => {}
                Phase::Arrivals => self.arrivals_alone(&self.moment(item)),
                Phase::Whole => self.before_inside(&self.moment(item)),
                Phase::Drilled => self.drill(item),
            }
        }
        for item in items {
            if self.symbols[item.symbol].phase == Phase::Whole {
                self.inside(&self.moment(item));
            }
        }
        for item in items {
            self.symbols[item.symbol].quote = item.bar.quote(Point::Close);
            if self.symbols[item.symbol].phase != Phase::Drilled {
                self.close_of_bar(&self.moment(item));
            }
        }
        self.refresh_rates(end_of(self.time, items));
        self.worst_price_stop_out(items);
        self.stop_out();
        for item in items {
            self.fill_at_close(&self.moment(item));
        }
        for item in items.iter().filter(|item| item.last) {
            self.end_of_data(item.symbol);
        }
    }

    /// B2 to B4: requests, the open, arrivals.
    fn before_inside(&mut self, moment: &Moment) {
        let inbox = std::mem::take(&mut self.symbols[moment.symbol].inbox);
        self.requests(moment, &inbox);
        self.expire(moment.symbol);
        self.opening(moment);
        self.arrivals(moment, &inbox);
        self.keep_inbox(moment.symbol, inbox);
    }

    /// B2 to B4 of a bar that touches nothing in the book: only what arrives can change it.
    fn arrivals_alone(&mut self, moment: &Moment) {
        let inbox = std::mem::take(&mut self.symbols[moment.symbol].inbox);
        self.requests(moment, &inbox);
        if self.symbols[moment.symbol].changed {
            self.opening(moment);
        }
        self.arrivals(moment, &inbox);
        self.keep_inbox(moment.symbol, inbox);
        let state = &mut self.symbols[moment.symbol];
        state.phase = if state.changed { Phase::Whole } else { Phase::Quiet };
    }

    /// Gives the buffer back, so that the next step needs no allocation.
    fn keep_inbox(&mut self, symbol: usize, mut inbox: Vec<Signal>) {
        inbox.clear();
        self.symbols[symbol].inbox = inbox;
    }

    fn moment(&self, item: &StepBar) -> Moment {
        let model = match self.config.rules.intrabar {
            Intrabar::Drill => Intrabar::Worst,
            // G6: a tick has no path.
            model if item.tick && model.is_path() => Intrabar::Worst,
            model => model,
        };
        Moment { symbol: item.symbol, bar: item.bar, tick: item.tick, model, only: Only::All, counts: true }
    }

    fn phase(&self, item: &StepBar) -> Phase {
        let state = &self.symbols[item.symbol];
        let drills = self.drills(item);
        let until = if drills { item.bar.time.saturating_add(item.timeframe - 1) } else { item.bar.time };
        if state.is_quiet(&item.bar, until) {
            Phase::Quiet
        } else if !drills && !state.changed && state.stands(&item.bar, until) {
            Phase::Arrivals
        } else if drills && item.has_finer_rows() {
            Phase::Drilled
        } else {
            Phase::Whole
        }
    }

    fn drills(&self, item: &StepBar) -> bool {
        self.config.rules.intrabar == Intrabar::Drill && !item.tick
    }

    /// Drops what left, and computes the alarms anew where the book changed.
    fn tidy(&mut self, symbol: usize) {
        let state = &mut self.symbols[symbol];
        if state.changed {
            state.book.end_step();
            state.alarms = state.book.alarms(&self.config.rules, &state.instrument, state.buffer, state.grid);
            state.changed = false;
            self.await_rollover(symbol);
        }
    }

    fn mark_equity(&mut self, time: i64) {
        if self.equity.mode() == EquityMode::Bars {
            let (equity, margin) = (self.equity_now(), self.margin_used());
            self.equity.push(time, self.balance, equity, margin);
        }
    }

    /// A4: balance plus open profit at the last marks; with `legacy` open positions have no value (V8).
    pub fn equity_now(&mut self) -> f64 {
        if self.config.rules.legacy() {
            return self.balance;
        }
        self.refresh_sums();
        let open = self.symbols.iter().fold(0.0, |sum, state| sum + state.open_profit(state.quote));
        self.balance + open
    }

    /// A3: margin of all open positions.
    pub fn margin_used(&mut self) -> f64 {
        if self.config.rules.legacy() {
            return 0.0;
        }
        self.refresh_sums();
        self.symbols.iter().fold(0.0, |sum, state| sum + state.margin)
    }

    fn refresh_sums(&mut self) {
        let leverage = self.config.account.leverage;
        for state in self.symbols.iter_mut().filter(|state| state.stale) {
            state.exposure = Exposure::of(
                state.book.positions().map(|position| (position.side, position.volume, position.entry_price)),
            );
            state.margin = state.margin_with(None, leverage);
            state.stale = false;
        }
    }

    fn checks_margin(&self) -> bool {
        self.config.rules.margin_check != MarginCheck::Off
    }

    fn closes_at_end(&self) -> bool {
        self.config.rules.end_of_data == EndOfData::Close
    }

    pub(crate) fn record(
        &mut self,
        kind: EventKind,
        symbol: usize,
        ticket: Option<u64>,
        magic: i64,
        tag: Option<u32>,
        draft: EventDraft,
    ) {
        if self.silent {
            return;
        }
        let rate = draft.amount.and_then(|_| self.book_at_rate(kind, symbol));
        self.events.push(Event {
            time: self.time,
            kind,
            ticket,
            symbol: symbol as u32,
            magic,
            price: draft.price,
            volume: draft.volume,
            reason: draft.reason,
            amount: draft.amount,
            rate,
            balance: self.balance,
            tag,
        });
    }

    pub(crate) fn take_inbox(&mut self, symbol: usize) -> Vec<Signal> {
        std::mem::take(&mut self.symbols[symbol].inbox)
    }

    pub(crate) fn set_quote(&mut self, symbol: usize, quote: Quote) {
        self.symbols[symbol].quote = quote;
    }

    /// Sets the time of what happens next; returns the time before.
    pub(crate) fn at_time(&mut self, time: i64) -> i64 {
        std::mem::replace(&mut self.time, time)
    }

    /// Adds a ticket to a symbol's book and returns its index.
    pub(crate) fn add_to_book(&mut self, symbol: usize, ticket: u64, entry: State) -> usize {
        let state = &mut self.symbols[symbol];
        (state.changed, state.stale) = (true, true);
        state.book.push(ticket, entry)
    }

    /// Replaces what a symbol's book holds at an index.
    pub(crate) fn replace_in_book(&mut self, symbol: usize, index: usize, entry: State) {
        let state = &mut self.symbols[symbol];
        (state.changed, state.stale) = (true, true);
        state.book.set(index, entry);
    }

    pub(crate) fn take_ticket(&mut self) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        ticket
    }

    /// Time of the newest step.
    #[must_use]
    pub fn time(&self) -> i64 {
        self.time
    }

    /// Whether anything but a change of marks can come of a bar (or of the inbox).
    #[must_use]
    pub fn is_quiet(&self, symbol: usize, bar: &Bar) -> bool {
        let state = &self.symbols[symbol];
        state.terms_deadline > bar.time && state.is_quiet(bar, bar.time)
    }
}

/// F1: when a step is over: B6 happens at the end of its bars.
pub(crate) fn end_of(time: i64, items: &[StepBar]) -> i64 {
    time.saturating_add(items.iter().map(|item| item.timeframe).max().unwrap_or(0))
}

/// What an event says beyond whom it is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct EventDraft {
    pub(crate) price: Option<f64>,
    pub(crate) volume: Option<f64>,
    pub(crate) reason: Option<Reason>,
    pub(crate) amount: Option<f64>,
}

impl SymbolState {
    fn new(config: &Config, symbol: &str) -> Result<Self, Error> {
        let instrument = config
            .instruments
            .iter()
            .find(|instrument| instrument.symbol == symbol)
            .ok_or_else(|| Error::UnknownSymbol {
                symbol: symbol.into(),
                known: config.instruments.iter().map(|instrument| instrument.symbol.clone()).collect(),
            })?
            .clone();
        let mut state = Self {
            grid: instrument.grid(),
            unit: instrument.unit(),
            buffer: config.rules.pip_buffer_factor * instrument.pip_size,
            book: Book::default(),
            alarms: Alarms::default(),
            exposure: Exposure::default(),
            margin: 0.0,
            stale: false,
            changed: false,
            quote: Quote { bid: 0.0, ask: 0.0 },
            inbox: Vec::new(),
            close_inbox: Vec::new(),
            previous_range: 0.0,
            extremes: Extremes::default(),
            phase: Phase::Quiet,
            pair: None,
            route: Route::default(),
            rate: 1.0,
            commission_route: Route::default(),
            commission_rate: 1.0,
            moves: false,
            margin_terms: instrument.margin.clone().unwrap_or_default(),
            swaps: instrument.swaps,
            commission: config.costs.commission.clone(),
            rollover: None,
            conditions: 0,
            next_conditions: i64::MAX,
            terms_deadline: i64::MAX,
            instrument,
        };
        state.next_conditions = state.conditions_from();
        state.terms_deadline = state.next_conditions;
        Ok(state)
    }

    fn is_quiet(&self, bar: &Bar, until: i64) -> bool {
        self.inbox.is_empty() && self.stands(bar, until)
    }

    /// Whether the book cannot change by itself.
    fn stands(&self, bar: &Bar, until: i64) -> bool {
        self.alarms.deadline > until && !self.alarms.managed && !self.alarms.touched(bar)
    }
}
