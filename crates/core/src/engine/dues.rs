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
    dues: Arc<[u32]>,
}

impl KnownDues {
    /// What is known of a table, or is found now.
    pub(super) fn of(&self, table: usize, wait: i64, find: impl FnOnce() -> Arc<[u32]>) -> Arc<[u32]> {
        // What stands there is whole, whatever became of whom was about to add to it.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.iter().find(|known| (known.table, known.wait) == (table, wait)) {
            return Arc::clone(&known.dues);
        }
        let dues = find();
        known.push(Known { table, wait, dues: Arc::clone(&dues) });
        dues
    }
}

/// The row at whose open each of some signals is due, `wait` after its time; how many rows there are where none is.
pub(super) fn dues(rows: &Span, table: &SignalRows, signals: &[usize], wait: i64) -> Arc<[u32]> {
    // Signals mostly come at even distances.
    let (mut row, mut apart) = (0, 0);
    let due = |&signal: &usize| {
        let moment = table.time(signal).saturating_add(wait);
        if is_first_from(rows.times(), row + apart, moment) {
            row += apart;
        } else {
            let due = rows.rows_before(row, moment);
            (row, apart) = (due, due - row);
        }
        row as u32
    };
    signals.iter().map(due).collect()
}

/// Whether a row is the first one from a moment on.
#[inline(always)]
fn is_first_from(times: &[i64], row: usize, moment: i64) -> bool {
    row > 0 && row < times.len() && times[row - 1] < moment && times[row] >= moment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dues_are_found_once_for_a_table_and_a_wait() {
        let (known, find) = (KnownDues::default(), |row: u32| move || Arc::from([row]));
        for (table, wait, row) in [(0, 1, 5), (1, 1, 6), (0, 60, 7)] {
            assert_eq!(*known.of(table, wait, find(row)), [row]);
        }
        assert_eq!(*known.of(0, 1, find(8)), [5]);
    }
}
