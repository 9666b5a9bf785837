//! The equity curve (A4).

use crate::column::Column;
use crate::huge_pages;
use crate::market::extents::{highest, larger};
use crate::portfolio::times::Times;
use serde::{Deserialize, Serialize};

/// A4: for which moments the equity table has a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EquityMode {
    /// Each time of the run.
    #[default]
    Bars,
    /// Each close of a position.
    Closes,
    /// None: metrics that need it are null.
    Off,
}

/// O2: the equity table, column by column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct EquityTable {
    pub time: Times,
    pub balance: Vec<f64>,
    pub equity: Vec<f64>,
    pub margin: Vec<f64>,
    /// Money below the highest equity so far.
    pub drawdown: Vec<f64>,
}

/// The equity table as it grows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EquityCurve {
    mode: EquityMode,
    table: EquityTable,
    /// A4: highest equity before the newest row; drawdown starts from the initial balance.
    peak: f64,
}

impl EquityCurve {
    /// An empty curve.
    #[must_use]
    pub fn new(mode: EquityMode, balance: f64) -> Self {
        Self { mode, table: EquityTable::default(), peak: balance }
    }

    /// For which moments it has rows.
    #[must_use]
    pub fn mode(&self) -> EquityMode {
        self.mode
    }

    /// Makes room for rows to come, most likely one for each time of a series.
    pub fn expect(&mut self, times: &Column<i64>) {
        if self.mode == EquityMode::Bars {
            let table = &mut self.table;
            table.time = Times::along(times.clone());
            for column in [&mut table.balance, &mut table.equity, &mut table.margin, &mut table.drawdown] {
                column.reserve_exact(times.len());
                huge_pages::advise(column);
            }
        }
    }

    /// Adds a row; with `Bars` a second row of one time replaces the first.
    pub fn push(&mut self, time: i64, balance: f64, equity: f64, margin: f64) {
        let table = &mut self.table;
        if self.mode == EquityMode::Bars && table.time.last() == Some(&time) {
            table.time.pop();
            for column in [&mut table.balance, &mut table.equity, &mut table.margin, &mut table.drawdown] {
                column.pop();
            }
        } else if let Some(&last) = table.equity.last() {
            if last > self.peak {
                self.peak = last;
            }
        }
        let peak = if equity > self.peak { equity } else { self.peak };
        table.time.push(time);
        table.balance.push(balance);
        table.equity.push(equity);
        table.margin.push(margin);
        table.drawdown.push(peak - equity);
    }

    /// Adds a row for each time; the balance and the margin are the same in all of them, `add` adds the equities.
    ///
    /// `repeats` tells whether a time may come twice among them, as with ticks.
    pub fn push_span(
        &mut self,
        times: &[i64],
        repeats: bool,
        [balance, margin]: [f64; 2],
        add: impl FnOnce(&mut Vec<f64>),
    ) {
        if self.go_one_by_one(times, repeats) {
            let mut equities = Vec::with_capacity(times.len());
            add(&mut equities);
            return times.iter().zip(equities).for_each(|(&time, equity)| self.push(time, balance, equity, margin));
        }
        let first = self.begin_rows(times);
        add(&mut self.table.equity);
        repeat(&mut self.table.balance, balance, times.len());
        repeat(&mut self.table.margin, margin, times.len());
        self.end_rows(first);
    }

    /// The same with a margin for each time.
    pub fn push_rows(&mut self, times: &[i64], repeats: bool, balance: f64, equities: &[f64], margins: &[f64]) {
        if self.go_one_by_one(times, repeats) {
            let rows = times.iter().zip(equities).zip(margins);
            return rows.for_each(|((&time, &equity), &margin)| self.push(time, balance, equity, margin));
        }
        let first = self.begin_rows(times);
        self.table.equity.extend_from_slice(equities);
        repeat(&mut self.table.balance, balance, times.len());
        self.table.margin.extend_from_slice(margins);
        self.end_rows(first);
    }

    /// Whether two of these rows may be of one time, and are one row then.
    fn go_one_by_one(&self, times: &[i64], repeats: bool) -> bool {
        self.table.time.last() == times.first()
            || repeats && times.windows(2).fold(false, |any, pair| any | (pair[0] == pair[1]))
    }

    /// Adds the times of rows to come; the first of them.
    fn begin_rows(&mut self, times: &[i64]) -> usize {
        if let Some(&last) = self.table.equity.last() {
            self.peak = larger(self.peak, last);
        }
        self.table.time.extend(times);
        self.table.equity.len()
    }

    /// Adds the drawdowns of the rows from one on.
    fn end_rows(&mut self, first: usize) {
        let table = &mut self.table;
        let Some((newest, before)) = table.equity[first..].split_last() else {
            return;
        };
        // The peak is that of all rows but the newest, which may still be replaced.
        self.peak = push_drawdowns(&mut table.drawdown, before, self.peak);
        table.drawdown.push(larger(self.peak, *newest) - newest);
    }

    /// The rows so far.
    #[must_use]
    pub fn table(&self) -> &EquityTable {
        &self.table
    }

    /// The rows, which are gone here afterwards.
    pub fn take_table(&mut self) -> EquityTable {
        std::mem::take(&mut self.table)
    }
}

/// Adds the same value a number of times, many at once.
pub fn repeat(column: &mut Vec<f64>, value: f64, times: usize) {
    let block = [value; 64];
    for _ in 0..times / block.len() {
        column.extend_from_slice(&block);
    }
    column.extend_from_slice(&block[..times % block.len()]);
}

/// Money below the highest equity so far, row by row; returns the new peak.
fn push_drawdowns(drawdowns: &mut Vec<f64>, equities: &[f64], mut peak: f64) -> f64 {
    const CHUNK: usize = 32;
    for chunk in equities.chunks(CHUNK) {
        let highest = highest(chunk);
        if highest <= peak {
            drawdowns.extend(chunk.iter().map(|equity| peak - equity));
        } else {
            drawdowns.extend(chunk.iter().map(|&equity| {
                peak = larger(peak, equity);
                peak - equity
            }));
        }
    }
    peak
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a4_drawdown_starts_from_the_initial_balance() {
        let mut curve = EquityCurve::new(EquityMode::Bars, 100.0);
        for (time, equity) in [(1, 90.0), (2, 120.0), (3, 110.0)] {
            curve.push(time, 100.0, equity, 0.0);
        }
        assert_eq!(curve.table().drawdown, [10.0, 0.0, 10.0]);
    }

    #[test]
    fn a4_one_row_for_ticks_of_one_time() {
        let mut curve = EquityCurve::new(EquityMode::Bars, 100.0);
        for (time, equity) in [(1, 130.0), (1, 90.0), (2, 95.0)] {
            curve.push(time, 100.0, equity, 0.0);
        }
        assert_eq!(*curve.table().time, [1, 2]);
        assert_eq!(curve.table().drawdown, [10.0, 5.0]);
    }
}
