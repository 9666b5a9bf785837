//! What can go wrong, with the facts of each case and a stable code (E1).

use crate::time::display;
use thiserror::Error as ThisError;

/// Every failure of the simulator; the code never changes its meaning.
#[derive(Clone, Debug, PartialEq, ThisError)]
#[allow(missing_docs)]
pub enum Error {
    #[error("config: {field}: {message}")]
    Config { field: String, message: String },

    #[error("{who}: the series has no rows; expected at least one", who = who(.symbol))]
    EmptySeries { symbol: String },

    #[error("{who}: column {column:?} has {found} rows, the column \"time\" has {expected}", who = who(.symbol))]
    ColumnLength { symbol: String, column: String, expected: usize, found: usize },

    #[error(
        "{who}: row {row}: bar at {} does not come after the bar before it at {}; bar times must rise strictly",
        display(*.time), display(*.previous), who = who(.symbol)
    )]
    BarsOutOfOrder { symbol: String, row: usize, time: i64, previous: i64 },

    #[error(
        "{who}: row {row}: tick at {} comes before the tick ahead of it at {}; tick times must never fall",
        display(*.time), display(*.previous), who = who(.symbol)
    )]
    TicksOutOfOrder { symbol: String, row: usize, time: i64, previous: i64 },

    #[error(
        "{who}: row {row} at {}: {side} open {open}, high {high}, low {low}, close {close}; \
         expected low <= open, close <= high",
        display(*.time), who = who(.symbol)
    )]
    BarInconsistent {
        symbol: String,
        row: usize,
        time: i64,
        side: &'static str,
        open: f64,
        high: f64,
        low: f64,
        close: f64,
    },

    #[error("{who}: row {row} at {}: {point} ask {ask} is below bid {bid}", display(*.time), who = who(.symbol))]
    AskBelowBid { symbol: String, row: usize, time: i64, point: &'static str, bid: f64, ask: f64 },

    #[error("{who}: there are no ask prices, and {needed_by} needs them; give ask columns or a spread", who = who(.symbol))]
    MissingAsk { symbol: String, needed_by: String },

    #[error("unknown symbol {symbol:?}; known: {}", known.join(", "))]
    UnknownSymbol { symbol: String, known: Vec<String> },

    #[error("unknown timeframe {text:?}; expected one of {}", crate::time::timeframe_names().join(" "))]
    UnknownTimeframe { text: String },

    #[error("{who}: a timeframe of {timeframe} ns; expected more than 0", who = who(.symbol))]
    BadTimeframe { symbol: String, timeframe: i64 },

    #[error("signals: column {column:?}{}: {message}", at_row(*.row))]
    SignalColumn { column: String, row: Option<usize>, message: String },

    #[error(
        "signals: row {row}: time {} comes before the time of the row ahead of it, {}; sort the table by time",
        display(*.time), display(*.previous)
    )]
    SignalsUnsorted { row: usize, time: i64, previous: i64 },

    #[error(
        "signals run from {} to {}, the market data from {} to {}: they do not overlap",
        display(*.signals_first), display(*.signals_last), display(*.market_first), display(*.market_last)
    )]
    NoOverlap { signals_first: i64, signals_last: i64, market_first: i64, market_last: i64 },

    #[error("{who}: signal row {row}: no bar at {}, where market_fill=\"signal_close\" needs one", display(*.time), who = who(.symbol))]
    MissingSignalBar { symbol: String, row: usize, time: i64 },

    #[error("{who}: signals on ticks need rules.signal_timeframe, a timeframe such as \"M1\" or \"tick\"", who = who(.symbol))]
    MissingSignalTimeframe { symbol: String },

    #[error("{symbol}: no rate turns {quote} into {account}; give a pair of the two or of each with the hub")]
    NoConversion { symbol: String, quote: String, account: String },

    #[error("rate {pair}: the newest one at {} is from {}, older than the stale limit", display(*.time), display(*.newest))]
    StaleRate { pair: String, time: i64, newest: i64 },

    #[error("rate {pair}: none is known at {}; give rates from before the run, or a constant", display(*.time))]
    UnknownRate { pair: String, time: i64 },

    #[error("{table}: column {column:?} is missing; found {}", found.join(", "))]
    MissingColumn { table: String, column: String, found: Vec<String> },

    #[error("{table}: unknown column {column:?}; expected {expected}")]
    UnknownColumn { table: String, column: String, expected: String },

    #[error("{table}: column {column:?} has type {found}; expected {expected}")]
    ColumnType { table: String, column: String, expected: String, found: String },

    #[error("{table}: column {column:?}, row {row}: null, where a value is required")]
    NullValue { table: String, column: String, row: usize },

    #[error("{what}: {message}")]
    Argument { what: String, message: String },

    #[error("{who}: row {row} at {}: {column} is {value}; expected a finite price above 0", display(*.time), who = who(.symbol))]
    BadPrice { symbol: String, row: usize, time: i64, column: &'static str, value: f64 },

    #[error("{who}: row {row} at {}: spread is {value}; expected a finite number of at least 0", display(*.time), who = who(.symbol))]
    BadSpread { symbol: String, row: usize, time: i64, value: f64 },

    #[error("{table}: column {column:?}, row {row}: {value} does not fit {expected}")]
    OutOfRange { table: String, column: String, row: usize, value: String, expected: String },

    #[error("snapshot: {message}")]
    Snapshot { message: String },

    #[error("internal error: {message}; please report it")]
    Internal { message: String },

    #[error("not an Arrow table: {message}")]
    NotATable { message: String },

    #[error("reading Arrow data: {message}")]
    Stream { message: String },

    #[error("interrupted by the user")]
    Cancelled,

    #[error("the simulator is at work in another thread; use one simulator a thread")]
    Busy,

    #[error("a panic inside the simulator: {message}; please report it")]
    Panic { message: String },

    #[error("the simulator stopped half-way at an earlier error and its state cannot be trusted; restore a snapshot")]
    Broken,

    #[error("{table}: {rows} rows; at most {limit} are possible")]
    TooManyRows { table: String, rows: usize, limit: usize },
}

impl Error {
    /// The stable code: 1xxx input, 2xxx numbers, 3xxx files, 4xxx internal, 5xxx boundary, 6xxx resources.
    #[must_use]
    pub fn code(&self) -> u32 {
        match self {
            Self::Config { .. } => 1001,
            Self::EmptySeries { .. } => 1002,
            Self::ColumnLength { .. } => 1003,
            Self::BarsOutOfOrder { .. } => 1004,
            Self::TicksOutOfOrder { .. } => 1005,
            Self::BarInconsistent { .. } => 1006,
            Self::AskBelowBid { .. } => 1007,
            Self::MissingAsk { .. } => 1008,
            Self::UnknownSymbol { .. } => 1009,
            Self::UnknownTimeframe { .. } => 1010,
            Self::BadTimeframe { .. } => 1011,
            Self::SignalColumn { .. } => 1012,
            Self::SignalsUnsorted { .. } => 1013,
            Self::NoOverlap { .. } => 1014,
            Self::MissingSignalBar { .. } => 1015,
            Self::MissingSignalTimeframe { .. } => 1016,
            Self::NoConversion { .. } => 1017,
            Self::StaleRate { .. } => 1018,
            Self::UnknownRate { .. } => 1024,
            Self::MissingColumn { .. } => 1019,
            Self::UnknownColumn { .. } => 1020,
            Self::ColumnType { .. } => 1021,
            Self::NullValue { .. } => 1022,
            Self::Argument { .. } => 1023,
            Self::BadPrice { .. } => 2001,
            Self::BadSpread { .. } => 2002,
            Self::OutOfRange { .. } => 2003,
            Self::Snapshot { .. } => 3001,
            Self::Internal { .. } => 4001,
            Self::NotATable { .. } => 5001,
            Self::Stream { .. } => 5002,
            Self::Cancelled => 5003,
            Self::Busy => 5004,
            Self::Panic { .. } => 5005,
            Self::Broken => 5006,
            Self::TooManyRows { .. } => 6001,
        }
    }
}

/// Market data without a name has a name in messages all the same.
fn who(symbol: &str) -> &str {
    if symbol.is_empty() {
        "market data"
    } else {
        symbol
    }
}

fn at_row(row: Option<usize>) -> String {
    row.map_or_else(String::new, |row| format!(", row {row}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_codes::ALL_CODES;

    /// One of every kind; the match in `code` makes a missing one fail to compile there.
    fn every() -> Vec<Error> {
        let text = || "EURUSD".to_owned();
        let (symbol, table, column, message) = (text, text, text, text);
        vec![
            Error::Config { field: text(), message: message() },
            Error::EmptySeries { symbol: symbol() },
            Error::ColumnLength { symbol: symbol(), column: column(), expected: 3, found: 2 },
            Error::BarsOutOfOrder { symbol: symbol(), row: 7, time: 0, previous: 1 },
            Error::TicksOutOfOrder { symbol: symbol(), row: 7, time: 0, previous: 1 },
            Error::BarInconsistent {
                symbol: symbol(),
                row: 7,
                time: 0,
                side: "bid",
                open: 1.0,
                high: 0.5,
                low: 0.4,
                close: 0.45,
            },
            Error::AskBelowBid { symbol: symbol(), row: 7, time: 0, point: "low", bid: 1.2, ask: 1.1 },
            Error::MissingAsk { symbol: symbol(), needed_by: text() },
            Error::UnknownSymbol { symbol: symbol(), known: vec![text()] },
            Error::UnknownTimeframe { text: text() },
            Error::BadTimeframe { symbol: symbol(), timeframe: 0 },
            Error::SignalColumn { column: column(), row: Some(7), message: message() },
            Error::SignalsUnsorted { row: 7, time: 0, previous: 1 },
            Error::NoOverlap { signals_first: 0, signals_last: 1, market_first: 2, market_last: 3 },
            Error::MissingSignalBar { symbol: symbol(), row: 7, time: 0 },
            Error::MissingSignalTimeframe { symbol: symbol() },
            Error::NoConversion { symbol: symbol(), quote: text(), account: text() },
            Error::StaleRate { pair: text(), time: 1, newest: 0 },
            Error::MissingColumn { table: table(), column: column(), found: vec![text()] },
            Error::UnknownColumn { table: table(), column: column(), expected: text() },
            Error::ColumnType { table: table(), column: column(), expected: text(), found: text() },
            Error::NullValue { table: table(), column: column(), row: 7 },
            Error::Argument { what: text(), message: message() },
            Error::UnknownRate { pair: text(), time: 0 },
            Error::BadPrice { symbol: symbol(), row: 7, time: 0, column: "bid_low", value: f64::NAN },
            Error::BadSpread { symbol: symbol(), row: 7, time: 0, value: -1.0 },
            Error::OutOfRange { table: table(), column: column(), row: 7, value: text(), expected: text() },
            Error::Snapshot { message: message() },
            Error::Internal { message: message() },
            Error::NotATable { message: message() },
            Error::Stream { message: message() },
            Error::Cancelled,
            Error::Busy,
            Error::Panic { message: message() },
            Error::Broken,
            Error::TooManyRows { table: table(), rows: 2, limit: 1 },
        ]
    }

    #[test]
    fn e1_every_error_is_listed_once_by_code_and_name() {
        let codes: Vec<u32> = every().iter().map(Error::code).collect();
        let listed: Vec<u32> = ALL_CODES.iter().map(|row| row.code).collect();
        assert_eq!(codes, listed);
        for (error, listed) in every().iter().zip(ALL_CODES) {
            assert!(format!("{error:?}").starts_with(listed.name), "{error:?} is not {}", listed.name);
        }
    }

    #[test]
    fn e1_codes_rise() {
        assert!(ALL_CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn e1_messages_carry_row_and_time() {
        for error in every() {
            let (text, debug) = (error.to_string(), format!("{error:?}"));
            assert!(!debug.contains("row: 7") || text.contains("row 7"), "{text}");
            assert!(!debug.contains("row: Some(7)") || text.contains("row 7"), "{text}");
            assert!(!debug.contains("time: 0") || text.contains("1970-01-01T00:00:00Z"), "{text}");
        }
    }

    #[test]
    fn e1_a_series_without_a_name_reads_well() {
        let error = Error::BadTimeframe { symbol: String::new(), timeframe: 0 };
        assert_eq!(error.to_string(), "market data: a timeframe of 0 ns; expected more than 0");
    }
}
