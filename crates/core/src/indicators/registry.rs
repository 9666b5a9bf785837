//! Every indicator by its name.

use super::average::{Dema, Ema, Sma, Tema};
use super::bands::{Bollinger, Donchian, Keltner};
use super::cci::Cci;
use super::cluster::VolatilityClusters;
use super::definition::Bounds::{AboveZero, AtLeastZero, Fraction, Hours, Whole};
use super::definition::Input::{Close, High, Low, Price, Time, Volume};
use super::definition::{Bounds, Definition, Input, Parameter};
use super::deviation::{StandardDeviation, ZScore};
use super::direction::{Adx, Dmi};
use super::garch::{Garch, GarchWindow, Recursion};
use super::kalman::{KalmanGarchZScore, KalmanMean, KalmanZScore};
use super::momentum::{Macd, Momentum, Roc, Rsi};
use super::oscillator::{Choppiness, Stochastic, WilliamsR};
use super::range::{Atr, TrueRange};
use super::session::{Pivots, Vwap};
use super::streaming::{Started, Streaming};
use super::supertrend::SuperTrend;
use super::volume::{Mfi, Obv};
use super::weighted::Wma;
use crate::error::Error;

const BAR: &[Input] = &[High, Low, Close];
const ONE: &[Input] = &[Price];
const BANDS: &[&str] = &["middle", "upper", "lower"];
const VALUE: &[&str] = &["value"];

const fn parameter(name: &'static str, default: f64, bounds: Bounds) -> Parameter {
    Parameter { name, default: Some(default), bounds }
}

const fn required(name: &'static str, bounds: Bounds) -> Parameter {
    Parameter { name, default: None, bounds }
}

const fn period(default: f64, least: u32) -> Parameter {
    parameter("period", default, Whole(least))
}

const START: Parameter = parameter("start", 0.0, Hours);
const PROCESS: Parameter = required("process", AtLeastZero);
const OBSERVATION: Parameter = required("observation", AboveZero);
const OMEGA: Parameter = parameter("omega", 0.0, AtLeastZero);
const ALPHA: Parameter = parameter("alpha", 0.05, Fraction);
const BETA: Parameter = parameter("beta", 0.9, Fraction);
const WARMUP: Parameter = parameter("warmup", 100.0, Whole(1));

const fn one(name: &'static str, parameters: &'static [Parameter], make: fn(&[f64]) -> Started) -> Definition {
    Definition { name, inputs: ONE, parameters, outputs: VALUE, make }
}

const fn of_bar(name: &'static str, parameters: &'static [Parameter], make: fn(&[f64]) -> Started) -> Definition {
    Definition { name, inputs: BAR, parameters, outputs: VALUE, make }
}

impl Definition {
    const fn reading(self, inputs: &'static [Input]) -> Self {
        Self { inputs, ..self }
    }

    const fn returning(self, outputs: &'static [&'static str]) -> Self {
        Self { outputs, ..self }
    }
}

/// All indicators, by family.
pub const DEFINITIONS: &[Definition] = &[
    one("sma", &[period(20.0, 1)], |p| made(Sma::new(rows(p[0])))),
    one("ema", &[period(20.0, 1)], |p| made(Ema::new(rows(p[0])))),
    one("wma", &[period(20.0, 1)], |p| made(Wma::new(rows(p[0])))),
    one("dema", &[period(20.0, 1)], |p| made(Dema::new(rows(p[0])))),
    one("tema", &[period(20.0, 1)], |p| made(Tema::new(rows(p[0])))),
    one("rsi", &[period(14.0, 1)], |p| made(Rsi::new(rows(p[0])))),
    one(
        "macd",
        &[parameter("fast", 12.0, Whole(1)), parameter("slow", 26.0, Whole(2)), parameter("signal", 9.0, Whole(1))],
        macd,
    )
    .returning(&["line", "signal", "histogram"]),
    one("roc", &[period(10.0, 1)], |p| made(Roc::new(rows(p[0])))),
    one("momentum", &[period(10.0, 1)], |p| made(Momentum::new(rows(p[0])))),
    of_bar("true_range", &[], |_| made(TrueRange::default())),
    of_bar("atr", &[period(14.0, 1)], |p| made(Atr::new(rows(p[0])))),
    one("bollinger", &[period(20.0, 2), parameter("width", 2.0, AtLeastZero)], |p| {
        made(Bollinger::new(rows(p[0]), p[1]))
    })
    .returning(BANDS),
    of_bar(
        "keltner",
        &[period(20.0, 1), parameter("width", 2.0, AtLeastZero), parameter("atr_period", 10.0, Whole(1))],
        |p| made(Keltner::new(rows(p[0]), p[1], rows(p[2]))),
    )
    .returning(BANDS),
    of_bar("donchian", &[period(20.0, 1)], |p| made(Donchian::new(rows(p[0])))).reading(&[High, Low]).returning(BANDS),
    one("standard_deviation", &[period(20.0, 2)], |p| made(StandardDeviation::new(rows(p[0])))),
    one("zscore", &[period(20.0, 2)], |p| made(ZScore::new(rows(p[0])))),
    of_bar("adx", &[period(14.0, 2)], |p| made(Adx::new(rows(p[0])))),
    of_bar("dmi", &[period(14.0, 2)], |p| made(Dmi::new(rows(p[0])))).returning(&["plus", "minus"]),
    of_bar(
        "stochastic",
        &[period(14.0, 1), parameter("smooth", 3.0, Whole(1)), parameter("signal", 3.0, Whole(1))],
        |p| made(Stochastic::new(rows(p[0]), rows(p[1]), rows(p[2]))),
    )
    .returning(&["k", "d"]),
    of_bar("cci", &[period(20.0, 2)], |p| made(Cci::new(rows(p[0])))),
    of_bar("williams_r", &[period(14.0, 1)], |p| made(WilliamsR::new(rows(p[0])))),
    one("obv", &[], |_| made(Obv::default())).reading(&[Close, Volume]),
    of_bar("mfi", &[period(14.0, 1)], |p| made(Mfi::new(rows(p[0])))).reading(&[High, Low, Close, Volume]),
    of_bar("vwap", &[START], |p| made(Vwap::new(p[0]))).reading(&[Time, High, Low, Close, Volume]),
    of_bar("supertrend", &[period(10.0, 1), parameter("width", 3.0, AtLeastZero)], |p| {
        made(SuperTrend::new(rows(p[0]), p[1]))
    })
    .returning(&["line", "direction"]),
    of_bar("choppiness", &[period(14.0, 2)], |p| made(Choppiness::new(rows(p[0])))),
    of_bar("pivots", &[START], |p| made(Pivots::new(p[0])))
        .reading(&[Time, High, Low, Close])
        .returning(&["pivot", "r1", "s1", "r2", "s2", "r3", "s3"]),
    one("kalman_mean", &[PROCESS, OBSERVATION], |p| made(KalmanMean::new(p[0], p[1]))),
    one("kalman_zscore", &[PROCESS, OBSERVATION], |p| made(KalmanZScore::new(p[0], p[1]))),
    one("garch", &[OMEGA, ALPHA, BETA, WARMUP], |p| made(Garch::new(recursion(p)?))),
    one("garch_window", &[parameter("window", 250.0, Whole(2)), OMEGA, ALPHA, BETA], |p| {
        made(GarchWindow::new(rows(p[0]), recursion(&[p[1], p[2], p[3], 1.0])?))
    }),
    one("kalman_garch_zscore", &[PROCESS, OBSERVATION, OMEGA, ALPHA, BETA, WARMUP], |p| {
        made(KalmanGarchZScore::new(p[0], p[1], recursion(&p[2..])?))
    })
    .returning(&["mean", "zscore"]),
    one(
        "volatility_clusters",
        &[
            period(20.0, 2),
            parameter("window", 250.0, Whole(2)),
            parameter("classes", 3.0, Whole(2)),
            parameter("hysteresis", 0.1, Fraction),
        ],
        clusters,
    ),
];

/// The indicator of a name.
///
/// # Errors
/// `Error::Argument` with the names that are known.
pub fn definition(name: &str) -> Result<&'static Definition, Error> {
    DEFINITIONS.iter().find(|definition| definition.name == name).ok_or_else(|| Error::Argument {
        what: "indicator".into(),
        message: format!("unknown name {name:?}; expected one of {}", names().join(", ")),
    })
}

fn names() -> Vec<&'static str> {
    DEFINITIONS.iter().map(|definition| definition.name).collect()
}

fn made(indicator: impl Streaming + 'static) -> Started {
    Ok(Box::new(indicator))
}

/// A parameter that is a number of rows; its bounds were checked.
fn rows(parameter: f64) -> usize {
    parameter as usize
}

fn macd(p: &[f64]) -> Started {
    if p[0] >= p[1] {
        let message = format!("fast must be below slow, found {} and {}", p[0], p[1]);
        return Err(Error::Argument { what: "macd".into(), message });
    }
    made(Macd::new(rows(p[0]), rows(p[1]), rows(p[2])))
}

fn clusters(p: &[f64]) -> Started {
    if p[2] > p[1] {
        let message = format!("window of {} values cannot have {} classes", p[1], p[2]);
        return Err(Error::Argument { what: "volatility_clusters".into(), message });
    }
    made(VolatilityClusters::new(rows(p[0]), rows(p[1]), rows(p[2]), p[3]))
}

/// `omega, alpha, beta, warmup`.
fn recursion(p: &[f64]) -> Result<Recursion, Error> {
    if p[1] + p[2] < 1.0 {
        return Ok(Recursion { omega: p[0], alpha: p[1], beta: p[2], warmup: rows(p[3]) });
    }
    let message = format!("alpha + beta must be below 1, found {} + {}", p[1], p[2]);
    Err(Error::Argument { what: "garch".into(), message })
}
