//! When each row of a signals table acts.

use crate::engine::course::Course;
use crate::engine::dues::{Dues, KnownDues};
use crate::engine::waiting::{ActsAt, Timing, Waiting};
use crate::error::Error;
use crate::execution::rules::Rules;
use crate::execution::signal_rows::SignalRows;
use crate::execution::simulator::Simulator;
use crate::market::series::Series;
use crate::market::span::{Rows, Span};
use serde::{Deserialize, Serialize};

/// The rows of one symbol that have not acted yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Schedule {
    ticks: bool,
    rows: Waiting<usize>,
    #[serde(skip)]
    dues: Dues,
}

impl Schedule {
    /// The schedule of one symbol's rows.
    ///
    /// # Errors
    /// Signals on ticks without `signal_timeframe` (T3); `signal_close` without a bar of the signal's time (T8).
    pub fn new(rules: &Rules, series: &Series, table: &SignalRows, rows: Vec<usize>) -> Result<Self, Error> {
        let timing = Timing::new(rules)?;
        let ticks = series.is_ticks();
        if ticks && !rows.is_empty() && timing.lacks_timeframe() {
            return Err(Error::MissingSignalTimeframe { symbol: series.symbol().into() });
        }
        if timing.acts_at_opens() {
            return Ok(Self { ticks, rows: Waiting::at_opens(timing, rows), dues: Dues::default() });
        }
        let mut waiting = Waiting::new(timing);
        for row in rows {
            let at = timing.acts_at(table.is_market_open(row));
            if at == ActsAt::Close && (ticks || series.find(table.time(row)).is_none()) {
                return Err(Error::MissingSignalBar { symbol: series.symbol().into(), row, time: table.time(row) });
            }
            waiting.push(at, row);
        }
        Ok(Self { ticks, rows: waiting, dues: Dues::default() })
    }

    /// Hands the signals that act at a bar or tick to the simulator.
    pub fn deliver(&mut self, time: i64, table: &SignalRows, simulator: &mut Simulator) {
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

    /// The row of the market order that acts at the open of a bar or tick, where nothing else acts there.
    #[inline]
    pub fn sole_market_order(&self, time: i64, table: &SignalRows) -> Option<usize> {
        let (&row, from, second_from) = self.rows.first_two(self.ticks, |&row| table.time(row))?;
        (from <= time && second_from > time && table.is_market_open(row)).then_some(row)
    }

    /// Takes the next row out, and counts its bar.
    pub fn take_first(&mut self) {
        self.rows.take_first();
    }

    /// What is ahead up to the end of some rows, where every signal acts at the first open for which it is due, and none
    /// at a close.
    #[inline]
    pub(super) fn course<'a>(&'a mut self, table: &'a SignalRows, ahead: &Span) -> Option<Course<'a>> {
        let (signals, wait) = self.rows.at_once(self.ticks)?;
        let (all, first) = (ahead.all_rows(), ahead.rows_behind());
        u32::try_from(all.len()).ok()?;
        self.dues.find(&all.span(0..all.len()), table, signals, wait, first + ahead.len());
        Some(Course::new(table, signals, self.dues.of_last(signals.len()), first))
    }

    /// Takes over what is known of the signals of the same table in other runs over these rows.
    pub(super) fn share(&mut self, known: &KnownDues, which: usize, table: &SignalRows, rows: &Rows) {
        let Some((signals, wait)) = self.rows.at_once(self.ticks).filter(|_| u32::try_from(rows.len()).is_ok()) else {
            return;
        };
        self.dues = known.of(which, wait, || {
            let mut dues = Dues::default();
            dues.find(&rows.span(0..rows.len()), table, signals, wait, usize::MAX);
            dues
        });
    }

    /// Leaves the next signals and bars behind.
    pub(super) fn leave_behind(&mut self, signals: usize, bars: usize) {
        self.rows.drop_first(signals);
        self.rows.pass(bars as u64);
    }

    /// S2: drops market orders that are certain to be refused in some rows, where nobody hears of it.
    pub fn drop_unheard(&mut self, rows: &Span, table: &SignalRows, is_refused: impl Fn(i64) -> bool) {
        if let Some(mut course) = self.course(table, rows) {
            course.drop_unheard(0..rows.len(), is_refused);
            let dropped = course.taken();
            self.rows.drop_first(dropped);
        }
    }

    /// The time from which on a signal may act; bars before it may be passed over.
    #[inline]
    #[must_use]
    pub fn awake_from(&self, table: &SignalRows) -> i64 {
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
