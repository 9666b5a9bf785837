//! Exponential smoothing: a recursion that waits for four rows' worth of arithmetic only once in four rows.

/// Rows that share one step of the recursion.
const BLOCK: usize = 4;

/// `y = keep * y + gain * x`, seeded with the sum or mean of the first values.
///
/// Within a block of four rows `y` is written as `keep^j * base + part`: rounded alike everywhere, and a processor
/// need not wait for one row to begin the next.
#[derive(Clone, Debug)]
pub struct Smoothing {
    keep: f64,
    gain: f64,
    base: f64,
    part: f64,
    /// `keep` to the power of `step + 1`.
    power: f64,
    step: usize,
    seed: Seed,
}

#[derive(Clone, Debug)]
struct Seed {
    rows: usize,
    divisor: f64,
    seen: usize,
    sum: f64,
}

impl Smoothing {
    /// `gain = 2 / (period + 1)`, seeded with the mean of the first `period` values.
    #[must_use]
    pub fn exponential(period: usize) -> Self {
        let gain = 2.0 / (period as f64 + 1.0);
        Self::new(1.0 - gain, gain, period, period as f64)
    }

    /// Wilder's: `gain = 1 / period`, seeded with the mean of the first `period` values.
    #[must_use]
    pub fn wilder(period: usize) -> Self {
        let gain = 1.0 / period as f64;
        Self::new(1.0 - gain, gain, period, period as f64)
    }

    /// Wilder's running sum: `y - y / period + x`, seeded with the sum of the first `period - 1` values.
    #[must_use]
    pub fn wilder_sum(period: usize) -> Self {
        Self::new(1.0 - 1.0 / period as f64, 1.0, period - 1, 1.0)
    }

    fn new(keep: f64, gain: f64, rows: usize, divisor: f64) -> Self {
        let seed = Seed { rows, divisor, seen: 0, sum: 0.0 };
        Self { keep, gain, base: 0.0, part: 0.0, power: keep, step: 0, seed }
    }

    /// Takes a value; NaN while the seed is gathered, and for a missing value, which changes nothing.
    #[inline]
    pub fn update(&mut self, value: f64) -> f64 {
        if !value.is_finite() {
            return f64::NAN;
        }
        if self.seed.seen < self.seed.rows {
            return self.gather(value);
        }
        self.step += 1;
        self.part = self.part * self.keep + value * self.gain;
        let smoothed = self.base * self.power + self.part;
        self.power *= self.keep;
        if self.step == BLOCK {
            self.start(smoothed);
        }
        smoothed
    }

    #[inline(always)]
    fn gather(&mut self, value: f64) -> f64 {
        self.seed.seen += 1;
        self.seed.sum += value;
        if self.seed.seen < self.seed.rows {
            return f64::NAN;
        }
        self.start(self.seed.sum / self.seed.divisor);
        self.base
    }

    #[inline]
    fn start(&mut self, base: f64) {
        (self.base, self.part, self.power, self.step) = (base, 0.0, self.keep, 0);
    }
}
