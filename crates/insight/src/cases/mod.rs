//! Disputes and queries as a queue: who has each since when, how its clocks stand, and the money of
//! it (DS-01 to DS-05). Functions of facts and a date: nothing is judged by a running clock.

mod digests;
mod due;
mod figures;
mod history;
mod preview;
mod text;
mod times;

pub use digests::{DigestRow, digests};
pub use due::{DueLevel, answer_by, due_for_escalation};
pub use figures::{CaseFigures, Cause, Rate, Spread, ddo_tenths, figures, figures_by_currency};
pub use history::{Told, adjustment_name, close_words, history, resolution_name, state_name};
pub use preview::{Preview, PreviewLine, preview};
pub use text::{HandOff, Sums, digest, hand_off, sums, wanted};
pub use times::{CaseTimes, Stay, times};

use duebook_ledger::cases::{Case, CaseClose, CaseMoney, CaseState, Escalation};
use duebook_ledger::{Book, CaseId, CustomerId};
use duebook_money::business::BusinessDays;
use duebook_money::{Currency, Day};
use duebook_policy::CasePolicy;

/// A clock in business days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Business days used.
    pub used: u32,
    /// Business days it may take.
    pub allowed: u16,
    /// The last day on which it is in time.
    pub due: Day,
    /// How many of the policy's levels it has passed: 0 before the first (DS-04).
    pub level: u8,
}

impl Clock {
    /// A clock that runs since a day.
    pub fn new(days: &BusinessDays, since: Day, to: Day, allowed: u16, levels: &[u16]) -> Clock {
        let used = days.count_between(since.plus(1), to);
        let per_mille = u64::from(used) * 1000 / u64::from(allowed.max(1));
        let passed = levels.iter().filter(|l| per_mille >= u64::from(**l));
        Clock {
            used,
            allowed,
            due: days
                .add(since, i32::from(allowed))
                .unwrap_or_else(|| since.plus(i32::from(allowed))),
            level: u8::try_from(passed.count()).unwrap_or(u8::MAX),
        }
    }
    /// Whether more was used than may be.
    pub fn is_over(&self) -> bool {
        self.used > u32::from(self.allowed)
    }
}

/// A question that was put up and waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// To whom.
    pub to: String,
    /// By when the answer is wanted.
    pub due: Day,
    /// That day is past.
    pub overdue: bool,
}

/// A case in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Which.
    pub id: CaseId,
    /// As people name it.
    pub number: String,
    /// Whose.
    pub customer: CustomerId,
    /// A query: nothing is withheld.
    pub query: bool,
    /// Where it stands.
    pub state: CaseState,
    /// How it ended, where it did.
    pub close: Option<CaseClose>,
    /// Code of the reason.
    pub reason: String,
    /// Who has it: a department; empty while the customer does.
    pub department: String,
    /// Who there.
    pub owner: String,
    /// Since when.
    pub since: Day,
    /// The day it was raised.
    pub opened_on: Day,
    /// Currency of the money.
    pub currency: Currency,
    /// Its money.
    pub money: CaseMoney,
    /// The clock of the whole of it.
    pub cycle: Clock,
    /// The clock of the step it is at; `None` while the customer has it, or it is over.
    pub step: Option<Clock>,
    /// Raised after the due date (DS-05).
    pub late: bool,
    /// The other side's ticket.
    pub ticket: String,
    /// The question put up that waits longest for its answer, by the day it is wanted; open cases only.
    pub question: Option<Question>,
    /// The level of a clock that it has passed and that nobody was told of (DS-04).
    pub due: Option<DueLevel>,
}

impl CaseRow {
    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.state == CaseState::Closed
    }
    /// Whether it is open and more days were used than it may take.
    pub fn is_past_clock(&self) -> bool {
        self.level() >= 2
    }
    /// Whether a question was put up whose answer is overdue.
    pub fn is_answer_overdue(&self) -> bool {
        self.question.as_ref().is_some_and(|q| q.overdue)
    }
    /// Who has it, in one word: the person, else the department; empty where the customer does.
    pub fn holder(&self) -> &str {
        match self.owner.as_str() {
            "" => &self.department,
            owner => owner,
        }
    }
    /// Whether it is open and with us, and no person is named for it.
    pub fn is_without_owner(&self) -> bool {
        !self.is_over() && self.state != CaseState::WaitingCustomer && self.owner.is_empty()
    }
    /// The level of the clock that is furthest on; 0 where it is over.
    pub fn level(&self) -> u8 {
        let step = self.step.map_or(0, |c| c.level);
        if self.is_over() {
            0
        } else {
            self.cycle.level.max(step)
        }
    }
}

/// Business days that the step a case is at may take (DS-04).
fn allowed(policy: &CasePolicy, state: CaseState) -> Option<u16> {
    let clocks = &policy.clocks;
    match state {
        CaseState::New | CaseState::Reopened => Some(clocks.acknowledge),
        CaseState::Triaged => Some(clocks.triage),
        CaseState::WithOwner | CaseState::Proposed => Some(clocks.answer),
        CaseState::Approved | CaseState::Executed => Some(clocks.execute),
        CaseState::Closed | CaseState::WaitingCustomer => None,
    }
}

/// A case as it stands on a day; `raised` is what was put up of any case.
fn row(
    book: &Book,
    days: &BusinessDays,
    (id, case): (CaseId, &Case),
    raised: &[&Escalation],
    today: Day,
) -> CaseRow {
    let live = |s| book.is_live(s);
    let now = case.now(&live);
    let policy = &book.policies().cases;
    let over = now.hop.state == CaseState::Closed;
    let until = if over { now.hop.on } else { today };
    let whole = if case.fact.query {
        policy.clocks.query
    } else {
        policy.clocks.cycle
    };
    let clock = |since, allowed| Clock::new(days, since, until, allowed, &policy.levels);
    let raised: Vec<&Escalation> = (raised.iter().copied())
        .filter(|e| e.fact.case == Some(id))
        .collect();
    let mut row = CaseRow {
        id,
        number: case.fact.number.clone(),
        customer: case.fact.customer,
        query: case.fact.query,
        state: now.hop.state,
        close: now.hop.close,
        reason: case.reason_now(&live).to_owned(),
        department: now.hop.department.clone(),
        owner: now.hop.owner.clone(),
        since: now.hop.on,
        opened_on: case.fact.opened_on,
        currency: case.fact.currency,
        money: book.case_money(id),
        cycle: clock(case.fact.opened_on, whole),
        step: allowed(policy, now.hop.state)
            .filter(|_| !case.fact.query)
            .map(|allowed| clock(now.hop.on, allowed)),
        late: book.is_late_dispute(id),
        ticket: case.ticket_now(&live).to_owned(),
        question: (raised.iter())
            .filter(|e| !over && e.answer.get(&live).is_none())
            .min_by_key(|e| e.fact.due)
            .map(|e| Question {
                to: e.fact.to.clone(),
                due: e.fact.due,
                overdue: e.fact.due < today,
            }),
        due: None,
    };
    row.due = due::due(&row, now.commit, &raised, policy);
    row
}

/// Every case of a book, those that are open first, the most pressing of them first: by level, then
/// by how much of the clock is used, then by age.
pub fn queue(book: &Book, today: Day) -> Vec<CaseRow> {
    let days = book.policies().calendar.business_days();
    let raised: Vec<&Escalation> = book.escalations().map(|(_, e)| e).collect();
    let mut rows: Vec<CaseRow> = book
        .cases()
        .map(|of| row(book, &days, of, &raised, today))
        .collect();
    duebook_money::order::sort_by(&mut rows, |a, b| {
        let place = |r: &CaseRow| (r.is_over(), std::cmp::Reverse(r.level()));
        let share =
            |r: &CaseRow| u64::from(r.cycle.used) * 1000 / u64::from(r.cycle.allowed.max(1));
        let by_share = share(b).cmp(&share(a));
        let by_age = (a.opened_on, a.id).cmp(&(b.opened_on, b.id));
        place(a).cmp(&place(b)).then(by_share).then(by_age)
    });
    rows
}
