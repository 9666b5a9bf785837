//! The bars of one symbol and timeframe as handlers are given them.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use super::bar::{Bar, Facts};

/// Makes a bar's object, or gives the last one another bar's numbers where nobody kept it.
pub struct Show {
    symbol: Py<PyString>,
    timeframe: Py<PyString>,
    last: Option<Shown>,
}

/// A bar, and the arguments of a handler that hold it.
struct Shown {
    bar: Py<Bar>,
    arguments: Py<PyTuple>,
}

impl Show {
    pub fn new(symbol: Py<PyString>, timeframe: Py<PyString>) -> Self {
        Self { symbol, timeframe, last: None }
    }

    /// The arguments of `on_bar`.
    pub fn arguments(&mut self, py: Python<'_>, facts: &Facts) -> PyResult<&Py<PyTuple>> {
        let shown = match self.last.take().filter(Shown::is_forgotten) {
            Some(shown) => {
                shown.bar.get().set(facts);
                shown
            }
            None => Shown::new(py, Bar::new(self.symbol.clone_ref(py), self.timeframe.clone_ref(py), facts))?,
        };
        Ok(&self.last.insert(shown).arguments)
    }
}

impl Shown {
    fn new(py: Python<'_>, bar: Bar) -> PyResult<Self> {
        let bar = Py::new(py, bar)?;
        let arguments = PyTuple::new(py, [&bar])?.unbind();
        Ok(Self { bar, arguments })
    }

    /// Whether no strategy holds it: the bar has the two references here, the arguments one.
    fn is_forgotten(&self) -> bool {
        references(self.bar.as_any()) == 2 && references(self.arguments.as_any()) == 1
    }
}

fn references(object: &Py<PyAny>) -> isize {
    // SAFETY: a `Py` always points to a living object; reading its count has no other condition.
    #[allow(unsafe_code)]
    unsafe {
        pyo3::ffi::Py_REFCNT(object.as_ptr())
    }
}
