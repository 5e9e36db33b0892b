//! The customer's own ledger of what it owes us, held against ours line by line (domain.md §5.9):
//! agreed, only ours, only theirs, another amount, another date or number. What is found adds up:
//! our balance less every difference is theirs, to the minor unit, per currency.

mod names;
mod ours;
mod pairing;

pub use ours::{OurLine, OurWhat, accounts, open_lines};
pub use pairing::is_turned;

use std::collections::BTreeSet;

use duebook_money::{Currency, Day};

/// Days before the day of the comparison in which what only one side has is taken to be on its way.
pub const TRANSIT_DAYS: i32 = 10;
/// Days that two dates of one payment may lie apart.
pub(crate) const PAYMENT_DAYS: i64 = 10;
/// Days that two dates of one document may lie apart, where its number says nothing.
pub(crate) const DOCUMENT_DAYS: i64 = 5;

/// What a line of theirs is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TheirWhat {
    /// Not said: below zero and without a number of ours it is a payment.
    #[default]
    Unknown,
    /// A bill or a credit note.
    Document,
    /// Money they sent.
    Payment,
    /// What they brought forward.
    Opening,
}

/// A line of the customer's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirLine {
    /// Line of the file.
    pub line: u32,
    /// What it is.
    pub what: TheirWhat,
    /// Our document as they write it.
    pub number: String,
    /// Their own number.
    pub own: String,
    /// What else is written.
    pub text: String,
    /// Date.
    pub date: Option<Day>,
    /// Due date.
    pub due: Option<Day>,
    /// Currency.
    pub currency: Currency,
    /// Minor units: above zero they owe us more by it.
    pub amount: i64,
}

/// By what two lines are one; the least is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Same {
    /// Both are what was brought forward.
    Opening,
    /// The number, letter by letter.
    Exact,
    /// The number but for capitals and separators.
    Normalised,
    /// The running number without what stands before it.
    Running,
    /// The number as hand or scanner mangled it, and the amount.
    Similar,
    /// A payment of the same amount, some days apart at most.
    Payment,
    /// Nothing else of this amount on either side, some days apart at most.
    AmountAndDate,
}

/// What a comparison came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// Both sides have it alike.
    Agreed,
    /// The amount is the same; date or number is not.
    Differs,
    /// The amounts differ.
    Amount,
    /// Only we have it.
    OursOnly,
    /// Only they have it.
    TheirsOnly,
}

/// Every finding, in the order they are told.
pub const FINDINGS: [Finding; 5] = [
    Finding::Agreed,
    Finding::Differs,
    Finding::Amount,
    Finding::OursOnly,
    Finding::TheirsOnly,
];

/// Why a difference is there, where the two ledgers say it themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// They sent it, and it is not here yet.
    PaymentOnItsWay,
    /// We billed it, and they have not booked it yet.
    NotBookedYet,
    /// It is dated after the day of the comparison.
    After,
    /// They show all of it; here so much of it is settled, minor units.
    SettledHere(i64),
    /// They have it on the other side.
    WrongSide,
    /// They have it twice: the line that has it too.
    Twice(u32),
}

impl Reason {
    /// Whether it explains the difference: nobody has to do anything but wait or book.
    pub fn explains(self) -> bool {
        !matches!(self, Reason::WrongSide | Reason::Twice(_))
    }
}

/// Lines that are one, or a line that stands alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Currency.
    pub currency: Currency,
    /// Ours, by place.
    pub ours: Vec<usize>,
    /// Theirs, by place.
    pub theirs: Vec<usize>,
    /// By what they are one; `None` for a line alone.
    pub same: Option<Same>,
    /// What it came to.
    pub finding: Finding,
    /// Why, where it is known.
    pub reason: Option<Reason>,
    /// Minor units: by how much ours is more.
    pub amount: i64,
    /// Days by which their date is later than ours.
    pub days: i32,
}

/// Both sides of a customer's account in one currency, minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sides {
    /// Currency.
    pub currency: Currency,
    /// Our balance: the sum of our lines.
    pub ours: i64,
    /// Theirs: the sum of their lines.
    pub theirs: i64,
    /// How many entries of each finding, and by how much ours is more in them.
    pub findings: Vec<(Finding, usize, i64)>,
    /// Differences, each without its sign.
    pub unsigned: u64,
    /// Of which explained.
    pub explained: u64,
    /// Differences that nothing explains.
    pub open: usize,
}

impl Sides {
    /// Our balance less every difference, less theirs: 0, or a line was lost.
    pub fn difference(&self) -> i64 {
        let told = self
            .findings
            .iter()
            .fold(0i64, |s, (_, _, a)| s.saturating_add(*a));
        self.ours.saturating_sub(told).saturating_sub(self.theirs)
    }
    /// Of the differences, what nothing explains, without signs.
    pub fn unexplained(&self) -> u64 {
        self.unsigned.saturating_sub(self.explained)
    }
    /// Whether every difference is explained and all of it adds up.
    pub fn is_reconciled(&self) -> bool {
        self.open == 0 && self.difference() == 0
    }
}

/// The two ledgers beside each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TwoSides {
    /// Our lines.
    pub ours: Vec<OurLine>,
    /// Theirs.
    pub theirs: Vec<TheirLine>,
    /// Each line of both in one entry.
    pub entries: Vec<Entry>,
}

impl TwoSides {
    /// The sums of every currency, by code. `is_explained`: what somebody said of an entry, by its place.
    pub fn sides(&self, is_explained: impl Fn(usize, &Entry) -> bool) -> Vec<Sides> {
        let mut currencies: BTreeSet<(&str, Currency)> = BTreeSet::new();
        currencies.extend(self.ours.iter().map(|o| (o.currency.code(), o.currency)));
        currencies.extend(self.theirs.iter().map(|t| (t.currency.code(), t.currency)));
        let side = |(_, currency): (&str, Currency)| {
            let of = |c: Currency| c == currency;
            let sum = |s: i64, m: i64| s.saturating_add(m);
            let own = self.ours.iter().filter(|o| of(o.currency));
            let their = self.theirs.iter().filter(|t| of(t.currency));
            let mut made = Sides {
                currency,
                ours: own.fold(0, |s, o| sum(s, o.open)),
                theirs: their.fold(0, |s, t| sum(s, t.amount)),
                findings: FINDINGS.iter().map(|f| (*f, 0, 0)).collect(),
                unsigned: 0,
                explained: 0,
                open: 0,
            };
            let entries = self.entries.iter().enumerate();
            for (at, e) in entries.filter(|(_, e)| of(e.currency)) {
                if let Some(f) = made.findings.iter_mut().find(|f| f.0 == e.finding) {
                    (f.1, f.2) = (f.1 + 1, sum(f.2, e.amount));
                }
                if e.amount == 0 {
                    continue;
                }
                let size = e.amount.unsigned_abs();
                made.unsigned = made.unsigned.saturating_add(size);
                match e.reason.is_some_and(Reason::explains) || is_explained(at, e) {
                    true => made.explained = made.explained.saturating_add(size),
                    false => made.open += 1,
                }
            }
            made
        };
        currencies.into_iter().map(side).collect()
    }
}

/// Holds their ledger against ours as of a day. Every line of theirs is in one entry, and every line
/// of ours but those settled by then that they do not have either.
pub fn agree(ours: Vec<OurLine>, theirs: Vec<TheirLine>, day: Day) -> TwoSides {
    let entries = pairing::entries(&ours, &theirs, day);
    TwoSides {
        ours,
        theirs,
        entries,
    }
}
