//! Market data as columns, checked on the way in.

pub(crate) mod bar_checks;
pub mod bars;
pub mod extremes;
mod one_side;
pub mod quote;
pub mod range_index;
pub mod resample;
pub mod series;
pub mod side;
pub mod span;
pub mod synthetic;
pub mod ticks;
pub(crate) mod widening;
