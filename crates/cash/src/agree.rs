//! Whether named items make the amount: as they are, less discount, less withheld tax, nearly.

use duebook_ledger::CustomerId;
use duebook_money::split;
use duebook_money::terms::DiscountDate;

use crate::cues::Cues;
use crate::difference::{Short, classify, share, withholding};
use crate::explain::{Case, FoundLine};
use crate::proposal::{Difference, DifferenceKind};

/// How items agree with an amount, per mille.
pub(crate) const EXACT: u16 = 1000;
const DISCOUNTED: u16 = 980;
const WITHHELD: u16 = 950;
const NEARLY: u16 = 930;
const EXPLAINED: u16 = 800;
const UNEXPLAINED: u16 = 700;

/// Items with what is left of them, in the mirror.
pub(crate) type Rows = Vec<(u32, i64)>;

impl Case<'_> {
    pub(crate) fn discounts(&self, row: u32) -> Vec<DiscountDate> {
        self.index
            .discounts(self.row(row), self.policy.discount_grace_days)
    }
    /// The gap of one item, classified.
    pub(crate) fn gap_of(&self, row: u32, paid: i64, cues: &Cues) -> Vec<Difference> {
        let (left, r) = (self.left(row), self.row(row));
        if left <= 0 {
            return Vec::new();
        }
        let discounts = self.discounts(row);
        let short = Short {
            customer: CustomerId(r.customer),
            currency: r.currency,
            open: left,
            amount: r.amount.saturating_abs(),
            tax: r.tax.map(i64::saturating_abs),
            discounts: &discounts,
            paid,
            day: self.receipt.value_date,
        };
        classify(&short, cues, self.policy)
    }
    /// The lines, where the items make the amount for a reason that is known.
    pub(crate) fn agree(&self, rows: &[(u32, i64)], amount: i64) -> Option<(u16, Vec<FoundLine>)> {
        if rows.is_empty() {
            return None;
        }
        let full = total(rows);
        if full == i128::from(amount) {
            return Some((EXACT, crate::explain::Found::full(rows)));
        }
        if full < i128::from(amount) {
            return None;
        }
        self.less(rows, amount, |row, left| self.discount(row, left))
            .map(|lines| (DISCOUNTED, lines))
            .or_else(|| {
                self.policy.withholding.iter().find_map(|rate| {
                    let lines = self.less(rows, amount, |row, left| {
                        let r = self.row(row);
                        let (amount, tax) = (r.amount.saturating_abs(), r.tax);
                        let tax = tax.map(i64::saturating_abs);
                        let (base, taken) = withholding(left, amount, tax, *rate);
                        let kind = DifferenceKind::Withholding { rate: *rate, base };
                        Some(Difference {
                            kind,
                            amount: taken,
                        })
                    })?;
                    Some((WITHHELD, lines))
                })
            })
    }
    /// The earliest discount still accepted on the receipt's day.
    fn discount(&self, row: u32, left: i64) -> Option<Difference> {
        let day = self.receipt.value_date;
        let discounts = self.discounts(row);
        let d = discounts.iter().find(|d| day <= d.accepted_until)?;
        let amount = share(self.row(row).amount.saturating_abs(), d.rate);
        let kind = if day <= d.until {
            DifferenceKind::DiscountEarned {
                rate: d.rate,
                until: d.until,
            }
        } else {
            DifferenceKind::DiscountInGrace {
                rate: d.rate,
                until: d.accepted_until,
            }
        };
        (amount > 0 && amount <= left).then_some(Difference { kind, amount })
    }
    /// The lines, where what `taken` says of each debit leaves the amount.
    fn less(
        &self,
        rows: &[(u32, i64)],
        amount: i64,
        taken: impl Fn(u32, i64) -> Option<Difference>,
    ) -> Option<Vec<FoundLine>> {
        let mut lines = crate::explain::Found::full(rows);
        for line in lines.iter_mut().filter(|l| l.cash > 0) {
            if let Some(difference) = taken(line.row, line.cash) {
                line.cash -= difference.amount;
                line.settles -= difference.amount;
                line.differences.push(difference);
            }
        }
        let paid: i128 = lines.iter().map(|l| i128::from(l.cash)).sum();
        (paid == i128::from(amount)).then_some(lines)
    }
    /// The lines where the amount differs from the items named: less is laid on them in proportion
    /// or in the order of naming, more is left over.
    pub(crate) fn differ(
        &self,
        rows: &[(u32, i64)],
        amount: i64,
        cues: &Cues,
    ) -> (u16, Vec<FoundLine>) {
        let full = total(rows);
        let gap = full - i128::from(amount);
        if gap <= 0 {
            return (UNEXPLAINED, crate::explain::Found::full(rows));
        }
        let credits: i64 = rows.iter().map(|(_, left)| (*left).min(0)).sum();
        let debits: Rows = rows.iter().copied().filter(|(_, left)| *left > 0).collect();
        let money = amount.saturating_sub(credits);
        // A cut of up to 30 % is one on all of them; a greater one means the first named.
        let even = gap * 10 <= full * 3;
        let weights: Vec<u64> = debits.iter().map(|(_, l)| l.unsigned_abs()).collect();
        let opens: Vec<i64> = debits.iter().map(|(_, l)| *l).collect();
        let parts = if even {
            split::by_weights(money, &weights).unwrap_or_default()
        } else {
            split::fifo(money, &opens)
                .map(|s| s.parts)
                .unwrap_or_default()
        };
        let mut lines: Vec<FoundLine> = debits
            .iter()
            .zip(parts)
            .filter(|(_, part)| *part > 0)
            .map(|((row, _), part)| FoundLine {
                row: *row,
                cash: part,
                settles: part,
                differences: self.gap_of(*row, part, cues),
            })
            .collect();
        let used: Rows = rows.iter().copied().filter(|(_, left)| *left < 0).collect();
        lines.extend(crate::explain::Found::full(&used));
        (grade(&lines), lines)
    }
}

/// How well explained the differences of lines are, per mille.
pub(crate) fn grade(lines: &[FoundLine]) -> u16 {
    use DifferenceKind::*;
    let of = |d: &Difference| match d.kind {
        DiscountEarned { .. } | DiscountInGrace { .. } => DISCOUNTED,
        Withholding { .. } => WITHHELD,
        BankCharge | Exchange | Rounding | Tolerance => NEARLY,
        DiscountUnearned { .. } | Deduction | Partial => EXPLAINED,
        Unexplained => UNEXPLAINED,
    };
    let all = lines.iter().flat_map(|l| &l.differences).map(of);
    all.min().unwrap_or(EXACT)
}

pub(crate) fn total(rows: &[(u32, i64)]) -> i128 {
    rows.iter().map(|(_, left)| i128::from(*left)).sum()
}
