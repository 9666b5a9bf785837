//! Bars of one side, and the spread that makes the other (Q2).

use crate::column::Column;
use crate::error::Error;
use crate::instrument::Instrument;
use crate::market::bars::{BarSeries, SideColumns};

/// Q2: which side a table of one side holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum OneSide {
    Bid,
    Ask,
    Mid,
}

/// Q2: what makes the other side.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// One distance for all bars.
    Pips(f64),
    /// A distance in price units for each bar.
    Price(Column<f64>),
}

/// The columns of a table of one side.
#[derive(Clone, Debug, PartialEq)]
pub struct OneSideColumns {
    /// Open times.
    pub time: Column<i64>,
    /// The prices that were given.
    pub prices: SideColumns,
    /// What makes the other side.
    pub spread: Spread,
    /// Traded or counted volume.
    pub volume: Option<Column<f64>>,
}

impl BarSeries {
    /// Q2: makes the other side from a spread; made prices go to the grid (Q5).
    ///
    /// # Errors
    /// Names the first bad spread, else what `new` finds.
    pub fn from_one_side(
        symbol: impl Into<String>,
        side: OneSide,
        columns: OneSideColumns,
        timeframe: Option<i64>,
        instrument: &Instrument,
    ) -> Result<Self, Error> {
        let symbol = symbol.into();
        let OneSideColumns { time, prices, spread, volume } = columns;
        let distance = Distance::new(&symbol, time.as_slice(), &spread, instrument)?;
        let grid = instrument.grid();
        let (bid, ask) = match side {
            OneSide::Bid => {
                let ask = distance.shifted(&prices, |bid, spread| grid.nearest(bid + spread).max(bid));
                (prices, ask)
            }
            OneSide::Ask => {
                let bid = distance.shifted(&prices, |ask, spread| grid.nearest(ask - spread).min(ask));
                (bid, prices)
            }
            OneSide::Mid => (
                distance.shifted(&prices, |mid, spread| grid.nearest(mid - spread / 2.0)),
                distance.shifted(&prices, |mid, spread| grid.nearest(mid + spread / 2.0)),
            ),
        };
        Self::new(symbol, time, bid, Some(ask), volume, timeframe)
    }
}

/// The spread of each row, checked.
enum Distance<'a> {
    Constant(f64),
    Rows(&'a [f64]),
}

impl<'a> Distance<'a> {
    fn new(symbol: &str, times: &[i64], spread: &'a Spread, instrument: &Instrument) -> Result<Self, Error> {
        let bad = |row: usize, value: f64| Error::BadSpread {
            symbol: symbol.into(),
            row,
            time: times.get(row).copied().unwrap_or_default(),
            value,
        };
        let fine = |value: f64| value.is_finite() && value >= 0.0;
        match spread {
            Spread::Pips(pips) if fine(*pips) => Ok(Self::Constant(pips * instrument.pip_size)),
            Spread::Pips(pips) => Err(bad(0, *pips)),
            Spread::Price(column) => match column.as_slice().iter().position(|&value| !fine(value)) {
                Some(row) => Err(bad(row, column.as_slice()[row])),
                None if column.len() != times.len() => Err(Error::ColumnLength {
                    symbol: symbol.into(),
                    column: "spread".into(),
                    expected: times.len(),
                    found: column.len(),
                }),
                None => Ok(Self::Rows(column.as_slice())),
            },
        }
    }

    fn shifted(&self, prices: &SideColumns, shift: impl Fn(f64, f64) -> f64) -> SideColumns {
        SideColumns::from_columns(prices.slices().map(|column| match self {
            Self::Constant(spread) => column.iter().map(|&price| shift(price, *spread)).collect(),
            Self::Rows(spreads) => column.iter().zip(*spreads).map(|(&price, &spread)| shift(price, spread)).collect(),
        }))
    }
}
