//! Whole columns are computed many rows at a time: to the bit what comes of one row after the other.

mod common;

use common::indicators::streamed;
use omegasim_core::indicators::registry::definition;

/// What is missing, and where.
type Gap = (usize, f64);

/// Prices that never repeat.
fn prices(rows: usize) -> Vec<f64> {
    (0..rows).map(|row| 1.1 + 1e-5 * (row * 7_919 % 1_009) as f64 + 1e-7 * row as f64).collect()
}

fn with_gaps(mut column: Vec<f64>, gaps: &[Gap]) -> Vec<f64> {
    for &(row, missing) in gaps {
        if let Some(place) = column.get_mut(row) {
            *place = missing;
        }
    }
    column
}

/// Puts down values in memory that begins some numbers after the beginning of a line of the cache.
fn whole(name: &str, parameters: &[f64], columns: &[&[f64]], shift: usize) -> Vec<Vec<f64>> {
    let definition = definition(name).unwrap();
    let rows = columns[0].len();
    let mut memory = vec![vec![0.0; rows + 16]; definition.outputs.len()];
    let mut places: Vec<&mut [f64]> = Vec::new();
    for memory in &mut memory {
        let start = memory.as_ptr().align_offset(64) + shift;
        places.push(&mut memory[start..start + rows]);
    }
    definition.fill(parameters, columns, &mut places).unwrap();
    places.into_iter().map(|place| place.to_vec()).collect()
}

#[track_caller]
fn assert_same(name: &str, parameters: &[f64], columns: &[&[f64]], shift: usize) {
    let streamed = streamed(definition(name).unwrap(), parameters, columns);
    let whole = whole(name, parameters, columns, shift);
    for (streamed, whole) in streamed.iter().zip(&whole) {
        let differs = (0..whole.len()).find(|&row| streamed[row].to_bits() != whole[row].to_bits());
        assert_eq!(differs, None, "{name} {parameters:?}, {} rows, shift {shift}", whole.len());
    }
}

/// Windows are computed four blocks side by side, and several one after the other where they are short.
#[test]
fn windows_of_every_length_are_the_same_around_their_blocks() {
    let windows = [("sma", 1), ("wma", 1), ("standard_deviation", 2), ("zscore", 2), ("bollinger", 2)];
    for (name, least) in windows {
        for period in (least..=64).chain([511, 512, 513]) {
            let blocks = blocks(period);
            for rows in [blocks - 1, blocks, blocks + period - 1, blocks + period, 2 * blocks + period, 3 * blocks + 1]
            {
                assert_same(name, &[period as f64], &[&prices(rows)], period % 8);
            }
            let rows = 3 * blocks + 2 * period;
            for border in [period, period + blocks / 4, period + blocks, period + blocks + blocks / 2] {
                for row in [border - 1, border, border + 1] {
                    for missing in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                        assert_same(name, &[period as f64], &[&with_gaps(prices(rows), &[(row, missing)])], 2);
                    }
                }
            }
        }
    }
}

/// Rows of four blocks side by side.
fn blocks(period: usize) -> usize {
    4 * period * (64 / period).max(1)
}

/// Where the market stands still there is no spread, wherever in a block that begins and ends.
#[test]
fn no_spread_is_left_of_prices_that_stand_still() {
    for period in [2, 5, 20, 64, 100] {
        for start in (0..=2 * period).chain(blocks(period) - 2..blocks(period) + 2 * period) {
            let mut prices = prices(2 * blocks(period) + 3 * period);
            let end = start + period + period / 2;
            prices[start..end].fill(1.3);
            assert_same("standard_deviation", &[period as f64], &[&prices], start % 8);
            assert_same("zscore", &[period as f64], &[&prices], start % 8);
            let deviations = whole("standard_deviation", &[period as f64], &[&prices], 0).remove(0);
            assert!(deviations[start + period - 1..end].iter().all(|&deviation| deviation == 0.0), "{period}, {start}");
        }
    }
}

/// A small spread far from where a block began is one, although rounding could have left as much.
#[test]
fn a_small_spread_after_a_leap_is_kept() {
    for period in [8, 20, 50] {
        for outlier in 0..period {
            let leap = period * (128 / period);
            for leap in [leap, leap + blocks(period)] {
                let mut prices = prices(leap + blocks(period));
                prices[leap - 1] = 1.0;
                prices[leap..].fill(2.0);
                prices[leap + outlier] = 2.00001;
                assert_same("standard_deviation", &[period as f64], &[&prices], outlier % 8);
                let deviations = whole("standard_deviation", &[period as f64], &[&prices], 0).remove(0);
                assert!(deviations[leap + period - 1] > 1e-6, "{period}, {outlier}");
            }
        }
    }
}

/// Recursions are computed in blocks of eight, and several of these at a time.
#[test]
fn recursions_are_the_same_wherever_a_number_is_missing() {
    let smoothings: [(&str, &[f64]); 8] = [
        ("ema", &[1.0]),
        ("ema", &[5.0]),
        ("ema", &[300.0]),
        ("dema", &[4.0]),
        ("tema", &[3.0]),
        ("macd", &[3.0, 7.0, 4.0]),
        ("macd", &[12.0, 26.0, 9.0]),
        ("rsi", &[6.0]),
    ];
    for (name, parameters) in smoothings {
        for rows in (0..=290).chain([511, 512, 513, 700]) {
            assert_same(name, parameters, &[&prices(rows)], rows % 8);
        }
        for row in (0..24).chain(110..150).chain(250..270) {
            for missing in [f64::NAN, f64::INFINITY] {
                assert_same(name, parameters, &[&with_gaps(prices(400), &[(row, missing), (row + 9, missing)])], 2);
            }
        }
    }
}

#[test]
fn recursions_over_bars_are_the_same_wherever_a_number_is_missing() {
    for name in ["atr", "adx", "dmi"] {
        for row in (0..24).chain(110..150).chain(250..270) {
            for (column, missing) in [(0, f64::NAN), (1, f64::NEG_INFINITY), (2, f64::INFINITY), (2, f64::NAN)] {
                let mut columns = bars(400);
                columns[column][row] = missing;
                let [high, low, close] = &columns;
                assert_same(name, &[5.0], &[high, low, close], row % 8);
            }
        }
    }
}

/// Average true ranges are computed in passes of 512 bars, which begin where a line of the cache does.
#[test]
fn average_true_ranges_are_the_same_around_their_passes() {
    for rows in (0..40).chain(505..545).chain([1_031, 1_032, 1_033, 1_300]) {
        for shift in 0..8 {
            let [high, low, close] = bars(rows);
            for period in [1.0, 3.0, 14.0] {
                assert_same("atr", &[period], &[&high, &low, &close], shift);
            }
            assert_same("atr", &[600.0], &[&high, &low, &close], shift);
        }
    }
    for row in (0..24).chain(504..536).chain(1_016..1_048) {
        for (column, missing) in [(0, f64::NAN), (1, f64::NEG_INFINITY), (2, f64::INFINITY), (2, f64::NAN)] {
            let mut columns = bars(1_300);
            columns[column][row] = missing;
            columns[column][row + 100] = missing;
            let [high, low, close] = &columns;
            assert_same("atr", &[14.0], &[high, low, close], row % 8);
        }
    }
}

/// Bars that make no sense are computed as they are given.
#[test]
fn average_true_ranges_of_any_bars_are_the_same() {
    let [high, low, close] = bars(1_300);
    let zeros = vec![0.0; 1_300];
    let negative: Vec<f64> = close.iter().map(|price| -price).collect();
    let huge: Vec<f64> = close.iter().map(|price| price * 1e308).collect();
    for columns in
        [[&low, &high, &close], [&zeros, &zeros, &zeros], [&negative, &low, &zeros], [&huge, &negative, &huge]]
    {
        assert_same("atr", &[14.0], &columns.map(Vec::as_slice), 3);
    }
}

fn bars(rows: usize) -> [Vec<f64>; 3] {
    let close = prices(rows);
    let high = close.iter().enumerate().map(|(row, price)| price + 1e-4 * (row % 7) as f64).collect();
    let low = close.iter().enumerate().map(|(row, price)| price - 1e-4 * (row % 5) as f64).collect();
    [high, low, close]
}

/// What is one pass is computed in pieces of two halves by turns.
#[test]
fn single_passes_are_the_same_wherever_their_places_begin() {
    for rows in (0..150).chain([255, 256, 257, 1_000]) {
        for shift in 0..8 {
            let [high, low, close] = bars(rows);
            assert_same("true_range", &[], &[&high, &low, &close], shift);
            for (name, period) in [("momentum", 1.0), ("momentum", 10.0), ("roc", 3.0), ("roc", 200.0)] {
                assert_same(name, &[period], &[&close], shift);
            }
        }
    }
}

#[test]
fn single_passes_are_the_same_wherever_a_number_is_missing() {
    for row in 0..300 {
        for (column, missing) in [(0, f64::NEG_INFINITY), (1, f64::INFINITY), (2, f64::NAN), (2, f64::INFINITY)] {
            let mut columns = bars(300);
            columns[column][row] = missing;
            let [high, low, close] = &columns;
            assert_same("true_range", &[], &[high, low, close], row % 8);
            assert_same("momentum", &[10.0], &[&columns[column]], row % 8);
            assert_same("roc", &[7.0], &[&columns[column]], row % 8);
        }
    }
}

/// Where columns are longer than a cache, values go past it.
#[test]
fn single_passes_over_more_than_a_cache_holds_are_the_same() {
    let rows = 1_600_000;
    let mut columns = bars(rows);
    columns[2][rows / 2] = f64::NAN;
    let [high, low, close] = &columns;
    for shift in [0, 2, 5] {
        assert_same("true_range", &[], &[high, low, close], shift);
        assert_same("momentum", &[10.0], &[close], shift);
    }
}
