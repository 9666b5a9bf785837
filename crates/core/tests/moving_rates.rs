//! Passing over rows while conversion rates move leaves what stepping through each of them leaves (F1, A3, A4).

mod common;

use common::*;
use omegasim_core::config::{Account, Config};
use omegasim_core::engine::batch::{simulate, Market, NoControl, RateSeries, RunOptions};
use omegasim_core::engine::guided::{Guided, Seat};
use omegasim_core::engine::result::{PositionRow, RunResult};
use omegasim_core::engine::stepwise::{Setup, Stepwise};
use omegasim_core::error::Error;
use omegasim_core::execution::position::ExitReason;
use omegasim_core::execution::signal::Signal;
use omegasim_core::execution::signal_table::{Directions, SignalColumns, SignalTable};
use omegasim_core::execution::simulator::StepBar;
use omegasim_core::fingerprint::fingerprint;
use omegasim_core::instrument::Instrument;
use omegasim_core::market::series::Series;
use omegasim_core::portfolio::equity::EquityMode;
use omegasim_core::time::MINUTE;
use proptest::prelude::*;

/// Prices that wander by up to `size` points a bar from a start.
fn wandering(start: f64, rows: usize, size: u64, mut state: u64) -> Vec<Prices> {
    let mut price = start;
    let mut step = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % (2 * size + 1)) as f64 * 1e-5 - size as f64 * 1e-5
    };
    let bar = |_| {
        let (open, close) = (price, price + step());
        let (high, low) = (open.max(close) + step().abs(), open.min(close) - step().abs());
        price = close;
        [open, high, low, close].map(on_grid)
    };
    (0..rows).map(bar).collect()
}

/// Bars with a hole after every hundredth, of a timeframe in minutes.
fn bars_of(symbol: &str, bids: &[Prices], minutes: i64) -> Series {
    let both: Vec<_> = bids.iter().map(|bid| (*bid, bid.map(|price| on_grid(price + SPREAD)))).collect();
    let times = (0..bids.len() as i64).map(|row| at((row + row / 100 * 7) * minutes)).collect();
    timed(symbol, times, &both, minutes * MINUTE).unwrap()
}

fn ticks_of(symbol: &str, bids: &[Prices]) -> Series {
    // Two of three share a time with another.
    let row = |(row, bid): (usize, &Prices)| (second(row as i64 * 2 / 3), bid[3], on_grid(bid[3] + SPREAD));
    ticks(symbol, &bids.iter().enumerate().map(row).collect::<Vec<_>>())
}

fn in_euro(symbols: &[&str], change: impl FnOnce(&mut Account)) -> Config {
    config_with(|config| {
        config.account.currency = "EUR".into();
        config.account.leverage = 500.0;
        config.instruments =
            symbols.iter().map(|symbol| Instrument { quote: symbol[3..].into(), ..instrument(symbol) }).collect();
        change(&mut config.account);
    })
}

/// The work of a batch, one step at a time.
fn stepped(config: &Config, world: &Market, signals: &[Signal], equity: EquityMode) -> Result<RunResult, Error> {
    let symbols = Some(world.symbols.iter().map(|entry| entry.symbol.clone()).collect());
    let setup = Setup { symbols, equity, rates: world.rates.clone(), ..Setup::default() };
    let mut stepwise = Stepwise::new(config.clone(), setup)?;
    let (mut next, mut signals) = (vec![0; world.symbols.len()], signals.iter().peekable());
    loop {
        let ahead = world.symbols.iter().zip(&next).filter(|(entry, row)| **row < entry.series.len());
        let Some(time) = ahead.map(|(entry, row)| entry.series.time(*row)).min() else {
            break;
        };
        while let Some(signal) = signals.next_if(|signal| signal.time <= time) {
            stepwise.process_signal(signal.clone(), None)?;
        }
        let mut items = Vec::new();
        for (symbol, entry) in world.symbols.iter().enumerate() {
            let (series, row) = (&entry.series, next[symbol]);
            if row < series.len() && series.time(row) == time {
                next[symbol] += 1;
                items.push(StepBar {
                    symbol,
                    bar: series.bar(row),
                    tick: series.is_ticks(),
                    has_ask: true,
                    last: row + 1 == series.len(),
                    timeframe: series.timeframe(),
                    finer: &[],
                });
            }
        }
        stepwise.step(&items)?;
    }
    stepwise.finish()?;
    Ok(stepwise.result())
}

fn passed(config: &Config, world: &Market, signals: &[Signal], equity: EquityMode) -> Result<RunResult, Error> {
    let table = SignalTable::from_rows(signals.to_vec(), Vec::new());
    let options = RunOptions { equity, ..RunOptions::default() };
    simulate(config, world, &table, &options, &mut NoControl)
}

/// Holds a batch with and without an equity curve against its steps; the result with one.
fn same_both_ways(config: &Config, world: &Market, signals: &[Signal]) -> Result<RunResult, Error> {
    compared(config, world, signals, EquityMode::Off).ok();
    compared(config, world, signals, EquityMode::Bars)
}

fn compared(config: &Config, world: &Market, signals: &[Signal], equity: EquityMode) -> Result<RunResult, Error> {
    let (passed, stepped) = (passed(config, world, signals, equity), stepped(config, world, signals, equity));
    match (&passed, &stepped) {
        (Ok(passed), Ok(stepped)) => {
            assert_eq!(passed.equity, stepped.equity);
            assert_eq!(fingerprint(passed), fingerprint(stepped));
            assert_eq!(passed.stale_rates, stepped.stale_rates);
            assert_eq!(passed.open_positions, stepped.open_positions);
        }
        _ => assert_eq!(passed.as_ref().err(), stepped.as_ref().err()),
    }
    passed
}

fn world(series: Vec<Series>) -> Market {
    Market { symbols: series.into_iter().map(market).collect(), rates: Vec::new() }
}

/// Orders that are held for long, long and short in turn.
fn orders(series: &Series, symbol: u32, apart: usize) -> Vec<Signal> {
    let rows = (5..series.len()).step_by(apart).enumerate();
    let order = |(number, row): (usize, usize)| {
        let time = series.time(row);
        let side = if number % 2 == 0 { long(time) } else { short(time) };
        Signal { stop_loss_pips: Some(60.0), take_profit_pips: Some(90.0), symbol, ..side }
    };
    rows.map(order).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn f1_a_pair_whose_bars_are_the_rate(
        seed in 0_u64..1_000_000,
        size in 1_u64..40,
        balance in prop_oneof![Just(1e6), 300.0..1_500.0],
        level in prop_oneof![Just(0.5), 0.7..1.0],
        as_ticks in any::<bool>(),
        most in prop_oneof![Just(None), Just(Some(1))],
    ) {
        let bids = wandering(1.1, 1_500, size, seed);
        let series = if as_ticks { ticks_of("EURUSD", &bids) } else { bars_of("EURUSD", &bids, 1) };
        let mut config = in_euro(&["EURUSD"], |account| (account.balance, account.stop_out_level) = (balance, level));
        config.rules.signal_timeframe = as_ticks.then(|| "tick".into());
        config.rules.max_positions = most;
        let signals = orders(&series, 0, if most.is_some() { 20 } else { 150 });
        let result = same_both_ways(&config, &world(vec![series]), &signals).unwrap();
        prop_assert!(!result.events.is_empty());
    }

    #[test]
    fn f1_rates_from_other_symbols_and_from_outside(
        seed in 0_u64..1_000_000,
        size in 1_u64..40,
        minutes in prop::sample::select(vec![[1, 1, 1], [1, 5, 1], [5, 1, 15], [1, 15, 5]]),
        balance in prop_oneof![Just(1e6), 600.0..3_000.0],
        stale in prop_oneof![Just(None), Just(Some(0.05)), Just(Some(0.3))],
        outside in any::<bool>(),
        with_ticks in any::<bool>(),
    ) {
        let of = |symbol: &str, index: usize| {
            let bids = wandering(1.1 + index as f64 / 10.0, 900, size, seed + index as u64);
            if with_ticks && index == 1 { ticks_of(symbol, &bids) } else { bars_of(symbol, &bids, minutes[index]) }
        };
        let names = if outside { vec!["GBPUSD", "GBPCHF"] } else { vec!["GBPUSD", "EURUSD", "USDCHF"] };
        let series: Vec<Series> = names.iter().enumerate().map(|(index, name)| of(name, index)).collect();
        let mut signals: Vec<Signal> = series.iter().zip(0..).flat_map(|(series, symbol)| orders(series, symbol, 150)).collect();
        signals.sort_by_key(|signal| signal.time);
        let mut world = world(series);
        if outside {
            // A longer rate bar than the run's, and one that begins before it.
            let rate = |base: &str, quote: &str, index: usize| {
                let series = bars_of(&format!("{base}{quote}"), &wandering(1.1, 900, size, seed + 9), minutes[index]);
                RateSeries { base: base.into(), quote: quote.into(), series }
            };
            world.rates = vec![rate("EUR", "USD", 0), rate("EUR", "CHF", 2)];
        }
        let mut config = in_euro(&names, |account| (account.balance, account.stale_limit_hours) = (balance, stale));
        config.rules.signal_timeframe = with_ticks.then(|| "tick".into());
        same_both_ways(&config, &world, &signals).ok();
    }
}

#[test]
fn a3_a_stop_out_is_met_at_the_bar_whose_price_and_rate_bring_it() {
    let bids: Vec<Prices> = (0..600).map(|bar| flat(on_grid(1.2 - f64::from(bar) * 1e-4))).collect();
    let series = bars_of("EURUSD", &bids, 1);
    let config = in_euro(&["EURUSD"], |account| account.balance = 2_000.0);
    let result = same_both_ways(&config, &world(vec![series]), &[long(at(0))]).unwrap();
    assert_eq!(result.trades[0].reason, ExitReason::StopOut);
}

#[test]
fn f2_a_rate_that_grows_too_old_while_something_is_held_ends_the_run() {
    let (series, rates) = (bars_of("GBPUSD", &[flat(1.3); 600], 1), bars_of("EURUSD", &[flat(1.1); 200], 1));
    let mut config = in_euro(&["GBPUSD"], |account| account.stale_limit_hours = Some(1.0));
    let mut world = world(vec![series]);
    world.rates = vec![RateSeries { base: "EUR".into(), quote: "USD".into(), series: rates }];
    // The first bar is over before anything is known.
    let error = same_both_ways(&config, &world, &[long(at(3))]).unwrap_err();
    assert!(matches!(error, Error::StaleRate { .. }), "{error}");
    config.account.stale_limit_hours = None;
    assert!(same_both_ways(&config, &world, &[long(at(3))]).is_ok());
}

#[test]
fn n71_a_strategy_in_another_currency_sees_the_same_account_however_often_it_looks() {
    for symbol in ["EURUSD", "GBPUSD"] {
        let (always, all) = led(symbol, |_| true);
        let (rarely, some) = led(symbol, |bar| bar % 61 == 0);
        assert_eq!(always, rarely);
        assert!(always.trades.len() > 10);
        assert!(some.iter().all(|one| all[one.0] == *one));
    }
}

type Seen = (usize, (f64, f64, f64), Vec<PositionRow>);

/// A strategy that buys every 97th bar, the rates of any symbol but EURUSD coming from outside, and what it saw.
fn led(symbol: &str, looks: impl Fn(usize) -> bool) -> (RunResult, Vec<Seen>) {
    let mut world = world(vec![bars_of(symbol, &wandering(1.1, 2_000, 8, 7), 1)]);
    if symbol != "EURUSD" {
        let series = bars_of("EURUSD", &wandering(1.1, 2_000, 8, 8), 5);
        world.rates = vec![RateSeries { base: "EUR".into(), quote: "USD".into(), series }];
    }
    let seat = Seat { magic: 1, filters: Vec::new(), opens: true };
    let mut run = Guided::new(&in_euro(&[symbol], |_| {}), &world, vec![seat], EquityMode::Bars).unwrap();
    let (mut bar, mut seen) = (0, Vec::new());
    while run.advance().unwrap() {
        if bar % 97 == 5 {
            run.ask(0, bought()).unwrap();
        }
        if looks(bar) {
            seen.push((bar, run.account(), run.positions(0)));
        }
        bar += 1;
    }
    run.finish().unwrap();
    (run.hand_over(), seen)
}

fn bought() -> SignalColumns {
    SignalColumns {
        direction: Some(Directions::Words([Some("long")].into_iter().collect())),
        stop_loss_pips: Some(vec![Some(15.0)].into()),
        ..SignalColumns::default()
    }
}
