//! Rule I4: path models.

mod common;

use common::*;
use omegasim_core::execution::rules::Intrabar::{self, Candle, Nearest, Ohlc, Olhc};

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];
/// Touches 1.105 and 1.095 both.
const FLAT_BOTH: Prices = [1.1, 1.106, 1.094, 1.1];

/// The reason for which a long between 1.095 and 1.105 leaves a bar.
fn exit_in(model: Intrabar, bar: Prices) -> &'static str {
    let result =
        run(&intrabar(model), eurusd(&[QUIET, QUIET, bar]), &[long(at(0)).stop_loss(1.095).take_profit(1.105)]);
    assert!(!only(&result).ambiguous);
    only(&result).reason.name()
}

#[test]
fn i4_ohlc_reaches_the_high_first() {
    assert_eq!(exit_in(Ohlc, FLAT_BOTH), "take_profit");
}

#[test]
fn i4_olhc_reaches_the_low_first() {
    assert_eq!(exit_in(Olhc, FLAT_BOTH), "stop_loss");
}

#[test]
fn i4_nearest_goes_to_the_nearer_extreme_first() {
    assert_eq!(exit_in(Nearest, [1.1, 1.106, 1.0939, 1.1]), "take_profit");
    assert_eq!(exit_in(Nearest, [1.1, 1.1061, 1.094, 1.1]), "stop_loss");
}

#[test]
fn i4_nearest_takes_the_high_first_on_a_tie() {
    assert_eq!(exit_in(Nearest, FLAT_BOTH), "take_profit");
}

#[test]
fn i4_a_rising_or_flat_candle_falls_first() {
    assert_eq!(exit_in(Candle, [1.1, 1.106, 1.094, 1.1001]), "stop_loss");
    assert_eq!(exit_in(Candle, FLAT_BOTH), "stop_loss");
}

#[test]
fn i4_a_falling_candle_rises_first() {
    assert_eq!(exit_in(Candle, [1.1, 1.106, 1.094, 1.0999]), "take_profit");
}

#[test]
fn i4_the_path_decides_the_order_and_g_the_prices() {
    // Up to 1.106 first: the stop is taken in, then the fall ends at the stop loss.
    let signal = buy_stop(at(0), 1.105).stop_loss(1.0955);
    let result = run(&intrabar(Ohlc), eurusd(&[QUIET, QUIET, FLAT_BOTH]), &[signal]);
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.1052, 1.0955));
}

#[test]
fn i4_a_touch_before_the_fill_is_none() {
    // Down to 1.094 first, then up to the stop, and down to 1.1.
    let signal = buy_stop(at(0), 1.105).stop_loss(1.0955);
    let result = run(&intrabar(Olhc), eurusd(&[QUIET, QUIET, FLAT_BOTH, flat(1.1)]), &[signal]);
    assert_eq!(exits(&result), [("end_of_data", 1.1)]);
}

#[test]
fn i4_a_take_profit_after_a_limit_entry_is_met_on_the_way_back() {
    let signal = buy_limit(at(0), 1.095).take_profit(1.105);
    let result = run(&intrabar(Olhc), eurusd(&[QUIET, QUIET, FLAT_BOTH]), &[signal]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("take_profit", 1.105)], at(2)));
}

#[test]
fn i4_on_a_leg_levels_are_met_in_the_order_of_their_distance() {
    let signals = [sell_limit(at(0), 1.1055), sell_limit(at(0), 1.105)];
    let result = run(&intrabar(Ohlc), eurusd(&[QUIET, QUIET, FLAT_BOTH]), &signals);
    let filled: Vec<_> = events(&result, "filled").iter().map(|event| event.ticket).collect();
    assert_eq!(filled, [Some(2), Some(1)]);
}

#[test]
fn i4_bid_and_ask_walk_in_lockstep() {
    // On the leg up the ask runs 60 pips, the bid 30: ask 1.1032 is met at 1/2, bid 1.102 at 2/3.
    let bar = ([1.1, 1.103, 1.1, 1.103], [1.1002, 1.1062, 1.1002, 1.1062]);
    let still = (QUIET, flat(1.1002));
    let series = two_sided("EURUSD", &[still, still, bar]);
    let signals = [sell_limit(at(0), 1.102), short(at(0)).stop_loss(1.1032)];
    let result = run(&intrabar(Ohlc), series, &signals);
    let order: Vec<_> =
        result.events.iter().filter(|event| event.time == at(2)).map(|event| event.kind.name()).collect();
    assert_eq!(order[..3], ["closed", "triggered", "filled"]);
}

#[test]
fn i4_at_one_place_exits_come_before_entries_and_then_ascending_ticket() {
    // The stop loss of ticket 3 and the limits of tickets 1 and 2 are all met by the bid at 1.098.
    let fall = [1.1, 1.1, 1.097, 1.097];
    let signals = [buy_limit(at(0), 1.0982), buy_limit(at(0), 1.0982), long(at(0)).stop_loss(1.098)];
    let result = run(&intrabar(Ohlc), eurusd(&[QUIET, QUIET, fall]), &signals);
    let order: Vec<_> = result.events.iter().filter(|event| event.time == at(2)).collect();
    assert_eq!((order[0].kind.name(), order[0].ticket), ("closed", Some(3)));
    let filled: Vec<_> = order.iter().filter(|event| event.kind.name() == "filled").map(|event| event.ticket).collect();
    assert_eq!(filled, [Some(1), Some(2)]);
}

#[test]
fn i4_what_is_already_beyond_after_an_event_counts_at_its_place() {
    // Filled at 1.1052 on the way up, when the bid is at 1.1050.
    let rise = [1.1, 1.106, 1.1, 1.106];
    let signal = buy_stop(at(0), 1.105).with(|signal| signal.stop_loss_pips = Some(1.0));
    let result = run(&intrabar(Ohlc), eurusd(&[QUIET, QUIET, rise]), &[signal]);
    // The stop loss of 1.1051 lies above that bid: out at 1.1050 (G8).
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("stop_loss", 1.105)], at(2)));
}

#[test]
fn i4_trailing_acts_at_each_point() {
    // Up to 1.106 sets the stop loss to 1.104, which the way down to 1.099 meets in the same bar.
    let bar = [1.1, 1.106, 1.099, 1.1];
    let result = run(&intrabar(Ohlc), eurusd(&[QUIET, QUIET, bar]), &[long(at(0)).trail(20.0)]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("trailing_stop", 1.104)], at(2)));
}

#[test]
fn i4_break_even_acts_at_each_point() {
    let bar = [1.1, 1.106, 1.099, 1.1];
    let result = run(&intrabar(Ohlc), eurusd(&[QUIET, QUIET, bar]), &[long(at(0)).break_even(30.0)]);
    assert_eq!(exits(&result), [("break_even_stop_loss", 1.1002)]);
}

#[test]
fn i4_a_leg_that_goes_nowhere_meets_nothing() {
    // Only the ask moves: the bid stays a point below the level.
    let bar = (flat(1.1049), [1.1051, 1.107, 1.1051, 1.106]);
    let still = (QUIET, flat(1.1002));
    let result = run(&intrabar(Ohlc), two_sided("EURUSD", &[still, still, bar]), &[sell_limit(at(0), 1.10491)]);
    assert!(result.trades.is_empty());
}
