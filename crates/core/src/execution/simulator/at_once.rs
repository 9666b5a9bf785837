//! Signals that act between two steps: at a quote, at the close that is just over, at their own price (T3, T8, V1).

use super::{Moment, Only, Simulator};
use crate::error::Error;
use crate::execution::position::{FilledAt, Range};
use crate::execution::rules::Intrabar;
use crate::execution::signal::{Action, Signal};
use crate::market::quote::{Bar, Point};
use crate::portfolio::equity::EquityMode;

impl Simulator {
    /// T3: a signal acts at a quote that came with it.
    ///
    /// # Errors
    /// F2.
    pub(crate) fn act_at_quote(&mut self, signal: &Signal, quote: &Bar) -> Result<(), Error> {
        let symbol = signal.symbol as usize;
        self.begin(quote.time);
        self.set_quote(symbol, quote.quote(Point::Open));
        self.begin_bar(symbol);
        let moment = Moment { symbol, bar: *quote, tick: true, model: Intrabar::Worst, only: Only::All, counts: false };
        match signal.action {
            Action::Open => self.open(&moment, signal, FilledAt::Open),
            Action::Close => self.close_request(&moment, signal),
            Action::Modify | Action::Cancel => self.requests(&moment, std::slice::from_ref(signal)),
        }
        self.live_through_quote(&moment);
        self.end(quote.time)
    }

    /// V1: under preset `legacy` a signal whose time has come acts at once.
    pub(crate) fn act_at_own_price(&mut self, signal: &Signal) {
        let symbol = signal.symbol as usize;
        self.legacy_signal(symbol, signal);
        self.mark(self.time());
    }

    /// T8: a market order fills at the close of the bar that is just over.
    ///
    /// # Errors
    /// F2.
    pub(crate) fn act_at_close(&mut self, signal: Signal, bar: &Bar, until: i64) -> Result<(), Error> {
        let symbol = signal.symbol as usize;
        self.deliver_at_close(signal);
        self.refresh_rates(until);
        let moment = Moment { symbol, bar: *bar, tick: false, model: Intrabar::Worst, only: Only::All, counts: false };
        self.fill_at_close(&moment);
        self.end(self.time())
    }

    /// M7: positions of these symbols close at their last marks.
    pub(crate) fn end_of_symbols(&mut self, symbols: &[usize]) {
        for &symbol in symbols {
            self.end_of_data(symbol);
        }
        self.mark(self.time());
    }

    /// Begins a step of its own, at the rates of its time.
    pub(super) fn begin(&mut self, time: i64) {
        self.at_time(time);
        self.step += 1;
        self.refresh_rates(time);
    }

    /// Ends what happened between two steps.
    pub(super) fn end(&mut self, time: i64) -> Result<(), Error> {
        self.mark(time);
        self.outcome()
    }

    /// The equity row of a time shows what happened between two steps.
    fn mark(&mut self, time: i64) {
        for symbol in 0..self.symbols.len() {
            self.tidy(symbol);
        }
        if time > i64::MIN && self.equity.mode() == EquityMode::Bars {
            self.mark_equity(time);
        }
    }

    /// M5: of the quote at which it was filled a position has seen one price.
    fn live_through_quote(&mut self, moment: &Moment) {
        let state = &mut self.symbols[moment.symbol];
        let since = state.extremes.next();
        for index in 0..state.book.len() {
            if let Some(position) = state.book.position_mut(index).filter(|position| position.is_fresh()) {
                let price = position.side.exit_prices(&moment.bar).open;
                position.entry_range = Some(Range::of(price));
                position.since = Some(since);
                if position.management.is_active() {
                    position.take_in(price);
                }
            }
        }
    }
}
