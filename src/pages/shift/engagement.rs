//! The beginning and the end of an engagement: the opening list signed off against the client's own
//! totals, and the pack handed over and acknowledged (domain.md §9.4).

use super::wording;
use crate::app::href;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Ws, use_ws};
use duebook_insight::shift::{baseline, pack};
use duebook_ledger::Command;
use duebook_ledger::facts::ControlTotals;
use duebook_ledger::shift::{Baseline, HandedPack, Pack, ShiftCommand};
use duebook_money::Currency;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The view.
#[component]
pub fn Engagement() -> impl IntoView {
    view! {
        <SignOff />
        <HandOverPack />
    }
}

fn sums(all: &[(Currency, i64)]) -> String {
    let one = |(currency, sum): &(Currency, i64)| words::money(*sum, *currency);
    match all.is_empty() {
        true => "nothing".to_owned(),
        false => all.iter().map(one).collect::<Vec<_>>().join(", "),
    }
}

#[component]
fn Totals(totals: ControlTotals) -> impl IntoView {
    view! {
        <dt>"Open items"</dt><dd class="num">{format_count(usize::try_from(totals.count).unwrap_or(usize::MAX), Default::default())}</dd>
        <dt>"Open"</dt><dd class="num">{sums(&totals.sums)}</dd>
        <dt>"Hash total"</dt><dd class="num">{totals.hash_total.to_string()}</dd>
    }
}

#[component]
fn SignOff() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let now = Memo::new(move |_| {
        let today = ws.today();
        ws.read(|b| baseline(b, today).ok())
    });
    let done = Memo::new(move |_| {
        ws.read(|b| {
            b.baselines()
                .map(|(s, b)| (s, b.clone()))
                .collect::<Vec<_>>()
        })
    });
    let by = RwSignal::new(String::new());
    let reference = RwSignal::new(String::new());
    let stated: RwSignal<BTreeMap<String, RwSignal<String>>> = RwSignal::new(BTreeMap::new());
    let fields = Memo::new(move |_| {
        let all = now.get().map_or(Vec::new(), |b| b.totals.sums);
        all.into_iter().map(|(c, _)| c).collect::<Vec<_>>()
    });
    let field = move |currency: Currency| {
        let value = RwSignal::new(String::new());
        stated.update(|s| _ = s.insert(currency.code().to_owned(), value));
        let note = Signal::derive(move || {
            let text = value.get();
            if text.trim().is_empty() {
                return None;
            }
            let ours = now.with(|n| {
                let all = n
                    .as_ref()
                    .map(|b| b.totals.sums.clone())
                    .unwrap_or_default();
                all.iter()
                    .find(|(c, _)| *c == currency)
                    .map_or(0, |(_, s)| *s)
            });
            Some(match words::typed(&text, currency) {
                Some(theirs) if theirs == ours => "Equal.".to_owned(),
                Some(theirs) => format!(
                    "UNRECONCILED: differs by {}.",
                    words::money(ours - theirs, currency)
                ),
                None => "An amount, please.".to_owned(),
            })
        });
        view! { <TextField label=format!("Client's own total, {}", currency.code()) value=value hint=note optional=true /> }
    };
    let given = move || {
        let all = stated.get();
        let mut out = Vec::new();
        for currency in fields.get() {
            let value = all
                .get(currency.code())
                .map(|v| v.get())
                .unwrap_or_default();
            if !value.trim().is_empty() {
                out.push((currency, words::typed(&value, currency)));
            }
        }
        out
    };
    let refused = Signal::derive(move || {
        let given = given();
        if now.with(|n| n.as_ref().is_none_or(|b| b.totals.count == 0)) {
            return Some("Nothing is open: import the opening list first.".to_owned());
        }
        if given.is_empty() || given.iter().any(|(_, v)| v.is_none()) {
            return Some("Give the client's own total of at least one currency.".to_owned());
        }
        let ours = now.with(|n| {
            n.as_ref()
                .map(|b| b.totals.sums.clone())
                .unwrap_or_default()
        });
        if given
            .iter()
            .any(|(c, v)| *v != ours.iter().find(|(o, _)| o == c).map(|(_, s)| *s))
        {
            return Some(
                "The totals differ. Find what is missing before it is signed off.".to_owned(),
            );
        }
        by.with(|b| b.trim().is_empty())
            .then(|| "Say who signed for the client.".to_owned())
    });
    let sign = move |()| {
        let Some(mut baseline) = now.get_untracked() else {
            return;
        };
        baseline.signed_by = by.get_untracked();
        baseline.reference = reference.get_untracked();
        baseline.stated = untrack(given)
            .into_iter()
            .filter_map(|(c, v)| Some((c, v?)))
            .collect();
        let done = format!("Opening list of {} signed off", words::day(baseline.as_of));
        let command = Command::Shift(ShiftCommand::SignOff(baseline));
        ws.run(toasts, command, NewTexts::default(), done, |_| {});
    };
    view! {
        <section class="panel shift-form" aria-labelledby="engagement-begin">
            <h2 id="engagement-begin">"Day one: sign the opening list off"</h2>
            <p class="muted">"What is signed off is frozen as the baseline: it never changes with what comes later."</p>
            {move || done.get().into_iter().map(|(_, b)| view! { <Signed ws b /> }).collect_view()}
            <dl class="facts">
                {move || now.get().map(|b| view! {
                    <Totals totals=b.totals.clone() />
                    <dt>"Past due"</dt><dd class="num">{sums(&b.past_due)}</dd>
                    <dt>"Customers"</dt><dd class="num">{b.customers.to_string()}</dd>
                })}
            </dl>
            <div class="form-row"><For each=move || fields.get() key=|c| c.code() children=field /></div>
            <div class="form-row">
                <TextField label="Signed by" value=by />
                <TextField label="Mail or ticket" value=reference optional=true />
            </div>
            <p class="button-row">
                <Button label="Sign the opening list off" kind=ButtonKind::Primary refused=refused on_press=sign />
                <span class="muted" role="status">{move || refused.get()}</span>
            </p>
        </section>
    }
}

#[component]
fn Signed(ws: Ws, b: Baseline) -> impl IntoView {
    let _ = ws;
    let title = format!("Signed off for {} by {}", words::day(b.as_of), b.signed_by);
    let text = format!(
        "{} open items, {}; past due {}; hash total {}. Stated by the client: {}. {}",
        b.totals.count,
        sums(&b.totals.sums),
        sums(&b.past_due),
        b.totals.hash_total,
        sums(&b.stated),
        b.reference
    );
    view! { <Callout tone=Tone::Good title=title>{text}</Callout> }
}

fn contents(pack: &Pack) -> String {
    format!(
        "{} open items, {}; {}, {} to do, {} not at the ERP, unapplied {}, {}.",
        pack.totals.count,
        sums(&pack.totals.sums),
        plural(
            pack.promises as usize,
            "open promise",
            "open promises",
            Default::default()
        ),
        pack.to_do,
        pack.pending,
        sums(&pack.unapplied),
        plural(
            pack.contacts as usize,
            "contact person",
            "contact persons",
            Default::default()
        ),
    )
}

#[component]
fn HandOverPack() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let to = RwSignal::new(String::new());
    let kept = RwSignal::new(None::<(Tone, String, String)>);
    let now = Memo::new(move |_| {
        let today = ws.today();
        ws.read(|b| pack(b, today).ok())
    });
    let handed = Memo::new(move |_| ws.read(|b| b.packs().cloned().collect::<Vec<_>>()));
    let refused = Signal::derive(move || {
        to.with(|t| t.trim().is_empty())
            .then(|| "Say to whom.".to_owned())
    });
    let hand = move |()| {
        let Some(mut pack) = now.get_untracked() else {
            return;
        };
        pack.to = to.get_untracked();
        let done = format!("Pack handed over to {}", pack.to.trim());
        let command = Command::Shift(ShiftCommand::HandPack(pack));
        ws.run(toasts, command, NewTexts::default(), done, move |saved| {
            if saved.is_some() {
                super::now::save_file(ws, kept, "engagement".to_owned());
            }
        });
    };
    view! {
        <section class="panel shift-form" aria-labelledby="engagement-end">
            <h2 id="engagement-end">"Last day: hand the engagement over"</h2>
            <p class="muted">"One file with the whole book: open items, promises, follow-ups, contacts, unapplied money, and its log. When the receiver has acknowledged it, wipe this browser."</p>
            {move || kept.get().map(|(tone, title, text)| view! { <Callout tone=tone title=title>{text}</Callout> })}
            <p class="num">{move || now.get().map(|p| contents(&p))}</p>
            <div class="form-row"><TextField label="To" value=to /></div>
            <p class="button-row"><Button label="Hand over and write the file" kind=ButtonKind::Primary refused=refused on_press=hand /></p>
        </section>
        <For each=move || handed.get() key=|p| p.key children=move |p| view! { <Handed p /> } />
    }
}

#[component]
fn Handed(p: HandedPack) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let by = RwSignal::new(String::new());
    let reference = RwSignal::new(String::new());
    let key = p.key;
    let at = ws.peek(|b| b.commit(p.commit).map_or(0, |c| c.recorded_at));
    let title = format!("Handed to {} on {}", p.pack.to, wording::here(at));
    let label = title.clone();
    let says = contents(&p.pack);
    let acknowledged = Memo::new(move |_| {
        ws.read(|b| {
            let known = b.packs().find(|p| p.key == key)?;
            b.pack_acknowledged(known).cloned()
        })
    });
    let refused = Signal::derive(move || {
        by.with(|t| t.trim().is_empty())
            .then(|| "Say who acknowledged it.".to_owned())
    });
    let note = move |()| {
        let command = Command::Shift(ShiftCommand::AcknowledgePack {
            pack: key,
            by: by.get_untracked(),
            reference: reference.get_untracked(),
        });
        let done = "Acknowledgement recorded".to_owned();
        ws.run(toasts, command, NewTexts::default(), done, |_| {});
    };
    view! {
        <section class="panel shift-form" aria-label=label>
            <h2>{title}</h2>
            <p>{says}</p>
            <Show
                when=move || acknowledged.get().is_none()
                fallback=move || acknowledged.get().map(|(by, reference)| view! {
                    <Callout tone=Tone::Good title=format!("Acknowledged by {by}")>
                        <p>{reference} " Save this last commit too, then wipe."</p>
                        <p class="button-row"><a class="btn" href=href(ws, "settings#delete")>"Wipe this book"</a></p>
                    </Callout>
                })
            >
                <div class="form-row">
                    <TextField label="Acknowledged by" value=by />
                    <TextField label="Mail or ticket" value=reference optional=true />
                </div>
                <p class="button-row"><Button label="Record the acknowledgement" refused=refused on_press=note /></p>
            </Show>
        </section>
    }
}
