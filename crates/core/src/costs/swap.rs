//! Swaps: what holding a position over a rollover costs or earns (C3).

use crate::bounds::{finite, wrong_text};
use crate::calendar::{Rollovers, Weekday};
use crate::costs::commission::round_half_away;
use crate::error::Error;
use crate::market::side::Side;
use serde::{Deserialize, Serialize};

/// C3: an instrument's swap of one day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swaps {
    /// What `long` and `short` are.
    pub kind: SwapKind,
    /// Booked for a long; below zero it is charged.
    pub long: f64,
    /// Booked for a short; below zero it is charged.
    pub short: f64,
    /// The day whose rollover books three days.
    #[serde(default)]
    pub triple_day: Weekday,
}

/// C3: what a swap is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwapKind {
    /// Points of price.
    Points,
    /// Account money a lot.
    Money,
    /// Percent a year of the notional at the rollover, a year of 360 days.
    Percent,
}

/// C3: when days roll over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rollover {
    /// Time of day, `"17:00"`.
    pub time: String,
    /// IANA zone of that time.
    pub zone: String,
    /// Dates in that zone on which nothing rolls over, `"2024-12-25"`.
    pub holidays: Vec<String>,
}

impl Default for Rollover {
    fn default() -> Self {
        Self { time: "17:00".into(), zone: "America/New_York".into(), holidays: Vec::new() }
    }
}

impl Rollover {
    /// The calendar of rollovers.
    ///
    /// # Errors
    /// `Error::Config` where a time, zone or date is none.
    pub fn calendar(&self) -> Result<Rollovers, Error> {
        Rollovers::try_from(self.clone()).map_err(|text| wrong_text("costs.swap", &text))
    }
}

/// What a swap is worked out from, at a rollover.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Held {
    pub side: Side,
    pub volume: f64,
    /// Price of the closing side.
    pub price: f64,
    pub tick_size: f64,
    /// A1's unit.
    pub unit: f64,
    pub rate: f64,
    pub days: f64,
    pub digits: u32,
}

impl Swaps {
    /// Checks every number.
    ///
    /// # Errors
    /// `Error::Config` names the field.
    pub fn check(&self, field: &str) -> Result<(), Error> {
        finite(format_args!("{field}.long"), self.long)?;
        finite(format_args!("{field}.short"), self.short)
    }

    /// C3: money booked at a rollover, rounded to the account's digits.
    #[must_use]
    pub fn amount(&self, held: Held) -> f64 {
        let value = if held.side == Side::Long { self.long } else { self.short };
        let a_day = match self.kind {
            SwapKind::Points => value * held.tick_size * held.volume * held.unit * held.rate,
            SwapKind::Money => value * held.volume,
            SwapKind::Percent => held.volume * held.unit * held.price * held.rate * value / 100.0 / 360.0,
        };
        round_half_away(a_day * held.days, held.digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> Held {
        Held {
            side: Side::Long,
            volume: 0.5,
            price: 1.1,
            tick_size: 1e-5,
            unit: 100_000.0,
            rate: 1.0,
            days: 1.0,
            digits: 2,
        }
    }

    fn swaps(kind: SwapKind, long: f64) -> Swaps {
        Swaps { kind, long, short: 0.0, triple_day: Weekday::Wednesday }
    }

    #[test]
    fn c3_points_money_and_percent() {
        assert_eq!(swaps(SwapKind::Points, -6.5).amount(held()), -3.25);
        assert_eq!(swaps(SwapKind::Money, -7.0).amount(Held { days: 3.0, ..held() }), -10.5);
        // 55,000 at 3.6% a year of 360 days: 5.50 a day.
        assert_eq!(swaps(SwapKind::Percent, 3.6).amount(held()), 5.5);
        assert_eq!(swaps(SwapKind::Points, -6.5).amount(Held { side: Side::Short, ..held() }), 0.0);
    }
}
