//! Spreads multiplied (C2).

use crate::instrument::Grid;
use crate::market::bars::SideColumns;
use crate::market::quote::{Bar, Ohlc, Point};

/// C2: `mid -+ distance * multiplier` on the grid, for one pair of prices.
pub(super) fn widen(bid: f64, ask: f64, multiplier: f64, grid: Grid) -> (f64, f64) {
    let mid = (bid + ask) / 2.0;
    let distance = (ask - bid) / 2.0;
    (grid.nearest(mid - distance * multiplier), grid.nearest(mid + distance * multiplier))
}

/// C2: one bar with its spread multiplied.
pub(crate) fn widened_bar(bar: &Bar, multiplier: f64, grid: Grid) -> Bar {
    let pair = |point| widen(bar.bid.at(point), bar.ask.at(point), multiplier, grid);
    let pairs = [Point::Open, Point::High, Point::Low, Point::Close].map(pair);
    Bar { time: bar.time, bid: side_of(pairs.map(|(bid, _)| bid)), ask: side_of(pairs.map(|(_, ask)| ask)) }
}

/// C2: the columns of bid and ask with every spread multiplied.
pub(super) fn widened(bid: &SideColumns, ask: &SideColumns, multiplier: f64, grid: Grid) -> (SideColumns, SideColumns) {
    let rows = bid.open.len();
    let mut bids = [0; 4].map(|_| Vec::with_capacity(rows));
    let mut asks = [0; 4].map(|_| Vec::with_capacity(rows));
    let (bid, ask) = (bid.slices(), ask.slices());
    for row in 0..rows {
        let pairs = [0, 1, 2, 3].map(|point| widen(bid[point][row], ask[point][row], multiplier, grid));
        push_bar(&mut bids, pairs.map(|(bid, _)| bid));
        push_bar(&mut asks, pairs.map(|(_, ask)| ask));
    }
    (SideColumns::from_columns(bids), SideColumns::from_columns(asks))
}

fn side_of(prices: [f64; 4]) -> Ohlc {
    let [open, high, low, close] = spanned(prices);
    Ohlc { open, high, low, close }
}

fn push_bar(columns: &mut [Vec<f64>; 4], prices: [f64; 4]) {
    for (column, price) in columns.iter_mut().zip(spanned(prices)) {
        column.push(price);
    }
}

/// C2: low and high become the extremes of the four prices.
fn spanned(prices: [f64; 4]) -> [f64; 4] {
    let [open, _, _, close] = prices;
    let high = prices.into_iter().fold(open, f64::max);
    let low = prices.into_iter().fold(open, f64::min);
    [open, high, low, close]
}
