//! The client's ERP as it really went: documents, receipts and what became of them, day by day.
//! What the book learns of it, and when, is decided by the extracts.

use crate::customers::Client;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;

/// A document, one per instalment.
#[derive(Debug, Clone)]
pub(crate) struct Doc {
    pub client: usize,
    pub kind: ItemKind,
    pub number: String,
    pub line: String,
    pub date: Day,
    pub due: Day,
    /// Signed, as of the day processed last.
    pub amount: i64,
    pub open: i64,
    pub reference: String,
    pub po: String,
    pub receivable: &'static str,
    /// Reason code of what the customer contests, and how much.
    pub dispute: Option<(usize, i64)>,
    /// Nothing is promised or posted on it by us: its history is special.
    pub special: bool,
    /// Cash that will come, as planned: day and amount, settled in full or not.
    pub cash: Vec<(Day, i64)>,
    pub born: bool,
    /// In an extract already.
    pub shown: bool,
    /// Shown in the next extract even when nothing is open.
    pub moved: bool,
}

/// A row of a receipt.
#[derive(Debug, Clone)]
pub(crate) struct Paid {
    /// The document settled; `None` for money on account, with the credit it becomes.
    pub doc: Result<usize, usize>,
    pub amount: i64,
    pub cause: Cause,
}

/// Money that came in, or a credit granted directly.
#[derive(Debug, Clone)]
pub(crate) struct Receipt {
    pub number: String,
    pub day: Day,
    /// The day on which the payments file shows it.
    pub told: Day,
    pub rows: Vec<Paid>,
}

/// What happens on a day.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Happening {
    Issue(usize),
    Receive(usize),
    /// A credit is set against a document.
    Offset {
        credit: usize,
        doc: usize,
        amount: i64,
    },
    /// The bank took money back.
    Reopen {
        doc: usize,
        amount: i64,
    },
    /// The document's amount is corrected by so much.
    Amend {
        doc: usize,
        by: i64,
    },
    /// A new due date.
    ReAge {
        doc: usize,
        due: Day,
    },
}

/// The ERP.
#[derive(Debug, Default)]
pub(crate) struct Erp {
    pub docs: Vec<Doc>,
    pub receipts: Vec<Receipt>,
    days: BTreeMap<Day, Vec<Happening>>,
    /// Documents by customer.
    pub of: Vec<Vec<usize>>,
}

impl Erp {
    pub fn new(clients: usize) -> Self {
        Erp {
            of: vec![Vec::new(); clients],
            ..Erp::default()
        }
    }
    pub fn add_doc(&mut self, doc: Doc) -> usize {
        let id = self.docs.len();
        self.of[doc.client].push(id);
        self.at(doc.date, Happening::Issue(id));
        self.docs.push(doc);
        id
    }
    pub fn at(&mut self, day: Day, happening: Happening) {
        self.days.entry(day).or_default().push(happening);
    }
    /// Lets a day happen.
    pub fn run(&mut self, day: Day) {
        for happening in self.days.remove(&day).unwrap_or_default() {
            self.happen(happening);
        }
    }
    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Issue(doc) => self.docs[doc].born = true,
            Happening::Receive(receipt) => {
                for row in self.receipts[receipt].rows.clone() {
                    if let Ok(doc) = row.doc {
                        self.docs[doc].open -= row.amount;
                    }
                }
            }
            Happening::Offset {
                credit,
                doc,
                amount,
            } => {
                for (id, by) in [(credit, amount), (doc, -amount)] {
                    self.docs[id].open += by;
                    self.docs[id].moved = true;
                }
            }
            Happening::Reopen { doc, amount } => {
                self.docs[doc].open += amount;
                self.docs[doc].moved = true;
            }
            Happening::Amend { doc, by } => {
                self.docs[doc].amount += by;
                self.docs[doc].open += by;
                self.docs[doc].moved = true;
            }
            Happening::ReAge { doc, due } => {
                self.docs[doc].due = due;
                self.docs[doc].moved = true;
            }
        }
    }
    /// The documents an extract shows now, in order of customer; it is then told.
    pub fn extract(&mut self) -> Vec<usize> {
        let shows = |d: &Doc| d.born && (d.open != 0 || d.moved && d.shown);
        let rows: Vec<usize> = (self.of.iter().flatten())
            .copied()
            .filter(|id| shows(&self.docs[*id]))
            .collect();
        for id in &rows {
            self.docs[*id].shown = true;
        }
        for doc in &mut self.docs {
            doc.moved = false;
        }
        rows
    }
    /// What is open per currency, as it really is.
    pub fn balances(&self, clients: &[Client]) -> BTreeMap<Currency, i64> {
        let mut sums = BTreeMap::new();
        for doc in self.docs.iter().filter(|d| d.born) {
            *sums.entry(clients[doc.client].currency).or_default() += doc.open;
        }
        sums
    }
}
