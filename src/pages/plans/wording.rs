//! Plans in words.

use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
pub use crate::words::plans::{offer_state, placement_end, plan_state, stage, trigger_name};
use duebook_insight::PromiseState;
use duebook_insight::late::{InterestOfPlan, UnderPlan};
use duebook_insight::plans::{PlanDefault, PlanState, judge_plans, placements};
use duebook_ledger::plans::PlanInterest;
use duebook_ledger::{Book, CustomerId, View};
use duebook_money::{Currency, Day};
use duebook_policy::interest::{Basis, InterestError, Relevant};
use duebook_policy::msme::{NotProtected, Size};
use std::collections::BTreeMap;

/// A customer's name.
pub fn name(book: &Book, id: CustomerId) -> String {
    let facts = book.customer_facts(id);
    facts.map_or(String::new(), |f| f.name.clone())
}

/// Sums by currency, in one line.
pub fn sums(by: &BTreeMap<Currency, i64>) -> String {
    let all: Vec<String> = by.iter().map(|(c, a)| words::money(*a, *c)).collect();
    all.join(", ")
}

/// "2 plans kept, 3,400.00 EUR still to come; 1 in default; 1 placement".
pub fn headline(book: &Book, view: View) -> String {
    let plans = judge_plans(book, view);
    let kept: Vec<_> = plans.iter().filter(|p| p.state.holds()).collect();
    let broken = plans
        .iter()
        .filter(|p| p.state == PlanState::Defaulted)
        .count();
    let mut rest: BTreeMap<Currency, i64> = BTreeMap::new();
    for p in &kept {
        let sum = rest.entry(p.currency).or_default();
        *sum = sum.saturating_add(p.rest());
    }
    let mut parts = Vec::new();
    if !kept.is_empty() {
        parts.push(format!(
            "{} running, {} still to come",
            plural(kept.len(), "plan", "plans", Default::default()),
            sums(&rest)
        ));
    }
    if broken > 0 {
        parts.push(format!("{broken} in default"));
    }
    let placed = placements(book, view);
    let placed = placed.iter().filter(|p| p.ended.is_none()).count();
    if placed > 0 {
        parts.push(plural(
            placed,
            "placement",
            "placements",
            Default::default(),
        ));
    }
    match parts.is_empty() {
        true => "Nothing is agreed yet".to_owned(),
        false => parts.join("; "),
    }
}

/// Where an instalment stands.
pub fn instalment(state: PromiseState) -> (Tone, &'static str) {
    match state {
        PromiseState::Open => (Tone::Muted, "to come"),
        PromiseState::DueToday => (Tone::Warn, "due today"),
        PromiseState::InGrace => (Tone::Warn, "late, in grace"),
        PromiseState::AwaitingNews => (Tone::Muted, "due, waiting for the file"),
        PromiseState::Kept => (Tone::Good, "paid"),
        PromiseState::Partial => (Tone::Danger, "paid in part"),
        PromiseState::Broken => (Tone::Danger, "missed"),
        PromiseState::Withdrawn | PromiseState::Superseded | PromiseState::EntryError => {
            (Tone::Muted, "ended")
        }
    }
}

/// Why a plan is in default.
pub fn default_text(default: &PlanDefault) -> String {
    let which = default
        .instalment
        .map_or(String::new(), |n| format!(" (instalment {})", n + 1));
    format!(
        "In default since {}: {}{which}. What is left is due at once; the items are back on the list at their original due dates.",
        words::day(default.on),
        trigger_name(default.trigger).to_lowercase()
    )
}

/// Why there is no figure for interest.
pub fn interest_error(error: &InterestError) -> String {
    match error {
        InterestError::NoRate { series, day } => format!(
            "No rate of “{series}” is recorded for {}. Add it in Settings; none is guessed.",
            words::day(*day)
        ),
        InterestError::NoRateSet => {
            "This rule has no rate yet. Set it in Settings, Interest.".to_owned()
        }
        InterestError::NoSeries(series) => format!("There is no reference rate “{series}”."),
        InterestError::Amount(_) => "An amount is not positive or too large.".to_owned(),
        InterestError::Overpaid(day) => {
            format!("By {} more was paid than was owed.", words::day(*day))
        }
        InterestError::NotProtected(why) => not_protected(*why),
        InterestError::TooLong => {
            "The claim runs for more periods than a sheet may have.".to_owned()
        }
    }
}

/// Why interest under the MSMED Act is not asserted (IN-01).
fn not_protected(why: NotProtected) -> String {
    let why = match why {
        NotProtected::Unknown => "your own size is not recorded".to_owned(),
        NotProtected::TooLarge(Size::Medium) => "you are a medium enterprise".to_owned(),
        NotProtected::TooLarge(_) => "you are larger than a small enterprise".to_owned(),
        NotProtected::NotRegistered => "no Udyam registration is recorded".to_owned(),
        NotProtected::RegisteredAfter(day) => {
            format!(
                "your registration of {} is later than the document",
                words::day(day)
            )
        }
    };
    format!(
        "Only registered micro and small enterprises have this interest, and {why}. See Settings, Interest."
    )
}

/// How the last day for payment was found, where it is not the agreed one (UK-03, IN-01).
pub fn last_day(of: &Relevant) -> Option<String> {
    let from = words::day(of.counted_from?);
    match (of.basis, of.agreed) {
        (Basis::CutBack, Some(agreed)) => Some(format!(
            "Agreed for {}, cut back to {} days from the document of {from}: {}.",
            words::day(agreed),
            of.days,
            words::day(of.day)
        )),
        (Basis::NoneAgreed, _) => Some(format!(
            "No day for payment was agreed: {} days from the document of {from}, {}.",
            of.days,
            words::day(of.day)
        )),
        _ => None,
    }
}

/// What a plan makes of interest on an item it covers (PL-01).
pub fn under_plan(of: &UnderPlan) -> String {
    let plan = format!("the plan of {}", words::day(of.agreed_on));
    match of.interest {
        PlanInterest::Waived => format!("Interest waived under {plan} while it is kept"),
        PlanInterest::FrontLoaded => format!("Interest is in the instalments of {plan}"),
        PlanInterest::Accrues => format!("Interest goes on under {plan}"),
    }
}

/// What a plan makes of interest, and what it comes to on a day.
pub fn plan_interest(of: &InterestOfPlan, day: Day, currency: Currency) -> String {
    let figure = match of.unknown {
        0 => format!(
            "{} to {} by “{}”, not charged yet",
            words::money(of.left, currency),
            words::day(day),
            of.pack
        ),
        n => format!(
            "{} without a figure by “{}”: see Late interest",
            plural(n, "item", "items", Default::default()),
            of.pack
        ),
    };
    match (of.interest, of.stands) {
        (PlanInterest::Waived, true) => format!(
            "Interest is let go while the plan is kept ({figure}), and claimed again from the original due dates on default."
        ),
        (PlanInterest::Accrues, true) => {
            format!("Interest goes on and is claimed in the end: {figure}.")
        }
        (PlanInterest::FrontLoaded, true) => {
            "Interest is part of the instalments; none is charged beside them while the plan is kept.".to_owned()
        }
        (PlanInterest::FrontLoaded, false) => format!(
            "Interest to the agreement was part of the instalments; it runs again since the plan stands no more: {figure}."
        ),
        (_, false) => format!(
            "The plan holds interest back no more: it runs from the original due dates, {figure}."
        ),
    }
}

/// An amount as typed in a currency, not negative.
pub fn typed(text: &str, currency: Currency) -> Option<i64> {
    let amount = match text.trim() {
        "" => Some(0),
        text => words::typed(text, currency),
    };
    amount.filter(|a| *a >= 0)
}
