//! What a fill costs: slippage and commission, and the generator behind random slippage.

pub mod commission;
pub mod random;
pub mod slippage;
pub mod swap;
