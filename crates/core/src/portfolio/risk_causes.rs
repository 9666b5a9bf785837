//! Why the money at risk is not the money asked for (Z5).

use serde::{Deserialize, Serialize};

/// Z5: money at risk beyond the money asked for, by cause; below zero where less is at risk.
///
/// The causes add up to `risk - risk_per_trade`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RiskCauses {
    /// The volume went down to the grid (Z3).
    pub grid: f64,
    /// The volume was raised to the least (Z4).
    pub minimum: f64,
    /// The volume was cut to the largest (Z3).
    pub maximum: f64,
    /// The signal gave volume and risk, and the volume decided.
    pub volume: f64,
    /// The fill was not at the price that sizing measured from: gaps and slippage.
    pub gap: f64,
}

impl RiskCauses {
    /// The causes of a trade that books `risk` where `asked` was asked for; the fill's is what the others leave.
    #[must_use]
    pub fn new([grid, minimum, maximum, volume]: [f64; 4], risk: f64, asked: f64) -> Self {
        Self { grid, minimum, maximum, volume, gap: risk - asked - (grid + minimum + maximum + volume) }
    }

    /// Adds another trade's.
    pub fn add(&mut self, other: &Self) {
        self.grid += other.grid;
        self.minimum += other.minimum;
        self.maximum += other.maximum;
        self.volume += other.volume;
        self.gap += other.gap;
    }
}
