//! Signals that have not acted yet, and when they do (T3, T8, L6); the same for every door.

use crate::error::Error;
use crate::execution::rules::{MarketFill, Rules, SignalLag};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

const MILLISECOND: i64 = 1_000_000;

/// T3, L6: from a signal's time to the moment it acts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Timing {
    lag: SignalLag,
    delay: u32,
    legacy: bool,
    at_close: bool,
}

/// The signals of one symbol that have not acted yet: themselves, or their rows in a table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Waiting<T> {
    timing: Timing,
    /// Act at an open, in row order.
    opens: Queue<T>,
    /// T8: fill at the close of the bar with their time, in row order.
    closes: Queue<T>,
    /// Bars of the symbol so far.
    bars: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Queue<T> {
    ahead: VecDeque<T>,
    /// L6: those whose moment has come, with the bar at which they act.
    delayed: VecDeque<(u64, T)>,
}

/// Where in a bar a signal acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ActsAt {
    Open,
    /// T8.
    Close,
}

impl Timing {
    /// The timing of a run's signals.
    ///
    /// # Errors
    /// `Error::Config` where `signal_timeframe` is no timeframe.
    pub(super) fn new(rules: &Rules) -> Result<Self, Error> {
        let legacy = rules.legacy();
        let at_close = rules.market_fill == MarketFill::SignalClose && !legacy;
        Ok(Self { lag: rules.signal_lag()?, delay: rules.delay, legacy, at_close })
    }

    /// T3: whether signals on ticks lack the moment from which they are known.
    pub(super) fn lacks_timeframe(&self) -> bool {
        !self.legacy && self.lag == SignalLag::NextBar
    }

    /// T8: whether every signal acts at an open.
    pub(super) fn acts_at_opens(&self) -> bool {
        !self.at_close
    }

    /// T8: where in its bar a signal acts.
    pub(super) fn acts_at(&self, is_market_open: bool) -> ActsAt {
        if self.at_close && is_market_open {
            ActsAt::Close
        } else {
            ActsAt::Open
        }
    }

    /// T3: the earliest time of a bar or tick at which a signal acts, bars of delay aside; `None` after all time.
    #[inline]
    fn acts_from(&self, time: i64, ticks: bool) -> Option<i64> {
        if self.legacy {
            return Some(time);
        }
        let moment = match self.lag {
            SignalLag::NextBar | SignalLag::NextTick => time.checked_add(1),
            SignalLag::Timeframe(timeframe) => time.checked_add(timeframe),
        };
        if ticks {
            moment?.checked_add(i64::from(self.delay) * MILLISECOND)
        } else {
            moment
        }
    }

    #[inline]
    fn is_due(&self, time: i64, ticks: bool, now: i64) -> bool {
        self.acts_from(time, ticks).is_some_and(|from| from <= now)
    }

    #[inline]
    fn bars_of_delay(&self, ticks: bool) -> u64 {
        if ticks || self.legacy {
            0
        } else {
            u64::from(self.delay)
        }
    }
}

impl<T> Waiting<T> {
    /// Nothing waits yet.
    pub(super) fn new(timing: Timing) -> Self {
        let queue = || Queue { ahead: VecDeque::new(), delayed: VecDeque::new() };
        Self { timing, opens: queue(), closes: queue(), bars: 0 }
    }

    /// All of these act at an open; their times do not fall.
    pub(super) fn at_opens(timing: Timing, items: Vec<T>) -> Self {
        Self { opens: Queue { ahead: items.into(), delayed: VecDeque::new() }, ..Self::new(timing) }
    }

    pub(super) fn timing(&self) -> Timing {
        self.timing
    }

    /// Adds a signal; times must not fall.
    pub(super) fn push(&mut self, at: ActsAt, item: T) {
        self.queue(at).ahead.push_back(item);
    }

    /// T8, L6: adds a signal of the newest bar, which fills some bars later.
    pub(super) fn push_behind(&mut self, item: T) {
        let bar = self.bars.saturating_sub(1) + self.timing.bars_of_delay(false);
        self.closes.delayed.push_back((bar, item));
    }

    /// Hands over the signals that act at a bar or tick; `true` at its close.
    pub(super) fn deliver(
        &mut self,
        time: i64,
        ticks: bool,
        time_of: impl Fn(&T) -> i64,
        mut act: impl FnMut(ActsAt, T),
    ) {
        let (bar, timing) = (self.bars, self.timing);
        self.bars += 1;
        let acts_at = bar + timing.bars_of_delay(ticks);
        while let Some(item) = self.opens.due(|item| timing.is_due(time_of(item), ticks, time)) {
            if acts_at == bar && self.opens.delayed.is_empty() {
                act(ActsAt::Open, item);
            } else {
                self.opens.delayed.push_back((acts_at, item));
            }
        }
        while let Some(item) = self.closes.due(|item| time_of(item) <= time) {
            self.closes.delayed.push_back((acts_at, item));
        }
        while let Some(item) = self.opens.ready(bar) {
            act(ActsAt::Open, item);
        }
        while let Some(item) = self.closes.ready(bar) {
            act(ActsAt::Close, item);
        }
    }

    /// The first signal, the time from which on it acts, and that of the second: the end of time where there is none.
    ///
    /// Only where signals act at the first open for which they are due.
    #[inline(always)]
    pub(super) fn first_two(&self, ticks: bool, time_of: impl Fn(&T) -> i64) -> Option<(&T, i64, i64)> {
        let acts_from = |item: &T| self.timing.acts_from(time_of(item), ticks);
        let first = self.opens.ahead.front().filter(|_| self.acts_at_once(ticks))?;
        let second = self.opens.ahead.get(1).and_then(acts_from).unwrap_or(i64::MAX);
        Some((first, acts_from(first)?, second))
    }

    /// All that wait, in the order in which they act, and from how long after its time on each does; `None` where they
    /// do not act at the first open for which they are due.
    #[inline]
    pub(super) fn at_once(&mut self, ticks: bool) -> Option<(&[T], i64)> {
        // Every signal waits as long as one of time 0.
        let wait = self.timing.acts_from(0, ticks)?;
        self.acts_at_once(ticks).then(|| (&*self.opens.ahead.make_contiguous(), wait))
    }

    /// Takes out the first signal, and counts its bar.
    pub(super) fn take_first(&mut self) {
        self.bars += 1;
        self.opens.ahead.pop_front();
    }

    /// Whether a signal acts at the open of the next bar or tick, if that has this time.
    pub(super) fn acts_now(&self, time: i64, ticks: bool, time_of: impl Fn(&T) -> i64) -> bool {
        let at_once = self.timing.bars_of_delay(ticks) == 0;
        let delayed = self.opens.is_ready(self.bars);
        let opens = self.opens.ahead.front().is_some_and(|item| self.timing.is_due(time_of(item), ticks, time));
        delayed || at_once && opens
    }

    /// Whether signals act at the first bar or tick for which they are due, and none at a close.
    pub(super) fn acts_at_once(&self, ticks: bool) -> bool {
        self.timing.bars_of_delay(ticks) == 0 && self.opens.delayed.is_empty() && self.closes.is_empty()
    }

    /// Drops the first signals.
    pub(super) fn drop_first(&mut self, count: usize) {
        self.opens.ahead.drain(..count);
    }

    /// The time from which on a signal may act; bars before it may be passed over.
    #[inline]
    pub(super) fn awake_from(&self, ticks: bool, time_of: impl Fn(&T) -> i64) -> i64 {
        if !self.opens.delayed.is_empty() || !self.closes.delayed.is_empty() {
            return i64::MIN;
        }
        let next = self.opens.ahead.front();
        let opens = next.and_then(|item| self.timing.acts_from(time_of(item), ticks)).unwrap_or(i64::MAX);
        let closes = self.closes.ahead.front().map_or(i64::MAX, time_of);
        opens.min(closes)
    }

    /// Counts bars that were passed over.
    pub(super) fn pass(&mut self, bars: u64) {
        self.bars += bars;
    }

    /// Whether no signal waits.
    pub(super) fn is_empty(&self) -> bool {
        self.opens.is_empty() && self.closes.is_empty()
    }

    /// T8: the first signal that waits for the bar of its time.
    pub(super) fn next_at_close(&self) -> Option<&T> {
        self.closes.ahead.front()
    }

    /// All that wait, in no order.
    pub(super) fn left(&self) -> impl Iterator<Item = &T> {
        [&self.opens, &self.closes]
            .into_iter()
            .flat_map(|queue| queue.delayed.iter().map(|(_, item)| item).chain(queue.ahead.iter()))
    }

    /// Takes out the first signal that waits for a bar of its time.
    pub(super) fn drop_at_close(&mut self) -> Option<T> {
        self.closes.ahead.pop_front()
    }

    /// Empties both queues.
    pub(super) fn clear(&mut self) {
        for queue in [&mut self.opens, &mut self.closes] {
            queue.ahead.clear();
            queue.delayed.clear();
        }
    }

    fn queue(&mut self, at: ActsAt) -> &mut Queue<T> {
        match at {
            ActsAt::Open => &mut self.opens,
            ActsAt::Close => &mut self.closes,
        }
    }
}

impl<T> Queue<T> {
    fn is_empty(&self) -> bool {
        self.ahead.is_empty() && self.delayed.is_empty()
    }

    fn due(&mut self, is_due: impl Fn(&T) -> bool) -> Option<T> {
        self.ahead.front().is_some_and(is_due).then(|| self.ahead.pop_front())?
    }

    fn is_ready(&self, bar: u64) -> bool {
        self.delayed.front().is_some_and(|&(at, _)| at <= bar)
    }

    fn ready(&mut self, bar: u64) -> Option<T> {
        if !self.is_ready(bar) {
            return None;
        }
        self.delayed.pop_front().map(|(_, item)| item)
    }
}
