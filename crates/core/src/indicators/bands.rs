//! Bands and channels around a price: middle, upper, lower.

use super::average::Ema;
use super::extreme::Extremes;
use super::moments::Moments;
use super::range::Atr;
use super::row::{all_known, known};
use super::{one_by_one, Indicator};

/// Bollinger bands: the mean and `width` standard deviations (divisor n) on each side.
#[derive(Clone, Debug)]
pub struct Bollinger {
    moments: Moments,
    width: f64,
}

impl Bollinger {
    /// Over `period` values.
    #[must_use]
    pub fn new(period: usize, width: f64) -> Self {
        Self { moments: Moments::new(period), width }
    }
}

impl Indicator for Bollinger {
    type Input = f64;
    type Output = [f64; 3];

    #[inline]
    fn update(&mut self, value: f64) -> [f64; 3] {
        match self.moments.push(value) {
            Some(spread) => around(spread.mean, self.width * spread.deviation),
            None => [f64::NAN; 3],
        }
    }

    #[inline]
    fn rows_at_once(&self) -> usize {
        self.moments.rows_at_once()
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], [middle, upper, lower]: &mut [&mut [f64]; 3]) {
        self.moments.slide(values, middle, upper);
        for ((middle, upper), lower) in middle.iter().zip(upper.iter_mut()).zip(lower.iter_mut()) {
            [_, *upper, *lower] = around(*middle, self.width * *upper);
        }
    }
}

/// Keltner channel in its modern form: the EMA of the close and `width` average true ranges on each side.
#[derive(Clone, Debug)]
pub struct Keltner {
    middle: Ema,
    range: Atr,
    width: f64,
}

impl Keltner {
    /// An EMA over `period` closes, an ATR over `atr_period` bars.
    #[must_use]
    pub fn new(period: usize, width: f64, atr_period: usize) -> Self {
        Self { middle: Ema::new(period), range: Atr::new(atr_period), width }
    }
}

impl Indicator for Keltner {
    type Input = [f64; 3];
    type Output = [f64; 3];

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> [f64; 3] {
        let range = self.range.update(bar);
        if !known(bar) {
            return [f64::NAN; 3];
        }
        around(self.middle.update(bar[2]), self.width * range)
    }

    #[inline(always)]
    fn update_rows(&mut self, columns: [&[f64]; 3], places: &mut [&mut [f64]; 3]) {
        if !columns.iter().all(|column| all_known(column)) {
            return one_by_one(self, columns, places);
        }
        let [middle, upper, lower] = places;
        self.range.update_rows(columns, upper);
        self.middle.update_rows(columns[2], middle);
        for ((middle, upper), lower) in middle.iter_mut().zip(upper.iter_mut()).zip(lower.iter_mut()) {
            [*middle, *upper, *lower] = around(*middle, self.width * *upper);
        }
    }
}

/// Donchian channel: the highest high, the lowest low and their middle.
#[derive(Clone, Debug)]
pub struct Donchian(Extremes);

impl Donchian {
    /// Over `period` bars, the newest included.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self(Extremes::new(period))
    }
}

impl Indicator for Donchian {
    type Input = [f64; 2];
    type Output = [f64; 3];

    #[inline]
    fn update(&mut self, [high, low]: [f64; 2]) -> [f64; 3] {
        let [highest, lowest] = self.0.push(high, low);
        [(highest + lowest) / 2.0, highest, lowest]
    }

    #[inline(always)]
    fn update_rows(&mut self, [high, low]: [&[f64]; 2], [middle, upper, lower]: &mut [&mut [f64]; 3]) {
        self.0.slide(high, low, upper, lower);
        for ((middle, &upper), &lower) in middle.iter_mut().zip(&**upper).zip(&**lower) {
            *middle = (upper + lower) / 2.0;
        }
    }
}

#[inline]
fn around(middle: f64, distance: f64) -> [f64; 3] {
    [middle, middle + distance, middle - distance]
}
