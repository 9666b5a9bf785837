//! Volatility by GARCH(1,1) with given parameters (Bollerslev 1986).
//!
//! Of log returns `r` with mean zero: `variance[t+1] = omega + alpha * r[t]^2 + beta * variance[t]`. The value at a row is
//! `sqrt(variance[t+1])`, the volatility expected of the next row, a fraction of the price for one row. Where `omega`
//! is 0, variance targeting (Engle and Mezrich 1996) puts `(1 - alpha - beta) * mean of r^2` in its place, of the returns
//! known so far.

use super::window::Window;
use super::{one_by_one, Indicator, CHUNK};

/// The parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recursion {
    /// Constant part; 0 asks for variance targeting.
    pub omega: f64,
    /// Weight of the newest squared return.
    pub alpha: f64,
    /// Weight of the variance before.
    pub beta: f64,
    /// Returns that a target needs before it counts.
    pub warmup: usize,
}

impl Recursion {
    fn rest(self) -> f64 {
        1.0 - self.alpha - self.beta
    }
}

/// Variances expected one row ahead.
#[derive(Clone, Debug)]
pub struct Variances {
    recursion: Recursion,
    rest: f64,
    next: f64,
    sum: f64,
    count: f64,
}

impl Variances {
    /// Begins at the long-run variance: given by `omega`, or the mean square of the first `warmup` values.
    #[must_use]
    pub fn new(recursion: Recursion) -> Self {
        let rest = recursion.rest();
        let next = if recursion.omega > 0.0 { recursion.omega / rest } else { f64::NAN };
        Self { recursion, rest, next, sum: 0.0, count: 0.0 }
    }

    /// The variance expected of the next value; NaN while nothing is known of it.
    #[must_use]
    #[inline]
    pub fn next(&self) -> f64 {
        self.next
    }

    /// Takes a squared value and returns the variance expected of the one after it.
    #[inline]
    pub fn update(&mut self, square: f64) -> f64 {
        let Recursion { omega, alpha, beta, warmup } = self.recursion;
        if omega > 0.0 {
            self.next = (omega + alpha * square) + beta * self.next;
            return self.next;
        }
        self.sum += square;
        self.count += 1.0;
        if self.count < warmup as f64 {
            return self.next;
        }
        let target = self.sum / self.count;
        let before = if self.next.is_nan() { target } else { self.next };
        self.next = (self.rest * target + alpha * square) + beta * before;
        self.next
    }
}

/// Log returns of prices; a return spans what is missing.
#[derive(Clone, Debug)]
pub struct Returns {
    before: f64,
}

impl Default for Returns {
    fn default() -> Self {
        Self { before: f64::NAN }
    }
}

impl Returns {
    /// The return since the price before; nothing for the first price and for what is no price.
    #[inline]
    pub fn push(&mut self, price: f64) -> Option<f64> {
        if !(price > 0.0 && price.is_finite()) {
            return None;
        }
        let before = std::mem::replace(&mut self.before, price);
        (!before.is_nan()).then(|| libm::log(price / before))
    }
}

/// GARCH(1,1) volatility over all returns so far.
#[derive(Clone, Debug)]
pub struct Garch {
    returns: Returns,
    variances: Variances,
}

impl Garch {
    /// With given parameters.
    #[must_use]
    pub fn new(recursion: Recursion) -> Self {
        Self { returns: Returns::default(), variances: Variances::new(recursion) }
    }
}

impl Indicator for Garch {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, price: f64) -> f64 {
        self.returns.push(price).map_or(f64::NAN, |change| self.variances.update(change * change).sqrt())
    }
}

/// GARCH(1,1) volatility as if there were only the last `window` returns.
///
/// The recursion begins at the mean square of the window, which is also the target where `omega` is 0. Written out, it
/// is a sum with weights `beta^i`, which moves along with one addition and one subtraction; since `beta` is below 1, what
/// rounding leaves fades.
#[derive(Clone, Debug)]
pub struct GarchWindow {
    returns: Returns,
    recursion: Recursion,
    squares: Box<[f64]>,
    at: usize,
    sum: Window,
    weighted: f64,
    /// `beta^window`.
    last_weight: f64,
    /// `1 + beta + ... + beta^(window - 1)`.
    all_weights: f64,
}

impl GarchWindow {
    /// Over `window` returns.
    #[must_use]
    pub fn new(window: usize, recursion: Recursion) -> Self {
        let weights = |(weight, sum): (f64, f64), _| (weight * recursion.beta, sum + weight);
        let (last_weight, all_weights) = (0..window).fold((1.0, 0.0), weights);
        let squares = vec![0.0; window].into();
        let (returns, sum) = (Returns::default(), Window::new(window));
        Self { returns, recursion, squares, at: 0, sum, weighted: 0.0, last_weight, all_weights }
    }

    /// The volatility expected after a squared return, with the sum of the window's squares.
    #[inline]
    fn expected(&mut self, square: f64, sum: f64) -> f64 {
        self.weigh(square);
        let mean = sum / self.squares.len() as f64;
        let Recursion { omega, alpha, .. } = self.recursion;
        let omega = if omega > 0.0 { omega } else { self.recursion.rest() * mean };
        ((omega * self.all_weights + alpha * self.weighted) + self.last_weight * mean).sqrt()
    }

    #[inline]
    fn weigh(&mut self, square: f64) {
        let gone = std::mem::replace(&mut self.squares[self.at], square);
        self.at = if self.at + 1 == self.squares.len() { 0 } else { self.at + 1 };
        let weighted = (square + self.recursion.beta * self.weighted) - self.last_weight * gone;
        self.weighted = weighted.max(0.0);
    }
}

impl Indicator for GarchWindow {
    type Input = f64;
    type Output = f64;

    #[inline]
    fn update(&mut self, price: f64) -> f64 {
        let Some(change) = self.returns.push(price) else {
            return f64::NAN;
        };
        let square = change * change;
        let sum = self.sum.push(square);
        self.expected(square, sum)
    }

    #[inline(always)]
    fn update_rows(&mut self, prices: &[f64], values: &mut &mut [f64]) {
        if !prices.iter().all(|&price| price > 0.0 && price.is_finite()) || self.returns.before.is_nan() {
            return one_by_one(self, prices, values);
        }
        let mut squares = [0.0; CHUNK];
        let squares = &mut squares[..prices.len()];
        for (square, &price) in squares.iter_mut().zip(prices) {
            let change = self.returns.push(price).unwrap_or(f64::NAN);
            *square = change * change;
        }
        self.sum.slide(squares, values);
        for (value, &square) in values.iter_mut().zip(&*squares) {
            *value = self.expected(square, *value);
        }
    }
}
