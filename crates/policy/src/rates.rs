//! Exchange rates to one reporting currency, dated and with their source (AG-08).

use duebook_money::{Currency, Day, Money, MoneyError, Rounding};
use minicbor::{Decode, Encode};
use rust_decimal::Decimal;

/// A rate as it was found: one unit of `currency` is `value` units of the reporting currency, from
/// `from` on until a later one is given.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rate {
    /// The foreign currency.
    #[n(0)]
    pub currency: Currency,
    /// First day it is in force.
    #[n(1)]
    pub from: Day,
    /// Units of the reporting currency for one unit; stored as its text.
    #[n(2)]
    #[cbor(with = "crate::rates::decimal_text")]
    pub value: Decimal,
    /// Where it comes from: printed beside every converted total.
    #[n(3)]
    pub source: String,
}

/// Why a rate is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateError {
    /// Zero or negative.
    NotPositive,
    /// A rate of the reporting currency to itself is 1 and is not given.
    SameCurrency,
    /// There is a rate of this currency and day already; replacing it is said explicitly.
    Duplicate {
        /// Its currency.
        currency: Currency,
        /// Its day.
        from: Day,
    },
}

/// There is no rate for what was asked: the total is refused, never guessed (AG-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingRate {
    /// No rate of this currency is in force on the day.
    NoRate {
        /// The currency without a rate.
        currency: Currency,
        /// The day asked for.
        as_of: Day,
    },
    /// The only rate is older than the table allows.
    TooOld {
        /// The currency.
        currency: Currency,
        /// The day asked for.
        as_of: Day,
        /// The day of the newest rate before it.
        from: Day,
    },
    /// The converted amount does not fit.
    Overflow,
}

/// How a conversion was reached; to be shown with its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatePath {
    /// Both currencies are the same: nothing was converted.
    Same,
    /// Times the given rate.
    Direct,
    /// Divided by the given rate.
    Inverse,
    /// Through the reporting currency: times one rate, divided by another.
    Cross,
}

/// A converted amount and the rates it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted<'a> {
    /// The result, rounded once.
    pub money: Money,
    /// How it was reached.
    pub path: RatePath,
    /// The rate of the source currency, if one was used.
    pub source_rate: Option<&'a Rate>,
    /// The rate of the target currency, if one was used.
    pub target_rate: Option<&'a Rate>,
}

/// Dated rates to one reporting currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateTable {
    reporting: Currency,
    /// Sorted by currency, then day; no two of one currency and day.
    rates: Vec<Rate>,
    rounding: Rounding,
    max_age_days: Option<u16>,
}

impl RateTable {
    /// An empty table.
    pub fn new(reporting: Currency) -> RateTable {
        RateTable {
            reporting,
            rates: Vec::new(),
            rounding: Rounding::HalfUp,
            max_age_days: None,
        }
    }

    /// The currency all rates lead to.
    pub fn reporting(&self) -> Currency {
        self.reporting
    }

    /// The rates, by currency and day.
    pub fn rates(&self) -> &[Rate] {
        &self.rates
    }

    /// Refuse rates more than `days` older than the as-of day; `None` allows any age.
    pub fn set_max_age(&mut self, days: Option<u16>) {
        self.max_age_days = days;
    }

    /// Round by another rule.
    pub fn set_rounding(&mut self, rounding: Rounding) {
        self.rounding = rounding;
    }

    fn place(&self, currency: Currency, from: Day) -> Result<usize, usize> {
        self.rates
            .binary_search_by(|r| (r.currency, r.from).cmp(&(currency, from)))
    }

    fn check(&self, rate: &Rate) -> Result<(), RateError> {
        if rate.currency == self.reporting {
            return Err(RateError::SameCurrency);
        }
        if rate.value <= Decimal::ZERO {
            return Err(RateError::NotPositive);
        }
        Ok(())
    }

    /// Adds a rate; a second one of the same currency and day is refused.
    pub fn add(&mut self, rate: Rate) -> Result<(), RateError> {
        self.check(&rate)?;
        match self.place(rate.currency, rate.from) {
            Ok(_) => Err(RateError::Duplicate {
                currency: rate.currency,
                from: rate.from,
            }),
            Err(at) => {
                self.rates.insert(at, rate);
                Ok(())
            }
        }
    }

    /// Adds a rate, replacing one of the same currency and day; returns what it replaced.
    pub fn replace(&mut self, rate: Rate) -> Result<Option<Rate>, RateError> {
        self.check(&rate)?;
        match self.place(rate.currency, rate.from) {
            Ok(at) => Ok(Some(core::mem::replace(&mut self.rates[at], rate))),
            Err(at) => {
                self.rates.insert(at, rate);
                Ok(None)
            }
        }
    }

    /// The rate of a currency in force on a day: the newest one not after it.
    pub fn rate(&self, currency: Currency, as_of: Day) -> Result<&Rate, MissingRate> {
        let end = match self.place(currency, as_of) {
            Ok(at) => at + 1,
            Err(at) => at,
        };
        let found = end.checked_sub(1).map(|i| &self.rates[i]);
        match found.filter(|r| r.currency == currency) {
            None => Err(MissingRate::NoRate { currency, as_of }),
            Some(r)
                if self
                    .max_age_days
                    .is_some_and(|d| as_of.since(r.from) > i32::from(d)) =>
            {
                Err(MissingRate::TooOld {
                    currency,
                    as_of,
                    from: r.from,
                })
            }
            Some(r) => Ok(r),
        }
    }

    /// An amount in another currency at the rates in force on `as_of`, rounded once. A missing
    /// rate is an error, never 1 (AG-08).
    pub fn convert(&self, money: Money, to: Currency, as_of: Day) -> Result<Money, MissingRate> {
        self.convert_explained(money, to, as_of).map(|c| c.money)
    }

    /// Like [`RateTable::convert`], with the way it was reached.
    pub fn convert_explained(
        &self,
        money: Money,
        to: Currency,
        as_of: Day,
    ) -> Result<Converted<'_>, MissingRate> {
        let from = money.currency;
        if from == to {
            return Ok(Converted {
                money,
                path: RatePath::Same,
                source_rate: None,
                target_rate: None,
            });
        }
        let rate_of = |currency: Currency| {
            if currency == self.reporting {
                Ok(None)
            } else {
                self.rate(currency, as_of).map(Some)
            }
        };
        let (source_rate, target_rate) = (rate_of(from)?, rate_of(to)?);
        let value = |rate: Option<&Rate>| rate.map_or(Decimal::ONE, |r| r.value);
        let money = money
            .convert_ratio(value(source_rate), value(target_rate), to, self.rounding)
            .map_err(|error| match error {
                MoneyError::Overflow
                | MoneyError::CurrencyMismatch { .. }
                | MoneyError::BadRate => MissingRate::Overflow,
            })?;
        let path = match (source_rate, target_rate) {
            (Some(_), None) => RatePath::Direct,
            (None, Some(_)) => RatePath::Inverse,
            _ => RatePath::Cross,
        };
        Ok(Converted {
            money,
            path,
            source_rate,
            target_rate,
        })
    }
}

/// A decimal stored as its text: readable in any tool, exact, and independent of the library.
pub mod decimal_text {
    use core::str::FromStr;
    use minicbor::{Decoder, Encoder, decode as de, encode as en};
    use rust_decimal::Decimal;

    /// Writes the text.
    pub fn encode<C, W: en::Write>(
        value: &Decimal,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), en::Error<W::Error>> {
        e.str(&value.to_string())?.ok()
    }

    /// Reads the text.
    pub fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Decimal, de::Error> {
        let at = d.position();
        Decimal::from_str(d.str()?).map_err(|_| de::Error::message("not a decimal").at(at))
    }
}

/// The stored shape; what is read back is checked like what is typed in.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Stored {
    #[n(0)]
    reporting: Currency,
    #[n(1)]
    rates: Vec<Rate>,
    #[n(2)]
    #[cbor(default)]
    rounding: Rounding,
    #[n(3)]
    max_age_days: Option<u16>,
}

impl<C> Encode<C> for RateTable {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let stored = Stored {
            reporting: self.reporting,
            rates: self.rates.clone(),
            rounding: self.rounding,
            max_age_days: self.max_age_days,
        };
        stored.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for RateTable {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        let stored = Stored::decode(d, ctx)?;
        let mut table = RateTable {
            reporting: stored.reporting,
            rates: Vec::with_capacity(stored.rates.len()),
            rounding: stored.rounding,
            max_age_days: stored.max_age_days,
        };
        for rate in stored.rates {
            table
                .add(rate)
                .map_err(|_| minicbor::decode::Error::message("invalid rate").at(at))?;
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u8, d: u8) -> Day {
        Day::from_ymd(y, m, d).expect("a day")
    }

    fn rate(code: &str, from: Day, value: &str) -> Rate {
        Rate {
            currency: Currency::from_code(code).expect(code),
            from,
            value: value.parse().expect("a decimal"),
            source: "ECB".into(),
        }
    }

    fn table() -> RateTable {
        let mut t = RateTable::new(Currency::EUR);
        for r in [
            rate("USD", day(2026, 3, 31), "0.9250"),
            rate("USD", day(2026, 1, 1), "0.9000"),
            rate("JPY", day(2026, 1, 1), "0.00612"),
            rate("KWD", day(2026, 1, 1), "3.01"),
        ] {
            t.add(r).expect("added");
        }
        t
    }

    #[test]
    fn ag_08_closing_rate_of_the_day_and_never_one() {
        let t = table();
        let usd = Money::new(10_000, Currency::USD);
        let eur = |m| Ok(Money::new(m, Currency::EUR));
        assert_eq!(t.convert(usd, Currency::EUR, day(2026, 3, 30)), eur(9_000));
        assert_eq!(t.convert(usd, Currency::EUR, day(2026, 3, 31)), eur(9_250));
        assert_eq!(t.convert(usd, Currency::EUR, day(2030, 1, 1)), eur(9_250));
        assert_eq!(
            t.convert(usd, Currency::EUR, day(2025, 12, 31)),
            Err(MissingRate::NoRate {
                currency: Currency::USD,
                as_of: day(2025, 12, 31)
            })
        );
        let gbp = Money::new(1, Currency::GBP);
        assert!(t.convert(gbp, Currency::EUR, day(2026, 5, 1)).is_err());
        assert_eq!(t.convert(gbp, Currency::GBP, day(1999, 1, 1)), Ok(gbp));
    }

    #[test]
    fn ag_08_a_rate_may_be_too_old() {
        let mut t = table();
        t.set_max_age(Some(7));
        let usd = Money::new(10_000, Currency::USD);
        assert!(t.convert(usd, Currency::EUR, day(2026, 4, 7)).is_ok());
        assert_eq!(
            t.convert(usd, Currency::EUR, day(2026, 4, 8)),
            Err(MissingRate::TooOld {
                currency: Currency::USD,
                as_of: day(2026, 4, 8),
                from: day(2026, 3, 31)
            })
        );
    }

    #[test]
    fn ag_08_inverse_and_cross_say_so_and_round_once() {
        let t = table();
        let on = day(2026, 4, 1);
        let inverse = t
            .convert_explained(Money::new(10_000, Currency::EUR), Currency::JPY, on)
            .expect("converts");
        assert_eq!(
            (inverse.money.minor, inverse.path),
            (16_340, RatePath::Inverse)
        ); // 100 / 0.00612 = 16339.87
        let cross = t
            .convert_explained(Money::new(10_000, Currency::USD), Currency::KWD, on)
            .expect("converts");
        assert_eq!((cross.money.minor, cross.path), (30_731, RatePath::Cross)); // 100 * 0.925 / 3.01 = 30.7309
        assert_eq!(cross.source_rate.map(|r| r.source.as_str()), Some("ECB"));
        let yen = t
            .convert_explained(Money::new(12_345, Currency::JPY), Currency::EUR, on)
            .expect("converts");
        assert_eq!((yen.money.minor, yen.path), (7_555, RatePath::Direct)); // 75.5514
    }

    #[test]
    fn ag_08_rates_are_checked() {
        let mut t = table();
        assert_eq!(
            t.add(rate("EUR", day(2026, 1, 1), "1")),
            Err(RateError::SameCurrency)
        );
        assert_eq!(
            t.add(rate("GBP", day(2026, 1, 1), "0")),
            Err(RateError::NotPositive)
        );
        let again = rate("USD", day(2026, 1, 1), "0.91");
        assert_eq!(
            t.add(again.clone()),
            Err(RateError::Duplicate {
                currency: Currency::USD,
                from: day(2026, 1, 1)
            })
        );
        let old = t.replace(again).expect("replaces");
        assert_eq!(old.map(|r| r.value.to_string()), Some("0.9000".to_owned()));
    }

    #[test]
    fn stored_with_the_rate_as_text() {
        let t = table();
        let bytes = minicbor::to_vec(&t).expect("encodes");
        assert_eq!(minicbor::decode::<RateTable>(&bytes).expect("decodes"), t);
        assert!(bytes.windows(7).any(|w| w == b"0.00612"));
    }
}
