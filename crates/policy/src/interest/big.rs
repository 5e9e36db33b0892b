//! A natural number of any size, just enough of it: compound interest as one exact fraction.

/// Limbs, least first; no zero limb at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Big(Vec<u32>);

impl Big {
    pub fn new(value: u64) -> Big {
        let mut big = Big(vec![value as u32, (value >> 32) as u32]);
        big.trim();
        big
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    pub fn times(&self, by: u64) -> Big {
        let low = self.times_limb(by as u32);
        let high = self.times_limb((by >> 32) as u32);
        let mut shifted = Big(Vec::with_capacity(high.0.len() + 1));
        if !high.0.is_empty() {
            shifted.0.push(0);
            shifted.0.extend(high.0);
        }
        low.plus(&shifted)
    }

    fn times_limb(&self, by: u32) -> Big {
        let mut out = Vec::with_capacity(self.0.len() + 1);
        let mut carry = 0u64;
        for limb in &self.0 {
            carry += u64::from(*limb) * u64::from(by);
            out.push(carry as u32);
            carry >>= 32;
        }
        out.push(carry as u32);
        let mut big = Big(out);
        big.trim();
        big
    }

    pub fn plus(&self, other: &Big) -> Big {
        let mut out = Vec::with_capacity(self.0.len().max(other.0.len()) + 1);
        let mut carry = 0u64;
        for at in 0..self.0.len().max(other.0.len()) {
            let limb = |b: &Big| u64::from(b.0.get(at).copied().unwrap_or(0));
            carry += limb(self) + limb(other);
            out.push(carry as u32);
            carry >>= 32;
        }
        out.push(carry as u32);
        let mut big = Big(out);
        big.trim();
        big
    }

    /// `None` where the other is larger.
    pub fn minus(&self, other: &Big) -> Option<Big> {
        let mut out = Vec::with_capacity(self.0.len());
        let mut borrow = 0i64;
        for at in 0..self.0.len().max(other.0.len()) {
            let limb = |b: &Big| i64::from(b.0.get(at).copied().unwrap_or(0));
            let mut rest = limb(self) - limb(other) - borrow;
            borrow = i64::from(rest < 0);
            rest += borrow << 32;
            out.push(rest as u32);
        }
        let mut big = Big(out);
        big.trim();
        (borrow == 0).then_some(big)
    }

    /// Whole part of a division by a number that is not 0.
    fn over(&self, by: u32) -> Big {
        let by = u64::from(by.max(1));
        let mut out = vec![0u32; self.0.len()];
        let mut rest = 0u64;
        for at in (0..self.0.len()).rev() {
            let all = (rest << 32) | u64::from(self.0[at]);
            out[at] = (all / by) as u32;
            rest = all % by;
        }
        let mut big = Big(out);
        big.trim();
        big
    }

    fn small(&self) -> Option<u64> {
        match self.0.as_slice() {
            [] => Some(0),
            [low] => Some(u64::from(*low)),
            [low, high] => Some(u64::from(*low) | u64::from(*high) << 32),
            _ => None,
        }
    }
}

/// A fraction whose denominator is a product of small numbers.
#[derive(Debug, Clone)]
pub struct Fraction {
    pub over: Big,
    under: Big,
    factors: Vec<u32>,
}

impl Fraction {
    pub fn whole(value: u64) -> Fraction {
        Fraction {
            over: Big::new(value),
            under: Big::new(1),
            factors: Vec::new(),
        }
    }

    /// The numerator of a whole number under this denominator.
    pub fn as_over(&self, value: u64) -> Big {
        self.under.times(value)
    }

    /// Another numerator over a denominator so many times larger.
    pub fn next(&mut self, over: Big, times: &[u32]) {
        self.over = over;
        for by in times {
            self.under = self.under.times(u64::from(*by));
            self.factors.push(*by);
        }
    }

    /// Times `scale`, rounded once, half up; `None` beyond 64 bits.
    pub fn rounded(&self, scale: u32) -> Option<u64> {
        // floor((2 n s + d) / 2 d), one small factor after the other.
        let twice = self.over.times(u64::from(scale)).times(2).plus(&self.under);
        let halved = twice.over(2);
        self.factors
            .iter()
            .fold(halved, |v, by| v.over(*by))
            .small()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_128_bits() {
        let (a, b) = (0xffff_ffff_ffff_fff1u64, 0xfedc_ba98_7654_3210u64);
        let product = u128::from(a) * u128::from(b);
        let big = Big::new(a).times(b);
        assert_eq!(
            big.over(1 << 16)
                .over(1 << 16)
                .over(1 << 16)
                .over(1 << 16)
                .small(),
            Some((product >> 64) as u64)
        );
        assert_eq!(big.minus(&big), Some(Big::new(0)));
        assert_eq!(Big::new(1).minus(&Big::new(2)), None);
        assert_eq!(
            Big::new(u64::MAX).plus(&Big::new(1)).over(2).small(),
            Some(1 << 63)
        );
    }

    #[test]
    fn rounds_half_up_once() {
        let mut f = Fraction::whole(5);
        f.next(Big::new(5), &[2]);
        assert_eq!((f.rounded(1), f.rounded(10)), (Some(3), Some(25)));
    }
}
