//! What settings and data a run that strategies lead can have.

use crate::config::Config;
use crate::engine::market::Market;
use crate::error::Error;
use crate::execution::rules::{MarketFill, SignalLag};

/// T3: a strategy's orders are known when it gives them.
pub(super) fn known_at_once(config: &Config) -> Result<Config, Error> {
    let mut config = config.clone();
    match config.rules.signal_lag()? {
        SignalLag::NextBar | SignalLag::NextTick => {
            config.rules.signal_timeframe = Some("tick".into());
            Ok(config)
        }
        SignalLag::Timeframe(_) => Err(Error::Config {
            field: "rules.signal_timeframe".into(),
            message: "has no meaning for a strategy, whose orders are known when it gives them; expected none".into(),
        }),
    }
}

/// Bars of another length would be over, and seen, before their time.
pub(super) fn check_one_pace(market: &Market) -> Result<(), Error> {
    let mut entries = market.symbols.iter();
    let first = entries.next().map(|entry| (&entry.symbol, entry.series.timeframe()));
    let other = entries.find(|entry| first.is_some_and(|(_, timeframe)| timeframe != entry.series.timeframe()));
    match (first, other) {
        (Some((symbol, _)), Some(other)) => Err(Error::Argument {
            what: "bars".into(),
            message: format!(
                "{symbol} and {} have bars of different lengths; a strategy needs bars of one length, or ticks, \
                 of all its symbols",
                other.symbol
            ),
        }),
        _ => Ok(()),
    }
}

/// T8: a tick has no close to fill at.
pub(super) fn check_ticks(config: &Config, market: &Market) -> Result<(), Error> {
    let ticks = market.symbols.iter().any(|entry| entry.series.is_ticks());
    if ticks && config.rules.market_fill == MarketFill::SignalClose {
        return Err(Error::Config {
            field: "rules.market_fill".into(),
            message: "\"signal_close\" has no meaning on ticks; expected \"next_open\"".into(),
        });
    }
    Ok(())
}
