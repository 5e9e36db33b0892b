//! Rates of interest for late payment: what is in force, since when, from where, checked when; a rate is
//! added or checked again here. The rules are beside it.

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::reports::percent;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::RecoveryPolicy;
use duebook_policy::interest::{RateSeries, ReferenceRate};
use leptos::prelude::*;

/// The section.
#[component]
pub fn Interest() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let policy = Memo::new(move |_| ws.read(|b| b.policies().recovery.clone()));
    let text = || RwSignal::new(String::new());
    let series = RwSignal::new("boe".to_owned());
    let (from, to, rate, source) = (text(), text(), text(), text());
    let checked = RwSignal::new(ws.today_untracked().to_string());
    let all = Signal::derive(move || {
        policy.with(|p| {
            p.interest
                .series
                .iter()
                .map(|s| Choice::new(s.id.clone(), s.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    let add = move |()| {
        let (Some(from), Some(ppm), Some(checked)) = (
            save::day(&from.get_untracked()),
            ppm(&rate.get_untracked()),
            save::day(&checked.get_untracked()),
        ) else {
            return toasts.error("A day or the rate cannot be read.".to_owned());
        };
        let until = to.get_untracked();
        let until = match until.trim().is_empty() {
            true => None,
            false => match save::day(&until) {
                Some(day) => Some(day),
                None => return toasts.error("The last day cannot be read.".to_owned()),
            },
        };
        let told = source.get_untracked().trim().to_owned();
        if told.is_empty() {
            return toasts
                .error("Say where the rate is from: it stands on every sheet.".to_owned());
        }
        let mut next = policy.get_untracked();
        let name = series.get_untracked();
        if let Some(of) = next.interest.series.iter_mut().find(|s| s.id == name) {
            of.put(ReferenceRate {
                from,
                to: until,
                ppm,
                source: told,
                verified_on: Some(checked),
            });
        }
        put(ws, toasts, next, "Rate recorded");
    };
    let today = ws.today_untracked();
    view! {
        <Section id="interest" title="Interest for late payment">
            <p class="muted">"Reference rates with where they are from and when they were checked. A rate not checked lately is marked on every sheet; a period without a rate gives no figure."</p>
            {move || policy.with(|p| p.interest.series.iter().map(|s| view! { <Series series=s.clone() today /> }).collect_view())}
            <h3>"Add a rate, or check one again"</h3>
            <div class="form-row">
                <SelectField label="Reference rate" value=series choices=all />
                <DateField label="From" value=from />
                <DateField label="Until" value=to optional=true hint=Some("Empty: until the next".to_owned()) />
                <TextField label="Rate, % a year" value=rate />
                <TextField label="Source" value=source />
                <DateField label="Checked on" value=checked />
            </div>
            <p class="button-row"><Button label="Record the rate" on_press=add /></p>
            <super::interest_pack::Rules />
            <super::supplier::OwnStanding />
        </Section>
    }
}

fn put(ws: crate::workspace::Ws, toasts: Toasts, policy: RecoveryPolicy, done: &'static str) {
    save::policies(
        ws,
        toasts,
        vec![PolicyChange::Recovery(Box::new(policy))],
        done,
    );
}

/// The last rates of a series.
#[component]
fn Series(series: RateSeries, today: duebook_money::Day) -> impl IntoView {
    let rows = series.rows.iter().rev().take(4).map(|r| {
        let checked = r.verified_on.map_or("not checked yet".to_owned(), |d| format!("checked {}", words::day(d)));
        let stale = series.is_stale(r, today);
        let until = r.to.map_or(String::new(), |d| format!(" to {}", words::day(d)));
        let tone = if stale { Tone::Warn } else { Tone::Muted };
        view! {
            <tr>
                <td>{format!("{}{until}", words::day(r.from))}</td><td class="num">{format!("{} %", percent(r.ppm))}</td><td>{r.source.clone()}</td>
                <td><span class=format!("chip {}", tone.class())>{checked}</span></td>
            </tr>
        }
    }).collect_view();
    view! {
        <details>
            <summary>{series.name.clone()}</summary>
            <table class="plain-table">
                <thead><tr><th scope="col">"In force"</th><th scope="col" class="num">"Rate"</th><th scope="col">"Source"</th><th scope="col">"Checked"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}

/// A percentage as typed, parts per million.
pub(super) fn ppm(text: &str) -> Option<u32> {
    let style = duebook_money::amount::Style::POINT;
    let text = text.trim().trim_end_matches('%').trim();
    let value = duebook_money::amount::parse_plain(text.as_bytes(), 4, style).ok()?;
    u32::try_from(value)
        .ok()
        .filter(|v| (1..=1_000_000).contains(v))
}
