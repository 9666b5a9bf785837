//! Whether a bar or tick may come now (T4, T5, Q3, Q4).

use super::signals::check_ticks;
use super::{argument, Stepwise};
use crate::error::Error;
use crate::execution::simulator::StepBar;
use crate::market::bar_checks::check_bar;
use crate::market::quote::Bar;
use crate::market::widening::widened_bar;

impl Stepwise {
    pub(super) fn checked<'a>(&self, item: &StepBar<'a>) -> Result<StepBar<'a>, Error> {
        let item = self.prepared(item)?;
        self.check_time(&item)?;
        let lane = &self.lanes[item.symbol];
        if item.tick && !lane.waiting.is_empty() {
            for waiting in lane.waiting.left() {
                check_ticks(&self.symbols[item.symbol], lane.waiting.timing(), &waiting.signal)?;
            }
        }
        Ok(item)
    }

    /// Q3, Q4, C2: the bar as a run sees it.
    pub(super) fn prepared<'a>(&self, item: &StepBar<'a>) -> Result<StepBar<'a>, Error> {
        self.check_unfinished()?;
        let symbol = &self.symbols[item.symbol];
        if self.lanes[item.symbol].ended {
            return Err(argument("bar", &format!("{symbol}: its last bar was given before")));
        }
        if !item.has_ask && !self.config().rules.legacy() {
            return Err(Error::MissingAsk {
                symbol: symbol.clone(),
                needed_by: "every rule but preset \"legacy\"".into(),
            });
        }
        check_bar(symbol, &item.bar, item.has_ask)?;
        let multiplier = self.config().costs.spread_multiplier;
        let mut item = *item;
        if multiplier != 1.0 && item.has_ask {
            let grid = self.simulator.symbols[item.symbol].instrument.grid();
            item.bar = widened_bar(&item.bar, multiplier, grid);
            self.check_widened(symbol, &item.bar)?;
        }
        item.timeframe = self.timeframe(&item)?;
        Ok(item)
    }

    /// C2: a multiplied spread may not take a bid to zero.
    fn check_widened(&self, symbol: &str, bar: &Bar) -> Result<(), Error> {
        if bar.bid.low > 0.0 {
            return Ok(());
        }
        Err(Error::SpreadTooWide {
            symbol: symbol.into(),
            row: self.steps as usize,
            time: bar.time,
            multiplier: self.config().costs.spread_multiplier,
            bid: bar.bid.low,
        })
    }

    /// F1, I5: what the bar covers; a nanosecond where nobody needs to know.
    fn timeframe(&self, item: &StepBar) -> Result<i64, Error> {
        let given = if item.timeframe > 0 { item.timeframe } else { self.lanes[item.symbol].timeframe };
        let needed = self.simulator.rates_move() || !item.finer.is_empty();
        match given {
            _ if item.tick => Ok(0),
            0 if needed => {
                let message = "missing; drilling and moving conversion rates need to know when a bar is over";
                Err(argument("timeframe", message))
            }
            0 => Ok(1),
            given => Ok(given),
        }
    }

    /// T4: times of bars rise, times of ticks and of the run never fall.
    pub(super) fn check_time(&self, item: &StepBar) -> Result<(), Error> {
        let (time, symbol) = (item.bar.time, || self.symbols[item.symbol].clone());
        if let Some(newest) = self.lanes[item.symbol].newest {
            let previous = newest.bar.time;
            if item.tick && time < previous {
                return Err(Error::TicksOutOfOrder { symbol: symbol(), row: self.steps as usize, time, previous });
            }
            let same = time == previous && !newest.tick;
            if !item.tick && (time < previous || same) {
                return Err(Error::BarsOutOfOrder { symbol: symbol(), row: self.steps as usize, time, previous });
            }
        }
        match self.last_time {
            Some(previous) if time < previous => {
                Err(Error::TicksOutOfOrder { symbol: symbol(), row: self.steps as usize, time, previous })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_together(&self, items: &[StepBar]) -> Result<(), Error> {
        let Some(first) = items.first() else {
            return Err(argument("bars", "none; expected at least one"));
        };
        if items.windows(2).any(|pair| pair[0].symbol >= pair[1].symbol) {
            return Err(argument("bars", "expected each symbol once, in the order of the symbols"));
        }
        match items.iter().find(|item| item.bar.time != first.bar.time) {
            Some(other) => Err(argument(
                "bars",
                &format!(
                    "{} at {} and {} at {}; expected one time",
                    self.symbols[first.symbol],
                    crate::time::display(first.bar.time),
                    self.symbols[other.symbol],
                    crate::time::display(other.bar.time)
                ),
            )),
            None => Ok(()),
        }
    }
}
