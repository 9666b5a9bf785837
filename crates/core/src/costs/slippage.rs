//! Slippage: how much worse than the quote a fill is (L).

use crate::bounds::at_least;
use crate::error::Error;
use serde::{Deserialize, Serialize};

/// L3: a slippage model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Slippage {
    /// No slippage.
    #[default]
    None,
    /// The same distance at every fill.
    Fixed {
        /// Distance in pips.
        pips: f64,
    },
    /// A fixed and a random part.
    Uniform {
        /// Distance in pips at every fill.
        fixed_pips: f64,
        /// Largest random distance in pips.
        random_pips: f64,
    },
    /// A part of the previous bid bar's range.
    Volatility {
        /// Part of the range.
        factor: f64,
    },
    /// A part of the spread.
    Spread {
        /// Part of the spread.
        factor: f64,
    },
}

/// What a slippage model may look at.
#[derive(Clone, Copy, Debug)]
pub struct SlippageInputs<U: FnOnce() -> f64> {
    /// L4: the trade's number in `[0, 1)`, asked for only where a model needs it.
    pub uniform: U,
    /// Price of a pip.
    pub pip_size: f64,
    /// High less low of the previous bid bar.
    pub previous_range: f64,
    /// Spread at the moment of the fill.
    pub spread: f64,
    /// C2: stress.
    pub multiplier: f64,
}

impl Slippage {
    /// L3: the distance in price units.
    #[inline]
    pub fn distance<U: FnOnce() -> f64>(&self, inputs: SlippageInputs<U>) -> f64 {
        let multiplier = inputs.multiplier;
        match *self {
            Self::None => 0.0,
            Self::Fixed { pips } => pips * inputs.pip_size * multiplier,
            Self::Uniform { fixed_pips, random_pips } => {
                (fixed_pips + (inputs.uniform)() * random_pips) * inputs.pip_size * multiplier
            }
            Self::Volatility { factor } => factor * inputs.previous_range * multiplier,
            Self::Spread { factor } => factor * inputs.spread * multiplier,
        }
    }

    /// Whether it looks at the previous bar.
    #[must_use]
    pub fn needs_range(&self) -> bool {
        matches!(self, Self::Volatility { .. })
    }

    /// Checks every number.
    ///
    /// # Errors
    /// `Error::Config` names the field.
    pub fn check(&self) -> Result<(), Error> {
        match *self {
            Self::None => Ok(()),
            Self::Fixed { pips } => at_least("costs.slippage.pips", pips, 0.0),
            Self::Uniform { fixed_pips, random_pips } => {
                at_least("costs.slippage.fixed_pips", fixed_pips, 0.0)?;
                at_least("costs.slippage.random_pips", random_pips, 0.0)
            }
            Self::Volatility { factor } | Self::Spread { factor } => at_least("costs.slippage.factor", factor, 0.0),
        }
    }
}
