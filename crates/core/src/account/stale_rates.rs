//! Rates that were old when money was booked with them (F2).

use crate::time::{DAY, HOUR};
use serde::{Deserialize, Serialize};

/// N55: beyond this age, Saturdays and Sundays not counted, a booking counts as one at a stale rate.
pub const STALE_AFTER: i64 = 24 * HOUR;

/// 1970 began on a Thursday, three days into its week.
const INTO_WEEK: i64 = 3 * DAY;

/// N55: how old the rates of a run's bookings were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaleRates {
    /// Bookings at a rate older than [`STALE_AFTER`].
    pub bookings: u64,
    /// The oldest rate that anything was booked at; `None` where no booking used a rate that moves.
    pub oldest: Option<OldRate>,
}

/// A rate as it was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldRate {
    /// Such as `EURUSD`.
    pub pair: String,
    /// When it was used.
    pub time: i64,
    /// Since when it was known.
    pub known_from: i64,
    /// Nanoseconds between the two, Saturdays and Sundays (UTC) not counted.
    pub age: i64,
}

impl StaleRates {
    /// Takes note of a booking.
    pub fn note(&mut self, pair: impl FnOnce() -> String, known_from: i64, time: i64) {
        let age = weekday_time(time) - weekday_time(known_from);
        self.bookings += u64::from(age > STALE_AFTER);
        if self.oldest.as_ref().is_none_or(|oldest| age > oldest.age) {
            self.oldest = Some(OldRate { pair: pair(), time, known_from, age });
        }
    }
}

/// Nanoseconds of Mondays to Fridays up to a time.
fn weekday_time(time: i64) -> i64 {
    let since = time.saturating_add(INTO_WEEK);
    since.div_euclid(7 * DAY) * 5 * DAY + since.rem_euclid(7 * DAY).min(5 * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONDAY: i64 = 4 * DAY;

    fn age(known_from: i64, time: i64) -> i64 {
        let mut rates = StaleRates::default();
        rates.note(|| "EURUSD".into(), known_from, time);
        rates.oldest.map_or(-1, |oldest| oldest.age)
    }

    #[test]
    fn n55_the_weekend_does_not_age_a_rate() {
        assert_eq!(age(MONDAY, MONDAY + DAY), DAY);
        assert_eq!(age(MONDAY + 5 * DAY - HOUR, MONDAY + 7 * DAY + HOUR), 2 * HOUR);
        assert_eq!(age(MONDAY + 5 * DAY, MONDAY + 7 * DAY), 0);
        assert_eq!(age(MONDAY - 14 * DAY, MONDAY + DAY), 11 * DAY);
        assert_eq!(age(-DAY, 0), DAY);
    }

    #[test]
    fn n55_a_daily_rate_is_stale_after_its_day_and_the_oldest_is_kept() {
        let mut rates = StaleRates::default();
        rates.note(|| "EURUSD".into(), MONDAY, MONDAY + DAY);
        assert_eq!(rates.bookings, 0);
        rates.note(|| "USDJPY".into(), MONDAY, MONDAY + DAY + 1);
        rates.note(|| "GBPUSD".into(), MONDAY, MONDAY + HOUR);
        assert_eq!(rates.bookings, 1);
        let oldest = OldRate { pair: "USDJPY".into(), time: MONDAY + DAY + 1, known_from: MONDAY, age: DAY + 1 };
        assert_eq!(rates.oldest, Some(oldest));
    }
}
