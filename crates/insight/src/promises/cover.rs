//! What open promises cover (PT-01, AG-07).

use super::{Judge, Judged, judge_scan};
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan};
use duebook_money::Currency;
use std::collections::BTreeMap;

/// What open promises cover of each open debit, minor units of its working figure: their lines,
/// and account promises oldest item first (PT-01, AG-07).
pub fn open_promised(book: &Book, scan: &OpenScan<'_>) -> BTreeMap<ItemId, i64> {
    let judge = Judge::new(book, scan);
    let mut covered = BTreeMap::new();
    let mut at = 0;
    let all = judge_scan(book, scan);
    let mut by_owner: Vec<&Judged> = all.iter().filter(|j| j.state.is_open()).collect();
    duebook_money::order::sort_by_key(&mut by_owner, |j| (j.customer, j.taken_on, j.promise));
    while let Some(first) = by_owner.get(at) {
        let end = at + by_owner[at..].partition_point(|j| j.customer == first.customer);
        judge.cover(first.customer, &by_owner[at..end], &mut covered);
        at = end;
    }
    covered
}

/// [`open_promised`] of one customer, from its promises as judged.
pub fn open_promised_of(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
    judged: &[Judged],
) -> BTreeMap<ItemId, i64> {
    let mut covered = BTreeMap::new();
    let open: Vec<&Judged> = judged.iter().filter(|j| j.state.is_open()).collect();
    Judge::new(book, scan).cover(customer, &open, &mut covered);
    covered
}

impl Judge<'_> {
    /// Adds what a customer's open promises cover to `covered`.
    fn cover(&self, customer: CustomerId, open: &[&Judged], covered: &mut BTreeMap<ItemId, i64>) {
        let room = |covered: &BTreeMap<ItemId, i64>, id: ItemId| {
            let open = self.scan.open(id).map_or(0, |o| o.working());
            open.saturating_sub(covered.get(&id).copied().unwrap_or(0))
                .max(0)
        };
        let lines = open.iter().flat_map(|j| &j.lines);
        let mut account: Vec<(Currency, i64)> = Vec::new();
        for line in lines {
            let rest = line.amount.saturating_sub(line.paid).max(0);
            if let Some(id) = line.item {
                let take = rest.min(room(covered, id));
                *covered.entry(id).or_default() += take;
            }
        }
        for judged in open {
            let of_account = judged.lines.iter().filter(|l| l.item.is_none());
            account.extend(of_account.map(|l| (judged.currency, (l.amount - l.paid).max(0))));
        }
        if account.iter().all(|(_, rest)| *rest == 0) {
            return;
        }
        let oldest = self.debits_oldest_first(customer);
        for (currency, mut rest) in account {
            for id in oldest
                .iter()
                .filter(|(c, _, _)| *c == currency)
                .map(|t| t.2)
            {
                let take = rest.min(room(covered, id));
                if take > 0 {
                    *covered.entry(id).or_default() += take;
                    rest -= take;
                }
            }
        }
    }

    /// A customer's debits by due date, then id.
    pub(super) fn debits_oldest_first(&self, customer: CustomerId) -> Vec<(Currency, i32, ItemId)> {
        let debit = |id: ItemId| {
            let item = self.book.item(id)?;
            (item.recorded_amount() > 0).then(|| (item.currency(), self.due(id), id))
        };
        let mut debits: Vec<_> = self
            .items_of(customer)
            .into_iter()
            .filter_map(debit)
            .collect();
        duebook_money::order::sort_by_key(&mut debits, |(_, due, id)| (*due, *id));
        debits
    }
}
