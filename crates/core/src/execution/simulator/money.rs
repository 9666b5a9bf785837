//! Money over time: conversion rates, swaps, and conditions that change (F, C3).

use super::{EventDraft, Simulator, StepBar, SymbolState};
use crate::account::currency::{Rates, Route};
use crate::calendar::{start_of_date, Weekday};
use crate::config::Config;
use crate::costs::commission::CommissionKind;
use crate::costs::swap::{Held, SwapKind};
use crate::error::Error;
use crate::execution::book::State;
use crate::market::quote::Point;
use crate::market::span::Span;
use crate::portfolio::journal::EventKind;

impl Simulator {
    /// F1: the closes of this step's bars as rates, each known from the end of its bar on.
    pub(super) fn learn_rates(&mut self, items: &[StepBar]) {
        if !self.converts {
            return;
        }
        self.rates.forget_before(self.time);
        for item in items {
            if let Some(pair) = self.symbols[item.symbol].pair {
                let known_from = item.bar.time.saturating_add(item.timeframe);
                self.rates.learn(pair, known_from, item.bar.quote(Point::Close).mid());
            }
        }
    }

    /// F1: the newest closes of rows that were passed over as rates: the last may not be known yet at the next step.
    #[inline(always)]
    pub(super) fn learn_newest(&mut self, symbol: usize, rows: &Span) {
        if let Some(pair) = self.symbols[symbol].pair.filter(|_| self.converts) {
            self.learn_closes(pair, rows);
        }
    }

    #[inline(never)]
    fn learn_closes(&mut self, pair: usize, rows: &Span) {
        let Some(&last) = rows.times().last() else {
            return;
        };
        let known_from = |row: usize| rows.times()[row].saturating_add(rows.timeframe());
        let mut first = rows.len() - 1;
        while first > 0 && known_from(first) > last {
            first -= 1;
        }
        for row in first..rows.len() {
            self.rates.learn(pair, known_from(row), rows.close(row).mid());
        }
    }

    /// F1: the ticks of a step as rates; they are known at once.
    pub(crate) fn learn_ticks(&mut self, items: &[StepBar]) {
        if !self.converts {
            return;
        }
        for item in items.iter().filter(|item| item.tick) {
            if let Some(pair) = self.symbols[item.symbol].pair {
                self.rates.learn(pair, item.bar.time, item.bar.quote(Point::Close).mid());
            }
        }
    }

    /// Whether a conversion rate can change during the run.
    #[inline]
    pub(crate) fn rates_move(&self) -> bool {
        self.converts && self.symbols.iter().any(|state| state.moves)
    }

    /// F2: whether the rates are known that symbols with orders, positions or acting signals need.
    pub(crate) fn check_rates(&self, moment: i64, acts: impl Fn(usize) -> bool) -> Result<(), Error> {
        if !self.converts {
            return Ok(());
        }
        for (symbol, state) in self.symbols.iter().enumerate() {
            if state.is_busy(false) || acts(symbol) {
                self.rates.rate(&state.route, moment)?;
                self.rates.rate(&state.commission_route, moment)?;
            }
        }
        Ok(())
    }

    /// F2: what failed since it was asked for last.
    pub(super) fn outcome(&mut self) -> Result<(), Error> {
        self.failure.take().map_or(Ok(()), Err)
    }

    /// F1: the index of a pair that the run knows.
    #[must_use]
    pub fn rate_pair(&self, base: &str, quote: &str) -> Option<usize> {
        self.rates.find(base, quote)
    }

    /// F1: a rate from outside the run, known from a moment on.
    pub fn learn_rate(&mut self, pair: usize, known_from: i64, rate: f64) {
        self.rates.learn(pair, known_from, rate);
    }

    /// F1, F2: the rates as they are known at a moment; what is needed and not known is kept as the step's failure.
    pub(super) fn refresh_rates(&mut self, moment: i64) {
        if !self.converts {
            return;
        }
        self.rates_at = moment;
        for state in &mut self.symbols {
            let rates = self.rates.rate(&state.route, moment);
            match rates.and_then(|rate| Ok((rate, self.rates.rate(&state.commission_route, moment)?))) {
                Ok((rate, commission_rate)) => {
                    state.stale |= rate != state.rate;
                    (state.rate, state.commission_rate) = (rate, commission_rate);
                }
                Err(error) if state.is_busy(moment > self.time) => self.failure = self.failure.take().or(Some(error)),
                Err(_) => {}
            }
        }
    }

    /// F1: the rate behind an event's amount, its age noted; `None` where nothing was converted.
    pub(super) fn book_at_rate(&mut self, kind: EventKind, symbol: usize) -> Option<f64> {
        let (rate, route) = self.symbols[symbol].conversion(kind)?;
        if let Some((pair, known_from)) = self.rates.oldest(route, self.rates_at) {
            self.stale_rates.note(|| pair.name(), known_from, self.rates_at);
        }
        Some(rate)
    }

    /// B1: rollovers and new conditions since the last bar, in the order of their times.
    pub(super) fn begin_bar(&mut self, symbol: usize) {
        loop {
            let state = &self.symbols[symbol];
            let rollover = state.rollover.map_or(i64::MAX, |(moment, _)| moment);
            let next = rollover.min(state.next_conditions);
            if next > self.time || next == i64::MAX {
                return;
            }
            if rollover < state.next_conditions {
                self.roll_over(symbol);
            } else {
                self.new_conditions(symbol);
            }
        }
    }

    /// Conditions that hold from a day on.
    fn new_conditions(&mut self, symbol: usize) {
        let state = &mut self.symbols[symbol];
        let Some(dated) = state.instrument.history.get(state.conditions).cloned() else {
            // The end of time is the start of no conditions.
            state.next_conditions = i64::MAX;
            return;
        };
        state.margin_terms = dated.margin.unwrap_or_else(|| state.margin_terms.clone());
        state.swaps = dated.swaps.or(state.swaps);
        if let Some(commission) = dated.commission {
            let account = &self.config.account.currency;
            let currency = commission.currency.as_ref().unwrap_or(account);
            state.commission_route = self.rates.route(currency, account).unwrap_or_default();
            state.commission = commission;
        }
        state.conditions += 1;
        state.next_conditions = state.conditions_from();
        (state.stale, state.changed) = (true, true);
        self.refresh_rates(self.time);
    }

    /// C3: swaps of one rollover, positions in ticket order.
    fn roll_over(&mut self, symbol: usize) {
        if let Some((moment, day)) = self.symbols[symbol].rollover {
            for index in 0..self.symbols[symbol].book.len() {
                self.book_swap(symbol, index, moment, day);
            }
            let state = &mut self.symbols[symbol];
            state.rollover = self.rollovers.after(moment);
            state.changed = true;
        }
    }

    fn book_swap(&mut self, symbol: usize, index: usize, moment: i64, day: Weekday) {
        let digits = self.config.account.digits;
        let state = &mut self.symbols[symbol];
        let (Some(swaps), quote, rate) = (state.swaps, state.quote, state.rate) else {
            return;
        };
        let (tick_size, unit) = (state.instrument.tick_size, state.unit);
        let Some(position) = state.book.position_mut(index).filter(|position| position.entry_time < moment) else {
            return;
        };
        let price = position.side.exit_price(quote);
        let days = if day == swaps.triple_day { 3.0 } else { 1.0 };
        let (side, volume) = (position.side, position.volume);
        let amount = swaps.amount(Held { side, volume, price, tick_size, unit, rate, days, digits });
        if amount == 0.0 {
            return;
        }
        position.swap.add(amount);
        let position = position.clone();
        self.balance += amount;
        let draft =
            EventDraft { price: Some(price), volume: Some(volume), amount: Some(amount), ..EventDraft::default() };
        self.record_position(EventKind::Swap, symbol, &position, draft);
    }

    /// The next rollover that a symbol's positions are going to meet.
    pub(super) fn await_rollover(&mut self, symbol: usize) {
        let state = &mut self.symbols[symbol];
        if state.alarms.positions == 0 || !state.may_book_swaps() {
            state.rollover = None;
        } else if state.rollover.is_none() {
            state.rollover = self.rollovers.after(self.time);
        }
        let rollover = state.rollover.map_or(i64::MAX, |(moment, _)| moment);
        state.terms_deadline = rollover.min(state.next_conditions);
    }
}

impl SymbolState {
    /// F1: the rate of what an event books, and how it came; `None` where nothing is converted.
    fn conversion(&self, kind: EventKind) -> Option<(f64, &Route)> {
        match kind {
            EventKind::Swap if self.swaps.is_some_and(|swaps| swaps.kind == SwapKind::Money) => None,
            EventKind::Commission if !self.commission_route.is_identity() => {
                Some((self.commission_rate, &self.commission_route))
            }
            EventKind::Commission if self.commission.kind == CommissionKind::PerLot => None,
            _ if !self.route.is_identity() => Some((self.rate, &self.route)),
            _ => None,
        }
    }

    /// Whether a missing rate would matter now, at the close of a step or before.
    fn is_busy(&self, at_close: bool) -> bool {
        let stands = self.book.find(|state| !matches!(state, State::Gone)).is_some();
        stands || !self.inbox.is_empty() || (at_close && !self.close_inbox.is_empty())
    }

    /// Whether there are swaps now, or later conditions bring them.
    pub(super) fn may_book_swaps(&self) -> bool {
        let coming = self.instrument.history.get(self.conditions..).unwrap_or_default();
        self.swaps.is_some() || coming.iter().any(|dated| dated.swaps.is_some())
    }

    /// When the next dated conditions begin.
    pub(super) fn conditions_from(&self) -> i64 {
        let next = self.instrument.history.get(self.conditions);
        next.and_then(|dated| start_of_date(&dated.from).ok()).unwrap_or(i64::MAX)
    }
}

/// F1, F2: the pairs that a run knows, and how each symbol's money becomes the account's.
pub(super) fn conversion(
    config: &Config,
    given: &[(String, String)],
    states: &mut [SymbolState],
) -> Result<(Rates, bool), Error> {
    let mut converts = false;
    let account = &config.account;
    let limit = account.stale_limit_hours.map(|hours| (hours * 3.6e12) as i64);
    let mut rates = Rates::new(&account.hub, limit);
    for (pair, &rate) in &account.rates {
        rates.add(&pair[..3], &pair[3..], Some(rate));
    }
    for (base, quote) in given {
        rates.add(base, quote, None);
    }
    let known = rates.len();
    for state in states.iter_mut() {
        let pair = rates.add(&state.instrument.base, &state.instrument.quote, None);
        state.pair = (pair >= known).then_some(pair);
    }
    if config.rules.legacy() {
        return Ok((rates, false));
    }
    for state in states.iter_mut() {
        let path = |from: &str| {
            rates.route(from, &account.currency).ok_or_else(|| Error::NoConversion {
                symbol: state.instrument.symbol.clone(),
                quote: from.into(),
                account: account.currency.clone(),
            })
        };
        // A1: with `tick_value` nothing is converted.
        let route =
            if state.instrument.tick_value.is_some() { Route::default() } else { path(&state.instrument.quote)? };
        let commission = config.costs.commission.currency.as_ref().unwrap_or(&account.currency);
        let commission_route = path(commission)?;
        let mut later = Vec::new();
        for commission in state.instrument.history.iter().filter_map(|dated| dated.commission.as_ref()) {
            later.push(path(commission.currency.as_ref().unwrap_or(&account.currency))?);
        }
        later.extend([route.clone(), commission_route.clone()]);
        state.moves = later.iter().any(|route| rates.moves(route));
        converts |= later.iter().any(|route| !route.is_identity());
        (state.route, state.commission_route) = (route, commission_route);
    }
    Ok((rates, converts))
}
