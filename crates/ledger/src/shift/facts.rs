//! What events and commands of shifts carry. Stored numbers never change meaning.

use crate::ids::{CustomerId, Uid};
use crate::keys::{CustomerKey, FactKey, TextRef};
use duebook_money::{Currency, Day, Weekday};
use minicbor::{Decode, Encode};

/// What a line of a hand-over is about (domain.md §9.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum LineKind {
    /// A promise was broken and nobody there was spoken to since.
    #[n(0)]
    PromiseBroken,
    /// A promise falls due, or its window is still open.
    #[n(1)]
    PromiseDue,
    /// A call-back was agreed for an instant.
    #[n(2)]
    CallBack,
    /// They wait for us: a copy, an answer, a correction.
    #[n(3)]
    TheyWait,
    /// We wait for them: money on its way, an approval.
    #[n(4)]
    WeWait,
    /// Not to be called: as they asked, a lawyer, an insolvency (CP-04).
    #[n(5)]
    DoNotDo,
    /// A call that has no outcome or next step yet.
    #[n(6)]
    Parked,
    /// A follow-up whose day has come.
    #[n(7)]
    FollowUp,
    /// A task of the desk.
    #[n(8)]
    Task,
    /// Postings of ours that the source has not shown yet.
    #[n(9)]
    Pending,
    /// A question that was put up and has no answer yet (A10).
    #[n(10)]
    Escalated,
    /// A case past a level of its clock that nobody was told of (DS-04).
    #[n(11)]
    ToEscalate,
}

impl LineKind {
    /// Every kind in the order of a hand-over.
    pub const ALL: [LineKind; 12] = {
        use LineKind::*;
        [
            PromiseBroken,
            PromiseDue,
            CallBack,
            TheyWait,
            WeWait,
            DoNotDo,
            Parked,
            FollowUp,
            Task,
            Pending,
            Escalated,
            ToEscalate,
        ]
    };
}

/// A line of a hand-over, as it was when it was written.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HandOverLine {
    /// About what.
    #[n(0)]
    pub kind: LineKind,
    /// Whom; `None` for what is of the desk.
    #[n(1)]
    pub customer: Option<CustomerKey>,
    /// The promise, follow-up, contact or task.
    #[n(2)]
    pub fact: Option<FactKey>,
    /// The day it falls due, or since when.
    #[n(3)]
    pub day: Option<Day>,
    /// The instant of a call-back, milliseconds UTC.
    #[n(4)]
    pub at: Option<i64>,
    /// The debtor's zone for `at`.
    #[n(5)]
    pub zone: Option<String>,
    /// Currency of `amount`.
    #[n(6)]
    pub currency: Option<Currency>,
    /// Minor units: what is missing of a promise, what waits at the source.
    #[n(7)]
    pub amount: Option<i64>,
    /// [`crate::facts::Outcome`] of the contact it comes from.
    #[n(8)]
    pub outcome: Option<crate::facts::Outcome>,
    /// How many it stands for, where several.
    #[n(9)]
    pub count: Option<u32>,
}

/// What one shift leaves to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HandOver {
    /// In the order of the paper.
    #[n(0)]
    pub lines: Vec<HandOverLine>,
    /// What else the next one has to know: blockers, plan. Kept beside the log.
    #[n(1)]
    pub note: Option<TextRef>,
}

/// How often a task comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Recurrence {
    /// Once.
    #[n(0)]
    Once,
    /// Every business day of the ledger's calendar.
    #[n(1)]
    Daily,
    /// Every week on a day, 1 Monday to 7 Sunday.
    #[n(2)]
    Weekly(#[n(0)] u8),
    /// Every month on a day, 1 to 31; the last day where the month has fewer.
    #[n(3)]
    Monthly(#[n(0)] u8),
}

impl Recurrence {
    /// Whether its numbers are days.
    pub fn is_valid(self) -> bool {
        match self {
            Recurrence::Once | Recurrence::Daily => true,
            Recurrence::Weekly(d) => (1..=7).contains(&d),
            Recurrence::Monthly(d) => (1..=31).contains(&d),
        }
    }
    /// The first day it falls on after `day`; `None` for what comes once.
    pub fn after(self, day: Day, is_business: impl Fn(Day) -> bool) -> Option<Day> {
        // A year without a business day is a calendar that says nothing: then every day counts.
        let within = |days: i32, fits: &dyn Fn(Day) -> bool| {
            (1..=days).map(|n| day.plus(n)).find(|d| fits(*d))
        };
        match self {
            Recurrence::Once => None,
            Recurrence::Daily => within(366, &is_business).or(Some(day.plus(1))),
            Recurrence::Weekly(wanted) => within(7, &|d| {
                let place = Weekday::ALL.iter().position(|w| *w == d.weekday());
                place.is_some_and(|p| p + 1 == usize::from(wanted))
            }),
            Recurrence::Monthly(wanted) => within(62, &|d| {
                let last = d == d.month_end();
                d.day_of_month() == wanted || last && d.day_of_month() < wanted
            }),
        }
    }
}

/// A task of the desk or about an account, ad hoc or recurring, as a lead or an agent gives it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewTask {
    /// What to do, kept beside the log.
    #[n(0)]
    pub what: TextRef,
    /// Whose; empty for whoever works.
    #[n(1)]
    pub agent: String,
    /// About whom; `None` for the desk.
    #[n(2)]
    pub customer: Option<CustomerKey>,
    /// The first day it falls due.
    #[n(3)]
    pub due: Day,
    /// How often.
    #[n(4)]
    pub every: Recurrence,
}

/// The same with the book's ids.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TaskFact {
    /// What to do, kept beside the log.
    #[n(0)]
    pub what: TextRef,
    /// Whose; empty for whoever works.
    #[n(1)]
    pub agent: String,
    /// About whom.
    #[n(2)]
    pub customer: Option<CustomerId>,
    /// The first day it falls due.
    #[n(3)]
    pub due: Day,
    /// How often.
    #[n(4)]
    pub every: Recurrence,
}

/// What was taken in from another copy of this book.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TakenIn {
    /// Name of the file.
    #[n(0)]
    pub file: String,
    /// Who wrote the commits taken in, as stated.
    #[n(1)]
    pub agents: Vec<String>,
    /// The other log's last commit.
    #[n(2)]
    pub head_seq: u64,
    /// Its hash.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub head_hash: [u8; 32],
    /// Commits decided again.
    #[n(4)]
    pub taken: u32,
    /// Their commands that a person left out for good: ours counts.
    #[n(5)]
    pub left_out: Vec<Uid>,
    /// Commands of ours that the other one left out, and that a person kept.
    #[n(6)]
    pub kept: Vec<Uid>,
}

/// An opening list signed off: the frozen baseline of an engagement (domain.md §9.4).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Baseline {
    /// The accounting date of the list.
    #[n(0)]
    pub as_of: Day,
    /// Open items, their sums per currency, hash total, as this book has them.
    #[n(1)]
    pub totals: crate::facts::ControlTotals,
    /// Past due per currency, minor units.
    #[n(2)]
    pub past_due: Vec<(Currency, i64)>,
    /// Customers with something open.
    #[n(3)]
    pub customers: u32,
    /// Who of the client's side signed, as stated.
    #[n(4)]
    pub signed_by: String,
    /// The mail, ticket or sheet that shows it.
    #[n(5)]
    pub reference: String,
    /// What the client's own list says, per currency, where it was compared.
    #[n(6)]
    pub stated: Vec<(Currency, i64)>,
}

/// A hand-over pack at the end of an engagement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pack {
    /// The accounting date.
    #[n(0)]
    pub as_of: Day,
    /// Open items at source and working, sums per currency, hash total.
    #[n(1)]
    pub totals: crate::facts::ControlTotals,
    /// Promises that are open.
    #[n(2)]
    pub promises: u32,
    /// Follow-ups and tasks that are open.
    #[n(3)]
    pub to_do: u32,
    /// Postings that the source has not shown.
    #[n(4)]
    pub pending: u32,
    /// Money that is unapplied, per currency, minor units, positive.
    #[n(5)]
    pub unapplied: Vec<(Currency, i64)>,
    /// Contact persons.
    #[n(6)]
    pub contacts: u32,
    /// To whom.
    #[n(7)]
    pub to: String,
}
