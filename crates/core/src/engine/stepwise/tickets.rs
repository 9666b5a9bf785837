//! Single orders and positions against a bar or tick, and what a volume would be.

use super::{argument, no_ticket, Newest, Stepwise};
use crate::error::Error;
use crate::execution::simulator::{end_of, StepBar};
use crate::portfolio::journal::{Event, EventKind, Reason};
use crate::portfolio::trade::Trade;

impl Stepwise {
    /// G: activates one pending order where the bar or tick touches it, with all that follows from its fill.
    ///
    /// `true` where the order was filled, whether or not its position is still open.
    ///
    /// # Errors
    /// As for a step; a ticket that is no pending order.
    pub fn entry_trigger(&mut self, ticket: u64, item: &StepBar) -> Result<bool, Error> {
        if !self.orders().iter().any(|order| order.ticket == ticket) {
            return Err(no_ticket(ticket, "pending order"));
        }
        let before = self.simulator.events.len();
        self.evaluate(ticket, item)?;
        let filled = |event: &Event| event.kind == EventKind::Filled && event.ticket == Some(ticket);
        Ok(self.simulator.events[before..].iter().any(filled))
    }

    /// B3 to B6 for one open position; its trade where it closed.
    ///
    /// # Errors
    /// As for a step; a ticket that is no open position.
    pub fn evaluate_exit(&mut self, ticket: u64, item: &StepBar) -> Result<Option<&Trade>, Error> {
        if !self.simulator.is_position(ticket) {
            return Err(no_ticket(ticket, "open position"));
        }
        let before = self.simulator.trades.len();
        self.evaluate(ticket, item)?;
        Ok(self.simulator.trades.get(before))
    }

    /// B3 to B6 for all open positions of a symbol, in ascending ticket; how many trades there were before.
    ///
    /// # Errors
    /// As for a step.
    pub fn evaluate_exits(&mut self, item: &StepBar) -> Result<usize, Error> {
        let before = self.simulator.trades.len();
        let item = self.checked_single(item)?;
        let counts = self.begin_single(&item);
        let done = self.simulator.evaluate_positions(&item, counts);
        self.note_single(&item);
        self.halt_on(done)?;
        Ok(before)
    }

    /// Z: the volume of an order at `entry` with this stop loss; 0 where it would be too small.
    ///
    /// # Errors
    /// A price that is none, or a stop loss at the entry.
    pub fn calculate_lot_size(
        &self,
        symbol: usize,
        entry: f64,
        stop_loss: f64,
        risk: Option<f64>,
    ) -> Result<f64, Error> {
        for (name, value) in [("entry", Some(entry)), ("stop_loss", Some(stop_loss)), ("risk", risk)] {
            if value.is_some_and(|value| !value.is_finite() || value <= 0.0) {
                return Err(argument(name, &format!("{value:?}; expected a finite number above 0")));
            }
        }
        match self.simulator.lot_size(symbol, entry, stop_loss, risk) {
            Ok(volume) => Ok(volume),
            Err(Reason::VolumeTooSmall) => Ok(0.0),
            Err(reason) => {
                Err(argument("stop_loss", &format!("{stop_loss}: an order would be rejected as {}", reason.name())))
            }
        }
    }

    fn evaluate(&mut self, ticket: u64, item: &StepBar) -> Result<(), Error> {
        if self.simulator.symbol_of(ticket) != Some(item.symbol) {
            return Err(no_ticket(ticket, &format!("ticket of {}", self.symbols[item.symbol])));
        }
        let item = self.checked_single(item)?;
        let counts = self.begin_single(&item);
        let done = self.simulator.evaluate(ticket, &item, counts);
        self.note_single(&item);
        self.halt_on(done)
    }

    /// Whether a bar is new to its symbol; the one before it is over then.
    fn begin_single(&mut self, item: &StepBar) -> bool {
        let seen = self.lanes[item.symbol].newest;
        let counts = seen.is_none_or(|newest| newest.bar != item.bar);
        if let Some(newest) = seen.filter(|_| counts) {
            self.simulator.bar_is_over(item.symbol, newest.bar.bid.high - newest.bar.bid.low);
        }
        counts
    }

    fn note_single(&mut self, item: &StepBar) {
        let until = end_of(item.bar.time, std::slice::from_ref(item));
        self.lanes[item.symbol].newest = Some(Newest { bar: item.bar, tick: item.tick, whole: false, until });
        self.pass_time(item.bar.time);
    }

    /// A bar for single tickets may be given again for other tickets.
    fn checked_single<'a>(&mut self, item: &StepBar<'a>) -> Result<StepBar<'a>, Error> {
        let item = self.prepared(item)?;
        let again = self.lanes[item.symbol].newest.is_some_and(|newest| !newest.whole && newest.bar == item.bar);
        if !again {
            self.check_time(&item)?;
        }
        self.learn_until(end_of(item.bar.time, &[item]));
        self.check_rates(item.bar.time, &[item])?;
        Ok(item)
    }
}
