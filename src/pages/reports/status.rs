//! The status update: one page for a manager, printed or sent.

use super::packs::period_of;
use super::status_text::{
    amount, blocks, file, heading, past_due, plain, steps, subject, title, waits,
};
use crate::pages::shared::letter::{DOCX, download};
use crate::platform::files;
use crate::platform::latest::Latest;
use crate::ui::prelude::*;
use crate::workspace::{Ws, use_ws};
use duebook_exchange::write::archive;
use duebook_insight::kpi::{Ask, By, Period, Whose};
use duebook_insight::status::{CurrencyStatus, StatusUpdate, status};
use duebook_letters::docx;
use duebook_money::Day;
use duebook_policy::Rhythm;
use duebook_sheet::Verdict;
use leptos::prelude::*;
use std::sync::Arc;

/// The page with what it is of.
#[derive(Clone, PartialEq)]
pub(super) struct Drawn {
    pub of: Arc<StatusUpdate>,
    pub period: Period,
    /// How the controls of the closing day stand.
    pub verdict: Verdict,
}

#[component]
pub fn Status() -> impl IntoView {
    let ws = use_ws();
    let first = period_of(Rhythm::Weekly, untrack(|| ws.view()).as_of);
    let (from, to) = (
        RwSignal::new(first.from.to_string()),
        RwSignal::new(first.to.to_string()),
    );
    let summary = RwSignal::new(String::new());
    let asks = RwSignal::new(String::new());
    let period = Memo::new(move |_| {
        let day = |t: &String| duebook_money::date::parse_iso_bytes(t.trim().as_bytes());
        let (from, to): (Option<Day>, Option<Day>) = (from.with(day), to.with(day));
        let (from, to) = (from?, to?);
        (from <= to).then_some((from, to))
    });
    let drawn = Latest::following(move |run| {
        ws.revision().track();
        let (period, known) = (period.get(), ws.view().known);
        async move {
            // While a day is being typed the page stays as it is.
            let (from, to) = period?;
            let period = Period { from, to };
            let ask = |by| Ask {
                period,
                known,
                scope: Whose::default(),
                by,
            };
            let all = ws.gather(ask(By::Nothing), run).await?;
            let parts = ws.gather(ask(By::Customer), run).await?;
            let (tied, _) = ws.controls(&ask(By::Nothing), run).await?;
            let of = Arc::new(ws.peek(|book| status(book, &all, &parts)));
            let verdict = tied.verdict();
            Some(Drawn {
                of,
                period,
                verdict,
            })
        }
    });
    let drawn = drawn.answer();
    view! {
        <div class="status">
            <div class="status-form">
                <div class="form-row">
                    <DateField label="From" value=from />
                    <DateField label="To" value=to />
                </div>
                <TextArea label="In short" value=summary hint=Some("Printed and sent with the page; not kept in the book.".to_owned()) optional=true />
                <TextArea label="What we ask for" value=asks optional=true />
                <Deliver drawn summary asks />
            </div>
            <article class="status-page" aria-label="Status update">
                {move || match drawn.get() {
                    None => view! { <p class="muted" role="status">"Adding up"</p> }.into_any(),
                    Some(d) => page(ws, &d).into_any(),
                }}
                <Words title="In short" text=summary />
                <Words title="What we ask for" text=asks />
            </article>
        </div>
    }
}

#[component]
fn Words(title: &'static str, text: RwSignal<String>) -> impl IntoView {
    view! {
        <Show when=move || text.with(|t| !t.trim().is_empty())>
            <h3>{title}</h3>
            <p class="status-words">{move || text.get()}</p>
        </Show>
    }
}

fn page(ws: Ws, drawn: &Drawn) -> impl IntoView + use<> {
    let title = title(ws, drawn);
    let face = match &drawn.verdict {
        Verdict::Reconciled { .. } => None,
        v @ Verdict::Unreconciled { .. } => Some((Tone::Danger, v.face())),
        v @ Verdict::NotJudged { .. } => Some((Tone::Warn, v.face())),
    };
    let waits = waits(&drawn.of);
    let parts: Vec<_> = drawn.of.currencies.iter().map(part).collect();
    view! {
        <h2>{title}</h2>
        {face.map(|(tone, face)| view! { <Callout tone=tone title=face>"The controls are on Aging and under Reconcile."</Callout> })}
        {parts}
        {(!waits.is_empty()).then(|| view! {
            <h3>"Waiting for somebody"</h3>
            <ul>{waits.into_iter().map(|w| view! { <li>{w}</li> }).collect_view()}</ul>
        })}
    }
}

fn part(c: &CurrencyStatus) -> impl IntoView + use<> {
    let code = c.currency;
    let steps: Vec<_> = steps(c)
        .into_iter()
        .map(|(total, name, minor)| {
            view! { <tr class:total=total><th scope="row">{name}</th><td class="num">{amount(minor, code)}</td></tr> }
        })
        .collect();
    let movers: Vec<_> = (c.movers.iter())
        .map(|m| view! {
            <tr><th scope="row">{m.name.clone()}</th><td class="num">{amount(m.from, code)}</td><td class="num">{amount(m.to, code)}</td><td class="num">{amount(m.to - m.from, code)}</td></tr>
        })
        .collect();
    let risks: Vec<_> = (c.risks.iter())
        .map(|r| view! {
            <tr><th scope="row">{r.name.clone()}</th><td class="num">{amount(r.over_90, code)}</td><td class="num">{amount(r.open, code)}</td></tr>
        })
        .collect();
    let past = past_due(c);
    let (moved, at_risk) = (!movers.is_empty(), !risks.is_empty());
    view! {
        <section class="status-part">
            <h3>{heading(c)}</h3>
            <div class="status-tables">
                <table class="plain-table">
                    <caption>"What moved"</caption>
                    <tbody>{steps}</tbody>
                </table>
                {moved.then(|| view! {
                    <table class="plain-table">
                        <caption>"Who moved most"</caption>
                        <thead><tr><th scope="col">"Customer"</th><th scope="col" class="num">"Before"</th><th scope="col" class="num">"After"</th><th scope="col" class="num">"Change"</th></tr></thead>
                        <tbody>{movers}</tbody>
                    </table>
                })}
                {at_risk.then(|| view! {
                    <table class="plain-table">
                        <caption>"At risk: more than 90 days past due"</caption>
                        <thead><tr><th scope="col">"Customer"</th><th scope="col" class="num">"Over 90"</th><th scope="col" class="num">"Open"</th></tr></thead>
                        <tbody>{risks}</tbody>
                    </table>
                })}
            </div>
            <p>{past}</p>
        </section>
    }
}

#[component]
fn Deliver(
    drawn: Signal<Option<Drawn>>,
    summary: RwSignal<String>,
    asks: RwSignal<String>,
) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let print = move |()| {
        if let Some(Err(error)) = web_sys::window().map(|w| w.print()) {
            toasts.error(format!("The browser did not print: {error:?}."));
        }
    };
    let mail = move |()| {
        let Some(d) = drawn.get_untracked() else {
            return;
        };
        let text = plain(ws, &d, &summary.get_untracked(), &asks.get_untracked());
        let name = format!("{}.eml", file(&d));
        let subject = subject(&d);
        let mail = duebook_letters::eml::plain(&subject, &text);
        match files::download(&name, "message/rfc822", &[mail]) {
            Ok(()) => toasts.done(format!("{name}, in your downloads. It opens as a draft.")),
            Err(e) => toasts.error(format!(
                "{name} was not handed over: {e}. Nothing in the book changed."
            )),
        }
    };
    let word = move |()| {
        let Some(d) = drawn.get_untracked() else {
            return;
        };
        let body = blocks(&d, &summary.get_untracked(), &asks.get_untracked());
        let parts = docx::parts(&title(ws, &d), &body);
        let bytes = archive::package(&parts).map_err(|e| format!("{e:?}"));
        download(toasts, &format!("{}.docx", file(&d)), DOCX, bytes);
    };
    view! {
        <div class="button-row">
            <Button label="Print" on_press=print />
            <Button label="Save as a Word document" on_press=word />
            <Button label="Save as a mail draft" on_press=mail />
        </div>
    }
}
