//! Rates from outside the run on their way through it (F1).

use crate::account::rate_path::RateRows;
use crate::engine::market::RateSeries;
use crate::execution::simulator::Simulator;
use crate::market::span::Rows;

/// The rates from outside that a simulator knows of; `near` of each is the first row that it was not told.
pub(super) fn rate_feeds<'a>(simulator: &Simulator, rates: &'a [RateSeries]) -> Vec<RateRows<'a>> {
    let feed = |pair: &'a RateSeries| {
        let index = simulator.rate_pair(&pair.base, &pair.quote)?;
        Some(RateRows { pair: index, rows: Rows::of(&pair.series), symbol: None, near: 0 })
    };
    rates.iter().filter_map(feed).collect()
}

/// F1: tells the simulator the rates that are known by a moment; nobody asks about one before `from` any more.
#[inline(always)]
pub(super) fn learn(rates: &mut [RateRows], simulator: &mut Simulator, from: i64, until: i64) {
    rates.iter_mut().for_each(|rows| learn_rows(rows, simulator, from, until));
}

#[inline(never)]
fn learn_rows(rows: &mut RateRows, simulator: &mut Simulator, from: i64, until: i64) {
    let (next, all) = (rows.near, rows.rows.len());
    let known = rows.known(all, until).max(next);
    for row in rows.known(all, from).saturating_sub(1).max(next)..known {
        simulator.learn_rate(rows.pair, rows.known_from(row), rows.rate(row));
    }
    rows.near = known;
}
