//! A run over market data that can be driven in parts.

use crate::account::rate_path::RateRows;
use crate::config::Config;
use crate::engine::dues::KnownDues;
use crate::engine::feed::Feed;
use crate::engine::market::Market;
use crate::engine::rate_feed::{learn, rate_feeds};
use crate::engine::schedule::Schedule;
use crate::error::Error;
use crate::execution::rules::Intrabar;
use crate::execution::signal_rows::SignalRows;
use crate::execution::signal_table::SignalTable;
use crate::execution::simulator::Simulator;
use crate::portfolio::equity::EquityMode;
use crate::portfolio::result::RunResult;
use crate::snapshot::{self, Kind};
use serde::{Deserialize, Serialize};

/// Rows passed over that cost about as much as one stepped through.
pub(super) const PASSED_FOR_ONE: u64 = 256;

/// A run in progress: driven in one call or in many, it leaves the same.
pub struct Run<'a> {
    pub(super) simulator: Simulator,
    market: &'a Market,
    table: &'a SignalTable,
    pub(super) signals: SignalRows<'a>,
    pub(super) feeds: Vec<Feed<'a>>,
    pub(super) rates: Vec<RateRows<'a>>,
    pub(super) drills: bool,
    pub(super) rows: u64,
    pub(super) steps: u64,
}

impl<'a> Run<'a> {
    /// A run at its start, over data that [`Market::prepared`] made.
    ///
    /// # Errors
    /// Settings out of range, a symbol without instrument or conversion, signals that do not overlap the data.
    pub fn new(config: &Config, market: &'a Market, table: &'a SignalTable, equity: EquityMode) -> Result<Self, Error> {
        let signals = table.rows();
        let symbols: Vec<String> = market.symbols.iter().map(|entry| entry.symbol.clone()).collect();
        let given: Vec<_> = market.rates.iter().map(|pair| (pair.base.clone(), pair.quote.clone())).collect();
        let mut simulator = Simulator::with_rates(config.clone(), &symbols, &given, equity)?;
        let rates = rate_feeds(&simulator, &market.rates);
        market.check_signals(config, table)?;
        let feeds = feeds(config, market, &signals)?;
        // Of several symbols the longest one mostly has all times, or nearly.
        if let Some(feed) = feeds.iter().max_by_key(|feed| feed.series.len()) {
            simulator.expect_equity(feed.series.time_column());
        }
        let drills = config.rules.intrabar == Intrabar::Drill;
        Ok(Self { simulator, market, table, signals, feeds, rates, drills, rows: 0, steps: 0 })
    }

    /// The same run with room for events.
    #[must_use]
    pub(super) fn with_journal(mut self) -> Self {
        self.simulator.reserve_events(2 * self.signals.len());
        self
    }

    /// The same run without events, as many follow each other: with room for trades, most signals being refused.
    #[must_use]
    pub(super) fn without_journal(mut self) -> Self {
        self.simulator.stop_journal();
        self.simulator.reserve_trades(self.signals.len() / 4);
        self
    }

    /// The same run with what is known of its signals, those of a table that other runs over the same data have too.
    #[must_use]
    pub(super) fn with_known_dues(mut self, known: &KnownDues, table: usize) -> Self {
        if let [feed] = self.feeds.as_mut_slice() {
            feed.schedule.share(known, table, &self.signals, &feed.rows);
        }
        self
    }

    /// Rows of market data in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.feeds.iter().map(|feed| feed.series.len() as u64).sum()
    }

    /// Rows of market data behind.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.rows
    }

    /// Goes on for about `rows` rows of market data; `false` when there are none left.
    ///
    /// # Errors
    /// F2: a conversion rate that is needed and not known, or too old.
    pub fn advance(&mut self, rows: u64) -> Result<bool, Error> {
        self.advance_within(rows, rows)
    }

    /// The same, for as long as it takes to step through `effort` rows; rows passed over take far less.
    pub(super) fn advance_within(&mut self, rows: u64, effort: u64) -> Result<bool, Error> {
        let until = self.rows.saturating_add(rows);
        if self.feeds.len() == 1 {
            self.advance_one(until, effort)
        } else {
            self.advance_union(until, effort)
        }
    }

    /// Steps through one symbol, passing over the bars in which nothing can happen.
    fn advance_one(&mut self, until: u64, mut effort: u64) -> Result<bool, Error> {
        let [feed] = self.feeds.as_mut_slice() else {
            return Ok(false);
        };
        let timeframe = if self.drills && !feed.series.is_ticks() { feed.series.timeframe() } else { 0 };
        while feed.time().is_some() {
            if effort == 0 || self.rows >= until {
                return Ok(true);
            }
            let limit = effort.saturating_mul(PASSED_FOR_ONE).min(until - self.rows) as usize;
            let (passed, delivered) = feed.pass(&self.signals, &mut self.simulator, &mut self.rates, timeframe, limit);
            self.rows += passed as u64;
            self.steps += passed as u64;
            effort = effort.saturating_sub(1 + passed as u64 / PASSED_FOR_ONE);
            let Some(time) = feed.time() else {
                break;
            };
            let end = time.saturating_add(feed.series.timeframe());
            learn(&mut self.rates, &mut self.simulator, time, end);
            if !delivered {
                feed.schedule.deliver(time, &self.signals, &mut self.simulator);
            }
            self.simulator.step(time, &[feed.take()])?;
            self.rows += 1;
            self.steps += 1;
        }
        Ok(false)
    }

    /// T7: writes down the signals that never acted, and hands over what the run leaves.
    #[must_use]
    pub fn finish(mut self) -> RunResult {
        let mut left: Vec<usize> = self.feeds.iter().flat_map(|feed| feed.schedule.left()).collect();
        left.sort_unstable();
        for row in left {
            self.simulator.unfilled(&self.signals.row(row));
        }
        let mut result = self.simulator.into_result(self.table.tags().to_vec());
        result.first_time = self.market.first_time();
        result.last_time = self.market.last_time();
        result.steps = self.steps;
        result
    }
}

/// R3: where a run stands, beside the data that it was given.
#[derive(Serialize, Deserialize)]
struct Standing<S> {
    /// Settings, data and signals that it belongs to.
    work: String,
    simulator: S,
    feeds: Vec<(usize, Schedule)>,
    rates: Vec<usize>,
    rows: u64,
    steps: u64,
}

impl Run<'_> {
    /// R3: where the run stands, as bytes; `work` names its settings, data and signals.
    ///
    /// # Errors
    /// `Error::Internal`, never by any state that a caller can make.
    pub fn snapshot(&self, work: &str) -> Result<Vec<u8>, Error> {
        let standing = Standing {
            work: work.into(),
            simulator: &self.simulator,
            feeds: self.feeds.iter().map(|feed| (feed.next_row(), feed.schedule.clone())).collect(),
            rates: self.rates.iter().map(|feed| feed.near).collect(),
            rows: self.rows,
            steps: self.steps,
        };
        snapshot::write(Kind::Run, &standing)
    }

    /// R3: goes on from a snapshot of the same work.
    ///
    /// # Errors
    /// `Error::Snapshot` says what is wrong with the bytes, or that they belong to other work.
    pub fn resume(&mut self, work: &str, bytes: &[u8]) -> Result<(), Error> {
        let standing: Standing<Simulator> = snapshot::read(Kind::Run, bytes)?;
        if standing.work != work || standing.feeds.len() != self.feeds.len() || standing.rates.len() != self.rates.len()
        {
            let message = "it belongs to other settings, data or signals; start this run without it";
            return Err(Error::Snapshot { message: message.into() });
        }
        self.simulator = standing.simulator;
        for (feed, (next, schedule)) in self.feeds.iter_mut().zip(standing.feeds) {
            feed.go_to(next, schedule);
        }
        for (feed, next) in self.rates.iter_mut().zip(standing.rates) {
            feed.near = next;
        }
        (self.rows, self.steps) = (standing.rows, standing.steps);
        Ok(())
    }
}

fn feeds<'a>(config: &Config, market: &'a Market, signals: &SignalRows) -> Result<Vec<Feed<'a>>, Error> {
    if let [entry] = market.symbols.as_slice() {
        return Ok(vec![Feed::new(&config.rules, 0, entry, signals, (0..signals.len()).collect())?]);
    }
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); market.symbols.len()];
    for row in 0..signals.len() {
        rows[signals.symbol[row] as usize].push(row);
    }
    let entries = market.symbols.iter().zip(rows).enumerate();
    entries.map(|(symbol, (entry, rows))| Feed::new(&config.rules, symbol, entry, signals, rows)).collect()
}
