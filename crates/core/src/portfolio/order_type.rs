//! How an order waits for its price.

use serde::{Deserialize, Serialize};

/// How an order waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum OrderType {
    Market,
    Limit,
    Stop,
    StopLimit,
}

impl OrderType {
    /// The name in the tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Market => "market",
            Self::Limit => "limit",
            Self::Stop => "stop",
            Self::StopLimit => "stop_limit",
        }
    }

    /// L1: whether a fill takes what the market gives.
    #[must_use]
    pub fn slips(self) -> bool {
        matches!(self, Self::Market | Self::Stop)
    }
}
