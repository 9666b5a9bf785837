//! One step of the run: the steps B1 to B6 over all symbols with a bar at its time.

use super::moment::{end_of, Moment, Only, StepBar};
use super::symbol_state::Phase;
use super::Simulator;
use crate::error::Error;
use crate::execution::rules::Intrabar;
use crate::execution::signal::Signal;
use crate::market::quote::Point;

impl Simulator {
    /// Walks one step of the run: all symbols with a bar at this time, in the order of the run (T5).
    ///
    /// # Errors
    /// F2: a conversion rate that is needed and not known, or too old.
    pub fn step(&mut self, time: i64, items: &[StepBar]) -> Result<(), Error> {
        self.time = time;
        self.step += 1;
        if self.config.rules.legacy() {
            self.legacy_step(items);
        } else {
            self.walk_step(items);
        }
        for item in items {
            self.symbols[item.symbol].previous_range = item.bar.bid.high - item.bar.bid.low;
        }
        // A fill can change the books of symbols without a bar in this step: siblings, stop-outs.
        for symbol in 0..self.symbols.len() {
            self.tidy(symbol);
        }
        self.mark_equity(time);
        self.outcome()
    }

    fn walk_step(&mut self, items: &[StepBar]) {
        self.learn_rates(items);
        self.refresh_rates(self.time);
        for item in items {
            self.symbols[item.symbol].quote = item.bar.quote(Point::Open);
        }
        for item in items {
            self.begin_bar(item.symbol);
            let phase = self.phase(item);
            if phase == Phase::Whole && self.drills(item) {
                self.undrilled += 1;
            }
            self.symbols[item.symbol].phase = phase;
            match phase {
                Phase::Quiet => {}
                Phase::Arrivals => self.arrivals_alone(&self.moment(item)),
                Phase::Whole => self.before_inside(&self.moment(item)),
                Phase::Drilled => self.drill(item),
            }
        }
        for item in items {
            if self.symbols[item.symbol].phase == Phase::Whole {
                self.inside(&self.moment(item));
            }
        }
        for item in items {
            self.symbols[item.symbol].quote = item.bar.quote(Point::Close);
            if self.symbols[item.symbol].phase != Phase::Drilled {
                self.close_of_bar(&self.moment(item));
            }
        }
        self.refresh_rates(end_of(self.time, items));
        self.worst_price_stop_out(items);
        self.stop_out();
        for item in items {
            self.fill_at_close(&self.moment(item));
        }
        for item in items.iter().filter(|item| item.last) {
            self.end_of_data(item.symbol);
        }
    }

    /// B2 to B4: requests, the open, arrivals.
    pub(super) fn before_inside(&mut self, moment: &Moment) {
        let inbox = std::mem::take(&mut self.symbols[moment.symbol].inbox);
        self.requests(moment, &inbox);
        self.expire(moment.symbol);
        self.opening(moment);
        self.arrivals(moment, &inbox);
        self.keep_inbox(moment.symbol, inbox);
    }

    /// B2 to B4 of a bar that touches nothing in the book: only what arrives can change it.
    fn arrivals_alone(&mut self, moment: &Moment) {
        let inbox = std::mem::take(&mut self.symbols[moment.symbol].inbox);
        self.requests(moment, &inbox);
        if self.symbols[moment.symbol].changed {
            self.opening(moment);
        }
        self.arrivals(moment, &inbox);
        self.keep_inbox(moment.symbol, inbox);
        let state = &mut self.symbols[moment.symbol];
        state.phase = if state.changed { Phase::Whole } else { Phase::Quiet };
    }

    /// Gives the buffer back, so that the next step needs no allocation.
    fn keep_inbox(&mut self, symbol: usize, mut inbox: Vec<Signal>) {
        inbox.clear();
        self.symbols[symbol].inbox = inbox;
    }

    pub(super) fn moment(&self, item: &StepBar) -> Moment {
        let model = match self.config.rules.intrabar {
            Intrabar::Drill => Intrabar::Worst,
            // G6: a tick has no path.
            model if item.tick && model.is_path() => Intrabar::Worst,
            model => model,
        };
        Moment { symbol: item.symbol, bar: item.bar, tick: item.tick, model, only: Only::All, counts: true }
    }

    fn phase(&self, item: &StepBar) -> Phase {
        let state = &self.symbols[item.symbol];
        let drills = self.drills(item);
        let until = if drills { item.bar.time.saturating_add(item.timeframe - 1) } else { item.bar.time };
        if state.is_quiet(&item.bar, until) {
            Phase::Quiet
        } else if !drills && !state.changed && state.stands(&item.bar, until) {
            Phase::Arrivals
        } else if drills && item.has_finer_rows() {
            Phase::Drilled
        } else {
            Phase::Whole
        }
    }

    fn drills(&self, item: &StepBar) -> bool {
        self.config.rules.intrabar == Intrabar::Drill && !item.tick
    }

    /// Drops what left, and computes the alarms anew where the book changed.
    pub(super) fn tidy(&mut self, symbol: usize) {
        let state = &mut self.symbols[symbol];
        if state.changed {
            state.book.end_step();
            state.alarms = state.book.alarms(&self.config.rules, &state.instrument, state.buffer, state.grid);
            state.changed = false;
            state.version += 1;
            self.await_rollover(symbol);
        }
    }
}
