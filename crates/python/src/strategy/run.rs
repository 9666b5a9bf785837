//! The loop over the data: a step of the simulator, then word to the strategies.

use omegasim_core::config::Config;
use omegasim_core::engine::batch::Market;
use omegasim_core::engine::guided::{Guided, News, Seat};
use omegasim_core::error::Error;
use omegasim_core::execution::filter::Filter;
use omegasim_core::market::quote::Bar as Quotes;
use omegasim_core::market::series::Series;
use omegasim_core::trading_day::TradingCalendar;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::bar::{Facts, Tick};
use super::desk::{names, Desk, Shared};
use super::lane::{Base, Lane};
use super::rows;
use super::show::Show;
use crate::control::PythonControl;
use crate::error::{attached, calling, detached, to_python};
use crate::indicator_cache::IndicatorCache;
use crate::result::RunResult;
use crate::simulate::{equity_mode, rate_series, symbol_market, RateInput, SymbolInput};

/// Magic number, filters as JSON, timeframes that it wants bars of, bars until its indicators are warm.
type SeatInput = (i64, String, Vec<i64>, usize);

/// What a strategy wants to be called for: bars, ticks, fills, closes, rejections.
type HandlerInput = [Option<Py<PyAny>>; 5];

/// A strategy from the loop's side.
struct Guest {
    magic: i64,
    timeframes: Vec<i64>,
    warmup: usize,
    on_bar: Option<Py<PyAny>>,
    on_tick: Option<Py<PyAny>>,
    on_fill: Option<Py<PyAny>>,
    on_close: Option<Py<PyAny>>,
    on_reject: Option<Py<PyAny>>,
}

/// A run that strategies lead.
#[pyclass(frozen, module = "omegasim._core")]
pub struct StrategyRun {
    shared: Arc<Shared>,
    lanes: Mutex<Vec<Lane>>,
    guests: Mutex<Vec<Guest>>,
}

#[pymethods]
impl StrategyRun {
    #[new]
    #[pyo3(signature = (config_json, market, seats, *, rates=Vec::new(), equity="bars", day_start))]
    fn new(
        py: Python<'_>,
        config_json: &str,
        market: Vec<SymbolInput<'_>>,
        seats: Vec<SeatInput>,
        rates: Vec<RateInput<'_>>,
        equity: &str,
        day_start: &str,
    ) -> PyResult<Self> {
        let symbols = market.iter().map(symbol_market).collect::<PyResult<Vec<_>>>()?;
        let rates = rates.iter().map(rate_series).collect::<PyResult<Vec<_>>>()?;
        let market = Market { symbols, rates };
        let chairs = attached(py, || seats.iter().map(seat).collect::<Result<Vec<_>, _>>())?;
        let calendar = attached(py, || TradingCalendar::parse(day_start))?;
        let guided =
            detached(py, || Guided::new(&Config::from_json(config_json)?, &market, chairs, equity_mode(equity)?))?;
        let mut wanted: Vec<i64> = seats.iter().flat_map(|(_, _, timeframes, _)| timeframes.iter().copied()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let (lanes, cache) = attached(py, || lanes(py, &guided, &wanted, &calendar))?;
        let shared = Shared {
            focus: AtomicUsize::new(if lanes.len() == 1 { 0 } else { usize::MAX }),
            symbols: lanes.iter().map(|lane| lane.name.clone()).collect(),
            cache: Py::new(py, cache)?,
            closed: lanes.iter().map(|lane| lane.base.as_ref().map(|base| Arc::clone(&base.closed))).collect(),
            over: lanes.iter().map(|_| AtomicUsize::new(0)).collect(),
            guided: Mutex::new(guided),
        };
        let guests = seats.into_iter().map(guest).collect();
        Ok(Self { shared: Arc::new(shared), lanes: Mutex::new(lanes), guests: Mutex::new(guests) })
    }

    /// The desk of a strategy, by its place.
    fn desk(&self, seat: usize) -> Desk {
        Desk::new(Arc::clone(&self.shared), seat)
    }

    /// The symbols that have bars.
    #[getter]
    fn symbols_with_bars(&self) -> Vec<String> {
        let symbols = self.shared.symbols.iter().zip(&self.shared.closed);
        symbols.filter(|(_, closed)| closed.is_some()).map(|(symbol, _)| symbol.clone()).collect()
    }

    /// Runs to the end of the data.
    #[pyo3(signature = (handlers, progress=None))]
    fn drive(&self, py: Python<'_>, handlers: Vec<HandlerInput>, progress: Option<Py<PyAny>>) -> PyResult<()> {
        let (mut lanes, mut guests) = (locked(&self.lanes), locked(&self.guests));
        for (guest, [on_bar, on_tick, on_fill, on_close, on_reject]) in guests.iter_mut().zip(handlers) {
            (guest.on_bar, guest.on_tick) = (on_bar, on_tick);
            (guest.on_fill, guest.on_close, guest.on_reject) = (on_fill, on_close, on_reject);
        }
        let mut control = PythonControl::new(progress, None);
        let total = self.shared.guided().total();
        let mut run = Loop { py, shared: &self.shared, lanes: &mut lanes, guests: &guests, taken: Vec::new() };
        calling(py, || run.go(&mut control, total))?;
        control.finish(py, total)
    }

    /// What the run has left by now; once.
    fn result(&self, py: Python<'_>) -> PyResult<RunResult> {
        detached(py, || Ok(self.shared.guided().hand_over())).map(RunResult::from)
    }
}

/// A run between two steps.
struct Loop<'a, 'py> {
    py: Python<'py>,
    shared: &'a Shared,
    lanes: &'a mut [Lane],
    guests: &'a [Guest],
    taken: Vec<(usize, usize, Quotes)>,
}

impl Loop<'_, '_> {
    /// All steps to the end of the data.
    fn go(&mut self, control: &mut PythonControl, total: u64) -> PyResult<()> {
        let built = self.lanes.iter().any(|lane| lane.base.as_ref().is_some_and(|base| base.built));
        let mut steps = 0_u64;
        while (!built || self.close_built()?) && self.step()? {
            steps += 1;
            if steps.is_multiple_of(256) {
                control.look(self.py, self.shared.guided().done(), total)?;
            }
        }
        let news = on_guided(self.py, self.shared, |guided| guided.finish().map(|()| guided.news()))?;
        self.tell_news(&news)
    }

    /// The next step and all that is told of it; `false` at the end of the data.
    fn step(&mut self) -> PyResult<bool> {
        let taken = &mut self.taken;
        let advanced = |guided: &mut Guided| {
            let goes_on = guided.advance()?;
            taken.clear();
            taken.extend_from_slice(guided.taken());
            Ok(goes_on.then(|| guided.news()))
        };
        let Some(news) = on_guided(self.py, self.shared, advanced)? else {
            return Ok(false);
        };
        for &(symbol, row, _) in &self.taken {
            self.shared.over[symbol].store(row + 1, Ordering::Relaxed);
            if let Some(base) = self.lanes[symbol].base.as_ref().filter(|base| !base.built) {
                base.closed.store(row + 1, Ordering::Relaxed);
            }
        }
        self.tell_news(&news)?;
        for index in 0..self.taken.len() {
            let (symbol, row, quotes) = self.taken[index];
            match &self.lanes[symbol].series {
                Series::Bars(_) => self.bars(symbol, row, quotes)?,
                Series::Ticks(_) => self.tick(symbol, row, quotes)?,
            }
        }
        Ok(true)
    }

    /// Bars that are built of ticks end before the first tick at or after their end, the earliest first; `false` where
    /// no tick is left.
    fn close_built(&mut self) -> PyResult<bool> {
        let Some(time) = self.shared.guided().next_time() else {
            return Ok(false);
        };
        loop {
            let ends = self.lanes.iter().enumerate().filter_map(|(symbol, lane)| {
                let base = lane.base.as_ref().filter(|base| base.built)?;
                base.next_end().filter(|&end| end <= time).map(|end| (end, symbol))
            });
            let Some((end, symbol)) = ends.min() else {
                return Ok(true);
            };
            self.shared.guided().pass_to(end);
            if let Some((row, quotes)) = self.lanes[symbol].base.as_ref().map(Base::close) {
                self.bars(symbol, row, quotes)?;
            }
        }
    }

    /// Tells of the shortest bar of a row, and of the longer ones that it closes.
    fn bars(&mut self, symbol: usize, row: usize, quotes: Quotes) -> PyResult<()> {
        self.shared.focus.store(symbol, Ordering::Relaxed);
        let lane = &mut self.lanes[symbol];
        let Some(base) = &mut lane.base else {
            return Ok(());
        };
        let telling = Telling { py: self.py, shared: self.shared, guests: self.guests, row };
        telling.tell(base.bars.timeframe(), &base.facts(row, quotes), &mut base.show)?;
        for longer in &mut lane.longer {
            for facts in longer.closed_by(row) {
                telling.tell(longer.length, &facts, &mut longer.show)?;
            }
        }
        Ok(())
    }

    fn tick(&mut self, symbol: usize, row: usize, quote: Quotes) -> PyResult<()> {
        self.shared.focus.store(symbol, Ordering::Relaxed);
        let lane = &self.lanes[symbol];
        let seen = lane.base.as_ref().map_or(row + 1, |base| base.closed.load(Ordering::Relaxed));
        let mut tick = None;
        for (seat, guest) in self.guests.iter().enumerate() {
            let Some(on_tick) = guest.on_tick.as_ref().filter(|_| seen >= guest.warmup) else {
                continue;
            };
            guest.open(self.shared, seat);
            if tick.is_none() {
                let symbol = lane.symbol.clone_ref(self.py);
                let new = Tick { symbol, time: quote.time, bid: quote.bid.open, ask: quote.ask.open };
                tick = Some(Py::new(self.py, new)?);
            }
            if let Some(tick) = &tick {
                on_tick.call1(self.py, (tick,))?;
            }
        }
        Ok(())
    }

    /// Tells of fills, closes and rejections, in the order in which they happened.
    fn tell_news(&self, news: &[News]) -> PyResult<()> {
        for item in news {
            for guest in self.guests.iter().filter(|guest| guest.magic == item.magic()) {
                let (handler, symbol) = match item {
                    News::Filled(event) => (&guest.on_fill, event.symbol),
                    News::Closed(trade) => (&guest.on_close, trade.symbol),
                    News::Rejected(event) => (&guest.on_reject, event.symbol),
                };
                if let Some(handler) = handler {
                    self.shared.focus.store(symbol as usize, Ordering::Relaxed);
                    handler.call1(self.py, (self.row(item)?,))?;
                }
            }
        }
        Ok(())
    }

    fn row(&self, item: &News) -> PyResult<Bound<'_, PyDict>> {
        let guided = self.shared.guided();
        match item {
            News::Filled(event) => rows::fill(self.py, &names(&guided), event),
            News::Closed(trade) => rows::trade(self.py, &names(&guided), trade),
            News::Rejected(event) => rows::rejection(self.py, &names(&guided), event),
        }
    }
}

impl Guest {
    /// Whether it wants a bar of a length, without wishes one of the run, that a shortest bar of this row closed.
    fn wants(&self, length: i64, row: usize) -> bool {
        let told = self.timeframes.is_empty() || self.timeframes.contains(&length);
        told && self.on_bar.is_some() && row >= self.warmup
    }

    /// Its indicators are warm.
    fn open(&self, shared: &Shared, seat: usize) {
        if self.warmup > 0 {
            shared.guided().set_opens(seat, true);
        }
    }
}

/// A shortest bar and those that it closes, on their way to the strategies.
struct Telling<'a, 'py> {
    py: Python<'py>,
    shared: &'a Shared,
    guests: &'a [Guest],
    /// The row of the shortest bar.
    row: usize,
}

impl Telling<'_, '_> {
    /// Tells of a bar of a length all that want it.
    fn tell(&self, length: i64, facts: &Facts, show: &mut Show) -> PyResult<()> {
        let mut wanting = self.guests.iter().enumerate().filter(|(_, guest)| guest.wants(length, self.row)).peekable();
        if wanting.peek().is_none() {
            return Ok(());
        }
        let arguments = show.arguments(self.py, facts)?;
        for (seat, guest) in wanting {
            guest.open(self.shared, seat);
            if let Some(on_bar) = &guest.on_bar {
                on_bar.call1(self.py, arguments)?;
            }
        }
        Ok(())
    }
}

/// Works on the run; nobody else does meanwhile.
fn on_guided<T>(py: Python<'_>, shared: &Shared, work: impl FnOnce(&mut Guided) -> Result<T, Error>) -> PyResult<T> {
    work(&mut shared.guided()).map_err(|error| to_python(py, &error))
}

/// The lanes of a run's symbols, and the cache over their bars.
fn lanes(
    py: Python<'_>,
    guided: &Guided,
    wanted: &[i64],
    calendar: &TradingCalendar,
) -> Result<(Vec<Lane>, IndicatorCache), Error> {
    let mut lanes = Vec::new();
    for entry in &guided.market().symbols {
        let symbol = PyString::new(py, &entry.symbol).unbind();
        let base = Base::new(py, &symbol, &entry.series, wanted.first().copied(), calendar)?;
        lanes.push(Lane { symbol, name: entry.symbol.clone(), series: entry.series.clone(), base, longer: Vec::new() });
    }
    let bars = lanes.iter().filter_map(|lane| {
        let base = lane.base.as_ref()?;
        Some((base.bars.with_symbol(lane.name.as_str()), Arc::clone(&base.closed)))
    });
    let cache = IndicatorCache::over(bars.collect(), calendar.clone());
    for lane in &mut lanes {
        lane.build(py, &cache, wanted, calendar)?;
    }
    Ok((lanes, cache))
}

fn seat((magic, filters, _, warmup): &SeatInput) -> Result<Seat, Error> {
    let filters: Vec<Filter> = serde_json::from_str(filters)
        .map_err(|error| Error::Config { field: "filters".into(), message: error.to_string() })?;
    Ok(Seat { magic: *magic, filters, opens: *warmup == 0 })
}

fn guest((magic, _, timeframes, warmup): SeatInput) -> Guest {
    let (on_bar, on_tick, on_fill, on_close, on_reject) = (None, None, None, None, None);
    Guest { magic, timeframes, warmup, on_bar, on_tick, on_fill, on_close, on_reject }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
