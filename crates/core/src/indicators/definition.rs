//! What an indicator is called, what it reads, what it takes and what it returns.

use super::streaming::Started;
use crate::error::Error;

/// A column that an indicator reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// Any price; of bars the one that was asked for, the close where nothing was said.
    Price,
    /// Open times in nanoseconds.
    Time,
    /// Highest price.
    High,
    /// Lowest price.
    Low,
    /// Last price.
    Close,
    /// Volume.
    Volume,
}

impl Input {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Time => "time",
            Self::High => "high",
            Self::Low => "low",
            Self::Close => "close",
            Self::Volume => "volume",
        }
    }
}

/// Which numbers a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bounds {
    /// A whole number of at least this.
    Whole(u32),
    /// A finite number of at least 0.
    AtLeastZero,
    /// A finite number above 0.
    AboveZero,
    /// A number from 0 to 1, 1 excluded.
    Fraction,
    /// A number from 0 to 24, 24 excluded.
    Hours,
}

/// The most rows that a parameter may span.
const MOST_ROWS: f64 = 1e7;

impl Bounds {
    fn hold(self, value: f64) -> bool {
        match self {
            Self::Whole(least) => value.fract() == 0.0 && (f64::from(least)..=MOST_ROWS).contains(&value),
            Self::AtLeastZero => value.is_finite() && value >= 0.0,
            Self::AboveZero => value.is_finite() && value > 0.0,
            Self::Fraction => (0.0..1.0).contains(&value),
            Self::Hours => (0.0..24.0).contains(&value),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Whole(least) => format!("a whole number from {least} to {MOST_ROWS}"),
            Self::AtLeastZero => "a finite number of at least 0".into(),
            Self::AboveZero => "a finite number above 0".into(),
            Self::Fraction => "a number from 0 to below 1".into(),
            Self::Hours => "hours from 0 to below 24".into(),
        }
    }
}

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it is where nothing was said.
    pub default: Option<f64>,
    /// Which numbers it may be.
    pub bounds: Bounds,
}

/// An indicator that can be asked for by name.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// What it reads.
    pub inputs: &'static [Input],
    /// What it takes.
    pub parameters: &'static [Parameter],
    /// What it returns.
    pub outputs: &'static [&'static str],
    pub(super) make: fn(&[f64]) -> Started,
}

impl Definition {
    /// Every parameter: the given ones in their order, then defaults.
    ///
    /// # Errors
    /// `Error::Argument` where there are too many, one is missing or one is out of bounds.
    pub fn complete(&self, given: &[f64]) -> Result<Vec<f64>, Error> {
        if given.len() > self.parameters.len() {
            let message = format!("takes {} parameters, found {}", self.parameters.len(), given.len());
            return Err(self.error(message));
        }
        let values = self.parameters.iter().enumerate().map(|(index, parameter)| {
            let value = given.get(index).copied().or(parameter.default);
            let value = value.ok_or_else(|| self.error(format!("parameter {} is missing", parameter.name)))?;
            if parameter.bounds.hold(value) {
                return Ok(value);
            }
            Err(self.error(format!("{}: expected {}, found {value}", parameter.name, parameter.bounds.text())))
        });
        values.collect()
    }

    /// Whether it reads any one price.
    #[must_use]
    pub fn reads_price(&self) -> bool {
        self.inputs.contains(&Input::Price)
    }

    /// A fresh indicator that has seen nothing yet.
    ///
    /// # Errors
    /// As `complete`, and where parameters do not go together.
    pub fn start(&self, parameters: &[f64]) -> Started {
        (self.make)(&self.complete(parameters)?)
    }

    /// The indicator over whole columns, one an input.
    ///
    /// # Errors
    /// As `start`, and where the columns differ in number or length from what is needed.
    pub fn columns(&self, parameters: &[f64], columns: &[&[f64]]) -> Result<Vec<Vec<f64>>, Error> {
        let rows = columns.first().map_or(0, |column| column.len());
        let mut values = vec![vec![0.0; rows]; self.outputs.len()];
        let mut places: Vec<&mut [f64]> = values.iter_mut().map(Vec::as_mut_slice).collect();
        self.fill(parameters, columns, &mut places)?;
        Ok(values)
    }

    /// The indicator over whole columns, put down in one place an output.
    ///
    /// # Errors
    /// As `columns`, for the places too.
    pub fn fill(&self, parameters: &[f64], columns: &[&[f64]], places: &mut [&mut [f64]]) -> Result<(), Error> {
        let mut indicator = self.start(parameters)?;
        if columns.len() != self.inputs.len() {
            return Err(self.error(format!("reads {} columns, found {}", self.inputs.len(), columns.len())));
        }
        let rows = columns[0].len();
        if let Some(column) = columns.iter().position(|column| column.len() != rows) {
            let (name, found) = (self.inputs[column].name(), columns[column].len());
            return Err(self.error(format!("column {name} has {found} rows, the first one {rows}")));
        }
        if places.len() != self.outputs.len() || places.iter().any(|place| place.len() != rows) {
            return Err(self.error(format!("expected {} places of {rows} rows", self.outputs.len())));
        }
        indicator.fill(columns, places);
        Ok(())
    }

    fn error(&self, message: String) -> Error {
        Error::Argument { what: self.name.into(), message }
    }
}
