//! What the simulator writes down (E2).

use super::Simulator;
use crate::execution::signal::Signal;
use crate::portfolio::journal::{Event, EventKind, Reason};

/// What an event says beyond whom it is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct EventDraft {
    pub(crate) price: Option<f64>,
    pub(crate) volume: Option<f64>,
    pub(crate) reason: Option<Reason>,
    pub(crate) amount: Option<f64>,
}

impl Simulator {
    /// E2: writes down an event of this moment, where anybody reads it.
    #[inline]
    pub(crate) fn record(
        &mut self,
        kind: EventKind,
        symbol: usize,
        ticket: Option<u64>,
        magic: i64,
        tag: Option<u32>,
        draft: EventDraft,
    ) {
        if !self.silent {
            self.write_down(kind, symbol, ticket, magic, tag, draft);
        }
    }

    #[inline(never)]
    fn write_down(
        &mut self,
        kind: EventKind,
        symbol: usize,
        ticket: Option<u64>,
        magic: i64,
        tag: Option<u32>,
        draft: EventDraft,
    ) {
        let rate = draft.amount.and_then(|_| self.book_at_rate(kind, symbol));
        self.events.push(Event {
            time: self.time,
            kind,
            ticket,
            symbol: symbol as u32,
            magic,
            price: draft.price,
            volume: draft.volume,
            reason: draft.reason,
            amount: draft.amount,
            rate,
            balance: self.balance,
            tag,
        });
    }

    /// S2: writes down, for somebody who reads it, that the limit of positions refused a market order.
    #[inline(always)]
    pub(super) fn record_crowded(&mut self, symbol: usize, magic: i64, tag: Option<u32>, price: f64) {
        self.events.push(Event {
            time: self.time,
            kind: EventKind::Rejected,
            ticket: None,
            symbol: symbol as u32,
            magic,
            price: Some(price),
            volume: None,
            reason: Some(Reason::MaxPositions),
            amount: None,
            rate: None,
            balance: self.balance,
            tag,
        });
    }

    /// T7: writes down that no market data came for a signal.
    pub fn unfilled(&mut self, signal: &Signal) {
        let event = EventDraft { reason: Some(Reason::NoMarketData), ..EventDraft::default() };
        self.record(EventKind::Unfilled, signal.symbol as usize, None, signal.magic, signal.tag, event);
    }

    /// S2: writes down that a signal was refused before it reached the market.
    pub(crate) fn refuse(&mut self, signal: &Signal, reason: Reason) {
        let event = EventDraft { reason: Some(reason), ..EventDraft::default() };
        self.record(EventKind::Rejected, signal.symbol as usize, None, signal.magic, signal.tag, event);
    }
}
