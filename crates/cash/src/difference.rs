//! Why an item was not paid in full: classified before anything is written off (domain.md 5.5).

use duebook_ledger::CustomerId;
use duebook_money::terms::{DiscountDate, Ppm};
use duebook_money::{Currency, Day, Rounding};

use crate::cues::Cues;
use crate::policy::MatchPolicy;
use crate::proposal::{Difference, DifferenceKind};

/// What is to be explained: an item, or several of one kind taken together.
#[derive(Debug, Clone)]
pub(crate) struct Short<'a> {
    pub(crate) customer: CustomerId,
    pub(crate) currency: Currency,
    /// Open before, positive.
    pub(crate) open: i64,
    /// Original amount, positive.
    pub(crate) amount: i64,
    /// Tax contained in it.
    pub(crate) tax: Option<i64>,
    pub(crate) discounts: &'a [DiscountDate],
    /// What was paid, not negative.
    pub(crate) paid: i64,
    pub(crate) day: Day,
}

/// The differences that lead from open to paid; they sum to `open - paid`. Empty when they are
/// equal, and when more was paid than any limit lets go: that money is the receipt's rest.
pub(crate) fn classify(short: &Short<'_>, cues: &Cues, policy: &MatchPolicy) -> Vec<Difference> {
    let gap = short.open - short.paid;
    if gap == 0 {
        return Vec::new();
    }
    let one = |kind| vec![Difference { kind, amount: gap }];
    if let Some(kind) = discount_of(short, gap) {
        return one(kind);
    }
    if let Some((rate, base)) = withheld(short, gap, policy) {
        return one(DifferenceKind::Withholding { rate, base });
    }
    if gap > 0 && is_charge(short.currency, gap, cues, policy) {
        return one(DifferenceKind::BankCharge);
    }
    // A discount and a small rest besides (CA-O9) explain more than the rest alone.
    let tolerated = |rest: i64| policy.tolerates(short.customer, rest, short.open);
    for discount in accepted(short) {
        let taken = share(short.amount, discount.rate);
        let rest = gap - taken;
        if taken <= short.open && rest != 0 && tolerated(rest) {
            let difference = |kind, amount| Difference { kind, amount };
            return vec![
                difference(earned_or_grace(discount, short.day), taken),
                difference(DifferenceKind::Tolerance, rest),
            ];
        }
    }
    if let Some(rate) = unearned(short, gap, cues) {
        return one(DifferenceKind::DiscountUnearned { rate });
    }
    if cues.deduction.is_some() || (gap > 0 && cues.amounts.contains(&gap)) {
        if gap > 0 {
            return one(DifferenceKind::Deduction);
        }
    } else if tolerated(gap) {
        let rounding = gap.abs() <= policy.rounding_limit(short.currency);
        return one(if rounding {
            DifferenceKind::Rounding
        } else {
            DifferenceKind::Tolerance
        });
    }
    if gap < 0 {
        return Vec::new();
    }
    one(if gap <= policy.rounding_limit(short.currency) {
        DifferenceKind::Rounding
    } else if cues.partial.is_some() {
        DifferenceKind::Partial
    } else {
        DifferenceKind::Unexplained
    })
}

/// A share of an amount, rounded to its minor unit.
pub(crate) fn share(amount: i64, rate: Ppm) -> i64 {
    let product = Rounding::HalfUp.mul_div(
        i128::from(amount),
        i128::from(rate.0),
        i128::from(Ppm::ONE.0),
    );
    product.and_then(|p| i64::try_from(p).ok()).unwrap_or(0)
}

fn accepted<'a>(short: &Short<'a>) -> impl Iterator<Item = &'a DiscountDate> {
    let day = short.day;
    short
        .discounts
        .iter()
        .filter(move |d| day <= d.accepted_until)
}

fn earned_or_grace(discount: &DiscountDate, day: Day) -> DifferenceKind {
    let rate = discount.rate;
    if day <= discount.until {
        DifferenceKind::DiscountEarned {
            rate,
            until: discount.until,
        }
    } else {
        DifferenceKind::DiscountInGrace {
            rate,
            until: discount.accepted_until,
        }
    }
}

/// The discount of the document, or of what is open on it, to the minor unit.
fn discount_of(short: &Short<'_>, gap: i64) -> Option<DifferenceKind> {
    accepted(short)
        .find(|d| {
            [short.amount, short.open]
                .iter()
                .any(|of| share(*of, d.rate) == gap)
        })
        .map(|d| earned_or_grace(d, short.day))
}

/// What the payer withholds of an item at a rate: (base, tax withheld). The base is the amount
/// without its own tax (domain.md 5.6).
pub(crate) fn withholding(open: i64, amount: i64, tax: Option<i64>, rate: Ppm) -> (i64, i64) {
    let tax = tax.filter(|_| open == amount).unwrap_or(0);
    let base = open - tax.clamp(0, open);
    (base, share(base, rate))
}

fn withheld(short: &Short<'_>, gap: i64, policy: &MatchPolicy) -> Option<(Ppm, i64)> {
    let major = short.currency.minor_per_major();
    policy.withholding.iter().find_map(|rate| {
        let (base, tax) = withholding(short.open, short.amount, short.tax, *rate);
        // Tax is also withheld in whole rupees.
        let whole = Rounding::HalfUp.mul_div(i128::from(tax), 1, i128::from(major));
        let rounded = whole.map(|w| w * i128::from(major));
        let equal = gap > 0 && (tax == gap || rounded == Some(i128::from(gap)));
        equal.then_some((*rate, base))
    })
}

fn is_charge(currency: Currency, gap: i64, cues: &Cues, policy: &MatchPolicy) -> bool {
    let fixed = |c: &duebook_money::Money| c.currency == currency && c.minor == gap;
    let most = i64::from(policy.most_named_charge) * currency.minor_per_major();
    policy.charges.iter().any(fixed) || (cues.charge.is_some() && gap <= most)
}

/// Discounts are given in such steps, and hardly more than this.
const STEP: u32 = 1_000;
const MOST_UNNAMED: u32 = 50_000;

/// A discount that was taken without being due: agreed but late, or a share the text names, or, where
/// the text speaks of a discount, a plain one of at most 5 %.
fn unearned(short: &Short<'_>, gap: i64, cues: &Cues) -> Option<Ppm> {
    let agreed = short.discounts.iter().map(|d| d.rate);
    let equal = |rate: &Ppm| gap > 0 && share(short.open, *rate) == gap;
    if let Some(rate) = agreed.chain(cues.percents.iter().copied()).find(equal) {
        return Some(rate);
    }
    cues.discount?;
    plain_discount(short.open, gap)
}

/// The share, in tenths of a per cent and at most 5 %, that a gap is of an amount.
pub(crate) fn plain_discount(open: i64, gap: i64) -> Option<Ppm> {
    if open <= 0 || gap <= 0 {
        return None;
    }
    let ppm =
        Rounding::HalfUp.mul_div(i128::from(gap), i128::from(Ppm::ONE.0), i128::from(open))?;
    let step = Rounding::HalfUp.mul_div(ppm, 1, i128::from(STEP))?;
    let rate = Ppm(u32::try_from(step * i128::from(STEP)).ok()?);
    (rate.0 > 0 && rate.0 <= MOST_UNNAMED && share(open, rate) == gap).then_some(rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Tolerance;
    use DifferenceKind::*;

    fn day(text: &str) -> Day {
        duebook_money::date::parse_iso_bytes(text.as_bytes()).expect("a day")
    }

    fn of(
        paid: i64,
        on: &str,
        discounts: &[DiscountDate],
        policy: &MatchPolicy,
    ) -> Vec<(DifferenceKind, i64)> {
        let short = Short {
            customer: CustomerId(0),
            currency: Currency::USD,
            open: 100_000,
            amount: 100_000,
            tax: None,
            discounts,
            paid,
            day: day(on),
        };
        let found = classify(&short, &Cues::default(), policy);
        let sum: i64 = found.iter().map(|d| d.amount).sum();
        assert!(found.is_empty() || sum == 100_000 - paid);
        found.iter().map(|d| (d.kind, d.amount)).collect()
    }

    /// CA-O9: Business Central's table. Invoice 1,000, discount 20 to 15 January, grace to the 20th,
    /// tolerance 5.
    #[test]
    fn ca_o9_discount_grace_and_tolerance() {
        let policy = MatchPolicy {
            tolerance: Tolerance {
                absolute: 500,
                share: Ppm(10_000),
            },
            rounding: Ppm(0),
            ..MatchPolicy::default()
        };
        let discount = |accepted: &str| DiscountDate {
            rate: Ppm(20_000),
            until: day("2026-01-15"),
            accepted_until: day(accepted),
        };
        for (on, accepted) in [("2026-01-15", "2026-01-20"), ("2026-01-18", "2026-01-20")] {
            let dates = [discount(accepted)];
            let kind = earned_or_grace(&dates[0], day(on));
            assert_eq!(
                of(98_500, on, &dates, &policy),
                [(kind, 2_000), (Tolerance, -500)]
            );
            assert_eq!(of(98_000, on, &dates, &policy), [(kind, 2_000)]);
            assert_eq!(
                of(97_500, on, &dates, &policy),
                [(kind, 2_000), (Tolerance, 500)]
            );
        }
        for (on, accepted) in [("2026-01-18", "2026-01-15"), ("2026-01-21", "2026-01-20")] {
            let dates = [discount(accepted)];
            assert_eq!(of(100_500, on, &dates, &policy), [(Tolerance, -500)]);
            assert_eq!(of(100_000, on, &dates, &policy), []);
            assert_eq!(of(99_500, on, &dates, &policy), [(Tolerance, 500)]);
            let late = DiscountUnearned { rate: Ppm(20_000) };
            assert_eq!(
                of(98_000, on, &dates, &policy),
                [(late, 2_000)],
                "stays open"
            );
        }
    }

    #[test]
    fn ca_07_order_of_causes() {
        let mut policy = MatchPolicy {
            withholding: vec![Ppm(20_000), Ppm(100_000)],
            ..MatchPolicy::default()
        };
        let base = 100_000;
        let rate = Ppm(20_000);
        assert_eq!(
            of(98_000, "2026-03-01", &[], &policy),
            [(Withholding { rate, base }, 2_000)]
        );
        policy.charges = vec![duebook_money::Money::new(1_500, Currency::USD)];
        assert_eq!(
            of(98_500, "2026-03-01", &[], &policy),
            [(BankCharge, 1_500)]
        );
        assert_eq!(of(99_950, "2026-03-01", &[], &policy), [(Rounding, 50)]);
        assert_eq!(
            of(95_000, "2026-03-01", &[], &policy),
            [(Unexplained, 5_000)]
        );
        assert_eq!(
            of(105_000, "2026-03-01", &[], &policy),
            [],
            "the rest of the receipt"
        );
    }

    /// 5.6: rent 1,00,000 and 18 % GST, 10 % withheld on the net: 1,08,000 is paid.
    #[test]
    fn tds_is_on_the_amount_without_gst() {
        let (base, tax) = withholding(11_800_000, 11_800_000, Some(1_800_000), Ppm(100_000));
        assert_eq!((base, 11_800_000 - tax), (10_000_000, 10_800_000));
        let (_, tax) = withholding(1_000_000, 1_000_000, None, Ppm(20_000));
        assert_eq!(1_000_000 - tax, 980_000);
    }
}
