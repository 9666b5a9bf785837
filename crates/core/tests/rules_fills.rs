//! Rules G4 to G8: stop-limits, buffers, ticks, and exits in the bar of the fill.

mod common;

use common::*;
use omegasim_core::execution::rules::{GapFill, Intrabar, StopTrigger};

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];

#[test]
fn g4_a_stop_limit_is_a_limit_from_the_bar_after_its_trigger() {
    let rise = [1.1, 1.106, 1.1, 1.1055];
    let fall = [1.1055, 1.1055, 1.1035, 1.104];
    let result = run(&config(), eurusd(&[QUIET, QUIET, rise, fall]), &[buy_stop_limit(at(0), 1.105, 1.104)]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (at(3), 1.104));
    assert_eq!(only(&result).order_type.name(), "stop_limit");
}

#[test]
fn g4_under_worst_the_bar_of_the_trigger_cannot_fill_the_limit() {
    let both = [1.1, 1.106, 1.1, 1.1055];
    let result = run(&config(), eurusd(&[QUIET, QUIET, both, flat(1.1055)]), &[buy_stop_limit(at(0), 1.105, 1.104)]);
    assert!(result.trades.is_empty());
    assert_eq!(events(&result, "triggered").len(), 1);
}

#[test]
fn g4_a_limit_touched_at_the_next_open_fills_at_that_open() {
    let rise = [1.1, 1.106, 1.1, 1.1055];
    let result = run(&config(), eurusd(&[QUIET, QUIET, rise, flat(1.103)]), &[buy_stop_limit(at(0), 1.105, 1.104)]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (at(3), 1.1032));
}

#[test]
fn g4_on_a_path_the_limit_is_met_in_the_same_bar() {
    let bar = [1.1, 1.106, 1.1, 1.101];
    let series = eurusd(&[QUIET, QUIET, bar, flat(1.101)]);
    let result = run(&intrabar(Intrabar::Ohlc), series, &[buy_stop_limit(at(0), 1.105, 1.104)]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (at(2), 1.104));
}

#[test]
fn g4_on_a_path_a_limit_already_passed_fills_where_the_stop_would_have() {
    // Touched by the bid at 1.1050; the ask is 1.1052 then, below the limit.
    let rise = [1.1, 1.11, 1.1, 1.11];
    let series = eurusd(&[QUIET, QUIET, rise, flat(1.11)]);
    let result = run(&intrabar(Intrabar::Ohlc), series, &[buy_stop_limit(at(0), 1.105, 1.106)]);
    assert_eq!(only(&result).entry_price, 1.1052);
}

#[test]
fn g4_the_fill_at_the_trigger_is_never_worse_than_the_limit() {
    // Half way up the ask is 1.1056; the stop would pay ten pips of spread at the high, 1.1060.
    let rise = ([1.1, 1.11, 1.1, 1.11], [1.1002, 1.111, 1.1002, 1.111]);
    let still = (QUIET, flat(1.1002));
    let series = two_sided("EURUSD", &[still, still, rise]);
    let result = run(&intrabar(Intrabar::Ohlc), series, &[buy_stop_limit(at(0), 1.105, 1.1058)]);
    assert_eq!(only(&result).entry_price, 1.1058);
}

#[test]
fn g4_on_ticks_a_limit_already_passed_fills_at_the_ticks_ask() {
    let quotes = ticks("EURUSD", &[(second(0), 1.1, 1.1002), (second(1), 1.1, 1.1002), (second(2), 1.105, 1.1052)]);
    let result = run(&on_ticks(), quotes, &[buy_stop_limit(second(0), 1.105, 1.106)]);
    assert_eq!(only(&result).entry_price, 1.1052);
}

#[test]
fn g4_on_ticks_the_limit_rests_until_it_is_met() {
    let rows = [(0, 1.1, 1.1002), (1, 1.1, 1.1002), (2, 1.105, 1.1052), (3, 1.104, 1.1042), (4, 1.1036, 1.1038)];
    let quotes = ticks("EURUSD", &rows.map(|(time, bid, ask)| (second(time), bid, ask)));
    let result = run(&on_ticks(), quotes, &[buy_stop_limit(second(0), 1.105, 1.104)]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (second(4), 1.1038));
}

#[test]
fn g4_invalid_stops_are_measured_from_the_limit_price() {
    let signal = buy_stop_limit(at(0), 1.105, 1.104).stop_loss(1.1045);
    let result = run(&config(), eurusd(&[QUIET; 3]), &[signal]);
    assert_eq!(rejections(&result), ["invalid_stops"]);
}

#[test]
fn g5_a_touch_by_the_buffer_alone_fills_at_the_level() {
    let config = config_with(|config| config.rules.pip_buffer_factor = 0.5);
    // The low is half a pip above the stop loss, which is just the buffer.
    let near = [1.1, 1.1, 1.09505, 1.096];
    let result = run(&config, eurusd(&[QUIET, QUIET, near, flat(1.096)]), &[long(at(0)).stop_loss(1.095)]);
    assert_eq!(exits(&result), [("stop_loss", 1.095)]);
    assert_eq!(only(&result).exit_time, at(2));
}

#[test]
fn g5_the_buffer_brings_the_take_profit_nearer_too() {
    let config = config_with(|config| config.rules.pip_buffer_factor = 0.5);
    let near = [1.1, 1.10495, 1.1, 1.104];
    let result = run(&config, eurusd(&[QUIET, QUIET, near, flat(1.104)]), &[long(at(0)).take_profit(1.105)]);
    assert_eq!(exits(&result), [("take_profit", 1.105)]);
}

#[test]
fn g5_the_buffer_ends_where_it_ends_and_does_not_widen_entries() {
    let config = config_with(|config| config.rules.pip_buffer_factor = 0.5);
    let near = [1.1, 1.1, 1.09506, 1.096];
    let signals = [long(at(0)).stop_loss(1.095), buy_limit(at(0), 1.09525)];
    let result = run(&config, eurusd(&[QUIET, QUIET, near, flat(1.096)]), &signals);
    assert_eq!(exits(&result), [("end_of_data", 1.096)]);
    assert_eq!(result.orders.len(), 1);
}

#[test]
fn g6_what_a_tick_touches_fills_at_the_ticks_own_quote() {
    let quotes = ticks("EURUSD", &[(second(0), 1.1, 1.1002), (second(1), 1.1, 1.1002), (second(2), 1.0947, 1.095)]);
    let result = run(&on_ticks(), quotes, &[long(second(0)).stop_loss(1.095)]);
    assert_eq!(exits(&result), [("stop_loss", 1.0947)]);
}

#[test]
fn g6_a_take_profit_on_ticks_is_filled_at_the_better_quote() {
    let quotes = ticks("EURUSD", &[(second(0), 1.1, 1.1002), (second(1), 1.1, 1.1002), (second(2), 1.1053, 1.1055)]);
    let result = run(&on_ticks(), quotes, &[long(second(0)).take_profit(1.105)]);
    assert_eq!(exits(&result), [("take_profit", 1.1053)]);
}

#[test]
fn g6_a_buy_stop_on_ticks_fills_at_the_ask_of_the_tick_whose_bid_touched() {
    let rows = [(0, 1.1, 1.1002), (1, 1.1, 1.1002), (2, 1.1049, 1.1053), (3, 1.1051, 1.1055)];
    let quotes = ticks("EURUSD", &rows.map(|(time, bid, ask)| (second(time), bid, ask)));
    let result = run(&on_ticks(), quotes, &[buy_stop(second(0), 1.105)]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (second(3), 1.1055));
}

#[test]
fn g6_a_buy_limit_on_ticks_fills_at_the_ask_and_never_worse_than_its_level() {
    let quotes = ticks("EURUSD", &[(second(0), 1.1, 1.1002), (second(1), 1.1, 1.1002), (second(2), 1.0943, 1.0945)]);
    let result = run(&on_ticks(), quotes, &[buy_limit(second(0), 1.095)]);
    assert_eq!(only(&result).entry_price, 1.0945);
}

#[test]
fn g7_an_exit_level_that_the_open_has_reached_fills_at_once_at_that_open() {
    // A gap takes the buy stop in at 1.1202, beyond its take profit; the bid is 1.1200.
    let signal = buy_stop(at(0), 1.105).take_profit(1.11);
    let result = run(&config(), eurusd(&[QUIET, QUIET, flat(1.12)]), &[signal]);
    assert_eq!(exits(&result), [("take_profit", 1.12)]);
    assert_eq!((only(&result).entry_price, only(&result).exit_time, only(&result).gap), (1.1202, at(2), true));
}

#[test]
fn g7_a_stop_loss_that_the_gap_jumped_over_fills_at_once_too() {
    let signal = buy_limit(at(0), 1.095).stop_loss(1.09);
    let result = run(&config(), eurusd(&[QUIET, QUIET, flat(1.08)]), &[signal]);
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.0802, 1.08));
    assert_eq!(only(&result).reason.name(), "stop_loss");
}

#[test]
fn g7_take_profit_gap_applies() {
    let config = config_with(|config| config.rules.take_profit_gap = GapFill::Level);
    let signal = buy_stop(at(0), 1.105).take_profit(1.11);
    let result = run(&config, eurusd(&[QUIET, QUIET, flat(1.12)]), &[signal]);
    assert_eq!(exits(&result), [("take_profit", 1.11)]);
}

#[test]
fn g8_a_stop_loss_in_the_bar_of_the_fill_is_no_better_than_the_fill_less_the_spread() {
    // Filled at 1.1052 by a bid high of 1.1060 with two pips of spread: no exit above 1.1050.
    let bar = [1.1049, 1.106, 1.104, 1.1045];
    let signal = buy_stop(at(0), 1.105).with(|signal| signal.stop_loss_pips = Some(1.0));
    let result = run(&config(), eurusd(&[QUIET, QUIET, bar]), &[signal]);
    assert_eq!((only(&result).entry_price, only(&result).stop_loss), (1.1052, Some(1.1051)));
    assert_eq!(exits(&result), [("stop_loss", 1.105)]);
}

#[test]
fn g8_mirrored_for_a_short() {
    let bar = [1.095, 1.0965, 1.094, 1.0962];
    let signal = sell_stop(at(0), 1.095).with(|signal| signal.stop_loss_pips = Some(1.0));
    let result = run(&config(), eurusd(&[QUIET, QUIET, bar]), &[signal]);
    // Sold at 1.0948, stop loss at 1.0949; bought back no better than 1.0950.
    assert_eq!((only(&result).entry_price, only(&result).stop_loss), (1.0948, Some(1.0949)));
    assert_eq!(exits(&result), [("stop_loss", 1.095)]);
}

#[test]
fn g8_the_bound_is_held_within_prices_that_were_quoted() {
    // The spread at the high is 20 pips: 1.1001 less 20 pips is below the lowest bid, 1.0995.
    let config = config_with(|config| config.rules.stop_trigger = StopTrigger::FillSide);
    let widening = ([1.0998, 1.104, 1.0995, 1.103], [1.1, 1.106, 1.0999, 1.105]);
    let still = (flat(1.0998), flat(1.1));
    let series = two_sided("EURUSD", &[still, still, widening]);
    let result = run(&config, series, &[buy_stop(at(0), 1.1001).stop_loss(1.0997)]);
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.1001, 1.0995));
}

#[test]
fn g8_from_the_next_bar_on_the_level_alone_counts() {
    let filled = [1.1049, 1.106, 1.1049, 1.1055];
    let next = [1.1055, 1.1055, 1.104, 1.104];
    let signal = buy_stop(at(0), 1.105).with(|signal| signal.stop_loss_pips = Some(1.0));
    let result = run(&intrabar(Intrabar::Best), eurusd(&[QUIET, QUIET, filled, next]), &[signal]);
    assert_eq!((only(&result).exit_time, only(&result).exit_price), (at(3), 1.1051));
}
