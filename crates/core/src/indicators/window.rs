//! Sliding windows that never subtract: no drift, and what has left a window has left no trace.

/// Something that can be joined, such as numbers by addition.
pub trait Fold {
    /// What is joined.
    type Value: Copy;
    /// What changes nothing.
    const EMPTY: Self::Value;
    /// Joins two neighbours, the older one first.
    fn join(older: Self::Value, newer: Self::Value) -> Self::Value;
}

/// The last `period` values, joined.
///
/// Values come in blocks of `period`. The window is the end of the block before and the beginning of this one: the
/// former was joined backwards when its block was full, the latter is joined as it comes.
#[derive(Clone, Debug)]
pub struct Window<F: Fold> {
    /// Values of this block up to `at`, joined ends of the block before from there on, and one that is empty.
    tail: Box<[F::Value]>,
    head: F::Value,
    at: usize,
    /// Rows until the window holds nothing but known values.
    wait: usize,
}

impl<F: Fold> Window<F> {
    /// An empty window of at least one value.
    #[must_use]
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        Self { tail: vec![F::EMPTY; period + 1].into(), head: F::EMPTY, at: 0, wait: period }
    }

    /// How many values it spans.
    #[must_use]
    #[inline]
    pub fn period(&self) -> usize {
        self.tail.len() - 1
    }

    /// Takes a value, or `known = false` for one that is missing; the joined window where all of it is known.
    #[inline]
    pub fn push(&mut self, value: F::Value, known: bool) -> Option<F::Value> {
        let value = if known { value } else { F::EMPTY };
        self.wait = if known { self.wait.saturating_sub(1) } else { self.period() };
        self.tail[self.at] = value;
        self.at += 1;
        self.head = F::join(self.head, value);
        let joined = F::join(self.tail[self.at], self.head);
        if self.at == self.period() {
            join_backwards::<F>(&mut self.tail);
            (self.head, self.at) = (F::EMPTY, 0);
        }
        (self.wait == 0).then_some(joined)
    }
}

/// A block is full: its ends are joined.
fn join_backwards<F: Fold>(block: &mut [F::Value]) {
    let mut end = F::EMPTY;
    for value in block.iter_mut().rev() {
        end = F::join(*value, end);
        *value = end;
    }
}

/// Sums.
#[derive(Clone, Debug)]
pub struct Sum;

impl Fold for Sum {
    type Value = f64;
    const EMPTY: f64 = 0.0;

    #[inline]
    fn join(older: f64, newer: f64) -> f64 {
        older + newer
    }
}

/// Two sums at once.
#[derive(Clone, Debug)]
pub struct SumPair;

impl Fold for SumPair {
    type Value = [f64; 2];
    const EMPTY: [f64; 2] = [0.0; 2];

    #[inline]
    fn join(older: [f64; 2], newer: [f64; 2]) -> [f64; 2] {
        [older[0] + newer[0], older[1] + newer[1]]
    }
}

/// The highest of the first numbers and the lowest of the second ones.
#[derive(Clone, Debug)]
pub struct Extremes;

impl Fold for Extremes {
    type Value = [f64; 2];
    const EMPTY: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

    #[inline]
    fn join(older: [f64; 2], newer: [f64; 2]) -> [f64; 2] {
        let high = if newer[0] > older[0] { newer[0] } else { older[0] };
        let low = if newer[1] < older[1] { newer[1] } else { older[1] };
        [high, low]
    }
}

/// The value of `period` rows ago.
#[derive(Clone, Debug)]
pub struct Lag {
    ring: Box<[f64]>,
    at: usize,
}

impl Lag {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { ring: vec![f64::NAN; period.max(1)].into(), at: 0 }
    }

    /// How many rows it looks back.
    #[must_use]
    pub fn period(&self) -> usize {
        self.ring.len()
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
