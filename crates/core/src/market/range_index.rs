//! Highest and lowest prices of blocks of rows, so that a search passes over whole blocks.

use std::ops::Range;

/// Rows in a block; 32 bytes for each keep the index under a twentieth of ticks and under a sixtieth of bars.
pub const BLOCK: usize = 32;
/// Blocks in a group, groups in a group of groups, and so on.
const FAN: usize = 32;

/// Highest and lowest bid and ask of some rows.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Extent {
    pub bid_high: f64,
    pub ask_high: f64,
    pub bid_low: f64,
    pub ask_low: f64,
}

/// The levels that somebody waits for, on each side of both quotes; infinite where nobody does.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Levels {
    pub bid_rising: f64,
    pub ask_rising: f64,
    pub bid_falling: f64,
    pub ask_falling: f64,
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

/// Extents of blocks, of groups of blocks, and so on up to a handful.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RangeIndex {
    tiers: Vec<Vec<Extent>>,
}

impl Levels {
    /// Whether anybody waits for one.
    #[must_use]
    pub fn any(&self) -> bool {
        self.bid_rising < f64::INFINITY
            || self.ask_rising < f64::INFINITY
            || self.bid_falling > f64::NEG_INFINITY
            || self.ask_falling > f64::NEG_INFINITY
    }
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

    /// Whether a row among these may touch a level.
    #[inline]
    #[must_use]
    pub fn touches(&self, levels: &Levels) -> bool {
        (self.bid_high >= levels.bid_rising)
            | (self.ask_high >= levels.ask_rising)
            | (self.bid_low <= levels.bid_falling)
            | (self.ask_low <= levels.ask_falling)
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
    #[must_use]
    pub fn extent(&self) -> Extent {
        Extent {
            bid_high: highest(self.bid_high),
            ask_high: highest(self.ask_high),
            bid_low: lowest(self.bid_low),
            ask_low: lowest(self.ask_low),
        }
    }

    fn extent_of(&self, [bid, ask]: [bool; 2]) -> Extent {
        let mut extent = Extent::NONE;
        if bid {
            (extent.bid_high, extent.bid_low) = (highest(self.bid_high), lowest(self.bid_low));
        }
        if ask {
            (extent.ask_high, extent.ask_low) = (highest(self.ask_high), lowest(self.ask_low));
        }
        extent
    }

    /// The first row that touches a level.
    fn first_touch(&self, levels: &Levels) -> Option<usize> {
        [
            first(self.bid_high, |price| price >= levels.bid_rising, levels.bid_rising < f64::INFINITY),
            first(self.ask_high, |price| price >= levels.ask_rising, levels.ask_rising < f64::INFINITY),
            first(self.bid_low, |price| price <= levels.bid_falling, levels.bid_falling > f64::NEG_INFINITY),
            first(self.ask_low, |price| price <= levels.ask_falling, levels.ask_falling > f64::NEG_INFINITY),
        ]
        .into_iter()
        .flatten()
        .min()
    }
}

impl RangeIndex {
    /// The index whose blocks have these extents.
    #[must_use]
    pub fn of_blocks(blocks: Vec<Extent>) -> Self {
        let mut tiers = vec![blocks];
        while let Some(below) = tiers.last().filter(|tier| tier.len() > FAN) {
            let above = below.chunks(FAN).map(|group| group.iter().fold(Extent::NONE, |sum, one| sum.with(*one)));
            tiers.push(above.collect());
        }
        Self { tiers }
    }

    /// The index of columns that nobody has to check.
    #[must_use]
    pub fn of(prices: &Prices) -> Self {
        let rows = prices.bid_high.len();
        let blocks = (0..rows).step_by(BLOCK).map(|row| prices.part(row..rows.min(row + BLOCK)).extent());
        Self::of_blocks(blocks.collect())
    }

    /// The first of some rows that touches a level.
    #[must_use]
    pub fn first_touch(&self, prices: &Prices, rows: Range<usize>, levels: &Levels) -> Option<usize> {
        if !levels.any() {
            return None;
        }
        let mut row = rows.start;
        while row < rows.end {
            let block = self.next_block(row / BLOCK, rows.end.div_ceil(BLOCK), levels)?;
            let within = row.max(block * BLOCK)..rows.end.min((block + 1) * BLOCK);
            if let Some(found) = prices.part(within.clone()).first_touch(levels) {
                return Some(within.start + found);
            }
            row = within.end;
        }
        None
    }

    /// The first block in `block..end` in which a level may be touched: up where a whole group lies ahead, down where
    /// it may touch.
    fn next_block(&self, block: usize, end: usize, levels: &Levels) -> Option<usize> {
        let (mut tier, mut at, mut blocks) = (0, block, 1);
        while at * blocks < end {
            if !self.tiers[tier][at].touches(levels) {
                at += 1;
                while at.is_multiple_of(FAN) && tier + 1 < self.tiers.len() {
                    (tier, at, blocks) = (tier + 1, at / FAN, blocks * FAN);
                }
            } else if tier == 0 {
                return Some(at);
            } else {
                (tier, at, blocks) = (tier - 1, at * FAN, blocks / FAN);
            }
        }
        None
    }

    /// The extent of some rows; bid and ask only where they are asked for.
    #[must_use]
    pub fn extent(&self, prices: &Prices, rows: Range<usize>, sides: [bool; 2]) -> Extent {
        let (mut row, mut extent) = (rows.start, Extent::NONE);
        while row < rows.end {
            let (part, next) = self.largest_from(prices, row, rows.end, sides);
            extent = extent.with(part);
            row = next;
        }
        extent
    }

    /// The extent of the largest group that starts at a row and ends by `end`, and where it ends.
    fn largest_from(&self, prices: &Prices, row: usize, end: usize, sides: [bool; 2]) -> (Extent, usize) {
        if !row.is_multiple_of(BLOCK) || row + BLOCK > end {
            let border = end.min((row / BLOCK + 1) * BLOCK);
            return (prices.part(row..border).extent_of(sides), border);
        }
        let (mut tier, mut at, mut rows) = (0, row / BLOCK, BLOCK);
        while at.is_multiple_of(FAN) && tier + 1 < self.tiers.len() && row + rows * FAN <= end {
            (tier, at, rows) = (tier + 1, at / FAN, rows * FAN);
        }
        (self.tiers[tier][at], row + rows)
    }
}

/// The larger of two prices.
#[inline]
#[must_use]
pub fn larger(a: f64, b: f64) -> f64 {
    if a > b {
        a
    } else {
        b
    }
}

/// The smaller of two prices.
#[inline]
#[must_use]
pub fn smaller(a: f64, b: f64) -> f64 {
    if a < b {
        a
    } else {
        b
    }
}

/// The first price that satisfies a condition; eight at a time.
fn first(prices: &[f64], met: impl Fn(f64) -> bool, watched: bool) -> Option<usize> {
    const STRIDE: usize = 8;
    if !watched {
        return None;
    }
    for (block, chunk) in prices.chunks(STRIDE).enumerate() {
        if chunk.iter().fold(false, |any, &price| any | met(price)) {
            return chunk.iter().position(|&price| met(price)).map(|row| block * STRIDE + row);
        }
    }
    None
}

/// The highest of some prices, none of which is NaN.
#[inline]
#[must_use]
pub fn highest(prices: &[f64]) -> f64 {
    best(prices, f64::NEG_INFINITY, larger)
}

/// The lowest of some prices, none of which is NaN.
#[inline]
#[must_use]
pub fn lowest(prices: &[f64]) -> f64 {
    best(prices, f64::INFINITY, smaller)
}

/// Pairs of prices side by side, which the compiler turns into vectors.
#[inline]
fn best(prices: &[f64], worst: f64, better: impl Fn(f64, f64) -> f64 + Copy) -> f64 {
    let (eights, rest) = prices.as_chunks::<8>();
    let two = |eight: &[f64; 8], side: usize| {
        better(better(eight[side], eight[side + 2]), better(eight[side + 4], eight[side + 6]))
    };
    let [even, odd] =
        eights.iter().fold([worst; 2], |[even, odd], eight| [better(even, two(eight, 0)), better(odd, two(eight, 1))]);
    rest.iter().fold(better(even, odd), |best, &price| better(best, price))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A walk whose steps repeat, long enough for three tiers.
    fn walk(rows: usize) -> Vec<f64> {
        let mut state = 7_u64;
        let step = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 % 5.0 - 2.0
        };
        (0..rows)
            .map(step)
            .scan(1000.0, |price, step| {
                Some({
                    *price += step;
                    *price
                })
            })
            .collect()
    }

    fn prices<'a>(columns: &'a [Vec<f64>; 4]) -> Prices<'a> {
        Prices { bid_high: &columns[0], ask_high: &columns[1], bid_low: &columns[2], ask_low: &columns[3] }
    }

    fn columns(rows: usize) -> [Vec<f64>; 4] {
        let bid = walk(rows);
        let moved = |by: f64| bid.iter().map(|price| price + by).collect::<Vec<f64>>();
        [moved(1.0), moved(2.5), moved(-1.0), moved(0.5)]
    }

    #[test]
    fn the_extent_of_any_rows_equals_a_scan() {
        let columns = columns(40_000);
        let index = RangeIndex::of(&prices(&columns));
        assert_eq!(index.tiers.len(), 3);
        for (from, to) in
            [(0, 40_000), (0, 32), (31, 33), (5, 5), (1, 39_999), (32_768, 40_000), (1000, 2500), (39_990, 40_000)]
        {
            let scan = prices(&columns).part(from..to).extent();
            assert_eq!(index.extent(&prices(&columns), from..to, [true; 2]), scan, "{from}..{to}");
        }
    }

    #[test]
    fn the_first_touch_of_any_level_equals_a_scan() {
        let columns = columns(40_000);
        let (prices, index) = (prices(&columns), RangeIndex::of(&prices(&columns)));
        let none = Levels {
            bid_rising: f64::INFINITY,
            ask_rising: f64::INFINITY,
            bid_falling: f64::NEG_INFINITY,
            ask_falling: f64::NEG_INFINITY,
        };
        for from in [0, 1, 31, 32, 5_000, 32_767, 39_999] {
            let (bid, ask) = (columns[0][from], columns[3][from]);
            for away in [0.0, 3.0, 20.0, 90.0, 1e6] {
                for levels in [
                    Levels { bid_rising: bid + away, ..none },
                    Levels { ask_falling: ask - away, ..none },
                    Levels { ask_rising: bid + away, bid_falling: ask - 2.0 * away, ..none },
                    none,
                ] {
                    for to in [from, from + 1, 35_000_usize.max(from), 40_000] {
                        let row = |row: &usize| prices.part(*row..row + 1).extent().touches(&levels);
                        assert_eq!(index.first_touch(&prices, from..to, &levels), (from..to).find(row));
                    }
                }
            }
        }
    }
}
