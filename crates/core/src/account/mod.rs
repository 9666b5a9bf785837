//! The account: booked money, open exposure and margin.

pub mod currency;
pub mod exposure;
pub mod margin;
pub mod rate_path;
pub mod stale_rates;
