//! Directional movement (Wilder 1978).

use super::row::known;
use super::smoothing::Smoothing;
use super::{ratio, Indicator};

/// Directional movement index: +DI and -DI, 0 to 100.
#[derive(Clone, Debug)]
pub struct Dmi {
    before: Option<[f64; 3]>,
    plus: Smoothing,
    minus: Smoothing,
    range: Smoothing,
    /// Moves until the first value.
    wait: usize,
}

impl Dmi {
    /// Over `period` moves.
    #[must_use]
    pub fn new(period: usize) -> Self {
        let sum = || Smoothing::wilder_sum(period);
        Self { before: None, plus: sum(), minus: sum(), range: sum(), wait: period }
    }
}

impl Indicator for Dmi {
    type Input = [f64; 3];
    type Output = [f64; 2];

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> [f64; 2] {
        if !known(bar) {
            return [f64::NAN; 2];
        }
        let Some(before) = self.before.replace(bar) else {
            return [f64::NAN; 2];
        };
        let [plus, minus] = movement(before, bar);
        let (plus, minus) = (self.plus.update(plus), self.minus.update(minus));
        let range = self.range.update(true_range(before[2], bar));
        self.wait = self.wait.saturating_sub(1);
        if self.wait > 0 {
            return [f64::NAN; 2];
        }
        [100.0 * ratio(plus, range), 100.0 * ratio(minus, range)]
    }
}

/// How far the bar went beyond the one before, counted on the side where it went further.
#[inline]
fn movement(before: [f64; 3], bar: [f64; 3]) -> [f64; 2] {
    let up = bar[0] - before[0];
    let down = before[1] - bar[1];
    [if up > 0.0 && up > down { up } else { 0.0 }, if down > 0.0 && down > up { down } else { 0.0 }]
}

#[inline]
fn true_range(before: f64, [high, low, _]: [f64; 3]) -> f64 {
    let top = if before > high { before } else { high };
    let bottom = if before < low { before } else { low };
    top - bottom
}

/// Average directional index: Wilder's smoothing of |+DI - -DI| / (+DI + -DI), 0 to 100.
#[derive(Clone, Debug)]
pub struct Adx {
    dmi: Dmi,
    average: Smoothing,
}

impl Adx {
    /// Over `period` moves.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { dmi: Dmi::new(period), average: Smoothing::wilder(period) }
    }
}

impl Indicator for Adx {
    type Input = [f64; 3];
    type Output = f64;

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> f64 {
        let [plus, minus] = self.dmi.update(bar);
        self.average.update(100.0 * ratio((plus - minus).abs(), plus + minus))
    }
}
