//! When each row of a signals table acts.

use crate::engine::waiting::{ActsAt, Timing, Waiting};
use crate::error::Error;
use crate::execution::rules::Rules;
use crate::execution::signal_rows::SignalRows;
use crate::execution::simulator::Simulator;
use crate::market::series::Series;
use crate::market::span::Span;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The rows of one symbol that have not acted yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Schedule {
    ticks: bool,
    rows: Waiting<usize>,
}

/// The next row that acts at an open.
#[derive(Clone, Copy, Debug)]
pub struct Next {
    row: usize,
    /// The time from which on it acts.
    pub from: i64,
    second_from: i64,
}

impl Next {
    /// The row, where it is a market order that acts alone at the open of a bar or tick for which it is due.
    #[inline]
    pub fn sole_market_order(&self, time: i64, table: &SignalRows) -> Option<usize> {
        (self.second_from > time && table.is_market_open(self.row)).then_some(self.row)
    }
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
            return Ok(Self { ticks, rows: Waiting::at_opens(timing, rows) });
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
        self.next_at_open(table).filter(|next| next.from <= time).and_then(|next| next.sole_market_order(time, table))
    }

    /// The next row that acts, where rows act at the first open for which they are due.
    #[inline]
    pub fn next_at_open(&self, table: &SignalRows) -> Option<Next> {
        let next = self.rows.first_two(self.ticks, |&row| table.time(row));
        next.map(|(&row, from, second_from)| Next { row, from, second_from })
    }

    /// Takes the next row out, and counts its bar.
    pub fn take_first(&mut self) {
        self.rows.take_first();
    }

    /// Hands on the market orders that act alone at the opens of rows from `row` to `until`, each with its row, for as
    /// long as they are taken. Where that ends: the row of the first signal that was not handed on or taken, or `until`.
    #[inline(always)]
    pub fn hand_on(
        &mut self,
        rows: &Span,
        Range { start, end: until }: Range<usize>,
        table: &SignalRows,
        mut takes: impl FnMut(usize, usize) -> bool,
    ) -> usize {
        let (mut row, mut taken) = (start, 0);
        let latest = rows.times()[..until].last().copied().unwrap_or(i64::MIN);
        let at_once = self.rows.acts_at_once(self.ticks);
        let mut from = self.awake_from(table);
        while row < until {
            row = if from <= latest { rows.rows_before(row, from) } else { until };
            if row == until || !at_once {
                break;
            }
            let Some(signal) = self.rows.later(taken).filter(|&&signal| table.is_market_open(signal)) else { break };
            let next = self.rows.acts_from(taken + 1, self.ticks, |&row| table.time(row));
            if next <= rows.times()[row] || !takes(row, *signal) {
                break;
            }
            (row, taken, from) = (row + 1, taken + 1, next);
        }
        self.rows.drop_first(taken);
        self.rows.pass((row - start) as u64);
        row
    }

    /// S2: drops market orders that are certain to be refused in rows where nobody hears of it, up to the first row in
    /// which anything else acts: a close or a change of that row comes before its orders.
    pub fn drop_unheard(&mut self, rows: &Span, table: &SignalRows, is_refused: impl Fn(i64) -> bool) {
        let (Some(&last), true) = (rows.times().last(), self.rows.acts_at_once(self.ticks)) else {
            return;
        };
        let time_of = |&row: &usize| table.time(row);
        if table.are_all_alike() && is_refused(0) {
            return self.rows.drop_first(self.rows.due_by(last, self.ticks, time_of));
        }
        let heard = |&row: &usize| !(table.is_market_open(row) && is_refused(table.magic(row)));
        let (unheard, heard_from) = self.rows.due_before(last, self.ticks, time_of, heard);
        let unheard = match heard_from.map(|from| rows.rows_before(0, from)) {
            None => unheard,
            Some(0) => 0,
            Some(row) => self.rows.due_before(rows.times()[row - 1], self.ticks, time_of, heard).0,
        };
        self.rows.drop_first(unheard);
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
