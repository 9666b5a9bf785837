//! Timestamps and timeframes, in nanoseconds (T1, T2).

use crate::error::Error;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Nanoseconds in a second.
pub const SECOND: i64 = 1_000_000_000;
/// Nanoseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Nanoseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Nanoseconds in a day.
pub const DAY: i64 = 24 * HOUR;

const TIMEFRAMES: [(&str, i64); 20] = [
    ("S1", SECOND),
    ("S5", 5 * SECOND),
    ("S15", 15 * SECOND),
    ("S30", 30 * SECOND),
    ("M1", MINUTE),
    ("M2", 2 * MINUTE),
    ("M3", 3 * MINUTE),
    ("M5", 5 * MINUTE),
    ("M10", 10 * MINUTE),
    ("M15", 15 * MINUTE),
    ("M30", 30 * MINUTE),
    ("H1", HOUR),
    ("H2", 2 * HOUR),
    ("H3", 3 * HOUR),
    ("H4", 4 * HOUR),
    ("H6", 6 * HOUR),
    ("H8", 8 * HOUR),
    ("H12", 12 * HOUR),
    ("D1", DAY),
    ("W1", 7 * DAY),
];

/// The names of all timeframes, shortest first.
#[must_use]
pub fn timeframe_names() -> [&'static str; 20] {
    TIMEFRAMES.map(|(name, _)| name)
}

/// Nanoseconds of a timeframe such as `H1`.
///
/// # Errors
/// `Error::UnknownTimeframe` where the name is not known.
pub fn parse_timeframe(text: &str) -> Result<i64, Error> {
    TIMEFRAMES
        .iter()
        .find(|(name, _)| *name == text)
        .map(|&(_, length)| length)
        .ok_or_else(|| Error::UnknownTimeframe { text: text.into() })
}

/// The name of a timeframe, where it has one.
#[must_use]
pub fn timeframe_name(length: i64) -> Option<&'static str> {
    TIMEFRAMES.iter().find(|(_, known)| *known == length).map(|&(name, _)| name)
}

/// T2: the most frequent distance of successive times; the shorter of two equally frequent ones.
#[must_use]
pub fn most_frequent_distance(times: &[i64]) -> Option<i64> {
    let mut counts = BTreeMap::<i64, usize>::new();
    let mut run = (0, 0);
    for pair in times.windows(2) {
        let distance = pair[1].saturating_sub(pair[0]);
        if distance == run.0 {
            run.1 += 1;
        } else {
            *counts.entry(run.0).or_default() += run.1;
            run = (distance, 1);
        }
    }
    *counts.entry(run.0).or_default() += run.1;
    let mut best = None;
    for (&distance, &count) in counts.range(1..) {
        if count > best.map_or(0, |(_, most)| most) {
            best = Some((distance, count));
        }
    }
    best.map(|(distance, _)| distance)
}

/// A time as ISO text, for messages.
#[must_use]
pub fn display(time: i64) -> String {
    match Timestamp::from_nanosecond(i128::from(time)) {
        Ok(timestamp) => timestamp.to_string(),
        Err(_) => format!("{time} ns"),
    }
}
