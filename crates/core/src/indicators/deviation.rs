//! Spread around the mean.

use super::moments::Moments;
use super::row::CHUNK;
use super::{ratio, Indicator};

/// Standard deviation of the last `period` values, divisor `period`.
#[derive(Clone, Debug)]
pub struct StandardDeviation(Moments);

impl StandardDeviation {
    /// Over `period` values.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self(Moments::new(period))
    }
}

impl Indicator for StandardDeviation {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        self.0.push(value).map_or(f64::NAN, |spread| spread.deviation)
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], deviations: &mut &mut [f64]) {
        let mut means = [0.0; CHUNK];
        self.0.slide(values, &mut means[..values.len()], deviations);
    }
}

/// Distance from the mean of the last `period` values, in their standard deviations.
#[derive(Clone, Debug)]
pub struct ZScore(Moments);

impl ZScore {
    /// Over `period` values, the newest included.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self(Moments::new(period))
    }
}

impl Indicator for ZScore {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        self.0.push(value).map_or(f64::NAN, |spread| ratio(value - spread.mean, spread.deviation))
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], scores: &mut &mut [f64]) {
        let mut means = [0.0; CHUNK];
        self.0.slide(values, &mut means[..values.len()], scores);
        for ((score, &value), &mean) in scores.iter_mut().zip(values).zip(&means) {
            *score = ratio(value - mean, *score);
        }
    }
}
