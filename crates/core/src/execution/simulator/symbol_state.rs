//! What the simulator keeps for one symbol: its book, its marks, its terms.

use crate::account::currency::Route;
use crate::account::exposure::Exposure;
use crate::account::margin::Margin;
use crate::calendar::Weekday;
use crate::config::Config;
use crate::costs::commission::Commission;
use crate::costs::swap::Swaps;
use crate::error::Error;
use crate::execution::book::{Alarms, Book};
use crate::execution::signal::Signal;
use crate::instrument::{Grid, Instrument};
use crate::market::extremes::Extremes;
use crate::market::quote::{Bar, Quote};
use serde::{Deserialize, Serialize};

/// What the simulator keeps for one symbol.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SymbolState {
    pub(crate) instrument: Instrument,
    pub(super) grid: Grid,
    pub(super) unit: f64,
    /// G5: distance by which exits are touched early.
    pub(super) buffer: f64,
    pub(crate) book: Book,
    pub(super) alarms: Alarms,
    pub(super) exposure: Exposure,
    pub(super) margin: f64,
    /// Whether the sums no longer fit the book.
    pub(super) stale: bool,
    /// Whether the alarms no longer fit the book.
    pub(super) changed: bool,
    /// How often they were made anew.
    #[serde(skip)]
    pub(super) version: u64,
    pub(crate) quote: Quote,
    pub(super) inbox: Vec<Signal>,
    pub(super) close_inbox: Vec<Signal>,
    pub(super) previous_range: f64,
    pub(super) extremes: Extremes,
    pub(super) phase: Phase,
    /// F: its own pair, where its bars are the pair's rates.
    pub(super) pair: Option<usize>,
    pub(super) route: Route,
    /// F1: quote currency to account currency; 1 where nothing is converted.
    pub(super) rate: f64,
    pub(super) commission_route: Route,
    pub(super) commission_rate: f64,
    /// Whether a rate can change during the run.
    pub(super) moves: bool,
    pub(super) margin_terms: Margin,
    pub(super) swaps: Option<Swaps>,
    pub(super) commission: Commission,
    /// C3: the next rollover that its positions meet.
    pub(super) rollover: Option<(i64, Weekday)>,
    /// Number of dated conditions behind, and when the next ones begin.
    pub(super) conditions: usize,
    pub(super) next_conditions: i64,
    /// B1: when a rollover or new conditions await the positions.
    pub(super) terms_deadline: i64,
}

/// How much of the current step a symbol takes part in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Phase {
    /// Nothing can happen but a change of marks.
    Quiet,
    /// Nothing can happen but what signals ask for.
    Arrivals,
    /// All of B1 to B6.
    Whole,
    /// I5: replayed on finer data in its turn.
    Drilled,
}

impl SymbolState {
    pub(super) fn new(config: &Config, symbol: &str) -> Result<Self, Error> {
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
            version: 0,
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

    /// Whether nothing can come of a bar but a change of marks.
    pub(super) fn is_quiet(&self, bar: &Bar, until: i64) -> bool {
        self.inbox.is_empty() && self.stands(bar, until)
    }

    /// Whether the book cannot change by itself.
    pub(super) fn stands(&self, bar: &Bar, until: i64) -> bool {
        self.alarms.deadline > until && !self.alarms.managed && !self.alarms.touched(bar)
    }
}
