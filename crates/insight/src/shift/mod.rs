//! What one shift leaves to the next, what a shift or a period did, and how well accounts are
//! covered (domain.md §9.1, §9.4; job.md A13, A14). Functions of the book, dates and instants.

mod coverage;
mod engagement;
mod figures;
mod gates;
mod sample;
mod tasks;

pub use coverage::{AgentLine, Coverage, NotTouched, agent_of, coverage, not_touched};
pub use engagement::{baseline, pack};
pub use figures::{
    Carried, Figures, MoneyLine, OutcomeCount, PromiseSum, Span, figures, is_attempt, is_reached,
};
pub use gates::{Gates, gates};
pub use sample::{NotesDrawn, notes_drawn};
pub use tasks::{DueTask, due_tasks};

use crate::promises::{PromiseState, judge_scan};
use crate::today::{TaskRow, Why};
use crate::waiting::waiting;
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::people::Activity;
use duebook_ledger::shift::{HandOverLine, LineKind};
use duebook_ledger::{Book, CustomerId, OpenScan, View};
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;

/// Days after which a contact that left somebody waiting is no longer news of a hand-over: it is
/// old work, and on the list of today by its own right.
pub const FRESH_DAYS: i32 = 14;

/// For when a hand-over is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandOverAsk {
    /// The ledger's date.
    pub today: Day,
    /// Milliseconds UTC.
    pub now_ms: i64,
    /// Promises and call-backs up to this day are named.
    pub until: Day,
}

/// The lines of a hand-over, in the order of the paper. `listed`: today's list, for the promises
/// that were broken and nobody has spoken about since.
pub fn hand_over<'a>(
    book: &Book,
    listed: impl Iterator<Item = &'a TaskRow>,
    ask: HandOverAsk,
) -> Vec<HandOverLine> {
    let scan = OpenScan::new(book, View::on(ask.today));
    let mut out = Vec::new();
    for row in listed {
        if let Why::PromiseBroken {
            promise,
            currency,
            missing,
            due,
            ..
        } = row.why
        {
            out.push(HandOverLine {
                fact: book.promise(promise).map(|p| p.key),
                day: Some(due),
                currency: Some(currency),
                amount: Some(missing),
                ..line(book, LineKind::PromiseBroken, Some(row.customer))
            });
        }
    }
    promises(book, &scan, ask, &mut out);
    follow_ups(book, &scan, ask, &mut out);
    contacts(book, &scan, ask, &mut out);
    for parked in book.calls_parked() {
        out.push(HandOverLine {
            fact: Some(parked.key),
            day: book.commit(parked.commit).map(|c| c.ledger_date),
            ..line(book, LineKind::Parked, Some(parked.fact.customer))
        });
    }
    for due in due_tasks(book, ask.today, None) {
        let task = &book.tasks()[due.task.0 as usize];
        out.push(HandOverLine {
            fact: Some(task.key),
            day: Some(due.due),
            ..line(book, LineKind::Task, task.fact.customer)
        });
    }
    pending(book, ask.today, &mut out);
    cases(book, ask.today, &mut out);
    let place = |l: &HandOverLine| {
        let number = l
            .customer
            .as_ref()
            .map(|c| (c.source.clone(), c.number.clone()));
        (l.kind, l.day, l.at, number, l.fact)
    };
    duebook_money::order::sort_by_key(&mut out, place);
    out
}

fn line(book: &Book, kind: LineKind, customer: Option<CustomerId>) -> HandOverLine {
    HandOverLine {
        kind,
        customer: customer.and_then(|c| book.customer_key(c)),
        fact: None,
        day: None,
        at: None,
        zone: None,
        currency: None,
        amount: None,
        outcome: None,
        count: None,
    }
}

fn promises(book: &Book, scan: &OpenScan<'_>, ask: HandOverAsk, out: &mut Vec<HandOverLine>) {
    for j in judge_scan(book, scan) {
        let due = match j.state {
            PromiseState::DueToday | PromiseState::InGrace | PromiseState::AwaitingNews => true,
            PromiseState::Open => j.due <= ask.until,
            _ => false,
        };
        let missing = (j.promised - j.paid - j.paid_late).max(0);
        if due && missing > 0 {
            out.push(HandOverLine {
                fact: book.promise(j.promise).map(|p| p.key),
                day: Some(j.due),
                currency: Some(j.currency),
                amount: Some(missing),
                ..line(book, LineKind::PromiseDue, Some(j.customer))
            });
        }
    }
}

fn follow_ups(book: &Book, scan: &OpenScan<'_>, ask: HandOverAsk, out: &mut Vec<HandOverLine>) {
    let live = |s| scan.is_live(s);
    for f in book.follow_ups() {
        if !live(f.commit) || f.closed.get(&live).is_some() {
            continue;
        }
        let kind = match f.at {
            Some(_) if f.due <= ask.until => LineKind::CallBack,
            None if f.due <= ask.today => LineKind::FollowUp,
            _ => continue,
        };
        out.push(HandOverLine {
            fact: Some(f.key),
            day: Some(f.due),
            at: f.at,
            zone: f.zone.clone(),
            ..line(book, kind, Some(f.customer))
        });
    }
}

/// Who waits for whom, by the last contact; and who is not to be called.
fn contacts(book: &Book, scan: &OpenScan<'_>, ask: HandOverAsk, out: &mut Vec<HandOverLine>) {
    let mut last: BTreeMap<CustomerId, &Activity> = BTreeMap::new();
    let mut stops: BTreeMap<CustomerId, &Activity> = BTreeMap::new();
    let live = book.activities().iter().filter(|a| scan.is_live(a.commit));
    for a in live.filter(|a| a.channel != Channel::Note) {
        last.insert(a.customer, a);
        if is_stop(a.outcome) {
            stops.insert(a.customer, a);
        }
    }
    let on = |a: &Activity| book.commit(a.commit).map(|c| c.ledger_date);
    let owes = |customer| {
        let mut items = scan.items_of(customer);
        items.any(|i| scan.open(i.id).is_some_and(|o| o.working() > 0))
    };
    for (customer, a) in last {
        let fresh = on(a).is_some_and(|d| ask.today.since(d) <= FRESH_DAYS);
        let kind = match waits(a.outcome) {
            Some(kind) if fresh && !stops.contains_key(&customer) && owes(customer) => kind,
            _ => continue,
        };
        out.push(HandOverLine {
            fact: Some(a.key),
            day: on(a),
            outcome: Some(a.outcome),
            ..line(book, kind, Some(customer))
        });
    }
    for (customer, a) in stops {
        if owes(customer) {
            out.push(HandOverLine {
                fact: Some(a.key),
                day: on(a),
                outcome: Some(a.outcome),
                ..line(book, LineKind::DoNotDo, Some(customer))
            });
        }
    }
}

/// Who waits for whom after a contact.
fn waits(outcome: Outcome) -> Option<LineKind> {
    use Outcome::*;
    match outcome {
        Query | NeedsPo | NotReceived | Dispute | PlanRequest | Language => {
            Some(LineKind::TheyWait)
        }
        PaidClaim | InProcess | Escalated => Some(LineKind::WeWait),
        _ => None,
    }
}

/// They asked not to be called, have a lawyer, or are insolvent (CP-04).
fn is_stop(outcome: Outcome) -> bool {
    use Outcome::*;
    matches!(outcome, DoNotCall | LegalRepresentation | Insolvency)
}

/// Questions that wait for an answer, and cases that are due to be put up.
fn cases(book: &Book, today: Day, out: &mut Vec<HandOverLine>) {
    let live = |s| book.is_live(s);
    for (_, e) in book.escalations() {
        let over = e.fact.case.and_then(|id| book.case_state(id));
        let over = over == Some(duebook_ledger::cases::CaseState::Closed);
        if !over && e.answer.get(&live).is_none() {
            out.push(HandOverLine {
                fact: Some(e.key),
                day: Some(e.fact.due),
                ..line(book, LineKind::Escalated, Some(e.fact.customer))
            });
        }
    }
    let rows = crate::cases::queue(book, today);
    for (row, due) in crate::cases::due_for_escalation(&rows) {
        let money = (!row.query).then_some(row.money.disputed);
        out.push(HandOverLine {
            fact: book.case(row.id).map(|c| c.key),
            day: Some(due.clock.due),
            currency: money.map(|_| row.currency),
            amount: money,
            ..line(book, LineKind::ToEscalate, Some(row.customer))
        });
    }
}

/// What waits for the source, per currency.
fn pending(book: &Book, today: Day, out: &mut Vec<HandOverLine>) {
    let days = book.policies().calendar.business_days();
    let mut sums: BTreeMap<&'static str, (Currency, u32, i128)> = BTreeMap::new();
    for w in waiting(book, today, &days) {
        let code = w.currency.code();
        let sum = sums.entry(code).or_insert((w.currency, 0, 0));
        sum.1 += 1;
        sum.2 += i128::from(w.amount);
    }
    for (currency, count, sum) in sums.into_values() {
        out.push(HandOverLine {
            currency: Some(currency),
            // Beyond what a ledger holds no sum is shown, only how many.
            amount: i64::try_from(sum).ok(),
            count: Some(count),
            ..line(book, LineKind::Pending, None)
        });
    }
}

/// How many lines of a hand-over there are of each kind, in its order.
pub fn counts(lines: &[HandOverLine]) -> Vec<(LineKind, usize)> {
    let count = |kind| lines.iter().filter(|l| l.kind == kind).count();
    let all = LineKind::ALL.into_iter().map(|kind| (kind, count(kind)));
    all.filter(|(_, n)| *n > 0).collect()
}

/// A customer's name and number, by the key of a line; the number alone where it is not known.
pub fn name_of(book: &Book, key: &CustomerKey) -> String {
    let found = book.find_customer(key);
    let name = found.and_then(|id| book.customer_facts(id));
    name.map_or_else(|| key.number.clone(), |f| f.name.clone())
}
