//! Any indicator, whatever it reads and returns.

use super::{Indicator, Row};
use crate::error::Error;

/// An indicator that has seen nothing yet, or why there is none.
pub type Started = Result<Box<dyn Streaming>, Error>;

/// An indicator whose numbers of inputs and outputs are not known when the program is built.
pub trait Streaming: Send {
    /// Takes the next row, one number an input, and puts down one number an output.
    fn update(&mut self, row: &[f64], values: &mut [f64]);
    /// The values of whole columns of one length: one column an output.
    fn columns(&mut self, columns: &[&[f64]]) -> Vec<Vec<f64>>;
}

impl<I: Indicator + Send> Streaming for I {
    fn update(&mut self, row: &[f64], values: &mut [f64]) {
        Indicator::update(self, I::Input::read(row)).write(values);
    }

    fn columns(&mut self, columns: &[&[f64]]) -> Vec<Vec<f64>> {
        let rows = columns.iter().map(|column| column.len()).min().unwrap_or(0);
        self.fill(I::Input::columns(columns, rows), rows)
    }
}
