//! Rows of numbers: how columns become rows, and rows columns again.

/// One number or several, read from as many columns.
pub trait Row: Copy {
    /// How many numbers.
    const WIDTH: usize;
    /// The columns, each of the same length.
    type Columns<'a>: Copy;

    /// Takes `WIDTH` columns of at least `rows` values.
    fn columns<'a>(columns: &[&'a [f64]], rows: usize) -> Self::Columns<'a>;
    /// The numbers of one row.
    fn at(columns: &Self::Columns<'_>, row: usize) -> Self;
    /// Takes the first `WIDTH` numbers.
    fn read(numbers: &[f64]) -> Self;
    /// Puts the numbers down.
    fn write(self, numbers: &mut [f64]);
    /// Columns of all rows.
    fn collect(rows: usize, row: impl FnMut(usize) -> Self) -> Vec<Vec<f64>>;
}

/// R1: one NaN, whatever sign the processor gave it.
#[inline]
fn same_everywhere(value: f64) -> f64 {
    if value.is_nan() {
        f64::NAN
    } else {
        value
    }
}

impl Row for f64 {
    const WIDTH: usize = 1;
    type Columns<'a> = &'a [f64];

    fn columns<'a>(columns: &[&'a [f64]], rows: usize) -> Self::Columns<'a> {
        &columns[0][..rows]
    }

    #[inline]
    fn at(columns: &Self::Columns<'_>, row: usize) -> Self {
        columns[row]
    }

    fn read(numbers: &[f64]) -> Self {
        numbers[0]
    }

    fn write(self, numbers: &mut [f64]) {
        numbers[0] = same_everywhere(self);
    }

    #[inline]
    fn collect(rows: usize, mut row: impl FnMut(usize) -> Self) -> Vec<Vec<f64>> {
        vec![(0..rows).map(|index| same_everywhere(row(index))).collect()]
    }
}

impl<const N: usize> Row for [f64; N] {
    const WIDTH: usize = N;
    type Columns<'a> = [&'a [f64]; N];

    fn columns<'a>(columns: &[&'a [f64]], rows: usize) -> Self::Columns<'a> {
        std::array::from_fn(|index| &columns[index][..rows])
    }

    #[inline]
    fn at(columns: &Self::Columns<'_>, row: usize) -> Self {
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
    fn collect(rows: usize, mut row: impl FnMut(usize) -> Self) -> Vec<Vec<f64>> {
        let mut columns: [Vec<f64>; N] = std::array::from_fn(|_| vec![0.0; rows]);
        let mut places = columns.each_mut().map(|column| column.as_mut_slice());
        for index in 0..rows {
            for (place, value) in places.iter_mut().zip(row(index)) {
                place[index] = same_everywhere(value);
            }
        }
        columns.into()
    }
}

/// Whether every number of a row is there.
#[inline]
pub(crate) fn known<const N: usize>(numbers: [f64; N]) -> bool {
    numbers.into_iter().fold(true, |known, number| known & number.is_finite())
}
