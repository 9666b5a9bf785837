//! Errors that no caller in Python can bring about are raised here (E1).

mod common;

use common::*;
use omegasim_core::engine::batch::{simulate, Control, Market, RunOptions};
use omegasim_core::error::Error;
use omegasim_core::execution::signal_table::SignalTable;
use omegasim_core::market::ticks::TickSeries;

struct Impatient;

impl Control for Impatient {
    fn progress(&mut self, _done: u64, _total: u64) -> bool {
        false
    }
}

#[test]
fn e1_1003_a_column_is_shorter_than_the_times() {
    let error = TickSeries::new("EURUSD", vec![1, 2].into(), vec![1.1].into(), vec![1.1, 1.1].into()).unwrap_err();
    assert_eq!(error.code(), 1003);
    assert_eq!(error.to_string(), "EURUSD: column \"bid\" has 1 rows, the column \"time\" has 2");
}

#[test]
fn e1_5003_the_user_stops_a_run() {
    let market = Market { symbols: vec![market(eurusd(&[flat(1.1); 4]))], rates: Vec::new() };
    let table = SignalTable::from_rows(Vec::new(), Vec::new());
    let stopped = simulate(&config(), &market, &table, &RunOptions::default(), &mut Impatient);
    assert_eq!(stopped.unwrap_err(), Error::Cancelled);
    assert_eq!(Error::Cancelled.code(), 5003);
}
