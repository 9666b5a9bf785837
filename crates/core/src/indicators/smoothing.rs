//! Exponential smoothing.

use super::row::all_known;

/// `y = keep * y + gain * x`, seeded with the sum or mean of the first values.
#[derive(Clone, Debug)]
pub struct Smoothing {
    recursion: Recursion,
    seed: Seed,
}

/// Steps that are taken together.
const BLOCK: usize = 4;

/// A recursion that has begun.
///
/// Written out over a block of steps, a value is the one before the block times a power of `keep`, and what the block
/// added so far: a block waits for one multiplication of the block before it instead of one a step.
#[derive(Clone, Copy, Debug)]
struct Recursion {
    keep: f64,
    gain: f64,
    /// The value before the block.
    before: f64,
    added: f64,
    /// `keep` to the power of the block's steps so far.
    weight: f64,
    at: usize,
}

impl Recursion {
    fn new(keep: f64, gain: f64) -> Self {
        Self { keep, gain, before: 0.0, added: 0.0, weight: 1.0, at: 0 }
    }

    fn begin(&mut self, value: f64) {
        (self.before, self.added, self.weight, self.at) = (value, 0.0, 1.0, 0);
    }

    /// Takes a value that is known.
    #[inline]
    fn step(&mut self, value: f64) -> f64 {
        self.added = self.added * self.keep + value * self.gain;
        self.weight *= self.keep;
        let smoothed = self.before * self.weight + self.added;
        self.at += 1;
        if self.at == BLOCK {
            self.begin(smoothed);
        }
        smoothed
    }

    /// Takes many values that are known, and puts down the smoothed ones.
    #[inline(always)]
    fn slide(&mut self, values: &[f64], smoothed: &mut [f64]) {
        let first = values.len().min(self.until_block());
        let (first, values) = values.split_at(first);
        let (first_places, places) = smoothed.split_at_mut(first.len());
        let ((blocks, last), (places, last_places)) = (values.as_chunks(), places.as_chunks_mut());
        self.steps(first, first_places);
        let mut before = self.before;
        for (place, &block) in places.iter_mut().zip(blocks) {
            *place = self.block(before, block);
            before = place[BLOCK - 1];
        }
        self.before = before;
        self.steps(last, last_places);
    }

    /// As `slide`, in place.
    #[inline(always)]
    fn smooth(&mut self, values: &mut [f64]) {
        let (first, rest) = values.split_at_mut(values.len().min(self.until_block()));
        let (blocks, last) = rest.as_chunks_mut();
        first.iter_mut().for_each(|value| *value = self.step(*value));
        let mut before = self.before;
        for block in blocks {
            *block = self.block(before, *block);
            before = block[BLOCK - 1];
        }
        self.before = before;
        last.iter_mut().for_each(|value| *value = self.step(*value));
    }

    /// Takes many values into two recursions that are at the same step of their blocks, and puts down by how much the
    /// first one is above the second: side by side, which the compiler turns into vectors.
    #[inline(always)]
    fn slide_apart(two: &mut [Self; 2], values: &[f64], differences: &mut [f64]) {
        let first = values.len().min(two[0].until_block());
        let (first, values) = values.split_at(first);
        let (first_places, places) = differences.split_at_mut(first.len());
        let ((blocks, last), (places, last_places)) = (values.as_chunks(), places.as_chunks_mut());
        Self::steps_apart(two, first, first_places);
        let mut before = [two[0].before, two[1].before];
        for (place, block) in places.iter_mut().zip(blocks) {
            *place = Self::block_apart(two, &mut before, block);
        }
        [two[0].before, two[1].before] = before;
        Self::steps_apart(two, last, last_places);
    }

    #[inline(always)]
    fn steps_apart(two: &mut [Self; 2], values: &[f64], differences: &mut [f64]) {
        for (difference, &value) in differences.iter_mut().zip(values) {
            *difference = two[0].step(value) - two[1].step(value);
        }
    }

    /// As `block`, of both.
    #[inline(always)]
    fn block_apart(two: &[Self; 2], before: &mut [f64; 2], values: &[f64; BLOCK]) -> [f64; BLOCK] {
        const BOTH: [usize; 2] = [0, 1];
        let (keep, gain, start) = (BOTH.map(|one| two[one].keep), BOTH.map(|one| two[one].gain), *before);
        // As a step adds to nothing: 0 and never -0.
        let (mut weight, mut added) = (keep, gain.map(|gain| values[0] * gain + 0.0));
        let mut differences = [0.0; BLOCK];
        for at in 0..BLOCK {
            if at > 0 {
                weight = BOTH.map(|one| weight[one] * keep[one]);
                added = BOTH.map(|one| values[at] * gain[one] + added[one] * keep[one]);
            }
            *before = BOTH.map(|one| start[one] * weight[one] + added[one]);
            differences[at] = before[0] - before[1];
        }
        differences
    }

    /// Steps until a block begins.
    #[inline(always)]
    fn until_block(&self) -> usize {
        (BLOCK - self.at) % BLOCK
    }

    #[inline(always)]
    fn steps(&mut self, values: &[f64], smoothed: &mut [f64]) {
        for (smoothed, &value) in smoothed.iter_mut().zip(values) {
            *smoothed = self.step(value);
        }
    }

    /// A whole block of values that are known.
    #[inline(always)]
    fn block(&self, before: f64, values: [f64; BLOCK]) -> [f64; BLOCK] {
        let Self { keep, gain, .. } = *self;
        let weights = [keep, keep * keep, keep * keep * keep, keep * keep * keep * keep];
        let mut added = values.map(|value| value * gain);
        // As a step adds to nothing: 0 and never -0.
        added[0] += 0.0;
        for at in 1..BLOCK {
            added[at] += added[at - 1] * keep;
        }
        std::array::from_fn(|at| before * weights[at] + added[at])
    }
}

#[derive(Clone, Debug)]
struct Seed {
    rows: usize,
    divisor: f64,
    seen: usize,
    sum: f64,
}

impl Smoothing {
    /// `gain = 2 / (period + 1)`, seeded with the mean of the first `period` values.
    #[must_use]
    pub fn exponential(period: usize) -> Self {
        let gain = 2.0 / (period as f64 + 1.0);
        Self::new(1.0 - gain, gain, period, period as f64)
    }

    /// Wilder's: `gain = 1 / period`, seeded with the mean of the first `period` values.
    #[must_use]
    pub fn wilder(period: usize) -> Self {
        let gain = 1.0 / period as f64;
        Self::new(1.0 - gain, gain, period, period as f64)
    }

    /// Wilder's running sum: `y - y / period + x`, seeded with the sum of the first `period - 1` values.
    #[must_use]
    pub fn wilder_sum(period: usize) -> Self {
        Self::new(1.0 - 1.0 / period as f64, 1.0, period - 1, 1.0)
    }

    fn new(keep: f64, gain: f64, rows: usize, divisor: f64) -> Self {
        Self { recursion: Recursion::new(keep, gain), seed: Seed { rows, divisor, seen: 0, sum: 0.0 } }
    }

    /// Takes a value; NaN while the seed is gathered, and for a missing value, which changes nothing.
    #[inline]
    pub fn update(&mut self, value: f64) -> f64 {
        if !value.is_finite() {
            return f64::NAN;
        }
        if self.seed.seen < self.seed.rows {
            return self.gather(value);
        }
        self.recursion.step(value)
    }

    fn gather(&mut self, value: f64) -> f64 {
        self.seed.seen += 1;
        self.seed.sum += value;
        if self.seed.seen < self.seed.rows {
            return f64::NAN;
        }
        let value = self.seed.sum / self.seed.divisor;
        self.recursion.begin(value);
        value
    }

    /// Takes many values, and puts down the smoothed ones.
    #[inline(always)]
    pub fn slide(&mut self, values: &[f64], smoothed: &mut [f64]) {
        if self.begun() {
            let mut recursion = self.recursion;
            recursion.slide(values, smoothed);
            // What is missing would not have gone away again.
            if smoothed.last().is_some_and(|newest| newest.is_finite()) {
                self.recursion = recursion;
                return;
            }
        }
        for (smoothed, &value) in smoothed.iter_mut().zip(values) {
            *smoothed = self.update(value);
        }
    }

    /// Takes many values into two smoothings, and puts down by how much the first one is above the second.
    #[inline(always)]
    pub fn slide_apart(two: [&mut Self; 2], values: &[f64], differences: &mut [f64]) {
        let [fast, slow] = two;
        if fast.begun() && slow.begun() && fast.recursion.at == slow.recursion.at {
            let mut recursions = [fast.recursion, slow.recursion];
            Recursion::slide_apart(&mut recursions, values, differences);
            // What is missing would not have gone away again.
            if differences.last().is_some_and(|newest| newest.is_finite()) {
                [fast.recursion, slow.recursion] = recursions;
                return;
            }
        }
        for (difference, &value) in differences.iter_mut().zip(values) {
            *difference = fast.update(value) - slow.update(value);
        }
    }

    /// Takes many values, and puts the smoothed ones in their places.
    #[inline(always)]
    pub fn smooth(&mut self, values: &mut [f64]) {
        if self.begun() && all_known(values) {
            self.recursion.smooth(values);
        } else {
            values.iter_mut().for_each(|value| *value = self.update(*value));
        }
    }

    #[inline]
    fn begun(&self) -> bool {
        self.seed.seen == self.seed.rows
    }
}
