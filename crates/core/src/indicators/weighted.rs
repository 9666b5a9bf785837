//! The weighted moving average.

use super::blocks::{lanes, Blocks, Lanes};
use super::row::all_known;
use super::{one_by_one, Indicator};
use crate::wide::fetch;

/// Weighted moving average: weights `1` (oldest) to `period` (newest).
///
/// Blocks as in [`super::window::Window`]: an end of the block before carries its own weights from 1, and what came
/// since carries them from 1 too, plus as many as there are values of the end.
#[derive(Clone, Debug)]
pub struct Wma {
    /// Values of this block up to `at`, weighted ends of the block before from there on, and one that is empty.
    tail: Box<[f64]>,
    blocks: Blocks<1>,
    sum: f64,
    weighted: f64,
    at: usize,
    /// As many as `at`, and how many are missing to a full block.
    parts: [f64; 2],
    wait: usize,
    /// One divided by the sum of the weights.
    weight: f64,
}

impl Wma {
    /// Over `period` values.
    #[must_use]
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        let count = period as f64;
        let weight = 2.0 / (count * (count + 1.0));
        Self {
            tail: vec![0.0; period + 1].into(),
            blocks: Blocks::new(period),
            sum: 0.0,
            weighted: 0.0,
            at: 0,
            parts: [0.0, count],
            wait: period,
            weight,
        }
    }

    #[inline]
    fn period(&self) -> usize {
        self.tail.len() - 1
    }

    /// What came since the block began, with its weights in the window.
    #[inline]
    fn add(&mut self, value: f64) -> f64 {
        self.at += 1;
        self.parts = [self.parts[0] + 1.0, self.parts[1] - 1.0];
        self.sum += value;
        self.weighted += self.parts[0] * value;
        self.weighted + self.parts[1] * self.sum
    }

    /// Known values of whole blocks, where none is missing before them.
    #[inline(always)]
    fn slide_blocks(&mut self, values: &[f64], averages: &mut [f64]) {
        // Lanes are written far apart, where no processor expects them.
        fetch(averages);
        self.blocks.take(
            values,
            |_| Sums::default(),
            |sums, values| {
                sums.plain = lanes(|lane| sums.plain[lane] + values[lane]);
                sums.weighted = lanes(|lane| sums.weighted[lane] + sums.plain[lane]);
                [sums.weighted]
            },
        );
        let (period, weight) = (self.parts[1], self.weight);
        self.blocks.put(
            [&mut self.tail],
            [averages],
            |_| Sums::default(),
            |sums, values, [older]| {
                sums.count += 1.0;
                let missing = period - sums.count;
                sums.plain = lanes(|lane| sums.plain[lane] + values[lane]);
                sums.weighted = lanes(|lane| sums.weighted[lane] + sums.count * values[lane]);
                let newer = lanes(|lane| sums.weighted[lane] + missing * sums.plain[lane]);
                [lanes(|lane| (older[lane] + newer[lane]) * weight)]
            },
        );
    }

    /// Values that do not go beyond the block.
    #[inline(always)]
    fn slide_part(&mut self, values: &[f64], averages: &mut [f64]) {
        let start = self.at;
        for (average, &value) in averages.iter_mut().zip(values) {
            *average = self.add(value);
        }
        for (average, &tail) in averages.iter_mut().zip(&self.tail[start + 1..=self.at]) {
            *average = (tail + *average) * self.weight;
        }
        self.tail[start..self.at].copy_from_slice(values);
        self.turn();
    }

    #[inline(always)]
    fn turn(&mut self) {
        if self.at == self.period() {
            join_backwards(&mut self.tail);
            (self.sum, self.weighted, self.at) = (0.0, 0.0, 0);
            self.parts = [0.0, self.parts[0]];
        }
    }
}

/// A block is full: its ends get weights from 1.
fn join_backwards(block: &mut [f64]) {
    let (mut sum, mut weighted) = (0.0, 0.0);
    for value in block.iter_mut().rev().skip(1) {
        sum += *value;
        weighted += sum;
        *value = weighted;
    }
}

impl Indicator for Wma {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        let known = value.is_finite();
        let value = if known { value } else { 0.0 };
        self.wait = if known { self.wait.saturating_sub(1) } else { self.period() };
        let newer = self.add(value);
        let average = (self.tail[self.at] + newer) * self.weight;
        self.tail[self.at - 1] = value;
        self.turn();
        if self.wait == 0 {
            average
        } else {
            f64::NAN
        }
    }

    #[inline]
    fn rows_at_once(&self) -> usize {
        self.blocks.rows_at_once(self.at, self.wait)
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], averages: &mut &mut [f64]) {
        if !all_known(values) {
            return one_by_one(self, values, averages);
        }
        if self.blocks.hold(values.len(), self.at, self.wait) {
            return self.slide_blocks(values, averages);
        }
        let mut row = 0;
        while row < values.len() {
            let part = row..values.len().min(row + self.period() - self.at);
            self.slide_part(&values[part.clone()], &mut averages[part.clone()]);
            row = part.end;
        }
        let unknown = self.wait.saturating_sub(1).min(values.len());
        averages[..unknown].fill(f64::NAN);
        self.wait = self.wait.saturating_sub(values.len());
    }
}

/// Sums of lanes, plain and weighted, and of how many values.
#[derive(Default)]
struct Sums {
    plain: Lanes,
    weighted: Lanes,
    count: f64,
}
