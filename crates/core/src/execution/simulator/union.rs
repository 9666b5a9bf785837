//! Passing over times of several symbols at which nothing but the marks can change.

use super::moving::Converted;
use super::rounds::{count_times, Union};
use super::{Simulator, SymbolState};
use crate::account::rate_path::{RateRows, Steps};
use crate::execution::rules::MarginCheck;
use crate::market::span::Span;
use crate::portfolio::equity::EquityMode;

/// How far several symbols went.
#[derive(Debug)]
pub struct Passed {
    /// Times, ticks of one time counted round by round.
    pub steps: u64,
    /// Rows of each symbol; `None` where that is all.
    pub rows: Option<Vec<usize>>,
}

impl Simulator {
    /// Whether a run over several symbols may pass over times at which no book changes.
    #[must_use]
    pub fn passes_over_unions(&self) -> bool {
        !self.config.rules.legacy() && self.config.rules.margin_check != MarginCheck::WorstPrice
    }

    /// A3, A4: writes down the equity of the union of rows in which no book changes, one span a symbol, up to the first
    /// time at which the account cannot carry its positions any more or a rate is missing (F2).
    pub fn mark_union(&mut self, spans: &[Span], outside: &[RateRows]) -> Passed {
        self.refresh_sums();
        let Some(converted) = self.converted_symbols(spans, outside) else {
            return Passed { steps: 0, rows: Some(vec![0; spans.len()]) };
        };
        let margin = self.symbols.iter().fold(0.0, |sum, state| sum + state.margin);
        let watched = self.checks_margin() && margin > 0.0;
        let writes = self.equity.mode() == EquityMode::Bars;
        if !writes && is_fresh(&converted, spans) && (!watched || self.carries_worst(spans, &converted)) {
            return Passed { steps: count_times(spans), rows: None };
        }
        let (mut union, mut steps) = (Union::of(spans), 0);
        while union.go_on() {
            let usable = converted.iter().map(|one| one.usable(&union)).min().unwrap_or(union.times().len());
            let rates: Vec<_> = converted.iter().map(|one| one.rates_of(&union, usable)).collect();
            let equities = self.equities(&union, usable, &converted, &rates);
            let margins = self.margins(usable, &converted, &rates);
            let short = if !watched {
                None
            } else if margins.is_empty() {
                equities.iter().position(|&equity| !self.carries(equity, margin))
            } else {
                equities.iter().zip(&margins).position(|(&equity, &margin)| !self.carries(equity, margin))
            };
            let calm = short.unwrap_or(usable);
            if writes {
                let (times, repeats) = (&union.times()[..calm], spans.iter().any(Span::are_ticks));
                if margins.is_empty() {
                    let account = [self.balance, margin];
                    self.equity.push_span(times, repeats, account, |column| column.extend(&equities[..calm]));
                } else {
                    self.equity.push_rows(times, repeats, self.balance, &equities[..calm], &margins[..calm]);
                }
            }
            steps += calm as u64;
            if calm < union.times().len() {
                return Passed { steps, rows: Some(union.rows_before(calm)) };
            }
        }
        Passed { steps, rows: None }
    }

    /// F1: the symbols with something pending or open whose worth changes with a rate; `None` where it is not known
    /// what that rate is going to be.
    fn converted_symbols<'a>(&self, spans: &[Span<'a>], outside: &[RateRows<'a>]) -> Option<Vec<Converted<'a>>> {
        let moves = |state: &SymbolState| state.moves && !state.book.is_empty();
        if !self.symbols.iter().any(moves) {
            return Some(Vec::new());
        }
        let own = spans.iter().enumerate().filter_map(|(symbol, span)| self.own_rates(symbol, span));
        let series: Vec<_> = outside.iter().copied().chain(own).collect();
        let moving = self.symbols.iter().enumerate().filter(|(_, state)| moves(state));
        moving.map(|(symbol, _)| self.converted(symbol, &series)).collect()
    }

    /// A4: the equity at each of the first times.
    fn equities(&self, union: &Union, count: usize, converted: &[Converted], rates: &[Vec<f64>]) -> Vec<f64> {
        let mut open = vec![0.0; count];
        for (symbol, state) in self.symbols.iter().enumerate().filter(|(_, state)| !state.is_flat()) {
            let own = converted.iter().zip(rates).find(|(one, _)| one.symbol == symbol).map(|(_, rates)| rates);
            let quotes = open.iter_mut().zip(union.quotes(symbol, state.quote));
            match own {
                None => quotes.for_each(|(open, quote)| *open += state.open_profit(quote)),
                Some(rates) => {
                    quotes.zip(rates).for_each(|((open, quote), &rate)| *open += state.open_profit_at(quote, rate))
                }
            }
        }
        open.iter_mut().for_each(|open| *open += self.balance);
        open
    }

    /// A3: the margin at each of the first times; none where it is always the same.
    fn margins(&self, count: usize, converted: &[Converted], rates: &[Vec<f64>]) -> Vec<f64> {
        if converted.is_empty() {
            return Vec::new();
        }
        let mut margins = vec![0.0; count];
        for (symbol, state) in self.symbols.iter().enumerate() {
            let own = converted.iter().zip(rates).find(|(one, _)| one.symbol == symbol);
            match own {
                Some((one, rates)) => {
                    margins.iter_mut().zip(rates).for_each(|(margin, &rate)| *margin += one.margin(rate));
                }
                None => margins.iter_mut().for_each(|margin| *margin += state.margin),
            }
        }
        margins
    }

    /// A3: whether equity over margin is enough, were every symbol and every rate at its worst at the same time.
    ///
    /// Equity never falls as a bid rises or an ask falls, rounding included.
    fn carries_worst(&self, spans: &[Span], converted: &[Converted]) -> bool {
        let (mut open, mut margin) = (0.0, 0.0);
        for (symbol, state) in self.symbols.iter().enumerate() {
            let worst = if spans[symbol].is_empty() { state.quote } else { state.worst_quote(&spans[symbol]) };
            let own = converted.iter().find(|one| one.symbol == symbol);
            let worst = match own {
                Some(one) => one.worst(state, worst, period(spans), |symbol| end_of(&spans[symbol])),
                None => Some((state.open_profit(worst), state.margin)),
            };
            let Some((least, most)) = worst else {
                return false;
            };
            (open, margin) = (open + least, margin + most);
        }
        let equity = self.balance + open;
        if converted.is_empty() {
            self.carries(equity, margin)
        } else {
            self.surely_carries(equity, margin)
        }
    }
}

/// F2: whether all rates are known, and none grows too old before the last of these rows is over.
fn is_fresh(converted: &[Converted], spans: &[Span]) -> bool {
    converted.iter().all(|one| one.is_fresh(period(spans), |symbol| end_of(&spans[symbol])))
}

/// The time of the first of these rows, and the moment at which all are over.
fn period(spans: &[Span]) -> (i64, i64) {
    let first = spans.iter().filter_map(|span| span.times().first()).min();
    let last = spans.iter().filter_map(|span| Some(span.times().last()?.saturating_add(span.timeframe()))).max();
    // A short symbol's step may be over as late as a longer one's.
    let longest = spans.iter().map(Span::timeframe).max().unwrap_or_default();
    (first.copied().unwrap_or(i64::MIN), last.unwrap_or(i64::MAX).saturating_add(longest))
}

/// How many rows of its series end with a span.
fn end_of(span: &Span) -> usize {
    span.rows_behind() + span.len()
}
