//! Keyed randomness: each draw is a pure function of the seed and of what it is drawn for.
//!
//! There is no stream to advance, so a branch keeps the timing of everything that its change did not
//! touch, and a learner sees only the consequences.

/// The seed of a run; draws from it need no mutable state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dice {
    seed: u64,
}

/// What a draw is for. Different purposes with equal numbers must not be correlated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Time on the wire of the nth message of a link.
    Latency = 1,
    /// Whether the nth message of a link is lost.
    Loss,
    /// Whether the nth message of a link is delivered twice.
    Duplicate,
    /// How long an fsync takes.
    Fsync,
    /// A protocol's own jitter.
    Jitter,
    /// How much of a torn write survives.
    Torn,
    /// Random workloads and faults of a swarm run.
    Swarm,
}

impl Dice {
    /// Dice of the run with this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// 64 random bits for `purpose` and `keys`.
    pub fn bits(self, purpose: Purpose, keys: &[u64]) -> u64 {
        let mut state = mix(self.seed ^ mix(purpose as u64));
        for key in keys {
            state = mix(state ^ key.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        }
        state
    }

    /// A number in `low..=high`; `low` if the range is empty.
    pub fn between(self, purpose: Purpose, keys: &[u64], low: u64, high: u64) -> u64 {
        if high <= low {
            return low;
        }
        let width = high - low + 1;
        let wide = u128::from(self.bits(purpose, keys)) * u128::from(width);
        low + (wide >> 64) as u64
    }

    /// True with a chance of `percent` in a hundred (fractions allowed).
    pub fn chance(self, purpose: Purpose, keys: &[u64], percent: f64) -> bool {
        let unit = (self.bits(purpose, keys) >> 11) as f64 / (1u64 << 53) as f64;
        unit * 100.0 < percent
    }
}

/// The finaliser of SplitMix64: every input bit reaches every output bit.
fn mix(input: u64) -> u64 {
    let mut z = input.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_cover_the_range_evenly() {
        let dice = Dice::new(7);
        let mut seen = [0u32; 4];
        for n in 0..4000 {
            seen[dice.between(Purpose::Latency, &[n], 2, 5) as usize - 2] += 1;
        }
        assert!(seen.iter().all(|count| (900..1100).contains(count)), "{seen:?}");
    }

    #[test]
    fn purposes_and_keys_are_independent() {
        let dice = Dice::new(1);
        assert_ne!(dice.bits(Purpose::Loss, &[1]), dice.bits(Purpose::Latency, &[1]));
        assert_ne!(dice.bits(Purpose::Loss, &[1, 2]), dice.bits(Purpose::Loss, &[2, 1]));
        assert_eq!(dice.bits(Purpose::Loss, &[1]), Dice::new(1).bits(Purpose::Loss, &[1]));
    }
}
