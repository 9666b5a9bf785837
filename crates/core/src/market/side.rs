//! Long and short: what a side pays, gets and watches.

use crate::market::quote::{Bar, Ohlc, Quote};
use serde::{Deserialize, Serialize};

/// The direction of an order, position or trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Bought.
    Long,
    /// Sold.
    Short,
}

impl Side {
    /// `long` or `short`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Short => "short",
        }
    }

    /// +1 long, -1 short.
    #[must_use]
    pub fn sign(self) -> f64 {
        match self {
            Self::Long => 1.0,
            Self::Short => -1.0,
        }
    }

    /// The other side.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Long => Self::Short,
            Self::Short => Self::Long,
        }
    }

    /// Q1: what an entry of this side pays.
    #[must_use]
    pub fn entry_price(self, quote: Quote) -> f64 {
        match self {
            Self::Long => quote.ask,
            Self::Short => quote.bid,
        }
    }

    /// Q1: what closing this side gets.
    #[must_use]
    pub fn exit_price(self, quote: Quote) -> f64 {
        self.opposite().entry_price(quote)
    }

    /// Q1: the prices at which this side opens.
    #[must_use]
    pub fn entry_prices(self, bar: &Bar) -> &Ohlc {
        match self {
            Self::Long => &bar.ask,
            Self::Short => &bar.bid,
        }
    }

    /// Q1: the prices at which this side closes.
    #[must_use]
    pub fn exit_prices(self, bar: &Bar) -> &Ohlc {
        self.opposite().entry_prices(bar)
    }

    /// Whether `price` is at least as good as `level` for a holder of this side.
    #[must_use]
    pub fn reached(self, price: f64, level: f64) -> bool {
        match self {
            Self::Long => price >= level,
            Self::Short => price <= level,
        }
    }
}
