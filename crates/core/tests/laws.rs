//! Laws that hold for whatever bars, signals and rules.

mod common;
mod generators;

use common::*;
use generators::*;
use omegasim_core::config::Mode;
use omegasim_core::engine::batch::SymbolMarket;
use omegasim_core::engine::result::RunResult;
use omegasim_core::execution::position::ExitReason;
use omegasim_core::execution::rules::{GapFill, Intrabar, MarketFill};
use omegasim_core::execution::side::Side;
use omegasim_core::execution::signal::Signal;
use omegasim_core::portfolio::trade::Trade;
use omegasim_core::time::{MINUTE, SECOND};
use proptest::prelude::*;

/// Prices are reflected at half of it; exact for prices on the grid.
const MIRROR: f64 = 2048.0;

fn reflected(price: f64) -> f64 {
    MIRROR - price
}

fn reflected_prices([open, high, low, close]: Prices) -> Prices {
    [open, low, high, close].map(reflected)
}

fn reflected_signal(signal: &Signal) -> Signal {
    Signal {
        side: signal.side.map(Side::opposite),
        price: signal.price.map(reflected),
        limit_price: signal.limit_price.map(reflected),
        stop_loss: signal.stop_loss.map(reflected),
        take_profit: signal.take_profit.map(reflected),
        ..signal.clone()
    }
}

fn reflected_trade(trade: &Trade) -> Trade {
    Trade {
        side: trade.side.opposite(),
        entry_price: reflected(trade.entry_price),
        exit_price: reflected(trade.exit_price),
        initial_stop_loss: trade.initial_stop_loss.map(reflected),
        stop_loss: trade.stop_loss.map(reflected),
        take_profit: trade.take_profit.map(reflected),
        ..trade.clone()
    }
}

fn reflected_model(model: Intrabar) -> Intrabar {
    match model {
        Intrabar::Ohlc => Intrabar::Olhc,
        Intrabar::Olhc => Intrabar::Ohlc,
        other => other,
    }
}

fn total(result: &RunResult) -> f64 {
    result.trades.iter().map(|trade| trade.net).sum()
}

/// What of a trade does not depend on whether bars or ticks stamp it.
fn to_the_minute(result: &RunResult) -> Vec<Trade> {
    let minute = |time: i64| time.div_euclid(MINUTE) * MINUTE;
    let stamped = |trade: &Trade| Trade {
        entry_time: minute(trade.entry_time),
        exit_time: minute(trade.exit_time),
        ..trade.clone()
    };
    let mut trades: Vec<Trade> = result.trades.iter().map(stamped).collect();
    // The end of the data has the time of the bar, which comes before those of its ticks.
    trades.sort_by_key(|trade| (trade.ticket, trade.exit_time, trade.reason == ExitReason::EndOfData));
    trades
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Reflected prices with bid and ask, longs and shorts swapped give the reflected trades.
    #[test]
    fn reflection_changes_nothing_but_the_sides((both, signals) in scenes(true, EVERYTHING), settings in any_settings()) {
        // A mean entry price can lie between two grid prices, where rounding knows up from down.
        let mut config = settings;
        config.account.mode = Mode::Hedging;
        let mut mirrored = config.clone();
        mirrored.rules.intrabar = reflected_model(config.rules.intrabar);
        let other_side: Vec<Both> = both.iter().map(|(bid, ask)| (reflected_prices(*ask), reflected_prices(*bid))).collect();
        let other_signals: Vec<Signal> = signals.iter().map(reflected_signal).collect();
        let result = run(&config, series(&both), &signals);
        let reflection = run(&mirrored, series(&other_side), &other_signals);
        prop_assert_eq!(journal(&result), journal(&reflection));
        let expected: Vec<Trade> = result.trades.iter().map(reflected_trade).collect();
        prop_assert_eq!(expected, reflection.trades);
        prop_assert_eq!(&result.equity.equity, &reflection.equity.equity);
    }

    /// The same run at another time is the same run.
    #[test]
    fn a_shift_in_time_changes_nothing_but_times(
        (both, signals) in scenes(true, EVERYTHING), config in any_settings(), shift in -1_000_000_000_000_000_i64..1_000_000_000_000_000,
    ) {
        let times: Vec<i64> = (0..both.len() as i64).map(|bar| at(bar) + shift).collect();
        let moved = |signal: &Signal| Signal {
            time: signal.time + shift,
            expires: signal.expires.map(|time| time + shift),
            ..signal.clone()
        };
        let later: Vec<Signal> = signals.iter().map(moved).collect();
        let result = run(&config, series(&both), &signals);
        let shifted = run(&config, timed(SYMBOL, times, &both, MINUTE).unwrap(), &later);
        prop_assert_eq!(journal(&result), journal(&shifted));
        prop_assert_eq!(&result.equity.equity, &shifted.equity.equity);
        let back = |trade: &Trade| Trade {
            signal_time: trade.signal_time - shift,
            entry_time: trade.entry_time - shift,
            exit_time: trade.exit_time - shift,
            ..trade.clone()
        };
        prop_assert_eq!(result.trades, shifted.trades.iter().map(back).collect::<Vec<_>>());
    }

    /// Twice the volume, on a grid twice as coarse, is twice the money.
    #[test]
    fn money_scales_with_volume((both, signals) in scenes(true, EVERYTHING), config in any_settings()) {
        let mut double = config.clone();
        double.sizing.amount *= 2.0;
        (double.instruments[0].volume_min, double.instruments[0].volume_step) = (0.02, 0.02);
        let twice = |signal: &Signal| Signal { volume: signal.volume.map(|volume| 2.0 * volume), ..signal.clone() };
        let signals_twice: Vec<Signal> = signals.iter().map(twice).collect();
        let result = run(&config, series(&both), &signals);
        let doubled = run(&double, series(&both), &signals_twice);
        let times_two = |trade: &Trade| Trade {
            volume: 2.0 * trade.volume,
            risk: 2.0 * trade.risk,
            risk_per_trade: 2.0 * trade.risk_per_trade,
            result: 2.0 * trade.result,
            net: 2.0 * trade.net,
            mae: 2.0 * trade.mae,
            mfe: 2.0 * trade.mfe,
            ..trade.clone()
        };
        prop_assert_eq!(result.trades.iter().map(times_two).collect::<Vec<_>>(), doubled.trades);
    }

    /// A rejected signal leaves no trace but its event.
    #[test]
    fn a_rejected_signal_changes_no_trade(
        (both, signals) in scenes(true, EVERYTHING), config in any_settings(), fault in 0..3_u32, place in 0.0..1.0_f64,
    ) {
        let time = at((place * both.len() as f64) as i64);
        let refused = match fault {
            0 => long(time).stop_loss(5000.0),
            1 => buy_limit(time, 1000.0).volume(1e9),
            _ => sell_stop(time, 1000.0).expires(time),
        };
        let mut with_it = signals.clone();
        // After the signals of its time: their ordinals stay (L4).
        with_it.insert(signals.partition_point(|signal| signal.time <= time), refused);
        let result = run(&config, series(&both), &signals);
        let longer = run(&config, series(&both), &with_it);
        let turned_away = |result: &RunResult| rejections(result).len() + events(result, "unfilled").len();
        prop_assert_eq!(turned_away(&longer), turned_away(&result) + 1);
        prop_assert_eq!((result.trades, result.equity), (longer.trades, longer.equity));
    }

    /// `worst` and `best` are bounds of every path where positions do not touch each other and prices do not jump.
    #[test]
    fn worst_and_best_bound_every_path(
        (both, signals) in scenes(false, Features { partial_closes: true, ..NOTHING }), slippage in slippages(),
    ) {
        let under = |model: Intrabar| {
            let mut config = settings();
            config.rules.intrabar = model;
            config.costs.slippage = slippage;
            run(&config, series(&both), &signals)
        };
        let noise = 1e-9;
        let (least, most) = (total(&under(Intrabar::Worst)) - noise, total(&under(Intrabar::Best)) + noise);
        prop_assert!(least <= most);
        for model in [Intrabar::Ohlc, Intrabar::Olhc, Intrabar::Nearest, Intrabar::Candle] {
            let net = total(&under(model));
            prop_assert!(least <= net && net <= most, "{:?}: {} is not in {} to {}", model, net, least, most);
        }
    }

    /// Bars built from ticks and drilled on them give the trades of the ticks.
    #[test]
    fn drilling_down_to_ticks_is_running_on_ticks(
        rows in tick_rows(), signals in signals(20, Features { management: false, time_stops: false, ..EVERYTHING }),
        settings in any_settings(), levels in 1..3_u32,
    ) {
        let mut config = settings;
        config.rules.signal_timeframe = Some("M1".into());
        (config.rules.delay, config.rules.market_fill) = (0, MarketFill::NextOpen);
        config.rules.intrabar = Intrabar::Drill;
        let quotes = ticks(SYMBOL, &rows);
        let mut finer = vec![quotes.clone()];
        if levels == 2 {
            finer.insert(0, rebuilt(&rows, 15 * SECOND));
        }
        let coarse = SymbolMarket { symbol: SYMBOL.into(), series: rebuilt(&rows, MINUTE), finer };
        let Ok(on_ticks) = try_run(&config, quotes, &signals) else { return Ok(()) };
        let drilled = run_market(&config, vec![coarse], &signals);
        prop_assert_eq!(to_the_minute(&on_ticks), to_the_minute(&drilled));
        prop_assert_eq!(on_ticks.balance, drilled.balance);
    }

    /// What the account won is what the trades netted.
    #[test]
    fn the_balance_is_the_start_and_the_nets(
        (both, signals) in scenes(true, EVERYTHING), settings in any_settings(), money in 0.0..5.0_f64,
    ) {
        let mut config = settings;
        config.costs.commission = per_lot(money);
        let result = run(&config, series(&both), &signals);
        prop_assert!(result.open_positions.is_empty());
        prop_assert!((result.balance - (1_000_000.0 + total(&result))).abs() < 1e-6);
        prop_assert_eq!(result.equity.equity.last(), Some(&result.balance));
    }

    /// No fill at a price that was not quoted, slippage aside.
    #[test]
    fn every_fill_lies_within_its_bar(
        (both, signals) in scenes(true, Features { modifies: false, ..EVERYTHING }), settings in any_settings(),
    ) {
        let mut config = settings;
        config.account.mode = Mode::Hedging;
        config.rules.pip_buffer_factor = 0.0;
        (config.rules.gap_fill, config.rules.take_profit_gap, config.rules.limit_gap) = (GapFill::Open, GapFill::Open, GapFill::Open);
        let series = series(&both);
        let result = run(&config, series.clone(), &signals);
        for trade in &result.trades {
            let sign = trade.side.sign();
            let (entry, exit) = (trade.entry_price - sign * trade.slippage_entry, trade.exit_price + sign * trade.slippage_exit);
            let bar_at = |time| series.bar(series.find(time).unwrap());
            let paid = *trade.side.entry_prices(&bar_at(trade.entry_time));
            let got = *trade.side.exit_prices(&bar_at(trade.exit_time));
            prop_assert!(paid.low <= entry && entry <= paid.high, "{:?}", trade);
            prop_assert!(got.low <= exit && exit <= got.high, "{:?}", trade);
        }
    }
}
