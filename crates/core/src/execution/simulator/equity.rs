//! Equity and margin of what is open (A3, A4).

use super::{Simulator, SymbolState};
use crate::account::exposure::Exposure;
use crate::account::margin::Bound;
use crate::execution::rules::MarginCheck;
use crate::market::quote::Quote;
use crate::portfolio::equity::EquityMode;

impl Simulator {
    /// A4: the equity row of a time.
    pub(super) fn mark_equity(&mut self, time: i64) {
        if self.equity.mode() == EquityMode::Bars {
            let (equity, margin) = (self.equity_now(), self.margin_used());
            self.equity.push(time, self.balance, equity, margin);
        }
    }

    /// A4: balance plus open profit at the last marks; with `legacy` open positions have no value (V8).
    pub fn equity_now(&mut self) -> f64 {
        if self.config.rules.legacy() {
            return self.balance;
        }
        self.refresh_sums();
        let open = self.symbols.iter().fold(0.0, |sum, state| sum + state.open_profit(state.quote));
        self.balance + open
    }

    /// A3: margin of all open positions.
    pub fn margin_used(&mut self) -> f64 {
        if self.config.rules.legacy() {
            return 0.0;
        }
        self.refresh_sums();
        self.symbols.iter().fold(0.0, |sum, state| sum + state.margin)
    }

    /// A3, A4: computes the sums of changed books anew.
    pub(super) fn refresh_sums(&mut self) {
        let leverage = self.config.account.leverage;
        for state in self.symbols.iter_mut().filter(|state| state.stale) {
            state.exposure = Exposure::of(
                state.book.positions().map(|position| (position.side, position.volume, position.entry_price)),
            );
            state.margin = state.margin_with(None, leverage);
            state.stale = false;
        }
    }

    pub(super) fn checks_margin(&self) -> bool {
        self.config.rules.margin_check != MarginCheck::Off
    }

    /// A3: whether equity is enough for a margin.
    #[inline]
    pub(super) fn carries(&self, equity: f64, margin: f64) -> bool {
        margin <= 0.0 || equity / margin >= self.config.account.stop_out_level
    }
}

impl SymbolState {
    /// A4: the sums of the book as it is.
    pub(super) fn exposure_now(&self) -> Exposure {
        if !self.stale {
            return self.exposure;
        }
        Exposure::of(self.book.positions().map(|position| (position.side, position.volume, position.entry_price)))
    }

    /// A4: open profit at a quote, in account money.
    #[inline]
    pub(super) fn open_profit(&self, quote: Quote) -> f64 {
        self.open_profit_at(quote, self.rate)
    }

    /// A4: the same at another rate than the present one.
    #[inline]
    pub(super) fn open_profit_at(&self, quote: Quote, rate: f64) -> f64 {
        self.exposure_now().profit(quote, self.unit) * rate
    }

    /// A3, A4: the sums with a new position; many that come together cost no more than each alone.
    pub(super) fn count_in(&mut self, index: usize, more: Bound, leverage: f64) {
        let newest = index + 1 == self.book.len();
        if self.stale || !newest || !self.margin_terms.is_plain() {
            self.stale = true;
            return;
        }
        self.exposure.add(more.side, more.volume, more.entry_price);
        self.margin += self.margin_of(more, leverage);
    }

    /// A3: margin of the book as it is.
    #[inline]
    pub(super) fn margin_now(&self, leverage: f64) -> f64 {
        if !self.stale {
            return self.margin;
        }
        self.margin_with(None, leverage)
    }

    /// A3: margin of the book with one more position.
    pub(super) fn margin_with(&self, more: Option<Bound>, leverage: f64) -> f64 {
        self.margin_terms.used(self.bounds().chain(more), self.unit, leverage, self.rate)
    }

    /// A3: what margin looks at, in ticket order.
    pub(super) fn bounds(&self) -> impl Iterator<Item = Bound> + '_ {
        self.book.positions().map(|position| Bound {
            side: position.side,
            volume: position.volume,
            entry_price: position.entry_price,
        })
    }

    /// A3: margin that one more position binds.
    #[inline(always)]
    pub(super) fn margin_of(&self, more: Bound, leverage: f64) -> f64 {
        if self.margin_terms.is_plain() {
            return self.margin_alone(more, leverage);
        }
        self.margin_beside(more, leverage)
    }

    fn margin_beside(&self, more: Bound, leverage: f64) -> f64 {
        self.margin_with(Some(more), leverage) - self.margin_with(None, leverage)
    }

    /// A3: margin of one position where there is no other.
    #[inline]
    pub(super) fn margin_alone(&self, only: Bound, leverage: f64) -> f64 {
        self.margin_terms.used(std::iter::once(only), self.unit, leverage, self.rate)
    }
}
