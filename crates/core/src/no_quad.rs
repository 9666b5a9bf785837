//! Registers of four numbers, which are used on no such processor.

use std::ops::{Add, Mul, Sub};

/// As there is none, nothing is computed with it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FourLanes {}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Quad {}

impl FourLanes {
    pub(crate) fn found() -> Option<Self> {
        None
    }

    pub(crate) fn all(self, _number: f64) -> Quad {
        match self {}
    }

    pub(crate) fn load(self, _numbers: &[f64; 4]) -> Quad {
        match self {}
    }
}

impl Quad {
    pub(crate) fn store(self, _places: &mut [f64; 4]) {
        match self {}
    }

    pub(crate) fn larger(self, _other: Self) -> Self {
        match self {}
    }

    pub(crate) fn smaller(self, _other: Self) -> Self {
        match self {}
    }

    pub(crate) fn behind(self, _before: Self) -> [Self; 3] {
        match self {}
    }
}

impl Add for Quad {
    type Output = Self;

    fn add(self, _other: Self) -> Self {
        match self {}
    }
}

impl Sub for Quad {
    type Output = Self;

    fn sub(self, _other: Self) -> Self {
        match self {}
    }
}

impl Mul for Quad {
    type Output = Self;

    fn mul(self, _other: Self) -> Self {
        match self {}
    }
}
