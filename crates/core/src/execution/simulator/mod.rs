//! The one simulator behind every door: it walks the steps B1 to B6.

mod arrival;
mod at_once;
mod checks;
mod closing;
pub mod crowding;
mod drill;
mod entry;
mod equity;
mod exit;
mod inside;
mod journal;
pub mod lone;
mod moment;
mod money;
mod moving;
mod netting;
mod opening;
mod quiet;
mod requests;
mod rounds;
mod rows;
mod single;
mod stakes;
mod step;
mod symbol_state;
mod union;
mod walk;

pub(crate) use self::journal::EventDraft;
pub(crate) use self::moment::end_of;
pub use self::moment::StepBar;
use self::moment::{Moment, Only};
use self::money::conversion;
use self::symbol_state::Phase;
pub(crate) use self::symbol_state::SymbolState;
use crate::account::currency::Rates;
use crate::account::stale_rates::StaleRates;
use crate::calendar::Rollovers;
use crate::config::Config;
use crate::error::Error;
use crate::execution::book::State;
use crate::execution::signal::Signal;
use crate::market::quote::Quote;
use crate::portfolio::equity::{EquityCurve, EquityMode};
use crate::portfolio::journal::Event;
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
}
