//! Days of the week in UTC.

use crate::time::DAY;

/// Days since 1970.
pub(super) fn day_number(time: i64) -> i64 {
    time.div_euclid(DAY)
}

/// Monday to Friday; day 0 was a Thursday.
pub(super) fn is_weekday(day: i64) -> bool {
    (day + 3).rem_euclid(7) < 5
}

/// Mondays to Fridays from the day of one time to the day of another, both counted.
pub(super) fn weekdays(first: i64, last: i64) -> f64 {
    let (first, last) = (day_number(first), day_number(last));
    let weeks = (last - first + 1) / 7;
    let rest = (first + weeks * 7..=last).filter(|&day| is_weekday(day)).count() as i64;
    (weeks * 5 + rest) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o3_weekdays_are_counted_over_whole_weeks() {
        assert_eq!(weekdays(0, 0), 1.0);
        assert_eq!(weekdays(2 * DAY, 3 * DAY), 0.0);
        assert_eq!(weekdays(0, 13 * DAY), 10.0);
        assert_eq!(weekdays(4 * DAY, 12 * DAY), 7.0);
    }
}
