//! Rules V: preset `legacy`.

mod common;

use common::*;
use omegasim_core::config::Config;
use omegasim_core::costs::commission::{Commission, CommissionKind};
use omegasim_core::costs::slippage::Slippage;
use omegasim_core::engine::result::RunResult;
use omegasim_core::execution::signal::Signal;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];
const RISE: Prices = [1.1, 1.11, 1.1, 1.11];
const FALL: Prices = [1.1, 1.1, 1.09, 1.09];

fn slipping() -> Config {
    let mut config = legacy();
    config.costs.slippage = Slippage::Fixed { pips: 1.0 };
    config
}

fn per_million() -> Config {
    let mut config = legacy();
    config.costs.commission = Commission { kind: CommissionKind::PerMillion, amount: 25.0, ..Commission::default() };
    config
}

fn long_at(price: f64) -> Signal {
    long(at(1)).with(|signal| signal.price = Some(price)).stop_loss(1.095)
}

fn short_at(price: f64) -> Signal {
    short(at(1)).with(|signal| signal.price = Some(price)).stop_loss(1.105)
}

/// Two quiet bars, a signal on the second, then `bar`.
fn then(config: &Config, bar: Prices, signal: Signal) -> RunResult {
    run(config, eurusd(&[QUIET, QUIET, bar]), &[signal])
}

#[test]
fn v1_a_market_signal_fills_at_once_at_its_own_price_plus_slippage() {
    let result = then(&slipping(), QUIET, long_at(1.1003));
    let position = &result.open_positions[0];
    assert_eq!((position.entry_time, position.entry_price), (at(1), 1.1003 + 0.0001));
    let result = then(&slipping(), QUIET, short_at(1.1003));
    assert_eq!(result.open_positions[0].entry_price, 1.1003 - 0.0001);
}

#[test]
fn v1_it_is_ignored_when_it_fills_at_its_stop_loss() {
    let result = then(&legacy(), FALL, long_at(1.095004));
    assert!(result.trades.is_empty() && result.open_positions.is_empty());
    assert_eq!(then(&legacy(), QUIET, long_at(1.09502)).open_positions.len(), 1);
}

#[test]
fn v2_pending_orders_trigger_on_bars_strictly_later() {
    let signal = |time| buy_limit(time, 1.095).stop_loss(1.08);
    let result = run(&legacy(), eurusd(&[QUIET, FALL, flat(1.1)]), &[signal(at(1))]);
    assert_eq!((result.orders.len(), result.open_positions.len()), (1, 0));
    let result = run(&legacy(), eurusd(&[QUIET, FALL, flat(1.1)]), &[signal(at(0))]);
    assert_eq!(result.open_positions[0].entry_time, at(1));
}

#[test]
fn v2_they_fill_at_the_level_whatever_the_open_and_without_slippage() {
    let entry = |bar, signal| then(&slipping(), bar, signal).open_positions[0].entry_price;
    assert_eq!(entry(flat(1.09), buy_limit(at(0), 1.095).stop_loss(1.08)), 1.095);
    assert_eq!(entry(flat(1.11), sell_limit(at(0), 1.105).stop_loss(1.12)), 1.105);
    assert_eq!(entry(flat(1.11), buy_stop(at(0), 1.105).stop_loss(1.08)), 1.105);
    assert_eq!(entry(flat(1.09), sell_stop(at(0), 1.095).stop_loss(1.12)), 1.095);
}

#[test]
fn v2_stops_watch_the_side_they_fill_on() {
    // The ask rises to 1.1102, the bid falls to 1.0900.
    assert_eq!(then(&legacy(), RISE, buy_stop(at(0), 1.1102).stop_loss(1.08)).open_positions.len(), 1);
    assert_eq!(then(&legacy(), FALL, sell_stop(at(0), 1.09).stop_loss(1.12)).open_positions.len(), 1);
}

#[test]
fn v2_limits_watch_the_side_they_fill_on() {
    assert_eq!(then(&legacy(), FALL, buy_limit(at(0), 1.0901).stop_loss(1.08)).orders.len(), 1);
    assert_eq!(then(&legacy(), FALL, buy_limit(at(0), 1.0902).stop_loss(1.08)).open_positions.len(), 1);
    assert_eq!(then(&legacy(), RISE, sell_limit(at(0), 1.11).stop_loss(1.12)).open_positions.len(), 1);
}

#[test]
fn v3_exits_are_looked_for_on_bars_strictly_later() {
    let result = run(&legacy(), eurusd(&[QUIET, FALL, flat(1.1)]), &[long_at(1.1)]);
    assert_eq!(result.open_positions.len(), 1);
}

#[test]
fn v3_half_a_pip_of_buffer_on_every_exit() {
    let low = |price: f64| [1.1, 1.1, price, 1.1];
    let high = |price: f64| [1.1, price, 1.1, 1.1];
    assert_eq!(exits(&then(&legacy(), low(1.09504), long_at(1.1))), [("stop_loss", 1.095)]);
    assert!(then(&legacy(), low(1.09506), long_at(1.1)).trades.is_empty());
    assert_eq!(exits(&then(&legacy(), high(1.10496), long_at(1.1).take_profit(1.105))), [("take_profit", 1.105)]);
    assert!(then(&legacy(), high(1.10494), long_at(1.1).take_profit(1.105)).trades.is_empty());
    // A short looks at the ask, two pips higher.
    assert_eq!(exits(&then(&legacy(), high(1.10476), short_at(1.1))), [("stop_loss", 1.105)]);
    assert!(then(&legacy(), high(1.10474), short_at(1.1)).trades.is_empty());
    assert_eq!(exits(&then(&legacy(), low(1.09484), short_at(1.1).take_profit(1.095))), [("take_profit", 1.095)]);
    assert!(then(&legacy(), low(1.09486), short_at(1.1).take_profit(1.095)).trades.is_empty());
}

#[test]
fn v3_the_stop_loss_comes_first_and_fills_at_its_level_in_a_gap() {
    assert_eq!(
        exits(&then(&legacy(), [1.09, 1.11, 1.09, 1.1], long_at(1.1).take_profit(1.105))),
        [("stop_loss", 1.095)]
    );
    assert!(!then(&legacy(), flat(1.09), long_at(1.1)).trades[0].gap);
}

#[test]
fn v4_in_the_bar_of_the_trigger_the_stop_loss_counts_as_always() {
    let result = then(&legacy(), [1.1, 1.11, 1.1, 1.11], buy_stop(at(0), 1.105).stop_loss(1.1));
    assert_eq!((exits(&result), only(&result).entry_time), (vec![("stop_loss", 1.1)], at(2)));
}

#[test]
fn v4_the_take_profit_counts_after_a_stop_entry() {
    let result = then(&legacy(), [1.1, 1.11, 1.1, 1.1], buy_stop(at(0), 1.105).stop_loss(1.08).take_profit(1.108));
    assert_eq!(exits(&result), [("take_profit", 1.108)]);
}

#[test]
fn v4_after_a_limit_entry_the_bar_has_to_close_strictly_beyond_it() {
    let signal = || buy_limit(at(0), 1.095).stop_loss(1.08).take_profit(1.1);
    assert!(then(&legacy(), [1.1, 1.11, 1.09, 1.1], signal()).trades.is_empty());
    assert_eq!(exits(&then(&legacy(), [1.1, 1.11, 1.09, 1.10001], signal())), [("take_profit", 1.1)]);
    let signal = || sell_limit(at(0), 1.105).stop_loss(1.12).take_profit(1.1);
    assert!(then(&legacy(), [1.1, 1.11, 1.09, 1.0998], signal()).trades.is_empty());
    assert_eq!(exits(&then(&legacy(), [1.1, 1.11, 1.09, 1.09979], signal())), [("take_profit", 1.1)]);
}

#[test]
fn v5_exit_slippage_goes_in_the_direction_of_the_entry() {
    assert_eq!(exits(&then(&slipping(), FALL, long_at(1.1))), [("stop_loss", 1.095 + 0.0001)]);
    assert_eq!(exits(&then(&slipping(), RISE, long_at(1.1).take_profit(1.105))), [("take_profit", 1.105 + 0.0001)]);
    assert_eq!(exits(&then(&slipping(), RISE, short_at(1.1))), [("stop_loss", 1.105 - 0.0001)]);
}

#[test]
fn v5_prices_are_not_rounded() {
    let mut config = legacy();
    config.costs.slippage = Slippage::Fixed { pips: 0.123 };
    let result = then(&config, QUIET, long_at(1.1));
    assert_eq!(result.open_positions[0].entry_price, 1.1 + 0.123 * 0.0001);
}

#[test]
fn v6_volume_goes_down_to_the_grid_between_its_limits() {
    let volume = |risk: f64| {
        let mut config = legacy();
        config.instruments[0].volume_max = 0.5;
        then(&config, QUIET, long_at(1.1).risk(risk)).open_positions[0].volume
    };
    // Fifty pips of ten dollars: 0.208, 0.002 and 2 lots.
    assert_eq!([volume(104.0), volume(1.0), volume(1000.0)], [0.2, 0.01, 0.5]);
}

#[test]
fn v6_tick_value_over_tick_size_is_the_unit() {
    let mut config = legacy();
    config.instruments[0].tick_value = Some(2.0);
    assert_eq!(then(&config, QUIET, long_at(1.1).risk(104.0)).open_positions[0].volume, 0.1);
}

#[test]
fn v7_fees_are_booked_unrounded_with_the_fill_price() {
    let result = then(&per_million(), FALL, long_at(1.1).volume(0.2));
    let fees: Vec<f64> = events(&result, "commission").iter().map(|event| -event.amount.unwrap()).collect();
    assert_eq!(fees, [0.2 * 100_000.0 * 1.1 / 1e6 * 25.0, 0.2 * 100_000.0 * 1.095 / 1e6 * 25.0]);
}

#[test]
fn v7_at_least_the_minimum_and_no_event_where_there_is_none() {
    let mut config = per_million();
    config.costs.commission.min_fee = 3.0;
    let result = then(&config, FALL, long_at(1.1).volume(0.2));
    assert_eq!(events(&result, "commission").iter().map(|event| event.amount).collect::<Vec<_>>(), [Some(-3.0); 2]);
    assert!(events(&then(&legacy(), FALL, long_at(1.1)), "commission").is_empty());
}

#[test]
fn v8_the_result_is_r_times_the_risk() {
    // Won a hundred pips on fifty of risk, whatever the volume.
    let result = then(&legacy(), RISE, long_at(1.1).take_profit(1.11).volume(7.0).risk(100.0));
    assert_near(only(&result).r_multiple, 2.0);
    assert_near(only(&result).result, 200.0);
    assert_near(result.balance, 1_000_200.0);
}

#[test]
fn v8_a_short_wins_in_its_direction() {
    let result = then(&legacy(), FALL, short_at(1.1).take_profit(1.095));
    assert_near(only(&result).r_multiple, 1.0);
}

#[test]
fn v8_open_positions_have_no_value_in_the_equity() {
    let result = run(&legacy(), eurusd(&[QUIET, QUIET, flat(1.098), flat(1.097)]), &[long_at(1.1)]);
    assert_eq!(result.equity.equity, [1_000_000.0; 4]);
    assert_eq!(result.open_positions.len(), 1);
}

#[test]
fn v9_without_ask_shorts_use_bid_and_buy_orders_never_trigger() {
    let signals = [buy_limit(at(0), 1.095).stop_loss(1.08), sell_limit(at(0), 1.1).stop_loss(1.105).take_profit(1.095)];
    let result = run(&legacy(), bid_only(&[QUIET, QUIET, [1.1, 1.1, 1.095, 1.095]]), &signals);
    assert_eq!(exits(&result), [("take_profit", 1.095)]);
    assert_eq!(result.orders.len(), 1);
}

#[test]
fn v10_one_pass_a_bar_in_signal_order_trigger_before_exit() {
    let signals = [sell_limit(at(0), 1.102).stop_loss(1.105), long_at(1.1).take_profit(1.105)];
    let result = run(&legacy(), eurusd(&[QUIET, QUIET, RISE]), &signals);
    assert_eq!(journal_at(&result, at(2)), [("triggered", 1), ("filled", 1), ("closed", 1), ("closed", 2)]);
}

#[test]
fn v10_the_fee_goes_before_the_result() {
    let result = then(&per_million(), FALL, long_at(1.1).volume(0.2));
    assert_eq!(journal_at(&result, at(2)), [("commission", 1), ("closed", 1)]);
}
