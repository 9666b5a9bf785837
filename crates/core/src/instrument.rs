//! What is traded: price grid, pip, contract and volume grid.

use crate::account::margin::Margin;
use crate::calendar::Sessions;
use crate::costs::commission::Commission;
use crate::costs::swap::Swaps;
use crate::rounding::{ceil, floor};
use serde::{Deserialize, Serialize};

/// A tradable symbol with its price and volume grids.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Name, as in the signals and the market data.
    pub symbol: String,
    /// Base currency.
    pub base: String,
    /// Quote currency: prices are in it.
    pub quote: String,
    /// Smallest price step, a point.
    pub tick_size: f64,
    /// A pip in price units.
    pub pip_size: f64,
    /// Units of the base in one lot.
    pub contract_size: f64,
    /// Smallest volume in lots.
    pub volume_min: f64,
    /// Step of the volume grid in lots.
    pub volume_step: f64,
    /// Largest volume in lots.
    pub volume_max: f64,
    /// Account money that one tick of one lot is worth; replaces conversion where given.
    #[serde(default)]
    pub tick_value: Option<f64>,
    /// Least distance of stops from the market, in points.
    #[serde(default)]
    pub stops_level: f64,
    /// A3: its own margin, where the account's leverage is not all.
    #[serde(default)]
    pub margin: Option<Margin>,
    /// C3: what holding it over a rollover books.
    #[serde(default)]
    pub swaps: Option<Swaps>,
    /// S2: the hours in which orders arrive; around the clock where absent.
    #[serde(default)]
    pub sessions: Option<Sessions>,
    /// Values that hold from a day on.
    #[serde(default)]
    pub history: Vec<Dated>,
}

/// An instrument's conditions from a day on; what is absent stays as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    /// First UTC date, such as `2024-03-01`.
    pub from: String,
    /// Margin from then on.
    #[serde(default)]
    pub margin: Option<Margin>,
    /// Swaps from then on.
    #[serde(default)]
    pub swaps: Option<Swaps>,
    /// Commission of this instrument from then on.
    #[serde(default)]
    pub commission: Option<Commission>,
}

impl Instrument {
    /// A1: money of one lot for a price move of one, before conversion.
    #[must_use]
    pub fn unit(&self) -> f64 {
        match self.tick_value {
            Some(value) => value / self.tick_size,
            None => self.contract_size,
        }
    }

    /// The grid of this instrument's prices.
    #[must_use]
    pub fn grid(&self) -> Grid {
        Grid::new(self.tick_size)
    }
}

/// Q5: the price grid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    tick: f64,
    /// Ticks in one, where that is a whole number.
    inverse: Option<f64>,
}

impl Grid {
    /// Q5: divides by the whole number of ticks in one where there is one.
    #[must_use]
    pub fn new(tick: f64) -> Self {
        let inverse = (1.0 / tick).round();
        let whole = inverse.is_finite() && (inverse * tick - 1.0).abs() < 1e-9;
        Self { tick, inverse: whole.then_some(inverse) }
    }

    /// Price in ticks, not rounded.
    #[must_use]
    pub fn ticks(self, price: f64) -> f64 {
        match self.inverse {
            Some(inverse) => price * inverse,
            None => price / self.tick,
        }
    }

    /// The grid price of a whole number of ticks.
    #[must_use]
    pub fn price(self, ticks: f64) -> f64 {
        match self.inverse {
            Some(inverse) => ticks / inverse,
            None => ticks * self.tick,
        }
    }

    /// Q5: the nearest grid price.
    #[inline]
    #[must_use]
    pub fn nearest(self, price: f64) -> f64 {
        self.price(floor(self.ticks(price) + 0.5))
    }

    /// L5: the grid price at or above, noise forgiven.
    #[must_use]
    pub fn up(self, price: f64) -> f64 {
        self.price(ceil(self.ticks(price) - 1e-6))
    }

    /// L5: the grid price at or below, noise forgiven.
    #[must_use]
    pub fn down(self, price: f64) -> f64 {
        self.price(floor(self.ticks(price) + 1e-6))
    }

    /// I4: price in whole thousandths of a tick, so that noise decides no tie.
    #[must_use]
    pub fn thousandths(self, price: f64) -> f64 {
        floor(self.ticks(price) * 1000.0 + 0.5)
    }
}
