//! Any indicator, whatever it reads and returns.

use super::{Indicator, Row};
use crate::error::Error;
use crate::wide::{in_wide_registers, Work};

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
        let (columns, places) = (I::Input::columns(columns), I::Output::places(places));
        in_wide_registers(Filling { indicator: self, columns, places });
    }
}

/// An indicator at work on whole columns.
struct Filling<'a, I: Indicator> {
    indicator: &'a mut I,
    columns: <I::Input as Row>::Columns<'a>,
    places: <I::Output as Row>::Places<'a>,
}

impl<I: Indicator> Work for Filling<'_, I> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.indicator.fill(self.columns, self.places);
    }
}
