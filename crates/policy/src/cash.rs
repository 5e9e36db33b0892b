//! What may be let go with a payment, and which differences are known (domain.md §5.5, CA-07).

use duebook_money::Currency;
use minicbor::{Decode, Encode};

/// Parts of a million that are the whole.
const WHOLE: u32 = 1_000_000;
/// Most rates of tax withheld, and most customers with a limit of their own.
const MOST_RATES: usize = 20;
const MOST_CUSTOMERS: usize = 10_000;

/// A difference that may be let go; both limits must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct ToleranceLimit {
    /// Minor units, of the currency it is given for; 0 lets nothing go.
    #[n(0)]
    pub absolute: i64,
    /// Of the item's open amount, in millionths.
    #[n(1)]
    pub share_ppm: u32,
}

impl ToleranceLimit {
    /// Whether a difference on an amount is within both limits.
    pub fn allows(self, difference: i64, of: i64) -> bool {
        let most = i128::from(of).abs() * i128::from(self.share_ppm) / i128::from(WHOLE);
        let size = i128::from(difference).abs();
        size <= i128::from(self.absolute).abs() && size <= most
    }
}

/// A customer's own limit: the stricter of it and the user's wins.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct CustomerTolerance {
    /// Name of the source.
    #[n(0)]
    pub source: String,
    /// Its number there.
    #[n(1)]
    pub number: String,
    /// The limit.
    #[n(2)]
    pub limit: ToleranceLimit,
    /// Currency of its amount; `None`: that of each payment, as limits were given before they named one.
    #[n(3)]
    pub currency: Option<Currency>,
}

/// How differences of payments are taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct CashPolicy {
    /// What the user may let go, by currency; a currency that is not here lets nothing go.
    #[n(0)]
    pub limits: Vec<(Currency, ToleranceLimit)>,
    /// Limits of single customers.
    #[n(1)]
    pub customers: Vec<CustomerTolerance>,
    /// Days after the discount date on which it is still accepted (TM-03).
    #[n(2)]
    pub discount_grace_days: u16,
    /// Rates at which payers withhold tax, in millionths of the taxable base (§5.6).
    #[n(3)]
    pub withholding_ppm: Vec<u32>,
}

/// Why it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CashPolicyError {
    /// A limit below zero, or a share above the whole.
    Limit,
    /// A rate of nothing, or above the whole; or too many of them.
    Withholding,
    /// More than a year of grace.
    Grace {
        /// What was given.
        days: u16,
    },
    /// A currency or customer is named twice, or there are too many.
    Twice,
}

impl CashPolicy {
    /// What the user may let go in a currency.
    pub fn limit(&self, currency: Currency) -> ToleranceLimit {
        let own = self.limits.iter().find(|(c, _)| *c == currency);
        own.map_or(ToleranceLimit::default(), |(_, limit)| *limit)
    }
    /// The limit of a customer, where it has one.
    pub fn customer(&self, source: &str, number: &str) -> Option<&CustomerTolerance> {
        let mut own = self.customers.iter();
        own.find(|c| c.source == source && c.number == number)
    }
    /// Checks the figures.
    ///
    /// # Errors
    /// [`CashPolicyError`], the first that holds.
    pub fn validate(&self) -> Result<(), CashPolicyError> {
        let sound = |l: &ToleranceLimit| l.absolute >= 0 && l.share_ppm <= WHOLE;
        let own = self.customers.iter().map(|c| &c.limit);
        if !self.limits.iter().map(|(_, l)| l).chain(own).all(sound) {
            return Err(CashPolicyError::Limit);
        }
        let rates = &self.withholding_ppm;
        if rates.len() > MOST_RATES || rates.iter().any(|r| *r == 0 || *r > WHOLE) {
            return Err(CashPolicyError::Withholding);
        }
        if self.discount_grace_days > 366 {
            return Err(CashPolicyError::Grace {
                days: self.discount_grace_days,
            });
        }
        let currencies: std::collections::BTreeSet<u16> =
            self.limits.iter().map(|(c, _)| c.numeric()).collect();
        let customers: std::collections::BTreeSet<(&str, &str)> = self
            .customers
            .iter()
            .map(|c| (c.source.as_str(), c.number.as_str()))
            .collect();
        let twice =
            currencies.len() != self.limits.len() || customers.len() != self.customers.len();
        if twice || self.customers.len() > MOST_CUSTOMERS {
            return Err(CashPolicyError::Twice);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ca_07_both_limits_must_hold() {
        let limit = ToleranceLimit {
            absolute: 500,
            share_ppm: 10_000,
        };
        assert!(limit.allows(500, 50_000));
        assert!(limit.allows(-500, 50_000));
        assert!(!limit.allows(501, 90_000), "above the amount");
        assert!(!limit.allows(400, 30_000), "above 1 %");
        assert!(!ToleranceLimit::default().allows(1, 1_000_000));
    }

    #[test]
    fn what_does_not_hold_together_is_refused() {
        let eur = |absolute, share_ppm| {
            (
                Currency::EUR,
                ToleranceLimit {
                    absolute,
                    share_ppm,
                },
            )
        };
        let of = |limits: Vec<(Currency, ToleranceLimit)>| CashPolicy {
            limits,
            ..CashPolicy::default()
        };
        assert_eq!(of(vec![eur(100, 1_000)]).validate(), Ok(()));
        assert_eq!(of(vec![eur(-1, 0)]).validate(), Err(CashPolicyError::Limit));
        let two = of(vec![eur(1, 1), eur(2, 2)]);
        assert_eq!(two.validate(), Err(CashPolicyError::Twice));
        let rates = CashPolicy {
            withholding_ppm: vec![0],
            ..CashPolicy::default()
        };
        assert_eq!(rates.validate(), Err(CashPolicyError::Withholding));
    }
}
