//! Spread around the mean.

use super::moments::Moments;
use super::row::Room;
use super::{ratio, Indicator};

/// Standard deviation of the last `period` values, divisor `period`.
#[derive(Clone, Debug)]
pub struct StandardDeviation {
    moments: Moments,
    means: Room,
}

impl StandardDeviation {
    /// Over `period` values.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { moments: Moments::new(period), means: Room::new() }
    }
}

impl Indicator for StandardDeviation {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        self.moments.push(value).map_or(f64::NAN, |spread| spread.deviation)
    }

    #[inline]
    fn rows_at_once(&self) -> usize {
        self.moments.rows_at_once()
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], deviations: &mut &mut [f64]) {
        self.moments.slide(values, self.means.of(values.len()), deviations);
    }
}

/// Distance from the mean of the last `period` values, in their standard deviations.
#[derive(Clone, Debug)]
pub struct ZScore {
    moments: Moments,
    means: Room,
}

impl ZScore {
    /// Over `period` values, the newest included.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { moments: Moments::new(period), means: Room::new() }
    }
}

impl Indicator for ZScore {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        self.moments.push(value).map_or(f64::NAN, |spread| ratio(value - spread.mean, spread.deviation))
    }

    #[inline]
    fn rows_at_once(&self) -> usize {
        self.moments.rows_at_once()
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], scores: &mut &mut [f64]) {
        let means = self.means.of(values.len());
        self.moments.slide(values, means, scores);
        for ((score, &value), &mean) in scores.iter_mut().zip(values).zip(&*means) {
            *score = ratio(value - mean, *score);
        }
    }
}
