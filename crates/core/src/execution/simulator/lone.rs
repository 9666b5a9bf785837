//! Market orders that meet nothing else from their entry to their exit, each lived through in one go.
//!
//! What is decided here is decided by the functions that every step calls; only what cannot happen is left out.

use super::crowding::Crowding;
use super::entry::Fill;
use super::exit::Leaving;
use super::{EventDraft, Moment, Only, Simulator};
use crate::account::exposure::{Exposure, Marks};
use crate::account::margin::Bound;
use crate::costs::commission::Leg;
use crate::execution::book::{Alarms, State};
use crate::execution::order::Order;
use crate::execution::position::{FilledAt, Position, Range, Share};
use crate::execution::rules::{Intrabar, MarginCheck};
use crate::execution::signal_rows::SignalRows;
use crate::market::quote::{Point, Quote};
use crate::market::range_index::{Extent, Levels};
use crate::market::side::Side;
use crate::market::span::Span;
use crate::portfolio::equity::EquityMode;
use crate::portfolio::journal::{EventKind, Reason};

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
    position: Position,
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
    /// S2: whether it fills the limit of positions of a magic number.
    #[must_use]
    pub fn is_at_limit(&self, magic: i64) -> bool {
        self.position.magic == magic
    }

    pub(super) fn side(&self) -> Side {
        self.position.side
    }

    pub(super) fn entry_price(&self) -> f64 {
        self.position.entry_price
    }

    /// A quote as bad as none before its exit: that of its stop loss, where it has one.
    pub(super) fn worst_quote(&self) -> Option<Quote> {
        worst_quote(self.position.side, &self.levels)
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
        let levels = self.alarms_of(symbol, &order).levels();
        let ahead = rows.part(row..rows.len());
        let (touch, lived) = if self.is_silent() {
            // Where nobody reads events nobody reads the rows of trades.
            (ahead.first_touch(&levels), Extent::NONE)
        } else {
            ahead.first_touch_and_extent(&levels, side == Side::Long)
        };
        let exit = touch.map(|ahead| row + ahead);
        let fee = self.fee(symbol, Leg::Entry, volume, price);
        let bound = Bound { side, volume, entry_price: price };
        if exit == Some(row) || !self.carries_alone(symbol, bound, fee, &levels) {
            return Arrival::Unclear;
        }
        self.mark_rows(symbol, &rows.part(marked..row));
        order.ticket = self.take_ticket();
        let draft = EventDraft { volume: Some(volume), ..EventDraft::default() };
        self.record_order(EventKind::Accepted, symbol, &order, draft);
        self.record_order(EventKind::Filled, symbol, &order, EventDraft { price: Some(price), ..draft });
        let fill = Fill { price, quote, volume, place: FilledAt::Open, point: Point::Open };
        let mut position = self.new_position(symbol, &order, fill);
        position.commission = Share::new(fee);
        self.book_fee(symbol, order.ticket, order.magic, order.tag, fee, price, volume);
        self.bind_alone(symbol, bound);
        Arrival::Held(Lone { position, row, exit, levels, range: closing_range(side, lived) })
    }

    /// S2: refuses the market order that arrives alone beside a position, where the limit of positions refuses it.
    pub fn turns_away_beside(
        &mut self,
        lone: &Lone,
        crowding: Option<&Crowding>,
        stretch: &Stretch,
        row: usize,
        signal: usize,
    ) -> bool {
        let Stretch { symbol, rows, signals, .. } = *stretch;
        if !lone.is_at_limit(signals.magic(signal)) {
            return false;
        }
        if let (Some(crowding), Some(side)) = (crowding, signals.side(signal)) {
            let market = rows.open(row);
            let price = side.entry_price(market);
            if crowding.refuses(signals, signal, price, market) {
                self.time = rows.times()[row];
                let draft =
                    EventDraft { price: Some(price), reason: Some(Reason::MaxPositions), ..EventDraft::default() };
                self.record(EventKind::Rejected, symbol, None, signals.magic(signal), signals.tag(signal), draft);
                return true;
            }
        }
        self.open_row(symbol, &rows, row);
        self.refuse_alone(symbol, signals, signal, rows.open(row))
    }

    /// B3 to B6 of the bar that touches an exit; its equity is not written down yet.
    pub fn leave_alone(&mut self, lone: &mut Lone, stretch: &Stretch, row: usize) {
        let Stretch { symbol, tick, rows, .. } = *stretch;
        let Lone { position, row: entry, range, .. } = lone;
        let (entry, range) = (*entry, *range);
        self.mark_rows(symbol, &rows.part(entry..row));
        self.open_row(symbol, &rows, row);
        let bar = rows.bar(row);
        let model = if tick { Intrabar::Worst } else { self.config.rules.intrabar };
        let moment = Moment { symbol, bar, tick, model, only: Only::All, counts: true };
        let at_open = self.leaving_at_open(position, &moment);
        if let Some(leaving) = at_open.or_else(|| self.leaving_inside(position, &moment)) {
            self.close_alone(symbol, position, leaving, range);
        }
    }

    /// Puts a position into the book after the rows before `until`, as if they had been stepped through.
    pub fn keep_in_book(&mut self, lone: Lone, stretch: &Stretch, until: usize) {
        let Stretch { symbol, rows, .. } = *stretch;
        let Lone { mut position, row, .. } = lone;
        let entry = rows.bar(row);
        let whole = position.side.exit_prices(&entry);
        position.entry_range = Some(Range { high: whole.high, low: whole.low });
        let state = &mut self.symbols[symbol];
        state.extremes.push(&entry);
        position.since = Some(state.extremes.next());
        state.book.push(position.ticket, State::Position(position));
        state.changed = true;
        state.quote = entry.quote(Point::Close);
        state.previous_range = entry.bid.high - entry.bid.low;
        self.time = entry.time;
        self.tidy(symbol);
        self.mark_rows(symbol, &rows.part(row..row + 1));
        self.pass_over(symbol, &rows.part(row + 1..until));
    }

    fn close_alone(&mut self, symbol: usize, position: &mut Position, leaving: Leaving, range: Range) {
        let (exit, volume) = (self.exit(symbol, position, leaving), position.volume);
        position.exits += 1;
        self.book_trade(symbol, position, volume, true, exit, Some(range));
        let state = &mut self.symbols[symbol];
        (state.exposure, state.margin) = (Exposure::default(), 0.0);
    }

    /// A3, A4: the sums of a book with one position.
    fn bind_alone(&mut self, symbol: usize, bound: Bound) {
        let leverage = self.config.account.leverage;
        let state = &mut self.symbols[symbol];
        state.exposure = Exposure::of(std::iter::once((bound.side, bound.volume, bound.entry_price)));
        state.margin = 0.0 + state.margin_alone(bound, leverage);
    }

    /// G5: what the exits of an order watch once it is filled.
    fn alarms_of(&self, symbol: usize, order: &Order) -> Alarms {
        let state = &self.symbols[symbol];
        Alarms::of_exits(order.side, [order.stop_loss, order.take_profit], state.buffer, state.grid)
    }

    /// A3: whether equity over margin is enough at every price short of the position's own stop loss.
    fn carries_alone(&self, symbol: usize, bound: Bound, fee: f64, levels: &Levels) -> bool {
        let state = &self.symbols[symbol];
        let margin = 0.0 + state.margin_alone(bound, self.config.account.leverage);
        if !self.checks_margin() || margin <= 0.0 {
            return true;
        }
        let exposure = Exposure::of(std::iter::once((bound.side, bound.volume, bound.entry_price)));
        let marks = Marks { balance: self.balance - fee, exposure, unit: state.unit, rate: state.rate };
        let least = worst_quote(bound.side, levels).map(|worst| marks.equity(worst));
        least.is_some_and(|equity| equity / margin >= self.config.account.stop_out_level)
    }
}

/// The closing side's price at the stop loss; what the other side's is does not matter.
fn worst_quote(side: Side, levels: &Levels) -> Option<Quote> {
    let worst = match side {
        Side::Long => Quote { bid: levels.bid_falling, ask: 0.0 },
        Side::Short => Quote { bid: 0.0, ask: levels.ask_rising },
    };
    (worst.bid.is_finite() && worst.ask.is_finite()).then_some(worst)
}

/// M5: the closing side of an extent.
fn closing_range(side: Side, extent: Extent) -> Range {
    match side {
        Side::Long => Range { high: extent.bid_high, low: extent.bid_low },
        Side::Short => Range { high: extent.ask_high, low: extent.ask_low },
    }
}
