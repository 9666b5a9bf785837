//! One order or position against one bar or tick, and what a volume would be.

use super::{end_of, Only, Simulator, StepBar};
use crate::error::Error;
use crate::execution::book::State;
use crate::execution::legacy::legacy_volume;
use crate::execution::order::Order;
use crate::execution::position::ExitReason;
use crate::execution::signal::Signal;
use crate::execution::sizing::rounded;
use crate::market::quote::Point;
use crate::market::side::Side;
use crate::portfolio::journal::{EventKind, Reason};

impl Simulator {
    /// Index of the symbol of a ticket that is pending or open.
    pub(crate) fn symbol_of(&self, ticket: u64) -> Option<usize> {
        (0..self.symbols.len()).find(|&symbol| self.slot_of(symbol, ticket).is_some())
    }

    /// Whether a ticket is an open position.
    pub(crate) fn is_position(&self, ticket: u64) -> bool {
        self.symbols.iter().any(|state| state.book.positions().any(|position| position.ticket == ticket))
    }

    /// B2 to B6 for one ticket alone; `counts` where its symbol's positions have not lived through this bar yet.
    pub(crate) fn evaluate(&mut self, ticket: u64, item: &StepBar, counts: bool) -> Result<(), Error> {
        let symbol = item.symbol;
        let Some(index) = self.slot_of(symbol, ticket) else {
            return Ok(());
        };
        self.begin_single(item);
        if self.config.rules.legacy() {
            self.set_quote(symbol, item.bar.quote(Point::Close));
            if matches!(self.symbols[symbol].book.state(index), State::Order(_)) {
                self.legacy_trigger(item, index);
            } else {
                self.legacy_exit(item, index);
            }
            return self.end(item.bar.time);
        }
        let mut moment = self.moment(item);
        (moment.only, moment.counts) = (Only::Ticket(ticket), counts);
        self.set_quote(symbol, item.bar.quote(Point::Open));
        self.begin_bar(symbol);
        self.leave_in_time(symbol, index);
        self.opening(&moment);
        let timed_out = self.symbols[symbol].book.position(index).is_some_and(|position| {
            !position.is_fresh() && position.deadline().is_some_and(|deadline| deadline <= self.time)
        });
        if timed_out {
            self.leave_at_open(&moment, index, ExitReason::Timeout, None);
        }
        self.inside(&moment);
        self.set_quote(symbol, item.bar.quote(Point::Close));
        self.refresh_rates(end_of(self.time, &[*item]));
        self.close_of_bar(&moment);
        self.end(item.bar.time)
    }

    /// B3 to B6 for the open positions of a symbol.
    pub(crate) fn evaluate_positions(&mut self, item: &StepBar, counts: bool) -> Result<(), Error> {
        let symbol = item.symbol;
        self.begin_single(item);
        if self.config.rules.legacy() {
            self.set_quote(symbol, item.bar.quote(Point::Close));
            for index in 0..self.symbols[symbol].book.len() {
                self.legacy_exit(item, index);
            }
            return self.end(item.bar.time);
        }
        let mut moment = self.moment(item);
        (moment.only, moment.counts) = (Only::Positions, counts);
        self.set_quote(symbol, item.bar.quote(Point::Open));
        self.begin_bar(symbol);
        self.opening(&moment);
        self.time_stops(&moment);
        self.inside(&moment);
        self.set_quote(symbol, item.bar.quote(Point::Close));
        self.refresh_rates(end_of(self.time, &[*item]));
        self.close_of_bar(&moment);
        self.end(item.bar.time)
    }

    /// F1: begins a step of its own; its bar or tick is a rate as in a whole step.
    fn begin_single(&mut self, item: &StepBar) {
        self.learn_rates(std::slice::from_ref(item));
        self.begin(item.bar.time);
    }

    /// L3: a bar is over, and the next one of its symbol begins.
    pub(crate) fn bar_is_over(&mut self, symbol: usize, range: f64) {
        self.symbols[symbol].previous_range = range;
    }

    /// Z: the volume of an order at `entry` with a stop loss at `stop_loss`, or why there would be none.
    pub(crate) fn lot_size(&self, symbol: usize, entry: f64, stop_loss: f64, risk: Option<f64>) -> Result<f64, Reason> {
        let side = if stop_loss < entry { Side::Long } else { Side::Short };
        let signal = Signal { risk, stop_loss: Some(stop_loss), ..Signal::market(self.time, symbol as u32, side) };
        if self.config.rules.legacy() {
            let asked = risk.or_else(|| self.config.sizing.risk(self.balance, || self.balance));
            let instrument = &self.symbols[symbol].instrument;
            if (entry - stop_loss).abs() < 0.00001 {
                return Err(Reason::InvalidStops);
            }
            return Ok(legacy_volume(instrument, None, asked, self.config.sizing.amount, entry, stop_loss));
        }
        let mut order = Order::from_signal(&signal, side);
        self.to_grid(symbol, &mut order);
        if order.stop_loss == Some(entry) {
            return Err(Reason::InvalidStops);
        }
        self.volume(symbol, &order, entry, order.stop_loss).map(rounded)
    }

    fn leave_in_time(&mut self, symbol: usize, index: usize) {
        let expires = self.symbols[symbol].book.order(index).and_then(|order| order.expires);
        if expires.is_some_and(|expires| expires <= self.time) {
            self.remove_order(symbol, index, EventKind::Expired, None);
        }
    }

    fn slot_of(&self, symbol: usize, ticket: u64) -> Option<usize> {
        let book = &self.symbols[symbol].book;
        (0..book.len()).find(|&index| book.ticket(index) == ticket)
    }
}
