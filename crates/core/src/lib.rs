//! An execution simulator for FX and CFD trading: which orders were triggered, at what price, through which gap,
//! with what volume, at what cost, and what became of the account.
//!
//! One [`execution::simulator::Simulator`] walks the steps of the execution model; the engines drive it.

pub mod account;
pub mod bounds;
pub mod calendar;
pub mod column;
pub mod config;
mod cores;
pub mod costs;
pub mod distances;
pub mod engine;
pub mod error;
pub mod error_codes;
pub mod execution;
pub mod fingerprint;
mod huge_pages;
pub mod indicators;
pub mod instrument;
mod json;
pub mod market;
pub mod portfolio;
#[cfg_attr(not(target_arch = "x86_64"), path = "no_quad.rs")]
mod quad;
mod rounding;
pub mod snapshot;
mod sorted;
pub mod time;
pub mod trading_day;
mod wide;
