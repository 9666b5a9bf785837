//! Mappings and sequences of Python as signals, bars and ticks of the core.

use omegasim_core::error::Error;
use omegasim_core::execution::signal_table::{Directions, SignalColumns, Text, Values};
use omegasim_core::market::quote::{Bar, Ohlc};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use crate::error::to_python;
use crate::signals::COLUMNS;

/// A bar or tick as it came.
pub struct Input {
    pub symbol: Option<String>,
    pub bar: Bar,
    pub tick: bool,
    pub has_ask: bool,
}

/// A bar: `(time, bid open, high, low, close, ask open, high, low, close)`, without ask for preset `legacy`, or a
/// mapping with the columns' names. A tick: `(time, bid, ask)`, or a mapping with these names.
pub fn input(object: &Bound<'_, PyAny>) -> PyResult<Input> {
    if let Ok(tuple) = object.cast::<PyTuple>() {
        return from_tuple(tuple);
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        return from_dict(dict);
    }
    let dict = PyDict::new(object.py());
    dict.call_method1(intern!(object.py(), "update"), (object,))
        .map_err(|_| fault(object.py(), "bar", "expected a mapping, or a tuple of 9, 5 or 3 numbers"))?;
    from_dict(&dict)
}

fn from_tuple(tuple: &Bound<'_, PyTuple>) -> PyResult<Input> {
    let number = |index: usize| -> PyResult<f64> {
        let item = tuple.get_item(index)?;
        item.extract().map_err(|_| fault(tuple.py(), "bar", &format!("item {index} is no number")))
    };
    let side = |first: usize| -> PyResult<Ohlc> {
        Ok(Ohlc { open: number(first)?, high: number(first + 1)?, low: number(first + 2)?, close: number(first + 3)? })
    };
    let time = nanoseconds(&tuple.get_item(0)?)?;
    match tuple.len() {
        9 => Ok(Input { symbol: None, bar: Bar { time, bid: side(1)?, ask: side(5)? }, tick: false, has_ask: true }),
        5 => {
            let bid = side(1)?;
            Ok(Input { symbol: None, bar: Bar { time, bid, ask: bid }, tick: false, has_ask: false })
        }
        3 => Ok(Input { symbol: None, bar: Bar::tick(time, number(1)?, number(2)?), tick: true, has_ask: true }),
        other => Err(fault(tuple.py(), "bar", &format!("a tuple of {other}; expected 9, 5 or 3 numbers"))),
    }
}

fn from_dict(dict: &Bound<'_, PyDict>) -> PyResult<Input> {
    let py = dict.py();
    let number = |name: &Bound<'_, pyo3::types::PyString>| -> PyResult<f64> {
        let value = dict.get_item(name)?.ok_or_else(|| missing(py, name, dict))?;
        value.extract().map_err(|_| fault(py, &format!("bar: {name}"), "expected a number"))
    };
    let time_name = intern!(py, "time");
    let time = nanoseconds(&dict.get_item(time_name)?.ok_or_else(|| missing(py, time_name, dict))?)?;
    let symbol = dict.get_item(intern!(py, "symbol"))?;
    let symbol = symbol.filter(|value| !value.is_none()).map(|value| value.extract::<String>()).transpose()?;
    if dict.contains(intern!(py, "bid"))? {
        let bar = Bar::tick(time, number(intern!(py, "bid"))?, number(intern!(py, "ask"))?);
        return Ok(Input { symbol, bar, tick: true, has_ask: true });
    }
    let bid = Ohlc {
        open: number(intern!(py, "bid_open"))?,
        high: number(intern!(py, "bid_high"))?,
        low: number(intern!(py, "bid_low"))?,
        close: number(intern!(py, "bid_close"))?,
    };
    let ask_open = intern!(py, "ask_open");
    let has_ask = dict.get_item(ask_open)?.is_some_and(|value| !value.is_none());
    let ask = if has_ask {
        Ohlc {
            open: number(ask_open)?,
            high: number(intern!(py, "ask_high"))?,
            low: number(intern!(py, "ask_low"))?,
            close: number(intern!(py, "ask_close"))?,
        }
    } else {
        bid
    };
    Ok(Input { symbol, bar: Bar { time, bid, ask }, tick: false, has_ask })
}

/// Whole nanoseconds since 1970 UTC, or a `datetime`.
fn nanoseconds(value: &Bound<'_, PyAny>) -> PyResult<i64> {
    static CONVERT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    match value.extract::<i64>() {
        Ok(time) => Ok(time),
        Err(_) => CONVERT.import(value.py(), "omegasim.moments", "nanoseconds")?.call1((value,))?.extract(),
    }
}

/// Whole nanoseconds, or a `timedelta`.
fn duration(value: &Bound<'_, PyAny>) -> PyResult<i64> {
    static CONVERT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    match value.extract::<i64>() {
        Ok(length) => Ok(length),
        Err(_) => CONVERT.import(value.py(), "omegasim.moments", "duration")?.call1((value,))?.extract(),
    }
}

/// S: a mapping as a table of one row; the time may be missing.
pub fn signal(fields: &Bound<'_, PyDict>) -> PyResult<(Option<i64>, SignalColumns)> {
    let py = fields.py();
    let mut columns = SignalColumns::default();
    let mut time = None;
    for (key, value) in fields.iter() {
        let name: String = key.extract().map_err(|_| fault(py, "signal", "a key is no string"))?;
        if !COLUMNS.contains(&name.as_str()) {
            let (table, expected) = ("signals".into(), COLUMNS.join(", "));
            return Err(to_python(py, &Error::UnknownColumn { table, column: name, expected }));
        }
        if value.is_none() {
            continue;
        }
        let wrong = |_| wrong_type(py, &name, &value);
        let number = || value.extract::<f64>().map(|value| Some(Values::from(vec![Some(value)]))).map_err(wrong);
        let integer = || value.extract::<i64>().map(|value| Some(Values::from(vec![Some(value)]))).map_err(wrong);
        let text = || {
            let text = value.extract::<String>().map_err(wrong)?;
            Ok::<_, PyErr>(Some([Some(text.as_str())].into_iter().collect::<Text>()))
        };
        match name.as_str() {
            "time" => time = Some(nanoseconds(&value)?),
            "symbol" => columns.symbol = text()?,
            "action" => columns.action = text()?,
            "direction" => {
                columns.direction = Some(match integer() {
                    Ok(number) => Directions::Numbers(number.unwrap_or_default()),
                    Err(_) => Directions::Words(text()?.unwrap_or_default()),
                })
            }
            "order_type" => columns.order_type = text()?,
            "price" => columns.price = number()?,
            "limit_price" => columns.limit_price = number()?,
            "stop_loss" => columns.stop_loss = number()?,
            "take_profit" => columns.take_profit = number()?,
            "stop_loss_pips" => columns.stop_loss_pips = number()?,
            "take_profit_pips" => columns.take_profit_pips = number()?,
            "volume" => columns.volume = number()?,
            "risk" => columns.risk = number()?,
            "magic" | "magic_number" => columns.magic = integer()?,
            "ticket" => columns.ticket = Some(Values::from(vec![Some(value.extract::<u64>().map_err(wrong)?)])),
            "fraction" => columns.fraction = number()?,
            "expires" => columns.expires = Some(Values::from(vec![Some(nanoseconds(&value)?)])),
            "trail_pips" => columns.trail_pips = number()?,
            "trail_start_pips" => columns.trail_start_pips = number()?,
            "trail_step_pips" => columns.trail_step_pips = number()?,
            "break_even_pips" => columns.break_even_pips = number()?,
            "break_even_offset_pips" => columns.break_even_offset_pips = number()?,
            "max_holding" => columns.max_holding = Some(Values::from(vec![Some(duration(&value)?)])),
            "oco" => columns.oco = integer()?,
            _ => columns.tag = text()?,
        }
    }
    Ok((time, columns))
}

fn wrong_type(py: Python<'_>, name: &str, value: &Bound<'_, PyAny>) -> PyErr {
    let found = value.get_type().name().map_or_else(|_| "an object".into(), |name| name.to_string());
    let error = Error::ColumnType {
        table: "signals".into(),
        column: name.into(),
        expected: "what TRADE_SIGNAL_SCHEMA says".into(),
        found,
    };
    to_python(py, &error)
}

fn missing(py: Python<'_>, name: &Bound<'_, pyo3::types::PyString>, dict: &Bound<'_, PyDict>) -> PyErr {
    let found = dict.keys().iter().map(|key| key.to_string()).collect();
    to_python(py, &Error::MissingColumn { table: "bar".into(), column: name.to_string(), found })
}

/// An argument that cannot be used.
pub fn fault(py: Python<'_>, what: &str, message: &str) -> PyErr {
    to_python(py, &Error::Argument { what: what.into(), message: message.into() })
}
