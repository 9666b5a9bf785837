//! What begins anew each day.

use super::row::known;
use super::{ratio, typical_price, Indicator};
use crate::time::{DAY, HOUR};

/// Which day a time belongs to, where days begin `start` hours after midnight UTC.
#[derive(Clone, Debug)]
struct Clock {
    start: f64,
    /// From when to when it is today.
    today: [f64; 2],
}

impl Clock {
    fn new(start: f64) -> Self {
        Self { start: start * HOUR as f64, today: [f64::NAN; 2] }
    }

    /// Whether this time, in nanoseconds, is the first of its day.
    #[inline]
    fn turns(&mut self, time: f64) -> bool {
        if time >= self.today[0] && time < self.today[1] {
            return false;
        }
        let day = ((time - self.start) / DAY as f64).floor() * DAY as f64 + self.start;
        self.today = [day, day + DAY as f64];
        true
    }
}

/// Volume-weighted average of the typical price since the session's start.
#[derive(Clone, Debug)]
pub struct Vwap {
    clock: Clock,
    money: f64,
    volume: f64,
}

impl Vwap {
    /// Sessions of a day that begin `start` hours after midnight UTC.
    #[must_use]
    pub fn new(start: f64) -> Self {
        Self { clock: Clock::new(start), money: 0.0, volume: 0.0 }
    }
}

impl Indicator for Vwap {
    type Input = [f64; 5];
    type Output = f64;

    #[inline]
    fn update(&mut self, [time, high, low, close, volume]: [f64; 5]) -> f64 {
        if known([time]) && self.clock.turns(time) {
            (self.money, self.volume) = (0.0, 0.0);
        }
        if !known([time, high, low, close, volume]) {
            return f64::NAN;
        }
        self.money += typical_price(high, low, close) * volume;
        self.volume += volume;
        ratio(self.money, self.volume)
    }
}

/// High, low and close of a session.
#[derive(Clone, Copy, Debug)]
struct Day {
    high: f64,
    low: f64,
    close: f64,
}

/// Floor traders' pivots of the session before: pivot, r1, s1, r2, s2, r3, s3.
#[derive(Clone, Debug)]
pub struct Pivots {
    clock: Clock,
    today: Option<Day>,
    levels: [f64; 7],
}

impl Pivots {
    /// Sessions of a day that begin `start` hours after midnight UTC.
    #[must_use]
    pub fn new(start: f64) -> Self {
        Self { clock: Clock::new(start), today: None, levels: [f64::NAN; 7] }
    }
}

impl Indicator for Pivots {
    type Input = [f64; 4];
    type Output = [f64; 7];

    #[inline]
    fn update(&mut self, [time, high, low, close]: [f64; 4]) -> [f64; 7] {
        if !known([time, high, low, close]) {
            return [f64::NAN; 7];
        }
        if self.clock.turns(time) {
            self.levels = self.today.take().map_or([f64::NAN; 7], levels);
        }
        let day = self.today.get_or_insert(Day { high, low, close });
        *day = Day { high: day.high.max(high), low: day.low.min(low), close };
        self.levels
    }
}

fn levels(Day { high, low, close }: Day) -> [f64; 7] {
    let pivot = typical_price(high, low, close);
    let range = high - low;
    let (up, down) = (2.0 * pivot - low, 2.0 * pivot - high);
    [pivot, up, down, pivot + range, pivot - range, up + range, down - range]
}
