//! Payments and cleared items of a source come in.

use super::{Decision, not_empty};
use crate::book::Book;
use crate::columns::{ItemKind, TextField};
use crate::command::PaymentRow;
use crate::event::{BlockRef, Event, ItemFact, PaymentFact};
use crate::facts::*;
use crate::ids::*;
use crate::import::{Incoming, cbor};
use crate::items::ItemRef;
use crate::join::Ours;
use crate::keys::ItemKey;
use crate::refusal::{Field, Refusal};
use crate::settlements::Settlement;
use duebook_money::Day;
use std::collections::{BTreeMap, BTreeSet};

/// In place of an item's number: every row of the payment is known, it is a receipt of ours.
const SAME_MONEY: &str = "\u{0}";

fn confirmed(settlement: SettlementId, facts: &ImportFacts) -> Event {
    Event::StandingSet {
        item: None,
        settlement: Some(settlement),
        standing: Standing::Confirmed,
        reference: facts.file.clone(),
    }
}

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
        let mut fresh = Vec::new();
        for row in &incoming.payments {
            super::positive(row.amount)?;
            let number = file.number(row);
            let item = row.item.clone().unwrap_or_default();
            let ours = known.contains(&(number.as_str(), SAME_MONEY));
            if !ours && !known.contains(&(number.as_str(), item.as_str())) {
                fresh.push((row, number));
            }
        }
        let same = self.same_money(&fresh, &mut file);
        let mut rows = Vec::new();
        for (row, number) in fresh {
            let ours = same.get(&number).copied();
            if let Some(as_we_did) = ours.and_then(|id| self.as_we_did(id, row, &file)) {
                let waits = self.standing_of(as_we_did).is_pending();
                events.extend(waits.then(|| confirmed(as_we_did, facts)));
                continue;
            }
            rows.extend(self.payment_fact(row, number, ours, &mut file));
        }
        self.answer_receipts(&same, &rows, &file, &mut events);
        if rows.is_empty() && events.is_empty() {
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
        ours: Option<ItemId>,
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
        // Of an item that earlier extracts had shown, the extract of the payment's own day shows no
        // fall that it has not explained: it was written before the payment was.
        let seen_before = |r: &Room| r.take_on_day.is_some_and(|day| day < row.date);
        let own_day = told == Some(row.date) && room.as_deref().is_some_and(seen_before);
        let before = told.is_some_and(|day| row.date <= day) && !own_day;
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
            receipt: ours.is_none().then_some(receipt),
            item: payable.map(|i| i.id).filter(|_| applied > 0),
            applied,
            from_take_on,
            effective,
            cause: row.cause,
            explains,
            used_at_source: if before { row.amount - applied } else { 0 },
            ours,
        })
    }

    /// Receipts of ours that payments of the file are, by payment number: one money counts once.
    /// A payment that settles several items is looked for by its whole amount.
    fn same_money(
        &self,
        rows: &[(&PaymentRow, String)],
        file: &mut PaymentFile<'_>,
    ) -> BTreeMap<String, ItemId> {
        let mut ours = Ours::new(self, file.facts);
        let mut totals: BTreeMap<(&str, u32, u16), (i64, Day)> = BTreeMap::new();
        for (row, number) in rows.iter().filter(|(r, _)| r.cause == Cause::Payment) {
            let found = self.item_of_row(row, file);
            let by_number = || {
                let key = (file.source?, row.customer.clone()?);
                self.customer_keys.get(&key).copied()
            };
            let customer = found.map(|i| i.customer()).or_else(by_number);
            let currency = row.currency.or(found.map(|i| i.currency()));
            if let (Some(customer), Some(currency)) = (customer, currency) {
                let key = (number.as_str(), customer.0, currency.numeric());
                let slot = totals.entry(key).or_insert((0, row.date));
                slot.0 = slot.0.saturating_add(row.amount);
            }
        }
        let mut same = BTreeMap::new();
        for ((number, customer, currency), (total, date)) in totals {
            let (customer, amount) = (CustomerId(customer), -total);
            let found = ours.same_money(self, customer, currency, amount, &[number], date);
            if let Some(id) = found {
                same.insert(number.to_owned(), id);
            }
        }
        same
    }

    /// Our settlement by a receipt of ours that says what a row says.
    fn as_we_did(
        &self,
        receipt: ItemId,
        row: &PaymentRow,
        file: &PaymentFile<'_>,
    ) -> Option<SettlementId> {
        let named = file.by_number.get(row.item.as_deref()?)?;
        let says =
            |s: &Settlement| s.amount == row.amount && s.debit.is_some_and(|d| named.contains(&d));
        let counting = self.settlements_of(receipt).filter(|s| self.counts(s));
        counting.filter(says).map(|s| s.id).last()
    }

    /// Receipts of ours are linked to the payments they are; what we settled otherwise is taken
    /// back: the source's allocation counts.
    fn answer_receipts(
        &self,
        same: &BTreeMap<String, ItemId>,
        rows: &[PaymentFact],
        file: &PaymentFile<'_>,
        events: &mut Vec<Event>,
    ) {
        for (number, id) in same {
            let entity = self.item(*id).map_or(0, |i| i.entity());
            let entity = file.entities.get(entity as usize).cloned();
            let key = ItemKey {
                source: file.facts.source.clone(),
                entity: entity.unwrap_or_default(),
                credit: true,
                number: number.clone(),
                ..ItemKey::default()
            };
            events.push(Event::PostingAnswered {
                item: *id,
                key,
                rest: None,
            });
            let theirs = rows.iter().filter(|r| r.ours == Some(*id));
            if !theirs.clone().any(|r| r.item.is_some()) {
                continue;
            }
            let agreed: Vec<SettlementId> = events
                .iter()
                .filter_map(|e| match e {
                    Event::StandingSet { settlement, .. } => *settlement,
                    _ => None,
                })
                .collect();
            let ours = self.settlements_of(*id).filter(|s| {
                self.counts(s)
                    && self.standing_of(s.id).is_pending()
                    && !agreed.contains(&s.id)
                    && s.cause != Cause::Transferred
            });
            let on = theirs
                .map(|r| r.effective)
                .max()
                .unwrap_or(file.facts.as_of);
            let back = ours.map(|s| Event::SettlementReversed {
                settlement: s.id,
                effective: on.max(s.effective),
                standing: s.standing,
            });
            events.extend(back.collect::<Vec<_>>());
        }
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
        for s in self.settlements_of(item.id).filter(|s| self.counts(s)) {
            // TakeOn rows are negative: history that was explained already.
            if s.cause == Cause::TakeOn {
                room.before_take_on += s.amount;
            }
        }
        room.before_take_on = room.before_take_on.max(0);
        room.unexplained = self.unexplained(item.id);
        room.told = room
            .take_on_day
            .max(room.unexplained.last().map(|(d, _)| *d));
        room
    }

    /// Falls of an item that extracts showed without a cause: day and minor units, positive.
    pub(crate) fn unexplained(&self, id: ItemId) -> Vec<(Day, i64)> {
        let mut falls: BTreeMap<Day, i64> = BTreeMap::new();
        let counting = self.settlements_of(id).filter(|s| self.counts(s));
        for s in counting.filter(|s| s.cause == Cause::AtSourceUnknown) {
            *falls.entry(s.effective).or_default() += s.amount;
        }
        falls.into_iter().filter(|(_, a)| *a > 0).collect()
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
        let of_source = self
            .answered()
            .filter(|(key, _)| Some(key.source.as_str()) == source.map(|s| self.source_name(s)));
        known.extend(of_source.map(|(key, _)| (key.number.as_str(), SAME_MONEY)));
        (known, parts)
    }
}
