//! Indicators over bars, each computed once.

use super::definition::Definition;
use super::frame::{Frame, Price, Quotes};
use super::registry::definition;
use crate::column::Column;
use crate::error::Error;
use crate::market::bars::BarSeries;
use crate::market::resample::{period_ends, resample};
use crate::market::series::Series;
use crate::trading_day::TradingCalendar;
use std::collections::btree_map::Entry;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Which bars of which side.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FrameKey {
    /// Whose bars.
    pub symbol: String,
    /// Their length in nanoseconds; `None` for the bars as they are.
    pub timeframe: Option<i64>,
    /// Their side.
    pub quotes: Quotes,
}

/// An indicator over bars, as somebody asks for it.
#[derive(Clone, Debug)]
pub struct Request {
    /// Over which bars.
    pub frame: FrameKey,
    /// Over which price of them, where the indicator reads one.
    pub price: Price,
    /// Its name.
    pub name: String,
    /// Its first parameters; the rest have their defaults.
    pub parameters: Vec<f64>,
}

/// What makes two requests the same: parameters are complete, and bit for bit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    name: &'static str,
    frame: FrameKey,
    price: Price,
    parameters: Vec<u64>,
}

/// The values of an indicator, one column an output.
#[derive(Debug)]
pub struct Values {
    outputs: Vec<String>,
    frame: Arc<Frame>,
    columns: Vec<Column<f64>>,
    on_series: OnceLock<Vec<Column<f64>>>,
}

impl Values {
    /// Values that somebody else computed of these bars.
    ///
    /// # Errors
    /// `Error::ColumnLength` where a column does not have a value for each bar.
    pub fn new(frame: Arc<Frame>, outputs: Vec<String>, columns: Vec<Column<f64>>) -> Result<Self, Error> {
        let expected = frame.time().len();
        match outputs.iter().zip(&columns).find(|(_, column)| column.len() != expected) {
            None => Ok(Self { outputs, frame, columns, on_series: OnceLock::new() }),
            Some((output, column)) => Err(Error::ColumnLength {
                symbol: "indicator".into(),
                column: output.clone(),
                expected,
                found: column.len(),
            }),
        }
    }

    /// The names of the columns.
    #[must_use]
    pub fn outputs(&self) -> &[String] {
        &self.outputs
    }

    /// The value `back` bars before the newest (0) that is closed at the close of a row of the series; NaN before all.
    #[must_use]
    #[inline]
    pub fn newest(&self, output: usize, row: usize, back: usize) -> f64 {
        let index = self.frame.closed(row).checked_sub(back + 1);
        index.map_or(f64::NAN, |index| self.columns[output].as_slice()[index])
    }

    /// One value for each closed bar of the timeframe that was asked for.
    #[must_use]
    pub fn columns(&self) -> &[Column<f64>] {
        &self.columns
    }

    /// One value for each bar of the series: the newest one that is closed at its close.
    pub fn on_series(&self) -> &[Column<f64>] {
        self.on_series.get_or_init(|| self.columns.iter().map(|column| self.frame.on_series(column)).collect())
    }

    /// The bars that they are the values of.
    #[must_use]
    pub fn frame(&self) -> &Arc<Frame> {
        &self.frame
    }
}

/// Bars of a longer timeframe and when each is over.
#[derive(Debug)]
struct Longer {
    series: BarSeries,
    ends: Vec<i64>,
}

/// Bars of several symbols and what was computed of them.
#[derive(Debug)]
pub struct Cache {
    calendar: TradingCalendar,
    series: BTreeMap<String, BarSeries>,
    longer: BTreeMap<(String, i64), Arc<Longer>>,
    frames: BTreeMap<FrameKey, Arc<Frame>>,
    values: BTreeMap<Key, Arc<Values>>,
}

impl Cache {
    /// Over the bars of these symbols; longer ones follow the calendar's days.
    #[must_use]
    pub fn new(series: impl IntoIterator<Item = BarSeries>, calendar: TradingCalendar) -> Self {
        let series = series.into_iter().map(|series| (series.symbol().to_owned(), series)).collect();
        let (longer, frames, values) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { calendar, series, longer, frames, values }
    }

    /// The bars of a symbol.
    ///
    /// # Errors
    /// `Error::UnknownSymbol` with the symbols that are known.
    pub fn series(&self, symbol: &str) -> Result<&BarSeries, Error> {
        let unknown = || Error::UnknownSymbol { symbol: symbol.into(), known: self.series.keys().cloned().collect() };
        self.series.get(symbol).ok_or_else(unknown)
    }

    /// How many indicators were computed.
    #[must_use]
    pub fn computed(&self) -> usize {
        self.values.len()
    }

    /// Bars of a timeframe and side, resampled once.
    ///
    /// # Errors
    /// An unknown symbol, a side that is not there, what `resample` refuses.
    pub fn frame(&mut self, key: &FrameKey) -> Result<Arc<Frame>, Error> {
        let own = self.series(&key.symbol)?.timeframe();
        let key = FrameKey { timeframe: key.timeframe.filter(|&timeframe| timeframe != own), ..key.clone() };
        if let Some(frame) = self.frames.get(&key) {
            return Ok(Arc::clone(frame));
        }
        let frame = match key.timeframe {
            None => Frame::of_series(self.series(&key.symbol)?, key.quotes)?,
            Some(timeframe) => {
                let longer = self.longer(&key.symbol, timeframe)?;
                Frame::of_longer(self.series(&key.symbol)?, &longer.series, key.quotes, &longer.ends)?
            }
        };
        Ok(Arc::clone(self.frames.entry(key).or_insert(Arc::new(frame))))
    }

    fn longer(&mut self, symbol: &str, timeframe: i64) -> Result<Arc<Longer>, Error> {
        let key = (symbol.to_owned(), timeframe);
        if let Some(longer) = self.longer.get(&key) {
            return Ok(Arc::clone(longer));
        }
        let series = resample(&Series::Bars(self.series(symbol)?.clone()), timeframe, &self.calendar)?;
        let ends = period_ends(&series, &self.calendar)?;
        Ok(Arc::clone(self.longer.entry(key).or_insert(Arc::new(Longer { series, ends }))))
    }

    /// The values of an indicator, computed where nobody asked for them before.
    ///
    /// # Errors
    /// As `frame`; an unknown name, parameters out of bounds, a volume that is not there.
    pub fn values(&mut self, request: &Request) -> Result<Arc<Values>, Error> {
        let definition = definition(&request.name)?;
        let parameters = definition.complete(&request.parameters)?;
        let frame = self.frame(&request.frame)?;
        match self.values.entry(self::key(definition, request, &frame, &parameters)) {
            Entry::Occupied(known) => Ok(Arc::clone(known.get())),
            Entry::Vacant(place) => {
                let values = compute(definition, &parameters, frame, request.price)?;
                Ok(Arc::clone(place.insert(Arc::new(values))))
            }
        }
    }
}

fn key(definition: &'static Definition, request: &Request, frame: &Frame, parameters: &[f64]) -> Key {
    let timeframe = request.frame.timeframe.filter(|_| frame.is_longer());
    Key {
        name: definition.name,
        frame: FrameKey { timeframe, ..request.frame.clone() },
        price: if definition.reads_price() { request.price } else { Price::Close },
        parameters: parameters.iter().map(|parameter| (parameter + 0.0).to_bits()).collect(),
    }
}

fn compute(
    definition: &'static Definition,
    parameters: &[f64],
    frame: Arc<Frame>,
    price: Price,
) -> Result<Values, Error> {
    let inputs = definition.inputs.iter().map(|&input| frame.input(input, price));
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    let slices: Vec<&[f64]> = inputs.iter().map(Column::as_slice).collect();
    let columns = definition.columns(parameters, &slices)?.into_iter().map(Column::from).collect();
    Values::new(frame, definition.outputs.iter().map(|&output| output.into()).collect(), columns)
}
