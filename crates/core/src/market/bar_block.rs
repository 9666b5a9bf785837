//! A look at a block of bars, some rows at a time.

use crate::market::extents::{larger, smaller, Extent};
use std::array::from_fn;

/// Rows that are looked at together: as many prices as a wide register holds.
const LANES: usize = 4;

/// Some successive rows of a column.
type Lanes<T> = [T; LANES];

/// Open, high, low and close of one side.
type Side<'a> = [&'a [f64]; 4];

/// What rows of bars are like, lane by lane.
pub(super) struct Look {
    /// All bits, or none where a row is not sound: the compiler keeps them in the lanes that compared.
    sound: Lanes<i64>,
    bid_high: Lanes<f64>,
    ask_high: Lanes<f64>,
    bid_low: Lanes<f64>,
    ask_low: Lanes<f64>,
}

impl Look {
    const NONE: Self = Self {
        sound: [-1; LANES],
        bid_high: [f64::NEG_INFINITY; LANES],
        ask_high: [f64::NEG_INFINITY; LANES],
        bid_low: [f64::INFINITY; LANES],
        ask_low: [f64::INFINITY; LANES],
    };

    /// A look at rows that whole registers hold, each with the time after its own.
    #[inline(always)]
    pub fn at_block(times: &[i64], next: &[i64], bid: Side, ask: Side) -> Self {
        let mut look = Self::NONE;
        let (times, next) = (times.as_chunks().0, next.as_chunks().0);
        let (bid, ask) = (bid.map(|prices| prices.as_chunks().0), ask.map(|prices| prices.as_chunks().0));
        for at in 0..times.len() {
            look.times(&times[at], &next[at]);
            look.prices(bid.map(|prices| &prices[at]), ask.map(|prices| &prices[at]));
        }
        look
    }

    /// A look at however many rows; the last may be without a time after its own.
    #[inline(always)]
    pub fn at_last(times: &[i64], next: &[i64], bid: Side, ask: Side) -> Self {
        let mut look = Self::NONE;
        for (time, next) in times.iter().zip(next) {
            look.times(&[*time; LANES], &[*next; LANES]);
        }
        let rows = bid[0].len();
        for row in (0..rows).step_by(LANES) {
            // To see the last row twice changes nothing.
            let some = |prices: &[f64]| -> Lanes<f64> { from_fn(|lane| prices[(row + lane).min(rows - 1)]) };
            look.prices(bid.map(some).each_ref(), ask.map(some).each_ref());
        }
        look
    }

    /// T4: times rise strictly.
    #[inline(always)]
    fn times(&mut self, times: &Lanes<i64>, next: &Lanes<i64>) {
        for lane in 0..LANES {
            self.sound[lane] &= -i64::from(times[lane] < next[lane]);
        }
    }

    /// Q3: open and close lie between low and high, and no ask below its bid.
    #[inline(always)]
    fn prices(&mut self, bid: [&Lanes<f64>; 4], ask: [&Lanes<f64>; 4]) {
        for [open, high, low, close] in [bid, ask] {
            self.ordered(low, open);
            self.ordered(open, high);
            self.ordered(low, close);
            self.ordered(close, high);
        }
        for (bid, ask) in bid.into_iter().zip(ask) {
            self.ordered(bid, ask);
        }
        for lane in 0..LANES {
            self.bid_high[lane] = larger(self.bid_high[lane], bid[1][lane]);
            self.ask_high[lane] = larger(self.ask_high[lane], ask[1][lane]);
            self.bid_low[lane] = smaller(self.bid_low[lane], bid[2][lane]);
            self.ask_low[lane] = smaller(self.ask_low[lane], ask[2][lane]);
        }
    }

    /// No value is above its counterpart, which a NaN always is.
    #[inline(always)]
    fn ordered(&mut self, lower: &Lanes<f64>, upper: &Lanes<f64>) {
        for lane in 0..LANES {
            self.sound[lane] &= -i64::from(lower[lane] <= upper[lane]);
        }
    }

    /// Whether every row is sound, and the highest and lowest prices.
    ///
    /// Out of line, so that lanes are whole columns of memory to the compiler and not the parts of one sum.
    #[inline(never)]
    pub fn result(&self) -> (bool, Extent) {
        let extent = Extent {
            bid_high: best(&self.bid_high, larger),
            ask_high: best(&self.ask_high, larger),
            bid_low: best(&self.bid_low, smaller),
            ask_low: best(&self.ask_low, smaller),
        };
        // A NaN is within no bounds, so the lowest bid and the highest ask speak for all.
        let prices = (extent.bid_low > 0.0) & (extent.ask_high < f64::INFINITY);
        (prices & self.sound.iter().all(|&lane| lane != 0), extent)
    }
}

fn best(lanes: &Lanes<f64>, better: impl Fn(f64, f64) -> f64) -> f64 {
    better(better(lanes[0], lanes[2]), better(lanes[1], lanes[3]))
}
