//! Commission: what the broker books at a fill (C1).

use crate::bounds::at_least;
use crate::error::Error;
use crate::rounding::floor;
use serde::{Deserialize, Serialize};

/// C1: a commission.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Commission {
    /// What it is measured by.
    pub kind: CommissionKind,
    /// Money a lot, money a million of notional, or percent of notional.
    pub amount: f64,
    /// The fills it applies to.
    pub side: CommissionSide,
    /// Least fee of a fill.
    pub min_fee: f64,
    /// Its currency; the account's where absent.
    pub currency: Option<String>,
}

/// C1: what a commission is measured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommissionKind {
    /// No commission.
    #[default]
    None,
    /// Money a lot.
    PerLot,
    /// Money a million of notional.
    PerMillion,
    /// Percent of notional.
    Percent,
}

/// C1: the fills a commission applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CommissionSide {
    /// Entries and exits.
    #[default]
    Both,
    /// Entries only.
    Entry,
    /// Exits only.
    Exit,
}

/// Whether a fill opens or closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Leg {
    Entry,
    Exit,
}

impl Commission {
    /// Whether a fill of this leg is charged.
    #[inline]
    #[must_use]
    pub fn applies(&self, leg: Leg) -> bool {
        let side = match self.side {
            CommissionSide::Both => true,
            CommissionSide::Entry => leg == Leg::Entry,
            CommissionSide::Exit => leg == Leg::Exit,
        };
        side && self.kind != CommissionKind::None
    }

    /// C1: the fee of a fill in account money, rounded to the account's digits; factors are multiplied in their order:
    /// the rate of the fee's currency, then the cost multiplier.
    #[inline]
    #[must_use]
    pub fn fee(&self, leg: Leg, volume: f64, notional: f64, factors: [f64; 2], digits: u32) -> f64 {
        if !self.applies(leg) {
            return 0.0;
        }
        let fee = match self.kind {
            CommissionKind::None => 0.0,
            CommissionKind::PerLot => volume * self.amount,
            CommissionKind::PerMillion => notional / 1e6 * self.amount,
            CommissionKind::Percent => notional / 100.0 * self.amount,
        };
        let least = if fee > self.min_fee { fee } else { self.min_fee };
        let [rate, multiplier] = factors;
        round_half_away(least * rate * multiplier, digits)
    }

    /// Checks every number.
    ///
    /// # Errors
    /// `Error::Config` names the field.
    pub fn check(&self) -> Result<(), Error> {
        at_least("costs.commission.amount", self.amount, 0.0)?;
        at_least("costs.commission.min_fee", self.min_fee, 0.0)
    }
}

/// Money to a number of digits, half away from zero.
#[must_use]
pub fn round_half_away(money: f64, digits: u32) -> f64 {
    let scale = POWERS[digits.min(8) as usize];
    let rounded = floor(money.abs() * scale + 0.5) / scale;
    if money < 0.0 {
        -rounded
    } else {
        rounded
    }
}

const POWERS: [f64; 9] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c1_rounds_half_away_from_zero() {
        assert_eq!(round_half_away(1.125, 2), 1.13);
        assert_eq!(round_half_away(-1.125, 2), -1.13);
        assert_eq!(round_half_away(2.4, 0), 2.0);
    }

    #[test]
    fn c1_minimum_comes_before_the_multiplier() {
        let commission =
            Commission { kind: CommissionKind::PerLot, amount: 2.5, min_fee: 1.0, ..Commission::default() };
        assert_eq!(commission.fee(Leg::Entry, 0.1, 0.0, [1.0, 2.0], 2), 2.0);
        assert_eq!(commission.fee(Leg::Exit, 2.0, 0.0, [1.0, 1.0], 2), 5.0);
    }

    #[test]
    fn c1_one_side_only() {
        let commission = Commission {
            kind: CommissionKind::Percent,
            amount: 0.01,
            side: CommissionSide::Exit,
            ..Commission::default()
        };
        assert_eq!(commission.fee(Leg::Entry, 1.0, 110_000.0, [1.0, 1.0], 2), 0.0);
        assert_eq!(commission.fee(Leg::Exit, 1.0, 110_000.0, [1.0, 1.0], 2), 11.0);
    }
}
