//! Rules S and S1, Q3 and Q4: what is checked before anything runs.

mod common;

use common::*;
use omegasim_core::error::Error;
use omegasim_core::execution::signal_table::{Directions, SignalColumns, SignalTable, Values};
use omegasim_core::market::bars::BarSeries;
use omegasim_core::market::series::Series;
use omegasim_core::time::MINUTE;

const QUIET: Prices = [1.1, 1.1, 1.1, 1.1];

/// Two opens of EURUSD, changed.
fn columns(change: impl FnOnce(&mut SignalColumns)) -> SignalColumns {
    let mut columns = SignalColumns {
        time: vec![Some(at(0)), Some(at(1))].into(),
        direction: Some(Directions::Words([Some("long"), Some("short")].into_iter().collect())),
        ..SignalColumns::default()
    };
    change(&mut columns);
    columns
}

fn checked(columns: SignalColumns) -> Result<SignalTable, Error> {
    SignalTable::check(columns, &["EURUSD".into()])
}

/// Column and row that a table is refused for.
fn fault(change: impl FnOnce(&mut SignalColumns)) -> (String, Option<usize>) {
    match checked(columns(change)) {
        Err(Error::SignalColumn { column, row, .. }) => (column, row),
        other => panic!("{other:?}"),
    }
}

fn second_row(value: f64) -> Option<Values<f64>> {
    Some(vec![None, Some(value)].into())
}

fn at_second_row(column: &str) -> (String, Option<usize>) {
    (column.into(), Some(1))
}

#[test]
fn s_absent_columns_have_their_defaults() {
    let row = checked(columns(|_| ())).unwrap().row(1);
    assert_eq!(row, short(at(1)));
}

#[test]
fn s_directions_have_three_spellings() {
    let words = |first, second| Directions::Words([Some(first), Some(second)].into_iter().collect());
    let numbers = Directions::Numbers(vec![Some(1), Some(-1)].into());
    for spelling in [words("long", "short"), words("buy", "sell"), words("1", "-1"), numbers] {
        let table = checked(columns(|columns| columns.direction = Some(spelling))).unwrap();
        assert_eq!((table.row(0), table.row(1)), (long(at(0)), short(at(1))));
    }
}

#[test]
fn s_times_never_fall() {
    let refused = checked(columns(|columns| columns.time = vec![Some(at(1)), Some(at(0))].into()));
    assert_eq!(refused, Err(Error::SignalsUnsorted { row: 1, time: at(0), previous: at(1) }));
}

#[test]
fn s1_numbers_are_finite() {
    assert_eq!(fault(|columns| columns.stop_loss = second_row(f64::NAN)), at_second_row("stop_loss"));
    assert_eq!(fault(|columns| columns.take_profit = second_row(f64::INFINITY)), at_second_row("take_profit"));
    assert_eq!(fault(|columns| columns.price = second_row(f64::NEG_INFINITY)), at_second_row("price"));
}

#[test]
fn s1_volumes_fractions_and_distances_are_above_nothing() {
    assert_eq!(fault(|columns| columns.volume = second_row(0.0)), at_second_row("volume"));
    assert_eq!(fault(|columns| columns.fraction = second_row(0.0)), at_second_row("fraction"));
    assert_eq!(fault(|columns| columns.fraction = second_row(1.01)), at_second_row("fraction"));
    assert_eq!(fault(|columns| columns.stop_loss_pips = second_row(-1.0)), at_second_row("stop_loss_pips"));
    assert_eq!(fault(|columns| columns.trail_pips = second_row(0.0)), at_second_row("trail_pips"));
    assert_eq!(fault(|columns| columns.break_even_pips = second_row(0.0)), at_second_row("break_even_pips"));
    assert_eq!(fault(|columns| columns.max_holding = Some(vec![None, Some(0)].into())), at_second_row("max_holding"));
}

#[test]
fn s1_a_break_even_offset_stays_below_its_trigger() {
    let offset = |pips: f64| {
        move |columns: &mut SignalColumns| {
            columns.break_even_pips = second_row(10.0);
            columns.break_even_offset_pips = second_row(pips);
        }
    };
    assert_eq!(fault(offset(10.0)), at_second_row("break_even_offset_pips"));
    assert!(checked(columns(offset(9.9))).is_ok());
}

#[test]
fn s1_a_level_and_a_distance_together_are_one_too_many() {
    let both = |columns: &mut SignalColumns| {
        columns.stop_loss = second_row(1.2);
        columns.stop_loss_pips = second_row(10.0);
    };
    assert_eq!(fault(both), at_second_row("stop_loss_pips"));
    let both = |columns: &mut SignalColumns| {
        columns.take_profit = second_row(1.2);
        columns.take_profit_pips = second_row(10.0);
    };
    assert_eq!(fault(both), at_second_row("take_profit_pips"));
}

#[test]
fn s1_required_values_are_not_null() {
    assert_eq!(fault(|columns| columns.time = vec![Some(at(0)), None].into()), at_second_row("time"));
    let words = [Some("long"), None].into_iter().collect();
    assert_eq!(fault(|columns| columns.direction = Some(Directions::Words(words))), at_second_row("direction"));
    let types = [None, Some("limit")].into_iter().collect();
    assert_eq!(fault(|columns| columns.order_type = Some(types)), at_second_row("price"));
    let types = [None, Some("stop_limit")].into_iter().collect();
    let stop_limit = |columns: &mut SignalColumns| {
        columns.order_type = Some(types);
        columns.price = second_row(1.2);
    };
    assert_eq!(fault(stop_limit), at_second_row("limit_price"));
}

#[test]
fn s1_a_close_needs_no_direction() {
    let change = |columns: &mut SignalColumns| {
        columns.direction = None;
        columns.action = Some([Some("close"), Some("cancel")].into_iter().collect());
    };
    assert!(checked(columns(change)).is_ok());
}

#[test]
fn s1_words_have_to_be_known() {
    let words = |word: &'static str| Some([None, Some(word)].into_iter().collect());
    assert_eq!(fault(|columns| columns.action = words("hold")), at_second_row("action"));
    assert_eq!(fault(|columns| columns.order_type = words("iceberg")), at_second_row("order_type"));
    assert_eq!(fault(|columns| columns.symbol = words("USDJPY")), at_second_row("symbol"));
    let numbers = Directions::Numbers(vec![Some(1), Some(2)].into());
    assert_eq!(fault(|columns| columns.direction = Some(numbers)), at_second_row("direction"));
}

#[test]
fn s1_a_symbol_is_required_where_there_are_several() {
    let refused = SignalTable::check(columns(|_| ()), &["EURUSD".into(), "GBPUSD".into()]);
    assert!(matches!(refused, Err(Error::SignalColumn { column, .. }) if column == "symbol"));
}

#[test]
fn q3_prices_are_finite_and_above_nothing() {
    for bad in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
        let refused = timed("EURUSD", vec![at(0), at(1)], &[(QUIET, QUIET), ([1.1, 1.1, bad, 1.1], QUIET)], MINUTE);
        assert!(matches!(refused, Err(Error::BadPrice { row: 1, column: "bid_low", .. })), "{refused:?}");
    }
}

#[test]
fn q3_open_and_close_lie_between_low_and_high() {
    let refused = timed("EURUSD", vec![at(0)], &[([1.1, 1.09, 1.08, 1.085], [1.2; 4])], MINUTE);
    assert!(matches!(refused, Err(Error::BarInconsistent { row: 0, side: "bid", .. })), "{refused:?}");
}

#[test]
fn q3_the_ask_is_not_below_the_bid() {
    let refused = timed("EURUSD", vec![at(0)], &[(QUIET, [1.1, 1.1, 1.0999, 1.1])], MINUTE);
    let expected =
        Error::AskBelowBid { symbol: "EURUSD".into(), row: 0, time: at(0), point: "low", bid: 1.1, ask: 1.0999 };
    assert_eq!(refused, Err(expected));
}

#[test]
fn q4_bars_without_ask_are_refused() {
    let prices = side([QUIET; 2].into_iter());
    let series = BarSeries::new("EURUSD", vec![at(0), at(1)].into(), prices, None, None, None).unwrap();
    let refused = try_run(&config(), Series::Bars(series), &[long(at(0))]);
    assert!(matches!(refused, Err(Error::MissingAsk { .. })), "{refused:?}");
}
