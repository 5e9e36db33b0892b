//! What a command would do, before it is done: documents and sums before and after, from the events
//! that deciding made. Nothing is applied.

use duebook_ledger::cases::CaseEvent;
use duebook_ledger::cases::resolve::{Proposed, RequestEvent, Resolution, measures};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::event::Event;
use duebook_ledger::facts::CollectorField;
use duebook_ledger::{Book, ItemId};
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;

/// A document before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLine {
    /// Its number, with the line where it has one.
    pub number: String,
    /// It is made by the command.
    pub is_new: bool,
    /// Open before, minor units.
    pub before: i64,
    /// Open after.
    pub after: i64,
    /// From when it ages.
    pub ages_from: Option<Day>,
    /// Due.
    pub due: Option<Day>,
}

/// What a command would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// Currency of all of it.
    pub currency: Option<Currency>,
    /// Documents it touches or makes.
    pub lines: Vec<PreviewLine>,
    /// Change of what is owed in all.
    pub owed: i128,
    /// Change of net billed by the documents proposed.
    pub net: i128,
    /// Change of tax, by code.
    pub tax: Vec<(String, i128)>,
    /// Documents it proposes or issues.
    pub proposed: Vec<Proposed>,
    /// The resolution itself, where it is one.
    pub what: Option<Resolution>,
    /// It waits for approval: nothing is posted yet.
    pub waits: bool,
}

/// The preview of decided events.
pub fn preview(book: &Book, events: &[Event]) -> Preview {
    let mut out = Preview::default();
    let mut moved: BTreeMap<ItemId, i64> = BTreeMap::new();
    let mut made: Vec<(PreviewLine, Option<ItemId>)> = Vec::new();
    let mut new_ids: Vec<ItemId> = Vec::new();
    let (mut posted, mut requested) = (false, false);
    for event in events {
        if let Event::Case(CaseEvent::Request(said)) = event {
            match &**said {
                RequestEvent::Made(fact) => {
                    requested = true;
                    out.currency = Some(fact.currency);
                    out.proposed = fact.proposed.clone();
                    out.what = Some(fact.asked.what.clone());
                }
                RequestEvent::Posted(_, p) => {
                    posted = true;
                    new_ids.extend(&p.items);
                }
                _ => {}
            }
        }
    }
    out.waits = requested && !posted;
    let mut ids = new_ids.into_iter();
    for event in events {
        match event {
            Event::ItemAdded(fact) => {
                let number = match fact.line.is_empty() {
                    true => fact.number.clone(),
                    false => format!("{}/{}", fact.number, fact.line),
                };
                let line = PreviewLine {
                    number,
                    is_new: true,
                    before: 0,
                    after: fact.amount,
                    ages_from: Some(fact.due),
                    due: Some(fact.due),
                };
                made.push((line, ids.next()));
            }
            Event::Settled(fact) => {
                for (item, amount) in [(fact.debit, -fact.amount), (fact.credit, fact.amount)] {
                    if let Some(item) = item {
                        *moved.entry(item).or_default() += amount;
                    }
                }
            }
            Event::SettlementReversed { settlement, .. } => {
                if let Some(s) = book.settlements().get(*settlement) {
                    for (item, amount) in [(s.debit, s.amount), (s.credit, -s.amount)] {
                        if let Some(item) = item {
                            *moved.entry(item).or_default() += amount;
                        }
                    }
                }
            }
            Event::FieldSet {
                item,
                field: CollectorField::AgingAnchor,
                value,
            } => {
                let day = duebook_money::date::parse_iso_bytes(value.as_bytes());
                let found = made.iter_mut().find(|(_, id)| *id == Some(*item));
                if let Some((line, _)) = found {
                    line.ages_from = day.or(line.ages_from);
                }
            }
            _ => {}
        }
    }
    for (item, change) in &moved {
        if let Some((line, _)) = made.iter_mut().find(|(_, id)| *id == Some(*item)) {
            line.after += change;
            continue;
        }
        let (Some(known), Some(key)) = (book.item(*item), book.item_key(*item)) else {
            continue;
        };
        let before = known.open();
        if *change == 0 {
            continue;
        }
        let due = duebook_ledger::items::day(book.due_of(&known));
        out.currency = out.currency.or(Some(known.currency()));
        out.lines.push(PreviewLine {
            number: match key.line.is_empty() {
                true => key.number,
                false => format!("{}/{}", key.number, key.line),
            },
            is_new: false,
            before,
            after: before.saturating_add(*change),
            ages_from: due,
            due,
        });
    }
    out.lines.extend(made.into_iter().map(|(line, _)| line));
    let change = |l: &PreviewLine| i128::from(l.after) - i128::from(l.before);
    out.owed = out.lines.iter().map(change).sum();
    let mut taxes: BTreeMap<String, i128> = BTreeMap::new();
    for document in &out.proposed {
        let kind = ItemKind::from_u8(document.kind);
        let sign = if kind.is_some_and(ItemKind::is_credit) {
            -1
        } else {
            1
        };
        let (net, tax) = measures(&document.lines);
        out.net += sign * net;
        for (code, amount) in tax {
            *taxes.entry(code.to_owned()).or_default() += sign * amount;
        }
    }
    out.tax = taxes
        .into_iter()
        .filter(|(_, amount)| *amount != 0)
        .collect();
    out
}
