//! Rows ahead of a run in which nothing happens unless a strategy asks for something.

use crate::market::quote::Bar;
use std::ops::Range;

/// Rows that are looked at in one go.
const NEAR: usize = 8;
const FAR: usize = 512;

/// Calm rows of the only symbol of a run: those that strategies were told of, and those still to come.
#[derive(Clone, Debug)]
pub(super) struct Calm {
    bars: Vec<Bar>,
    /// The row of the first of them.
    first: usize,
    /// How many were told of.
    told: usize,
    /// How many of those the simulator has lived through.
    lived: usize,
    /// How many rows the next look takes in: more as long as nobody asks for anything.
    reach: usize,
}

impl Calm {
    /// None are known.
    pub(super) fn new() -> Self {
        Self { bars: Vec::new(), first: 0, told: 0, lived: 0, reach: NEAR }
    }

    /// How many rows to look at.
    pub(super) fn reach(&self) -> usize {
        self.reach
    }

    /// Knows the rows from `first` on to be calm; the simulator has lived through all before.
    pub(super) fn know(&mut self, first: usize, bars: impl Iterator<Item = Bar>) {
        self.bars.clear();
        self.bars.extend(bars);
        (self.first, self.told, self.lived) = (first, 0, 0);
        self.reach = (self.reach * 4).min(FAR);
    }

    /// The next row and its bar, to be told of.
    pub(super) fn tell(&mut self) -> Option<(usize, Bar)> {
        let bar = *self.bars.get(self.told)?;
        self.told += 1;
        Some((self.first + self.told - 1, bar))
    }

    /// The rows that were told of and that the simulator has still to live through; it does so now.
    pub(super) fn live(&mut self) -> Range<usize> {
        let rows = self.first + self.lived..self.first + self.told;
        self.lived = self.told;
        rows
    }

    /// What comes is known no longer: somebody asked for something.
    pub(super) fn end(&mut self) {
        self.bars.truncate(self.told);
        self.reach = NEAR;
    }
}
