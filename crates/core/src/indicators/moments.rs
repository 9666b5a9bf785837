//! Mean and standard deviation of a window.

use super::row::{all_known, known};

/// Mean and standard deviation of the values in a window.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Spread {
    pub mean: f64,
    pub deviation: f64,
}

/// Sums of distances from an anchor, and of their squares.
type Sums = [f64; 2];

/// The last values' mean and population standard deviation (divisor n).
///
/// A [`super::window::Window`] over the distances from an anchor, which moves along with the blocks: squares of raw
/// prices would leave nothing of a spread of a few pips.
#[derive(Clone, Debug)]
pub struct Moments {
    values: Box<[f64]>,
    /// Sums and squares of the ends of the block before, and one end that is empty.
    tails: [Box<[f64]>; 2],
    /// Room for the ends of the block that comes.
    next: [Box<[f64]>; 2],
    head: Sums,
    anchor: f64,
    at: usize,
    wait: usize,
    /// One divided by the period.
    weight: f64,
}

impl Moments {
    /// Of `period` values.
    #[must_use]
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        Self {
            values: vec![0.0; period].into(),
            tails: [(); 2].map(|()| vec![0.0; period + 1].into()),
            next: [(); 2].map(|()| vec![0.0; period + 1].into()),
            head: [0.0; 2],
            anchor: f64::NAN,
            at: 0,
            wait: period,
            weight: 1.0 / period as f64,
        }
    }

    fn period(&self) -> usize {
        self.values.len()
    }

    /// Takes a value; nothing while the window is not full of known ones.
    #[inline]
    pub fn push(&mut self, value: f64) -> Option<Spread> {
        self.wait = if value.is_finite() { self.wait.saturating_sub(1) } else { self.period() };
        self.anchor_at(value);
        self.values[self.at] = value;
        self.at += 1;
        self.head = added(self.head, distance(value, self.anchor));
        let sums = [self.tails[0][self.at] + self.head[0], self.tails[1][self.at] + self.head[1]];
        let [distance, variance] = moments(sums, self.weight);
        let flat = doubtful(distance, variance) && self.values.iter().all(|&other| other == value);
        let mean = self.anchor + distance;
        self.turn();
        (self.wait == 0).then_some(Spread { mean, deviation: if flat { 0.0 } else { variance.sqrt() } })
    }

    /// Takes many values; NaN where the window is not full of known ones.
    #[inline(always)]
    pub fn slide(&mut self, values: &[f64], means: &mut [f64], deviations: &mut [f64]) {
        if !all_known(values) {
            let places = means.iter_mut().zip(deviations);
            for (&value, (mean, deviation)) in values.iter().zip(places) {
                let unknown = Spread { mean: f64::NAN, deviation: f64::NAN };
                Spread { mean: *mean, deviation: *deviation } = self.push(value).unwrap_or(unknown);
            }
            return;
        }
        let mut row = 0;
        while row < values.len() {
            let end = values.len().min(row + self.period() - self.at);
            let (values, means, deviations) = (&values[row..end], &mut means[row..end], &mut deviations[row..end]);
            if values.len() == self.period() {
                self.slide_whole_block(values, means, deviations);
            } else {
                self.slide_part(values, means, deviations);
            }
            row = end;
        }
        let unknown = self.wait.saturating_sub(1).min(values.len());
        means[..unknown].fill(f64::NAN);
        deviations[..unknown].fill(f64::NAN);
        self.wait = self.wait.saturating_sub(values.len());
    }

    /// Known values of all the block.
    #[inline(always)]
    fn slide_whole_block(&mut self, values: &[f64], means: &mut [f64], deviations: &mut [f64]) {
        self.anchor_at(values[0]);
        let period = values.len();
        let (anchor, next_anchor) = (self.anchor, values[period - 1]);
        let (means_of, squares_of) = (&mut means[..period], &mut deviations[..period]);
        let [ends, squares_of_ends] = self.next.each_mut().map(|ends| &mut ends[..period]);
        let (mut head, mut end) = ([0.0; 2], [0.0; 2]);
        // Sums from both ends at once: neither waits for the other.
        for row in 0..period {
            let back = period - 1 - row;
            head = added(head, values[row] - anchor);
            [means_of[row], squares_of[row]] = head;
            end = added(end, values[back] - next_anchor);
            [ends[back], squares_of_ends[back]] = end;
        }
        self.finish(values, means, deviations);
        self.values.copy_from_slice(values);
        std::mem::swap(&mut self.tails, &mut self.next);
        self.anchor = next_anchor;
    }

    /// Known values that do not go beyond the block.
    #[inline(always)]
    fn slide_part(&mut self, values: &[f64], means: &mut [f64], deviations: &mut [f64]) {
        self.anchor_at(values[0]);
        for ((&value, sum), squares) in values.iter().zip(&mut *means).zip(&mut *deviations) {
            self.head = added(self.head, value - self.anchor);
            [*sum, *squares] = self.head;
        }
        self.finish(values, means, deviations);
        let end = self.at + values.len();
        self.values[self.at..end].copy_from_slice(values);
        self.at = end;
        self.turn();
    }

    /// Makes moments of the sums since the block began.
    #[inline(always)]
    fn finish(&self, values: &[f64], means: &mut [f64], deviations: &mut [f64]) {
        let (anchor, ends, mut doubt) = (self.anchor, self.at + 1..=self.at + values.len(), 0);
        let tails = self.tails[0][ends.clone()].iter().zip(&self.tails[1][ends]);
        for ((sum, squares), (older, older_squares)) in means.iter_mut().zip(&mut *deviations).zip(tails) {
            let [distance, variance] = moments([older + *sum, older_squares + *squares], self.weight);
            doubt |= u64::from(doubtful(distance, variance));
            (*sum, *squares) = (anchor + distance, variance.sqrt());
        }
        if doubt > 0 {
            self.flatten(values, deviations);
        }
    }

    /// Rounding may leave something of a spread that is not there.
    fn flatten(&self, values: &[f64], deviations: &mut [f64]) {
        for (row, (&value, deviation)) in values.iter().zip(deviations).enumerate() {
            let older = &self.values[self.at + row + 1..];
            if values[..row].iter().chain(older).all(|&other| other == value) {
                *deviation = 0.0;
            }
        }
    }

    /// An infinite value is as missing as one that is no number, and no anchor either.
    #[inline]
    fn anchor_at(&mut self, value: f64) {
        if !self.anchor.is_finite() {
            self.anchor = value;
        }
    }

    /// Where a block is full its ends are joined, as distances from its newest value.
    #[inline(always)]
    fn turn(&mut self) {
        if self.at == self.values.len() {
            self.anchor = self.values[self.at - 1];
            join_backwards(&self.values, &mut self.tails, self.anchor);
            (self.head, self.at) = ([0.0; 2], 0);
        }
    }
}

fn join_backwards(values: &[f64], tails: &mut [Box<[f64]>; 2], anchor: f64) {
    let [sums, squares] = tails;
    let mut end = [0.0; 2];
    for ((place, place_of_square), &value) in sums.iter_mut().zip(squares.iter_mut()).zip(values).rev() {
        end = added(end, distance(value, anchor));
        [*place, *place_of_square] = end;
    }
}

/// How far a value is from the anchor; of a missing one nothing is added.
#[inline]
fn distance(value: f64, anchor: f64) -> f64 {
    if known([value, anchor]) {
        value - anchor
    } else {
        0.0
    }
}

/// The sums with the powers of one more distance.
#[inline]
fn added([sum, squares]: Sums, distance: f64) -> Sums {
    [sum + distance, squares + distance * distance]
}

/// Mean distance from the anchor, and variance.
#[inline]
fn moments([sum, squares]: Sums, weight: f64) -> [f64; 2] {
    let distance = sum * weight;
    let variance = squares * weight - distance * distance;
    [distance, if variance > 0.0 { variance } else { 0.0 }]
}

/// Whether a variance may be what rounding left of none.
#[inline]
fn doubtful(distance: f64, variance: f64) -> bool {
    variance <= 1e-9 * (distance * distance)
}
