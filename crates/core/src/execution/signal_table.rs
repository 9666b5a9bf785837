//! The signals of a run as a checked table of columns (S, S1).

use crate::error::Error;
use crate::execution::order::OrderType;
use crate::execution::signal::{Action, Signal};
use crate::execution::signal_checks::{check_numbers, check_opens, check_pairs, check_shape};
use crate::execution::signal_rows::{Cells, SignalRows};
use crate::execution::signal_words::{actions, order_types, sides, symbol_indices};
use crate::market::side::Side;
use std::sync::Arc;

pub use crate::execution::signal_columns::{Directions, SignalColumns, Text, Values};

/// Signals that passed S1, sorted by time, in columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignalTable {
    symbol: Arc<Vec<u32>>,
    ordinal: Arc<Vec<u32>>,
    action: Option<Arc<Vec<Action>>>,
    side: Arc<Vec<Option<Side>>>,
    order_type: Option<Arc<Vec<OrderType>>>,
    /// Numbers, times and tags; what was turned into the columns above is gone from it.
    rest: SignalColumns,
}

impl SignalTable {
    /// S1: checks every column; `symbols` are those of the run, in order.
    ///
    /// # Errors
    /// Names column and first row of a breach.
    pub fn check(mut columns: SignalColumns, symbols: &[String]) -> Result<Self, Error> {
        check_shape(&columns)?;
        check_numbers(&columns)?;
        check_pairs(&columns)?;
        let rows = columns.rows();
        let symbol = symbol_indices(columns.symbol.take(), symbols, rows)?;
        let action = columns.action.take().map(|text| actions(&text)).transpose()?;
        let order_type = columns.order_type.take().map(|text| order_types(&text)).transpose()?;
        let side = sides(columns.direction.take(), rows)?;
        let ordinal = ordinals(columns.time.values.as_slice(), &symbol, symbols.len());
        let table = Self {
            symbol: Arc::new(symbol),
            ordinal: Arc::new(ordinal),
            action: action.map(Arc::new),
            side: Arc::new(side),
            order_type: order_type.map(Arc::new),
            rest: columns,
        };
        check_opens(&table.rows())?;
        Ok(table)
    }

    /// S1: the same signals with number columns of other tables, each row as the named row there.
    ///
    /// # Errors
    /// As `check`.
    pub fn with_numbers<'a>(&self, columns: impl Iterator<Item = (&'a SignalColumns, usize)>) -> Result<Self, Error> {
        let mut table = self.clone();
        let mut moves_prices = false;
        for (values, row) in columns {
            moves_prices |= values.price.is_some() || values.limit_price.is_some();
            // One row speaks for all.
            check_numbers(&SignalColumns::of_one_row(values, row))?;
            table.rest = table.rest.with_constants(values, row);
        }
        check_pairs(&table.rest)?;
        if moves_prices {
            check_opens(&table.rows())?;
        }
        Ok(table)
    }

    /// A table of rows that are known to be sound; ordinals are counted anew.
    #[must_use]
    pub fn from_rows(rows: Vec<Signal>, tags: Vec<String>) -> Self {
        let count = rows.iter().map(|row| row.symbol as usize + 1).max().unwrap_or(0);
        let times: Vec<i64> = rows.iter().map(|row| row.time).collect();
        let symbol: Vec<u32> = rows.iter().map(|row| row.symbol).collect();
        Self {
            ordinal: Arc::new(ordinals(&times, &symbol, count)),
            symbol: Arc::new(symbol),
            action: Some(Arc::new(rows.iter().map(|row| row.action).collect())),
            side: Arc::new(rows.iter().map(|row| row.side).collect()),
            order_type: Some(Arc::new(rows.iter().map(|row| row.order_type).collect())),
            rest: SignalColumns::of_signals(&rows, times, tags),
        }
    }

    /// How many signals there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.symbol.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.symbol.is_empty()
    }

    /// T3: the time of a row's signal.
    #[must_use]
    pub fn time(&self, row: usize) -> i64 {
        self.rest.time.values.as_slice()[row]
    }

    /// The labels that tag indices point at.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        self.rest.tag.as_ref().map_or(&[], |text| &text.words)
    }

    /// A whole row.
    #[must_use]
    pub fn row(&self, row: usize) -> Signal {
        self.rows().row(row)
    }

    /// Its columns, looked up once.
    #[must_use]
    pub fn rows(&self) -> SignalRows<'_> {
        let rest = &self.rest;
        SignalRows {
            time: rest.time.values.as_slice(),
            symbol: &self.symbol,
            ordinal: &self.ordinal,
            action: self.action.as_deref().map_or(&[], Vec::as_slice),
            side: &self.side,
            order_type: self.order_type.as_deref().map_or(&[], Vec::as_slice),
            price: Cells::of(&rest.price),
            limit_price: Cells::of(&rest.limit_price),
            stop_loss: Cells::of(&rest.stop_loss),
            take_profit: Cells::of(&rest.take_profit),
            stop_loss_pips: Cells::of(&rest.stop_loss_pips),
            take_profit_pips: Cells::of(&rest.take_profit_pips),
            volume: Cells::of(&rest.volume),
            risk: Cells::of(&rest.risk),
            magic: Cells::of(&rest.magic),
            ticket: Cells::of(&rest.ticket),
            fraction: Cells::of(&rest.fraction),
            expires: Cells::of(&rest.expires),
            trail_pips: Cells::of(&rest.trail_pips),
            trail_start_pips: Cells::of(&rest.trail_start_pips),
            trail_step_pips: Cells::of(&rest.trail_step_pips),
            break_even_pips: Cells::of(&rest.break_even_pips),
            break_even_offset_pips: Cells::of(&rest.break_even_offset_pips),
            max_holding: Cells::of(&rest.max_holding),
            oco: Cells::of(&rest.oco),
            tag: rest.tag.as_ref().map_or(&[], |text| &text.rows),
        }
    }
}

/// L4: position among the signals of the same symbol and time.
fn ordinals(times: &[i64], symbol: &[u32], symbols: usize) -> Vec<u32> {
    let mut counts: Vec<(Option<i64>, u32)> = vec![(None, 0); symbols];
    let ordinal = |(&time, &symbol): (&i64, &u32)| {
        let (last, count) = &mut counts[symbol as usize];
        if *last != Some(time) {
            (*last, *count) = (Some(time), 0);
        }
        *count += 1;
        *count - 1
    };
    times.iter().zip(symbol).map(ordinal).collect()
}
