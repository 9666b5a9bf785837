//! Ranges of settings.

use crate::error::Error;
use std::fmt::Display;

/// Refuses what is not a finite number above `bound`.
///
/// # Errors
/// `Error::Config` names the field, what was expected and what was found.
pub fn above(field: impl Display, value: f64, bound: f64) -> Result<(), Error> {
    if value.is_finite() && value > bound {
        return Ok(());
    }
    Err(wrong(field, &format!("a finite number above {bound}"), value))
}

/// Refuses what is not a finite number of at least `bound`.
///
/// # Errors
/// `Error::Config` names the field, what was expected and what was found.
pub fn at_least(field: impl Display, value: f64, bound: f64) -> Result<(), Error> {
    if value.is_finite() && value >= bound {
        return Ok(());
    }
    Err(wrong(field, &format!("a finite number of at least {bound}"), value))
}

/// The error that names a field, what was expected and what was found.
#[must_use]
pub fn wrong(field: impl Display, expected: &str, value: f64) -> Error {
    Error::Config { field: field.to_string(), message: format!("expected {expected}, found {value}") }
}

/// Refuses what is not a finite number.
///
/// # Errors
/// `Error::Config` names the field, what was expected and what was found.
pub fn finite(field: impl Display, value: f64) -> Result<(), Error> {
    if value.is_finite() {
        return Ok(());
    }
    Err(wrong(field, "a finite number", value))
}

/// The error that names a field and says what is wrong with it.
#[must_use]
pub fn wrong_text(field: impl Display, message: &str) -> Error {
    Error::Config { field: field.to_string(), message: message.into() }
}
