//! Receipts and what they pay; many of them in one commit see each other.

use super::transfer::Giving;
use super::{Decision, not_empty, positive};
use crate::book::Book;
use crate::columns::{ItemKind, SEGMENT_ROWS};
use crate::command::RecordReceipt;
use crate::event::{Event, ItemFact, SettlementFact};
use crate::facts::*;
use crate::ids::*;
use crate::keys::ItemKey;
use crate::recon::Onward;
use crate::refusal::{Field, Refusal};
use crate::settlements::Settlement;
use duebook_money::Day;
use std::collections::{BTreeMap, BTreeSet};

/// What comes with a receipt beside what it pays.
#[derive(Default)]
pub(super) struct With<'a> {
    /// Credits that the payer took: credit, item, minor units.
    pub(super) credits: &'a [(ItemKey, ItemKey, i64)],
    /// What is let go: item, cause, minor units.
    pub(super) granted: &'a [(ItemKey, Cause, i64)],
    /// Parts that go over to receipts of their own.
    pub(super) onward: &'a [Onward],
}

/// The receipts of one commit while it is decided.
pub(super) struct Posting {
    /// What is decided so far.
    pub(super) events: Vec<Event>,
    /// The id that the next receipt will have.
    next: ItemId,
    pub(super) standing: Standing,
    /// Entities that are new with this commit.
    entities: Vec<String>,
    numbers: BTreeSet<(String, String)>,
    /// What is asked of each item and credit so far.
    asked: BTreeMap<ItemId, i64>,
    /// What comes free of each by what is taken back.
    free: BTreeMap<ItemId, i64>,
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
            free: BTreeMap::new(),
        }
    }

    /// What is taken back of an item or receipt so far, minor units.
    pub(super) fn freed(&self, id: ItemId) -> i64 {
        self.free.get(&id).copied().unwrap_or(0)
    }

    /// Takes an application back, with what was granted with it.
    pub(super) fn take_back(&mut self, book: &Book, s: Settlement, effective: Day) {
        let mut falling = book.granted_with(&s);
        falling.insert(0, s);
        for f in falling {
            for item in [f.debit, f.credit].into_iter().flatten() {
                let sum = self.free.entry(item).or_default();
                *sum = sum.saturating_add(f.amount);
            }
            self.events.push(Event::SettlementReversed {
                settlement: f.id,
                effective,
                standing: self.standing,
            });
        }
    }

    /// The id of the receipt just added.
    pub(super) fn take_id(&mut self) -> ItemId {
        let taken = self.next;
        self.next = if taken.row() + 1 < SEGMENT_ROWS {
            ItemId::new(taken.segment(), taken.row() + 1)
        } else {
            ItemId::new(taken.segment() + 1, 0)
        };
        taken
    }

    /// Whether a number is not given to another receipt of this commit; it is now.
    pub(super) fn takes_number(&mut self, key: &ItemKey) -> bool {
        self.numbers
            .insert((key.entity.clone(), key.number.clone()))
    }

    /// The code of an entity, new ones included.
    pub(super) fn entity_code(&self, book: &Book, entity: u16) -> String {
        let mut known = book.entities.iter().chain(&self.entities);
        known.nth(usize::from(entity)).cloned().unwrap_or_default()
    }

    /// Money pays an item.
    pub(super) fn pays(&mut self, item: ItemId, receipt: ItemId, amount: i64, effective: Day) {
        self.events.push(Event::Settled(SettlementFact {
            debit: Some(item),
            credit: Some(receipt),
            amount,
            effective,
            cause: Cause::Payment,
            standing: self.standing,
        }));
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
    pub(super) fn ask(
        &mut self,
        book: &Book,
        (key, id): (&ItemKey, ItemId),
        amount: i64,
        from: Day,
    ) -> Result<(), Refusal> {
        positive(amount)?;
        let total = self.asked.entry(id).or_default();
        *total = total.saturating_add(amount);
        let total = *total;
        let item = book
            .item(id)
            .ok_or_else(|| Refusal::UnknownItem(key.clone()))?;
        let open = book.least_open_from(&item, from).max(0);
        let open = open.saturating_add(self.freed(id));
        if total > open {
            return Err(Refusal::MoreThanOpen {
                item: key.clone(),
                open,
                asked: total,
            });
        }
        Ok(())
    }

    /// CA-01: what is applied never exceeds the receipt; the rest is unapplied. `credits` are taken
    /// by the payer with the payment, `granted` is let go with it, `onward` goes over to receipts of
    /// their own. Answers the receipt's id.
    pub(super) fn receipt(
        &mut self,
        book: &Book,
        r: &RecordReceipt,
        With {
            credits,
            granted,
            onward,
        }: With<'_>,
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
        if !self.takes_number(&own) {
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
        let receipt = self.take_id();
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
            self.pays(item.id, receipt, *amount, effective);
        }
        let applied = onward
            .iter()
            .fold(applied, |sum, o| sum + i128::from(o.amount));
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
        let giving = Giving {
            id: receipt,
            customer,
            currency: r.currency,
            entity,
            number: &r.number,
            origin: &r.number,
        };
        for part in onward {
            self.onward(book, &giving, part, r.value_date)?;
        }
        Ok(receipt)
    }
}

impl Book {
    pub(super) fn decide_receipt(&self, r: &RecordReceipt) -> Result<Decision, Refusal> {
        let mut posting = Posting::new(self);
        posting.receipt(self, r, With::default())?;
        Ok(posting.events.into())
    }
}
