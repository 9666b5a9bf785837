//! What a run over checked market data needs of the stepwise door.

use super::{Newest, Outcome, Stepwise};
use crate::column::Column;
use crate::engine::market::RateSeries;
use crate::error::Error;
use crate::execution::signal::Signal;
use crate::execution::simulator::StepBar;
use crate::market::quote::Quote;
use crate::market::series::Series;
use crate::market::span::{Rows, Span};
use crate::portfolio::journal::Reason;
use crate::portfolio::result::{PositionRow, RunResult};
use std::ops::Range;

impl Stepwise {
    /// Walks a step over data that were checked as a whole, spreads multiplied.
    ///
    /// # Errors
    /// As for a step, the data's own faults aside.
    pub(in crate::engine) fn walk_checked(&mut self, items: &[StepBar]) -> Result<(), Error> {
        self.check_unfinished()?;
        self.walk(items)
    }

    /// How many leading rows of a span the only symbol lives through unchanged, unless a signal comes.
    ///
    /// `drilled` is what a bar covers where bars are drilled, else 0; `rates` are all rates from outside the run.
    pub(in crate::engine) fn calm_rows(&mut self, rows: &Span, drilled: i64, rates: &[RateSeries]) -> usize {
        let outside = self.outside(rates);
        match self.lanes.as_slice() {
            [lane] if lane.waiting.is_empty() => self.simulator.calm_rows(0, rows, drilled, &outside),
            _ => 0,
        }
    }

    /// Lives through calm rows of the only symbol.
    pub(in crate::engine) fn pass_over(&mut self, series: &Series, rows: Range<usize>, rates: &[RateSeries]) {
        let (first, last, count) = (rows.start, rows.end - 1, rows.len() as u64);
        self.learn_until(series.time(last).saturating_add(series.timeframe()));
        let outside = self.outside(rates);
        self.simulator.pass_over_converted(0, &Rows::of(series).span(rows), &outside);
        let (bar, until) = (series.bar(last), series.time(last).saturating_add(series.timeframe()));
        let lane = &mut self.lanes[0];
        lane.waiting.pass(count);
        lane.newest = Some(Newest { bar, tick: series.is_ticks(), whole: true, until });
        self.steps += count;
        self.pass_time(series.time(first));
        self.pass_time(bar.time);
    }

    /// Whether a symbol has no open position.
    pub(in crate::engine) fn is_flat(&self, symbol: usize) -> bool {
        self.simulator.symbols[symbol].book.positions().next().is_none()
    }

    /// Writes down that a signal was refused before it reached the market.
    pub(in crate::engine) fn refuse(&mut self, signal: &Signal, reason: Reason) -> Outcome {
        let before = self.simulator.events.len();
        self.simulator.refuse(signal, reason);
        self.outcome(before)
    }

    /// Makes room for an equity row at each time of a series.
    pub(in crate::engine) fn expect_equity(&mut self, times: &Column<i64>) {
        self.simulator.expect_equity(times);
    }

    /// What there is by now, without a copy: the tables here are empty then.
    pub(in crate::engine) fn hand_over(&mut self) -> RunResult {
        let mut result = self.simulator.hand_over(self.tags.clone());
        (result.first_time, result.last_time, result.steps) = (self.first_time, self.last_time, self.steps);
        result
    }

    /// A symbol's last quote.
    pub(in crate::engine) fn quote(&self, symbol: usize) -> Quote {
        self.simulator.symbols[symbol].quote
    }

    /// The oldest open position of a symbol with a magic number.
    pub(in crate::engine) fn oldest_position(&self, symbol: usize, magic: i64) -> Option<PositionRow> {
        self.simulator.oldest_position(symbol, magic)
    }

    /// A3: margin of all open positions.
    pub(in crate::engine) fn margin_now(&mut self) -> f64 {
        self.simulator.margin_used()
    }
}
