//! A strategy's desk: what it sees of the run, and what it asks for.

use omegasim_core::engine::guided::Guided;
use omegasim_core::error::Error;
use omegasim_core::indicators::cache::FrameKey;
use omegasim_core::indicators::frame::{Frame, Quotes};
use omegasim_core::market::series::Series;
use omegasim_core::time::parse_timeframe;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDict};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::bar::moment;
use super::position::Position;
use super::rows::{self, Names};
use crate::error::{attached, to_python};
use crate::indicator_cache::IndicatorCache;
use crate::records;
use crate::table::{Table, TableBuilder};

/// What the loop and the desks share.
pub struct Shared {
    pub guided: Mutex<Guided>,
    /// The symbol whose bar or tick is being told.
    pub focus: AtomicUsize,
    pub symbols: Vec<String>,
    pub cache: Py<IndicatorCache>,
    /// Of each symbol the shortest bars that are closed, where it has bars.
    pub closed: Vec<Option<Arc<AtomicUsize>>>,
    /// Of each symbol the rows of its series that are over.
    pub over: Vec<AtomicUsize>,
}

impl Shared {
    pub fn guided(&self) -> MutexGuard<'_, Guided> {
        self.guided.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn index(&self, symbol: Option<&str>) -> Result<usize, Error> {
        match symbol {
            Some(name) => {
                let known = || self.symbols.clone();
                let unknown = || Error::UnknownSymbol { symbol: name.into(), known: known() };
                self.symbols.iter().position(|symbol| symbol == name).ok_or_else(unknown)
            }
            None => match self.focus.load(Ordering::Relaxed) {
                usize::MAX => Err(Error::Argument {
                    what: "symbol".into(),
                    message: format!("which one? There are {}", self.symbols.join(", ")),
                }),
                focus => Ok(focus),
            },
        }
    }
}

/// One strategy's hand in a run.
#[pyclass(frozen, module = "omegasim._core")]
pub struct Desk {
    shared: Arc<Shared>,
    seat: usize,
}

impl Desk {
    pub fn new(shared: Arc<Shared>, seat: usize) -> Self {
        Self { shared, seat }
    }

    fn index(&self, py: Python<'_>, symbol: Option<&str>) -> PyResult<usize> {
        self.shared.index(symbol).map_err(|error| to_python(py, &error))
    }
}

#[pymethods]
impl Desk {
    /// Takes a row of the signals table; what became of it by now, and why it was refused.
    fn ask(&self, py: Python<'_>, fields: &Bound<'_, PyDict>) -> PyResult<(&'static str, Option<&'static str>)> {
        if !fields.contains("symbol")? {
            let index = self.index(py, None)?;
            fields.set_item("symbol", &self.shared.symbols[index])?;
        }
        let (_, columns) = records::signal(fields)?;
        let outcome = attached(py, || self.shared.guided().ask(self.seat, columns))?;
        Ok((outcome.status.name(), outcome.reason.map(|reason| reason.name())))
    }

    /// The moment at which the strategy decides.
    #[getter]
    fn now<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        let now = self.shared.guided().now();
        moment(py, now)
    }

    #[getter]
    fn now_ns(&self) -> i64 {
        self.shared.guided().now()
    }

    /// The symbol whose bar or tick is being told, or the only one.
    #[getter]
    fn symbol(&self, py: Python<'_>) -> PyResult<&str> {
        let index = self.index(py, None)?;
        Ok(&self.shared.symbols[index])
    }

    #[getter]
    fn symbols(&self) -> Vec<String> {
        self.shared.symbols.clone()
    }

    /// The oldest open position of the strategy in a symbol.
    #[pyo3(signature = (symbol=None))]
    fn position(&self, py: Python<'_>, symbol: Option<&str>) -> PyResult<Option<Position>> {
        let index = self.index(py, symbol)?;
        let mut guided = self.shared.guided();
        let row = guided.position(self.seat, index);
        Ok(row.map(|row| Position::new(&names(&guided), row)))
    }

    /// All open positions of the strategy.
    fn positions(&self) -> Vec<Position> {
        let mut guided = self.shared.guided();
        let rows = guided.positions(self.seat);
        rows.into_iter().map(|row| Position::new(&names(&guided), row)).collect()
    }

    /// All pending orders of the strategy.
    fn orders<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let guided = self.shared.guided();
        guided.orders(self.seat).iter().map(|row| rows::order(py, &names(&guided), row)).collect()
    }

    /// Balance, equity and margin now.
    fn account(&self) -> (f64, f64, f64) {
        self.shared.guided().account()
    }

    /// Whether the strategy's filters let it open now.
    #[pyo3(signature = (symbol=None))]
    fn may_open(&self, py: Python<'_>, symbol: Option<&str>) -> PyResult<bool> {
        let index = self.index(py, symbol)?;
        Ok(self.shared.guided().may_open(self.seat, index))
    }

    /// The cache of the indicators over the run's bars.
    #[getter]
    fn cache(&self, py: Python<'_>) -> Py<IndicatorCache> {
        self.shared.cache.clone_ref(py)
    }

    /// The newest closed bars of a timeframe, or the newest ticks.
    fn history(&self, py: Python<'_>, symbol: Option<&str>, timeframe: Option<&str>, count: usize) -> PyResult<Table> {
        let index = self.index(py, symbol)?;
        attached(py, || match timeframe {
            Some("tick") => self.ticks(index, count),
            _ => self.bars(index, timeframe.map(parse_timeframe).transpose()?, count),
        })
    }
}

impl Desk {
    fn bars(&self, symbol: usize, timeframe: Option<i64>, count: usize) -> Result<Table, Error> {
        let name = &self.shared.symbols[symbol];
        let Some(closed) = &self.shared.closed[symbol] else {
            return Err(no_bars(name));
        };
        let cache = self.shared.cache.get();
        let frame = |quotes| cache.frame(&FrameKey { symbol: name.clone(), timeframe, quotes });
        let bid = frame(Quotes::Bid)?;
        let ask = match frame(Quotes::Ask) {
            Ok(ask) => Some(ask),
            Err(Error::MissingAsk { .. }) => None,
            Err(error) => return Err(error),
        };
        let last = closed.load(Ordering::Relaxed).checked_sub(1).map_or(0, |row| bid.closed(row));
        let rows = last.saturating_sub(count)..last;
        let mut table = TableBuilder::default().times("time", bid.time().as_slice()[rows.clone()].iter().copied());
        for (side, frame) in [("bid", Some(&bid)), ("ask", ask.as_ref())] {
            for (point, values) in frame.into_iter().flat_map(|frame| points(frame)) {
                table = table.numbers(&format!("{side}_{point}"), values[rows.clone()].iter().copied());
            }
        }
        if let Some(volume) = bid.volume() {
            table = table.numbers("volume", volume.as_slice()[rows].iter().copied());
        }
        table.finish().map(Table::from)
    }

    fn ticks(&self, symbol: usize, count: usize) -> Result<Table, Error> {
        let guided = self.shared.guided();
        let Series::Ticks(ticks) = &guided.market().symbols[symbol].series else {
            let message = format!("{} has bars, no ticks", self.shared.symbols[symbol]);
            return Err(Error::Argument { what: "timeframe".into(), message });
        };
        let last = self.shared.over[symbol].load(Ordering::Relaxed);
        let rows = last.saturating_sub(count)..last;
        TableBuilder::default()
            .times("time", ticks.times()[rows.clone()].iter().copied())
            .numbers("bid", ticks.bid().as_slice()[rows.clone()].iter().copied())
            .numbers("ask", ticks.ask().as_slice()[rows].iter().copied())
            .finish()
            .map(Table::from)
    }
}

fn points(frame: &Arc<Frame>) -> [(&'static str, &[f64]); 4] {
    let prices = frame.prices();
    [
        ("open", prices.open.as_slice()),
        ("high", prices.high.as_slice()),
        ("low", prices.low.as_slice()),
        ("close", prices.close.as_slice()),
    ]
}

/// Ticks without a timeframe that bars could be built for.
pub fn no_bars(symbol: &str) -> Error {
    let message = format!("{symbol} has ticks only; expected `timeframes` of the strategy to say which bars are built");
    Error::Argument { what: "timeframe".into(), message }
}

/// The names behind the indices of a run.
pub fn names(guided: &Guided) -> Names<'_> {
    Names { symbols: guided.symbols(), tags: guided.tags() }
}
