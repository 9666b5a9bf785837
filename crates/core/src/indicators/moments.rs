//! Mean and standard deviation of a window.

use super::blocks::{lanes, Blocks, Lanes, LANES};
use super::row::{all_known, known};
use super::smaller;
use crate::wide::fetch;

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
    blocks: Blocks<2>,
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
            blocks: Blocks::new(period),
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

    /// How many values to take next.
    #[inline]
    pub(super) fn rows_at_once(&self) -> usize {
        self.blocks.rows_at_once(self.at, self.wait)
    }

    /// Takes many values; NaN where the window is not full of known ones.
    #[inline(always)]
    pub fn slide(&mut self, values: &[f64], means: &mut [f64], deviations: &mut [f64]) {
        if !all_known(values) {
            return self.slide_each(values, means, deviations);
        }
        if self.blocks.hold(values.len(), self.at, self.wait) {
            return self.slide_blocks(values, means, deviations);
        }
        let mut row = 0;
        while row < values.len() {
            let part = row..values.len().min(row + self.period() - self.at);
            self.slide_part(&values[part.clone()], &mut means[part.clone()], &mut deviations[part.clone()]);
            row = part.end;
        }
        let unknown = self.wait.saturating_sub(1).min(values.len());
        means[..unknown].fill(f64::NAN);
        deviations[..unknown].fill(f64::NAN);
        self.wait = self.wait.saturating_sub(values.len());
    }

    fn slide_each(&mut self, values: &[f64], means: &mut [f64], deviations: &mut [f64]) {
        for ((&value, mean), deviation) in values.iter().zip(means).zip(deviations) {
            let unknown = Spread { mean: f64::NAN, deviation: f64::NAN };
            Spread { mean: *mean, deviation: *deviation } = self.push(value).unwrap_or(unknown);
        }
    }

    /// Known values of whole blocks, where none is missing before them.
    #[inline(always)]
    fn slide_blocks(&mut self, values: &[f64], means: &mut [f64], deviations: &mut [f64]) {
        // Lanes are written far apart, where no processor expects them.
        fetch(means);
        fetch(deviations);
        self.blocks.take(values, |values| LaneSums::new(newest(values)), LaneSums::added);
        let (weight, mut anchor, mut least) = (self.weight, self.blocks.before(self.anchor), [f64::INFINITY; LANES]);
        self.blocks.put(
            self.tails.each_mut().map(|tail| &mut **tail),
            [means, &mut *deviations],
            |values| LaneSums::new(std::mem::replace(&mut anchor, newest(values))),
            |sums, values, [older, older_squares]| {
                let [newer, newer_squares] = sums.added(values);
                let distances = lanes(|lane| (older[lane] + newer[lane]) * weight);
                let variances =
                    lanes(|lane| variance(distances[lane], (older_squares[lane] + newer_squares[lane]) * weight));
                least = lanes(|lane| smaller(variances[lane] - largest_doubt(distances[lane]), least[lane]));
                [lanes(|lane| sums.anchor[lane] + distances[lane]), variances.map(f64::sqrt)]
            },
        );
        if least.into_iter().any(|least| least <= 0.0) {
            self.flatten(values, deviations);
        }
        self.values.copy_from_slice(&values[values.len() - self.period()..]);
        self.anchor = values[values.len() - 1];
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

    /// Rounding may leave something of a spread that is not there: where as many values as are in a window are equal.
    fn flatten(&self, values: &[f64], deviations: &mut [f64]) {
        let (newer, older) = self.values.split_at(self.at);
        let (mut before, mut equal) = (f64::NAN, 0);
        let mut equal_at = |value| {
            equal = if value == before { equal + 1 } else { 1 };
            before = value;
            equal
        };
        for &value in older.iter().chain(newer) {
            equal_at(value);
        }
        for (&value, deviation) in values.iter().zip(deviations) {
            if equal_at(value) >= self.period() {
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

/// `Sums` of each lane, and its anchor.
struct LaneSums {
    anchor: Lanes,
    sums: [Lanes; 2],
}

impl LaneSums {
    #[inline(always)]
    fn new(anchor: Lanes) -> Self {
        Self { anchor, sums: [[0.0; LANES]; 2] }
    }

    /// The sums with one more value.
    #[inline(always)]
    fn added(&mut self, values: Lanes) -> [Lanes; 2] {
        let [sums, squares] = &mut self.sums;
        let distances = lanes(|lane| values[lane] - self.anchor[lane]);
        *sums = lanes(|lane| sums[lane] + distances[lane]);
        *squares = lanes(|lane| squares[lane] + distances[lane] * distances[lane]);
        self.sums
    }
}

#[inline]
fn newest(values: &[Lanes]) -> Lanes {
    values[values.len() - 1]
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
    [distance, variance(distance, squares * weight)]
}

#[inline]
fn variance(distance: f64, square: f64) -> f64 {
    let variance = square - distance * distance;
    if variance > 0.0 {
        variance
    } else {
        0.0
    }
}

/// Whether a variance may be what rounding left of none.
#[inline]
fn doubtful(distance: f64, variance: f64) -> bool {
    variance <= largest_doubt(distance)
}

#[inline]
fn largest_doubt(distance: f64) -> f64 {
    1e-9 * (distance * distance)
}
