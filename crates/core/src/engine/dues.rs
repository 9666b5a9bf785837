//! The rows of the data at whose opens signals are due.

use crate::execution::signal_rows::SignalRows;
use crate::market::span::Span;
use std::sync::{Arc, Mutex, PoisonError};

/// What was found for the tables of several runs over the same data, by the table and how long its signals wait.
#[derive(Debug, Default)]
pub(super) struct KnownDues(Mutex<Vec<Known>>);

#[derive(Debug)]
struct Known {
    table: usize,
    wait: i64,
    dues: Dues,
}

impl KnownDues {
    /// What is known of a table, or is found now.
    pub(super) fn of(&self, table: usize, wait: i64, find: impl FnOnce() -> Dues) -> Dues {
        // What stands there is whole, whatever became of whom was about to add to it.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.iter().find(|known| (known.table, known.wait) == (table, wait)) {
            return known.dues.clone();
        }
        let dues = find();
        known.push(Known { table, wait, dues: dues.clone() });
        dues
    }
}

/// The rows of the data at whose opens the signals of a symbol are due, as far as they were looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Dues {
    rows: Arc<Vec<u32>>,
    /// How many signals there were when the first one was looked for.
    signals: usize,
    /// How far the last ones found are apart.
    apart: usize,
}

impl Dues {
    /// Those of signals that act `wait` after their time, which are all that are left: as many as are due before a row
    /// of the data. A signal for which no row comes is due behind the last one.
    pub(super) fn find(&mut self, rows: &Span, table: &SignalRows, signals: &[usize], wait: i64, until: usize) {
        if self.signals < signals.len() {
            *self = Self { signals: signals.len(), ..Self::default() };
        }
        let behind = self.signals - signals.len();
        let mut row = self.rows.last().map_or(0, |&row| row as usize);
        if self.rows.len() == self.signals || row >= until {
            return;
        }
        let found = Arc::make_mut(&mut self.rows);
        // Nobody asks about those that left before they were found.
        found.resize(found.len().max(behind), row as u32);
        while found.len() < self.signals && row < until {
            let moment = table.time(signals[found.len() - behind]).saturating_add(wait);
            // Signals mostly come at even distances.
            if is_first_from(rows.times(), row + self.apart, moment) {
                row += self.apart;
            } else {
                let due = rows.rows_before(row, moment);
                (row, self.apart) = (due, due - row);
            }
            found.push(row as u32);
        }
    }

    /// Those found of the last so many signals.
    pub(super) fn of_last(&self, signals: usize) -> &[u32] {
        // Signals leave from the front alone.
        self.rows.get(self.signals - signals..).unwrap_or_default()
    }
}

/// Whether a row is the first one from a moment on.
#[inline(always)]
fn is_first_from(times: &[i64], row: usize, moment: i64) -> bool {
    row > 0 && row < times.len() && times[row - 1] < moment && times[row] >= moment
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execution::signal::Signal;
    use crate::execution::signal_table::SignalTable;
    use crate::market::series::Series;
    use crate::market::side::Side;
    use crate::market::span::Rows;
    use crate::market::ticks::TickSeries;

    #[test]
    fn dues_are_found_once_for_a_table_and_a_wait() {
        let found = |row: u32| Dues { rows: Arc::new(vec![row]), signals: 1, apart: 0 };
        let known = KnownDues::default();
        for (table, wait, row) in [(0, 1, 5), (1, 1, 6), (0, 60, 7)] {
            assert_eq!(known.of(table, wait, || found(row)).of_last(1), [row]);
        }
        assert_eq!(known.of(0, 1, || found(8)).of_last(1), [5]);
    }

    #[test]
    fn dues_found_bit_by_bit_equal_those_found_at_once() {
        let prices = vec![1.0; 900];
        let times: Vec<i64> = (0..900).map(|row| row * 10 + row / 100 * 777).collect();
        let ticks = TickSeries::new("EURUSD", times.into(), prices.clone().into(), prices.into()).unwrap();
        let (series, times) = (Series::Ticks(ticks), (0..120).map(|place| place * 131 - 50 + place % 4 * 40));
        let signals = times.map(|time| Signal::market(time, 0, Side::Long)).collect();
        let (all, table) = (Rows::of(&series), SignalTable::from_rows(signals, Vec::new()));
        let (rows, ahead) = (all.span(0..all.len()), (0..table.len()).collect::<Vec<_>>());
        let mut whole = Dues::default();
        whole.find(&rows, &table.rows(), &ahead, 1, usize::MAX);
        let counted =
            |signal: &usize| rows.times().iter().filter(|&&time| time < table.time(*signal) + 1).count() as u32;
        assert_eq!(whole.of_last(120), ahead.iter().map(counted).collect::<Vec<_>>());
        for leaving in [0, 1, 5, 50] {
            let (mut dues, mut left) = (Dues::default(), &ahead[..]);
            for until in [0, 1, 90, 91, 400, 401, 900] {
                dues.find(&rows, &table.rows(), left, 1, until);
                let (found, all) = (dues.of_last(left.len()), whole.of_last(left.len()));
                assert_eq!(found, &all[..found.len()]);
                assert!(all[found.len()..].iter().all(|&due| due as usize >= until), "{until} {leaving}");
                left = &left[leaving.min(left.len())..];
            }
        }
    }
}
