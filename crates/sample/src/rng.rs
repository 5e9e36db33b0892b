//! A small seeded generator of numbers (splitmix64), in integers only: the same seed gives the
//! same book on every machine.

use duebook_ledger::Uid;

/// Numbers from a seed.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Rng(seed ^ 0x5bd1_e995_97f4_a7c5)
    }
    /// A generator of its own for a part: what one part draws does not move the others.
    pub fn part(&self, label: u64) -> Rng {
        let mut rng = Rng(self.0 ^ label.wrapping_mul(0xd134_2543_de82_ef95));
        rng.next();
        rng
    }
    /// The next 64 bits.
    #[allow(clippy::should_implement_trait)] // not an iterator: it never ends
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// 0 to `n - 1`; 0 for `n` of 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }
    /// `lo` to `hi`, both included.
    pub fn range(&mut self, lo: i32, hi: i32) -> i32 {
        let span = i64::from(hi) - i64::from(lo) + 1;
        (i64::from(lo) + self.below(span.max(1) as u64) as i64) as i32
    }
    /// True in so many cases of a thousand.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }
    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }
    /// An index, each as often as its weight says.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u64 = weights.iter().map(|w| u64::from(*w)).sum();
        let mut left = self.below(total);
        for (i, weight) in weights.iter().enumerate() {
            if left < u64::from(*weight) {
                return i;
            }
            left -= u64::from(*weight);
        }
        0
    }
    /// 16 bytes.
    pub fn uid(&mut self) -> Uid {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.next().to_be_bytes());
        bytes[8..].copy_from_slice(&self.next().to_be_bytes());
        Uid(bytes)
    }
}
