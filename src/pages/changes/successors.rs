//! What may have taken whose place: side by side with the evidence, confirmed by one key.

use super::gather::Found;
use super::wording;
use crate::pages::shared::is_page_key;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Ws, use_ws};
use duebook_insight::succession::Proposal;
use duebook_ledger::facts::SuccessionKind;
use duebook_ledger::{Book, Command, ItemId};
use leptos::prelude::*;
use std::sync::Arc;

/// The list; `y` confirms the first, `x` says that it is not related.
#[component]
pub fn Successors(found: Arc<Found>) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let proposals = StoredValue::new(found.proposals.clone());
    let decide = move |n: usize, unrelated: bool| {
        if let Some(p) = proposals.with_value(|p| p.get(n).cloned()) {
            submit(ws, toasts, &p, unrelated);
        }
    };
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if !is_page_key(&event) {
            return;
        }
        match event.key().as_str() {
            "y" => decide(0, false),
            "x" => decide(0, true),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
    let cards = found.proposals.iter().enumerate().map(|(n, p)| {
        let (kind, from, to, why) = ws.peek(|b| words_of(b, p));
        view! {
            <li class="panel successor">
                <p class="successor-kind"><Chip text=kind tone=Tone::Info /></p>
                <div class="successor-side"><h3>"Gone"</h3><ul>{lines(from)}</ul></div>
                <div class="successor-side"><h3>"New"</h3><ul>{lines(to)}</ul></div>
                <p class="muted">{why}</p>
                <p class="button-row">
                    <Button label="Confirm" kind=ButtonKind::Primary on_press=move |()| decide(n, false) />
                    <Button label="Not related" on_press=move |()| decide(n, true) />
                </p>
            </li>
        }
    });
    view! {
        <p class="muted">"Nothing is joined silently. Confirming moves notes, fields and the date it ages from; a promise on a document billed anew is superseded, not broken. "<Kbd keys="y" />" confirms the first, "<Kbd keys="x" />" says that it is not related."</p>
        <ul class="successors">{cards.collect_view()}</ul>
    }
}

fn lines(texts: Vec<String>) -> impl IntoView {
    texts
        .into_iter()
        .map(|t| view! { <li>{t}</li> })
        .collect_view()
}

fn words_of(book: &Book, p: &Proposal) -> (&'static str, Vec<String>, Vec<String>, String) {
    let line = |id: &ItemId| {
        let item = book.item(*id)?;
        let name = book.customer_facts(item.customer()).map(|f| f.name.clone());
        Some(format!(
            "{}, {}, {}",
            item.number(),
            words::money(item.recorded_amount(), item.currency()),
            name.unwrap_or_default()
        ))
    };
    let side = |ids: &[ItemId]| ids.iter().filter_map(line).collect::<Vec<String>>();
    let currency = p
        .from
        .first()
        .and_then(|id| book.item(*id))
        .map(|i| i.currency());
    let why: Vec<String> = p
        .why
        .iter()
        .map(|e| wording::evidence(e, currency.unwrap_or(duebook_money::Currency::XXX)))
        .collect();
    (
        wording::kind(p.kind),
        side(&p.from),
        side(&p.to),
        why.join(" · "),
    )
}

fn submit(ws: Ws, toasts: Toasts, p: &Proposal, unrelated: bool) {
    let keys = |ids: &[ItemId]| {
        ws.peek(|b| {
            ids.iter()
                .filter_map(|id| b.item_key(*id))
                .collect::<Vec<_>>()
        })
    };
    let (from, to) = (keys(&p.from), keys(&p.to));
    let number = |keys: &[duebook_ledger::keys::ItemKey]| {
        keys.iter()
            .map(|k| k.number.clone())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let done = if unrelated {
        format!("{} and {} are not related", number(&from), number(&to))
    } else {
        format!(
            "{}: {} to {}",
            wording::kind(p.kind),
            number(&from),
            number(&to)
        )
    };
    let kind = if unrelated {
        SuccessionKind::Unrelated
    } else {
        p.kind
    };
    let command = Command::ConfirmSuccession { from, to, kind };
    ws.run(toasts, command, NewTexts::default(), done, |_| {});
}
