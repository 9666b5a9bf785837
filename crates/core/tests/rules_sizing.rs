//! Rules Z: from risk to lots.

mod common;

use common::*;
use omegasim_core::config::Config;
use omegasim_core::costs::slippage::Slippage;
use omegasim_core::execution::signal::Signal;
use omegasim_core::execution::sizing::{BelowMin, PercentOf, SizingKind};

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];

fn sized(kind: SizingKind, amount: f64) -> Config {
    config_with(|config| config.sizing = sizing(kind, amount))
}

fn volume(config: &Config, signal: Signal) -> f64 {
    only(&run(config, eurusd(&[QUIET; 4]), &[signal])).volume
}

/// Fifty pips below the ask: a lot loses five hundred dollars.
fn fifty_pips() -> Signal {
    long(at(0)).stop_loss(1.0952)
}

#[test]
fn z1_fixed_lots() {
    assert_eq!(volume(&sized(SizingKind::FixedLots, 0.37), long(at(0))), 0.37);
}

#[test]
fn z1_risk_amount() {
    assert_eq!(volume(&sized(SizingKind::RiskAmount, 100.0), fifty_pips()), 0.2);
}

#[test]
fn z1_risk_percent_of_the_balance() {
    // One percent of a million is ten thousand: twenty lots.
    assert_eq!(volume(&sized(SizingKind::RiskPercent, 1.0), fifty_pips()), 20.0);
}

#[test]
fn z1_risk_percent_of_equity_counts_open_profit() {
    let mut config = sized(SizingKind::RiskPercent, 1.0);
    config.sizing.of = PercentOf::Equity;
    // Ten lots bought at 1.1002 stand at 1.0902 when the second order is sized: 10,000 less.
    let signals = [long(at(0)).volume(10.0), long(at(1)).stop_loss(1.0854)];
    let result = run(&config, eurusd(&[QUIET, QUIET, flat(1.0902), flat(1.0902)]), &signals);
    assert_eq!(result.trades[1].volume, 19.8);
}

#[test]
fn z1_notional_is_money_over_the_price_of_a_lot() {
    assert_eq!(volume(&sized(SizingKind::Notional, 220_040.0), long(at(0))), 2.0);
}

#[test]
fn z1_equity_fraction_is_a_notional_of_a_part_of_equity() {
    assert_eq!(volume(&sized(SizingKind::EquityFraction, 0.22004), long(at(0))), 2.0);
}

#[test]
fn z1_a_signals_volume_and_risk_override_the_run() {
    assert_eq!(volume(&sized(SizingKind::RiskAmount, 100.0), fifty_pips().volume(0.05)), 0.05);
    assert_eq!(volume(&sized(SizingKind::RiskAmount, 100.0), fifty_pips().risk(300.0)), 0.6);
    assert_eq!(volume(&sized(SizingKind::FixedLots, 1.0), fifty_pips().risk(300.0)), 0.6);
}

#[test]
fn z2_tick_value_is_the_money_of_a_tick() {
    let mut config = sized(SizingKind::RiskAmount, 100.0);
    config.instruments[0].tick_value = Some(2.0);
    // Five hundred ticks of two dollars.
    assert_eq!(volume(&config, fifty_pips()), 0.1);
}

#[test]
fn z2_a_market_order_is_sized_at_the_quote_before_slippage() {
    let mut config = sized(SizingKind::RiskAmount, 100.0);
    config.costs.slippage = Slippage::Fixed { pips: 25.0 };
    assert_eq!(volume(&config, fifty_pips()), 0.2);
}

#[test]
fn z2_a_pending_order_is_sized_at_its_price() {
    let rise = [1.1, 1.11, 1.1, 1.11];
    let config = sized(SizingKind::RiskAmount, 100.0);
    let result = run(&config, eurusd(&[QUIET, QUIET, rise, flat(1.11)]), &[buy_stop(at(0), 1.105).stop_loss(1.0955)]);
    // 95 pips from 1.1050, though it fills at 1.1052: 100 / 950 = 0.105 lots.
    assert_eq!((only(&result).entry_price, only(&result).volume), (1.1052, 0.1));
}

#[test]
fn z2_a_pending_order_is_sized_when_it_fills() {
    let config = sized(SizingKind::RiskPercent, 1.0);
    // Ten lots lose a hundred pips before the limit fills: one percent of 990,000 over fifty pips.
    let signals = [long(at(0)).volume(10.0), buy_limit(at(0), 1.088).stop_loss(1.083), close(at(1))];
    let series = eurusd(&[QUIET, QUIET, flat(1.0902), [1.0902, 1.0902, 1.087, 1.088]]);
    let result = run(&config, series, &signals);
    assert_eq!(result.trades[1].volume, 19.8);
}

#[test]
fn z2_a_stop_limit_is_sized_at_its_limit_price() {
    let config = sized(SizingKind::RiskAmount, 100.0);
    let rise = [1.1, 1.106, 1.1, 1.106];
    let fall = [1.106, 1.106, 1.103, 1.103];
    let signal = buy_stop_limit(at(0), 1.105, 1.104).stop_loss(1.099);
    assert_eq!(only(&run(&config, eurusd(&[QUIET, QUIET, rise, fall]), &[signal])).volume, 0.2);
}

#[test]
fn z3_volume_goes_down_to_the_grid() {
    let mut config = sized(SizingKind::FixedLots, 0.49);
    (config.instruments[0].volume_min, config.instruments[0].volume_step) = (0.1, 0.05);
    assert_eq!(volume(&config, long(at(0))), 0.45);
}

#[test]
fn z3_noise_costs_no_step() {
    // 0.1 + 0.2 is a little more than 0.3, and 0.29 / 0.01 a little less than 29.
    assert_eq!(volume(&sized(SizingKind::FixedLots, 0.1 + 0.2), long(at(0))), 0.3);
    assert_eq!(volume(&sized(SizingKind::FixedLots, 0.29), long(at(0))), 0.29);
}

#[test]
fn z3_a_sized_volume_is_cut_at_the_most() {
    let mut config = sized(SizingKind::FixedLots, 7.0);
    config.instruments[0].volume_max = 5.0;
    assert_eq!(volume(&config, long(at(0))), 5.0);
}

#[test]
fn z3_an_explicit_volume_above_the_most_is_rejected() {
    let config = config_with(|config| config.instruments[0].volume_max = 5.0);
    let result = run(&config, eurusd(&[QUIET; 3]), &[long(at(0)).volume(5.01)]);
    assert_eq!(rejections(&result), ["volume_too_large"]);
}

#[test]
fn z4_a_sized_volume_below_the_least_is_rejected() {
    let config = sized(SizingKind::RiskAmount, 4.99);
    let result = run(&config, eurusd(&[QUIET; 3]), &[fifty_pips()]);
    assert_eq!(rejections(&result), ["volume_too_small"]);
}

#[test]
fn z4_or_raised_to_the_least() {
    let mut config = sized(SizingKind::RiskAmount, 4.99);
    config.sizing.below_min = BelowMin::Min;
    assert_eq!(volume(&config, fifty_pips()), 0.01);
}

#[test]
fn z5_risk_is_what_the_initial_stop_loss_costs_from_the_real_fill() {
    let mut config = sized(SizingKind::RiskAmount, 100.0);
    config.costs.slippage = Slippage::Fixed { pips: 10.0 };
    let result = run(&config, eurusd(&[QUIET; 3]), &[fifty_pips()]);
    // Sixty pips on 0.2 lots.
    assert_near(only(&result).risk, 120.0);
    assert_eq!(only(&result).risk_per_trade, 100.0);
}

#[test]
fn z5_where_no_risk_was_asked_for_risk_per_trade_is_the_risk() {
    let result = run(&config(), eurusd(&[QUIET; 3]), &[fifty_pips()]);
    assert_near(only(&result).risk, 500.0);
    assert_near(only(&result).risk_per_trade, 500.0);
}

#[test]
fn z5_a_partial_close_carries_its_share_of_both() {
    let config = sized(SizingKind::RiskAmount, 1000.0);
    let result = run(&config, eurusd(&[QUIET; 5]), &[fifty_pips(), close(at(1)).fraction(0.25)]);
    let shares: Vec<f64> = result.trades.iter().map(|trade| trade.risk_per_trade).collect();
    assert_eq!(shares, [250.0, 750.0]);
    assert_near(result.trades[0].risk, 250.0);
    assert_near(result.trades[1].risk, 750.0);
}
