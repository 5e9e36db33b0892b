//! A line to open the call with: who calls, after identity is clear; what it is about in one
//! sentence; one open question (domain.md 9.3, CP-05).

use crate::pages::shared::account::{Account, ItemLine};
use crate::words;
use crate::workspace::actor;
use duebook_insight::{Judged, PromiseState};
use leptos::prelude::*;

/// The words.
#[component]
pub fn Opening(account: Account) -> impl IntoView {
    let text = Memo::new(move |_| {
        // The creditor as its letters name it: a book may be called after a file.
        let firm = account.read(|b, _| b.policies().letters.sender.company.trim().to_owned());
        let who = actor();
        let named = who != "Me";
        let caller = match (named, firm.is_empty()) {
            (true, true) => format!("This is {who}. "),
            (true, false) => format!("This is {who}, calling for {firm}. "),
            (false, true) => String::new(),
            (false, false) => format!("I am calling for {firm}. "),
        };
        let about = account
            .items
            .with(|items| account.promises.with(|promises| purpose(items, promises)));
        about.map(|about| {
            format!("“{caller}Am I speaking to who looks after our invoices? {about}”")
        })
    });
    move || {
        text.get().map(|text| {
            view! {
                <details class="opening" open=true>
                    <summary>"Opening"</summary>
                    <p>{text}</p>
                </details>
            }
        })
    }
}

/// What it is about, most pressing first: money that came, a promise, what is late.
fn purpose(items: &[ItemLine], promises: &[Judged]) -> Option<String> {
    if let Some(credit) = items.iter().find(|i| i.open < 0) {
        let amount = words::money(credit.open.saturating_neg(), credit.currency);
        return Some(format!(
            "We hold {amount} of yours that is not applied. Which invoices is it for?"
        ));
    }
    let last = |states: &[PromiseState]| promises.iter().rev().find(|j| states.contains(&j.state));
    if let Some(j) = last(&[PromiseState::DueToday, PromiseState::InGrace]) {
        let amount = words::money(j.promised, j.currency);
        return Some(format!(
            "You told us {amount} for {}. Has it gone out, and under what reference?",
            words::day(j.due)
        ));
    }
    if let Some(j) = last(&[PromiseState::Broken, PromiseState::Partial]) {
        let missing = (j.promised - j.paid - j.paid_late).max(0);
        if missing > 0 {
            return Some(format!(
                "On {} we agreed {} for {}; {} has not come. What happened?",
                words::day(j.taken_on),
                words::money(j.promised, j.currency),
                words::day(j.due),
                words::amount(missing, j.currency)
            ));
        }
    }
    let late: Vec<&ItemLine> = items
        .iter()
        .filter(|i| i.open > i.disputed && i.late > 0 && i.promised < i.open)
        .collect();
    let first = late.first()?;
    let same: Vec<&&ItemLine> = late
        .iter()
        .filter(|i| i.currency == first.currency)
        .collect();
    let sum = same
        .iter()
        .fold(0i64, |sum, i| sum.saturating_add(i.open - i.disputed));
    let names: Vec<String> = same.iter().take(3).map(|i| words::item(&i.key)).collect();
    let oldest = same.iter().map(|i| i.late).max().unwrap_or(0);
    let which = match same.len() {
        1 => format!("invoice {}", names.join("")),
        n if n <= 3 => format!("invoices {}", names.join(", ")),
        n => format!("{n} invoices, among them {}", names.join(", ")),
    };
    Some(format!(
        "It is about {which}: {}, the oldest {oldest} days past due. When will they be paid?",
        words::money(sum, first.currency)
    ))
}
