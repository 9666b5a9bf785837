//! Rules G1 to G3 and the table: triggers, gaps and fill prices on bars.

mod common;

use common::*;
use omegasim_core::config::Config;
use omegasim_core::engine::result::RunResult;
use omegasim_core::execution::rules::{GapFill, StopTrigger};
use omegasim_core::execution::signal::Signal;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];
/// Gaps of a hundred pips, with a range that touches nothing near 1.1 again.
const GAP_UP: Prices = [1.11, 1.1101, 1.1099, 1.11];
const GAP_DOWN: Prices = [1.09, 1.0901, 1.0899, 1.09];
/// Moves of a hundred pips that start where the bar before ended.
const RISE: Prices = [1.1, 1.11, 1.1, 1.11];
const FALL: Prices = [1.1, 1.1, 1.09, 1.09];

fn fill_side() -> Config {
    config_with(|config| config.rules.stop_trigger = StopTrigger::FillSide)
}

/// A quiet bar in which the signal arrives, then `bar`; what is still open closes at the end.
fn after_quiet(config: &Config, bar: Prices, signal: Signal) -> RunResult {
    run(config, eurusd(&[QUIET, QUIET, bar, flat(bar[3])]), &[signal])
}

fn entry(config: &Config, bar: Prices, signal: Signal) -> f64 {
    let result = after_quiet(config, bar, signal);
    assert_eq!(only(&result).entry_time, at(2));
    only(&result).entry_price
}

fn exit(config: &Config, bar: Prices, signal: Signal) -> (&'static str, f64, bool) {
    let result = after_quiet(config, bar, signal);
    let trade = only(&result);
    assert_eq!(trade.exit_time, at(2));
    (trade.reason.name(), trade.exit_price, trade.gap)
}

#[test]
fn g_a_buy_limit_fills_at_its_level_inside_the_bar() {
    assert_eq!(entry(&config(), FALL, buy_limit(at(0), 1.095)), 1.095);
}

#[test]
fn g_a_buy_limit_waits_for_the_ask() {
    // The bid falls to 1.0900, the ask only to 1.0902.
    let result = after_quiet(&config(), FALL, buy_limit(at(0), 1.0901));
    assert!(result.trades.is_empty());
    assert_eq!(result.orders.len(), 1);
}

#[test]
fn g_a_buy_limit_that_the_open_is_beyond_fills_at_the_better_open() {
    assert_eq!(entry(&config(), GAP_DOWN, buy_limit(at(0), 1.095)), 1.0902);
}

#[test]
fn g_a_sell_limit_fills_at_its_level_inside_the_bar() {
    assert_eq!(entry(&config(), RISE, sell_limit(at(0), 1.105)), 1.105);
}

#[test]
fn g_a_sell_limit_that_the_open_is_beyond_fills_at_the_better_open() {
    assert_eq!(entry(&config(), GAP_UP, sell_limit(at(0), 1.105)), 1.11);
}

#[test]
fn g_a_level_is_touched_when_it_is_just_reached() {
    assert_eq!(entry(&config(), RISE, sell_limit(at(0), 1.11)), 1.11);
}

#[test]
fn g1_an_opposite_buy_stop_waits_for_the_bid_and_pays_the_spread() {
    assert_eq!(entry(&config(), RISE, buy_stop(at(0), 1.105)), 1.1052);
}

#[test]
fn g1_an_opposite_buy_stop_is_not_touched_by_the_ask() {
    // The ask rises to 1.1102, the bid only to 1.1100.
    assert!(after_quiet(&config(), RISE, buy_stop(at(0), 1.1101)).trades.is_empty());
}

#[test]
fn g1_an_opposite_buy_stop_pays_the_wider_spread_of_open_and_high() {
    let bar = ([1.1, 1.11, 1.1, 1.11], [1.1001, 1.1104, 1.1001, 1.1104]);
    let still = (QUIET, flat(1.1001));
    let series = two_sided("EURUSD", &[still, still, bar, (flat(1.11), flat(1.1104))]);
    assert_eq!(only(&run(&config(), series, &[buy_stop(at(0), 1.105)])).entry_price, 1.1054);
}

#[test]
fn g1_an_opposite_buy_stop_pays_no_more_than_the_highest_ask() {
    let bar = ([1.1, 1.11, 1.1, 1.11], [1.1009, 1.1101, 1.1009, 1.1101]);
    let still = (QUIET, flat(1.1009));
    let series = two_sided("EURUSD", &[still, still, bar, (flat(1.11), flat(1.1101))]);
    assert_eq!(only(&run(&config(), series, &[buy_stop(at(0), 1.1098)])).entry_price, 1.1101);
}

#[test]
fn g1_an_opposite_buy_stop_that_the_open_is_beyond_fills_at_the_ask_of_the_open() {
    assert_eq!(entry(&config(), GAP_UP, buy_stop(at(0), 1.105)), 1.1102);
}

#[test]
fn g1_an_opposite_sell_stop_waits_for_the_ask_and_pays_the_spread() {
    assert_eq!(entry(&config(), FALL, sell_stop(at(0), 1.095)), 1.0948);
    assert!(after_quiet(&config(), FALL, sell_stop(at(0), 1.0901)).trades.is_empty());
}

#[test]
fn g1_an_opposite_sell_stop_gets_no_less_than_the_lowest_bid() {
    let bar = ([1.1, 1.1, 1.09, 1.09], [1.1009, 1.1009, 1.0901, 1.0901]);
    let still = (QUIET, flat(1.1009));
    let series = two_sided("EURUSD", &[still, still, bar, (flat(1.09), flat(1.0901))]);
    assert_eq!(only(&run(&config(), series, &[sell_stop(at(0), 1.0903)])).entry_price, 1.09);
}

#[test]
fn g1_an_opposite_sell_stop_that_the_open_is_beyond_fills_at_the_bid_of_the_open() {
    assert_eq!(entry(&config(), GAP_DOWN, sell_stop(at(0), 1.095)), 1.09);
}

#[test]
fn g1_a_fill_side_buy_stop_waits_for_the_ask_and_fills_at_its_level() {
    assert_eq!(entry(&fill_side(), RISE, buy_stop(at(0), 1.1101)), 1.1101);
    assert_eq!(entry(&fill_side(), GAP_UP, buy_stop(at(0), 1.105)), 1.1102);
}

#[test]
fn g1_a_fill_side_sell_stop_waits_for_the_bid_and_fills_at_its_level() {
    assert_eq!(entry(&fill_side(), FALL, sell_stop(at(0), 1.0901)), 1.0901);
    assert_eq!(entry(&fill_side(), GAP_DOWN, sell_stop(at(0), 1.095)), 1.09);
}

#[test]
fn g_a_stop_loss_fills_at_its_level_inside_the_bar() {
    assert_eq!(exit(&config(), FALL, long(at(0)).stop_loss(1.095)), ("stop_loss", 1.095, false));
    assert_eq!(exit(&config(), RISE, short(at(0)).stop_loss(1.105)), ("stop_loss", 1.105, false));
}

#[test]
fn g_the_stop_loss_of_a_short_is_touched_by_the_ask() {
    assert_eq!(exit(&config(), RISE, short(at(0)).stop_loss(1.1102)), ("stop_loss", 1.1102, false));
}

#[test]
fn g_a_take_profit_fills_at_its_level_inside_the_bar() {
    assert_eq!(exit(&config(), RISE, long(at(0)).take_profit(1.105)), ("take_profit", 1.105, false));
    assert_eq!(exit(&config(), FALL, short(at(0)).take_profit(1.095)), ("take_profit", 1.095, false));
}

#[test]
fn g_the_take_profit_of_a_short_waits_for_the_ask() {
    let result = after_quiet(&config(), FALL, short(at(0)).take_profit(1.0901));
    assert_eq!(exits(&result), [("end_of_data", 1.0902)]);
}

#[test]
fn g2_a_stop_loss_that_the_bar_opens_beyond_fills_at_the_open() {
    assert_eq!(exit(&config(), GAP_DOWN, long(at(0)).stop_loss(1.095)), ("stop_loss", 1.09, true));
    assert_eq!(exit(&config(), GAP_UP, short(at(0)).stop_loss(1.105)), ("stop_loss", 1.1102, true));
}

#[test]
fn g2_a_take_profit_that_the_bar_opens_beyond_fills_at_the_better_open() {
    assert_eq!(exit(&config(), GAP_UP, long(at(0)).take_profit(1.105)), ("take_profit", 1.11, true));
    assert_eq!(exit(&config(), GAP_DOWN, short(at(0)).take_profit(1.095)), ("take_profit", 1.0902, true));
}

#[test]
fn g2_an_open_just_at_the_level_is_no_gap() {
    assert_eq!(exit(&config(), GAP_DOWN, long(at(0)).stop_loss(1.09)), ("stop_loss", 1.09, false));
}

#[test]
fn g2_gap_fill_level_fills_exits_and_entries_at_their_level() {
    let config = config_with(|config| config.rules.gap_fill = GapFill::Level);
    assert_eq!(exit(&config, GAP_DOWN, long(at(0)).stop_loss(1.095)), ("stop_loss", 1.095, true));
    assert_eq!(exit(&config, GAP_UP, long(at(0)).take_profit(1.105)), ("take_profit", 1.105, true));
    assert_eq!(entry(&config, GAP_DOWN, buy_limit(at(0), 1.095)), 1.095);
}

#[test]
fn g2_gap_fill_level_fills_opposite_stops_a_spread_from_their_level() {
    let config = config_with(|config| config.rules.gap_fill = GapFill::Level);
    assert_eq!(entry(&config, GAP_UP, buy_stop(at(0), 1.105)), 1.1052);
    assert_eq!(entry(&config, GAP_DOWN, sell_stop(at(0), 1.095)), 1.0948);
}

#[test]
fn g2_gap_fill_level_fills_fill_side_stops_at_their_level() {
    let mut config = fill_side();
    config.rules.gap_fill = GapFill::Level;
    assert_eq!(entry(&config, GAP_UP, buy_stop(at(0), 1.105)), 1.105);
}

#[test]
fn g2_take_profit_gap_level_forgoes_only_the_improvement_of_the_take_profit() {
    let config = config_with(|config| config.rules.take_profit_gap = GapFill::Level);
    assert_eq!(exit(&config, GAP_UP, long(at(0)).take_profit(1.105)), ("take_profit", 1.105, true));
    assert_eq!(exit(&config, GAP_DOWN, long(at(0)).stop_loss(1.095)), ("stop_loss", 1.09, true));
    assert_eq!(entry(&config, GAP_DOWN, buy_limit(at(0), 1.095)), 1.0902);
}

#[test]
fn g2_limit_gap_level_forgoes_only_the_improvement_of_limits() {
    let config = config_with(|config| config.rules.limit_gap = GapFill::Level);
    assert_eq!(entry(&config, GAP_DOWN, buy_limit(at(0), 1.095)), 1.095);
    assert_eq!(entry(&config, GAP_UP, buy_stop(at(0), 1.105)), 1.1102);
    assert_eq!(exit(&config, GAP_UP, long(at(0)).take_profit(1.105)), ("take_profit", 1.11, true));
}

#[test]
fn g3_a_limit_already_beyond_the_market_fills_at_once_at_the_open() {
    let result = run(&config(), eurusd(&[QUIET; 3]), &[buy_limit(at(0), 1.105)]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (at(1), 1.1002));
}

#[test]
fn g3_a_stop_already_beyond_the_market_fills_at_once_at_the_open() {
    let result = run(&config(), eurusd(&[QUIET; 3]), &[sell_stop(at(0), 1.105)]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (at(1), 1.1));
}

#[test]
fn g3_what_arrives_beyond_the_market_has_no_improvement_to_forgo() {
    let config = config_with(|config| config.rules.limit_gap = GapFill::Level);
    let result = run(&config, eurusd(&[QUIET; 3]), &[buy_limit(at(0), 1.105)]);
    assert_eq!(only(&result).entry_price, 1.1002);
}
