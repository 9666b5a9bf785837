//! The stepwise door: one bar or tick at a time, one signal at a time, the same simulator.
//!
//! Fed with the work of a batch it leaves what the batch leaves, to the bit: signals before the bar on which they act,
//! all symbols that have a bar at one time in one step, `last` on the last bar of a symbol that ends before the others.

mod checks;
mod led;
mod outcome;
mod rates;
mod signals;
mod tickets;
mod views;

pub use self::outcome::{Outcome, Status};
use self::rates::RateLane;
use crate::config::Config;
use crate::engine::market::RateSeries;
use crate::engine::waiting::{ActsAt, Timing, Waiting};
use crate::error::Error;
use crate::execution::rules::Intrabar;
use crate::execution::signal::Signal;
use crate::execution::simulator::{end_of, Simulator, StepBar};
use crate::market::quote::Bar;
use crate::market::series::Series;
use crate::portfolio::equity::EquityMode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a stepwise simulator begins with, besides its settings.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The symbols in the order of a step (T5); all of the settings', in their order, where not given.
    pub symbols: Option<Vec<String>>,
    /// Rows of the equity table.
    pub equity: EquityMode,
    /// F1: pairs whose rates come from outside the run, as far as they are known already.
    pub rates: Vec<RateSeries>,
    /// F1: base and quote of pairs of which nothing is known yet.
    pub pairs: Vec<(String, String)>,
    /// What a bar of a symbol covers, in nanoseconds, where its bars do not say.
    pub timeframes: BTreeMap<String, i64>,
}

/// A simulator that is driven bar by bar.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stepwise {
    simulator: Simulator,
    symbols: Vec<String>,
    lanes: Vec<Lane>,
    rates: Vec<RateLane>,
    tags: Vec<String>,
    tag_indices: BTreeMap<String, u32>,
    /// Signals so far.
    signals: u64,
    steps: u64,
    first_time: Option<i64>,
    last_time: Option<i64>,
    finished: bool,
    /// Whether a step failed half-way.
    halted: bool,
}

/// One symbol's place in time.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Lane {
    waiting: Waiting<Numbered>,
    newest: Option<Newest>,
    /// L4: time of the newest signal, and how many of that time came before it.
    signal: Option<(i64, u32)>,
    /// M7: whether its last bar is over.
    ended: bool,
    /// Nanoseconds that its bars cover; 0 where that is not known.
    timeframe: i64,
}

/// What a symbol has seen last.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Newest {
    bar: Bar,
    tick: bool,
    /// Whether all of the symbol met it, or single tickets.
    whole: bool,
    /// B6: when its step was over.
    until: i64,
}

/// A signal and its place among all of them (T7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Numbered {
    number: u64,
    signal: Signal,
}

impl Stepwise {
    /// A simulator at its start.
    ///
    /// # Errors
    /// A setting out of range, an unknown symbol, or one whose money cannot be converted.
    pub fn new(config: Config, setup: Setup) -> Result<Self, Error> {
        let Setup { symbols, equity, rates, pairs, timeframes } = setup;
        let symbols = symbols.unwrap_or_else(|| config.instruments.iter().map(|one| one.symbol.clone()).collect());
        let twice = symbols.iter().enumerate().find(|(index, symbol)| symbols[..*index].contains(symbol));
        if let Some((_, symbol)) = twice {
            return Err(argument("symbols", &format!("{symbol:?} is given twice")));
        }
        if let Some(symbol) = timeframes.keys().find(|symbol| !symbols.contains(symbol)) {
            return Err(Error::UnknownSymbol { symbol: symbol.clone(), known: symbols });
        }
        let timing = Timing::new(&config.rules)?;
        let lane = |symbol: &String| Lane {
            waiting: Waiting::new(timing),
            newest: None,
            signal: None,
            ended: false,
            timeframe: timeframes.get(symbol).copied().unwrap_or(0),
        };
        let known = rates.iter().map(|pair| (pair.base.clone(), pair.quote.clone()));
        let all: Vec<_> = known.chain(pairs.iter().cloned()).collect();
        let simulator = Simulator::with_rates(config, &symbols, &all, equity)?;
        Ok(Self {
            lanes: symbols.iter().map(lane).collect(),
            rates: RateLane::all(&simulator, &rates, &pairs),
            simulator,
            symbols,
            tags: Vec::new(),
            tag_indices: BTreeMap::new(),
            signals: 0,
            steps: 0,
            first_time: None,
            last_time: None,
            finished: false,
            halted: false,
        })
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.simulator.config
    }

    /// The symbols, in the order of a step (T5).
    #[must_use]
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// Index of a symbol.
    ///
    /// # Errors
    /// `Error::UnknownSymbol` lists the known ones.
    pub fn symbol(&self, name: &str) -> Result<usize, Error> {
        let index = self.symbols.iter().position(|symbol| symbol == name);
        index.ok_or_else(|| Error::UnknownSymbol { symbol: name.into(), known: self.symbols.clone() })
    }

    /// Index of a label among the tags; a new one is added.
    pub fn tag(&mut self, text: &str) -> u32 {
        if let Some(&index) = self.tag_indices.get(text) {
            return index;
        }
        let index = self.tags.len() as u32;
        self.tags.push(text.into());
        self.tag_indices.insert(text.into(), index);
        index
    }

    /// The labels behind the tag indices.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// Time of the newest bar or tick of a symbol.
    #[must_use]
    pub fn newest_time(&self, symbol: usize) -> Option<i64> {
        self.lanes[symbol].newest.map(|newest| newest.bar.time)
    }

    /// The time that a signal without one has: that of the symbol's newest bar, tick or signal.
    ///
    /// # Errors
    /// There has been none.
    pub fn now(&self, symbol: usize) -> Result<i64, Error> {
        let lane = &self.lanes[symbol];
        let newest = lane.newest.map(|newest| newest.bar.time);
        newest
            .max(lane.signal.map(|(time, _)| time))
            .ok_or_else(|| argument("time", &format!("missing, and {} has seen no bar yet", self.symbols[symbol])))
    }

    /// The symbol of a ticket that is pending or open.
    ///
    /// # Errors
    /// There is no such ticket.
    pub fn symbol_of(&self, ticket: u64) -> Result<usize, Error> {
        self.simulator.symbol_of(ticket).ok_or_else(|| no_ticket(ticket, "pending order or open position"))
    }

    /// Walks one step: all bars and ticks of one time, a symbol at most once each, in the order of the symbols (T5).
    ///
    /// # Errors
    /// A bar that does not come after the one before it (T4), prices that are none (Q3), missing ask prices (Q4),
    /// symbols out of order, signals that ticks cannot serve (T3, T8), a conversion rate that is not known (F2).
    /// Nothing has changed then; a rate that grows too old within the step halts the simulator.
    pub fn step(&mut self, items: &[StepBar]) -> Result<(), Error> {
        match items {
            [item] => {
                let item = self.checked(item)?;
                self.walk(&[item])
            }
            _ => {
                self.check_together(items)?;
                let items = items.iter().map(|item| self.checked(item)).collect::<Result<Vec<_>, _>>()?;
                self.walk(&items)
            }
        }
    }

    /// M7, T7: the data are over: positions close at the last marks, signals that never acted are written down.
    ///
    /// # Errors
    /// It was finished before.
    pub fn finish(&mut self) -> Result<(), Error> {
        self.check_unfinished()?;
        let open: Vec<usize> = (0..self.lanes.len()).filter(|&symbol| self.ends_now(symbol)).collect();
        if !self.config().rules.legacy() && !open.is_empty() {
            self.simulator.end_of_symbols(&open);
        }
        let mut left: Vec<Numbered> = self.lanes.iter().flat_map(|lane| lane.waiting.left().cloned()).collect();
        left.sort_by_key(|item| item.number);
        for item in left {
            self.simulator.unfilled(&item.signal);
        }
        for lane in &mut self.lanes {
            lane.waiting.clear();
        }
        self.finished = true;
        Ok(())
    }

    /// M7: whether the end of the run is the end of a symbol's data.
    fn ends_now(&self, symbol: usize) -> bool {
        self.lanes[symbol].newest.is_some() && !self.lanes[symbol].ended
    }

    fn walk(&mut self, items: &[StepBar]) -> Result<(), Error> {
        let Some(time) = items.first().map(|item| item.bar.time) else {
            return Ok(());
        };
        let until = end_of(time, items);
        self.learn_until(until);
        self.check_rates(time, items)?;
        for item in items {
            self.deliver(item);
        }
        let done = if self.config().rules.intrabar == Intrabar::Drill && items.iter().any(|item| !item.finer.is_empty())
        {
            let widened: Vec<Vec<Series>> = items.iter().map(|item| self.finer(item)).collect();
            let items: Vec<StepBar> =
                items.iter().zip(&widened).map(|(item, finer)| StepBar { finer, ..*item }).collect();
            self.simulator.step(time, &items)
        } else {
            self.simulator.step(time, items)
        };
        for item in items {
            let lane = &mut self.lanes[item.symbol];
            lane.newest = Some(Newest { bar: item.bar, tick: item.tick, whole: true, until });
            lane.ended |= item.last;
        }
        self.steps += 1;
        self.pass_time(time);
        self.halt_on(done)
    }

    /// F2: what failed half-way leaves no state to go on from.
    fn halt_on(&mut self, done: Result<(), Error>) -> Result<(), Error> {
        self.halted |= done.is_err();
        done
    }

    /// I5, C2: the finer series of a bar, spreads multiplied.
    fn finer(&self, item: &StepBar) -> Vec<Series> {
        let config = self.config();
        let instrument = &self.simulator.symbols[item.symbol].instrument;
        let widened = |series: &Series| series.with_spread_multiplier(config.costs.spread_multiplier, instrument);
        item.finer.iter().map(widened).collect()
    }

    fn deliver(&mut self, item: &StepBar) {
        let lane = &mut self.lanes[item.symbol];
        let simulator = &mut self.simulator;
        // T8: the bar of its time never came.
        while lane.waiting.next_at_close().is_some_and(|next| next.signal.time < item.bar.time) {
            if let Some(missed) = lane.waiting.drop_at_close() {
                simulator.unfilled(&missed.signal);
            }
        }
        lane.waiting.deliver(
            item.bar.time,
            item.tick,
            |item| item.signal.time,
            |at, item| match at {
                ActsAt::Open => simulator.deliver(item.signal),
                ActsAt::Close => simulator.deliver_at_close(item.signal),
            },
        );
    }

    fn pass_time(&mut self, time: i64) {
        self.first_time = self.first_time.or(Some(time));
        self.last_time = Some(time);
    }

    fn check_unfinished(&self) -> Result<(), Error> {
        if self.halted {
            return Err(Error::Broken);
        }
        if self.finished {
            return Err(argument("simulator", "it is finished; make a new one or restore a snapshot"));
        }
        Ok(())
    }
}

fn no_ticket(ticket: u64, what: &str) -> Error {
    argument("ticket", &format!("{ticket} is no {what}"))
}

fn argument(what: &str, message: &str) -> Error {
    Error::Argument { what: what.into(), message: message.into() }
}
