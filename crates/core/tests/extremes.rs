//! Numbers at the ends of their range: an error or a sound result, never a panic, an overflow or a hang.

mod common;

use common::*;
use omegasim_core::config::Config;
use omegasim_core::costs::slippage::Slippage;
use omegasim_core::engine::batch::SymbolMarket;
use omegasim_core::engine::result::RunResult;
use omegasim_core::error::Error;
use omegasim_core::execution::rules::Intrabar;
use omegasim_core::execution::signal::Signal;
use omegasim_core::fingerprint::fingerprint;
use omegasim_core::portfolio::metrics;
use omegasim_core::time::MINUTE;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];
const MANY: usize = 10_000;
const MODELS: [Intrabar; 7] = [
    Intrabar::Worst,
    Intrabar::Best,
    Intrabar::Ohlc,
    Intrabar::Olhc,
    Intrabar::Nearest,
    Intrabar::Candle,
    Intrabar::Drill,
];

/// Runs under every model, and sums each run up.
fn survive(config: &Config, bars: &[(Prices, Prices)], signals: &[Signal]) -> Vec<RunResult> {
    let under = |model: Intrabar| {
        let mut config = config.clone();
        config.rules.intrabar = model;
        summed_up(run(&config, two_sided("EURUSD", bars), signals))
    };
    MODELS.into_iter().map(under).collect()
}

fn summed_up(result: RunResult) -> RunResult {
    assert!(!metrics::compute(&result).values.is_empty());
    assert!(!fingerprint(&result).is_empty());
    result
}

/// Every sort of signal around a price.
fn all_sorts(price: f64) -> Vec<Signal> {
    vec![
        long(at(0)).trail(10.0).break_even(5.0),
        short(at(0)).stop_loss(price * 1.5).take_profit(price * 0.5),
        buy_limit(at(0), price * 0.9).stop_loss(price * 0.5),
        sell_limit(at(0), price * 1.1).max_holding(MINUTE),
        buy_stop(at(0), price * 1.1).oco(1),
        sell_stop(at(0), price * 0.9).oco(1),
        buy_stop_limit(at(0), price * 1.1, price),
        modify(at(1)).take_profit(price * 2.0),
        close(at(2)).fraction(0.5),
    ]
}

#[test]
fn prices_that_are_no_numbers_are_errors() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, -1.0] {
        assert!(timed("EURUSD", vec![at(0)], &[([bad; 4], QUIET)], MINUTE).is_err());
        assert!(timed("EURUSD", vec![at(0)], &[(QUIET, [bad; 4])], MINUTE).is_err());
        assert!(try_ticks("EURUSD", &[(at(0), bad, 1.1)]).is_err());
        assert!(try_ticks("EURUSD", &[(at(0), 1.1, bad)]).is_err());
    }
}

#[test]
fn settings_that_are_no_numbers_are_errors() {
    let changes: [fn(&mut Config, f64); 9] = [
        |config, bad| config.account.balance = bad,
        |config, bad| config.account.leverage = bad,
        |config, bad| config.account.stop_out_level = bad,
        |config, bad| config.instruments[0].tick_size = bad,
        |config, bad| config.instruments[0].contract_size = bad,
        |config, bad| config.instruments[0].volume_max = bad,
        |config, bad| config.sizing.amount = bad,
        |config, bad| config.costs.spread_multiplier = bad,
        |config, bad| config.costs.slippage = Slippage::Fixed { pips: bad },
    ];
    for change in changes {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0] {
            let refused = try_run(&config_with(|config| change(config, bad)), eurusd(&[QUIET]), &[]);
            assert!(matches!(refused, Err(Error::Config { .. })), "{refused:?}");
        }
    }
}

#[test]
fn the_smallest_prices() {
    let still = ([f64::from_bits(1); 4], [f64::from_bits(2); 4]);
    for result in survive(&config(), &[still; 4], &all_sorts(1e-320)) {
        // No level fits the grid above nothing; market orders without levels trade at the quote.
        assert!(result.trades.iter().all(|trade| trade.entry_price <= f64::from_bits(2)));
        assert_near(result.balance, 1_000_000.0);
    }
}

#[test]
fn the_largest_prices() {
    let huge = |factor: f64| ([1e300 * factor; 4], [1.001e300 * factor; 4]);
    for result in survive(&config(), &[huge(1.0), huge(1.0), huge(2.0), huge(0.5)], &all_sorts(1e300)) {
        assert!(rejections(&result).contains(&"insufficient_margin"));
        assert!(result.balance.is_finite());
    }
}

#[test]
fn the_whole_range_of_prices_in_one_bar() {
    let bar = [1.0, 1e300, f64::MIN_POSITIVE, 1.0];
    for result in survive(&config(), &[(QUIET, QUIET), (bar, bar), (bar, bar), (QUIET, QUIET)], &all_sorts(1.1)) {
        assert!(result.trades.iter().all(|trade| trade.exit_price > 0.0));
    }
}

#[test]
fn distances_beyond_every_price() {
    for pips in [1e300, f64::MAX] {
        let signals = [
            long(at(0)).with(|signal| signal.stop_loss_pips = Some(pips)),
            long(at(0)).trail(pips),
            short(at(0)).break_even(pips),
            long(at(0)).trail(1.0).with(|signal| signal.trail_step_pips = pips),
        ];
        for result in survive(&config(), &[(QUIET, QUIET); 4], &signals) {
            assert_eq!(rejections(&result), ["invalid_price"]);
            assert_eq!(result.trades.len(), 3);
        }
    }
}

#[test]
fn a_buffer_beyond_every_price_touches_all_exits() {
    let config = config_with(|config| config.rules.pip_buffer_factor = f64::MAX);
    for result in survive(&config, &[(QUIET, QUIET); 4], &[long(at(0)).stop_loss(1.0)]) {
        assert_eq!(exits(&result), [("stop_loss", 1.0)]);
    }
}

#[test]
fn volumes_outside_the_limits_are_rejected() {
    let series = || eurusd(&[QUIET; 3]);
    assert_eq!(rejections(&run(&config(), series(), &[long(at(0)).volume(1e-12)])), ["volume_too_small"]);
    assert_eq!(rejections(&run(&config(), series(), &[long(at(0)).volume(1e12)])), ["volume_too_large"]);
    assert_eq!(rejections(&run(&config(), series(), &[long(at(0)).volume(f64::MAX)])), ["volume_too_large"]);
}

#[test]
fn huge_volumes_where_they_are_allowed() {
    let config = config_with(|config| (config.instruments[0].volume_max, config.account.balance) = (1e13, 1e18));
    let result = summed_up(run(&config, eurusd(&[QUIET; 4]), &[long(at(0)).volume(1e12), close(at(1)).fraction(0.5)]));
    let volumes: Vec<f64> = result.trades.iter().map(|trade| trade.volume).collect();
    assert_eq!(volumes, [5e11, 5e11]);
    // Two pips of ten million million dollars.
    assert!((result.balance - (1e18 - 2e13)).abs() < 1e6);
}

#[test]
fn times_at_the_ends_of_their_range() {
    let times = vec![i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX];
    let series = || timed("EURUSD", times.clone(), &[(QUIET, QUIET); 6], MINUTE).unwrap();
    let signals = [
        long(i64::MIN).max_holding(i64::MAX),
        buy_limit(i64::MIN, 1.0).expires(i64::MAX),
        short(0).max_holding(i64::MAX),
        buy_limit(i64::MAX, 1.0),
    ];
    for model in MODELS {
        let result = summed_up(run(&intrabar(model), series(), &signals));
        assert_eq!(events(&result, "unfilled").len(), 1);
        assert_eq!(events(&result, "expired")[0].time, i64::MAX);
        assert_eq!(*result.equity.time, times);
    }
}

#[test]
fn ticks_at_the_ends_of_their_range() {
    let quotes = ticks("EURUSD", &[(i64::MIN, 1.1, 1.1), (0, 1.1, 1.1), (i64::MAX, 1.1, 1.1)]);
    let mut config = on_ticks();
    config.rules.delay = u32::MAX;
    let result = summed_up(run(&config, quotes, &[long(i64::MIN), long(i64::MAX)]));
    // Seven weeks of delay are over by 1970; after the last moment of all comes none.
    assert_eq!(only(&result).entry_time, 0);
    assert_eq!(events(&result, "unfilled").len(), 1);
}

#[test]
fn a_timeframe_of_all_time_is_drilled() {
    let coarse = timed("EURUSD", vec![0], &[(QUIET, QUIET)], i64::MAX).unwrap();
    let finer = ticks("EURUSD", &[(0, 1.1, 1.1), (i64::MAX - 1, 1.1, 1.1)]);
    let result = summed_up(run_market(&intrabar(Intrabar::Drill), vec![drilled(coarse, finer)], &[long(-1)]));
    assert_eq!(only(&result).entry_time, 0);
}

#[test]
fn a_delay_beyond_the_data_leaves_signals_unfilled() {
    let config = config_with(|config| config.rules.delay = u32::MAX);
    assert_eq!(journal(&run(&config, eurusd(&[QUIET; 3]), &[long(at(0))])), [("unfilled", None)]);
}

#[test]
fn no_position_is_allowed() {
    let config = config_with(|config| config.rules.max_positions = Some(0));
    assert_eq!(rejections(&run(&config, eurusd(&[QUIET; 3]), &[long(at(0))])), ["max_positions"]);
}

#[test]
fn an_order_that_expired_long_ago() {
    let result = run(&config(), eurusd(&[QUIET; 3]), &[buy_limit(at(0), 1.0).expires(i64::MIN)]);
    assert_eq!(rejections(&result), ["expired"]);
}

#[test]
fn numbers_of_tickets_groups_and_magic_at_their_ends() {
    let signals = [
        long(at(0)).magic(i64::MIN),
        buy_limit(at(0), 1.0).magic(i64::MAX).oco(i64::MIN),
        close(at(1)).ticket(u64::MAX),
        cancel(at(1)).magic(i64::MAX),
    ];
    let result = summed_up(run(&config(), eurusd(&[QUIET; 4]), &signals));
    assert_eq!((events(&result, "no_match").len(), events(&result, "cancelled").len()), (1, 1));
}

#[test]
fn no_signals() {
    let result = summed_up(run(&config(), eurusd(&[QUIET; 3]), &[]));
    assert_eq!((result.trades.len(), result.events.len(), result.equity.time.len()), (0, 0, 3));
}

#[test]
fn no_symbols() {
    let result = run_market(&config(), Vec::new(), &[]);
    assert_eq!((result.steps, result.balance), (0, 1_000_000.0));
}

#[test]
fn no_bars_are_an_error() {
    assert_eq!(timed("EURUSD", Vec::new(), &[], MINUTE), Err(Error::EmptySeries { symbol: "EURUSD".into() }));
    assert_eq!(try_ticks("EURUSD", &[]), Err(Error::EmptySeries { symbol: "EURUSD".into() }));
}

#[test]
fn one_bar() {
    for model in MODELS {
        let result = summed_up(run(&intrabar(model), eurusd(&[[1.1, 1.2, 1.0, 1.1]]), &[long(at(-1)).stop_loss(1.05)]));
        assert_eq!(only(&result).entry_time, at(0));
        let result = summed_up(run(&intrabar(model), eurusd(&[QUIET]), &[long(at(0))]));
        assert_eq!(journal(&result), [("unfilled", None)]);
    }
}

#[test]
fn one_tick() {
    let result = summed_up(run(&on_ticks(), ticks("EURUSD", &[(at(0), 1.1, 1.1002)]), &[long(at(0))]));
    assert_eq!(journal(&result), [("unfilled", None)]);
}

#[test]
fn an_account_with_nothing() {
    let config = config_with(|config| config.account.balance = 0.0);
    assert_eq!(rejections(&summed_up(run(&config, eurusd(&[QUIET; 3]), &[long(at(0))]))), ["insufficient_margin"]);
}

#[test]
fn losses_beyond_all_money_stop_out_and_end() {
    let fall = (flat(1e-5), flat(1e-5));
    for contract_size in [1e5, 1e300] {
        let mut config = config();
        (config.account.leverage, config.instruments[0].contract_size) = (f64::MAX, contract_size);
        for result in survive(&config, &[(QUIET, QUIET), (QUIET, QUIET), fall, fall], &[long(at(0)), long(at(0))]) {
            assert_eq!(result.trades.len(), 2);
        }
    }
}

#[test]
fn ten_thousand_orders_at_one_price() {
    let rise = [1.1, 1.11, 1.1, 1.11];
    let mut config = config();
    config.account.balance = 1e9;
    let signals = vec![buy_stop(at(0), 1.105).stop_loss(1.09).volume(0.01); MANY];
    for model in [Intrabar::Worst, Intrabar::Ohlc] {
        config.rules.intrabar = model;
        let result = run(&config, eurusd(&[QUIET, QUIET, rise, flat(1.11)]), &signals);
        assert_eq!(result.trades.len(), MANY);
        assert!(result
            .trades
            .iter()
            .zip(1..)
            .all(|(trade, ticket)| trade.ticket == ticket && trade.entry_price == 1.1052));
    }
}

#[test]
fn ten_thousand_orders_of_one_group() {
    let rise = [1.1, 1.11, 1.1, 1.11];
    let signals = vec![buy_stop(at(0), 1.105).oco(1); MANY];
    let result = run(&config(), eurusd(&[QUIET, QUIET, rise]), &signals);
    assert_eq!((only(&result).ticket, events(&result, "cancelled").len()), (1, MANY - 1));
}

#[test]
fn ten_thousand_positions_at_once_stopped_out_one_by_one() {
    let mut config = config();
    config.account.balance = 1e6;
    let signals = vec![long(at(0)).volume(0.01); MANY];
    let result = run(&config, eurusd(&[QUIET, QUIET, flat(0.5), flat(0.5)]), &signals);
    // A hundred lots in all: 366,733 of margin, six million lost.
    assert_eq!(events(&result, "filled").len(), MANY);
    assert!(result.trades.iter().all(|trade| trade.reason.name() == "stop_out"));
}

#[test]
fn finer_data_of_another_time_are_missing_data() {
    let finer = ticks("EURUSD", &[(i64::MIN, 1.1, 1.1), (i64::MAX, 1.1, 1.1)]);
    let symbol = SymbolMarket { symbol: "EURUSD".into(), series: eurusd(&[QUIET; 3]), finer: vec![finer; 50] };
    let result = summed_up(run_market(&intrabar(Intrabar::Drill), vec![symbol], &[long(at(0)).trail(5.0)]));
    assert_eq!((only(&result).entry_time, result.drilled, result.undrilled), (at(1), 0, 2));
}
