//! What is known of a customer's earlier contacts, as the contact policy asks for it (domain.md
//! 7.2): a planned contact is judged by it.

use crate::promises::{Judged, PromiseState};
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::people::Activity;
use duebook_ledger::{Book, ContactId, CustomerId};
use duebook_money::Day;
use duebook_policy::contact::{Finding, LOOKS_BACK, Past, Planned, Stop, Way};

/// A contact that is planned, or being logged.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// With whom.
    pub customer: CustomerId,
    /// The person, where one is named.
    pub contact: Option<ContactId>,
    /// How.
    pub channel: Channel,
    /// What came of it, once it is known.
    pub outcome: Option<Outcome>,
    /// The debtor's day and minute, where the zone is known.
    pub local: Option<(Day, u16)>,
    /// The ledger's date.
    pub today: Day,
    /// The instant, milliseconds UTC.
    pub now_ms: i64,
    /// Everything past due is disputed.
    pub disputed_in_full: bool,
}

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// A call-back is kept a little before its time too.
const EARLY_MS: i64 = 15 * MINUTE_MS;

/// What rules of contact say, as known now; `promises` are the customer's, as judged today.
pub fn judge(book: &Book, plan: &Plan, promises: &[Judged]) -> Vec<Finding> {
    let staged = book.customer_facts(plan.customer);
    let way = match plan.channel {
        Channel::Call => Way::Call,
        Channel::Email | Channel::Letter => Way::Write,
        Channel::InboundCall | Channel::Portal | Channel::Meeting | Channel::Note => Way::Free,
    };
    let spoken = plan.outcome.is_some_and(Outcome::is_right_party);
    let past = past(book, plan);
    let planned = Planned {
        way,
        country: staged.and_then(|f| f.country.as_deref()).unwrap_or(""),
        local: plan.local,
        today: plan.today,
        past: &past,
        stop: stop(book, plan.customer),
        agreed: is_agreed(book, plan, promises),
        disputed_in_full: plan.disputed_in_full,
        named: !spoken || plan.contact.is_some() || book.contacts_of(plan.customer).is_empty(),
    };
    book.policies().contact.judge(&planned)
}

/// A customer's contacts known now, newest first; a note is none.
fn contacts(book: &Book, customer: CustomerId) -> impl Iterator<Item = &Activity> + '_ {
    let ids = book.customer(customer).map_or(&[][..], |c| &c.activities);
    let all = ids.iter().rev();
    all.filter_map(|id| book.activities().get(id.index()))
        .filter(|a| book.is_live(a.commit) && a.channel != Channel::Note)
}

/// The day of a contact by the debtor's clock, as far as it was known.
fn day_of(a: &Activity) -> Day {
    let local = a.at + i64::from(a.local_offset.unwrap_or(0)) * MINUTE_MS;
    Day(i32::try_from(local.div_euclid(DAY_MS)).unwrap_or(0))
}

fn past(book: &Book, plan: &Plan) -> Vec<Past> {
    let from = plan.today.plus(-LOOKS_BACK);
    contacts(book, plan.customer)
        .map(|a| Past {
            on: day_of(a),
            talk: a.outcome.is_right_party(),
            // Where nobody is named it may have been anybody.
            same_person: plan.contact.is_none() || a.contact.is_none() || a.contact == plan.contact,
            call: a.channel == Channel::Call,
        })
        .filter(|p| p.on >= from)
        .collect()
}

/// The last thing said that forbids the ordinary contact, and its day (CP-04).
fn stop(book: &Book, customer: CustomerId) -> Option<(Stop, Day)> {
    // What was said under a number that goes on as this one binds here too.
    let live = |s| book.is_live(s);
    let all = book.with_merged(customer).into_iter();
    let said = all
        .filter_map(|c| book.stop(c, &live))
        .max_by_key(|a| (a.at, a.commit))?;
    let stop = match said.outcome {
        Outcome::LegalRepresentation => Stop::Lawyer,
        Outcome::Insolvency => Stop::Insolvency,
        _ => Stop::DoNotCall,
    };
    Some((stop, day_of(said)))
}

/// They asked to be called, or promised for now (CP-03).
fn is_agreed(book: &Book, plan: &Plan, promises: &[Judged]) -> bool {
    use PromiseState::{DueToday, InGrace};
    let due = |j: &Judged| matches!(j.state, DueToday | InGrace);
    let live = |s| book.is_live(s);
    let ids = book
        .customer(plan.customer)
        .map_or(&[][..], |c| &c.follow_ups);
    let mut open = ids
        .iter()
        .filter_map(|id| book.follow_ups().get(id.index()))
        .filter(|f| live(f.commit) && f.closed.get(&live).is_none());
    promises.iter().any(due)
        || open.any(|f| {
            f.at.is_some_and(|at| at <= plan.now_ms.saturating_add(EARLY_MS))
        })
}
