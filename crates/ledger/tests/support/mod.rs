//! Given / when / then for a book: a `Story` decides, encodes, decodes and applies like the app,
//! keeps the log, and asks for violations after every commit.
#![allow(dead_code)] // each test file uses its part
#![allow(clippy::unwrap_used, clippy::result_large_err)]

mod cases;
pub mod kept;
mod words;

#[allow(unused_imports)] // each test file uses its part
pub use cases::*;
pub use words::*;

use duebook_ledger::apply::{Delta, Stamp};
use duebook_ledger::columns::*;
use duebook_ledger::command::*;
use duebook_ledger::event::BlockRef;
use duebook_ledger::facts::*;
use duebook_ledger::import::*;
use duebook_ledger::join::{Disposition, Join};
use duebook_ledger::keys::*;
use duebook_ledger::statements::{StatementFacts, StatementLine};
use duebook_ledger::*;
use duebook_money::{Currency, Day};
use std::rc::Rc;

pub fn day(y: i32, m: u8, d: u8) -> Day {
    Day::from_ymd(y, m, d).unwrap()
}

pub fn uid(n: u32) -> Uid {
    let mut id = [0u8; 16];
    id[..4].copy_from_slice(&n.to_le_bytes());
    Uid(id)
}

pub fn text(n: u32, words: &str) -> TextRef {
    TextRef::of(uid(1_000_000 + n), &[n as u8; 32], words)
}

/// Kinds of stored blocks of a commit.
#[derive(Debug, Clone, PartialEq)]
pub enum Stored {
    Head(BlockRef, Vec<u8>),
    Segment(BlockRef, Vec<u8>),
    Payments(BlockRef, Vec<u8>),
    Statement(BlockRef, Vec<u8>),
}

/// One commit as stored.
#[derive(Debug, Clone)]
pub struct Record {
    pub stamp: Stamp,
    pub body: Vec<u8>,
    pub blocks: Vec<Stored>,
}

pub fn bulk_of(blocks: &[Stored]) -> Bulk {
    let mut bulk = Bulk::default();
    for block in blocks {
        match block {
            Stored::Head(r, bytes) => bulk.add_head(*r, bytes).unwrap(),
            Stored::Segment(r, bytes) => bulk.add_segment(*r, bytes).unwrap(),
            Stored::Payments(r, bytes) => bulk.add_payments(*r, bytes).unwrap(),
            Stored::Statement(r, bytes) => bulk.add_statement(*r, bytes).unwrap(),
        }
    }
    bulk
}

pub fn replay(log: &[Record]) -> Book {
    let mut book = Book::default();
    for record in log {
        let body = Body::decode(&record.body).unwrap();
        book.apply(&record.stamp, &body, &mut bulk_of(&record.blocks))
            .unwrap();
    }
    book
}

/// A row of a source's open-item file.
#[derive(Debug, Clone)]
pub struct Row {
    pub customer: &'static str,
    pub number: String,
    pub credit: bool,
    pub doc: Day,
    pub due: Option<Day>,
    pub amount: i64,
    pub open: i64,
    pub currency: Currency,
}

pub fn row(
    customer: &'static str,
    number: &str,
    doc: Day,
    due: Day,
    amount: i64,
    open: i64,
) -> Row {
    Row {
        customer,
        number: number.to_owned(),
        credit: amount < 0,
        doc,
        due: Some(due),
        amount,
        open,
        currency: Currency::EUR,
    }
}

/// Rows as `exchange` stages them.
pub fn staged(rows: &[Row]) -> (Head, Vec<Rc<Segment>>) {
    let (mut head, mut s) = (Head::default(), Segment::default());
    head.entities.push("1000".into());
    for (n, r) in rows.iter().enumerate() {
        let known = head.customers.iter().position(|c| c.number == r.customer);
        let customer = known.unwrap_or_else(|| {
            head.customers.push(StagedCustomer {
                number: r.customer.into(),
                name: format!("Customer {}", r.customer),
                parent: r.customer.split_once('/').map(|(p, _)| p.to_owned()),
                ..StagedCustomer::default()
            });
            head.customers.len() - 1
        });
        s.customer.push(customer as u32);
        s.entity.push(0);
        s.currency.push(r.currency.numeric());
        s.kind.push(if r.credit {
            ItemKind::CreditMemo as u8
        } else {
            ItemKind::Invoice as u8
        });
        s.doc_date.push(r.doc.0);
        s.due.push(r.due.map_or(NO_DAY, |d| d.0));
        s.amount.push(r.amount);
        s.open.push(r.open);
        s.line.push(n as u32 + 2);
        s.number.push(&r.number);
    }
    (head, vec![Rc::new(s)])
}

pub struct Story {
    pub book: Book,
    pub log: Vec<Record>,
    pub today: Day,
    pub source: &'static str,
    /// What is confirmed of the next files.
    pub confirmed: Vec<Confirmed>,
    /// Receipts of ours that the next files do not show.
    pub other_money: Vec<ItemKey>,
    /// Items whose rows are left out of the next files.
    pub passed_over: Vec<ItemKey>,
    /// The time of day of the next files.
    pub minute: Option<u16>,
    /// Who works.
    pub actor: &'static str,
    next: u32,
}

/// A book whose owner posts the ledger himself.
pub fn own_book() -> Story {
    Story::begin(true)
}

/// A book that follows a source.
pub fn following_book() -> Story {
    Story::begin(false)
}

impl Story {
    fn begin(own_ledger: bool) -> Story {
        let mut story = Story {
            book: Book::default(),
            log: Vec::new(),
            today: day(2026, 1, 1),
            source: "ERP",
            confirmed: Vec::new(),
            other_money: Vec::new(),
            passed_over: Vec::new(),
            minute: None,
            actor: "Asha",
            next: 1,
        };
        story.when(Command::OpenBook {
            name: "Test".into(),
            currency: Currency::EUR,
            own_ledger,
            sample: false,
        });
        story
    }

    // ---- when ----

    pub fn context(&self) -> Context {
        Context {
            command_id: uid(self.next),
            recorded_at: 1_767_225_600_000 + i64::from(self.next) * 60_000,
            ledger_date: self.today,
            actor: self.actor.into(),
        }
    }
    /// Another copy of the book, in which somebody else goes on.
    pub fn copy(&self, actor: &'static str, next: u32) -> Story {
        Story {
            book: replay(&self.log),
            log: self.log.clone(),
            today: self.today,
            source: self.source,
            confirmed: self.confirmed.clone(),
            other_money: self.other_money.clone(),
            passed_over: self.passed_over.clone(),
            minute: self.minute,
            actor,
            next,
        }
    }

    /// The command goes through.
    pub fn when(&mut self, command: Command) -> Seq {
        let label = format!("{command:?}");
        match self.try_with(command, &Incoming::default(), Vec::new()) {
            Ok((seq, _)) => seq,
            Err(refusal) => panic!("refused: {refusal:?}\n{label}"),
        }
    }
    pub fn attempt(&mut self, command: Command) -> Result<Seq, Refusal> {
        self.try_with(command, &Incoming::default(), Vec::new())
            .map(|(seq, _)| seq)
    }
    /// The command is refused, and the book is as it was.
    pub fn refuses(&mut self, command: Command) -> Refusal {
        let head = self.book.head();
        let label = format!("{command:?}");
        let refusal = self.attempt(command);
        assert_eq!(self.book.head(), head, "not refused: {label}");
        refusal.unwrap_err()
    }
    pub fn try_with(
        &mut self,
        command: Command,
        incoming: &Incoming,
        mut blocks: Vec<Stored>,
    ) -> Result<(Seq, Delta), Refusal> {
        let context = self.context();
        let decision = self.book.decide(&context, &command, incoming)?;
        self.next += 1;
        let mut bytes = decision.blocks.into_iter();
        for event in &decision.events {
            match event {
                Event::PaymentsImported { block, .. } => {
                    blocks.push(Stored::Payments(*block, bytes.next().unwrap()));
                }
                Event::StatementImported { block, .. } => {
                    blocks.push(Stored::Statement(*block, bytes.next().unwrap()));
                }
                _ => {}
            }
        }
        let body = Body {
            command,
            events: decision.events,
        };
        let stored = body.encode();
        let decoded = Body::decode(&stored).unwrap();
        assert_eq!(decoded, body, "what is stored is what was decided");
        let stamp = Stamp {
            seq: Seq(self.book.head().0 + 1),
            command: context.command_id,
            recorded_at: context.recorded_at,
            ledger_date: context.ledger_date,
            actor: context.actor,
        };
        let delta = self
            .book
            .apply(&stamp, &decoded, &mut bulk_of(&blocks))
            .unwrap();
        let seq = stamp.seq;
        self.log.push(Record {
            stamp,
            body: stored,
            blocks,
        });
        assert_eq!(self.book.violations(), [], "after {:?}", body.command);
        Ok((seq, delta))
    }

    pub fn undo(&mut self, commit: Seq) -> Seq {
        self.when(Command::Undo { commit })
    }
    pub fn customer(&mut self, number: &str) {
        self.customer_of(number, None);
    }
    pub fn customer_of(&mut self, number: &str, parent: Option<&str>) {
        let facts = StagedCustomer {
            name: format!("Customer {number}"),
            parent: parent.map(str::to_owned),
            ..StagedCustomer::default()
        };
        self.when(Command::SaveCustomer {
            customer: own_customer(number),
            facts,
        });
    }
    pub fn invoice(&mut self, c: &str, n: &str, doc: Day, parts: &[(Day, i64)]) -> Seq {
        self.when(document(c, n, ItemKind::Invoice, doc, parts))
    }
    pub fn credit_memo(&mut self, c: &str, n: &str, doc: Day, amount: i64) -> Seq {
        self.when(document(c, n, ItemKind::CreditMemo, doc, &[(doc, amount)]))
    }
    pub fn receipt(&mut self, c: &str, n: &str, value: Day, amount: i64) -> Seq {
        self.when(receipt(c, n, value, amount, &[]))
    }
    pub fn apply(&mut self, credit: &str, item: ItemKey, amount: i64, on: Day) -> Seq {
        self.when(apply(own_credit(credit), item, amount, on, &[]))
    }

    // ---- files ----

    pub fn facts(&self, kind: ImportKind, as_of: Day, scope: Scope) -> ImportFacts {
        let file = format!("open-items-{}.csv", as_of.0);
        ImportFacts {
            as_of_minute: self.minute,
            scope,
            confirmed: self.confirmed.clone(),
            other_money: self.other_money.clone(),
            passed_over: self.passed_over.clone(),
            ..ImportFacts::new(kind, self.source, &file, as_of)
        }
    }
    /// A file of customers and contacts.
    pub fn master_command(
        &self,
        file: &str,
        customers: Vec<StagedCustomer>,
        contacts: Vec<NewContact>,
    ) -> Command {
        let kind = ImportKind::MasterData;
        let mut facts = ImportFacts::new(kind, self.source, file, self.today);
        facts.totals.count = customers.len() as u64;
        Command::ImportMasterData {
            facts,
            customers,
            contacts,
        }
    }
    pub fn master(
        &mut self,
        file: &str,
        customers: Vec<StagedCustomer>,
        contacts: Vec<NewContact>,
    ) -> Seq {
        self.when(self.master_command(file, customers, contacts))
    }
    pub fn stage(
        &mut self,
        as_of: Day,
        scope: Scope,
        rows: &[Row],
    ) -> (Command, Incoming, Vec<Stored>) {
        let facts = self.facts(ImportKind::OpenItems, as_of, scope);
        self.stage_as(facts, staged(rows))
    }
    fn stage_as(
        &mut self,
        mut facts: ImportFacts,
        (head, segments): (Head, Vec<Rc<Segment>>),
    ) -> (Command, Incoming, Vec<Stored>) {
        facts.totals = totals(&segments);
        self.book.index_all();
        let join = Join::whole(&self.book, &facts, &head, segments.iter().map(|s| &**s));
        let new: Vec<Rc<Segment>> = segments
            .iter()
            .zip(&join.dispositions)
            .map(|(s, d)| Rc::new(s.filtered(|r| d[r] == Disposition::New)))
            .filter(|s| !s.is_empty())
            .collect();
        let bytes = cbor(&head);
        let head_ref = BlockRef::of(&bytes, head.customers.len());
        let mut blocks = vec![Stored::Head(head_ref, bytes)];
        let mut encoded = Vec::new();
        for s in new {
            let bytes = block::encode(&s);
            let r = BlockRef::of(&bytes, s.len());
            encoded.push((r, s));
            blocks.push(Stored::Segment(r, bytes));
        }
        let mut incoming = Incoming {
            head: Some((head_ref, std::rc::Rc::new(head))),
            segments: encoded,
            totals: facts.totals.clone(),
            joined_at: self.book.head(),
            ..Incoming::default()
        };
        incoming.joined(join);
        (Command::ImportItems(facts), incoming, blocks)
    }
    pub fn try_import(&mut self, as_of: Day, scope: Scope, rows: &[Row]) -> Result<Seq, Refusal> {
        let (command, incoming, blocks) = self.stage(as_of, scope, rows);
        self.try_with(command, &incoming, blocks).map(|(s, _)| s)
    }
    /// A list of cleared items, with clearing dates and documents.
    pub fn try_cleared(
        &mut self,
        as_of: Day,
        rows: &[Row],
        days: Vec<i64>,
        documents: &[&str],
    ) -> Result<Seq, Refusal> {
        let (head, mut segments) = staged(rows);
        let mut texts = TextColumn::default();
        documents.iter().for_each(|d| texts.push(d));
        let column = StrColumn::Plain(texts);
        for segment in &mut segments {
            let segment = Rc::make_mut(segment);
            segment.texts.push((TextField::ClearingDoc, column.clone()));
            segment.nums.push((NumField::ClearingDate, days.clone()));
            for (row, kind) in segment.kind.iter_mut().enumerate() {
                if segment.amount[row] < 0 {
                    *kind = ItemKind::Receipt as u8;
                }
            }
        }
        let facts = self.facts(ImportKind::Invoices, as_of, Scope::TheseRows);
        let (command, incoming, blocks) = self.stage_as(facts, (head, segments));
        self.try_with(command, &incoming, blocks).map(|(s, _)| s)
    }
    pub fn import(&mut self, as_of: Day, rows: &[Row]) -> Seq {
        self.try_import(as_of, Scope::Everything, rows).unwrap()
    }
    pub fn try_payments(&mut self, as_of: Day, payments: &[PaymentRow]) -> Result<Seq, Refusal> {
        let facts = self.facts(ImportKind::Payments, as_of, Scope::TheseRows);
        let incoming = Incoming {
            payments: payments.to_vec(),
            joined_at: self.book.head(),
            ..Incoming::default()
        };
        self.try_with(Command::ImportPayments(facts), &incoming, Vec::new())
            .map(|(seq, _)| seq)
    }
    pub fn payments(&mut self, as_of: Day, payments: &[PaymentRow]) -> Seq {
        self.try_payments(as_of, payments).unwrap()
    }

    pub fn statement(
        &mut self,
        facts: &StatementFacts,
        lines: Vec<StatementLine>,
    ) -> Result<Seq, Refusal> {
        let incoming = Incoming {
            statements: vec![lines],
            ..Incoming::default()
        };
        let command = Command::ImportStatements(vec![facts.clone()]);
        self.try_with(command, &incoming, Vec::new())
            .map(|(seq, _)| seq)
    }

    // ---- then ----

    pub fn id(&self, key: &ItemKey) -> ItemId {
        self.book
            .find_item(key)
            .unwrap_or_else(|| panic!("no item {key:?}"))
    }
    /// An item's figures on a date as known now.
    pub fn open_on(&self, key: &ItemKey, as_of: Day) -> Option<Open> {
        OpenScan::new(&self.book, View::on(as_of)).open(self.id(key))
    }
    pub fn working(&self, key: &ItemKey, as_of: Day) -> i64 {
        self.open_on(key, as_of).map_or(0, Open::working)
    }
    /// The same, as known after a commit.
    pub fn known_then(&self, id: ItemId, as_of: Day, known: Seq) -> Option<i64> {
        let known = Some(known);
        OpenScan::new(&self.book, View { as_of, known })
            .open(id)
            .map(Open::working)
    }
    /// Six default buckets of debits, then credits, then the total (AG-03, AG-05 a).
    pub fn aging(&self, as_of: Day) -> ([i64; 6], i64, i64) {
        let (mut buckets, mut credits) = ([0; 6], 0);
        let scan = OpenScan::new(&self.book, View::on(as_of));
        for (_, segment) in scan.segments() {
            for r in 0..segment.len() {
                let Some(open) = segment.open(r).map(Open::working) else {
                    continue;
                };
                if segment.data().amount[r] < 0 {
                    credits += open;
                    continue;
                }
                let late = as_of.0 - segment.due(r);
                let bucket = [0, 30, 60, 90, 120].iter().filter(|e| late > **e).count();
                buckets[bucket] += open;
            }
        }
        (buckets, credits, buckets.iter().sum::<i64>() + credits)
    }
    /// Every item's working figure in a view.
    pub fn all_open(&self, view: View) -> Vec<(ItemId, Option<Open>)> {
        let scan = OpenScan::new(&self.book, view);
        self.book.items().ids().map(|i| (i, scan.open(i))).collect()
    }
}
