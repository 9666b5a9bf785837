//! Whole numbers below and above, as cheap as on processors with an instruction for them.

/// Below this every number and its half can be told apart.
const EXACT: f64 = 2_251_799_813_685_248.0;
/// Added and taken away again, it leaves the nearest whole number.
const NEAREST: f64 = 3.0 * EXACT;

/// The same as `f64::floor`, which is a call into a library where the processor is not known.
#[inline]
#[must_use]
pub fn floor(value: f64) -> f64 {
    if value.abs() < EXACT {
        let nearest = ((value + NEAREST) - NEAREST).copysign(value);
        // Which of the two it is nobody can foresee: a choice of numbers is no jump.
        nearest - if nearest > value { 1.0 } else { 0.0 }
    } else {
        value.floor()
    }
}

/// The same as `f64::ceil`.
#[inline]
#[must_use]
pub fn ceil(value: f64) -> f64 {
    -floor(-value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floor_and_ceil_equal_the_library_to_the_bit() {
        let mut values = vec![0.0, 0.5, 1.0, 1.5, 2.5, 1e-300, 4_503_599_627_370_496.0, 1e300, f64::INFINITY];
        let power_of_two = |exponent: u64| f64::from_bits((exponent + 1023) << 52);
        for power in std::iter::once(0.125).chain((0..=53).map(power_of_two)) {
            values.extend([power, power.next_down(), power.next_up(), power + 0.5, power - 0.5, power * 1.37]);
        }
        let mut state = 1_u64;
        for _ in 0..100_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            values.push((state >> 11) as f64 / power_of_two(state % 60));
        }
        for value in values.into_iter().flat_map(|value| [value, -value]) {
            assert_eq!(floor(value).to_bits(), value.floor().to_bits(), "{value:e}");
            assert_eq!(ceil(value).to_bits(), value.ceil().to_bits(), "{value:e}");
        }
        assert!(floor(f64::NAN).is_nan() && ceil(f64::NAN).is_nan());
    }
}
