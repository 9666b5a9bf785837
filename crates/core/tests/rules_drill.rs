//! Rule I5: bars replayed on finer data.

mod common;

use common::*;
use omegasim_core::engine::batch::SymbolMarket;
use omegasim_core::engine::result::RunResult;
use omegasim_core::execution::rules::Intrabar::Drill;
use omegasim_core::execution::signal::Signal;
use omegasim_core::market::series::Series;
use omegasim_core::time::{MINUTE, SECOND};

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];
/// Touches 1.105 and 1.095 both.
const BOTH: Prices = [1.1, 1.106, 1.094, 1.1];

/// Bars of fifteen seconds from the open of a minute bar.
fn quarters(bar: i64, bids: &[Prices]) -> Series {
    let times = (0..bids.len() as i64).map(|quarter| at(bar) + quarter * 15 * SECOND).collect();
    let both: Vec<_> = bids.iter().map(|bid| (*bid, bid.map(|price| on_grid(price + SPREAD)))).collect();
    timed("EURUSD", times, &both, 15 * SECOND).unwrap()
}

fn drill(coarse: Series, finer: Series, signals: &[Signal]) -> RunResult {
    run_market(&intrabar(Drill), vec![drilled(coarse, finer)], signals)
}

fn bracket() -> Signal {
    long(at(0)).stop_loss(1.095).take_profit(1.105)
}

#[test]
fn i5_the_finer_bars_decide_which_exit_came_first() {
    let finer = quarters(2, &[[1.1, 1.106, 1.1, 1.1], [1.1, 1.1, 1.094, 1.1], QUIET, QUIET]);
    let result = drill(eurusd(&[QUIET, QUIET, BOTH]), finer, &[bracket()]);
    assert_eq!(exits(&result), [("take_profit", 1.105)]);
    assert!(!only(&result).ambiguous);
    assert_eq!(result.drilled, 1);
}

#[test]
fn i5_what_happens_has_the_time_of_the_finer_step() {
    let finer = quarters(2, &[QUIET, QUIET, [1.1, 1.1, 1.094, 1.1], [1.1, 1.106, 1.1, 1.1]]);
    let result = drill(eurusd(&[QUIET, QUIET, BOTH]), finer, &[bracket()]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("stop_loss", 1.095)], at(2) + 30 * SECOND));
}

#[test]
fn i5_the_finest_level_falls_back_to_worst() {
    let finer = quarters(2, &[QUIET, BOTH, QUIET, QUIET]);
    let result = drill(eurusd(&[QUIET, QUIET, BOTH]), finer, &[bracket()]);
    assert_eq!(exits(&result), [("stop_loss", 1.095)]);
    assert!(only(&result).ambiguous);
}

#[test]
fn i5_a_tick_fills_at_its_own_quote() {
    let rows = [(120, 1.1), (130, 1.1056), (150, 1.094), (179, 1.1)];
    let finer = ticks("EURUSD", &rows.map(|(time, bid)| (second(time), bid, on_grid(bid + SPREAD))));
    let result = drill(eurusd(&[QUIET, QUIET, BOTH]), finer, &[bracket()]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("take_profit", 1.1056)], second(130)));
}

#[test]
fn i5_a_touch_that_only_the_coarse_bar_shows_is_none() {
    let finer = quarters(2, &[[1.1, 1.104, 1.096, 1.1], QUIET, QUIET, QUIET]);
    let result = drill(eurusd(&[QUIET, QUIET, BOTH, QUIET]), finer, &[bracket()]);
    assert_eq!(exits(&result), [("end_of_data", 1.1)]);
}

#[test]
fn i5_a_bar_in_which_nothing_is_touched_is_not_drilled() {
    let finer = quarters(2, &[BOTH, QUIET, QUIET, QUIET]);
    let result = drill(eurusd(&[QUIET, QUIET, [1.1, 1.104, 1.096, 1.1], QUIET]), finer, &[bracket()]);
    assert_eq!((exits(&result), result.drilled), (vec![("end_of_data", 1.1)], 0));
}

#[test]
fn i5_missing_finer_data_are_counted_and_the_bar_is_run_as_worst() {
    let finer = quarters(3, &[QUIET; 4]);
    let result = drill(eurusd(&[QUIET, QUIET, BOTH, QUIET]), finer, &[bracket()]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("stop_loss", 1.095)], at(2)));
    // Bar 1, in which the signal was due, and bar 2.
    assert_eq!((result.drilled, result.undrilled), (0, 2));
}

#[test]
fn i5_due_signals_act_at_the_first_step() {
    let late = quarters(1, &[flat(1.1003), flat(1.1009), QUIET, QUIET]);
    let result = drill(eurusd(&[QUIET, QUIET, QUIET]), late, &[long(at(0))]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (at(1), 1.1005));
}

#[test]
fn i5_an_order_expires_inside_the_bar() {
    let finer = quarters(2, &[QUIET, QUIET, [1.1, 1.1, 1.094, 1.1], QUIET]);
    let signals = [buy_limit(at(0), 1.0952).expires(at(2) + 20 * SECOND)];
    let result = drill(eurusd(&[QUIET, QUIET, BOTH, QUIET]), finer, &signals);
    let expired = events(&result, "expired");
    assert_eq!((expired.len(), expired[0].time), (1, at(2) + 30 * SECOND));
    assert!(result.trades.is_empty());
}

#[test]
fn i5_a_position_times_out_inside_the_bar() {
    let finer = quarters(2, &[QUIET, QUIET, flat(1.1007), QUIET]);
    let signals = [long(at(0)).max_holding(MINUTE + 20 * SECOND)];
    let result = drill(eurusd(&[QUIET, QUIET, [1.1, 1.101, 1.1, 1.1], QUIET]), finer, &signals);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("timeout", 1.1007)], at(2) + 30 * SECOND));
}

#[test]
fn i5_a_managed_position_trails_at_each_finer_step() {
    let finer = quarters(2, &[[1.1, 1.106, 1.1, 1.106], [1.106, 1.106, 1.103, 1.103], QUIET, QUIET]);
    let signals = [long(at(0)).trail(20.0)];
    let result = drill(eurusd(&[QUIET, QUIET, [1.1, 1.106, 1.1, 1.1], QUIET]), finer, &signals);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("trailing_stop", 1.104)], at(2) + 15 * SECOND));
}

#[test]
fn i5_equity_keeps_its_row_a_bar() {
    let finer = quarters(2, &[[1.1, 1.106, 1.1, 1.1], [1.1, 1.1, 1.094, 1.1], QUIET, QUIET]);
    let result = drill(eurusd(&[QUIET, QUIET, BOTH, QUIET]), finer, &[bracket()]);
    assert_eq!(*result.equity.time, [at(0), at(1), at(2), at(3)]);
    assert_near(result.equity.equity[2], 1_000_480.0);
}

#[test]
fn t2_a_bar_covers_its_open_but_not_its_end() {
    // The tick at the end of bar 2 belongs to bar 3, which touches nothing.
    let rows = [(120, 1.1), (180, 1.106)];
    let finer = ticks("EURUSD", &rows.map(|(time, bid)| (second(time), bid, on_grid(bid + SPREAD))));
    let result = drill(eurusd(&[QUIET, QUIET, BOTH, QUIET]), finer, &[bracket()]);
    assert_eq!(exits(&result), [("end_of_data", 1.1)]);
}

#[test]
fn i5_drills_through_two_levels() {
    let middle = quarters(2, &[QUIET, BOTH, QUIET, QUIET]);
    let rows = [(135, 1.1), (140, 1.106), (145, 1.094)];
    let finest = ticks("EURUSD", &rows.map(|(time, bid)| (second(time), bid, on_grid(bid + SPREAD))));
    let coarse = eurusd(&[QUIET, QUIET, BOTH]);
    let symbol = SymbolMarket { symbol: "EURUSD".into(), series: coarse, finer: vec![middle, finest] };
    let result = run_market(&intrabar(Drill), vec![symbol], &[bracket()]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("take_profit", 1.106)], second(140)));
}
