//! Work over whole columns in the widest registers that the processor has.

use crate::quad::FourLanes;

/// Work over whole columns.
pub(crate) trait Work {
    /// What comes of it.
    type Output;

    /// Does it. Only what is compiled into this function gains: it is to be inlined, and so is all that it calls.
    fn run(self) -> Self::Output;

    /// Does it where four numbers can be computed at a time; the results are the same to the bit.
    #[inline(always)]
    fn run_wide(self, _lanes: FourLanes) -> Self::Output
    where
        Self: Sized,
    {
        self.run()
    }
}

/// Does some work, four numbers at a time where the processor can.
///
/// Wider registers round as narrow ones do, and no two operations are fused: the results are the same to the bit.
#[inline]
pub(crate) fn in_wide_registers<W: Work>(work: W) -> W::Output {
    if let Some(lanes) = FourLanes::found() {
        // SAFETY: all that the function asks for is a processor with AVX2, and this one has it.
        #[allow(unsafe_code)]
        return unsafe { four_lanes(work, lanes) };
    }
    work.run()
}

/// Bytes that a cache fetches at once.
pub(crate) const LINE: usize = 64;

/// Asks for the memory of numbers that will soon be needed.
#[inline(always)]
pub(crate) fn fetch(numbers: &[f64]) {
    for place in (0..numbers.len()).step_by(LINE / size_of::<f64>()) {
        fetch_at(numbers, place);
    }
}

/// Asks for the memory of a place in a column, or behind it, that will soon be needed.
#[inline(always)]
pub(crate) fn fetch_at<T>(column: &[T], place: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_mm_prefetch, _MM_HINT_T0};
        // SAFETY: a hint, which every x86-64 processor takes, and which changes nothing that a program can see, whatever
        // the address is.
        #[allow(unsafe_code)]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(column.as_ptr().wrapping_add(place).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (column, place);
}

/// Puts rows of numbers down as columns.
#[inline(always)]
pub(crate) fn turn(rows: [&[f64; 4]; 4], columns: [&mut [f64; 4]; 4]) {
    #[cfg(target_arch = "x86_64")]
    for row in [0, 2] {
        use std::arch::x86_64::{_mm_loadu_pd, _mm_storeu_pd, _mm_unpackhi_pd, _mm_unpacklo_pd};
        for column in [0, 2] {
            let pairs = [&rows[row][column..][..2], &rows[row + 1][column..][..2]];
            // SAFETY: every x86-64 processor can do that, and each pointer is to two numbers.
            #[allow(unsafe_code)]
            unsafe {
                let [upper, lower] = pairs.map(|pair| _mm_loadu_pd(pair.as_ptr()));
                _mm_storeu_pd(columns[column][row..][..2].as_mut_ptr(), _mm_unpacklo_pd(upper, lower));
                _mm_storeu_pd(columns[column + 1][row..][..2].as_mut_ptr(), _mm_unpackhi_pd(upper, lower));
            }
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    for (index, column) in columns.into_iter().enumerate() {
        *column = rows.map(|row| row[index]);
    }
}

/// Puts numbers down in memory without fetching its places first; all are there once it is dropped.
#[derive(Default)]
pub(crate) struct PastCache(());

impl PastCache {
    /// Puts numbers into their places; past the cache where these begin a line of it.
    #[inline(always)]
    pub(crate) fn put<const N: usize>(&self, numbers: &[f64; N], places: &mut [f64; N]) {
        #[cfg(target_arch = "x86_64")]
        if places.as_ptr().align_offset(LINE) == 0 {
            use std::arch::x86_64::{_mm_loadu_pd, _mm_stream_pd};
            let ((pairs, last), (places, last_places)) = (numbers.as_chunks::<2>(), places.as_chunks_mut::<2>());
            for (pair, place) in pairs.iter().zip(places) {
                // SAFETY: every x86-64 processor can do that; both pointers are to two numbers, and every second place
                // of a line of the cache is at a multiple of 16 bytes, as it has to be.
                #[allow(unsafe_code)]
                unsafe {
                    _mm_stream_pd(place.as_mut_ptr(), _mm_loadu_pd(pair.as_ptr()));
                }
            }
            last_places.copy_from_slice(last);
            return;
        }
        *places = *numbers;
    }
}

impl Drop for PastCache {
    fn drop(&mut self) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: any such processor can wait for what it puts down.
        #[allow(unsafe_code)]
        unsafe {
            std::arch::x86_64::_mm_sfence();
        }
    }
}

/// # Safety
/// The processor has AVX2, as `lanes` shows.
#[cfg_attr(target_arch = "x86_64", target_feature(enable = "avx2"))]
#[allow(unsafe_code)]
unsafe fn four_lanes<W: Work>(work: W, lanes: FourLanes) -> W::Output {
    work.run_wide(lanes)
}
