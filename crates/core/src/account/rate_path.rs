//! Conversion in the course of consecutive steps: their rates, straight from the rows that they come from (F1, F2).

use crate::account::currency::{is_stale, Leg, Rates, Route};
use crate::market::quote::Quote;
use crate::market::span::Rows;

/// F1: rows whose closes are a pair's rates.
#[derive(Clone, Copy, Debug)]
pub struct RateRows<'a> {
    /// Index of the pair.
    pub pair: usize,
    /// The rows.
    pub rows: Rows<'a>,
    /// The symbol whose rows they are; `None` where they come from outside the run.
    pub symbol: Option<usize>,
    /// How many of them were known not long ago.
    pub near: usize,
}

/// Consecutive steps of a run (T5).
pub trait Steps {
    /// Their times.
    fn times(&self) -> &[i64];

    /// F1: when a step is over.
    fn end(&self, step: usize) -> i64;

    /// How long the longest of them may last.
    fn longest(&self) -> i64;

    /// How many rows of a symbol's series have come by a step, its own included.
    fn taken(&self, symbol: usize, step: usize) -> usize;

    /// Closing bids and asks of a symbol's rows, where each step has one and is over with it.
    fn closes(&self, _symbol: usize) -> Option<(&[f64], &[f64])> {
        None
    }
}

/// F1: how money of one currency becomes money of another while steps go by.
#[derive(Clone, Debug)]
pub struct RatePath<'a> {
    legs: Vec<(Leg, Source<'a>)>,
    stale_limit: Option<i64>,
}

/// Where the rates of a pair come from.
#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    Constant(f64),
    Rows(RateRows<'a>),
}

impl RateRows<'_> {
    /// F1: the moment from which on a row's rate is known.
    #[inline(always)]
    #[must_use]
    pub fn known_from(&self, row: usize) -> i64 {
        self.rows.times()[row].saturating_add(self.rows.timeframe())
    }

    /// F1: a row's rate.
    #[inline(always)]
    #[must_use]
    pub fn rate(&self, row: usize) -> f64 {
        self.rows.close(row).mid()
    }

    /// How many of the first `taken` rows are known at a moment.
    #[must_use]
    pub fn known(&self, taken: usize, moment: i64) -> usize {
        let is_known = |row: usize| self.known_from(row) <= moment;
        let near = self.near.min(taken);
        let (mut low, mut high, mut reach) = (near, near, 1);
        while high < taken && is_known(high) {
            low = high + 1;
            high = low.saturating_add(reach).min(taken);
            reach *= 2;
        }
        while low > 0 && !is_known(low - 1) {
            high = low - 1;
            low = high.saturating_sub(reach);
            reach *= 2;
        }
        let known_before = moment.saturating_sub(self.rows.timeframe());
        low + self.rows.times()[low..high].partition_point(|&time| time <= known_before)
    }

    /// The same, where it was `known` a moment before.
    #[inline(always)]
    fn known_after(&self, mut known: usize, taken: usize, moment: i64) -> usize {
        while known < taken && self.known_from(known) <= moment {
            known += 1;
        }
        while known > 0 && (known > taken || self.known_from(known - 1) > moment) {
            known -= 1;
        }
        known
    }

    /// How many of its rows have come by a step.
    #[inline(always)]
    fn taken(&self, steps: &impl Steps, step: usize) -> usize {
        self.symbol.map_or(self.rows.len(), |symbol| steps.taken(symbol, step))
    }
}

impl<'a> RatePath<'a> {
    /// The path of a route whose pairs have constant rates or exactly one of these series each.
    #[must_use]
    pub fn of(rates: &Rates, route: &Route, series: &[RateRows<'a>]) -> Option<Self> {
        let source = |&leg: &Leg| {
            if let Some(rate) = rates.constant(leg.pair) {
                return Some((leg, Source::Constant(rate)));
            }
            let mut rows = series.iter().filter(|rows| rows.pair == leg.pair);
            match (rows.next(), rows.next()) {
                (Some(&only), None) => Some((leg, Source::Rows(only))),
                _ => None,
            }
        };
        let legs = route.legs().iter().map(source).collect::<Option<_>>()?;
        Some(Self { legs, stale_limit: rates.stale_limit() })
    }

    /// F2: how many leading steps have a rate, at their time and at their end, that is known and not too old.
    #[must_use]
    pub fn usable(&self, steps: &impl Steps) -> usize {
        let (times, mut step) = (steps.times(), 0);
        while step < times.len() {
            let at = |moment| self.oldest(steps, step, moment);
            let (Some(oldest), Some(_)) = (at(times[step]), at(steps.end(step))) else {
                return step;
            };
            let Some(limit) = self.stale_limit else {
                return times.len();
            };
            // Later steps know no older rates than this one.
            let fresh = oldest.saturating_add(limit).saturating_sub(steps.longest());
            step += 1 + times[step + 1..].partition_point(|&time| time <= fresh);
        }
        step
    }

    /// Since when the rate is known that has been known longest at a moment of a step, if none is missing or too old.
    fn oldest(&self, steps: &impl Steps, step: usize, moment: i64) -> Option<i64> {
        let mut oldest = i64::MAX;
        for (_, source) in &self.legs {
            if let Source::Rows(rows) = source {
                let known_from = rows.known_from(rows.known(rows.taken(steps, step), moment).checked_sub(1)?);
                if is_stale(self.stale_limit, known_from, moment) {
                    return None;
                }
                oldest = oldest.min(known_from);
            }
        }
        Some(oldest)
    }

    /// F2: whether every rate is known before a moment, and none is too old at any up to another, `taken` rows of a
    /// symbol having come by then; not every rate that is needs to be found so.
    #[must_use]
    pub fn is_fresh(&self, first: i64, last: i64, taken: impl Fn(usize) -> usize) -> bool {
        self.legs.iter().all(|(_, source)| match source {
            Source::Constant(_) => true,
            Source::Rows(rows) => {
                let known = rows.known(rows.symbol.map_or(rows.rows.len(), &taken), first.saturating_sub(1));
                let newest = known.checked_sub(1).map(|row| rows.known_from(row));
                newest.is_some_and(|newest| !is_stale(self.stale_limit, newest, last))
            }
        })
    }

    /// F1: the rates at the ends of steps that have some, from one on.
    pub fn rates(&self, steps: &impl Steps, from: usize, rates: &mut [f64]) {
        rates.fill(1.0);
        if rates.is_empty() {
            return;
        }
        for &(leg, source) in &self.legs {
            match source {
                Source::Constant(constant) => rates.iter_mut().for_each(|rate| *rate *= leg.of(constant)),
                Source::Rows(rows) => match rows.symbol.and_then(|symbol| steps.closes(symbol)) {
                    Some((bids, asks)) => multiply_closes(rates, leg, &bids[from..], &asks[from..]),
                    None => multiply_known(rates, leg, &rows, steps, from),
                },
            }
        }
    }

    /// The lowest and highest that a rate can be from a moment on up to another, `taken` rows of a symbol having come.
    ///
    /// Neither a middle nor a product of rates ever falls as a price of it rises, rounding included.
    #[must_use]
    pub fn bounds(&self, first: i64, last: i64, taken: impl Fn(usize) -> usize) -> Option<(f64, f64)> {
        let mut bounds = (1.0, 1.0);
        for (leg, source) in &self.legs {
            let (low, high) = match source {
                Source::Constant(rate) => (*rate, *rate),
                Source::Rows(rows) => {
                    let taken = rows.symbol.map_or(rows.rows.len(), &taken);
                    // Of ticks of one time the first may be the newest.
                    let start = rows.known(taken, first.saturating_sub(1)).saturating_sub(1);
                    let end = rows.known(taken, last);
                    let extent = (end > start).then(|| rows.rows.span(start..end).extent(true, true))?;
                    let low = Quote { bid: extent.bid_low, ask: extent.ask_low };
                    let high = Quote { bid: extent.bid_high, ask: extent.ask_high };
                    (low.mid(), high.mid())
                }
            };
            let (one, other) = (leg.of(low), leg.of(high));
            bounds = (bounds.0 * one.min(other), bounds.1 * one.max(other));
        }
        Some(bounds)
    }
}

/// F1: a row that is over with its step is the newest that is known then.
fn multiply_closes(rates: &mut [f64], leg: Leg, bids: &[f64], asks: &[f64]) {
    let mids = bids.iter().zip(asks).map(|(&bid, &ask)| Quote { bid, ask }.mid());
    rates.iter_mut().zip(mids).for_each(|(rate, mid)| *rate *= leg.of(mid));
}

fn multiply_known(rates: &mut [f64], leg: Leg, rows: &RateRows, steps: &impl Steps, from: usize) {
    let mut known = rows.known(rows.taken(steps, from), steps.end(from));
    for (step, rate) in (from..).zip(rates) {
        known = rows.known_after(known, rows.taken(steps, step), steps.end(step));
        *rate *= leg.of(rows.rate(known - 1));
    }
}
