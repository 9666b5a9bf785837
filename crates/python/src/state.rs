//! A stepwise simulator and whether it can be trusted (E1).

use omegasim_core::engine::stepwise::Stepwise;
use omegasim_core::error::Error;

use crate::error::guarded;

/// A simulator that refuses work after a panic.
pub struct State {
    stepwise: Stepwise,
    /// Whether a panic left it half-way.
    broken: bool,
}

impl State {
    /// A simulator at work.
    pub fn new(stepwise: Stepwise) -> Self {
        Self { stepwise, broken: false }
    }

    /// Works, unless a panic came before.
    pub fn work<T>(&mut self, work: impl FnOnce(&mut Stepwise) -> Result<T, Error>) -> Result<T, Error> {
        if self.broken {
            return Err(Error::Broken);
        }
        let done = guarded(|| work(&mut self.stepwise));
        self.broken = matches!(done, Err(Error::Panic { .. }));
        done
    }
}
