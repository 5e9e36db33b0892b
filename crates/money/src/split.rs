//! Exact splits: the parts always sum to the whole (AG-31, AG-33).

/// Why a split has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitError {
    /// No parts, or all weights are zero.
    NothingToSplitOver,
    /// A remaining amount or the amount to spread is negative.
    Negative,
}

impl core::fmt::Display for SplitError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NothingToSplitOver => "nothing to split over",
            Self::Negative => "a negative amount cannot be spread",
        })
    }
}

impl core::error::Error for SplitError {}

/// `minor` over parts of the given weights by largest remainder, ties to the earliest part
/// (AG-31). The sign is kept; a part of weight zero gets nothing.
pub fn by_weights(minor: i64, weights: &[u64]) -> Result<Vec<i64>, SplitError> {
    let total: u128 = weights.iter().map(|w| u128::from(*w)).sum();
    if total == 0 {
        return Err(SplitError::NothingToSplitOver);
    }
    let whole = u128::from(minor.unsigned_abs());
    let mut parts = Vec::with_capacity(weights.len());
    let mut rests: Vec<(u128, usize)> = Vec::with_capacity(weights.len());
    let mut left = whole;
    for (i, weight) in weights.iter().enumerate() {
        let product = whole * u128::from(*weight);
        let part = product / total;
        left -= part;
        parts.push(part);
        rests.push((product % total, i));
    }
    crate::order::sort_by(&mut rests, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    // Fewer units are left than there are parts with a remainder, so one each is enough.
    for (_, i) in rests {
        if left == 0 {
            break;
        }
        parts[i] += 1;
        left -= 1;
    }
    let sign: i128 = if minor < 0 { -1 } else { 1 };
    // A part is never more than the whole, so it fits into i64 again.
    Ok(parts
        .into_iter()
        .map(|part| (part as i128 * sign) as i64)
        .collect())
}

/// `minor` over `parts` equal parts, the odd units to the earliest (AG-31).
pub fn evenly(minor: i64, parts: usize) -> Result<Vec<i64>, SplitError> {
    by_weights(minor, &vec![1; parts])
}

/// An amount spread over open items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// What each item takes, in the order given.
    pub parts: Vec<i64>,
    /// What no item could take.
    pub rest: i64,
}

fn check(credit: i64, remaining: &[i64]) -> Result<(), SplitError> {
    if credit < 0 || remaining.iter().any(|r| *r < 0) {
        return Err(SplitError::Negative);
    }
    Ok(())
}

/// `credit` over the items from the first to the last (AG-33 FIFO). All amounts are magnitudes.
pub fn fifo(credit: i64, remaining: &[i64]) -> Result<Spread, SplitError> {
    check(credit, remaining)?;
    let mut rest = credit;
    let parts = remaining.iter().map(|open| {
        let part = rest.min(*open);
        rest -= part;
        part
    });
    let parts = parts.collect();
    Ok(Spread { parts, rest })
}

/// `credit` over the items from the last to the first (AG-33 LIFO). All amounts are magnitudes.
pub fn lifo(credit: i64, remaining: &[i64]) -> Result<Spread, SplitError> {
    let backwards: Vec<i64> = remaining.iter().rev().copied().collect();
    let mut spread = fifo(credit, &backwards)?;
    spread.parts.reverse();
    Ok(spread)
}

/// `credit` over the items in proportion to what remains of each, never more than that
/// (AG-33 prorate), odd units by largest remainder. All amounts are magnitudes.
pub fn prorate(credit: i64, remaining: &[i64]) -> Result<Spread, SplitError> {
    check(credit, remaining)?;
    let total: i128 = remaining.iter().map(|r| i128::from(*r)).sum();
    let taken = i128::from(credit).min(total) as i64;
    let rest = credit - taken;
    if taken == 0 {
        return Ok(Spread {
            parts: vec![0; remaining.len()],
            rest,
        });
    }
    let weights: Vec<u64> = remaining.iter().map(|r| r.unsigned_abs()).collect();
    Ok(Spread {
        parts: by_weights(taken, &weights)?,
        rest,
    })
}

/// How a tax amount is laid over the instalments of an invoice (AG-32).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TaxSpread {
    /// In proportion to the instalments.
    #[default]
    Proportional,
    /// All of it with the first instalment.
    First,
    /// All of it with the last instalment.
    Last,
}

/// Instalment amounts of an invoice of `net` and `tax`, at shares of the given weights: net by
/// largest remainder, tax as `spread` says (AG-31, AG-32). Returns (net, tax) per instalment.
pub fn instalments(
    net: i64,
    tax: i64,
    weights: &[u64],
    spread: TaxSpread,
) -> Result<Vec<(i64, i64)>, SplitError> {
    let nets = by_weights(net, weights)?;
    let taxes = match spread {
        TaxSpread::Proportional => by_weights(tax, weights)?,
        TaxSpread::First | TaxSpread::Last => {
            let mut taxes = vec![0; weights.len()];
            let at = if spread == TaxSpread::First {
                0
            } else {
                weights.len() - 1
            };
            taxes[at] = tax;
            taxes
        }
    };
    Ok(nets.into_iter().zip(taxes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ag_31_ten_thousand_in_six() {
        let parts = evenly(1_000_000, 6).expect("splits");
        assert_eq!(
            parts,
            [166_667, 166_667, 166_667, 166_667, 166_666, 166_666]
        );
        assert_eq!(evenly(-100, 3).expect("splits"), [-34, -33, -33]);
        assert_eq!(
            by_weights(i64::MIN, &[1, 0]).expect("splits"),
            [i64::MIN, 0]
        );
        assert_eq!(evenly(1, 0), Err(SplitError::NothingToSplitOver));
    }

    #[test]
    fn ag_32_tax_over_instalments() {
        let at = |spread| instalments(10_000, 1_901, &[30, 50, 20], spread).expect("splits");
        assert_eq!(
            at(TaxSpread::Proportional),
            [(3000, 570), (5000, 951), (2000, 380)]
        );
        assert_eq!(at(TaxSpread::First), [(3000, 1901), (5000, 0), (2000, 0)]);
        assert_eq!(at(TaxSpread::Last), [(3000, 0), (5000, 0), (2000, 1901)]);
    }

    #[test]
    fn ag_33_credit_memo_over_instalments() {
        let open = [2000, 10_000, 4000];
        assert_eq!(fifo(10_000, &open).expect("spreads").parts, [2000, 8000, 0]);
        assert_eq!(lifo(10_000, &open).expect("spreads").parts, [0, 6000, 4000]);
        assert_eq!(
            prorate(10_000, &open).expect("spreads").parts,
            [1250, 6250, 2500]
        );
        assert_eq!(
            prorate(17_000, &open).expect("spreads"),
            Spread {
                parts: open.to_vec(),
                rest: 1000
            }
        );
        assert_eq!(fifo(-1, &open), Err(SplitError::Negative));
    }

    proptest! {
        #[test]
        fn ag_31_splits_sum_exactly_and_stay_within_one_unit(
            minor: i64, weights in prop::collection::vec(0u64..=u64::MAX, 1..20)
        ) {
            if let Ok(parts) = by_weights(minor, &weights) {
                prop_assert_eq!(parts.iter().map(|p| i128::from(*p)).sum::<i128>(), i128::from(minor));
                prop_assert!(parts.iter().all(|p| p.signum() * minor.signum() >= 0));
            } else {
                prop_assert!(weights.iter().all(|w| *w == 0));
            }
        }

        #[test]
        fn ag_31_each_part_is_within_one_unit_of_its_exact_share(
            minor in -1_000_000_000i64..1_000_000_000, weights in prop::collection::vec(0u64..1000, 1..12)
        ) {
            prop_assume!(weights.iter().sum::<u64>() > 0);
            let total = weights.iter().sum::<u64>() as i128;
            for (part, weight) in by_weights(minor, &weights).expect("splits").iter().zip(&weights) {
                let off = i128::from(*part) * total - i128::from(minor) * i128::from(*weight);
                prop_assert!(off.abs() < total);
            }
        }

        #[test]
        fn ag_33_spreads_never_overfill_and_lose_nothing(
            credit in 0i64..1_000_000, open in prop::collection::vec(0i64..100_000, 0..12)
        ) {
            for spread in [fifo(credit, &open), lifo(credit, &open), prorate(credit, &open)] {
                let spread = spread.expect("spreads");
                prop_assert_eq!(spread.parts.iter().sum::<i64>() + spread.rest, credit);
                prop_assert!(spread.parts.iter().zip(&open).all(|(p, o)| 0 <= *p && p <= o));
                prop_assert!(spread.rest == 0 || spread.parts == open);
            }
        }
    }
}
