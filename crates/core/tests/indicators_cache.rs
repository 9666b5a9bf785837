//! Indicators over bars of any timeframe.

use omegasim_core::error::Error;
use omegasim_core::indicators::cache::{Cache, FrameKey, Request};
use omegasim_core::indicators::frame::{Price, Quotes};
use omegasim_core::market::bars::{BarSeries, SideColumns};
use omegasim_core::time::{DAY, HOUR, MINUTE};
use omegasim_core::trading_day::{TradingCalendar, NEW_YORK_CLOSE};
use std::sync::Arc;

fn flat(prices: &[f64]) -> SideColumns {
    let column = || prices.to_vec().into();
    SideColumns { open: column(), high: column(), low: column(), close: column() }
}

/// Bars whose four prices are one, a price higher each; ask is one higher still.
fn rising(times: Vec<i64>, timeframe: i64) -> BarSeries {
    let prices: Vec<f64> = (1..=times.len()).map(|price| price as f64).collect();
    let asks: Vec<f64> = prices.iter().map(|price| price + 1.0).collect();
    let volume = vec![1.0; times.len()];
    let ask = Some(flat(&asks));
    BarSeries::new("EURUSD", times.into(), flat(&prices), ask, Some(volume.into()), Some(timeframe)).unwrap()
}

/// A cache whose days begin at midnight UTC.
fn over(series: impl IntoIterator<Item = BarSeries>) -> Cache {
    Cache::new(series, TradingCalendar::parse("00:00 UTC").unwrap())
}

fn request(name: &str, parameters: &[f64], timeframe: Option<i64>) -> Request {
    let frame = FrameKey { symbol: "EURUSD".into(), timeframe, quotes: Quotes::Bid };
    Request { frame, price: Price::Close, name: name.into(), parameters: parameters.to_vec() }
}

#[test]
fn asking_twice_computes_once() {
    let mut cache = over([rising((0..50).map(|row| row * MINUTE).collect(), MINUTE)]);
    let first = cache.values(&request("rsi", &[14.0], None)).unwrap();
    let spelled = cache.values(&request("rsi", &[], None)).unwrap();
    let own = cache.values(&request("rsi", &[14.0], Some(MINUTE))).unwrap();
    assert!(Arc::ptr_eq(&first, &spelled) && Arc::ptr_eq(&first, &own));
    assert_eq!(cache.computed(), 1);
}

#[test]
fn side_price_timeframe_and_parameters_tell_requests_apart() {
    let mut cache = over([rising((0..50).map(|row| row * MINUTE).collect(), MINUTE)]);
    let asked = request("sma", &[2.0], None);
    let mid = Request { frame: FrameKey { quotes: Quotes::Mid, ..asked.frame.clone() }, ..asked.clone() };
    let open = Request { price: Price::Open, ..asked.clone() };
    for request in [&asked, &mid, &open, &request("sma", &[3.0], None), &request("sma", &[2.0], Some(5 * MINUTE))] {
        cache.values(request).unwrap();
    }
    assert_eq!(cache.computed(), 5);
    assert_eq!(cache.values(&mid).unwrap().newest(0, 1, 0), 2.0);
}

#[test]
fn the_price_does_not_matter_to_what_reads_whole_bars() {
    let mut cache = over([rising((0..50).map(|row| row * MINUTE).collect(), MINUTE)]);
    let asked = request("atr", &[3.0], None);
    cache.values(&asked).unwrap();
    cache.values(&Request { price: Price::Typical, ..asked }).unwrap();
    assert_eq!(cache.computed(), 1);
}

#[test]
fn a_longer_bar_is_visible_once_it_is_closed() {
    let mut cache = over([rising((0..12).map(|row| row * 15 * MINUTE).collect(), 15 * MINUTE)]);
    let hourly = cache.values(&request("sma", &[1.0], Some(HOUR))).unwrap();
    assert_eq!(hourly.columns()[0].as_slice(), [4.0, 8.0, 12.0]);
    let on_series = hourly.on_series()[0].as_slice();
    assert!(on_series[..3].iter().all(|value| value.is_nan()));
    assert_eq!(on_series[3..], [4.0, 4.0, 4.0, 4.0, 8.0, 8.0, 8.0, 8.0, 12.0]);
    assert_eq!((hourly.newest(0, 8, 0), hourly.newest(0, 8, 1)), (8.0, 4.0));
    assert!(hourly.newest(0, 8, 2).is_nan());
}

#[test]
fn a_bar_whose_end_is_missing_closes_with_the_next_row_there_is() {
    // Friday until 21:00, then Sunday 22:00: the day of Friday is over at midnight, which Sunday's first bar tells.
    let friday = (0..22).map(|hour| DAY + hour * HOUR);
    let sunday = [3 * DAY + 22 * HOUR, 3 * DAY + 23 * HOUR];
    let mut cache = over([rising(friday.chain(sunday).collect(), HOUR)]);
    let daily = cache.values(&request("sma", &[1.0], Some(DAY))).unwrap();
    assert!(daily.newest(0, 21, 0).is_nan());
    assert_eq!((daily.newest(0, 22, 0), daily.newest(0, 23, 0)), (22.0, 24.0));
    assert_eq!(daily.columns()[0].as_slice(), [22.0, 24.0]);
}

#[test]
fn a_bar_that_the_data_do_not_close_is_left_out() {
    let mut cache = over([rising((0..7).map(|row| row * 15 * MINUTE).collect(), 15 * MINUTE)]);
    assert_eq!(cache.values(&request("sma", &[1.0], Some(HOUR))).unwrap().columns()[0].len(), 1);
}

#[test]
fn a_day_is_closed_with_its_last_hour_on_the_clock_of_its_calendar() {
    // Trading days of July end at 21:00 UTC.
    let july = 4_565 * DAY;
    let series = rising((0..48).map(|hour| july + hour * HOUR).collect(), HOUR);
    let mut cache = Cache::new([series], TradingCalendar::parse(NEW_YORK_CLOSE).unwrap());
    let daily = cache.values(&request("sma", &[1.0], Some(DAY))).unwrap();
    assert!(daily.newest(0, 19, 0).is_nan());
    assert_eq!((daily.newest(0, 20, 0), daily.newest(0, 43, 0), daily.newest(0, 44, 0)), (21.0, 21.0, 45.0));
}

#[test]
fn a_bar_that_belongs_to_two_longer_ones_is_refused() {
    let mut cache = over([rising((0..9).map(|row| row * 15 * MINUTE).collect(), 30 * MINUTE)]);
    assert!(matches!(cache.values(&request("sma", &[1.0], Some(HOUR))).unwrap_err(), Error::Argument { .. }));
}

#[test]
fn a_week_begins_on_monday() {
    let key = FrameKey { symbol: "EURUSD".into(), timeframe: Some(7 * DAY), quotes: Quotes::Bid };
    let mut cache = over([rising((0..20).map(|row| row * DAY).collect(), DAY)]);
    let frame = cache.frame(&key).unwrap();
    assert_eq!(frame.time().as_slice(), [-3 * DAY, 4 * DAY, 11 * DAY]);
    assert_eq!(frame.volume().unwrap().as_slice(), [4.0, 7.0, 7.0]);
}

#[test]
fn what_cannot_be_had_is_named() {
    let mut cache = over([rising((0..7).map(|row| row * 15 * MINUTE).collect(), 15 * MINUTE)]);
    let mut fails = |request: Request| cache.values(&request).unwrap_err();
    let stranger = FrameKey { symbol: "X".into(), timeframe: None, quotes: Quotes::Bid };
    let unknown = fails(Request { frame: stranger, ..request("sma", &[], None) });
    assert!(matches!(unknown, Error::UnknownSymbol { .. }));
    assert!(matches!(fails(request("sma", &[], Some(50 * MINUTE))), Error::Argument { .. }));
    assert!(matches!(fails(request("sma", &[], Some(MINUTE))), Error::Argument { .. }));
    let bid = BarSeries::new("EURUSD", vec![0].into(), flat(&[1.0]), None, None, None).unwrap();
    let mut cache = over([bid]);
    let asked = request("sma", &[], None);
    let mid = Request { frame: FrameKey { quotes: Quotes::Mid, ..asked.frame.clone() }, ..asked };
    assert!(matches!(cache.values(&mid).unwrap_err(), Error::MissingAsk { .. }));
    assert!(matches!(cache.values(&request("obv", &[], None)).unwrap_err(), Error::MissingColumn { .. }));
}
