//! Netting: one position a symbol (A5).

use super::exit::Exit;
use super::{Simulator, SymbolState};
use crate::config::Mode;
use crate::costs::commission::Leg;
use crate::execution::book::State;
use crate::execution::order::Order;
use crate::execution::position::{ExitReason, Mover, Position, Share};
use crate::execution::sizing::rounded;
use crate::market::side::Side;

impl Simulator {
    pub(super) fn nets(&self) -> bool {
        self.config.account.mode == Mode::Netting
    }

    /// A5: the part of an order's volume that needs margin, and the margin that it frees.
    #[inline(always)]
    pub(super) fn netted_volume(&self, symbol: usize, side: Side, volume: f64) -> (f64, f64) {
        if self.nets() {
            self.netted_against(symbol, side, volume)
        } else {
            (volume, 0.0)
        }
    }

    fn netted_against(&self, symbol: usize, side: Side, volume: f64) -> (f64, f64) {
        let state = &self.symbols[symbol];
        match state.book.positions().next() {
            Some(position) if position.side != side => {
                let freed =
                    if volume >= position.volume { state.margin_now(self.config.account.leverage) } else { 0.0 };
                let rest = rounded(volume - position.volume);
                (if rest < state.instrument.volume_min { 0.0 } else { rest }, freed)
            }
            _ => (volume, 0.0),
        }
    }

    /// A5: adds to the position of this symbol, closes volume of it, or is it. The index that holds its volume now.
    pub(super) fn net(&mut self, symbol: usize, index: usize, newer: Position, order: &Order) -> Option<usize> {
        let Some(held) = self.symbols[symbol].book.find(|state| matches!(state, State::Position(_))) else {
            self.place(symbol, index, newer);
            return Some(index);
        };
        let same_side = self.symbols[symbol].book.position(held).is_some_and(|position| position.side == newer.side);
        if same_side {
            self.add(symbol, held, &newer, order);
            return Some(held);
        }
        self.reduce(symbol, index, held, newer, self.asked_risk(order))
    }

    /// A5: the same direction adds.
    fn add(&mut self, symbol: usize, held: usize, newer: &Position, order: &Order) {
        let fee = self.fee(symbol, Leg::Entry, newer.volume, newer.entry_price);
        let SymbolState { book, extremes, changed, stale, .. } = &mut self.symbols[symbol];
        (*changed, *stale) = (true, true);
        let Some(position) = book.position_mut(held) else {
            return;
        };
        let was_managed = position.management.is_active();
        merge(position, newer, order);
        position.commission.add(fee);
        if !was_managed && position.management.is_active() {
            // M5: the best price of an unmanaged position is not kept; here it is needed from now on.
            for price in position.range_since_entry(extremes).into_iter().flat_map(|range| [range.high, range.low]) {
                position.take_in(price);
            }
        }
        let (ticket, magic, tag) = (position.ticket, position.magic, position.tag);
        self.book_fee(symbol, ticket, magic, tag, fee, newer.entry_price, newer.volume);
    }

    /// A5: the opposite direction closes volume; what is left over opens a position of its own.
    fn reduce(
        &mut self,
        symbol: usize,
        index: usize,
        held: usize,
        mut newer: Position,
        asked: Option<f64>,
    ) -> Option<usize> {
        let held_volume = self.symbols[symbol].book.position(held)?.volume;
        let fill = newer.entry_price;
        let quote = fill - newer.side.sign() * newer.slippage_entry;
        let exit = Exit { price: fill, quote, slippage: newer.slippage_entry, reason: ExitReason::Signal, gap: false };
        self.close_volume(symbol, held, newer.volume, exit);
        let rest = rounded(newer.volume - held_volume);
        if rest < self.symbols[symbol].instrument.volume_min {
            return None;
        }
        let share = rest / newer.volume;
        newer.volume = rest;
        newer.volume_at_entry = rest;
        let (unit, rate) = (self.symbols[symbol].unit, self.symbols[symbol].rate);
        let risk = newer.initial_stop_loss.map_or(0.0, |level| (fill - level).abs() * rest * unit * rate);
        newer.risk = Share::new(risk);
        newer.risk_per_trade = Share::new(asked.map_or(risk, |asked| asked * share));
        newer.risk_causes = newer.risk_causes.map(|cause| Share::new(cause.whole * share));
        self.place(symbol, index, newer);
        Some(index)
    }
}

/// A5: what the newest order of the same direction changes.
fn merge(position: &mut Position, newer: &Position, order: &Order) {
    let total = position.volume + newer.volume;
    position.entry_price = (position.volume * position.entry_price + newer.volume * newer.entry_price) / total;
    position.volume = rounded(total);
    position.volume_at_entry = position.volume;
    position.risk.add(newer.risk.whole);
    position.risk_per_trade.add(newer.risk_per_trade.whole);
    for (cause, newer) in position.risk_causes.iter_mut().zip(newer.risk_causes) {
        cause.add(newer.whole);
    }
    if order.stop_loss.is_some() {
        position.stop_loss = order.stop_loss;
        position.initial_stop_loss = order.stop_loss;
        position.mover = Mover::Initial;
    }
    position.take_profit = order.take_profit.or(position.take_profit);
    position.management.replace_with(order.management);
    position.max_holding = order.max_holding.or(position.max_holding);
    position.tag = order.tag.or(position.tag);
}
