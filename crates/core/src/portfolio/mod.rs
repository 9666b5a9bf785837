//! What came of the orders: trades, journal, equity curve and metrics.

pub mod equity;
pub mod journal;
pub mod metrics;
pub mod trade;
