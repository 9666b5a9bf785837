//! The numbers that sum up a run (O3).

use crate::portfolio::equity::EquityTable;
use crate::portfolio::result::RunResult;
use crate::portfolio::risk_causes::RiskCauses;
use crate::portfolio::trade::Trade;
use crate::time::DAY;

const TRADING_DAYS: f64 = 252.0;

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

/// What the metrics are made of.
#[derive(Default)]
struct Facts {
    count: f64,
    wins: Group,
    losses: Group,
    gross: f64,
    net: f64,
    fees: f64,
    swap: f64,
    r_multiples: f64,
    drawdown: Option<Drawdown>,
    daily: Option<Daily>,
    exposure: Option<f64>,
    weekdays: f64,
    losing_run: f64,
    ambiguous: f64,
    gap_loss: f64,
    risk_asked: f64,
    risk_taken: f64,
    risk_causes: RiskCauses,
    initial_balance: f64,
    final_balance: f64,
}

impl Facts {
    fn new(result: &RunResult) -> Self {
        let mut facts = Self {
            drawdown: Drawdown::new(result),
            daily: Daily::new(&result.equity),
            exposure: exposure(result),
            weekdays: result.first_time.zip(result.last_time).map_or(0.0, |(first, last)| weekdays(first, last)),
            losing_run: longest_losing_run(&result.trades),
            initial_balance: result.initial_balance,
            final_balance: result.balance,
            ..Self::default()
        };
        result.trades.iter().for_each(|trade| facts.add(trade));
        facts
    }

    fn add(&mut self, trade: &Trade) {
        self.count += 1.0;
        self.gross += trade.result;
        self.net += trade.net;
        self.fees += trade.commission;
        self.swap += trade.swap;
        self.r_multiples += trade.r_multiple;
        self.risk_asked += trade.risk_per_trade;
        self.risk_taken += trade.risk;
        self.risk_causes.add(&trade.risk_causes);
        self.ambiguous += f64::from(u8::from(trade.ambiguous));
        self.gap_loss += gap_loss(trade).unwrap_or(0.0);
        if trade.net > 0.0 {
            self.wins.add(trade.net);
        } else if trade.net < 0.0 {
            self.losses.add(trade.net);
        }
    }
}

/// Wins or losses together.
#[derive(Default)]
struct Group {
    count: f64,
    sum: f64,
    /// The one farthest from zero.
    extreme: Option<f64>,
}

impl Group {
    fn add(&mut self, net: f64) {
        self.count += 1.0;
        self.sum += net;
        if self.extreme.is_none_or(|extreme| net.abs() > extreme.abs()) {
            self.extreme = Some(net);
        }
    }
}

/// O3: what divides by zero is null.
fn ratio(value: f64, by: f64) -> Option<f64> {
    let ratio = value / by;
    (by != 0.0 && ratio.is_finite()).then_some(ratio)
}

fn longest_losing_run(trades: &[Trade]) -> f64 {
    let (longest, _) = trades.iter().fold((0_u64, 0_u64), |(longest, run), trade| {
        let run = if trade.net < 0.0 { run + 1 } else { 0 };
        (longest.max(run), run)
    });
    longest as f64
}

/// The loss beyond the stop level of a trade whose stop loss was jumped by a gap, in R.
fn gap_loss(trade: &Trade) -> Option<f64> {
    let (stop, initial) =
        trade.stop_loss.zip(trade.initial_stop_loss).filter(|_| trade.gap && trade.reason.is_stop_loss())?;
    let beyond = ratio((trade.exit_price - stop).abs(), (trade.entry_price - initial).abs())?;
    ratio(beyond * trade.risk, trade.risk_per_trade)
}

/// Share of the run's time covered by at least one position.
fn exposure(result: &RunResult) -> Option<f64> {
    let (first, last) = result.first_time.zip(result.last_time)?;
    let closed = result.trades.iter().map(|trade| (trade.entry_time, trade.exit_time));
    let open = result.open_positions.iter().map(|position| (position.entry_time, last));
    let mut spans: Vec<(i64, i64)> = closed.chain(open).collect();
    spans.sort_unstable();
    // Times from one end of their range to the other lie further apart than an i64 can tell.
    let between = |from: i64, to: i64| i128::from(to) - i128::from(from);
    let (mut covered, mut until) = (0, first);
    for (start, end) in spans {
        covered += between(start.max(until), end.min(last)).max(0);
        until = until.max(end);
    }
    ratio(covered as f64, between(first, last) as f64)
}

fn day_number(time: i64) -> i64 {
    time.div_euclid(DAY)
}

/// Monday to Friday; day 0 was a Thursday.
fn is_weekday(day: i64) -> bool {
    (day + 3).rem_euclid(7) < 5
}

/// Mondays to Fridays from the day of one time to the day of another, both counted.
fn weekdays(first: i64, last: i64) -> f64 {
    let (first, last) = (day_number(first), day_number(last));
    let weeks = (last - first + 1) / 7;
    let rest = (first + weeks * 7..=last).filter(|&day| is_weekday(day)).count() as i64;
    (weeks * 5 + rest) as f64
}

/// The worst of the equity curve.
struct Drawdown {
    money: f64,
    percent: Option<f64>,
    duration: i64,
}

impl Drawdown {
    fn new(result: &RunResult) -> Option<Self> {
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
            worst.money = worst.money.max(fall);
            worst.percent = worst.percent.zip(percent(fall, peak)).map(|(most, now)| most.max(now));
        }
        Some(worst)
    }
}

/// A fall in percent of the peak; without a fall it is 0 whatever the peak.
fn percent(fall: f64, peak: f64) -> Option<f64> {
    if fall == 0.0 {
        return Some(0.0);
    }
    ratio(fall, peak).filter(|_| peak > 0.0).map(|part| part * 100.0)
}

/// O3: equity at the end of each UTC weekday, and its simple returns.
struct Daily {
    equity: Vec<f64>,
    returns: Vec<f64>,
}

impl Daily {
    /// `None` where there is no equity, or where a return would divide by zero.
    fn new(table: &EquityTable) -> Option<Self> {
        let mut equity = Vec::new();
        let mut current = None;
        for (&time, &value) in table.time.iter().zip(&table.equity) {
            let day = day_number(time);
            if !is_weekday(day) {
                continue;
            }
            if current == Some(day) {
                equity.pop();
            }
            current = Some(day);
            equity.push(value);
        }
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

    fn sharpe(&self) -> Option<f64> {
        let mean = self.mean()?;
        let deviation = self.deviation(|value| (value - mean) * (value - mean))?;
        ratio(mean, deviation).map(|ratio| ratio * TRADING_DAYS.sqrt())
    }

    fn sortino(&self) -> Option<f64> {
        let mean = self.mean()?;
        let deviation = self.deviation(|value| value.min(0.0) * value.min(0.0))?;
        ratio(mean, deviation).map(|ratio| ratio * TRADING_DAYS.sqrt())
    }

    /// The compounded return of a year; `None` where the equity is not above zero at both ends.
    fn yearly(&self) -> Option<f64> {
        let (first, last) = self.equity.first().zip(self.equity.last())?;
        let growth = ratio(*last, *first).filter(|&growth| growth > 0.0 && *first > 0.0)?;
        let exponent = ratio(TRADING_DAYS, self.returns.len() as f64)?;
        let yearly = libm::pow(growth, exponent) - 1.0;
        yearly.is_finite().then_some(yearly)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::side::Side;
    use crate::portfolio::exit_reason::ExitReason;
    use crate::portfolio::order_type::OrderType;

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
    fn o3_daily_equity_is_the_last_row_of_each_weekday() {
        // Thursday twice, Friday, Saturday and Sunday left out, Monday.
        let curve = [(0, 5.0), (1, 100.0), (DAY, 110.0), (2 * DAY, 7.0), (3 * DAY, 8.0), (4 * DAY, 99.0)];
        let daily = Daily::new(&run(vec![], &curve).equity).unwrap();
        assert_eq!(daily.equity, [100.0, 110.0, 99.0]);
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

    #[test]
    fn o3_weekdays_are_counted_over_whole_weeks() {
        assert_eq!(weekdays(0, 0), 1.0);
        assert_eq!(weekdays(2 * DAY, 3 * DAY), 0.0);
        assert_eq!(weekdays(0, 13 * DAY), 10.0);
        assert_eq!(weekdays(4 * DAY, 12 * DAY), 7.0);
    }
}
