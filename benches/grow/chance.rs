//! Numbers without pattern, always the same for the same seed (splitmix64).

pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `end`, without it.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// From 0 to 1.
    pub fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True so often of a thousand times.
    pub fn of_thousand(&mut self, times: u64) -> bool {
        self.below(1000) < times
    }

    /// A council: the first is met in three of a hundred, the others from more to less often.
    pub fn council(&mut self, end: u64) -> u64 {
        if self.of_thousand(30) {
            return 0;
        }
        self.below(end).min(self.below(end))
    }

    /// A place in a list whose first are met far more often than its last (Zipf).
    pub fn zipf(&mut self, end: u64) -> u64 {
        let place = ((end as f64 + 1.0).powf(self.part()) - 1.0) as u64;
        place.min(end.saturating_sub(1))
    }
}
