//! Open exposure of one symbol as four sums, so that equity is a formula on a quote (A4).

use crate::market::quote::Quote;
use crate::market::side::Side;
use serde::{Deserialize, Serialize};

/// A4: sums of volume, and of volume times entry price, of longs and shorts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    long_volume: f64,
    long_cost: f64,
    short_volume: f64,
    short_cost: f64,
}

impl Exposure {
    /// A4: the sums over side, volume and entry price of positions in ticket order.
    #[must_use]
    pub fn of(positions: impl Iterator<Item = (Side, f64, f64)>) -> Self {
        let mut sums = Self::default();
        positions.for_each(|(side, volume, entry)| sums.add(side, volume, entry));
        sums
    }

    /// A4: the sums with one more position of a higher ticket.
    pub fn add(&mut self, side: Side, volume: f64, entry: f64) {
        let (volumes, costs) = match side {
            Side::Long => (&mut self.long_volume, &mut self.long_cost),
            Side::Short => (&mut self.short_volume, &mut self.short_cost),
        };
        *volumes += volume;
        *costs += volume * entry;
    }

    /// Whether longs are open.
    #[must_use]
    pub fn has_longs(&self) -> bool {
        self.long_volume > 0.0
    }

    /// Whether shorts are open.
    #[must_use]
    pub fn has_shorts(&self) -> bool {
        self.short_volume > 0.0
    }

    /// A4: open profit at a quote, in account money.
    #[must_use]
    pub fn profit(&self, quote: Quote, unit: f64) -> f64 {
        let longs = quote.bid * self.long_volume - self.long_cost;
        let shorts = self.short_cost - quote.ask * self.short_volume;
        (longs + shorts) * unit
    }
}

/// A4: equity as a function of one symbol's quote.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Marks {
    pub balance: f64,
    pub exposure: Exposure,
    pub unit: f64,
    pub rate: f64,
}

impl Marks {
    /// A4: balance plus open profit.
    #[inline]
    #[must_use]
    pub fn equity(&self, quote: Quote) -> f64 {
        self.balance + (0.0 + self.exposure.profit(quote, self.unit) * self.rate)
    }

    /// The same for quote after quote, added to `equities`.
    pub fn equities(&self, bids: &[f64], asks: &[f64], equities: &mut Vec<f64>) {
        if self.exposure.has_shorts() {
            equities.extend(bids.iter().zip(asks).map(|(&bid, &ask)| self.equity(Quote { bid, ask })));
        } else {
            // Nothing times an ask is nothing: it need not be read.
            equities.extend(bids.iter().map(|&bid| self.equity(Quote { bid, ask: 0.0 })));
        }
    }
}
