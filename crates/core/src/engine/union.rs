//! Several symbols side by side: the sorted union of their times (T5).

use crate::engine::feed::Feed;
use crate::engine::rate_feed::learn;
use crate::engine::run::{Run, PASSED_FOR_ONE};
use crate::error::Error;
use crate::market::span::Span;

impl Run<'_> {
    /// Steps through the union, ticks of one time round by round, and passes over times at which nothing can happen.
    pub(super) fn advance_union(&mut self, until: u64, mut effort: u64) -> Result<bool, Error> {
        let passes = self.simulator.passes_over_unions();
        while let Some(time) = self.feeds.iter().filter_map(Feed::time).min() {
            if effort == 0 || self.rows >= until {
                return Ok(true);
            }
            let limit = effort.saturating_mul(PASSED_FOR_ONE).min(until - self.rows);
            let passed = if passes { self.pass_calm(time, limit as usize) } else { 0 };
            effort = effort.saturating_sub(1 + passed / PASSED_FOR_ONE);
            if passed == 0 {
                self.step_union(time)?;
            }
        }
        Ok(false)
    }

    fn step_union(&mut self, time: i64) -> Result<(), Error> {
        let longest = self.feeds.iter().map(|feed| feed.series.timeframe()).max().unwrap_or(0);
        let end = time.saturating_add(longest);
        learn(&mut self.rates, &mut self.simulator, time, end);
        let mut items = Vec::with_capacity(self.feeds.len());
        for feed in self.feeds.iter_mut().filter(|feed| feed.time() == Some(time)) {
            feed.schedule.deliver(time, &self.signals, &mut self.simulator);
            items.push(feed.take());
        }
        self.rows += items.len() as u64;
        self.steps += 1;
        self.simulator.step(time, &items)
    }

    /// Passes over the times before the first one at which more than the marks may change, and over at most `limit`
    /// rows of a symbol; how many rows that were.
    fn pass_calm(&mut self, time: i64, limit: usize) -> u64 {
        let signals = &self.signals;
        let mut wake = self.feeds.iter().map(|feed| feed.schedule.awake_from(signals)).min().unwrap_or(i64::MAX);
        for feed in self.feeds.iter_mut().filter(|feed| feed.time().is_some()) {
            if wake <= time {
                return 0;
            }
            wake = wake.min(feed.wakes_at(&self.simulator, self.drills, limit));
        }
        let feeds: Vec<_> = self.feeds.iter().map(|feed| (feed.rows, feed.next_row())).collect();
        let mut spans: Vec<Span> = feeds.iter().map(|(rows, next)| rows.span_until(*next, wake)).collect();
        let passed = self.simulator.mark_union(&spans, &self.rates);
        self.steps += passed.steps;
        if let Some(rows) = passed.rows {
            spans.iter_mut().zip(rows).for_each(|(span, rows)| *span = span.first_rows(rows));
        }
        self.live_over(&spans);
        let rows = spans.iter().map(|span| span.len() as u64).sum();
        self.rows += rows;
        rows
    }

    /// Lets every symbol live through its rows, and the account stand at the rates of their end.
    fn live_over(&mut self, lived: &[Span]) {
        let last_time = |span: &Span| span.times().last().copied();
        let Some(last) = lived.iter().filter_map(last_time).max() else {
            return;
        };
        let newest = lived.iter().filter(|span| last_time(span) == Some(last));
        let end = last.saturating_add(newest.map(Span::timeframe).max().unwrap_or_default());
        learn(&mut self.rates, &mut self.simulator, last, end);
        for (feed, span) in self.feeds.iter_mut().zip(lived) {
            self.simulator.live_over(feed.symbol, span);
            feed.pass_over(span.len());
        }
        self.simulator.settle_rates(last, end);
    }
}
