//! Highest and lowest prices of some rows, one by one and side by side.

use crate::wide::{fetch_at, LINE};
use std::ops::Range;

/// Rows in a block, blocks in a group, groups in a group of groups, and so on.
pub(super) const FAN: usize = 1 << FAN_BITS;
pub(super) const FAN_BITS: usize = 5;

/// Numbers that a cache fetches at once.
const IN_LINE: usize = LINE / size_of::<f64>();

/// Highest and lowest bid and ask of some rows.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Extent {
    pub bid_high: f64,
    pub ask_high: f64,
    pub bid_low: f64,
    pub ask_low: f64,
}

/// The columns that an index is over: highs and lows of both sides; a tick's price is both.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Prices<'a> {
    pub bid_high: &'a [f64],
    pub ask_high: &'a [f64],
    pub bid_low: &'a [f64],
    pub ask_low: &'a [f64],
}

/// Highs and lows of one side.
#[derive(Clone, Copy)]
pub(super) struct Band<'a> {
    pub(super) high: &'a [f64],
    pub(super) low: &'a [f64],
}

/// Extents side by side, price by price, in full groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extents {
    bid_high: Vec<f64>,
    ask_high: Vec<f64>,
    bid_low: Vec<f64>,
    ask_low: Vec<f64>,
}

/// Places of some extents, to be filled in.
#[derive(Debug)]
pub struct Slots<'a> {
    bid_high: &'a mut [f64],
    ask_high: &'a mut [f64],
    bid_low: &'a mut [f64],
    ask_low: &'a mut [f64],
}

impl Extent {
    /// The extent of no rows.
    pub const NONE: Self = Self {
        bid_high: f64::NEG_INFINITY,
        ask_high: f64::NEG_INFINITY,
        bid_low: f64::INFINITY,
        ask_low: f64::INFINITY,
    };

    /// The extent of both.
    #[inline]
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            bid_high: larger(self.bid_high, other.bid_high),
            ask_high: larger(self.ask_high, other.ask_high),
            bid_low: smaller(self.bid_low, other.bid_low),
            ask_low: smaller(self.ask_low, other.ask_low),
        }
    }
}

impl Extents {
    /// So many, all zero, and behind them as many of no rows as fill the last group.
    #[must_use]
    pub fn zero(extents: usize) -> Self {
        let column = |none: f64| {
            let mut column = vec![0.0; extents.next_multiple_of(FAN)];
            column[extents..].fill(none);
            column
        };
        let Extent { bid_high, ask_high, bid_low, ask_low } = Extent::NONE;
        Self {
            bid_high: column(bid_high),
            ask_high: column(ask_high),
            bid_low: column(bid_low),
            ask_low: column(ask_low),
        }
    }

    /// Places for so many at a time.
    pub fn slots(&mut self, extents: usize) -> impl Iterator<Item = Slots<'_>> {
        let highs = self.bid_high.chunks_mut(extents).zip(self.ask_high.chunks_mut(extents));
        let lows = self.bid_low.chunks_mut(extents).zip(self.ask_low.chunks_mut(extents));
        let slots = highs.zip(lows);
        slots.map(|((bid_high, ask_high), (bid_low, ask_low))| Slots { bid_high, ask_high, bid_low, ask_low })
    }

    pub(super) fn len(&self) -> usize {
        self.bid_high.len()
    }

    #[inline]
    pub(super) fn prices(&self) -> Prices<'_> {
        let Self { bid_high, ask_high, bid_low, ask_low } = self;
        Prices { bid_high, ask_high, bid_low, ask_low }
    }

    /// The extents of its groups.
    pub(super) fn grouped(&self) -> Self {
        let mut groups = Self::zero(self.len() / FAN);
        for (group, mut slots) in groups.slots(1).take(self.len() / FAN).enumerate() {
            slots.set(0, self.prices().part(group * FAN..(group + 1) * FAN).extent());
        }
        groups
    }
}

impl Slots<'_> {
    /// Fills one in.
    #[inline(always)]
    pub fn set(&mut self, at: usize, extent: Extent) {
        self.bid_high[at] = extent.bid_high;
        self.ask_high[at] = extent.ask_high;
        self.bid_low[at] = extent.bid_low;
        self.ask_low[at] = extent.ask_low;
    }
}

impl<'a> Prices<'a> {
    /// Some of the rows.
    #[inline]
    #[must_use]
    pub fn part(&self, rows: Range<usize>) -> Self {
        Self {
            bid_high: &self.bid_high[rows.clone()],
            ask_high: &self.ask_high[rows.clone()],
            bid_low: &self.bid_low[rows.clone()],
            ask_low: &self.ask_low[rows],
        }
    }

    /// The extent of all rows.
    #[inline(always)]
    #[must_use]
    pub fn extent(&self) -> Extent {
        Extent {
            bid_high: highest(self.bid_high),
            ask_high: highest(self.ask_high),
            bid_low: lowest(self.bid_low),
            ask_low: lowest(self.ask_low),
        }
    }

    #[inline(always)]
    pub(super) fn side(self, bid: bool) -> Band<'a> {
        if bid {
            self.bid()
        } else {
            self.ask()
        }
    }

    #[inline]
    pub(super) fn bid(self) -> Band<'a> {
        Band { high: self.bid_high, low: self.bid_low }
    }

    #[inline]
    pub(super) fn ask(self) -> Band<'a> {
        Band { high: self.ask_high, low: self.ask_low }
    }
}

impl Band<'_> {
    /// Asks for the memory of the group of a place.
    #[inline(always)]
    pub(super) fn fetch_group(&self, place: usize) {
        let base = place & !(FAN - 1);
        for line in 0..FAN / IN_LINE {
            fetch_at(self.high, base + line * IN_LINE);
            fetch_at(self.low, base + line * IN_LINE);
        }
    }

    /// The first place from one on, up to the end of its group, whose high or low reaches a price.
    #[inline(always)]
    pub(super) fn first_outside(&self, place: usize, rising: f64, falling: f64) -> Option<usize> {
        let base = place & !(FAN - 1);
        let hits = match (group(self.high, base), group(self.low, base)) {
            (Some(highs), Some(lows)) => outside(highs, lows, rising, falling),
            _ => self.last_outside(base, rising, falling),
        };
        let hits = hits >> (place - base);
        (hits != 0).then(|| place + hits.trailing_zeros() as usize)
    }

    /// Which places of the last group, which is not full, reach a price.
    #[cold]
    fn last_outside(&self, base: usize, rising: f64, falling: f64) -> u64 {
        let (mut highs, mut lows) = ([f64::NAN; FAN], [f64::NAN; FAN]);
        let places = self.high.len() - base;
        highs[..places].copy_from_slice(&self.high[base..]);
        lows[..places].copy_from_slice(&self.low[base..]);
        outside(&highs, &lows, rising, falling)
    }
}

/// The numbers of a group, where it is full.
#[inline(always)]
fn group(column: &[f64], base: usize) -> Option<&[f64; FAN]> {
    column.get(base..base + FAN)?.first_chunk()
}

/// Which places of a group reach a price: a bit for each, the first one lowest. Four at a time, which the compiler turns
/// into vectors.
#[inline(always)]
fn outside(highs: &[f64; FAN], lows: &[f64; FAN], rising: f64, falling: f64) -> u64 {
    let (mut hits, mut bits) = ([0; 4], [1, 2, 4, 8]);
    for (highs, lows) in highs.as_chunks::<4>().0.iter().zip(lows.as_chunks::<4>().0) {
        for lane in 0..4 {
            hits[lane] |= if (highs[lane] >= rising) | (lows[lane] <= falling) { bits[lane] } else { 0 };
            bits[lane] <<= 4;
        }
    }
    hits[0] | hits[1] | hits[2] | hits[3]
}

/// The larger of two prices.
#[inline(always)]
#[must_use]
pub fn larger(a: f64, b: f64) -> f64 {
    if a > b {
        a
    } else {
        b
    }
}

/// The smaller of two prices.
#[inline(always)]
#[must_use]
pub fn smaller(a: f64, b: f64) -> f64 {
    if a < b {
        a
    } else {
        b
    }
}

/// The highest of some prices, none of which is NaN.
#[inline(always)]
#[must_use]
pub fn highest(prices: &[f64]) -> f64 {
    best(prices, f64::NEG_INFINITY, larger)
}

/// The lowest of some prices, none of which is NaN.
#[inline(always)]
#[must_use]
pub fn lowest(prices: &[f64]) -> f64 {
    best(prices, f64::INFINITY, smaller)
}

/// The best of some prices: four at a time, which the compiler turns into vectors.
#[inline(always)]
fn best(prices: &[f64], worst: f64, better: impl Fn(f64, f64) -> f64) -> f64 {
    let Some(&last) = prices.last_chunk::<4>() else {
        return prices.iter().fold(worst, |best, &price| better(best, price));
    };
    // The last four come first: to see some prices twice changes nothing.
    let mut best = last;
    for four in prices.as_chunks::<4>().0 {
        for lane in 0..4 {
            best[lane] = better(best[lane], four[lane]);
        }
    }
    better(better(best[0], best[2]), better(best[1], best[3]))
}
