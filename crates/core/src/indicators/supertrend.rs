//! SuperTrend: a stop that follows the trend at a distance of average true ranges.

use super::range::Atr;
use super::row::known;
use super::Indicator;

/// SuperTrend (Seban): the line, and the direction, 1 up and -1 down.
///
/// Bands lie `width` average true ranges around the middle of the bar; the upper one only falls and the lower one only
/// rises until a close lies beyond it, which turns the trend. Before the first such close the direction is not known.
#[derive(Clone, Debug)]
pub struct SuperTrend {
    range: Atr,
    width: f64,
    upper: f64,
    lower: f64,
    close: f64,
    direction: f64,
}

impl SuperTrend {
    /// With an ATR over `period` bars.
    #[must_use]
    pub fn new(period: usize, width: f64) -> Self {
        let unknown = f64::NAN;
        Self { range: Atr::new(period), width, upper: unknown, lower: unknown, close: unknown, direction: unknown }
    }

    fn turn(&mut self, close: f64) {
        if close > self.upper {
            self.direction = 1.0;
        } else if close < self.lower {
            self.direction = -1.0;
        }
    }

    /// The bands move towards the price, and away from it only after a close beyond them.
    #[inline]
    fn follow(&mut self, upper: f64, lower: f64) {
        if !(upper >= self.upper && self.close <= self.upper) {
            self.upper = upper;
        }
        if !(lower <= self.lower && self.close >= self.lower) {
            self.lower = lower;
        }
    }
}

impl Indicator for SuperTrend {
    type Input = [f64; 3];
    type Output = [f64; 2];

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> [f64; 2] {
        let range = self.range.update(bar);
        self.step(bar, self.width * range)
    }

    #[inline(always)]
    fn update_rows(&mut self, columns: [&[f64]; 3], [line, direction]: &mut [&mut [f64]; 2]) {
        self.range.update_rows(columns, line);
        for row in 0..line.len() {
            let bar = columns.map(|column| column[row]);
            [line[row], direction[row]] = self.step(bar, self.width * line[row]);
        }
    }
}

impl SuperTrend {
    #[inline]
    fn step(&mut self, bar: [f64; 3], distance: f64) -> [f64; 2] {
        if !known(bar) || !known([distance]) {
            return [f64::NAN; 2];
        }
        let [high, low, close] = bar;
        let middle = (high + low) / 2.0;
        self.follow(middle + distance, middle - distance);
        self.turn(close);
        self.close = close;
        let line = if self.direction > 0.0 { self.lower } else { self.upper };
        [if self.direction.is_nan() { f64::NAN } else { line }, self.direction]
    }
}
