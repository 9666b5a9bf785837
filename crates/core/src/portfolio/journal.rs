//! The journal: why an order did what it did (E2).

use serde::{Deserialize, Serialize};

/// E2: what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum EventKind {
    Accepted,
    Rejected,
    Triggered,
    Filled,
    Modified,
    Cancelled,
    Expired,
    Closed,
    Commission,
    Swap,
    StopOut,
    Unfilled,
    NoMatch,
}

impl EventKind {
    /// The name in the events table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Triggered => "triggered",
            Self::Filled => "filled",
            Self::Modified => "modified",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Closed => "closed",
            Self::Commission => "commission",
            Self::Swap => "swap",
            Self::StopOut => "stop_out",
            Self::Unfilled => "unfilled",
            Self::NoMatch => "no_match",
        }
    }
}

/// Why: the code in the journal's column `reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Reason {
    InvalidStops,
    StopTooClose,
    InvalidPrice,
    VolumeTooSmall,
    VolumeTooLarge,
    InsufficientMargin,
    MaxPositions,
    Expired,
    MarketClosed,
    NoStopLoss,
    NoMarketData,
    Filtered,
    Signal,
    Oco,
    BreakEven,
    Trailing,
    Open,
    Close,
    Modify,
    Cancel,
    StopLoss,
    BreakEvenStopLoss,
    TrailingStop,
    ModifiedStopLoss,
    TakeProfit,
    Timeout,
    StopOut,
    EndOfData,
}

impl Reason {
    /// The name in the events table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidStops => "invalid_stops",
            Self::StopTooClose => "stop_too_close",
            Self::InvalidPrice => "invalid_price",
            Self::VolumeTooSmall => "volume_too_small",
            Self::VolumeTooLarge => "volume_too_large",
            Self::InsufficientMargin => "insufficient_margin",
            Self::MaxPositions => "max_positions",
            Self::Expired => "expired",
            Self::MarketClosed => "market_closed",
            Self::NoStopLoss => "no_stop_loss",
            Self::NoMarketData => "no_market_data",
            Self::Filtered => "filtered",
            Self::Signal => "signal",
            Self::Oco => "oco",
            Self::BreakEven => "break_even",
            Self::Trailing => "trailing",
            Self::Open => "open",
            Self::Close => "close",
            Self::Modify => "modify",
            Self::Cancel => "cancel",
            Self::StopLoss => "stop_loss",
            Self::BreakEvenStopLoss => "break_even_stop_loss",
            Self::TrailingStop => "trailing_stop",
            Self::ModifiedStopLoss => "modified_stop_loss",
            Self::TakeProfit => "take_profit",
            Self::Timeout => "timeout",
            Self::StopOut => "stop_out",
            Self::EndOfData => "end_of_data",
        }
    }
}

/// E2: one row of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Event {
    pub time: i64,
    pub kind: EventKind,
    pub ticket: Option<u64>,
    /// Index of the symbol in the run.
    pub symbol: u32,
    pub magic: i64,
    pub price: Option<f64>,
    pub volume: Option<f64>,
    pub reason: Option<Reason>,
    pub amount: Option<f64>,
    /// F1: the rate behind the amount; `None` where nothing was converted.
    pub rate: Option<f64>,
    pub balance: f64,
    /// Index into the run's tags.
    pub tag: Option<u32>,
}
