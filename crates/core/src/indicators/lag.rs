//! What was some rows ago.

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
        for (place, &value) in places.iter_mut().zip(&values[..period]) {
            *place = compare(value, self.push(value));
        }
        for ((place, &value), &before) in places[period..].iter_mut().zip(&values[period..]).zip(values) {
            *place = compare(value, before);
        }
        if values.len() > period {
            self.ring.copy_from_slice(&values[values.len() - period..]);
            self.at = 0;
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
