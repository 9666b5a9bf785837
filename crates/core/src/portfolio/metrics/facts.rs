//! What the metrics are made of: sums over the trades, and what time and equity say of a run.

use super::daily::Daily;
use super::drawdown::Drawdown;
use super::ratio;
use super::weekdays::weekdays;
use crate::portfolio::result::RunResult;
use crate::portfolio::risk_causes::RiskCauses;
use crate::portfolio::trade::Trade;

/// Everything that a metric is computed from.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) count: f64,
    pub(super) wins: Group,
    pub(super) losses: Group,
    pub(super) gross: f64,
    pub(super) net: f64,
    pub(super) fees: f64,
    pub(super) swap: f64,
    pub(super) r_multiples: f64,
    pub(super) drawdown: Option<Drawdown>,
    pub(super) daily: Option<Daily>,
    pub(super) exposure: Option<f64>,
    pub(super) weekdays: f64,
    pub(super) losing_run: f64,
    pub(super) ambiguous: f64,
    pub(super) gap_loss: f64,
    pub(super) risk_asked: f64,
    pub(super) risk_taken: f64,
    pub(super) risk_causes: RiskCauses,
    pub(super) initial_balance: f64,
    pub(super) final_balance: f64,
}

impl Facts {
    /// Those of a run.
    pub(super) fn new(result: &RunResult) -> Self {
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
pub(super) struct Group {
    pub(super) count: f64,
    pub(super) sum: f64,
    /// The one farthest from zero.
    pub(super) extreme: Option<f64>,
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
