//! A signals table from Arrow (S).

use omegasim_core::error::Error;
use omegasim_core::execution::signal_hash::signals_hash;
use omegasim_core::execution::signal_table::{Directions, SignalColumns, SignalTable, Values};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes};

use crate::arrow::{column, Batches, Frame};
use crate::error::{attached, detached};

pub const COLUMNS: [&str; 26] = [
    "time",
    "symbol",
    "action",
    "direction",
    "order_type",
    "price",
    "limit_price",
    "stop_loss",
    "take_profit",
    "stop_loss_pips",
    "take_profit_pips",
    "volume",
    "risk",
    "magic",
    "magic_number",
    "ticket",
    "fraction",
    "expires",
    "trail_pips",
    "trail_start_pips",
    "trail_step_pips",
    "break_even_pips",
    "break_even_offset_pips",
    "max_holding",
    "oco",
    "tag",
];

/// Reads a table, Arrow IPC bytes, or nothing.
pub fn read(signals: Option<&Bound<'_, PyAny>>) -> Result<Option<Batches>, Error> {
    let Some(signals) = signals else { return Ok(None) };
    if let Ok(bytes) = signals.cast::<PyBytes>() {
        return Batches::of_ipc(bytes.as_bytes()).map(Some);
    }
    if let Ok(bytes) = signals.cast::<PyByteArray>() {
        return Batches::of_ipc(&bytes.to_vec()).map(Some);
    }
    Batches::of_object(signals).map(Some)
}

/// How many signals there are, and a hash of what they say, whichever library's table they came in.
#[pyfunction]
pub fn signal_facts(py: Python<'_>, signals: &Bound<'_, PyAny>) -> PyResult<(usize, String)> {
    let batches = attached(py, || read(Some(signals)))?;
    detached(py, || unchecked(batches.as_ref()).map(|columns| (columns.rows(), signals_hash(&columns))))
}

/// S1: the checked table; none where there are no signals.
pub fn table(batches: Option<&Batches>, symbols: &[String]) -> Result<SignalTable, Error> {
    SignalTable::check(unchecked(batches)?, symbols)
}

/// The columns before any check of their values.
pub fn unchecked(batches: Option<&Batches>) -> Result<SignalColumns, Error> {
    Ok(batches.map(columns).transpose()?.unwrap_or_default())
}

fn columns(batches: &Batches) -> Result<SignalColumns, Error> {
    let frame = Frame::new("signals", batches, &COLUMNS)?;
    let time = frame.times("time")?;
    Ok(SignalColumns {
        time: Values { values: column(&time), valid: None },
        symbol: frame.optional_text("symbol")?,
        action: frame.optional_text("action")?,
        direction: directions(&frame)?,
        order_type: frame.optional_text("order_type")?,
        price: frame.optional_numbers("price")?,
        limit_price: frame.optional_numbers("limit_price")?,
        stop_loss: frame.optional_numbers("stop_loss")?,
        take_profit: frame.optional_numbers("take_profit")?,
        stop_loss_pips: frame.optional_numbers("stop_loss_pips")?,
        take_profit_pips: frame.optional_numbers("take_profit_pips")?,
        volume: frame.optional_numbers("volume")?,
        risk: frame.optional_numbers("risk")?,
        magic: magic(&frame)?,
        ticket: frame.optional_unsigned("ticket")?,
        fraction: frame.optional_numbers("fraction")?,
        expires: frame.optional_times("expires")?,
        trail_pips: frame.optional_numbers("trail_pips")?,
        trail_start_pips: frame.optional_numbers("trail_start_pips")?,
        trail_step_pips: frame.optional_numbers("trail_step_pips")?,
        break_even_pips: frame.optional_numbers("break_even_pips")?,
        break_even_offset_pips: frame.optional_numbers("break_even_offset_pips")?,
        max_holding: frame.optional_durations("max_holding")?,
        oco: frame.optional_integers("oco")?,
        tag: frame.optional_text("tag")?,
    })
}

fn directions(frame: &Frame) -> Result<Option<Directions>, Error> {
    if frame.is_integer("direction") {
        return Ok(frame.optional_integers("direction")?.map(Directions::Numbers));
    }
    Ok(frame.optional_text("direction")?.map(Directions::Words))
}

fn magic(frame: &Frame) -> Result<Option<Values<i64>>, Error> {
    if frame.has("magic") && frame.has("magic_number") {
        return Err(Error::SignalColumn {
            column: "magic_number".into(),
            row: None,
            message: "given together with magic; expected one of the two".into(),
        });
    }
    Ok(frame.optional_integers("magic")?.or(frame.optional_integers("magic_number")?))
}
