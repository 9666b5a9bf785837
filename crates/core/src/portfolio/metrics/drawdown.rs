//! How far, and for how long, the equity fell below its highest value so far.

use super::ratio;
use crate::portfolio::result::RunResult;

/// The worst of the equity curve.
pub(super) struct Drawdown {
    pub(super) money: f64,
    pub(super) percent: Option<f64>,
    pub(super) duration: i64,
}

impl Drawdown {
    /// `None` where there is no equity.
    pub(super) fn new(result: &RunResult) -> Option<Self> {
        let table = &result.equity;
        let mut peak = result.initial_balance;
        let mut peak_time = result.first_time.or(table.time.first().copied())?;
        let mut worst = Self { money: 0.0, percent: Some(0.0), duration: 0 };
        table.time.first()?;
        let mut below = false;
        for ((&time, &equity), &fall) in table.time.iter().zip(&table.equity).zip(&table.drawdown) {
            if below || equity < peak {
                worst.duration = worst.duration.max(time.saturating_sub(peak_time));
            }
            below = equity < peak;
            if !below {
                (peak, peak_time) = (equity, time);
            }
            // Peaks only rise: a fall that is no deeper than one before is no larger part of its peak either.
            if fall > worst.money {
                worst.money = fall;
                worst.percent = worst.percent.zip(percent(fall, peak)).map(|(most, now)| most.max(now));
            }
        }
        Some(worst)
    }
}

/// A fall in percent of the peak.
fn percent(fall: f64, peak: f64) -> Option<f64> {
    ratio(fall, peak).filter(|_| peak > 0.0).map(|part| part * 100.0)
}
