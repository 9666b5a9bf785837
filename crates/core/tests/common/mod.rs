//! Builders of bars, ticks, signals and settings, so that a test reads as a sentence.
#![allow(dead_code)] // every test file uses some of them

pub mod indicators;
mod signals;

use omegasim_core::config::{Account, Config, Costs, Mode};
use omegasim_core::costs::commission::{Commission, CommissionKind};
use omegasim_core::engine::batch::{simulate, Market, NoControl, RunOptions, SymbolMarket};
use omegasim_core::engine::result::RunResult;
use omegasim_core::error::Error;
use omegasim_core::execution::rules::{Intrabar, Preset, Rules};
use omegasim_core::execution::signal::Signal;
use omegasim_core::execution::signal_table::SignalTable;
use omegasim_core::execution::sizing::{BelowMin, PercentOf, Sizing, SizingKind};
use omegasim_core::instrument::Instrument;
use omegasim_core::market::bars::{BarSeries, SideColumns};
use omegasim_core::market::series::Series;
use omegasim_core::market::ticks::TickSeries;
use omegasim_core::portfolio::equity::EquityMode;
use omegasim_core::portfolio::journal::Event;
use omegasim_core::portfolio::trade::Trade;
use omegasim_core::time::{MINUTE, SECOND};

pub use signals::*;

/// 2024-01-02 10:00 UTC, the open of bar 0.
pub const START: i64 = 1_704_189_600_000_000_000;
/// Two pips.
pub const SPREAD: f64 = 0.0002;
/// Open, high, low and close.
pub type Prices = [f64; 4];

/// Open time of a minute bar.
pub fn at(bar: i64) -> i64 {
    START + bar * MINUTE
}

/// Seconds after the open of bar 0.
pub fn second(seconds: i64) -> i64 {
    START + seconds * SECOND
}

/// A bar that does not move.
pub fn flat(price: f64) -> Prices {
    [price; 4]
}

/// A price on a grid of 0.00001.
pub fn on_grid(price: f64) -> f64 {
    (price * 1e5).round() / 1e5
}

/// Minute bars from their bids and one spread.
pub fn bars(symbol: &str, bids: &[Prices], spread: f64) -> Series {
    let both: Vec<(Prices, Prices)> = bids.iter().map(|bid| (*bid, bid.map(|price| on_grid(price + spread)))).collect();
    two_sided(symbol, &both)
}

/// Minute bars of EURUSD with a spread of two pips.
pub fn eurusd(bids: &[Prices]) -> Series {
    bars("EURUSD", bids, SPREAD)
}

/// Minute bars from bids and asks.
pub fn two_sided(symbol: &str, both: &[(Prices, Prices)]) -> Series {
    let times = (0..both.len() as i64).map(at).collect();
    timed(symbol, times, both, MINUTE).unwrap()
}

/// Bars of any times.
pub fn timed(symbol: &str, times: Vec<i64>, both: &[(Prices, Prices)], timeframe: i64) -> Result<Series, Error> {
    let bid = side(both.iter().map(|(bid, _)| *bid));
    let ask = side(both.iter().map(|(_, ask)| *ask));
    BarSeries::new(symbol, times.into(), bid, Some(ask), None, Some(timeframe)).map(Series::Bars)
}

/// Minute bars of EURUSD without ask.
pub fn bid_only(bids: &[Prices]) -> Series {
    let times: Vec<i64> = (0..bids.len() as i64).map(at).collect();
    Series::Bars(BarSeries::new("EURUSD", times.into(), side(bids.iter().copied()), None, None, Some(MINUTE)).unwrap())
}

/// The four columns of a side.
pub fn side(prices: impl Iterator<Item = Prices> + Clone) -> SideColumns {
    let column = |point: usize| prices.clone().map(|price| price[point]).collect::<Vec<f64>>().into();
    SideColumns { open: column(0), high: column(1), low: column(2), close: column(3) }
}

/// Ticks from time, bid and ask.
pub fn ticks(symbol: &str, rows: &[(i64, f64, f64)]) -> Series {
    try_ticks(symbol, rows).unwrap()
}

/// Ticks that may be refused.
pub fn try_ticks(symbol: &str, rows: &[(i64, f64, f64)]) -> Result<Series, Error> {
    let time: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let bid: Vec<f64> = rows.iter().map(|row| row.1).collect();
    let ask: Vec<f64> = rows.iter().map(|row| row.2).collect();
    TickSeries::new(symbol, time.into(), bid.into(), ask.into()).map(Series::Ticks)
}

/// A five-digit pair against the dollar: a pip of one lot is ten dollars.
pub fn instrument(symbol: &str) -> Instrument {
    Instrument {
        symbol: symbol.into(),
        base: symbol[..3].into(),
        quote: "USD".into(),
        tick_size: 0.00001,
        pip_size: 0.0001,
        contract_size: 100_000.0,
        volume_min: 0.01,
        volume_step: 0.01,
        volume_max: 100.0,
        tick_value: None,
        stops_level: 0.0,
        margin: None,
        swaps: None,
        sessions: None,
        history: Vec::new(),
    }
}

/// EURUSD, one lot, a million dollars, no costs, every rule at its default.
pub fn config() -> Config {
    Config {
        account: Account {
            currency: "USD".into(),
            digits: 2,
            balance: 1_000_000.0,
            leverage: 30.0,
            stop_out_level: 0.5,
            mode: Mode::Hedging,
            hub: "USD".into(),
            rates: std::collections::BTreeMap::new(),
            stale_limit_hours: None,
        },
        instruments: vec![instrument("EURUSD"), instrument("GBPUSD")],
        rules: Rules::default(),
        sizing: sizing(SizingKind::FixedLots, 1.0),
        costs: Costs::default(),
        seed: 0,
    }
}

/// The default settings, changed.
pub fn config_with(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = config();
    change(&mut config);
    config
}

/// The default settings with another model of the inside of a bar.
pub fn intrabar(model: Intrabar) -> Config {
    config_with(|config| config.rules.intrabar = model)
}

/// The default settings with signals that are known at their own time, for ticks.
pub fn on_ticks() -> Config {
    config_with(|config| config.rules.signal_timeframe = Some("tick".into()))
}

/// Netting instead of hedging.
pub fn netting() -> Config {
    config_with(|config| config.account.mode = Mode::Netting)
}

/// Preset `legacy`, a hundred dollars of risk a trade.
pub fn legacy() -> Config {
    config_with(|config| {
        config.rules = Rules::preset(Preset::Legacy);
        config.sizing = sizing(SizingKind::RiskAmount, 100.0);
    })
}

/// A sizing of a kind.
pub fn sizing(kind: SizingKind, amount: f64) -> Sizing {
    Sizing { kind, amount, of: PercentOf::Balance, below_min: BelowMin::Reject }
}

/// A commission of so much a lot, on both sides.
pub fn per_lot(money: f64) -> Commission {
    Commission { kind: CommissionKind::PerLot, amount: money, ..Commission::default() }
}

/// A run over one symbol.
pub fn run(config: &Config, series: Series, signals: &[Signal]) -> RunResult {
    try_run(config, series, signals).unwrap()
}

/// A run over one symbol that may be refused.
pub fn try_run(config: &Config, series: Series, signals: &[Signal]) -> Result<RunResult, Error> {
    try_run_market(config, vec![market(series)], signals)
}

/// A run over several symbols, or with finer data.
pub fn run_market(config: &Config, symbols: Vec<SymbolMarket>, signals: &[Signal]) -> RunResult {
    try_run_market(config, symbols, signals).unwrap()
}

/// A run over several symbols that may be refused.
pub fn try_run_market(config: &Config, symbols: Vec<SymbolMarket>, signals: &[Signal]) -> Result<RunResult, Error> {
    run_with(config, symbols, signals, EquityMode::Bars)
}

/// A run with an equity table of the caller's choice.
pub fn run_with(
    config: &Config,
    symbols: Vec<SymbolMarket>,
    signals: &[Signal],
    equity: EquityMode,
) -> Result<RunResult, Error> {
    let table = SignalTable::from_rows(signals.to_vec(), Vec::new());
    simulate(
        config,
        &Market { symbols, rates: Vec::new() },
        &table,
        &RunOptions { equity, ..RunOptions::default() },
        &mut NoControl,
    )
}

/// The market of one series.
pub fn market(series: Series) -> SymbolMarket {
    SymbolMarket { symbol: series.symbol().into(), series, finer: Vec::new() }
}

/// A market with finer data inside its bars.
pub fn drilled(series: Series, finer: Series) -> SymbolMarket {
    SymbolMarket { symbol: series.symbol().into(), series, finer: vec![finer] }
}

/// The one trade of a run.
pub fn only(result: &RunResult) -> &Trade {
    assert_eq!(result.trades.len(), 1, "{:#?}", result.trades);
    &result.trades[0]
}

/// Reason and exit price of each trade.
pub fn exits(result: &RunResult) -> Vec<(&'static str, f64)> {
    result.trades.iter().map(|trade| (trade.reason.name(), trade.exit_price)).collect()
}

/// The journal of one time as kind and ticket.
pub fn journal_at(result: &RunResult, time: i64) -> Vec<(&'static str, u64)> {
    let of_time = result.events.iter().filter(|event| event.time == time);
    of_time.map(|event| (event.kind.name(), event.ticket.unwrap_or(0))).collect()
}

/// The journal as kind and ticket.
pub fn journal(result: &RunResult) -> Vec<(&'static str, Option<u64>)> {
    result.events.iter().map(|event| (event.kind.name(), event.ticket)).collect()
}

/// The events of a kind.
pub fn events<'a>(result: &'a RunResult, kind: &str) -> Vec<&'a Event> {
    result.events.iter().filter(|event| event.kind.name() == kind).collect()
}

/// The reason codes of all rejections.
pub fn rejections(result: &RunResult) -> Vec<&'static str> {
    events(result, "rejected").iter().filter_map(|event| event.reason).map(|reason| reason.name()).collect()
}

/// Whether two sums of money are the same but for noise.
#[track_caller]
pub fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "found {found}, expected {expected}");
}
