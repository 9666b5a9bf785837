//! Entries: slippage, volume, margin, and what follows from a fill.

use super::stakes::Stakes;
use super::{EventDraft, Moment, Simulator};
use crate::account::margin::Bound;
use crate::costs::commission::Leg;
use crate::costs::random::uniform;
use crate::costs::slippage::{Slippage, SlippageInputs};
use crate::execution::book::State;
use crate::execution::order::{Order, OrderType, Stage};
use crate::execution::position::{FilledAt, Mover, Position, Share};
use crate::execution::rules::Intrabar;
use crate::execution::sizing::{loss_per_lot, sized_volume, SizingKind};
use crate::execution::trigger::{entry_bar_bound, Watch};
use crate::market::quote::Point;
use crate::market::side::Side;
use crate::portfolio::journal::{EventKind, Reason};

/// A price agreed for an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fill {
    /// After slippage.
    pub(super) price: f64,
    /// Before slippage.
    pub(super) quote: f64,
    pub(super) volume: f64,
    pub(super) place: FilledAt,
    /// The point of the bar that touched.
    pub(super) point: Point,
}

impl Fill {
    /// L: how far slippage moved it.
    pub(super) fn slippage(&self) -> f64 {
        (self.price - self.quote).abs()
    }
}

/// L4: what the slippage of a fill hangs on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slip {
    pub(super) signal_time: i64,
    pub(super) ordinal: u32,
    /// 0 for the entry, then exit by exit.
    pub(super) leg: u32,
}

impl Simulator {
    /// L: the price of an entry after slippage.
    #[inline(always)]
    pub(super) fn entry_fill(&self, symbol: usize, order: &Order, price: f64, spread: f64) -> f64 {
        if !order.order_type.slips() && !self.config.rules.slippage_on_limits {
            return price;
        }
        let slip = Slip { signal_time: order.signal_time, ordinal: order.ordinal, leg: 0 };
        let distance = self.slippage(symbol, slip, spread);
        self.slipped(symbol, order.side, price, distance)
    }

    /// L3: the distance of a fill of this signal.
    #[inline(always)]
    pub(super) fn slippage(&self, symbol: usize, slip: Slip, spread: f64) -> f64 {
        let costs = &self.config.costs;
        if matches!(costs.slippage, Slippage::None) {
            return 0.0;
        }
        let state = &self.symbols[symbol];
        costs.slippage.distance(SlippageInputs {
            uniform: || {
                let Slip { signal_time, ordinal, leg } = slip;
                uniform(self.config.seed, &[symbol as u64, signal_time as u64, u64::from(ordinal), u64::from(leg)])
            },
            pip_size: state.instrument.pip_size,
            previous_range: state.previous_range,
            spread,
            multiplier: costs.slippage_multiplier,
        })
    }

    /// L2, L5: a price worsened for a buyer (long) or seller (short), on the grid away from the trader.
    #[inline]
    pub(super) fn slipped(&self, symbol: usize, direction: Side, price: f64, distance: f64) -> f64 {
        let grid = self.symbols[symbol].grid;
        match direction {
            _ if distance == 0.0 => price,
            Side::Long => grid.up(price + distance),
            Side::Short => grid.down(price - distance),
        }
    }

    /// Z: the volume of an order sized at `price`.
    #[inline(always)]
    pub(super) fn volume(
        &self,
        symbol: usize,
        order: &Order,
        price: f64,
        stop_loss: Option<f64>,
    ) -> Result<f64, Reason> {
        if let Some(volume) = order.volume {
            return Ok(volume);
        }
        let state = &self.symbols[symbol];
        let sizing = &self.config.sizing;
        let raw = match (self.asked_risk(order), sizing.kind) {
            (Some(risk), _) => {
                let stop_loss = stop_loss.ok_or(Reason::NoStopLoss)?;
                let loss = loss_per_lot(&state.instrument, price, stop_loss) * state.rate;
                if loss == 0.0 {
                    return Err(Reason::InvalidStops);
                }
                risk / loss
            }
            (None, SizingKind::Notional) => sizing.amount / (state.unit * price * state.rate),
            (None, SizingKind::EquityFraction) => {
                sizing.amount * self.equity_at_marks() / (state.unit * price * state.rate)
            }
            (None, _) => sizing.amount,
        };
        sized_volume(&state.instrument, raw, sizing.below_min).ok_or(Reason::VolumeTooSmall)
    }

    /// Z5: money asked to be risked by this order.
    #[inline(always)]
    pub(super) fn asked_risk(&self, order: &Order) -> Option<f64> {
        if order.risk.is_some() || order.volume.is_some() {
            return order.risk;
        }
        self.config.sizing.risk(self.balance, || self.equity_at_marks())
    }

    /// A3: equity at the last marks, from sums that may be out of date.
    #[inline(always)]
    pub(super) fn equity_at_marks(&self) -> f64 {
        let mut open = 0.0;
        for state in &self.symbols {
            open += state.open_profit(state.quote);
        }
        self.balance + open
    }

    /// A3: whether the account cannot carry a new position.
    #[inline(always)]
    pub(super) fn margin_fault(&self, symbol: usize, side: Side, price: f64, volume: f64) -> Option<Reason> {
        if !self.checks_margin() {
            return None;
        }
        let (volume, freed) = self.netted_volume(symbol, side, volume);
        if volume <= 0.0 {
            return None;
        }
        let mut used = 0.0;
        for state in &self.symbols {
            used += state.margin_now(self.config.account.leverage);
        }
        let free = self.equity_at_marks() - (used - freed);
        let bound = Bound { side, volume, entry_price: price };
        let (state, leverage) = (&self.symbols[symbol], self.config.account.leverage);
        // A5: what a reversal leaves stands alone.
        let margin = if freed > 0.0 { state.margin_alone(bound, leverage) } else { state.margin_of(bound, leverage) };
        let needed = margin + self.fee(symbol, Leg::Entry, volume, price);
        let carried = free >= needed;
        (!carried).then_some(Reason::InsufficientMargin)
    }

    /// C1: the fee of a fill.
    #[inline(always)]
    pub(super) fn fee(&self, symbol: usize, leg: Leg, volume: f64, price: f64) -> f64 {
        if self.symbols[symbol].commission.applies(leg) {
            self.charged(symbol, leg, volume, price)
        } else {
            0.0
        }
    }

    fn charged(&self, symbol: usize, leg: Leg, volume: f64, price: f64) -> f64 {
        let state = &self.symbols[symbol];
        let notional = volume * state.unit * price * state.rate / state.commission_rate;
        let factors = [state.commission_rate, self.config.costs.cost_multiplier];
        state.commission.fee(leg, volume, notional, factors, self.config.account.digits)
    }

    /// Fills a pending order at `price` before slippage; the index of the position that holds its volume now.
    pub(super) fn fill_order(
        &mut self,
        moment: &Moment,
        index: usize,
        price: f64,
        point: Point,
        place: FilledAt,
    ) -> Option<usize> {
        let symbol = moment.symbol;
        let spread = moment.bar.spread(point);
        let mut order = self.symbols[symbol].book.order(index).cloned()?;
        if order.order_type != OrderType::StopLimit || order.stage == Stage::Waiting {
            let draft = EventDraft { price: Some(price), ..EventDraft::default() };
            self.record_order(EventKind::Triggered, symbol, &order, draft);
        }
        let fill = self.entry_fill(symbol, &order, price, spread);
        (order.stop_loss, order.take_profit) = self.levels_from(symbol, &order, fill);
        self.symbols[symbol].changed = true;
        match self.pending_volume(symbol, &order, fill) {
            Ok(volume) => self.enter(moment, index, &order, Fill { price: fill, quote: price, volume, place, point }),
            Err(reason) => {
                self.symbols[symbol].book.set(index, State::Gone);
                let draft = EventDraft { price: Some(fill), reason: Some(reason), ..EventDraft::default() };
                self.record_order(EventKind::Rejected, symbol, &order, draft);
                None
            }
        }
    }

    /// S2: the checks at the fill of a pending order; its volume where it passes.
    fn pending_volume(&self, symbol: usize, order: &Order, fill: f64) -> Result<f64, Reason> {
        let volume = self.volume(symbol, order, order.reference_price(), order.stop_loss)?;
        if let Some(reason) = self.margin_fault(symbol, order.side, fill, volume) {
            return Err(reason);
        }
        if self.is_at_limit(symbol, order.magic) {
            return Err(Reason::MaxPositions);
        }
        Ok(volume)
    }

    /// A fill: position, journal, commission, siblings. The index of the position that holds its volume now.
    pub(super) fn enter(&mut self, moment: &Moment, index: usize, order: &Order, fill: Fill) -> Option<usize> {
        let symbol = moment.symbol;
        self.symbols[symbol].book.set(index, State::Gone);
        let draft = EventDraft { price: Some(fill.price), volume: Some(fill.volume), ..EventDraft::default() };
        self.record_order(EventKind::Filled, symbol, order, draft);
        let position = self.new_position(symbol, order, fill);
        let held = if self.nets() {
            self.net(symbol, index, position, order)
        } else {
            self.place(symbol, index, position);
            Some(index)
        };
        if let (Some(held), FilledAt::Inside) = (held, fill.place) {
            self.bound_stop_loss(moment, held, fill);
        }
        let sibling_touched = self.cancel_siblings(moment, order);
        let assumed = matches!(moment.model, Intrabar::Worst | Intrabar::Best) && fill.place == FilledAt::Inside;
        if let (Some(held), true) = (held, sibling_touched && assumed) {
            if let Some(position) = self.symbols[symbol].book.position_mut(held) {
                position.ambiguous = true;
            }
        }
        held
    }

    /// G8: how good the stop loss can be in the bar of a fill inside it.
    fn bound_stop_loss(&mut self, moment: &Moment, index: usize, fill: Fill) {
        let (step, state) = (self.step, &mut self.symbols[moment.symbol]);
        let grid = state.grid;
        if let Some(position) = state.book.position_mut(index) {
            position.bound = Some((step, entry_bar_bound(position.side, fill.point, fill.quote, &moment.bar, grid)));
        }
    }

    fn new_position(&self, symbol: usize, order: &Order, fill: Fill) -> Position {
        // A fill at the close has no entry bar to live through.
        let since = (fill.place == FilledAt::Close).then(|| self.symbols[symbol].extremes.next());
        position(order, fill, self.time, since, self.stakes(symbol, order, fill))
    }

    /// Puts a position into its slot and books its entry commission.
    pub(super) fn place(&mut self, symbol: usize, index: usize, mut position: Position) {
        let (ticket, magic, tag) = (position.ticket, position.magic, position.tag);
        let (volume, price) = (position.volume, position.entry_price);
        let fee = self.fee(symbol, Leg::Entry, volume, price);
        position.commission = Share::new(fee);
        let bound = Bound { side: position.side, volume, entry_price: price };
        let state = &mut self.symbols[symbol];
        state.book.set(index, State::Position(position));
        state.changed = true;
        state.count_in(index, bound, self.config.account.leverage);
        self.book_fee(symbol, ticket, magic, tag, fee, price, volume);
    }

    /// C1: books a fee; no event where it is 0.
    #[allow(clippy::too_many_arguments)] // the columns of one event
    pub(super) fn book_fee(
        &mut self,
        symbol: usize,
        ticket: u64,
        magic: i64,
        tag: Option<u32>,
        fee: f64,
        price: f64,
        volume: f64,
    ) {
        if fee == 0.0 {
            return;
        }
        self.balance -= fee;
        let draft =
            EventDraft { price: Some(price), volume: Some(volume), amount: Some(-fee), ..EventDraft::default() };
        self.record(EventKind::Commission, symbol, Some(ticket), magic, tag, draft);
    }

    /// OCO: the first fill cancels the others that rest. Whether the bar touched one of this symbol.
    fn cancel_siblings(&mut self, moment: &Moment, order: &Order) -> bool {
        let Some(group) = order.oco else {
            return false;
        };
        let mut siblings: Vec<(u64, usize, usize)> = Vec::new();
        for (symbol, state) in self.symbols.iter().enumerate() {
            for index in 0..state.book.len() {
                if state.book.order(index).is_some_and(|other| other.oco == Some(group)) {
                    siblings.push((state.book.ticket(index), symbol, index));
                }
            }
        }
        siblings.sort_unstable();
        let mut touched = false;
        for (_, symbol, index) in siblings {
            let Some(sibling) = self.symbols[symbol].book.order(index).cloned() else {
                continue;
            };
            touched |= symbol == moment.symbol && Watch::order(&sibling, &self.config.rules).touched(&moment.bar);
            self.remove_order(symbol, index, EventKind::Cancelled, Some(Reason::Oco));
        }
        touched
    }

    /// Takes a pending order out of its book.
    pub(super) fn remove_order(&mut self, symbol: usize, index: usize, kind: EventKind, reason: Option<Reason>) {
        let Some(order) = self.symbols[symbol].book.order(index).cloned() else {
            return;
        };
        let state = &mut self.symbols[symbol];
        state.book.set(index, State::Gone);
        state.changed = true;
        self.record_order(
            kind,
            symbol,
            &order,
            EventDraft { price: Some(order.price), reason, ..EventDraft::default() },
        );
    }
}

/// What an order has become by a fill, whose commission is not booked yet.
#[inline(always)]
pub(super) fn position(order: &Order, fill: Fill, entry_time: i64, since: Option<u64>, stakes: Stakes) -> Position {
    Position {
        ticket: order.ticket,
        ordinal: order.ordinal,
        magic: order.magic,
        side: order.side,
        order_type: order.order_type,
        signal_time: order.signal_time,
        entry_time,
        entry_price: fill.price,
        filled_at: fill.place,
        bound: None,
        volume: fill.volume,
        volume_at_entry: fill.volume,
        initial_stop_loss: order.stop_loss,
        stop_loss: order.stop_loss,
        take_profit: order.take_profit,
        mover: Mover::Initial,
        management: order.management,
        break_even_done: false,
        max_holding: order.max_holding,
        best: None,
        entry_range: None,
        since,
        risk: Share::new(stakes.risk),
        risk_per_trade: Share::new(stakes.risk_per_trade),
        risk_causes: stakes.risk_causes.map(Share::new),
        commission: Share::default(),
        swap: Share::default(),
        ambiguous: false,
        slippage_entry: fill.slippage(),
        exit_count: 0,
        tag: order.tag,
    }
}
