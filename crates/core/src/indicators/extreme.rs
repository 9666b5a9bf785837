//! The highest or lowest value of a sliding window.

use super::row::{known_or, CHUNK};
use super::{larger, smaller};
use std::marker::PhantomData;

/// The extreme of the last `period` values.
///
/// Windows of four are made of values, windows of twenty of those, windows of a hundred of these, and so on, many rows at
/// a time. The last ones may overlap, because a value that is there twice changes no extreme.
#[derive(Clone, Debug)]
pub struct Extreme<F: Fold> {
    fold: PhantomData<F>,
    steps: Vec<Step>,
}

/// Windows that are joined with their neighbours to longer ones.
#[derive(Clone, Debug)]
struct Step {
    /// The newest windows end at `at`.
    windows: Box<[f64]>,
    at: usize,
    /// How many rows back the neighbours are, from the oldest on.
    lags: Lags,
}

#[derive(Clone, Copy, Debug)]
enum Lags {
    Three([usize; 3]),
    Four([usize; 4]),
}

impl<F: Fold> Extreme<F> {
    /// Of `period` values, at least one.
    #[must_use]
    pub fn new(period: usize) -> Self {
        // Neighbours side by side, or as near as the period asks for.
        let lags = |span: usize, neighbour: usize| (neighbour * span).min(period - span);
        let (mut span, mut steps) = (4, Vec::new());
        if period > 1 {
            steps.push(Step::new(F::MISSING, Lags::Three([3, 2, 1].map(|neighbour| lags(1, neighbour)))));
        }
        while span < period {
            steps.push(Step::new(F::MISSING, Lags::Four([4, 3, 2, 1].map(|neighbour| lags(span, neighbour)))));
            span *= 5;
        }
        Self { fold: PhantomData, steps }
    }

    /// Takes up to `CHUNK` values, and puts down the extremes, NaN where not all of a window is known.
    #[inline(always)]
    pub fn slide(&mut self, values: &[f64], extremes: &mut [f64]) {
        let rows = values.len();
        let Some(first) = self.steps.first_mut() else {
            return put(values, extremes, |value| known_or(value, f64::NAN));
        };
        put(values, first.room(rows), |value| known_or(value, F::MISSING));
        for index in 1..self.steps.len() {
            let (shorter, longer) = self.steps.split_at_mut(index);
            shorter[index - 1].join::<F>(longer[0].room(rows), |extreme| extreme);
        }
        self.steps[self.steps.len() - 1].join::<F>(extremes, |extreme| known_or(extreme, f64::NAN));
    }
}

#[inline(always)]
fn put(values: &[f64], places: &mut [f64], make: impl Fn(f64) -> f64) {
    for (place, &value) in places.iter_mut().zip(values) {
        *place = make(value);
    }
}

/// Reads across the lines of a cache cost twice.
const LINE: usize = 64;

impl Step {
    fn new(missing: f64, lags: Lags) -> Self {
        let kept = lags.longest();
        let windows = vec![missing; 2 * kept + CHUNK + LINE / size_of::<f64>()].into();
        Self { windows, at: kept, lags }
    }

    /// Room for the newest windows; what they are joined with is kept.
    #[inline(always)]
    fn room(&mut self, rows: usize) -> &mut [f64] {
        let kept = self.lags.longest();
        if self.at + rows > self.windows.len() {
            let start = kept + self.windows[kept..].as_ptr().align_offset(LINE).min(LINE / size_of::<f64>());
            self.windows.copy_within(self.at - kept..self.at, start - kept);
            self.at = start;
        }
        let start = self.at;
        self.at += rows;
        &mut self.windows[start..start + rows]
    }

    /// Joins the newest windows with their neighbours.
    #[inline(always)]
    fn join<F: Fold>(&self, longer: &mut [f64], make: impl Fn(f64) -> f64) {
        let start = self.at - longer.len();
        let back = |lag: usize| &self.windows[start - lag..self.at - lag];
        match self.lags {
            Lags::Three(lags) => {
                let [first, second, third] = lags.map(back);
                let windows = first.iter().zip(second).zip(third.iter().zip(back(0)));
                for (place, ((&first, &second), (&third, &newest))) in longer.iter_mut().zip(windows) {
                    *place = make(F::join(F::join(first, second), F::join(third, newest)));
                }
            }
            Lags::Four(lags) => {
                let [first, second, third, fourth] = lags.map(back);
                let windows = first.iter().zip(second).zip(third.iter().zip(fourth)).zip(back(0));
                for (place, (((&first, &second), (&third, &fourth)), &newest)) in longer.iter_mut().zip(windows) {
                    *place = make(F::join(F::join(F::join(first, second), F::join(third, fourth)), newest));
                }
            }
        }
    }
}

impl Lags {
    fn longest(&self) -> usize {
        match self {
            Self::Three([longest, ..]) | Self::Four([longest, ..]) => *longest,
        }
    }
}

/// Which of two values counts.
pub trait Fold: Clone {
    /// Stands for what is missing, and counts against every other.
    const MISSING: f64;
    /// The one of two that counts, the older one first.
    fn join(older: f64, newer: f64) -> f64;
}

/// The highest value.
#[derive(Clone, Debug)]
pub struct Highest;

impl Fold for Highest {
    const MISSING: f64 = f64::INFINITY;

    #[inline]
    fn join(older: f64, newer: f64) -> f64 {
        larger(older, newer)
    }
}

/// The lowest value.
#[derive(Clone, Debug)]
pub struct Lowest;

impl Fold for Lowest {
    const MISSING: f64 = f64::NEG_INFINITY;

    #[inline]
    fn join(older: f64, newer: f64) -> f64 {
        smaller(older, newer)
    }
}

/// The highest high and the lowest low.
#[derive(Clone, Debug)]
pub struct Extremes {
    high: Extreme<Highest>,
    low: Extreme<Lowest>,
}

impl Extremes {
    /// Of `period` bars.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { high: Extreme::new(period), low: Extreme::new(period) }
    }

    /// Takes a bar; NaN while a number in the window is not known.
    #[inline]
    pub fn push(&mut self, high: f64, low: f64) -> [f64; 2] {
        let mut extremes = [f64::NAN; 2];
        let [highest, lowest] = extremes.each_mut().map(std::slice::from_mut);
        self.slide(&[high], &[low], highest, lowest);
        extremes
    }

    /// Takes up to `CHUNK` bars.
    #[inline(always)]
    pub fn slide(&mut self, high: &[f64], low: &[f64], highest: &mut [f64], lowest: &mut [f64]) {
        self.high.slide(high, highest);
        self.low.slide(low, lowest);
    }
}
