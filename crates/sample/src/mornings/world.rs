//! The ERP behind the exports: documents, and the postings that change them, each as its system
//! makes it. What a reader sees of it is the snapshot and the files.

use super::bank::{AccountTruth, BankLine};
use super::people::{Debtor, debtors};
use super::truth::{Absent, Happened, ItemTruth};
use super::{Plan, Shape, Snapshot};
use crate::rng::Rng;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::keys::ItemKey;
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a document is to its system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocKind {
    Invoice,
    Credit,
    /// Money: on account, or SAP's line beside an invoice paid in part.
    Receipt,
    /// SAP: the rest of a short-paid invoice, a debit line of the payment document.
    Residual,
    /// SAP: posted anew to another account.
    Transfer,
}

impl DocKind {
    /// The type as the system writes it, and the kind a reader makes of it.
    fn written(self, shape: Shape) -> (&'static str, ItemKind) {
        use DocKind::*;
        match (shape, self) {
            (Shape::Sap, Invoice) => ("DR", ItemKind::Invoice),
            (Shape::Sap, Credit) => ("DG", ItemKind::CreditMemo),
            (Shape::Sap, Receipt) => ("DZ", ItemKind::Receipt),
            // A payment document's debit line is a charge to a reader who sees type and sign only.
            (Shape::Sap, Residual) => ("DZ", ItemKind::DebitMemo),
            (Shape::Sap, Transfer) => ("AB", ItemKind::Invoice),
            (Shape::Oracle, Credit) => ("CM", ItemKind::CreditMemo),
            (Shape::Oracle, Receipt) => ("PMT", ItemKind::Receipt),
            (Shape::Oracle, _) => ("INV", ItemKind::Invoice),
            (Shape::NetSuite, Credit) => ("Credit Memo", ItemKind::CreditMemo),
            (Shape::NetSuite, Receipt) => ("Payment", ItemKind::Receipt),
            (Shape::NetSuite, _) => ("Invoice", ItemKind::Invoice),
        }
    }
}

/// A document, or one instalment of it.
#[derive(Debug, Clone)]
pub(crate) struct Doc {
    pub debtor: usize,
    pub kind: DocKind,
    pub number: String,
    pub line: String,
    pub date: Day,
    pub due: Day,
    pub amount: i64,
    pub open: i64,
    pub reference: String,
    pub follows: String,
    pub po: String,
    pub text: String,
    pub serial: u64,
    /// Open at the source.
    pub live: bool,
}

impl Doc {
    /// The type as the system writes it.
    pub fn doc_type(&self, shape: Shape) -> &'static str {
        self.kind.written(shape).0
    }
}

/// A receipt of the bank, and what it was set against at once.
#[derive(Debug, Clone)]
pub(crate) struct Payment {
    pub number: String,
    pub debtor: usize,
    pub day: Day,
    /// Minor units.
    pub amount: i64,
    pub applied: Vec<(usize, i64)>,
    pub text: String,
}

/// What tells that a document was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The day's payments file, and a list of cleared items.
    Payment,
    /// A list of cleared items only.
    Clearing,
    /// No file: the number simply is no more.
    Nothing,
}

/// A document that stopped being open.
#[derive(Debug, Clone)]
pub(crate) struct Closing {
    pub doc: usize,
    pub day: Day,
    /// The clearing document.
    pub by: String,
    pub how: By,
    pub morning: u8,
    /// Index into that morning's events; none for a payment's own line.
    pub event: Option<usize>,
}

/// The ERP.
pub(crate) struct World {
    pub shape: Shape,
    source: String,
    pub debtors: Rc<Vec<Debtor>>,
    pub docs: Vec<Doc>,
    /// Documents by customer.
    pub of: Vec<Vec<usize>>,
    /// Morning in the making, and the day its postings have.
    pub morning: u8,
    pub eve: Day,
    pub happened: Vec<Happened>,
    pub happened_in: Vec<Currency>,
    /// Of this morning.
    pub payments: Vec<Payment>,
    pub closings: Vec<Closing>,
    lines: BTreeMap<Currency, Vec<BankLine>>,
    balances: BTreeMap<Currency, i64>,
    counters: [u64; 4],
    serial: u64,
}

impl World {
    /// As it stands on the first morning.
    pub fn new(plan: &Plan, rng: &Rng) -> World {
        let debtors = debtors(plan, rng);
        let mut world = World {
            shape: plan.shape,
            source: plan.source.clone(),
            of: vec![Vec::new(); debtors.len()],
            debtors: Rc::new(debtors),
            docs: Vec::with_capacity(plan.items + plan.items / 8),
            morning: 1,
            eve: plan.days[0],
            happened: Vec::new(),
            happened_in: Vec::new(),
            payments: Vec::new(),
            closings: Vec::new(),
            lines: BTreeMap::new(),
            balances: BTreeMap::new(),
            counters: [0; 4],
            serial: 20_400,
        };
        super::story::begin(&mut world, plan, &mut rng.part(1));
        for debtor in world.debtors.iter() {
            world.balances.insert(debtor.currency, 25_000_000);
        }
        world
    }

    /// Turns to the next morning, whose postings are of `eve`.
    pub fn begin(&mut self, morning: u8, eve: Day) {
        (self.morning, self.eve) = (morning, eve);
        self.payments.clear();
        for (currency, lines) in &self.lines {
            let sum: i64 = lines.iter().map(|l| l.amount).sum();
            *self.balances.entry(*currency).or_default() += sum;
        }
        self.lines.clear();
    }

    /// The next number of a kind of document.
    pub fn next_number(&mut self, kind: DocKind) -> String {
        let range = match kind {
            DocKind::Invoice => 0,
            DocKind::Credit => 1,
            DocKind::Receipt | DocKind::Residual => 2,
            DocKind::Transfer => 3,
        };
        self.counters[range] += 1;
        let n = self.counters[range];
        match (self.shape, range) {
            (Shape::Sap, 0) => format!("{}", 1_800_000_000 + n),
            (Shape::Sap, 1) => format!("{}", 1_600_000_000 + n),
            (Shape::Sap, 2) => format!("{}", 1_400_000_000 + n),
            (Shape::Sap, _) => format!("{}", 100_000_000 + n),
            (Shape::Oracle, 0) => format!("{}", 5_210_000 + n),
            (Shape::Oracle, 1) => format!("CM-{}", 30_000 + n),
            (Shape::Oracle, 2) => format!("RCPT-{}", 70_000 + n),
            (Shape::Oracle, _) => format!("ADJ-{}", 900 + n),
            (Shape::NetSuite, 0) => format!("INV{}", 104_000 + n),
            (Shape::NetSuite, 1) => format!("CM{}", 2_000 + n),
            (Shape::NetSuite, 2) => format!("PYMT{}", 8_000 + n),
            (Shape::NetSuite, _) => format!("JE{}", 600 + n),
        }
    }

    /// A document of a customer as any of its kind is, dated the eve; the caller changes what is special.
    pub fn blank(&mut self, debtor: usize, kind: DocKind, number: String, amount: i64) -> Doc {
        self.serial += 3;
        let serial = self.serial;
        let has_lines = self.shape != Shape::NetSuite;
        Doc {
            debtor,
            kind,
            number,
            line: if has_lines { "1" } else { "" }.to_owned(),
            date: self.eve,
            due: self.eve.plus(self.debtors[debtor].terms_days),
            amount,
            open: amount,
            reference: String::new(),
            follows: String::new(),
            po: String::new(),
            text: String::new(),
            serial,
            live: true,
        }
    }

    pub fn add(&mut self, doc: Doc) -> usize {
        let id = self.docs.len();
        self.of[doc.debtor].push(id);
        self.docs.push(doc);
        id
    }

    /// The key a reader makes of a document.
    pub fn key(&self, doc: usize) -> ItemKey {
        let d = &self.docs[doc];
        ItemKey {
            source: self.source.clone(),
            entity: self.debtors[d.debtor].entity.to_owned(),
            credit: d.kind.written(self.shape).1.is_credit(),
            number: d.number.clone(),
            year: match self.shape {
                Shape::Sap => d.date.year().to_string(),
                _ => String::new(),
            },
            line: d.line.clone(),
        }
    }

    /// The document is open no more. Its event is the one that is told next.
    pub fn close(&mut self, doc: usize, by: &str, how: By) {
        self.docs[doc].live = false;
        self.note_closing(doc, by, how, Some(self.happened.len()));
    }

    /// Lists a document as cleared that never was open in an export: a payment's own line.
    pub fn note_closing(&mut self, doc: usize, by: &str, how: By, event: Option<usize>) {
        self.closings.push(Closing {
            doc,
            day: self.eve,
            by: by.to_owned(),
            how,
            morning: self.morning,
            event,
        });
    }

    /// Keeps an event of a customer.
    pub fn tell(&mut self, debtor: usize, happened: Happened) {
        self.happened.push(happened);
        self.happened_in.push(self.debtors[debtor].currency);
    }

    /// Money moves on the customer's currency account.
    pub fn bank_line(&mut self, debtor: usize, amount: i64, text: String, payment: &str) {
        let d = &self.debtors[debtor];
        let line = BankLine {
            day: self.eve,
            amount,
            payer: d.name.clone(),
            text,
            payment: payment.to_owned(),
        };
        self.lines.entry(d.currency).or_default().push(line);
    }

    /// This morning's statements.
    pub fn bank(&self) -> Vec<AccountTruth> {
        let accounts = self.lines.iter().map(|(currency, lines)| {
            let opening = self.balances.get(currency).copied().unwrap_or(0);
            AccountTruth::new(*currency, opening, lines.clone())
        });
        accounts.collect()
    }

    /// What the export of a day shows.
    pub fn snapshot(&self, day: Day) -> Snapshot {
        let live = self.of.iter().flatten().filter(|d| self.docs[**d].live);
        let row = |&id: &usize| {
            let d = &self.docs[id];
            let (doc_type, kind) = d.kind.written(self.shape);
            ItemTruth {
                key: self.key(id),
                debtor: d.debtor,
                kind,
                doc_type,
                date: d.date,
                due: d.due,
                amount: d.amount,
                open: d.open,
                reference: d.reference.clone(),
                follows: d.follows.clone(),
                po: d.po.clone(),
                contract: format!("CT-{}", 2_000 + d.debtor * 7),
                text: d.text.clone(),
                serial: d.serial,
            }
        };
        Snapshot {
            day,
            debtors: self.debtors.clone(),
            items: live.map(row).collect(),
        }
    }

    /// The morning whose files tell why a document closed: SAP lists what was cleared on each morning
    /// but the third, the others send payments; the fifth brings the cleared items of what was missed.
    pub fn told_on(&self, closing: &Closing) -> Option<u8> {
        match closing.how {
            By::Nothing => None,
            how if matches!(closing.morning, 2 | 4)
                && (self.shape == Shape::Sap || how == By::Payment) =>
            {
                Some(closing.morning)
            }
            _ => Some(5),
        }
    }

    /// Items gone since the snapshot before.
    pub fn absent(&self, before: &Snapshot, now: &Snapshot) -> Vec<Absent> {
        let there = now.by_key();
        let today = self.closings.iter().filter(|c| c.morning == self.morning);
        let why: BTreeMap<ItemKey, (usize, Option<u8>)> = today
            .filter_map(|c| Some((self.closed_key(c), (c.event?, self.told_on(c)))))
            .collect();
        let gone = before.items.iter().filter(|i| !there.contains_key(&i.key));
        gone.filter_map(|item| {
            let (event, told_on) = *why.get(&item.key)?;
            Some(Absent {
                key: item.key.clone(),
                event,
                told_on,
            })
        })
        .collect()
    }

    fn closed_key(&self, closing: &Closing) -> ItemKey {
        self.key(closing.doc)
    }

    /// Items that went earlier and of which only now a file tells why.
    pub fn told_late(&self) -> Vec<(ItemKey, u8)> {
        let late = self.closings.iter().filter(|c| {
            c.event.is_some() && c.morning < self.morning && self.told_on(c) == Some(self.morning)
        });
        late.map(|c| (self.closed_key(c), c.morning)).collect()
    }
}
