//! Directional movement (Wilder 1978).

use super::range::true_range;
use super::row::{all_known, known, Room};
use super::smoothing::Smoothing;
use super::{one_by_one, ratio, Indicator};

/// Directional movement index: +DI and -DI, 0 to 100.
#[derive(Clone, Debug)]
pub struct Dmi {
    before: Option<[f64; 3]>,
    plus: Smoothing,
    minus: Smoothing,
    range: Smoothing,
    /// Moves until the first value.
    wait: usize,
    /// Room for movements, for ranges, and for smoothed ranges.
    rooms: [Room; 4],
}

impl Dmi {
    /// Over `period` moves.
    #[must_use]
    pub fn new(period: usize) -> Self {
        let sum = || Smoothing::wilder_sum(period);
        let rooms = [(); 4].map(|()| Room::new());
        Self { before: None, plus: sum(), minus: sum(), range: sum(), wait: period, rooms }
    }
}

impl Indicator for Dmi {
    type Input = [f64; 3];
    type Output = [f64; 2];

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> [f64; 2] {
        if !known(bar) {
            return [f64::NAN; 2];
        }
        let Some(before) = self.before.replace(bar) else {
            return [f64::NAN; 2];
        };
        let [plus, minus] = movement(before, bar);
        let (plus, minus) = (self.plus.update(plus), self.minus.update(minus));
        let range = self.range.update(true_range(before[2], bar[0], bar[1]));
        self.wait = self.wait.saturating_sub(1);
        if self.wait > 0 {
            return [f64::NAN; 2];
        }
        [100.0 * ratio(plus, range), 100.0 * ratio(minus, range)]
    }

    #[inline(always)]
    fn update_rows(&mut self, columns: [&[f64]; 3], places: &mut [&mut [f64]; 2]) {
        if self.wait > 0 || !columns.iter().all(|column| all_known(column)) {
            return one_by_one(self, columns, places);
        }
        let Some(mut before) = self.before else {
            return one_by_one(self, columns, places);
        };
        let [plus, minus] = places;
        let [up, down, ranges, smoothed] = self.rooms.each_mut().map(|room| room.of(plus.len()));
        for (row, ((up, down), range)) in up.iter_mut().zip(down.iter_mut()).zip(&mut *ranges).enumerate() {
            let bar = columns.map(|column| column[row]);
            [*up, *down] = movement(before, bar);
            *range = true_range(before[2], bar[0], bar[1]);
            before = bar;
        }
        self.before = Some(before);
        self.plus.slide(up, plus);
        self.minus.slide(down, minus);
        self.range.slide(ranges, smoothed);
        for ((plus, minus), &range) in plus.iter_mut().zip(minus.iter_mut()).zip(&*smoothed) {
            (*plus, *minus) = (100.0 * ratio(*plus, range), 100.0 * ratio(*minus, range));
        }
    }
}

/// How far the bar went beyond the one before, counted on the side where it went further.
#[inline]
fn movement(before: [f64; 3], bar: [f64; 3]) -> [f64; 2] {
    let up = bar[0] - before[0];
    let down = before[1] - bar[1];
    // Both comparisons always: a branch on what prices do is guessed wrong half the time.
    [if (up > 0.0) & (up > down) { up } else { 0.0 }, if (down > 0.0) & (down > up) { down } else { 0.0 }]
}

/// Average directional index: Wilder's smoothing of |+DI - -DI| / (+DI + -DI), 0 to 100.
#[derive(Clone, Debug)]
pub struct Adx {
    dmi: Dmi,
    average: Smoothing,
    rooms: [Room; 2],
}

impl Adx {
    /// Over `period` moves.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self { dmi: Dmi::new(period), average: Smoothing::wilder(period), rooms: [(); 2].map(|()| Room::new()) }
    }
}

impl Indicator for Adx {
    type Input = [f64; 3];
    type Output = f64;

    #[inline]
    fn update(&mut self, bar: [f64; 3]) -> f64 {
        let [plus, minus] = self.dmi.update(bar);
        self.average.update(index(plus, minus))
    }

    #[inline(always)]
    fn update_rows(&mut self, columns: [&[f64]; 3], averages: &mut &mut [f64]) {
        let mut places = self.rooms.each_mut().map(|room| room.of(averages.len()));
        self.dmi.update_rows(columns, &mut places);
        let [plus, minus] = places;
        for (plus, &mut minus) in plus.iter_mut().zip(minus) {
            *plus = index(*plus, minus);
        }
        self.average.slide(plus, averages);
    }
}

#[inline]
fn index(plus: f64, minus: f64) -> f64 {
    100.0 * ratio((plus - minus).abs(), plus + minus)
}
