//! One pass over bars, piece by piece: whether they are sound (T4, Q3), their index, their usual distance (T2).

use crate::distances::Distances;
use crate::market::bar_block::Look;
use crate::market::bars::BarsView;
use crate::market::extents::Slots;
use crate::market::indexing::{indexed, PIECE};
use crate::market::range_index::{RangeIndex, BLOCK};
use crate::wide::{in_wide_registers, Work};
use std::ops::Range;

/// What a pass over bars found.
pub(super) struct Findings {
    /// Whether every row is sound.
    pub sound: bool,
    /// The index of the bars.
    pub index: RangeIndex,
    /// T2: the most frequent distance of the times, where nobody gave the timeframe.
    pub distance: Option<i64>,
}

impl Findings {
    /// What there is to find in bars of a timeframe that may be known.
    pub fn of(view: BarsView, timeframe: Option<i64>) -> Self {
        Self::in_pieces(view, timeframe, PIECE)
    }

    fn in_pieces(view: BarsView, timeframe: Option<i64>, piece: usize) -> Self {
        let (found, index) =
            indexed(view.time.len(), piece, |rows, slots| in_wide_registers(Pass { view, rows, timeframe, slots }));
        let (mut sound, mut all) = (true, Distances::default());
        for (part, distances) in found {
            sound &= part;
            all.append(distances);
        }
        Self { sound, index, distance: all.most_frequent() }
    }
}

/// The pass over some rows, which start at a block and end at one or with the bars.
struct Pass<'a> {
    view: BarsView<'a>,
    rows: Range<usize>,
    timeframe: Option<i64>,
    slots: Slots<'a>,
}

impl Work for Pass<'_> {
    /// Whether the rows are sound, and their distances where the timeframe is not known.
    type Output = (bool, Distances);

    #[inline(always)]
    fn run(self) -> Self::Output {
        let Self { view, rows, timeframe, mut slots } = self;
        let (mut sound, mut distances) = (true, Distances::default());
        for (at, start) in rows.clone().step_by(BLOCK).enumerate() {
            let block = start..rows.end.min(start + BLOCK);
            // The time after a block's last one belongs to it: whether times rise shows in two.
            let times = &view.time[start..view.time.len().min(block.end + 1)];
            let (times, next) = (&times[..times.len() - 1], &times[1..]);
            if timeframe.is_none() {
                distances.add(times, next);
            }
            let [bid, ask] = [view.bid, view.ask].map(|side| side.map(|prices| &prices[block.clone()]));
            let look = if next.len() == BLOCK {
                Look::at_block(times, next, bid, ask)
            } else {
                Look::at_last(times, next, bid, ask)
            };
            let (all_sound, extent) = look.result();
            sound &= all_sound;
            slots.set(at, extent);
        }
        (sound, distances)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::market::bars::{BarSeries, SideColumns};
    use crate::time::MINUTE;

    /// Bars as plain columns, to be spoilt.
    #[derive(Clone)]
    struct Columns {
        time: Vec<i64>,
        bid: [Vec<f64>; 4],
        ask: [Vec<f64>; 4],
    }

    /// What a breach is called, and how to make one in a row.
    type Fault = (&'static str, fn(&mut Columns, usize));

    const FAULTS: [Fault; 6] = [
        ("out of order", |bars, row| bars.time[row] = bars.time[row - 1]),
        ("not a number", |bars, row| bars.bid[0][row] = f64::NAN),
        ("not above zero", |bars, row| bars.bid[2][row] = 0.0),
        ("infinite", |bars, row| bars.ask[1][row] = f64::INFINITY),
        ("outside its bar", |bars, row| bars.ask[3][row] = bars.ask[1][row] + 1.0),
        ("ask below bid", |bars, row| bars.bid[3][row] = bars.ask[3][row] + 0.1),
    ];

    impl Columns {
        /// Bars a minute apart, with a gap of ten every seventh hour and prices that wander.
        fn sound(rows: usize) -> Self {
            let time = (0..rows as i64).map(|row| (row + row / 420 * 10) * MINUTE).collect();
            let price = |row: usize| 100.0 + (row * 7_919 % 1_013) as f64 / 64.0;
            let column = |above: f64| (0..rows).map(|row| price(row) + above).collect::<Vec<f64>>();
            let side = |spread: f64| [0.0, 2.0, -2.0, 1.0].map(|above| column(above + spread));
            Self { time, bid: side(0.0), ask: side(0.5) }
        }

        fn view(&self) -> BarsView<'_> {
            BarsView {
                time: &self.time,
                bid: self.bid.each_ref().map(|v| &v[..]),
                ask: self.ask.each_ref().map(|v| &v[..]),
            }
        }

        /// What a pass finds in pieces of so many blocks.
        fn found(&self, blocks: usize) -> Findings {
            Findings::in_pieces(self.view(), None, blocks * BLOCK)
        }

        fn series(&self) -> Result<BarSeries, Error> {
            let [bid, ask] = [&self.bid, &self.ask].map(|side| SideColumns::from_columns(side.clone()));
            BarSeries::new("EURUSD", self.time.clone().into(), bid, Some(ask), None, None)
        }
    }

    #[test]
    fn pieces_change_neither_index_nor_distance() {
        for rows in [1, 2, 3, 31, 32, 33, 63, 64, 65, 96, 97, 1_000, 2_081, 5_000] {
            let columns = Columns::sound(rows);
            let index = RangeIndex::of(&columns.view().prices());
            for blocks in [1, 2, 3, 7, 1_000] {
                let found = columns.found(blocks);
                assert!(found.sound, "{rows} {blocks}");
                assert_eq!(found.index, index, "{rows} {blocks}");
                assert_eq!(found.distance, (rows > 1).then_some(MINUTE), "{rows} {blocks}");
            }
        }
    }

    #[test]
    fn t4_q3_a_breach_is_found_wherever_it_lies_in_a_piece() {
        for rows in [33, 64, 199, 256] {
            for (name, spoil) in FAULTS {
                for row in 1..rows {
                    let mut columns = Columns::sound(rows);
                    spoil(&mut columns, row);
                    for blocks in [1, 2, 3, 8] {
                        assert!(!columns.found(blocks).sound, "{name} in row {row} of {rows}, {blocks} blocks a piece");
                    }
                }
            }
        }
    }

    #[test]
    fn t4_q3_the_first_of_breaches_in_several_pieces_is_named() {
        let columns = Columns::sound(300_000);
        let near = [PIECE - 1, PIECE, PIECE + 1, 4 * PIECE + 77, 7 * PIECE, 299_999];
        for (at, &first) in near.iter().enumerate() {
            for (name, spoil) in FAULTS {
                let mut bars = columns.clone();
                for &row in near[at..].iter().rev() {
                    spoil(&mut bars, row);
                }
                assert_eq!(row_of(&bars.series().unwrap_err()), Some(first), "{name}");
            }
        }
    }

    #[test]
    fn t2_a_given_timeframe_leaves_distances_uncounted() {
        let columns = Columns::sound(100);
        assert_eq!(Findings::of(columns.view(), Some(MINUTE)).distance, None);
    }

    #[test]
    fn long_bars_are_the_same_with_and_without_threads() {
        let columns = Columns::sound(300_000);
        let series = columns.series().unwrap();
        assert_eq!(*series.index(), columns.found(10_000).index);
        assert_eq!(series.timeframe(), MINUTE);
    }

    fn row_of(error: &Error) -> Option<usize> {
        match error {
            Error::BarsOutOfOrder { row, .. }
            | Error::BadPrice { row, .. }
            | Error::BarInconsistent { row, .. }
            | Error::AskBelowBid { row, .. } => Some(*row),
            _ => None,
        }
    }
}
