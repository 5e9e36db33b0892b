//! Disputes and queries in words.

use super::{day, item, money};
use crate::ui::prelude::Tone;
use crate::workspace::Texts;
use duebook_insight::cases::Clock;
pub use duebook_insight::cases::{
    adjustment_name as adjustment, close_words as close, resolution_name as resolution,
    state_name as state,
};
use duebook_ledger::Book;
use duebook_ledger::cases::resolve::{DocLine, Proposed, RequestState, Resolution, SplitBasis};
use duebook_ledger::cases::{CaseState, EvidenceState, Hop};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::keys::TextRef;
use duebook_ledger::refusal::CaseRefusal;
use duebook_ledger::{CaseId, EscalationId};
use duebook_money::{Currency, Day};
use duebook_policy::{Breach, Grant};

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
        CaseRefusal::PeriodClosed(through) => format!(
            "The period through {} is closed. Post on a later day.",
            day(*through)
        ),
        CaseRefusal::LinesDiffer { .. } => {
            "The lines or parts do not sum to the document. Change one of them.".to_owned()
        }
        CaseRefusal::TaxNoteTooLate { on, last } => format!(
            "A credit note of {} no longer changes tax: the last day was {}. Make it a commercial credit.",
            day(*on),
            day(*last)
        ),
        CaseRefusal::NotForBadDebt => {
            "A tax credit note is not for a bad debt. Write it off without one; relief from the tax is another way."
                .to_owned()
        }
        CaseRefusal::TwoPartsAtLeast => "A split has two parts at least, each above zero.".to_owned(),
        CaseRefusal::NotALateCharge => "This is no late charge. Choose another kind of adjustment.".to_owned(),
        CaseRefusal::NothingToTakeBack => {
            "There is no such write-off or discount on the document to take back; where there are several, choose one."
                .to_owned()
        }
        CaseRefusal::NeedsRebill => {
            "The purchase order is a part of the tax document here: credit and rebill instead.".to_owned()
        }
        CaseRefusal::NeedsTaxSplit {
            item: of,
            said: Some((by, checked)),
        } => format!(
            "Each part of {} needs a tax invoice of its own: {by} said so, checked on {}. Make it a tax split.",
            item(of),
            day(*checked)
        ),
        CaseRefusal::NeedsTaxSplit {
            item: of,
            said: None,
        } => format!(
            "Each part of {} needs a tax invoice of its own by the rules of this book. Make it a tax split, or say on \
             the account that one for the whole will do.",
            item(of)
        ),
        CaseRefusal::OverLimit { breaches, needed } => over_limit(breaches, needed.as_deref(), None),
        CaseRefusal::SamePerson => {
            "Who asks does not approve. Somebody else has to, and is named here.".to_owned()
        }
        CaseRefusal::NotTheNext { given, next } => format!(
            "{given} is not the next number of the range: that is {next}. Give {next}, or leave the number out."
        ),
        CaseRefusal::RangeUsedUp { last } => format!(
            "The range of these documents is used up: its last number was {last}. Give it a new one under Settings, Document numbers."
        ),
        CaseRefusal::PartUnnamed => {
            "Each part says what it is for: a purchase order, cost centre, asset or period.".to_owned()
        }
        CaseRefusal::NoSuchPart(place) => {
            format!("There is no part {place}. Give the number of one of the parts, 1 for the first.")
        }
        CaseRefusal::PartTwice(label) => {
            format!("“{label}” is given for two parts. Give each its own, or make them one part.")
        }
        CaseRefusal::UnknownRole(role) if role.is_empty() => "Say in which role it was approved.".to_owned(),
        CaseRefusal::UnknownRole(role) => format!("There is no role {role} in the limits."),
        CaseRefusal::NotOneCase => {
            "These two cannot be one case: choose two open ones of one customer, currency and kind."
                .to_owned()
        }
    }
}

/// How far a request is.
pub fn request_state(state: RequestState) -> (Tone, &'static str) {
    match state {
        RequestState::ToApprove => (Tone::Warn, "waits for approval"),
        RequestState::Pending => (Tone::Info, "pending: the documents are to come"),
        RequestState::Differs => (Tone::Danger, "the documents differ"),
        RequestState::Executed => (Tone::Good, "executed"),
        RequestState::Over => (Tone::Muted, "over"),
    }
}

/// By what parts of a split are told apart.
pub fn basis(basis: SplitBasis) -> &'static str {
    match basis {
        SplitBasis::Amount => "amount",
        SplitBasis::Percent => "percent",
        SplitBasis::Line => "line",
        SplitBasis::PurchaseOrder => "purchase order",
        SplitBasis::CostCentre => "cost centre",
        SplitBasis::Asset => "asset",
        SplitBasis::Period => "period",
    }
}

/// What a document that a request proposes is for, where it is a part of a split: "cost centre 4711".
pub fn part_of(what: &Resolution, proposed: &Proposed) -> Option<String> {
    let Resolution::Split(split) = what else {
        return None;
    };
    let of_lines = |f: fn(&DocLine) -> &str| {
        let mut all = proposed.lines.iter().map(f);
        all.find(|t| !t.is_empty()).map(str::to_owned)
    };
    let label = match split.basis {
        SplitBasis::PurchaseOrder => of_lines(|l| &l.po),
        _ => of_lines(|l| &l.tag),
    }?;
    let credit = ItemKind::from_u8(proposed.kind).is_some_and(ItemKind::is_credit);
    (!credit).then(
        || match split.basis.is_named() || split.basis == SplitBasis::Line {
            true => format!("{} {label}", basis(split.basis)),
            false => label,
        },
    )
}

fn grant(grant: Grant) -> &'static str {
    match grant {
        Grant::LateCharge => "waivers of late charges",
        Grant::SmallBalance => "small balances",
        Grant::Credit => "credits",
        Grant::Goodwill => "goodwill",
        Grant::WriteOff => "write-offs",
        Grant::Settlement => "settlements",
        Grant::PayOut => "refunds and contra",
    }
}

fn percent(basis_points: u32) -> String {
    let (whole, part) = (basis_points / 100, basis_points % 100);
    match part {
        0 => format!("{whole} %"),
        part => format!("{whole}.{part:02} %"),
    }
}

/// A limit that something is above.
fn breach(breach: &Breach, currency: Option<Currency>) -> String {
    match (breach, currency) {
        (Breach::NotThisRole(g), _) => format!("the role does not grant {}", grant(*g)),
        (Breach::NoLimit(c), _) => format!("no limit is set for {}", c.code()),
        (Breach::Percent { this, limit }, _) => format!(
            "this is {} of the document, the limit {}",
            percent(*this),
            percent(*limit)
        ),
        (Breach::Document { this, limit }, Some(c)) => format!(
            "this is {}, the limit {} a document",
            money(*this, c),
            money(*limit, c)
        ),
        (Breach::Document { .. }, None) => "more than the role may grant on a document".to_owned(),
        (Breach::Rolling { this, limit }, Some(c)) => format!(
            "with what was granted in twelve months it is {}, the limit {}",
            money(*this, c),
            money(*limit, c)
        ),
        (Breach::Rolling { .. }, None) => {
            "more than the role may grant a customer in twelve months".to_owned()
        }
        (Breach::AlwaysTwo, _) => "every grant needs a second person".to_owned(),
    }
}

/// Why a grant is above somebody's limit, and who may do it.
pub fn over_limit(breaches: &[Breach], needed: Option<&str>, currency: Option<Currency>) -> String {
    let why: Vec<String> = breaches.iter().map(|b| breach(b, currency)).collect();
    let who = match needed {
        Some(role) => format!("A {role} may approve it: save it as a request, or lower it."),
        None => "Nobody’s limit reaches that far. Lower it, or change the limits.".to_owned(),
    };
    format!("Above the limit: {}. {who}", why.join("; "))
}

/// A hop of a case on its account's timeline.
pub fn hop(book: &Book, id: CaseId, hop: &Hop) -> String {
    let Some(case) = book.case(id) else {
        return String::new();
    };
    let number = &case.fact.number;
    let who = [hop.department.as_str(), hop.owner.as_str()];
    let who: Vec<&str> = who.into_iter().filter(|t| !t.is_empty()).collect();
    let with = match who.is_empty() {
        true => String::new(),
        false => format!(", with {}", who.join(", ")),
    };
    match (hop.state, hop.close) {
        (CaseState::New, _) if case.fact.query => {
            format!("Query {number}: {}{with}", reason(book, &case.fact.reason))
        }
        (CaseState::New, _) => {
            let sum = case
                .fact
                .lines
                .iter()
                .fold(0i64, |s, l| s.saturating_add(l.amount));
            let sum = money(sum, case.fact.currency);
            format!(
                "Dispute {number}: {}, {sum}{with}",
                reason(book, &case.fact.reason)
            )
        }
        (_, Some(how)) => format!("{number} closed: {}", close(how)),
        (to, None) => format!("{number}: {}{with}", state(to).to_lowercase()),
    }
}

/// A question put to somebody above, or its answer.
pub fn escalated(book: &Book, texts: &Texts, id: EscalationId, answered: bool) -> String {
    let found = book.escalations().find(|(e, _)| *e == id);
    let Some((_, e)) = found else {
        return String::new();
    };
    let words = |text: Option<TextRef>| match text {
        Some(text) => format!(": {}", texts.get(text).unwrap_or("erased")),
        None => String::new(),
    };
    let answer = e.answer.get(&|s| book.is_live(s));
    match answer.filter(|_| answered) {
        Some(a) if a.by.is_empty() => format!("{} answered{}", e.fact.to, words(a.text)),
        Some(a) => format!("{} answered{}", a.by, words(a.text)),
        None => format!(
            "Escalated to {}, answer by {}{}",
            e.fact.to,
            day(e.fact.due),
            words(e.fact.question)
        ),
    }
}
