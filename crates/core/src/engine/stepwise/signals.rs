//! Signals one by one: which act at once, and which wait (T3, T8, V1).

use super::{argument, Newest, Numbered, Outcome, Stepwise};
use crate::engine::market::check_legacy_signal;
use crate::engine::waiting::{ActsAt, Timing};
use crate::error::Error;
use crate::execution::signal::Signal;
use crate::execution::simulator::StepBar;
use crate::market::quote::Bar;

/// Where a signal acts.
enum Place {
    /// V1: at once, at its own price.
    OwnPrice,
    /// T3: at once, at the quote that came with it.
    Quote(Bar),
    /// T8: at once, at the close of the newest bar.
    Close(Newest),
    /// T8, L6: at a close some bars later.
    LaterClose,
    /// On its bar or tick.
    Waits(ActsAt),
}

impl Stepwise {
    /// Checks signals that come together, sorted by time, before the first of them is taken.
    ///
    /// # Errors
    /// As [`Stepwise::process_signal`] without a quote.
    pub fn check_signals(&self, signals: &[Signal]) -> Result<(), Error> {
        self.check_unfinished()?;
        signals.iter().try_for_each(|signal| self.place_of(signal, None).map(|_| ()))
    }

    /// Takes a checked signal; its ordinal is counted here.
    ///
    /// With a quote it acts at once; so does a market order that fills at the close of the bar just over (T8), and any
    /// signal of preset `legacy` whose time has come. All others wait for their bar, as in a batch.
    ///
    /// # Errors
    /// A time before the symbol's newest signal, a quote before the newest time, what preset `legacy` does not know,
    /// ticks without `signal_timeframe` (T3), no bar left to fill at (T8), or a conversion rate that is not known (F2).
    /// Nothing has changed then.
    pub fn process_signal(&mut self, mut signal: Signal, quote: Option<Bar>) -> Result<Outcome, Error> {
        self.check_unfinished()?;
        let quote = quote.map(|quote| self.checked_quote(signal.symbol as usize, quote)).transpose()?;
        let place = self.place_of(&signal, quote)?;
        self.check_rates_at(&place, signal.symbol as usize)?;
        signal.ordinal = self.next_ordinal(signal.symbol as usize, signal.time);
        self.signals += 1;
        let before = self.simulator.events.len();
        let done = self.act(signal, place);
        self.halt_on(done)?;
        Ok(self.outcome(before))
    }

    /// Where a signal acts that comes now.
    fn place_of(&self, signal: &Signal, quote: Option<Bar>) -> Result<Place, Error> {
        self.check_signal(signal)?;
        let lane = &self.lanes[signal.symbol as usize];
        let (timing, newest) = (lane.waiting.timing(), lane.newest.filter(|newest| newest.whole));
        let has_come = quote.is_some() || newest.is_some_and(|newest| newest.bar.time >= signal.time);
        if self.config().rules.legacy() && has_come {
            return Ok(Place::OwnPrice);
        }
        if let Some(quote) = quote {
            return Ok(Place::Quote(quote));
        }
        let symbol = &self.symbols[signal.symbol as usize];
        if newest.is_some_and(|newest| newest.tick) {
            check_ticks(symbol, timing, signal)?;
        }
        let at = timing.acts_at(signal.is_market_open());
        match newest.filter(|_| at == ActsAt::Close && !lane.ended) {
            Some(newest) if newest.bar.time > signal.time => Err(late(symbol, signal.time, newest.bar.time)),
            Some(newest) if newest.bar.time == signal.time && self.config().rules.delay > 0 => Ok(Place::LaterClose),
            Some(newest) if newest.bar.time == signal.time => Ok(Place::Close(newest)),
            _ => Ok(Place::Waits(at)),
        }
    }

    /// F2: whether the rates are known that a signal needs where it acts at once.
    fn check_rates_at(&mut self, place: &Place, symbol: usize) -> Result<(), Error> {
        let moment = match place {
            Place::Quote(quote) => quote.time,
            Place::Close(newest) => newest.until,
            Place::OwnPrice | Place::LaterClose | Place::Waits(_) => return Ok(()),
        };
        self.learn_until(moment);
        self.simulator.check_rates(moment, |other| other == symbol)
    }

    fn act(&mut self, signal: Signal, place: Place) -> Result<(), Error> {
        let symbol = signal.symbol as usize;
        match place {
            Place::OwnPrice => self.simulator.act_at_own_price(&signal),
            Place::Quote(quote) => {
                let done = self.simulator.act_at_quote(&signal, &quote);
                self.pass_time(quote.time);
                // A quote makes no series of ticks: bars and their timing go on.
                self.lanes[symbol].newest = Some(Newest { bar: quote, tick: true, whole: false, until: quote.time });
                return done;
            }
            Place::Close(newest) => return self.simulator.act_at_close(signal, &newest.bar, newest.until),
            Place::LaterClose => self.lanes[symbol].waiting.push_behind(Numbered { number: self.signals, signal }),
            Place::Waits(at) => self.lanes[symbol].waiting.push(at, Numbered { number: self.signals, signal }),
        }
        Ok(())
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
    if timing.acts_at(signal.is_market_open()) == ActsAt::Close {
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
