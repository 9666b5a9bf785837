//! Highest and lowest prices since any earlier bar, kept as the bars come.

use crate::market::quote::Bar;
use serde::{Deserialize, Serialize};

/// Extremes of both sides since any earlier bar; a new bar costs a few comparisons.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Extremes {
    next: u64,
    bid_high: Suffix,
    bid_low: Suffix,
    ask_high: Suffix,
    ask_low: Suffix,
}

impl Extremes {
    /// Sequence number of the next bar.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Takes in a bar.
    pub fn push(&mut self, bar: &Bar) {
        let sequence = self.next;
        self.next += 1;
        self.bid_high.push(sequence, bar.bid.high);
        self.bid_low.push(sequence, -bar.bid.low);
        self.ask_high.push(sequence, bar.ask.high);
        self.ask_low.push(sequence, -bar.ask.low);
    }

    /// Takes in a span of bars as one: highest and lowest bid and ask, for a side that somebody will ask for.
    pub fn push_span(&mut self, bid: Option<(f64, f64)>, ask: Option<(f64, f64)>) {
        let sequence = self.next;
        self.next += 1;
        if let Some((high, low)) = bid {
            self.bid_high.push(sequence, high);
            self.bid_low.push(sequence, -low);
        }
        if let Some((high, low)) = ask {
            self.ask_high.push(sequence, high);
            self.ask_low.push(sequence, -low);
        }
    }

    /// Forgets all bars: nobody is going to ask for them.
    pub fn clear(&mut self) {
        self.bid_high.0.clear();
        self.bid_low.0.clear();
        self.ask_high.0.clear();
        self.ask_low.0.clear();
    }

    /// Highest and lowest bid of the bars from `since` on.
    #[must_use]
    pub fn bid(&self, since: u64) -> Option<(f64, f64)> {
        Some((self.bid_high.since(since)?, -self.bid_low.since(since)?))
    }

    /// Highest and lowest ask of the bars from `since` on.
    #[must_use]
    pub fn ask(&self, since: u64) -> Option<(f64, f64)> {
        Some((self.ask_high.since(since)?, -self.ask_low.since(since)?))
    }
}

/// The falling sequence of maxima that ends at the newest value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Suffix(Vec<(u64, f64)>);

impl Suffix {
    fn push(&mut self, sequence: u64, value: f64) {
        while self.0.last().is_some_and(|&(_, last)| last <= value) {
            self.0.pop();
        }
        self.0.push((sequence, value));
    }

    fn since(&self, sequence: u64) -> Option<f64> {
        let index = self.0.partition_point(|&(earlier, _)| earlier < sequence);
        self.0.get(index).map(|&(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::quote::Ohlc;

    #[test]
    fn extremes_of_every_suffix_equal_a_scan() {
        let prices = [3.0, 5.0, 4.0, 4.0, 6.0, 2.0, 2.5, 1.5, 2.0];
        let mut extremes = Extremes::default();
        for end in 0..prices.len() {
            let side = Ohlc { open: prices[end], high: prices[end] + 0.5, low: prices[end] - 0.5, close: prices[end] };
            extremes.push(&Bar { time: end as i64, bid: side, ask: side });
            for since in 0..=end {
                let high = prices[since..=end].iter().fold(f64::MIN, |a, &b| a.max(b)) + 0.5;
                let low = prices[since..=end].iter().fold(f64::MAX, |a, &b| a.min(b)) - 0.5;
                assert_eq!(extremes.bid(since as u64), Some((high, low)));
            }
        }
        assert_eq!(extremes.bid(prices.len() as u64), None);
    }
}
