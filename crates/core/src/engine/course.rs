//! Signals that act one after the other, each at the first open for which it is due.

use crate::execution::signal_rows::SignalRows;
use crate::market::span::Span;
use crate::sorted::below;
use std::ops::Range;

/// The signals of a symbol that wait for their open; none is delayed beyond it.
pub(super) struct Course<'a> {
    table: &'a SignalRows<'a>,
    signals: &'a [usize],
    /// The row at whose open each is due, counted from the start of the data; of those due before the last row.
    dues: &'a [u32],
    /// The row of the data that is counted as the first one here.
    base: usize,
    /// How many are behind.
    taken: usize,
}

impl<'a> Course<'a> {
    /// All of these are ahead, each due at a row that was found for it; rows are counted from `base` on.
    pub(super) fn new(table: &'a SignalRows<'a>, signals: &'a [usize], dues: &'a [u32], base: usize) -> Self {
        Self { table, signals, dues, base, taken: 0 }
    }

    /// How many signals are behind.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }

    /// Leaves the next ones behind.
    #[inline(always)]
    pub(super) fn take(&mut self, count: usize) {
        self.taken += count;
    }

    /// The first of the rows from `row` on at which signals act; how many rows there are where there is none.
    #[inline(always)]
    pub(super) fn due(&self, rows: &Span, row: usize) -> usize {
        self.dues.get(self.taken).map_or(rows.len(), |&due| self.row(due).max(row).min(rows.len()))
    }

    /// The market order that acts at the open of a row at which it is due, where there is one and nothing else acts there.
    #[inline(always)]
    pub(super) fn sole_market_order(&self, rows: &Span, due: usize) -> Option<usize> {
        if due >= rows.len() {
            return None;
        }
        let signal = *self.signals.get(self.taken)?;
        let alone = self.dues.get(self.taken + 1).is_none_or(|&next| self.row(next) > due);
        (alone && self.table.is_market_open(signal)).then_some(signal)
    }

    /// Hands on the market orders that act alone at the opens of rows from `row` to `until`, each with its row, for as
    /// long as they are taken. Where that ends: the row of the first signal that was not handed on or taken, or `until`.
    #[inline(always)]
    pub(super) fn hand_on(
        &mut self,
        rows: &Span,
        Range { start: mut row, end: until }: Range<usize>,
        mut takes: impl FnMut(usize, usize) -> bool,
    ) -> usize {
        loop {
            let due = self.due(rows, row);
            if due >= until {
                return until;
            }
            if let Some(&later) = self.dues.get(self.taken + AHEAD) {
                rows.fetch_open(self.row(later));
            }
            if !self.sole_market_order(rows, due).is_some_and(|signal| takes(due, signal)) {
                return due;
            }
            self.take(1);
            row = due + 1;
        }
    }

    /// Asks for the memory that the next signal, due at a row, is going to need.
    #[inline(always)]
    pub(super) fn fetch_next(&self, rows: &Span, due: usize) {
        if let Some(side) = self.signals.get(self.taken).and_then(|&signal| self.table.side(signal)) {
            rows.fetch_entry(due, side);
        }
    }

    /// S2: leaves market orders behind that are certain to be refused in rows where nobody hears of it, up to the first
    /// row in which anything else acts: a close or a change of that row comes before its orders.
    pub(super) fn drop_unheard(&mut self, within: Range<usize>, is_refused: impl Fn(i64) -> bool) {
        let due = self.due_before(within.end);
        if self.table.are_all_alike() && is_refused(0) {
            return self.take(due);
        }
        let ahead = &self.signals[self.taken..self.taken + due];
        let heard = |&signal: &usize| !(self.table.is_market_open(signal) && is_refused(self.table.magic(signal)));
        let Some(unheard) = ahead.iter().position(heard) else {
            return self.take(due);
        };
        let row = self.row(self.dues[self.taken + unheard]);
        if row > within.start {
            self.take(self.due_before(row));
        }
    }

    #[inline(always)]
    fn row(&self, due: u32) -> usize {
        (due as usize).saturating_sub(self.base)
    }

    /// How many of the signals ahead are due before a row.
    #[inline(always)]
    fn due_before(&self, row: usize) -> usize {
        below(&self.dues[self.taken..], (self.base + row) as i64)
    }
}

/// For how many signals ahead memory is asked for.
const AHEAD: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::dues::Dues;
    use crate::execution::signal::Signal;
    use crate::execution::signal_table::SignalTable;
    use crate::market::series::Series;
    use crate::market::side::Side;
    use crate::market::span::Rows;
    use crate::market::ticks::TickSeries;

    /// Rows ten apart but for a gap after each hundred, and some that share their time.
    fn rows() -> Series {
        let times: Vec<i64> = (0..1_000).map(|row| row / 2 * 20 + row / 100 * 777).collect();
        let prices = vec![1.0; times.len()];
        Series::Ticks(TickSeries::new("EURUSD", times.into(), prices.clone().into(), prices.into()).unwrap())
    }

    /// Signals at distances of one kind after the other: even ones, none at all, and all sorts.
    fn signals() -> SignalTable {
        let mut times = vec![-5, -5, 3];
        let mut state = 3_u64;
        for place in 0..120 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let apart = match place / 20 % 3 {
                0 => 100,
                1 => 10 * (place % 2),
                _ => (state >> 33) as i64 % 400,
            };
            times.push(times[times.len() - 1] + apart);
        }
        let signals = times.into_iter().map(|time| Signal::market(time, 0, Side::Long)).collect();
        SignalTable::from_rows(signals, Vec::new())
    }

    fn found(rows: &Span, table: &SignalRows, signals: &[usize], wait: i64) -> Dues {
        let mut dues = Dues::default();
        dues.find(rows, table, signals, wait, usize::MAX);
        dues
    }

    #[test]
    fn rows_of_signals_equal_a_count() {
        let (series, table) = (rows(), signals());
        let (all, table, ahead) = (Rows::of(&series), table.rows(), (0..table.len()).collect::<Vec<_>>());
        let rows = all.span(0..all.len());
        for (wait, step) in [(1, 1), (0, 1), (60, 2), (1, 3), (1, 7)] {
            let dues = found(&rows, &table, &ahead, wait);
            for base in [0, 1, 333] {
                let rows = all.span(base..all.len());
                let mut course = Course::new(&table, &ahead, dues.of_last(ahead.len()), base);
                let mut row = 0;
                while course.taken() < ahead.len() {
                    let from = table.time(course.taken()) + wait;
                    let counted = rows.times().iter().filter(|&&time| time < from).count().max(row);
                    assert_eq!(course.due(&rows, row), counted, "signal {}", course.taken());
                    if counted == rows.len() {
                        assert_eq!(course.sole_market_order(&rows, counted), None);
                    }
                    row = row.max(counted.min(rows.len()));
                    course.take(step.min(ahead.len() - course.taken()));
                }
                assert_eq!(course.due(&rows, row), rows.len());
            }
        }
    }

    #[test]
    fn s2_signals_dropped_in_rows_equal_a_count() {
        let (series, table) = (rows(), signals());
        let (all, table, ahead) = (Rows::of(&series), table.rows(), (0..table.len()).collect::<Vec<_>>());
        let rows = all.span(0..all.len());
        for length in [1, 4, 5, 30, 333] {
            let dues = found(&rows, &table, &ahead, 1);
            let mut course = Course::new(&table, &ahead, dues.of_last(ahead.len()), 0);
            let mut row = 0;
            while row < rows.len() && course.taken() < ahead.len() {
                let start = course.due(&rows, row).min(rows.len() - 1);
                let until = (start + length).min(rows.len());
                course.drop_unheard(start..until, |magic| magic == 0);
                let last = rows.times()[until - 1];
                assert_eq!(course.taken(), ahead.iter().filter(|&&signal| table.time(signal) < last).count());
                row = until;
            }
        }
    }
}
