//! Why a position closed.

use crate::portfolio::journal::Reason;
use serde::{Deserialize, Serialize};

/// M6: why a position closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum ExitReason {
    StopLoss,
    BreakEvenStopLoss,
    TrailingStop,
    ModifiedStopLoss,
    TakeProfit,
    Signal,
    Timeout,
    StopOut,
    EndOfData,
}

impl ExitReason {
    /// The journal's word for it.
    #[must_use]
    pub fn reason(self) -> Reason {
        match self {
            Self::StopLoss => Reason::StopLoss,
            Self::BreakEvenStopLoss => Reason::BreakEvenStopLoss,
            Self::TrailingStop => Reason::TrailingStop,
            Self::ModifiedStopLoss => Reason::ModifiedStopLoss,
            Self::TakeProfit => Reason::TakeProfit,
            Self::Signal => Reason::Signal,
            Self::Timeout => Reason::Timeout,
            Self::StopOut => Reason::StopOut,
            Self::EndOfData => Reason::EndOfData,
        }
    }

    /// The name in the trades table.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.reason().name()
    }

    /// Whether a stop loss of any kind closed the position.
    #[must_use]
    pub fn is_stop_loss(self) -> bool {
        matches!(self, Self::StopLoss | Self::BreakEvenStopLoss | Self::TrailingStop | Self::ModifiedStopLoss)
    }

    /// L1: whether the exit takes what the market gives.
    #[must_use]
    pub fn slips(self) -> bool {
        !matches!(self, Self::TakeProfit | Self::EndOfData)
    }
}
