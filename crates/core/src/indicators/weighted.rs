//! The weighted moving average.

use super::blocks::{Blocks, Lanes, LANES};
use super::row::all_known;
use super::{one_by_one, Indicator, CHUNK};
use crate::wide::fetch;

/// Weighted moving average: weights `1` (oldest) to `period` (newest).
///
/// Blocks as in [`super::window::Window`]: an end of the block before carries its own weights from 1, and what came
/// since carries them from 1 too, plus as many as there are values of the end.
#[derive(Clone, Debug)]
pub struct Wma {
    /// Values of this block up to `at`, weighted ends of the block before from there on, and one that is empty.
    tail: Box<[f64]>,
    /// Room for the ends of the block that comes.
    next: Box<[f64]>,
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
            next: vec![0.0; period + 1].into(),
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

    /// Values of all the block, which need not be kept.
    #[inline(always)]
    fn slide_whole_block(&mut self, values: &[f64], averages: &mut [f64]) {
        let period = values.len();
        let (averages, ends) = (&mut averages[..period], &mut self.next[..period]);
        let (mut sum, mut weighted, mut parts) = (0.0, 0.0, self.parts);
        let (mut end_sum, mut end_weighted) = (0.0, 0.0);
        // Sums from both ends at once: neither waits for the other.
        for row in 0..period {
            let (value, end_value) = (values[row], values[period - 1 - row]);
            parts = [parts[0] + 1.0, parts[1] - 1.0];
            sum += value;
            weighted += parts[0] * value;
            averages[row] = weighted + parts[1] * sum;
            end_sum += end_value;
            end_weighted += end_sum;
            ends[period - 1 - row] = end_weighted;
        }
        for (average, &tail) in averages.iter_mut().zip(&self.tail[1..]) {
            *average = (tail + *average) * self.weight;
        }
        std::mem::swap(&mut self.tail, &mut self.next);
    }

    /// Known values of whole blocks, where none is missing before them.
    #[inline(always)]
    fn slide_blocks(&mut self, blocks: &mut Blocks, values: &[f64], averages: &mut [f64]) {
        blocks.take(values, |sums: &mut Sums, values| {
            for (lane, value) in values.into_iter().enumerate() {
                sums.plain[lane] += value;
                sums.weighted[lane] += sums.plain[lane];
            }
            sums.weighted
        });
        let (period, weight) = (self.parts[1], self.weight);
        blocks.put(&mut self.tail, averages, |sums: &mut Sums, values, mut older| {
            sums.count += 1.0;
            let missing = period - sums.count;
            for lane in 0..LANES {
                sums.plain[lane] += values[lane];
                sums.weighted[lane] += sums.count * values[lane];
                older[lane] = (older[lane] + (sums.weighted[lane] + missing * sums.plain[lane])) * weight;
            }
            older
        });
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

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], averages: &mut &mut [f64]) {
        if !all_known(values) {
            return one_by_one(self, values, averages);
        }
        let mut row = 0;
        while row < values.len() {
            let end = values.len().min(row + self.period() - self.at);
            if end - row == self.period() {
                self.slide_whole_block(&values[row..end], &mut averages[row..end]);
            } else {
                self.slide_part(&values[row..end], &mut averages[row..end]);
            }
            row = end;
        }
        let unknown = self.wait.saturating_sub(1).min(values.len());
        averages[..unknown].fill(f64::NAN);
        self.wait = self.wait.saturating_sub(values.len());
    }

    #[inline(always)]
    fn fill(&mut self, values: &[f64], averages: &mut [f64]) {
        let mut blocks = Blocks::new(self.period());
        let mut row = 0;
        while row < values.len() {
            let whole = row..row + blocks.rows();
            let known = |rows| values.get(rows).is_some_and(all_known);
            if blocks.rows() > 0 && self.at == 0 && self.wait == 0 && known(whole.clone()) {
                // Lanes are written far apart, where no processor expects them.
                fetch(&averages[whole.end..averages.len().min(whole.end + blocks.rows())]);
                self.slide_blocks(&mut blocks, &values[whole.clone()], &mut averages[whole.clone()]);
                row = whole.end;
            } else {
                let part = row..values.len().min(row + CHUNK.min(self.period() - self.at));
                self.update_rows(&values[part.clone()], &mut &mut averages[part.clone()]);
                row = part.end;
            }
        }
    }
}

/// Sums of lanes, plain and weighted, and of how many values.
#[derive(Default)]
struct Sums {
    plain: Lanes,
    weighted: Lanes,
    count: f64,
}
