//! One pass over whole columns, most of which is waiting for memory.

use crate::wide::{fetch_at, PastCache, LINE};
use std::ops::Range;

/// Rows that are computed at once, whole lines of the cache.
pub(super) const PIECE: usize = 32;
/// Bytes that a cache may keep until somebody reads them.
const KEPT: usize = 24 << 20;

/// Parts of columns that are read and written side by side: memory is asked for all of them at once, and more would push
/// each other out of a cache that another thread shares.
const STREAMS: usize = 8;
/// How many rows before their use those of many columns are asked for.
const AHEAD: usize = 256;

/// The rows from `start` on that `sweep` takes: parts of whole pieces, at whole lines of the cache.
pub(super) fn swept(places: &[f64], start: usize) -> Range<usize> {
    let start = places.len().min(start);
    let first = places.len().min(start.saturating_add(places[start..].as_ptr().align_offset(LINE)));
    first..first + (places.len() - first) / (STREAMS * PIECE) * (STREAMS * PIECE)
}

/// Rows of a column from one on.
#[inline(always)]
pub(super) fn piece(column: &[f64], start: usize) -> &[f64; PIECE] {
    column[start..].first_chunk().expect("swept rows are whole pieces")
}

/// As `piece`, and asks for rows that come later.
#[inline(always)]
pub(super) fn piece_ahead(column: &[f64], start: usize) -> &[f64; PIECE] {
    for place in (0..PIECE).step_by(LINE / size_of::<f64>()) {
        fetch_at(column, start + AHEAD + place);
    }
    piece(column, start)
}

/// Puts down the values of swept rows, a piece of each of some parts by turns.
///
/// `values` puts down those of the piece that begins at a row. Where the columns that are read and written do not fit
/// into a cache anyway, values go past it: then their places need not be fetched first.
#[inline(always)]
pub(super) fn sweep<const PARTS: usize>(places: &mut [f64], values: impl Fn(usize, &mut [f64; PIECE])) {
    let columns = STREAMS / PARTS;
    let past_cache = (columns * size_of_val(places) > KEPT).then(PastCache::default);
    let rows = places.len() / PARTS;
    let mut parts = places.chunks_exact_mut(rows.max(1)).map(|part| part.as_chunks_mut().0.iter_mut());
    let mut parts: [_; PARTS] = std::array::from_fn(|_| parts.next().unwrap_or_default());
    let mut piece = [0.0; PIECE];
    for start in (0..rows).step_by(PIECE) {
        for (part, places) in parts.iter_mut().enumerate() {
            values(part * rows + start, &mut piece);
            let place = places.next().expect("parts are whole pieces");
            match &past_cache {
                Some(past_cache) => past_cache.put(&piece, place),
                None => *place = piece,
            }
        }
    }
}
