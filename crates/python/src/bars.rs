//! Bars as Python sees them.

use arrow_array::{Float64Array, Int64Array, RecordBatch, TimestampNanosecondArray};
use arrow_buffer::ScalarBuffer;
use arrow_schema::{DataType, Field, Schema};
use omegasim_core::column::Column;
use omegasim_core::error::Error;
use omegasim_core::instrument::Instrument;
use omegasim_core::market::bars::{BarSeries, OneSide, OneSideColumns, SideColumns, Spread};
use omegasim_core::market::series::Series;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::arrow::{column, Batches, Frame};
use crate::error::{attached, detached};
use crate::parquet::Unread;
use crate::table::{stream, TableBuilder};

const COLUMNS: [&str; 10] =
    ["time", "bid_open", "bid_high", "bid_low", "bid_close", "ask_open", "ask_high", "ask_low", "ask_close", "volume"];
const ONE_SIDE: [&str; 7] = ["time", "open", "high", "low", "close", "volume", "spread"];

/// Bars of one symbol, checked once and shared by every run.
#[pyclass(frozen, module = "omegasim._core")]
#[derive(Clone)]
pub struct Bars {
    series: BarSeries,
    table: OnceLock<RecordBatch>,
    hash: OnceLock<String>,
}

impl From<BarSeries> for Bars {
    fn from(series: BarSeries) -> Self {
        Self { series, table: OnceLock::new(), hash: OnceLock::new() }
    }
}

impl Bars {
    /// The bars as bars.
    pub fn bars(&self) -> &BarSeries {
        &self.series
    }

    /// The bars themselves; the columns are shared.
    pub fn series(&self) -> Series {
        Series::Bars(self.series.clone())
    }
}

#[pymethods]
impl Bars {
    #[new]
    #[pyo3(signature = (table, *, symbol="", timeframe=None))]
    fn new(py: Python<'_>, table: &Bound<'_, PyAny>, symbol: &str, timeframe: Option<i64>) -> PyResult<Self> {
        let batches = attached(py, || Batches::of_object(table))?;
        detached(py, || two_sides(&batches, symbol, timeframe))
    }

    #[staticmethod]
    #[pyo3(signature = (path, *, symbol=""))]
    fn read_parquet(py: Python<'_>, path: PathBuf, symbol: &str) -> PyResult<Option<Self>> {
        detached(py, || {
            let file = Unread::open(&path)?;
            if !is_plain(file.schema()) {
                return Ok(None);
            }
            two_sides(&file.read(&path)?, symbol, None).map(Some)
        })
    }

    #[staticmethod]
    #[pyo3(signature = (table, *, symbol, side, spread_pips, instrument_json, timeframe=None))]
    fn from_one_side(
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        symbol: &str,
        side: &str,
        spread_pips: Option<f64>,
        instrument_json: &str,
        timeframe: Option<i64>,
    ) -> PyResult<Self> {
        let batches = attached(py, || Batches::of_object(table))?;
        detached(py, || {
            let frame = Frame::new(named(symbol), &batches, &ONE_SIDE)?;
            let columns = one_side(&frame, spread_pips)?;
            let instrument = instrument_of(instrument_json)?;
            BarSeries::from_one_side(symbol, side_of(side)?, columns, timeframe, &instrument).map(Self::from)
        })
    }

    fn with_symbol(&self, symbol: &str) -> Self {
        Self { series: self.series.with_symbol(symbol), ..self.clone() }
    }

    #[getter]
    fn symbol(&self) -> &str {
        self.series.symbol()
    }

    #[getter]
    fn timeframe(&self) -> i64 {
        self.series.timeframe()
    }

    #[getter]
    fn has_ask(&self) -> bool {
        self.series.has_ask()
    }

    #[getter]
    fn first_time(&self) -> i64 {
        self.series().first_time()
    }

    #[getter]
    fn last_time(&self) -> i64 {
        self.series().last_time()
    }

    #[getter]
    fn hash(&self, py: Python<'_>) -> String {
        py.detach(|| self.hash.get_or_init(|| self.series().data_hash()).clone())
    }

    fn __len__(&self) -> usize {
        self.series.len()
    }

    fn __repr__(&self) -> String {
        format!("Bars({:?}, {} rows)", self.series.symbol(), self.series.len())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let table = match self.table.get() {
            Some(table) => table.clone(),
            None => detached(py, || table_of(&self.series))?,
        };
        stream(py, self.table.get_or_init(|| table), requested_schema)
    }
}

/// What messages call a table of market data.
pub fn named(symbol: &str) -> &str {
    if symbol.is_empty() {
        "market data"
    } else {
        symbol
    }
}

/// Whether columns need no finding out: the names of both sides, times of UTC, numbers.
fn is_plain(schema: &Schema) -> bool {
    let known = |field: &Field| match field.data_type() {
        DataType::Timestamp(_, zone) => field.name() == "time" && zone.as_deref().is_none_or(|zone| zone == "UTC"),
        DataType::Float64 => COLUMNS[1..].contains(&field.name().as_str()),
        _ => false,
    };
    COLUMNS[..9].iter().all(|name| schema.field_with_name(name).is_ok()) && schema.fields().iter().all(|one| known(one))
}

fn two_sides(batches: &Batches, symbol: &str, timeframe: Option<i64>) -> Result<Bars, Error> {
    let frame = Frame::new(named(symbol), batches, &COLUMNS)?;
    let time = frame.times("time")?;
    let bid = side_arrays(&frame, "bid_")?;
    let has_ask = COLUMNS[5..9].iter().any(|name| frame.has(name));
    let ask = has_ask.then(|| side_arrays(&frame, "ask_")).transpose()?;
    let volume = frame.has("volume").then(|| frame.numbers("volume")).transpose()?;
    let series = BarSeries::new(
        symbol,
        column(&time),
        side_columns(&bid),
        ask.as_ref().map(side_columns),
        volume.as_ref().map(column),
        timeframe,
    )?;
    let arrays = bid.into_iter().chain(ask.into_iter().flatten());
    let table = table(time, arrays, volume)?;
    Ok(Bars { series, table: OnceLock::from(table), hash: OnceLock::new() })
}

fn side_arrays(frame: &Frame, prefix: &str) -> Result<[Float64Array; 4], Error> {
    let array = |point: &str| frame.numbers(&format!("{prefix}{point}"));
    Ok([array("open")?, array("high")?, array("low")?, array("close")?])
}

fn side_columns(arrays: &[Float64Array; 4]) -> SideColumns {
    let [open, high, low, close] = arrays.each_ref().map(column);
    SideColumns { open, high, low, close }
}

fn one_side(frame: &Frame, spread_pips: Option<f64>) -> Result<OneSideColumns, Error> {
    let spread = match (spread_pips, frame.has("spread")) {
        (Some(pips), false) => Spread::Pips(pips),
        (None, true) => Spread::Price(column(&frame.numbers("spread")?)),
        (Some(_), true) => return Err(spread_error(frame, "given in pips and as a column; expected one of the two")),
        (None, false) => return Err(spread_error(frame, "missing; expected spread_pips or a column \"spread\"")),
    };
    Ok(OneSideColumns {
        time: column(&frame.times("time")?),
        prices: side_columns(&side_arrays(frame, "")?),
        spread,
        volume: frame.has("volume").then(|| frame.numbers("volume")).transpose()?.as_ref().map(column),
    })
}

fn spread_error(frame: &Frame, message: &str) -> Error {
    Error::Argument { what: format!("{}: spread", frame.table()), message: message.into() }
}

fn side_of(name: &str) -> Result<OneSide, Error> {
    match name {
        "bid" => Ok(OneSide::Bid),
        "ask" => Ok(OneSide::Ask),
        "mid" => Ok(OneSide::Mid),
        _ => Err(Error::Argument { what: "side".into(), message: format!("{name:?}; expected bid, ask or mid") }),
    }
}

fn instrument_of(json: &str) -> Result<Instrument, Error> {
    serde_json::from_str(json).map_err(|error| Error::Config { field: "instrument".into(), message: error.to_string() })
}

fn table(
    time: Int64Array,
    prices: impl Iterator<Item = Float64Array>,
    volume: Option<Float64Array>,
) -> Result<RecordBatch, Error> {
    let (_, time, _) = time.into_parts();
    let time = TimestampNanosecondArray::new(time, None).with_timezone("UTC");
    let mut builder = TableBuilder::default().array("time", false, time);
    for (name, array) in COLUMNS[1..9].iter().zip(prices) {
        builder = builder.array(name, false, array);
    }
    match volume {
        Some(volume) => builder.array("volume", false, volume).finish(),
        None => builder.finish(),
    }
}

fn table_of(series: &BarSeries) -> Result<RecordBatch, Error> {
    let array = |column: &Column<f64>| Float64Array::new(ScalarBuffer::from(column.as_slice().to_vec()), None);
    let sides = [Some(series.bid()), series.ask()].into_iter().flatten();
    let prices = sides.flat_map(SideColumns::columns).map(array);
    let time = Int64Array::new(ScalarBuffer::from(series.times().to_vec()), None);
    table(time, prices, series.volume().map(array))
}
