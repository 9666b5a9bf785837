//! What came of the orders: trades, journal, equity curve and metrics.

pub mod equity;
pub mod exit_reason;
pub mod journal;
pub mod metrics;
pub mod order_type;
pub mod result;
pub mod risk_causes;
pub mod times;
pub mod trade;
