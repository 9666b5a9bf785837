//! The third door as classes: a run that calls strategies, and what a strategy sees and asks for.

pub mod bar;
mod desk;
mod lane;
mod position;
mod rows;
mod run;
mod show;

pub use bar::{Bar, Tick};
pub use desk::Desk;
pub use position::Position;
pub use run::StrategyRun;
