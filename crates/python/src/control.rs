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

    /// Looks and reports where the last time was a while ago, with the interpreter held.
    pub fn look(&mut self, py: Python<'_>, done: u64, total: u64) -> PyResult<()> {
        if self.asked.elapsed() < PAUSE {
            return Ok(());
        }
        self.asked = Instant::now();
        self.tell(py, done, total)
    }

    /// Reports the end.
    pub fn finish(&self, py: Python<'_>, total: u64) -> PyResult<()> {
        self.tell(py, total, total)
    }

    fn tell(&self, py: Python<'_>, done: u64, total: u64) -> PyResult<()> {
        py.check_signals()?;
        if let Some(progress) = &self.progress {
            progress.call1(py, (done, total))?;
        }
        Ok(())
    }

    /// What Python raised meanwhile, if anything.
    pub fn raised(self) -> Option<PyErr> {
        self.raised
    }

    fn ask(&self, done: u64, total: u64) -> PyResult<()> {
        Python::attach(|py| self.tell(py, done, total))
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
