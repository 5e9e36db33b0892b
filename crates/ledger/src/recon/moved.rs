//! Misapplied cash (domain.md §5.8, CA-32): money that was posted to one customer and is another's.

use super::ReconEvent;
use crate::book::Book;
use crate::decide::Decision;
use crate::event::{Event, SettlementFact};
use crate::facts::Cause;
use crate::ids::*;
use crate::items::{ItemRef, OWN};
use crate::keys::{CustomerKey, ItemKey};
use crate::refusal::Refusal;
use crate::settlements::Settlement;
use duebook_money::Day;
use std::collections::{BTreeMap, BTreeSet};

/// A receipt that was moved to another customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedReceipt {
    /// Commit.
    pub commit: Seq,
    /// Which.
    pub receipt: ItemId,
    /// Whose it was.
    pub from: CustomerId,
    /// Whose it is.
    pub to: CustomerId,
    /// From which day.
    pub effective: Day,
}

impl Book {
    /// Receipts that were moved to another customer and not undone, in log order.
    pub fn moved_receipts(&self) -> impl Iterator<Item = &MovedReceipt> + '_ {
        self.recon.moved.iter().filter(|m| self.is_live(m.commit))
    }

    /// What a receipt pays on a day or later, as known now.
    fn applications(&self, receipt: ItemId) -> Vec<Settlement> {
        let all = self.settlements_of(receipt);
        let applied = |s: &Settlement| s.credit == Some(receipt) && s.debit.is_some();
        all.filter(applied).filter(|s| self.counts(s)).collect()
    }

    pub(super) fn decide_move(
        &self,
        key: &ItemKey,
        to: &CustomerKey,
        apply: &[(ItemKey, i64)],
        effective: Day,
    ) -> Result<Decision, Refusal> {
        let receipt = self.receipt_at(key)?;
        let to = self.customer_id(to)?;
        let standing = self.standing_of_ours();
        // What the source knows is corrected there: its next file would bring it back.
        if receipt.source() != OWN || receipt.standing() != standing {
            return Err(Refusal::NotOurs(key.clone()));
        }
        if receipt.customer() == to {
            return Err(Refusal::SameCustomer(to));
        }
        let not_before = |earliest: Day| match effective < earliest {
            true => Err(Refusal::DateBefore {
                date: effective,
                earliest,
            }),
            false => Ok(()),
        };
        not_before(Day(receipt.doc_date()))?;
        let mut events = Vec::new();
        let mut freed = 0i64;
        for s in self.applications(receipt.id) {
            not_before(s.effective)?;
            freed = freed.saturating_add(s.amount);
            let mut falling = self.granted_with(&s);
            falling.insert(0, s);
            events.extend(falling.iter().map(|f| Event::SettlementReversed {
                settlement: f.id,
                effective,
                standing,
            }));
        }
        let left = self.least_open_from(&receipt, effective).max(0);
        let left = left.saturating_add(freed);
        super::decide::positive_amount(left)?;
        events.push(Event::Recon(ReconEvent::ReceiptMoved {
            receipt: receipt.id,
            from: receipt.customer(),
            to,
            effective,
        }));
        events.extend(self.pays_there((key, &receipt, left), to, apply, effective)?);
        Ok(events.into())
    }

    /// What the receipt pays on the account it is moved to.
    fn pays_there(
        &self,
        (key, receipt, left): (&ItemKey, &ItemRef<'_>, i64),
        to: CustomerId,
        apply: &[(ItemKey, i64)],
        effective: Day,
    ) -> Result<Vec<Event>, Refusal> {
        let mut events = Vec::new();
        let (mut asked, mut sum) = (BTreeMap::<ItemId, i64>::new(), 0i64);
        for (item_key, amount) in apply {
            super::decide::positive_amount(*amount)?;
            let item = self.debit_of(item_key, to, receipt.currency())?;
            let earliest = Day(item.doc_date());
            if effective < earliest {
                return Err(Refusal::DateBefore {
                    date: effective,
                    earliest,
                });
            }
            let own = asked.entry(item.id).or_default();
            *own = own.saturating_add(*amount);
            self.not_more_than_open(item_key, &item, *own, effective)?;
            sum = sum.saturating_add(*amount);
            if sum > left {
                return Err(Refusal::MoreThanOpen {
                    item: key.clone(),
                    open: left,
                    asked: sum,
                });
            }
            events.push(Event::Settled(SettlementFact {
                debit: Some(item.id),
                credit: Some(receipt.id),
                amount: *amount,
                effective,
                cause: Cause::Payment,
                standing: self.standing_of_ours(),
            }));
        }
        Ok(events)
    }

    /// Undo: later commits that stay and rest on where a receipt was moved, or not moved, to.
    pub(crate) fn moves_rest(
        &self,
        turned: &BTreeSet<Seq>,
        stays: &impl Fn(Seq) -> bool,
        resting: &mut BTreeSet<Seq>,
    ) {
        for m in &self.recon.moved {
            if turned.contains(&m.commit) {
                let later = |seq: Seq| seq > m.commit && stays(seq) && !turned.contains(&seq);
                // What it pays, and what was paid out of it.
                let used = self
                    .settlements_of(m.receipt)
                    .filter(|s| s.credit == Some(m.receipt));
                let used = used.filter(|s| self.counts(s)).map(|s| s.commit);
                resting.extend(used.filter(|s| later(*s)));
                let again = self.recon.moved.iter().filter(|o| o.receipt == m.receipt);
                resting.extend(again.map(|o| o.commit).filter(|s| later(*s)));
            } else if stays(m.commit)
                && self
                    .item(m.receipt)
                    .is_some_and(|i| turned.contains(&i.commit()))
            {
                resting.insert(m.commit);
            }
        }
    }
}
