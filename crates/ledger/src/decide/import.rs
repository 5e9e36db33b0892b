//! Files come in: open items, payments, master data.

use super::{Decision, contact_saved, not_empty};
use crate::book::Book;
use crate::columns::{ItemKind, StagedCustomer};
use crate::command::{NewContact, PaymentRow};
use crate::event::{BlockRef, Event, ItemFact, PaymentFact};
use crate::facts::*;
use crate::ids::*;
use crate::import::{Incoming, cbor};
use crate::keys::CustomerKey;
use crate::refusal::{Field, Refusal};
use duebook_money::Currency;
use std::collections::{BTreeMap, BTreeSet};

impl Book {
    pub(super) fn decide_items(
        &self,
        facts: &ImportFacts,
        incoming: &Incoming,
    ) -> Result<Decision, Refusal> {
        not_empty(&facts.source, Field::Source)?;
        self.not_older(facts)?;
        if incoming.totals != facts.totals || incoming.joined_at != self.head() {
            return Err(Refusal::StagingBroken);
        }
        if let Some((item, from, to)) = incoming.currency_changed.first() {
            return Err(Refusal::CurrencyChanged {
                item: *item,
                from: *from,
                to: *to,
            });
        }
        let new: u64 = incoming.segments.iter().map(|(_, s)| s.len() as u64).sum();
        if new == 0 && incoming.changes.is_empty() {
            return Err(Refusal::NothingNew {
                same: incoming.same,
            });
        }
        let Some((head, head_facts)) = &incoming.head else {
            return Err(Refusal::StagingBroken);
        };
        let fits = |s: &crate::columns::Segment| {
            s.is_rectangular()
                && s.customer
                    .iter()
                    .all(|&c| (c as usize) < head_facts.customers.len())
                && s.entity
                    .iter()
                    .all(|&e| (e as usize) < head_facts.entities.len())
                && s.currency
                    .iter()
                    .collect::<BTreeSet<_>>()
                    .iter()
                    .all(|&&c| Currency::from_numeric(c).is_some())
        };
        if !incoming
            .segments
            .iter()
            .all(|(block, s)| fits(s) && block.rows as usize == s.len())
        {
            return Err(Refusal::StagingBroken);
        }
        let segments = incoming.segments.iter().map(|(block, _)| *block).collect();
        let mut events = vec![Event::ItemsImported {
            facts: facts.clone(),
            head: *head,
            segments,
        }];
        if !incoming.changes.is_empty() {
            let changes = incoming.changes.clone();
            events.push(Event::ItemsChanged {
                effective: facts.as_of,
                changes,
            });
        }
        Ok(events.into())
    }

    /// A file older than the last of its source would turn the clock back; as "only these rows" it
    /// may come in on purpose.
    fn not_older(&self, facts: &ImportFacts) -> Result<(), Refusal> {
        let of_source = self
            .imports()
            .filter(|i| i.facts.source == facts.source && i.facts.kind == facts.kind);
        let last = of_source.map(|i| i.facts.as_of).max();
        match last {
            Some(last) if facts.as_of < last && facts.scope != Scope::TheseRows => {
                Err(Refusal::OlderThanLast {
                    as_of: facts.as_of,
                    last,
                })
            }
            _ => Ok(()),
        }
    }

    /// Payments and clearings of a source. A payment on or before the extract that showed the
    /// item explains what was settled by then; it does not reduce what that extract shows open.
    pub(super) fn decide_payments(
        &self,
        facts: &ImportFacts,
        incoming: &Incoming,
    ) -> Result<Decision, Refusal> {
        not_empty(&facts.source, Field::Source)?;
        let source = self.source_index(&facts.source);
        let by_number = self.numbers_of(source, &incoming.payments);
        let known = self.receipt_numbers(source);
        // What each item can still take: (settled before take-on, open now).
        let mut left: BTreeMap<ItemId, (i64, i64)> = BTreeMap::new();
        let mut rows = Vec::new();
        for row in incoming
            .payments
            .iter()
            .filter(|r| !known.contains(r.number.as_str()) || r.number.is_empty())
        {
            rows.extend(self.payment_fact(facts, row, source, &by_number, &mut left)?);
        }
        if rows.is_empty() {
            return Err(Refusal::NothingNew {
                same: incoming.payments.len() as u64,
            });
        }
        let bytes = cbor(&rows);
        let block = BlockRef::of(&bytes, rows.len());
        let event = Event::PaymentsImported {
            facts: facts.clone(),
            block,
        };
        Ok(Decision {
            events: vec![event],
            blocks: vec![bytes],
        })
    }

    fn payment_fact(
        &self,
        facts: &ImportFacts,
        row: &PaymentRow,
        source: Option<u16>,
        by_number: &BTreeMap<&str, Vec<ItemId>>,
        left: &mut BTreeMap<ItemId, (i64, i64)>,
    ) -> Result<Option<PaymentFact>, Refusal> {
        super::positive(row.amount)?;
        let named = row
            .item
            .as_deref()
            .and_then(|n| by_number.get(n))
            .map_or(&[][..], |v| v);
        let wanted = row.customer.as_deref();
        let item = named.iter().copied().find(|&id| {
            self.item(id).is_some_and(|i| {
                let number = self.customer(i.customer()).map(|c| c.number.as_str());
                wanted.is_none() || wanted == number
            })
        });
        let customer = match (item.and_then(|id| self.item(id)), wanted) {
            (Some(i), _) => Some(i.customer()),
            (None, Some(number)) => {
                source.and_then(|s| self.customer_keys.get(&(s, number.to_owned())).copied())
            }
            (None, None) => None,
        };
        let Some(customer) = customer else {
            return Ok(None);
        };
        let found = item.and_then(|id| self.item(id));
        let Some(currency) = row.currency.or(found.map(|i| i.currency())) else {
            return Ok(None);
        };
        let (mut applied, mut from_take_on) = (0, 0);
        if let Some(i) = found.filter(|i| i.currency() == currency && i.recorded_amount() > 0) {
            let taken = i.recorded_amount() - i.recorded_open();
            let (before, open) = left.entry(i.id).or_insert_with(|| {
                let explained: i64 = self
                    .settlements_of(i.id)
                    .filter(|s| s.cause == Cause::TakeOn && self.counts(s))
                    .map(|s| -s.amount)
                    .sum();
                (taken - explained, i.open())
            });
            let as_of = self.as_of_of(i.commit());
            if as_of.is_none_or(|d| row.date <= d) {
                from_take_on = row.amount.min((*before).max(0));
                *before -= from_take_on;
            }
            let rest = (row.amount - from_take_on).min((*open).max(0));
            *open -= rest;
            applied = from_take_on + rest;
        }
        let entity = found.map_or(0, |i| i.entity());
        let receipt = ItemFact {
            customer,
            entity,
            kind: ItemKind::Receipt as u8,
            number: if row.number.is_empty() {
                format!("{}:{}", facts.file, row.line)
            } else {
                row.number.clone()
            },
            line: String::new(),
            doc_date: row.date,
            due: row.date,
            currency,
            amount: -row.amount,
            reference: row.item.clone().unwrap_or_default(),
            po: String::new(),
            standing: Standing::AtSource,
        };
        let item = found.map(|i| i.id).filter(|_| applied > 0);
        let (effective, cause) = (row.date, row.cause);
        Ok(Some(PaymentFact {
            receipt: Some(receipt),
            item,
            applied,
            from_take_on,
            effective,
            cause,
        }))
    }

    /// As-of of the import that a commit was.
    fn as_of_of(&self, seq: Seq) -> Option<duebook_money::Day> {
        self.imports
            .iter()
            .find(|i| i.commit == seq)
            .map(|i| i.facts.as_of)
    }

    /// Live items of a source by document number, for the numbers the rows name.
    fn numbers_of<'a>(
        &self,
        source: Option<u16>,
        rows: &'a [PaymentRow],
    ) -> BTreeMap<&'a str, Vec<ItemId>> {
        let mut wanted: BTreeMap<&str, Vec<ItemId>> = rows
            .iter()
            .filter_map(|r| Some((r.item.as_deref()?, Vec::new())))
            .collect();
        for (number, state) in self.items.segments().iter().enumerate() {
            if Some(state.source) != source {
                continue;
            }
            for row in 0..state.data.len() {
                if state.data.amount[row] > 0
                    && self.is_live(state.recorded.of(row))
                    && let Some(ids) = wanted.get_mut(state.data.number.get(row))
                {
                    ids.push(ItemId::new(number, row));
                }
            }
        }
        wanted
    }

    /// Numbers of the receipts a source has shown: the same payment twice is once.
    fn receipt_numbers(&self, source: Option<u16>) -> BTreeSet<&str> {
        let of_source = self
            .items
            .segments()
            .iter()
            .filter(|s| Some(s.source) == source);
        let receipts = of_source.flat_map(|s| {
            (0..s.data.len())
                .filter(|&r| {
                    s.data.kind[r] == ItemKind::Receipt as u8 && self.is_live(s.recorded.of(r))
                })
                .map(|r| s.data.number.get(r))
        });
        receipts.collect()
    }

    pub(super) fn decide_master(
        &self,
        facts: &ImportFacts,
        customers: &[StagedCustomer],
        contacts: &[NewContact],
    ) -> Result<Decision, Refusal> {
        not_empty(&facts.source, Field::Source)?;
        let source = facts.source.clone();
        let mut added: BTreeMap<String, CustomerId> = BTreeMap::new();
        let mut events = Vec::new();
        for c in customers {
            not_empty(&c.number, Field::Number)?;
            let key = CustomerKey {
                source: source.clone(),
                number: c.number.clone(),
            };
            let found = self.find_customer(&key).or(added.get(&c.number).copied());
            if let Some(id) = found
                && let Some(known) = self.customer_facts(id)
            {
                let merged = crate::apply::merge(known, c);
                if merged != *known {
                    let source = source.clone();
                    events.push(Event::CustomerSaved {
                        customer: id,
                        source,
                        facts: merged,
                    });
                }
                continue;
            }
            let next = CustomerId((self.customers.len() + added.len()) as u32);
            let customer = found.unwrap_or(next);
            added.insert(c.number.clone(), customer);
            events.push(Event::CustomerSaved {
                customer,
                source: source.clone(),
                facts: c.clone(),
            });
        }
        let mut contact = self.contacts.len() as u32;
        for new in contacts {
            let known = self
                .find_customer(&new.customer)
                .or(added.get(&new.customer.number).copied());
            let customer = known.ok_or_else(|| Refusal::UnknownCustomer(new.customer.clone()))?;
            events.push(contact_saved(ContactId(contact), customer, new));
            contact += 1;
        }
        if events.is_empty() {
            return Err(Refusal::NothingNew {
                same: customers.len() as u64,
            });
        }
        Ok(events.into())
    }
}
