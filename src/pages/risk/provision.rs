//! The provision matrix: exposure by bucket, rates with where they are from, the overlay with its
//! reason.

use super::Found;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{closes, use_ws};
use duebook_insight::reports::percent;
use duebook_insight::risk::{ProvisionMatrix, matrix};
use duebook_ledger::Command;
use duebook_ledger::policy::PolicyChange;
use leptos::prelude::*;
use std::sync::Arc;

/// The tab.
#[component]
pub fn Provision(found: Arc<Found>) -> impl IntoView {
    let ws = use_ws();
    let editing = RwSignal::new(false);
    let all = ws.peek(|b| matrix(b, found.view, found.portfolio.history.rows()));
    let (labels, reason) = ws.peek(|b| {
        let buckets = &b.policies().buckets;
        let labels: Vec<String> = (0..buckets.count()).map(|n| buckets.label(n)).collect();
        (
            labels,
            b.policies().recovery.provision.overlay_reason.clone(),
        )
    });
    let body = match all {
        Err(_) => view! { <Callout tone=Tone::Danger title="No figures">"A total is too large for a ledger."</Callout> }.into_any(),
        Ok(all) if all.is_empty() => view! {
            <Empty icon=Icon::Bars title="Nothing is open" text=Signal::stored("A provision is worked out on open items; import them first.".to_owned()) />
        }
        .into_any(),
        Ok(all) => {
            let lossless = all
                .iter()
                .all(|m| !m.given && m.rows.iter().all(|r| r.rate_ppm == 0));
            let all = all
                .into_iter()
                .map(|m| view! { <One matrix=m labels=labels.clone() reason=reason.clone() /> });
            view! {
                {lossless.then(|| view! {
                    <Callout tone=Tone::Warn title="No loss is on record">"The book’s own history holds no write-off, so its rates are nothing. That is not a provision: give rates until there is a history."</Callout>
                })}
                {all.collect_view()}
            }
            .into_any()
        }
    };
    view! {
        {body}
        <p class="button-row no-print">
            <Button label="Rates and overlay" icon=Icon::Gear on_press=move |()| editing.set(true) />
            <Button label="Print" icon=Icon::Report on_press=move |()| crate::ui::dom::print() />
        </p>
        <EditDialog editing />
    }
}

#[component]
fn One(matrix: ProvisionMatrix, labels: Vec<String>, reason: String) -> impl IntoView {
    let ws = use_ws();
    let currency = matrix.currency;
    let from = match matrix.given {
        true => "Rates as given in Settings.".to_owned(),
        false => format!(
            "Rates are the book’s own: written off in the end, of what reached the bucket, over {} settled invoices.",
            words::count(matrix.sample)
        ),
    };
    let signed = |ppm: i32| match ppm {
        0 => String::new(),
        p if p < 0 => format!("−{} %", percent(p.unsigned_abs())),
        p => format!("+{} %", percent(p.unsigned_abs())),
    };
    let exposure = matrix
        .rows
        .iter()
        .fold(0i64, |s, r| s.saturating_add(r.exposure));
    let rows = matrix
        .rows
        .iter()
        .map(|r| {
            view! {
                <tr>
                    <td>{labels.get(r.bucket).cloned().unwrap_or_default()}</td>
                    <td class="num">{words::amount(r.exposure, currency)}</td>
                    <td class="num">{format!("{} %", percent(r.rate_ppm))}</td>
                    <td class="num">{signed(r.overlay_ppm)}</td>
                    <td class="num">{words::amount(r.provision, currency)}</td>
                </tr>
            }
        })
        .collect_view();
    let specific = matrix.specific.iter().map(|s| view! {
        <tr>
            <td>{format!("{} (by itself)", ws.peek(|b| super::wording::name(b, s.customer)))}</td>
            <td class="num">{words::amount(s.exposure, currency)}</td>
            <td class="num">{format!("{} %", percent(s.ppm))}</td><td></td>
            <td class="num">{words::amount(s.provision, currency)}</td>
        </tr>
    }).collect_view();
    let heading = format!("Expected credit loss, {}", currency.code());
    let title = heading.clone();
    view! {
        <section class="panel print-alone" aria-label=heading>
            <h2>{title}</h2>
            <p>{from}{(!reason.is_empty()).then(|| format!(" Overlay: {reason}."))}</p>
            <table class="plain-table">
                <thead><tr><th scope="col">"Bucket"</th><th scope="col" class="num">"Exposure"</th><th scope="col" class="num">"Loss rate"</th><th scope="col" class="num">"Overlay"</th><th scope="col" class="num">"Provision"</th></tr></thead>
                <tbody>{rows}{specific}</tbody>
                <tfoot><tr><td>"Together"</td><td class="num">{words::amount(exposure, currency)}</td><td></td><td></td><td class="num">{words::amount(matrix.total, currency)}</td></tr></tfoot>
            </table>
            <p class="muted">"Open debits by days past due; credits and unapplied money are not taken off."</p>
        </section>
    }
}

/// Given rates and overlay by bucket, each a percentage; empty rates: the book's own.
#[component]
fn EditDialog(editing: RwSignal<bool>) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let rates = RwSignal::new(Vec::<(String, RwSignal<String>, RwSignal<String>)>::new());
    let reason = RwSignal::new(String::new());
    Effect::new(move |_| {
        if !editing.get() {
            return;
        }
        ws.peek(|b| {
            let p = &b.policies().recovery.provision;
            let buckets = &b.policies().buckets;
            let of = |n: usize| {
                let given = p.given_ppm.get(n).map_or(String::new(), |r| percent(*r));
                let overlay =
                    p.overlay_ppm
                        .get(n)
                        .filter(|o| **o != 0)
                        .map_or(String::new(), |o| {
                            format!(
                                "{}{}",
                                if *o < 0 { "-" } else { "" },
                                percent(o.unsigned_abs())
                            )
                        });
                (
                    buckets.label(n),
                    RwSignal::new(given),
                    RwSignal::new(overlay),
                )
            };
            rates.set((0..buckets.count()).map(of).collect());
            reason.set(p.overlay_reason.clone());
        });
    });
    let save = move |()| {
        let all = rates.get_untracked();
        let given: Option<Vec<Option<i32>>> = all
            .iter()
            .map(|(_, g, _)| ppm(&g.get_untracked()))
            .collect();
        let overlay: Option<Vec<Option<i32>>> = all
            .iter()
            .map(|(_, _, o)| ppm(&o.get_untracked()))
            .collect();
        let (Some(given), Some(overlay)) = (given, overlay) else {
            return toasts.error("A percentage cannot be read.".to_owned());
        };
        let mut policy = ws.peek(|b| b.policies().recovery.clone());
        policy.provision.given_ppm = match given.iter().all(Option::is_none) {
            true => Vec::new(),
            false => given
                .into_iter()
                .map(|g| u32::try_from(g.unwrap_or(0)).unwrap_or(0))
                .collect(),
        };
        policy.provision.overlay_ppm = overlay.into_iter().map(|o| o.unwrap_or(0)).collect();
        policy.provision.overlay_reason = reason.get_untracked().trim().to_owned();
        if policy.provision.overlay_ppm.iter().any(|o| *o != 0)
            && policy.provision.overlay_reason.is_empty()
        {
            return toasts.error("Say why the overlay: it stands on every provision.".to_owned());
        }
        let command = Command::SetPolicy(PolicyChange::Recovery(Box::new(policy)));
        ws.run(
            toasts,
            command,
            Default::default(),
            "Loss rates saved".to_owned(),
            closes(editing),
        );
    };
    view! {
        <Dialog open=editing title="Loss rates and overlay"
            actions=move || view! { <Button label="Save the rates" kind=ButtonKind::Primary on_press=save /> }
        >
            <p class="muted">"Loss rate in percent of what is open in the bucket; leave all empty to use the book’s own history. The overlay is added."</p>
            <For each=move || rates.get() key=|(label, ..)| label.clone() let:row>
                <div class="form-row">
                    <TextField label=format!("{}: rate, %", row.0) value=row.1 optional=true />
                    <TextField label=format!("{}: overlay, %", row.0) value=row.2 optional=true />
                </div>
            </For>
            <TextField label="Why the overlay" value=reason optional=true />
        </Dialog>
    }
}

/// A percentage as typed, parts per million; empty is none.
fn ppm(text: &str) -> Option<Option<i32>> {
    let text = text.trim().trim_end_matches('%').trim();
    if text.is_empty() {
        return Some(None);
    }
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let value = duebook_money::amount::parse_plain(
        digits.as_bytes(),
        4,
        duebook_money::amount::Style::POINT,
    )
    .ok()?;
    let value = i32::try_from(value)
        .ok()
        .filter(|v| (0..=1_000_000).contains(v))?;
    Some(Some(sign * value))
}
