//! Fixed workloads for `make bench-gate`, and their times: `workloads NAME ROWS REPEATS`.
//!
//! Only what happens in [`measured`] counts; callgrind is told so by `--toggle-collect`.

use omegasim_core::column::Column;
use omegasim_core::config::{Account, Config, Costs, Mode};
use omegasim_core::engine::batch::{simulate, Market, NoControl, RunOptions, SymbolMarket};
use omegasim_core::error::Error;
use omegasim_core::execution::order::OrderType;
use omegasim_core::execution::rules::Rules;
use omegasim_core::execution::signal::Signal;
use omegasim_core::execution::signal_table::SignalTable;
use omegasim_core::execution::sizing::{BelowMin, PercentOf, Sizing, SizingKind};
use omegasim_core::instrument::Instrument;
use omegasim_core::market::bars::BarSeries;
use omegasim_core::market::series::Series;
use omegasim_core::market::side::Side;
use omegasim_core::market::synthetic::SyntheticMarket;
use omegasim_core::market::ticks::TickSeries;
use omegasim_core::portfolio::equity::EquityMode;
use omegasim_core::time::{MINUTE, SECOND};
use std::hint::black_box;
use std::time::Instant;

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let mut number = |default: usize| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (rows, repeats) = (number(200_000), number(1));
    let mut work = workload(&name, rows)?;
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..repeats {
        let started = Instant::now();
        black_box(measured(&mut work)?);
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    println!("{name}: {rows} rows, median {:.3} ms, least {:.3} ms", times[repeats / 2], times[0]);
    Ok(())
}

/// What is counted.
#[inline(never)]
fn measured(work: &mut Work) -> Result<u64, Error> {
    work()
}

type Work = Box<dyn FnMut() -> Result<u64, Error>>;

fn workload(name: &str, rows: usize) -> Result<Work, Error> {
    let rules = Rules { max_positions: Some(1), ..Rules::default() };
    let plain = |equity| run(bars(rows)?, market_orders(rows, None), config(rules.clone()), equity);
    match name {
        "check" => check(&bars(rows)?),
        "run" => plain(EquityMode::Off),
        "equity" => plain(EquityMode::Bars),
        "trailing" => run(bars(rows)?, market_orders(rows, Some(25.0)), config(rules), EquityMode::Off),
        "crowd" => run(bars(rows)?, crowd(), config(Rules::default()), EquityMode::Bars),
        "converted" => run(bars(rows)?, market_orders(rows, None), in_euro(config(rules)), EquityMode::Bars),
        "ticks" => run(
            ticks(rows)?,
            tick_orders(rows),
            config(Rules { signal_timeframe: Some("tick".into()), ..rules }),
            EquityMode::Off,
        ),
        _ => Err(Error::Argument {
            what: "workload".into(),
            message: format!("{name:?}; expected check, run, equity, trailing, crowd, converted or ticks"),
        }),
    }
}

/// T4, Q3: bars checked and indexed.
fn check(bars: &BarSeries) -> Result<Work, Error> {
    let (time, bid, ask) = (bars.time_column().clone(), bars.bid().clone(), bars.ask().cloned());
    Ok(Box::new(move || {
        let bars = BarSeries::new("EURUSD", time.clone(), bid.clone(), ask.clone(), None, None)?;
        Ok(bars.len() as u64)
    }))
}

fn run(series: impl Into<Series>, signals: Vec<Signal>, config: Config, equity: EquityMode) -> Result<Work, Error> {
    let entry = SymbolMarket { symbol: "EURUSD".into(), series: series.into(), finer: Vec::new() };
    let market = Market { symbols: vec![entry], rates: Vec::new() };
    let table = SignalTable::from_rows(signals, Vec::new());
    Ok(Box::new(move || {
        let result =
            simulate(&config, &market, &table, &RunOptions { equity, ..RunOptions::default() }, &mut NoControl)?;
        Ok(result.trades.len() as u64)
    }))
}

fn bars(rows: usize) -> Result<BarSeries, Error> {
    let market = SyntheticMarket {
        symbol: "EURUSD".into(),
        start: 1_704_067_200 * SECOND,
        bars: rows,
        timeframe: MINUTE,
        price: 1.1,
        tick_size: 0.00001,
        pip_size: 0.0001,
        spread_pips: 0.8,
        volatility: 0.08,
        seed: 1,
    };
    market.bars()
}

/// A walk of tenths of a pip, ten ticks a second.
fn ticks(rows: usize) -> Result<TickSeries, Error> {
    let (mut points, mut state) = (110_000_i64, 1_u64);
    let mut bid = Vec::with_capacity(rows);
    for _ in 0..rows {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        points += (state >> 33) as i64 % 3 - 1;
        bid.push(points as f64 / 1e5);
    }
    let ask: Vec<f64> = bid.iter().map(|price| ((price * 1e5).round() + 8.0) / 1e5).collect();
    let time: Vec<i64> = (0..rows as i64).map(|row| 1_704_067_200 * SECOND + row * SECOND / 10).collect();
    TickSeries::new("EURUSD", Column::from(time), bid.into(), ask.into())
}

/// A market order every 50th bar.
fn market_orders(rows: usize, trail_pips: Option<f64>) -> Vec<Signal> {
    let Ok(bars) = bars(rows) else { return Vec::new() };
    bars.times().iter().step_by(50).map(|&time| Signal { trail_pips, ..order(time, 20.0, 30.0) }).collect()
}

/// A market order every 100th tick, so that a position is nearly always open.
fn tick_orders(rows: usize) -> Vec<Signal> {
    (0..rows as i64 / 100).map(|row| order(1_704_067_200 * SECOND + row * 10 * SECOND, 20.0, 30.0)).collect()
}

/// A thousand positions and a thousand orders that the market never reaches.
fn crowd() -> Vec<Signal> {
    let start = 1_704_067_200 * SECOND;
    let held = (0..1000).map(|_| Signal { volume: Some(0.01), ..order(start, 5000.0, 5000.0) });
    let resting = (0..1000).map(|index| Signal {
        order_type: OrderType::Limit,
        price: Some(0.5 + f64::from(index) * 1e-4),
        volume: Some(0.01),
        ..order(start, 1000.0, 1000.0)
    });
    held.chain(resting).collect()
}

fn order(time: i64, stop_loss_pips: f64, take_profit_pips: f64) -> Signal {
    Signal {
        stop_loss_pips: Some(stop_loss_pips),
        take_profit_pips: Some(take_profit_pips),
        ..Signal::market(time, 0, Side::Long)
    }
}

/// F1: the bars themselves are the rate at which what they leave is converted.
fn in_euro(config: Config) -> Config {
    Config { account: Account { currency: "EUR".into(), ..config.account }, ..config }
}

fn config(rules: Rules) -> Config {
    Config {
        account: Account {
            currency: "USD".into(),
            digits: 2,
            balance: 100_000.0,
            leverage: 30.0,
            stop_out_level: 0.5,
            mode: Mode::Hedging,
            hub: "USD".into(),
            rates: std::collections::BTreeMap::new(),
            stale_limit_hours: None,
        },
        instruments: vec![eurusd()],
        rules,
        sizing: Sizing {
            kind: SizingKind::RiskAmount,
            amount: 100.0,
            of: PercentOf::Balance,
            below_min: BelowMin::Reject,
        },
        costs: Costs::default(),
        seed: 42,
    }
}

fn eurusd() -> Instrument {
    Instrument {
        symbol: "EURUSD".into(),
        base: "EUR".into(),
        quote: "USD".into(),
        tick_size: 0.00001,
        pip_size: 0.0001,
        contract_size: 100_000.0,
        volume_min: 0.01,
        volume_step: 0.01,
        volume_max: 200.0,
        tick_value: None,
        stops_level: 0.0,
        margin: None,
        swaps: None,
        sessions: None,
        history: Vec::new(),
    }
}
