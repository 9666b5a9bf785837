//! Before and at the open: expiry, gaps, time stops (B2, B3, M3).

use super::{EventDraft, Moment, Simulator};
use crate::execution::book::State;
use crate::execution::order::{OrderType, Stage};
use crate::execution::position::{ExitReason, FilledAt};
use crate::execution::trigger::{limit_price_at_open, not_worse_than, stop_price_at_open, Watch};
use crate::market::quote::Point;
use crate::portfolio::journal::EventKind;

use super::exit::Leaving;

impl Simulator {
    /// B2: expired orders leave, in ascending ticket.
    pub(super) fn expire(&mut self, symbol: usize) {
        if self.symbols[symbol].alarms.deadline > self.time && !self.symbols[symbol].changed {
            return;
        }
        for index in 0..self.symbols[symbol].book.len() {
            let expired = self.symbols[symbol].book.order(index).and_then(|order| order.expires);
            if expired.is_some_and(|expires| expires <= self.time) {
                self.remove_order(symbol, index, EventKind::Expired, None);
            }
        }
    }

    /// B3: what stood before this bar meets its opening quote, in ascending ticket.
    pub(super) fn opening(&mut self, moment: &Moment) {
        for index in 0..self.symbols[moment.symbol].book.len() {
            if !moment.concerns(&self.symbols[moment.symbol].book, index) {
                continue;
            }
            match self.symbols[moment.symbol].book.state(index) {
                State::Order(_) => self.order_at_open(moment, index),
                State::Position(_) => self.exit_at_open(moment, index),
                State::Gone => {}
            }
        }
    }

    /// G2, G3: a pending order that the open is beyond.
    pub(super) fn order_at_open(&mut self, moment: &Moment, index: usize) {
        let rules = &self.config.rules;
        let state = &self.symbols[moment.symbol];
        let Some(order) = state.book.order(index) else {
            return;
        };
        if order.stage == Stage::Touched || !Watch::order(order, rules).open_beyond(&moment.bar) {
            return;
        }
        let price = match order.waits_as_limit() {
            Some(level) => {
                // G3: what arrives beyond the market fills at the open, so that `limit_gap` forgoes nothing.
                let arriving = order.arrival_step == self.step;
                limit_price_at_open(order.side, level, &moment.bar, rules, moment.tick, arriving)
            }
            None => stop_price_at_open(order, &moment.bar, rules, state.grid, moment.tick),
        };
        if order.order_type == OrderType::StopLimit && order.stage == Stage::Waiting {
            let passed =
                order.limit_price.is_some_and(|limit| Watch::limit(order.side, limit).open_beyond(&moment.bar));
            self.stop_limit_touched(moment, index, price, passed, Point::Open);
        } else {
            self.fill_at_open(moment, index, price);
        }
    }

    fn fill_at_open(&mut self, moment: &Moment, index: usize, price: f64) {
        if let Some(held) = self.fill_order(moment, index, price, Point::Open, FilledAt::Open) {
            self.exit_at_open(moment, held);
        }
    }

    /// G4: a `stop_limit` that is touched: filled where its limit is passed already, else a limit order from now on.
    pub(super) fn stop_limit_touched(
        &mut self,
        moment: &Moment,
        index: usize,
        stop_price: f64,
        passed: bool,
        point: Point,
    ) {
        let at_once = moment.goes_on_at_once();
        let Some(order) = self.symbols[moment.symbol].book.order_mut(index) else {
            return;
        };
        if let (true, true, Some(limit)) = (at_once, passed, order.limit_price) {
            let price = not_worse_than(order.side, stop_price, limit);
            if point == Point::Open {
                self.fill_at_open(moment, index, price);
            } else {
                self.fill_order(moment, index, price, point, FilledAt::Inside);
            }
            return;
        }
        order.stage = if at_once { Stage::Limit } else { Stage::Touched };
        let order = order.clone();
        self.symbols[moment.symbol].changed = true;
        let draft = EventDraft { price: Some(order.price), ..EventDraft::default() };
        self.record_order(EventKind::Triggered, moment.symbol, &order, draft);
    }

    /// M3: positions whose time is over close at the open, in ascending ticket.
    pub(super) fn time_stops(&mut self, moment: &Moment) {
        if self.symbols[moment.symbol].alarms.deadline > self.time && !self.symbols[moment.symbol].changed {
            return;
        }
        for index in 0..self.symbols[moment.symbol].book.len() {
            let Some(position) = self.symbols[moment.symbol].book.position(index) else {
                continue;
            };
            let over = position.deadline().is_some_and(|deadline| deadline <= self.time);
            if over && !position.is_fresh() {
                self.leave_at_open(moment, index, ExitReason::Timeout, None);
            }
        }
    }

    /// Closes a position, or `volume` of it, at the open.
    pub(super) fn leave_at_open(&mut self, moment: &Moment, index: usize, reason: ExitReason, volume: Option<f64>) {
        let Some(position) = self.symbols[moment.symbol].book.position(index) else {
            return;
        };
        let leaving = Leaving {
            price: position.side.exit_prices(&moment.bar).open,
            spread: moment.bar.spread(Point::Open),
            reason,
            gap: false,
        };
        self.leave(moment.symbol, index, leaving, volume);
    }
}
