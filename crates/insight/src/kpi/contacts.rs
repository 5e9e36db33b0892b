//! What is counted, not added up: contacts, promises, receipts, and how complete the records are.

use super::base::{Counts, Sum};
use super::gather::State;
use super::{By, InShifts};
use crate::promises::{Judged, PromiseState, judge_scan};
use crate::shift::is_attempt;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::{Channel, CollectorField, Outcome};
use duebook_ledger::people::Activity;
use duebook_ledger::shift::Shift;
use duebook_ledger::statements::LineUse;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, Seq, View};
use duebook_money::Day;
use std::collections::{BTreeMap, BTreeSet};

/// Days without another contact after which one was enough (KP-36).
const QUIET_DAYS: i32 = 14;
/// Days within which a straight-through receipt is judged (KP-51).
const PRECISION_DAYS: i32 = 60;

pub(super) fn count(book: &Book, state: &mut State) {
    let scan = OpenScan::new(book, state.closing);
    let judged = judge_scan(book, &scan);
    promises(book, state, &judged);
    contacts(book, state, &judged);
    receipts(book, state);
    people(book, state);
    disputes(book, state);
}

fn day_of(activity: &Activity) -> Day {
    crate::reports::moment(activity.at).0
}

/// Whether somebody answered: anything but a bell, a machine, a mail or a portal (KP-30).
fn is_connect(outcome: Outcome) -> bool {
    use Outcome::*;
    !matches!(
        outcome,
        NoAnswer
            | Busy
            | VoicemailLeft
            | NoVoicemail
            | Disconnected
            | MailSent
            | MailBounced
            | PortalChecked
    )
}

fn group_of(state: &State, customer: CustomerId) -> Option<u32> {
    let group = state.group_of.get(customer.index()).copied()?;
    ((group as usize) < state.names.len()).then_some(group)
}

/// The counts of a customer's things without a currency.
fn counts_of(state: &mut State, customer: CustomerId) -> Option<&mut Counts> {
    let group = group_of(state, customer)?;
    Some(state.apart(group))
}

/// The shifts of a period that were ended, and what was recorded in them, by group. A shift is of
/// its agent: of the desk, or of the collector of that name; of no customer and no company.
pub(super) fn in_shifts(book: &Book, state: &State) -> Vec<InShifts> {
    let ask = &state.ask;
    let mut out = vec![InShifts::default(); state.names.len()];
    if !ask.is_of_people() {
        return out;
    }
    let group = |agent: &str| match (&ask.scope.collector, ask.by) {
        (Some(one), _) if one != agent => None,
        (_, By::Collector) => state.names.iter().position(|n| n == agent),
        _ => Some(0),
    };
    let period = ask.period;
    let counts = |shift: &Shift| {
        let within = period.from <= shift.work_date && shift.work_date <= period.to;
        within && state.is_live(shift.commit)
    };
    for shift in book.shifts().iter().filter(|s| counts(s)) {
        let slot = group(&shift.agent).and_then(|g| out.get_mut(g));
        if let Some((slot, (ended, _))) = slot.zip(book.shift_end(shift)) {
            slot.shifts += 1;
            slot.minutes += i128::from(ended.saturating_sub(shift.start).max(0) / 60_000);
        }
    }
    for activity in book.activities() {
        if !state.is_live(activity.commit) || activity.channel == Channel::Note {
            continue;
        }
        // In whose shift it was recorded, as the figures of a shift have it.
        let commit = book.commit(activity.commit);
        let shift = commit.and_then(|c| book.shift_of(&c.actor, c.recorded_at));
        let shift = shift.filter(|s| counts(s) && book.shift_end(s).is_some());
        let slot = shift.and_then(|s| group(&s.agent));
        if let Some(slot) = slot.and_then(|g| out.get_mut(g)) {
            slot.attempts += u64::from(is_attempt(activity.channel));
            slot.contacts += u64::from(activity.outcome.is_right_party());
        }
    }
    out
}

fn promises(book: &Book, state: &mut State, judged: &[Judged]) {
    let period = state.ask.period;
    let within = |day: Day| period.from <= day && day <= period.to;
    for j in judged {
        let Some(group) = group_of(state, j.customer) else {
            continue;
        };
        if within(j.window_end) && j.state.is_judged() {
            let counts = state.counted((group, j.currency.numeric()));
            counts.presumed += u64::from(j.presumed);
            match j.state {
                PromiseState::Kept => counts.kept += 1,
                PromiseState::Partial => counts.partial += 1,
                _ => counts.broken += 1,
            }
            let base = state.base((group, j.currency.numeric()));
            base.add(Sum::Promised, i128::from(j.promised));
            base.add(Sum::PromisePaid, i128::from(j.paid));
        }
        if j.state == PromiseState::Superseded && within(j.window_end) {
            state.counted((group, j.currency.numeric())).superseded += 1;
        }
        if within(j.taken_on) && j.state != PromiseState::EntryError {
            let complete = j.contact.is_some() && j.promised > 0 && !j.lines.is_empty();
            let named = book.promise(j.promise).is_some();
            let counts = state.counted((group, j.currency.numeric()));
            counts.promises += 1;
            counts.promises_complete += u64::from(complete && named);
        }
    }
}

/// A customer's right-party contacts, oldest first.
type Reached = BTreeMap<CustomerId, Vec<Day>>;

fn contacts(book: &Book, state: &mut State, judged: &[Judged]) {
    let period = state.ask.period;
    let promised: BTreeSet<Seq> = book.promises().iter().map(|p| p.commit).collect();
    let next: BTreeSet<Seq> = book.follow_ups().iter().map(|f| f.commit).collect();
    let mut reached = Reached::new();
    for activity in book.activities() {
        if !state.is_live(activity.commit) || activity.channel == Channel::Note {
            continue;
        }
        let day = day_of(activity);
        let spoke = activity.outcome.is_right_party();
        if spoke && period.from <= day && day <= period.to.plus(QUIET_DAYS) {
            reached.entry(activity.customer).or_default().push(day);
        }
        if day < period.from || day > period.to {
            continue;
        }
        let promise = promised.contains(&activity.commit);
        let follow_up = next.contains(&activity.commit);
        let Some(counts) = counts_of(state, activity.customer) else {
            continue;
        };
        if is_attempt(activity.channel) {
            counts.attempts += 1;
            counts.connects += u64::from(is_connect(activity.outcome));
            counts.right_party += u64::from(spoke);
            counts.with_promise +=
                u64::from(spoke && (promise || activity.outcome == Outcome::Promise));
        }
        if spoke {
            let complete =
                activity.contact.is_some() && activity.note.is_some() && (promise || follow_up);
            counts.contacts += 1;
            counts.complete += u64::from(complete);
        }
    }
    settled_at_once(book, state, &reached, judged);
}

/// KP-36: one contact, quiet for 14 days after it, and a promise of that day kept, a dispute of that
/// day taken down whole (a reason and an owner, as in 2.6), or nothing late at the end.
fn settled_at_once(book: &Book, state: &mut State, reached: &Reached, judged: &[Judged]) {
    let period = state.ask.period;
    let kept = judged.iter().filter(|j| j.state == PromiseState::Kept);
    let mut done: BTreeSet<(CustomerId, Day)> = kept.map(|j| (j.customer, j.taken_on)).collect();
    let whole = book.cases().filter(|(_, case)| {
        let fact = &case.fact;
        let named = !fact.reason.is_empty() && !fact.owner.is_empty();
        state.is_live(case.commit) && !fact.query && named
    });
    done.extend(whole.map(|(_, case)| (case.fact.customer, case.fact.opened_on)));
    for (customer, days) in reached {
        let Some(first) = days.iter().min().copied() else {
            continue;
        };
        let quiet = first.plus(QUIET_DAYS);
        if quiet > period.to {
            continue;
        }
        let alone = days.iter().filter(|d| **d <= quiet).count() == 1;
        let late = state.late_at_end.get(customer.index()) == Some(&true);
        let settled = alone && (done.contains(&(*customer, first)) || !late);
        if let Some(counts) = counts_of(state, *customer) {
            counts.reached += 1;
            counts.settled_at_once += u64::from(settled);
        }
    }
}

/// Receipts of ours in the period, and which of them were posted as proposed (KP-50, KP-51).
fn receipts(book: &Book, state: &mut State) {
    let auto: BTreeMap<ItemId, bool> = (book.all_line_parts())
        .filter(|p| state.is_live(p.commit))
        .filter_map(|p| match p.by {
            LineUse::Receipt(id) => Some((id, p.auto)),
            _ => None,
        })
        .collect();
    let period = state.ask.period;
    let ours = book.items().segments().iter().enumerate();
    let ours: Vec<usize> = (ours.filter(|(_, s)| s.source == duebook_ledger::items::OWN))
        .map(|(n, _)| n)
        .collect();
    let scan = OpenScan::new(
        book,
        View {
            as_of: period.to,
            known: state.closing.known,
        },
    );
    let mut found = Vec::new();
    for number in ours {
        let Some(segment) = scan.segment(number) else {
            continue;
        };
        let data = segment.data();
        for row in 0..segment.len() {
            let of_period = data.doc_date[row] >= period.from.0;
            let id = ItemId::new(number, row);
            // A part of another receipt is no payment that came in.
            let came_in = data.kind[row] == ItemKind::Receipt as u8 && book.brought(id).is_none();
            if came_in && of_period && segment.exists(row) {
                found.push((
                    id,
                    data.customer[row],
                    data.entity[row],
                    data.currency[row],
                    data.amount[row],
                ));
            }
        }
    }
    for (id, customer, entity, currency, amount) in found {
        let Some(group) = state.group(customer, entity) else {
            continue;
        };
        let amount = -i128::from(amount);
        let straight = auto.get(&id).copied().unwrap_or(false);
        let back = straight && taken_back(book, state, id);
        let base = state.base((group, currency));
        base.add(Sum::Receipts, amount);
        if straight {
            base.add(Sum::ReceiptsAuto, amount);
        }
        let counts = state.counted((group, currency));
        counts.receipts += 1;
        counts.auto += u64::from(straight);
        counts.auto_taken_back += u64::from(back);
    }
}

/// Whether an application of a receipt was taken back, or the money returned, within the days.
fn taken_back(book: &Book, state: &State, id: ItemId) -> bool {
    let live = |s: Seq| state.is_live(s);
    book.settlements_of(id).any(|s| {
        let reversal = book.settlements().reversal(s.id, &live);
        reversal.is_some_and(|r| r.effective.since(s.effective) <= PRECISION_DAYS)
    })
}

fn people(book: &Book, state: &mut State) {
    let ids: Vec<CustomerId> = book.customer_ids().collect();
    for id in ids {
        let known = book.contacts_of(id);
        let full = |text: &Option<String>| text.as_ref().is_some_and(|t| !t.trim().is_empty());
        let complete = known
            .iter()
            .filter(|(_, c)| !c.role.trim().is_empty() && full(&c.zone) && full(&c.language));
        let (all, complete) = (known.len() as u64, complete.count() as u64);
        if let Some(counts) = counts_of(state, id) {
            counts.people += all;
            counts.people_complete += complete;
        }
    }
}

/// Items with a disputed amount, and those of them with reason and owner.
fn disputes(book: &Book, state: &mut State) {
    let ids: Vec<ItemId> = book.items_with_fields().collect();
    for id in ids {
        let value = |field| {
            let history = book.field_history(id, field);
            let last = history.into_iter().rfind(|(seq, _)| state.is_live(*seq));
            last.map_or("", |(_, text)| text)
        };
        let disputed = value(CollectorField::Disputed)
            .parse::<i64>()
            .is_ok_and(|d| d > 0);
        // A field of a row that came in again is found through the one that is known.
        let Some(item) = book.item(id).filter(|_| disputed && book.current(id) == id) else {
            continue;
        };
        let complete =
            !value(CollectorField::Reason).is_empty() && !value(CollectorField::Owner).is_empty();
        if let Some(group) = group_of(state, item.customer()) {
            let counts = state.counted((group, item.currency().numeric()));
            counts.disputes += 1;
            counts.disputes_complete += u64::from(complete);
        }
    }
}
