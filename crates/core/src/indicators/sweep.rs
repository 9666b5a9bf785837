//! One pass over whole columns, most of which is waiting for memory.

use crate::wide::{PastCache, LINE};
use std::ops::Range;

/// Rows that are computed at once, whole lines of the cache.
pub(super) const PIECE: usize = 32;
/// Bytes that a cache may keep until somebody reads them.
const KEPT: usize = 24 << 20;

/// The rows from `start` on that `sweep` takes: two halves of whole pieces, at whole lines of the cache.
pub(super) fn swept(places: &[f64], start: usize) -> Range<usize> {
    let start = places.len().min(start);
    let first = places.len().min(start.saturating_add(places[start..].as_ptr().align_offset(LINE)));
    first..first + (places.len() - first) / (2 * PIECE) * (2 * PIECE)
}

/// Rows of a column from one on.
#[inline(always)]
pub(super) fn piece(column: &[f64], start: usize) -> &[f64; PIECE] {
    column[start..].first_chunk().expect("swept rows are whole pieces")
}

/// Puts down the values of swept rows, pieces of two halves by turns: memory is asked for both at once.
///
/// `values` puts down those of the piece that begins at a row. Where the `columns` that are read and written do not fit
/// into a cache anyway, values go past it: then their places need not be fetched first.
#[inline(always)]
pub(super) fn sweep(places: &mut [f64], columns: usize, values: impl Fn(usize, &mut [f64; PIECE])) {
    let past_cache = (columns * size_of_val(places) > KEPT).then(PastCache::default);
    let half = places.len() / 2;
    let (mut piece, (early, late)) = ([0.0; PIECE], places.split_at_mut(half));
    let pieces = early.as_chunks_mut().0.iter_mut().zip(late.as_chunks_mut().0);
    for (index, (early, late)) in pieces.enumerate() {
        for (start, place) in [(index * PIECE, early), (half + index * PIECE, late)] {
            values(start, &mut piece);
            match &past_cache {
                Some(past_cache) => past_cache.put(&piece, place),
                None => *place = piece,
            }
        }
    }
}
