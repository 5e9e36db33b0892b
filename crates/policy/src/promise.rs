//! How promises to pay are judged (PT-02, PT-03, PT-04).

use minicbor::{Decode, Encode};

/// The rule in force when a promise is judged. Verdicts are computed, never stored: changing the
/// policy changes what is judged from then on, and the screen says under which policy it judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct PromisePolicy {
    /// Calendar days after the promised day on which money still counts (PT-02).
    #[n(0)]
    pub grace_days: u16,
    /// Paid at least this share of the promise, in thousandths, keeps it (PT-04).
    #[n(1)]
    pub threshold_per_mille: u16,
    /// Whether money of the same customer that is not applied yet counts (PT-03).
    #[n(2)]
    pub count_unapplied: bool,
}

impl Default for PromisePolicy {
    fn default() -> Self {
        PromisePolicy {
            grace_days: 2,
            threshold_per_mille: 1000,
            count_unapplied: false,
        }
    }
}

/// Why a promise policy is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromisePolicyError {
    /// The threshold must be 1 to 1000 per mille.
    Threshold {
        /// What was given.
        per_mille: u16,
    },
    /// More than a year of grace is no promise.
    Grace {
        /// What was given.
        days: u16,
    },
}

impl PromisePolicy {
    /// Checks the figures.
    pub fn validate(&self) -> Result<(), PromisePolicyError> {
        if !(1..=1000).contains(&self.threshold_per_mille) {
            return Err(PromisePolicyError::Threshold {
                per_mille: self.threshold_per_mille,
            });
        }
        if self.grace_days > 366 {
            return Err(PromisePolicyError::Grace {
                days: self.grace_days,
            });
        }
        Ok(())
    }

    /// The last day on which money counts for a promise of `promised` (PT-02).
    pub fn window_end(&self, promised: duebook_money::Day) -> duebook_money::Day {
        promised.plus(i32::from(self.grace_days))
    }

    /// Whether `paid` of `promised` minor units (both positive) keeps the promise (PT-04). Compared
    /// without division, so nothing is rounded.
    pub fn is_kept(&self, paid: i128, promised: i128) -> bool {
        paid.saturating_mul(1000) >= promised.saturating_mul(i128::from(self.threshold_per_mille))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use duebook_money::Day;

    #[test]
    fn pt_02_pt_04_window_and_threshold() {
        let p = PromisePolicy {
            grace_days: 3,
            ..PromisePolicy::default()
        };
        let friday = Day::from_ymd(2026, 4, 10).expect("a day");
        assert_eq!(p.window_end(friday), friday.plus(3));
        assert!(p.is_kept(100_000, 100_000) && !p.is_kept(95_000, 100_000));
        let lenient = PromisePolicy {
            threshold_per_mille: 950,
            ..p
        };
        assert!(lenient.is_kept(95_000, 100_000) && !lenient.is_kept(94_999, 100_000));
    }

    #[test]
    fn refuses_nonsense() {
        let p = PromisePolicy::default();
        assert_eq!(p.validate(), Ok(()));
        let bad = PromisePolicy {
            threshold_per_mille: 0,
            ..p
        };
        assert_eq!(
            bad.validate(),
            Err(PromisePolicyError::Threshold { per_mille: 0 })
        );
        let bad = PromisePolicy {
            grace_days: 400,
            ..p
        };
        assert_eq!(bad.validate(), Err(PromisePolicyError::Grace { days: 400 }));
    }

    #[test]
    fn unknown_fields_are_skipped() {
        let mut e = minicbor::Encoder::new(Vec::new());
        e.map(4)
            .and_then(|e| {
                e.u8(0)?
                    .u16(3)?
                    .u8(1)?
                    .u16(950)?
                    .u8(2)?
                    .bool(true)?
                    .u8(9)?
                    .str("later")
            })
            .expect("encodes");
        let p: PromisePolicy = minicbor::decode(e.writer()).expect("decodes");
        assert_eq!(
            p,
            PromisePolicy {
                grace_days: 3,
                threshold_per_mille: 950,
                count_unapplied: true
            }
        );
    }
}
