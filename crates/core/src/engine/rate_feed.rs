//! Rates from outside the run on their way through it (F1).

use crate::account::rate_path::RateRows;
use crate::engine::market::RateSeries;
use crate::execution::simulator::Simulator;
use crate::market::span::Rows;

/// One pair's rates from outside the run.
pub(super) struct RateFeed<'a> {
    pair: usize,
    rows: Rows<'a>,
    next: usize,
}

/// The rates from outside that a simulator knows of.
pub(super) fn rate_feeds<'a>(simulator: &Simulator, rates: &'a [RateSeries]) -> Vec<RateFeed<'a>> {
    let feed = |pair: &'a RateSeries| {
        let index = simulator.rate_pair(&pair.base, &pair.quote)?;
        Some(RateFeed { pair: index, rows: Rows::of(&pair.series), next: 0 })
    };
    rates.iter().filter_map(feed).collect()
}

impl RateFeed<'_> {
    /// Number of the first row that the simulator was not told.
    pub(super) fn next_row(&self) -> usize {
        self.next
    }

    /// R3: goes on from a row.
    pub(super) fn go_to(&mut self, row: usize) {
        self.next = row;
    }

    /// The rows, as they are looked up while bars are passed over.
    pub(super) fn rows(&self) -> RateRows<'_> {
        RateRows { pair: self.pair, rows: &self.rows, symbol: None, near: self.next }
    }

    /// F1: tells the simulator the rates that are known by a moment; nobody asks about one before `from` any more.
    pub(super) fn learn(&mut self, simulator: &mut Simulator, from: i64, until: i64) {
        let (rows, all) = (self.rows(), self.rows.len());
        let known = rows.known(all, until);
        for row in rows.known(all, from).saturating_sub(1).max(self.next)..known {
            simulator.learn_rate(self.pair, rows.known_from(row), rows.rate(row));
        }
        self.next = known.max(self.next);
    }
}
