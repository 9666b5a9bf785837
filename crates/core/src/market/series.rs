//! Bars or ticks of one symbol.

use crate::column::Column;
use crate::fingerprint::hash_column;
use crate::instrument::Instrument;
use crate::market::bars::BarSeries;
use crate::market::quote::Bar;
use crate::market::range_index::RangeIndex;
use crate::market::ticks::TickSeries;

/// Market data of one symbol.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Series {
    Bars(BarSeries),
    Ticks(TickSeries),
}

impl From<BarSeries> for Series {
    fn from(bars: BarSeries) -> Self {
        Self::Bars(bars)
    }
}

impl From<TickSeries> for Series {
    fn from(ticks: TickSeries) -> Self {
        Self::Ticks(ticks)
    }
}

impl Series {
    /// Whose data it is.
    #[must_use]
    pub fn symbol(&self) -> &str {
        match self {
            Self::Bars(bars) => bars.symbol(),
            Self::Ticks(ticks) => ticks.symbol(),
        }
    }

    /// How many rows there are; never none.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.times().len()
    }

    /// Times of the rows.
    #[must_use]
    pub fn times(&self) -> &[i64] {
        match self {
            Self::Bars(bars) => bars.times(),
            Self::Ticks(ticks) => ticks.times(),
        }
    }

    /// The same, to be shared.
    #[must_use]
    pub fn time_column(&self) -> &Column<i64> {
        match self {
            Self::Bars(bars) => bars.time_column(),
            Self::Ticks(ticks) => ticks.time_column(),
        }
    }

    /// Time of a row.
    #[must_use]
    pub fn time(&self, row: usize) -> i64 {
        self.times()[row]
    }

    /// Time of the first row.
    #[must_use]
    pub fn first_time(&self) -> i64 {
        self.time(0)
    }

    /// Time of the last row.
    #[must_use]
    pub fn last_time(&self) -> i64 {
        self.time(self.len() - 1)
    }

    /// The row of a time.
    #[must_use]
    pub fn find(&self, time: i64) -> Option<usize> {
        self.times().binary_search(&time).ok()
    }

    /// I5: rows with times in `[from, to)`.
    #[must_use]
    pub fn rows_between(&self, from: i64, to: i64) -> std::ops::Range<usize> {
        let times = self.times();
        times.partition_point(|&time| time < from)..times.partition_point(|&time| time < to)
    }

    /// A row as a bar.
    #[must_use]
    pub fn bar(&self, row: usize) -> Bar {
        match self {
            Self::Bars(bars) => bars.view().bar(row),
            Self::Ticks(ticks) => ticks.view().tick(row),
        }
    }

    /// Highest and lowest prices of blocks of rows.
    #[must_use]
    pub fn index(&self) -> &RangeIndex {
        match self {
            Self::Bars(bars) => bars.index(),
            Self::Ticks(ticks) => ticks.index(),
        }
    }

    /// Whether these are ticks.
    #[must_use]
    pub fn is_ticks(&self) -> bool {
        matches!(self, Self::Ticks(_))
    }

    /// T2: what a bar covers; 0 for ticks.
    #[must_use]
    pub fn timeframe(&self) -> i64 {
        match self {
            Self::Bars(bars) => bars.timeframe(),
            Self::Ticks(_) => 0,
        }
    }

    /// Q4: whether there are ask prices.
    #[must_use]
    pub fn has_ask(&self) -> bool {
        match self {
            Self::Bars(bars) => bars.has_ask(),
            Self::Ticks(_) => true,
        }
    }

    /// The same data under another name; the columns are shared.
    #[must_use]
    pub fn with_symbol(&self, symbol: impl Into<String>) -> Self {
        match self {
            Self::Bars(bars) => Self::Bars(bars.with_symbol(symbol)),
            Self::Ticks(ticks) => Self::Ticks(ticks.with_symbol(symbol)),
        }
    }

    /// C2: the same data with every spread multiplied.
    #[must_use]
    pub fn with_spread_multiplier(&self, multiplier: f64, instrument: &Instrument) -> Self {
        match self {
            Self::Bars(bars) => Self::Bars(bars.with_spread_multiplier(multiplier, instrument)),
            Self::Ticks(ticks) => Self::Ticks(ticks.with_spread_multiplier(multiplier, instrument)),
        }
    }

    /// A hash of the data, whatever it is called.
    #[must_use]
    pub fn data_hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        match self {
            Self::Bars(bars) => {
                hasher.update(b"bars");
                hasher.update(&bars.timeframe().to_le_bytes());
                hash_times(&mut hasher, bars.times());
                let sides = [Some(bars.bid()), bars.ask()];
                for side in sides {
                    hasher.update(&[u8::from(side.is_some())]);
                    for column in side.iter().flat_map(|side| side.columns()) {
                        hash_prices(&mut hasher, column);
                    }
                }
                hasher.update(&[u8::from(bars.volume().is_some())]);
                if let Some(column) = bars.volume() {
                    hash_prices(&mut hasher, column);
                }
            }
            Self::Ticks(ticks) => {
                hasher.update(b"ticks");
                hash_times(&mut hasher, ticks.times());
                hash_prices(&mut hasher, ticks.bid());
                hash_prices(&mut hasher, ticks.ask());
            }
        }
        hasher.finalize().to_hex().to_string()
    }
}

fn hash_times(hasher: &mut blake3::Hasher, times: &[i64]) {
    hasher.update(&(times.len() as u64).to_le_bytes());
    hash_column(hasher, times, |time| time.to_le_bytes());
}

fn hash_prices(hasher: &mut blake3::Hasher, column: &Column<f64>) {
    hash_column(hasher, column.as_slice(), |price| price.to_le_bytes());
}
