//! Passing over bars in which nothing but the marks can change.

use super::Simulator;
use crate::execution::book::Alarms;
use crate::execution::rules::MarginCheck;
use crate::market::quote::Quote;
use crate::market::span::Span;
use crate::portfolio::equity::EquityMode;

impl Simulator {
    /// Passes over the leading rows of a span in which nothing happens; returns how many there were.
    ///
    /// What it leaves is bit for bit what stepping through them would leave. For a run over this symbol alone whose
    /// signals do not act within the span; `timeframe` is 0 where bars are not drilled.
    pub fn pass_over(&mut self, symbol: usize, span: &Span, timeframe: i64) -> usize {
        let state = &self.symbols[symbol];
        let watched_inside = self.config.rules.margin_check == MarginCheck::WorstPrice && state.alarms.positions > 0;
        if state.moves
            || watched_inside
            || state.alarms.managed
            || !state.inbox.is_empty()
            || !state.close_inbox.is_empty()
            || self.config.rules.legacy()
        {
            return 0;
        }
        self.refresh_sums();
        let mut equities = std::mem::take(&mut self.scratch);
        let mut passed = 0;
        while passed < span.len() {
            let chunk = span.part(passed..span.len().min(passed + CHUNK));
            let awake = self.untouched_rows(symbol, &chunk, timeframe);
            self.equities_of(symbol, &chunk.part(0..awake), &mut equities);
            let rows = self.first_stop_out(symbol, &equities).unwrap_or(awake);
            self.live_through_rows(symbol, &chunk.part(0..rows), &equities[..rows]);
            passed += rows;
            if rows < chunk.len() {
                break;
            }
        }
        self.scratch = equities;
        passed
    }

    /// Rows before the first deadline or touch.
    fn untouched_rows(&self, symbol: usize, chunk: &Span, timeframe: i64) -> usize {
        let state = &self.symbols[symbol];
        let alarms: &Alarms = &state.alarms;
        let until = if timeframe > 0 { alarms.deadline.saturating_sub(timeframe - 1) } else { alarms.deadline };
        // B1: a rollover inside a bar is the next bar's.
        let until = until.min(state.terms_deadline);
        let awake = chunk.time.partition_point(|&time| time < until);
        alarms.first_touch(&chunk.part(0..awake)).unwrap_or(awake)
    }

    /// A4: equity at the close of each row, where somebody asks for it.
    fn equities_of(&self, symbol: usize, rows: &Span, equities: &mut Vec<f64>) {
        let state = &self.symbols[symbol];
        equities.clear();
        if state.alarms.positions == 0 {
            let equity = self.balance + (0.0 + state.exposure.profit(state.quote, state.unit) * state.rate);
            equities.resize(rows.len(), equity);
        } else {
            let (balance, exposure, unit, rate) = (self.balance, state.exposure, state.unit, state.rate);
            let quotes = rows.bid_close.iter().zip(rows.ask_close);
            equities
                .extend(quotes.map(|(&bid, &ask)| balance + (0.0 + exposure.profit(Quote { bid, ask }, unit) * rate)));
        }
    }

    /// A3: the first row at whose close equity over margin is too little.
    fn first_stop_out(&self, symbol: usize, equities: &[f64]) -> Option<usize> {
        let margin = 0.0 + self.symbols[symbol].margin;
        if !self.checks_margin() || margin <= 0.0 {
            return None;
        }
        let level = self.config.account.stop_out_level;
        let short = |equity: f64| {
            let carried = equity / margin >= level;
            !carried
        };
        // Looks at all before it looks for one: rows in trouble are rare.
        let any = equities.iter().fold(false, |any, &equity| any | short(equity));
        any.then(|| equities.iter().position(|&equity| short(equity))).flatten()
    }

    fn live_through_rows(&mut self, symbol: usize, rows: &Span, equities: &[f64]) {
        let Some(last) = rows.len().checked_sub(1) else {
            return;
        };
        let state = &mut self.symbols[symbol];
        if state.alarms.positions > 0 {
            let bid = if state.exposure.has_longs() { rows.bid_range() } else { None };
            let ask = if state.exposure.has_shorts() { rows.ask_range() } else { None };
            state.extremes.push_span(bid, ask);
        }
        state.quote = rows.close(last);
        state.previous_range = rows.bid_high[last] - rows.bid_low[last];
        if self.equity.mode() == EquityMode::Bars {
            self.equity.push_span(rows.time, self.balance, equities, 0.0 + state.margin);
        }
        self.time = rows.time[last];
    }
}

/// Rows looked at in one go: their columns stay in the cache between the looks.
const CHUNK: usize = 2048;
