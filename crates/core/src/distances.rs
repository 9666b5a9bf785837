//! Distances of successive times (T2).

use std::collections::BTreeMap;

/// T2: how often each distance of successive times occurs.
#[derive(Clone, Debug, Default)]
pub struct Distances {
    counts: BTreeMap<i64, usize>,
    /// The last distance, and how often it came in a row.
    run: (i64, usize),
}

impl Distances {
    /// The distances of some times.
    #[must_use]
    pub fn of(times: &[i64]) -> Self {
        const BLOCK: usize = 16;
        let mut distances = Self::default();
        let later = times.get(1..).unwrap_or_default();
        for (block, next) in times.chunks(BLOCK).zip(later.chunks(BLOCK)) {
            distances.add(block, next);
        }
        distances
    }

    /// Adds the distances from some times to those that follow them, one each.
    #[inline(always)]
    pub(crate) fn add(&mut self, times: &[i64], later: &[i64]) {
        let pairs = times.iter().zip(later);
        // Times that all lie one distance apart are counted at once.
        let differs = pairs.fold(0, |any, (time, next)| any | (next.wrapping_sub(*time) ^ self.run.0));
        if differs == 0 {
            self.run.1 += times.len().min(later.len());
        } else {
            self.add_singly(times, later);
        }
    }

    fn add_singly(&mut self, times: &[i64], later: &[i64]) {
        for (time, next) in times.iter().zip(later) {
            let distance = next.saturating_sub(*time);
            if distance != self.run.0 {
                self.end_run();
                self.run.0 = distance;
            }
            self.run.1 += 1;
        }
    }

    fn end_run(&mut self) {
        let (distance, times) = std::mem::take(&mut self.run);
        *self.counts.entry(distance).or_default() += times;
    }

    /// Adds others.
    pub(crate) fn append(&mut self, mut others: Self) {
        others.end_run();
        for (distance, count) in others.counts {
            *self.counts.entry(distance).or_default() += count;
        }
    }

    /// The most frequent one above zero; the shorter of two equally frequent ones.
    #[must_use]
    pub fn most_frequent(mut self) -> Option<i64> {
        self.end_run();
        let mut best = None;
        for (&distance, &count) in self.counts.range(1..) {
            if count > best.map_or(0, |(_, most)| most) {
                best = Some((distance, count));
            }
        }
        best.map(|(distance, _)| distance)
    }
}
