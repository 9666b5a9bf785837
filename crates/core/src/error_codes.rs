//! The table of error codes, for the documentation (E1).

/// A code with its name, meaning, cause and remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The stable number.
    pub code: u32,
    /// The variant's name.
    pub name: &'static str,
    /// What it means, in one line.
    pub meaning: &'static str,
    /// What usually brings it about.
    pub cause: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

const fn row(
    code: u32,
    name: &'static str,
    meaning: &'static str,
    cause: &'static str,
    remedy: &'static str,
) -> ErrorCode {
    ErrorCode { code, name, meaning, cause, remedy }
}

/// Every code, in ascending order.
pub const ALL_CODES: &[ErrorCode] = &[
    row(
        1001,
        "Config",
        "A setting is missing, unknown or out of range.",
        "A field of `Config` or of a config file is misspelt, of a wrong type, or outside its bounds.",
        "Change the field that the message names; `omegasim schema` prints what each may be.",
    ),
    row(
        1002,
        "EmptySeries",
        "A series of bars or ticks has no rows.",
        "A file without data, or a span of time in which there are none.",
        "Give at least one row; look at `start`, `end` and the file.",
    ),
    row(
        1003,
        "ColumnLength",
        "The columns of a series differ in length.",
        "Arrays were joined by hand, one of them shorter.",
        "Make all columns as long as `time`.",
    ),
    row(
        1004,
        "BarsOutOfOrder",
        "A bar does not come after the bar before it (T4).",
        "Bars are unsorted or twice in the data; a bar was given twice to a simulator.",
        "Sort by time; the cleaning `duplicates` drops repeated rows.",
    ),
    row(
        1005,
        "TicksOutOfOrder",
        "A tick comes before the tick ahead of it (T4).",
        "Ticks are unsorted, or a tick or bar is older than what the simulator has seen.",
        "Sort by time; give market data to a simulator in the order of time.",
    ),
    row(
        1006,
        "BarInconsistent",
        "A bar's open or close lies outside its low and high (Q3).",
        "Broken or rounded data.",
        "Correct the row, or widen such bars with the cleaning `ohlc`; `omegasim data check` lists them.",
    ),
    row(
        1007,
        "AskBelowBid",
        "An ask price is below the bid price (Q3).",
        "Crossed quotes in the data, or bid and ask interchanged.",
        "Use the cleaning `crossed:swap`, `crossed:lift` or `crossed:drop`, or exchange the columns.",
    ),
    row(
        1008,
        "MissingAsk",
        "A rule needs ask prices and there are none (Q4).",
        "Bars of one side without a spread.",
        "Give ask columns, `ask=`, or `spread_pips`; preset `legacy` alone goes without.",
    ),
    row(
        1009,
        "UnknownSymbol",
        "A symbol is not among those of the run.",
        "A name is misspelt, or its instrument is missing in the settings.",
        "Use a name that the message lists, or add the instrument.",
    ),
    row(
        1010,
        "UnknownTimeframe",
        "A timeframe's name is not known.",
        "A timeframe such as `1min` in place of `M1`.",
        "Use one of the names in the message.",
    ),
    row(
        1011,
        "BadTimeframe",
        "A timeframe is not above zero.",
        "A length of 0 or below was given.",
        "Give a length above 0.",
    ),
    row(
        1012,
        "SignalColumn",
        "A column of the signals table breaks S1.",
        "A value out of range, a level and a distance together, or a required field that is empty.",
        "Change the column and row that the message names.",
    ),
    row(
        1013,
        "SignalsUnsorted",
        "The signals are not sorted by time.",
        "Tables were joined; a signal is older than one given before.",
        "Sort the table by `time`.",
    ),
    row(
        1014,
        "NoOverlap",
        "Signals and market data do not overlap in time.",
        "Signals of another period, or a clock that is not UTC.",
        "Check the period and the time zone of both.",
    ),
    row(
        1015,
        "MissingSignalBar",
        "A signal's own bar is missing where it must fill at its close (T8).",
        "With `market_fill=\"signal_close\"` a signal's time is no bar's time, or the symbol has ticks.",
        "Give signals the times of bars, or use `next_open`.",
    ),
    row(
        1016,
        "MissingSignalTimeframe",
        "Signals on ticks have no signal timeframe (T3).",
        "Ticks alone do not say when a signal was known.",
        "Set `rules.signal_timeframe` to a timeframe or to `\"tick\"`.",
    ),
    row(
        1017,
        "NoConversion",
        "No rate leads from a quote currency to the account's (F2).",
        "The account has another currency than the instrument, and no pair connects them.",
        "Give the pair, its inverse, or a pair of each with the hub, in `rates=` or `Account.rates`.",
    ),
    row(
        1018,
        "StaleRate",
        "The newest conversion rate is too old (F2).",
        "The series of rates ends or has a gap longer than `stale_limit_hours`.",
        "Give rates for that time, or raise the limit.",
    ),
    row(
        1019,
        "MissingColumn",
        "A table lacks a required column.",
        "A column has another name or was left out.",
        "Add or rename the column; `om.schemas` has the names.",
    ),
    row(
        1020,
        "UnknownColumn",
        "A table has a column of no known meaning.",
        "A column's name is misspelt, or the table has more than it should.",
        "Rename or drop the column.",
    ),
    row(
        1021,
        "ColumnType",
        "A column has a type that cannot be used.",
        "Text where numbers are expected, or a time that is none.",
        "Convert the column to the type that the message names.",
    ),
    row(
        1022,
        "NullValue",
        "A required column holds a null.",
        "A gap in the data.",
        "Fill or drop the row that the message names.",
    ),
    row(
        1023,
        "Argument",
        "An argument of a call is out of range.",
        "A call with a wrong value, a ticket that is not there, or a simulator that is finished.",
        "Change the argument that the message names.",
    ),
    row(
        1024,
        "UnknownRate",
        "A conversion rate is needed before the first one is known (F1).",
        "The series of rates begins after the first order.",
        "Give rates from before the run, or a constant in `Account.rates`.",
    ),
    row(
        2001,
        "BadPrice",
        "A price is not finite or not above zero (Q3).",
        "NaN, infinity, 0 or a negative number in the data.",
        "Correct or drop the row that the message names.",
    ),
    row(
        2002,
        "BadSpread",
        "A spread is not finite or below zero (Q2).",
        "A column `spread` or `spread_pips` with such a number.",
        "Correct it; look at the unit of the column.",
    ),
    row(
        2003,
        "OutOfRange",
        "A number or time does not fit the type that it is needed in.",
        "A time outside the years 1678 to 2262, or an integer that is too large.",
        "Correct the row that the message names.",
    ),
    row(
        3001,
        "Snapshot",
        "A snapshot is damaged or not one of ours (R3).",
        "Bytes are cut off or changed, from another version, or a checkpoint of other work.",
        "Use an undamaged snapshot of this version; without one, run from the start.",
    ),
    row(
        4001,
        "Internal",
        "The simulator contradicts itself: a defect.",
        "A defect in the simulator.",
        "Report it with the message.",
    ),
    row(
        5001,
        "NotATable",
        "An object is not an Arrow table.",
        "The object has no `__arrow_c_stream__`.",
        "Give a polars, pandas, pyarrow or duckdb table, or Arrow IPC bytes.",
    ),
    row(
        5002,
        "Stream",
        "Arrow data could not be read.",
        "Arrow IPC bytes that are cut off or damaged, or a producer that fails.",
        "Write the bytes anew; the message has the reader's words.",
    ),
    row(
        5003,
        "Cancelled",
        "The user interrupted the run.",
        "Ctrl-C; it arrives as `KeyboardInterrupt`.",
        "None needed: nothing half-written is left.",
    ),
    row(
        5004,
        "Busy",
        "One simulator is used from two threads at once.",
        "Two threads call methods of the same simulator.",
        "Give each thread a simulator of its own, or guard it with a lock.",
    ),
    row(
        5005,
        "Panic",
        "A panic inside the simulator: a defect.",
        "A defect in the simulator; the interpreter lives on.",
        "Report it with the message; restore the simulator from a snapshot.",
    ),
    row(
        5006,
        "Broken",
        "A simulator is used after a panic, or a rate that ran out, left it half-way.",
        "A call failed half-way before, with code 5005, 1018 or 1024.",
        "Restore it from a snapshot that was taken before.",
    ),
    row(
        6001,
        "TooManyRows",
        "A table has more rows than can be counted.",
        "A table of signals with more than 4,294,967,295 rows.",
        "Split the work.",
    ),
];
