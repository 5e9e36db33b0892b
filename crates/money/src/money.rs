//! Exact money: an integer of minor units with its currency, and its rounding rules.

use crate::{Currency, NumberFormat};
use core::fmt;
use minicbor::{Decode, Encode};
use rust_decimal::{Decimal, RoundingStrategy};

/// An exact amount: `minor` units of `currency` (cents for EUR, yen for JPY, fils for KWD).
/// Positive is owed to us, negative is a credit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct Money {
    /// Signed count of minor units.
    #[n(0)]
    pub minor: i64,
    /// The currency of the amount.
    #[n(1)]
    pub currency: Currency,
}

/// Why an operation on money has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// The result does not fit into 64 bits of minor units (or an intermediate into 128).
    Overflow,
    /// Two currencies met where only one can be.
    CurrencyMismatch {
        /// The currency on the left.
        left: Currency,
        /// The currency on the right.
        right: Currency,
    },
    /// A rate that is zero or negative converts nothing.
    BadRate,
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow => f.write_str("amount out of range"),
            Self::CurrencyMismatch { left, right } => write!(f, "{left} is not {right}"),
            Self::BadRate => f.write_str("rate is not positive"),
        }
    }
}

impl core::error::Error for MoneyError {}

/// How a value between two minor units becomes one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Rounding {
    /// A half goes away from zero (1.005 -> 1.01, -1.005 -> -1.01): trade and tax practice.
    #[n(0)]
    #[default]
    HalfUp,
    /// A half goes to the even neighbour (banker's rounding).
    #[n(1)]
    HalfEven,
}

impl Rounding {
    pub(crate) fn strategy(self) -> RoundingStrategy {
        match self {
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
        }
    }

    /// `value` rounded to `decimals` places by this rule.
    pub fn round(self, value: Decimal, decimals: u8) -> Decimal {
        value.round_dp_with_strategy(u32::from(decimals), self.strategy())
    }

    /// `value * numerator / denominator`, rounded once to an integer. `None` when an intermediate
    /// leaves 128 bits or the denominator is not positive.
    pub fn mul_div(self, value: i128, numerator: i128, denominator: i128) -> Option<i128> {
        if denominator <= 0 {
            return None;
        }
        let product = value.checked_mul(numerator)?;
        let floor = product.div_euclid(denominator);
        let rest = product.rem_euclid(denominator);
        // Compare rest with denominator - rest instead of doubling: that cannot overflow.
        let up = match rest.cmp(&(denominator - rest)) {
            core::cmp::Ordering::Less => false,
            core::cmp::Ordering::Greater => true,
            core::cmp::Ordering::Equal => match self {
                Self::HalfUp => product >= 0,
                Self::HalfEven => floor.rem_euclid(2) == 1,
            },
        };
        Some(floor + i128::from(up))
    }
}

impl Money {
    /// An amount of `minor` units.
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    /// True for an amount of nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    fn same(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch {
                left: self.currency,
                right: other.currency,
            })
        }
    }

    /// The sum of two amounts of one currency.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.same(other)?;
        let minor = self.minor.checked_add(other.minor);
        Ok(Money::new(
            minor.ok_or(MoneyError::Overflow)?,
            self.currency,
        ))
    }

    /// The difference of two amounts of one currency.
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.same(other)?;
        let minor = self.minor.checked_sub(other.minor);
        Ok(Money::new(
            minor.ok_or(MoneyError::Overflow)?,
            self.currency,
        ))
    }

    /// The amount with its sign turned.
    pub fn checked_neg(self) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Money::new(minor, self.currency))
    }

    /// The exact value in major units.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, u32::from(self.currency.exponent()))
    }

    /// The amount nearest to `major` units, rounded once by `rounding`.
    pub fn from_decimal(
        major: Decimal,
        currency: Currency,
        rounding: Rounding,
    ) -> Result<Money, MoneyError> {
        let exponent = currency.exponent();
        let rounded = rounding.round(major, exponent);
        let (mantissa, scale) = (rounded.mantissa(), rounded.scale());
        let missing = u32::from(exponent)
            .checked_sub(scale)
            .ok_or(MoneyError::Overflow)?;
        let minor = mantissa
            .checked_mul(10i128.pow(missing))
            .and_then(|m| i64::try_from(m).ok())
            .ok_or(MoneyError::Overflow)?;
        Ok(Money::new(minor, currency))
    }

    /// A share of the amount, `fraction` of it (0.02 for 2 %), rounded once.
    pub fn fraction(self, fraction: Decimal, rounding: Rounding) -> Result<Money, MoneyError> {
        let fraction = fraction.normalize();
        let scale = 10i128
            .checked_pow(fraction.scale())
            .ok_or(MoneyError::Overflow)?;
        let minor = rounding
            .mul_div(i128::from(self.minor), fraction.mantissa(), scale)
            .and_then(|m| i64::try_from(m).ok())
            .ok_or(MoneyError::Overflow)?;
        Ok(Money::new(minor, self.currency))
    }

    /// The amount in another currency, at `rate` units of `to` for one unit of ours, rounded once.
    pub fn convert(
        self,
        rate: Decimal,
        to: Currency,
        rounding: Rounding,
    ) -> Result<Money, MoneyError> {
        self.convert_ratio(rate, Decimal::ONE, to, rounding)
    }

    /// The amount in another currency at the exact ratio `times / over` (an inverse or a cross
    /// rate), rounded once: no quotient is rounded on the way.
    pub fn convert_ratio(
        self,
        times: Decimal,
        over: Decimal,
        to: Currency,
        rounding: Rounding,
    ) -> Result<Money, MoneyError> {
        if times <= Decimal::ZERO || over <= Decimal::ZERO {
            return Err(MoneyError::BadRate);
        }
        let (times, over) = (times.normalize(), over.normalize());
        let power = |n: u32| 10i128.checked_pow(n).ok_or(MoneyError::Overflow);
        let exact = |a: i128, b: i128| a.checked_mul(b).ok_or(MoneyError::Overflow);
        // minor / 10^ours * (t / 10^ts) / (o / 10^os) * 10^theirs, powers of ten cancelled first.
        let up = over.scale() + u32::from(to.exponent());
        let down = times.scale() + u32::from(self.currency.exponent());
        let shared = up.min(down);
        let (numerator, denominator) = (
            exact(times.mantissa(), power(up - shared)?)?,
            exact(over.mantissa(), power(down - shared)?)?,
        );
        let minor = rounding
            .mul_div(i128::from(self.minor), numerator, denominator)
            .and_then(|m| i64::try_from(m).ok())
            .ok_or(MoneyError::Overflow)?;
        Ok(Money::new(minor, to))
    }

    /// The amount as a screen shows it, without its currency.
    pub fn format(self, format: &NumberFormat) -> String {
        format.minor(i128::from(self.minor), self.currency.exponent())
    }
}

/// Exact digits with a hyphen for minus and no grouping: `-1234.50`. No currency.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.format(&NumberFormat::PLAIN))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} {}", self.currency)
    }
}

/// A sum of minor units of one currency. 128 bits: no number of items a book can hold overflows
/// it, so adding needs no check in a hot loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct MinorUnits(pub i128);

impl MinorUnits {
    /// The sum as an amount, if it fits.
    pub fn to_money(self, currency: Currency) -> Result<Money, MoneyError> {
        let minor = i64::try_from(self.0).map_err(|_| MoneyError::Overflow)?;
        Ok(Money::new(minor, currency))
    }

    /// The sum as a screen shows it.
    pub fn format(self, currency: Currency, format: &NumberFormat) -> String {
        format.minor(self.0, currency.exponent())
    }
}

impl core::ops::AddAssign<i64> for MinorUnits {
    fn add_assign(&mut self, minor: i64) {
        self.0 += i128::from(minor);
    }
}

impl core::ops::AddAssign for MinorUnits {
    fn add_assign(&mut self, other: MinorUnits) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl core::iter::Sum<i64> for MinorUnits {
    fn sum<I: Iterator<Item = i64>>(iter: I) -> Self {
        let mut sum = MinorUnits(0);
        iter.for_each(|minor| sum += minor);
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dec(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn arithmetic_is_checked() {
        let (a, b) = (
            Money::new(150, Currency::EUR),
            Money::new(-50, Currency::EUR),
        );
        assert_eq!(a.checked_add(b), Ok(Money::new(100, Currency::EUR)));
        assert_eq!(a.checked_sub(b), Ok(Money::new(200, Currency::EUR)));
        let most = Money::new(i64::MAX, Currency::EUR);
        assert_eq!(most.checked_add(a), Err(MoneyError::Overflow));
        assert_eq!(
            Money::new(i64::MIN, Currency::EUR).checked_neg(),
            Err(MoneyError::Overflow)
        );
        let mismatch = MoneyError::CurrencyMismatch {
            left: Currency::EUR,
            right: Currency::USD,
        };
        assert_eq!(a.checked_add(Money::zero(Currency::USD)), Err(mismatch));
        let sum: MinorUnits = [i64::MAX, i64::MAX, -1].into_iter().sum();
        assert_eq!(sum.to_money(Currency::EUR), Err(MoneyError::Overflow));
        assert_eq!(
            MinorUnits(5).to_money(Currency::JPY),
            Ok(Money::new(5, Currency::JPY))
        );
    }

    #[test]
    fn shown_exactly_in_the_decimals_of_the_currency() {
        assert_eq!(Money::new(123_450, Currency::EUR).to_string(), "1234.50");
        assert_eq!(Money::new(-5, Currency::KWD).to_string(), "-0.005");
        assert_eq!(Money::new(1234, Currency::JPY).to_string(), "1234");
        assert_eq!(format!("{:?}", Money::new(1, Currency::USD)), "0.01 USD");
        assert_eq!(format!("{:>8}", Money::new(150, Currency::USD)), "    1.50");
    }

    #[test]
    fn rounding_by_name() {
        for (value, up, even) in [
            ("1.005", 101, 100),
            ("1.015", 102, 102),
            ("-1.005", -101, -100),
            ("1.004", 100, 100),
        ] {
            let minor = |r| {
                Money::from_decimal(dec(value), Currency::EUR, r)
                    .expect("fits")
                    .minor
            };
            assert_eq!(
                (minor(Rounding::HalfUp), minor(Rounding::HalfEven)),
                (up, even),
                "{value}"
            );
        }
        assert_eq!(
            Money::new(100_000, Currency::EUR).fraction(dec("0.1"), Rounding::HalfUp),
            Ok(Money::new(10_000, Currency::EUR))
        );
        assert_eq!(
            Money::new(-25, Currency::EUR).fraction(dec("0.5"), Rounding::HalfUp),
            Ok(Money::new(-13, Currency::EUR))
        );
        assert_eq!(Rounding::HalfUp.mul_div(1, 1, 0), None);
        assert_eq!(Rounding::HalfUp.mul_div(i128::MAX, 2, 1), None);
    }

    #[test]
    fn ag_o4_conversion_rounds_once() {
        let usd = Money::new(10_000, Currency::USD);
        let inr = |rate| {
            usd.convert(dec(rate), Currency::INR, Rounding::HalfUp)
                .expect("converts")
                .minor
        };
        assert_eq!((inr("80"), inr("85") - inr("80")), (800_000, 50_000));
        let yen = usd
            .convert(dec("151.237"), Currency::JPY, Rounding::HalfUp)
            .expect("converts");
        assert_eq!(yen, Money::new(15_124, Currency::JPY));
        assert_eq!(
            usd.convert(Decimal::ZERO, Currency::JPY, Rounding::HalfUp),
            Err(MoneyError::BadRate)
        );
        assert_eq!(
            usd.convert(dec("-1"), Currency::JPY, Rounding::HalfUp),
            Err(MoneyError::BadRate)
        );
    }

    proptest! {
        #[test]
        fn conversion_agrees_with_decimals(minor in -1_000_000_000_000i64..1_000_000_000_000, rate in 1i64..10_000_000, scale in 0u32..7) {
            let rate = Decimal::new(rate, scale);
            for to in [Currency::USD, Currency::JPY, Currency::KWD] {
                for rounding in [Rounding::HalfUp, Rounding::HalfEven] {
                    let money = Money::new(minor, Currency::EUR);
                    let ours = money.convert(rate, to, rounding);
                    let theirs = Money::from_decimal(money.to_decimal() * rate, to, rounding);
                    prop_assert_eq!(ours, theirs);
                }
            }
        }

        #[test]
        fn nothing_panics(minor: i64, a: i64, b: i64, scale_a in 0u32..28, scale_b in 0u32..28) {
            let money = Money::new(minor, Currency::EUR);
            let _ = money.convert_ratio(Decimal::new(a, scale_a), Decimal::new(b, scale_b), Currency::KWD, Rounding::HalfEven);
            let _ = money.fraction(Decimal::new(a, scale_a), Rounding::HalfUp);
            let _ = Money::from_decimal(Decimal::new(a, scale_a), Currency::JPY, Rounding::HalfUp);
        }

        #[test]
        fn decimals_go_there_and_back(minor: i64) {
            for currency in [Currency::JPY, Currency::EUR, Currency::KWD] {
                let money = Money::new(minor, currency);
                prop_assert_eq!(Money::from_decimal(money.to_decimal(), currency, Rounding::HalfUp), Ok(money));
            }
        }
    }
}
