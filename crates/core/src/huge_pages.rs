//! Asking the kernel for huge pages under columns that are about to be filled.

/// Less memory is not worth a call.
const LEAST: usize = 4 << 20;

/// Asks that the spare room of a column be given in pages of megabytes: the first write to each page costs a fault.
///
/// Only advice: nothing changes where the kernel does not take it, or there is no such kernel.
pub fn advise<T>(column: &mut Vec<T>) {
    let room = column.spare_capacity_mut();
    if size_of_val(room) >= LEAST {
        advise_kernel(room.as_mut_ptr().cast(), size_of_val(room));
    }
}

#[cfg(target_os = "linux")]
fn advise_kernel(start: *mut u8, bytes: usize) {
    // A multiple of every page size in use.
    const PAGE: usize = 64 << 10;
    let lead = start.align_offset(PAGE);
    let whole = bytes.saturating_sub(lead) / PAGE * PAGE;
    // SAFETY: the range lies inside an allocation that the caller borrows, and this advice leaves what is in it as it
    // is; a refusal changes nothing, so the answer is of no interest.
    #[allow(unsafe_code)]
    unsafe {
        libc::madvise(start.wrapping_add(lead).cast(), whole, libc::MADV_HUGEPAGE);
    }
}

#[cfg(not(target_os = "linux"))]
fn advise_kernel(_start: *mut u8, _bytes: usize) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_changes_no_value() {
        let mut column: Vec<u64> = (0..1_000).collect();
        column.reserve_exact(2_000_000);
        advise(&mut column);
        column.extend(1_000..2_001_000);
        assert!(column.iter().copied().eq(0..2_001_000));
        advise(&mut Vec::<u64>::new());
    }
}
