//! What becomes of signals and positions, as rows and as tables.

use arrow_array::RecordBatch;
use omegasim_core::engine::stepwise::Outcome;
use omegasim_core::error::Error;
use omegasim_core::portfolio::trade::Trade;

use crate::table::TableBuilder;

/// Status, ticket, reason, price of the fill, volume.
pub type OutcomeRow = (&'static str, Option<u64>, Option<&'static str>, Option<f64>, Option<f64>);
/// Ticket, exit time, exit price, reason, result, R, gap, ambiguous.
pub type CloseRow = (u64, i64, f64, &'static str, f64, f64, bool, bool);

/// One signal's.
pub fn outcome_row(outcome: &Outcome) -> OutcomeRow {
    let reason = outcome.reason.map(|reason| reason.name());
    (outcome.status.name(), outcome.ticket, reason, outcome.fill_price, outcome.volume)
}

/// One row a signal.
pub fn outcome_table(outcomes: &[Outcome]) -> Result<RecordBatch, Error> {
    TableBuilder::default()
        .optional_tickets("ticket", outcomes.iter().map(|outcome| outcome.ticket))
        .texts("status", outcomes.iter().map(|outcome| outcome.status.name()))
        .optional_texts("reason", outcomes.iter().map(|outcome| outcome.reason.map(|reason| reason.name())))
        .optional_numbers("fill_price", outcomes.iter().map(|outcome| outcome.fill_price))
        .optional_numbers("volume", outcomes.iter().map(|outcome| outcome.volume))
        .finish()
}

/// One exit's.
pub fn close_row(trade: &Trade) -> CloseRow {
    (
        trade.ticket,
        trade.exit_time,
        trade.exit_price,
        trade.reason.name(),
        trade.result,
        trade.r_multiple,
        trade.gap,
        trade.ambiguous,
    )
}

/// One row an exit.
pub fn close_table(trades: &[Trade]) -> Result<RecordBatch, Error> {
    TableBuilder::default()
        .tickets("ticket", trades.iter().map(|trade| trade.ticket))
        .times("exit_time", trades.iter().map(|trade| trade.exit_time))
        .numbers("exit_price", trades.iter().map(|trade| trade.exit_price))
        .texts("reason", trades.iter().map(|trade| trade.reason.name()))
        .numbers("result", trades.iter().map(|trade| trade.result))
        .numbers("r_multiple", trades.iter().map(|trade| trade.r_multiple))
        .flags("gap", trades.iter().map(|trade| trade.gap))
        .flags("ambiguous", trades.iter().map(|trade| trade.ambiguous))
        .finish()
}
