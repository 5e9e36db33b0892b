//! Reconciliation of a period, four ways (domain.md §5.9): what the banks show, our receipts, the
//! subledger's movements, the control account; each difference a break with its clue.
//!
//! Opening and closing come from the open-item function, movements from items and settlements, and
//! bank lines from statements: three passes that share nothing, so that where they agree it is proof.

mod bank;
mod breaks;
mod let_go;
mod roll;

pub use bank::{BankAccount, BankToBook, CoveredDays, Gap, ReceiptLine, returned};
pub use breaks::{Break, Clue, Register, Status, clues};
pub use let_go::{LetGo, LetGoMaking};
pub use roll::{Member, Roll, RollKind, RollLine, members};

use duebook_ledger::Book;
use duebook_ledger::recon::LockedFigure;
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;

/// Days of a period, both inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First.
    pub from: Day,
    /// Last.
    pub to: Day,
}

impl Span {
    /// Whether a day lies in it.
    pub fn holds(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

/// The control account against the subledger, one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// Currency.
    pub currency: Currency,
    /// The subledger at source, minor units.
    pub at_source: i64,
    /// The control account.
    pub given: i64,
    /// Where that is from.
    pub source: String,
}

impl Control {
    /// By how much the subledger is more.
    pub fn difference(&self) -> i64 {
        self.at_source.saturating_sub(self.given)
    }
}

/// A period, reconciled as far as it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// Its days.
    pub span: Span,
    /// The subledger's movements, by currency.
    pub rolls: Vec<Roll>,
    /// Each bank account.
    pub accounts: Vec<BankAccount>,
    /// Bank against cash book, by currency.
    pub books: Vec<BankToBook>,
    /// Money that the bank took back, and that the book takes back: currency, minor units.
    pub returned: Vec<(Currency, i64, i64)>,
    /// Control accounts given for the last day.
    pub controls: Vec<Control>,
    /// Every receipt of the period with the lines it is, and the other way round.
    pub receipts: Vec<ReceiptLine>,
    /// Every break.
    pub register: Register,
    /// Sources of which only what was still open on a later day is known: their history is not.
    pub before_take_on: Vec<(String, Day)>,
}

impl Reconciliation {
    /// What it says on its face.
    pub fn face(&self) -> Face {
        let adds_up = self.rolls.iter().all(|r| r.difference() == 0);
        let open = self.register.open().next().is_some();
        match (self.is_reconciled(), self.is_compared()) {
            // What is known only from a later day on is no difference while nothing is held against it.
            (_, false) if adds_up && !open => Face::NothingCompared,
            (true, _) => Face::Reconciled,
            (false, _) => Face::Unreconciled,
        }
    }
    /// Whether everything that was compared agrees: no break is open.
    pub fn is_reconciled(&self) -> bool {
        let adds_up = self.rolls.iter().all(|r| r.difference() == 0)
            && self.books.iter().all(|b| b.difference() == 0);
        adds_up && self.register.open().next().is_none() && self.before_take_on.is_empty()
    }
    /// Whether anything outside the book was compared with it.
    pub fn is_compared(&self) -> bool {
        !self.controls.is_empty() || !self.accounts.is_empty()
    }
}

/// What a reconciliation says on its face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Nothing outside the book was given for the period: there is nothing to agree or differ.
    NothingCompared,
    /// What was compared agrees.
    Reconciled,
    /// It does not, or not all of it is known.
    Unreconciled,
}

/// A reconciliation in the making, in slices of a few milliseconds.
pub struct Making {
    span: Span,
    figures: Vec<LockedFigure>,
    rolls: roll::Rolls,
    bank: bank::Found,
    stage: Stage,
}

enum Stage {
    Figures,
    Items(usize),
    Settlements,
    Bank,
    Breaks,
}

/// Segments in one slice.
const SEGMENTS: usize = 4;

impl Making {
    /// Of a period; nothing is read yet.
    pub fn new(span: Span) -> Self {
        Making {
            span,
            figures: Vec::new(),
            rolls: roll::Rolls::default(),
            bank: bank::Found::default(),
            stage: Stage::Figures,
        }
    }

    /// One slice; answers the reconciliation when it is done. The book must not move in between.
    pub fn step(&mut self, book: &Book) -> Option<Reconciliation> {
        let span = self.span;
        self.stage = match self.stage {
            Stage::Figures => {
                self.figures = book.figures_of(span.from, span.to);
                Stage::Items(0)
            }
            Stage::Items(first) => {
                let more = self.rolls.items(book, span, first..first + SEGMENTS);
                self.bank.receipts(book, span, first..first + SEGMENTS);
                match more {
                    true => Stage::Items(first + SEGMENTS),
                    false => Stage::Settlements,
                }
            }
            Stage::Settlements => {
                self.rolls.settlements(book, span);
                Stage::Bank
            }
            Stage::Bank => {
                self.bank.lines(book, span);
                Stage::Breaks
            }
            Stage::Breaks => return Some(self.finish(book)),
        };
        None
    }

    fn finish(&mut self, book: &Book) -> Reconciliation {
        let span = self.span;
        let figures = std::mem::take(&mut self.figures);
        let rolls = std::mem::take(&mut self.rolls).finish(&figures);
        let bank = std::mem::take(&mut self.bank);
        let (accounts, books, receipts) = bank.finish(book, span);
        let controls = controls(book, span, &figures);
        let register = Register::of(book, span, (&accounts, &receipts), &controls);
        Reconciliation {
            span,
            rolls,
            accounts,
            books,
            returned: returned(book, span)
                .into_iter()
                .map(|(c, (bank, own))| (c, bank, own))
                .collect(),
            controls,
            receipts,
            register,
            before_take_on: before_take_on(book, span),
        }
    }
}

/// A reconciliation in one go.
pub fn reconcile(book: &Book, span: Span) -> Reconciliation {
    let mut making = Making::new(span);
    loop {
        if let Some(done) = making.step(book) {
            return done;
        }
    }
}

fn controls(book: &Book, span: Span, figures: &[LockedFigure]) -> Vec<Control> {
    let given = book
        .control_balances()
        .filter(|(_, day, ..)| *day == span.to);
    let control = |(currency, _, minor, source): (Currency, Day, i64, &str)| Control {
        currency,
        at_source: figures
            .iter()
            .find(|f| f.currency == currency)
            .map_or(0, |f| f.at_source),
        given: minor,
        source: source.to_owned(),
    };
    given.map(control).collect()
}

/// Sources whose first file of items is of a later day than the period's first: what was settled
/// before is not known.
fn before_take_on(book: &Book, span: Span) -> Vec<(String, Day)> {
    use duebook_ledger::facts::ImportKind::{Invoices, OpenItems};
    let mut first: BTreeMap<&str, Day> = BTreeMap::new();
    for import in book.imports() {
        if matches!(import.facts.kind, OpenItems | Invoices) {
            let as_of = import.facts.as_of;
            let day = first.entry(&import.facts.source).or_insert(as_of);
            *day = (*day).min(as_of);
        }
    }
    let later = first.into_iter().filter(|(_, day)| *day >= span.from);
    later.map(|(s, day)| (s.to_owned(), day)).collect()
}
