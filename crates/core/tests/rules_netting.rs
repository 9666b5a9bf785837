//! Rules A5 and A6: netting and partial closes.

mod common;

use common::*;
use omegasim_core::execution::rules::EndOfData;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];

#[test]
fn a5_hedging_makes_a_position_of_every_open() {
    let result = run(&config(), eurusd(&[QUIET; 3]), &[long(at(0)), short(at(0)), long(at(0))]);
    let tickets: Vec<u64> = result.trades.iter().map(|trade| trade.ticket).collect();
    assert_eq!(tickets, [1, 2, 3]);
}

#[test]
fn a5_netting_adds_in_the_same_direction_at_the_mean_price() {
    let series = bars("EURUSD", &[QUIET, QUIET, flat(1.104), flat(1.104)], 0.0);
    let result = run(&netting(), series, &[long(at(0)).volume(1.0), long(at(1)).volume(3.0).magic(5)]);
    let trade = only(&result);
    assert_eq!((trade.ticket, trade.magic, trade.signal_time, trade.entry_time), (1, 0, at(0), at(1)));
    assert_eq!(trade.volume, 4.0);
    // (1.1 + 3 * 1.104) / 4
    assert!((trade.entry_price - 1.103).abs() < 1e-12);
}

#[test]
fn a5_risk_and_commission_add() {
    let mut config = netting();
    config.costs.commission = per_lot(2.0);
    let signals = [long(at(0)).stop_loss(1.09), long(at(1)).stop_loss(1.095)];
    let result = run(&config, bars("EURUSD", &[QUIET; 4], 0.0), &signals);
    // A hundred pips and fifty, two dollars in and two out on each of two lots.
    assert_near(only(&result).risk, 1500.0);
    assert_eq!(only(&result).commission, 8.0);
}

#[test]
fn a5_the_newest_orders_stops_replace_those_it_gives() {
    let signals = [long(at(0)).stop_loss(1.09).take_profit(1.11), long(at(1)).stop_loss(1.095)];
    let result = run(&netting(), eurusd(&[QUIET; 4]), &signals);
    assert_eq!((only(&result).stop_loss, only(&result).take_profit), (Some(1.095), Some(1.11)));
}

#[test]
fn a5_the_opposite_direction_closes_volume() {
    let series = bars("EURUSD", &[QUIET, QUIET, flat(1.105), flat(1.11)], 0.0);
    let result = run(&netting(), series, &[long(at(0)).volume(1.0), short(at(1)).volume(0.4)]);
    let closed: Vec<_> = result.trades.iter().map(|trade| (trade.ticket, trade.volume, trade.exit_price)).collect();
    assert_eq!(closed, [(1, 0.4, 1.105), (1, 0.6, 1.11)]);
    assert_eq!(exits(&result)[0].0, "signal");
}

#[test]
fn a5_a_rest_opens_a_position_with_the_new_orders_ticket() {
    let series = bars("EURUSD", &[QUIET, QUIET, flat(1.105), flat(1.11)], 0.0);
    let result = run(&netting(), series, &[long(at(0)).volume(1.0), short(at(1)).volume(1.5)]);
    let closed: Vec<_> = result.trades.iter().map(|trade| (trade.ticket, trade.side.name(), trade.volume)).collect();
    assert_eq!(closed, [(1, "long", 1.0), (2, "short", 0.5)]);
    assert_eq!((result.trades[1].entry_price, result.trades[1].entry_time), (1.105, at(2)));
}

#[test]
fn a5_the_same_volume_the_other_way_leaves_nothing() {
    let result = run(&netting(), eurusd(&[QUIET; 4]), &[long(at(0)), short(at(1))]);
    assert_eq!(exits(&result), [("signal", 1.1)]);
    assert!(result.open_positions.is_empty());
}

#[test]
fn a6_a_partial_close_makes_a_trade_of_its_own() {
    let series = bars("EURUSD", &[QUIET, QUIET, flat(1.105), flat(1.11)], 0.0);
    let result = run(&config(), series, &[long(at(0)), close(at(1)).fraction(0.25)]);
    let parts: Vec<_> = result.trades.iter().map(|trade| (trade.ticket, trade.volume, trade.exit_price)).collect();
    assert_eq!(parts, [(1, 0.25, 1.105), (1, 0.75, 1.11)]);
    assert_near(result.trades[0].result, 125.0);
    assert_near(result.trades[1].result, 750.0);
}

#[test]
fn a6_the_part_goes_down_to_the_grid() {
    let result = run(&config(), eurusd(&[QUIET; 4]), &[long(at(0)).volume(0.07), close(at(1)).fraction(0.5)]);
    let volumes: Vec<f64> = result.trades.iter().map(|trade| trade.volume).collect();
    assert_eq!(volumes, [0.03, 0.04]);
}

#[test]
fn a6_all_closes_where_the_part_would_be_too_small() {
    let result = run(&config(), eurusd(&[QUIET; 5]), &[long(at(0)).volume(0.03), close(at(1)).fraction(0.3)]);
    assert_eq!((only(&result).volume, only(&result).exit_time), (0.03, at(2)));
}

#[test]
fn a6_all_closes_where_the_rest_would_be_too_small() {
    let mut config = config();
    (config.instruments[0].volume_min, config.instruments[0].volume_step) = (0.1, 0.01);
    let result = run(&config, eurusd(&[QUIET; 5]), &[long(at(0)).volume(0.3), close(at(1)).fraction(0.7)]);
    // 0.21 would leave 0.09.
    assert_eq!((only(&result).volume, only(&result).exit_time), (0.3, at(2)));
}

#[test]
fn a6_a_second_fraction_is_of_what_is_left() {
    let signals = [long(at(0)), close(at(1)).fraction(0.5), close(at(2)).fraction(0.5)];
    let result = run(&config(), eurusd(&[QUIET; 6]), &signals);
    let volumes: Vec<f64> = result.trades.iter().map(|trade| trade.volume).collect();
    assert_eq!(volumes, [0.5, 0.25, 0.25]);
}

#[test]
fn a6_the_entry_commission_is_split_by_volume_and_the_last_part_takes_the_rest() {
    let mut config = config();
    config.costs.commission = per_lot(10.0);
    let result = run(&config, eurusd(&[QUIET; 5]), &[long(at(0)), close(at(1)).fraction(0.3)]);
    // 3 of the entry and 3 of its own exit, then 7 and 7.
    let fees: Vec<f64> = result.trades.iter().map(|trade| trade.commission).collect();
    assert_eq!(fees, [6.0, 14.0]);
}

#[test]
fn a6_what_is_left_stays_open() {
    let mut config = config();
    config.rules.end_of_data = EndOfData::Keep;
    let result = run(&config, eurusd(&[QUIET; 4]), &[long(at(0)), close(at(1)).fraction(0.9)]);
    assert_eq!(result.open_positions[0].volume, 0.1);
}
