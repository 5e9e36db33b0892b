//! A book driven by commands, for the tests of the read models.
#![allow(
    dead_code,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::result_large_err
)]

use duebook_ledger::apply::{Delta, Stamp};
use duebook_ledger::columns::{ItemKind, NO_DAY, Segment, StagedCustomer, TextColumn};
use duebook_ledger::command::*;
use duebook_ledger::event::{BlockRef, Event};
use duebook_ledger::facts::*;
use duebook_ledger::import::{Bulk, Head, Incoming, cbor, totals};
use duebook_ledger::join::{Disposition, Join};
use duebook_ledger::keys::{CustomerKey, FactKey, ItemKey};
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Body, Book, Command, Context, Refusal, Seq, Uid};
use duebook_money::{Currency, Day};
use duebook_policy::PromisePolicy;
use std::rc::Rc;

pub fn day(text: &str) -> Day {
    let mut parts = text.split('-').map(|p| p.parse::<i32>().expect("a number"));
    let mut next = || parts.next().expect("three parts");
    let (y, m, d) = (next(), next(), next());
    Day::from_ymd(y, m as u8, d as u8).expect("a day")
}

/// One row of an open-item file.
#[derive(Clone, Debug)]
pub struct Row {
    pub customer: &'static str,
    pub number: String,
    pub kind: ItemKind,
    pub doc: Option<Day>,
    pub due: Option<Day>,
    pub currency: Currency,
    pub amount: i64,
    pub open: i64,
    pub entity: &'static str,
}

impl Row {
    pub fn new(customer: &'static str, number: &str, doc: &str, due: &str, amount: i64) -> Self {
        let kind = if amount < 0 {
            ItemKind::CreditMemo
        } else {
            ItemKind::Invoice
        };
        Row {
            customer,
            number: number.to_owned(),
            kind,
            doc: Some(day(doc)),
            due: Some(day(due)),
            currency: Currency::EUR,
            amount,
            open: amount,
            entity: "1000",
        }
    }
    pub fn open(self, open: i64) -> Self {
        Row { open, ..self }
    }
}

/// Files staged for the decision: what the platform's reader would hand over.
pub fn stage(
    book: &Book,
    facts: &ImportFacts,
    rows: &[Row],
) -> (Incoming, ControlTotals, Vec<Vec<u8>>) {
    let mut head = Head::default();
    let mut segment = Segment {
        number: TextColumn::default(),
        ..Segment::default()
    };
    for (line, row) in rows.iter().enumerate() {
        let found = head.customers.iter().position(|c| c.number == row.customer);
        let customer = found.unwrap_or_else(|| {
            head.customers.push(StagedCustomer {
                number: row.customer.to_owned(),
                name: format!("Customer {}", row.customer),
                ..StagedCustomer::default()
            });
            head.customers.len() - 1
        });
        let found = head.entities.iter().position(|e| e == row.entity);
        let entity = found.unwrap_or_else(|| {
            head.entities.push(row.entity.to_owned());
            head.entities.len() - 1
        });
        segment.customer.push(customer as u32);
        segment.entity.push(entity as u16);
        segment.currency.push(row.currency.numeric());
        segment.kind.push(row.kind as u8);
        segment.doc_date.push(row.doc.map_or(NO_DAY, |d| d.0));
        segment.due.push(row.due.map_or(NO_DAY, |d| d.0));
        segment.amount.push(row.amount);
        segment.open.push(row.open);
        segment.line.push(line as u32 + 2);
        segment.number.push(&row.number);
    }
    let all = [Rc::new(segment.clone())];
    let totals = totals(&all);
    let join = Join::whole(book, facts, &head, [&segment]);
    let kept = segment.filtered(|r| join.dispositions[0][r] == Disposition::New);
    let mut bytes = Vec::new();
    let mut segments = Vec::new();
    if !kept.is_empty() {
        let block = duebook_ledger::block::encode(&kept);
        segments.push((BlockRef::of(&block, kept.len()), Rc::new(kept)));
        bytes.push(block);
    }
    let block = cbor(&head);
    let head = Some((BlockRef::of(&block, head.customers.len()), Rc::new(head)));
    let mut incoming = Incoming {
        head,
        segments,
        totals: totals.clone(),
        joined_at: book.head(),
        ..Incoming::default()
    };
    incoming.joined(join);
    (incoming, totals, bytes)
}

/// The facts of an open-item file.
pub fn import_facts(as_of: Day, scope: Scope, totals: ControlTotals) -> ImportFacts {
    ImportFacts {
        scope,
        totals,
        ..ImportFacts::new(ImportKind::OpenItems, "ERP", "open.csv", as_of)
    }
}

/// A payment of the file of payments.
pub fn pay_row(customer: &str, item: &str, on: &str, amount: i64) -> PaymentRow {
    PaymentRow {
        customer: Some(customer.into()),
        entity: None,
        item: Some(item.into()),
        number: format!("PAY-{item}"),
        date: day(on),
        currency: None,
        amount,
        cause: Cause::Payment,
        line: 2,
    }
}

pub struct Desk {
    pub book: Book,
    pub today: Day,
    /// What is confirmed of the next files.
    pub confirmed: Vec<Confirmed>,
    next: u32,
}

impl Desk {
    pub fn new(own_ledger: bool, today: &str) -> Self {
        let mut desk = Desk {
            book: Book::default(),
            today: day(today),
            confirmed: Vec::new(),
            next: 0,
        };
        desk.run(Command::OpenBook {
            name: "Test".into(),
            currency: Currency::EUR,
            own_ledger,
            sample: false,
        });
        desk
    }
    pub fn at(&mut self, today: &str) -> &mut Self {
        self.today = day(today);
        self
    }
    pub fn run(&mut self, command: Command) -> Delta {
        self.try_run(command, Incoming::default())
            .expect("not refused")
    }
    pub fn try_run(&mut self, command: Command, incoming: Incoming) -> Result<Delta, Refusal> {
        self.next += 1;
        let mut id = [0u8; 16];
        id[..4].copy_from_slice(&self.next.to_le_bytes());
        let context = Context {
            command_id: Uid(id),
            recorded_at: i64::from(self.today.0) * 86_400_000,
            ledger_date: self.today,
            actor: "Tester".into(),
        };
        let decision = self.book.decide(&context, &command, &incoming)?;
        let mut bulk = Bulk::default();
        if let Some((block, head)) = &incoming.head {
            bulk.heads.insert(block.digest, head.clone());
        }
        for (block, segment) in &incoming.segments {
            bulk.segments.insert(block.digest, segment.clone());
        }
        let mut blocks = decision.blocks.iter();
        for event in &decision.events {
            let added = match event {
                Event::PaymentsImported { block, .. } => {
                    bulk.add_payments(*block, blocks.next().expect("its block"))
                }
                Event::StatementImported { block, .. } => {
                    bulk.add_statement(*block, blocks.next().expect("its block"))
                }
                _ => Ok(()),
            };
            added.expect("its own bytes");
        }
        let stamp = Stamp {
            seq: Seq(self.book.head().0 + 1),
            command: context.command_id,
            recorded_at: context.recorded_at,
            ledger_date: context.ledger_date,
            actor: context.actor,
        };
        let body = Body {
            command,
            events: decision.events,
        };
        let delta = self.book.apply(&stamp, &body, &mut bulk);
        let delta = delta.expect("all blocks are there");
        self.book.index_all();
        Ok(delta)
    }
    /// Takes in an open-item file as of a day.
    pub fn import(&mut self, as_of: &str, scope: Scope, rows: &[Row]) -> Result<Delta, Refusal> {
        let mut facts = import_facts(day(as_of), scope, ControlTotals::default());
        let (incoming, totals, _) = stage(&self.book, &facts, rows);
        facts.totals = totals;
        facts.confirmed = self.confirmed.clone();
        self.try_run(Command::ImportItems(facts), incoming)
    }
    pub fn pay_file(&mut self, as_of: &str, rows: Vec<PaymentRow>) -> Result<Delta, Refusal> {
        let facts = ImportFacts::new(ImportKind::Payments, "ERP", "paid.csv", day(as_of));
        let incoming = Incoming {
            payments: rows,
            joined_at: self.book.head(),
            ..Incoming::default()
        };
        self.try_run(Command::ImportPayments(facts), incoming)
    }
    pub fn customer(&mut self, number: &str) {
        self.run(Command::SaveCustomer {
            customer: own(number),
            facts: StagedCustomer {
                number: number.into(),
                name: format!("Customer {number}"),
                ..StagedCustomer::default()
            },
        });
    }
    pub fn issue(
        &mut self,
        customer: &str,
        kind: ItemKind,
        number: &str,
        doc: &str,
        instalments: &[(&str, i64)],
    ) -> Delta {
        self.run(Command::IssueDocument(IssueDocument {
            customer: own(customer),
            entity: "1000".into(),
            kind: kind as u8,
            number: number.into(),
            doc_date: day(doc),
            currency: Currency::EUR,
            amount: instalments.iter().map(|i| i.1).sum(),
            instalments: instalments.iter().map(|(d, a)| (day(d), *a)).collect(),
            reference: String::new(),
            po: String::new(),
        }))
    }
    pub fn receipt(
        &mut self,
        customer: CustomerKey,
        number: &str,
        value_date: &str,
        amount: i64,
        to: &[(ItemKey, i64)],
    ) -> Delta {
        self.run(Command::RecordReceipt(RecordReceipt {
            customer,
            entity: "1000".into(),
            number: number.into(),
            value_date: day(value_date),
            currency: Currency::EUR,
            amount,
            reference: String::new(),
            applications: to.to_vec(),
        }))
    }
    pub fn promise(&mut self, customer: CustomerKey, lines: &[(Option<ItemKey>, i64, &str)]) {
        let line = |(item, amount, date): &(Option<ItemKey>, i64, &str)| NewPromiseLine {
            item: item.clone(),
            amount: *amount,
            date: day(date),
        };
        self.run(Command::TakePromise {
            customer,
            promise: NewPromise {
                currency: Currency::EUR,
                lines: lines.iter().map(line).collect(),
                method: None,
                evidence: None,
            },
        });
    }
    pub fn promise_policy(&mut self, grace_days: u16, per_mille: u16, count_unapplied: bool) {
        self.run(Command::SetPolicy(PolicyChange::Promises(PromisePolicy {
            grace_days,
            threshold_per_mille: per_mille,
            count_unapplied,
        })));
    }
    /// The key of the last commit's promise, to end it.
    pub fn last_promise(&self) -> FactKey {
        self.book.promises().last().expect("a promise").key
    }
}

pub fn own(number: &str) -> CustomerKey {
    CustomerKey {
        source: String::new(),
        number: number.into(),
    }
}

pub fn erp(number: &str) -> CustomerKey {
    CustomerKey {
        source: "ERP".into(),
        number: number.into(),
    }
}

pub fn item(number: &str, line: &str) -> ItemKey {
    ItemKey {
        entity: "1000".into(),
        number: number.into(),
        line: line.into(),
        ..ItemKey::default()
    }
}

pub fn credit(number: &str) -> ItemKey {
    ItemKey {
        credit: true,
        ..item(number, "")
    }
}

pub fn erp_item(number: &str) -> ItemKey {
    ItemKey {
        source: "ERP".into(),
        ..item(number, "")
    }
}
