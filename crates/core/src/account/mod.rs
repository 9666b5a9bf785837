//! The account: booked money, open exposure and margin.

pub mod exposure;
