//! A book played as the app does it, natively: files are staged, encoded, joined, decided, stored and
//! applied; violations are asked for after every commit.
#![allow(dead_code)] // each test file uses its part
#![allow(clippy::unwrap_used, clippy::result_large_err)]

use duebook_exchange::read::{Bytes, FileKind, Flow, Input, Options, Staged, stage};
use duebook_ledger::apply::Stamp;
use duebook_ledger::columns::{Segment, StagedItems};
use duebook_ledger::command::{NewContact, PaymentRow};
use duebook_ledger::event::BlockRef;
use duebook_ledger::facts::{Cause, Confirmed, ImportFacts, ImportKind, Scope};
use duebook_ledger::import::{Bulk, Head, Incoming, cbor, totals};
use duebook_ledger::join::{Disposition, Join};
use duebook_ledger::keys::{ItemKey, TextRef};
use duebook_ledger::{
    Body, Book, Command, Context, Event, ItemId, OpenScan, Refusal, Seq, Uid, View, block,
};
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Reads a file, and takes it for what it says it is.
pub fn read(input: &dyn Input, options: &Options) -> Staged {
    let staged = stage(input, options, &mut |_| Flow::Continue);
    staged.unwrap_or_else(|e| panic!("{}: {e:?}", input.name()))
}

/// Reads bytes by their name.
pub fn read_bytes(name: &str, bytes: &[u8], options: &Options) -> Staged {
    read(&Bytes { name, bytes }, options)
}

pub struct Play {
    pub book: Book,
    pub source: String,
    /// The ledger's day.
    pub today: Day,
    /// What is confirmed of the next files.
    pub confirmed: Vec<Confirmed>,
    /// What the last join of items found.
    pub join: Join,
    /// Whether invariants are checked after every commit; a large book checks them when asked.
    pub checks: bool,
    next: u32,
}

impl Play {
    pub fn begin(source: &str, today: Day) -> Play {
        let mut play = Play {
            book: Book::default(),
            source: source.to_owned(),
            today,
            confirmed: Vec::new(),
            join: Join::default(),
            checks: true,
            next: 1,
        };
        play.when(Command::OpenBook {
            name: "Practice".to_owned(),
            currency: Currency::EUR,
            own_ledger: false,
            sample: true,
        });
        play
    }

    fn id(&self) -> Uid {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&self.next.to_le_bytes());
        Uid(id)
    }

    /// A text as it is kept beside the log.
    pub fn text(&mut self, words: &str) -> TextRef {
        self.next += 1;
        TextRef::of(self.id(), &[7; 32], words)
    }

    pub fn when(&mut self, command: Command) -> Seq {
        let label = format!("{command:?}");
        let done = self.submit(command, &Incoming::default(), Bulk::default());
        done.unwrap_or_else(|refusal| panic!("refused: {refusal:?}\n{label}"))
    }

    fn submit(
        &mut self,
        command: Command,
        incoming: &Incoming,
        mut bulk: Bulk,
    ) -> Result<Seq, Refusal> {
        let context = Context {
            command_id: self.id(),
            recorded_at: i64::from(self.next) * 60_000,
            ledger_date: self.today,
            actor: "Asha".to_owned(),
        };
        let decision = self.book.decide(&context, &command, incoming)?;
        let payments = decision.events.iter().filter_map(|e| match e {
            Event::PaymentsImported { block, .. } => Some(*block),
            _ => None,
        });
        for (block, bytes) in payments.zip(&decision.blocks) {
            bulk.add_payments(block, bytes).unwrap();
        }
        self.next += 1;
        let stored = Body {
            command,
            events: decision.events,
        }
        .encode();
        let stamp = Stamp {
            seq: Seq(self.book.head().0 + 1),
            command: context.command_id,
            recorded_at: context.recorded_at,
            ledger_date: context.ledger_date,
            actor: context.actor,
        };
        let body = Body::decode(&stored).unwrap();
        self.book.apply(&stamp, &body, &mut bulk).unwrap();
        self.book.index_customers();
        if self.checks {
            assert_eq!(self.book.violations(), [], "after {:?}", body.command);
        }
        Ok(stamp.seq)
    }

    /// Takes in what was staged, by its kind.
    pub fn take(&mut self, staged: &Staged, as_of: Day, scope: Scope) -> Result<Seq, Refusal> {
        let facts = |kind| ImportFacts {
            scope: scope.clone(),
            confirmed: self.confirmed.clone(),
            ..ImportFacts::new(kind, &self.source, &staged.preview.name, as_of)
        };
        match staged.preview.kind {
            FileKind::OpenItems => {
                let facts = facts(ImportKind::OpenItems);
                self.items(facts, &staged.batch.items)
            }
            FileKind::ClearedItems | FileKind::InvoicesPaid => {
                let facts = ImportFacts {
                    scope: Scope::TheseRows,
                    ..facts(ImportKind::Invoices)
                };
                self.items(facts, &staged.batch.items)
            }
            FileKind::Payments => {
                let facts = ImportFacts {
                    scope: Scope::TheseRows,
                    ..facts(ImportKind::Payments)
                };
                self.payments(facts, staged)
            }
            FileKind::Customers => {
                let facts = facts(ImportKind::MasterData);
                self.master(facts, staged)
            }
            other => panic!("{}: {other:?}", staged.preview.name),
        }
    }

    fn items(&mut self, mut facts: ImportFacts, items: &StagedItems) -> Result<Seq, Refusal> {
        let head = Head {
            customers: items.customers.clone(),
            entities: items.entities.clone(),
        };
        facts.totals = totals(&items.segments);
        self.book.index_all();
        let join = Join::whole(
            &self.book,
            &facts,
            &head,
            items.segments.iter().map(|s| &**s),
        );
        let mut bulk = Bulk::default();
        let head_bytes = cbor(&head);
        let head_ref = BlockRef::of(&head_bytes, head.customers.len());
        bulk.add_head(head_ref, &head_bytes).unwrap();
        let mut incoming = Incoming {
            head: Some((head_ref, std::rc::Rc::new(head))),
            totals: facts.totals.clone(),
            joined_at: self.book.head(),
            ..Incoming::default()
        };
        for (segment, found) in items.segments.iter().zip(&join.dispositions) {
            let new: Segment = segment.filtered(|r| found[r] == Disposition::New);
            if new.is_empty() {
                continue;
            }
            let bytes = block::encode(&new);
            let block = BlockRef::of(&bytes, new.len());
            bulk.add_segment(block, &bytes).unwrap();
            incoming.segments.push((block, Rc::new(new)));
        }
        self.join = join.clone();
        incoming.joined(join);
        self.submit(Command::ImportItems(facts), &incoming, bulk)
    }

    fn payments(&mut self, mut facts: ImportFacts, staged: &Staged) -> Result<Seq, Refusal> {
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        let row = |p: &duebook_exchange::read::StagedPayment| PaymentRow {
            customer: given(&p.customer),
            entity: None,
            item: given(&p.invoice),
            number: p.number.clone(),
            date: p.date,
            currency: p.currency,
            amount: p.amount,
            cause: Cause::Payment,
            line: p.line,
        };
        let payments: Vec<PaymentRow> = staged.batch.payments.iter().map(row).collect();
        facts.totals.count = payments.len() as u64;
        let incoming = Incoming {
            payments,
            joined_at: self.book.head(),
            ..Incoming::default()
        };
        self.submit(Command::ImportPayments(facts), &incoming, Bulk::default())
    }

    fn master(&mut self, facts: ImportFacts, staged: &Staged) -> Result<Seq, Refusal> {
        let contacts: Vec<NewContact> = Vec::new();
        let command = Command::ImportMasterData {
            facts,
            customers: staged.batch.customers.clone(),
            contacts,
        };
        self.submit(command, &Incoming::default(), Bulk::default())
    }

    pub fn id_of(&self, key: &ItemKey) -> ItemId {
        let found = self.book.find_item(key);
        found.unwrap_or_else(|| panic!("no item {key:?}"))
    }

    /// All items known now.
    pub fn live(&self) -> Vec<ItemId> {
        let ids = self.book.items().ids();
        ids.filter(|id| self.book.is_item_live(*id)).collect()
    }

    /// Per currency: at source, and pending.
    pub fn sums(&self, as_of: Day) -> BTreeMap<Currency, (i64, i64)> {
        let scan = OpenScan::new(&self.book, View::on(as_of));
        let mut sums: BTreeMap<Currency, (i64, i64)> = BTreeMap::new();
        for id in self.live() {
            let Some(open) = scan.open(id) else { continue };
            let currency = self.book.item(id).unwrap().currency();
            let slot = sums.entry(currency).or_default();
            slot.0 += open.at_source;
            slot.1 += open.pending;
        }
        sums
    }

    /// Causes of what counts on an item: day and minor units that moved it towards zero, netted.
    pub fn causes(&self, id: ItemId) -> BTreeMap<(Cause, Day), i64> {
        let mut sums = BTreeMap::new();
        for s in self.book.settlements_of(id).filter(|s| self.book.counts(s)) {
            *sums.entry((s.cause, s.effective)).or_default() += s.amount;
        }
        sums.retain(|_, sum| *sum != 0);
        sums
    }
}
