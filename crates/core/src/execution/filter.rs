//! What keeps a strategy from opening: hours, news, a wide spread, a pause after losses.
//!
//! A filter is asked at the moment at which an `open` is known; closing, changing and cancelling are never filtered.

use crate::calendar::Sessions;
use crate::error::Error;
use serde::{Deserialize, Serialize};

/// One condition under which nothing is opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Filter {
    /// Outside of these hours, which say weekdays and holidays too.
    Hours(Sessions),
    /// Around scheduled news.
    News(Blackout),
    /// While the spread is wider, in pips.
    Spread {
        /// The widest spread at which is opened.
        max_pips: f64,
    },
    /// After losses.
    Pause(Pause),
}

/// A time around each of some events in which nothing is opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blackout {
    /// Nanoseconds before an event.
    pub before: i64,
    /// Nanoseconds after it; at its end orders open again.
    pub after: i64,
    /// Time and currency, by time; an empty currency concerns every symbol.
    pub events: Vec<(i64, String)>,
}

/// A pause after some losses in a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// Losses in a row after which it begins.
    pub losses: u32,
    /// Nanoseconds that it lasts.
    pub duration: i64,
    #[serde(skip)]
    in_a_row: u32,
    #[serde(skip)]
    until: Option<i64>,
}

/// What a filter looks at.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The moment at which the order is known.
    pub now: i64,
    /// The last spread of the symbol in pips.
    pub spread_pips: f64,
    /// The currencies of the symbol.
    pub currencies: [&'a str; 2],
}

impl Filter {
    /// Whether the filter lets an order through.
    #[must_use]
    pub fn allows(&self, situation: &Situation) -> bool {
        match self {
            Self::Hours(sessions) => sessions.is_open(situation.now),
            Self::News(blackout) => !blackout.covers(situation),
            Self::Spread { max_pips } => situation.spread_pips <= *max_pips,
            Self::Pause(pause) => pause.until.is_none_or(|until| situation.now >= until),
        }
    }

    /// Takes note of a closed trade of the strategy.
    pub fn note(&mut self, net: f64, now: i64) {
        if let Self::Pause(pause) = self {
            pause.note(net, now);
        }
    }

    /// Checks what the types do not say.
    ///
    /// # Errors
    /// `Error::Config` names the filter and the value.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |message: String| Err(Error::Config { field: "filters".into(), message });
        match self {
            Self::News(blackout) if blackout.before < 0 || blackout.after < 0 => {
                wrong("news: expected spans of time that are not negative".into())
            }
            Self::News(blackout) if !blackout.events.is_sorted_by_key(|(time, _)| *time) => {
                wrong("news: expected events by time".into())
            }
            Self::Spread { max_pips } if !max_pips.is_finite() || *max_pips < 0.0 => {
                wrong(format!("spread: expected a number of at least 0, found {max_pips}"))
            }
            Self::Pause(pause) if pause.losses == 0 || pause.duration <= 0 => {
                wrong("pause: expected at least one loss and a duration above 0".into())
            }
            _ => Ok(()),
        }
    }
}

impl Blackout {
    fn covers(&self, situation: &Situation) -> bool {
        let first = self.events.partition_point(|(time, _)| time.saturating_add(self.after) <= situation.now);
        let near =
            self.events[first..].iter().take_while(|(time, _)| time.saturating_sub(self.before) <= situation.now);
        near.into_iter().any(|(_, currency)| currency.is_empty() || situation.currencies.contains(&currency.as_str()))
    }
}

impl Pause {
    /// A pause of so many nanoseconds after so many losses in a row.
    #[must_use]
    pub fn after(losses: u32, duration: i64) -> Self {
        Self { losses, duration, in_a_row: 0, until: None }
    }

    fn note(&mut self, net: f64, now: i64) {
        if net >= 0.0 {
            self.in_a_row = 0;
            return;
        }
        self.in_a_row += 1;
        if self.in_a_row >= self.losses {
            self.in_a_row = 0;
            self.until = Some(now.saturating_add(self.duration));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(now: i64) -> Situation<'static> {
        Situation { now, spread_pips: 1.0, currencies: ["EUR", "USD"] }
    }

    #[test]
    fn news_close_a_market_from_before_until_after_for_their_currency() {
        let events = vec![(1_000, "GBP".into()), (2_000, "USD".into()), (5_000, String::new())];
        let news = Filter::News(Blackout { before: 100, after: 50, events });
        let open: Vec<i64> = [950, 1_899, 1_900, 2_000, 2_049, 2_050, 4_900, 5_050]
            .into_iter()
            .filter(|&now| news.allows(&at(now)))
            .collect();
        assert_eq!(open, [950, 1_899, 2_050, 5_050]);
    }

    #[test]
    fn a_spread_as_wide_as_the_limit_is_not_too_wide() {
        let filter = |max_pips| Filter::Spread { max_pips };
        assert!(filter(1.0).allows(&at(0)));
        assert!(!filter(0.9).allows(&at(0)));
    }

    #[test]
    fn a_pause_begins_with_the_last_of_the_losses_and_counts_anew() {
        let mut pause = Filter::Pause(Pause::after(2, 100));
        pause.note(-1.0, 10);
        assert!(pause.allows(&at(10)));
        pause.note(1.0, 20);
        pause.note(-1.0, 30);
        pause.note(-1.0, 40);
        assert!(!pause.allows(&at(139)));
        assert!(pause.allows(&at(140)));
        pause.note(-1.0, 150);
        assert!(pause.allows(&at(150)));
    }

    #[test]
    fn hours_are_those_of_their_zone() {
        let text = r#"{"kind": "hours", "zone": "Europe/London",
            "hours": [{"days": ["monday"], "open": "08:00", "close": "09:00"}], "holidays": []}"#;
        let filter: Filter = serde_json::from_str(text).unwrap();
        let summer = crate::calendar::start_of_date("2024-07-01").unwrap() + 7 * crate::time::HOUR;
        assert!(filter.allows(&at(summer)));
        assert!(!filter.allows(&at(summer + crate::time::HOUR)));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let unsorted = vec![(2, String::new()), (1, String::new())];
        for filter in [
            Filter::News(Blackout { before: -1, after: 0, events: vec![] }),
            Filter::News(Blackout { before: 0, after: 0, events: unsorted }),
            Filter::Spread { max_pips: f64::NAN },
            Filter::Pause(Pause::after(0, 1)),
            Filter::Pause(Pause::after(1, 0)),
        ] {
            assert!(filter.check().is_err());
        }
    }
}
