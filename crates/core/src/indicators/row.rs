//! Rows of numbers: how columns become rows, and rows columns again.

use std::ops::Range;

/// Rows that are computed at once: few enough that the next ones are fetched in the meantime.
pub const CHUNK: usize = 128;

/// Room for numbers that are computed at once.
#[derive(Clone, Debug)]
pub(crate) struct Room(Vec<f64>);

impl Room {
    pub(crate) fn new() -> Self {
        Self(vec![0.0; CHUNK])
    }

    /// Room for the numbers of some rows, with what was left there.
    #[inline]
    pub(crate) fn of(&mut self, rows: usize) -> &mut [f64] {
        if self.0.len() < rows {
            self.0.resize(rows, 0.0);
        }
        &mut self.0[..rows]
    }
}

/// One number or several, read from as many columns.
pub trait Row: Copy {
    /// How many numbers.
    const WIDTH: usize;
    /// Columns of one length.
    type Columns<'a>: Copy;
    /// Places for the numbers of several rows, a column each.
    type Places<'a>;

    /// The first `WIDTH` columns.
    fn columns<'a>(columns: &[&'a [f64]]) -> Self::Columns<'a>;
    /// The rows of a range, of each column.
    fn rows<'a>(columns: Self::Columns<'a>, range: Range<usize>) -> Self::Columns<'a>;
    /// How many rows there are.
    fn count(columns: Self::Columns<'_>) -> usize;
    /// The numbers of one row.
    fn at(columns: Self::Columns<'_>, row: usize) -> Self;
    /// Takes the first `WIDTH` numbers.
    fn read(numbers: &[f64]) -> Self;
    /// Puts the numbers down.
    fn write(self, numbers: &mut [f64]);
    /// Puts the numbers down as those of a row.
    fn put(self, places: &mut Self::Places<'_>, row: usize);
    /// The first `WIDTH` places.
    fn places<'a>(places: &'a mut [&mut [f64]]) -> Self::Places<'a>;
    /// The rows of a range, of each place.
    fn part<'a>(places: &'a mut Self::Places<'_>, range: Range<usize>) -> Self::Places<'a>;
}

/// R1: one NaN, whatever sign the processor gave it.
#[inline]
pub(crate) fn same_everywhere(value: f64) -> f64 {
    if value.is_nan() {
        f64::NAN
    } else {
        value
    }
}

impl Row for f64 {
    const WIDTH: usize = 1;
    type Columns<'a> = &'a [f64];
    type Places<'a> = &'a mut [f64];

    fn columns<'a>(columns: &[&'a [f64]]) -> Self::Columns<'a> {
        columns[0]
    }

    #[inline]
    fn rows<'a>(columns: Self::Columns<'a>, range: Range<usize>) -> Self::Columns<'a> {
        &columns[range]
    }

    #[inline]
    fn count(columns: Self::Columns<'_>) -> usize {
        columns.len()
    }

    #[inline]
    fn at(columns: Self::Columns<'_>, row: usize) -> Self {
        columns[row]
    }

    fn read(numbers: &[f64]) -> Self {
        numbers[0]
    }

    fn write(self, numbers: &mut [f64]) {
        numbers[0] = same_everywhere(self);
    }

    #[inline]
    fn put(self, places: &mut Self::Places<'_>, row: usize) {
        places[row] = same_everywhere(self);
    }

    fn places<'a>(places: &'a mut [&mut [f64]]) -> Self::Places<'a> {
        &mut *places[0]
    }

    #[inline]
    fn part<'a>(places: &'a mut Self::Places<'_>, range: Range<usize>) -> Self::Places<'a> {
        &mut places[range]
    }
}

impl<const N: usize> Row for [f64; N] {
    const WIDTH: usize = N;
    type Columns<'a> = [&'a [f64]; N];
    type Places<'a> = [&'a mut [f64]; N];

    fn columns<'a>(columns: &[&'a [f64]]) -> Self::Columns<'a> {
        std::array::from_fn(|index| columns[index])
    }

    #[inline]
    fn rows<'a>(columns: Self::Columns<'a>, range: Range<usize>) -> Self::Columns<'a> {
        columns.map(|column| &column[range.clone()])
    }

    #[inline]
    fn count(columns: Self::Columns<'_>) -> usize {
        columns[0].len()
    }

    #[inline]
    fn at(columns: Self::Columns<'_>, row: usize) -> Self {
        columns.map(|column| column[row])
    }

    fn read(numbers: &[f64]) -> Self {
        std::array::from_fn(|index| numbers[index])
    }

    fn write(self, numbers: &mut [f64]) {
        for (number, value) in numbers.iter_mut().zip(self) {
            *number = same_everywhere(value);
        }
    }

    #[inline]
    fn put(self, places: &mut Self::Places<'_>, row: usize) {
        for (place, value) in places.iter_mut().zip(self) {
            place[row] = same_everywhere(value);
        }
    }

    fn places<'a>(places: &'a mut [&mut [f64]]) -> Self::Places<'a> {
        let mut places = places.iter_mut();
        std::array::from_fn(|_| &mut **places.next().expect("a place for each output"))
    }

    #[inline]
    fn part<'a>(places: &'a mut Self::Places<'_>, range: Range<usize>) -> Self::Places<'a> {
        places.each_mut().map(|place| &mut place[range.clone()])
    }
}

/// The number, or another one where it is missing.
#[inline(always)]
pub(crate) fn known_or(number: f64, other: f64) -> f64 {
    if number.abs() < f64::INFINITY {
        number
    } else {
        other
    }
}

/// Whether every number of a row is there.
#[inline]
pub(crate) fn known<const N: usize>(numbers: [f64; N]) -> bool {
    numbers.into_iter().fold(true, |known, number| known & number.is_finite())
}

/// Whether every number of a column is there.
#[inline]
pub(crate) fn all_known(column: &[f64]) -> bool {
    column.iter().fold(0, |left, &number| left | left_over(number).to_bits()) == 0
}

/// What a number leaves of itself: 0, all bits of which are 0, or NaN where it is missing.
#[inline]
#[allow(clippy::eq_op)]
pub(crate) fn left_over(number: f64) -> f64 {
    number - number
}
