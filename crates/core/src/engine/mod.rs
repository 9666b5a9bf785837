//! Whole runs: market data and signals in, a result out.

pub mod batch;
mod schedule;

pub use crate::portfolio::result;
