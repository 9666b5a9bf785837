//! Inside the bar under a path model: events in the order of the path (I4).

use super::{Moment, Simulator};
use crate::execution::book::State;
use crate::execution::order::{OrderType, Stage};
use crate::execution::path::{points, Leg};
use crate::execution::position::{ExitReason, FilledAt, Range};
use crate::execution::trigger::{entry_extreme, stop_price_inside, Watch};
use crate::market::quote::Point;

/// The next thing that happens on a leg.
#[derive(Clone, Copy, Debug)]
struct Meeting {
    at: f64,
    index: usize,
    kind: Kind,
    watch: Watch,
}

/// What is met; exits come before entries at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    StopLoss,
    TakeProfit,
    Entry,
}

impl Meeting {
    /// I4: events go by place, at one place exits before entries, then ascending ticket.
    fn before(&self, other: &Self) -> bool {
        let rank = |meeting: &Self| (meeting.kind == Kind::Entry, meeting.index, meeting.kind);
        self.at < other.at || (self.at == other.at && rank(self) < rank(other))
    }
}

impl Simulator {
    /// I4: walks the three legs of the path.
    pub(super) fn walk(&mut self, moment: &Moment) {
        let grid = self.symbols[moment.symbol].grid;
        let points = points(moment.model, &moment.bar, grid);
        self.at_point(moment, points[0], true);
        for ends in points.windows(2) {
            let leg = Leg::new(&moment.bar, ends[0], ends[1], grid);
            let mut now = 0.0;
            while let Some(meeting) = self.next_meeting(moment, &leg, now) {
                now = meeting.at;
                self.meet(moment, &leg, meeting);
            }
            self.at_point(moment, ends[1], false);
        }
    }

    /// M1, M2, M5 at a point of the path; the open concerns only what stood before this bar.
    fn at_point(&mut self, moment: &Moment, point: Point, standing_only: bool) {
        for index in 0..self.symbols[moment.symbol].book.len() {
            if !moment.concerns(&self.symbols[moment.symbol].book, index) {
                continue;
            }
            let Some(position) = self.symbols[moment.symbol].book.position_mut(index) else {
                continue;
            };
            if standing_only && position.is_fresh() {
                continue;
            }
            let price = position.side.exit_prices(&moment.bar).at(point);
            position.take_in(price);
            if position.is_fresh() && position.filled_at == FilledAt::Inside {
                position.entry_range =
                    Some(position.entry_range.map_or(Range::of(price), |range| range.with(Range::of(price))));
            }
            self.manage(moment.symbol, index);
        }
    }

    fn next_meeting(&self, moment: &Moment, leg: &Leg, now: f64) -> Option<Meeting> {
        let state = &self.symbols[moment.symbol];
        let mut next: Option<Meeting> = None;
        let mut consider = |watch: Watch, met: Watch, index: usize, kind: Kind| {
            if let Some(at) = leg.meets(met, now, state.grid) {
                let meeting = Meeting { at, index, kind, watch };
                if next.is_none_or(|other| meeting.before(&other)) {
                    next = Some(meeting);
                }
            }
        };
        for index in (0..state.book.len()).filter(|&index| moment.concerns(&state.book, index)) {
            match state.book.state(index) {
                State::Order(order) => {
                    let watch = Watch::order(order, &self.config.rules);
                    consider(watch, watch, index, Kind::Entry);
                }
                State::Position(position) => {
                    for (watch, kind) in [
                        (position.exits().stop_watch(), Kind::StopLoss),
                        (position.exits().profit_watch(), Kind::TakeProfit),
                    ] {
                        if let Some(watch) = watch {
                            consider(watch, watch.widened(state.buffer, state.grid), index, kind);
                        }
                    }
                }
                State::Gone => {}
            }
        }
        next
    }

    fn meet(&mut self, moment: &Moment, leg: &Leg, meeting: Meeting) {
        match meeting.kind {
            Kind::StopLoss => self.stop_loss_on_path(moment, meeting),
            Kind::TakeProfit => {
                self.exit_at_level(moment, meeting.index, meeting.watch, meeting.watch.level, ExitReason::TakeProfit);
            }
            Kind::Entry => self.entry_on_path(moment, leg, meeting),
        }
    }

    fn stop_loss_on_path(&mut self, moment: &Moment, meeting: Meeting) {
        let Some(position) = self.symbols[moment.symbol].book.position(meeting.index) else {
            return;
        };
        let exits = position.exits();
        let (price, reason) = (exits.stop_price(self.step), exits.stop_reason());
        self.exit_at_level(moment, meeting.index, meeting.watch, price, reason);
    }

    fn entry_on_path(&mut self, moment: &Moment, leg: &Leg, meeting: Meeting) {
        let state = &self.symbols[moment.symbol];
        let Some(order) = state.book.order(meeting.index) else {
            return;
        };
        if order.order_type == OrderType::StopLimit && order.stage == Stage::Waiting {
            let price = stop_price_inside(order, &moment.bar, &self.config.rules, state.grid);
            let passed = order.limit_price.is_some_and(|limit| {
                leg.meets(Watch::limit(order.side, limit), meeting.at, state.grid) == Some(meeting.at)
            });
            let point = entry_extreme(order.side, OrderType::Stop);
            return self.stop_limit_touched(moment, meeting.index, price, passed, point);
        }
        let (price, order_type) = match order.waits_as_limit() {
            Some(level) => (level, OrderType::Limit),
            None => (stop_price_inside(order, &moment.bar, &self.config.rules, state.grid), OrderType::Stop),
        };
        let point = entry_extreme(order.side, order_type);
        self.fill_order(moment, meeting.index, price, point, FilledAt::Inside);
    }
}
