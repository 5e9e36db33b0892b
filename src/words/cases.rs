//! Disputes and queries in words.

use super::day;
use duebook_insight::cases::Clock;
use duebook_ledger::Book;
use duebook_ledger::cases::{CaseClose, CaseState, EvidenceState};
use duebook_ledger::refusal::CaseRefusal;
use duebook_money::Day;

/// Where a case stands.
pub fn state(state: CaseState) -> &'static str {
    use CaseState::*;
    match state {
        New => "New",
        Triaged => "Triaged",
        WithOwner => "With owner",
        Proposed => "Proposed",
        Approved => "Approved",
        Executed => "Executed",
        Closed => "Closed",
        WaitingCustomer => "Customer has it",
        Reopened => "Reopened",
    }
}

/// How a case ended.
pub fn close(close: CaseClose) -> &'static str {
    use CaseClose::*;
    match close {
        Valid => "the customer is right",
        Invalid => "owed as billed",
        Withdrawn => "withdrawn",
        Split => "right in part",
        Merged => "part of another case",
        Answered => "answered",
    }
}

/// How far a piece of evidence is.
pub fn evidence(state: EvidenceState) -> &'static str {
    match state {
        EvidenceState::Wanted => "wanted",
        EvidenceState::There => "there",
        EvidenceState::NotNeeded => "not needed",
    }
}

/// A reason by its code: its name, or the code where it is no reason any more.
pub fn reason(book: &Book, code: &str) -> String {
    let known = book.policies().cases.reason(code);
    known.map_or(code.to_owned(), |r| r.name.clone())
}

/// A clock: "4 of 10".
pub fn clock(clock: &Clock) -> String {
    format!("{} of {}", clock.used, clock.allowed)
}

/// A clock in a sentence.
pub fn clock_sentence(what: &str, clock: &Clock) -> String {
    let days = if clock.used == 1 {
        "business day"
    } else {
        "business days"
    };
    let level = match clock.level {
        0 => String::new(),
        n => format!(", level {n}"),
    };
    format!(
        "{what}: {} {days} of {}, by {}{level}",
        clock.used,
        clock.allowed,
        day(clock.due)
    )
}

/// Days since a day: "12 days".
pub fn since(from: Day, today: Day) -> String {
    match today.since(from) {
        1 => "1 day".to_owned(),
        n => format!("{} days", n.max(0)),
    }
}

/// Why a command about a case was refused.
pub fn refusal(refusal: &CaseRefusal) -> String {
    match refusal {
        CaseRefusal::UnknownReason(code) if code.is_empty() => {
            "Choose the reason first.".to_owned()
        }
        CaseRefusal::UnknownReason(code) => {
            format!("{code} is no reason in this book. Choose one of the list.")
        }
        CaseRefusal::NoAmount => {
            "A dispute names what it contests. Choose an invoice and an amount, or take a query down."
                .to_owned()
        }
        CaseRefusal::CannotMove { from, to } => format!(
            "A case that is “{}” cannot become “{}”.",
            state(*from),
            state(*to)
        ),
        CaseRefusal::HowClosed => "Say how it ended.".to_owned(),
        CaseRefusal::Over(number) => {
            format!("{number} is over. Open it again first.")
        }
        CaseRefusal::NothingLeft => {
            "Nothing would be left in the case. Close it instead.".to_owned()
        }
        CaseRefusal::NotOneCase => {
            "These two cannot be one case: choose two open ones of one customer, currency and kind."
                .to_owned()
        }
    }
}
