//! What was some rows ago.

use super::sweep::{piece, sweep, swept, PIECE};

/// The value of `period` rows ago.
#[derive(Clone, Debug)]
pub struct Lag {
    ring: Box<[f64]>,
    at: usize,
}

impl Lag {
    /// Before the first values there is NaN.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { ring: vec![f64::NAN; period.max(1)].into(), at: 0 }
    }

    /// How many rows it looks back.
    #[must_use]
    pub fn period(&self) -> usize {
        self.ring.len()
    }

    /// Takes many values, and puts down how each compares with the one before it.
    #[inline(always)]
    pub fn compare(&mut self, values: &[f64], places: &mut [f64], compare: impl Fn(f64, f64) -> f64) {
        let period = self.ring.len().min(values.len());
        self.compare_each(&values[..period], &mut places[..period], &compare);
        for ((place, &value), &before) in places[period..].iter_mut().zip(&values[period..]).zip(values) {
            *place = compare(value, before);
        }
        self.keep(values);
    }

    /// Keeps the newest values where these are more than are kept.
    #[inline]
    fn keep(&mut self, values: &[f64]) {
        if let Some((_, newest)) = values.split_at_checked(values.len().wrapping_sub(self.ring.len())) {
            self.ring.copy_from_slice(newest);
            self.at = 0;
        }
    }

    /// As `compare`, over whole columns.
    #[inline(always)]
    pub fn compare_columns(&mut self, values: &[f64], places: &mut [f64], compare: impl Fn(f64, f64) -> f64) {
        let period = self.ring.len();
        let rows = swept(places, period);
        self.compare_each(&values[..rows.start], &mut places[..rows.start], &compare);
        sweep::<4>(&mut places[rows.clone()], |start, places| {
            let (values, before) = (piece(values, rows.start + start), piece(values, rows.start + start - period));
            for row in 0..PIECE {
                places[row] = compare(values[row], before[row]);
            }
        });
        self.keep(&values[..rows.end]);
        self.compare_each(&values[rows.end..], &mut places[rows.end..], &compare);
    }

    fn compare_each(&mut self, values: &[f64], places: &mut [f64], compare: impl Fn(f64, f64) -> f64) {
        for (place, &value) in places.iter_mut().zip(values) {
            *place = compare(value, self.push(value));
        }
    }

    /// Takes a value and returns the one that it is compared with.
    #[inline]
    pub fn push(&mut self, value: f64) -> f64 {
        let before = std::mem::replace(&mut self.ring[self.at], value);
        self.at += 1;
        if self.at == self.ring.len() {
            self.at = 0;
        }
        before
    }
}
