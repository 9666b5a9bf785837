//! Random bars, signals and rules on a grid of a quarter, where sums and reflections of prices are exact.
#![allow(dead_code)] // every test file uses some of them

use crate::common::*;
use omegasim_core::config::{Config, Mode};
use omegasim_core::costs::slippage::Slippage;
use omegasim_core::execution::order::OrderType;
use omegasim_core::execution::rules::{
    Beyond, EndOfData, GapFill, Intrabar, MarginCheck, MarketFill, Rules, StopTrigger,
};
use omegasim_core::execution::side::Side;
use omegasim_core::execution::signal::{Action, Signal};
use omegasim_core::execution::sizing::SizingKind;
use omegasim_core::instrument::Instrument;
use omegasim_core::market::series::Series;
use omegasim_core::time::MINUTE;
use proptest::option;
use proptest::prelude::*;

pub const SYMBOL: &str = "GRID";
/// Bids and asks of a bar.
pub type Both = (Prices, Prices);

/// What a law's signals may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Features {
    pub management: bool,
    pub time_stops: bool,
    pub oco: bool,
    pub stop_limits: bool,
    pub modifies: bool,
    pub partial_closes: bool,
}

pub const EVERYTHING: Features =
    Features { management: true, time_stops: true, oco: true, stop_limits: true, modifies: true, partial_closes: true };

pub const NOTHING: Features = Features {
    management: false,
    time_stops: false,
    oco: false,
    stop_limits: false,
    modifies: false,
    partial_closes: false,
};

/// Bars around a price of 1,000, with gaps and changing spreads or without both.
pub fn worlds(rough: bool) -> impl Strategy<Value = Vec<Both>> {
    let bar = (-4_i32..=4, 0_i32..=8, 0_i32..=8, 0.0..1.0_f64, prop::array::uniform4(0_i32..=4));
    (prop::collection::vec(bar, 4..40), 0_i32..=4).prop_map(move |(bars, spread)| {
        let mut last = 4000;
        bars.into_iter()
            .map(|(gap, up, down, close, spreads)| {
                let open = if rough { last + gap } else { last };
                let close = open - down + (f64::from(up + down) * close).round() as i32;
                last = close;
                let bid = [open, open + up, open - down, close];
                let spreads = if rough { spreads } else { [spread; 4] };
                (bid.map(in_quarters), asks(bid, spreads).map(in_quarters))
            })
            .collect()
    })
}

fn asks(bid: [i32; 4], spreads: [i32; 4]) -> [i32; 4] {
    let [open, high, low, close] = [0, 1, 2, 3].map(|point| bid[point] + spreads[point]);
    let ends = [open, high, low, close];
    [open, ends.into_iter().max().unwrap(), ends.into_iter().min().unwrap(), close]
}

fn in_quarters(ticks: i32) -> f64 {
    f64::from(ticks) / 4.0
}

pub fn series(both: &[Both]) -> Series {
    two_sided(SYMBOL, both)
}

/// Signals on the bars of a world, sorted by time.
pub fn signals(bars: usize, features: Features) -> impl Strategy<Value = Vec<Signal>> {
    let levels = (-30_i32..=30, 1_i32..=12, option::of(1_i32..=16), option::of(1_i32..=16));
    let words = (0_u32..12, any::<bool>(), 0_i64..2, 0_u32..3);
    let extras = (
        option::of(1_u32..=10),
        option::of(1_u32..=10),
        option::of(1_i64..=8),
        option::of(1_i64..=8),
        option::of(0_i64..2),
    );
    let row = (0..bars as i64, words, levels, extras);
    prop::collection::vec(row, 1..16).prop_map(move |rows| {
        let mut signals: Vec<Signal> = rows.into_iter().map(|row| signal(row, features)).collect();
        signals.sort_by_key(|signal| signal.time);
        signals
    })
}

type Levels = (i32, i32, Option<i32>, Option<i32>);
type Extras = (Option<u32>, Option<u32>, Option<i64>, Option<i64>, Option<i64>);

fn signal((bar, words, levels, extras): (i64, (u32, bool, i64, u32), Levels, Extras), features: Features) -> Signal {
    let (kind, is_long, magic, volume) = words;
    let side = if is_long { Side::Long } else { Side::Short };
    let price = in_quarters(4000 + levels.0);
    let signal = match kind {
        0..=2 => Signal::market(at(bar), 0, side),
        3..=5 => pending(at(bar), side, OrderType::Limit, price),
        6 if features.stop_limits => {
            let limit_price = Some(price - side.sign() * in_quarters(levels.1 - 4));
            Signal { limit_price, ..pending(at(bar), side, OrderType::StopLimit, price) }
        }
        6..=8 => pending(at(bar), side, OrderType::Stop, price),
        9 => cancel(at(bar)),
        10 if features.modifies => modify(at(bar)),
        _ => close(at(bar)),
    };
    let signal = with_levels(signal, price, levels);
    let fraction = if features.partial_closes { [1.0, 0.5, 0.25][volume as usize] } else { 1.0 };
    let volume = (signal.action == Action::Open && volume > 0).then(|| f64::from(volume));
    with_extras(Signal { magic, volume, fraction, ..signal }, extras, features)
}

/// Levels for pending orders and changes, distances for market orders.
fn with_levels(signal: Signal, price: f64, (_, _, stop, profit): Levels) -> Signal {
    let level = |ticks: i32, sign: f64| price + sign * in_quarters(ticks);
    let reference = signal.limit_price.unwrap_or(price);
    match (signal.action, signal.order_type, signal.side) {
        (Action::Open, OrderType::Market, _) => {
            Signal { stop_loss_pips: stop.map(f64::from), take_profit_pips: profit.map(f64::from), ..signal }
        }
        (Action::Open, _, Some(side)) => Signal {
            stop_loss: stop.map(|ticks| reference - side.sign() * in_quarters(ticks)),
            take_profit: profit.map(|ticks| reference + side.sign() * in_quarters(ticks)),
            ..signal
        },
        (Action::Modify, ..) => Signal {
            stop_loss: stop.map(|ticks| level(ticks, -1.0)),
            take_profit: profit.map(|ticks| level(ticks, 1.0)),
            ..signal
        },
        _ => signal,
    }
}

fn with_extras(signal: Signal, extras: Extras, features: Features) -> Signal {
    let (trail, break_even, holding, life, oco) = extras;
    if signal.action != Action::Open {
        return signal;
    }
    Signal {
        trail_pips: trail.filter(|_| features.management).map(f64::from),
        trail_step_pips: f64::from(trail.unwrap_or(0) / 4),
        break_even_pips: break_even.filter(|_| features.management).map(f64::from),
        max_holding: holding.filter(|_| features.time_stops).map(|bars| bars * MINUTE),
        expires: life.map(|bars| signal.time + bars * MINUTE),
        oco: oco.filter(|_| features.oco),
        ..signal
    }
}

/// Settings for symbol `GRID`: a tick of a quarter, a pip of two ticks, one lot, no margin.
pub fn settings() -> Config {
    config_with(|config| {
        config.instruments = vec![Instrument {
            tick_size: 0.25,
            pip_size: 0.5,
            contract_size: 1.0,
            volume_max: 1e6,
            ..instrument(SYMBOL)
        }];
        config.sizing = sizing(SizingKind::FixedLots, 1.0);
        config.rules.margin_check = MarginCheck::Off;
    })
}

/// Models of the inside of a bar that no reflection disturbs.
pub fn models() -> impl Strategy<Value = Intrabar> {
    prop::sample::select(vec![Intrabar::Worst, Intrabar::Best, Intrabar::Ohlc, Intrabar::Olhc])
}

/// Any choice of rules but the model of the inside of a bar.
pub fn rules() -> impl Strategy<Value = Rules> {
    let fill = || prop::sample::select(vec![GapFill::Open, GapFill::Level]);
    let gaps = (fill(), fill(), fill());
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (gaps, flags, 0_u32..3, option::of(1_u32..4), models()).prop_map(|(gaps, flags, delay, max_positions, intrabar)| {
        Rules {
            gap_fill: gaps.0,
            take_profit_gap: gaps.1,
            limit_gap: gaps.2,
            stop_trigger: if flags.0 { StopTrigger::Opposite } else { StopTrigger::FillSide },
            beyond: if flags.1 { Beyond::Fill } else { Beyond::Reject },
            market_fill: if flags.2 { MarketFill::NextOpen } else { MarketFill::SignalClose },
            slippage_on_limits: flags.3,
            pip_buffer_factor: if flags.4 { 0.5 } else { 0.0 },
            delay,
            max_positions,
            intrabar,
            margin_check: MarginCheck::Off,
            end_of_data: EndOfData::Close,
            ..Rules::default()
        }
    })
}

/// Slippage that looks at nothing but its own fill.
pub fn slippages() -> impl Strategy<Value = Slippage> {
    prop_oneof![
        Just(Slippage::None),
        (0_u32..4).prop_map(|pips| Slippage::Fixed { pips: f64::from(pips) / 2.0 }),
        (0_u32..4).prop_map(|factor| Slippage::Spread { factor: f64::from(factor) / 2.0 }),
    ]
}

/// Settings with random rules, slippage and account mode.
pub fn any_settings() -> impl Strategy<Value = Config> {
    (rules(), slippages(), any::<bool>()).prop_map(|(rules, slippage, nets)| {
        let mut config = settings();
        config.rules = rules;
        config.costs.slippage = slippage;
        config.account.mode = if nets { Mode::Netting } else { Mode::Hedging };
        config
    })
}

/// Bars and the signals on them.
pub fn scenes(rough: bool, features: Features) -> impl Strategy<Value = (Vec<Both>, Vec<Signal>)> {
    worlds(rough).prop_flat_map(move |both| {
        let bars = both.len();
        (Just(both), signals(bars, features))
    })
}

/// Ticks as seconds, bid and ask: three a bar of 20 seconds on average, some at the same time.
pub fn tick_rows() -> impl Strategy<Value = Vec<(i64, f64, f64)>> {
    let tick = (0_i64..=25, -5_i32..=5, 0_i32..=4);
    prop::collection::vec(tick, 10..150).prop_map(|ticks| {
        let (mut time, mut bid) = (0, 4000);
        ticks
            .into_iter()
            .map(|(wait, change, spread)| {
                time += wait;
                bid += change;
                (second(time), in_quarters(bid), in_quarters(bid + spread))
            })
            .collect()
    })
}

/// Bars of a length from ticks.
pub fn rebuilt(rows: &[(i64, f64, f64)], length: i64) -> Series {
    let mut bars: Vec<(i64, Both)> = Vec::new();
    for &(time, bid, ask) in rows {
        let open = START + (time - START).div_euclid(length) * length;
        match bars.last_mut().filter(|(last, _)| *last == open) {
            None => bars.push((open, ([bid; 4], [ask; 4]))),
            Some((_, (bids, asks))) => (*bids, *asks) = (taken_in(*bids, bid), taken_in(*asks, ask)),
        }
    }
    let (times, both): (Vec<i64>, Vec<Both>) = bars.into_iter().unzip();
    timed(SYMBOL, times, &both, length).unwrap()
}

fn taken_in([open, high, low, _]: Prices, price: f64) -> Prices {
    [open, high.max(price), low.min(price), price]
}
