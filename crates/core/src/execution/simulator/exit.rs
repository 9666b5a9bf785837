//! Exits: slippage, result, commission, the trade row.

use super::entry::Slip;
use super::{EventDraft, Moment, Simulator};
use crate::costs::commission::Leg;
use crate::execution::book::State;
use crate::execution::exits::Exits;
use crate::execution::order::OrderType;
use crate::execution::position::{profit, ExitReason, Position, Range};
use crate::execution::rules::GapFill;
use crate::execution::sizing::{grid_volume, rounded};
use crate::execution::trigger::{exit_price_at_open, Watch};
use crate::market::extremes::Extremes;
use crate::market::quote::{Bar, Point};
use crate::market::side::Side;
use crate::portfolio::equity::EquityMode;
use crate::portfolio::journal::EventKind;
use crate::portfolio::risk_causes::RiskCauses;
use crate::portfolio::trade::Trade;

/// How a position, or a part of one, leaves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exit {
    /// After slippage.
    pub(super) price: f64,
    /// Before slippage.
    pub(super) quote: f64,
    pub(super) slippage: f64,
    pub(super) reason: ExitReason,
    pub(super) gap: bool,
}

/// Where and why a position leaves, before slippage.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaving {
    pub(super) price: f64,
    pub(super) spread: f64,
    pub(super) reason: ExitReason,
    pub(super) gap: bool,
}

/// What a trade says of the entry of its position, and of its levels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened {
    pub(super) ticket: u64,
    pub(super) magic: i64,
    pub(super) side: Side,
    pub(super) order_type: OrderType,
    pub(super) signal_time: i64,
    pub(super) entry_time: i64,
    pub(super) entry_price: f64,
    pub(super) initial_stop_loss: Option<f64>,
    pub(super) stop_loss: Option<f64>,
    pub(super) take_profit: Option<f64>,
    pub(super) ambiguous: bool,
    pub(super) slippage_entry: f64,
    pub(super) tag: Option<u32>,
}

/// A6: what goes with a closed volume.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) volume: f64,
    /// Of the entry.
    pub(super) commission: f64,
    pub(super) swap: f64,
    pub(super) risk: f64,
    pub(super) risk_per_trade: f64,
    pub(super) risk_causes: [f64; 4],
}

impl Simulator {
    /// Closes a position, or `volume` of it.
    pub(super) fn leave(&mut self, symbol: usize, index: usize, leaving: Leaving, volume: Option<f64>) {
        let Some(position) = self.symbols[symbol].book.position(index) else {
            return;
        };
        let whole = position.volume;
        let exit = self.exit(symbol, position.side, position.slips(), leaving);
        self.close_volume(symbol, index, volume.unwrap_or(whole), exit);
    }

    /// L: the exit of a position after slippage.
    #[inline]
    pub(super) fn exit(&self, symbol: usize, side: Side, slip: Slip, leaving: Leaving) -> Exit {
        let slips = match leaving.reason {
            ExitReason::TakeProfit => self.config.rules.slippage_on_limits,
            reason => reason.slips(),
        };
        let distance = if slips { self.slippage(symbol, slip, leaving.spread) } else { 0.0 };
        let price = self.slipped(symbol, side.opposite(), leaving.price, distance);
        Exit {
            price,
            quote: leaving.price,
            slippage: (price - leaving.price).abs(),
            reason: leaving.reason,
            gap: leaving.gap,
        }
    }

    /// A6: closes `volume` of a position, all of it where a part or the rest would be too small.
    pub(super) fn close_volume(&mut self, symbol: usize, index: usize, volume: f64, exit: Exit) {
        let state = &self.symbols[symbol];
        let Some(mut position) = state.book.position(index).cloned() else {
            return;
        };
        let rest = rounded(position.volume - volume);
        let stays = rest >= state.instrument.volume_min;
        let range = position.range_since_entry(&state.extremes);
        let last = !stays;
        let part = if last { position.volume } else { volume };
        position.exit_count += 1;
        if exit.reason == ExitReason::StopOut {
            let draft = EventDraft { price: Some(exit.quote), volume: Some(part), ..EventDraft::default() };
            self.record_position(EventKind::StopOut, symbol, &position, draft);
        }
        let taken = position.take(part, last);
        self.book_trade(symbol, &position.opened(), taken, exit, range);
        let state = &mut self.symbols[symbol];
        position.volume = rest;
        state.book.set(index, if last { State::Gone } else { State::Position(position) });
        state.changed = true;
        state.stale = true;
        if self.equity.mode() == EquityMode::Closes {
            let (equity, margin) = (self.equity_now(), self.margin_used());
            self.equity.push(self.time, self.balance, equity, margin);
        }
    }

    /// A1, A2, O1: books the result and the exit commission, and writes the trade; `range` is that of the closing side
    /// over the bars of the position that are over.
    #[inline(always)]
    pub(super) fn book_trade(
        &mut self,
        symbol: usize,
        opened: &Opened,
        taken: Taken,
        exit: Exit,
        range: Option<Range>,
    ) {
        let state = &self.symbols[symbol];
        let (unit, rate, part) = (state.unit, state.rate, taken.volume);
        let at_exit = Range::of(exit.price);
        let range = range.map_or(at_exit, |range| range.with(at_exit));
        let (worst, best) = match opened.side {
            Side::Long => (range.low, range.high),
            Side::Short => (range.high, range.low),
        };
        let won = |price: f64| profit(opened.side, opened.entry_price, price, part, unit) * rate;
        let (mae, mfe, result) = (won(worst), won(best), won(exit.price));
        let fee = self.fee(symbol, Leg::Exit, part, exit.price);
        let commission = taken.commission + fee;
        self.balance += result;
        let draft = EventDraft {
            price: Some(exit.price),
            volume: Some(part),
            reason: Some(exit.reason.reason()),
            amount: Some(result),
        };
        self.record(EventKind::Closed, symbol, Some(opened.ticket), opened.magic, opened.tag, draft);
        self.book_fee(symbol, opened.ticket, opened.magic, opened.tag, fee, exit.price, part);
        self.trades.push(Trade {
            ticket: opened.ticket,
            symbol: symbol as u32,
            magic: opened.magic,
            side: opened.side,
            order_type: opened.order_type,
            signal_time: opened.signal_time,
            entry_time: opened.entry_time,
            exit_time: self.time,
            entry_price: opened.entry_price,
            exit_price: exit.price,
            initial_stop_loss: opened.initial_stop_loss,
            stop_loss: opened.stop_loss,
            take_profit: opened.take_profit,
            volume: part,
            risk: taken.risk,
            risk_per_trade: taken.risk_per_trade,
            risk_causes: RiskCauses::new(taken.risk_causes, taken.risk, taken.risk_per_trade),
            result,
            commission,
            swap: taken.swap,
            net: result - commission + taken.swap,
            r_multiple: if taken.risk_per_trade == 0.0 { 0.0 } else { result / taken.risk_per_trade },
            reason: exit.reason,
            ambiguous: opened.ambiguous,
            gap: exit.gap,
            mae,
            mfe,
            slippage_entry: opened.slippage_entry,
            slippage_exit: exit.slippage,
            tag: opened.tag,
        });
    }

    pub(super) fn record_position(&mut self, kind: EventKind, symbol: usize, position: &Position, draft: EventDraft) {
        self.record(kind, symbol, Some(position.ticket), position.magic, position.tag, draft);
    }

    /// A6: the volume that a fraction of a position closes; `None` for all of it.
    pub(super) fn fraction_volume(&self, symbol: usize, index: usize, fraction: f64) -> Option<f64> {
        let state = &self.symbols[symbol];
        let position = state.book.position(index)?;
        grid_volume(&state.instrument, fraction * position.volume)
    }

    /// B3, G7: an exit level that the open of the closing side has reached fills at once.
    pub(super) fn exit_at_open(&mut self, moment: &Moment, index: usize) {
        let position = self.symbols[moment.symbol].book.position(index);
        if let Some(leaving) = position.and_then(|position| self.leaving_at_open(position.exits(), moment)) {
            self.leave(moment.symbol, index, leaving, None);
        }
    }

    /// B3, G7: how a position leaves at the open, where an exit level is reached there.
    #[inline]
    pub(super) fn leaving_at_open(&self, exits: Exits, moment: &Moment) -> Option<Leaving> {
        let rules = &self.config.rules;
        let level_only = rules.gap_fill == GapFill::Level;
        let profit_level_only = level_only || rules.take_profit_gap == GapFill::Level;
        let is_met = |watch: &Watch| watch.open_beyond(&moment.bar);
        let stop = exits.stop_watch().filter(is_met).map(|watch| (watch, exits.stop_reason(), level_only));
        let profit = || exits.profit_watch().filter(is_met);
        let met = stop.or_else(|| profit().map(|watch| (watch, ExitReason::TakeProfit, profit_level_only)));
        met.map(|(watch, reason, level_only)| Leaving {
            price: exit_price_at_open(exits.side, watch.level, &moment.bar, level_only, moment.tick),
            spread: moment.bar.spread(Point::Open),
            reason,
            gap: watch.gapped(&moment.bar),
        })
    }

    /// Closes a position at a level that was touched inside the bar.
    pub(super) fn exit_at_level(
        &mut self,
        moment: &Moment,
        index: usize,
        watch: Watch,
        price: f64,
        reason: ExitReason,
    ) {
        self.leave(moment.symbol, index, Leaving::at_level(&moment.bar, watch, price, reason), None);
    }
}

impl Leaving {
    /// At a level that was touched inside the bar.
    pub(super) fn at_level(bar: &Bar, watch: Watch, price: f64, reason: ExitReason) -> Self {
        Self { price, spread: bar.spread(watch.extreme()), reason, gap: false }
    }
}

impl Position {
    /// L4: what the slippage of its next exit hangs on.
    pub(super) fn slips(&self) -> Slip {
        Slip { signal_time: self.signal_time, ordinal: self.ordinal, leg: self.exit_count + 1 }
    }

    /// What its trades say of its entry.
    pub(super) fn opened(&self) -> Opened {
        Opened {
            ticket: self.ticket,
            magic: self.magic,
            side: self.side,
            order_type: self.order_type,
            signal_time: self.signal_time,
            entry_time: self.entry_time,
            entry_price: self.entry_price,
            initial_stop_loss: self.initial_stop_loss,
            stop_loss: self.stop_loss,
            take_profit: self.take_profit,
            ambiguous: self.ambiguous,
            slippage_entry: self.slippage_entry,
            tag: self.tag,
        }
    }

    /// A6: takes out what goes with a part of its volume.
    pub(super) fn take(&mut self, part: f64, last: bool) -> Taken {
        let at_entry = self.volume_at_entry;
        Taken {
            volume: part,
            commission: self.commission.take(part, at_entry, last),
            // Swaps accrue on the volume that is left, so they are split over that.
            swap: self.swap.take_of_rest(part, self.volume, last),
            risk: self.risk.take(part, at_entry, last),
            risk_per_trade: self.risk_per_trade.take(part, at_entry, last),
            risk_causes: std::array::from_fn(|cause| self.risk_causes[cause].take(part, at_entry, last)),
        }
    }

    /// M5: range of the closing side over the bars that are over; `None` before the end of the entry bar.
    pub(super) fn range_since_entry(&self, extremes: &Extremes) -> Option<Range> {
        let since = self.since?;
        let later = match self.side {
            Side::Long => extremes.bid(since),
            Side::Short => extremes.ask(since),
        };
        let later = later.map(|(high, low)| Range { high, low });
        match (self.entry_range, later) {
            (Some(entry), Some(later)) => Some(entry.with(later)),
            (entry, later) => entry.or(later),
        }
    }
}
