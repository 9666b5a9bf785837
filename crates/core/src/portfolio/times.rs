//! Times of the rows of a table, which mostly are those of the market data.

use crate::column::Column;
use crate::huge_pages;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::Deref;

/// Times in a row: those of a series for as long as they follow it, which takes no memory, and their own from then on.
#[derive(Clone, Debug, Default)]
pub struct Times {
    series: Column<i64>,
    /// Leading times of the series that came; none once there are own ones.
    followed: usize,
    own: Vec<i64>,
}

impl Times {
    /// Times that will most likely be those of a series.
    #[must_use]
    pub fn along(series: Column<i64>) -> Self {
        Self { series, followed: 0, own: Vec::new() }
    }

    /// Adds a time.
    pub fn push(&mut self, time: i64) {
        self.extend(&[time]);
    }

    /// Adds times.
    #[inline]
    pub fn extend(&mut self, times: &[i64]) {
        let next = self.series.as_slice().get(self.followed..self.followed + times.len());
        if self.own.is_empty() && next.is_some_and(|next| std::ptr::eq(next, times) || next == times) {
            self.followed += times.len();
        } else {
            self.leave_series();
            self.own.extend_from_slice(times);
        }
    }

    /// Takes the last time away.
    pub fn pop(&mut self) {
        if self.own.pop().is_none() {
            self.followed = self.followed.saturating_sub(1);
        }
    }

    fn leave_series(&mut self) {
        if self.own.is_empty() {
            let series = self.series.as_slice();
            self.own.reserve_exact(series.len());
            huge_pages::advise(&mut self.own);
            self.own.extend_from_slice(&series[..self.followed]);
            self.followed = 0;
        }
    }
}

impl Deref for Times {
    type Target = [i64];

    fn deref(&self) -> &[i64] {
        if self.own.is_empty() {
            &self.series.as_slice()[..self.followed]
        } else {
            &self.own
        }
    }
}

impl From<Vec<i64>> for Times {
    fn from(own: Vec<i64>) -> Self {
        Self { own, ..Self::default() }
    }
}

impl PartialEq for Times {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Serialize for Times {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Times {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn along(times: &[i64]) -> Times {
        Times::along(times.to_vec().into())
    }

    #[test]
    fn times_that_follow_the_series_take_no_memory() {
        let mut times = along(&[1, 2, 3, 4]);
        times.push(1);
        times.extend(&[2, 3]);
        assert_eq!(*times, [1, 2, 3]);
        assert_eq!(times.own.capacity(), 0);
    }

    #[test]
    fn times_that_leave_the_series_are_kept_all_the_same() {
        for (first, then) in [(vec![], vec![7]), (vec![1], vec![3]), (vec![1, 2], vec![2]), (vec![1, 2, 3], vec![3, 4])]
        {
            let mut times = along(&[1, 2, 3]);
            times.extend(&first);
            times.extend(&then);
            times.push(9);
            assert_eq!(*times, [first, then, vec![9]].concat());
        }
    }

    #[test]
    fn the_last_time_can_be_taken_away_and_another_put_in_its_place() {
        let mut times = along(&[1, 2, 3]);
        times.pop();
        times.extend(&[1, 2]);
        times.pop();
        times.push(2);
        times.push(5);
        times.pop();
        times.push(6);
        assert_eq!(*times, [1, 2, 6]);
    }
}
