//! What a window may be asked for.

use super::{larger, smaller};

/// Something that can be joined.
pub trait Fold: Clone {
    /// What changes nothing.
    const EMPTY: f64;
    /// Joins two neighbours, the older one first.
    fn join(older: f64, newer: f64) -> f64;
}

/// Sums.
#[derive(Clone, Debug)]
pub struct Sum;

impl Fold for Sum {
    const EMPTY: f64 = 0.0;

    #[inline]
    fn join(older: f64, newer: f64) -> f64 {
        older + newer
    }
}

/// The highest value.
#[derive(Clone, Debug)]
pub struct Highest;

impl Fold for Highest {
    const EMPTY: f64 = f64::NEG_INFINITY;

    #[inline]
    fn join(older: f64, newer: f64) -> f64 {
        larger(older, newer)
    }
}

/// The lowest value.
#[derive(Clone, Debug)]
pub struct Lowest;

impl Fold for Lowest {
    const EMPTY: f64 = f64::INFINITY;

    #[inline]
    fn join(older: f64, newer: f64) -> f64 {
        smaller(older, newer)
    }
}
