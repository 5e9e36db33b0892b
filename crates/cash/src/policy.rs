//! What may post by itself, and how far a search goes. All shares are per mille or millionths.

use std::collections::BTreeMap;

use duebook_ledger::CustomerId;
use duebook_money::terms::Ppm;
use duebook_money::{Currency, Money};
use duebook_policy::rates::RateTable;

/// How much each kind of evidence counts; together 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    /// Who paid.
    pub payer: u16,
    /// What was named.
    pub reference: u16,
    /// Whether the amounts agree.
    pub amount: u16,
}

/// A difference that may be let go (CA-07): both limits must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance {
    /// Minor units of the receipt.
    pub absolute: i64,
    /// Of the item's open amount.
    pub share: Ppm,
}

impl Tolerance {
    /// Lets nothing go.
    pub const NONE: Tolerance = Tolerance {
        absolute: 0,
        share: Ppm(0),
    };
    /// Whether a difference on an amount is within both limits.
    pub fn allows(self, difference: i64, of: i64) -> bool {
        let most = i128::from(of).abs() * i128::from(self.share.0) / i128::from(Ppm::ONE.0);
        difference.unsigned_abs() <= self.absolute.unsigned_abs()
            && i128::from(difference).abs() <= most
    }
}

/// Which debt money without an instruction pays (domain.md 5.7, CA-20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Allocation {
    /// Only what is named; the rest waits.
    ByReference,
    /// Earliest due date first.
    OldestDue,
    /// Earliest document first.
    OldestInvoice,
    /// All in proportion to what is open.
    ProRata,
    /// Interest and costs before principal, then by due date.
    InterestFirst,
    /// Principal before interest and costs, by due date.
    PrincipalFirst,
    /// What is not disputed first, then by due date.
    UndisputedFirst,
}

/// What was agreed with one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CustomerRules {
    /// Its own limit; the stricter of it and the user's wins (CA-07).
    pub tolerance: Option<Tolerance>,
    /// How its unreferenced money is laid out.
    pub allocation: Option<Allocation>,
}

/// The rules of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchPolicy {
    /// Weights of the score.
    pub weights: Weights,
    /// From this score on a match may post by itself.
    pub auto: u16,
    /// From this score on it is shown.
    pub suggest: u16,
    /// By so much it must lead the runner-up to post by itself.
    pub margin: u16,
    /// The least similarity of a number written differently (CA-04).
    pub similar: u16,
    /// Most items in a set found by its sum alone.
    pub max_items: u8,
    /// Steps a search of sums may take.
    pub nodes: u32,
    /// Examples kept of an ambiguous sum.
    pub examples: u8,
    /// Sets found by sum alone may be expected by chance at most so often, in millionths.
    pub chance: u32,
    /// Days after the discount date on which it is still accepted (TM-03).
    pub discount_grace_days: u16,
    /// Rates at which tax is withheld (domain.md 5.6).
    pub withholding: Vec<Ppm>,
    /// Amounts that banks on the way keep.
    pub charges: Vec<Money>,
    /// Where the text names charges: most they may be, in major units.
    pub most_named_charge: u16,
    /// Differences below this share of a major unit are rounding.
    pub rounding: Ppm,
    /// What the user may let go.
    pub tolerance: Tolerance,
    /// What was agreed with single customers.
    pub customers: BTreeMap<CustomerId, CustomerRules>,
    /// How unreferenced money is laid out, where the customer has no rule.
    pub allocation: Allocation,
    /// Rates for money in another currency.
    pub rates: Option<RateTable>,
    /// How far a payment in another currency may lie from the rate.
    pub rate_tolerance: Ppm,
}

impl Default for MatchPolicy {
    fn default() -> Self {
        MatchPolicy {
            weights: Weights {
                payer: 300,
                reference: 400,
                amount: 300,
            },
            auto: 900,
            suggest: 500,
            margin: 100,
            similar: 700,
            max_items: 4,
            nodes: 200_000,
            examples: 3,
            chance: 50_000,
            discount_grace_days: 0,
            withholding: Vec::new(),
            charges: Vec::new(),
            most_named_charge: 50,
            rounding: Ppm(990_000),
            tolerance: Tolerance::NONE,
            customers: BTreeMap::new(),
            allocation: Allocation::ByReference,
            rates: None,
            rate_tolerance: Ppm(20_000),
        }
    }
}

/// Why a policy is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyError {
    /// The weights sum to this and not to 1000.
    Weights(u32),
    /// The thresholds must rise: suggest below auto, at most 1000 (CA-04).
    Thresholds {
        /// To be shown.
        suggest: u16,
        /// To post.
        auto: u16,
    },
    /// From 1 to 8 items.
    MaxItems(u8),
    /// A tolerance or charge is negative, or a share above the whole.
    Limit,
}

impl core::fmt::Display for PolicyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl core::error::Error for PolicyError {}

impl MatchPolicy {
    /// Checks what the types allow and a policy does not.
    pub fn validate(&self) -> Result<(), PolicyError> {
        let w = self.weights;
        let sum = u32::from(w.payer) + u32::from(w.reference) + u32::from(w.amount);
        if sum != 1000 {
            return Err(PolicyError::Weights(sum));
        }
        if self.suggest >= self.auto || self.auto > 1000 {
            return Err(PolicyError::Thresholds {
                suggest: self.suggest,
                auto: self.auto,
            });
        }
        if !(1..=8).contains(&self.max_items) {
            return Err(PolicyError::MaxItems(self.max_items));
        }
        let own = self.customers.values().filter_map(|c| c.tolerance);
        let tolerances = own.chain([self.tolerance]);
        let bad = |t: Tolerance| t.absolute < 0 || t.share > Ppm::ONE;
        if tolerances.into_iter().any(bad)
            || self.charges.iter().any(|c| c.minor <= 0)
            || self.withholding.iter().any(|r| r.0 == 0 || *r >= Ppm::ONE)
        {
            return Err(PolicyError::Limit);
        }
        Ok(())
    }
    /// Whether a difference may be let go for a customer: user's and customer's limits both hold,
    /// and the customer does not pay by account (CA-07, CA-08).
    pub fn tolerates(&self, customer: CustomerId, difference: i64, of: i64) -> bool {
        let rules = self.customers.get(&customer);
        self.allocation_for(customer) != Allocation::OldestDue
            && self.tolerance.allows(difference, of)
            && rules
                .and_then(|r| r.tolerance)
                .is_none_or(|t| t.allows(difference, of))
    }
    /// The rule for a customer's unreferenced money.
    pub fn allocation_for(&self, customer: CustomerId) -> Allocation {
        let rules = self.customers.get(&customer);
        rules.and_then(|r| r.allocation).unwrap_or(self.allocation)
    }
    /// Differences up to this many minor units are rounding.
    pub(crate) fn rounding_limit(&self, currency: Currency) -> i64 {
        let major = i128::from(currency.minor_per_major());
        // At most one major unit, which fits.
        (major * i128::from(self.rounding.0.min(Ppm::ONE.0)) / i128::from(Ppm::ONE.0)) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ca_07_the_stricter_tolerance_wins() {
        let tolerance = |absolute, percent: u32| Tolerance {
            absolute,
            share: Ppm(percent * 10_000),
        };
        let customer = CustomerId(1);
        let mut policy = MatchPolicy {
            tolerance: tolerance(500, 1),
            ..MatchPolicy::default()
        };
        assert!(policy.tolerates(customer, 500, 100_000));
        assert!(!policy.tolerates(customer, 501, 100_000), "absolute");
        assert!(!policy.tolerates(customer, 101, 10_000), "per cent");
        let own = CustomerRules {
            tolerance: Some(tolerance(200, 5)),
            allocation: None,
        };
        policy.customers.insert(customer, own);
        assert!(!policy.tolerates(customer, -201, 100_000), "customer");
        assert!(policy.tolerates(CustomerId(2), -201, 100_000));
    }

    #[test]
    fn ca_08_account_payers_have_no_tolerance() {
        let mut policy = MatchPolicy {
            tolerance: Tolerance {
                absolute: 500,
                share: Ppm(10_000),
            },
            ..MatchPolicy::default()
        };
        policy.allocation = Allocation::OldestDue;
        assert!(!policy.tolerates(CustomerId(1), 1, 100_000));
    }

    #[test]
    fn ca_04_policies_are_checked() {
        assert_eq!(MatchPolicy::default().validate(), Ok(()));
        let wrong = |change: fn(&mut MatchPolicy)| {
            let mut policy = MatchPolicy::default();
            change(&mut policy);
            policy.validate().is_err()
        };
        assert!(wrong(|p| p.weights.payer = 1));
        assert!(wrong(|p| p.suggest = p.auto));
        assert!(wrong(|p| p.max_items = 9));
        assert!(wrong(|p| p.tolerance.absolute = -1));
    }
}
