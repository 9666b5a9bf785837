//! Arrow schemas of every table that goes in or comes out.

use arrow_schema::{DataType, Field, SchemaRef, TimeUnit};
use omegasim_core::fingerprint::text_hash;
use omegasim_core::portfolio::result::RunResult;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};
use pyo3_arrow::ffi::to_schema_pycapsule;
use std::sync::Arc;

use crate::error::attached;
use crate::outcomes::{close_table, outcome_table};
use crate::table::names;
use crate::tables::{equity, events, open_positions, orders, trades};

/// An Arrow schema.
#[pyclass(frozen, module = "omegasim._core")]
pub struct Schema {
    schema: SchemaRef,
}

#[pymethods]
impl Schema {
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.schema.as_ref())?)
    }

    #[getter]
    fn names(&self) -> Vec<String> {
        names(&self.schema)
    }

    /// Name, type and whether it may be null, column by column.
    #[getter]
    fn fields(&self) -> Vec<(String, String, bool)> {
        let field = |field: &Arc<Field>| (field.name().clone(), field.data_type().to_string(), field.is_nullable());
        self.schema.fields().iter().map(field).collect()
    }

    /// A hash over names, types and nullability.
    #[getter]
    fn fingerprint(&self) -> String {
        text_hash(&self.fields().iter().map(|(name, kind, null)| format!("{name}:{kind}:{null}\n")).collect::<String>())
    }

    fn __repr__(&self) -> String {
        let field = |field: &Arc<Field>| format!("{}: {}", field.name(), field.data_type());
        format!("Schema({})", self.schema.fields().iter().map(field).collect::<Vec<_>>().join(", "))
    }
}

/// Every schema by name.
#[pyfunction]
pub fn schemas(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let empty = RunResult::default();
    let tables = attached(py, || {
        Ok([
            ("BAR_SCHEMA", bars()),
            ("TICK_SCHEMA", ticks()),
            ("TRADE_SIGNAL_SCHEMA", signals()),
            ("ORDER_SCHEMA", orders(&empty)?.schema()),
            ("POSITION_SCHEMA", open_positions(&empty)?.schema()),
            ("TRADE_SCHEMA", trades(&empty)?.schema()),
            ("EVENT_SCHEMA", events(&empty)?.schema()),
            ("EQUITY_SCHEMA", equity(&empty)?.schema()),
            ("SIGNAL_OUTCOME_SCHEMA", outcome_table(&[])?.schema()),
            ("CLOSE_RESULT_SCHEMA", close_table(&[])?.schema()),
        ])
    })?;
    let schemas = PyDict::new(py);
    for (name, schema) in tables {
        schemas.set_item(name, Schema { schema })?;
    }
    Ok(schemas)
}

fn time() -> DataType {
    DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into()))
}

fn schema(fields: impl IntoIterator<Item = (&'static str, DataType, bool)>) -> SchemaRef {
    let field = |(name, kind, nullable)| Field::new(name, kind, nullable);
    Arc::new(arrow_schema::Schema::new(fields.into_iter().map(field).collect::<Vec<_>>()))
}

fn bars() -> SchemaRef {
    let bid = ["bid_open", "bid_high", "bid_low", "bid_close"].map(|name| (name, DataType::Float64, false));
    let ask = ["ask_open", "ask_high", "ask_low", "ask_close"].map(|name| (name, DataType::Float64, true));
    let volume = [("volume", DataType::Float64, true)];
    schema([("time", time(), false)].into_iter().chain(bid).chain(ask).chain(volume))
}

fn ticks() -> SchemaRef {
    schema([("time", time(), false), ("bid", DataType::Float64, false), ("ask", DataType::Float64, false)])
}

fn signals() -> SchemaRef {
    use DataType::{Float64, Int64, UInt64, Utf8};
    let optional = [
        ("symbol", Utf8),
        ("action", Utf8),
        ("direction", Utf8),
        ("order_type", Utf8),
        ("price", Float64),
        ("limit_price", Float64),
        ("stop_loss", Float64),
        ("take_profit", Float64),
        ("stop_loss_pips", Float64),
        ("take_profit_pips", Float64),
        ("volume", Float64),
        ("risk", Float64),
        ("magic", Int64),
        ("ticket", UInt64),
        ("fraction", Float64),
        ("expires", time()),
        ("trail_pips", Float64),
        ("trail_start_pips", Float64),
        ("trail_step_pips", Float64),
        ("break_even_pips", Float64),
        ("break_even_offset_pips", Float64),
        ("max_holding", DataType::Duration(TimeUnit::Nanosecond)),
        ("oco", Int64),
        ("tag", Utf8),
    ];
    schema([("time", time(), false)].into_iter().chain(optional.map(|(name, kind)| (name, kind, true))))
}
