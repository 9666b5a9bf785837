//! Conversion rates from outside the run: known beforehand, or told one by one (F1, F2).

use super::{argument, Stepwise};
use crate::account::rate_path::RateRows;
use crate::engine::market::RateSeries;
use crate::error::Error;
use crate::execution::simulator::{Simulator, StepBar};
use crate::market::quote::{Bar, Point};
use crate::market::series::Series;
use crate::market::span::Rows;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// One pair's rates that are not yet known at the time of the run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RateLane {
    pair: usize,
    /// Moments from which rates are known, and the rates.
    ahead: VecDeque<(i64, f64)>,
    newest: Option<i64>,
}

impl RateLane {
    /// One lane a pair that the simulator knows.
    pub(super) fn all(simulator: &Simulator, rates: &[RateSeries], pairs: &[(String, String)]) -> Vec<Self> {
        let known = rates.iter().map(|pair| (&pair.base, &pair.quote, ahead(&pair.series)));
        let unknown = pairs.iter().map(|(base, quote)| (base, quote, VecDeque::new()));
        let lane = |(base, quote, ahead): (&String, &String, VecDeque<(i64, f64)>)| {
            let newest = ahead.back().map(|&(known_from, _)| known_from);
            Some(Self { pair: simulator.rate_pair(base, quote)?, ahead, newest })
        };
        known.chain(unknown).filter_map(lane).collect()
    }
}

/// F1: the middle of each close, and from when on it is known.
fn ahead(series: &Series) -> VecDeque<(i64, f64)> {
    let row = |row: usize| {
        let known_from = series.time(row).saturating_add(series.timeframe());
        (known_from, series.bar(row).quote(Point::Close).mid())
    };
    (0..series.len()).map(row).collect()
}

impl Stepwise {
    /// F1: a bar or tick of a pair that was named at the start; its middle is known when it is over.
    ///
    /// # Errors
    /// A pair that was not named; prices that are none (Q3); a rate that comes before the newest one.
    pub fn on_rate(&mut self, base: &str, quote: &str, bar: &Bar, timeframe: i64) -> Result<(), Error> {
        self.check_unfinished()?;
        let name = format!("{base}{quote}");
        crate::market::bar_checks::check_bar(&name, bar, true)?;
        let pair = self.simulator.rate_pair(base, quote);
        let lane = self.rates.iter_mut().find(|lane| Some(lane.pair) == pair);
        let lane =
            lane.ok_or_else(|| argument("rates", &format!("{name} was not named when the simulator was made")))?;
        let known_from = bar.time.saturating_add(timeframe);
        if let Some(previous) = lane.newest.filter(|&newest| known_from <= newest) {
            return Err(Error::BarsOutOfOrder { symbol: name, row: 0, time: known_from, previous });
        }
        lane.ahead.push_back((known_from, bar.quote(Point::Close).mid()));
        lane.newest = Some(known_from);
        Ok(())
    }

    /// F1: the rows of rates that were all known beforehand.
    pub(super) fn outside<'a>(&self, rates: &'a [RateSeries]) -> Vec<RateRows<'a>> {
        let of = |series: &'a RateSeries| {
            let pair = self.simulator.rate_pair(&series.base, &series.quote)?;
            let (rows, lane) = (Rows::of(&series.series), self.rates.iter().find(|lane| lane.pair == pair)?);
            Some(RateRows { pair, rows, symbol: None, near: rows.len() - lane.ahead.len() })
        };
        rates.iter().filter_map(of).collect()
    }

    /// F1: tells the simulator every rate that is known by a moment.
    pub(super) fn learn_until(&mut self, moment: i64) {
        for lane in &mut self.rates {
            while let Some(&(known_from, rate)) = lane.ahead.front().filter(|next| next.0 <= moment) {
                self.simulator.learn_rate(lane.pair, known_from, rate);
                lane.ahead.pop_front();
            }
        }
    }

    /// F2: whether all rates are known that the beginning of a step needs.
    pub(super) fn check_rates(&mut self, time: i64, items: &[StepBar]) -> Result<(), Error> {
        if !self.simulator.rates_move() {
            return Ok(());
        }
        self.simulator.learn_ticks(items);
        let acts = |symbol: usize| {
            let of_symbol = |item: &&StepBar| item.symbol == symbol;
            let item = items.iter().find(of_symbol);
            item.is_some_and(|item| {
                self.lanes[symbol].waiting.acts_now(item.bar.time, item.tick, |item| item.signal.time)
            })
        };
        self.simulator.check_rates(time, acts)
    }
}
