//! What signals ask of standing orders and positions: `cancel`, `modify`, `close` (S3).

use super::checks::Levels;
use super::{EventDraft, Moment, Simulator};
use crate::execution::book::State;
use crate::execution::management::pips_away;
use crate::execution::order::{Order, OrderType};
use crate::execution::position::{ExitReason, Mover, Position};
use crate::execution::signal::{Action, Signal};
use crate::market::quote::Point;
use crate::portfolio::journal::{EventKind, Reason};

impl Simulator {
    /// B2: due cancels and modifies, in row order.
    pub(super) fn requests(&mut self, moment: &Moment, inbox: &[Signal]) {
        for signal in inbox {
            match signal.action {
                Action::Cancel => self.cancel_request(moment.symbol, signal),
                Action::Modify => self.modify_request(moment, signal),
                Action::Open | Action::Close => {}
            }
        }
    }

    fn cancel_request(&mut self, symbol: usize, signal: &Signal) {
        let matching = self.matching(symbol, signal, |state| matches!(state, State::Order(_)));
        for &index in &matching {
            self.remove_order(symbol, index, EventKind::Cancelled, Some(Reason::Signal));
        }
        self.note_no_match(symbol, signal, &matching);
    }

    /// B4: closes positions at the open.
    pub(super) fn close_request(&mut self, moment: &Moment, signal: &Signal) {
        let matching = self.matching(moment.symbol, signal, |state| matches!(state, State::Position(_)));
        for &index in &matching {
            let part =
                if signal.fraction < 1.0 { self.fraction_volume(moment.symbol, index, signal.fraction) } else { None };
            self.leave_at_open(moment, index, ExitReason::Signal, part);
        }
        self.note_no_match(moment.symbol, signal, &matching);
    }

    fn modify_request(&mut self, moment: &Moment, signal: &Signal) {
        let matching = self.matching(moment.symbol, signal, |state| !matches!(state, State::Gone));
        for &index in &matching {
            if self.symbols[moment.symbol].book.order(index).is_some() {
                self.modify_order(moment, index, signal);
            } else {
                self.modify_position(moment, index, signal);
            }
        }
        self.note_no_match(moment.symbol, signal, &matching);
    }

    /// S3: the ticket, or all of the symbol and magic number (and direction, if given).
    fn matching(&self, symbol: usize, signal: &Signal, kind: impl Fn(&State) -> bool) -> Vec<usize> {
        let book = &self.symbols[symbol].book;
        let meant = |index: &usize| {
            let (ticket, magic, side) = match book.state(*index) {
                State::Order(order) => (order.ticket, order.magic, order.side),
                State::Position(position) => (position.ticket, position.magic, position.side),
                State::Gone => return false,
            };
            match signal.ticket {
                Some(wanted) => wanted == ticket,
                None => magic == signal.magic && signal.side.is_none_or(|wanted| wanted == side),
            }
        };
        (0..book.len()).filter(|&index| kind(book.state(index))).filter(meant).collect()
    }

    /// S3: what matches nothing is an event.
    pub(crate) fn note_no_match(&mut self, symbol: usize, signal: &Signal, matching: &[usize]) {
        if !matching.is_empty() {
            return;
        }
        let reason = match signal.action {
            Action::Open => Reason::Open,
            Action::Close => Reason::Close,
            Action::Modify => Reason::Modify,
            Action::Cancel => Reason::Cancel,
        };
        let draft = EventDraft { reason: Some(reason), ..EventDraft::default() };
        self.record(EventKind::NoMatch, symbol, signal.ticket, signal.magic, signal.tag, draft);
    }

    /// S3: a modified order arrives anew.
    fn modify_order(&mut self, moment: &Moment, index: usize, signal: &Signal) {
        let symbol = moment.symbol;
        let Some(standing) = self.symbols[symbol].book.order(index).cloned() else {
            return;
        };
        let mut order = standing.clone();
        change_order(&mut order, signal);
        self.to_grid(symbol, &mut order);
        let levels = self.pending_levels(symbol, &order);
        let fault = self
            .level_fault(symbol, levels, &[Some(order.price), order.limit_price])
            .or_else(|| self.beyond_fault(moment, &order))
            .or_else(|| order.expires.is_some_and(|expires| expires <= self.time).then_some(Reason::Expired))
            .or_else(|| self.lacks_stop_loss(&order).then_some(Reason::NoStopLoss));
        if let Some(reason) = fault {
            self.record_order(EventKind::Rejected, symbol, &order, modified(None, reason));
            return;
        }
        self.record_order(EventKind::Modified, symbol, &order, modified(Some(order.price), Reason::Signal));
        self.symbols[symbol].book.set(index, State::Order(order));
        self.symbols[symbol].changed = true;
    }

    fn modify_position(&mut self, moment: &Moment, index: usize, signal: &Signal) {
        let symbol = moment.symbol;
        let Some(mut position) = self.symbols[symbol].book.position(index).cloned() else {
            return;
        };
        self.change_position(symbol, &mut position, signal);
        let levels = Levels {
            side: position.side,
            reference: position.side.exit_price(moment.bar.quote(Point::Open)),
            stop_loss: position.stop_loss.filter(|_| gives_stop_loss(signal)),
            take_profit: position.take_profit.filter(|_| gives_take_profit(signal)),
        };
        if let Some(reason) = self.level_fault(symbol, levels, &[]) {
            self.record_position(EventKind::Rejected, symbol, &position, modified(None, reason));
            return;
        }
        self.record_position(EventKind::Modified, symbol, &position, modified(position.stop_loss, Reason::Signal));
        self.symbols[symbol].book.set(index, State::Position(position));
        self.symbols[symbol].changed = true;
    }

    fn change_position(&self, symbol: usize, position: &mut Position, signal: &Signal) {
        let state = &self.symbols[symbol];
        let entry = position.entry_price;
        let away = |pips: f64| Some(pips_away(position.side, entry, pips, state.instrument.pip_size, state.grid));
        let stop_loss =
            level_or_pips(position.stop_loss, signal.stop_loss, signal.stop_loss_pips.and_then(|pips| away(-pips)));
        let take_profit =
            level_or_pips(position.take_profit, signal.take_profit, signal.take_profit_pips.and_then(away));
        position.stop_loss = stop_loss.map(|level| state.grid.nearest(level));
        position.take_profit = take_profit.map(|level| state.grid.nearest(level));
        if gives_stop_loss(signal) {
            position.mover = Mover::Signal;
        }
    }
}

pub(super) fn modified(price: Option<f64>, reason: Reason) -> EventDraft {
    EventDraft { price, reason: Some(reason), ..EventDraft::default() }
}

fn gives_stop_loss(signal: &Signal) -> bool {
    signal.stop_loss.is_some() || signal.stop_loss_pips.is_some()
}

fn gives_take_profit(signal: &Signal) -> bool {
    signal.take_profit.is_some() || signal.take_profit_pips.is_some()
}

/// S3: null keeps and 0 removes a level.
fn level_or_pips(old: Option<f64>, level: Option<f64>, from_pips: Option<f64>) -> Option<f64> {
    match (level, from_pips) {
        (Some(level), _) => Some(level).filter(|&level| level != 0.0),
        (None, Some(level)) => Some(level),
        (None, None) => old,
    }
}

/// S3: what a `modify` changes of an order; the volume stays.
fn change_order(order: &mut Order, signal: &Signal) {
    order.price = signal.price.unwrap_or(order.price);
    if order.order_type == OrderType::StopLimit {
        order.limit_price = signal.limit_price.or(order.limit_price);
    }
    order.expires = signal.expires.or(order.expires);
    if gives_stop_loss(signal) {
        order.stop_loss = signal.stop_loss.filter(|&level| level != 0.0);
        order.stop_loss_pips = signal.stop_loss_pips;
    }
    if gives_take_profit(signal) {
        order.take_profit = signal.take_profit.filter(|&level| level != 0.0);
        order.take_profit_pips = signal.take_profit_pips;
    }
}
