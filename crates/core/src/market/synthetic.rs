//! Seeded synthetic bid and ask bars that behave like an FX market, the same on every platform (R1).

use crate::column::Column;
use crate::error::Error;
use crate::instrument::Grid;
use crate::market::bars::{BarSeries, SideColumns};
use crate::time::{DAY, HOUR, MINUTE};

const WEEK: i64 = 7 * DAY;
/// From the start of an epoch week (a Thursday) to Friday 22:00.
const WEEK_END: i64 = DAY + 22 * HOUR;
/// From Friday 22:00 to Sunday 22:00.
const WEEKEND: i64 = 2 * DAY;
const ROLLOVER: i64 = 22 * HOUR;
const MINUTES_A_YEAR: f64 = 260.0 * 1440.0;
const SUB_STEPS: u64 = 8;
/// Random words of a bar: one a sub-step, then these.
const WORDS_A_BAR: u64 = 16;
const SPREAD_WORD: u64 = 8;
const JUMP_WORD: u64 = 9;
const JUMP_SIZE_WORD: u64 = 10;
const GAP_WORD: u64 = 11;
/// A jump in so many minutes.
const JUMP_MINUTES: f64 = 2000.0;
/// Relative volatility of the hours 0 to 23 UTC: Asia quiet, London and New York busy.
const HOURS: [f64; 24] = [
    0.6, 0.65, 0.65, 0.6, 0.55, 0.6, 0.8, 1.15, 1.3, 1.2, 1.1, 1.05, 1.2, 1.55, 1.6, 1.5, 1.3, 1.1, 0.9, 0.8, 0.7, 0.5,
    0.4, 0.5,
];

/// What a synthetic market is like.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntheticMarket {
    /// Name of the series.
    pub symbol: String,
    /// No bar opens before it.
    pub start: i64,
    /// How many bars to make.
    pub bars: usize,
    /// What a bar covers, in nanoseconds.
    pub timeframe: i64,
    /// Mid price at the start.
    pub price: f64,
    /// Smallest price step.
    pub tick_size: f64,
    /// A pip in price units.
    pub pip_size: f64,
    /// Usual spread.
    pub spread_pips: f64,
    /// Standard deviation of a year's return, such as 0.08.
    pub volatility: f64,
    /// The same seed makes the same market.
    pub seed: u64,
}

impl SyntheticMarket {
    /// Makes the bars: no weekends, gaps on Sundays, a busy and a quiet time of day, jumps, changing spreads.
    ///
    /// # Errors
    /// `Error::Argument` names what is out of range.
    pub fn bars(&self) -> Result<BarSeries, Error> {
        self.check()?;
        let mut walk = Walk::new(self);
        let mut columns = Columns::with_capacity(self.bars);
        let mut time = self.first_time()?;
        let mut gap = false;
        for index in 0..self.bars {
            columns.push(time, walk.bar(index as u64, time, gap), walk.grid);
            (time, gap) = self.next_time(time)?;
        }
        columns.into_series(self)
    }

    fn check(&self) -> Result<(), Error> {
        let positive = [
            ("price", self.price),
            ("tick_size", self.tick_size),
            ("pip_size", self.pip_size),
            ("bars", self.bars as f64),
            ("timeframe", self.timeframe as f64),
        ];
        if let Some((name, value)) = positive.into_iter().find(|(_, value)| !(value.is_finite() && *value > 0.0)) {
            return Err(wrong(name, value, "a finite number above 0"));
        }
        let others = [("spread_pips", self.spread_pips), ("volatility", self.volatility)];
        match others.into_iter().find(|(_, value)| !(value.is_finite() && *value >= 0.0)) {
            Some((name, value)) => Err(wrong(name, value, "a finite number of at least 0")),
            None if self.price < 100.0 * self.tick_size => Err(wrong("price", self.price, "at least a hundred ticks")),
            None => Ok(()),
        }
    }

    fn first_time(&self) -> Result<i64, Error> {
        let past = self.start.rem_euclid(self.timeframe);
        let time = if past == 0 { Some(self.start) } else { self.start.checked_add(self.timeframe - past) };
        self.open_time(time).map(|(time, _)| time)
    }

    fn next_time(&self, time: i64) -> Result<(i64, bool), Error> {
        self.open_time(time.checked_add(self.timeframe))
    }

    /// The first bar's time at or after `time` outside the weekend, and whether a weekend was crossed.
    fn open_time(&self, time: Option<i64>) -> Result<(i64, bool), Error> {
        let late = || wrong("start", self.start as f64, "a time from which all bars fit into 64-bit nanoseconds");
        let time = time.ok_or_else(late)?;
        let past_close = (time - WEEK_END).rem_euclid(WEEK);
        if past_close >= WEEKEND {
            return Ok((time, false));
        }
        let wait = WEEKEND - past_close;
        let steps = (wait + self.timeframe - 1) / self.timeframe;
        let open = steps.checked_mul(self.timeframe).and_then(|wait| time.checked_add(wait)).ok_or_else(late)?;
        Ok((open, true))
    }
}

fn wrong(name: &str, value: f64, expected: &str) -> Error {
    Error::Argument { what: format!("synthetic_bars: {name}"), message: format!("expected {expected}, found {value}") }
}

/// The walk of the mid price and its spread.
struct Walk {
    key: u64,
    grid: Grid,
    mid: f64,
    spread: f64,
    /// Standard deviation of a minute's return.
    minute: f64,
    /// Standard deviation of a sub-step's return.
    step: f64,
    jump_chance: f64,
    /// How much wider the last jump still makes the spread.
    shock: f64,
    long_bars: bool,
}

impl Walk {
    fn new(market: &SyntheticMarket) -> Self {
        let minutes = market.timeframe as f64 / MINUTE as f64;
        let minute = market.volatility / MINUTES_A_YEAR.sqrt();
        Self {
            key: mix(market.seed),
            grid: Grid::new(market.tick_size),
            mid: market.price,
            spread: market.spread_pips * market.pip_size,
            minute,
            step: minute * (minutes / SUB_STEPS as f64).sqrt(),
            jump_chance: (minutes / JUMP_MINUTES).min(0.5),
            shock: 0.0,
            long_bars: market.timeframe >= DAY,
        }
    }

    /// Walks one bar: bid and ask of each sub-step in ticks.
    fn bar(&mut self, index: u64, time: i64, gap: bool) -> [Extremes; 2] {
        let word = |slot: u64| mix(self.key.wrapping_add((index * WORDS_A_BAR + slot).wrapping_mul(GAMMA)));
        let (spread_word, gap_word) = (word(SPREAD_WORD), word(GAP_WORD));
        let jump = (uniform(word(JUMP_WORD)) < self.jump_chance).then(|| word(JUMP_SIZE_WORD));
        let steps: [u64; SUB_STEPS as usize] = std::array::from_fn(|slot| word(slot as u64));
        let step = self.step * if self.long_bars { 1.0 } else { activity(time) };
        if gap {
            self.walk(8.0 * self.minute * normal(gap_word));
        }
        let mut sides = [Extremes::default(); 2];
        for (slot, &step_word) in steps.iter().enumerate() {
            self.walk(step * normal(step_word));
            if let Some(size) = jump.filter(|size| (size >> 40) % SUB_STEPS == slot as u64) {
                self.jump(size);
            }
            let half = self.spread * self.widening(time) * (0.85 + 0.3 * uniform(spread_word)) / 2.0;
            let bid = (self.grid.ticks(self.mid - half) + 0.5).floor().max(1.0);
            let ask = (self.grid.ticks(self.mid + half) + 0.5).floor().max(1.0);
            sides[0].meet(bid, slot == 0);
            sides[1].meet(ask, slot == 0);
        }
        self.shock *= 0.6;
        sides
    }

    fn walk(&mut self, change: f64) {
        self.mid *= 1.0 + change.clamp(-0.2, 0.2);
    }

    fn jump(&mut self, size: u64) {
        let sign = if size & 1 == 0 { 1.0 } else { -1.0 };
        self.walk(sign * (6.0 + 6.0 * uniform(size)) * self.minute);
        self.shock = 3.0;
    }

    /// Spread in multiples of the usual one: wide around the rollover and after jumps.
    fn widening(&self, time: i64) -> f64 {
        let distance = ((time - ROLLOVER).rem_euclid(DAY)).min((ROLLOVER - time).rem_euclid(DAY));
        let minutes = distance as f64 / MINUTE as f64;
        let rollover = if self.long_bars { 0.0 } else { 4.0 * (1.0 - minutes / 20.0).max(0.0) };
        1.0 + rollover + self.shock
    }
}

/// Relative volatility at a time of day, straight between the middles of the hours.
fn activity(time: i64) -> f64 {
    let shifted = (time - HOUR / 2).rem_euclid(DAY);
    let hour = (shifted / HOUR) as usize;
    let part = (shifted % HOUR) as f64 / HOUR as f64;
    HOURS[hour] + (HOURS[(hour + 1) % 24] - HOURS[hour]) * part
}

/// Open, high, low and close of one side, in whole ticks.
#[derive(Clone, Copy, Default)]
struct Extremes {
    open: f64,
    high: f64,
    low: f64,
    close: f64,
}

impl Extremes {
    fn meet(&mut self, ticks: f64, first: bool) {
        if first {
            *self = Self { open: ticks, high: ticks, low: ticks, close: ticks };
        }
        self.high = self.high.max(ticks);
        self.low = self.low.min(ticks);
        self.close = ticks;
    }
}

struct Columns {
    time: Vec<i64>,
    sides: [[Vec<f64>; 4]; 2],
}

impl Columns {
    fn with_capacity(bars: usize) -> Self {
        // A hint only: an absurd number of bars must fail by its times, not by its memory.
        let capacity = bars.min(1 << 22);
        let side = || [0; 4].map(|_| Vec::with_capacity(capacity));
        Self { time: Vec::with_capacity(capacity), sides: [side(), side()] }
    }

    fn push(&mut self, time: i64, sides: [Extremes; 2], grid: Grid) {
        self.time.push(time);
        for (columns, side) in self.sides.iter_mut().zip(sides) {
            for (column, ticks) in columns.iter_mut().zip([side.open, side.high, side.low, side.close]) {
                column.push(grid.price(ticks));
            }
        }
    }

    fn into_series(self, market: &SyntheticMarket) -> Result<BarSeries, Error> {
        let [bid, ask] = self.sides.map(|side| {
            let [open, high, low, close] = side.map(Column::from);
            SideColumns { open, high, low, close }
        });
        BarSeries::new(market.symbol.clone(), self.time.into(), bid, Some(ask), None, Some(market.timeframe))
    }
}

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// One SplitMix64 step.
fn mix(x: u64) -> u64 {
    let mut z = x.wrapping_add(GAMMA);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number in `[0, 1)`.
fn uniform(word: u64) -> f64 {
    (word >> 11) as f64 / 9_007_199_254_740_992.0
}

/// Nearly normal: four uniform numbers of 16 bits, summed, with mean 0 and variance 1.
fn normal(word: u64) -> f64 {
    let sum = (word & 0xffff) + (word >> 16 & 0xffff) + (word >> 32 & 0xffff) + (word >> 48);
    (sum as f64 / 65536.0 - (2.0 - 2.0 / 65536.0)) * 3.0_f64.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::series::Series;
    use crate::time::SECOND;

    fn market(seed: u64, bars: usize) -> SyntheticMarket {
        SyntheticMarket {
            symbol: "EURUSD".into(),
            start: 1_704_067_200 * SECOND,
            bars,
            timeframe: MINUTE,
            price: 1.1,
            tick_size: 1e-5,
            pip_size: 1e-4,
            spread_pips: 0.8,
            volatility: 0.08,
            seed,
        }
    }

    fn hash(market: &SyntheticMarket) -> String {
        Series::Bars(market.bars().unwrap()).data_hash()
    }

    #[test]
    fn r1_the_same_seed_makes_the_same_market() {
        assert_eq!(hash(&market(7, 5_000)), hash(&market(7, 5_000)));
        assert_ne!(hash(&market(7, 5_000)), hash(&market(8, 5_000)));
    }

    #[test]
    fn r1_a_longer_market_begins_like_a_shorter_one() {
        let (short, long) = (market(7, 1_000).bars().unwrap(), market(7, 2_000).bars().unwrap());
        assert_eq!(short.view().ask[3], &long.view().ask[3][..1_000]);
    }

    #[test]
    fn no_bar_opens_on_the_weekend() {
        let bars = market(1, 20_000).bars().unwrap();
        let open = |time: i64| (time - WEEK_END).rem_euclid(WEEK) >= WEEKEND;
        assert!(bars.times().iter().all(|&time| open(time)));
        let gaps: Vec<i64> = bars.times().windows(2).map(|pair| pair[1] - pair[0]).filter(|&d| d != MINUTE).collect();
        assert!(gaps.len() >= 2 && gaps.iter().all(|&gap| gap == WEEKEND + MINUTE), "{gaps:?}");
    }

    #[test]
    fn q5_prices_lie_on_the_grid() {
        let bars = market(3, 3_000).bars().unwrap();
        let grid = Grid::new(1e-5);
        let view = bars.view();
        assert!(view.bid.iter().chain(&view.ask).flat_map(|column| *column).all(|&price| grid.nearest(price) == price));
    }

    #[test]
    fn spreads_widen_around_the_rollover() {
        let bars = market(5, 40_000).bars().unwrap();
        let view = bars.view();
        let mean = |from: i64, to: i64| {
            let rows = (0..bars.len()).filter(|&row| (from..to).contains(&view.time[row].rem_euclid(DAY)));
            let spreads: Vec<f64> = rows.map(|row| view.ask[3][row] - view.bid[3][row]).collect();
            spreads.iter().sum::<f64>() / spreads.len() as f64
        };
        let (noon, rollover) = (mean(12 * HOUR, 13 * HOUR), mean(ROLLOVER, ROLLOVER + 5 * MINUTE));
        assert!(rollover > 3.0 * noon && noon > 0.6e-4 && noon < 1.1e-4, "{noon} {rollover}");
    }

    #[test]
    fn london_is_busier_than_asia() {
        let bars = market(5, 40_000).bars().unwrap();
        let view = bars.view();
        let range = |from: i64, to: i64| {
            let rows = (0..bars.len()).filter(|&row| (from..to).contains(&view.time[row].rem_euclid(DAY)));
            let ranges: Vec<f64> = rows.map(|row| view.bid[1][row] - view.bid[2][row]).collect();
            ranges.iter().sum::<f64>() / ranges.len() as f64
        };
        assert!(range(13 * HOUR, 16 * HOUR) > 1.8 * range(HOUR, 5 * HOUR));
    }

    #[test]
    fn bars_follow_each_other_closely() {
        let bars = market(9, 40_000).bars().unwrap();
        let view = bars.view();
        let far = |row: &usize| (view.bid[0][*row] - view.bid[3][row - 1]).abs() > 5e-4;
        let within = (1..bars.len()).filter(|&row| view.time[row] - view.time[row - 1] == MINUTE);
        let far = within.filter(far).count();
        assert!(far < 40, "{far}");
    }

    #[test]
    fn a_year_has_about_the_asked_volatility() {
        let bars = market(2, 374_400).bars().unwrap();
        let closes = bars.view().bid[3];
        let squares: f64 = closes
            .windows(1440 + 1)
            .step_by(1440)
            .map(|day| {
                let change = day[1440] / day[0] - 1.0;
                change * change
            })
            .sum();
        let year = squares.sqrt();
        assert!((0.06..0.12).contains(&year), "{year}");
    }

    #[test]
    fn longer_timeframes_and_other_grids_work() {
        for timeframe in [SECOND, HOUR, 4 * HOUR, DAY, WEEK] {
            let bars = SyntheticMarket { timeframe, price: 18_000.0, tick_size: 0.25, pip_size: 1.0, ..market(4, 500) };
            assert_eq!(bars.bars().unwrap().len(), 500);
        }
    }

    #[test]
    fn settings_out_of_range_are_named() {
        for (wrong, name) in [
            (SyntheticMarket { bars: 0, ..market(1, 1) }, "bars"),
            (SyntheticMarket { price: f64::NAN, ..market(1, 1) }, "price"),
            (SyntheticMarket { spread_pips: -1.0, ..market(1, 1) }, "spread_pips"),
            (SyntheticMarket { start: i64::MAX - 5, ..market(1, 1) }, "start"),
        ] {
            let error = wrong.bars().unwrap_err();
            assert_eq!(error.code(), 1023);
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
