//! Whole runs: market data and signals in, a result out.

pub mod batch;
mod calm;
mod course;
mod dues;
mod feed;
pub mod guided;
mod lone;
pub mod market;
mod rate_feed;
pub mod run;
mod schedule;
pub mod stepwise;
pub mod sweep;
mod union;
mod waiting;

pub use crate::portfolio::result;
