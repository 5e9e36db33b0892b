//! Receipts and what they pay; many of them in one commit see each other.

use super::{Decision, not_empty, positive};
use crate::book::Book;
use crate::columns::{ItemKind, SEGMENT_ROWS};
use crate::command::RecordReceipt;
use crate::event::{Event, ItemFact, SettlementFact};
use crate::facts::*;
use crate::ids::*;
use crate::keys::ItemKey;
use crate::refusal::{Field, Refusal};
use duebook_money::Day;
use std::collections::{BTreeMap, BTreeSet};

/// The receipts of one commit while it is decided.
pub(super) struct Posting {
    /// What is decided so far.
    pub(super) events: Vec<Event>,
    /// The id that the next receipt will have.
    next: ItemId,
    standing: Standing,
    /// Entities that are new with this commit.
    entities: Vec<String>,
    numbers: BTreeSet<(String, String)>,
    /// What is asked of each item and credit so far.
    asked: BTreeMap<ItemId, i64>,
}

impl Posting {
    pub(super) fn new(book: &Book) -> Posting {
        Posting {
            events: Vec::new(),
            next: book.items.next_loose(crate::items::OWN),
            standing: book.standing_of_ours(),
            entities: Vec::new(),
            numbers: BTreeSet::new(),
            asked: BTreeMap::new(),
        }
    }

    /// What is asked of an item so far, minor units.
    pub(super) fn asked_of(&self, id: ItemId) -> i64 {
        self.asked.get(&id).copied().unwrap_or(0)
    }

    fn entity(&mut self, book: &Book, code: &str) -> u16 {
        let known = book.entities.iter().chain(&self.entities);
        let found = known.into_iter().position(|e| e == code);
        found.unwrap_or_else(|| {
            self.entities.push(code.to_owned());
            self.events.push(Event::EntityAdded {
                code: code.to_owned(),
            });
            book.entities.len() + self.entities.len() - 1
        }) as u16
    }

    /// Asks for a part of what is open of an item from a day on.
    fn ask(
        &mut self,
        book: &Book,
        (key, id): (&ItemKey, ItemId),
        amount: i64,
        from: Day,
    ) -> Result<(), Refusal> {
        positive(amount)?;
        let total = self.asked.entry(id).or_default();
        *total = total.saturating_add(amount);
        let item = book
            .item(id)
            .ok_or_else(|| Refusal::UnknownItem(key.clone()))?;
        book.not_more_than_open(key, &item, *total, from)
    }

    /// CA-01: what is applied never exceeds the receipt; the rest is unapplied. `credits` are taken
    /// by the payer with the payment, `granted` is let go with it. Answers the receipt's id.
    pub(super) fn receipt(
        &mut self,
        book: &Book,
        r: &RecordReceipt,
        credits: &[(ItemKey, ItemKey, i64)],
        granted: &[(ItemKey, Cause, i64)],
    ) -> Result<ItemId, Refusal> {
        let customer = book.customer_id(&r.customer)?;
        not_empty(&r.number, Field::Number)?;
        positive(r.amount)?;
        book.number_is_free(&r.entity, true, &r.number, "")?;
        let own = ItemKey {
            entity: r.entity.clone(),
            number: r.number.clone(),
            credit: true,
            ..ItemKey::default()
        };
        if !self.numbers.insert((r.entity.clone(), r.number.clone())) {
            return Err(Refusal::NumberTaken(own));
        }
        let standing = self.standing;
        let entity = self.entity(book, &r.entity);
        self.events.push(Event::ItemAdded(ItemFact {
            customer,
            entity,
            kind: ItemKind::Receipt as u8,
            number: r.number.clone(),
            line: String::new(),
            doc_date: r.value_date,
            due: r.value_date,
            currency: r.currency,
            amount: -r.amount,
            reference: r.reference.clone(),
            po: String::new(),
            standing,
        }));
        let receipt = self.next;
        self.next = if receipt.row() + 1 < SEGMENT_ROWS {
            ItemId::new(receipt.segment(), receipt.row() + 1)
        } else {
            ItemId::new(receipt.segment() + 1, 0)
        };
        let settled = |debit, credit, amount, effective, cause| {
            Event::Settled(SettlementFact {
                debit: Some(debit),
                credit,
                amount,
                effective,
                cause,
                standing,
            })
        };
        let mut applied: i128 = 0;
        for (key, amount) in &r.applications {
            positive(*amount)?;
            let item = book.debit_of(key, customer, r.currency)?;
            let effective = r.value_date.max(Day(item.doc_date()));
            self.ask(book, (key, item.id), *amount, effective)?;
            applied += i128::from(*amount);
            let event = settled(item.id, Some(receipt), *amount, effective, Cause::Payment);
            self.events.push(event);
        }
        if applied > i128::from(r.amount) {
            return Err(Refusal::MoreThanOpen {
                item: ItemKey {
                    entity: String::new(),
                    ..own
                },
                open: r.amount,
                asked: applied.min(i128::from(i64::MAX)) as i64,
            });
        }
        for (credit_key, key, amount) in credits {
            let credit_id = book.item_id(credit_key)?;
            let credit = book
                .item(credit_id)
                .filter(|c| c.recorded_amount() < 0)
                .ok_or_else(|| Refusal::WrongSide(credit_key.clone()))?;
            let item = book.debit_of(key, credit.customer(), r.currency)?;
            let earliest = book.credit_day(&credit).max(Day(item.doc_date()));
            let effective = r.value_date.max(earliest);
            let cause = match credit.kind() {
                ItemKind::CreditMemo => Cause::Credit,
                _ => Cause::Payment,
            };
            self.ask(book, (credit_key, credit_id), *amount, effective)?;
            self.ask(book, (key, item.id), *amount, effective)?;
            let event = settled(item.id, Some(credit_id), *amount, effective, cause);
            self.events.push(event);
        }
        for (key, cause, amount) in granted {
            if !cause.is_granted() {
                return Err(Refusal::WrongSide(key.clone()));
            }
            let item = book.debit_of(key, customer, r.currency)?;
            let effective = r.value_date.max(Day(item.doc_date()));
            self.ask(book, (key, item.id), *amount, effective)?;
            let event = settled(item.id, None, *amount, effective, *cause);
            self.events.push(event);
        }
        Ok(receipt)
    }
}

impl Book {
    pub(super) fn decide_receipt(&self, r: &RecordReceipt) -> Result<Decision, Refusal> {
        let mut posting = Posting::new(self);
        posting.receipt(self, r, &[], &[])?;
        Ok(posting.events.into())
    }
}
