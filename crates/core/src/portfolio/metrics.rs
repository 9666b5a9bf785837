//! The numbers that sum up a run (O3).

mod daily;
mod drawdown;
mod facts;
mod weekdays;

use self::daily::Daily;
use self::facts::Facts;
use crate::portfolio::result::RunResult;
use crate::time::DAY;

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricDefinition {
    /// Its key.
    pub name: &'static str,
    /// The unit of its value.
    pub unit: &'static str,
    /// One line that says how it is computed.
    pub definition: &'static str,
}

/// O3: every metric in its order; `None` where it would divide by zero or lacks the equity table.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    /// Definitions and values.
    pub values: Vec<(MetricDefinition, Option<f64>)>,
}

impl Metrics {
    /// The value of a name; `None` where it has none or is not known.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.values.iter().find(|(definition, _)| definition.name == name).and_then(|&(_, value)| value)
    }
}

/// O3: sums up a run.
#[must_use]
pub fn compute(result: &RunResult) -> Metrics {
    let facts = Facts::new(result);
    Metrics { values: METRICS.iter().map(|&(definition, value)| (definition, value(&facts))).collect() }
}

/// Every metric that `compute` gives, in its order.
#[must_use]
pub fn definitions() -> Vec<MetricDefinition> {
    METRICS.iter().map(|&(definition, _)| definition).collect()
}

type Metric = (MetricDefinition, fn(&Facts) -> Option<f64>);

const fn metric(
    name: &'static str,
    unit: &'static str,
    definition: &'static str,
    value: fn(&Facts) -> Option<f64>,
) -> Metric {
    (MetricDefinition { name, unit, definition }, value)
}

const METRICS: [Metric; 36] = [
    metric("trades", "count", "Closed trades; a partial close is one of its own.", |f| Some(f.count)),
    metric("wins", "count", "Trades whose net is above zero.", |f| Some(f.wins.count)),
    metric("losses", "count", "Trades whose net is below zero.", |f| Some(f.losses.count)),
    metric("win_rate", "fraction", "wins / trades.", |f| ratio(f.wins.count, f.count)),
    metric("gross_profit", "money", "Sum of the trades' results, before commission and swap.", |f| Some(f.gross)),
    metric("net_profit", "money", "Sum of the trades' net: result - commission + swap.", |f| Some(f.net)),
    metric("fees", "money", "Sum of the trades' commissions.", |f| Some(f.fees)),
    metric("swap", "money", "Sum of the trades' swaps; below zero where they cost.", |f| Some(f.swap)),
    metric("profit_factor", "ratio", "Net of all wins / net of all losses, as a positive number.", |f| {
        ratio(f.wins.sum, -f.losses.sum)
    }),
    metric("expectancy", "money", "net_profit / trades.", |f| ratio(f.net, f.count)),
    metric("expectancy_r", "R", "Mean of the trades' r_multiple.", |f| ratio(f.r_multiples, f.count)),
    metric("average_win", "money", "Mean net of the wins.", |f| ratio(f.wins.sum, f.wins.count)),
    metric("average_loss", "money", "Mean net of the losses; below zero.", |f| ratio(f.losses.sum, f.losses.count)),
    metric("largest_win", "money", "Largest net of a win.", |f| f.wins.extreme),
    metric("largest_loss", "money", "Net of the worst loss; below zero.", |f| f.losses.extreme),
    metric(
        "max_drawdown",
        "money",
        "Largest fall of the equity below its highest value so far, the initial balance included.",
        |f| f.drawdown.as_ref().map(|drawdown| drawdown.money),
    ),
    metric(
        "max_drawdown_percent",
        "percent",
        "Largest fall of the equity in percent of its highest value so far.",
        |f| f.drawdown.as_ref().and_then(|drawdown| drawdown.percent),
    ),
    metric(
        "max_drawdown_duration",
        "days",
        "Longest time from a high of the equity until it was reached again or the run ended.",
        |f| f.drawdown.as_ref().map(|drawdown| drawdown.duration as f64 / DAY as f64),
    ),
    metric("recovery_factor", "ratio", "net_profit / max_drawdown.", |f| {
        f.drawdown.as_ref().and_then(|drawdown| ratio(f.net, drawdown.money))
    }),
    metric(
        "sharpe",
        "ratio",
        "Mean / standard deviation (ddof 1) of the daily returns * sqrt(252); daily equity is the last row of each UTC weekday.",
        |f| f.daily.as_ref().and_then(Daily::sharpe),
    ),
    metric(
        "sortino",
        "ratio",
        "Mean of the daily returns / sqrt(sum of the squared negative ones / (n - 1)) * sqrt(252).",
        |f| f.daily.as_ref().and_then(Daily::sortino),
    ),
    metric(
        "calmar",
        "ratio",
        "Yearly return, (last / first daily equity) ^ (252 / n) - 1 over n returns, / (max_drawdown_percent / 100).",
        |f| ratio(f.daily.as_ref()?.yearly()?, f.drawdown.as_ref()?.percent? / 100.0),
    ),
    metric("exposure", "fraction", "Share of the run's time with at least one position open.", |f| f.exposure),
    metric("trades_per_day", "trades/day", "trades / weekdays (UTC, Monday to Friday) from the first to the last time.", |f| {
        ratio(f.count, f.weekdays)
    }),
    metric("longest_losing_run", "count", "Most losses in a row, in the order of closing.", |f| Some(f.losing_run)),
    metric("ambiguous_trades", "count", "Trades whose bar leaves open what came first.", |f| Some(f.ambiguous)),
    metric(
        "gap_loss_r",
        "R",
        "Loss beyond the stop level where a gap jumped it: sum of |exit - stop| / |entry - initial stop| * risk / risk_per_trade.",
        |f| Some(f.gap_loss),
    ),
    metric("risk_asked", "money", "Sum of the trades' risk_per_trade.", |f| Some(f.risk_asked)),
    metric("risk_taken", "money", "Sum of the trades' risk: the loss at the initial stop from the real fill.", |f| {
        Some(f.risk_taken)
    }),
    metric("risk_by_grid", "money", "Part of risk_taken - risk_asked: volumes that went down to the grid.", |f| {
        Some(f.risk_causes.grid)
    }),
    metric("risk_by_minimum", "money", "Part of risk_taken - risk_asked: volumes raised to the smallest.", |f| {
        Some(f.risk_causes.minimum)
    }),
    metric("risk_by_maximum", "money", "Part of risk_taken - risk_asked: volumes cut to the largest.", |f| {
        Some(f.risk_causes.maximum)
    }),
    metric("risk_by_volume", "money", "Part of risk_taken - risk_asked: signals that gave a volume beside a risk.", |f| {
        Some(f.risk_causes.volume)
    }),
    metric("risk_by_gap", "money", "Part of risk_taken - risk_asked: fills by gap or slippage off the price of the sizing.", |f| {
        Some(f.risk_causes.gap)
    }),
    metric("initial_balance", "money", "Balance at the start.", |f| Some(f.initial_balance)),
    metric("final_balance", "money", "Balance at the end.", |f| Some(f.final_balance)),
];

/// O3: what divides by zero is null.
fn ratio(value: f64, by: f64) -> Option<f64> {
    let ratio = value / by;
    (by != 0.0 && ratio.is_finite()).then_some(ratio)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::side::Side;
    use crate::portfolio::equity::EquityTable;
    use crate::portfolio::exit_reason::ExitReason;
    use crate::portfolio::order_type::OrderType;
    use crate::portfolio::risk_causes::RiskCauses;
    use crate::portfolio::trade::Trade;

    fn trade(net: f64) -> Trade {
        Trade {
            ticket: 1,
            symbol: 0,
            magic: 0,
            side: Side::Long,
            order_type: OrderType::Market,
            signal_time: 0,
            entry_time: 0,
            exit_time: DAY,
            entry_price: 1.1,
            exit_price: 1.2,
            initial_stop_loss: Some(1.05),
            stop_loss: Some(1.05),
            take_profit: None,
            volume: 1.0,
            risk: 90.0,
            risk_per_trade: 100.0,
            risk_causes: RiskCauses::new([-8.0, 0.0, 0.0, 0.0], 90.0, 100.0),
            result: net + 3.0,
            commission: 2.0,
            swap: -1.0,
            net,
            r_multiple: (net + 3.0) / 100.0,
            reason: ExitReason::Signal,
            ambiguous: false,
            gap: false,
            mae: 0.0,
            mfe: 0.0,
            slippage_entry: 0.0,
            slippage_exit: 0.0,
            tag: None,
        }
    }

    fn run(trades: Vec<Trade>, equity: &[(i64, f64)]) -> RunResult {
        let mut peak = 1000.0_f64;
        let mut table = EquityTable::default();
        for &(time, value) in equity {
            peak = peak.max(value);
            table.time.push(time);
            table.equity.push(value);
            table.balance.push(value);
            table.margin.push(0.0);
            table.drawdown.push(peak - value);
        }
        RunResult {
            trades,
            equity: table.into(),
            initial_balance: 1000.0,
            balance: 1000.0,
            first_time: Some(0),
            last_time: Some(10 * DAY),
            ..RunResult::default()
        }
    }

    fn close(value: Option<f64>, expected: f64) {
        let value = value.unwrap();
        assert!((value - expected).abs() < 1e-12 * expected.abs().max(1.0), "{value} is not {expected}");
    }

    #[test]
    fn o3_trades_by_hand() {
        let metrics = compute(&run(vec![trade(30.0), trade(-10.0), trade(-20.0), trade(0.0), trade(50.0)], &[]));
        let expected = [
            ("trades", 5.0),
            ("wins", 2.0),
            ("losses", 2.0),
            ("win_rate", 0.4),
            ("gross_profit", 65.0),
            ("net_profit", 50.0),
            ("fees", 10.0),
            ("swap", -5.0),
            ("profit_factor", 80.0 / 30.0),
            ("expectancy", 10.0),
            ("expectancy_r", 0.13),
            ("average_win", 40.0),
            ("average_loss", -15.0),
            ("largest_win", 50.0),
            ("largest_loss", -20.0),
            ("longest_losing_run", 2.0),
            ("risk_asked", 500.0),
            ("risk_taken", 450.0),
            ("risk_by_grid", -40.0),
            ("risk_by_minimum", 0.0),
            ("risk_by_maximum", 0.0),
            ("risk_by_volume", 0.0),
            ("risk_by_gap", -10.0),
        ];
        for (name, value) in expected {
            close(metrics.get(name), value);
        }
    }

    #[test]
    fn o3_nothing_divides_by_zero() {
        let metrics = compute(&RunResult::default());
        for name in ["win_rate", "profit_factor", "expectancy", "average_win", "largest_loss", "sharpe", "exposure"] {
            assert_eq!(metrics.get(name), None, "{name}");
        }
        assert_eq!(metrics.get("trades"), Some(0.0));
        assert!(metrics.values.iter().all(|(_, value)| value.is_none_or(f64::is_finite)));
    }

    #[test]
    fn o3_without_equity_its_metrics_are_null() {
        let metrics = compute(&run(vec![trade(1.0)], &[]));
        for name in [
            "max_drawdown",
            "max_drawdown_percent",
            "max_drawdown_duration",
            "recovery_factor",
            "sharpe",
            "sortino",
            "calmar",
        ] {
            assert_eq!(metrics.get(name), None, "{name}");
        }
    }

    #[test]
    fn o3_drawdown_starts_from_the_initial_balance() {
        let curve = [(DAY, 900.0), (2 * DAY, 1200.0), (3 * DAY, 960.0), (5 * DAY, 1199.0), (8 * DAY, 1200.0)];
        let metrics = compute(&run(vec![trade(120.0)], &curve));
        close(metrics.get("max_drawdown"), 240.0);
        close(metrics.get("max_drawdown_percent"), 20.0);
        close(metrics.get("max_drawdown_duration"), 6.0);
        close(metrics.get("recovery_factor"), 0.5);
    }

    #[test]
    fn o3_sharpe_sortino_calmar_by_hand() {
        let curve = [(0, 1000.0), (DAY, 1100.0), (4 * DAY, 990.0), (5 * DAY, 1089.0)];
        let metrics = compute(&run(vec![], &curve));
        // Returns 0.1, -0.1, 0.1: mean 1/30, variance (2 * (2/30)^2 + (4/30)^2) / 2 = 0.04 / 3.
        let mean = 1.0 / 30.0;
        close(metrics.get("sharpe"), mean / (0.04_f64 / 3.0).sqrt() * 252.0_f64.sqrt());
        close(metrics.get("sortino"), mean / (0.01_f64 / 2.0).sqrt() * 252.0_f64.sqrt());
        close(metrics.get("calmar"), (libm::pow(1.089, 84.0) - 1.0) / 0.1);
    }

    #[test]
    fn o3_a_flat_curve_has_no_ratios() {
        let metrics = compute(&run(vec![], &[(0, 1000.0), (DAY, 1000.0), (4 * DAY, 1000.0)]));
        assert_eq!(["sharpe", "sortino", "calmar", "recovery_factor"].map(|name| metrics.get(name)), [None; 4]);
        assert_eq!(metrics.get("max_drawdown"), Some(0.0));
    }

    #[test]
    fn o3_exposure_counts_overlaps_once() {
        let span = |entry: i64, exit: i64| Trade { entry_time: entry * DAY, exit_time: exit * DAY, ..trade(1.0) };
        let metrics = compute(&run(vec![span(1, 3), span(2, 4), span(6, 7), span(6, 7)], &[]));
        close(metrics.get("exposure"), 0.4);
        close(metrics.get("trades_per_day"), 4.0 / 7.0);
    }

    #[test]
    fn o3_gap_loss_is_what_lies_beyond_the_stop() {
        let gap = Trade { gap: true, reason: ExitReason::StopLoss, exit_price: 1.025, ..trade(-1.0) };
        let no_gap = Trade { gap: false, ..gap.clone() };
        let target = Trade { reason: ExitReason::TakeProfit, ..gap.clone() };
        let metrics = compute(&run(vec![gap, no_gap, target], &[]));
        close(metrics.get("gap_loss_r"), 0.5 * 90.0 / 100.0);
    }

    #[test]
    fn o3_names_are_unique_and_defined() {
        let mut names: Vec<_> = definitions().iter().map(|definition| definition.name).collect();
        assert!(definitions()
            .iter()
            .all(|d| !d.unit.is_empty() && d.definition.ends_with('.') && !d.definition.contains('\n')));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), METRICS.len());
    }
}
