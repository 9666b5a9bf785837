//! One pass over whole columns, most of which is waiting for memory.

use crate::wide::{PastCache, LINE};
use std::ops::Range;

/// Rows that are computed at once, whole lines of the cache.
pub(super) const PIECE: usize = 32;
/// Bytes that a cache may keep until somebody reads them.
const KEPT: usize = 24 << 20;

/// Parts of a column that are computed side by side: memory is asked for all of them at once.
const PARTS: usize = 4;

/// The rows from `start` on that `sweep` takes: parts of whole pieces, at whole lines of the cache.
pub(super) fn swept(places: &[f64], start: usize) -> Range<usize> {
    let start = places.len().min(start);
    let first = places.len().min(start.saturating_add(places[start..].as_ptr().align_offset(LINE)));
    first..first + (places.len() - first) / (PARTS * PIECE) * (PARTS * PIECE)
}

/// Rows of a column from one on.
#[inline(always)]
pub(super) fn piece(column: &[f64], start: usize) -> &[f64; PIECE] {
    column[start..].first_chunk().expect("swept rows are whole pieces")
}

/// Puts down the values of swept rows, a piece of each part by turns.
///
/// `values` puts down those of the piece that begins at a row. Where the `columns` that are read and written do not fit
/// into a cache anyway, values go past it: then their places need not be fetched first.
#[inline(always)]
pub(super) fn sweep(places: &mut [f64], columns: usize, values: impl Fn(usize, &mut [f64; PIECE])) {
    let past_cache = (columns * size_of_val(places) > KEPT).then(PastCache::default);
    let rows = places.len() / PARTS;
    let (early, late) = places.split_at_mut(2 * rows);
    let ((first, second), (third, fourth)) = (early.split_at_mut(rows), late.split_at_mut(rows));
    let [first, second, third, fourth] = [first, second, third, fourth].map(|part| part.as_chunks_mut().0.iter_mut());
    let mut piece = [0.0; PIECE];
    for (index, ((first, second), (third, fourth))) in first.zip(second).zip(third.zip(fourth)).enumerate() {
        for (part, place) in [first, second, third, fourth].into_iter().enumerate() {
            values(part * rows + index * PIECE, &mut piece);
            match &past_cache {
                Some(past_cache) => past_cache.put(&piece, place),
                None => *place = piece,
            }
        }
    }
}
