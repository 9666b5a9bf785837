//! Work over whole columns in the widest registers that the processor has.

/// Work over whole columns.
pub(crate) trait Work {
    /// What comes of it.
    type Output;

    /// Does it. Only what is compiled into this function gains: it is to be inlined, and so is all that it calls.
    fn run(self) -> Self::Output;
}

/// Does some work, four numbers at a time where the processor can.
///
/// Wider registers round as narrow ones do, and no two operations are fused: the results are the same to the bit.
#[inline]
pub(crate) fn in_wide_registers<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: all that the function asks for is a processor with AVX2, and this one has it.
        #[allow(unsafe_code)]
        return unsafe { four_lanes(work) };
    }
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn four_lanes<W: Work>(work: W) -> W::Output {
    work.run()
}
