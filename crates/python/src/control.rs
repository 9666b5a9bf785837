//! A run that Python can watch and stop.

use omegasim_core::engine::batch::Control;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::time::{Duration, Instant};

/// Python is asked no more often than this.
const PAUSE: Duration = Duration::from_millis(50);

/// Looks for Ctrl-C and reports progress.
pub struct PythonControl {
    progress: Option<Py<PyAny>>,
    checkpoint: Option<Py<PyAny>>,
    asked: Instant,
    /// What Python raised.
    raised: Option<PyErr>,
}

impl PythonControl {
    /// Reports to a callable of steps done and steps in all, and to one of a checkpoint's bytes, where there are such.
    pub fn new(progress: Option<Py<PyAny>>, checkpoint: Option<Py<PyAny>>) -> Self {
        Self { progress, checkpoint, asked: Instant::now(), raised: None }
    }

    /// What Python raised meanwhile, if anything.
    pub fn raised(self) -> Option<PyErr> {
        self.raised
    }

    fn ask(&self, done: u64, total: u64) -> PyResult<()> {
        Python::attach(|py| {
            py.check_signals()?;
            if let Some(progress) = &self.progress {
                progress.call1(py, (done, total))?;
            }
            Ok(())
        })
    }
}

impl Control for PythonControl {
    fn progress(&mut self, done: u64, total: u64) -> bool {
        if done < total && self.asked.elapsed() < PAUSE {
            return true;
        }
        self.raised = self.ask(done, total).err();
        self.asked = Instant::now();
        self.raised.is_none()
    }

    fn checkpoint(&mut self, state: &[u8]) -> bool {
        let save = |save: &Py<PyAny>| Python::attach(|py| save.call1(py, (PyBytes::new(py, state),)).err());
        self.raised = self.checkpoint.as_ref().and_then(save);
        self.raised.is_none()
    }
}
