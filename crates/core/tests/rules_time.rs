//! Rules T: when things happen.

mod common;

use common::*;
use omegasim_core::error::Error;
use omegasim_core::execution::rules::MarketFill;
use omegasim_core::market::bars::BarSeries;
use omegasim_core::time::{HOUR, MINUTE};

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];

#[test]
fn t1_times_are_nanoseconds_from_signal_to_trade() {
    let result = run(&config(), eurusd(&[QUIET; 3]), &[long(1_704_189_600_000_000_000)]);
    assert_eq!(only(&result).signal_time, 1_704_189_600_000_000_000);
    assert_eq!(only(&result).entry_time, 1_704_189_660_000_000_000);
}

#[test]
fn t2_the_timeframe_is_the_most_frequent_distance() {
    let times = vec![at(0), at(1), at(2), at(62), at(63)];
    let prices = side([QUIET; 5].into_iter());
    let series = BarSeries::new("EURUSD", times.into(), prices, None, None, None).unwrap();
    assert_eq!(series.timeframe(), MINUTE);
}

#[test]
fn t2_a_given_timeframe_stands() {
    let prices = side([QUIET; 2].into_iter());
    let series = BarSeries::new("EURUSD", vec![at(0), at(1)].into(), prices, None, None, Some(HOUR)).unwrap();
    assert_eq!(series.timeframe(), HOUR);
}

#[test]
fn t3_a_signal_acts_on_the_first_bar_strictly_later() {
    let result = run(&config(), eurusd(&[QUIET; 4]), &[long(at(1))]);
    assert_eq!(only(&result).entry_time, at(2));
}

#[test]
fn t3_a_signal_between_two_bars_acts_on_the_next() {
    let result = run(&config(), eurusd(&[QUIET; 4]), &[long(second(90))]);
    assert_eq!(only(&result).entry_time, at(2));
}

#[test]
fn t3_a_signal_of_longer_bars_acts_once_its_own_bar_is_over() {
    let config = config_with(|config| config.rules.signal_timeframe = Some("M5".into()));
    let result = run(&config, eurusd(&[QUIET; 8]), &[long(at(0))]);
    assert_eq!(only(&result).entry_time, at(5));
}

#[test]
fn t3_ticks_need_a_signal_timeframe() {
    let quotes = ticks("EURUSD", &[(second(0), 1.1, 1.1002), (second(1), 1.1, 1.1002)]);
    let refused = try_run(&config(), quotes, &[long(second(0))]);
    assert_eq!(refused, Err(Error::MissingSignalTimeframe { symbol: "EURUSD".into() }));
}

#[test]
fn t3_a_signal_known_at_a_tick_acts_on_the_first_tick_strictly_later() {
    let quotes = ticks("EURUSD", &[(second(0), 1.1, 1.1002), (second(1), 1.1003, 1.1005), (second(2), 1.2, 1.2002)]);
    let result = run(&on_ticks(), quotes, &[long(second(0))]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (second(1), 1.1005));
}

#[test]
fn t3_a_signal_of_bars_acts_on_the_first_tick_at_or_after_its_bars_end() {
    let config = config_with(|config| config.rules.signal_timeframe = Some("M1".into()));
    let rows = [(0, 1.1, 1.1002), (59, 1.1, 1.1002), (60, 1.1003, 1.1005), (61, 1.2, 1.2002)];
    let quotes = ticks("EURUSD", &rows.map(|(time, bid, ask)| (second(time), bid, ask)));
    let result = run(&config, quotes, &[long(at(0))]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (second(60), 1.1005));
}

#[test]
fn t4_bar_times_rise_strictly() {
    let both = [(QUIET, QUIET); 3];
    let refused = timed("EURUSD", vec![at(0), at(1), at(1)], &both, MINUTE);
    let expected = Error::BarsOutOfOrder { symbol: "EURUSD".into(), row: 2, time: at(1), previous: at(1) };
    assert_eq!(refused, Err(expected));
}

#[test]
fn t4_tick_times_never_fall() {
    let refused = try_ticks("EURUSD", &[(second(5), 1.1, 1.1002), (second(4), 1.1, 1.1002)]);
    let expected = Error::TicksOutOfOrder { symbol: "EURUSD".into(), row: 1, time: second(4), previous: second(5) };
    assert_eq!(refused, Err(expected));
}

#[test]
fn t4_ticks_of_one_time_act_in_row_order() {
    let rows = [(0, 1.1, 1.1002), (1, 1.1, 1.1002), (2, 1.0990, 1.0992), (2, 1.1010, 1.1012)];
    let quotes = ticks("EURUSD", &rows.map(|(time, bid, ask)| (second(time), bid, ask)));
    let result = run(&on_ticks(), quotes, &[long(second(0)).stop_loss(1.0990).take_profit(1.1010)]);
    assert_eq!(exits(&result), [("stop_loss", 1.0990)]);
}

#[test]
fn t5_the_open_of_all_symbols_comes_before_the_inside_of_any() {
    let falling = [1.1, 1.1, 1.0980, 1.0985];
    let symbols = vec![market(eurusd(&[QUIET, falling])), market(bars("GBPUSD", &[flat(1.3), flat(1.3)], SPREAD))];
    let result = run_market(&config(), symbols, &[buy_limit(at(0), 1.0990), long(at(0)).of_symbol(1)]);
    let expected = [("accepted", 1), ("accepted", 2), ("filled", 2), ("triggered", 1), ("filled", 1)];
    assert_eq!(journal(&result)[..5], expected.map(|(kind, ticket)| (kind, Some(ticket))));
}

#[test]
fn t5_symbols_take_their_turn_in_the_order_in_which_they_were_given() {
    let symbols = vec![market(bars("GBPUSD", &[flat(1.3); 3], SPREAD)), market(eurusd(&[QUIET; 3]))];
    let result = run_market(&config(), symbols, &[long(at(0)).of_symbol(1), long(at(0)).of_symbol(0)]);
    assert_eq!(result.symbols, ["GBPUSD", "EURUSD"]);
    let filled: Vec<u32> = events(&result, "filled").iter().map(|event| event.symbol).collect();
    assert_eq!(filled, [0, 1]);
}

#[test]
fn t5_a_symbol_without_a_bar_keeps_its_last_quote() {
    let pound = [(flat(1.3), flat(1.3)), (flat(1.3), flat(1.3)), (flat(1.31), flat(1.31))];
    let pound = timed("GBPUSD", vec![at(0), at(1), at(3)], &pound, MINUTE).unwrap();
    let symbols = vec![market(bars("EURUSD", &[QUIET; 4], 0.0)), market(pound)];
    let result = run_market(&config(), symbols, &[long(at(0)).of_symbol(1)]);
    assert_eq!(*result.equity.time, [at(0), at(1), at(2), at(3)]);
    assert_near(result.equity.equity[2], 1_000_000.0);
    assert_near(result.equity.equity[3], 1_001_000.0);
}

#[test]
fn t6_what_happens_inside_a_bar_has_the_bars_time() {
    let falling = [1.1, 1.1, 1.0940, 1.0945];
    let result = run(&config(), eurusd(&[QUIET, QUIET, falling, flat(1.0945)]), &[long(at(0)).stop_loss(1.0950)]);
    assert_eq!(only(&result).exit_time, at(2));
}

#[test]
fn t6_an_equity_row_shows_the_state_after_its_bar() {
    let rising = [1.1, 1.1060, 1.1, 1.1052];
    let result = run(&config(), eurusd(&[QUIET, rising, flat(1.1052)]), &[long(at(0))]);
    assert_eq!(*result.equity.time, [at(0), at(1), at(2)]);
    // Bought at 1.1002, valued at the bid of 1.1052: fifty pips of ten dollars.
    assert_near(result.equity.equity[1], 1_000_500.0);
}

#[test]
fn t7_a_signal_without_later_data_ends_as_unfilled() {
    let result = run(&config(), eurusd(&[QUIET; 3]), &[long(at(2)).magic(7)]);
    let unfilled = events(&result, "unfilled");
    assert_eq!(unfilled.len(), 1);
    assert_eq!((unfilled[0].time, unfilled[0].magic, unfilled[0].ticket), (at(2), 7, None));
    assert!(result.trades.is_empty());
}

#[test]
fn t8_signal_close_fills_at_the_close_of_the_signals_bar() {
    let config = config_with(|config| config.rules.market_fill = MarketFill::SignalClose);
    let moving = [1.1, 1.1010, 1.0990, 1.1005];
    let result = run(&config, eurusd(&[QUIET, moving, flat(1.1005)]), &[long(at(1))]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (at(1), 1.1007));
}

#[test]
fn t8_signal_close_sells_at_the_bid_of_the_close() {
    let config = config_with(|config| config.rules.market_fill = MarketFill::SignalClose);
    let moving = [1.1, 1.1010, 1.0990, 1.1005];
    let result = run(&config, eurusd(&[QUIET, moving, flat(1.1005)]), &[short(at(1))]);
    assert_eq!((only(&result).entry_time, only(&result).entry_price), (at(1), 1.1005));
}

#[test]
fn t8_a_position_filled_at_the_close_lives_from_the_next_bar() {
    let config = config_with(|config| config.rules.market_fill = MarketFill::SignalClose);
    let moving = [1.1, 1.1010, 1.0990, 1.1005];
    let falling = [1.1005, 1.1005, 1.0994, 1.0996];
    let result = run(&config, eurusd(&[QUIET, moving, falling]), &[long(at(1)).stop_loss(1.0995)]);
    assert_eq!((only(&result).exit_time, only(&result).exit_price), (at(2), 1.0995));
}

#[test]
fn t8_signal_close_needs_the_bar_of_the_signal() {
    let config = config_with(|config| config.rules.market_fill = MarketFill::SignalClose);
    let refused = try_run(&config, eurusd(&[QUIET; 3]), &[long(second(90))]);
    assert_eq!(refused, Err(Error::MissingSignalBar { symbol: "EURUSD".into(), row: 0, time: second(90) }));
}
