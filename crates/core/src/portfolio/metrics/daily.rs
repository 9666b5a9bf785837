//! Daily returns of the equity, and the ratios over them.

use super::ratio;
use super::weekdays::{day_number, is_weekday};
use crate::portfolio::equity::EquityTable;

const TRADING_DAYS: f64 = 252.0;

/// O3: equity at the end of each UTC weekday, and its simple returns.
pub(super) struct Daily {
    equity: Vec<f64>,
    returns: Vec<f64>,
}

impl Daily {
    /// `None` where there is no equity, or where a return would divide by zero.
    pub(super) fn new(table: &EquityTable) -> Option<Self> {
        let equity = at_ends_of_weekdays(&table.time, &table.equity);
        let returns = equity.windows(2).map(|pair| ratio(pair[1], pair[0]).map(|growth| growth - 1.0));
        let returns = returns.collect::<Option<Vec<f64>>>()?;
        Some(Self { equity, returns })
    }

    fn mean(&self) -> Option<f64> {
        ratio(self.returns.iter().sum(), self.returns.len() as f64)
    }

    /// `sqrt(sum / (n - 1))`.
    fn deviation(&self, square: impl Fn(f64) -> f64) -> Option<f64> {
        let squares: f64 = self.returns.iter().map(|&value| square(value)).sum();
        ratio(squares, self.returns.len() as f64 - 1.0).filter(|&variance| variance >= 0.0).map(f64::sqrt)
    }

    pub(super) fn sharpe(&self) -> Option<f64> {
        let mean = self.mean()?;
        let deviation = self.deviation(|value| (value - mean) * (value - mean))?;
        ratio(mean, deviation).map(|ratio| ratio * TRADING_DAYS.sqrt())
    }

    pub(super) fn sortino(&self) -> Option<f64> {
        let mean = self.mean()?;
        let deviation = self.deviation(|value| value.min(0.0) * value.min(0.0))?;
        ratio(mean, deviation).map(|ratio| ratio * TRADING_DAYS.sqrt())
    }

    /// The compounded return of a year; `None` where the equity is not above zero at both ends.
    pub(super) fn yearly(&self) -> Option<f64> {
        let (first, last) = self.equity.first().zip(self.equity.last())?;
        let growth = ratio(*last, *first).filter(|&growth| growth > 0.0 && *first > 0.0)?;
        let exponent = ratio(TRADING_DAYS, self.returns.len() as f64)?;
        let yearly = libm::pow(growth, exponent) - 1.0;
        yearly.is_finite().then_some(yearly)
    }
}

/// The last value of each weekday; times are in order.
fn at_ends_of_weekdays(times: &[i64], values: &[f64]) -> Vec<f64> {
    let mut ends = Vec::new();
    let mut start = 0;
    while let Some(&time) = times.get(start) {
        let day = day_number(time);
        let end = start + times[start..].partition_point(|&time| day_number(time) == day);
        if is_weekday(day) {
            ends.push(values[end - 1]);
        }
        start = end;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DAY;

    #[test]
    fn o3_daily_equity_is_the_last_row_of_each_weekday() {
        // Thursday twice, Friday, Saturday and Sunday left out, Monday.
        let curve = [(0, 5.0), (1, 100.0), (DAY, 110.0), (2 * DAY, 7.0), (3 * DAY, 8.0), (4 * DAY, 99.0)];
        let mut table = EquityTable::default();
        for (time, equity) in curve {
            table.time.push(time);
            table.equity.push(equity);
        }
        let daily = Daily::new(&table).unwrap();
        assert_eq!(daily.equity, [100.0, 110.0, 99.0]);
    }
}
