//! The orders and positions of one symbol, in ascending ticket.

use crate::execution::management::{acts_at_once, management_watch};
use crate::execution::order::{Order, Stage};
use crate::execution::position::Position;
use crate::execution::rules::Rules;
use crate::execution::trigger::{larger, smaller, QuoteSide, Watch};
use crate::instrument::{Grid, Instrument};
use crate::market::quote::Bar;
use crate::market::range_index::{Extent, Levels};
use crate::market::side::Side;
use serde::{Deserialize, Serialize};

/// One ticket's place in the book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// The ticket.
    pub ticket: u64,
    /// What it is by now.
    pub state: State,
}

/// What a ticket is by now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant)] // most slots are positions
pub enum State {
    /// Pending.
    Order(Order),
    /// Open.
    Position(Position),
    /// Closed or left in this step.
    Gone,
}

/// The orders and positions of one symbol.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Book {
    slots: Vec<Slot>,
}

impl Book {
    /// How many tickets it holds, those that left in this step included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds the next ticket and returns its index.
    pub fn push(&mut self, ticket: u64, state: State) -> usize {
        self.slots.push(Slot { ticket, state });
        self.slots.len() - 1
    }

    /// The slot at an index.
    #[must_use]
    pub fn state(&self, index: usize) -> &State {
        &self.slots[index].state
    }

    /// Replaces what a slot holds.
    pub fn set(&mut self, index: usize, state: State) {
        self.slots[index].state = state;
    }

    /// Ticket at an index.
    #[must_use]
    pub fn ticket(&self, index: usize) -> u64 {
        self.slots[index].ticket
    }

    /// The order at an index.
    #[must_use]
    pub fn order(&self, index: usize) -> Option<&Order> {
        match &self.slots[index].state {
            State::Order(order) => Some(order),
            State::Position(_) | State::Gone => None,
        }
    }

    /// The order at an index, to change.
    pub fn order_mut(&mut self, index: usize) -> Option<&mut Order> {
        match &mut self.slots[index].state {
            State::Order(order) => Some(order),
            State::Position(_) | State::Gone => None,
        }
    }

    /// The position at an index.
    #[must_use]
    pub fn position(&self, index: usize) -> Option<&Position> {
        match &self.slots[index].state {
            State::Position(position) => Some(position),
            State::Order(_) | State::Gone => None,
        }
    }

    /// The position at an index, to change.
    pub fn position_mut(&mut self, index: usize) -> Option<&mut Position> {
        match &mut self.slots[index].state {
            State::Position(position) => Some(position),
            State::Order(_) | State::Gone => None,
        }
    }

    /// Pending orders in ascending ticket.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.slots.iter().filter_map(|slot| match &slot.state {
            State::Order(order) => Some(order),
            State::Position(_) | State::Gone => None,
        })
    }

    /// Open positions in ascending ticket.
    pub fn positions(&self) -> impl Iterator<Item = &Position> {
        self.slots.iter().filter_map(|slot| match &slot.state {
            State::Position(position) => Some(position),
            State::Order(_) | State::Gone => None,
        })
    }

    /// M5: takes the prices of some bars into the best prices of managed positions.
    pub fn take_in(&mut self, extent: &Extent) {
        for slot in &mut self.slots {
            if let State::Position(position) = &mut slot.state {
                if position.management.is_active() {
                    let prices = match position.side {
                        Side::Long => [extent.bid_high, extent.bid_low],
                        Side::Short => [extent.ask_high, extent.ask_low],
                    };
                    prices.into_iter().for_each(|price| position.take_in(price));
                }
            }
        }
    }

    /// Index of the first slot that satisfies a condition.
    pub fn find(&self, condition: impl Fn(&State) -> bool) -> Option<usize> {
        self.slots.iter().position(|slot| condition(&slot.state))
    }

    /// Drops what left, and lets a touched `stop_limit` wait as a limit from the next step on (G4).
    pub fn end_step(&mut self) {
        self.slots.retain_mut(|slot| {
            if let State::Order(order) = &mut slot.state {
                if order.stage == Stage::Touched {
                    order.stage = Stage::Limit;
                }
            }
            slot.state != State::Gone
        });
    }

    /// What has to happen for this book to change by itself.
    #[must_use]
    pub fn alarms(&self, rules: &Rules, instrument: &Instrument, buffer: f64, grid: Grid) -> Alarms {
        let mut alarms = Alarms::default();
        for slot in &self.slots {
            match &slot.state {
                State::Order(order) => {
                    alarms.add(Watch::order(order, rules));
                    // A touched stop_limit is watched from the next step on.
                    alarms.wake_at(order.expires);
                }
                State::Position(position) => {
                    let exits = position.exits();
                    for watch in [exits.stop_watch(), exits.profit_watch()].into_iter().flatten() {
                        alarms.add(watch.widened(buffer, grid));
                    }
                    alarms.wake_at(position.deadline());
                    if position.management.is_active() {
                        alarms.managed = true;
                        management_watch(position, instrument, grid).into_iter().for_each(|watch| alarms.add(watch));
                        if acts_at_once(position, instrument.pip_size, grid) {
                            alarms.wake_at(Some(i64::MIN));
                        }
                    }
                    alarms.positions += 1;
                }
                State::Gone => {}
            }
        }
        alarms
    }
}

/// The nearest levels of a book on each side of both quotes, and its next deadline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarms {
    bid_rising: f64,
    bid_falling: f64,
    ask_rising: f64,
    ask_falling: f64,
    /// The next expiry or time stop.
    pub deadline: i64,
    /// Whether a position has break-even or trailing.
    pub managed: bool,
    /// Open positions.
    pub positions: usize,
}

impl Default for Alarms {
    fn default() -> Self {
        Self {
            bid_rising: f64::INFINITY,
            bid_falling: f64::NEG_INFINITY,
            ask_rising: f64::INFINITY,
            ask_falling: f64::NEG_INFINITY,
            deadline: i64::MAX,
            managed: false,
            positions: 0,
        }
    }
}

impl Alarms {
    fn add(&mut self, watch: Watch) {
        match (watch.quote, watch.rising) {
            (QuoteSide::Bid, true) => self.bid_rising = smaller(self.bid_rising, watch.level),
            (QuoteSide::Bid, false) => self.bid_falling = larger(self.bid_falling, watch.level),
            (QuoteSide::Ask, true) => self.ask_rising = smaller(self.ask_rising, watch.level),
            (QuoteSide::Ask, false) => self.ask_falling = larger(self.ask_falling, watch.level),
        }
    }

    fn wake_at(&mut self, time: Option<i64>) {
        if let Some(time) = time {
            self.deadline = self.deadline.min(time);
        }
    }

    /// The nearest levels.
    #[must_use]
    pub fn levels(&self) -> Levels {
        Levels {
            bid_rising: self.bid_rising,
            ask_rising: self.ask_rising,
            bid_falling: self.bid_falling,
            ask_falling: self.ask_falling,
        }
    }

    /// Whether the bar touches any level.
    #[must_use]
    #[inline]
    pub fn touched(&self, bar: &Bar) -> bool {
        bar.bid.high >= self.bid_rising
            || bar.bid.low <= self.bid_falling
            || bar.ask.high >= self.ask_rising
            || bar.ask.low <= self.ask_falling
    }
}
