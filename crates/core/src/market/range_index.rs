//! Highest and lowest prices of blocks of rows, so that a search passes over whole blocks.

use std::ops::Range;

use crate::market::extents::{larger, smaller, Band, Reach, FAN, FAN_BITS};
pub use crate::market::extents::{Extent, Extents, Prices};
use crate::wide::{in_wide_registers, Work};

/// Rows in a block; 32 bytes for each keep the index under a twentieth of ticks and under a sixtieth of bars.
pub const BLOCK: usize = FAN;

/// The levels that somebody waits for, on each side of both quotes; infinite where nobody does.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Levels {
    pub bid_rising: f64,
    pub ask_rising: f64,
    pub bid_falling: f64,
    pub ask_falling: f64,
}

/// Extents of blocks, of groups of blocks, and so on up to a handful.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RangeIndex {
    tiers: Vec<Extents>,
}

impl Levels {
    /// Nobody waits for a level.
    pub const NONE: Self = Self {
        bid_rising: f64::INFINITY,
        ask_rising: f64::INFINITY,
        bid_falling: f64::NEG_INFINITY,
        ask_falling: f64::NEG_INFINITY,
    };

    /// Whether anybody waits for a level of the bid.
    #[inline]
    fn on_bid(&self) -> bool {
        self.bid_rising < f64::INFINITY || self.bid_falling > f64::NEG_INFINITY
    }

    /// Whether anybody waits for a level of the ask.
    #[inline]
    fn on_ask(&self) -> bool {
        self.ask_rising < f64::INFINITY || self.ask_falling > f64::NEG_INFINITY
    }
}

impl RangeIndex {
    /// The index whose blocks have these extents.
    #[must_use]
    pub fn of_blocks(blocks: Extents) -> Self {
        let mut tiers = vec![blocks];
        while let Some(below) = tiers.last().filter(|tier| tier.len() > FAN) {
            tiers.push(below.grouped());
        }
        Self { tiers }
    }

    /// The index of columns that nobody has to check.
    #[must_use]
    pub fn of(prices: &Prices) -> Self {
        let rows = prices.bid_high.len();
        let mut blocks = Extents::zero(rows.div_ceil(BLOCK));
        for (start, mut slots) in (0..rows).step_by(BLOCK).zip(blocks.slots(1)) {
            slots.set(0, prices.part(start..rows.min(start + BLOCK)).extent());
        }
        Self::of_blocks(blocks)
    }

    /// Asks for the memory in which a search from a row on begins: its block, and the group of the block after it.
    #[inline(always)]
    pub fn fetch(&self, prices: &Prices, row: usize, bid: bool) {
        prices.side(bid).fetch_group(row);
        if let Some(blocks) = self.tiers.first() {
            blocks.prices().side(bid).fetch_group(row / BLOCK + 1);
        }
    }

    /// The first of some rows that touches a level.
    #[must_use]
    pub fn first_touch(&self, prices: &Prices, rows: Range<usize>, levels: &Levels) -> Option<usize> {
        in_wide_registers(FirstTouch { index: self, prices, rows, levels })
    }

    /// The first of some rows whose high or low reaches a price, a whole group at a time: up where one lies ahead, down
    /// where it lies in one. What is found behind the rows is none of them.
    #[inline(always)]
    fn first_outside<'a>(
        &self,
        band: impl Fn(usize) -> Band<'a>,
        rows: Range<usize>,
        rising: f64,
        falling: f64,
    ) -> Option<usize> {
        let (mut level, mut at, mut places) = (0, rows.start, band(0));
        while at << (level * FAN_BITS) < rows.end {
            if let Some(found) = places.first_outside(at, rising, falling) {
                if level == 0 {
                    return (found < rows.end).then_some(found);
                }
                (level, at) = (level - 1, found << FAN_BITS);
            } else {
                at = (at | (FAN - 1)) + 1;
                while at.is_multiple_of(FAN) && level < self.tiers.len() {
                    (level, at) = (level + 1, at >> FAN_BITS);
                }
            }
            places = band(level);
        }
        None
    }

    /// The same, and the extent of the rows before it; bid and ask only where they are asked for.
    #[must_use]
    pub fn first_touch_and_extent(
        &self,
        prices: &Prices,
        rows: Range<usize>,
        levels: &Levels,
        sides: [bool; 2],
    ) -> (Option<usize>, Extent) {
        match (sides, [levels.on_bid(), levels.on_ask()]) {
            ([true, false], [true, false]) => {
                let (found, (bid_high, bid_low)) = self.first_beyond_bid(prices, rows, levels);
                (found, Extent { bid_high, bid_low, ..Extent::NONE })
            }
            ([false, true], [false, true]) => {
                let (found, (ask_high, ask_low)) = self.first_beyond_ask(prices, rows, levels);
                (found, Extent { ask_high, ask_low, ..Extent::NONE })
            }
            _ => {
                let found = self.first_touch(prices, rows.clone(), levels);
                (found, self.extent(prices, rows.start..found.unwrap_or(rows.end), sides))
            }
        }
    }

    #[inline(always)]
    fn first_beyond_bid(&self, prices: &Prices, rows: Range<usize>, levels: &Levels) -> (Option<usize>, (f64, f64)) {
        self.first_outside_and_reach(
            |level| self.level(level, prices).bid(),
            rows,
            levels.bid_rising,
            levels.bid_falling,
        )
    }

    #[inline(always)]
    fn first_beyond_ask(&self, prices: &Prices, rows: Range<usize>, levels: &Levels) -> (Option<usize>, (f64, f64)) {
        self.first_outside_and_reach(
            |level| self.level(level, prices).ask(),
            rows,
            levels.ask_rising,
            levels.ask_falling,
        )
    }

    /// The first of some rows whose high or low reaches a price, and the highest and lowest price before it: up where a
    /// whole group lies ahead, down where one lies in the group.
    #[inline(always)]
    fn first_outside_and_reach<'a>(
        &self,
        band: impl Fn(usize) -> Band<'a>,
        rows: Range<usize>,
        rising: f64,
        falling: f64,
    ) -> (Option<usize>, (f64, f64)) {
        let (mut level, mut at, mut lived) = (0, rows.start, Reach::NONE);
        loop {
            let bits = level * FAN_BITS;
            let end = rows.end >> bits;
            if at >= end {
                if level == 0 {
                    return (None, lived.high_and_low());
                }
                (level, at) = (level - 1, at << FAN_BITS);
                continue;
            }
            let border = self.border(level, at).min(end);
            match band(level).first_outside_and_reach(at..border, rising, falling, &mut lived) {
                Some(found) if level == 0 => return (Some(found), lived.high_and_low()),
                Some(found) => (level, at) = (level - 1, found << FAN_BITS),
                None => {
                    at = border;
                    while at.is_multiple_of(FAN) && level < self.tiers.len() {
                        let above = at >> FAN_BITS;
                        if above >= rows.end >> ((level + 1) * FAN_BITS) {
                            break;
                        }
                        (level, at) = (level + 1, above);
                    }
                }
            }
        }
    }

    /// The extent of some rows; bid and ask only where they are asked for.
    #[must_use]
    pub fn extent(&self, prices: &Prices, rows: Range<usize>, [bid, ask]: [bool; 2]) -> Extent {
        let mut extent = Extent::NONE;
        if bid {
            let bids = |level| self.level(level, prices).bid();
            (extent.bid_high, extent.bid_low) = self.highest_and_lowest(bids, rows.clone());
        }
        if ask {
            let asks = |level| self.level(level, prices).ask();
            (extent.ask_high, extent.ask_low) = self.highest_and_lowest(asks, rows);
        }
        extent
    }

    #[inline]
    fn highest_and_lowest<'a>(&self, band: impl Fn(usize) -> Band<'a>, rows: Range<usize>) -> (f64, f64) {
        let (mut row, mut high, mut low) = (rows.start, f64::NEG_INFINITY, f64::INFINITY);
        while row < rows.end {
            let level = self.highest_level(row, rows.end);
            let bits = level * FAN_BITS;
            let (at, end) = (row >> bits, rows.end >> bits);
            let border = self.border(level, at).min(end);
            let (highest, lowest) = band(level).extremes(at..border);
            (high, low) = (larger(high, highest), smaller(low, lowest));
            row = border << bits;
        }
        (high, low)
    }

    /// The highest level that has a part which starts at a row and ends by `end`.
    #[inline]
    fn highest_level(&self, row: usize, end: usize) -> usize {
        let mut level = 0;
        while level < self.tiers.len() {
            let rows = BLOCK << (level * FAN_BITS);
            if !row.is_multiple_of(rows) || row + rows > end {
                break;
            }
            level += 1;
        }
        level
    }

    /// Rows on level 0, blocks on level 1, and so on.
    #[inline(always)]
    fn level<'a>(&'a self, level: usize, rows: &Prices<'a>) -> Prices<'a> {
        level.checked_sub(1).map_or(*rows, |tier| self.tiers[tier].prices())
    }

    /// Where the group ends that a part of a level lies in.
    #[inline]
    fn border(&self, level: usize, at: usize) -> usize {
        if level < self.tiers.len() {
            (at | (FAN - 1)) + 1
        } else {
            usize::MAX
        }
    }
}

/// The search for a row that touches a level.
struct FirstTouch<'a> {
    index: &'a RangeIndex,
    prices: &'a Prices<'a>,
    rows: Range<usize>,
    levels: &'a Levels,
}

impl Work for FirstTouch<'_> {
    type Output = Option<usize>;

    #[inline(always)]
    fn run(self) -> Option<usize> {
        let Self { index, prices, levels, rows: Range { start, mut end } } = self;
        let mut found = None;
        if levels.on_bid() {
            let bids = |level| index.level(level, prices).bid();
            found = index.first_outside(bids, start..end, levels.bid_rising, levels.bid_falling);
            end = found.unwrap_or(end);
        }
        if levels.on_ask() {
            let asks = |level| index.level(level, prices).ask();
            found = index.first_outside(asks, start..end, levels.ask_rising, levels.ask_falling).or(found);
        }
        found
    }
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

    fn touches(extent: &Extent, levels: &Levels) -> bool {
        extent.bid_high >= levels.bid_rising
            || extent.ask_high >= levels.ask_rising
            || extent.bid_low <= levels.bid_falling
            || extent.ask_low <= levels.ask_falling
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
        let none = Levels::NONE;
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
                        let row = |row: &usize| touches(&prices.part(*row..row + 1).extent(), &levels);
                        let touch = (from..to).find(row);
                        assert_eq!(index.first_touch(&prices, from..to, &levels), touch);
                        let before = prices.part(from..touch.unwrap_or(to)).extent();
                        for [bid, ask] in [[true, false], [false, true], [true, true]] {
                            let mut lived = Extent::NONE;
                            if bid {
                                (lived.bid_high, lived.bid_low) = (before.bid_high, before.bid_low);
                            }
                            if ask {
                                (lived.ask_high, lived.ask_low) = (before.ask_high, before.ask_low);
                            }
                            let found = index.first_touch_and_extent(&prices, from..to, &levels, [bid, ask]);
                            assert_eq!(found, (touch, lived), "{from}..{to}");
                        }
                    }
                }
            }
        }
    }
}
