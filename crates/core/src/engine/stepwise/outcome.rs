//! What becomes of a signal.

use super::Stepwise;
use crate::portfolio::journal::{EventKind, Reason};

/// What became of a signal by now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// How far it has come.
    pub status: Status,
    /// S4: the ticket, where the signal was accepted.
    pub ticket: Option<u64>,
    /// S2: why it was rejected.
    pub reason: Option<Reason>,
    /// The price agreed, where something was filled or closed.
    pub fill_price: Option<f64>,
    /// Lots filled or closed.
    pub volume: Option<f64>,
}

/// How far a signal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Waits for its bar or tick.
    Waiting,
    /// An order that waits for its price.
    Pending,
    /// A position.
    Open,
    /// A position that closed at once, or positions that a `close` closed.
    Closed,
    /// A change or a cancellation was made.
    Done,
    /// Refused.
    Rejected,
    /// It matches nothing.
    NoMatch,
}

impl Status {
    /// The name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Pending => "pending",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::NoMatch => "no_match",
        }
    }
}

impl Stepwise {
    /// What the events since `before` say of one signal.
    pub(super) fn outcome(&self, before: usize) -> Outcome {
        let mut outcome =
            Outcome { status: Status::Waiting, ticket: None, reason: None, fill_price: None, volume: None };
        for event in &self.simulator.events[before..] {
            let status = match event.kind {
                EventKind::Accepted => Status::Pending,
                EventKind::Filled => Status::Open,
                EventKind::Closed => Status::Closed,
                EventKind::Rejected => Status::Rejected,
                EventKind::NoMatch => Status::NoMatch,
                EventKind::Modified if outcome.status == Status::Waiting => Status::Done,
                EventKind::Cancelled if outcome.status == Status::Waiting => Status::Done,
                _ => continue,
            };
            outcome.status = status;
            outcome.ticket = event.ticket.or(outcome.ticket);
            if matches!(event.kind, EventKind::Filled)
                || outcome.fill_price.is_none() && event.kind == EventKind::Closed
            {
                outcome.fill_price = event.price;
                outcome.volume = event.volume;
            }
            if event.kind == EventKind::Rejected {
                outcome.reason = event.reason;
            }
        }
        outcome
    }
}
