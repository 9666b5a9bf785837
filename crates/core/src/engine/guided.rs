//! The third door: a run over market data in which strategies decide after every bar.
//!
//! It is the stepwise door with the data at hand: what a strategy asks for becomes a signal at the time of the bar just
//! over, and acts when such a signal acts. Bars in which nothing can happen are told of at once; the simulator lives
//! through them together, when somebody looks or something may happen.

mod checks;

use self::checks::{check_one_pace, check_ticks, known_at_once};
use crate::config::Config;
use crate::engine::calm::Calm;
use crate::engine::market::Market;
use crate::engine::stepwise::{Outcome, Setup, Stepwise};
use crate::error::Error;
use crate::execution::filter::{Filter, Situation};
use crate::execution::rules::Intrabar;
use crate::execution::signal::Action;
use crate::execution::signal_table::{SignalColumns, SignalTable, Values};
use crate::execution::simulator::StepBar;
use crate::market::quote::Bar;
use crate::market::series::Series;
use crate::market::span::Rows;
use crate::portfolio::equity::EquityMode;
use crate::portfolio::journal::{Event, EventKind, Reason};
use crate::portfolio::result::{OrderRow, PositionRow, RunResult};
use crate::portfolio::trade::Trade;

/// A strategy's place in a run.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The number by which it knows its own orders.
    pub magic: i64,
    /// What keeps it from opening.
    pub filters: Vec<Filter>,
    /// Whether it may open: not while its indicators warm up.
    pub opens: bool,
}

/// A run in progress that is led by strategies.
pub struct Guided {
    stepwise: Stepwise,
    market: Market,
    seats: Vec<Seat>,
    /// The next row of each symbol.
    next: Vec<usize>,
    /// Symbol, row and bar of what the last step took.
    taken: Vec<(usize, usize, Bar)>,
    calm: Calm,
    done: u64,
    /// Nanoseconds that the bars cover; 0 for ticks.
    pace: i64,
    /// Time of the last step, which is that of the signals; before the first one just before the data.
    time: i64,
    /// The moment at which strategies decide: when the last bar is over.
    now: i64,
    told: Told,
}

/// How much of what happened was told.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    events: usize,
    trades: usize,
}

/// What happened to an order or position.
#[derive(Clone, Debug)]
pub enum News {
    /// An order was filled.
    Filled(Event),
    /// A position closed, or a part of it.
    Closed(Box<Trade>),
    /// A signal or an order was refused.
    Rejected(Event),
}

impl News {
    /// Whose order or position it was.
    #[must_use]
    pub fn magic(&self) -> i64 {
        match self {
            Self::Filled(event) | Self::Rejected(event) => event.magic,
            Self::Closed(trade) => trade.magic,
        }
    }
}

impl Guided {
    /// A run at its start.
    ///
    /// # Errors
    /// Settings out of range, a symbol without instrument, conversion or ask prices, filters that make no sense,
    /// or a `signal_timeframe`: what a strategy asks for is known when it asks.
    pub fn new(config: &Config, market: &Market, seats: Vec<Seat>, equity: EquityMode) -> Result<Self, Error> {
        config.check()?;
        let config = known_at_once(config)?;
        seats.iter().flat_map(|seat| &seat.filters).try_for_each(Filter::check)?;
        let given = market;
        let mut market = given.prepared(&config)?;
        // The stepwise door multiplies the spreads of finer data itself.
        for (entry, given) in market.symbols.iter_mut().zip(&given.symbols) {
            entry.finer.clone_from(&given.finer);
        }
        check_one_pace(&market)?;
        check_ticks(&config, &market)?;
        let symbols = Some(market.symbols.iter().map(|entry| entry.symbol.clone()).collect());
        let setup = Setup { symbols, equity, rates: market.rates.clone(), ..Setup::default() };
        let mut stepwise = Stepwise::new(config, setup)?;
        if let Some(longest) = market.symbols.iter().max_by_key(|entry| entry.series.len()) {
            stepwise.expect_equity(longest.series.time_column());
        }
        let pace = market.symbols.first().map_or(0, |entry| entry.series.timeframe());
        let start = market.first_time().unwrap_or(0).saturating_sub(1);
        let symbols = market.symbols.len();
        Ok(Self {
            stepwise,
            market,
            seats,
            next: vec![0; symbols],
            taken: Vec::with_capacity(symbols),
            calm: Calm::new(),
            done: 0,
            pace,
            time: start,
            now: start,
            told: Told::default(),
        })
    }

    /// The market data as the run meets them.
    #[must_use]
    pub fn market(&self) -> &Market {
        &self.market
    }

    /// Rows of market data in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.market.symbols.iter().map(|entry| entry.series.len() as u64).sum()
    }

    /// Rows of market data behind.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Symbol, row and bar of what the last step took, in the order of the symbols.
    #[must_use]
    pub fn taken(&self) -> &[(usize, usize, Bar)] {
        &self.taken
    }

    /// The moment at which strategies decide.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now
    }

    /// A moment between two ticks: a bar that is built of them is over.
    pub fn pass_to(&mut self, now: i64) {
        self.now = self.now.max(now);
    }

    /// Time of the next step; `None` at the end of the data.
    #[must_use]
    pub fn next_time(&self) -> Option<i64> {
        let times = self.market.symbols.iter().zip(&self.next);
        times.filter(|&(entry, &row)| row < entry.series.len()).map(|(entry, &row)| entry.series.time(row)).min()
    }

    /// Goes on to the next step; `false` at the end of the data (T5).
    ///
    /// # Errors
    /// F2.
    pub fn advance(&mut self) -> Result<bool, Error> {
        if let Some((row, bar)) = self.calm.tell() {
            self.next[0] = row + 1;
            self.taken.clear();
            self.taken.push((0, row, bar));
            self.pass_time(bar.time);
            return Ok(true);
        }
        self.catch_up();
        let Some(time) = self.next_time() else {
            return Ok(false);
        };
        self.take(time);
        self.walk()?;
        self.pass_time(time);
        self.look_ahead();
        Ok(true)
    }

    /// Takes the rows of a time, at most one a symbol.
    fn take(&mut self, time: i64) {
        self.taken.clear();
        for (symbol, entry) in self.market.symbols.iter().enumerate() {
            let row = self.next[symbol];
            if row < entry.series.len() && entry.series.time(row) == time {
                self.next[symbol] += 1;
                self.taken.push((symbol, row, entry.series.bar(row)));
            }
        }
    }

    fn walk(&mut self) -> Result<(), Error> {
        let market = &self.market;
        let item = |&(symbol, row, bar): &(usize, usize, Bar)| {
            let entry = &market.symbols[symbol];
            step_bar(symbol, bar, &entry.series, &entry.finer, row)
        };
        match self.taken.as_slice() {
            [only] => self.stepwise.walk_checked(&[item(only)]),
            several => self.stepwise.walk_checked(&several.iter().map(item).collect::<Vec<_>>()),
        }
    }

    fn pass_time(&mut self, time: i64) {
        self.done += self.taken.len() as u64;
        (self.time, self.now) = (time, time.saturating_add(self.pace));
    }

    /// Finds the rows ahead in which nothing happens; the last one is none of them (M7).
    fn look_ahead(&mut self) {
        let [entry] = self.market.symbols.as_slice() else {
            return;
        };
        let (rows, next) = (Rows::of(&entry.series), self.next[0]);
        let end = (rows.len() - 1).min(next + self.calm.reach()).max(next);
        let drills = self.stepwise.config().rules.intrabar == Intrabar::Drill && !entry.series.is_ticks();
        let calm =
            self.stepwise.calm_rows(&rows.span(next..end), if drills { self.pace } else { 0 }, &self.market.rates);
        self.calm.know(next, (next..next + calm).map(|row| rows.bar(row)));
    }

    /// Lets the simulator live through all that strategies were told of.
    fn catch_up(&mut self) {
        let rows = self.calm.live();
        if !rows.is_empty() {
            self.stepwise.pass_over(&self.market.symbols[0].series, rows, &self.market.rates);
        }
    }

    /// What happened since it was asked the last time; seats take note of their trades.
    pub fn news(&mut self) -> Vec<News> {
        let (events, trades) = (self.stepwise.events(), self.stepwise.trades());
        if events.len() == self.told.events {
            return Vec::new();
        }
        let mut closed = trades[self.told.trades..].iter();
        let told = |event: &Event| match event.kind {
            EventKind::Filled => Some(News::Filled(event.clone())),
            EventKind::Rejected => Some(News::Rejected(event.clone())),
            EventKind::Closed => closed.next().map(|trade| News::Closed(Box::new(trade.clone()))),
            _ => None,
        };
        let news: Vec<News> = events[self.told.events..].iter().filter_map(told).collect();
        self.told = Told { events: events.len(), trades: trades.len() };
        let now = self.now;
        for item in &news {
            if let News::Closed(trade) = item {
                let seats = self.seats.iter_mut().filter(|seat| seat.magic == trade.magic);
                seats.flat_map(|seat| &mut seat.filters).for_each(|filter| filter.note(trade.net, now));
            }
        }
        news
    }

    /// Takes what a strategy asks for, one row of the signals table without time and magic number.
    ///
    /// # Errors
    /// What the signals table refuses (S1); an unknown symbol; a run that is finished.
    pub fn ask(&mut self, seat: usize, mut columns: SignalColumns) -> Result<Outcome, Error> {
        self.catch_up();
        self.calm.end();
        columns.time = Values::from(vec![Some(self.time)]);
        columns.magic = Some(Values::from(vec![Some(self.seats[seat].magic)]));
        let table = SignalTable::check(columns, self.stepwise.symbols())?;
        let mut signal = table.row(0);
        signal.tag = signal.tag.map(|tag| self.stepwise.tag(&table.tags()[tag as usize]));
        if signal.action == Action::Open && !self.may_open(seat, signal.symbol as usize) {
            return Ok(self.stepwise.refuse(&signal, Reason::Filtered));
        }
        self.stepwise.process_signal(signal, None)
    }

    /// Whether a strategy's filters let it open a symbol now.
    pub fn may_open(&mut self, seat: usize, symbol: usize) -> bool {
        self.catch_up();
        let (seat, quote) = (&self.seats[seat], self.stepwise.quote(symbol));
        let name = &self.stepwise.symbols()[symbol];
        let Some(instrument) = self.stepwise.config().instruments.iter().find(|one| one.symbol == *name) else {
            return false;
        };
        let situation = Situation {
            now: self.now,
            spread_pips: (quote.ask - quote.bid) / instrument.pip_size,
            currencies: [&instrument.base, &instrument.quote],
        };
        seat.opens && seat.filters.iter().all(|filter| filter.allows(&situation))
    }

    /// Lets a strategy open from now on, or keeps it from opening.
    pub fn set_opens(&mut self, seat: usize, opens: bool) {
        self.seats[seat].opens = opens;
    }

    /// The oldest open position of a strategy in a symbol.
    pub fn position(&mut self, seat: usize, symbol: usize) -> Option<PositionRow> {
        if self.stepwise.is_flat(symbol) {
            return None;
        }
        self.catch_up();
        self.stepwise.oldest_position(symbol, self.seats[seat].magic)
    }

    /// Open positions of a strategy by ticket.
    pub fn positions(&mut self, seat: usize) -> Vec<PositionRow> {
        self.catch_up();
        let mut rows = self.stepwise.positions();
        rows.retain(|row| row.magic == self.seats[seat].magic);
        rows
    }

    /// Pending orders of a strategy by ticket.
    #[must_use]
    pub fn orders(&self, seat: usize) -> Vec<OrderRow> {
        let mut rows = self.stepwise.orders();
        rows.retain(|row| row.magic == self.seats[seat].magic);
        rows
    }

    /// Balance, equity and margin now.
    pub fn account(&mut self) -> (f64, f64, f64) {
        self.catch_up();
        (self.stepwise.balance(), self.stepwise.equity_now(), self.stepwise.margin_now())
    }

    /// The symbols, in the order of a step.
    #[must_use]
    pub fn symbols(&self) -> &[String] {
        self.stepwise.symbols()
    }

    /// The labels behind the tag indices.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        self.stepwise.tags()
    }

    /// M7, T7: the data are over.
    ///
    /// # Errors
    /// It was finished before.
    pub fn finish(&mut self) -> Result<(), Error> {
        self.catch_up();
        self.stepwise.finish()
    }

    /// What the run has left by now; nothing is told of it again.
    pub fn hand_over(&mut self) -> RunResult {
        self.catch_up();
        self.told = Told::default();
        self.stepwise.hand_over()
    }
}

fn step_bar<'a>(symbol: usize, bar: Bar, series: &'a Series, finer: &'a [Series], row: usize) -> StepBar<'a> {
    StepBar {
        symbol,
        bar,
        tick: series.is_ticks(),
        has_ask: series.has_ask(),
        last: row + 1 == series.len(),
        timeframe: series.timeframe(),
        finer,
    }
}
