//! Preset `legacy`: the rules of the simulator that this one replaces, number for number (V).

use crate::costs::commission::{Commission, CommissionKind, Leg};
use crate::costs::slippage::Slippage;
use crate::execution::book::State;
use crate::execution::order::{Order, OrderType};
use crate::execution::position::{ExitReason, FilledAt, Mover, Position, Range, Share};
use crate::execution::signal::{Action, Signal};
use crate::execution::simulator::{EventDraft, Simulator, StepBar};
use crate::execution::sizing::RiskCause;
use crate::execution::trigger::{larger, smaller};
use crate::instrument::Instrument;
use crate::market::quote::{Bar, Point};
use crate::market::side::Side;
use crate::portfolio::journal::{EventKind, Reason};
use crate::portfolio::risk_causes::RiskCauses;
use crate::portfolio::trade::Trade;

/// V1: a market signal nearer to its stop loss than this is ignored.
const LEAST_DISTANCE: f64 = 0.00001;

impl Simulator {
    /// V10: signals in order, then one pass over all that stands.
    pub(super) fn legacy_step(&mut self, items: &[StepBar]) {
        for item in items {
            self.set_quote(item.symbol, item.bar.quote(Point::Close));
            for signal in self.take_inbox(item.symbol) {
                self.legacy_signal(item.symbol, &signal);
            }
            for index in 0..self.symbols[item.symbol].book.len() {
                self.legacy_trigger(item, index);
                self.legacy_exit(item, index);
            }
        }
    }

    pub(super) fn legacy_signal(&mut self, symbol: usize, signal: &Signal) {
        let (Action::Open, Some(side)) = (signal.action, signal.side) else {
            // The replaced simulator opens and waits for its levels; it has nothing to close, modify or cancel by hand.
            return self.note_no_match(symbol, signal, &[]);
        };
        let mut order = Order::from_signal(signal, side);
        let bar_time = self.at_time(signal.time);
        if order.stop_loss.is_none() {
            self.reject_legacy(symbol, &order, Reason::NoStopLoss);
        } else if order.order_type != OrderType::Market && order.stop_loss == Some(order.price) {
            // V8 would divide by a distance of zero.
            self.reject_legacy(symbol, &order, Reason::InvalidStops);
        } else if order.order_type == OrderType::Market {
            self.legacy_market(symbol, &mut order);
        } else {
            order.ticket = self.take_ticket();
            self.record_legacy(EventKind::Accepted, symbol, &order, Some(order.price), None);
            self.add_to_book(symbol, order.ticket, State::Order(order));
        }
        self.at_time(bar_time);
    }

    /// V1: a market signal fills at once, at its own price.
    fn legacy_market(&mut self, symbol: usize, order: &mut Order) {
        let fill = order.price + order.side.sign() * self.legacy_slippage(symbol);
        if order.stop_loss.is_some_and(|level| (fill - level).abs() < LEAST_DISTANCE) {
            return self.reject_legacy(symbol, order, Reason::InvalidStops);
        }
        order.ticket = self.take_ticket();
        self.record_legacy(EventKind::Accepted, symbol, order, None, None);
        let index = self.add_to_book(symbol, order.ticket, State::Gone);
        self.legacy_fill(symbol, index, order, fill);
    }

    /// V2: a pending order triggers on bars strictly later than its signal and fills at its level.
    pub(super) fn legacy_trigger(&mut self, item: &StepBar, index: usize) {
        let Some(order) = self.symbols[item.symbol].book.order(index).cloned() else {
            return;
        };
        if item.bar.time <= order.signal_time || !legacy_touched(&order, &item.bar, item.has_ask) {
            return;
        }
        self.record_legacy(EventKind::Triggered, item.symbol, &order, Some(order.price), None);
        self.legacy_fill(item.symbol, index, &order, order.price);
    }

    fn legacy_fill(&mut self, symbol: usize, index: usize, order: &Order, fill: f64) {
        let stop_loss = order.stop_loss.unwrap_or(fill);
        let instrument = &self.symbols[symbol].instrument;
        let asked = order.risk.or_else(|| self.config.sizing.risk(self.balance, || self.balance));
        let volume = legacy_volume(instrument, order.volume, asked, self.config.sizing.amount, fill, stop_loss);
        let risk = (fill - stop_loss).abs() * volume * instrument.unit();
        let fee = legacy_fee(&self.config.costs.commission, Leg::Entry, instrument, volume, fill);
        let risk_causes = legacy_risk_causes(instrument, order.volume.is_some(), asked, risk, volume);
        self.record_legacy(EventKind::Filled, symbol, order, Some(fill), Some(volume));
        let position = Position {
            ticket: order.ticket,
            ordinal: order.ordinal,
            magic: order.magic,
            side: order.side,
            order_type: order.order_type,
            signal_time: order.signal_time,
            entry_time: self.time(),
            entry_price: fill,
            filled_at: FilledAt::Inside,
            bound: None,
            volume,
            volume_at_entry: volume,
            initial_stop_loss: order.stop_loss,
            stop_loss: order.stop_loss,
            take_profit: order.take_profit,
            mover: Mover::Initial,
            management: order.management,
            break_even_done: false,
            max_holding: None,
            best: None,
            entry_range: None,
            since: Some(0),
            risk: Share::new(risk),
            risk_per_trade: Share::new(asked.unwrap_or(risk)),
            risk_causes: risk_causes.map(Share::new),
            commission: Share::new(fee),
            swap: Share::default(),
            ambiguous: false,
            slippage_entry: if order.order_type == OrderType::Market { (fill - order.price).abs() } else { 0.0 },
            exit_count: 0,
            tag: order.tag,
        };
        self.replace_in_book(symbol, index, State::Position(position));
        self.book_legacy_fee(symbol, order.ticket, order.magic, order.tag, fee, fill, volume);
    }

    /// V3, V4: exits on bars strictly later than the signal, the stop loss first.
    pub(super) fn legacy_exit(&mut self, item: &StepBar, index: usize) {
        let state = &mut self.symbols[item.symbol];
        let buffer = self.config.rules.pip_buffer_factor * state.instrument.pip_size;
        let Some(position) = state.book.position_mut(index) else {
            return;
        };
        if item.bar.time <= position.signal_time {
            return;
        }
        let fresh = position.entry_time == item.bar.time && position.order_type != OrderType::Market;
        let met = legacy_exit_level(position, &item.bar, buffer, fresh);
        if let Some((level, reason)) = met {
            self.legacy_close(item.symbol, index, level, reason);
        } else {
            let prices = position.side.exit_prices(&item.bar);
            let range = if fresh { Range::of(prices.close) } else { Range { high: prices.high, low: prices.low } };
            position.entry_range = Some(position.entry_range.map_or(range, |earlier| earlier.with(range)));
        }
    }

    /// V5, V7, V8: the exit slips in the direction of the entry; the fee goes first, then the result.
    fn legacy_close(&mut self, symbol: usize, index: usize, level: f64, reason: ExitReason) {
        let Some(mut position) = self.symbols[symbol].book.position(index).cloned() else {
            return;
        };
        let slippage = self.legacy_slippage(symbol);
        let instrument = &self.symbols[symbol].instrument;
        let sign = position.side.sign();
        let price = level + sign * slippage;
        let gain = in_direction_of_profit(position.side, position.entry_price, price);
        let distance = position.initial_stop_loss.map_or(0.0, |stop| (position.entry_price - stop).abs());
        let r_multiple = gain / distance;
        let result = r_multiple * position.risk_per_trade.left;
        let fee = legacy_fee(&self.config.costs.commission, Leg::Exit, instrument, position.volume, price);
        let unit = instrument.unit();
        let range = position.entry_range.map_or(Range::of(price), |range| range.with(Range::of(price)));
        let (worst, best) = if position.side == Side::Long { (range.low, range.high) } else { (range.high, range.low) };
        self.book_legacy_fee(symbol, position.ticket, position.magic, position.tag, fee, price, position.volume);
        self.balance += result;
        let draft = EventDraft {
            price: Some(price),
            volume: Some(position.volume),
            reason: Some(reason.reason()),
            amount: Some(result),
        };
        self.record(EventKind::Closed, symbol, Some(position.ticket), position.magic, position.tag, draft);
        position.commission.add(fee);
        self.trades.push(Trade {
            ticket: position.ticket,
            symbol: symbol as u32,
            magic: position.magic,
            side: position.side,
            order_type: position.order_type,
            signal_time: position.signal_time,
            entry_time: position.entry_time,
            exit_time: self.time(),
            entry_price: position.entry_price,
            exit_price: price,
            initial_stop_loss: position.initial_stop_loss,
            stop_loss: position.stop_loss,
            take_profit: position.take_profit,
            volume: position.volume,
            risk: position.risk.left,
            risk_per_trade: position.risk_per_trade.left,
            risk_causes: RiskCauses::new(
                position.risk_causes.map(|cause| cause.left),
                position.risk.left,
                position.risk_per_trade.left,
            ),
            result,
            commission: position.commission.left,
            swap: 0.0,
            net: result - position.commission.left,
            r_multiple,
            reason,
            ambiguous: false,
            gap: false,
            mae: position.profit_at(worst, position.volume, unit),
            mfe: position.profit_at(best, position.volume, unit),
            slippage_entry: position.slippage_entry,
            slippage_exit: (price - level).abs(),
            tag: position.tag,
        });
        self.replace_in_book(symbol, index, State::Gone);
    }

    /// V5: the fixed distance; other models do not exist here.
    fn legacy_slippage(&self, symbol: usize) -> f64 {
        match self.config.costs.slippage {
            Slippage::Fixed { pips } => pips * self.symbols[symbol].instrument.pip_size,
            Slippage::None | Slippage::Uniform { .. } | Slippage::Volatility { .. } | Slippage::Spread { .. } => 0.0,
        }
    }

    fn record_legacy(
        &mut self,
        kind: EventKind,
        symbol: usize,
        order: &Order,
        price: Option<f64>,
        volume: Option<f64>,
    ) {
        let draft = EventDraft { price, volume, ..EventDraft::default() };
        self.record(kind, symbol, Some(order.ticket), order.magic, order.tag, draft);
    }

    fn reject_legacy(&mut self, symbol: usize, order: &Order, reason: Reason) {
        let draft = EventDraft { price: Some(order.price), volume: order.volume, reason: Some(reason), amount: None };
        self.record(EventKind::Rejected, symbol, None, order.magic, order.tag, draft);
    }

    #[allow(clippy::too_many_arguments)] // the columns of one event
    fn book_legacy_fee(
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
        let draft = EventDraft { price: Some(price), volume: Some(volume), reason: None, amount: Some(-fee) };
        self.record(EventKind::Commission, symbol, Some(ticket), magic, tag, draft);
    }
}

/// V2, V9: whether a bar touches a pending order; without ask prices buy orders never trigger.
fn legacy_touched(order: &Order, bar: &Bar, has_ask: bool) -> bool {
    match (order.side, order.order_type) {
        (Side::Long, OrderType::Limit) => has_ask && bar.ask.low <= order.price,
        (Side::Long, _) => has_ask && bar.ask.high >= order.price,
        (Side::Short, OrderType::Limit) => bar.bid.high >= order.price,
        (Side::Short, _) => bar.bid.low <= order.price,
    }
}

/// V3, V4: the level that closes a position in this bar.
fn legacy_exit_level(position: &Position, bar: &Bar, buffer: f64, fresh: bool) -> Option<(f64, ExitReason)> {
    let stop_loss = position.stop_loss.filter(|level| match position.side {
        Side::Long => bar.bid.low <= level + buffer,
        Side::Short => bar.ask.high >= level - buffer,
    });
    let take_profit = position.take_profit.filter(|level| match position.side {
        Side::Long => bar.bid.high >= level - buffer,
        Side::Short => bar.ask.low <= level + buffer,
    });
    let sure = |level: &f64| match position.side {
        Side::Long => bar.bid.close > *level,
        Side::Short => bar.ask.close < *level,
    };
    let uncertain = fresh && position.order_type == OrderType::Limit;
    let take_profit = if uncertain { position.take_profit.filter(sure) } else { take_profit };
    match (stop_loss, take_profit) {
        (Some(level), _) => Some((level, ExitReason::StopLoss)),
        (None, Some(level)) => Some((level, ExitReason::TakeProfit)),
        (None, None) => None,
    }
}

fn in_direction_of_profit(side: Side, entry: f64, exit: f64) -> f64 {
    match side {
        Side::Long => exit - entry,
        Side::Short => entry - exit,
    }
}

/// V6: the volume, its operations in just this order.
pub(super) fn legacy_volume(
    instrument: &Instrument,
    explicit: Option<f64>,
    risk: Option<f64>,
    lots: f64,
    entry: f64,
    stop_loss: f64,
) -> f64 {
    if let Some(volume) = explicit {
        return volume;
    }
    let raw = match risk {
        Some(risk) => risk / ((entry - stop_loss).abs() * instrument.unit()),
        None => lots,
    };
    let volume = if raw <= instrument.volume_min {
        instrument.volume_min
    } else {
        let steps = ((raw - instrument.volume_min + 1e-12) / instrument.volume_step).floor();
        instrument.volume_min + steps * instrument.volume_step
    };
    (smaller(volume, instrument.volume_max) * 1e8 + 0.5).floor() / 1e8
}

/// Z5, V6: what the volume puts at risk beyond the money asked for; the volume is measured from the fill itself.
fn legacy_risk_causes(instrument: &Instrument, explicit: bool, asked: Option<f64>, risk: f64, volume: f64) -> [f64; 4] {
    let Some(asked) = asked else {
        return [0.0; 4];
    };
    let cause = if explicit { RiskCause::Volume } else { RiskCause::of_sized(instrument, asked * volume / risk) };
    cause.alone(risk - asked)
}

/// V7: the fee, unrounded and in no currency conversion.
fn legacy_fee(commission: &Commission, leg: Leg, instrument: &Instrument, volume: f64, price: f64) -> f64 {
    if !commission.applies(leg) {
        return 0.0;
    }
    let fee = match commission.kind {
        CommissionKind::None => return 0.0,
        CommissionKind::PerLot => volume * commission.amount,
        CommissionKind::PerMillion => volume * instrument.contract_size * price / 1e6 * commission.amount,
        CommissionKind::Percent => volume * instrument.contract_size * price / 100.0 * commission.amount,
    };
    larger(fee, commission.min_fee)
}
