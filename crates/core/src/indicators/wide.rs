//! Whole columns in the widest registers that the processor has.

use super::{Indicator, Row};

/// Puts down the values of whole columns.
///
/// Wider registers round as narrow ones do, and no two operations are fused: the values are the same to the bit.
pub(super) fn fill<I: Indicator>(
    indicator: &mut I,
    columns: <I::Input as Row>::Columns<'_>,
    places: <I::Output as Row>::Places<'_>,
) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: all that the function asks for is a processor with AVX2, and this one has it.
        #[allow(unsafe_code)]
        return unsafe { fill_four_lanes(indicator, columns, places) };
    }
    indicator.fill(columns, places);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn fill_four_lanes<I: Indicator>(
    indicator: &mut I,
    columns: <I::Input as Row>::Columns<'_>,
    places: <I::Output as Row>::Places<'_>,
) {
    indicator.fill(columns, places);
}
