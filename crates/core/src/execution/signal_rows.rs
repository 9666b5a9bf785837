//! The columns of a signals table, looked up once, and its rows as signals.

use crate::execution::order::OrderType;
use crate::execution::signal::{Action, Signal};
use crate::execution::signal_columns::Values;
use crate::market::side::Side;

/// The columns of a table as slices.
#[derive(Clone, Copy, Debug)]
pub struct SignalRows<'a> {
    pub(super) time: &'a [i64],
    pub(crate) symbol: &'a [u32],
    pub(super) ordinal: &'a [u32],
    pub(super) action: &'a [Action],
    pub(super) side: &'a [Option<Side>],
    pub(super) order_type: &'a [OrderType],
    pub(super) price: Cells<'a, f64>,
    pub(super) limit_price: Cells<'a, f64>,
    pub(super) stop_loss: Cells<'a, f64>,
    pub(super) take_profit: Cells<'a, f64>,
    pub(super) stop_loss_pips: Cells<'a, f64>,
    pub(super) take_profit_pips: Cells<'a, f64>,
    pub(super) volume: Cells<'a, f64>,
    pub(super) risk: Cells<'a, f64>,
    pub(super) magic: Cells<'a, i64>,
    pub(super) ticket: Cells<'a, u64>,
    pub(super) fraction: Cells<'a, f64>,
    pub(super) expires: Cells<'a, i64>,
    pub(super) trail_pips: Cells<'a, f64>,
    pub(super) trail_start_pips: Cells<'a, f64>,
    pub(super) trail_step_pips: Cells<'a, f64>,
    pub(super) break_even_pips: Cells<'a, f64>,
    pub(super) break_even_offset_pips: Cells<'a, f64>,
    pub(super) max_holding: Cells<'a, i64>,
    pub(super) oco: Cells<'a, i64>,
    pub(super) tag: &'a [Option<u32>],
}

/// A column with nulls; a column that is not there has no values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells<'a, T> {
    values: &'a [T],
    valid: Option<&'a [bool]>,
}

impl<'a, T: Copy> Cells<'a, T> {
    pub(super) fn of(column: &'a Option<Values<T>>) -> Self {
        match column {
            Some(column) => Self { values: column.values.as_slice(), valid: column.valid.as_deref() },
            None => Self { values: &[], valid: None },
        }
    }

    #[inline]
    pub(super) fn get(&self, row: usize) -> Option<T> {
        let value = *self.values.get(row)?;
        self.valid.is_none_or(|valid| valid.get(row) == Some(&true)).then_some(value)
    }
}

impl SignalRows<'_> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// T3: the time of a row's signal.
    #[inline]
    #[must_use]
    pub fn time(&self, row: usize) -> i64 {
        self.time[row]
    }

    /// L4: the number of a row's signal among those of its time.
    #[inline]
    #[must_use]
    pub fn ordinal(&self, row: usize) -> u32 {
        self.ordinal[row]
    }

    /// What a row's signal does.
    #[inline]
    #[must_use]
    pub fn action(&self, row: usize) -> Action {
        self.action.get(row).copied().unwrap_or(Action::Open)
    }

    /// How a row's order waits.
    #[inline]
    #[must_use]
    pub fn order_type(&self, row: usize) -> OrderType {
        self.order_type.get(row).copied().unwrap_or(OrderType::Market)
    }

    /// T8: whether a row's order fills at the market.
    #[inline]
    #[must_use]
    pub fn is_market_open(&self, row: usize) -> bool {
        self.action(row) == Action::Open && self.order_type(row) == OrderType::Market
    }

    /// A row's magic number.
    #[inline]
    #[must_use]
    pub fn magic(&self, row: usize) -> i64 {
        self.magic.get(row).unwrap_or(0)
    }

    /// The direction of a row, where it has one.
    #[inline]
    #[must_use]
    pub fn side(&self, row: usize) -> Option<Side> {
        self.side[row]
    }

    /// Whether a row's order, once filled, ends by its levels alone, and ends no other order.
    #[inline]
    #[must_use]
    pub fn ends_by_levels(&self, row: usize) -> bool {
        let managed = self.trail_pips.get(row).is_some() || self.break_even_pips.get(row).is_some();
        !managed && self.max_holding.get(row).is_none() && self.oco.get(row).is_none()
    }

    /// A row's label.
    #[inline]
    #[must_use]
    pub fn tag(&self, row: usize) -> Option<u32> {
        self.tag.get(row).copied().flatten()
    }

    /// Stop loss and take profit of a row in pips.
    #[inline]
    #[must_use]
    pub fn pips(&self, row: usize) -> [Option<f64>; 2] {
        [self.stop_loss_pips.get(row), self.take_profit_pips.get(row)]
    }

    /// Money that a row asks to be risked.
    #[inline]
    #[must_use]
    pub fn risk(&self, row: usize) -> Option<f64> {
        self.risk.get(row)
    }

    /// Whether a row gives neither its volume nor levels but those in pips.
    #[inline]
    #[must_use]
    pub fn is_plain(&self, row: usize) -> bool {
        [self.volume, self.stop_loss, self.take_profit].iter().all(|cells| cells.get(row).is_none())
    }

    /// Whether every row is a market order of magic number 0.
    #[inline]
    #[must_use]
    pub fn are_all_alike(&self) -> bool {
        self.action.is_empty() && self.order_type.is_empty() && self.magic.values.is_empty()
    }

    /// A whole row.
    #[inline(always)]
    #[must_use]
    pub fn row(&self, row: usize) -> Signal {
        Signal {
            time: self.time[row],
            symbol: self.symbol[row],
            ordinal: self.ordinal[row],
            action: self.action(row),
            side: self.side[row],
            order_type: self.order_type(row),
            price: self.price.get(row),
            limit_price: self.limit_price.get(row),
            stop_loss: self.stop_loss.get(row),
            take_profit: self.take_profit.get(row),
            stop_loss_pips: self.stop_loss_pips.get(row),
            take_profit_pips: self.take_profit_pips.get(row),
            volume: self.volume.get(row),
            risk: self.risk.get(row),
            magic: self.magic(row),
            ticket: self.ticket.get(row),
            fraction: self.fraction.get(row).unwrap_or(1.0),
            expires: self.expires.get(row),
            trail_pips: self.trail_pips.get(row),
            trail_start_pips: self.trail_start_pips.get(row).unwrap_or(0.0),
            trail_step_pips: self.trail_step_pips.get(row).unwrap_or(0.0),
            break_even_pips: self.break_even_pips.get(row),
            break_even_offset_pips: self.break_even_offset_pips.get(row).unwrap_or(0.0),
            max_holding: self.max_holding.get(row),
            oco: self.oco.get(row),
            tag: self.tag(row),
        }
    }
}
