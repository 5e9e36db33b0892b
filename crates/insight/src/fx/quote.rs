//! A rate at which money of one currency is taken for a claim in another, as people write it: one unit of
//! one of the two in units of the other, the way round in which the book gives its rates (AG-08).

use duebook_money::{Currency, Day, Money, Rounding};
use duebook_policy::rates::{MissingRate, RateTable};
use rust_decimal::Decimal;

/// Decimals tried for a rate that two amounts come to.
const DECIMALS: std::ops::RangeInclusive<u32> = 4..=12;
/// Decimals of a rate that two rates of the book come to.
const CROSS: u32 = 6;

/// One unit of `of` is `value` units of `in_units_of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// Of which currency one unit is priced.
    pub of: Currency,
    /// In which.
    pub in_units_of: Currency,
    /// At how much, above zero.
    pub value: Decimal,
}

/// Which way round the rate between money and a claim is written: one unit of the currency that is not
/// the company's; between two others, one unit of the claim's. Answers that currency, and the other.
pub fn way_round(reporting: Currency, money: Currency, claim: Currency) -> (Currency, Currency) {
    match reporting == claim {
        true => (money, claim),
        false => (claim, money),
    }
}

/// A rate as typed, above zero; a single comma is a decimal one, as nobody groups a rate.
pub fn rate_typed(text: &str) -> Option<Decimal> {
    let text = text.trim().replace(',', ".");
    let value = Decimal::from_str_exact(&text).ok()?;
    (value > Decimal::ZERO).then_some(value)
}

impl Quote {
    /// What the rates of the book say on a day.
    ///
    /// # Errors
    /// [`MissingRate`]: none is guessed, and none is 1 (AG-08).
    pub fn of_book(
        table: &RateTable,
        money: Currency,
        claim: Currency,
        on: Day,
    ) -> Result<Quote, MissingRate> {
        let (of, in_units_of) = way_round(table.reporting(), money, claim);
        let of_one = |currency: Currency| match currency == table.reporting() {
            true => Ok(Decimal::ONE),
            false => table.rate(currency, on).map(|r| r.value),
        };
        let (above, below) = (of_one(of)?, of_one(in_units_of)?);
        let value = match below == Decimal::ONE {
            true => above,
            false => {
                let exact = above.checked_div(below).ok_or(MissingRate::Overflow)?;
                exact.round_dp(CROSS)
            }
        };
        match value > Decimal::ZERO {
            true => Ok(Quote {
                of,
                in_units_of,
                value: value.normalize(),
            }),
            false => Err(MissingRate::Overflow),
        }
    }
    /// The rate that two amounts come to, with as few decimals as bring the one from the other; `None`
    /// where none does.
    pub fn of_amounts(reporting: Currency, money: Money, claim: Money) -> Option<Quote> {
        let (of, in_units_of) = way_round(reporting, money.currency, claim.currency);
        let (one, other) = match of == claim.currency {
            true => (claim, money),
            false => (money, claim),
        };
        let exact = major(other)?.checked_div(major(one)?)?;
        let rounded = DECIMALS.map(|decimals| Quote {
            of,
            in_units_of,
            value: exact.round_dp(decimals).normalize(),
        });
        let mut rounded = rounded.filter(|q| q.value > Decimal::ZERO);
        rounded.find(|q| q.claim(money, claim.currency) == Some(claim.minor))
    }
    /// What money is worth in the other currency, minor units; `None` where it does not fit.
    pub fn claim(&self, money: Money, claim: Currency) -> Option<i64> {
        self.other(money, claim)
    }
    /// How much money a claim takes, minor units; `None` where it does not fit.
    pub fn money(&self, claim: Money, money: Currency) -> Option<i64> {
        self.other(claim, money)
    }

    fn other(&self, from: Money, to: Currency) -> Option<i64> {
        let (times, over) = match (from.currency, to) {
            (f, t) if f == self.of && t == self.in_units_of => (self.value, Decimal::ONE),
            (f, t) if t == self.of && f == self.in_units_of => (Decimal::ONE, self.value),
            _ => return None,
        };
        let converted = from.convert_ratio(times, over, to, Rounding::HalfUp).ok()?;
        Some(converted.minor)
    }
}

/// An amount in whole units.
fn major(money: Money) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(
        i128::from(money.minor),
        u32::from(money.currency.exponent()),
    )
    .ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use duebook_policy::rates::Rate;
    use proptest::prelude::*;

    const EUR: Currency = Currency::EUR;
    const USD: Currency = Currency::USD;

    fn table(reporting: Currency, all: &[(Currency, &str)]) -> RateTable {
        let mut table = RateTable::new(reporting);
        for (currency, value) in all {
            let rate = Rate {
                currency: *currency,
                from: Day(0),
                value: value.parse().unwrap(),
                source: "test".to_owned(),
            };
            table.add(rate).unwrap();
        }
        table
    }

    fn quote(of: Currency, in_units_of: Currency, value: &str) -> Quote {
        Quote {
            of,
            in_units_of,
            value: value.parse().unwrap(),
        }
    }

    #[test]
    fn the_rate_is_written_as_the_book_gives_it() {
        let dollars = table(USD, &[(EUR, "1.07"), (Currency::GBP, "1.25")]);
        let of = |money, claim| Quote::of_book(&dollars, money, claim, Day(5));
        // Section 4.7: EUR 1,000 received at 1.07 are 1,070.
        let found = of(USD, EUR).unwrap();
        assert_eq!(found, quote(EUR, USD, "1.07"));
        assert_eq!(found.claim(Money::new(107_000, USD), EUR), Some(100_000));
        assert_eq!(found.money(Money::new(100_000, EUR), USD), Some(107_000));
        // The other way round it is the same rate.
        assert_eq!(of(EUR, USD).unwrap(), quote(EUR, USD, "1.07"));
        let cross = of(EUR, Currency::GBP).unwrap();
        assert_eq!(cross, quote(Currency::GBP, EUR, "1.168224"));
    }

    #[test]
    fn ag_08_a_rate_that_is_not_there_is_never_one() {
        let empty = table(USD, &[]);
        let missing = MissingRate::NoRate {
            currency: EUR,
            as_of: Day(5),
        };
        assert_eq!(Quote::of_book(&empty, USD, EUR, Day(5)), Err(missing));
        let early = table(USD, &[(EUR, "1.07")]);
        assert!(Quote::of_book(&early, USD, EUR, Day(-1)).is_err());
    }

    #[test]
    fn two_amounts_come_to_a_rate_that_brings_the_one_from_the_other() {
        let of = |money, claim| Quote::of_amounts(EUR, money, claim);
        let found = of(Money::new(8_950, EUR), Money::new(10_000, USD));
        assert_eq!(found, Some(quote(USD, EUR, "0.895")));
        let yen = Money::new(1_234, Currency::from_code("JPY").unwrap());
        assert_eq!(
            of(yen, Money::new(765, EUR)).and_then(|q| q.claim(yen, EUR)),
            Some(765)
        );
        assert_eq!(of(Money::new(0, EUR), Money::new(1, USD)), None);
    }

    proptest! {
        #[test]
        fn any_two_amounts_do(money in 1i64..1_000_000_000, claim in 1i64..1_000_000_000) {
            let (money, claim) = (Money::new(money, EUR), Money::new(claim, USD));
            if let Some(found) = Quote::of_amounts(EUR, money, claim) {
                prop_assert_eq!(found.claim(money, USD), Some(claim.minor));
            } else {
                // Only where one is worth so little that no decimal shows it.
                prop_assert!(money.minor / claim.minor > 1_000 || claim.minor / money.minor > 1_000);
            }
        }
    }
}
