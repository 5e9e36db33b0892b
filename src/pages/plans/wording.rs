//! Plans in words.

use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
pub use crate::words::plans::{offer_state, placement_end, plan_state, stage, trigger_name};
use duebook_insight::PromiseState;
use duebook_insight::plans::{PlanDefault, PlanState, judge_plans, placements};
use duebook_ledger::{Book, CustomerId, View};
use duebook_money::{Currency, Day};
use duebook_policy::interest::InterestError;
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
pub fn headline(book: &Book, today: Day) -> String {
    let plans = judge_plans(book, View::on(today));
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
    let placed = placements(book, View::on(today));
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
        InterestError::TooLong => {
            "The claim runs for more periods than a sheet may have.".to_owned()
        }
    }
}

/// An amount as typed in a currency, not negative.
pub fn typed(text: &str, currency: Currency) -> Option<i64> {
    use duebook_money::amount::{Style, parse_plain};
    let text = text.trim();
    if text.is_empty() {
        return Some(0);
    }
    let amount = parse_plain(text.as_bytes(), currency.exponent(), Style::POINT).ok();
    amount.filter(|a| *a >= 0)
}
