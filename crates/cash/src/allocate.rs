//! Which debt money without an instruction pays (domain.md 5.7, CA-20): always a proposal.

use duebook_ledger::columns::{ItemKind, NO_DAY};
use duebook_money::split::{Spread, fifo, prorate};

use crate::policy::Allocation;

/// A debt as allocation looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Debt {
    /// Open, positive; anything else takes no part (CA-O4).
    pub open: i64,
    /// Due date; days, or [`NO_DAY`], which is last.
    pub due: i32,
    /// Document date; likewise.
    pub doc_date: i32,
    /// What it is.
    pub kind: ItemKind,
    /// In dispute.
    pub disputed: bool,
}

/// Lays an amount on debts by a rule; the parts are in the order given. Equal debts are paid in that
/// order, but one of exactly this amount comes first: paying it implies it was meant (CA-20). A rule that
/// shares among all asks for that, whatever the amount.
pub fn allocate(rule: Allocation, amount: i64, debts: &[Debt]) -> Spread {
    let opens: Vec<i64> = debts.iter().map(|d| d.open.max(0)).collect();
    let nothing = || Spread {
        parts: vec![0; debts.len()],
        rest: amount,
    };
    if amount <= 0 || rule == Allocation::ByReference {
        return nothing();
    }
    if rule == Allocation::ProRata {
        return prorate(amount, &opens).unwrap_or_else(|_| nothing());
    }
    let mut equal = (0..opens.len()).filter(|i| opens[*i] == amount);
    if let (Some(one), None) = (equal.next(), equal.next()) {
        let mut spread = nothing();
        spread.parts[one] = amount;
        spread.rest = 0;
        return spread;
    }
    let last = |day: i32| if day == NO_DAY { i32::MAX } else { day };
    let mut order: Vec<usize> = (0..debts.len()).collect();
    order.sort_by_key(|i| {
        let d = &debts[*i];
        let interest = d.kind == ItemKind::LateCharge;
        let (first, by) = match rule {
            Allocation::OldestInvoice => (false, d.doc_date),
            Allocation::InterestFirst => (!interest, d.due),
            Allocation::PrincipalFirst => (interest, d.due),
            Allocation::UndisputedFirst => (d.disputed, d.due),
            _ => (false, d.due),
        };
        (first, last(by), *i)
    });
    let sorted: Vec<i64> = order.iter().map(|i| opens[*i]).collect();
    let Ok(spread) = fifo(amount, &sorted) else {
        return nothing();
    };
    let mut parts = vec![0; debts.len()];
    for (i, part) in order.iter().zip(spread.parts) {
        parts[*i] = part;
    }
    Spread {
        parts,
        rest: spread.rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debts(opens: &[i64]) -> Vec<Debt> {
        let debt = |(n, open): (usize, &i64)| Debt {
            open: *open,
            due: n as i32,
            doc_date: -(n as i32),
            kind: ItemKind::Invoice,
            disputed: n == 0,
        };
        opens.iter().enumerate().map(debt).collect()
    }

    fn parts(rule: Allocation, amount: i64, opens: &[i64]) -> Vec<i64> {
        allocate(rule, amount, &debts(opens)).parts
    }

    #[test]
    fn ca_20_rules_of_allocation() {
        use Allocation::*;
        let opens = [900, 1500, 600];
        assert_eq!(parts(ProRata, 1000, &opens), [300, 500, 200]);
        assert_eq!(parts(OldestDue, 1000, &opens), [900, 100, 0]);
        assert_eq!(parts(OldestInvoice, 1000, &opens), [0, 400, 600]);
        assert_eq!(parts(UndisputedFirst, 1000, &opens), [0, 1000, 0]);
        assert_eq!(parts(ByReference, 1000, &opens), [0, 0, 0]);
        // s.60: the amount equals the second debt.
        assert_eq!(parts(OldestDue, 39_600, &[35_000, 39_600]), [0, 39_600]);
    }

    /// The worked example of D365: invoices 100, 250, 500 and interest 7, payment 700.
    #[test]
    fn ca_20_interest_first_and_last() {
        let mut all = debts(&[100, 250, 500, 7]);
        all[3].kind = ItemKind::LateCharge;
        let first = allocate(Allocation::InterestFirst, 700, &all);
        assert_eq!((first.parts, first.rest), (vec![100, 250, 343, 7], 0));
        let last = allocate(Allocation::PrincipalFirst, 700, &all);
        assert_eq!(last.parts, [100, 250, 350, 0]);
    }

    /// CA-O4: only parts of the receipt's sign; exact where Oracle is a cent off.
    #[test]
    fn ca_o4_prorate_leaves_the_other_sign_alone() {
        let left: Vec<i64> = {
            let opens = [-10_000, 10_000, 3_000, 1_000];
            let spread = allocate(Allocation::ProRata, 10_000, &debts(&opens));
            opens.iter().zip(spread.parts).map(|(o, p)| o - p).collect()
        };
        assert_eq!(left, [-10_000, 2_857, 857, 286]);
    }
}
