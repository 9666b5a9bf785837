//! Bars of one side as indicators read them, on their own timeframe or a longer one.

use super::definition::Input;
use crate::column::Column;
use crate::error::Error;
use crate::market::bars::{BarSeries, SideColumns};

/// Which quotes an indicator reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Quotes {
    Bid,
    Ask,
    Mid,
}

/// Which price of a bar stands for it where an indicator reads one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Price {
    Open,
    High,
    Low,
    Close,
    /// `(high + low) / 2`.
    Median,
    /// `(high + low + close) / 3`.
    Typical,
}

/// Closed bars of one side.
#[derive(Clone, Debug)]
pub struct Frame {
    symbol: String,
    time: Column<i64>,
    prices: SideColumns,
    volume: Option<Column<f64>>,
    /// Of each bar of the series how many of these bars are closed at its close; `None` where they are the same bars.
    closed: Option<Vec<u32>>,
}

impl Frame {
    /// The bars as they are; bid and ask share the memory of the series.
    ///
    /// # Errors
    /// `Error::MissingAsk` where the series has none and they are needed (Q4).
    pub fn of_series(series: &BarSeries, quotes: Quotes) -> Result<Self, Error> {
        let needs_ask = || Error::MissingAsk { symbol: series.symbol().into(), needed_by: "the indicator".into() };
        let prices = match quotes {
            Quotes::Bid => series.bid().clone(),
            Quotes::Ask => series.ask().ok_or_else(needs_ask)?.clone(),
            Quotes::Mid => middle(series.bid(), series.ask().ok_or_else(needs_ask)?),
        };
        let (time, volume) = (series.time_column().clone(), series.volume().cloned());
        Ok(Self { symbol: series.symbol().into(), time, prices, volume, closed: None })
    }

    /// Longer bars of the same data; one that the data do not close is left out.
    ///
    /// # Errors
    /// As `of_series`; as `period_ends`.
    pub fn of_longer(series: &BarSeries, longer: &BarSeries, quotes: Quotes, ends: &[i64]) -> Result<Self, Error> {
        let closed = closed(series, ends);
        let count = closed.last().map_or(0, |&count| count as usize);
        let whole = Self::of_series(longer, quotes)?;
        let SideColumns { open, high, low, close } = &whole.prices;
        let [open, high, low, close] = [open, high, low, close].map(|column| first(column, count));
        Ok(Self {
            symbol: whole.symbol,
            time: first(&whole.time, count),
            prices: SideColumns { open, high, low, close },
            volume: whole.volume.as_ref().map(|volume| first(volume, count)),
            closed: Some(closed),
        })
    }

    /// Whether they are longer than the bars of the series.
    #[must_use]
    pub fn is_longer(&self) -> bool {
        self.closed.is_some()
    }

    /// Open times.
    #[must_use]
    pub fn time(&self) -> &Column<i64> {
        &self.time
    }

    /// Open, high, low, close.
    #[must_use]
    pub fn prices(&self) -> &SideColumns {
        &self.prices
    }

    /// Volume, where there is one.
    #[must_use]
    pub fn volume(&self) -> Option<&Column<f64>> {
        self.volume.as_ref()
    }

    /// How many of these bars are closed at the close of a bar of the series.
    #[must_use]
    #[inline]
    pub fn closed(&self, row: usize) -> usize {
        match &self.closed {
            Some(closed) => closed[row] as usize,
            None => row + 1,
        }
    }

    /// Values of these bars on the rows of the series: at each the newest that is closed, NaN before the first.
    #[must_use]
    pub fn on_series(&self, values: &Column<f64>) -> Column<f64> {
        let Some(closed) = &self.closed else {
            return values.clone();
        };
        let values = values.as_slice();
        let newest = |&count: &u32| (count as usize).checked_sub(1).map_or(f64::NAN, |index| values[index]);
        closed.iter().map(newest).collect::<Vec<_>>().into()
    }

    /// A column that an indicator reads.
    ///
    /// # Errors
    /// `Error::MissingColumn` where there is no volume and it is needed.
    pub fn input(&self, input: Input, price: Price) -> Result<Column<f64>, Error> {
        let SideColumns { high, low, close, .. } = &self.prices;
        match input {
            Input::Price => Ok(self.price(price)),
            Input::Time => Ok(self.time.as_slice().iter().map(|&time| time as f64).collect::<Vec<_>>().into()),
            Input::High => Ok(high.clone()),
            Input::Low => Ok(low.clone()),
            Input::Close => Ok(close.clone()),
            Input::Volume => self.volume.clone().ok_or_else(|| Error::MissingColumn {
                table: self.symbol.clone(),
                column: "volume".into(),
                found: ["time", "open", "high", "low", "close"].map(String::from).to_vec(),
            }),
        }
    }

    fn price(&self, price: Price) -> Column<f64> {
        let SideColumns { open, high, low, close } = &self.prices;
        match price {
            Price::Open => open.clone(),
            Price::High => high.clone(),
            Price::Low => low.clone(),
            Price::Close => close.clone(),
            Price::Median => pairs(high, low, |high, low| (high + low) / 2.0),
            Price::Typical => {
                let sums = pairs(high, low, |high, low| high + low);
                pairs(&sums, close, |sum, close| (sum + close) / 3.0)
            }
        }
    }
}

/// A longer bar is closed at the close of a bar where its time is over and no later bar belongs to it.
fn closed(series: &BarSeries, ends: &[i64]) -> Vec<u32> {
    let (times, timeframe) = (series.times(), series.timeframe());
    let mut count = 0;
    let rows = times.iter().enumerate();
    rows.map(|(row, &time)| {
        let next = times.get(row + 1).copied().unwrap_or(i64::MAX);
        while ends.get(count).is_some_and(|&end| end <= time.saturating_add(timeframe) && end <= next) {
            count += 1;
        }
        count as u32
    })
    .collect()
}

fn first<T: Clone>(column: &Column<T>, count: usize) -> Column<T> {
    match column.len() == count {
        true => column.clone(),
        false => column.as_slice()[..count].to_vec().into(),
    }
}

fn pairs(one: &Column<f64>, other: &Column<f64>, join: impl Fn(f64, f64) -> f64) -> Column<f64> {
    one.as_slice().iter().zip(other.as_slice()).map(|(&one, &other)| join(one, other)).collect::<Vec<_>>().into()
}

fn middle(bid: &SideColumns, ask: &SideColumns) -> SideColumns {
    let [open, high, low, close] =
        [(&bid.open, &ask.open), (&bid.high, &ask.high), (&bid.low, &ask.low), (&bid.close, &ask.close)]
            .map(|(bid, ask)| pairs(bid, ask, |bid, ask| (bid + ask) / 2.0));
    SideColumns { open, high, low, close }
}
