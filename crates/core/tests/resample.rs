//! Ticks and bars as longer bars.

use omegasim_core::market::resample::resample;
use omegasim_core::market::series::Series;
use omegasim_core::market::ticks::TickSeries;
use omegasim_core::time::{DAY, HOUR, MINUTE, SECOND};
use omegasim_core::trading_day::{TradingCalendar, NEW_YORK_CLOSE};

/// 2024-01-02T22:00:00Z, New York's close.
const CLOSE: i64 = 1_704_232_800 * SECOND;

fn ticks(rows: &[(i64, f64)]) -> Series {
    let time: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let bid: Vec<f64> = rows.iter().map(|row| row.1).collect();
    let ask: Vec<f64> = rows.iter().map(|row| row.1 + 0.5).collect();
    Series::Ticks(TickSeries::new("X", time.into(), bid.into(), ask.into()).unwrap())
}

fn calendar() -> TradingCalendar {
    TradingCalendar::parse(NEW_YORK_CLOSE).unwrap()
}

#[test]
fn a_bar_has_the_prices_of_its_ticks_and_the_time_of_its_period() {
    let data = ticks(&[(CLOSE + 1, 2.0), (CLOSE + 2, 4.0), (CLOSE + 3, 1.0), (CLOSE + MINUTE, 3.0)]);
    let bars = resample(&data, MINUTE, &calendar()).unwrap();
    assert_eq!(bars.times(), [CLOSE, CLOSE + MINUTE]);
    let first = bars.view().bar(0);
    assert_eq!([first.bid.open, first.bid.high, first.bid.low, first.bid.close], [2.0, 4.0, 1.0, 1.0]);
    assert_eq!([first.ask.open, first.ask.high, first.ask.low, first.ask.close], [2.5, 4.5, 1.5, 1.5]);
    assert_eq!(bars.volume().unwrap().as_slice(), [3.0, 1.0]);
}

#[test]
fn a_period_without_a_tick_has_no_bar() {
    let data = ticks(&[(CLOSE, 2.0), (CLOSE + 3 * DAY, 2.0)]);
    assert_eq!(resample(&data, 5 * MINUTE, &calendar()).unwrap().times(), [CLOSE, CLOSE + 3 * DAY]);
}

#[test]
fn no_bar_reaches_over_the_close() {
    let data = ticks(&[(CLOSE - HOUR, 2.0), (CLOSE - 1, 2.0), (CLOSE, 2.0), (CLOSE + HOUR, 2.0)]);
    assert_eq!(resample(&data, 3 * HOUR, &calendar()).unwrap().times(), [CLOSE - 3 * HOUR, CLOSE]);
    assert_eq!(resample(&data, DAY, &calendar()).unwrap().times(), [CLOSE - DAY, CLOSE]);
}

#[test]
fn times_before_1970_fall_into_their_periods_too() {
    let data = ticks(&[(-1, 2.0), (0, 2.0)]);
    assert_eq!(resample(&data, MINUTE, &calendar()).unwrap().times(), [-MINUTE, 0]);
}
