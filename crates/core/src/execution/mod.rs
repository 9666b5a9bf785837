//! The execution model: from a signal to an order, a position and a trade.

pub mod book;
pub mod exits;
pub mod filter;
mod legacy;
pub mod management;
pub mod order;
pub mod path;
pub mod position;
pub mod rules;
pub mod signal;
mod signal_axis;
mod signal_checks;
mod signal_columns;
pub mod signal_hash;
pub mod signal_rows;
pub mod signal_table;
mod signal_words;
pub mod simulator;
pub mod sizing;
pub mod trigger;

pub use crate::market::side;
