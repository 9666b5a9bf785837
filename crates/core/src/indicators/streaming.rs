//! Any indicator, whatever it reads and returns.

use super::{wide, Indicator, Row};
use crate::error::Error;

/// An indicator that has seen nothing yet, or why there is none.
pub type Started = Result<Box<dyn Streaming>, Error>;

/// An indicator whose numbers of inputs and outputs are not known when the program is built.
pub trait Streaming: Send {
    /// Takes the next row, one number an input, and puts down one number an output.
    fn update(&mut self, row: &[f64], values: &mut [f64]);
    /// Puts down the values of whole columns, each of the length of the places: one place an output.
    fn fill(&mut self, columns: &[&[f64]], places: &mut [&mut [f64]]);
}

impl<I: Indicator + Send> Streaming for I {
    fn update(&mut self, row: &[f64], values: &mut [f64]) {
        Indicator::update(self, I::Input::read(row)).write(values);
    }

    fn fill(&mut self, columns: &[&[f64]], places: &mut [&mut [f64]]) {
        wide::fill(self, I::Input::columns(columns), I::Output::places(places));
    }
}
