//! Whole runs: market data and signals in, a result out.

pub mod batch;
pub mod result;
mod schedule;
