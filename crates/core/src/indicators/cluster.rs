//! Volatility in classes: calm, usual, wild.

use super::deviation::StandardDeviation;
use super::garch::Returns;
use super::Indicator;

/// The class of volatility, 0 (calmest) to `classes - 1`.
///
/// Volatility is the standard deviation of the last `period` log returns. Its last `window` values, sorted, are cut into
/// `classes` parts of one size; the bound below class `j` is the value of rank `floor(j * window / classes)`, from 0. To
/// change its class volatility must pass the bound by the fraction `hysteresis`: go above `bound * (1 + hysteresis)`, or
/// below `bound * (1 - hysteresis)`.
#[derive(Clone, Debug)]
pub struct VolatilityClusters {
    returns: Returns,
    deviation: StandardDeviation,
    ranks: Ranks,
    bounds: Box<[usize]>,
    hysteresis: f64,
    class: Option<usize>,
}

impl VolatilityClusters {
    /// See the type for what they mean.
    #[must_use]
    pub fn new(period: usize, window: usize, classes: usize, hysteresis: f64) -> Self {
        Self {
            returns: Returns::default(),
            deviation: StandardDeviation::new(period),
            ranks: Ranks::new(window),
            bounds: (1..classes).map(|class| class * window / classes).collect(),
            hysteresis,
            class: None,
        }
    }

    /// The bound below a class of at least 1.
    #[inline]
    fn bound(&self, class: usize) -> f64 {
        self.ranks.sorted[self.bounds[class - 1]]
    }

    #[inline]
    fn classify(&self, volatility: f64) -> usize {
        let Some(mut class) = self.class else {
            return (1..=self.bounds.len()).filter(|&class| volatility > self.bound(class)).count();
        };
        while class < self.bounds.len() && volatility > self.bound(class + 1) * (1.0 + self.hysteresis) {
            class += 1;
        }
        while class > 0 && volatility < self.bound(class) * (1.0 - self.hysteresis) {
            class -= 1;
        }
        class
    }
}

impl Indicator for VolatilityClusters {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, price: f64) -> f64 {
        let Some(change) = self.returns.push(price) else {
            return f64::NAN;
        };
        let volatility = self.deviation.update(change);
        if volatility.is_nan() || !self.ranks.push(volatility) {
            return f64::NAN;
        }
        let class = self.classify(volatility);
        self.class = Some(class);
        class as f64
    }
}

/// The last values in the order of their size.
#[derive(Clone, Debug)]
struct Ranks {
    window: usize,
    ring: Vec<f64>,
    at: usize,
    sorted: Vec<f64>,
}

impl Ranks {
    fn new(window: usize) -> Self {
        Self { window, ring: Vec::new(), at: 0, sorted: Vec::new() }
    }

    /// Takes a value; whether there are enough of them.
    #[inline]
    fn push(&mut self, value: f64) -> bool {
        if self.ring.len() < self.window {
            let place = self.place(value);
            self.ring.push(value);
            self.sorted.insert(place, value);
            return self.ring.len() == self.window;
        }
        let gone = std::mem::replace(&mut self.ring[self.at], value);
        self.at = if self.at + 1 == self.window { 0 } else { self.at + 1 };
        self.exchange(gone, value);
        true
    }

    #[inline]
    fn place(&self, value: f64) -> usize {
        self.sorted.partition_point(|&other| other < value)
    }

    /// Only what lies between the two values moves.
    #[inline]
    fn exchange(&mut self, gone: f64, value: f64) {
        let (from, to) = (self.place(gone), self.place(value));
        if to > from {
            self.sorted.copy_within(from + 1..to, from);
            self.sorted[to - 1] = value;
        } else {
            self.sorted.copy_within(to..from, to + 1);
            self.sorted[to] = value;
        }
    }
}
