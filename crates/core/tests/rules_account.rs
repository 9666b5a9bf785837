//! Rules A1 to A4: results, margin, stop-outs and equity.

mod common;

use common::*;
use omegasim_core::config::Config;
use omegasim_core::execution::rules::MarginCheck;
use omegasim_core::portfolio::equity::EquityMode;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];

fn with_balance(balance: f64) -> Config {
    config_with(|config| config.account.balance = balance)
}

#[test]
fn a1_the_result_is_the_difference_times_volume_times_contract_size() {
    let series = || eurusd(&[QUIET, QUIET, flat(1.105)]);
    assert_near(only(&run(&config(), series(), &[long(at(0)).volume(2.0)])).result, 960.0);
    assert_near(only(&run(&config(), series(), &[short(at(0)).volume(2.0)])).result, -1040.0);
}

#[test]
fn a1_tick_value_over_tick_size_stands_for_the_contract_size() {
    let config = config_with(|config| config.instruments[0].tick_value = Some(0.5));
    let result = run(&config, eurusd(&[QUIET, QUIET, flat(1.105)]), &[long(at(0))]);
    // 480 ticks of half a dollar.
    assert_near(only(&result).result, 240.0);
}

#[test]
fn a1_net_is_the_result_less_commission() {
    let config = config_with(|config| config.costs.commission = per_lot(3.5));
    let result = run(&config, eurusd(&[QUIET, QUIET, flat(1.105)]), &[long(at(0))]);
    assert_near(only(&result).result, 480.0);
    assert_near(only(&result).net, 473.0);
}

#[test]
fn a2_the_r_multiple_is_the_result_over_the_risk_asked_for() {
    let signal = long(at(0)).stop_loss(1.0952).risk(1000.0);
    let result = run(&config(), eurusd(&[QUIET, QUIET, flat(1.1102)]), &[signal]);
    // Two lots, a hundred pips: 2,000 dollars on 1,000.
    assert_near(only(&result).r_multiple, 2.0);
}

#[test]
fn a2_without_risk_the_r_multiple_is_nothing() {
    let result = run(&config(), eurusd(&[QUIET, QUIET, flat(1.11)]), &[long(at(0))]);
    assert_eq!((only(&result).risk_per_trade, only(&result).r_multiple), (0.0, 0.0));
}

#[test]
fn a3_margin_is_notional_at_the_entry_over_leverage() {
    let result = run(&config(), eurusd(&[QUIET, QUIET, flat(1.2)]), &[long(at(0)).volume(3.0)]);
    assert_near(result.equity.margin[1], 11_002.0);
}

#[test]
fn a3_a_new_position_needs_its_margin_free() {
    // A lot at 1.1002 binds 3,667.33.
    let refused = run(&with_balance(3667.0), eurusd(&[QUIET; 3]), &[long(at(0))]);
    assert_eq!(rejections(&refused), ["insufficient_margin"]);
    let carried = run(&with_balance(3668.0), eurusd(&[QUIET; 3]), &[long(at(0))]);
    assert_eq!(carried.trades.len(), 1);
}

#[test]
fn a3_a_pending_order_needs_its_margin_at_the_fill() {
    let fall = [1.1, 1.1, 1.09, 1.09];
    let result = run(&with_balance(3000.0), eurusd(&[QUIET, QUIET, fall]), &[buy_limit(at(0), 1.095)]);
    assert_eq!(journal_at(&result, at(2)), [("triggered", 1), ("rejected", 1)]);
    assert_eq!((rejections(&result), result.orders.len()), (vec!["insufficient_margin"], 0));
}

#[test]
fn a3_a_new_position_needs_its_commission_too() {
    let mut config = with_balance(3668.0);
    config.costs.commission = per_lot(1.0);
    assert_eq!(rejections(&run(&config, eurusd(&[QUIET; 3]), &[long(at(0))])), ["insufficient_margin"]);
}

#[test]
fn a3_open_losses_and_used_margin_are_not_free() {
    // The first lot binds 3,667.33 and loses its spread of 20: the second needs 7,354.67 in all.
    let result = run(&with_balance(7340.0), eurusd(&[QUIET; 3]), &[long(at(0)), long(at(0))]);
    assert_eq!(rejections(&result), ["insufficient_margin"]);
    let result = run(&with_balance(7360.0), eurusd(&[QUIET; 3]), &[long(at(0)), long(at(0))]);
    assert_eq!(result.trades.len(), 2);
}

#[test]
fn a3_other_symbols_are_marked_at_this_bars_open() {
    // The second symbol falls fifty pips at the open: 500 dollars that the first, 4,000 of margin, cannot use.
    let symbols = |open: f64| {
        let second = bars("EURUSD", &[QUIET, QUIET, flat(open)], SPREAD);
        vec![market(bars("GBPUSD", &[flat(1.2); 3], 0.0)), market(second)]
    };
    let signals = [long(at(0)).of_symbol(1), long(at(1))];
    assert_eq!(run_market(&with_balance(8000.0), symbols(1.1), &signals).trades.len(), 2);
    assert_eq!(rejections(&run_market(&with_balance(8000.0), symbols(1.095), &signals)), ["insufficient_margin"]);
}

#[test]
fn a3_a_close_that_leaves_too_little_equity_closes_the_position() {
    // Half of 3,667.33 is 1,833.67: lost 2,160 it holds, lost 2,170 it does not.
    let closing = |price: f64| eurusd(&[QUIET, QUIET, [1.1, 1.1, price, price], flat(1.1)]);
    let held = run(&with_balance(4000.0), closing(1.0786), &[long(at(0))]);
    assert_eq!(exits(&held), [("end_of_data", 1.1)]);
    let closed = run(&with_balance(4000.0), closing(1.0785), &[long(at(0))]);
    assert_eq!((exits(&closed), only(&closed).exit_time), (vec![("stop_out", 1.0785)], at(2)));
}

#[test]
fn a3_a_low_that_comes_back_stops_nothing_out() {
    let series = eurusd(&[QUIET, QUIET, [1.1, 1.1, 1.06, 1.1], QUIET]);
    assert_eq!(exits(&run(&with_balance(4000.0), series, &[long(at(0))])), [("end_of_data", 1.1)]);
}

#[test]
fn a3_the_largest_loss_closes_first_and_only_until_it_holds() {
    let series = eurusd(&[QUIET, QUIET, [1.1, 1.1, 1.078, 1.078], flat(1.078)]);
    let signals = [long(at(0)).volume(0.3), long(at(0)).volume(0.6), long(at(0)).volume(0.1)];
    let result = run(&with_balance(4000.0), series, &signals);
    // All together lost 2,220 of 4,000 against half of 3,667; without the largest 1,780 stand over 1,467.
    assert_eq!(exits(&result), [("stop_out", 1.078), ("end_of_data", 1.078), ("end_of_data", 1.078)]);
    assert_eq!(result.trades[0].ticket, 2);
}

#[test]
fn a3_off_checks_nothing() {
    let mut config = with_balance(10.0);
    config.rules.margin_check = MarginCheck::Off;
    let result = run(&config, eurusd(&[QUIET, QUIET, flat(1.0)]), &[long(at(0))]);
    assert_eq!(exits(&result), [("end_of_data", 1.0)]);
}

#[test]
fn a4_the_balance_moves_in_the_order_of_the_events() {
    let mut config = with_balance(10_000.0);
    config.costs.commission = per_lot(3.0);
    let result = run(&config, eurusd(&[QUIET, QUIET, flat(1.105)]), &[long(at(0))]);
    let moves: Vec<_> = result.events.iter().map(|event| (event.kind.name(), event.balance.round())).collect();
    let expected = [("accepted", 10_000.0), ("filled", 10_000.0), ("commission", 9997.0), ("closed", 10_477.0)];
    assert_eq!(moves[..4], expected);
    assert_eq!(moves[4], ("commission", 10_474.0));
}

#[test]
fn a4_equity_is_balance_plus_open_profit_of_both_directions() {
    let series = eurusd(&[QUIET, QUIET, flat(1.105), flat(1.105)]);
    let result = run(&config(), series, &[long(at(0)).volume(2.0), short(at(0)).volume(0.5)]);
    // Long 2 from 1.1002 at the bid of 1.1050, short 0.5 from 1.1000 at the ask of 1.1052.
    assert_near(result.equity.equity[2], 1_000_000.0 + 960.0 - 260.0);
    assert_near(result.equity.balance[2], 1_000_000.0);
}

#[test]
fn a4_drawdown_counts_from_the_highest_equity_so_far() {
    let series = bars("EURUSD", &[QUIET, QUIET, flat(1.11), flat(1.105), flat(1.09)], 0.0);
    let result = run(&config(), series, &[long(at(0))]);
    let drawdown: Vec<f64> = result.equity.drawdown.iter().map(|money| money.round()).collect();
    assert_eq!(drawdown, [0.0, 0.0, 0.0, 500.0, 2000.0]);
}

#[test]
fn a4_drawdown_starts_from_the_initial_balance() {
    let result = run(&config(), eurusd(&[QUIET; 3]), &[long(at(0))]);
    assert_near(result.equity.drawdown[1], 20.0);
}

#[test]
fn a4_a_row_for_each_time_or_each_close_or_none() {
    let signals = [long(at(0)), long(at(0)), close(at(1)).ticket(2)];
    let rows = |mode| {
        let result = run_with(&config(), vec![market(eurusd(&[QUIET; 4]))], &signals, mode).unwrap();
        result.equity.time.to_vec()
    };
    assert_eq!(rows(EquityMode::Bars), [at(0), at(1), at(2), at(3)]);
    assert_eq!(rows(EquityMode::Closes), [at(2), at(3)]);
    assert!(rows(EquityMode::Off).is_empty());
}
