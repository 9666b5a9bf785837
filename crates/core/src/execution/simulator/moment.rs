//! One symbol's bar or tick in a step, and whom and how it concerns.

use crate::execution::book::Book;
use crate::execution::rules::Intrabar;
use crate::market::quote::Bar;
use crate::market::series::Series;

/// One symbol's bar or tick in a step.
#[derive(Clone, Copy, Debug)]
pub struct StepBar<'a> {
    /// Index of the symbol.
    pub symbol: usize,
    /// The bar, or a tick as a bar of four equal prices.
    pub bar: Bar,
    /// Whether it is a tick.
    pub tick: bool,
    /// Whether the data have ask prices.
    pub has_ask: bool,
    /// Whether it is the symbol's last (M7).
    pub last: bool,
    /// Length of the bar in nanoseconds; 0 for a tick.
    pub timeframe: i64,
    /// I5: finer series of the symbol, coarse to fine.
    pub finer: &'a [Series],
}

impl StepBar<'_> {
    /// I5: whether the next finer series has a row inside the bar.
    pub(super) fn has_finer_rows(&self) -> bool {
        let end = self.bar.time.saturating_add(self.timeframe);
        self.finer.first().is_some_and(|series| !series.rows_between(self.bar.time, end).is_empty())
    }
}

/// F1: when a step is over: B6 happens at the end of its bars.
pub(crate) fn end_of(time: i64, items: &[StepBar]) -> i64 {
    time.saturating_add(items.iter().map(|item| item.timeframe).max().unwrap_or(0))
}

/// Whom a moment concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Only {
    All,
    Positions,
    Ticket(u64),
}

/// A symbol, its bar and the model by which the bar is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) symbol: usize,
    pub(super) bar: Bar,
    pub(super) tick: bool,
    pub(super) model: Intrabar,
    pub(super) only: Only,
    /// Whether the positions have not lived through this bar yet.
    pub(super) counts: bool,
}

impl Moment {
    /// G4: whether a touched `stop_limit` goes on at once as a limit.
    pub(super) fn goes_on_at_once(&self) -> bool {
        self.tick || self.model.is_path()
    }

    pub(super) fn concerns(&self, book: &Book, index: usize) -> bool {
        match self.only {
            Only::All => true,
            Only::Positions => book.position(index).is_some(),
            Only::Ticket(ticket) => book.ticket(index) == ticket,
        }
    }
}
