//! Rules B, E2 and O1: the order of things in a bar, in the journal and in the table of trades.

mod common;

use common::*;
use omegasim_core::config::Config;
use omegasim_core::execution::rules::Intrabar;
use omegasim_core::time::MINUTE;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];
const RISE: Prices = [1.1, 1.11, 1.1, 1.11];
const FALL: Prices = [1.1, 1.1, 1.09, 1.09];

fn with_fees() -> Config {
    config_with(|config| config.costs.commission = per_lot(1.0))
}

#[test]
fn b2_a_due_cancel_comes_before_the_open() {
    let signals = [buy_limit(at(0), 1.095), cancel(at(1))];
    let result = run(&config(), eurusd(&[QUIET, QUIET, flat(1.09)]), &signals);
    assert_eq!(journal_at(&result, at(2)), [("cancelled", 1)]);
}

#[test]
fn b2_a_due_modify_comes_before_the_open() {
    let signals = [long(at(0)).stop_loss(1.095), modify(at(1)).stop_loss(1.085)];
    let result = run(&config(), eurusd(&[QUIET, QUIET, flat(1.09)]), &signals);
    assert_eq!(exits(&result), [("end_of_data", 1.09)]);
}

#[test]
fn b2_expired_orders_leave_before_the_open_and_after_the_requests() {
    let signals = [buy_limit(at(0), 1.095).expires(at(2)), buy_limit(at(0), 1.05).magic(1), cancel(at(1)).magic(1)];
    let result = run(&config(), eurusd(&[QUIET, QUIET, flat(1.09)]), &signals);
    assert_eq!(journal_at(&result, at(2)), [("cancelled", 2), ("expired", 1)]);
}

#[test]
fn b2_requests_go_in_row_order() {
    let signals = [buy_limit(at(0), 1.05), cancel(at(1)), modify(at(1)).stop_loss(1.04)];
    let result = run(&config(), eurusd(&[QUIET; 3]), &signals);
    assert_eq!(journal_at(&result, at(2)), [("cancelled", 1), ("no_match", 0)]);
}

#[test]
fn b3_what_stood_meets_the_open_before_a_due_close() {
    let signals = [long(at(0)).stop_loss(1.095), close(at(1))];
    let result = run(&config(), eurusd(&[QUIET, QUIET, flat(1.09)]), &signals);
    assert_eq!(exits(&result), [("stop_loss", 1.09)]);
    assert_eq!(journal_at(&result, at(2)), [("closed", 1), ("no_match", 0)]);
}

#[test]
fn b3_orders_and_positions_meet_the_open_in_ascending_ticket() {
    let signals = [buy_limit(at(0), 1.095), long(at(0)).stop_loss(1.092), buy_limit(at(0), 1.093)];
    let result = run(&config(), eurusd(&[QUIET, QUIET, flat(1.09), flat(1.09)]), &signals);
    let expected = [("triggered", 1), ("filled", 1), ("closed", 2), ("triggered", 3), ("filled", 3)];
    assert_eq!(journal_at(&result, at(2)), expected);
}

#[test]
fn b4_closes_come_before_time_stops_and_those_before_opens() {
    let signals = [long(at(0)), long(at(0)).magic(1).max_holding(MINUTE), short(at(1)), close(at(1))];
    let result = run(&config(), eurusd(&[QUIET; 4]), &signals);
    assert_eq!(journal_at(&result, at(2)), [("closed", 1), ("closed", 2), ("accepted", 3), ("filled", 3)]);
    assert_eq!(exits(&result).iter().map(|exit| exit.0).collect::<Vec<_>>(), ["signal", "timeout", "end_of_data"]);
}

#[test]
fn b4_a_new_pending_order_meets_the_open_too() {
    let result = run(&config(), eurusd(&[QUIET; 3]), &[sell_limit(at(0), 1.1)]);
    assert_eq!(journal_at(&result, at(1)), [("accepted", 1), ("triggered", 1), ("filled", 1)]);
}

#[test]
fn b5_triggers_and_exits_go_in_ascending_ticket() {
    let signals = [sell_limit(at(0), 1.108), long(at(0)).take_profit(1.102), sell_limit(at(0), 1.105)];
    let result = run(&config(), eurusd(&[QUIET, QUIET, RISE, flat(1.11)]), &signals);
    let expected = [("triggered", 1), ("filled", 1), ("closed", 2), ("triggered", 3), ("filled", 3)];
    assert_eq!(journal_at(&result, at(2)), expected);
}

#[test]
fn b6_management_comes_before_margin_and_the_equity_row_last() {
    let config = config_with(|config| (config.account.balance, config.account.stop_out_level) = (12_000.0, 0.9));
    let rise = [1.1, 1.13, 1.1, 1.13];
    let result =
        run(&config, eurusd(&[QUIET, QUIET, rise, flat(1.13)]), &[long(at(0)).trail(50.0), short(at(0)).volume(2.0)]);
    // Won 2,980 and lost 6,040: 8,940 over a margin of 11,000.67.
    assert_eq!(journal_at(&result, at(2)), [("modified", 1), ("stop_out", 2), ("closed", 2)]);
    assert_near(result.equity.balance[2], 5960.0);
    assert_near(result.equity.equity[2], 8940.0);
}

#[test]
fn b_what_left_in_a_step_is_gone_for_the_rest_of_the_bar() {
    // The bar comes back to the level of the stop loss that its open has filled.
    let signals = [long(at(0)).stop_loss(1.095).take_profit(1.105)];
    let result = run(&config(), eurusd(&[QUIET, QUIET, [1.09, 1.11, 1.09, 1.1]]), &signals);
    assert_eq!(exits(&result), [("stop_loss", 1.09)]);
}

#[test]
fn e2_a_market_entry_writes_accepted_filled_commission() {
    let result = run(&with_fees(), eurusd(&[QUIET; 3]), &[long(at(0))]);
    assert_eq!(journal_at(&result, at(1)), [("accepted", 1), ("filled", 1), ("commission", 1)]);
}

#[test]
fn e2_a_pending_entry_writes_triggered_filled_commission_then_cancelled_siblings() {
    let signals = [buy_stop(at(0), 1.105).oco(7), sell_stop(at(0), 1.095).oco(7), buy_limit(at(0), 1.05).oco(7)];
    let result = run(&with_fees(), eurusd(&[QUIET, QUIET, RISE, flat(1.11)]), &signals);
    assert_eq!(journal_at(&result, at(1)), [("accepted", 1), ("accepted", 2), ("accepted", 3)]);
    let expected = [("triggered", 1), ("filled", 1), ("commission", 1), ("cancelled", 2), ("cancelled", 3)];
    assert_eq!(journal_at(&result, at(2)), expected);
    assert!(events(&result, "cancelled").iter().all(|event| event.reason.unwrap().name() == "oco"));
}

#[test]
fn e2_an_exit_that_follows_from_a_fill_follows_its_siblings() {
    let signals = [buy_limit(at(0), 1.095).stop_loss(1.0925).oco(7), sell_stop(at(0), 1.05).oco(7)];
    let result = run(&with_fees(), eurusd(&[QUIET, QUIET, FALL]), &signals);
    let kinds: Vec<_> = journal_at(&result, at(2)).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["triggered", "filled", "commission", "cancelled", "closed", "commission"]);
}

#[test]
fn e2_an_exit_writes_closed_commission() {
    let result = run(&with_fees(), eurusd(&[QUIET, QUIET, FALL]), &[long(at(0)).stop_loss(1.095)]);
    assert_eq!(journal_at(&result, at(2)), [("closed", 1), ("commission", 1)]);
    let closed = events(&result, "closed")[0];
    assert_eq!((closed.price, closed.volume, closed.reason.unwrap().name()), (Some(1.095), Some(1.0), "stop_loss"));
    assert_near(closed.amount.unwrap(), -520.0);
}

#[test]
fn e2_a_stop_out_writes_stop_out_first() {
    let mut config = with_fees();
    config.account.balance = 4000.0;
    let result = run(&config, eurusd(&[QUIET, QUIET, flat(1.07), flat(1.07)]), &[long(at(0))]);
    assert_eq!(journal_at(&result, at(2)), [("stop_out", 1), ("closed", 1), ("commission", 1)]);
}

#[test]
fn e2_a_stop_limit_writes_triggered_once() {
    let config = intrabar(Intrabar::Ohlc);
    let bars = [QUIET, QUIET, [1.1, 1.106, 1.1, 1.1], QUIET];
    let result = run(&config, eurusd(&bars), &[buy_stop_limit(at(0), 1.105, 1.104)]);
    assert_eq!(journal_at(&result, at(2)), [("triggered", 1), ("filled", 1)]);
    assert_eq!(events(&result, "triggered")[0].price, Some(1.105));
}

#[test]
fn e2_unfilled_carries_the_last_time_of_the_run() {
    let symbols = vec![market(eurusd(&[QUIET; 2])), market(bars("GBPUSD", &[flat(1.3); 5], SPREAD))];
    let result = run_market(&config(), symbols, &[long(at(1))]);
    assert_eq!(events(&result, "unfilled")[0].time, at(4));
}

#[test]
fn e2_the_balance_is_that_after_the_event() {
    let result = run(&with_fees(), eurusd(&[QUIET; 3]), &[long(at(0))]);
    let balances: Vec<f64> = result.events.iter().map(|event| event.balance.round()).collect();
    assert_eq!(balances, [1_000_000.0, 1_000_000.0, 999_999.0, 999_979.0, 999_978.0]);
}

#[test]
fn o1_trades_are_sorted_by_exit_time_then_by_the_order_of_closing() {
    let signals =
        [long(at(0)), long(at(0)).magic(1), long(at(0)).magic(2), close(at(1)).magic(2), close(at(1)).magic(1)];
    let result = run(&config(), eurusd(&[QUIET; 4]), &signals);
    let tickets: Vec<u64> = result.trades.iter().map(|trade| trade.ticket).collect();
    assert_eq!(tickets, [3, 2, 1]);
}

#[test]
fn o1_mae_and_mfe_take_whole_bars_and_the_exit_bar_up_to_its_price() {
    let series = eurusd(&[QUIET, [1.1, 1.101, 1.099, 1.1], [1.1, 1.105, 1.098, 1.1], [1.1, 1.12, 1.09, 1.11]]);
    let result = run(&intrabar(Intrabar::Ohlc), series, &[long(at(0)).take_profit(1.106)]);
    // From 1.1002: down to 1.0980 before the last bar, up to the exit at 1.1060.
    assert_near(only(&result).mae, -220.0);
    assert_near(only(&result).mfe, 580.0);
}

#[test]
fn o1_mae_and_mfe_take_the_close_of_a_bar_that_filled_inside() {
    let series = eurusd(&[QUIET, QUIET, [1.1, 1.12, 1.09, 1.096], [1.096, 1.097, 1.0955, 1.0965]]);
    let result = run(&config(), series, &[buy_limit(at(0), 1.095)]);
    assert_near(only(&result).mae, 50.0);
    assert_near(only(&result).mfe, 200.0);
}

#[test]
fn o1_the_mae_of_a_short_counts_the_ask() {
    let series = bars("EURUSD", &[QUIET, [1.1, 1.101, 1.1, 1.1], QUIET], 0.001);
    let result = run(&config(), series, &[short(at(0))]);
    assert_near(only(&result).mae, -200.0);
    assert_near(only(&result).mfe, -100.0);
}

#[test]
fn o1_slippage_is_the_distance_from_the_quote() {
    let config = config_with(|config| {
        config.costs.slippage = omegasim_core::costs::slippage::Slippage::Fixed { pips: 3.0 };
    });
    let result = run(&config, eurusd(&[QUIET; 4]), &[long(at(0)), close(at(1))]);
    assert_near(only(&result).slippage_entry * 1e4, 3.0);
    assert_near(only(&result).slippage_exit * 1e4, 3.0);
}
