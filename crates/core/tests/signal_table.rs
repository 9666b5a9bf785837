//! What a signals table must be like (S, S1).

use omegasim_core::error::Error;
use omegasim_core::execution::order::OrderType;
use omegasim_core::execution::side::Side;
use omegasim_core::execution::signal::{Action, Signal};
use omegasim_core::execution::signal_table::{Directions, SignalColumns, SignalTable, Text, Values};

fn text(words: &[&str]) -> Option<Text> {
    Some(words.iter().map(|&word| (!word.is_empty()).then_some(word)).collect())
}

fn numbers(values: &[Option<f64>]) -> Option<Values<f64>> {
    Some(values.to_vec().into())
}

/// Three market orders.
fn longs() -> SignalColumns {
    SignalColumns {
        time: vec![Some(1), Some(2), Some(2)].into(),
        direction: text(&["long", "short", "buy"]).map(Directions::Words),
        ..SignalColumns::default()
    }
}

fn check(columns: SignalColumns) -> Result<SignalTable, Error> {
    SignalTable::check(columns, &["EURUSD".into()])
}

/// Column, row and message of a refused table.
fn refused(columns: SignalColumns) -> (String, usize, String) {
    match check(columns).unwrap_err() {
        Error::SignalColumn { column, row: Some(row), message } => (column, row, message),
        other => panic!("{other}"),
    }
}

fn refused_number(set: impl FnOnce(&mut SignalColumns, Option<Values<f64>>), value: f64) -> (String, usize) {
    let mut columns = longs();
    set(&mut columns, numbers(&[None, Some(value), Some(value)]));
    let (column, row, _) = refused(columns);
    (column, row)
}

#[test]
fn s_absent_columns_have_their_defaults() {
    let table = check(longs()).unwrap();
    assert_eq!(table.row(0), Signal::market(1, 0, Side::Long));
    assert_eq!(table.row(1).side, Some(Side::Short));
    assert_eq!((table.len(), table.row(2).time, table.row(2).symbol), (3, 2, 0));
}

#[test]
fn s_a_row_carries_every_column() {
    let one = |value: f64| numbers(&[Some(value)]);
    let columns = SignalColumns {
        time: vec![Some(7)].into(),
        symbol: text(&["GBPUSD"]),
        action: text(&["open"]),
        direction: Some(Directions::Numbers(vec![Some(-1)].into())),
        order_type: text(&["stop_limit"]),
        price: one(1.2),
        limit_price: one(1.21),
        stop_loss: one(1.3),
        take_profit_pips: one(40.0),
        volume: one(0.5),
        risk: one(100.0),
        magic: Some(vec![Some(7)].into()),
        ticket: Some(vec![Some(9)].into()),
        fraction: one(0.5),
        expires: Some(vec![Some(99)].into()),
        trail_pips: one(10.0),
        trail_start_pips: one(0.0),
        trail_step_pips: one(1.0),
        break_even_pips: one(10.0),
        break_even_offset_pips: one(1.0),
        max_holding: Some(vec![Some(60)].into()),
        oco: Some(vec![Some(3)].into()),
        tag: text(&["label"]),
        ..SignalColumns::default()
    };
    let table = SignalTable::check(columns, &["EURUSD".into(), "GBPUSD".into()]).unwrap();
    let expected = Signal {
        order_type: OrderType::StopLimit,
        price: Some(1.2),
        limit_price: Some(1.21),
        stop_loss: Some(1.3),
        take_profit_pips: Some(40.0),
        volume: Some(0.5),
        risk: Some(100.0),
        magic: 7,
        ticket: Some(9),
        fraction: 0.5,
        expires: Some(99),
        trail_pips: Some(10.0),
        trail_step_pips: 1.0,
        break_even_pips: Some(10.0),
        break_even_offset_pips: 1.0,
        max_holding: Some(60),
        oco: Some(3),
        tag: Some(0),
        ..Signal::market(7, 1, Side::Short)
    };
    assert_eq!(table.row(0), expected);
    assert_eq!(table.tags(), ["label"]);
    assert_eq!(SignalTable::from_rows(vec![expected.clone()], vec!["label".into()]).row(0), expected);
}

#[test]
fn s_directions_have_three_spellings() {
    for (long, short) in [("long", "short"), ("buy", "sell"), ("1", "-1")] {
        let direction = text(&[long, short, short]).map(Directions::Words);
        let table = check(SignalColumns { direction, ..longs() }).unwrap();
        assert_eq!([0, 1].map(|row| table.row(row).side), [Some(Side::Long), Some(Side::Short)]);
    }
}

#[test]
fn l4_ordinals_count_rows_of_one_symbol_and_time() {
    let columns = SignalColumns {
        time: vec![Some(1), Some(1), Some(1), Some(1), Some(2)].into(),
        symbol: text(&["A", "B", "A", "A", "A"]),
        direction: text(&["long"; 5]).map(Directions::Words),
        ..SignalColumns::default()
    };
    let table = SignalTable::check(columns, &["A".into(), "B".into()]).unwrap();
    assert_eq!([0, 1, 2, 3, 4].map(|row| table.row(row).ordinal), [0, 0, 1, 2, 0]);
}

#[test]
fn s_an_empty_table_is_fine() {
    let table = SignalTable::check(SignalColumns::default(), &["A".into(), "B".into()]).unwrap();
    assert!(table.is_empty() && table.tags().is_empty());
}

#[test]
fn s1_times_are_sorted() {
    let error = check(SignalColumns { time: vec![Some(2), Some(3), Some(1)].into(), ..longs() }).unwrap_err();
    assert_eq!(error, Error::SignalsUnsorted { row: 2, time: 1, previous: 3 });
}

#[test]
fn s1_a_time_is_never_null() {
    let (column, row, _) = refused(SignalColumns { time: vec![Some(2), None, Some(3)].into(), ..longs() });
    assert_eq!((column.as_str(), row), ("time", 1));
}

#[test]
fn s1_several_symbols_need_a_symbol_in_each_row() {
    let symbols = ["A".to_owned(), "B".to_owned()];
    let error = SignalTable::check(longs(), &symbols).unwrap_err();
    assert!(matches!(error, Error::SignalColumn { ref column, row: Some(0), .. } if column == "symbol"));
    let columns = SignalColumns { symbol: text(&["A", "", "B"]), ..longs() };
    let error = SignalTable::check(columns, &symbols).unwrap_err();
    assert!(matches!(error, Error::SignalColumn { ref column, row: Some(1), .. } if column == "symbol"));
}

#[test]
fn s1_an_unknown_symbol_is_named() {
    let (column, row, message) = refused(SignalColumns { symbol: text(&["EURUSD", "", "GBPUSD"]), ..longs() });
    assert_eq!((column.as_str(), row), ("symbol", 2));
    assert!(message.contains("GBPUSD") && message.contains("EURUSD"), "{message}");
}

#[test]
fn s1_words_are_known_ones() {
    let (column, row, message) = refused(SignalColumns { action: text(&["open", "", "shut"]), ..longs() });
    assert_eq!((column.as_str(), row), ("action", 2));
    assert!(message.contains("shut"), "{message}");
    let (column, row, _) = refused(SignalColumns { order_type: text(&["market", "iceberg", ""]), ..longs() });
    assert_eq!((column.as_str(), row), ("order_type", 1));
    let direction = text(&["long", "up", "short"]).map(Directions::Words);
    let (column, row, _) = refused(SignalColumns { direction, ..longs() });
    assert_eq!((column.as_str(), row), ("direction", 1));
    let direction = Some(Directions::Numbers(vec![Some(1), Some(-1), Some(0)].into()));
    let (column, row, _) = refused(SignalColumns { direction, ..longs() });
    assert_eq!((column.as_str(), row), ("direction", 2));
}

#[test]
fn s1_an_open_needs_a_direction_and_others_do_not() {
    let (column, row, _) = refused(SignalColumns { direction: None, ..longs() });
    assert_eq!((column.as_str(), row), ("direction", 0));
    let table = check(SignalColumns { direction: None, action: text(&["close", "modify", "cancel"]), ..longs() });
    assert_eq!(table.unwrap().row(2).action, Action::Cancel);
}

#[test]
fn s1_pending_orders_need_their_levels() {
    let pending = |order_type: &str, price: Option<f64>| {
        let order_type = text(&["market", order_type, "market"]);
        refused(SignalColumns { order_type, price: numbers(&[None, price, None]), ..longs() })
    };
    for order_type in ["limit", "stop", "stop_limit"] {
        let (column, row, _) = pending(order_type, None);
        assert_eq!((column.as_str(), row), ("price", 1));
    }
    let (column, row, _) = pending("stop_limit", Some(1.1));
    assert_eq!((column.as_str(), row), ("limit_price", 1));
}

#[test]
fn s1_no_number_is_nan_or_infinite() {
    type Set = fn(&mut SignalColumns, Option<Values<f64>>);
    let columns: [(&str, Set); 14] = [
        ("price", |c, v| c.price = v),
        ("limit_price", |c, v| c.limit_price = v),
        ("stop_loss", |c, v| c.stop_loss = v),
        ("take_profit", |c, v| c.take_profit = v),
        ("stop_loss_pips", |c, v| c.stop_loss_pips = v),
        ("take_profit_pips", |c, v| c.take_profit_pips = v),
        ("volume", |c, v| c.volume = v),
        ("risk", |c, v| c.risk = v),
        ("fraction", |c, v| c.fraction = v),
        ("trail_pips", |c, v| c.trail_pips = v),
        ("trail_start_pips", |c, v| c.trail_start_pips = v),
        ("trail_step_pips", |c, v| c.trail_step_pips = v),
        ("break_even_pips", |c, v| c.break_even_pips = v),
        ("break_even_offset_pips", |c, v| c.break_even_offset_pips = v),
    ];
    for (name, set) in columns {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(refused_number(set, bad), (name.into(), 1));
        }
    }
}

#[test]
fn s1_volumes_fractions_and_distances_are_above_zero() {
    for bad in [0.0, -1.0] {
        assert_eq!(refused_number(|c, v| c.volume = v, bad), ("volume".into(), 1));
        assert_eq!(refused_number(|c, v| c.fraction = v, bad), ("fraction".into(), 1));
        assert_eq!(refused_number(|c, v| c.stop_loss_pips = v, bad), ("stop_loss_pips".into(), 1));
        assert_eq!(refused_number(|c, v| c.take_profit_pips = v, bad), ("take_profit_pips".into(), 1));
        assert_eq!(refused_number(|c, v| c.trail_pips = v, bad), ("trail_pips".into(), 1));
        assert_eq!(refused_number(|c, v| c.break_even_pips = v, bad), ("break_even_pips".into(), 1));
    }
    assert_eq!(refused_number(|c, v| c.fraction = v, 1.01), ("fraction".into(), 1));
    assert_eq!(refused_number(|c, v| c.trail_start_pips = v, -1.0), ("trail_start_pips".into(), 1));
    assert_eq!(refused_number(|c, v| c.trail_step_pips = v, -1.0), ("trail_step_pips".into(), 1));
    assert_eq!(refused_number(|c, v| c.risk = v, -1.0), ("risk".into(), 1));
    let max_holding = Some(vec![None, None, Some(0)].into());
    let (column, row, _) = refused(SignalColumns { max_holding, ..longs() });
    assert_eq!((column.as_str(), row), ("max_holding", 2));
}

#[test]
fn s1_a_null_is_not_looked_at() {
    let volume = Values { values: vec![f64::NAN, 1.0, -5.0].into(), valid: Some(vec![false, true, false]) };
    let table = check(SignalColumns { volume: Some(volume), ..longs() }).unwrap();
    assert_eq!([0, 1, 2].map(|row| table.row(row).volume), [None, Some(1.0), None]);
}

#[test]
fn s1_a_level_and_a_distance_exclude_each_other() {
    let level = numbers(&[Some(1.1), None, Some(1.1)]);
    let distance = numbers(&[None, Some(10.0), Some(10.0)]);
    let stops = SignalColumns { stop_loss: level.clone(), stop_loss_pips: distance.clone(), ..longs() };
    assert_eq!((refused(stops.clone()).0.as_str(), refused(stops).1), ("stop_loss_pips", 2));
    let targets = SignalColumns { take_profit: level, take_profit_pips: distance, ..longs() };
    assert_eq!((refused(targets.clone()).0.as_str(), refused(targets).1), ("take_profit_pips", 2));
}

#[test]
fn s1_a_break_even_offset_stays_below_its_trigger() {
    let columns = SignalColumns {
        break_even_pips: numbers(&[Some(10.0), None, Some(10.0)]),
        break_even_offset_pips: numbers(&[Some(9.0), Some(20.0), Some(10.0)]),
        ..longs()
    };
    let (column, row, _) = refused(columns);
    assert_eq!((column.as_str(), row), ("break_even_offset_pips", 2));
}

#[test]
fn s1_columns_have_one_length() {
    let error = check(SignalColumns { volume: numbers(&[Some(1.0)]), ..longs() }).unwrap_err();
    assert!(matches!(error, Error::ColumnLength { expected: 3, found: 1, ref column, .. } if column == "volume"));
}
