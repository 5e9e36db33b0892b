//! What stands behind a key figure: items, applications, promises, contacts, each with how much of
//! the numerator it is. Worked out when it is asked for.

use super::base::Became;
use super::gather::State;
use super::settled::{Counted, stands};
use super::{Ask, In};
use crate::promises::{PromiseState, judge_scan};
use crate::scan::{days, is_cash};
use duebook_ledger::columns::NO_DAY;
use duebook_ledger::facts::{Cause, Channel};
use duebook_ledger::open::SegmentScan;
use duebook_ledger::{ActivityId, Book, CustomerId, ItemId, OpenScan, PromiseId};
use duebook_money::{Currency, Day};

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// An item.
    Item(ItemId),
    /// Cash applied to an item.
    Applied(ItemId),
    /// A promise.
    Promise(PromiseId),
    /// A contact or an attempt.
    Activity(ActivityId),
}

/// A row behind a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// What it is.
    pub what: What,
    /// Whose.
    pub customer: CustomerId,
    /// Currency of the amounts; of a contact none is told.
    pub currency: Currency,
    /// Of the denominator, minor units or 1.
    pub of: i128,
    /// Of the numerator.
    pub counted: i128,
    /// The day it is of: due, applied, window's end, contact.
    pub day: Option<Day>,
}

/// Which rows a definition stands on.
enum Stand {
    Opening(fn(&Turned) -> i128),
    Roll(usize),
    Closing(fn(i32) -> bool),
    Credits,
    Applied(fn(i32, i32) -> i32),
    Promises(PromiseState),
    Calls,
    Came,
    None,
}

/// What became of one item of the opening list.
struct Turned {
    open: i128,
    became: [i128; 9],
    /// Open at the end and past due.
    still: i128,
}

fn stand(id: &str, bucket: Option<usize>) -> Stand {
    use Stand::*;
    match (id, bucket) {
        ("KP-24", Some(from)) => Roll(from),
        ("KP-20", _) => Opening(|t| t.became[Became::Paid as usize]),
        ("KP-23", _) => Opening(|t| t.open - t.still),
        ("KP-23/presumed", _) => Opening(|t| t.became[Became::Presumed as usize]),
        ("KP-23/credited", _) => Opening(|t| t.became[Became::Credited as usize]),
        ("KP-23/written", _) => Opening(|t| t.became[Became::WrittenOff as usize]),
        ("KP-23/reaged", _) => Opening(|t| t.became[Became::ReAged as usize]),
        ("KP-01" | "KP-02" | "KP-03" | "KP-05" | "KP-06" | "KP-06/average" | "KP-07", _) => {
            Closing(|_| true)
        }
        ("KP-04" | "KP-08/current", _) => Closing(|late| late <= 0),
        ("KP-08/90", _) => Closing(|late| late > 90),
        ("KP-12" | "KP-12/balance", _) => Credits,
        ("KP-21" | "KP-22", _) => Applied(|_, _| 1),
        ("KP-09", _) => Applied(|late, _| late),
        ("KP-09/floor", _) => Applied(|late, _| late.max(0)),
        ("KP-10", _) => Applied(|_, age| age),
        ("KP-32" | "KP-33", _) => Promises(PromiseState::Kept),
        ("KP-34", _) => Promises(PromiseState::Broken),
        ("KP-30/attempts" | "KP-30/connects" | "KP-31", _) => Calls,
        ("KP-26" | "KP-26/bias", _) => Came,
        _ => None,
    }
}

/// Whether there are rows behind a figure.
pub fn has_rows(id: &str, bucket: Option<usize>) -> bool {
    !matches!(stand(id, bucket), Stand::None)
}

/// The rows behind a figure, the largest part first.
pub fn rows(book: &Book, ask: &Ask, currency: In, id: &str, bucket: Option<usize>) -> Vec<Behind> {
    let state = State::new(book, ask);
    let now = OpenScan::new(book, state.closing);
    let mut out = match stand(id, bucket) {
        Stand::Opening(counted) => opening(
            book,
            &state,
            |buckets, b| buckets.is_past_due(b),
            |t, _| counted(t),
        ),
        Stand::Roll(from) => opening(
            book,
            &state,
            move |_, b| b == from,
            move |_, (to, open)| if to == from + 1 { open } else { 0 },
        ),
        Stand::Closing(takes) => closing(&state, &now, |open, late, _| {
            (open > 0 && takes(late)).then_some(open)
        }),
        Stand::Credits => closing(&state, &now, |open, _, kind| {
            (open < 0 && is_cash(kind)).then_some(-open)
        }),
        Stand::Applied(days) => applied(book, &state, &now, days),
        Stand::Promises(counted) => promises(book, &state, &now, counted),
        Stand::Calls => calls(book, &state),
        Stand::Came => super::forecast::rows_behind(book, &state, &now),
        Stand::None => Vec::new(),
    };
    if let In::Own(one) = currency {
        out.retain(|r| r.currency == one || r.currency == Currency::XXX);
    }
    duebook_money::order::sort_by_key(&mut out, |r| (-r.counted.abs(), -r.of, r.what));
    out
}

fn age(day: Day, due: i32, doc: i32) -> i32 {
    if due == NO_DAY {
        days(day.0, doc)
    } else {
        day.0.saturating_sub(due)
    }
}

fn currency_at(segment: &SegmentScan<'_>, row: usize) -> Currency {
    Currency::from_numeric(segment.data().currency[row]).unwrap_or(Currency::XXX)
}

/// Items open at the beginning in some buckets, and how much of each counts: of what became of it,
/// of the bucket and amount it stands in at the end.
fn opening(
    book: &Book,
    state: &State,
    takes: impl Fn(&duebook_policy::Buckets, usize) -> bool,
    counted: impl Fn(&Turned, (usize, i128)) -> i128,
) -> Vec<Behind> {
    let (then, now) = (
        OpenScan::new(book, state.opening),
        OpenScan::new(book, state.closing),
    );
    let mut out = Vec::new();
    for ((number, before), (_, after)) in then.segments().zip(now.segments()) {
        let data = after.data();
        for row in 0..after.len() {
            let open = before.open(row).map_or(0, |o| o.working());
            if open <= 0 || state.group(data.customer[row], data.entity[row]).is_none() {
                continue;
            }
            let (id, doc) = (ItemId::new(number, row), data.doc_date[row]);
            let due_then = state.begin.due(&before, id);
            let was = state.buckets.index(age(state.opening.as_of, due_then, doc));
            if !takes(&state.buckets, was) {
                continue;
            }
            let due_now = state.end.due(&after, id);
            let ends = after.open(row).map_or(0, |o| o.working()).max(0);
            let stands = state.buckets.index(age(state.closing.as_of, due_now, doc));
            let kept = age(state.closing.as_of, due_then, doc);
            let moved = due_now != NO_DAY && due_then != NO_DAY && due_now > due_then;
            let reaged = moved && stands < state.buckets.index(kept);
            let late = state.buckets.is_past_due(stands);
            let mut turned = Turned {
                open: i128::from(open),
                became: became(book, state, id, !after.exists(row), data.open[row]),
                still: if late { i128::from(ends) } else { 0 },
            };
            if reaged && !late {
                turned.became[Became::ReAged as usize] = i128::from(ends);
            }
            let stands = if reaged {
                (usize::MAX, 0)
            } else {
                (stands, i128::from(ends))
            };
            out.push(Behind {
                what: What::Item(id),
                customer: CustomerId(data.customer[row]),
                currency: currency_at(&after, row),
                of: turned.open,
                counted: counted(&turned, stands),
                day: duebook_ledger::items::day(due_then),
            });
        }
    }
    out
}

/// What became of an item by its settlements, as [`super::gather`] counts them.
fn became(book: &Book, state: &State, id: ItemId, gone: bool, recorded: i64) -> [i128; 9] {
    let mut out = [0i128; 9];
    if gone {
        out[Became::LearntLate as usize] += i128::from(recorded);
    }
    for s in book.settlements_of(id).filter(|s| s.debit == Some(id)) {
        let before =
            stands(book, &s, &state.live_then, state.opening.as_of) == Some(Counted::Counts);
        let after = stands(book, &s, &state.live, state.closing.as_of).filter(|_| !gone);
        let counts = after == Some(Counted::Counts);
        let day = match after {
            Some(Counted::Counts) if !before => Some(s.effective),
            Some(Counted::TakenBack(day)) => Some(day),
            _ => None,
        };
        let change = i128::from(u8::from(counts)) - i128::from(u8::from(before));
        let what = if day.is_some_and(|d| d > state.opening.as_of) {
            Became::by(s.cause)
        } else {
            Became::LearntLate
        };
        out[what as usize] += change * i128::from(s.amount);
    }
    out
}

fn closing(
    state: &State,
    now: &OpenScan<'_>,
    counted: impl Fn(i64, i32, u8) -> Option<i64>,
) -> Vec<Behind> {
    let mut out = Vec::new();
    for (number, segment) in now.segments() {
        let data = segment.data();
        for row in 0..segment.len() {
            let open = segment.open(row).map_or(0, |o| o.working());
            if open == 0 || state.group(data.customer[row], data.entity[row]).is_none() {
                continue;
            }
            let id = ItemId::new(number, row);
            let due = state.end.due(&segment, id);
            let late = age(state.closing.as_of, due, data.doc_date[row]);
            if let Some(amount) = counted(open, late, data.kind[row]) {
                out.push(Behind {
                    what: What::Item(id),
                    customer: CustomerId(data.customer[row]),
                    currency: currency_at(&segment, row),
                    of: i128::from(amount),
                    counted: i128::from(amount),
                    day: duebook_ledger::items::day(due),
                });
            }
        }
    }
    out
}

fn applied(
    book: &Book,
    state: &State,
    now: &OpenScan<'_>,
    weight: fn(i32, i32) -> i32,
) -> Vec<Behind> {
    let mut out = Vec::new();
    for s in book
        .settlements()
        .iter()
        .filter(|s| s.cause == Cause::Payment)
    {
        let Some(id) = s.debit else { continue };
        if s.effective <= state.opening.as_of
            || stands(book, &s, &state.live, state.closing.as_of) != Some(Counted::Counts)
            || stands(book, &s, &state.live_then, state.opening.as_of).is_some()
        {
            continue;
        }
        let Some(segment) = now.segment(id.segment()).filter(|g| g.exists(id.row())) else {
            continue;
        };
        let data = segment.data();
        let row = id.row();
        if state.group(data.customer[row], data.entity[row]).is_none() {
            continue;
        }
        let due = state.end.due(&segment, id);
        let late = if due == NO_DAY {
            0
        } else {
            s.effective.0 - due
        };
        let age = days(s.effective.0, data.doc_date[row]);
        out.push(Behind {
            what: What::Applied(id),
            customer: CustomerId(data.customer[row]),
            currency: currency_at(&segment, row),
            of: i128::from(s.amount),
            counted: i128::from(s.amount) * i128::from(weight(late, age)),
            day: Some(s.effective),
        });
    }
    out
}

fn promises(book: &Book, state: &State, now: &OpenScan<'_>, counted: PromiseState) -> Vec<Behind> {
    let period = state.ask.period;
    let mut out = Vec::new();
    for j in judge_scan(book, now) {
        let within = period.from <= j.window_end && j.window_end <= period.to;
        if within && j.state.is_judged() && state.group_of_customer(j.customer) {
            let part = if j.state == counted { j.promised } else { 0 };
            out.push(Behind {
                what: What::Promise(j.promise),
                customer: j.customer,
                currency: j.currency,
                of: i128::from(j.promised),
                counted: i128::from(part),
                day: Some(j.window_end),
            });
        }
    }
    out
}

fn calls(book: &Book, state: &State) -> Vec<Behind> {
    let period = state.ask.period;
    let mut out = Vec::new();
    for (at, a) in (0u32..).zip(book.activities()) {
        let day = crate::reports::moment(a.at).0;
        let within = period.from <= day && day <= period.to && a.channel == Channel::Call;
        if within && state.is_live(a.commit) && state.group_of_customer(a.customer) {
            out.push(Behind {
                what: What::Activity(ActivityId(at)),
                customer: a.customer,
                currency: Currency::XXX,
                of: 1,
                counted: i128::from(u8::from(a.outcome.is_right_party())),
                day: Some(day),
            });
        }
    }
    out
}
