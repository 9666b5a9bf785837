//! What there is by now.

use super::Stepwise;
use crate::portfolio::equity::EquityTable;
use crate::portfolio::journal::Event;
use crate::portfolio::result::{OrderRow, PositionRow, RunResult};
use crate::portfolio::trade::Trade;

impl Stepwise {
    /// What there is by now, as a batch would leave it.
    #[must_use]
    pub fn result(&self) -> RunResult {
        let mut result = self.simulator.clone().into_result(self.tags.clone());
        (result.first_time, result.last_time, result.steps) = (self.first_time, self.last_time, self.steps);
        result
    }

    /// Pending orders by ticket.
    #[must_use]
    pub fn orders(&self) -> Vec<OrderRow> {
        self.simulator.order_rows()
    }

    /// Open positions by ticket.
    #[must_use]
    pub fn positions(&self) -> Vec<PositionRow> {
        self.simulator.position_rows()
    }

    /// Closed trades in the order of closing.
    #[must_use]
    pub fn trades(&self) -> &[Trade] {
        &self.simulator.trades
    }

    /// The journal.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.simulator.events
    }

    /// The equity table.
    #[must_use]
    pub fn equity(&self) -> &EquityTable {
        self.simulator.equity.table()
    }

    /// Booked money.
    #[must_use]
    pub fn balance(&self) -> f64 {
        self.simulator.balance
    }

    /// A4: balance plus open profit at the last marks.
    pub fn equity_now(&mut self) -> f64 {
        self.simulator.equity_now()
    }
}
