//! The counter-based generator (L4): a number belongs to a trade, whatever else happens.

/// L4: one SplitMix64 step.
#[must_use]
pub fn mix(x: u64) -> u64 {
    let mut z = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// L4: a number in `[0, 1)` that depends on the seed and the parts alone.
#[must_use]
pub fn uniform(seed: u64, parts: &[u64]) -> f64 {
    let hash = parts.iter().fold(mix(seed), |hash, part| mix(hash ^ part));
    (hash >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

#[cfg(test)]
mod tests {
    use super::uniform;

    #[test]
    fn l4_vectors() {
        assert_eq!(uniform(42, &[1, 0]), 0.577_125_795_355_946);
        assert_eq!(uniform(42, &[0, 1_704_276_000_000_000_000, 0, 0]), 0.812_024_512_522_436_7);
    }
}
