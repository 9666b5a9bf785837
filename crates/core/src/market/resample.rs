//! Ticks and bars as bars of a longer timeframe.

use crate::column::Column;
use crate::error::Error;
use crate::market::bars::{BarSeries, SideColumns};
use crate::market::series::Series;
use crate::market::ticks::TickSeries;
use crate::time::{display, timeframe_name, DAY, HOUR};
use crate::trading_day::{Period, TradingCalendar};

const WEEK: i64 = 7 * DAY;

/// Bars of a longer timeframe; a period without a quote has no bar.
///
/// Up to an hour bars follow the clock. Longer ones count from the start of the trading day and end with it, so none
/// reaches over a daily close, a weekend or a change of the clocks; day bars are trading days, week bars trading weeks.
///
/// # Errors
/// `Error::Argument` where the timeframe is not longer than that of the bars, or where a bar belongs to two periods.
pub fn resample(series: &Series, timeframe: i64, calendar: &TradingCalendar) -> Result<BarSeries, Error> {
    let periods = Periods { timeframe, calendar, day: Period { start: 0, end: 0 } };
    match series {
        Series::Ticks(ticks) => of_ticks(ticks, periods),
        Series::Bars(bars) => of_bars(bars, periods),
    }
}

/// When each of the bars that `resample` made is over.
///
/// # Errors
/// `Error::Argument` for times outside of what the calendar knows.
pub fn period_ends(resampled: &BarSeries, calendar: &TradingCalendar) -> Result<Vec<i64>, Error> {
    let mut periods = Periods { timeframe: resampled.timeframe(), calendar, day: Period { start: 0, end: 0 } };
    resampled.times().iter().map(|&time| periods.holding(time).map(|period| period.end)).collect()
}

/// The periods of a timeframe.
struct Periods<'a> {
    timeframe: i64,
    calendar: &'a TradingCalendar,
    day: Period,
}

impl Periods<'_> {
    fn holding(&mut self, time: i64) -> Result<Period, Error> {
        if self.timeframe >= WEEK {
            return self.calendar.week(time);
        }
        if self.timeframe <= HOUR {
            let start = time - time.rem_euclid(self.timeframe);
            return Ok(Period { start, end: start + self.timeframe });
        }
        if !self.day.contains(time) {
            self.day = self.calendar.day(time)?;
        }
        if self.timeframe >= DAY {
            return Ok(self.day);
        }
        let start = time - (time - self.day.start) % self.timeframe;
        Ok(Period { start, end: (start + self.timeframe).min(self.day.end) })
    }
}

/// One side of the bars under construction.
#[derive(Default)]
struct Prices {
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
}

impl Prices {
    fn begin(&mut self, [open, high, low, close]: [f64; 4]) {
        self.open.push(open);
        self.high.push(high);
        self.low.push(low);
        self.close.push(close);
    }

    fn extend(&mut self, [_, high, low, close]: [f64; 4]) {
        let last = self.close.len() - 1;
        self.high[last] = self.high[last].max(high);
        self.low[last] = self.low[last].min(low);
        self.close[last] = close;
    }

    fn add(&mut self, first: bool, prices: [f64; 4]) {
        if first {
            self.begin(prices);
        } else {
            self.extend(prices);
        }
    }

    fn columns(self) -> SideColumns {
        let Self { open, high, low, close } = self;
        SideColumns { open: open.into(), high: high.into(), low: low.into(), close: close.into() }
    }
}

fn of_ticks(ticks: &TickSeries, mut periods: Periods<'_>) -> Result<BarSeries, Error> {
    let (mut times, mut volume) = (Vec::new(), Vec::<f64>::new());
    let (mut bids, mut asks) = (Prices::default(), Prices::default());
    let view = ticks.view();
    let mut period = Period { start: 0, end: 0 };
    for ((&time, &bid), &ask) in view.time.iter().zip(view.bid).zip(view.ask) {
        let first = times.is_empty() || !period.contains(time);
        if first {
            period = periods.holding(time)?;
            times.push(period.start);
            volume.push(0.0);
        }
        bids.add(first, [bid; 4]);
        asks.add(first, [ask; 4]);
        *volume.last_mut().expect("a bar has begun") += 1.0;
    }
    let (bids, asks) = (bids.columns(), asks.columns());
    BarSeries::new(ticks.symbol(), times.into(), bids, Some(asks), Some(volume.into()), Some(periods.timeframe))
}

fn of_bars(bars: &BarSeries, mut periods: Periods<'_>) -> Result<BarSeries, Error> {
    check_timeframe(bars, periods.timeframe)?;
    let (mut times, mut volume) = (Vec::new(), Vec::<f64>::new());
    let (mut bids, mut asks) = (Prices::default(), Prices::default());
    let (view, volumes) = (bars.view(), bars.volume().map(Column::as_slice));
    let mut period = Period { start: 0, end: 0 };
    for (row, &time) in view.time.iter().enumerate() {
        let first = times.is_empty() || !period.contains(time);
        if first {
            period = periods.holding(time)?;
            times.push(period.start);
            volume.push(0.0);
        }
        check_whole(bars, row, period)?;
        bids.add(first, view.bid.map(|column| column[row]));
        if bars.has_ask() {
            asks.add(first, view.ask.map(|column| column[row]));
        }
        *volume.last_mut().expect("a bar has begun") += volumes.map_or(0.0, |volumes| volumes[row]);
    }
    let asks = bars.has_ask().then(|| asks.columns());
    let volume = volumes.map(|_| volume.into());
    BarSeries::new(bars.symbol(), times.into(), bids.columns(), asks, volume, Some(periods.timeframe))
}

fn check_timeframe(bars: &BarSeries, timeframe: i64) -> Result<(), Error> {
    if timeframe >= bars.timeframe() {
        return Ok(());
    }
    let (longer, shorter) = (named(bars.timeframe()), named(timeframe));
    Err(Error::Argument {
        what: "resample".into(),
        message: format!("bars of {longer} cannot become bars of {shorter}; expected a longer timeframe"),
    })
}

/// A bar that belongs to two periods can be split by nobody.
fn check_whole(bars: &BarSeries, row: usize, period: Period) -> Result<(), Error> {
    let time = bars.times()[row];
    let end = time.saturating_add(bars.timeframe());
    // A day or a week is as long as the clocks make it.
    if end <= period.end || bars.timeframe() >= DAY && time == period.start {
        return Ok(());
    }
    Err(Error::Argument {
        what: "resample".into(),
        message: format!(
            "row {row}: the bar at {} covers {} and reaches over {}, where a bar of the longer timeframe ends; \
             expected finer bars or another day_start",
            display(time),
            named(bars.timeframe()),
            display(period.end)
        ),
    })
}

fn named(timeframe: i64) -> String {
    timeframe_name(timeframe).map_or_else(|| format!("{timeframe} ns"), str::to_owned)
}
