//! When each row of a signals table acts.

use crate::engine::waiting::{ActsAt, Timing, Waiting};
use crate::error::Error;
use crate::execution::rules::Rules;
use crate::execution::signal_table::SignalTable;
use crate::execution::simulator::Simulator;
use crate::market::series::Series;
use serde::{Deserialize, Serialize};

/// The rows of one symbol that have not acted yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Schedule {
    ticks: bool,
    rows: Waiting<usize>,
}

impl Schedule {
    /// The schedule of one symbol's rows.
    ///
    /// # Errors
    /// Signals on ticks without `signal_timeframe` (T3); `signal_close` without a bar of the signal's time (T8).
    pub fn new(rules: &Rules, series: &Series, table: &SignalTable, rows: Vec<usize>) -> Result<Self, Error> {
        let timing = Timing::new(rules)?;
        let ticks = series.is_ticks();
        if ticks && !rows.is_empty() && timing.lacks_timeframe() {
            return Err(Error::MissingSignalTimeframe { symbol: series.symbol().into() });
        }
        let mut waiting = Waiting::new(timing);
        for row in rows {
            let at = timing.acts_at(table.is_market_open(row));
            if at == ActsAt::Close && (ticks || series.find(table.time(row)).is_none()) {
                return Err(Error::MissingSignalBar { symbol: series.symbol().into(), row, time: table.time(row) });
            }
            waiting.push(at, row);
        }
        Ok(Self { ticks, rows: waiting })
    }

    /// Hands the signals that act at a bar or tick to the simulator.
    pub fn deliver(&mut self, time: i64, table: &SignalTable, simulator: &mut Simulator) {
        self.rows.deliver(
            time,
            self.ticks,
            |&row| table.time(row),
            |at, row| match at {
                ActsAt::Open => simulator.deliver(table.row(row)),
                ActsAt::Close => simulator.deliver_at_close(table.row(row)),
            },
        );
    }

    /// S2: drops market orders due by `moment`, up to the first that is not certain to be refused unheard.
    pub fn drop_unheard(&mut self, moment: i64, table: &SignalTable, is_refused: impl Fn(i64) -> bool) {
        let unheard = |&row: &usize| table.is_market_open(row) && is_refused(table.magic(row));
        self.rows.drop_due(moment, self.ticks, |&row| table.time(row), unheard);
    }

    /// The time from which on a signal may act; bars before it may be passed over.
    #[must_use]
    pub fn awake_from(&self, table: &SignalTable) -> i64 {
        self.rows.awake_from(self.ticks, |&row| table.time(row))
    }

    /// Counts bars that were passed over.
    pub fn pass(&mut self, bars: u64) {
        self.rows.pass(bars);
    }

    /// T7: rows for which no market data came, in row order.
    #[must_use]
    pub fn left(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = self.rows.left().copied().collect();
        rows.sort_unstable();
        rows
    }
}
