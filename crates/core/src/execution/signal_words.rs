//! What the words of a signals table mean, and its directions (S, S1).

use crate::error::Error;
use crate::execution::order::OrderType;
use crate::execution::signal::Action;
use crate::execution::signal_checks::wrong;
use crate::execution::signal_columns::{Directions, Text, Values};
use crate::market::side::Side;

/// Indices in the run of the symbols of all rows; a null is the only symbol there is.
pub(super) fn symbol_indices(column: Option<Text>, symbols: &[String], rows: usize) -> Result<Vec<u32>, Error> {
    let missing = |row| match symbols.len() {
        1 => Ok(0),
        _ => Err(wrong("symbol", row, &format!("missing; expected one of {}", symbols.join(", ")))),
    };
    let Some(text) = column else {
        return if rows == 0 { Ok(Vec::new()) } else { missing(0).map(|index| vec![index; rows]) };
    };
    let known: Vec<Option<u32>> = text
        .words
        .iter()
        .map(|word| symbols.iter().position(|symbol| symbol == word).map(|index| index as u32))
        .collect();
    let index = |(row, word): (usize, &Option<u32>)| match *word {
        None => missing(row),
        Some(word) => known[word as usize].ok_or_else(|| {
            let found = &text.words[word as usize];
            wrong("symbol", row, &format!("unknown symbol {found:?}; expected one of {}", symbols.join(", ")))
        }),
    };
    text.rows.iter().enumerate().map(index).collect()
}

/// What all rows do; a null is an `open`.
pub(super) fn actions(text: &Text) -> Result<Vec<Action>, Error> {
    words("action", text, action_of, Action::Open)
}

/// How the orders of all rows wait; a null is at the market.
pub(super) fn order_types(text: &Text) -> Result<Vec<OrderType>, Error> {
    words("order_type", text, order_type_of, OrderType::Market)
}

/// Meanings of a column of words; a null has the default one.
fn words<T: Copy>(
    column: &str,
    text: &Text,
    meaning: impl Fn(&str) -> Result<T, &'static str>,
    default: T,
) -> Result<Vec<T>, Error> {
    let meanings: Vec<_> = text.words.iter().map(|word| meaning(word)).collect();
    let value = |(row, word): (usize, &Option<u32>)| match *word {
        None => Ok(default),
        Some(word) => meanings[word as usize]
            .map_err(|expected| wrong(column, row, &format!("{:?}; expected {expected}", text.words[word as usize]))),
    };
    text.rows.iter().enumerate().map(value).collect()
}

fn action_of(word: &str) -> Result<Action, &'static str> {
    match word {
        "open" => Ok(Action::Open),
        "close" => Ok(Action::Close),
        "modify" => Ok(Action::Modify),
        "cancel" => Ok(Action::Cancel),
        _ => Err("open, close, modify or cancel"),
    }
}

fn order_type_of(word: &str) -> Result<OrderType, &'static str> {
    match word {
        "market" => Ok(OrderType::Market),
        "limit" => Ok(OrderType::Limit),
        "stop" => Ok(OrderType::Stop),
        "stop_limit" => Ok(OrderType::StopLimit),
        _ => Err("market, limit, stop or stop_limit"),
    }
}

const DIRECTIONS: &str = "long or short, buy or sell, 1 or -1";

fn side_of(word: &str) -> Result<Option<Side>, &'static str> {
    match word {
        "long" | "buy" | "1" => Ok(Some(Side::Long)),
        "short" | "sell" | "-1" => Ok(Some(Side::Short)),
        _ => Err(DIRECTIONS),
    }
}

/// The directions of all rows.
pub(super) fn sides(column: Option<Directions>, rows: usize) -> Result<Vec<Option<Side>>, Error> {
    let number = |values: &Values<i64>, row: usize| match values.get(row) {
        None => Ok(None),
        Some(1) => Ok(Some(Side::Long)),
        Some(-1) => Ok(Some(Side::Short)),
        Some(other) => Err(wrong("direction", row, &format!("{other}; expected {DIRECTIONS}"))),
    };
    match column {
        None => Ok(vec![None; rows]),
        Some(Directions::Words(text)) => words("direction", &text, side_of, None),
        Some(Directions::Numbers(values)) => (0..rows).map(|row| number(&values, row)).collect(),
    }
}
