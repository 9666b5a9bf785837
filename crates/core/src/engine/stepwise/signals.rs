//! Signals one by one: which act at once, and which wait (T3, T8, V1).

use super::{argument, Newest, Numbered, Outcome, Stepwise};
use crate::engine::market::check_legacy_signal;
use crate::engine::waiting::{ActsAt, Timing};
use crate::error::Error;
use crate::execution::signal::Signal;
use crate::execution::simulator::StepBar;
use crate::market::quote::Bar;

impl Stepwise {
    /// Checks signals that come together, sorted by time, before the first of them is taken.
    ///
    /// # Errors
    /// A time before the symbol's newest signal, or what preset `legacy` does not know.
    pub fn check_signals(&self, signals: &[Signal]) -> Result<(), Error> {
        self.check_unfinished()?;
        signals.iter().try_for_each(|signal| self.check_signal(signal))
    }

    /// Takes a checked signal; its ordinal is counted here.
    ///
    /// With a quote it acts at once; so does a market order that fills at the close of the bar just over (T8), and any
    /// signal of preset `legacy` whose time has come. All others wait for their bar, as in a batch.
    ///
    /// # Errors
    /// A time before the symbol's newest signal, a quote before the newest time, what preset `legacy` does not know,
    /// ticks without `signal_timeframe` (T3), or no bar left to fill at (T8). Nothing has changed then.
    pub fn process_signal(&mut self, mut signal: Signal, quote: Option<Bar>) -> Result<Outcome, Error> {
        let symbol = signal.symbol as usize;
        self.check_unfinished()?;
        self.check_signal(&signal)?;
        let lane = &self.lanes[symbol];
        let timing = lane.waiting.timing();
        let (legacy, at) = (self.config().rules.legacy(), timing.acts_at(&signal));
        let newest = lane.newest.filter(|newest| newest.whole);
        let quote = quote.map(|quote| self.checked_quote(symbol, quote)).transpose()?;
        let due_at_own_price =
            legacy && (quote.is_some() || newest.is_some_and(|newest| newest.bar.time >= signal.time));
        let closing = newest.filter(|_| at == ActsAt::Close && quote.is_none() && !lane.ended);
        if quote.is_none() && newest.is_some_and(|newest| newest.tick) {
            check_ticks(&self.symbols[symbol], timing, &signal)?;
        }
        if let Some(newest) = closing.filter(|newest| newest.bar.time > signal.time) {
            return Err(late(&self.symbols[symbol], signal.time, newest.bar.time));
        }
        let closing = closing.filter(|newest| newest.bar.time == signal.time);
        let acts_at = quote.map(|quote| quote.time).or(closing.map(|newest| newest.until));
        if let Some(moment) = acts_at.filter(|_| !due_at_own_price) {
            self.learn_until(moment);
            self.simulator.check_rates(moment, |other| other == symbol)?;
        }
        signal.ordinal = self.next_ordinal(symbol, signal.time);
        self.signals += 1;
        let before = self.simulator.events.len();
        let numbered = |signal| Numbered { number: self.signals, signal };
        match (quote, closing) {
            _ if due_at_own_price => self.simulator.act_at_own_price(&signal),
            (Some(quote), _) => {
                let done = self.simulator.act_at_quote(&signal, &quote);
                self.pass_time(quote.time);
                // A quote makes no series of ticks: bars and their timing go on.
                self.lanes[symbol].newest = Some(Newest { bar: quote, tick: true, whole: false, until: quote.time });
                self.halt_on(done)?;
            }
            (None, Some(newest)) if self.config().rules.delay == 0 => {
                let done = self.simulator.act_at_close(signal, &newest.bar, newest.until);
                self.halt_on(done)?;
            }
            (None, Some(_)) => {
                let item = numbered(signal);
                self.lanes[symbol].waiting.push_behind(item);
            }
            (None, None) => {
                let item = numbered(signal);
                self.lanes[symbol].waiting.push(at, item);
            }
        }
        Ok(self.outcome(before))
    }

    fn check_signal(&self, signal: &Signal) -> Result<(), Error> {
        if let Some((previous, _)) = self.lanes[signal.symbol as usize].signal {
            if signal.time < previous {
                return Err(Error::SignalsUnsorted { row: self.signals as usize, time: signal.time, previous });
            }
        }
        if self.config().rules.legacy() {
            check_legacy_signal(signal, None)?;
        }
        Ok(())
    }

    fn checked_quote(&self, symbol: usize, quote: Bar) -> Result<Bar, Error> {
        let item = StepBar { symbol, bar: quote, tick: true, has_ask: true, last: false, timeframe: 0, finer: &[] };
        let item = self.prepared(&item)?;
        self.check_time(&item)?;
        Ok(item.bar)
    }

    fn next_ordinal(&mut self, symbol: usize, time: i64) -> u32 {
        let lane = &mut self.lanes[symbol];
        let ordinal = match lane.signal {
            Some((newest, ordinal)) if newest == time => ordinal + 1,
            _ => 0,
        };
        lane.signal = Some((time, ordinal));
        ordinal
    }
}

/// T3, T8: whether a signal can act on ticks at all.
pub(super) fn check_ticks(symbol: &str, timing: Timing, signal: &Signal) -> Result<(), Error> {
    if timing.lacks_timeframe() {
        return Err(Error::MissingSignalTimeframe { symbol: symbol.into() });
    }
    if timing.acts_at(signal) == ActsAt::Close {
        return Err(argument("market_fill", &format!("{symbol}: \"signal_close\" has no meaning on ticks")));
    }
    Ok(())
}

fn late(symbol: &str, time: i64, newest: i64) -> Error {
    argument(
        "signal",
        &format!(
            "{symbol}: its bar at {} is over, the newest is at {}; market_fill=\"signal_close\" needs the newest",
            crate::time::display(time),
            crate::time::display(newest)
        ),
    )
}
