//! The tables of a result, column by column (O1, O2, E2).

use arrow_array::{Float64Array, RecordBatch, TimestampNanosecondArray};
use arrow_buffer::{ArrowNativeType, Buffer, ScalarBuffer, ToByteSlice};
use bytes::Bytes;
use omegasim_core::engine::result::RunResult;
use omegasim_core::error::Error;
use omegasim_core::portfolio::equity::EquityTable;
use std::sync::Arc;

use crate::table::TableBuilder;

fn symbol(result: &RunResult, index: u32) -> &str {
    result.symbols.get(index as usize).map_or("", String::as_str)
}

fn tag(result: &RunResult, index: Option<u32>) -> Option<&str> {
    result.tags.get(index? as usize).map(String::as_str)
}

/// O1: the trades table.
pub fn trades(result: &RunResult) -> Result<RecordBatch, Error> {
    let rows = &result.trades;
    TableBuilder::default()
        .tickets("ticket", rows.iter().map(|trade| trade.ticket))
        .texts("symbol", rows.iter().map(|trade| symbol(result, trade.symbol)))
        .integers("magic", rows.iter().map(|trade| trade.magic))
        .texts("direction", rows.iter().map(|trade| trade.side.name()))
        .texts("order_type", rows.iter().map(|trade| trade.order_type.name()))
        .times("signal_time", rows.iter().map(|trade| trade.signal_time))
        .times("entry_time", rows.iter().map(|trade| trade.entry_time))
        .times("exit_time", rows.iter().map(|trade| trade.exit_time))
        .numbers("entry_price", rows.iter().map(|trade| trade.entry_price))
        .numbers("exit_price", rows.iter().map(|trade| trade.exit_price))
        .optional_numbers("initial_stop_loss", rows.iter().map(|trade| trade.initial_stop_loss))
        .optional_numbers("stop_loss", rows.iter().map(|trade| trade.stop_loss))
        .optional_numbers("take_profit", rows.iter().map(|trade| trade.take_profit))
        .numbers("volume", rows.iter().map(|trade| trade.volume))
        .numbers("risk", rows.iter().map(|trade| trade.risk))
        .numbers("risk_per_trade", rows.iter().map(|trade| trade.risk_per_trade))
        .numbers("result", rows.iter().map(|trade| trade.result))
        .numbers("commission", rows.iter().map(|trade| trade.commission))
        .numbers("swap", rows.iter().map(|trade| trade.swap))
        .numbers("net", rows.iter().map(|trade| trade.net))
        .numbers("r_multiple", rows.iter().map(|trade| trade.r_multiple))
        .texts("reason", rows.iter().map(|trade| trade.reason.name()))
        .flags("ambiguous", rows.iter().map(|trade| trade.ambiguous))
        .flags("gap", rows.iter().map(|trade| trade.gap))
        .numbers("mae", rows.iter().map(|trade| trade.mae))
        .numbers("mfe", rows.iter().map(|trade| trade.mfe))
        .numbers("slippage_entry", rows.iter().map(|trade| trade.slippage_entry))
        .numbers("slippage_exit", rows.iter().map(|trade| trade.slippage_exit))
        .optional_texts("tag", rows.iter().map(|trade| tag(result, trade.tag)))
        .finish()
}

/// E2: the events table.
pub fn events(result: &RunResult) -> Result<RecordBatch, Error> {
    let rows = &result.events;
    TableBuilder::default()
        .times("time", rows.iter().map(|event| event.time))
        .texts("kind", rows.iter().map(|event| event.kind.name()))
        .optional_tickets("ticket", rows.iter().map(|event| event.ticket))
        .texts("symbol", rows.iter().map(|event| symbol(result, event.symbol)))
        .integers("magic", rows.iter().map(|event| event.magic))
        .optional_numbers("price", rows.iter().map(|event| event.price))
        .optional_numbers("volume", rows.iter().map(|event| event.volume))
        .optional_texts("reason", rows.iter().map(|event| event.reason.map(|reason| reason.name())))
        .optional_numbers("amount", rows.iter().map(|event| event.amount))
        .numbers("balance", rows.iter().map(|event| event.balance))
        .optional_numbers("rate", rows.iter().map(|event| event.rate))
        .optional_texts("tag", rows.iter().map(|event| tag(result, event.tag)))
        .finish()
}

/// O2: the equity table, over the memory of the result.
pub fn equity(result: &RunResult) -> Result<RecordBatch, Error> {
    let numbers = |column| Float64Array::new(shared(&result.equity, column), None);
    let times = TimestampNanosecondArray::new(shared(&result.equity, |table| &table.time), None);
    TableBuilder::default()
        .array("time", false, times.with_timezone("UTC"))
        .array("balance", false, numbers(|table| &table.balance))
        .array("equity", false, numbers(|table| &table.equity))
        .array("margin", false, numbers(|table| &table.margin))
        .array("drawdown", false, numbers(|table| &table.drawdown))
        .finish()
}

/// A column of a table that Arrow keeps alive.
struct SharedColumn<T> {
    table: Arc<EquityTable>,
    column: fn(&EquityTable) -> &[T],
}

impl<T: ArrowNativeType> AsRef<[u8]> for SharedColumn<T> {
    fn as_ref(&self) -> &[u8] {
        (self.column)(&self.table).to_byte_slice()
    }
}

fn shared<T: ArrowNativeType>(table: &Arc<EquityTable>, column: fn(&EquityTable) -> &[T]) -> ScalarBuffer<T> {
    let bytes = Bytes::from_owner(SharedColumn { table: Arc::clone(table), column });
    ScalarBuffer::from(Buffer::from(bytes))
}

/// O2: pending orders that were left.
pub fn orders(result: &RunResult) -> Result<RecordBatch, Error> {
    let rows = &result.orders;
    TableBuilder::default()
        .tickets("ticket", rows.iter().map(|order| order.ticket))
        .texts("symbol", rows.iter().map(|order| symbol(result, order.symbol)))
        .integers("magic", rows.iter().map(|order| order.magic))
        .texts("direction", rows.iter().map(|order| order.side.name()))
        .texts("order_type", rows.iter().map(|order| order.order_type.name()))
        .times("signal_time", rows.iter().map(|order| order.signal_time))
        .numbers("price", rows.iter().map(|order| order.price))
        .optional_numbers("limit_price", rows.iter().map(|order| order.limit_price))
        .optional_numbers("stop_loss", rows.iter().map(|order| order.stop_loss))
        .optional_numbers("take_profit", rows.iter().map(|order| order.take_profit))
        .optional_numbers("volume", rows.iter().map(|order| order.volume))
        .optional_times("expires", rows.iter().map(|order| order.expires))
        .optional_integers("oco", rows.iter().map(|order| order.oco))
        .optional_texts("tag", rows.iter().map(|order| tag(result, order.tag)))
        .finish()
}

/// O2: positions that were left open.
pub fn open_positions(result: &RunResult) -> Result<RecordBatch, Error> {
    let rows = &result.open_positions;
    TableBuilder::default()
        .tickets("ticket", rows.iter().map(|position| position.ticket))
        .texts("symbol", rows.iter().map(|position| symbol(result, position.symbol)))
        .integers("magic", rows.iter().map(|position| position.magic))
        .texts("direction", rows.iter().map(|position| position.side.name()))
        .texts("order_type", rows.iter().map(|position| position.order_type.name()))
        .times("signal_time", rows.iter().map(|position| position.signal_time))
        .times("entry_time", rows.iter().map(|position| position.entry_time))
        .numbers("entry_price", rows.iter().map(|position| position.entry_price))
        .optional_numbers("initial_stop_loss", rows.iter().map(|position| position.initial_stop_loss))
        .optional_numbers("stop_loss", rows.iter().map(|position| position.stop_loss))
        .optional_numbers("take_profit", rows.iter().map(|position| position.take_profit))
        .numbers("volume", rows.iter().map(|position| position.volume))
        .numbers("risk", rows.iter().map(|position| position.risk))
        .numbers("risk_per_trade", rows.iter().map(|position| position.risk_per_trade))
        .numbers("commission", rows.iter().map(|position| position.commission))
        .numbers("swap", rows.iter().map(|position| position.swap))
        .numbers("open_profit", rows.iter().map(|position| position.open_profit))
        .optional_texts("tag", rows.iter().map(|position| tag(result, position.tag)))
        .finish()
}
