//! Passing over bars in which nothing but the marks can change.

use super::Simulator;
use crate::account::exposure::Marks;
use crate::account::rate_path::RateRows;
use crate::execution::rules::MarginCheck;
use crate::execution::signal_rows::SignalRows;
use crate::market::quote::Quote;
use crate::market::span::Span;
use crate::portfolio::equity::{repeat, EquityMode};

impl Simulator {
    /// How many leading rows of a span the book lives through unchanged, unless a signal changes it.
    ///
    /// For a run over this symbol alone; `timeframe` is 0 where bars are not drilled, `outside` are the rates from
    /// outside the run.
    #[inline(always)]
    pub fn calm_rows(&mut self, symbol: usize, span: &Span, timeframe: i64, outside: &[RateRows]) -> usize {
        let state = &self.symbols[symbol];
        let watched_inside = self.config.rules.margin_check == MarginCheck::WorstPrice && state.alarms.positions > 0;
        if watched_inside || self.config.rules.legacy() {
            return 0;
        }
        self.refresh_sums();
        let standing = span.first_rows(self.standing_rows(symbol, span, timeframe));
        let state = &self.symbols[symbol];
        if state.moves && !state.book.is_empty() {
            return self.carried_rows(symbol, &standing, outside);
        }
        self.first_stop_out(symbol, &standing).unwrap_or(standing.len())
    }

    /// How many leading rows of a span the book lives through unchanged, unless a signal or a stop-out changes it.
    #[must_use]
    pub fn standing_rows(&self, symbol: usize, span: &Span, timeframe: i64) -> usize {
        let state = &self.symbols[symbol];
        let awaits = !state.inbox.is_empty() || !state.close_inbox.is_empty();
        if span.is_empty() || awaits || (state.alarms.managed && timeframe > 0) {
            return 0;
        }
        self.untouched_rows(symbol, span, timeframe)
    }

    /// Changes with what the book of a symbol watches.
    #[must_use]
    pub fn book_version(&self, symbol: usize) -> u64 {
        self.symbols[symbol].version
    }

    /// S2: refuses the market order that arrives alone in a calm row, where the limit of positions is reached; rates
    /// from outside are learned already.
    ///
    /// Elsewhere it is most likely filled, and would be looked at twice.
    pub fn turns_away(&mut self, symbol: usize, span: &Span, row: usize, signals: &SignalRows, signal: usize) -> bool {
        let state = &self.symbols[symbol];
        if !self.is_at_limit(symbol, signals.magic(signal)) || (state.moves && state.book.is_empty()) {
            return false;
        }
        self.open_row(symbol, span, row);
        self.learn_newest(symbol, &span.first_rows(row + 1));
        self.refresh_rates(self.time);
        self.refuse_alone(symbol, signals, signal, span.open(row))
    }

    /// Stands at the open of a row.
    #[inline(always)]
    pub(super) fn open_row(&mut self, symbol: usize, span: &Span, row: usize) {
        self.symbols[symbol].quote = span.open(row);
        self.stand_at(symbol, span, row);
    }

    /// Stands at a row without a look at its prices.
    #[inline(always)]
    pub(super) fn stand_at(&mut self, symbol: usize, span: &Span, row: usize) {
        if row > 0 && self.config.costs.slippage.needs_range() {
            self.symbols[symbol].previous_range = span.bid_range(row - 1);
        }
        self.time = span.times()[row];
    }

    /// Rows before the first deadline or touch.
    fn untouched_rows(&self, symbol: usize, span: &Span, timeframe: i64) -> usize {
        let state = &self.symbols[symbol];
        let alarms = &state.alarms;
        let until = if timeframe > 0 { alarms.deadline.saturating_sub(timeframe - 1) } else { alarms.deadline };
        // B1: a rollover inside a bar is the next bar's.
        let until = until.min(state.terms_deadline);
        let awake = span.rows_before(0, until);
        span.first_rows(awake).first_touch(&alarms.levels()).unwrap_or(awake)
    }

    /// A3: the first row at whose close equity over margin is too little, or the first that was not looked at.
    ///
    /// Equity never falls as the bid rises or the ask falls, rounding included, so that a quote as bad as any in these
    /// rows speaks for all of them: their levels, which none of them touches, or else their extremes.
    #[inline(always)]
    fn first_stop_out(&self, symbol: usize, rows: &Span) -> Option<usize> {
        let margin = 0.0 + self.symbols[symbol].margin;
        if rows.is_empty() || !self.checks_margin() || margin <= 0.0 {
            return None;
        }
        let (level, marks) = (self.config.account.stop_out_level, self.marks(symbol));
        let short = |bid: f64, ask: f64| {
            let carried = marks.equity(Quote { bid, ask }) / margin >= level;
            !carried
        };
        let levels = self.symbols[symbol].alarms.levels();
        let (longs, shorts) = (marks.exposure.has_longs(), marks.exposure.has_shorts());
        let bid = if longs { levels.bid_falling } else { 0.0 };
        let ask = if shorts { levels.ask_rising } else { 0.0 };
        if bid.is_finite() && ask.is_finite() && !short(bid, ask) {
            return None;
        }
        // What comes may be far away: its rows are looked at in parts.
        let near = rows.first_rows(rows.len().min(NEAR));
        let extent = near.extent(longs, shorts);
        let calm = (near.len() < rows.len()).then_some(near.len());
        if !short(if longs { extent.bid_low } else { 0.0 }, if shorts { extent.ask_high } else { 0.0 }) {
            return calm;
        }
        let (bids, asks) = near.closes();
        bids.iter().zip(asks).position(|(&bid, &ask)| short(bid, ask)).or(calm)
    }

    /// A4: equity as a function of this symbol's quote, in a run over it alone.
    pub(super) fn marks(&self, symbol: usize) -> Marks {
        let state = &self.symbols[symbol];
        Marks { balance: self.balance, exposure: state.exposure, unit: state.unit, rate: state.rate }
    }

    /// Lives through rows in which nothing changes but the marks, bit for bit as if it had stepped through them.
    pub fn pass_over(&mut self, symbol: usize, rows: &Span) {
        self.mark_rows(symbol, rows);
        self.live_over(symbol, rows);
    }

    /// The same without the marks.
    pub fn live_over(&mut self, symbol: usize, rows: &Span) {
        let Some(last) = rows.len().checked_sub(1) else {
            return;
        };
        let state = &mut self.symbols[symbol];
        if state.alarms.positions > 0 {
            let (longs, shorts) = (state.exposure.has_longs(), state.exposure.has_shorts());
            let extent = rows.extent(longs, shorts);
            let bid = longs.then_some((extent.bid_high, extent.bid_low));
            let ask = shorts.then_some((extent.ask_high, extent.ask_low));
            state.extremes.push_span(bid, ask);
            if state.alarms.managed {
                state.book.take_in(&extent);
            }
        }
        state.quote = rows.close(last);
        state.previous_range = rows.bid_range(last);
        self.time = self.time.max(rows.times()[last]);
        self.learn_newest(symbol, rows);
    }

    /// A4: writes down the equity of rows in which nothing changes but the marks.
    #[inline(always)]
    pub(super) fn mark_rows(&mut self, symbol: usize, rows: &Span) {
        if self.equity.mode() == EquityMode::Bars && !rows.is_empty() {
            self.push_marks(symbol, rows);
        }
    }

    fn push_marks(&mut self, symbol: usize, rows: &Span) {
        let (marks, state) = (self.marks(symbol), &self.symbols[symbol]);
        let (account, repeats) = ([self.balance, 0.0 + state.margin], rows.are_ticks());
        if state.exposure.has_longs() || state.exposure.has_shorts() {
            let (bids, asks) = rows.closes();
            self.equity.push_span(rows.times(), repeats, account, |equities| marks.equities(bids, asks, equities));
        } else {
            let equity = marks.equity(state.quote);
            self.equity.push_span(rows.times(), repeats, account, |equities| repeat(equities, equity, rows.len()));
        }
    }
}

/// Rows in which margin is looked for where the levels of the book do not rule out a stop-out.
const NEAR: usize = 2048;
