//! Rules C: commission and multipliers.

mod common;

use common::*;
use omegasim_core::config::Config;
use omegasim_core::costs::commission::{Commission, CommissionKind, CommissionSide};
use omegasim_core::costs::slippage::Slippage;
use omegasim_core::market::quote::Ohlc;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];

fn charging(commission: Commission) -> Config {
    config_with(|config| config.costs.commission = commission)
}

fn of_kind(kind: CommissionKind, amount: f64) -> Config {
    charging(Commission { kind, amount, ..Commission::default() })
}

/// The fees of a long bought at 1.1002 and closed at 1.1000, one event each.
fn fees(config: &Config) -> Vec<f64> {
    let result = run(config, eurusd(&[QUIET; 3]), &[long(at(0))]);
    events(&result, "commission").iter().map(|event| -event.amount.unwrap()).collect()
}

#[test]
fn c1_per_lot_on_both_sides() {
    let result = run(&charging(per_lot(3.5)), eurusd(&[QUIET; 3]), &[long(at(0)).volume(2.0)]);
    assert_eq!(only(&result).commission, 14.0);
    assert_near(only(&result).net, -54.0);
}

#[test]
fn c1_per_million_of_notional() {
    // 110,020 and 110,000 dollars of notional.
    assert_eq!(fees(&of_kind(CommissionKind::PerMillion, 500.0)), [55.01, 55.0]);
}

#[test]
fn c1_percent_of_notional() {
    assert_eq!(fees(&of_kind(CommissionKind::Percent, 0.5)), [550.1, 550.0]);
}

#[test]
fn c1_one_side_only() {
    let on = |side| charging(Commission { side, ..per_lot(3.5) });
    let times = |config| {
        let result = run(&config, eurusd(&[QUIET; 3]), &[long(at(0))]);
        events(&result, "commission").iter().map(|event| event.time).collect::<Vec<_>>()
    };
    assert_eq!(times(on(CommissionSide::Entry)), [at(1)]);
    assert_eq!(times(on(CommissionSide::Exit)), [at(2)]);
}

#[test]
fn c1_at_least_the_minimum_at_each_fill() {
    assert_eq!(fees(&charging(Commission { min_fee: 5.0, ..per_lot(3.5) })), [5.0, 5.0]);
}

#[test]
fn c1_rounds_half_away_from_zero_to_the_accounts_digits() {
    assert_eq!(fees(&charging(per_lot(3.125))), [3.13, 3.13]);
    let mut config = charging(per_lot(2.5));
    config.account.digits = 0;
    assert_eq!(fees(&config), [3.0, 3.0]);
}

#[test]
fn c1_notional_is_counted_in_tick_values_where_given() {
    let mut config = of_kind(CommissionKind::PerMillion, 500.0);
    // Two dollars a tick make a lot worth 200,000 times the price.
    config.instruments[0].tick_value = Some(2.0);
    assert_eq!(fees(&config), [110.02, 110.0]);
}

#[test]
fn c1_no_event_where_the_fee_is_nothing() {
    assert!(fees(&charging(per_lot(0.0))).is_empty());
    assert!(fees(&charging(per_lot(0.004))).is_empty());
}

#[test]
fn c2_the_cost_multiplier_comes_after_the_minimum() {
    let mut config = charging(Commission { min_fee: 5.0, ..per_lot(3.5) });
    config.costs.cost_multiplier = 1.5;
    assert_eq!(fees(&config), [7.5, 7.5]);
}

#[test]
fn c2_the_slippage_multiplier() {
    let config = config_with(|config| {
        config.costs.slippage = Slippage::Fixed { pips: 1.0 };
        config.costs.slippage_multiplier = 3.0;
    });
    assert_eq!(only(&run(&config, eurusd(&[QUIET; 3]), &[long(at(0))])).entry_price, 1.1005);
}

#[test]
fn c2_the_spread_multiplier_widens_around_the_middle() {
    let config = config_with(|config| config.costs.spread_multiplier = 3.0);
    let result = run(&config, eurusd(&[QUIET; 3]), &[long(at(0))]);
    // Middle 1.1001, three times a distance of one pip.
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.1004, 1.0998));
}

#[test]
fn c2_a_spread_multiplier_of_nothing_trades_at_the_middle() {
    let config = config_with(|config| config.costs.spread_multiplier = 0.0);
    let result = run(&config, eurusd(&[QUIET; 3]), &[long(at(0))]);
    assert_eq!((only(&result).entry_price, only(&result).exit_price), (1.1001, 1.1001));
}

#[test]
fn c2_low_and_high_become_the_extremes_of_the_four_prices() {
    // The open has ten pips of spread, the high none: five times ten pips reach beyond the high.
    let bar = ([1.1, 1.1012, 1.1, 1.1005], [1.101, 1.1012, 1.101, 1.1012]);
    let series = two_sided("EURUSD", &[bar]).with_spread_multiplier(5.0, &instrument("EURUSD"));
    // Open: middle 1.1005, distance 25 pips. Close: middle 1.10085, distance 17.5 pips.
    let widened = series.bar(0);
    assert_eq!(widened.bid, Ohlc { open: 1.098, high: 1.1012, low: 1.098, close: 1.0991 });
    assert_eq!(widened.ask, Ohlc { open: 1.103, high: 1.103, low: 1.1012, close: 1.1026 });
}
