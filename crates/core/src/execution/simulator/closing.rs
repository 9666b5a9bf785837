//! The close of a bar: best prices, management, stop-outs, the end of the data (B6).

use super::exit::Leaving;
use super::requests::modified;
use super::{Moment, Phase, Simulator, StepBar};
use crate::execution::management::{break_even_move, move_stop_loss, trailing_move};
use crate::execution::position::{ExitReason, FilledAt, Mover, Position, Range};
use crate::execution::rules::{EndOfData, MarginCheck};
use crate::market::quote::{Bar, Point, Quote};
use crate::market::side::Side;
use crate::portfolio::journal::{EventKind, Reason};

impl Simulator {
    /// B6: the bar is over: it counts for the positions, and management acts on them.
    pub(super) fn close_of_bar(&mut self, moment: &Moment) {
        let manages = !moment.model.is_path();
        let state = &mut self.symbols[moment.symbol];
        if state.alarms.positions == 0 && !state.changed {
            return;
        }
        if state.book.positions().next().is_none() {
            return state.extremes.clear();
        }
        if moment.counts {
            state.extremes.push(&moment.bar);
        }
        if !state.changed && !state.alarms.managed {
            return;
        }
        let since = state.extremes.next();
        for index in 0..state.book.len() {
            if !moment.concerns(&self.symbols[moment.symbol].book, index) {
                continue;
            }
            if let Some(position) = self.symbols[moment.symbol].book.position_mut(index) {
                live_through(position, &moment.bar, since, manages);
                if manages {
                    self.manage(moment.symbol, index);
                }
            }
        }
    }

    /// M1 before M2, each writing what it moved.
    pub(super) fn manage(&mut self, symbol: usize, index: usize) {
        let state = &mut self.symbols[symbol];
        let (pip_size, grid) = (state.instrument.pip_size, state.grid);
        let Some(position) = state.book.position_mut(index).filter(|position| position.management.is_active()) else {
            return;
        };
        let break_even = break_even_move(position, pip_size, grid);
        if let Some(level) = break_even {
            move_stop_loss(position, level, Mover::BreakEven);
            self.record_move(symbol, index, level, Reason::BreakEven);
        }
        let Some(position) = self.symbols[symbol].book.position_mut(index) else {
            return;
        };
        if let Some(level) = trailing_move(position, pip_size, grid) {
            move_stop_loss(position, level, Mover::Trailing);
            self.record_move(symbol, index, level, Reason::Trailing);
        }
    }

    fn record_move(&mut self, symbol: usize, index: usize, level: f64, reason: Reason) {
        let state = &mut self.symbols[symbol];
        state.changed = true;
        if let Some(position) = state.book.position(index) {
            let (ticket, magic, tag) = (position.ticket, position.magic, position.tag);
            self.record(EventKind::Modified, symbol, Some(ticket), magic, tag, modified(Some(level), reason));
        }
    }

    /// A3: closes positions at the marks, largest loss first, until equity over margin is enough again.
    pub(super) fn stop_out(&mut self) {
        if self.checks_margin() {
            self.close_while_short(&[]);
        }
    }

    /// A3: the same at the marks, which for these bars of symbols are the extremes.
    fn close_while_short(&mut self, extremes: &[(usize, Bar)]) {
        loop {
            let margin = self.margin_used();
            if margin <= 0.0 {
                return;
            }
            let equity = self.equity_now();
            if self.carries(equity, margin) {
                return;
            }
            let Some((symbol, index)) = self.largest_loss() else {
                return;
            };
            let bar = extremes.iter().find(|(of, _)| *of == symbol).map(|(_, bar)| bar);
            self.leave_at_mark(symbol, index, ExitReason::StopOut, bar);
        }
    }

    /// A3: with `worst_price` the account is looked at where the bars were worst for it, before their close.
    pub(super) fn worst_price_stop_out(&mut self, items: &[StepBar]) {
        if self.looks_at_worst() {
            // A drilled bar was looked at step by step.
            let whole = items.iter().filter(|item| self.symbols[item.symbol].phase != Phase::Drilled);
            let bars: Vec<_> = whole.map(|item| (item.symbol, item.bar)).collect();
            self.stop_out_at_worst(&bars);
        }
    }

    /// A3: the same for one finer step of a drilled bar.
    pub(super) fn finer_worst_price_stop_out(&mut self, symbol: usize, bar: &Bar) {
        if self.looks_at_worst() {
            self.stop_out_at_worst(&[(symbol, *bar)]);
        }
    }

    fn looks_at_worst(&self) -> bool {
        self.config.rules.margin_check == MarginCheck::WorstPrice
    }

    fn stop_out_at_worst(&mut self, bars: &[(usize, Bar)]) {
        for (symbol, bar) in bars {
            self.symbols[*symbol].quote = Quote { bid: bar.bid.low, ask: bar.ask.high };
        }
        self.close_while_short(bars);
        for (symbol, bar) in bars {
            self.symbols[*symbol].quote = bar.quote(Point::Close);
        }
    }

    /// A3: the position with the lowest open profit; the lower ticket of two.
    fn largest_loss(&self) -> Option<(usize, usize)> {
        let mut worst: Option<(f64, u64, usize, usize)> = None;
        for (symbol, state) in self.symbols.iter().enumerate() {
            for index in 0..state.book.len() {
                let Some(position) = state.book.position(index) else {
                    continue;
                };
                let price = position.side.exit_price(state.quote);
                let profit = position.profit_at(price, position.volume, state.unit) * state.rate;
                let worse = worst.is_none_or(|(lowest, ticket, ..)| {
                    profit < lowest || (profit == lowest && position.ticket < ticket)
                });
                if worse {
                    worst = Some((profit, position.ticket, symbol, index));
                }
            }
        }
        worst.map(|(_, _, symbol, index)| (symbol, index))
    }

    /// M7: positions close at the close of the symbol's last bar, in ascending ticket.
    pub(super) fn end_of_data(&mut self, symbol: usize) {
        if !self.closes_at_end() {
            return;
        }
        for index in 0..self.symbols[symbol].book.len() {
            self.leave_at_mark(symbol, index, ExitReason::EndOfData, None);
        }
    }

    fn closes_at_end(&self) -> bool {
        self.config.rules.end_of_data == EndOfData::Close
    }

    /// L3: `at_worst` is the bar at whose adverse extreme the mark stands.
    fn leave_at_mark(&mut self, symbol: usize, index: usize, reason: ExitReason, at_worst: Option<&Bar>) {
        let quote = self.symbols[symbol].quote;
        let Some(position) = self.symbols[symbol].book.position(index) else {
            return;
        };
        let price = position.side.exit_price(quote);
        let adverse = if position.side == Side::Long { Point::Low } else { Point::High };
        let spread = at_worst.map_or(quote.ask - quote.bid, |bar| bar.spread(adverse));
        self.leave(symbol, index, Leaving { price, spread, reason, gap: false }, None);
    }
}

/// M5: a bar that a position has lived through; the bar of the entry counts in full when the fill was at its open.
fn live_through(position: &mut Position, bar: &Bar, since: u64, manages: bool) {
    let prices = *position.side.exit_prices(bar);
    let whole = Range { high: prices.high, low: prices.low };
    let fresh = position.is_fresh();
    let range = match (fresh, position.filled_at) {
        (false, _) | (true, FilledAt::Open) => Some(whole),
        (true, FilledAt::Inside) => position.entry_range.or(Some(Range::of(prices.at(Point::Close)))),
        (true, FilledAt::Close) => None,
    };
    if fresh {
        position.entry_range = range;
        position.since = Some(since);
    }
    let counts = manages || (fresh && position.filled_at == FilledAt::Open);
    if let (true, Some(range)) = (counts && position.management.is_active(), range) {
        position.take_in(range.high);
        position.take_in(range.low);
    }
}
