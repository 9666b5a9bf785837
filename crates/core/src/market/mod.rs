//! Market data as columns, checked on the way in.

mod bar_block;
pub(crate) mod bar_checks;
mod bar_pass;
pub mod bars;
pub mod extents;
pub mod extremes;
mod indexing;
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
