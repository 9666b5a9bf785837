//! Rules Q5 and S2 to S4: the grid, rejections, requests and tickets.

mod common;

use common::*;
use omegasim_core::execution::rules::Beyond;
use omegasim_core::execution::side::Side;
use omegasim_core::execution::signal::Signal;
use omegasim_core::execution::sizing::SizingKind;
use omegasim_core::instrument::Grid;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];

/// The reason code for which a signal is turned away in a quiet market.
fn refusal(signal: Signal) -> Vec<&'static str> {
    rejections(&run(&config(), eurusd(&[QUIET; 3]), &[signal]))
}

#[test]
fn q5_the_nearest_grid_price_halves_go_up() {
    let grid = Grid::new(0.25);
    assert_eq!([100.124, 100.125, 100.3].map(|price| grid.nearest(price)), [100.0, 100.25, 100.25]);
}

#[test]
fn q5_a_grid_price_is_the_nearest_float_to_its_decimal() {
    let grid = Grid::new(0.00001);
    assert_eq!([grid.price(110_523.0), grid.nearest(1.105_234)], [1.10523, 1.10523]);
}

#[test]
fn q5_a_tick_that_does_not_divide_one_is_multiplied() {
    let grid = Grid::new(0.3);
    assert_eq!([grid.price(3.0), grid.nearest(1.0), grid.ticks(0.75)], [3.0 * 0.3, 3.0 * 0.3, 0.75 / 0.3]);
}

#[test]
fn q5_levels_of_signals_go_to_the_grid() {
    let signal = buy_limit(at(0), 1.095_004).stop_loss(1.090_006).take_profit(1.1);
    let result = run(&config(), eurusd(&[QUIET; 3]), &[signal]);
    assert_eq!((result.orders[0].price, result.orders[0].stop_loss), (1.095, Some(1.09001)));
}

#[test]
fn q5_market_prices_are_taken_as_they_are() {
    let still = (flat(1.1000033), flat(1.1002033));
    let result = run(&config(), two_sided("EURUSD", &[still; 3]), &[long(at(0))]);
    assert_eq!(only(&result).entry_price, 1.1002033);
}

#[test]
fn s2_invalid_stops_are_measured_from_the_side_that_would_close() {
    // A long closes at the bid of 1.1000, a short at the ask of 1.1002.
    assert_eq!(refusal(long(at(0)).stop_loss(1.1001)), ["invalid_stops"]);
    assert_eq!(refusal(long(at(0)).take_profit(1.0999)), ["invalid_stops"]);
    assert_eq!(refusal(short(at(0)).stop_loss(1.1001)), ["invalid_stops"]);
    assert_eq!(refusal(short(at(0)).take_profit(1.1003)), ["invalid_stops"]);
    assert!(refusal(long(at(0)).take_profit(1.1001)).is_empty());
    assert!(refusal(short(at(0)).stop_loss(1.1003)).is_empty());
}

#[test]
fn s2_a_stop_at_zero_distance_is_invalid() {
    assert_eq!(refusal(long(at(0)).stop_loss(1.1)), ["invalid_stops"]);
    assert_eq!(refusal(buy_limit(at(0), 1.095).stop_loss(1.095)), ["invalid_stops"]);
}

#[test]
fn s2_the_stops_of_a_pending_order_are_measured_from_its_price() {
    assert_eq!(refusal(buy_limit(at(0), 1.095).stop_loss(1.096)), ["invalid_stops"]);
    assert!(refusal(buy_stop(at(0), 1.105).stop_loss(1.104)).is_empty());
}

#[test]
fn s2_stop_too_close() {
    let config = config_with(|config| config.instruments[0].stops_level = 50.0);
    let tried = |level: f64| rejections(&run(&config, eurusd(&[QUIET; 3]), &[long(at(0)).stop_loss(level)]));
    assert_eq!(tried(1.09951), ["stop_too_close"]);
    assert!(tried(1.0995).is_empty());
}

#[test]
fn s2_invalid_price() {
    assert_eq!(refusal(buy_limit(at(0), 0.0)), ["invalid_price"]);
    assert_eq!(refusal(buy_limit(at(0), 1.09).stop_loss(-1.0)), ["invalid_price"]);
}

#[test]
fn s2_explicit_volumes_outside_the_limits() {
    assert_eq!(refusal(long(at(0)).volume(0.009)), ["volume_too_small"]);
    assert_eq!(refusal(long(at(0)).volume(100.01)), ["volume_too_large"]);
    assert_eq!(refusal(buy_limit(at(0), 1.09).volume(0.009)), ["volume_too_small"]);
}

#[test]
fn s2_an_explicit_volume_inside_goes_down_to_the_grid() {
    let result = run(&config(), eurusd(&[QUIET; 3]), &[long(at(0)).volume(0.019)]);
    assert_eq!(only(&result).volume, 0.01);
}

#[test]
fn s2_max_positions_count_a_symbol_and_a_magic_number() {
    let config = config_with(|config| config.rules.max_positions = Some(1));
    let signals = [long(at(0)), long(at(0)), long(at(0)).magic(1)];
    let result = run(&config, eurusd(&[QUIET; 3]), &signals);
    assert_eq!((result.trades.len(), rejections(&result)), (2, vec!["max_positions"]));
}

#[test]
fn s2_max_positions_count_again_at_the_fill() {
    let config = config_with(|config| config.rules.max_positions = Some(1));
    let fall = [1.1, 1.1, 1.09, 1.09];
    let signals = [buy_limit(at(0), 1.096), buy_limit(at(0), 1.095)];
    let result = run(&config, eurusd(&[QUIET, QUIET, fall]), &signals);
    assert_eq!(only(&result).ticket, 1);
    let rejected = events(&result, "rejected")[0];
    assert_eq!((rejected.ticket, rejected.time), (Some(2), at(2)));
    assert!(result.orders.is_empty());
}

#[test]
fn s2_expired_on_arrival() {
    assert_eq!(refusal(buy_limit(at(0), 1.09).expires(at(1))), ["expired"]);
    assert!(refusal(buy_limit(at(0), 1.09).expires(at(2))).is_empty());
}

#[test]
fn s2_risk_sizing_needs_a_stop_loss() {
    let config = config_with(|config| config.sizing = sizing(SizingKind::RiskAmount, 100.0));
    assert_eq!(rejections(&run(&config, eurusd(&[QUIET; 3]), &[long(at(0))])), ["no_stop_loss"]);
    assert_eq!(rejections(&run(&config, eurusd(&[QUIET; 3]), &[buy_limit(at(0), 1.09)])), ["no_stop_loss"]);
}

#[test]
fn s2_the_first_fault_of_the_list_is_the_reason() {
    let config = config_with(|config| config.instruments[0].stops_level = 50.0);
    let reason = |signal| rejections(&run(&config, eurusd(&[QUIET; 3]), &[signal]));
    assert_eq!(reason(long(at(0)).stop_loss(1.1001).volume(1000.0)), ["invalid_stops"]);
    assert_eq!(reason(long(at(0)).stop_loss(1.0999).volume(1000.0)), ["stop_too_close"]);
    assert_eq!(reason(buy_limit(at(0), 1.09).volume(1000.0).expires(at(0))), ["volume_too_large"]);
}

#[test]
fn s2_beyond_reject_turns_away_what_the_open_has_passed() {
    let config = config_with(|config| config.rules.beyond = Beyond::Reject);
    let reason = |signal| rejections(&run(&config, eurusd(&[QUIET; 3]), &[signal]));
    assert_eq!(reason(buy_limit(at(0), 1.1002)), ["invalid_price"]);
    assert_eq!(reason(sell_stop(at(0), 1.105)), ["invalid_price"]);
    assert!(reason(buy_limit(at(0), 1.1001)).is_empty());
}

#[test]
fn s3_close_means_positions_and_cancel_orders() {
    let signals = [long(at(0)), buy_limit(at(0), 1.09), close(at(1)), cancel(at(2))];
    let result = run(&config(), eurusd(&[QUIET; 5]), &signals);
    let times = |kind| events(&result, kind).iter().map(|event| (event.time, event.ticket)).collect::<Vec<_>>();
    assert_eq!((times("closed"), times("cancelled")), (vec![(at(2), Some(1))], vec![(at(3), Some(2))]));
}

#[test]
fn s3_without_a_ticket_magic_and_direction_choose() {
    let signals = [long(at(0)), short(at(0)), long(at(0)).magic(4), close(at(1)).with(|s| s.side = Some(Side::Short))];
    let result = run(&config(), eurusd(&[QUIET; 5]), &signals);
    let closed: Vec<_> = result.trades.iter().map(|trade| (trade.ticket, trade.exit_time)).collect();
    assert_eq!(closed, [(2, at(2)), (1, at(4)), (3, at(4))]);
}

#[test]
fn s3_with_a_ticket_magic_is_ignored() {
    let result = run(&config(), eurusd(&[QUIET; 5]), &[long(at(0)).magic(4), close(at(1)).ticket(1)]);
    assert_eq!(only(&result).exit_time, at(2));
}

#[test]
fn s3_what_matches_nothing_is_an_event() {
    let signals = [close(at(0)).magic(3), cancel(at(0)).ticket(9), modify(at(0)).stop_loss(1.09)];
    let result = run(&config(), eurusd(&[QUIET; 3]), &signals);
    assert_eq!(events(&result, "no_match").len(), 3);
}

#[test]
fn s3_a_ticket_of_another_symbol_matches_nothing() {
    let symbols = vec![market(eurusd(&[QUIET; 4])), market(bars("GBPUSD", &[flat(1.3); 4], SPREAD))];
    let result = run_market(&config(), symbols, &[long(at(0)), close(at(1)).ticket(1).of_symbol(1)]);
    assert_eq!((events(&result, "no_match").len(), only(&result).reason.name()), (1, "end_of_data"));
}

#[test]
fn s3_modify_keeps_what_is_null_and_removes_what_is_nothing() {
    let signals = [long(at(0)).stop_loss(1.09).take_profit(1.11), modify(at(1)).stop_loss(0.0)];
    let result = run(&config(), eurusd(&[QUIET; 4]), &signals);
    assert_eq!((only(&result).stop_loss, only(&result).take_profit), (None, Some(1.11)));
}

#[test]
fn s3_a_refused_change_changes_nothing() {
    let signals = [long(at(0)).stop_loss(1.09), modify(at(1)).stop_loss(1.11).take_profit(1.12)];
    let result = run(&config(), eurusd(&[QUIET; 4]), &signals);
    assert_eq!(rejections(&result), ["invalid_stops"]);
    assert_eq!((only(&result).stop_loss, only(&result).take_profit), (Some(1.09), None));
}

#[test]
fn s3_a_modified_order_arrives_anew_and_meets_the_open() {
    let signals = [buy_limit(at(0), 1.09), modify(at(1)).with(|signal| signal.price = Some(1.101))];
    let result = run(&config(), eurusd(&[QUIET; 4]), &signals);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (at(2), 1.1002));
}

#[test]
fn s4_accepted_opens_take_tickets_and_rejections_none() {
    let signals = [long(at(0)), long(at(0)).stop_loss(1.2), buy_limit(at(0), 1.09), long(at(0))];
    let result = run(&config(), eurusd(&[QUIET; 3]), &signals);
    let accepted: Vec<_> = events(&result, "accepted").iter().map(|event| event.ticket).collect();
    assert_eq!(accepted, [Some(1), Some(2), Some(3)]);
    assert_eq!(events(&result, "rejected")[0].ticket, None);
}

#[test]
fn s4_order_position_and_trades_keep_the_ticket() {
    let fall = [1.1, 1.1, 1.09, 1.09];
    let signals = [buy_limit(at(0), 1.05), buy_limit(at(0), 1.095), close(at(2)).ticket(2).fraction(0.5)];
    let result = run(&config(), eurusd(&[QUIET, QUIET, fall, flat(1.09)]), &signals);
    let tickets: Vec<u64> = result.trades.iter().map(|trade| trade.ticket).collect();
    assert_eq!(tickets, [2, 2]);
}
