//! Passing over bars in which nothing but the marks can change.

use super::Simulator;
use crate::execution::book::Alarms;
use crate::market::span::Span;
use crate::portfolio::equity::EquityMode;

impl Simulator {
    /// Passes over the leading rows of a span in which nothing happens; returns how many there were.
    ///
    /// What it leaves is bit for bit what stepping through them would leave. For a run over this symbol alone whose
    /// signals do not act within the span; `timeframe` is 0 where bars are not drilled.
    pub fn pass_over(&mut self, symbol: usize, span: &Span, timeframe: i64) -> usize {
        let state = &self.symbols[symbol];
        if state.alarms.managed
            || !state.inbox.is_empty()
            || !state.close_inbox.is_empty()
            || self.config.rules.legacy()
        {
            return 0;
        }
        self.refresh_sums();
        let mut passed = 0;
        while passed < span.len() {
            let chunk = span.part(passed..span.len().min(passed + CHUNK));
            let rows = self.quiet_rows(symbol, &chunk, timeframe);
            self.live_through_rows(symbol, &chunk.part(0..rows));
            passed += rows;
            if rows < chunk.len() {
                break;
            }
        }
        passed
    }

    /// Rows before the first deadline, touch or stop-out.
    fn quiet_rows(&self, symbol: usize, chunk: &Span, timeframe: i64) -> usize {
        let alarms: &Alarms = &self.symbols[symbol].alarms;
        let until = if timeframe > 0 { alarms.deadline.saturating_sub(timeframe - 1) } else { alarms.deadline };
        let awake = chunk.time.partition_point(|&time| time < until);
        let rows = alarms.first_touch(&chunk.part(0..awake)).unwrap_or(awake);
        self.first_stop_out(symbol, &chunk.part(0..rows)).unwrap_or(rows)
    }

    /// A3: the first row at whose close equity over margin is too little.
    fn first_stop_out(&self, symbol: usize, chunk: &Span) -> Option<usize> {
        let state = &self.symbols[symbol];
        if !self.checks_margin() || state.margin <= 0.0 {
            return None;
        }
        let level = self.config.account.stop_out_level;
        let (balance, margin) = (self.balance, 0.0 + state.margin);
        (0..chunk.len()).find(|&row| {
            let equity = balance + (0.0 + state.exposure.profit(chunk.close(row), state.unit));
            let carried = equity / margin >= level;
            !carried
        })
    }

    fn live_through_rows(&mut self, symbol: usize, rows: &Span) {
        let Some(last) = rows.len().checked_sub(1) else {
            return;
        };
        let (balance, mode) = (self.balance, self.equity.mode());
        let state = &mut self.symbols[symbol];
        if state.alarms.positions > 0 {
            let bid = if state.exposure.has_longs() { rows.bid_range() } else { None };
            let ask = if state.exposure.has_shorts() { rows.ask_range() } else { None };
            state.extremes.push_span(bid, ask);
        }
        state.quote = rows.close(last);
        state.previous_range = rows.bid_high[last] - rows.bid_low[last];
        if mode == EquityMode::Bars {
            let (exposure, unit, margin) = (state.exposure, state.unit, 0.0 + state.margin);
            if state.alarms.positions == 0 {
                let equity = balance + (0.0 + exposure.profit(state.quote, unit));
                self.equity.push_span(rows.time, balance, std::iter::repeat_n(equity, rows.len()), margin);
            } else {
                let equities = (0..rows.len()).map(|row| balance + (0.0 + exposure.profit(rows.close(row), unit)));
                self.equity.push_span(rows.time, balance, equities, margin);
            }
        }
        self.time = rows.time[last];
    }
}

/// Rows looked at in one go: their columns stay in the cache between the looks.
const CHUNK: usize = 2048;
