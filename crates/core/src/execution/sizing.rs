//! From risk to lots (Z).

use crate::bounds::{above, at_least};
use crate::error::Error;
use crate::instrument::Instrument;
use crate::rounding::floor;
use serde::{Deserialize, Serialize};

/// Z1: how an order's volume is found where the signal gives none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sizing {
    /// What `amount` means.
    pub kind: SizingKind,
    /// Lots, money, percent, or part of equity.
    pub amount: f64,
    /// What a percentage is of.
    #[serde(default)]
    pub of: PercentOf,
    /// Z4: what becomes of a volume below the least.
    #[serde(default)]
    pub below_min: BelowMin,
}

/// Z1: the kinds of sizing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SizingKind {
    /// The same lots each time.
    FixedLots,
    /// Money lost at the stop.
    RiskAmount,
    /// Percent of the account lost at the stop.
    RiskPercent,
    /// Money of notional.
    Notional,
    /// Notional as a part of equity.
    EquityFraction,
}

/// Z1: what a risk percentage is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum PercentOf {
    #[default]
    Balance,
    Equity,
}

/// Z4: what becomes of a volume below the least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BelowMin {
    /// Rejected as `volume_too_small`.
    #[default]
    Reject,
    /// Raised to the least.
    Min,
}

impl Sizing {
    /// Checks every number.
    ///
    /// # Errors
    /// `Error::Config` names the field.
    pub fn check(&self) -> Result<(), Error> {
        match self.kind {
            SizingKind::EquityFraction => at_least("sizing.amount", self.amount, 0.0),
            _ => above("sizing.amount", self.amount, 0.0),
        }
    }

    /// Money asked to be risked, where this sizing asks by risk.
    #[inline]
    #[must_use]
    pub fn risk(&self, balance: f64, equity: impl FnOnce() -> f64) -> Option<f64> {
        match self.kind {
            SizingKind::RiskAmount => Some(self.amount),
            SizingKind::RiskPercent => Some(self.base(balance, equity) / 100.0 * self.amount),
            SizingKind::FixedLots | SizingKind::Notional | SizingKind::EquityFraction => None,
        }
    }

    /// Whether the sizing cannot do without a stop loss.
    #[must_use]
    pub fn needs_stop_loss(&self) -> bool {
        matches!(self.kind, SizingKind::RiskAmount | SizingKind::RiskPercent)
    }

    fn base(&self, balance: f64, equity: impl FnOnce() -> f64) -> f64 {
        match self.of {
            PercentOf::Balance => balance,
            PercentOf::Equity => equity(),
        }
    }
}

/// Z2: money that one lot loses from `price` to the stop loss, before conversion.
#[inline]
#[must_use]
pub fn loss_per_lot(instrument: &Instrument, price: f64, stop_loss: f64) -> f64 {
    let distance = (price - stop_loss).abs();
    match instrument.tick_value {
        Some(value) => distance / instrument.tick_size * value,
        None => distance * instrument.contract_size,
    }
}

/// Z3: a volume down to the grid; `None` below the least.
#[inline]
#[must_use]
pub fn grid_volume(instrument: &Instrument, raw: f64) -> Option<f64> {
    let steps = floor((raw - instrument.volume_min) / instrument.volume_step + 1e-9);
    if steps < 0.0 || steps.is_nan() {
        return None;
    }
    Some(rounded(instrument.volume_min + steps * instrument.volume_step))
}

/// Z3, Z4: a sized volume; `None` where it is rejected as too small.
#[inline]
#[must_use]
pub fn sized_volume(instrument: &Instrument, raw: f64, below_min: BelowMin) -> Option<f64> {
    match (grid_volume(instrument, raw), below_min) {
        (Some(volume), _) if volume > instrument.volume_max => Some(instrument.volume_max),
        (Some(volume), _) => Some(volume),
        (None, BelowMin::Min) => Some(instrument.volume_min),
        (None, BelowMin::Reject) => None,
    }
}

/// Z5: what made a volume another than `raw`, which risks just the money asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RiskCause {
    /// Z3: down to the grid.
    Grid,
    /// Z4: up to the least.
    Minimum,
    /// Z3: down to the largest.
    Maximum,
    /// The signal gave a volume.
    Volume,
}

impl RiskCause {
    /// Z3, Z4: what kept a sized volume from being `raw`.
    #[must_use]
    pub fn of_sized(instrument: &Instrument, raw: f64) -> Self {
        match grid_volume(instrument, raw) {
            None => Self::Minimum,
            Some(volume) if volume > instrument.volume_max => Self::Maximum,
            Some(_) => Self::Grid,
        }
    }

    /// The money of one cause among none of the others.
    #[must_use]
    pub fn alone(self, money: f64) -> [f64; 4] {
        [Self::Grid, Self::Minimum, Self::Maximum, Self::Volume].map(|cause| if cause == self { money } else { 0.0 })
    }
}

/// A6: a volume to 8 decimals.
#[must_use]
pub fn rounded(volume: f64) -> f64 {
    floor(volume * 1e8 + 0.5) / 1e8
}
