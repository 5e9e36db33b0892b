//! Everything that happened, newest first: one timeline with a filter.

use super::Account;
use super::wording::say;
use crate::pages::shared::{EraseDialog, Erasing};
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::timeline::{Entry, Kind, What, timeline};
use duebook_ledger::{Book, OpenScan, Uid};
use leptos::prelude::*;
use std::sync::Arc;

/// Entries shown before "Show more".
const PAGE: usize = 40;

const KINDS: [(&str, &str, Option<Kind>); 5] = [
    ("", "All", None),
    ("talk", "Talk", Some(Kind::Talk)),
    ("promises", "Promises and plans", Some(Kind::Promise)),
    ("money", "Money", Some(Kind::Money)),
    ("records", "Records", Some(Kind::Record)),
];

/// The timeline.
#[component]
pub fn Story(account: Account) -> impl IntoView {
    let (asked, ask) = crate::pages::shared::in_address::<String>("story", false);
    let most = RwSignal::new(PAGE);
    let entries = Memo::new(move |_| {
        account.ws.read(|book| {
            let scan = OpenScan::new(book, account.ws.view());
            Arc::new(timeline(book, &scan, account.customer))
        })
    });
    let kind = move || {
        let name = asked.get().unwrap_or_default();
        KINDS
            .iter()
            .find(|(id, _, _)| *id == name)
            .and_then(|(_, _, k)| *k)
    };
    let chips = KINDS.map(|(id, label, k)| {
        let on = Signal::derive(move || kind() == k);
        view! { <FilterChip label=label on=on on_toggle=move |()| ask.run((!id.is_empty()).then(|| id.to_owned())) /> }
    });
    let shown = move || {
        let all = entries.get();
        let wanted = kind();
        let fits = |e: &&Entry| wanted.is_none_or(|k| e.kind() == k);
        let count = all.iter().filter(fits).count();
        let first: Vec<Entry> = all.iter().filter(fits).take(most.get()).cloned().collect();
        (first, count)
    };
    let erasing = RwSignal::new(None::<Erasing>);
    let erased = Memo::new(move |_| account.ws.read(Book::erased_count));
    view! {
        <EraseDialog ws=account.ws asked=erasing />
        <div class="section-head">
            <h2>"What happened"</h2>
            <div class="row">{chips}</div>
        </div>
        {move || {
            // An erased text changes no entry, but what it says.
            erased.track();
            let (first, count) = shown();
            let left = count.saturating_sub(first.len());
            let rows = first.iter().map(|e| one(account, erasing, e)).collect_view();
            view! {
                <ol class="timeline story">{rows}</ol>
                {(count == 0).then(|| view! { <p class="faint">"Nothing yet."</p> })}
                {(left > 0).then(|| view! {
                    <Button
                        label=format!("Show {} more of {left}", left.min(PAGE * 3))
                        kind=ButtonKind::Quiet
                        on_press=move |()| most.update(|m| *m += PAGE * 3)
                    />
                })}
            }
        }}
    }
}

/// An entry with both clocks: the day it counts from, and on hover the commit that recorded it.
fn one(
    account: Account,
    erasing: RwSignal<Option<Erasing>>,
    entry: &Entry,
) -> impl IntoView + use<> {
    let (what, ids) = account.ws.peek(|book| written(book, entry));
    let day = words::day(entry.on);
    let erase = (!account.ws.erasable(&ids).is_empty()).then(|| {
        let what = format!("{what} of {day}");
        let label = format!("Erase {what}");
        let ask = move |_| erasing.set(Erasing::of(account.ws, what.clone(), &ids));
        view! { <button type="button" class="link story-erase" aria-label=label on:click=ask>"Erase"</button> }
    });
    account.ws.peek_all(|book, texts| {
        let (text, chip) = say(book, texts, entry);
        let recorded = book.commit(entry.commit).map_or(String::new(), |c| {
            let on = words::day(c.ledger_date);
            format!("Recorded {on} by {}, commit {}", c.actor, c.seq.0)
        });
        let by = book.commit(entry.commit).map(|c| (c.actor.clone(), c.ledger_date));
        let later = by.as_ref().filter(|(_, on)| *on != entry.on).map(|(_, on)| format!(", recorded {}", words::day(*on)));
        let actor = by.map_or(String::new(), |(actor, _)| actor);
        view! {
            <li title=recorded>
                <time>{words::day(entry.on)}</time>
                <span>
                    {text}
                    {chip.map(|(tone, text)| view! { " " <span class=format!("chip {}", tone.class())>{text}</span> })}
                    <small class="faint story-by">{actor}{later}{erase}</small>
                </span>
            </li>
        }
    })
}

/// What somebody wrote in an entry: its name, and the texts beside the log.
fn written(book: &Book, entry: &Entry) -> (&'static str, Vec<Uid>) {
    let one = |text: Option<duebook_ledger::keys::TextRef>| text.map(|t| t.id);
    match &entry.what {
        What::Contact(id) => {
            let note = book.activities().get(id.index()).and_then(|a| one(a.note));
            let why = book.flag_of(*id).and_then(|f| one(f.fact.reason));
            ("the note", note.into_iter().chain(why).collect())
        }
        What::Remark(id) => {
            let text = book.remark(*id).map(|r| r.fact.text.id);
            ("the remark", text.into_iter().collect())
        }
        What::FollowUp(id) => {
            let what = book.follow_ups().get(id.index()).and_then(|f| one(f.what));
            ("the next step", what.into_iter().collect())
        }
        _ => ("", Vec::new()),
    }
}
