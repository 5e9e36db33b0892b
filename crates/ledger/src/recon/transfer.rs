//! A part of a receipt that goes over to a receipt of its own (domain.md §5.5, §5.8): another customer's
//! money, or money in one currency that pays in another. The part leaves the one by a settlement with
//! no debit, and the other begins with it on the same day, so that no day counts it twice.

use crate::apply::Delta;
use crate::book::Book;
use crate::facts::Cause;
use crate::ids::*;
use crate::keys::{CustomerKey, ItemKey};
use crate::settlements::Settlement;
use crate::violations::Violation;
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};

/// What of a receipt goes over, and what it pays there. The two amounts are the agreed rate: none is
/// stored beside them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Onward {
    /// Whose money it is there.
    #[n(0)]
    pub customer: CustomerKey,
    /// What leaves the receipt, minor units of its currency, positive.
    #[n(1)]
    pub amount: i64,
    /// The currency it is in there.
    #[n(2)]
    pub currency: Currency,
    /// What it is there, minor units of `currency`, positive; in one currency what leaves.
    #[n(3)]
    pub into: i64,
    /// What it pays there: item and minor units of `currency`, positive. The rest waits there.
    #[n(4)]
    pub applications: Vec<(ItemKey, i64)>,
}

/// A part of a receipt that went over to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// Commit.
    pub commit: Seq,
    /// What took it off the one.
    pub settlement: SettlementId,
    /// Of which receipt.
    pub from: ItemId,
    /// To which.
    pub to: ItemId,
    /// Accounting date of both.
    pub effective: Day,
    /// What left, minor units of the one, positive.
    pub amount: i64,
    /// What came, minor units of the other, positive.
    pub into: i64,
}

impl Book {
    /// How a receipt came from another one; `None` for money that came in from outside.
    pub fn brought(&self, receipt: ItemId) -> Option<&Transfer> {
        match self.recon.transfers.is_empty() {
            true => None,
            false => self.recon.transfers.get(&receipt),
        }
    }
    /// The receipt that came in from outside and of which this one is a part; itself where it is none.
    pub fn origin(&self, receipt: ItemId) -> ItemId {
        let mut at = receipt;
        // A part is added after what it is a part of.
        while let Some(t) = self.brought(at).filter(|t| t.from < at) {
            at = t.from;
        }
        at
    }
    /// What a settlement took over to another receipt.
    pub fn transfer_by(&self, settlement: SettlementId) -> Option<&Transfer> {
        let to = self.recon.transferred_by.get(&settlement)?;
        self.recon.transfers.get(to)
    }
    /// Every transfer that was recorded, undone or not, by the receipt it went to.
    pub fn transfers_ever(&self) -> impl Iterator<Item = &Transfer> + '_ {
        self.recon.transfers.values()
    }
    /// What of a receipt has gone over to others and counts, minor units, positive.
    pub fn transferred(&self, receipt: ItemId) -> i64 {
        if self.recon.transfers.is_empty() {
            return 0;
        }
        let gone = self.settlements_of(receipt);
        let gone = gone.filter(|s| self.counts(s) && self.transfer_by(s.id).is_some());
        gone.fold(0, |sum, s| sum.saturating_add(s.amount))
    }

    /// An amount of a receipt, signed, without what has gone over to others.
    pub(crate) fn left_after_parts(&self, receipt: ItemId, amount: i64) -> i64 {
        amount.saturating_add(self.transferred(receipt))
    }

    pub(super) fn receipt_transferred(
        &mut self,
        seq: Seq,
        from: ItemId,
        to: ItemId,
        delta: &mut Delta,
    ) {
        let taken = |s: &Settlement| s.commit == seq && s.cause == Cause::Transferred;
        let Some(taken) = self.settlements_of(from).find(taken) else {
            return;
        };
        let into = self
            .item(to)
            .map_or(0, |i| i.recorded_amount().saturating_neg());
        let transfer = Transfer {
            commit: seq,
            settlement: taken.id,
            from,
            to,
            effective: taken.effective,
            amount: taken.amount,
            into,
        };
        let owners = [from, to].map(|id| self.item(id).map(|i| i.customer()));
        let recon = std::rc::Rc::make_mut(&mut self.recon);
        recon.transfers.insert(to, transfer);
        recon.transferred_by.insert(taken.id, to);
        delta.customers.extend(owners.into_iter().flatten());
    }

    /// CA-01 over two receipts: what left the one is what came to the other, on one day; they count
    /// together; what was taken back left the other again; nothing else is transferred.
    pub(super) fn check_transfers(&self, out: &mut Vec<Violation>) {
        let live = |s: Seq| self.is_live(s);
        for t in self.recon.transfers.values() {
            let (Some(from), Some(to)) = (self.item(t.from), self.item(t.to)) else {
                out.push(Violation::Transfer(t.to));
                continue;
            };
            let taken = self.settlements.get(t.settlement);
            let one = from.currency() == to.currency();
            let sound = taken.is_some_and(|s| {
                let facts = (s.credit, s.debit, s.cause, s.commit);
                facts == (Some(t.from), None, Cause::Transferred, t.commit)
                    && (s.amount, s.effective) == (t.amount, Day(to.doc_date()))
                    && to.recorded_open() == t.into.saturating_neg()
                    && t.into > 0
                    && (!one || t.amount == t.into)
                    && to.commit() == t.commit
            });
            // By the other it goes back whole, and by nothing else.
            let back = self.settlements_of(t.to).filter(|s| {
                self.counts(s) && s.cause == Cause::Transferred && self.transfer_by(s.id).is_none()
            });
            let back: i64 = back.map(|s| s.amount).sum();
            let stands = self.settlements.standing(t.settlement, &live).counts();
            let reversed = self.reversal_of(t.settlement);
            let reversed = reversed.is_some_and(|r| r.standing.counts());
            let closed = if stands && reversed { t.into } else { 0 };
            let together = !live(t.commit) || (stands == to.standing().counts() && back == closed);
            if !sound || !together {
                out.push(Violation::Transfer(t.to));
            }
        }
        let lone = self.settlements.iter().filter(|s| {
            let known = || s.credit.is_some_and(|c| self.brought(c).is_some());
            s.cause == Cause::Transferred && self.transfer_by(s.id).is_none() && !known()
        });
        out.extend(lone.map(|s| Violation::WrongSide(s.id)));
    }
}
