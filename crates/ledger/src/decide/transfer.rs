//! A part of a receipt goes over to a receipt of its own, and back (domain.md §5.5, §5.8).

use super::Decision;
use super::receipt::Posting;
use crate::book::Book;
use crate::columns::ItemKind;
use crate::event::{Event, ItemFact, SettlementFact};
use crate::facts::Cause;
use crate::ids::*;
use crate::keys::{FactKey, ItemKey};
use crate::recon::{Onward, ReconEvent};
use crate::refusal::Refusal;
use crate::settlements::Settlement;
use duebook_money::{Currency, Day};
use std::collections::{BTreeMap, BTreeSet};

/// The receipt of which a part goes: in the book, or new in the same commit.
pub(super) struct Giving<'a> {
    pub(super) id: ItemId,
    pub(super) customer: CustomerId,
    pub(super) currency: Currency,
    pub(super) entity: u16,
    /// Number of the receipt, for the reference of the part.
    pub(super) number: &'a str,
    /// Number of the money as it came in: by it the part is numbered.
    pub(super) origin: &'a str,
}

impl Posting {
    /// One part. That it fits into what is left of the receipt is asked before.
    pub(super) fn onward(
        &mut self,
        book: &Book,
        of: &Giving<'_>,
        onward: &Onward,
        effective: Day,
    ) -> Result<(), Refusal> {
        let customer = book.customer_id(&onward.customer)?;
        super::positive(onward.amount)?;
        super::positive(onward.into)?;
        if of.currency == onward.currency {
            if customer == of.customer {
                return Err(Refusal::SameCustomer(customer));
            }
            if onward.amount != onward.into {
                return Err(Refusal::AmountsDiffer {
                    expected: onward.amount,
                    given: onward.into,
                });
            }
        }
        let key = self.part_number(book, of);
        self.events.push(Event::Settled(SettlementFact {
            debit: None,
            credit: Some(of.id),
            amount: onward.amount,
            effective,
            cause: Cause::Transferred,
            standing: self.standing,
        }));
        self.events.push(Event::ItemAdded(ItemFact {
            customer,
            entity: of.entity,
            kind: ItemKind::Receipt as u8,
            number: key.number.clone(),
            line: String::new(),
            doc_date: effective,
            due: effective,
            currency: onward.currency,
            amount: -onward.into,
            reference: of.number.to_owned(),
            po: String::new(),
            standing: self.standing,
        }));
        let to = self.take_id();
        self.events
            .push(Event::Recon(ReconEvent::ReceiptTransferred {
                from: of.id,
                to,
            }));
        let mut applied: i128 = 0;
        for (item_key, amount) in &onward.applications {
            let item = book.debit_of(item_key, customer, onward.currency)?;
            let on = effective.max(Day(item.doc_date()));
            self.ask(book, (item_key, item.id), *amount, on)?;
            applied += i128::from(*amount);
            self.pays(item.id, to, *amount, on);
        }
        if applied > i128::from(onward.into) {
            return Err(Refusal::MoreThanOpen {
                item: key,
                open: onward.into,
                asked: applied.min(i128::from(i64::MAX)) as i64,
            });
        }
        Ok(())
    }

    /// The least number of a part that is free: an undo frees its number.
    fn part_number(&mut self, book: &Book, of: &Giving<'_>) -> ItemKey {
        let entity = self.entity_code(book, of.entity);
        let mut turn = 1u32;
        loop {
            let key = ItemKey {
                entity: entity.clone(),
                credit: true,
                number: format!("{}/T{turn}", of.origin),
                ..ItemKey::default()
            };
            if book.find_item(&key).is_none() && self.takes_number(&key) {
                return key;
            }
            turn += 1;
        }
    }
}

impl Book {
    /// CA-32, domain.md §5.5: applications that were wrong are taken back, and a part of the money goes
    /// over and pays there; one day, one commit.
    pub(crate) fn decide_transfer(
        &self,
        key: &ItemKey,
        take_back: &[FactKey],
        onward: &Onward,
        (effective, today): (Day, Day),
    ) -> Result<Decision, Refusal> {
        let receipt = self.receipt_at(key)?;
        let earliest = self.credit_day(&receipt);
        if effective < earliest {
            return Err(Refusal::DateBefore {
                date: effective,
                earliest,
            });
        }
        // Money dated ahead goes over on its own day at the latest.
        let latest = today.max(earliest);
        if effective > latest {
            return Err(Refusal::DateAfter {
                date: effective,
                latest,
            });
        }
        let mut posting = Posting::new(self);
        for fact in take_back {
            let s = self.application_of(receipt.id, fact, effective)?;
            posting.take_back(self, s, effective);
        }
        let left = self.least_open_from(&receipt, effective).max(0);
        let left = left.saturating_add(posting.freed(receipt.id));
        if onward.amount > left {
            return Err(Refusal::MoreThanOpen {
                item: key.clone(),
                open: left,
                asked: onward.amount,
            });
        }
        let origin = self.item(self.origin(receipt.id));
        let giving = Giving {
            id: receipt.id,
            customer: receipt.customer(),
            currency: receipt.currency(),
            entity: receipt.entity(),
            number: receipt.number(),
            origin: origin.map_or(receipt.number(), |o| o.number()),
        };
        posting.onward(self, &giving, onward, effective)?;
        Ok(posting.events.into())
    }

    /// A receipt that is a part of another goes back with that one.
    pub(crate) fn not_a_part(&self, receipt: ItemId) -> Result<(), Refusal> {
        let Some(t) = self.brought(receipt) else {
            return Ok(());
        };
        Err(Refusal::PartOfAnother {
            part: self.item_key(t.to).unwrap_or_default(),
            of: self.item(t.from).map_or("", |i| i.number()).to_owned(),
        })
    }

    /// What falls with a receipt that is taken back: what counts of its settlements, what was granted
    /// with them, and the same of every part of it; the parts themselves with their amounts. Answers
    /// the first day on which all of it may fall.
    pub(super) fn falls_with(
        &self,
        receipt: ItemId,
        falling: &mut BTreeSet<SettlementId>,
        parts: &mut BTreeMap<ItemId, i64>,
    ) -> Day {
        let mut earliest = Day(i32::MIN);
        for s in self.settlements_of(receipt) {
            if !self.is_live(s.commit) || !self.standing_of(s.id).counts() {
                continue;
            }
            let reversed = self.reversal_of(s.id).map(|r| r.effective);
            earliest = earliest.max(reversed.unwrap_or(s.effective).max(s.effective));
            if reversed.is_some() {
                continue;
            }
            falling.insert(s.id);
            let debit = s.debit.into_iter().flat_map(|d| self.settlements_of(d));
            let granted = debit.filter(|g: &Settlement| {
                let with_it = g.commit == s.commit && g.credit.is_none() && self.counts(g);
                with_it && g.cause.is_granted()
            });
            falling.extend(granted.map(|g| g.id));
            if let Some(t) = self.transfer_by(s.id) {
                parts.insert(t.to, t.into);
                let to = self.item(t.to);
                earliest = earliest.max(to.map_or(t.effective, |to| self.credit_day(&to)));
                earliest = earliest.max(self.falls_with(t.to, falling, parts));
            }
        }
        earliest
    }

    /// What stops counting with a receipt: its settlements, and every part of it with its own.
    pub(super) fn uncounted_with(
        &self,
        receipt: ItemId,
        out: &mut Vec<(Option<ItemId>, Option<SettlementId>)>,
    ) {
        let counting = |s: &Settlement| self.is_live(s.commit) && self.standing_of(s.id).counts();
        for s in self.settlements_of(receipt).filter(counting) {
            out.push((None, Some(s.id)));
            if let Some(t) = self.transfer_by(s.id) {
                out.push((Some(t.to), None));
                self.uncounted_with(t.to, out);
            }
        }
    }
}
