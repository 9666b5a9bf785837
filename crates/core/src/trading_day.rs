//! Trading days: from one daily close to the next, on the clock of a time zone.

use crate::error::Error;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// The close of the foreign exchange day.
pub const NEW_YORK_CLOSE: &str = "17:00 America/New_York";

/// When trading days begin: a time of day in a zone, daylight saving included.
#[derive(Clone, Debug, PartialEq)]
pub struct TradingCalendar {
    zone: TimeZone,
    start: Time,
}

/// A stretch of time: from its first nanosecond up to, not including, its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Period {
    pub start: i64,
    pub end: i64,
}

impl Period {
    /// Whether a time lies in the period.
    #[must_use]
    pub fn contains(&self, time: i64) -> bool {
        self.start <= time && time < self.end
    }
}

impl TradingCalendar {
    /// Reads a day's start such as `17:00 America/New_York`.
    ///
    /// # Errors
    /// `Error::Argument` where the time of day or the zone is not known.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |message: String| Error::Argument { what: "day_start".into(), message };
        let (clock, zone) = text.trim().split_once(' ').ok_or_else(|| {
            wrong(format!("expected a time of day and a zone such as \"{NEW_YORK_CLOSE}\", found {text:?}"))
        })?;
        let start = Time::strptime("%H:%M", clock)
            .map_err(|_| wrong(format!("expected a time of day such as 17:00, found {clock:?}")))?;
        let zone = TimeZone::get(zone.trim())
            .map_err(|_| wrong(format!("unknown zone {:?}; expected one such as America/New_York", zone.trim())))?;
        Ok(Self { zone, start })
    }

    /// The trading day that holds a time.
    ///
    /// # Errors
    /// `Error::Argument` for times outside of what the calendar knows.
    pub fn day(&self, time: i64) -> Result<Period, Error> {
        let date = self.date(time)?;
        Ok(Period { start: self.opening(date, 0)?, end: self.opening(date, 1)? })
    }

    /// The trading week that holds a time; it begins with the start of the Sunday's trading day.
    ///
    /// A start in the morning belongs to the day itself, so weeks of such a calendar begin on Monday.
    ///
    /// # Errors
    /// `Error::Argument` for times outside of what the calendar knows.
    pub fn week(&self, time: i64) -> Result<Period, Error> {
        let date = self.date(time)?;
        let first = if self.start.hour() >= 12 { Weekday::Sunday } else { Weekday::Monday };
        let back = i64::from(date.weekday().since(first));
        Ok(Period { start: self.opening(date, -back)?, end: self.opening(date, 7 - back)? })
    }

    /// The civil date on which the trading day that holds a time began.
    fn date(&self, time: i64) -> Result<Date, Error> {
        let stamp = Timestamp::from_nanosecond(i128::from(time)).map_err(|error| out_of_reach(&error))?;
        let date = self.zone.to_datetime(stamp).date();
        // A day whose start the clocks skip or repeat begins where they say so, not where the reading does.
        match self.opening(date, 0)? <= time {
            true => Ok(date),
            false => date.checked_sub(Span::new().days(1)).map_err(|error| out_of_reach(&error)),
        }
    }

    fn opening(&self, date: Date, days: i64) -> Result<i64, Error> {
        let opening = date
            .checked_add(Span::new().days(days))
            .and_then(|date| self.zone.to_timestamp(date.to_datetime(self.start)))
            .map_err(|error| out_of_reach(&error))?;
        i64::try_from(opening.as_nanosecond()).map_err(|error| out_of_reach(&error))
    }
}

fn out_of_reach(error: &dyn std::fmt::Display) -> Error {
    Error::Argument { what: "time".into(), message: format!("no trading day can be found: {error}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{display, HOUR};

    fn at(text: &str) -> i64 {
        i64::try_from(text.parse::<Timestamp>().unwrap().as_nanosecond()).unwrap()
    }

    fn day(text: &str) -> (String, String) {
        let day = TradingCalendar::parse(NEW_YORK_CLOSE).unwrap().day(at(text)).unwrap();
        (display(day.start), display(day.end))
    }

    #[test]
    fn a_day_ends_at_five_in_new_york_in_winter_and_in_summer() {
        let winter = ("2024-01-02T22:00:00Z".into(), "2024-01-03T22:00:00Z".into());
        assert_eq!(day("2024-01-02T22:00:00Z"), winter);
        assert_eq!(day("2024-01-03T21:59:59.999Z"), winter);
        assert_eq!(day("2024-07-02T21:00:00Z").0, "2024-07-02T21:00:00Z");
        assert_eq!(day("2024-07-02T20:59:59Z").0, "2024-07-01T21:00:00Z");
    }

    #[test]
    fn days_of_a_clock_change_have_another_length() {
        let calendar = TradingCalendar::parse(NEW_YORK_CLOSE).unwrap();
        let length = |text| calendar.day(at(text)).map(|day| day.end - day.start).unwrap();
        assert_eq!(length("2024-03-10T12:00:00Z"), 23 * HOUR);
        assert_eq!(length("2024-11-03T12:00:00Z"), 25 * HOUR);
    }

    #[test]
    fn a_week_begins_on_sunday_evening() {
        let calendar = TradingCalendar::parse(NEW_YORK_CLOSE).unwrap();
        let week = calendar.week(at("2024-03-13T12:00:00Z")).unwrap();
        assert_eq!(
            (display(week.start), display(week.end)),
            ("2024-03-10T21:00:00Z".into(), "2024-03-17T21:00:00Z".into())
        );
    }

    #[test]
    fn other_calendars_go_by_name() {
        let week = TradingCalendar::parse("00:00 UTC").unwrap().week(at("2024-03-10T12:00:00Z")).unwrap();
        assert_eq!(display(week.start), "2024-03-04T00:00:00Z");
        for wrong in ["17:00", "25:00 UTC", "17:00 Nowhere/At_All", ""] {
            assert!(TradingCalendar::parse(wrong).unwrap_err().to_string().starts_with("day_start: "), "{wrong}");
        }
    }
}
