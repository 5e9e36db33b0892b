//! Promises on the card: what is open and at risk, what was broken, who keeps how many.

use crate::pages::shared::account::{Account, person, verdict};
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::promises::{KeptRate, Risk, at_risk, by_contact};
use duebook_insight::{Judged, PromiseState};
use leptos::prelude::*;

/// Ended ones shown; the account page has all.
const BROKEN: usize = 2;

fn risk_text(risk: Risk, judged: &Judged) -> String {
    match risk {
        Risk::LowCredibility => "third promise without new evidence".to_owned(),
        Risk::Level(level) => format!("level {level}"),
        Risk::SeldomKept { kept, judged } => format!("keeps {kept} of {judged}"),
        Risk::RestMissing(missing) => {
            format!("{} still missing", words::amount(missing, judged.currency))
        }
    }
}

fn line(account: Account, j: &Judged, all: &[Judged]) -> impl IntoView + use<> {
    let (tone, state) = verdict(j);
    let who = j
        .contact
        .and_then(|c| account.ws.peek_all(|b, t| person(b, t, c)));
    let who = who.map_or(String::new(), |w| format!(", {w}"));
    let text = format!(
        "{} for {}{who}",
        words::money(j.promised, j.currency),
        words::day(j.due)
    );
    let came = (j.paid > 0 && j.paid < j.promised)
        .then(|| format!("{} came", words::amount(j.paid, j.currency)));
    let late = j.paid_late_on.map(|on| {
        format!(
            "{} came late, {}",
            words::amount(j.paid_late, j.currency),
            words::day(on)
        )
    });
    let level = (j.level > 1 && !j.state.is_open()).then(|| format!("level {}", j.level));
    let facts: Vec<String> = [came, late, level].into_iter().flatten().collect();
    let risks: Vec<String> = at_risk(j, all, account.ws.today_untracked())
        .into_iter()
        .map(|r| risk_text(r, j))
        .collect();
    let risk = (!risks.is_empty())
        .then(|| view! { <Chip text=format!("at risk: {}", risks.join(", ")) tone=Tone::Warn /> });
    view! {
        <li class="promise-line">
            <span>{text}</span>
            <Chip text=state tone=tone />
            {risk}
            <span class="faint">{facts.join(", ")}</span>
        </li>
    }
}

/// The lines; nothing where none was ever taken.
#[component]
pub fn Promises(account: Account) -> impl IntoView {
    move || {
        let all = account.promises.get();
        if all.is_empty() {
            return ().into_any();
        }
        let open = |j: &&Judged| j.state.is_open() || j.state == PromiseState::AwaitingNews;
        let broken = |j: &&Judged| matches!(j.state, PromiseState::Broken | PromiseState::Partial);
        let shown: Vec<&Judged> = all
            .iter()
            .filter(open)
            .chain(all.iter().rev().filter(broken).take(BROKEN))
            .collect();
        let lines = shown.iter().map(|j| line(account, j, &all)).collect_view();
        let rate = KeptRate::of(all.iter());
        let people: Vec<String> = account.ws.peek_all(|book, texts| {
            by_contact(&all)
                .into_iter()
                .filter(|(_, r)| r.judged() > 0)
                .filter_map(|(id, r)| {
                    Some(format!(
                        "{} {} of {}",
                        person(book, texts, id)?,
                        r.kept,
                        r.judged()
                    ))
                })
                .collect()
        });
        let people = if people.is_empty() {
            String::new()
        } else {
            format!(": {}", people.join(", "))
        };
        let kept = (rate.judged() > 0).then(|| {
            let presumed = match rate.kept_presumed {
                0 => String::new(),
                n => format!(", {n} of them presumed"),
            };
            format!("Kept {} of {}{presumed}{people}", rate.kept, rate.judged())
        });
        view! {
            <div class="section-head"><h2>"Promises"</h2> {kept.map(|text| view! { <span class="faint">{text}</span> })}</div>
            <ul class="plain-list">{lines}</ul>
        }
        .into_any()
    }
}
