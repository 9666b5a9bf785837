//! Calendars: when days roll over (C3), and when a market is open.

use crate::costs::swap::Rollover;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

/// A day of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Weekday {
    Monday,
    Tuesday,
    #[default]
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    fn of(date: Date) -> Self {
        match date.weekday() {
            jiff::civil::Weekday::Monday => Self::Monday,
            jiff::civil::Weekday::Tuesday => Self::Tuesday,
            jiff::civil::Weekday::Wednesday => Self::Wednesday,
            jiff::civil::Weekday::Thursday => Self::Thursday,
            jiff::civil::Weekday::Friday => Self::Friday,
            jiff::civil::Weekday::Saturday => Self::Saturday,
            jiff::civil::Weekday::Sunday => Self::Sunday,
        }
    }
}

/// C3: the moments at which days roll over, from Monday to Friday of a zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Rollover", into = "Rollover")]
pub struct Rollovers {
    given: Rollover,
    time: Time,
    zone: TimeZone,
    holidays: Vec<Date>,
}

impl TryFrom<Rollover> for Rollovers {
    type Error = String;

    fn try_from(given: Rollover) -> Result<Self, String> {
        let time = parse_time(&given.time)?;
        let zone = parse_zone(&given.zone)?;
        let holidays = parse_dates(&given.holidays)?;
        Ok(Self { given, time, zone, holidays })
    }
}

impl From<Rollovers> for Rollover {
    fn from(rollovers: Rollovers) -> Self {
        rollovers.given
    }
}

impl Rollovers {
    /// C3: the first rollover strictly after a time, and its day; daylight saving time is the zone's own.
    #[must_use]
    pub fn after(&self, time: i64) -> Option<(i64, Weekday)> {
        let mut date = self.local(time)?.date();
        loop {
            let day = Weekday::of(date);
            if day <= Weekday::Friday && !self.holidays.contains(&date) {
                let moment = nanoseconds(&date.to_datetime(self.time).to_zoned(self.zone.clone()).ok()?)?;
                if moment > time {
                    return Some((moment, day));
                }
            }
            date = date.tomorrow().ok()?;
        }
    }

    fn local(&self, time: i64) -> Option<Zoned> {
        Some(Timestamp::from_nanosecond(i128::from(time)).ok()?.to_zoned(self.zone.clone()))
    }
}

/// When an instrument is traded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionSettings {
    /// IANA zone of the hours.
    pub zone: String,
    /// Spans of the week; a market that is open around the clock has one a day.
    pub hours: Vec<Hours>,
    /// Dates in that zone on which nothing is traded.
    #[serde(default)]
    pub holidays: Vec<String>,
}

/// A span of some days of the week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// On which days.
    pub days: Vec<Weekday>,
    /// From `"09:00"` on.
    pub open: String,
    /// Up to, not including, `"17:30"`; `"24:00"` is the end of the day.
    pub close: String,
}

/// The hours in which an instrument is traded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SessionSettings", into = "SessionSettings")]
pub struct Sessions {
    given: SessionSettings,
    zone: TimeZone,
    /// Day, first second and last second but one.
    spans: Vec<(Weekday, i32, i32)>,
    holidays: Vec<Date>,
}

impl TryFrom<SessionSettings> for Sessions {
    type Error = String;

    fn try_from(given: SessionSettings) -> Result<Self, String> {
        let zone = parse_zone(&given.zone)?;
        let holidays = parse_dates(&given.holidays)?;
        let mut spans = Vec::new();
        for hours in &given.hours {
            let (open, close) = (seconds(&hours.open)?, seconds(&hours.close)?);
            if close <= open {
                return Err(format!("hours from {} to {}; expected the close after the open", hours.open, hours.close));
            }
            spans.extend(hours.days.iter().map(|&day| (day, open, close)));
        }
        Ok(Self { given, zone, spans, holidays })
    }
}

impl From<Sessions> for SessionSettings {
    fn from(sessions: Sessions) -> Self {
        sessions.given
    }
}

impl Sessions {
    /// Whether the market is open at a time.
    #[must_use]
    pub fn is_open(&self, time: i64) -> bool {
        let Ok(timestamp) = Timestamp::from_nanosecond(i128::from(time)) else {
            return false;
        };
        let local = timestamp.to_zoned(self.zone.clone());
        let (date, clock) = (local.date(), local.time());
        let second = i32::from(clock.hour()) * 3600 + i32::from(clock.minute()) * 60 + i32::from(clock.second());
        let day = Weekday::of(date);
        !self.holidays.contains(&date)
            && self.spans.iter().any(|&(of, open, close)| of == day && open <= second && second < close)
    }
}

/// The first nanosecond of a UTC date such as `2024-03-01`.
///
/// # Errors
/// What is wrong with the date.
pub fn start_of_date(text: &str) -> Result<i64, String> {
    let zoned = parse_date(text)?.to_zoned(TimeZone::UTC).map_err(|error| error.to_string())?;
    nanoseconds(&zoned).ok_or_else(|| format!("date {text:?} is out of range"))
}

fn nanoseconds(zoned: &Zoned) -> Option<i64> {
    i64::try_from(zoned.timestamp().as_nanosecond()).ok()
}

fn parse_time(text: &str) -> Result<Time, String> {
    text.parse().map_err(|_| format!("time {text:?}; expected a time of day such as \"17:00\""))
}

/// Whether a zone of that name is known.
#[must_use]
pub fn is_zone(text: &str) -> bool {
    parse_zone(text).is_ok()
}

fn parse_zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text)
        .map_err(|_| format!("zone {text:?} is unknown; expected an IANA name such as \"America/New_York\""))
}

fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("date {text:?} does not exist; expected one such as \"2024-12-25\""))
}

fn parse_dates(texts: &[String]) -> Result<Vec<Date>, String> {
    texts.iter().map(|text| parse_date(text)).collect()
}

fn seconds(text: &str) -> Result<i32, String> {
    if text == "24:00" {
        return Ok(86_400);
    }
    let time = parse_time(text)?;
    Ok(i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        i64::try_from(text.parse::<Timestamp>().unwrap().as_nanosecond()).unwrap()
    }

    fn new_york() -> Rollovers {
        Rollover::default().try_into().unwrap()
    }

    #[test]
    fn c3_rollover_follows_new_yorks_daylight_saving() {
        assert_eq!(new_york().after(at("2024-03-08T12:00:00Z")), Some((at("2024-03-08T22:00:00Z"), Weekday::Friday)));
        assert_eq!(new_york().after(at("2024-03-11T12:00:00Z")), Some((at("2024-03-11T21:00:00Z"), Weekday::Monday)));
    }

    #[test]
    fn c3_nothing_rolls_over_at_the_weekend() {
        assert_eq!(new_york().after(at("2024-03-08T22:00:00Z")), Some((at("2024-03-11T21:00:00Z"), Weekday::Monday)));
    }

    #[test]
    fn c3_a_rollover_at_the_very_time_is_over() {
        assert_eq!(new_york().after(at("2024-01-03T22:00:00Z")), Some((at("2024-01-04T22:00:00Z"), Weekday::Thursday)));
    }

    #[test]
    fn c3_holidays_do_not_roll_over() {
        let holidays = vec!["2024-12-25".to_owned()];
        let rollovers: Rollovers = Rollover { holidays, ..Rollover::default() }.try_into().unwrap();
        assert_eq!(rollovers.after(at("2024-12-24T22:00:00Z")), Some((at("2024-12-26T22:00:00Z"), Weekday::Thursday)));
    }

    #[test]
    fn sessions_are_hours_of_a_zone() {
        let hours = vec![Hours { days: vec![Weekday::Monday], open: "09:00".into(), close: "17:30".into() }];
        let settings = SessionSettings { zone: "Europe/Berlin".into(), hours, holidays: vec!["2024-07-08".into()] };
        let sessions: Sessions = settings.try_into().unwrap();
        assert!(sessions.is_open(at("2024-07-01T07:00:00Z")));
        assert!(!sessions.is_open(at("2024-07-01T06:59:59Z")));
        assert!(!sessions.is_open(at("2024-07-01T15:30:00Z")));
        assert!(!sessions.is_open(at("2024-07-02T09:00:00Z")));
        assert!(!sessions.is_open(at("2024-07-08T09:00:00Z")));
    }

    #[test]
    fn c3_a_day_that_does_not_exist_is_an_error() {
        let holidays = vec!["2024-02-30".to_owned()];
        let error = Rollovers::try_from(Rollover { holidays, ..Rollover::default() }).unwrap_err();
        assert_eq!(error, "date \"2024-02-30\" does not exist; expected one such as \"2024-12-25\"");
    }
}
