//! Market orders that meet nothing else from their entry to their exit, each lived through in one go.
//!
//! What is decided here is decided by the functions that every step calls; only what cannot happen is left out.

use super::crowding::Crowding;
use super::entry::{position, Fill, Slip};
use super::exit::{Leaving, Opened, Taken};
use super::stakes::Stakes;
use super::{EventDraft, Moment, Only, Simulator, SymbolState};
use crate::account::exposure::{Exposure, Marks};
use crate::account::margin::Bound;
use crate::costs::commission::Leg;
use crate::costs::slippage::Slippage;
use crate::execution::book::State;
use crate::execution::exits::Exits;
use crate::execution::order::{Order, OrderType};
use crate::execution::position::{FilledAt, Position, Range, Share};
use crate::execution::rules::{Intrabar, MarginCheck};
use crate::execution::signal_rows::SignalRows;
use crate::market::quote::{Point, Quote};
use crate::market::range_index::{Extent, Levels};
use crate::market::side::Side;
use crate::market::span::Span;
use crate::portfolio::equity::EquityMode;
use crate::portfolio::journal::EventKind;

/// Where such orders are looked for: rows of the only symbol of a run, none of which brings new conditions.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'a> {
    /// Index of the symbol.
    pub symbol: usize,
    /// Whether the rows are ticks.
    pub tick: bool,
    /// The rows.
    pub rows: Span<'a>,
    /// The signals of the run.
    pub signals: &'a SignalRows<'a>,
}

/// A position that stands alone: it is in no book yet.
#[derive(Debug)]
pub struct Lone {
    /// The row of its signal.
    signal: usize,
    ticket: u64,
    magic: i64,
    fill: Fill,
    exits: Exits,
    stakes: Stakes,
    /// C1: commission of its entry.
    fee: f64,
    /// The row of its entry.
    pub row: usize,
    /// The row whose bar touches one of its exits.
    pub exit: Option<usize>,
    /// What its exits watch.
    levels: Levels,
    /// M5: range of the closing side over the bars before its exit.
    range: Range,
}

/// What becomes of a market order that arrives alone.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // lives for a moment
pub enum Arrival {
    /// It is refused, and that is written down.
    Refused,
    /// It is filled, and its bar touches no exit.
    Held(Lone),
    /// Nothing was done: its bar has to be stepped through.
    Unclear,
}

impl Lone {
    /// The whole position, as it was filled.
    fn position(&self, stretch: &Stretch) -> Position {
        let Exits { side, stop_loss, take_profit, .. } = self.exits;
        let asked = Order::from_signal(&stretch.signals.row(self.signal), side);
        let order = Order { ticket: self.ticket, stop_loss, take_profit, ..asked };
        let filled = position(&order, self.fill, stretch.rows.times()[self.row], None, self.stakes);
        Position { commission: Share::new(self.fee), ..filled }
    }

    /// S2: whether it fills the limit of positions of a magic number.
    #[must_use]
    pub fn is_at_limit(&self, magic: i64) -> bool {
        self.magic == magic
    }

    pub(super) fn side(&self) -> Side {
        self.exits.side
    }

    pub(super) fn entry_price(&self) -> f64 {
        self.fill.price
    }

    /// A quote as bad as none before its exit: that of its stop loss, where it has one.
    pub(super) fn worst_quote(&self) -> Option<Quote> {
        worst_quote(self.exits.side, &self.levels)
    }
}

impl Simulator {
    /// Whether orders of a symbol can be lived through alone by the rules of this run, and none of it stands.
    #[must_use]
    pub fn lives_alone(&self, symbol: usize) -> bool {
        let (rules, state) = (&self.config.rules, &self.symbols[symbol]);
        self.symbols.len() == 1
            && !self.converts
            && !rules.legacy()
            && matches!(rules.intrabar, Intrabar::Worst | Intrabar::Best)
            && rules.max_positions == Some(1)
            && rules.margin_check != MarginCheck::WorstPrice
            && !self.nets()
            && self.equity.mode() != EquityMode::Closes
            && state.margin_terms.is_plain()
            && !state.may_book_swaps()
            && state.book.is_empty()
            && state.inbox.is_empty()
            && state.close_inbox.is_empty()
    }

    /// The leading rows that new conditions leave alone.
    #[must_use]
    pub fn rows_of_terms(&self, symbol: usize, rows: &Span) -> usize {
        rows.rows_before(0, self.symbols[symbol].terms_deadline)
    }

    /// B4: a market order arrives alone at the open of a row; the equity of the rows from `marked` to it is written
    /// down before the account changes.
    #[inline(always)]
    pub fn enter_alone(&mut self, stretch: &Stretch, marked: usize, row: usize, signal: usize) -> Arrival {
        let Stretch { symbol, rows, signals, .. } = *stretch;
        let (Some(side), true) = (signals.side(signal), signals.ends_by_levels(signal)) else {
            return Arrival::Unclear;
        };
        self.open_row(symbol, &rows, row);
        let market = rows.open(row);
        let quote = side.entry_price(market);
        let mut order = Order::from_signal(&signals.row(signal), side);
        self.to_grid(symbol, &mut order);
        let asked = order.volume;
        let (volume, price) = match self.market_order(symbol, &mut order, market, false) {
            Ok(filled) => filled,
            Err(reason) => {
                order.volume = asked;
                self.reject(symbol, &order, Some(quote), reason);
                return Arrival::Refused;
            }
        };
        let exits = Exits::initial(side, order.stop_loss, order.take_profit);
        let levels = self.symbols[symbol].levels_of(exits);
        let ahead = rows.part(row..rows.len());
        let (touch, lived) = if self.is_silent() {
            // Where nobody reads events nobody reads the rows of trades.
            (ahead.first_touch(&levels), Extent::NONE)
        } else {
            ahead.first_touch_and_extent(&levels, side == Side::Long)
        };
        let exit = touch.map(|ahead| row + ahead);
        if let Some(exit) = exit {
            rows.fetch_exit(exit, side);
        }
        let fee = self.fee(symbol, Leg::Entry, volume, price);
        let sums = self.sums_alone(symbol, Bound { side, volume, entry_price: price });
        if exit == Some(row) || !self.carries_alone(symbol, sums, fee, worst_quote(side, &levels)) {
            return Arrival::Unclear;
        }
        self.mark_rows(symbol, &rows.part(marked..row));
        order.ticket = self.take_ticket();
        let draft = EventDraft { volume: Some(volume), ..EventDraft::default() };
        self.record_order(EventKind::Accepted, symbol, &order, draft);
        self.record_order(EventKind::Filled, symbol, &order, EventDraft { price: Some(price), ..draft });
        let fill = Fill { price, quote, volume, place: FilledAt::Open, point: Point::Open };
        let stakes = self.stakes(symbol, &order, fill);
        let Order { ticket, magic, tag, .. } = order;
        self.book_fee(symbol, ticket, magic, tag, fee, price, volume);
        let state = &mut self.symbols[symbol];
        (state.exposure, state.margin) = sums;
        let range = closing_range(side, lived);
        Arrival::Held(Lone { signal, ticket, magic, fill, exits, stakes, fee, row, exit, levels, range })
    }

    /// S2: refuses the market order that arrives alone beside a position, where the limit of positions refuses it.
    #[inline(always)]
    pub fn turns_away_beside(
        &mut self,
        lone: &Lone,
        crowding: Option<&Crowding>,
        stretch: &Stretch,
        (time, market): (i64, Quote),
        row: usize,
        signal: usize,
    ) -> bool {
        let Stretch { symbol, rows, signals, .. } = *stretch;
        let magic = signals.magic(signal);
        if !lone.is_at_limit(magic) {
            return false;
        }
        if let (Some(crowding), Some(side)) = (crowding, signals.side(signal)) {
            let price = side.entry_price(market);
            if crowding.refuses(signals, signal, price, market) {
                self.time = time;
                self.record_crowded(symbol, magic, signals.tag(signal), price);
                return true;
            }
        }
        self.open_row(symbol, &rows, row);
        self.refuse_alone(symbol, signals, signal, market)
    }

    /// B3 to B6 of the bar that touches an exit; its equity is not written down yet.
    #[inline(always)]
    pub fn leave_alone(&mut self, lone: &Lone, stretch: &Stretch, row: usize) {
        let Stretch { symbol, tick, rows, .. } = *stretch;
        self.mark_rows(symbol, &rows.part(lone.row..row));
        self.stand_at(symbol, &rows, row);
        // Nothing but slippage looks at the other side of the bar.
        let one_side = self.config.costs.slippage == Slippage::None;
        let bar = if one_side { rows.closing_bar(row, lone.exits.side) } else { rows.bar(row) };
        let model = if tick { Intrabar::Worst } else { self.config.rules.intrabar };
        let moment = Moment { symbol, bar, tick, model, only: Only::All, counts: true };
        let (leaving, ambiguous) = match self.leaving_at_open(lone.exits, &moment) {
            Some(leaving) => (Some(leaving), false),
            None => self.leaving_inside(lone.exits, &moment),
        };
        if let Some(leaving) = leaving {
            self.close_alone(lone, stretch, leaving, ambiguous);
        }
    }

    /// Puts a position into the book after the rows before `until`, as if they had been stepped through.
    pub fn keep_in_book(&mut self, lone: &Lone, stretch: &Stretch, until: usize) {
        let Stretch { symbol, rows, .. } = *stretch;
        let entry = rows.bar(lone.row);
        let whole = lone.exits.side.exit_prices(&entry);
        let state = &mut self.symbols[symbol];
        state.extremes.push(&entry);
        let position = Position {
            entry_range: Some(Range { high: whole.high, low: whole.low }),
            since: Some(state.extremes.next()),
            ..lone.position(stretch)
        };
        state.book.push(position.ticket, State::Position(position));
        state.changed = true;
        state.quote = entry.quote(Point::Close);
        state.previous_range = entry.bid.high - entry.bid.low;
        self.time = entry.time;
        self.tidy(symbol);
        self.mark_rows(symbol, &rows.part(lone.row..lone.row + 1));
        self.pass_over(symbol, &rows.part(lone.row + 1..until));
    }

    #[inline(always)]
    fn close_alone(&mut self, lone: &Lone, stretch: &Stretch, leaving: Leaving, ambiguous: bool) {
        let Stretch { symbol, rows, signals, .. } = *stretch;
        let Lone { exits: Exits { side, stop_loss, take_profit, .. }, fill, stakes, .. } = *lone;
        let (signal_time, ordinal) = (signals.time(lone.signal), signals.ordinal(lone.signal));
        let exit = self.exit(symbol, side, Slip { signal_time, ordinal, leg: 1 }, leaving);
        let opened = Opened {
            ticket: lone.ticket,
            magic: lone.magic,
            side,
            order_type: OrderType::Market,
            signal_time,
            entry_time: rows.times()[lone.row],
            entry_price: fill.price,
            initial_stop_loss: stop_loss,
            stop_loss,
            take_profit,
            ambiguous,
            slippage_entry: fill.slippage(),
            tag: signals.tag(lone.signal),
        };
        let taken = Taken {
            volume: fill.volume,
            commission: lone.fee,
            swap: 0.0,
            risk: stakes.risk,
            risk_per_trade: stakes.risk_per_trade,
            risk_causes: stakes.risk_causes,
        };
        self.book_trade(symbol, &opened, taken, exit, Some(lone.range));
        let state = &mut self.symbols[symbol];
        (state.exposure, state.margin) = (Exposure::default(), 0.0);
    }

    /// A3, A4: exposure and margin of a book with one position.
    #[inline(always)]
    fn sums_alone(&self, symbol: usize, bound: Bound) -> (Exposure, f64) {
        let exposure = Exposure::of(std::iter::once((bound.side, bound.volume, bound.entry_price)));
        (exposure, 0.0 + self.symbols[symbol].margin_alone(bound, self.config.account.leverage))
    }

    /// A3: whether equity over margin is enough at every price short of the position's own stop loss.
    #[inline(always)]
    fn carries_alone(
        &self,
        symbol: usize,
        (exposure, margin): (Exposure, f64),
        fee: f64,
        worst: Option<Quote>,
    ) -> bool {
        if !self.checks_margin() || margin <= 0.0 {
            return true;
        }
        let state = &self.symbols[symbol];
        let marks = Marks { balance: self.balance - fee, exposure, unit: state.unit, rate: state.rate };
        worst.is_some_and(|worst| marks.equity(worst) / margin >= self.config.account.stop_out_level)
    }
}

impl SymbolState {
    /// G5: what exits watch.
    #[inline]
    fn levels_of(&self, exits: Exits) -> Levels {
        exits.levels(self.buffer, self.grid)
    }
}

/// The closing side's price at the stop loss; what the other side's is does not matter.
fn worst_quote(side: Side, levels: &Levels) -> Option<Quote> {
    match side {
        Side::Long => (levels.bid_falling > f64::NEG_INFINITY).then_some(Quote { bid: levels.bid_falling, ask: 0.0 }),
        Side::Short => (levels.ask_rising < f64::INFINITY).then_some(Quote { bid: 0.0, ask: levels.ask_rising }),
    }
}

/// M5: the closing side of an extent.
fn closing_range(side: Side, extent: Extent) -> Range {
    match side {
        Side::Long => Range { high: extent.bid_high, low: extent.bid_low },
        Side::Short => Range { high: extent.ask_high, low: extent.ask_low },
    }
}
