//! When each signal acts (T3, T8, L6).

use crate::error::Error;
use crate::execution::rules::{MarketFill, Rules, SignalLag};
use crate::execution::signal::Signal;
use crate::execution::signal_table::SignalTable;
use crate::execution::simulator::Simulator;
use crate::market::series::Series;
use std::collections::VecDeque;

const MILLISECOND: i64 = 1_000_000;

/// The signals of one symbol that have not acted yet.
#[derive(Debug)]
pub struct Schedule {
    timing: Timing,
    /// Rows that act at an open, in row order.
    rows: Queue,
    /// T8: rows that fill at the close of the bar with their time, in row order.
    close_rows: Queue,
    /// Bars of the symbol so far.
    bars: u64,
}

/// T3, L6: from a signal's time to the moment it acts.
#[derive(Clone, Copy, Debug)]
struct Timing {
    lag: SignalLag,
    ticks: bool,
    delay: u32,
    legacy: bool,
}

#[derive(Debug, Default)]
struct Queue {
    rows: Vec<usize>,
    next: usize,
    /// L6: rows whose moment has come, with the bar at which they act.
    delayed: VecDeque<(u64, usize)>,
}

impl Schedule {
    /// The schedule of one symbol's rows.
    ///
    /// # Errors
    /// Signals on ticks without `signal_timeframe` (T3); `signal_close` without a bar of the signal's time (T8).
    pub fn new(rules: &Rules, series: &Series, table: &SignalTable, rows: Vec<usize>) -> Result<Self, Error> {
        let lag = rules.signal_lag()?;
        let ticks = series.is_ticks();
        let at_close = rules.market_fill == MarketFill::SignalClose && !rules.legacy();
        if ticks && !rows.is_empty() && !rules.legacy() && lag == SignalLag::NextBar {
            return Err(Error::MissingSignalTimeframe { symbol: series.symbol().into() });
        }
        let fills_at_close = |row: &usize| at_close && table.row(*row).is_market_open();
        let (close_rows, rows): (Vec<usize>, Vec<usize>) = rows.into_iter().partition(fills_at_close);
        if let Some(&row) = close_rows.iter().find(|&&row| ticks || series.find(table.time(row)).is_none()) {
            return Err(Error::MissingSignalBar { symbol: series.symbol().into(), row, time: table.time(row) });
        }
        let queue = |rows| Queue { rows, ..Queue::default() };
        let timing = Timing { lag, ticks, delay: rules.delay, legacy: rules.legacy() };
        Ok(Self { timing, rows: queue(rows), close_rows: queue(close_rows), bars: 0 })
    }

    /// Hands the signals that act at a bar or tick to the simulator.
    pub fn deliver(&mut self, time: i64, table: &SignalTable, simulator: &mut Simulator) {
        let (bar, timing) = (self.bars, self.timing);
        self.bars += 1;
        while let Some(row) = self.rows.due(|row| timing.acts_from(table.time(row)).is_some_and(|from| from <= time)) {
            self.rows.delayed.push_back((bar + timing.bars_of_delay(), row));
        }
        while let Some(row) = self.close_rows.due(|row| table.time(row) <= time) {
            self.close_rows.delayed.push_back((bar + timing.bars_of_delay(), row));
        }
        while let Some(row) = self.rows.ready(bar) {
            simulator.deliver(table.row(row));
        }
        while let Some(row) = self.close_rows.ready(bar) {
            simulator.deliver_at_close(table.row(row));
        }
    }

    /// The time from which on a signal may act; bars before it may be passed over.
    #[must_use]
    pub fn awake_from(&self, table: &SignalTable) -> i64 {
        if !self.rows.delayed.is_empty() || !self.close_rows.delayed.is_empty() {
            return i64::MIN;
        }
        let opens = self.rows.peek().and_then(|row| self.timing.acts_from(table.time(row))).unwrap_or(i64::MAX);
        let closes = self.close_rows.peek().map_or(i64::MAX, |row| table.time(row));
        opens.min(closes)
    }

    /// Counts a bar that was passed over.
    pub fn pass(&mut self, bars: u64) {
        self.bars += bars;
    }

    /// T7: rows for which no market data came, in row order.
    #[must_use]
    pub fn left(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = [&self.rows, &self.close_rows].into_iter().flat_map(Queue::left).collect();
        rows.sort_unstable();
        rows
    }
}

impl Timing {
    /// T3: the earliest time of a bar or tick at which a signal acts, bars of delay aside; `None` after all time.
    fn acts_from(&self, time: i64) -> Option<i64> {
        if self.legacy {
            return Some(time);
        }
        let moment = match self.lag {
            SignalLag::NextBar | SignalLag::NextTick => time.checked_add(1),
            SignalLag::Timeframe(timeframe) => time.checked_add(timeframe),
        };
        if self.ticks {
            moment?.checked_add(i64::from(self.delay) * MILLISECOND)
        } else {
            moment
        }
    }

    fn bars_of_delay(&self) -> u64 {
        if self.ticks || self.legacy {
            0
        } else {
            u64::from(self.delay)
        }
    }
}

impl Queue {
    fn peek(&self) -> Option<usize> {
        self.rows.get(self.next).copied()
    }

    fn due(&mut self, is_due: impl Fn(usize) -> bool) -> Option<usize> {
        let row = self.peek().filter(|&row| is_due(row))?;
        self.next += 1;
        Some(row)
    }

    fn ready(&mut self, bar: u64) -> Option<usize> {
        if self.delayed.front()?.0 > bar {
            return None;
        }
        self.delayed.pop_front().map(|(_, row)| row)
    }

    fn left(&self) -> impl Iterator<Item = usize> + '_ {
        self.delayed.iter().map(|&(_, row)| row).chain(self.rows[self.next..].iter().copied())
    }
}

impl Signal {
    /// T8: whether it is an order that fills at the market.
    #[must_use]
    pub fn is_market_open(&self) -> bool {
        use crate::execution::order::OrderType;
        use crate::execution::signal::Action;
        self.action == Action::Open && self.order_type == OrderType::Market
    }
}
