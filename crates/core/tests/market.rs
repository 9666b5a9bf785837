//! What market data must be like (T2, T4, Q2, Q3, Q5, C2).

use omegasim_core::distances::Distances;
use omegasim_core::error::Error;
use omegasim_core::instrument::Instrument;
use omegasim_core::market::bars::{BarSeries, OneSide, OneSideColumns, SideColumns, Spread};
use omegasim_core::market::range_index::RangeIndex;
use omegasim_core::market::series::Series;
use omegasim_core::market::ticks::TickSeries;
use omegasim_core::time::{display, parse_timeframe, timeframe_name, timeframe_names, MINUTE};

type Rows<'a> = &'a [[f64; 4]];

const BID: Rows = &[[1.10, 1.12, 1.09, 1.11], [1.11, 1.13, 1.10, 1.12], [1.12, 1.12, 1.08, 1.09]];

fn side(rows: Rows) -> SideColumns {
    let column = |point: usize| rows.iter().map(|row| row[point]).collect::<Vec<f64>>().into();
    SideColumns { open: column(0), high: column(1), low: column(2), close: column(3) }
}

fn shifted(rows: Rows, spread: f64) -> Vec<[f64; 4]> {
    rows.iter().map(|row| row.map(|price| price + spread)).collect()
}

fn minutes(rows: usize) -> Vec<i64> {
    (0..rows as i64).map(|row| row * MINUTE).collect()
}

fn bars(time: Vec<i64>, bid: Rows, ask: Rows) -> Result<BarSeries, Error> {
    BarSeries::new("EURUSD", time.into(), side(bid), Some(side(ask)), None, None)
}

fn eurusd() -> Instrument {
    Instrument {
        symbol: "EURUSD".into(),
        base: "EUR".into(),
        quote: "USD".into(),
        tick_size: 1e-5,
        pip_size: 1e-4,
        contract_size: 1e5,
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

fn one_side(side_: OneSide, rows: Rows, spread: Spread) -> Result<BarSeries, Error> {
    let columns = OneSideColumns { time: minutes(rows.len()).into(), prices: side(rows), spread, volume: None };
    BarSeries::from_one_side("EURUSD", side_, columns, None, &eurusd())
}

#[test]
fn t2_the_timeframe_is_the_most_frequent_distance() {
    let times = [0, 1, 2, 3].map(|m| m * MINUTE).into_iter().chain([10 * MINUTE, 20 * MINUTE]).collect::<Vec<_>>();
    assert_eq!(Distances::of(&times).most_frequent(), Some(MINUTE));
}

#[test]
fn t2_the_shorter_of_two_equally_frequent_distances_wins() {
    assert_eq!(Distances::of(&[0, 5, 10, 13, 16]).most_frequent(), Some(3));
    assert_eq!(Distances::of(&[0]).most_frequent(), None);
    assert_eq!(Distances::of(&[]).most_frequent(), None);
}

#[test]
fn t2_a_given_timeframe_counts() {
    let series = BarSeries::new("A", minutes(3).into(), side(BID), None, None, Some(5 * MINUTE)).unwrap();
    assert_eq!(series.timeframe(), 5 * MINUTE);
    let wrong = BarSeries::new("A", minutes(3).into(), side(BID), None, None, Some(0)).unwrap_err();
    assert_eq!(wrong, Error::BadTimeframe { symbol: "A".into(), timeframe: 0 });
}

#[test]
fn t2_every_timeframe_has_its_name() {
    for name in timeframe_names() {
        assert_eq!(timeframe_name(parse_timeframe(name).unwrap()), Some(name));
    }
    assert_eq!(parse_timeframe("h1").unwrap_err().code(), 1010);
}

#[test]
fn t4_bar_times_rise_strictly() {
    let error = bars(vec![0, MINUTE, MINUTE], BID, BID).unwrap_err();
    let expected = Error::BarsOutOfOrder { symbol: "EURUSD".into(), row: 2, time: MINUTE, previous: MINUTE };
    assert_eq!(error, expected);
    let text = error.to_string();
    assert!(text.contains("EURUSD") && text.contains("row 2") && text.contains("1970-01-01T00:01:00Z"), "{text}");
}

#[test]
fn t4_tick_times_never_fall_but_may_repeat() {
    let ticks = |time: Vec<i64>| TickSeries::new("EURUSD", time.into(), vec![1.1; 3].into(), vec![1.2; 3].into());
    assert_eq!(ticks(vec![5, 5, 6]).unwrap().len(), 3);
    let error = ticks(vec![5, 7, 6]).unwrap_err();
    assert_eq!(error, Error::TicksOutOfOrder { symbol: "EURUSD".into(), row: 2, time: 6, previous: 7 });
}

#[test]
fn t4_q3_the_first_breach_of_ticks_that_several_cores_check_is_named() {
    let rows = 300_000;
    let price = |row: usize| 1.1 + (row % 97) as f64 * 1e-5;
    let (time, bid): (Vec<i64>, Vec<f64>) = ((0..rows as i64).collect(), (0..rows).map(price).collect());
    let ask: Vec<f64> = bid.iter().map(|bid| bid + 1e-4).collect();
    let ticks = |time: &[i64], bid: &[f64]| {
        TickSeries::new("EURUSD", time.to_vec().into(), bid.to_vec().into(), ask.clone().into())
    };
    let whole = ticks(&time, &bid).unwrap();
    assert_eq!(*whole.index(), RangeIndex::of(&whole.view().prices()));
    for first in [1, 32_767, 32_768, 32_769, 131_072, rows - 1] {
        let (mut early, mut crossed) = (time.clone(), bid.clone());
        for row in (first..rows).step_by(1_000) {
            early[row] = -1;
            crossed[row] = 2.0;
        }
        let error = ticks(&early, &bid).unwrap_err();
        assert!(matches!(error, Error::TicksOutOfOrder { row, .. } if row == first), "{error}");
        let error = ticks(&time, &crossed).unwrap_err();
        assert!(matches!(error, Error::AskBelowBid { row, .. } if row == first), "{error}");
    }
}

#[test]
fn q3_a_price_is_finite_and_above_zero() {
    for bad in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
        let mut ask = shifted(BID, 0.001);
        ask[1][3] = bad;
        match bars(minutes(3), BID, &ask).unwrap_err() {
            Error::BadPrice { row: 1, time: MINUTE, column: "ask_close", value, .. } => {
                assert_eq!(value.to_bits(), bad.to_bits());
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn q3_open_and_close_lie_between_low_and_high() {
    for (point, price) in [(0, 1.2), (0, 1.0), (3, 1.2), (3, 1.0), (1, 1.05), (2, 1.2)] {
        let mut bid = BID.to_vec();
        bid[2][point] = price;
        let error = bars(minutes(3), &bid, &shifted(BID, 0.5)).unwrap_err();
        assert!(matches!(error, Error::BarInconsistent { row: 2, side: "bid", .. }), "{error}");
    }
}

#[test]
fn q3_ask_is_never_below_bid() {
    for (point, name) in ["open", "high", "low", "close"].into_iter().enumerate() {
        let mut ask = shifted(BID, 0.001);
        // Row 0 has room around each price, so that only the order of the sides is broken.
        let bid: Vec<[f64; 4]> = vec![[1.10, 1.12, 1.08, 1.10]; 3];
        ask[0] = [1.101, 1.121, 1.081, 1.101];
        ask[1] = [1.101, 1.121, 1.081, 1.101];
        ask[2] = [1.101, 1.121, 1.081, 1.101];
        ask[1][point] = bid[1][point] - 1e-5;
        let error = bars(minutes(3), &bid, &ask).unwrap_err();
        assert!(matches!(error, Error::AskBelowBid { row: 1, point, .. } if point == name), "{error}");
    }
}

#[test]
fn q3_a_zero_spread_is_fine() {
    assert!(bars(minutes(3), BID, BID).unwrap().has_ask());
}

#[test]
fn q3_ticks_are_checked_too() {
    let ticks = |bid: f64, ask: f64| {
        TickSeries::new("X", vec![1, 2].into(), vec![1.0, bid].into(), vec![1.0, ask].into()).unwrap_err()
    };
    assert!(matches!(ticks(1.1, 1.0), Error::AskBelowBid { row: 1, time: 2, .. }));
    assert!(matches!(ticks(f64::NAN, 1.0), Error::BadPrice { column: "bid", .. }));
    assert!(matches!(ticks(1.0, f64::INFINITY), Error::BadPrice { column: "ask", .. }));
}

#[test]
fn a_series_has_rows_of_one_length() {
    assert_eq!(bars(vec![], &[], &[]).unwrap_err(), Error::EmptySeries { symbol: "EURUSD".into() });
    let error = bars(minutes(2), BID, BID).unwrap_err();
    assert!(matches!(error, Error::ColumnLength { expected: 2, found: 3, ref column, .. } if column == "bid_open"));
    let volume = Some(vec![1.0].into());
    let error = BarSeries::new("A", minutes(3).into(), side(BID), None, volume, None).unwrap_err();
    assert!(matches!(error, Error::ColumnLength { ref column, .. } if column == "volume"));
}

#[test]
fn q4_without_ask_the_view_shows_bid_on_both_sides() {
    let series = BarSeries::new("A", minutes(3).into(), side(BID), None, None, None).unwrap();
    assert!(!series.has_ask());
    assert_eq!(series.view().bar(1).ask, series.view().bar(1).bid);
}

#[test]
fn q2_a_constant_spread_makes_the_other_side() {
    let series = one_side(OneSide::Bid, BID, Spread::Pips(1.5)).unwrap();
    let bar = series.view().bar(0);
    assert_eq!((bar.bid.low, bar.ask.low, bar.ask.high), (1.09, 1.09015, 1.12015));
    let series = one_side(OneSide::Ask, BID, Spread::Pips(1.5)).unwrap();
    let bar = series.view().bar(0);
    assert_eq!((bar.ask.low, bar.bid.low, bar.bid.close), (1.09, 1.08985, 1.10985));
}

#[test]
fn q2_mid_lies_between_the_sides() {
    let bar = one_side(OneSide::Mid, BID, Spread::Pips(1.0)).unwrap().view().bar(2);
    assert_eq!((bar.bid.open, bar.ask.open, bar.bid.low, bar.ask.low), (1.11995, 1.12005, 1.07995, 1.08005));
}

#[test]
fn q2_a_spread_column_shifts_each_row_by_its_own() {
    let series = one_side(OneSide::Bid, BID, Spread::Price(vec![1e-4, 2e-4, 0.0].into())).unwrap();
    let view = series.view();
    assert_eq!([0, 1, 2].map(|row| view.bar(row).ask.open), [1.1001, 1.1102, 1.12]);
}

#[test]
fn q2_a_spread_is_finite_and_not_negative() {
    for bad in [-0.1, f64::NAN, f64::INFINITY] {
        assert_eq!(one_side(OneSide::Bid, BID, Spread::Pips(bad)).unwrap_err().code(), 2002);
        let column = Spread::Price(vec![0.0, bad, 0.0].into());
        assert!(matches!(one_side(OneSide::Mid, BID, column).unwrap_err(), Error::BadSpread { row: 1, .. }));
    }
    let short = Spread::Price(vec![0.0].into());
    assert_eq!(one_side(OneSide::Bid, BID, short).unwrap_err().code(), 1003);
}

#[test]
fn q5_the_made_side_lies_on_the_grid() {
    let odd: Rows = &[[1.100004, 1.100004, 1.100004, 1.100004]];
    let bar = one_side(OneSide::Bid, odd, Spread::Pips(0.1)).unwrap().view().bar(0);
    assert_eq!((bar.bid.open, bar.ask.open), (1.100004, 1.10001));
}

#[test]
fn q5_rounding_never_crosses_the_sides() {
    let odd: Rows = &[[1.100004, 1.100004, 1.100004, 1.100004]];
    let bar = one_side(OneSide::Bid, odd, Spread::Pips(0.0)).unwrap().view().bar(0);
    assert_eq!(bar.ask.open, 1.100004);
}

#[test]
fn c2_the_spread_multiplier_widens_around_mid_on_the_grid() {
    let ask = shifted(BID, 2e-4);
    let series = bars(minutes(3), BID, &ask).unwrap().with_spread_multiplier(2.0, &eurusd());
    let bar = series.view().bar(0);
    assert_eq!((bar.bid.open, bar.ask.open), (1.0999, 1.1003));
    assert_eq!((bar.bid.low, bar.ask.high), (1.0899, 1.1203));
}

#[test]
fn c2_low_and_high_become_the_extremes_of_the_four_prices() {
    let bid: Rows = &[[1.1000, 1.1005, 1.0990, 1.0992]];
    let ask: Rows = &[[1.1001, 1.1020, 1.0991, 1.1010]];
    let bar = bars(vec![0], bid, ask).unwrap().with_spread_multiplier(3.0, &eurusd()).view().bar(0);
    // Close: mid 1.1001, distance 0.0009, so bid 1.0974 is below the bid low of 1.09895 less.
    assert_eq!((bar.bid.close, bar.bid.low), (1.0974, 1.0974));
    assert_eq!((bar.ask.high, bar.ask.close), (1.1035, 1.1028));
}

#[test]
fn c2_a_multiplier_of_one_changes_nothing() {
    let odd: Rows = &[[1.100004, 1.100004, 1.100004, 1.100004]];
    let series = bars(vec![0], odd, odd).unwrap();
    assert_eq!(series.with_spread_multiplier(1.0, &eurusd()), series);
}

#[test]
fn c2_ticks_widen_too() {
    let ticks = TickSeries::new("EURUSD", vec![1].into(), vec![1.1].into(), vec![1.1002].into()).unwrap();
    let tick = ticks.with_spread_multiplier(0.0, &eurusd()).view().tick(0);
    assert_eq!((tick.bid.open, tick.ask.open), (1.1001, 1.1001));
}

#[test]
fn the_hash_is_of_the_data_and_not_of_the_name() {
    let series = Series::Bars(bars(minutes(3), BID, BID).unwrap());
    assert_eq!(series.data_hash(), series.with_symbol("GBPUSD").data_hash());
    let other = Series::Bars(bars(minutes(3), BID, &shifted(BID, 1e-5)).unwrap());
    assert_ne!(series.data_hash(), other.data_hash());
}

#[test]
fn times_are_shown_in_utc() {
    assert_eq!(display(0), "1970-01-01T00:00:00Z");
    assert_eq!(display(1_704_276_000_123_456_789), "2024-01-03T10:00:00.123456789Z");
    assert_eq!(display(i64::MIN).len(), display(i64::MAX).len());
}
