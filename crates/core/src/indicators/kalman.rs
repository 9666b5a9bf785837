//! The local level model: a price is a level that wanders, seen through noise.
//!
//! `level[t] = level[t-1] + w`, `price[t] = level[t] + v`, with variances `process` of `w` and `observation` of `v`
//! (Kalman 1960; Harvey 1989, section 2.1; Durbin and Koopman 2012, section 2.2). The level begins at the first price with
//! the variance of an observation, which is what a diffuse start comes to.

use super::garch::{Recursion, Variances};
use super::row::known;
use super::{ratio, Indicator};

/// The filter.
#[derive(Clone, Debug)]
pub struct LocalLevel {
    process: f64,
    observation: f64,
    level: f64,
    variance: f64,
    /// The next observation's variance and gain, kept while they do not change.
    forecast: f64,
    gain: f64,
}

/// What an observation tells.
#[derive(Clone, Copy, Debug)]
pub struct Innovation {
    /// Observation minus the level expected.
    pub error: f64,
    /// Variance that the error was expected to have.
    pub variance: f64,
}

impl LocalLevel {
    /// With the variances of the level's steps and of the observations.
    #[must_use]
    pub fn new(process: f64, observation: f64) -> Self {
        let unknown = f64::NAN;
        Self { process, observation, level: unknown, variance: unknown, forecast: unknown, gain: unknown }
    }

    /// The level, the newest observation included; NaN before the first.
    #[must_use]
    #[inline]
    pub fn level(&self) -> f64 {
        self.level
    }

    /// Takes an observation; nothing for a missing one, which only makes the level less certain, and for the first.
    #[inline]
    pub fn observe(&mut self, value: f64) -> Option<Innovation> {
        if !value.is_finite() {
            self.expect(self.variance + self.process);
            return None;
        }
        if self.level.is_nan() {
            self.level = value;
            self.expect(self.observation);
            return None;
        }
        let innovation = Innovation { error: value - self.level, variance: self.forecast };
        self.level += self.gain * innovation.error;
        self.expect(self.gain * self.observation);
        Some(innovation)
    }

    /// The level has this variance now. The division is left out once the filter has settled.
    #[inline]
    fn expect(&mut self, variance: f64) {
        if variance == self.variance {
            return;
        }
        self.variance = variance;
        let ahead = variance + self.process;
        self.forecast = ahead + self.observation;
        self.gain = ahead / self.forecast;
    }
}

/// The filtered level of the local level model.
#[derive(Clone, Debug)]
pub struct KalmanMean(LocalLevel);

impl KalmanMean {
    /// With the variances of the level's steps and of the observations; only their ratio matters.
    #[must_use]
    pub fn new(process: f64, observation: f64) -> Self {
        Self(LocalLevel::new(process, observation))
    }
}

impl Indicator for KalmanMean {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        self.0.observe(value);
        if known([value]) {
            self.0.level()
        } else {
            f64::NAN
        }
    }
}

/// The innovation of the local level model in the standard deviations that the model expects of it.
#[derive(Clone, Debug)]
pub struct KalmanZScore(LocalLevel);

impl KalmanZScore {
    /// With the variances of the level's steps and of the observations, in squared units of the values.
    #[must_use]
    pub fn new(process: f64, observation: f64) -> Self {
        Self(LocalLevel::new(process, observation))
    }
}

impl Indicator for KalmanZScore {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        self.0.observe(value).map_or(f64::NAN, |seen| ratio(seen.error, seen.variance.sqrt()))
    }
}

/// The filtered level, and the innovation in the standard deviations that a GARCH(1,1) of the innovations expects.
#[derive(Clone, Debug)]
pub struct KalmanGarchZScore {
    level: LocalLevel,
    variances: Variances,
}

impl KalmanGarchZScore {
    /// Only the ratio of `process` and `observation` matters; the recursion's units are those of the values.
    #[must_use]
    pub fn new(process: f64, observation: f64, recursion: Recursion) -> Self {
        Self { level: LocalLevel::new(process, observation), variances: Variances::new(recursion) }
    }
}

impl Indicator for KalmanGarchZScore {
    type Input = f64;
    type Output = [f64; 2];

    #[inline]
    fn update(&mut self, value: f64) -> [f64; 2] {
        let innovation = self.level.observe(value);
        if !known([value]) {
            return [f64::NAN; 2];
        }
        let score = innovation.map_or(f64::NAN, |seen| {
            let expected = self.variances.next();
            self.variances.update(seen.error * seen.error);
            ratio(seen.error, expected.sqrt())
        });
        [self.level.level(), score]
    }
}
