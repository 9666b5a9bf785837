//! One symbol's data and signals on their way through a run.

use crate::account::rate_path::RateRows;
use crate::engine::market::SymbolMarket;
use crate::engine::rate_feed::learn;
use crate::engine::schedule::Schedule;
use crate::error::Error;
use crate::execution::rules::Rules;
use crate::execution::signal_rows::SignalRows;
use crate::execution::simulator::{Simulator, StepBar};
use crate::market::series::Series;
use crate::market::span::{Rows, Span};

/// One symbol's data on their way through the run.
pub(super) struct Feed<'a> {
    pub(super) symbol: usize,
    pub(super) series: &'a Series,
    pub(super) rows: Rows<'a>,
    pub(super) ticks: bool,
    has_ask: bool,
    timeframe: i64,
    finer: &'a [Series],
    pub(super) schedule: Schedule,
    pub(super) next: usize,
    /// Which book was looked at last, and the first row in which it may change.
    stands: (u64, usize),
}

impl<'a> Feed<'a> {
    /// The data of one symbol and its rows of the signals table.
    pub(super) fn new(
        rules: &Rules,
        symbol: usize,
        entry: &'a SymbolMarket,
        table: &SignalRows,
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
            stands: (0, 0),
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
        (self.next, self.schedule, self.stands) = (row, schedule, (0, 0));
    }

    /// Passes over at most `limit` rows, and not over the last one (M7), in which the book does not change, refusing on
    /// the way what is refused at once. The rows, and whether the signals of the next one are delivered already.
    pub(super) fn pass(
        &mut self,
        signals: &SignalRows,
        simulator: &mut Simulator,
        rates: &mut [RateRows],
        drilled: i64,
        limit: usize,
    ) -> (usize, bool) {
        let end = (self.rows.len() - 1).min(self.next.saturating_add(limit)).max(self.next);
        let rows = self.rows;
        let ahead = rows.span(self.next..end);
        let alone = if drilled == 0 { self.pass_alone(signals, simulator, &ahead) } else { 0 };
        if alone > 0 {
            self.next += alone;
            return (alone, false);
        }
        let (passed, delivered) = self.pass_calm(signals, simulator, rates, drilled, &ahead);
        self.next += passed;
        (passed, delivered)
    }

    /// The same while something else stands, or nothing.
    #[inline(never)]
    fn pass_calm(
        &mut self,
        signals: &SignalRows,
        simulator: &mut Simulator,
        rates: &mut [RateRows],
        drilled: i64,
        ahead: &Span,
    ) -> (usize, bool) {
        let calm = simulator.calm_rows(self.symbol, ahead, drilled, rates);
        let (mut row, mut delivered) = (0, false);
        while row < calm && !delivered {
            if simulator.is_silent() {
                let refused = |magic| simulator.is_at_limit(self.symbol, magic);
                self.schedule.drop_unheard(&ahead.part(row..calm), signals, refused);
            }
            let due = ahead.rows_before(row, self.schedule.awake_from(signals)).min(calm);
            self.schedule.pass((due - row) as u64);
            row = due;
            if row < calm {
                let time = ahead.times()[row];
                let sole = self.schedule.sole_market_order(time, signals).filter(|_| drilled == 0);
                // The rows behind are still to be lived through.
                let before = ahead.times()[row.saturating_sub(1)];
                learn(rates, simulator, before, time);
                if sole.is_some_and(|sole| simulator.turns_away(self.symbol, ahead, row, signals, sole)) {
                    self.schedule.take_first();
                    row += 1;
                } else {
                    self.schedule.deliver(time, signals, simulator);
                    delivered = true;
                }
            }
        }
        if row > 0 {
            self.live_over(&ahead.first_rows(row), simulator, rates);
        }
        (row, delivered)
    }

    /// Lets the simulator live through calm rows.
    fn live_over(&self, rows: &Span, simulator: &mut Simulator, rates: &mut [RateRows]) {
        if !simulator.rates_move() {
            return simulator.pass_over(self.symbol, rows);
        }
        if let Some(&last) = rows.times().last() {
            learn(rates, simulator, last, last.saturating_add(rows.timeframe()));
        }
        simulator.pass_over_converted(self.symbol, rows, rates);
    }

    /// The time of the first row in which the book may change, which is the last one (M7), or comes after `limit` others.
    pub(super) fn wakes_at(&mut self, simulator: &Simulator, drills: bool, limit: usize) -> i64 {
        let (book, last, rows) = (simulator.book_version(self.symbol), self.rows.len() - 1, self.rows);
        if self.stands.0 != book || self.stands.1 <= self.next {
            let drilled = if drills { self.timeframe } else { 0 };
            let standing = simulator.standing_rows(self.symbol, &rows.span(self.next..last), drilled);
            self.stands = (book, self.next + standing);
        }
        self.rows.times()[self.stands.1.min(self.next.saturating_add(limit))]
    }

    /// Leaves rows behind that the simulator has lived through.
    pub(super) fn pass_over(&mut self, rows: usize) {
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
