//! S1: what the columns of a signals table, and its rows, must be like.

use crate::error::Error;
use crate::execution::order::OrderType;
use crate::execution::signal::Action;
use crate::execution::signal_columns::{Directions, SignalColumns, Values};
use crate::execution::signal_rows::SignalRows;

/// S1: as many rows as can be counted, in columns of one length, sorted by time.
pub(super) fn check_shape(columns: &SignalColumns) -> Result<(), Error> {
    check_size(columns.rows())?;
    check_lengths(columns)?;
    check_times(&columns.time)
}

/// S1: numbers by themselves, and those that concern each other.
/// S1: what an `open` needs: a direction, and the levels of a pending order.
pub(super) fn check_opens(signals: &SignalRows) -> Result<(), Error> {
    for row in (0..signals.len()).filter(|&row| signals.action(row) == Action::Open) {
        let order_type = signals.order_type(row);
        if signals.side(row).is_none() {
            return Err(wrong("direction", row, "missing; an open needs \"long\" or \"short\""));
        }
        if order_type != OrderType::Market && signals.price.get(row).is_none() {
            return Err(wrong("price", row, &format!("missing; a {} order needs it", order_type.name())));
        }
        if order_type == OrderType::StopLimit && signals.limit_price.get(row).is_none() {
            return Err(wrong("limit_price", row, "missing; a stop_limit order needs it"));
        }
    }
    Ok(())
}

/// What is wrong in a row of a column.
pub(super) fn wrong(column: &str, row: usize, message: &str) -> Error {
    Error::SignalColumn { column: column.into(), row: Some(row), message: message.into() }
}

fn check_size(rows: usize) -> Result<(), Error> {
    let limit = u32::MAX as usize;
    if rows > limit {
        return Err(Error::TooManyRows { table: "signals".into(), rows, limit });
    }
    Ok(())
}

fn check_lengths(columns: &SignalColumns) -> Result<(), Error> {
    let rows = columns.rows();
    let texts = [
        ("symbol", columns.symbol.as_ref()),
        ("action", columns.action.as_ref()),
        ("order_type", columns.order_type.as_ref()),
        ("tag", columns.tag.as_ref()),
    ];
    let integers = [
        ("magic", columns.magic.as_ref()),
        ("expires", columns.expires.as_ref()),
        ("max_holding", columns.max_holding.as_ref()),
        ("oco", columns.oco.as_ref()),
    ];
    let direction = columns.direction.as_ref().map(|directions| match directions {
        Directions::Words(text) => text.rows.len(),
        Directions::Numbers(values) => values.values.len(),
    });
    let mut lengths = vec![("direction", direction), ("ticket", columns.ticket.as_ref().map(|c| c.values.len()))];
    lengths.extend(texts.map(|(name, text)| (name, text.map(|text| text.rows.len()))));
    lengths.extend(integers.map(|(name, values)| (name, values.map(|values| values.values.len()))));
    lengths.extend(numbers(columns).map(|(name, values, _)| (name, values.map(|values| values.values.len()))));
    let wrong = lengths.into_iter().find_map(|(name, length)| length.filter(|&l| l != rows).map(|l| (name, l)));
    wrong.map_or(Ok(()), |(column, found)| {
        Err(Error::ColumnLength { symbol: "signals".into(), column: column.into(), expected: rows, found })
    })
}

fn check_times(times: &Values<i64>) -> Result<(), Error> {
    if let Some(row) = times.valid.as_ref().and_then(|valid| valid.iter().position(|valid| !valid)) {
        return Err(wrong("time", row, "null; a signal needs a time"));
    }
    let slice = times.values.as_slice();
    match slice.windows(2).position(|pair| pair[0] > pair[1]) {
        None => Ok(()),
        Some(row) => Err(Error::SignalsUnsorted { row: row + 1, time: slice[row + 1], previous: slice[row] }),
    }
}

/// What S1 asks of a number beyond being finite.
#[derive(Clone, Copy)]
enum Range {
    Finite,
    Above0,
    AtLeast0,
    Fraction,
}

impl Range {
    /// A value that holds lies between these.
    fn bounds(self) -> (f64, f64) {
        match self {
            Self::Finite => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Above0 => (0.0, f64::INFINITY),
            Self::AtLeast0 => (0_f64.next_down(), f64::INFINITY),
            Self::Fraction => (0.0, 1_f64.next_up()),
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Self::Finite => "a finite number",
            Self::Above0 => "a finite number above 0",
            Self::AtLeast0 => "a finite number of at least 0",
            Self::Fraction => "a number above 0 and at most 1",
        }
    }
}

type Number<'a> = (&'static str, Option<&'a Values<f64>>, Range);

fn numbers(columns: &SignalColumns) -> [Number<'_>; 14] {
    [
        ("price", columns.price.as_ref(), Range::Finite),
        ("limit_price", columns.limit_price.as_ref(), Range::Finite),
        ("stop_loss", columns.stop_loss.as_ref(), Range::Finite),
        ("take_profit", columns.take_profit.as_ref(), Range::Finite),
        ("stop_loss_pips", columns.stop_loss_pips.as_ref(), Range::Above0),
        ("take_profit_pips", columns.take_profit_pips.as_ref(), Range::Above0),
        ("volume", columns.volume.as_ref(), Range::Above0),
        ("risk", columns.risk.as_ref(), Range::AtLeast0),
        ("fraction", columns.fraction.as_ref(), Range::Fraction),
        ("trail_pips", columns.trail_pips.as_ref(), Range::Above0),
        ("trail_start_pips", columns.trail_start_pips.as_ref(), Range::AtLeast0),
        ("trail_step_pips", columns.trail_step_pips.as_ref(), Range::AtLeast0),
        ("break_even_pips", columns.break_even_pips.as_ref(), Range::Above0),
        ("break_even_offset_pips", columns.break_even_offset_pips.as_ref(), Range::Finite),
    ]
}

/// NaN and infinity anywhere, and what is out of range.
pub(super) fn check_numbers(columns: &SignalColumns) -> Result<(), Error> {
    for (name, values, range) in numbers(columns) {
        let (above, below) = range.bounds();
        let found = values.and_then(|values| values.first(|value| !(value > above && value < below)));
        if let Some((row, value)) = found {
            return Err(wrong(name, row, &format!("{value}; expected {}", range.expected())));
        }
    }
    let holding = columns.max_holding.as_ref();
    match holding.and_then(|values| values.rows().find(|&(_, value)| value <= 0)) {
        Some((row, value)) => Err(wrong("max_holding", row, &format!("{value} ns; expected more than 0"))),
        None => Ok(()),
    }
}

/// A level and a distance together; a break-even offset that reaches its trigger.
pub(super) fn check_pairs(columns: &SignalColumns) -> Result<(), Error> {
    let both = |level: &Option<Values<f64>>, distance: &Option<Values<f64>>| {
        let both = level.is_some() && distance.is_some();
        (0..if both { columns.rows() } else { 0 }).find(|&row| at(level, row).is_some() && at(distance, row).is_some())
    };
    if let Some(row) = both(&columns.stop_loss, &columns.stop_loss_pips) {
        return Err(wrong("stop_loss_pips", row, "given together with stop_loss; expected one of the two"));
    }
    if let Some(row) = both(&columns.take_profit, &columns.take_profit_pips) {
        return Err(wrong("take_profit_pips", row, "given together with take_profit; expected one of the two"));
    }
    let Some(triggers) = &columns.break_even_pips else { return Ok(()) };
    let reached = triggers.rows().find_map(|(row, trigger)| {
        at(&columns.break_even_offset_pips, row)
            .filter(|&offset| offset >= trigger)
            .map(|offset| (row, trigger, offset))
    });
    reached.map_or(Ok(()), |(row, trigger, offset)| {
        Err(wrong("break_even_offset_pips", row, &format!("{offset}; expected less than break_even_pips, {trigger}")))
    })
}

fn at<T: Copy>(column: &Option<Values<T>>, row: usize) -> Option<T> {
    column.as_ref().and_then(|values| values.get(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e1_6001_a_table_has_more_rows_than_can_be_counted() {
        let error = check_size(u32::MAX as usize + 1).unwrap_err();
        assert_eq!(error.code(), 6001);
        assert_eq!(error.to_string(), "signals: 4294967296 rows; at most 4294967295 are possible");
    }
}
