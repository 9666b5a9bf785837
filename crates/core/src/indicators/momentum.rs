//! How far and how fast a price went.

use super::lag::Lag;
use super::row::{all_known, known, Room};
use super::smoothing::Smoothing;
use super::{larger, one_by_one, ratio, Indicator};

/// Change since `period` rows ago, in price.
#[derive(Clone, Debug)]
pub struct Momentum(Lag);

impl Momentum {
    /// Over `period` rows.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self(Lag::new(period))
    }
}

/// The difference; NaN where one of the two is missing.
#[inline]
fn difference(value: f64, before: f64) -> f64 {
    let difference = value - before;
    if difference.is_finite() {
        difference
    } else {
        f64::NAN
    }
}

/// The change in percent; NaN where one of the two is missing.
#[inline]
fn percentage(value: f64, before: f64) -> f64 {
    let percentage = (value / before - 1.0) * 100.0;
    if percentage.is_finite() && before.is_finite() {
        percentage
    } else {
        f64::NAN
    }
}

impl Indicator for Momentum {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        difference(value, self.0.push(value))
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], changes: &mut &mut [f64]) {
        self.0.compare(values, changes, difference);
    }

    #[inline(always)]
    fn fill(&mut self, values: &[f64], changes: &mut [f64]) {
        self.0.compare_columns(values, changes, difference);
    }
}

/// Rate of change since `period` rows ago, in percent.
#[derive(Clone, Debug)]
pub struct Roc(Lag);

impl Roc {
    /// Over `period` rows.
    #[must_use]
    pub fn new(period: usize) -> Self {
        Self(Lag::new(period))
    }
}

impl Indicator for Roc {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        percentage(value, self.0.push(value))
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], changes: &mut &mut [f64]) {
        self.0.compare(values, changes, percentage);
    }

    #[inline(always)]
    fn fill(&mut self, values: &[f64], changes: &mut [f64]) {
        self.0.compare_columns(values, changes, percentage);
    }
}

/// Relative strength index (Wilder 1978): gains as a share of all changes, 0 to 100.
#[derive(Clone, Debug)]
pub struct Rsi {
    before: f64,
    gain: Smoothing,
    loss: Smoothing,
    gains: Room,
    losses: Room,
}

impl Rsi {
    /// Over `period` changes.
    #[must_use]
    pub fn new(period: usize) -> Self {
        let [gain, loss] = [(); 2].map(|()| Smoothing::wilder(period));
        Self { before: f64::NAN, gain, loss, gains: Room::new(), losses: Room::new() }
    }
}

impl Indicator for Rsi {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, value: f64) -> f64 {
        if !value.is_finite() {
            return f64::NAN;
        }
        let change = value - std::mem::replace(&mut self.before, value);
        if change.is_nan() {
            return f64::NAN;
        }
        let gain = self.gain.update(larger(change, 0.0));
        let loss = self.loss.update(larger(-change, 0.0));
        100.0 * ratio(gain, gain + loss)
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], indices: &mut &mut [f64]) {
        if self.before.is_nan() || !all_known(values) {
            return one_by_one(self, values, indices);
        }
        let [gains, losses] = [&mut self.gains, &mut self.losses].map(|room| room.of(values.len()));
        let split = |value: f64, before: f64| (larger(value - before, 0.0), larger(before - value, 0.0));
        (gains[0], losses[0]) = split(values[0], self.before);
        let places = gains[1..].iter_mut().zip(&mut losses[1..]);
        for ((gain, loss), (&value, &before)) in places.zip(values[1..].iter().zip(values)) {
            (*gain, *loss) = split(value, before);
        }
        self.before = values[values.len() - 1];
        self.gain.slide(gains, indices);
        self.loss.slide(losses, gains);
        for (index, &loss) in indices.iter_mut().zip(&*gains) {
            *index = 100.0 * ratio(*index, *index + loss);
        }
    }
}

/// Moving average convergence and divergence (Appel): line, signal, histogram.
#[derive(Clone, Debug)]
pub struct Macd {
    fast: Smoothing,
    slow: Smoothing,
    signal: Smoothing,
    slower: Room,
    /// Rows that the fast average lets go, so that both averages have their first value at the same row.
    ahead: usize,
}

impl Macd {
    /// EMAs of `fast` and `slow` values, the signal one of `signal` values of their difference.
    #[must_use]
    pub fn new(fast: usize, slow: usize, signal: usize) -> Self {
        Self {
            fast: Smoothing::exponential(fast),
            slow: Smoothing::exponential(slow),
            signal: Smoothing::exponential(signal),
            slower: Room::new(),
            ahead: slow.saturating_sub(fast),
        }
    }

    #[inline]
    fn fast(&mut self, value: f64) -> f64 {
        if self.ahead > 0 {
            self.ahead -= 1;
            return f64::NAN;
        }
        self.fast.update(value)
    }
}

impl Indicator for Macd {
    type Input = f64;
    type Output = [f64; 3];

    #[inline]
    fn update(&mut self, value: f64) -> [f64; 3] {
        if !known([value]) {
            return [f64::NAN; 3];
        }
        let line = self.fast(value) - self.slow.update(value);
        let signal = self.signal.update(line);
        [line, signal, line - signal]
    }

    #[inline(always)]
    fn update_rows(&mut self, values: &[f64], places: &mut [&mut [f64]; 3]) {
        if self.ahead > 0 {
            return one_by_one(self, values, places);
        }
        let [lines, signals, histograms] = places;
        let slower = self.slower.of(values.len());
        Smoothing::slide_apart([&mut self.fast, &mut self.slow], values, lines, slower);
        self.signal.slide(lines, signals);
        for ((histogram, &line), &signal) in histograms.iter_mut().zip(&**lines).zip(&**signals) {
            *histogram = line - signal;
        }
    }
}
