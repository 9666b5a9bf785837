//! Rules I1 to I3: the inside of a bar that only shows its four prices.

mod common;

use common::*;
use omegasim_core::execution::rules::Intrabar::Best;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];
/// Touches 1.105 and 1.095 both, and closes between them.
const BOTH: Prices = [1.1, 1.106, 1.094, 1.1];

#[test]
fn i1_the_stop_loss_comes_first_where_both_are_touched() {
    let series = eurusd(&[QUIET, QUIET, BOTH]);
    let result = run(&config(), series, &[long(at(0)).stop_loss(1.095).take_profit(1.105)]);
    assert_eq!(exits(&result), [("stop_loss", 1.095)]);
    assert!(only(&result).ambiguous);
}

#[test]
fn i1_the_stop_loss_of_a_short_comes_first_too() {
    let series = eurusd(&[QUIET, QUIET, BOTH]);
    let result = run(&config(), series, &[short(at(0)).stop_loss(1.105).take_profit(1.095)]);
    assert_eq!(exits(&result), [("stop_loss", 1.105)]);
    assert!(only(&result).ambiguous);
}

#[test]
fn i1_a_position_filled_at_the_open_is_treated_like_one_that_stood() {
    let result = run(&config(), eurusd(&[QUIET, BOTH]), &[long(at(0)).stop_loss(1.095).take_profit(1.105)]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("stop_loss", 1.095)], at(1)));
    assert!(only(&result).ambiguous);
}

#[test]
fn i1_one_exit_touched_leaves_nothing_open() {
    let rise = [1.1, 1.106, 1.0951, 1.1];
    let result = run(&config(), eurusd(&[QUIET, QUIET, rise]), &[long(at(0)).stop_loss(1.095).take_profit(1.105)]);
    assert_eq!(exits(&result), [("take_profit", 1.105)]);
    assert!(!only(&result).ambiguous);
}

#[test]
fn i2_a_stop_loss_touched_in_the_bar_of_a_stop_entry_counts_and_is_ambiguous() {
    let bar = [1.1, 1.106, 1.099, 1.1055];
    let result = run(&config(), eurusd(&[QUIET, QUIET, bar]), &[buy_stop(at(0), 1.105).stop_loss(1.0995)]);
    assert_eq!(exits(&result), [("stop_loss", 1.0995)]);
    assert!(only(&result).ambiguous);
}

#[test]
fn i2_a_bar_that_closes_beyond_the_stop_loss_leaves_no_doubt() {
    let bar = [1.1, 1.106, 1.099, 1.0995];
    let result = run(&config(), eurusd(&[QUIET, QUIET, bar]), &[buy_stop(at(0), 1.105).stop_loss(1.0995)]);
    assert_eq!(exits(&result), [("stop_loss", 1.0995)]);
    assert!(!only(&result).ambiguous);
}

#[test]
fn i2_after_a_stop_entry_the_take_profit_counts_when_touched() {
    let bar = [1.1, 1.111, 1.0995, 1.106];
    let result = run(&config(), eurusd(&[QUIET, QUIET, bar]), &[buy_stop(at(0), 1.105).take_profit(1.11)]);
    assert_eq!(exits(&result), [("take_profit", 1.11)]);
    assert!(!only(&result).ambiguous);
}

#[test]
fn i2_after_a_limit_entry_the_take_profit_counts_when_the_bar_closes_beyond_it() {
    let bar = [1.1, 1.1062, 1.094, 1.1052];
    let result = run(&config(), eurusd(&[QUIET, QUIET, bar]), &[buy_limit(at(0), 1.095).take_profit(1.105)]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("take_profit", 1.105)], at(2)));
    assert!(!only(&result).ambiguous);
}

#[test]
fn i2_a_close_just_at_the_take_profit_is_beyond_it() {
    let bar = [1.1, 1.1062, 1.094, 1.105];
    let result = run(&config(), eurusd(&[QUIET, QUIET, bar]), &[buy_limit(at(0), 1.095).take_profit(1.105)]);
    assert_eq!(exits(&result), [("take_profit", 1.105)]);
}

#[test]
fn i2_after_a_limit_entry_a_take_profit_merely_touched_leaves_the_position_open_and_ambiguous() {
    let bar = [1.1, 1.1062, 1.094, 1.1];
    let result = run(&config(), eurusd(&[QUIET, QUIET, bar, flat(1.1)]), &[buy_limit(at(0), 1.095).take_profit(1.105)]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("end_of_data", 1.1)], at(3)));
    assert!(only(&result).ambiguous);
}

#[test]
fn i2_after_a_limit_entry_the_stop_loss_counts_when_touched_without_doubt() {
    let bar = [1.1, 1.1, 1.0925, 1.096];
    let result = run(&config(), eurusd(&[QUIET, QUIET, bar]), &[buy_limit(at(0), 1.095).stop_loss(1.093)]);
    assert_eq!(exits(&result), [("stop_loss", 1.093)]);
    assert!(!only(&result).ambiguous);
}

#[test]
fn i2_mirrored_for_a_sell_limit() {
    // The ask closes at 1.0952, above the take profit.
    let bar = [1.1, 1.106, 1.094, 1.095];
    let result =
        run(&config(), eurusd(&[QUIET, QUIET, bar, flat(1.1)]), &[sell_limit(at(0), 1.105).take_profit(1.0945)]);
    assert_eq!(exits(&result), [("end_of_data", 1.1002)]);
    assert!(only(&result).ambiguous);
}

#[test]
fn i2_an_oco_sibling_touched_in_the_same_bar_is_ambiguous() {
    let signals = [buy_stop(at(0), 1.105).oco(1), sell_stop(at(0), 1.095).oco(1)];
    let result = run(&config(), eurusd(&[QUIET, QUIET, BOTH]), &signals);
    assert_eq!(only(&result).ticket, 1);
    assert!(only(&result).ambiguous);
}

#[test]
fn i2_an_oco_sibling_that_is_not_touched_leaves_no_doubt() {
    let rise = [1.1, 1.106, 1.099, 1.1];
    let signals = [buy_stop(at(0), 1.105).oco(1), sell_stop(at(0), 1.095).oco(1)];
    let result = run(&config(), eurusd(&[QUIET, QUIET, rise]), &signals);
    assert!(!only(&result).ambiguous);
}

#[test]
fn i3_the_take_profit_comes_first_where_both_are_touched() {
    let series = eurusd(&[QUIET, QUIET, BOTH]);
    let result = run(&intrabar(Best), series, &[long(at(0)).stop_loss(1.095).take_profit(1.105)]);
    assert_eq!(exits(&result), [("take_profit", 1.105)]);
    assert!(only(&result).ambiguous);
}

#[test]
fn i3_after_a_limit_entry_the_take_profit_counts_when_touched() {
    let bar = [1.1, 1.1062, 1.094, 1.1];
    let result = run(&intrabar(Best), eurusd(&[QUIET, QUIET, bar]), &[buy_limit(at(0), 1.095).take_profit(1.105)]);
    assert_eq!(exits(&result), [("take_profit", 1.105)]);
    assert!(only(&result).ambiguous);
}

#[test]
fn i3_after_a_stop_entry_the_stop_loss_counts_only_when_the_bar_closes_beyond_it() {
    let signal = || buy_stop(at(0), 1.105).stop_loss(1.0995);
    let above = [1.1, 1.106, 1.099, 1.1055];
    let result = run(&intrabar(Best), eurusd(&[QUIET, QUIET, above, flat(1.1055)]), &[signal()]);
    assert_eq!(exits(&result), [("end_of_data", 1.1055)]);
    assert!(only(&result).ambiguous);
    let beyond = [1.1, 1.106, 1.099, 1.0995];
    let result = run(&intrabar(Best), eurusd(&[QUIET, QUIET, beyond]), &[signal()]);
    assert_eq!(exits(&result), [("stop_loss", 1.0995)]);
}

#[test]
fn i3_gaps_leave_no_choice() {
    let signal = long(at(0)).stop_loss(1.095).take_profit(1.105);
    let result = run(&intrabar(Best), eurusd(&[QUIET, QUIET, [1.09, 1.11, 1.09, 1.11]]), &[signal]);
    assert_eq!(exits(&result), [("stop_loss", 1.09)]);
}
