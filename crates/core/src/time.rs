//! Timestamps and timeframes, in nanoseconds (T1, T2).

use crate::error::Error;
use jiff::tz::TimeZone;
use jiff::Timestamp;

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

/// A moment on the calendar of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Civil {
    pub year: i16,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub nanosecond: u32,
}

/// A time on the calendar of UTC.
#[must_use]
pub fn civil(time: i64) -> Civil {
    let of = |seconds| Timestamp::new(seconds, 0).map(|stamp| TimeZone::UTC.to_datetime(stamp));
    // All of an i64 of nanoseconds lies between the years 1677 and 2262.
    let moment = of(time.div_euclid(SECOND)).unwrap_or_default();
    let [month, day, hour, minute, second] =
        [moment.month(), moment.day(), moment.hour(), moment.minute(), moment.second()].map(i8::unsigned_abs);
    let nanosecond = time.rem_euclid(SECOND) as u32;
    Civil { year: moment.year(), month, day, hour, minute, second, nanosecond }
}

/// A time as ISO text, for messages.
#[must_use]
pub fn display(time: i64) -> String {
    match Timestamp::from_nanosecond(i128::from(time)) {
        Ok(timestamp) => timestamp.to_string(),
        Err(_) => format!("{time} ns"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_date_before_and_after_1970() {
        let leap = Civil { year: 2024, month: 2, day: 29, hour: 23, minute: 59, second: 59, nanosecond: 999_999_999 };
        assert_eq!(civil(1_709_251_200 * SECOND - 1), leap);
        let before = Civil { year: 1969, month: 12, day: 31, hour: 23, minute: 59, second: 59, nanosecond: 1 };
        assert_eq!(civil(1 - SECOND), before);
        assert_eq!((civil(i64::MAX).year, civil(i64::MIN).year), (2262, 1677));
    }
}
