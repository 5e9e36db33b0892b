//! The provision matrix (EC-01): loss rates by bucket, given or the book's own, a documented
//! overlay, exposure without those who are provided for one by one.

use super::history::Settled;
use crate::aging::{AgingError, AgingQuery, GroupKey, aging};
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::{Book, CustomerId, View};
use duebook_money::{Currency, Rounding};
use duebook_policy::Buckets;
use std::collections::BTreeMap;

/// What reached a bucket and what of it was lost in the end, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BucketLoss {
    /// Reached it.
    pub reached: i128,
    /// Was lost.
    pub lost: i128,
}

/// One bucket of the matrix, in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixRow {
    /// Bucket.
    pub bucket: usize,
    /// Exposure: open debits of the pool.
    pub exposure: i64,
    /// The rate without overlay, parts per million, rounded for the eye.
    pub rate_ppm: u32,
    /// The overlay.
    pub overlay_ppm: i32,
    /// Provision: exposure x exact rate, rounded half up.
    pub provision: i64,
}

/// A customer provided for one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specific {
    /// Who.
    pub customer: CustomerId,
    /// Share, parts per million.
    pub ppm: u32,
    /// Exposure.
    pub exposure: i64,
    /// Provision.
    pub provision: i64,
}

/// The matrix of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionMatrix {
    /// Currency.
    pub currency: Currency,
    /// Buckets in order.
    pub rows: Vec<MatrixRow>,
    /// Those provided for one by one.
    pub specific: Vec<Specific>,
    /// Whether the rates are given; else the book's own.
    pub given: bool,
    /// Invoices the book's own rates rest on.
    pub sample: usize,
    /// All provisions.
    pub total: i64,
}

/// What reached each bucket, and what was lost of it in the end, from invoices that are over
/// (EC-01). An invoice reached every bucket up to the one it was settled in; what is written off
/// never came.
pub fn loss_per_bucket(settled: &[Settled], buckets: &Buckets) -> Vec<BucketLoss> {
    let mut out = vec![BucketLoss::default(); buckets.count()];
    for row in settled {
        let last = match row.lost > 0 {
            true => buckets.count() - 1,
            false => buckets.index(row.days_late()),
        };
        for loss in out.iter_mut().take(last + 1) {
            loss.reached += i128::from(row.amount);
            loss.lost += i128::from(row.lost.min(row.amount));
        }
    }
    out
}

/// A rate as a fraction.
#[derive(Clone, Copy)]
struct Rate {
    over: i128,
    under: i128,
}

impl Rate {
    fn with(self, overlay_ppm: i32) -> Rate {
        let over = self.over * 1_000_000 + i128::from(overlay_ppm) * self.under;
        let under = self.under * 1_000_000;
        Rate {
            over: over.clamp(0, under),
            under,
        }
    }
    fn of(self, amount: i64) -> i64 {
        let part = Rounding::HalfUp.mul_div(i128::from(amount), self.over, self.under);
        part.and_then(|p| i64::try_from(p).ok()).unwrap_or(amount)
    }
    fn ppm(self) -> u32 {
        let ppm = Rounding::HalfUp.mul_div(1_000_000, self.over, self.under);
        ppm.and_then(|p| u32::try_from(p).ok()).unwrap_or(0)
    }
}

/// The matrix of each currency of a view, by currency code.
///
/// # Errors
/// [`AgingError`] where a sum does not fit.
pub fn matrix(
    book: &Book,
    view: View,
    settled: &[Settled],
) -> Result<Vec<ProvisionMatrix>, AgingError> {
    let query = AgingQuery::new(book, view);
    let aged = aging(book, &query)?;
    let policy = &book.policies().recovery.provision;
    let specific: BTreeMap<CustomerId, u32> = policy
        .specific
        .iter()
        .filter_map(|(source, number, ppm)| {
            let key = CustomerKey {
                source: source.clone(),
                number: number.clone(),
            };
            Some((book.find_customer(&key)?, *ppm))
        })
        .collect();
    let own = loss_per_bucket(settled, &query.buckets);
    let count = query.buckets.count();
    let given = !policy.given_ppm.is_empty();
    let rate = |bucket: usize| match given {
        true => Rate {
            over: policy.given_ppm.get(bucket).map_or(0, |p| i128::from(*p)),
            under: 1_000_000,
        },
        false => Rate {
            over: own[bucket].lost,
            under: own[bucket].reached.max(1),
        },
    };
    let mut all: BTreeMap<&'static str, ProvisionMatrix> = BTreeMap::new();
    for (n, row) in aged.rows.iter().enumerate() {
        let matrix = all
            .entry(row.currency.code())
            .or_insert_with(|| ProvisionMatrix {
                currency: row.currency,
                rows: (0..count)
                    .map(|bucket| MatrixRow {
                        bucket,
                        exposure: 0,
                        rate_ppm: rate(bucket).ppm(),
                        overlay_ppm: policy.overlay_ppm.get(bucket).copied().unwrap_or(0),
                        provision: 0,
                    })
                    .collect(),
                specific: Vec::new(),
                given,
                sample: settled.len(),
                total: 0,
            });
        let cells = &aged.buckets(n)[..count];
        let customer = match row.group {
            GroupKey::Customer(c) => Some(c),
            _ => None,
        };
        match customer.and_then(|c| Some((c, *specific.get(&c)?))) {
            Some((customer, ppm)) => {
                let exposure = cells.iter().fold(0i64, |s, c| s.saturating_add(*c));
                let rate = Rate {
                    over: i128::from(ppm),
                    under: 1_000_000,
                };
                matrix.specific.push(Specific {
                    customer,
                    ppm,
                    exposure,
                    provision: rate.of(exposure),
                });
            }
            None => {
                for (row, cell) in matrix.rows.iter_mut().zip(cells) {
                    row.exposure = row.exposure.saturating_add(*cell);
                }
            }
        }
    }
    for matrix in all.values_mut() {
        for row in &mut matrix.rows {
            row.provision = rate(row.bucket)
                .with(row.overlay_ppm)
                .of(row.exposure.max(0));
        }
        let pool = matrix.rows.iter().map(|r| r.provision);
        let one = matrix.specific.iter().map(|s| s.provision);
        matrix.total = pool.chain(one).fold(0i64, i64::saturating_add);
    }
    Ok(all.into_values().collect())
}

#[cfg(test)]
#[allow(clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod tests {
    use super::*;
    use duebook_money::Day;

    fn paid(amount: i64, late: i32, lost: i64) -> Settled {
        Settled {
            customer: CustomerId(0),
            issued: Day(0),
            due: Day(30),
            settled: Day(30 + late),
            currency: Currency::EUR,
            amount,
            lost,
            disputed: false,
        }
    }

    #[test]
    fn ec_01_oracle_1_loss_rates_of_the_books_own_history() {
        let buckets =
            Buckets::new(duebook_policy::Basis::DueDate, vec![0, 30, 60, 90]).unwrap_or_default();
        let history = [
            paid(50_000_00, 0, 0),
            paid(27_000_00, 20, 0),
            paid(15_000_00, 45, 0),
            paid(6_000_00, 80, 0),
            paid(2_000_00, 200, 2_000_00),
        ];
        let losses = loss_per_bucket(&history, &buckets);
        let reached: Vec<i128> = losses.iter().map(|l| l.reached / 100_000).collect();
        assert_eq!(reached, [100, 50, 23, 8, 2]);
        let balances = [300_000_00, 140_000_00, 60_000_00, 23_000_00, 5_000_00];
        let provision = |(l, b): (&BucketLoss, &i64)| {
            Rate {
                over: l.lost,
                under: l.reached,
            }
            .of(*b)
        };
        let all: Vec<i64> = losses.iter().zip(&balances).map(provision).collect();
        assert_eq!(all, [6_000_00, 5_600_00, 5_217_39, 5_750_00, 5_000_00]);
        assert_eq!(all.iter().sum::<i64>(), 27_567_39);
    }

    #[test]
    fn ec_01_oracle_3_given_rates() {
        let rates = [3_000, 16_000, 36_000, 66_000, 106_000];
        let balances = [
            15_000_000_00,
            7_500_000_00,
            4_000_000_00,
            2_500_000_00,
            1_000_000_00,
        ];
        let of = |(over, balance): (&i128, &i64)| {
            Rate {
                over: *over,
                under: 1_000_000,
            }
            .of(*balance)
        };
        assert_eq!(rates.iter().zip(&balances).map(of).sum::<i64>(), 580_000_00);
    }

    /// IFRS 9 B5.5.35: 1 % of what is not past due, 2 % below 30 days, 3 % to 90, 20 % to 180.
    #[test]
    fn ec_01_illustration_of_the_standard() {
        let table = [
            (10_000, 1_000_000_00, 10_000_00),
            (20_000, 500_000_00, 10_000_00),
            (30_000, 200_000_00, 6_000_00),
            (200_000, 33_333_33, 6_666_67),
        ];
        for (over, balance, provision) in table {
            let rate = Rate {
                over,
                under: 1_000_000,
            };
            assert_eq!(rate.of(balance), provision, "{over}");
        }
    }

    #[test]
    fn ec_01_overlay_never_leaves_nothing_to_all() {
        let rate = Rate { over: 1, under: 50 };
        assert_eq!(rate.with(10_000).of(1_000_00), 30_00);
        assert_eq!(rate.with(-50_000).of(1_000_00), 0);
        assert_eq!(rate.with(1_000_000).of(1_000_00), 1_000_00);
    }
}
