//! Passing over times of several symbols at which nothing but the marks can change.

use super::{Simulator, SymbolState};
use crate::execution::rules::MarginCheck;
use crate::market::quote::Quote;
use crate::market::span::Span;
use crate::portfolio::equity::EquityMode;

/// Times of a union that are held at once.
const HELD: usize = 512;
/// Times that are compared at once.
const ALIKE: usize = 32;

impl Simulator {
    /// Whether a run over several symbols may pass over times at which no book changes.
    #[must_use]
    pub fn passes_over_unions(&self) -> bool {
        !self.config.rules.legacy() && self.config.rules.margin_check != MarginCheck::WorstPrice
    }

    /// F1: whether anything is pending or open whose worth changes with a rate.
    #[must_use]
    pub fn holds_at_moving_rates(&self) -> bool {
        self.symbols.iter().any(|state| state.moves && !state.book.is_empty())
    }

    /// A3, A4: writes down the equity of the union of rows in which no book changes, up to the first time at which the
    /// account cannot carry its positions any more. How many times that were, and that time.
    pub fn mark_union(&mut self, spans: &[(usize, Span)]) -> (u64, Option<i64>) {
        self.refresh_sums();
        let margin = self.symbols.iter().fold(0.0, |sum, state| sum + state.margin);
        let watched = self.checks_margin() && margin > 0.0;
        let writes = self.equity.mode() == EquityMode::Bars;
        if !writes && (!watched || self.carries_worst(spans, margin)) {
            return (count_times(spans), None);
        }
        let (mut union, mut times) = (Union::of(spans), 0);
        while union.go_on() {
            let equities = self.equities(&union);
            let enough = |&equity: &f64| self.is_enough(equity, margin);
            let short = if watched { equities.iter().position(|equity| !enough(equity)) } else { None };
            let marked = short.unwrap_or(equities.len());
            if writes {
                let equities = &equities[..marked];
                let account = [self.balance, margin];
                self.equity.push_span(&union.times[..marked], false, account, |column| column.extend(equities));
            }
            times += marked as u64;
            if let Some(row) = short {
                return (times, Some(union.times[row]));
            }
        }
        (times, None)
    }

    /// A4: the equity at each of some times.
    fn equities(&self, union: &Union) -> Vec<f64> {
        let mut open = vec![0.0; union.times.len()];
        let held = |state: &SymbolState| state.exposure.has_longs() || state.exposure.has_shorts();
        for (symbol, state) in self.symbols.iter().enumerate().filter(|(_, state)| held(state)) {
            let rows = union.spans.iter().zip(&union.rows).find(|((of, _), _)| *of == symbol);
            let Some(((_, span), rows)) = rows else {
                let profit = state.open_profit(state.quote);
                open.iter_mut().for_each(|open| *open += profit);
                continue;
            };
            for (open, &behind) in open.iter_mut().zip(rows) {
                *open += state.open_profit(behind.checked_sub(1).map_or(state.quote, |row| span.close(row)));
            }
        }
        open.iter_mut().for_each(|open| *open += self.balance);
        open
    }

    /// A3: whether equity over margin is enough, were every symbol at its worst at the same time.
    ///
    /// Equity never falls as a bid rises or an ask falls, rounding included.
    fn carries_worst(&self, spans: &[(usize, Span)], margin: f64) -> bool {
        let mut open = 0.0;
        for (symbol, state) in self.symbols.iter().enumerate() {
            let rows = spans.iter().find(|(of, span)| *of == symbol && !span.is_empty());
            let (longs, shorts) = (state.exposure.has_longs(), state.exposure.has_shorts());
            let worst = rows.map_or(state.quote, |(_, span)| {
                let extent = span.extent(longs, shorts);
                // What nobody holds is worth nothing at any price.
                Quote { bid: if longs { extent.bid_low } else { 0.0 }, ask: if shorts { extent.ask_high } else { 0.0 } }
            });
            open += state.open_profit(worst);
        }
        self.is_enough(self.balance + open, margin)
    }

    fn is_enough(&self, equity: f64, margin: f64) -> bool {
        equity / margin >= self.config.account.stop_out_level
    }
}

/// The union of the times of some rows, some hundred at a time.
struct Union<'a> {
    spans: &'a [(usize, Span<'a>)],
    times: Vec<i64>,
    /// For each span, how many of its rows are over at each of the times.
    rows: Vec<Vec<usize>>,
}

impl<'a> Union<'a> {
    fn of(spans: &'a [(usize, Span<'a>)]) -> Self {
        let rows = spans.iter().map(|_| Vec::with_capacity(HELD)).collect();
        Self { spans, times: Vec::with_capacity(HELD), rows }
    }

    /// Goes on to the next times; whether there are any.
    fn go_on(&mut self) -> bool {
        let mut behind: Vec<usize> = self.rows.iter().map(|rows| rows.last().copied().unwrap_or_default()).collect();
        self.times.clear();
        self.rows.iter_mut().for_each(Vec::clear);
        while self.times.len() < HELD {
            if !self.take_alike(&mut behind) && !self.take_one(&mut behind) {
                break;
            }
        }
        !self.times.is_empty()
    }

    /// Takes the next times together where they are those of every symbol: mostly they are.
    fn take_alike(&mut self, behind: &mut [usize]) -> bool {
        let ahead = |(span, &row): (&(usize, Span<'a>), &usize)| span.1.times()[row..].first_chunk::<ALIKE>();
        let mut all = self.spans.iter().zip(behind.iter()).map(ahead);
        let Some(Some(times)) = all.next() else { return false };
        if !all.all(|other| other == Some(times)) {
            return false;
        }
        self.times.extend(times);
        for (rows, row) in self.rows.iter_mut().zip(behind) {
            rows.extend(*row + 1..=*row + ALIKE);
            *row += ALIKE;
        }
        true
    }

    fn take_one(&mut self, behind: &mut [usize]) -> bool {
        let ahead = self.spans.iter().zip(behind.iter()).filter_map(|((_, span), &row)| span.times().get(row));
        let Some(&time) = ahead.min() else { return false };
        self.times.push(time);
        for (((_, span), rows), row) in self.spans.iter().zip(&mut self.rows).zip(behind) {
            *row += usize::from(span.times().get(*row) == Some(&time));
            rows.push(*row);
        }
        true
    }
}

/// How many times a union has.
fn count_times(spans: &[(usize, Span)]) -> u64 {
    let longest = spans.iter().map(|(_, span)| span.times()).max_by_key(|times| times.len()).unwrap_or_default();
    if spans.iter().all(|(_, span)| span.is_empty() || span.times() == longest) {
        return longest.len() as u64;
    }
    let (mut union, mut times) = (Union::of(spans), 0);
    while union.go_on() {
        times += union.times.len() as u64;
    }
    times
}
