//! One hash over all that a table of signals says.

use crate::execution::signal_columns::{Directions, SignalColumns, Text, Values};
use crate::fingerprint::Encoder;

/// The hash of the signals, whatever library or file they came from.
///
/// Each column that holds a value follows its name, row by row; a column of nothing but nulls is as if it were absent.
#[must_use]
pub fn signals_hash(columns: &SignalColumns) -> String {
    let mut hash = SignalHash(Encoder::new("signals", columns.time.values.len()));
    hash.integers("time", Some(&columns.time));
    hash.texts("symbol", columns.symbol.as_ref());
    hash.texts("action", columns.action.as_ref());
    match &columns.direction {
        Some(Directions::Words(words)) => hash.texts("direction", Some(words)),
        Some(Directions::Numbers(numbers)) => hash.integers("direction", Some(numbers)),
        None => {}
    }
    hash.texts("order_type", columns.order_type.as_ref());
    hash.numbers("price", columns.price.as_ref());
    hash.numbers("limit_price", columns.limit_price.as_ref());
    hash.numbers("stop_loss", columns.stop_loss.as_ref());
    hash.numbers("take_profit", columns.take_profit.as_ref());
    hash.numbers("stop_loss_pips", columns.stop_loss_pips.as_ref());
    hash.numbers("take_profit_pips", columns.take_profit_pips.as_ref());
    hash.numbers("volume", columns.volume.as_ref());
    hash.numbers("risk", columns.risk.as_ref());
    hash.integers("magic", columns.magic.as_ref());
    hash.values("ticket", columns.ticket.as_ref(), u64::to_le_bytes);
    hash.numbers("fraction", columns.fraction.as_ref());
    hash.integers("expires", columns.expires.as_ref());
    hash.numbers("trail_pips", columns.trail_pips.as_ref());
    hash.numbers("trail_start_pips", columns.trail_start_pips.as_ref());
    hash.numbers("trail_step_pips", columns.trail_step_pips.as_ref());
    hash.numbers("break_even_pips", columns.break_even_pips.as_ref());
    hash.numbers("break_even_offset_pips", columns.break_even_offset_pips.as_ref());
    hash.integers("max_holding", columns.max_holding.as_ref());
    hash.integers("oco", columns.oco.as_ref());
    hash.texts("tag", columns.tag.as_ref());
    hash.0.finish().to_hex().to_string()
}

struct SignalHash(Encoder);

impl SignalHash {
    fn numbers(&mut self, name: &str, column: Option<&Values<f64>>) {
        self.values(name, column, f64::to_le_bytes);
    }

    fn integers(&mut self, name: &str, column: Option<&Values<i64>>) {
        self.values(name, column, i64::to_le_bytes);
    }

    fn values<T: Copy>(&mut self, name: &str, column: Option<&Values<T>>, bytes: impl Fn(T) -> [u8; 8]) {
        let Some(column) = column.filter(|column| column.rows().next().is_some()) else { return };
        self.0.text(name);
        for row in 0..column.values.len() {
            let value = column.get(row);
            self.0.flag(value.is_some());
            self.0.bytes(value.map(&bytes).as_ref().map_or(&[], |bytes| &bytes[..]));
        }
    }

    fn texts(&mut self, name: &str, column: Option<&Text>) {
        let Some(column) = column.filter(|column| column.rows.iter().any(Option::is_some)) else { return };
        self.0.text(name);
        for row in 0..column.rows.len() {
            let text = column.get(row);
            self.0.flag(text.is_some());
            if let Some(text) = text {
                self.0.text(text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signals() -> SignalColumns {
        SignalColumns {
            time: Values::from(vec![Some(1), Some(2)]),
            direction: Some(Directions::Words([Some("long"), Some("short")].into_iter().collect())),
            stop_loss: Some(Values::from(vec![Some(1.1), None])),
            ..SignalColumns::default()
        }
    }

    #[test]
    fn a_column_of_nulls_says_nothing() {
        let nulls = SignalColumns {
            tag: Some([None, None].into_iter().collect()),
            risk: Some(Values::from(vec![None, None])),
            ..signals()
        };
        assert_eq!(signals_hash(&nulls), signals_hash(&signals()));
    }

    #[test]
    fn what_stands_at_a_null_says_nothing() {
        let stop_loss = Values { values: vec![1.1, 7.0].into(), valid: Some(vec![true, false]) };
        assert_eq!(signals_hash(&SignalColumns { stop_loss: Some(stop_loss), ..signals() }), signals_hash(&signals()));
    }

    #[test]
    fn a_value_in_another_row_or_column_is_another_table() {
        let row = SignalColumns { stop_loss: Some(Values::from(vec![None, Some(1.1)])), ..signals() };
        let column = SignalColumns { take_profit: signals().stop_loss, stop_loss: None, ..signals() };
        let other = [row, column].map(|columns| signals_hash(&columns));
        assert!(other[0] != other[1] && !other.contains(&signals_hash(&signals())));
    }
}
