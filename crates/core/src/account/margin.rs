//! Margin: what open positions bind (A3).

use crate::bounds::{above, at_least};
use crate::error::Error;
use crate::market::side::Side;
use serde::{Deserialize, Serialize};

/// A3: an instrument's own margin, where the account's leverage is not all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Margin {
    /// Notional per margin; the account's where absent.
    pub leverage: Option<f64>,
    /// Leverage by volume of one side, first lots first.
    pub tiers: Vec<Tier>,
    /// Part of the smaller side's margin that is charged beside the larger side's; 1 charges both in full.
    pub hedged: f64,
}

impl Default for Margin {
    fn default() -> Self {
        Self { leverage: None, tiers: Vec::new(), hedged: 1.0 }
    }
}

/// A leverage that holds up to a volume.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Lots up to which it holds; absent in the last tier.
    #[serde(default)]
    pub up_to: Option<f64>,
    /// Notional per margin.
    pub leverage: f64,
}

/// What margin looks at of a position.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Bound {
    pub side: Side,
    pub volume: f64,
    pub entry_price: f64,
}

impl Margin {
    /// Checks every number; tiers rise, and the last one is open.
    ///
    /// # Errors
    /// `Error::Config` names the field.
    pub fn check(&self, field: &str) -> Result<(), Error> {
        if let Some(leverage) = self.leverage {
            above(format_args!("{field}.leverage"), leverage, 0.0)?;
        }
        at_least(format_args!("{field}.hedged"), self.hedged, 0.0)?;
        let mut from = 0.0;
        for (index, tier) in self.tiers.iter().enumerate() {
            let name = format!("{field}.tiers[{index}]");
            above(format_args!("{name}.leverage"), tier.leverage, 0.0)?;
            match (tier.up_to, index + 1 == self.tiers.len()) {
                (Some(up_to), false) => {
                    above(format_args!("{name}.up_to"), up_to, from)?;
                    from = up_to;
                }
                (None, true) => {}
                (Some(_), true) => return Err(hole(&name, "the last tier to be open, without up_to")),
                (None, false) => return Err(hole(&name, "an up_to, since another tier follows")),
            }
        }
        Ok(())
    }

    /// A3: margin of one symbol's positions, in ticket order, in account currency.
    #[inline]
    pub fn used(&self, positions: impl Iterator<Item = Bound>, unit: f64, account_leverage: f64, rate: f64) -> f64 {
        if self.is_plain() {
            let leverage = self.leverage.unwrap_or(account_leverage);
            return converted(positions.map(|bound| plain(bound, unit, leverage)), rate);
        }
        self.at_rate(self.charges(positions, unit, account_leverage), rate)
    }

    /// A3: what each of one symbol's positions binds, before conversion, and its side.
    pub fn charges<'a>(
        &'a self,
        positions: impl Iterator<Item = Bound> + 'a,
        unit: f64,
        account_leverage: f64,
    ) -> impl Iterator<Item = (Side, f64)> + 'a {
        let (leverage, mut volumes) = (self.leverage.unwrap_or(account_leverage), [0.0, 0.0]);
        positions.map(move |bound| {
            let below = &mut volumes[usize::from(bound.side == Side::Short)];
            let charge = self.tiered(bound, *below, unit, leverage);
            *below += bound.volume;
            (bound.side, charge)
        })
    }

    /// A3: margin in account currency of what positions bind.
    pub fn at_rate(&self, charges: impl Iterator<Item = (Side, f64)>, rate: f64) -> f64 {
        if self.is_plain() {
            return converted(charges.map(|(_, charge)| charge), rate);
        }
        let mut margins = [0.0, 0.0];
        charges.for_each(|(side, charge)| margins[usize::from(side == Side::Short)] += charge * rate);
        let (larger, smaller) =
            if margins[0] >= margins[1] { (margins[0], margins[1]) } else { (margins[1], margins[0]) };
        larger + self.hedged * smaller
    }

    /// A3: the same at rate after rate, added to `margins`.
    pub fn at_rates(&self, charges: &[(Side, f64)], rates: &[f64], margins: &mut Vec<f64>) {
        if !self.is_plain() {
            return margins.extend(rates.iter().map(|&rate| self.at_rate(charges.iter().copied(), rate)));
        }
        let first = margins.len();
        margins.resize(first + rates.len(), 0.0);
        for &(_, charge) in charges {
            margins[first..].iter_mut().zip(rates).for_each(|(sum, &rate)| *sum = with(*sum, charge, rate));
        }
    }

    /// Whether every position binds margin of its own.
    #[inline]
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.tiers.is_empty() && self.hedged == 1.0
    }

    /// The margin of a position on top of `below` lots of its side.
    fn tiered(&self, bound: Bound, below: f64, unit: f64, leverage: f64) -> f64 {
        if self.tiers.is_empty() {
            return plain(bound, unit, leverage);
        }
        let (mut from, top, mut sum) = (below, below + bound.volume, 0.0);
        for tier in &self.tiers {
            let end = tier.up_to.map_or(top, |up_to| if up_to < top { up_to } else { top });
            if end > from {
                sum += plain(Bound { volume: end - from, ..bound }, unit, tier.leverage);
                from = end;
            }
        }
        sum
    }
}

/// A3: the sum of what positions bind, each converted.
#[inline]
fn converted(charges: impl Iterator<Item = f64>, rate: f64) -> f64 {
    charges.fold(0.0, |sum, charge| with(sum, charge, rate))
}

#[inline]
fn with(sum: f64, charge: f64, rate: f64) -> f64 {
    sum + charge * rate
}

/// A3: volume * contract_size * entry price / leverage.
fn plain(bound: Bound, unit: f64, leverage: f64) -> f64 {
    bound.volume * unit * bound.entry_price / leverage
}

fn hole(field: &str, expected: &str) -> Error {
    Error::Config { field: field.into(), message: format!("expected {expected}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(volume: f64) -> Bound {
        Bound { side: Side::Long, volume, entry_price: 100.0 }
    }

    #[test]
    fn a3_tiers_charge_first_lots_first() {
        let tier = |up_to, leverage| Tier { up_to, leverage };
        let margin = Margin { tiers: vec![tier(Some(10.0), 100.0), tier(None, 50.0)], ..Margin::default() };
        assert_eq!(margin.used([long(8.0), long(4.0)].into_iter(), 1.0, 30.0, 1.0), 8.0 + 2.0 + 4.0);
    }

    #[test]
    fn a3_hedged_volume_binds_less() {
        let margin = Margin { hedged: 0.25, ..Margin::default() };
        let short = Bound { side: Side::Short, ..long(2.0) };
        assert_eq!(margin.used([long(3.0), short].into_iter(), 1.0, 10.0, 1.0), 30.0 + 0.25 * 20.0);
    }

    #[test]
    fn a3_a_table_of_tiers_has_no_holes() {
        let tiers = vec![Tier { up_to: None, leverage: 30.0 }, Tier { up_to: None, leverage: 20.0 }];
        let error = Margin { tiers, ..Margin::default() }.check("instruments[0].margin").unwrap_err();
        assert_eq!(
            error.to_string(),
            "config: instruments[0].margin.tiers[0]: expected an up_to, since another tier follows"
        );
    }
}
