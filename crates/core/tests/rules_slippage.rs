//! Rules L: how much worse than the quote a fill is.

mod common;

use common::*;
use omegasim_core::config::Config;
use omegasim_core::costs::random::uniform;
use omegasim_core::costs::slippage::Slippage;
use omegasim_core::time::MINUTE;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];
const RISE: Prices = [1.1, 1.11, 1.1, 1.11];
const FALL: Prices = [1.1, 1.1, 1.09, 1.09];

fn slipping(slippage: Slippage) -> Config {
    config_with(|config| config.costs.slippage = slippage)
}

fn one_pip() -> Config {
    slipping(Slippage::Fixed { pips: 1.0 })
}

#[test]
fn l1_market_opens_and_closes_slip() {
    let result = run(&one_pip(), eurusd(&[QUIET; 4]), &[long(at(0)), close(at(1))]);
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.1003, 1.0999));
}

#[test]
fn l1_stop_entries_and_stop_losses_slip() {
    let series = eurusd(&[QUIET, QUIET, RISE, [1.11, 1.11, 1.09, 1.09]]);
    let result = run(&one_pip(), series, &[buy_stop(at(0), 1.105).stop_loss(1.0975)]);
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.1053, 1.0974));
}

#[test]
fn l1_timeouts_slip() {
    let result = run(&one_pip(), eurusd(&[QUIET; 4]), &[long(at(0)).max_holding(MINUTE)]);
    assert_eq!(exits(&result), [("timeout", 1.0999)]);
}

#[test]
fn l1_stop_outs_slip() {
    let mut config = one_pip();
    config.account.balance = 4000.0;
    let result = run(&config, eurusd(&[QUIET, QUIET, [1.1, 1.1, 1.07, 1.07], flat(1.07)]), &[long(at(0))]);
    assert_eq!(exits(&result), [("stop_out", 1.0699)]);
}

#[test]
fn l1_limits_and_take_profits_do_not_slip() {
    let signal = buy_limit(at(0), 1.095).take_profit(1.105);
    let result = run(&one_pip(), eurusd(&[QUIET, QUIET, FALL, [1.09, 1.11, 1.09, 1.11]]), &[signal]);
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.095, 1.105));
}

#[test]
fn l1_slippage_on_limits_adds_them() {
    let mut config = one_pip();
    config.rules.slippage_on_limits = true;
    let signal = buy_limit(at(0), 1.095).take_profit(1.105);
    let result = run(&config, eurusd(&[QUIET, QUIET, FALL, [1.09, 1.11, 1.09, 1.11]]), &[signal]);
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.0951, 1.1049));
}

#[test]
fn l1_the_end_of_the_data_does_not_slip() {
    let result = run(&one_pip(), eurusd(&[QUIET; 3]), &[long(at(0))]);
    assert_eq!(exits(&result), [("end_of_data", 1.1)]);
}

#[test]
fn l2_sellers_get_less_and_buyers_pay_more() {
    let result = run(&one_pip(), eurusd(&[QUIET; 4]), &[short(at(0)), close(at(1))]);
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.0999, 1.1003));
}

#[test]
fn l3_uniform_is_a_fixed_part_and_a_random_one() {
    let mut config = slipping(Slippage::Uniform { fixed_pips: 0.5, random_pips: 2.0 });
    config.seed = 42;
    let time = 1_704_276_000_000_000_000;
    let still = (QUIET, flat(1.1002));
    let times = vec![time, time + MINUTE, time + 2 * MINUTE];
    let series = timed("EURUSD", times, &[still; 3], MINUTE).unwrap();
    let result = run(&config, series, &[long(time)]);
    // u = 0.812...: 0.5 + 1.624 = 2.124 pips on 1.1002, up to the grid.
    assert_eq!(only(&result).entry_price, 1.10042);
}

#[test]
fn l3_volatility_is_a_part_of_the_bid_bar_before() {
    let config = slipping(Slippage::Volatility { factor: 0.1 });
    let series = eurusd(&[[1.1, 1.101, 1.099, 1.1], QUIET, QUIET]);
    assert_eq!(only(&run(&config, series, &[long(at(0))])).entry_price, 1.1004);
}

#[test]
fn l3_volatility_is_nothing_on_the_first_bar() {
    let config = slipping(Slippage::Volatility { factor: 0.1 });
    let series = eurusd(&[[1.1, 1.101, 1.099, 1.1], QUIET]);
    assert_eq!(only(&run(&config, series, &[long(at(-1))])).entry_price, 1.1002);
}

#[test]
fn l3_spread_is_that_of_the_open_for_fills_at_the_open() {
    let config = slipping(Slippage::Spread { factor: 0.5 });
    let result = run(&config, eurusd(&[QUIET; 3]), &[long(at(0))]);
    assert_eq!(only(&result).entry_price, 1.1003);
}

#[test]
fn l3_spread_is_that_of_the_extreme_that_touched() {
    let config = slipping(Slippage::Spread { factor: 0.5 });
    // Six pips at the low: three of slippage on the stop loss.
    let fall = ([1.1, 1.1, 1.09, 1.09], [1.1002, 1.1002, 1.0906, 1.0906]);
    let still = (QUIET, flat(1.1002));
    let result = run(&config, two_sided("EURUSD", &[still, still, fall]), &[long(at(0)).stop_loss(1.095)]);
    assert_eq!(exits(&result), [("stop_loss", 1.0947)]);
}

#[test]
fn l4_vectors() {
    assert_eq!(uniform(42, &[1, 0]), 0.577_125_795_355_946);
    assert_eq!(uniform(42, &[0, 1_704_276_000_000_000_000, 0, 0]), 0.812_024_512_522_436_7);
}

#[test]
fn l4_the_slippage_of_a_trade_does_not_depend_on_what_else_happens() {
    let config = slipping(Slippage::Uniform { fixed_pips: 0.0, random_pips: 50.0 });
    let alone = run(&config, eurusd(&[QUIET; 5]), &[long(at(1)), close(at(2))]);
    let signals = [long(at(0)).magic(1), short(at(0)).magic(2), long(at(1)), long(at(1)).magic(3), close(at(2))];
    let among = run(&config, eurusd(&[QUIET; 5]), &signals);
    let same = among.trades.iter().find(|trade| trade.magic == 0).unwrap();
    assert_eq!((same.entry_price, same.exit_price), (only(&alone).entry_price, only(&alone).exit_price));
}

#[test]
fn l4_the_seed_and_the_ordinal_change_the_number() {
    let price = |seed: u64| {
        let mut config = slipping(Slippage::Uniform { fixed_pips: 0.0, random_pips: 50.0 });
        config.seed = seed;
        let result = run(&config, eurusd(&[QUIET; 3]), &[long(at(0)), long(at(0))]);
        result.trades.iter().map(|trade| trade.entry_price).collect::<Vec<_>>()
    };
    assert_ne!(price(1)[0], price(2)[0]);
    assert_ne!(price(1)[0], price(1)[1]);
}

#[test]
fn l5_a_slipped_price_goes_to_the_grid_away_from_the_trader() {
    let config = slipping(Slippage::Fixed { pips: 0.15 });
    let result = run(&config, eurusd(&[QUIET; 4]), &[long(at(0)), close(at(1))]);
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.10022, 1.09998));
}

#[test]
fn l5_without_slippage_the_quote_stays_as_it_is() {
    let still = (flat(1.100003), flat(1.100203));
    let result = run(&config(), two_sided("EURUSD", &[still; 3]), &[long(at(0))]);
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.100203, 1.100003));
}

#[test]
fn l6_a_delay_counts_whole_bars() {
    let config = config_with(|config| config.rules.delay = 2);
    assert_eq!(only(&run(&config, eurusd(&[QUIET; 6]), &[long(at(0))])).entry_time, at(3));
}

#[test]
fn l6_a_delay_on_ticks_counts_milliseconds() {
    let mut config = on_ticks();
    config.rules.delay = 1500;
    let rows = [0, 1000, 1500, 1501, 2000].map(|time| (START + time * 1_000_000, 1.1, 1.1002));
    let result = run(&config, ticks("EURUSD", &rows), &[long(START)]);
    // Known a nanosecond after its time, so the tick just 1,500 ms later is too early.
    assert_eq!(only(&result).entry_time, START + 1_501_000_000);
}
