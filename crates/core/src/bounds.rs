//! Ranges of settings.

use crate::error::Error;

/// Refuses what is not a finite number above `bound`.
///
/// # Errors
/// `Error::Config` names the field, what was expected and what was found.
pub fn above(field: &str, value: f64, bound: f64) -> Result<(), Error> {
    if value.is_finite() && value > bound {
        return Ok(());
    }
    Err(wrong(field, &format!("a finite number above {bound}"), value))
}

/// Refuses what is not a finite number of at least `bound`.
///
/// # Errors
/// `Error::Config` names the field, what was expected and what was found.
pub fn at_least(field: &str, value: f64, bound: f64) -> Result<(), Error> {
    if value.is_finite() && value >= bound {
        return Ok(());
    }
    Err(wrong(field, &format!("a finite number of at least {bound}"), value))
}

/// The error that names a field, what was expected and what was found.
#[must_use]
pub fn wrong(field: &str, expected: &str, value: f64) -> Error {
    Error::Config { field: field.into(), message: format!("expected {expected}, found {value}") }
}

/// Refuses what is not a finite number.
///
/// # Errors
/// `Error::Config` names the field, what was expected and what was found.
pub fn finite(field: &str, value: f64) -> Result<(), Error> {
    if value.is_finite() {
        return Ok(());
    }
    Err(wrong(field, "a finite number", value))
}

/// The error that names a field and says what is wrong with it.
#[must_use]
pub fn wrong_text(field: &str, message: &str) -> Error {
    Error::Config { field: field.into(), message: message.into() }
}
