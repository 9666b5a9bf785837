//! The market data of a run, and whether the signals fit them.

use crate::config::Config;
use crate::error::Error;
use crate::execution::order::OrderType;
use crate::execution::rules::SignalLag;
use crate::execution::signal::{Action, Signal};
use crate::execution::signal_table::SignalTable;
use crate::market::series::Series;
use crate::time::DAY;

/// The market data of a run, in the order of its symbols (T5).
#[derive(Clone, Debug, Default)]
pub struct Market {
    /// One entry a symbol.
    pub symbols: Vec<SymbolMarket>,
    /// F1: pairs whose rates come from outside the run.
    pub rates: Vec<RateSeries>,
}

/// F1: a pair's rates as bars or ticks.
#[derive(Clone, Debug)]
pub struct RateSeries {
    /// What one unit of is priced.
    pub base: String,
    /// In what it is priced.
    pub quote: String,
    /// Its prices; the middle of each close is the rate.
    pub series: Series,
}

/// The market data of one symbol.
#[derive(Clone, Debug)]
pub struct SymbolMarket {
    /// Name, as in the instruments and the signals.
    pub symbol: String,
    /// What the run steps through.
    pub series: Series,
    /// I5: finer series, coarse to fine.
    pub finer: Vec<Series>,
}

impl Market {
    /// C2, Q4: the data as a run sees them: spreads multiplied, ask prices present.
    ///
    /// # Errors
    /// `Error::MissingAsk` names the symbol.
    pub fn prepared(&self, config: &Config) -> Result<Self, Error> {
        let mut symbols = Vec::with_capacity(self.symbols.len());
        for entry in &self.symbols {
            let all = std::iter::once(&entry.series).chain(&entry.finer);
            if let Some(series) = all.clone().find(|series| !series.has_ask() && !config.rules.legacy()) {
                return Err(Error::MissingAsk {
                    symbol: series.symbol().into(),
                    needed_by: "every rule but preset \"legacy\"".into(),
                });
            }
            let instrument = config.instruments.iter().find(|instrument| instrument.symbol == entry.symbol);
            let widened = |series: &Series| match instrument {
                Some(instrument) if config.costs.spread_multiplier != 1.0 => {
                    series.with_spread_multiplier(config.costs.spread_multiplier, instrument)
                }
                _ => series.clone(),
            };
            symbols.push(SymbolMarket {
                symbol: entry.symbol.clone(),
                series: widened(&entry.series),
                finer: entry.finer.iter().map(widened).collect(),
            });
        }
        Ok(Self { symbols, rates: self.rates.clone() })
    }

    /// Time of the first row of all.
    #[must_use]
    pub fn first_time(&self) -> Option<i64> {
        self.symbols.iter().map(|entry| entry.series.first_time()).min()
    }

    /// Time of the last row of all.
    #[must_use]
    pub fn last_time(&self) -> Option<i64> {
        self.symbols.iter().map(|entry| entry.series.last_time()).max()
    }

    /// Whether these signals can act on these data under these rules.
    ///
    /// # Errors
    /// No overlap in time; a signal that preset `legacy` does not know.
    pub(super) fn check_signals(&self, config: &Config, signals: &SignalTable) -> Result<(), Error> {
        let lag = match config.rules.signal_lag()? {
            SignalLag::Timeframe(timeframe) => timeframe,
            SignalLag::NextBar | SignalLag::NextTick => 0,
        };
        check_overlap(self, signals, lag)?;
        if config.rules.legacy() {
            check_legacy(signals)?;
        }
        Ok(())
    }
}

/// How far before the data signals may end.
const WEEK: i64 = 7 * DAY;

fn check_overlap(market: &Market, signals: &SignalTable, lag: i64) -> Result<(), Error> {
    let (Some(market_first), Some(market_last), false) = (market.first_time(), market.last_time(), signals.is_empty())
    else {
        return Ok(());
    };
    let (signals_first, signals_last) = (signals.time(0), signals.time(signals.len() - 1));
    // A signal from a little before the data acts on their first bar; a table that lies far outside is a mistake.
    let reach = WEEK.saturating_add(lag.saturating_mul(2));
    if signals_first > market_last || signals_last < market_first.saturating_sub(reach) {
        return Err(Error::NoOverlap { signals_first, signals_last, market_first, market_last });
    }
    Ok(())
}

/// V1, V2: the replaced simulator fills at a signal's own price, and has no `stop_limit`.
fn check_legacy(signals: &SignalTable) -> Result<(), Error> {
    for row in 0..signals.len() {
        check_legacy_signal(&signals.row(row), Some(row))?;
    }
    Ok(())
}

/// V1, V2: what preset `legacy` asks of one signal.
///
/// # Errors
/// Names the column.
pub(super) fn check_legacy_signal(signal: &Signal, row: Option<usize>) -> Result<(), Error> {
    if signal.action != Action::Open {
        return Ok(());
    }
    let (column, message) = match (signal.order_type, signal.price) {
        (OrderType::StopLimit, _) => ("order_type", "stop_limit, where preset \"legacy\" has market, limit and stop"),
        (_, None) => ("price", "null, where preset \"legacy\" fills at the signal's own price"),
        _ => return Ok(()),
    };
    Err(Error::SignalColumn { column: column.into(), row, message: message.into() })
}
