//! Passing over rows while the rates move at which they are worth something (F1).

use super::{Simulator, SymbolState};
use crate::account::exposure::Marks;
use crate::account::margin::Margin;
use crate::account::rate_path::{RatePath, RateRows, Steps};
use crate::market::quote::Quote;
use crate::market::side::Side;
use crate::market::span::Span;
use crate::portfolio::equity::EquityMode;

/// Rows that are converted at once.
const HELD: usize = 256;
/// Rows in which margin is looked for where their extremes do not rule out a stop-out.
const NEAR: usize = 2048;

/// What of a symbol is converted at rates that move: what is open or pending.
#[derive(Debug)]
pub(super) struct Converted<'a> {
    pub(super) symbol: usize,
    path: RatePath<'a>,
    commission_path: RatePath<'a>,
    terms: Margin,
    /// A3: what each position binds, before conversion.
    charges: Vec<(Side, f64)>,
}

/// The rows of the only symbol of a run.
struct Alone<'a> {
    symbol: usize,
    rows: Span<'a>,
}

impl Steps for Alone<'_> {
    fn times(&self) -> &[i64] {
        self.rows.times()
    }

    #[inline(always)]
    fn end(&self, step: usize) -> i64 {
        self.rows.times()[step].saturating_add(self.rows.timeframe())
    }

    fn longest(&self) -> i64 {
        self.rows.timeframe()
    }

    #[inline(always)]
    fn taken(&self, symbol: usize, step: usize) -> usize {
        if symbol == self.symbol {
            self.rows.rows_behind() + step + 1
        } else {
            0
        }
    }

    fn closes(&self, symbol: usize) -> Option<(&[f64], &[f64])> {
        (symbol == self.symbol).then(|| self.rows.closes())
    }
}

impl Converted<'_> {
    /// F2: how many leading steps have every rate that is needed.
    pub(super) fn usable(&self, steps: &impl Steps) -> usize {
        self.path.usable(steps).min(self.commission_path.usable(steps))
    }

    /// F2: whether every rate is known from a moment on, and none is too old before another.
    pub(super) fn is_fresh(&self, (first, last): (i64, i64), taken: impl Fn(usize) -> usize) -> bool {
        self.path.is_fresh(first, last, &taken) && self.commission_path.is_fresh(first, last, &taken)
    }

    /// F1: the rates at the ends of the first steps.
    pub(super) fn rates_of(&self, steps: &impl Steps, count: usize) -> Vec<f64> {
        let mut rates = vec![0.0; count];
        self.path.rates(steps, 0, &mut rates);
        rates
    }

    /// A3: margin at a rate.
    pub(super) fn margin(&self, rate: f64) -> f64 {
        self.terms.at_rate(self.charges.iter().copied(), rate)
    }

    /// A3, A4: the least that the positions can be worth, and the most that they can bind, from a moment on up to
    /// another, while their quote is no worse than this one.
    pub(super) fn worst(
        &self,
        state: &SymbolState,
        worst: Quote,
        (first, last): (i64, i64),
        taken: impl Fn(usize) -> usize,
    ) -> Option<(f64, f64)> {
        let (low, high) = self.path.bounds(first, last, taken)?;
        let (one, other) = (state.open_profit_at(worst, low), state.open_profit_at(worst, high));
        Some((one.min(other), self.margin(high)))
    }
}

impl Simulator {
    /// What of a symbol is converted, where all its rates come from these series.
    pub(super) fn converted<'a>(&self, symbol: usize, series: &[RateRows<'a>]) -> Option<Converted<'a>> {
        let state = &self.symbols[symbol];
        let terms = state.margin_terms.clone();
        let charges = terms.charges(state.bounds(), state.unit, self.config.account.leverage).collect();
        Some(Converted {
            symbol,
            path: RatePath::of(&self.rates, &state.route, series)?,
            commission_path: RatePath::of(&self.rates, &state.commission_route, series)?,
            terms,
            charges,
        })
    }

    /// F1: the rows of a symbol as those of its pair.
    pub(super) fn own_rates<'a>(&self, symbol: usize, rows: &Span<'a>) -> Option<RateRows<'a>> {
        let pair = self.symbols[symbol].pair?;
        Some(RateRows { pair, rows: *rows.all_rows(), symbol: Some(symbol), near: rows.rows_behind() })
    }

    fn converted_alone<'a>(&self, symbol: usize, rows: &Span<'a>, outside: &[RateRows<'a>]) -> Option<Converted<'a>> {
        let series: Vec<_> = outside.iter().copied().chain(self.own_rates(symbol, rows)).collect();
        self.converted(symbol, &series)
    }

    /// How many leading rows the book of the only symbol of a run lives through at rates that are known, and without a
    /// stop-out; perhaps not all of them are looked at.
    #[inline(never)]
    pub(super) fn carried_rows(&self, symbol: usize, rows: &Span, outside: &[RateRows]) -> usize {
        if rows.is_empty() {
            return 0;
        }
        let Some(converted) = self.converted_alone(symbol, rows, outside) else {
            return 0;
        };
        let usable = rows.first_rows(converted.usable(&Alone { symbol, rows: *rows }));
        if !self.checks_margin() || self.carries_worst_alone(&converted, &usable) {
            return usable.len();
        }
        let near = usable.first_rows(usable.len().min(NEAR));
        if self.carries_worst_alone(&converted, &near) {
            return near.len();
        }
        let (mut equities, mut margins) = (Vec::with_capacity(near.len()), Vec::with_capacity(near.len()));
        self.mark_converted(&converted, &near, &mut equities, &mut margins);
        let short = equities.iter().zip(margins).position(|(&equity, margin)| !self.carries(equity, margin));
        short.unwrap_or(near.len())
    }

    /// A3: whether equity over margin is enough, were quote and rate at their worst at the same time.
    fn carries_worst_alone(&self, converted: &Converted, rows: &Span) -> bool {
        let state = &self.symbols[converted.symbol];
        let (Some(&first), Some(&last), false) = (rows.times().first(), rows.times().last(), state.is_flat()) else {
            return true;
        };
        let last = last.saturating_add(rows.timeframe());
        let taken = rows.rows_behind() + rows.len();
        let worst = converted.worst(state, state.worst_quote(rows), (first, last), |_| taken);
        worst.is_some_and(|(open, margin)| self.surely_carries(self.balance + (0.0 + open), 0.0 + margin))
    }

    /// A3: whether no equity above this one, at no margin below this one, is too little.
    pub(super) fn surely_carries(&self, equity: f64, margin: f64) -> bool {
        equity >= 0.0 && self.carries(equity, margin)
    }

    /// A3, A4: equity and margin at the close of each row.
    fn mark_converted(&self, converted: &Converted, rows: &Span, equities: &mut Vec<f64>, margins: &mut Vec<f64>) {
        let (steps, marks) = (Alone { symbol: converted.symbol, rows: *rows }, self.marks(converted.symbol));
        let (mut rates, (bids, asks)) = ([0.0; HELD], rows.closes());
        for (part, (bids, asks)) in bids.chunks(HELD).zip(asks.chunks(HELD)).enumerate() {
            let rates = &mut rates[..bids.len()];
            converted.path.rates(&steps, part * HELD, rates);
            let quotes = bids.iter().zip(asks).map(|(&bid, &ask)| Quote { bid, ask });
            equities.extend(quotes.zip(&*rates).map(|(quote, &rate)| Marks { rate, ..marks }.equity(quote)));
            converted.terms.at_rates(&converted.charges, rates, margins);
        }
    }

    /// Lives through rows of the only symbol of a run in which nothing changes but the marks and the rates; those from
    /// outside are learned already.
    #[inline(never)]
    pub fn pass_over_converted(&mut self, symbol: usize, rows: &Span, outside: &[RateRows]) {
        let state = &self.symbols[symbol];
        if !state.moves || state.is_flat() || self.equity.mode() != EquityMode::Bars {
            self.mark_rows(symbol, rows);
        } else if let Some(converted) = self.converted_alone(symbol, rows, outside) {
            let (mut equities, mut margins) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
            self.mark_converted(&converted, rows, &mut equities, &mut margins);
            self.equity.push_rows(rows.times(), rows.are_ticks(), self.balance, &equities, &margins);
        }
        self.live_over(symbol, rows);
        if let Some(&last) = rows.times().last() {
            self.settle_rates(last, last.saturating_add(rows.timeframe()));
        }
    }

    /// F1: stands at the rates of the end of the last time that was passed over.
    pub fn settle_rates(&mut self, last: i64, end: i64) {
        if self.rates_move() {
            self.rates.forget_before(last);
            self.refresh_rates(end);
        }
    }
}

impl SymbolState {
    /// Whether no position is open.
    pub(super) fn is_flat(&self) -> bool {
        let exposure = self.exposure_now();
        !exposure.has_longs() && !exposure.has_shorts()
    }

    /// A4: a quote as bad as any of some rows; what nobody holds is worth nothing at any price.
    pub(super) fn worst_quote(&self, rows: &Span) -> Quote {
        let exposure = self.exposure_now();
        let (longs, shorts) = (exposure.has_longs(), exposure.has_shorts());
        let extent = rows.extent(longs, shorts);
        Quote { bid: if longs { extent.bid_low } else { 0.0 }, ask: if shorts { extent.ask_high } else { 0.0 } }
    }
}
