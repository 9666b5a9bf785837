//! Market data as columns, checked on the way in.

pub mod bars;
pub mod extremes;
pub mod quote;
pub mod range_index;
pub mod resample;
pub mod series;
pub mod side;
pub mod span;
pub mod synthetic;
pub mod ticks;
