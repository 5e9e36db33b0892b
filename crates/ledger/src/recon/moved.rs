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

/// A posting on a receipt, against the moves of that receipt: by accounting date, then by commit.
/// Within the commit of a move what it paid is taken back before it, and all else comes after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostedAt {
    /// Accounting date.
    pub day: Day,
    /// Commit.
    pub commit: Seq,
    /// It takes something back.
    pub back: bool,
}

impl MovedReceipt {
    /// Whether a posting was made before the receipt was moved.
    pub fn is_after(&self, at: PostedAt) -> bool {
        match at.commit == self.commit {
            true => at.back,
            false => (at.day, at.commit) < (self.effective, self.commit),
        }
    }
}

impl Book {
    /// Whose an item was when something was posted on it, by the commits that `live` says are live;
    /// `None` where it was moved by none of them (CA-32: history is never edited).
    pub fn holder(
        &self,
        item: ItemId,
        at: PostedAt,
        live: &impl Fn(Seq) -> bool,
    ) -> Option<CustomerId> {
        let of_it = |m: &&MovedReceipt| m.receipt == item && live(m.commit);
        let mut moves: Vec<&MovedReceipt> = self.recon.moved.iter().filter(of_it).collect();
        duebook_money::order::sort_by_key(&mut moves, |m| (m.effective, m.commit));
        let next = moves.iter().find(|m| m.is_after(at)).map(|m| m.from);
        next.or_else(|| moves.last().map(|m| m.to))
    }

    /// What a move took with it, minor units, positive: what was left of the receipt then, by the
    /// commits that `live` says are live.
    pub fn moved_amount(&self, m: &MovedReceipt, live: &impl Fn(Seq) -> bool) -> i64 {
        let came = self.item(m.receipt).map_or(0, |i| i.recorded_open());
        let done = |day: Day, commit: Seq, back: bool| m.is_after(PostedAt { day, commit, back });
        let mut left = came.saturating_neg();
        for s in self.settlements_of(m.receipt) {
            let counts = live(s.commit) && self.settlements.standing(s.id, live).counts();
            let back = self.settlements.reversal(s.id, live);
            let back = back.filter(|r| r.standing.counts());
            let taken_back = back.is_some_and(|r| done(r.effective, r.commit, true));
            if counts && done(s.effective, s.commit, false) && !taken_back {
                left = left.saturating_sub(s.amount);
            }
        }
        left.max(0)
    }

    /// The first day on which something of a credit may be posted: not before it was there, nor
    /// before it was moved to whose it is.
    pub(crate) fn credit_day(&self, credit: &ItemRef<'_>) -> Day {
        let moves = self.moved_receipts().filter(|m| m.receipt == credit.id);
        let moved = moves.map(|m| m.effective).max();
        Day(credit.doc_date()).max(moved.unwrap_or(Day(i32::MIN)))
    }

    /// Receipts that were moved to another customer and not undone, in log order.
    pub fn moved_receipts(&self) -> impl Iterator<Item = &MovedReceipt> + '_ {
        self.recon.moved.iter().filter(|m| self.is_live(m.commit))
    }

    /// Every move that was recorded, undone or not, in log order: for views as known earlier.
    pub fn moved_receipts_ever(&self) -> &[MovedReceipt] {
        &self.recon.moved
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
        (effective, latest): (Day, Day),
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
        not_before(self.credit_day(&receipt))?;
        // Whose it is today is whose it is in every list of today.
        if effective > latest {
            return Err(Refusal::DateAfter {
                date: effective,
                latest,
            });
        }
        let mut events = Vec::new();
        let mut free = BTreeMap::<ItemId, i64>::new();
        let mut freed = 0i64;
        for s in self.applications(receipt.id) {
            not_before(s.effective)?;
            freed = freed.saturating_add(s.amount);
            let mut falling = self.granted_with(&s);
            falling.insert(0, s);
            for f in &falling {
                let sum = free.entry(f.debit.unwrap_or(receipt.id)).or_default();
                *sum = sum.saturating_add(f.amount);
            }
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
        let there = (to, &free);
        events.extend(self.pays_there((key, &receipt, left), there, apply, effective)?);
        Ok(events.into())
    }

    /// What the receipt pays on the account it is moved to: of an item that it paid there already, as a
    /// parent's money does, what comes free of it too.
    fn pays_there(
        &self,
        (key, receipt, left): (&ItemKey, &ItemRef<'_>, i64),
        (to, free): (CustomerId, &BTreeMap<ItemId, i64>),
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
            let open = self.least_open_from(&item, effective).max(0);
            let open = open.saturating_add(free.get(&item.id).copied().unwrap_or(0));
            if *own > open {
                return Err(Refusal::MoreThanOpen {
                    item: item_key.clone(),
                    open,
                    asked: *own,
                });
            }
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
