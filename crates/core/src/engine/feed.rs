//! One symbol's data and signals on their way through a run.

use crate::engine::market::SymbolMarket;
use crate::engine::schedule::Schedule;
use crate::error::Error;
use crate::execution::rules::Rules;
use crate::execution::signal_table::SignalTable;
use crate::execution::simulator::StepBar;
use crate::market::series::Series;
use crate::market::span::{Rows, Span};

/// One symbol's data on their way through the run.
pub(super) struct Feed<'a> {
    symbol: usize,
    pub(super) series: &'a Series,
    rows: Rows<'a>,
    ticks: bool,
    has_ask: bool,
    timeframe: i64,
    finer: &'a [Series],
    pub(super) schedule: Schedule,
    next: usize,
}

impl<'a> Feed<'a> {
    /// The data of one symbol and its rows of the signals table.
    pub(super) fn new(
        rules: &Rules,
        symbol: usize,
        entry: &'a SymbolMarket,
        table: &SignalTable,
        rows: Vec<usize>,
    ) -> Result<Self, Error> {
        let schedule = Schedule::new(rules, &entry.series, table, rows)?;
        let series = &entry.series;
        Ok(Self {
            symbol,
            series,
            rows: Rows::of(series),
            ticks: series.is_ticks(),
            has_ask: series.has_ask(),
            timeframe: series.timeframe(),
            finer: &entry.finer,
            schedule,
            next: 0,
        })
    }

    /// Time of the next row.
    pub(super) fn time(&self) -> Option<i64> {
        self.rows.times().get(self.next).copied()
    }

    /// Number of the next row.
    pub(super) fn next_row(&self) -> usize {
        self.next
    }

    /// R3: goes on from a row, with the signals that have not acted by then.
    pub(super) fn go_to(&mut self, row: usize, schedule: Schedule) {
        (self.next, self.schedule) = (row, schedule);
    }

    /// Rows before the next signal and before the last row (M7), at most `limit`.
    pub(super) fn quiet_rows(&self, signals: &SignalTable, limit: usize) -> Span<'_> {
        let end = (self.rows.len() - 1).min(self.next.saturating_add(limit)).max(self.next);
        let awake_from = self.schedule.awake_from(signals);
        let times = &self.rows.times()[self.next..end];
        // Signals come often: a gallop finds a near end without a search over all that is left.
        let mut reach = 64.min(times.len());
        while reach < times.len() && times[reach - 1] < awake_from {
            reach = (reach * 4).min(times.len());
        }
        self.rows.span(self.next..self.next + times[..reach].partition_point(|&time| time < awake_from))
    }

    /// Counts rows that were passed over.
    pub(super) fn pass(&mut self, rows: usize) {
        self.next += rows;
        self.schedule.pass(rows as u64);
    }

    /// The next row.
    pub(super) fn take(&mut self) -> StepBar<'a> {
        let row = self.next;
        self.next += 1;
        StepBar {
            symbol: self.symbol,
            bar: self.rows.bar(row),
            tick: self.ticks,
            has_ask: self.has_ask,
            last: self.next == self.rows.len(),
            timeframe: self.timeframe,
            finer: self.finer,
        }
    }
}
