//! New orders: checked, accepted or rejected, filled at once where the market allows (B4, G3).

use super::checks::Levels;
use super::entry::Fill;
use super::{EventDraft, Moment, Simulator};
use crate::execution::book::State;
use crate::execution::order::{Order, OrderType};
use crate::execution::position::FilledAt;
use crate::execution::signal::{Action, Signal};
use crate::execution::signal_rows::SignalRows;
use crate::execution::sizing::grid_volume;
use crate::market::quote::{Point, Quote};
use crate::portfolio::journal::{EventKind, Reason};

impl Simulator {
    /// B4: due closes, time stops, due opens, each in row order.
    pub(super) fn arrivals(&mut self, moment: &Moment, inbox: &[Signal]) {
        for signal in inbox.iter().filter(|signal| signal.action == Action::Close) {
            self.close_request(moment, signal);
        }
        self.time_stops(moment);
        for signal in inbox.iter().filter(|signal| signal.action == Action::Open) {
            self.open(moment, signal, FilledAt::Open);
        }
    }

    /// T8: market orders that fill at the close of their signal's bar.
    pub(super) fn fill_at_close(&mut self, moment: &Moment) {
        if self.symbols[moment.symbol].close_inbox.is_empty() {
            return;
        }
        for signal in std::mem::take(&mut self.symbols[moment.symbol].close_inbox) {
            self.open(moment, &signal, FilledAt::Close);
        }
    }

    pub(super) fn open(&mut self, moment: &Moment, signal: &Signal, place: FilledAt) {
        let Some(side) = signal.side else {
            return;
        };
        let mut order = Order::from_signal(signal, side);
        self.to_grid(moment.symbol, &mut order);
        if order.order_type == OrderType::Market {
            self.open_market(moment, order, place);
        } else {
            self.open_pending(moment, order);
        }
    }

    fn open_market(&mut self, moment: &Moment, mut order: Order, place: FilledAt) {
        let point = if place == FilledAt::Close { Point::Close } else { Point::Open };
        let market = moment.bar.quote(point);
        let quote = order.side.entry_price(market);
        let asked = order.volume;
        let at_limit = self.is_at_limit(moment.symbol, order.magic);
        match self.market_order(moment.symbol, &mut order, market, at_limit) {
            Ok((volume, fill)) => {
                order.ticket = self.take_ticket();
                self.record_order(
                    EventKind::Accepted,
                    moment.symbol,
                    &order,
                    EventDraft { volume: Some(volume), ..EventDraft::default() },
                );
                let index = self.symbols[moment.symbol].book.push(order.ticket, State::Gone);
                let held = self.enter(moment, index, &order, Fill { price: fill, quote, volume, place, point });
                if let (Some(held), FilledAt::Open) = (held, place) {
                    self.exit_at_open(moment, held);
                }
            }
            Err(reason) => {
                order.volume = asked;
                self.reject(moment.symbol, &order, Some(quote), reason);
            }
        }
    }

    /// S2: all checks of a market order in their order; its volume and price where it passes.
    #[inline(always)]
    pub(super) fn market_order(
        &self,
        symbol: usize,
        order: &mut Order,
        market: Quote,
        at_limit: bool,
    ) -> Result<(f64, f64), Reason> {
        let quote = order.side.entry_price(market);
        let fill = self.entry_fill(symbol, order, quote, market.ask - market.bid);
        (order.stop_loss, order.take_profit) = self.levels_from(symbol, order, fill);
        let levels = Levels {
            side: order.side,
            reference: order.side.exit_price(market),
            stop_loss: order.stop_loss,
            take_profit: order.take_profit,
        };
        refuse(self.level_fault(symbol, levels, &[]))?;
        refuse(self.volume_fault(symbol, order.volume))?;
        self.volume_to_grid(symbol, order);
        if self.lacks_stop_loss(order) {
            return Err(self.arrival_fault(symbol, order, at_limit).unwrap_or(Reason::NoStopLoss));
        }
        let volume = self.volume(symbol, order, quote, order.stop_loss)?;
        refuse(self.margin_fault(symbol, order.side, fill, volume))?;
        refuse(self.arrival_fault(symbol, order, at_limit))?;
        Ok((volume, fill))
    }

    /// S2: refuses the market order that arrives alone at the open of a bar, where the limit of positions is reached.
    #[inline(never)]
    pub(super) fn refuse_alone(&mut self, symbol: usize, signals: &SignalRows, signal: usize, market: Quote) -> bool {
        let Some(side) = signals.side(signal) else {
            return false;
        };
        let mut order = Order::from_signal(&signals.row(signal), side);
        self.to_grid(symbol, &mut order);
        let asked = order.volume;
        let Err(reason) = self.market_order(symbol, &mut order, market, true) else {
            return false;
        };
        order.volume = asked;
        self.reject(symbol, &order, Some(side.entry_price(market)), reason);
        true
    }

    fn open_pending(&mut self, moment: &Moment, mut order: Order) {
        if let Some(reason) = self.pending_fault(moment, &order) {
            let price = Some(order.price);
            self.reject(moment.symbol, &order, price, reason);
            return;
        }
        self.record_accepted(moment.symbol, &mut order);
        let index = self.symbols[moment.symbol].book.push(order.ticket, State::Order(order));
        self.symbols[moment.symbol].changed = true;
        self.order_at_open(moment, index);
    }

    /// S4: an accepted order takes the next ticket.
    fn record_accepted(&mut self, symbol: usize, order: &mut Order) {
        order.ticket = self.take_ticket();
        order.arrival_step = self.step;
        self.volume_to_grid(symbol, order);
        let draft = EventDraft { price: Some(order.price), volume: order.volume, ..EventDraft::default() };
        self.record_order(EventKind::Accepted, symbol, order, draft);
    }

    /// Z3: an explicit volume goes down to the grid.
    #[inline]
    fn volume_to_grid(&self, symbol: usize, order: &mut Order) {
        let instrument = &self.symbols[symbol].instrument;
        order.volume = order.volume.map(|volume| grid_volume(instrument, volume).unwrap_or(volume));
    }

    /// S2: an order that cannot be; the run goes on.
    #[inline(always)]
    pub(super) fn reject(&mut self, symbol: usize, order: &Order, price: Option<f64>, reason: Reason) {
        let draft = EventDraft { price, volume: order.volume, reason: Some(reason), ..EventDraft::default() };
        self.record(EventKind::Rejected, symbol, None, order.magic, order.tag, draft);
    }

    pub(super) fn record_order(&mut self, kind: EventKind, symbol: usize, order: &Order, draft: EventDraft) {
        self.record(kind, symbol, Some(order.ticket), order.magic, order.tag, draft);
    }
}

fn refuse(fault: Option<Reason>) -> Result<(), Reason> {
    fault.map_or(Ok(()), Err)
}
