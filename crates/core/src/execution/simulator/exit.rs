//! Exits: slippage, result, commission, the trade row.

use super::{EventDraft, Moment, Simulator};
use crate::costs::commission::Leg;
use crate::execution::book::State;
use crate::execution::position::{ExitReason, Position, Range};
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

impl Simulator {
    /// Closes a position, or `volume` of it.
    pub(super) fn leave(&mut self, symbol: usize, index: usize, leaving: Leaving, volume: Option<f64>) {
        let Some(position) = self.symbols[symbol].book.position(index) else {
            return;
        };
        let whole = position.volume;
        let exit = self.exit(symbol, position, leaving);
        self.close_volume(symbol, index, volume.unwrap_or(whole), exit);
    }

    /// L: the exit of a position after slippage.
    pub(super) fn exit(&self, symbol: usize, position: &Position, leaving: Leaving) -> Exit {
        let leg = position.exits + 1;
        let slips = match leaving.reason {
            ExitReason::TakeProfit => self.config.rules.slippage_on_limits,
            reason => reason.slips(),
        };
        let distance = if slips {
            self.slippage(symbol, position.signal_time, position.ordinal, leg, leaving.spread)
        } else {
            0.0
        };
        let price = self.slipped(symbol, position.side.opposite(), leaving.price, distance);
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
        position.exits += 1;
        if exit.reason == ExitReason::StopOut {
            let draft = EventDraft { price: Some(exit.quote), volume: Some(part), ..EventDraft::default() };
            self.record_position(EventKind::StopOut, symbol, &position, draft);
        }
        self.book_trade(symbol, &mut position, part, last, exit, range);
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
    pub(super) fn book_trade(
        &mut self,
        symbol: usize,
        position: &mut Position,
        part: f64,
        last: bool,
        exit: Exit,
        range: Option<Range>,
    ) {
        let state = &self.symbols[symbol];
        let (unit, rate, at_entry) = (state.unit, state.rate, position.volume_at_entry);
        let at_exit = Range::of(exit.price);
        let range = range.map_or(at_exit, |range| range.with(at_exit));
        let (worst, best) = match position.side {
            Side::Long => (range.low, range.high),
            Side::Short => (range.high, range.low),
        };
        let (mae, mfe) = (position.profit_at(worst, part, unit) * rate, position.profit_at(best, part, unit) * rate);
        let result = position.profit_at(exit.price, part, unit) * rate;
        let fee = self.fee(symbol, Leg::Exit, part, exit.price);
        let commission = position.commission.take(part, at_entry, last) + fee;
        // Swaps accrue on the volume that is left, so they are split over that.
        let swap = position.swap.take_of_rest(part, position.volume, last);
        let risk = position.risk.take(part, at_entry, last);
        let risk_per_trade = position.risk_per_trade.take(part, at_entry, last);
        let causes = std::array::from_fn(|cause| position.risk_causes[cause].take(part, at_entry, last));
        self.balance += result;
        let draft = EventDraft {
            price: Some(exit.price),
            volume: Some(part),
            reason: Some(exit.reason.reason()),
            amount: Some(result),
        };
        self.record_position(EventKind::Closed, symbol, position, draft);
        self.book_fee(symbol, position.ticket, position.magic, position.tag, fee, exit.price, part);
        self.trades.push(Trade {
            ticket: position.ticket,
            symbol: symbol as u32,
            magic: position.magic,
            side: position.side,
            order_type: position.order_type,
            signal_time: position.signal_time,
            entry_time: position.entry_time,
            exit_time: self.time,
            entry_price: position.entry_price,
            exit_price: exit.price,
            initial_stop_loss: position.initial_stop_loss,
            stop_loss: position.stop_loss,
            take_profit: position.take_profit,
            volume: part,
            risk,
            risk_per_trade,
            risk_causes: RiskCauses::new(causes, risk, risk_per_trade),
            result,
            commission,
            swap,
            net: result - commission + swap,
            r_multiple: if risk_per_trade == 0.0 { 0.0 } else { result / risk_per_trade },
            reason: exit.reason,
            ambiguous: position.ambiguous,
            gap: exit.gap,
            mae,
            mfe,
            slippage_entry: position.slippage_entry,
            slippage_exit: exit.slippage,
            tag: position.tag,
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
        if let Some(leaving) = position.and_then(|position| self.leaving_at_open(position, moment)) {
            self.leave(moment.symbol, index, leaving, None);
        }
    }

    /// B3, G7: how a position leaves at the open, where an exit level is reached there.
    pub(super) fn leaving_at_open(&self, position: &Position, moment: &Moment) -> Option<Leaving> {
        let rules = &self.config.rules;
        let level_only = rules.gap_fill == GapFill::Level;
        let profit_level_only = level_only || rules.take_profit_gap == GapFill::Level;
        let stop = position.stop_watch().map(|watch| (watch, position.mover.exit_reason(), level_only));
        let profit = position.profit_watch().map(|watch| (watch, ExitReason::TakeProfit, profit_level_only));
        let side = position.side;
        let met = [stop, profit].into_iter().flatten().find(|(watch, ..)| watch.open_beyond(&moment.bar));
        met.map(|(watch, reason, level_only)| Leaving {
            price: exit_price_at_open(side, watch.level, &moment.bar, level_only, moment.tick),
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
