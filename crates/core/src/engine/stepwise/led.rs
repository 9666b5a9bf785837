//! What a run over checked market data needs of the stepwise door.

use super::{Outcome, Stepwise};
use crate::error::Error;
use crate::execution::signal::Signal;
use crate::execution::simulator::StepBar;
use crate::market::quote::Quote;
use crate::portfolio::journal::Reason;
use crate::portfolio::result::{PositionRow, RunResult};

impl Stepwise {
    /// Walks a step over data that were checked as a whole, spreads multiplied.
    ///
    /// # Errors
    /// As for a step, the data's own faults aside.
    pub(in crate::engine) fn walk_checked(&mut self, items: &[StepBar]) -> Result<(), Error> {
        self.check_unfinished()?;
        self.walk(items)
    }

    /// Writes down that a signal was refused before it reached the market.
    pub(in crate::engine) fn refuse(&mut self, signal: &Signal, reason: Reason) -> Outcome {
        let before = self.simulator.events.len();
        self.simulator.refuse(signal, reason);
        self.outcome(before)
    }

    /// Makes room for an equity row a step.
    pub(in crate::engine) fn reserve_equity(&mut self, steps: usize) {
        self.simulator.reserve_equity(steps);
    }

    /// What there is by now, without a copy: the tables here are empty then.
    pub(in crate::engine) fn hand_over(&mut self) -> RunResult {
        let mut result = self.simulator.hand_over(self.tags.clone());
        (result.first_time, result.last_time, result.steps) = (self.first_time, self.last_time, self.steps);
        result
    }

    /// A symbol's last quote.
    pub(in crate::engine) fn quote(&self, symbol: usize) -> Quote {
        self.simulator.symbols[symbol].quote
    }

    /// The oldest open position of a symbol with a magic number.
    pub(in crate::engine) fn oldest_position(&self, symbol: usize, magic: i64) -> Option<PositionRow> {
        self.simulator.oldest_position(symbol, magic)
    }

    /// A3: margin of all open positions.
    pub(in crate::engine) fn margin_now(&mut self) -> f64 {
        self.simulator.margin_used()
    }
}
