//! The days of the portfolio: files come in as extracts are taken, collectors work in between.

use crate::customers::Client;
use crate::erp::{Doc, Erp};
use crate::figures::Figures;
use crate::portfolio::{Ask, Builder, SOURCE, SampleText};
use crate::trade::Schedule;
use crate::work::Desk;
use duebook_ledger::Command;
use duebook_ledger::block::encode;
use duebook_ledger::columns::{Segment, StrColumn, TextColumn, TextField};
use duebook_ledger::command::{NewContact, PaymentRow};
use duebook_ledger::event::BlockRef;
use duebook_ledger::facts::{ControlTotals, ImportFacts, ImportKind};
use duebook_ledger::import::{Head, Incoming, cbor, numeric_part, totals};
use duebook_ledger::join::{Disposition, Join};
use duebook_ledger::keys::{CustomerKey, FactKey, ItemKey};
use duebook_ledger::policy::PolicyChange;
use duebook_money::{Currency, Day};
use duebook_policy::RateTable;
use duebook_policy::rates::Rate;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Who brings files in.
pub(crate) const DATA_DESK: &str = "Data desk";
/// Files come in late in the evening UTC; on the last day before anybody's midnight.
const EVENING: i32 = 23 * 60 + 15;
pub(crate) const LAST_EVENING: i32 = 10 * 60;

pub(crate) fn customer_key(client: &Client) -> CustomerKey {
    CustomerKey {
        source: SOURCE.to_owned(),
        number: client.facts.number.clone(),
    }
}

pub(crate) fn item_key(client: &Client, doc: &Doc) -> ItemKey {
    ItemKey {
        source: SOURCE.to_owned(),
        entity: client.entity.to_owned(),
        credit: doc.kind.is_credit(),
        number: doc.number.clone(),
        year: String::new(),
        line: doc.line.clone(),
    }
}

/// Two years, day by day.
pub(crate) fn live(b: &mut Builder, schedule: &Schedule) {
    let first = schedule.first();
    let mut desk = Desk::new(b, schedule.last());
    for day in (-100..=0).map(|n| first.plus(n)) {
        b.erp.run(day);
    }
    open(b, &mut desk, first);
    let mut told: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
    for (i, r) in b.erp.receipts.iter().enumerate() {
        if r.day > first {
            told.entry(r.told).or_default().push(i);
        }
    }
    let mut before = first;
    for day in (first.0 + 1..=schedule.last().0).map(Day) {
        b.erp.run(day);
        if day == day.quarter_start() {
            rates(b, first, day);
        }
        desk.day(b, day);
        if schedule.0.binary_search(&day).is_ok() {
            let minute = if day == schedule.last() {
                LAST_EVENING
            } else {
                EVENING
            };
            let of_file: Vec<usize> = told
                .range(before.plus(1)..=day)
                .flat_map(|(_, r)| r.iter().copied())
                .collect();
            payments(b, day, minute, &of_file);
            items(b, day, minute + 5);
            master(b, &mut desk, day, minute + 10);
            before = day;
        }
        crate::reporting::freeze(b, (day, schedule.last()), EVENING + 25);
    }
    for (currency, minor) in b.erp.balances(&b.clients) {
        let command = Command::SetControlBalance {
            currency,
            as_of: schedule.last(),
            minor,
            source: "Sample ERP, general ledger 1200".to_owned(),
        };
        b.ask(Ask::new(
            schedule.last(),
            LAST_EVENING + 20,
            DATA_DESK,
            command,
        ));
    }
    desk.eve(b, schedule.last(), LAST_EVENING + 25);
    crate::cases::cases(b, &mut desk, schedule.last());
    crate::reporting::finish(b, schedule.last(), LAST_EVENING + 36);
    crate::shift::evening(b, schedule.last());
    finish(b);
}

fn finish(b: &mut Builder) {
    let figures = &mut b.figures;
    for client in &b.clients {
        Figures::bump(&mut figures.customers, client.currency);
        Figures::bump(&mut figures.countries, client.place.code);
    }
    for step in &b.steps {
        Figures::bump(&mut figures.commands, step.command.kind());
    }
    figures.documents = b.erp.docs.iter().filter(|d| d.born).count() as u32;
}

fn open(b: &mut Builder, desk: &mut Desk, first: Day) {
    let begin = Command::OpenBook {
        name: "Sample portfolio".to_owned(),
        currency: Currency::USD,
        own_ledger: false,
        sample: true,
    };
    b.ask(Ask::new(first, EVENING - 30, DATA_DESK, begin));
    rates(b, first, first);
    items(b, first, EVENING);
    master(b, desk, first, EVENING + 10);
}

/// Units of US dollars in hundred-thousandths.
const RATES: [(u16, i64); 6] = [
    (crate::places::EUR, 108_500),
    (crate::places::GBP, 126_700),
    (crate::places::INR, 1_190),
    (crate::places::JPY, 662),
    (crate::places::AED, 27_229),
    (crate::places::KWD, 325_400),
];

/// The rates of every quarter up to now: a table replaces the one before.
fn rates(b: &mut Builder, first: Day, day: Day) {
    let mut table = RateTable::new(Currency::USD);
    // Valid for the documents that were there when the book began, too.
    let mut from = first.plus(-120);
    while from <= day {
        for (i, (code, value)) in RATES.into_iter().enumerate() {
            // A drift of up to 3 % that only the quarter and the currency decide.
            let quarter = i64::from(from.year()) * 4 + i64::from(from.quarter());
            let drift = (quarter * 37 + i as i64 * 23) % 61 - 30;
            let pegged = matches!(code, crate::places::AED);
            let value = value + if pegged { 0 } else { value * drift / 1_000 };
            // Positive, foreign and of one day each: never refused.
            let _ = table.add(Rate {
                currency: crate::places::currency(code),
                from,
                value: Decimal::new(value, 5),
                source: "sample".to_owned(),
            });
        }
        from = from.quarter_end().plus(1);
    }
    let command = Command::SetPolicy(PolicyChange::Rates(table));
    b.ask(Ask::new(day, 30, DATA_DESK, command));
}

/// Master data of the customers that extracts have shown and no master file yet.
fn master(b: &mut Builder, desk: &mut Desk, day: Day, minute: i32) {
    let first = desk.contacts.iter().all(|c| c.is_none());
    let is_new = |i: &usize| {
        let known = b.erp.of[*i].iter().any(|d| b.erp.docs[*d].shown);
        desk.contacts[*i].is_none() && (known || first && b.clients[*i].since <= day)
    };
    let new: Vec<usize> = (0..b.clients.len()).filter(is_new).collect();
    if new.is_empty() {
        return;
    }
    let mut people: Vec<(NewContact, SampleText)> = Vec::new();
    let mut counts = Vec::new();
    for &i in &new {
        let client = b.clients[i].clone();
        counts.push(client.people.len());
        for person in &client.people {
            let Some(text) = b.text(&person.details) else {
                continue;
            };
            let contact = NewContact {
                customer: customer_key(&client),
                role: person.role.to_owned(),
                zone: client.facts.zone.clone(),
                language: Some(client.place.language.to_owned()),
                details: text.reference,
            };
            people.push((contact, text));
        }
    }
    let (contacts, texts) = people.into_iter().unzip();
    let facts = import_facts(
        ImportKind::MasterData,
        "customers",
        day,
        ControlTotals {
            count: new.len() as u64,
            ..ControlTotals::default()
        },
    );
    let customers = new.iter().map(|i| b.clients[*i].facts.clone()).collect();
    let command = Command::ImportMasterData {
        facts,
        customers,
        contacts,
    };
    let Some((_, id)) = b.ask(Ask::new(day, minute, DATA_DESK, command).with(texts)) else {
        return;
    };
    let mut ordinal = 0;
    for (i, count) in new.into_iter().zip(counts) {
        let keys = (0..count).map(|n| contact_key(id, ordinal + n as u32));
        desk.contacts[i] = Some(keys.collect());
        ordinal += count as u32;
    }
}

/// The n-th contact person that a command recorded.
pub(crate) fn contact_key(command: duebook_ledger::Uid, n: u32) -> FactKey {
    const CONTACTS: u32 = 1;
    FactKey {
        command,
        ordinal: CONTACTS << 24 | n,
    }
}

fn import_facts(kind: ImportKind, name: &str, day: Day, totals: ControlTotals) -> ImportFacts {
    ImportFacts {
        as_of_minute: Some(22 * 60),
        totals,
        ..ImportFacts::new(kind, SOURCE, &format!("{name}_{day}.csv"), day)
    }
}

fn payments(b: &mut Builder, day: Day, minute: i32, receipts: &[usize]) {
    let mut rows = Vec::new();
    let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
    let mut hash = 0;
    for &r in receipts {
        let receipt = &b.erp.receipts[r];
        for paid in receipt.rows.iter().filter(|p| p.amount > 0) {
            let doc = match paid.doc {
                Ok(doc) | Err(doc) => &b.erp.docs[doc],
            };
            let client = &b.clients[doc.client];
            *sums.entry(client.currency).or_default() += paid.amount;
            hash = (hash + numeric_part(receipt.number.as_bytes())) % 1_000_000_000;
            rows.push(PaymentRow {
                customer: Some(client.facts.number.clone()),
                entity: Some(client.entity.to_owned()),
                item: paid.doc.ok().map(|_| doc.number.clone()),
                number: receipt.number.clone(),
                date: receipt.day,
                currency: Some(client.currency),
                amount: paid.amount,
                cause: paid.cause,
                line: rows.len() as u32 + 2,
            });
        }
    }
    if rows.is_empty() {
        return;
    }
    b.figures.payments += rows.len() as u32;
    let totals = ControlTotals {
        count: rows.len() as u64,
        sums: sums.into_iter().collect(),
        hash_total: hash,
    };
    let facts = import_facts(ImportKind::Payments, "payments", day, totals);
    let mut ask = Ask::new(day, minute, DATA_DESK, Command::ImportPayments(facts));
    ask.incoming.payments = rows;
    b.ask(ask);
}

/// The rows of an extract as staging makes them.
fn stage(clients: &[Client], erp: &Erp, rows: &[usize]) -> (Head, Segment) {
    let mut head = Head::default();
    let mut segment = Segment::default();
    let mut ordinals: BTreeMap<usize, u32> = BTreeMap::new();
    let fields = [
        TextField::Reference,
        TextField::Po,
        TextField::Terms,
        TextField::ReceivableType,
        TextField::Line,
        TextField::DocType,
    ];
    let mut texts: Vec<TextColumn> = vec![TextColumn::default(); fields.len()];
    for (n, &row) in rows.iter().enumerate() {
        let doc = &erp.docs[row];
        let client = &clients[doc.client];
        let customer = *ordinals.entry(doc.client).or_insert_with(|| {
            // An extract of open items names the customer and its terms, no more.
            head.customers
                .push(duebook_ledger::columns::StagedCustomer {
                    number: client.facts.number.clone(),
                    name: client.facts.name.clone(),
                    terms: client.facts.terms.clone(),
                    ..Default::default()
                });
            head.customers.len() as u32 - 1
        });
        let known = head.entities.iter().position(|e| e == client.entity);
        let entity = known.unwrap_or_else(|| {
            head.entities.push(client.entity.to_owned());
            head.entities.len() - 1
        });
        segment.customer.push(customer);
        segment.entity.push(entity as u16);
        segment.currency.push(client.currency.numeric());
        segment.kind.push(doc.kind as u8);
        segment.doc_date.push(doc.date.0);
        segment.due.push(doc.due.0);
        segment.amount.push(doc.amount);
        segment.open.push(doc.open);
        segment.line.push(n as u32 + 2);
        segment.number.push(&doc.number);
        let terms = client.facts.terms.as_deref().unwrap_or("");
        let of_row = [
            &doc.reference,
            &doc.po,
            terms,
            doc.receivable,
            &doc.line,
            doc_type(doc),
        ];
        for (column, text) in texts.iter_mut().zip(of_row) {
            column.push(text);
        }
    }
    let columns = fields.into_iter().zip(texts);
    segment.texts = columns.map(|(f, c)| (f, StrColumn::Plain(c))).collect();
    (head, segment)
}

fn doc_type(doc: &Doc) -> &'static str {
    use duebook_ledger::columns::ItemKind::*;
    match doc.kind {
        Invoice => "RV",
        DebitMemo => "DR",
        CreditMemo => "DG",
        Receipt => "DZ",
        LateCharge => "DI",
        OnAccount => "DA",
    }
}

/// An extract of open items meets the book.
fn items(b: &mut Builder, day: Day, minute: i32) {
    let rows = b.erp.extract();
    let (head, segment) = stage(&b.clients, &b.erp, &rows);
    b.book.index_all();
    let segment = Rc::new(segment);
    let totals = totals(std::slice::from_ref(&segment));
    let facts = import_facts(ImportKind::OpenItems, "open_items", day, totals.clone());
    let join = Join::whole(&b.book, &facts, &head, [&*segment]);
    let is_new = |row: usize| join.dispositions[0][row] == Disposition::New;
    let new = segment.filtered(is_new);
    if new.is_empty() && join.changes.is_empty() && join.answers.is_empty() {
        return;
    }
    let head_bytes = cbor(&head);
    let head_block = BlockRef::of(&head_bytes, head.customers.len());
    let mut blocks = vec![(head_block, head_bytes)];
    let mut segments = Vec::new();
    if !new.is_empty() {
        let bytes = encode(&new);
        let block = BlockRef::of(&bytes, new.len());
        blocks.push((block, bytes));
        segments.push((block, Rc::new(new)));
    }
    let mut ask = Ask::new(day, minute, DATA_DESK, Command::ImportItems(facts));
    ask.incoming = Incoming {
        head: Some((head_block, Rc::new(head))),
        segments,
        totals,
        joined_at: b.book.head(),
        ..Incoming::default()
    };
    ask.incoming.joined(join);
    ask.blocks = blocks;
    b.ask(ask);
    b.book.index_all();
}
