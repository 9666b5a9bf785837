//! Rows that are looked at once, piece by piece on the cores, and indexed meanwhile.

use crate::cores::{each, threads_for};
use crate::market::extents::{Extents, Slots};
use crate::market::range_index::{RangeIndex, BLOCK};
use std::ops::Range;

/// Rows of a piece: enough to be worth a turn, few enough that all threads end at about the same time.
pub(super) const PIECE: usize = 1 << 15;

/// Looks at so many rows in pieces of whole blocks, each look filling in the extents of its blocks.
///
/// What the looks found is in the order of the rows.
pub(super) fn indexed<T: Send>(
    rows: usize,
    piece: usize,
    look: impl Fn(Range<usize>, Slots<'_>) -> T + Sync,
) -> (Vec<T>, RangeIndex) {
    let mut blocks = Extents::zero(rows.div_ceil(BLOCK));
    let pieces = (0..rows).step_by(piece).map(|start| start..rows.min(start + piece));
    let jobs = pieces.zip(blocks.slots(piece / BLOCK)).collect();
    let found = each(threads_for(rows), jobs, |(rows, slots)| look(rows, slots));
    (found, RangeIndex::of_blocks(blocks))
}
