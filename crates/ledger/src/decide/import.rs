//! Files come in: open items, payments, master data.

use super::{Decision, contact_saved, not_empty};
use crate::book::Book;
use crate::columns::{ItemKind, StagedCustomer, TextField};
use crate::command::{NewContact, PaymentRow};
use crate::event::{BlockRef, Event, ItemFact, PaymentFact};
use crate::facts::*;
use crate::ids::*;
use crate::import::{Incoming, cbor};
use crate::items::ItemRef;
use crate::keys::CustomerKey;
use crate::refusal::{Field, Refusal};
use duebook_money::{Currency, Day};
use std::collections::{BTreeMap, BTreeSet};

/// What an item can still take from payments.
#[derive(Debug, Clone)]
struct Room {
    open: i64,
    before_take_on: i64,
    take_on_day: Option<Day>,
    /// The last day of which an extract has told of this item.
    told: Option<Day>,
    /// Falls that extracts showed without a cause: day, minor units.
    unexplained: Vec<(Day, i64)>,
}

/// A file of payments while it is decided.
struct PaymentFile<'a> {
    facts: &'a ImportFacts,
    source: Option<u16>,
    by_number: BTreeMap<&'a str, Vec<ItemId>>,
    last_as_of: Option<Day>,
    last_whole: Option<Day>,
    room: BTreeMap<ItemId, Room>,
    entities: Vec<String>,
    parts: BTreeMap<String, u32>,
}

impl PaymentFile<'_> {
    /// A payment's own number, or where it stands in its file.
    fn number(&self, row: &PaymentRow) -> String {
        if row.number.is_empty() {
            format!("{}:{}", self.facts.file, row.line)
        } else {
            row.number.clone()
        }
    }
    fn entity(&mut self, code: &str) -> u16 {
        // A file that does not say belongs to the first entity there is.
        let found = self.entities.iter().position(|e| e == code);
        let found = found.or((code.is_empty() && !self.entities.is_empty()).then_some(0));
        found.unwrap_or_else(|| {
            self.entities.push(code.to_owned());
            self.entities.len() - 1
        }) as u16
    }
    /// A payment that settles several items comes in parts: each is an item with a line of its own.
    fn part_of(&mut self, number: &str) -> String {
        let part = self.parts.entry(number.to_owned()).or_default();
        *part += 1;
        if *part == 1 {
            String::new()
        } else {
            part.to_string()
        }
    }
}

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
            // An older file taken on purpose changes what is known from the newest extract on: put
            // before it, it would count on top of what that extract has shown already.
            let effective = self.last_as_of(&facts.source, false).unwrap_or(facts.as_of);
            events.push(Event::ItemsChanged {
                effective: effective.max(facts.as_of),
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

    /// The last day of which extracts of open items of a source have told; `whole` asks for those
    /// that show everything open.
    fn last_as_of(&self, source: &str, whole: bool) -> Option<Day> {
        let items = |i: &&crate::book::Import| {
            i.facts.kind == ImportKind::OpenItems && (!whole || i.facts.scope == Scope::Everything)
        };
        let of_source = self.imports().filter(|i| i.facts.source == source);
        of_source.filter(items).map(|i| i.facts.as_of).max()
    }

    /// Payments and clearings of a source. What extracts have shown as settled by a payment's day
    /// it explains, and does not reduce again; what it pays beyond that it reduces only where it
    /// is later than the last extract. A receipt that extracts since do not show as open is used.
    pub(super) fn decide_payments(
        &self,
        facts: &ImportFacts,
        incoming: &Incoming,
    ) -> Result<Decision, Refusal> {
        not_empty(&facts.source, Field::Source)?;
        let source = self.source_index(&facts.source);
        let mut events = Vec::new();
        let mut file = PaymentFile {
            facts,
            source,
            by_number: self.numbers_of(source, &incoming.payments),
            last_as_of: self.last_as_of(&facts.source, false),
            last_whole: self.last_as_of(&facts.source, true),
            room: BTreeMap::new(),
            entities: self.entities.clone(),
            parts: BTreeMap::new(),
        };
        let (known, parts) = self.receipts_known(source);
        file.parts = parts;
        let mut rows = Vec::new();
        for row in &incoming.payments {
            super::positive(row.amount)?;
            let number = file.number(row);
            let item = row.item.clone().unwrap_or_default();
            if known.contains(&(number.as_str(), item.as_str())) {
                continue;
            }
            rows.extend(self.payment_fact(row, number, &mut file));
        }
        if rows.is_empty() {
            return Err(Refusal::NothingNew {
                same: incoming.payments.len() as u64,
            });
        }
        let added = file.entities.drain(self.entities.len()..);
        events.extend(added.map(|code| Event::EntityAdded { code }));
        let bytes = cbor(&rows);
        let block = BlockRef::of(&bytes, rows.len());
        events.push(Event::PaymentsImported {
            facts: facts.clone(),
            block,
        });
        Ok(Decision {
            events,
            blocks: vec![bytes],
        })
    }

    /// `None` for a row that names neither an item nor a customer that is known, or an amount
    /// without a currency.
    fn payment_fact(
        &self,
        row: &PaymentRow,
        number: String,
        file: &mut PaymentFile<'_>,
    ) -> Option<PaymentFact> {
        let found = self.item_of_row(row, file);
        let customer = match (&found, row.customer.as_deref()) {
            (Some(i), _) => i.customer(),
            (None, Some(number)) => {
                let key = (file.source?, number.to_owned());
                let id = self.customer_keys.get(&key).copied()?;
                self.customer_facts(id).map(|_| id)?
            }
            (None, None) => return None,
        };
        let currency = row.currency.or(found.map(|i| i.currency()))?;
        let entity = match found {
            Some(i) => i.entity(),
            None => file.entity(row.entity.as_deref().unwrap_or("")),
        };
        let payable = found.filter(|i| i.currency() == currency && i.recorded_amount() > 0);
        let earliest = payable.map_or(row.date, |i| Day(i.doc_date()));
        let effective = row.date.max(earliest);
        let room = payable.map(|i| {
            let room = file.room.entry(i.id);
            room.or_insert_with(|| self.room_of(&i))
        });
        // Days up to which extracts have told: of the item, or of the source at all.
        let told = match &room {
            Some(room) => room.told.max(file.last_whole),
            None => file.last_as_of,
        };
        let before = told.is_some_and(|day| row.date <= day);
        let (mut from_take_on, mut explains, mut rest) = (0, Vec::new(), 0);
        if let Some(room) = room {
            if room.take_on_day.is_none_or(|day| row.date <= day) {
                from_take_on = row.amount.min(room.before_take_on);
                room.before_take_on -= from_take_on;
            }
            let mut left = row.amount - from_take_on;
            for (day, amount) in &mut room.unexplained {
                let part = left.min(*amount);
                if row.date <= *day && part > 0 {
                    explains.push((*day, part));
                    *amount -= part;
                    left -= part;
                }
            }
            if !before {
                rest = left.min(room.open);
                room.open -= rest;
            }
        }
        let explained: i64 = explains.iter().map(|(_, a)| a).sum();
        let applied = from_take_on + explained + rest;
        let receipt = ItemFact {
            customer,
            entity,
            kind: ItemKind::Receipt as u8,
            line: file.part_of(&number),
            number,
            doc_date: row.date,
            due: row.date,
            currency,
            amount: -row.amount,
            reference: row.item.clone().unwrap_or_default(),
            po: String::new(),
            standing: Standing::AtSource,
        };
        Some(PaymentFact {
            receipt: Some(receipt),
            item: payable.map(|i| i.id).filter(|_| applied > 0),
            applied,
            from_take_on,
            effective,
            cause: row.cause,
            explains,
            used_at_source: if before { row.amount - applied } else { 0 },
        })
    }

    /// The item a row names: the earliest due of those with room, else the first.
    fn item_of_row(&self, row: &PaymentRow, file: &PaymentFile<'_>) -> Option<ItemRef<'_>> {
        let named = file.by_number.get(row.item.as_deref()?)?;
        let wanted = row.customer.as_deref();
        let entity = row.entity.as_deref();
        let fits = |i: &ItemRef<'_>| {
            let number = self.customer(i.customer()).map(|c| c.number.as_str());
            let code = self.entities.get(i.entity() as usize).map(|e| e.as_str());
            (wanted.is_none() || wanted == number) && (entity.is_none() || entity == code)
        };
        let all = named.iter().filter_map(|id| self.item(*id)).filter(fits);
        all.min_by_key(|i| {
            let room = file.room.get(&i.id).cloned();
            let room = room.unwrap_or_else(|| self.room_of(i));
            let full = room.open + room.before_take_on == 0 && room.unexplained.is_empty();
            (full, self.due_of(i), i.id)
        })
    }

    fn room_of(&self, item: &ItemRef<'_>) -> Room {
        let mut room = Room {
            open: item.open().max(0),
            before_take_on: item.recorded_amount() - item.recorded_open(),
            take_on_day: self.told_by(item.commit()),
            told: None,
            unexplained: Vec::new(),
        };
        let mut unexplained: BTreeMap<Day, i64> = BTreeMap::new();
        for s in self.settlements_of(item.id).filter(|s| self.counts(s)) {
            match s.cause {
                // TakeOn rows are negative: history that was explained already.
                Cause::TakeOn => room.before_take_on += s.amount,
                Cause::AtSourceUnknown => *unexplained.entry(s.effective).or_default() += s.amount,
                _ => {}
            }
        }
        room.before_take_on = room.before_take_on.max(0);
        room.unexplained = unexplained.into_iter().filter(|(_, a)| *a > 0).collect();
        room.told = room
            .take_on_day
            .max(room.unexplained.last().map(|(d, _)| *d));
        room
    }

    /// As-of of the extract that showed what is open. A list of invoices tells what was billed, not
    /// what is open: payments of any day reduce its items.
    fn told_by(&self, seq: Seq) -> Option<Day> {
        let import = self.imports.iter().find(|i| i.commit == seq)?;
        (import.facts.kind != ImportKind::Invoices).then_some(import.facts.as_of)
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

    /// Payments a source has shown, by number and the item they name: the same row twice is once.
    /// Beside them, per number, how many parts there are.
    fn receipts_known(
        &self,
        source: Option<u16>,
    ) -> (BTreeSet<(&str, &str)>, BTreeMap<String, u32>) {
        let (mut known, mut parts) = (BTreeSet::new(), BTreeMap::new());
        for (number, s) in self.items.segments().iter().enumerate() {
            if Some(s.source) != source {
                continue;
            }
            for row in 0..s.data.len() {
                let receipt = s.data.kind[row] == ItemKind::Receipt as u8;
                if receipt
                    && self.is_live(s.recorded.of(row))
                    && let Some(item) = self.item(ItemId::new(number, row))
                {
                    known.insert((item.number(), item.text(&TextField::Reference)));
                    *parts.entry(item.number().to_owned()).or_default() += 1;
                }
            }
        }
        (known, parts)
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
        for (contact, new) in (self.contacts.len() as u32..).zip(contacts) {
            let known = self
                .find_customer(&new.customer)
                .or(added.get(&new.customer.number).copied());
            let customer = known.ok_or_else(|| Refusal::UnknownCustomer(new.customer.clone()))?;
            events.push(contact_saved(ContactId(contact), customer, new));
        }
        if events.is_empty() {
            return Err(Refusal::NothingNew {
                same: customers.len() as u64,
            });
        }
        Ok(events.into())
    }
}
