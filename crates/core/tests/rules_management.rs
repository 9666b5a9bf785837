//! Rules M: break-even, trailing, time stops, reasons, the end of the data.

mod common;

use common::*;
use omegasim_core::engine::result::RunResult;
use omegasim_core::execution::rules::EndOfData;
use omegasim_core::time::MINUTE;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];

/// Time and level of each move of a stop loss.
fn moves(result: &RunResult) -> Vec<(i64, f64, &'static str)> {
    let of = |event: &&omegasim_core::portfolio::journal::Event| {
        (event.time, event.price.unwrap(), event.reason.unwrap().name())
    };
    events(result, "modified").iter().map(of).collect()
}

#[test]
fn m1_break_even_moves_the_stop_loss_to_the_entry_from_the_next_bar_on() {
    // Bought at 1.1002: thirty pips are reached at a bid of 1.1032, in a bar that falls back at once.
    let reached = [1.1, 1.1032, 1.1, 1.1];
    let series = eurusd(&[QUIET, QUIET, reached, [1.1005, 1.1005, 1.0995, 1.0995]]);
    let result = run(&config(), series, &[long(at(0)).break_even(30.0)]);
    assert_eq!(moves(&result), [(at(2), 1.1002, "break_even")]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("break_even_stop_loss", 1.1002)], at(3)));
}

#[test]
fn m1_a_point_short_of_the_trigger_moves_nothing() {
    let series = eurusd(&[QUIET, QUIET, [1.1, 1.10319, 1.1, 1.1], QUIET]);
    assert!(moves(&run(&config(), series, &[long(at(0)).break_even(30.0)])).is_empty());
}

#[test]
fn m1_the_offset_goes_in_the_direction_of_profit() {
    let signal = short(at(0)).break_even(30.0).with(|signal| signal.break_even_offset_pips = 5.0);
    // Sold at 1.1000: thirty pips are reached at an ask of 1.0970, a bid of 1.0968.
    let series = eurusd(&[QUIET, QUIET, [1.1, 1.1, 1.0968, 1.097], [1.097, 1.1, 1.097, 1.1]]);
    let result = run(&config(), series, &[signal]);
    assert_eq!(moves(&result), [(at(2), 1.0995, "break_even")]);
    assert_eq!(exits(&result), [("break_even_stop_loss", 1.0995)]);
}

#[test]
fn m1_moves_once() {
    let signals = [long(at(0)).break_even(30.0), modify(at(2)).stop_loss(1.09)];
    let series = eurusd(&[QUIET, QUIET, [1.1, 1.104, 1.1, 1.103], flat(1.104), flat(1.105)]);
    let result = run(&config(), series, &signals);
    assert_eq!(moves(&result), [(at(2), 1.1002, "break_even"), (at(3), 1.09, "signal")]);
}

#[test]
fn m2_the_stop_loss_follows_the_best_price() {
    let series =
        eurusd(&[QUIET, QUIET, [1.1, 1.104, 1.1, 1.104], [1.104, 1.106, 1.103, 1.106], [1.106, 1.106, 1.1, 1.1]]);
    let result = run(&config(), series, &[long(at(0)).trail(20.0)]);
    assert_eq!(moves(&result), [(at(2), 1.102, "trailing"), (at(3), 1.104, "trailing")]);
    assert_eq!(exits(&result), [("trailing_stop", 1.104)]);
}

#[test]
fn m2_trailing_starts_once_the_profit_is_reached() {
    let signal = long(at(0)).trail(20.0).with(|signal| signal.trail_start_pips = 30.0);
    let series = eurusd(&[QUIET, QUIET, [1.1, 1.10319, 1.1, 1.103], [1.103, 1.1032, 1.103, 1.103]]);
    assert_eq!(moves(&run(&config(), series, &[signal])), [(at(3), 1.1012, "trailing")]);
}

#[test]
fn m2_a_move_needs_a_whole_step() {
    let signal = long(at(0)).stop_loss(1.1).trail(20.0).with(|signal| signal.trail_step_pips = 10.0);
    let high = |price: f64| [1.1025, price, 1.1025, 1.1025];
    // From 1.1000: 1.1009 is a step of nine pips, 1.1010 one of ten.
    let series = eurusd(&[flat(1.1025), flat(1.1025), high(1.1029), high(1.103)]);
    assert_eq!(moves(&run(&config(), series, &[signal])), [(at(3), 1.101, "trailing")]);
}

#[test]
fn m2_break_even_goes_before_trailing() {
    let signal = long(at(0)).stop_loss(1.09).break_even(30.0).trail(20.0).with(|signal| signal.trail_start_pips = 30.0);
    let series = eurusd(&[QUIET, QUIET, [1.1, 1.1032, 1.1, 1.103], flat(1.103)]);
    let result = run(&config(), series, &[signal]);
    assert_eq!(moves(&result), [(at(2), 1.1002, "break_even"), (at(2), 1.1012, "trailing")]);
}

#[test]
fn m3_a_position_closes_at_the_open_of_the_first_bar_at_or_after_its_time() {
    let series = eurusd(&[QUIET, QUIET, QUIET, [1.101, 1.102, 1.1, 1.1015]]);
    let result = run(&config(), series, &[long(at(0)).max_holding(2 * MINUTE)]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("timeout", 1.101)], at(3)));
}

#[test]
fn m3_over_a_hole_in_the_data_the_first_bar_after_it_closes() {
    let still = (QUIET, flat(1.1002));
    let series = timed("EURUSD", vec![at(0), at(1), at(2), at(30)], &[still; 4], MINUTE).unwrap();
    let result = run(&config(), series, &[long(at(0)).max_holding(5 * MINUTE)]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("timeout", 1.1)], at(30)));
}

#[test]
fn m3_on_ticks_the_first_tick_at_or_after_closes() {
    let rows = [(0, 1.1), (1, 1.1), (60, 1.101), (61, 1.102), (62, 1.103)];
    let quotes = ticks("EURUSD", &rows.map(|(time, bid)| (second(time), bid, bid + 0.001)));
    let result = run(&on_ticks(), quotes, &[long(second(0)).max_holding(MINUTE)]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("timeout", 1.102)], second(61)));
}

#[test]
fn m4_break_even_and_trailing_never_loosen() {
    let signals = [
        long(at(0)).break_even(30.0).trail(50.0).with(|signal| signal.trail_start_pips = 40.0),
        modify(at(1)).stop_loss(1.1025),
    ];
    let series = eurusd(&[QUIET, QUIET, [1.103, 1.105, 1.103, 1.105], flat(1.105)]);
    let result = run(&config(), series, &signals);
    // Neither 1.1002 nor 1.1000 is tighter than 1.1025.
    assert_eq!(moves(&result), [(at(2), 1.1025, "signal")]);
}

#[test]
fn m4_modify_may_loosen() {
    let signals = [long(at(0)).stop_loss(1.095), modify(at(1)).stop_loss(1.09)];
    let series = eurusd(&[QUIET, QUIET, [1.1, 1.1, 1.092, 1.1], QUIET]);
    assert_eq!(exits(&run(&config(), series, &signals)), [("end_of_data", 1.1)]);
}

#[test]
fn m5_the_bar_of_an_entry_at_the_open_counts_in_full() {
    let series = eurusd(&[QUIET, [1.1, 1.106, 1.1, 1.105], flat(1.105)]);
    assert_eq!(moves(&run(&config(), series, &[long(at(0)).trail(20.0)])), [(at(1), 1.104, "trailing")]);
}

#[test]
fn m5_the_bar_of_an_entry_inside_counts_with_its_close_alone() {
    let series = eurusd(&[QUIET, QUIET, [1.1, 1.106, 1.094, 1.096], flat(1.096)]);
    assert_eq!(moves(&run(&config(), series, &[buy_limit(at(0), 1.095).trail(20.0)])), [(at(2), 1.094, "trailing")]);
}

#[test]
fn m5_the_best_price_of_a_short_is_the_lowest_ask() {
    let series = eurusd(&[QUIET, [1.1, 1.1, 1.094, 1.095], flat(1.095)]);
    assert_eq!(moves(&run(&config(), series, &[short(at(0)).trail(20.0)])), [(at(1), 1.0962, "trailing")]);
}

#[test]
fn m6_a_stop_loss_moved_by_a_signal_has_its_own_reason() {
    let signals = [long(at(0)).stop_loss(1.095), modify(at(1)).stop_loss(1.098)];
    let series = eurusd(&[QUIET, QUIET, QUIET, [1.1, 1.1, 1.097, 1.097]]);
    let result = run(&config(), series, &signals);
    assert_eq!(exits(&result), [("modified_stop_loss", 1.098)]);
    assert_eq!((only(&result).initial_stop_loss, only(&result).stop_loss), (Some(1.095), Some(1.098)));
}

#[test]
fn m6_the_last_mover_names_the_reason() {
    let signals = [long(at(0)).stop_loss(1.095).trail(50.0), modify(at(1)).stop_loss(1.098)];
    // The signal sets 1.0980 at the open of bar 2; the high of 1.1040 trails it to 1.0990.
    let series = eurusd(&[QUIET, QUIET, [1.1, 1.104, 1.1, 1.1], [1.1, 1.1, 1.097, 1.097]]);
    assert_eq!(exits(&run(&config(), series, &signals)), [("trailing_stop", 1.099)]);
}

#[test]
fn m6_a_position_closed_by_a_signal() {
    let result = run(&config(), eurusd(&[QUIET, QUIET, QUIET, flat(1.101)]), &[long(at(0)), close(at(2))]);
    assert_eq!(exits(&result), [("signal", 1.101)]);
}

#[test]
fn m7_open_positions_close_at_the_last_close_before_the_equity_row() {
    let result = run(&config(), eurusd(&[QUIET, QUIET, [1.1, 1.106, 1.1, 1.1052]]), &[long(at(0))]);
    assert_eq!((exits(&result), only(&result).exit_time), (vec![("end_of_data", 1.1052)], at(2)));
    assert_near(result.equity.balance[2], 1_000_500.0);
    assert_eq!(result.equity.margin[2], 0.0);
}

#[test]
fn m7_the_margin_is_checked_before_the_end_of_the_data() {
    let config = config_with(|config| config.account.balance = 4000.0);
    let result = run(&config, eurusd(&[QUIET, QUIET, [1.1, 1.1, 1.07, 1.07]]), &[long(at(0))]);
    assert_eq!(exits(&result), [("stop_out", 1.07)]);
}

#[test]
fn m7_each_symbol_ends_at_its_own_last_bar() {
    let symbols = vec![market(eurusd(&[QUIET; 2])), market(bars("GBPUSD", &[flat(1.3); 4], SPREAD))];
    let result = run_market(&config(), symbols, &[long(at(0)), long(at(0)).of_symbol(1)]);
    let times: Vec<i64> = result.trades.iter().map(|trade| trade.exit_time).collect();
    assert_eq!(times, [at(1), at(3)]);
}

#[test]
fn m7_keep_leaves_positions_open() {
    let config = config_with(|config| config.rules.end_of_data = EndOfData::Keep);
    let result = run(&config, eurusd(&[QUIET; 3]), &[long(at(0))]);
    assert!(result.trades.is_empty());
    assert_eq!(result.open_positions[0].ticket, 1);
    assert_near(result.open_positions[0].open_profit, -20.0);
}

#[test]
fn m7_pending_orders_stay_listed_either_way() {
    let result = run(&config(), eurusd(&[QUIET; 3]), &[buy_limit(at(0), 1.09)]);
    assert_eq!((result.orders[0].ticket, result.orders[0].price), (1, 1.09));
}
