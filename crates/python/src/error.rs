//! Errors and panics of the core as Python exceptions (E1).

use omegasim_core::error::Error;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use std::any::Any;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// The Python class that an error becomes.
enum Class {
    Input,
    Number,
    File,
    Internal,
    Boundary,
    Resource,
}

/// `None` for what is no error but the user's wish to stop.
fn class(error: &Error) -> Option<Class> {
    Some(match error {
        Error::Config { .. }
        | Error::EmptySeries { .. }
        | Error::ColumnLength { .. }
        | Error::BarsOutOfOrder { .. }
        | Error::TicksOutOfOrder { .. }
        | Error::BarInconsistent { .. }
        | Error::AskBelowBid { .. }
        | Error::MissingAsk { .. }
        | Error::UnknownSymbol { .. }
        | Error::UnknownTimeframe { .. }
        | Error::BadTimeframe { .. }
        | Error::SignalColumn { .. }
        | Error::SignalsUnsorted { .. }
        | Error::NoOverlap { .. }
        | Error::MissingSignalBar { .. }
        | Error::MissingSignalTimeframe { .. }
        | Error::NoConversion { .. }
        | Error::StaleRate { .. }
        | Error::UnknownRate { .. }
        | Error::MissingColumn { .. }
        | Error::UnknownColumn { .. }
        | Error::ColumnType { .. }
        | Error::NullValue { .. }
        | Error::Argument { .. } => Class::Input,
        Error::BadPrice { .. } | Error::BadSpread { .. } | Error::OutOfRange { .. } | Error::SpreadTooWide { .. } => {
            Class::Number
        }
        Error::Snapshot { .. } => Class::File,
        Error::Internal { .. } => Class::Internal,
        Error::NotATable { .. } | Error::Stream { .. } | Error::Busy | Error::Panic { .. } | Error::Broken => {
            Class::Boundary
        }
        Error::TooManyRows { .. } => Class::Resource,
        Error::Cancelled => return None,
    })
}

impl Class {
    /// The exception type, looked up once.
    fn of_python(self, py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
        static INPUT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        static NUMBER: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        static FILE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        static INTERNAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        static BOUNDARY: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        static RESOURCE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        const ERRORS: &str = "omegasim.errors";
        match self {
            Self::Input => INPUT.import(py, ERRORS, "InputError"),
            Self::Number => NUMBER.import(py, ERRORS, "NumberError"),
            Self::File => FILE.import(py, ERRORS, "FileError"),
            Self::Internal => INTERNAL.import(py, ERRORS, "InternalError"),
            Self::Boundary => BOUNDARY.import(py, ERRORS, "BoundaryError"),
            Self::Resource => RESOURCE.import(py, ERRORS, "ResourceError"),
        }
    }
}

/// The Python exception of an error, with its message and code.
pub fn to_python(py: Python<'_>, error: &Error) -> PyErr {
    let message = error.to_string();
    match class(error) {
        None => PyKeyboardInterrupt::new_err(message),
        Some(class) => class
            .of_python(py)
            .and_then(|class| class.call1((message, error.code())))
            .map_or_else(|error| error, PyErr::from_value),
    }
}

/// Runs work that holds the interpreter; a panic becomes code 5005.
pub fn attached<T>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error>) -> PyResult<T> {
    guarded(work).map_err(|error| to_python(py, &error))
}

/// Runs work with the interpreter released; a panic becomes code 5005.
pub fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error> + Send) -> PyResult<T> {
    py.detach(|| guarded(work)).map_err(|error| to_python(py, &error))
}

/// Runs work that calls Python over and over; a panic becomes code 5005.
pub fn calling<T>(py: Python<'_>, work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    unwound(work).unwrap_or_else(|panic| Err(to_python(py, &panic)))
}

/// Runs work; a panic becomes an error.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    unwound(work).unwrap_or_else(Err)
}

fn unwound<T>(work: impl FnOnce() -> T) -> Result<T, Error> {
    // Nothing that the work changed is looked at after a panic.
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| Error::Panic { message: panic_message(&*panic) })
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message").into()
}
