//! The close of a bar: best prices, management, stop-outs, the end of the data (B6).

use super::exit::Leaving;
use super::requests::modified;
use super::{Moment, Phase, Simulator, StepBar};
use crate::execution::management::{break_even_move, move_stop_loss, trailing_move};
use crate::execution::position::{ExitReason, FilledAt, Mover, Position, Range};
use crate::execution::rules::MarginCheck;
use crate::market::quote::{Bar, Point, Quote};
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

    /// A3: closes positions, largest loss first, until equity over margin is enough again.
    pub(super) fn stop_out(&mut self) {
        if !self.checks_margin() {
            return;
        }
        loop {
            let margin = self.margin_used();
            if margin <= 0.0 || self.equity_now() / margin >= self.config.account.stop_out_level {
                return;
            }
            let Some((symbol, index)) = self.largest_loss() else {
                return;
            };
            self.leave_at_mark(symbol, index, ExitReason::StopOut);
        }
    }

    /// A3: with `worst_price` the account is looked at where the bars were worst for it, before their close.
    pub(super) fn worst_price_stop_out(&mut self, items: &[StepBar]) {
        if self.config.rules.margin_check != MarginCheck::WorstPrice {
            return;
        }
        let whole = |item: &&StepBar, simulator: &Self| simulator.symbols[item.symbol].phase != Phase::Drilled;
        for item in items {
            if whole(&item, self) {
                self.symbols[item.symbol].quote = Quote { bid: item.bar.bid.low, ask: item.bar.ask.high };
            }
        }
        self.stop_out();
        for item in items {
            self.symbols[item.symbol].quote = item.bar.quote(Point::Close);
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
            self.leave_at_mark(symbol, index, ExitReason::EndOfData);
        }
    }

    fn leave_at_mark(&mut self, symbol: usize, index: usize, reason: ExitReason) {
        let quote = self.symbols[symbol].quote;
        let Some(position) = self.symbols[symbol].book.position(index) else {
            return;
        };
        let price = position.side.exit_price(quote);
        self.leave(symbol, index, Leaving { price, spread: quote.ask - quote.bid, reason, gap: false }, None);
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
