//! Four numbers in one register.

use std::arch::x86_64::{
    __m256d, _mm256_add_pd, _mm256_loadu_pd, _mm256_max_pd, _mm256_min_pd, _mm256_mul_pd, _mm256_permute2f128_pd,
    _mm256_set1_pd, _mm256_shuffle_pd, _mm256_storeu_pd, _mm256_sub_pd,
};
use std::ops::{Add, Mul, Sub};

/// A processor that has such registers: AVX2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FourLanes(());

/// Four numbers, each of which is computed as it would be alone.
///
/// An operation is one instruction where it is compiled into a function for such processors, as `Work::run_wide` is: a
/// closure around it may not be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quad(__m256d);

impl FourLanes {
    #[inline]
    pub(crate) fn found() -> Option<Self> {
        std::arch::is_x86_feature_detected!("avx2").then_some(Self(()))
    }

    /// A number four times.
    #[inline(always)]
    pub(crate) fn all(self, number: f64) -> Quad {
        // SAFETY: there is a `FourLanes` only where the processor has AVX2.
        #[allow(unsafe_code)]
        Quad(unsafe { _mm256_set1_pd(number) })
    }

    #[inline(always)]
    pub(crate) fn load(self, numbers: &[f64; 4]) -> Quad {
        // SAFETY: there is a `FourLanes` only where the processor has AVX2, and the pointer is to four numbers.
        #[allow(unsafe_code)]
        Quad(unsafe { _mm256_loadu_pd(numbers.as_ptr()) })
    }
}

impl Quad {
    #[inline(always)]
    pub(crate) fn store(self, places: &mut [f64; 4]) {
        // SAFETY: there is a `Quad` only where the processor has AVX2, and the pointer is to four places.
        #[allow(unsafe_code)]
        unsafe {
            _mm256_storeu_pd(places.as_mut_ptr(), self.0);
        }
    }

    /// As `indicators::larger`, of each.
    #[inline(always)]
    pub(crate) fn larger(self, other: Self) -> Self {
        // SAFETY: there is a `Quad` only where the processor has AVX2.
        #[allow(unsafe_code)]
        Self(unsafe { _mm256_max_pd(self.0, other.0) })
    }

    /// As `indicators::smaller`, of each.
    #[inline(always)]
    pub(crate) fn smaller(self, other: Self) -> Self {
        // SAFETY: there is a `Quad` only where the processor has AVX2.
        #[allow(unsafe_code)]
        Self(unsafe { _mm256_min_pd(self.0, other.0) })
    }

    /// What came three, two and one places before each, given the four numbers before these.
    #[inline(always)]
    pub(crate) fn behind(self, before: Self) -> [Self; 3] {
        // SAFETY: there is a `Quad` only where the processor has AVX2.
        #[allow(unsafe_code)]
        unsafe {
            // The second half of those before, and the first half of these.
            let second = _mm256_permute2f128_pd::<0x21>(before.0, self.0);
            // Of each half the upper number of the one, and the lower number of the other.
            let third = _mm256_shuffle_pd::<0b0101>(before.0, second);
            let first = _mm256_shuffle_pd::<0b0101>(second, self.0);
            [Self(third), Self(second), Self(first)]
        }
    }
}

impl Add for Quad {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: there is a `Quad` only where the processor has AVX2.
        #[allow(unsafe_code)]
        Self(unsafe { _mm256_add_pd(self.0, other.0) })
    }
}

impl Sub for Quad {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        // SAFETY: there is a `Quad` only where the processor has AVX2.
        #[allow(unsafe_code)]
        Self(unsafe { _mm256_sub_pd(self.0, other.0) })
    }
}

impl Mul for Quad {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        // SAFETY: there is a `Quad` only where the processor has AVX2.
        #[allow(unsafe_code)]
        Self(unsafe { _mm256_mul_pd(self.0, other.0) })
    }
}
