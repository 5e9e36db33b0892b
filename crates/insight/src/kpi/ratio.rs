//! Exact fractions: a key figure is divided once and rounded once, half up.

use duebook_money::Rounding;

/// A fraction in lowest terms, its denominator above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1).max(1)
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Ratio = Ratio {
        numerator: 0,
        denominator: 1,
    };

    /// `numerator / denominator`; `None` where the denominator is zero, never 0 % (domain.md §2).
    pub fn new(numerator: i128, denominator: i128) -> Option<Ratio> {
        if denominator == 0 {
            return None;
        }
        let by = gcd(numerator, denominator);
        let (n, d) = (numerator / by, denominator / by);
        let (numerator, denominator) = if d < 0 {
            (n.checked_neg()?, d.checked_neg()?)
        } else {
            (n, d)
        };
        Some(Ratio {
            numerator,
            denominator,
        })
    }

    /// A whole number.
    pub const fn whole(number: i128) -> Ratio {
        Ratio {
            numerator: number,
            denominator: 1,
        }
    }

    /// What is divided, in lowest terms.
    pub fn numerator(self) -> i128 {
        self.numerator
    }

    /// What it is divided by, in lowest terms.
    pub fn denominator(self) -> i128 {
        self.denominator
    }

    /// The sum; `None` where it leaves 128 bits.
    pub fn plus(self, other: Ratio) -> Option<Ratio> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        let denominator = self.denominator.checked_mul(other.denominator)?;
        Ratio::new(left.checked_add(right)?, denominator)
    }

    /// The difference.
    pub fn minus(self, other: Ratio) -> Option<Ratio> {
        let negative = Ratio {
            numerator: other.numerator.checked_neg()?,
            denominator: other.denominator,
        };
        self.plus(negative)
    }

    /// The product.
    pub fn times(self, other: Ratio) -> Option<Ratio> {
        let numerator = self.numerator.checked_mul(other.numerator)?;
        Ratio::new(numerator, self.denominator.checked_mul(other.denominator)?)
    }

    /// In units of `1 / scale`, rounded once, half away from zero; `None` where it leaves 128 bits.
    pub fn rounded(self, scale: i128) -> Option<i128> {
        Rounding::HalfUp.mul_div(self.numerator, scale, self.denominator)
    }
}

/// The largest whole number whose square is not above `n`.
pub(crate) fn root(n: u128) -> u128 {
    if n < 2 {
        return n;
    }
    let mut at = 1u128 << (n.ilog2() / 2 + 1);
    loop {
        let next = (at + n / at) / 2;
        if next >= at {
            return at;
        }
        at = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_round_once_and_half_up() {
        let r = |n, d| Ratio::new(n, d).expect("a fraction");
        assert_eq!(r(1, 2).rounded(1), Some(1));
        assert_eq!(r(-1, 2).rounded(1), Some(-1));
        assert_eq!(r(1, -2).rounded(10), Some(-5));
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(r(1, 3).plus(r(1, 6)), Ratio::new(1, 2));
        assert_eq!(r(1, 3).minus(r(1, 3)), Some(Ratio::ZERO));
        assert_eq!(r(2, 3).times(r(3, 4)), Ratio::new(1, 2));
    }

    #[test]
    fn roots_are_whole() {
        for n in 0..2_000u128 {
            let r = root(n);
            assert!(r * r <= n && (r + 1) * (r + 1) > n, "{n}: {r}");
        }
        assert_eq!(
            root(u128::from(u64::MAX) * u128::from(u64::MAX)),
            u128::from(u64::MAX)
        );
    }
}
