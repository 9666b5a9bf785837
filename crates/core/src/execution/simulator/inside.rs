//! Inside the bar under `worst` and `best` (I1 to I3), and where the bar leaves a choice.

use super::exit::Leaving;
use super::{Moment, Simulator};
use crate::execution::book::State;
use crate::execution::exits::Exits;
use crate::execution::order::{OrderType, Stage};
use crate::execution::position::{ExitReason, FilledAt};
use crate::execution::rules::Intrabar;
use crate::execution::trigger::{entry_extreme, stop_price_inside, Watch};

/// Which exits of a position its bar reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reach {
    stop_loss: bool,
    take_profit: bool,
}

/// What the bar says of a position's exits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Verdict {
    exit: Option<Level>,
    ambiguous: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    StopLoss,
    TakeProfit,
}

impl Simulator {
    /// B5: triggers and exits inside the bar, under the run's model.
    pub(super) fn inside(&mut self, moment: &Moment) {
        if moment.model.is_path() {
            return self.walk(moment);
        }
        for index in 0..self.symbols[moment.symbol].book.len() {
            if !moment.concerns(&self.symbols[moment.symbol].book, index) {
                continue;
            }
            match self.symbols[moment.symbol].book.state(index) {
                State::Order(_) => self.order_inside(moment, index),
                State::Position(_) => self.standing_inside(moment, index),
                State::Gone => {}
            }
        }
    }

    fn order_inside(&mut self, moment: &Moment, index: usize) {
        let rules = &self.config.rules;
        let state = &self.symbols[moment.symbol];
        let Some(order) = state.book.order(index) else {
            return;
        };
        if order.stage == Stage::Touched || !Watch::order(order, rules).touched(&moment.bar) {
            return;
        }
        let order_type = order.order_type;
        let point = entry_extreme(
            order.side,
            if order.waits_as_limit().is_some() { OrderType::Limit } else { OrderType::Stop },
        );
        let price = match order.waits_as_limit() {
            Some(level) => level,
            None => stop_price_inside(order, &moment.bar, rules, state.grid),
        };
        if order_type == OrderType::StopLimit && order.stage == Stage::Waiting {
            self.stop_limit_touched(moment, index, price, false, point);
        } else if let Some(held) = self.fill_order(moment, index, price, point, FilledAt::Inside) {
            self.filled_inside(moment, held, order_type == OrderType::Stop);
        }
    }

    /// I1, I3: a position open at the bar's open, or filled at it.
    fn standing_inside(&mut self, moment: &Moment, index: usize) {
        let verdict = self.reach(moment, index).standing(moment.model);
        self.settle(moment, index, verdict);
    }

    /// I1, I3: how such a position leaves inside the bar, and whether that is ambiguous.
    #[inline]
    pub(super) fn leaving_inside(&self, exits: Exits, moment: &Moment) -> (Option<Leaving>, bool) {
        let verdict = self.reach_of(exits, moment).standing(moment.model);
        (verdict.leaving(exits, moment, self.step), verdict.is_ambiguous(moment))
    }

    /// I2, I3: a position filled inside this bar, by a stop or by a limit.
    fn filled_inside(&mut self, moment: &Moment, index: usize, after_stop: bool) {
        let Some(position) = self.symbols[moment.symbol].book.position(index) else {
            return;
        };
        let (reach, exits) = (self.reach(moment, index), position.exits());
        let closes_beyond = |watch: Option<Watch>| watch.is_some_and(|watch| watch.close_beyond(&moment.bar));
        let certain = if after_stop {
            Reach { stop_loss: reach.stop_loss && closes_beyond(exits.stop_watch()), take_profit: reach.take_profit }
        } else {
            Reach { stop_loss: reach.stop_loss, take_profit: reach.take_profit && closes_beyond(exits.profit_watch()) }
        };
        let verdict = judge(reach, certain, moment.model);
        self.settle(moment, index, verdict);
    }

    /// G5: which exits the bar touches, buffer included.
    fn reach(&self, moment: &Moment, index: usize) -> Reach {
        match self.symbols[moment.symbol].book.position(index) {
            Some(position) => self.reach_of(position.exits(), moment),
            None => Reach { stop_loss: false, take_profit: false },
        }
    }

    #[inline(always)]
    fn reach_of(&self, exits: Exits, moment: &Moment) -> Reach {
        let state = &self.symbols[moment.symbol];
        let touched = |watch: Option<Watch>| {
            watch.is_some_and(|watch| watch.widened(state.buffer, state.grid).touched(&moment.bar))
        };
        Reach { stop_loss: touched(exits.stop_watch()), take_profit: touched(exits.profit_watch()) }
    }

    fn settle(&mut self, moment: &Moment, index: usize, verdict: Verdict) {
        let Some(position) = self.symbols[moment.symbol].book.position_mut(index) else {
            return;
        };
        position.ambiguous |= verdict.is_ambiguous(moment);
        if let Some(leaving) = verdict.leaving(position.exits(), moment, self.step) {
            self.leave(moment.symbol, index, leaving, None);
        }
    }
}

impl Verdict {
    /// Whether what happened is a choice; a tick is no span, and nothing in it is assumed.
    fn is_ambiguous(self, moment: &Moment) -> bool {
        self.ambiguous && !moment.tick
    }

    /// How a position leaves.
    #[inline]
    fn leaving(self, exits: Exits, moment: &Moment, step: u64) -> Option<Leaving> {
        let at_level = |watch, price, reason| Leaving::at_level(&moment.bar, watch, price, reason);
        match self.exit? {
            Level::StopLoss => {
                exits.stop_watch().map(|watch| at_level(watch, exits.stop_price(step), exits.stop_reason()))
            }
            Level::TakeProfit => exits.profit_watch().map(|watch| at_level(watch, watch.level, ExitReason::TakeProfit)),
        }
    }
}

/// I2, I3: what a bar means for a position filled inside it: touched exits, and those that surely came after the fill.
fn judge(reach: Reach, certain: Reach, model: Intrabar) -> Verdict {
    let uncertain = reach != certain;
    let both = reach.stop_loss && reach.take_profit;
    let exit = if model == Intrabar::Best {
        Reach { stop_loss: certain.stop_loss, take_profit: reach.take_profit }.first(Level::TakeProfit)
    } else {
        Reach { stop_loss: reach.stop_loss, take_profit: certain.take_profit }.first(Level::StopLoss)
    };
    Verdict { exit, ambiguous: uncertain || both }
}

impl Reach {
    /// I1, I3: what a bar means for a position that was open at its open.
    fn standing(self, model: Intrabar) -> Verdict {
        let first = if model == Intrabar::Best { Level::TakeProfit } else { Level::StopLoss };
        Verdict { exit: self.first(first), ambiguous: self.stop_loss && self.take_profit }
    }

    fn first(self, preferred: Level) -> Option<Level> {
        match (self.stop_loss, self.take_profit) {
            (true, true) => Some(preferred),
            (true, false) => Some(Level::StopLoss),
            (false, true) => Some(Level::TakeProfit),
            (false, false) => None,
        }
    }
}
