//! Currency conversion: which rates lead from one currency to another, and what they are by now (F).

use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// F1: pairs with their rates, as far as they are known by now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    hub: String,
    stale_limit: Option<i64>,
    pairs: Vec<Pair>,
}

/// F1: one base in units of one quote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pair {
    base: String,
    quote: String,
    constant: Option<f64>,
    /// Moments from which rates are known, and the rates: the newest that can still be asked for and all later ones.
    known: VecDeque<(i64, f64)>,
}

/// F1: how money of one currency becomes money of another: at most two pairs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Route(Vec<Leg>);

/// F1: one pair of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Leg {
    pub(crate) pair: usize,
    inverse: bool,
}

impl Leg {
    /// F1: what the pair's rate multiplies money by.
    #[inline]
    pub(crate) fn of(self, rate: f64) -> f64 {
        if self.inverse {
            1.0 / rate
        } else {
            rate
        }
    }
}

impl Rates {
    /// No pairs yet.
    #[must_use]
    pub fn new(hub: &str, stale_limit: Option<i64>) -> Self {
        Self { hub: hub.into(), stale_limit, pairs: Vec::new() }
    }

    /// Adds a pair, or finds it: what was given first stays.
    pub fn add(&mut self, base: &str, quote: &str, constant: Option<f64>) -> usize {
        if let Some(index) = self.find(base, quote) {
            return index;
        }
        self.pairs.push(Pair { base: base.into(), quote: quote.into(), constant, known: VecDeque::new() });
        self.pairs.len() - 1
    }

    /// Index of a pair.
    #[must_use]
    pub fn find(&self, base: &str, quote: &str) -> Option<usize> {
        self.pairs.iter().position(|pair| pair.base == base && pair.quote == quote)
    }

    /// F1: identity, a given pair, its inverse, or two of these through the hub. F2: `None` where there is no path.
    #[must_use]
    pub fn route(&self, from: &str, to: &str) -> Option<Route> {
        if from == to {
            return Some(Route::default());
        }
        if let Some(leg) = self.leg(from, to) {
            return Some(Route(vec![leg]));
        }
        Some(Route(vec![self.leg(from, &self.hub)?, self.leg(&self.hub, to)?]))
    }

    fn leg(&self, from: &str, to: &str) -> Option<Leg> {
        let direct = self.find(from, to).map(|pair| Leg { pair, inverse: false });
        direct.or_else(|| self.find(to, from).map(|pair| Leg { pair, inverse: true }))
    }

    /// F1: a rate that is known from a moment on; the newer one of the same moment holds.
    pub fn learn(&mut self, pair: usize, known_from: i64, rate: f64) {
        let pair = &mut self.pairs[pair];
        if pair.constant.is_some() {
            return;
        }
        let at = pair.known.partition_point(|known| known.0 <= known_from);
        match at.checked_sub(1).and_then(|before| pair.known.get_mut(before)) {
            Some(known) if known.0 == known_from => known.1 = rate,
            _ => pair.known.insert(at, (known_from, rate)),
        }
    }

    /// Forgets rates that newer ones had replaced by a moment; nobody asks about an earlier one any more.
    pub fn forget_before(&mut self, moment: i64) {
        for pair in &mut self.pairs {
            while pair.known.get(1).is_some_and(|&(known_from, _)| known_from <= moment) {
                pair.known.pop_front();
            }
        }
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there are no pairs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// F1: the one rate by which money is multiplied.
    ///
    /// # Errors
    /// F2: a rate that is not known yet, or too old.
    pub fn rate(&self, route: &Route, moment: i64) -> Result<f64, Error> {
        route.0.iter().try_fold(1.0, |rate, &leg| Ok(rate * self.leg_rate(leg, moment)?))
    }

    fn leg_rate(&self, leg: Leg, moment: i64) -> Result<f64, Error> {
        let pair = &self.pairs[leg.pair];
        match (pair.constant, pair.newest(moment)) {
            (Some(rate), _) => Ok(leg.of(rate)),
            (None, None) => Err(Error::UnknownRate { pair: pair.name(), time: moment }),
            (None, Some((known_from, _))) if is_stale(self.stale_limit, known_from, moment) => {
                Err(Error::StaleRate { pair: pair.name(), time: moment, newest: known_from })
            }
            (None, Some((_, rate))) => Ok(leg.of(rate)),
        }
    }

    /// F2: how old a rate may be.
    pub(crate) fn stale_limit(&self) -> Option<i64> {
        self.stale_limit
    }

    /// The constant rate of a pair that has one.
    pub(crate) fn constant(&self, pair: usize) -> Option<f64> {
        self.pairs[pair].constant
    }

    /// N55: the pair of a route whose rate has been known longest at a moment, and since when; constants do not age.
    #[must_use]
    pub(crate) fn oldest(&self, route: &Route, moment: i64) -> Option<(&Pair, i64)> {
        let moving = route.0.iter().map(|leg| &self.pairs[leg.pair]).filter(|pair| pair.constant.is_none());
        moving.filter_map(|pair| Some((pair, pair.newest(moment)?.0))).min_by_key(|&(_, known_from)| known_from)
    }

    /// Whether the rate of a route can change during a run.
    #[must_use]
    pub fn moves(&self, route: &Route) -> bool {
        route.0.iter().any(|leg| self.pairs[leg.pair].constant.is_none())
    }
}

/// F2: whether a rate that is known since a moment is too old at another.
pub(crate) fn is_stale(limit: Option<i64>, known_from: i64, moment: i64) -> bool {
    limit.is_some_and(|limit| moment.saturating_sub(known_from) > limit)
}

impl Route {
    /// Whether nothing is converted.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs whose rates are multiplied, in this order.
    pub(crate) fn legs(&self) -> &[Leg] {
        &self.0
    }
}

impl Pair {
    /// The newest rate that is known at a moment, and since when.
    fn newest(&self, moment: i64) -> Option<(i64, f64)> {
        self.known.iter().rev().find(|&&(known_from, _)| known_from <= moment).copied()
    }

    pub(crate) fn name(&self) -> String {
        format!("{}{}", self.base, self.quote)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates() -> Rates {
        let mut rates = Rates::new("USD", Some(100));
        rates.add("EUR", "USD", Some(1.25));
        rates.add("USD", "JPY", Some(160.0));
        rates
    }

    #[test]
    fn f1_identity_direct_inverse_and_through_the_hub() {
        let rates = rates();
        let rate = |from: &str, to: &str| rates.rate(&rates.route(from, to).unwrap(), 0).unwrap();
        assert_eq!(rate("EUR", "EUR"), 1.0);
        assert_eq!(rate("EUR", "USD"), 1.25);
        assert_eq!(rate("USD", "EUR"), 1.0 / 1.25);
        assert_eq!(rate("JPY", "EUR"), 1.0 / 160.0 * (1.0 / 1.25));
    }

    #[test]
    fn f2_no_path_is_no_rate() {
        assert_eq!(rates().route("GBP", "EUR"), None);
    }

    #[test]
    fn f1_a_rate_is_known_from_the_end_of_its_bar() {
        let mut rates = Rates::new("USD", Some(100));
        let pair = rates.add("EUR", "USD", None);
        rates.learn(pair, 60, 1.1);
        rates.learn(pair, 120, 1.2);
        let route = rates.route("EUR", "USD").unwrap();
        assert!(matches!(rates.rate(&route, 59), Err(Error::UnknownRate { .. })));
        assert_eq!(rates.rate(&route, 60), Ok(1.1));
        assert_eq!(rates.rate(&route, 121), Ok(1.2));
        assert_eq!(rates.rate(&route, 119), Ok(1.1));
        rates.forget_before(121);
        assert_eq!(rates.rate(&route, 221), Err(Error::StaleRate { pair: "EURUSD".into(), time: 221, newest: 120 }));
    }
}
