//! Places in sorted numbers that mostly lie evenly.

/// How many of some sorted numbers are below a bound.
#[inline]
#[must_use]
pub fn below<T: Copy + Into<i64>>(sorted: &[T], bound: i64) -> usize {
    let is_below = |&number: &T| number.into() < bound;
    let (Some(&first), Some(&second)) = (sorted.first(), sorted.get(1)) else {
        return sorted.partition_point(is_below);
    };
    if first.into() >= bound {
        return 0;
    }
    // Where they lie evenly one look suffices.
    let step = second.into().saturating_sub(first.into()).max(1);
    let even = (bound.saturating_sub(first.into()).saturating_sub(1) / step).saturating_add(1);
    let guess = usize::try_from(even).unwrap_or(usize::MAX).min(sorted.len());
    if is_below(&sorted[guess - 1]) && sorted.get(guess).is_none_or(|number| !is_below(number)) {
        return guess;
    }
    // Mostly near: a gap lies between and the place is before the guess, or they are dense and it is after it.
    let mut reach = 64.min(sorted.len());
    while reach < sorted.len() && is_below(&sorted[reach - 1]) {
        reach = (reach * 4).min(sorted.len());
    }
    sorted[..reach].partition_point(is_below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_below_any_bound_equal_a_count() {
        let even: Vec<i64> = (0..300).map(|row| 10 * row).collect();
        let gapped: Vec<i64> = (0..300).map(|row| 10 * row + if row > 130 { 5_000 } else { 0 }).collect();
        let dense: Vec<i64> = (0..300).map(|row| row / 7 * 3).collect();
        let sparse_first: Vec<i64> = (0..300).map(|row| if row == 0 { 0 } else { 1_000 + row }).collect();
        for sorted in [even, gapped, dense, sparse_first, vec![i64::MIN, 5, i64::MAX], vec![5], vec![5, 5], vec![]] {
            for bound in [i64::MIN, -1, 0, 1, 5, 6, 10, 11, 999, 1_305, 1_311, 6_400, 7_000, 9_999, i64::MAX] {
                for from in [0, 1, 2, 64, 150, 299].into_iter().filter(|&from| from <= sorted.len()) {
                    let counted = sorted[from..].iter().filter(|&&number| number < bound).count();
                    assert_eq!(below(&sorted[from..], bound), counted, "{bound} from {from}");
                }
            }
        }
    }
}
