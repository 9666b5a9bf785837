//! A table of signals in which every row has the same value in some columns.

use crate::execution::signal_columns::{Directions, SignalColumns, Text, Values};

impl SignalColumns {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.time.values.len()
    }

    /// Whether it has a column of words that decides what a signal is.
    #[must_use]
    pub fn has_words(&self) -> bool {
        self.symbol.is_some() || self.action.is_some() || self.order_type.is_some() || self.direction.is_some()
    }

    /// One signal with the columns that `values` has, as they are in that table's row `row`.
    pub(super) fn of_one_row(values: &Self, row: usize) -> Self {
        let time = Values { values: vec![0].into(), valid: None };
        Self { time, ..Self::default() }.with_constants(values, row)
    }

    /// The same signals with the columns that `values` has, each row of them as that table's row `row`.
    #[must_use]
    pub fn with_constants(&self, values: &Self, row: usize) -> Self {
        let rows = self.rows();
        let mut columns = self.clone();
        macro_rules! replace {
            ($constant:ident: $($column:ident),*) => {
                $(if let Some(given) = &values.$column {
                    columns.$column = $constant(given, row, rows);
                })*
            };
        }
        replace!(text: symbol, action, order_type, tag);
        replace!(direction: direction);
        replace!(value: price, limit_price, stop_loss, take_profit, stop_loss_pips, take_profit_pips, volume, risk);
        replace!(value: fraction, trail_pips, trail_start_pips, trail_step_pips, break_even_pips);
        replace!(value: break_even_offset_pips, magic, ticket, expires, max_holding, oco);
        columns
    }
}

/// A column of one value; none where that is null.
fn value<T: Copy>(given: &Values<T>, row: usize, rows: usize) -> Option<Values<T>> {
    given.get(row).map(|value| Values { values: vec![value; rows].into(), valid: None })
}

fn text(given: &Text, row: usize, rows: usize) -> Option<Text> {
    given.get(row).map(|word| Text { rows: vec![Some(0); rows], words: vec![word.into()] })
}

fn direction(given: &Directions, row: usize, rows: usize) -> Option<Directions> {
    match given {
        Directions::Words(words) => text(words, row, rows).map(Directions::Words),
        Directions::Numbers(numbers) => value(numbers, row, rows).map(Directions::Numbers),
    }
}
