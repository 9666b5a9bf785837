//! Prices of one side, and of both, over one bar or at one tick.

use serde::{Deserialize, Serialize};

/// Open, high, low and close of one side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Ohlc {
    pub open: f64,
    pub high: f64,
    pub low: f64,
    pub close: f64,
}

impl Ohlc {
    /// Four equal prices: a tick.
    #[must_use]
    pub fn flat(price: f64) -> Self {
        Self { open: price, high: price, low: price, close: price }
    }

    /// The price at one of the four points.
    #[must_use]
    pub fn at(&self, point: Point) -> f64 {
        match point {
            Point::Open => self.open,
            Point::High => self.high,
            Point::Low => self.low,
            Point::Close => self.close,
        }
    }
}

/// One of the four prices of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Point {
    Open,
    High,
    Low,
    Close,
}

/// Bid and ask of one bar, stamped with its open time; a tick has four equal prices a side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// Open time, nanoseconds since 1970 UTC.
    pub time: i64,
    /// Sellers get it.
    pub bid: Ohlc,
    /// Buyers pay it.
    pub ask: Ohlc,
}

impl Bar {
    /// G6: a tick as a bar of four equal prices.
    #[must_use]
    pub fn tick(time: i64, bid: f64, ask: f64) -> Self {
        Self { time, bid: Ohlc::flat(bid), ask: Ohlc::flat(ask) }
    }

    /// Ask less bid at a point.
    #[must_use]
    pub fn spread(&self, point: Point) -> f64 {
        self.ask.at(point) - self.bid.at(point)
    }

    /// Both sides at a point.
    #[must_use]
    pub fn quote(&self, point: Point) -> Quote {
        Quote { bid: self.bid.at(point), ask: self.ask.at(point) }
    }
}

/// Bid and ask of one moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Quote {
    pub bid: f64,
    pub ask: f64,
}

impl Quote {
    /// F1: the middle of both sides.
    #[inline]
    #[must_use]
    pub fn mid(self) -> f64 {
        (self.bid + self.ask) / 2.0
    }
}
