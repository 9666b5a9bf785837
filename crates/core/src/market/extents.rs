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

/// The highest highs and lowest lows of even and of odd places.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    high: [f64; 2],
    low: [f64; 2],
}

/// Highs and lows of one side.
#[derive(Clone, Copy)]
pub(super) struct Band<'a> {
    high: &'a [f64],
    low: &'a [f64],
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

impl Reach {
    /// Of no places.
    pub(super) const NONE: Self = Self { high: [f64::NEG_INFINITY; 2], low: [f64::INFINITY; 2] };

    #[inline(always)]
    fn take_in(&mut self, highs: [f64; 2], lows: [f64; 2]) {
        self.high = [larger(self.high[0], highs[0]), larger(self.high[1], highs[1])];
        self.low = [smaller(self.low[0], lows[0]), smaller(self.low[1], lows[1])];
    }

    #[inline(always)]
    pub(super) fn high_and_low(&self) -> (f64, f64) {
        (larger(self.high[0], self.high[1]), smaller(self.low[0], self.low[1]))
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

    /// The highest high and the lowest low of some places.
    #[inline]
    pub(super) fn extremes(&self, places: Range<usize>) -> (f64, f64) {
        let (highs, lows) = (&self.high[places.clone()], &self.low[places]);
        let (Some(last_highs), Some(last_lows)) = (highs.last_chunk::<8>(), lows.last_chunk::<8>()) else {
            let few = highs.iter().zip(lows);
            return few.fold((f64::NEG_INFINITY, f64::INFINITY), |(high, low), (&one, &other)| {
                (larger(high, one), smaller(low, other))
            });
        };
        // The last eight come first: to see some prices twice changes nothing.
        let (mut high, mut low) = (best_two(last_highs, larger), best_two(last_lows, smaller));
        for (highs, lows) in highs.as_chunks::<8>().0.iter().zip(lows.as_chunks::<8>().0) {
            let (highs, lows) = (best_two(highs, larger), best_two(lows, smaller));
            high = [larger(high[0], highs[0]), larger(high[1], highs[1])];
            low = [smaller(low[0], lows[0]), smaller(low[1], lows[1])];
        }
        (larger(high[0], high[1]), smaller(low[0], low[1]))
    }

    /// The first of some places whose high or low reaches a price; all before it are taken in. Eight places at a time, one
    /// after the other: it asks for no more memory than it has to.
    #[inline(always)]
    pub(super) fn first_outside_and_reach(
        &self,
        places: Range<usize>,
        rising: f64,
        falling: f64,
        lived: &mut Reach,
    ) -> Option<usize> {
        let reached = |high: f64, low: f64| (high >= rising) | (low <= falling);
        let (highs, lows) = (&self.high[places.clone()], &self.low[places.clone()]);
        let mut at = 0;
        while let (Some(high), Some(low)) = (highs[at..].first_chunk::<8>(), lows[at..].first_chunk::<8>()) {
            let (best, worst) = (best_two(high, larger), best_two(low, smaller));
            if reached(best[0], worst[0]) | reached(best[1], worst[1]) {
                let mut hit = 0;
                while hit < 7 && !reached(high[hit], low[hit]) {
                    lived.take_in([high[hit]; 2], [low[hit]; 2]);
                    hit += 1;
                }
                return Some(places.start + at + hit);
            }
            lived.take_in(best, worst);
            if at + 8 == highs.len() {
                return None;
            }
            // The last eight may begin with places that were seen: to see some prices twice changes nothing.
            at = (at + 8).min(highs.len() - 8);
        }
        for (place, (&high, &low)) in highs.iter().zip(lows).enumerate() {
            if reached(high, low) {
                return Some(places.start + place);
            }
            lived.take_in([high; 2], [low; 2]);
        }
        None
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

#[inline(always)]
fn best(prices: &[f64], worst: f64, better: impl Fn(f64, f64) -> f64 + Copy) -> f64 {
    let (eights, rest) = prices.as_chunks::<8>();
    let [even, odd] = eights.iter().fold([worst; 2], |[even, odd], eight| {
        let two = best_two(eight, better);
        [better(even, two[0]), better(odd, two[1])]
    });
    rest.iter().fold(better(even, odd), |best, &price| better(best, price))
}

/// The best of the even prices and that of the odd ones: side by side, which the compiler turns into vectors.
#[inline(always)]
fn best_two(eight: &[f64; 8], better: impl Fn(f64, f64) -> f64) -> [f64; 2] {
    let side = |side: usize| better(better(eight[side], eight[side + 2]), better(eight[side + 4], eight[side + 6]));
    [side(0), side(1)]
}
