//! Laws that every indicator keeps.

mod common;

use common::indicators::streamed;
use omegasim_core::indicators::definition::{Definition, Input};
use omegasim_core::indicators::registry::{definition, DEFINITIONS};
use omegasim_core::indicators::CHUNK;
use omegasim_core::time::{DAY, HOUR};
use proptest::prelude::*;
use std::ops::RangeInclusive;

const ROWS: usize = 160;

/// Parameters short enough for a value within `ROWS`.
fn parameters(name: &str) -> Vec<f64> {
    match name {
        "true_range" | "obv" => vec![],
        "vwap" | "pivots" => vec![22.0],
        "macd" => vec![3.0, 7.0, 4.0],
        "bollinger" | "supertrend" => vec![5.0, 2.0],
        "keltner" => vec![6.0, 1.5, 5.0],
        "stochastic" => vec![6.0, 3.0, 2.0],
        "kalman_mean" | "kalman_zscore" => vec![0.01, 1.0],
        "garch" => vec![0.0, 0.1, 0.8, 10.0],
        "garch_window" => vec![12.0, 0.0, 0.1, 0.8],
        "kalman_garch_zscore" => vec![0.01, 1.0, 0.0, 0.1, 0.8, 10.0],
        "volatility_clusters" => vec![5.0, 20.0, 4.0, 0.05],
        _ => vec![7.0],
    }
}

#[derive(Clone, Debug)]
struct Market {
    time: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    volume: Vec<f64>,
}

impl Market {
    fn columns(&self, definition: &Definition) -> Vec<&[f64]> {
        let column = |input: &Input| -> &[f64] {
            match input {
                Input::Time => &self.time,
                Input::High => &self.high,
                Input::Low => &self.low,
                Input::Price | Input::Close => &self.close,
                Input::Volume => &self.volume,
            }
        };
        definition.inputs.iter().map(column).collect()
    }
}

fn markets() -> impl Strategy<Value = Market> {
    markets_of(ROWS..=ROWS)
}

/// A random walk with steps of pips, standstills among them.
fn markets_of(rows: RangeInclusive<usize>) -> impl Strategy<Value = Market> {
    let row = (-20i32..=20, 0i32..=8, 0i32..=8, 0i32..1000, 0u8..4);
    prop::collection::vec(row, rows).prop_map(|rows| {
        let mut close = 1.1;
        let mut market = Market { time: vec![], high: vec![], low: vec![], close: vec![], volume: vec![] };
        for (index, (step, up, down, volume, still)) in rows.into_iter().enumerate() {
            close += if still == 0 { 0.0 } else { f64::from(step) * 1e-4 };
            market.time.push((index as i64 * 5 * HOUR) as f64);
            market.high.push(close + f64::from(up) * 1e-4);
            market.low.push(close - f64::from(down) * 1e-4);
            market.close.push(close);
            market.volume.push(f64::from(volume));
        }
        market
    })
}

/// The same with a few missing numbers.
fn markets_with_gaps() -> impl Strategy<Value = Market> {
    let gaps = prop::collection::vec((0..ROWS, 0usize..4, 0usize..3), 0..6);
    (markets(), gaps).prop_map(|(market, gaps)| without(market, &gaps))
}

/// Markets of more rows than are computed at once, with numbers missing near the borders of these.
fn long_markets_with_gaps() -> impl Strategy<Value = Market> {
    let row = prop_oneof![CHUNK - 9..CHUNK + 9, 2 * CHUNK - 9..2 * CHUNK + 9];
    let gaps = prop::collection::vec((row, 0usize..4, 0usize..3), 0..5);
    (markets_of(CHUNK - 1..=2 * CHUNK + 76), gaps).prop_map(|(market, gaps)| without(market, &gaps))
}

/// The market without the number of a row in a column, wherever there is such a row.
fn without(mut market: Market, gaps: &[(usize, usize, usize)]) -> Market {
    for &(row, column, what) in gaps {
        let missing = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY][what];
        let columns = [&mut market.high, &mut market.low, &mut market.close, &mut market.volume];
        if let Some(number) = columns.into_iter().nth(column).unwrap().get_mut(row) {
            *number = missing;
        }
    }
    market
}

fn whole(definition: &Definition, columns: &[&[f64]]) -> Vec<Vec<f64>> {
    definition.columns(&parameters(definition.name), columns).unwrap()
}

fn bits(columns: &[Vec<f64>]) -> Vec<Vec<u64>> {
    columns.iter().map(|column| column.iter().map(|value| value.to_bits()).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn streaming_equals_whole_columns_bit_for_bit(market in markets_with_gaps()) {
        for definition in DEFINITIONS {
            let columns = market.columns(definition);
            let (stream, whole) = (streamed(definition, &parameters(definition.name), &columns), whole(definition, &columns));
            prop_assert_eq!(bits(&stream), bits(&whole), "{}", definition.name);
        }
    }

    #[test]
    fn a_prefix_of_the_data_gives_a_prefix_of_the_result(market in markets_with_gaps(), cut in 0..ROWS) {
        for definition in DEFINITIONS {
            let columns = market.columns(definition);
            let short: Vec<&[f64]> = columns.iter().map(|column| &column[..cut]).collect();
            let mut all = whole(definition, &columns);
            all.iter_mut().for_each(|column| column.truncate(cut));
            prop_assert_eq!(bits(&whole(definition, &short)), bits(&all), "{}", definition.name);
        }
    }

    #[test]
    fn a_window_forgets_what_has_left_it(market in markets_with_gaps(), others in markets()) {
        // Names whose value depends on nothing but the last rows, and how many rows that is.
        let windows = [("sma", 7), ("wma", 7), ("roc", 8), ("momentum", 8), ("true_range", 2), ("bollinger", 5),
            ("donchian", 7), ("standard_deviation", 7), ("zscore", 7), ("stochastic", 9), ("cci", 7),
            ("williams_r", 7), ("mfi", 8), ("choppiness", 8)];
        for (name, reach) in windows {
            let definition = definition(name).unwrap();
            let mut mixed = market.clone();
            let half = ROWS / 2;
            mixed.high[half..].copy_from_slice(&others.high[half..]);
            mixed.low[half..].copy_from_slice(&others.low[half..]);
            mixed.close[half..].copy_from_slice(&others.close[half..]);
            mixed.volume[half..].copy_from_slice(&others.volume[half..]);
            let (mixed, others) = (whole(definition, &mixed.columns(definition)),
                whole(definition, &others.columns(definition)));
            for (mixed, others) in mixed.iter().zip(&others) {
                for row in half + reach - 1..ROWS {
                    let near = (mixed[row] - others[row]).abs() <= 1e-6 * others[row].abs().max(1e-3);
                    prop_assert!(near || (mixed[row].is_nan() && others[row].is_nan()),
                        "{name} row {row}: {} {}", mixed[row], others[row]);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn streaming_equals_whole_columns_where_numbers_are_missing_at_the_border_of_a_chunk(
        market in long_markets_with_gaps()
    ) {
        for definition in DEFINITIONS {
            let columns = market.columns(definition);
            for given in [parameters(definition.name), defaults(definition)] {
                let whole = definition.columns(&given, &columns).unwrap();
                let streamed = streamed(definition, &given, &columns);
                prop_assert_eq!(bits(&streamed), bits(&whole), "{} {:?}", definition.name, given);
            }
        }
    }

    #[test]
    fn a_prefix_across_chunks_gives_a_prefix_of_the_result(market in long_markets_with_gaps(), cut in 0.0..1.0) {
        let cut = (cut * market.close.len() as f64) as usize;
        for definition in DEFINITIONS {
            let columns = market.columns(definition);
            let short: Vec<&[f64]> = columns.iter().map(|column| &column[..cut]).collect();
            let mut all = whole(definition, &columns);
            all.iter_mut().for_each(|column| column.truncate(cut));
            prop_assert_eq!(bits(&whole(definition, &short)), bits(&all), "{}", definition.name);
        }
    }
}

/// Rows are computed in chunks of some hundreds; prices rise, stand still, and are missing across their borders.
#[test]
fn streaming_equals_whole_columns_over_many_chunks() {
    for missing in [None, Some([5, 511, 700]), Some([512, 1023, 1024])] {
        let mut market = lively(2_500);
        let still = market.close[1_500];
        for column in [&mut market.high, &mut market.low, &mut market.close] {
            column[1_500..1_560].fill(still);
            missing.iter().flatten().for_each(|&row| column[row] = f64::NAN);
        }
        for definition in DEFINITIONS {
            let columns = market.columns(definition);
            for given in [parameters(definition.name), defaults(definition)] {
                let whole = definition.columns(&given, &columns).unwrap();
                let streamed = streamed(definition, &given, &columns);
                assert_eq!(bits(&streamed), bits(&whole), "{} {given:?} {missing:?}", definition.name);
            }
        }
    }
}

/// Windows are joined from shorter ones, in more steps the longer they are.
#[test]
fn extremes_are_those_of_the_window_for_every_period() {
    let mut market = lively(1_000);
    (market.high[600], market.low[601]) = (f64::NAN, f64::INFINITY);
    for period in [1_usize, 2, 3, 4, 5, 6, 19, 20, 21, 99, 100, 101, 350] {
        let columns: [&[f64]; 2] = [&market.high, &market.low];
        let found = definition("donchian").unwrap().columns(&[period as f64], &columns).unwrap();
        for row in 0..1_000_usize {
            let window = (row + 1).saturating_sub(period)..=row;
            let full = row + 1 >= period;
            let [high, low] = columns.map(|column| &column[window.clone()]);
            let known = |column: &[f64]| full && column.iter().all(|value| value.is_finite());
            let highest = if known(high) { high.iter().copied().fold(f64::MIN, f64::max) } else { f64::NAN };
            let lowest = if known(low) { low.iter().copied().fold(f64::MAX, f64::min) } else { f64::NAN };
            let expected = [(highest + lowest) / 2.0, highest, lowest].map(f64::to_bits);
            let found = [0, 1, 2].map(|output: usize| found[output][row].to_bits());
            assert_eq!(found, expected, "period {period} row {row}");
        }
    }
}

#[test]
fn streaming_equals_whole_columns_for_every_period() {
    let mut market = lively(700);
    market.close[400] = f64::NAN;
    for name in ["sma", "wma", "standard_deviation", "zscore", "bollinger", "donchian", "williams_r", "ema", "atr"] {
        let definition = definition(name).unwrap();
        let columns = market.columns(definition);
        for period in [2.0, 3.0, 4.0, 5.0, 16.0, 20.0, 21.0, 64.0, 127.0, 128.0, 129.0, 300.0] {
            let whole = definition.columns(&[period], &columns).unwrap();
            let streamed = streamed(definition, &[period], &columns);
            assert_eq!(bits(&streamed), bits(&whole), "{name} {period}");
        }
    }
}

fn defaults(definition: &Definition) -> Vec<f64> {
    definition.parameters.iter().map(|parameter| parameter.default.unwrap_or(1e-3)).collect()
}

/// A market that never stands still, so that every value exists once the warm-up is over.
fn lively(rows: usize) -> Market {
    let wave = |row: usize| 1.1 + 0.01 * f64::from((row * 37 % 23) as u32) / 23.0 + 0.0001 * row as f64;
    let close: Vec<f64> = (0..rows).map(wave).collect();
    Market {
        time: (0..rows).map(|row| (row as i64 * HOUR) as f64).collect(),
        high: close.iter().map(|price| price + 0.001).collect(),
        low: close.iter().map(|price| price - 0.001).collect(),
        volume: (0..rows).map(|row| 10.0 + (row % 7) as f64).collect(),
        close,
    }
}

#[test]
fn a_missing_row_is_nan_and_does_not_poison_the_rest() {
    for definition in DEFINITIONS {
        let mut market = lively(ROWS);
        (market.high[80], market.low[80], market.close[80]) = (f64::NAN, f64::NAN, f64::NAN);
        for (output, column) in definition.outputs.iter().zip(whole(definition, &market.columns(definition))) {
            assert!(column[79].is_finite(), "{} {output}: no value before the gap", definition.name);
            assert!(column[80].is_nan(), "{} {output}: a value out of nothing", definition.name);
            assert!(column[ROWS - 1].is_finite(), "{} {output}: poisoned", definition.name);
        }
    }
}

#[test]
fn warm_up_is_nan_once_and_then_over() {
    let market = lively(ROWS);
    for definition in DEFINITIONS {
        for column in whole(definition, &market.columns(definition)) {
            let first = column.iter().position(|value| !value.is_nan()).unwrap();
            assert!(column[first..].iter().all(|value| value.is_finite()), "{}", definition.name);
        }
    }
}

#[test]
fn columns_without_rows_give_columns_without_rows() {
    for definition in DEFINITIONS {
        let columns = vec![&[][..]; definition.inputs.len()];
        assert!(whole(definition, &columns).iter().all(Vec::is_empty), "{}", definition.name);
    }
}

#[test]
fn prices_that_stand_still_have_no_spread_and_no_score() {
    let mut prices = vec![1.3, 1.2, 1.7, 1.1];
    prices.extend([1.123_45; 30]);
    let deviation = definition("standard_deviation").unwrap().columns(&[7.0], &[&prices]).unwrap();
    let score = definition("zscore").unwrap().columns(&[7.0], &[&prices]).unwrap();
    assert_eq!(deviation[0][10..], [0.0; 24]);
    assert!(score[0][10..].iter().all(|value| value.is_nan()));
}

#[test]
fn the_spread_of_a_few_pips_survives_a_large_price() {
    let prices: Vec<f64> = (0..5_000).map(|row| 100_000.0 + f64::from(row % 2) * 1e-3).collect();
    let deviation = definition("standard_deviation").unwrap().columns(&[10.0], &[&prices]).unwrap();
    // What the input's own rounding leaves of 1e-3 at 1e5.
    assert!((deviation[0][4_999] / 5e-4 - 1.0).abs() < 1e-7);
}

#[test]
fn parameters_out_of_bounds_are_named() {
    let message = |name: &str, parameters: &[f64]| {
        definition(name).and_then(|definition| definition.start(parameters).map(|_| ())).unwrap_err().to_string()
    };
    assert_eq!(message("sma", &[0.0]), "sma: period: expected a whole number from 1 to 10000000, found 0");
    assert_eq!(message("sma", &[2.5]), "sma: period: expected a whole number from 1 to 10000000, found 2.5");
    assert_eq!(message("sma", &[2.0, 3.0]), "sma: takes 1 parameters, found 2");
    assert_eq!(message("kalman_mean", &[1.0]), "kalman_mean: parameter observation is missing");
    assert_eq!(message("macd", &[26.0, 12.0]), "macd: fast must be below slow, found 26 and 12");
    assert_eq!(message("garch", &[0.0, 0.2, 0.8]), "garch: alpha + beta must be below 1, found 0.2 + 0.8");
    assert!(message("sm", &[]).starts_with("indicator: unknown name \"sm\"; expected one of sma, ema"));
}

#[test]
fn a_session_begins_at_its_hour() {
    let rows = 48;
    let time: Vec<f64> = (0..rows).map(|hour| (100 * DAY + hour * HOUR) as f64).collect();
    let price: Vec<f64> = (0..rows).map(|hour| 1.0 + hour as f64).collect();
    let columns = [&time[..], &price, &price, &price];
    let pivots = definition("pivots").unwrap().columns(&[22.0], &columns).unwrap();
    assert!(pivots[0][21].is_nan());
    assert_eq!(pivots[0][22], (22.0 + 1.0 + 22.0) / 3.0);
    assert_eq!(pivots[0][46], (46.0 + 23.0 + 46.0) / 3.0);
}
