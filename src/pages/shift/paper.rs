//! A hand-over as people read it: by group, one line an account, both clocks; prints as it stands.

use super::wording;
use crate::pages::account_href;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::workspace::{Texts, Ws, use_ws};
use duebook_insight::reports::hand_over_text;
use duebook_insight::shift::{counts, name_of};
use duebook_ledger::shift::{HandOver, HandOverLine, LineKind};
use duebook_ledger::{Book, Uid};
use leptos::prelude::*;

/// One line, in words.
struct Row {
    name: String,
    href: Option<String>,
    says: String,
    text: Option<String>,
}

fn row(ws: Ws, book: &Book, texts: &Texts, line: &HandOverLine) -> Row {
    let of = |id: Uid| texts.of(id).map(str::to_owned);
    let found = line
        .customer
        .as_ref()
        .and_then(|key| book.find_customer(key));
    Row {
        name: line
            .customer
            .as_ref()
            .map_or(String::new(), |key| name_of(book, key)),
        href: found.and_then(|id| account_href(ws, id)),
        says: wording::line(line, ws.today_untracked()),
        text: hand_over_text(book, &of, line).filter(|t| !t.is_empty()),
    }
}

/// The paper. It is as it was written: nothing in it is worked out anew but the clocks.
#[component]
pub fn Paper(title: String, hand_over: HandOver) -> impl IntoView {
    let ws = use_ws();
    let note = hand_over
        .note
        .map(|note| ws.peek_all(|_, texts| texts.get(note).unwrap_or("(erased)").to_owned()));
    let groups: Vec<(LineKind, Vec<Row>)> = ws.peek_all(|book, texts| {
        counts(&hand_over.lines)
            .into_iter()
            .map(|(kind, _)| {
                let of = hand_over.lines.iter().filter(|l| l.kind == kind);
                (kind, of.map(|l| row(ws, book, texts, l)).collect())
            })
            .collect()
    });
    let none = groups.is_empty();
    let groups = groups
        .into_iter()
        .map(|(kind, rows)| {
            let count = rows.len();
            view! {
                <section class="paper-group">
                    <h3>{wording::group(kind)} <span class="muted">{format!(" {count}")}</span></h3>
                    <ul class="paper-lines">{rows.into_iter().map(line_view).collect_view()}</ul>
                </section>
            }
        })
        .collect_view();
    let label = title.clone();
    let facts = plural(hand_over.lines.len(), "line", "lines", Default::default());
    view! {
        <section class="panel paper" aria-label=label>
            <header class="paper-head">
                <h2>{title}</h2>
                <span class="muted">{facts}</span>
                <Button label="Print" kind=ButtonKind::Quiet on_press=move |()| {
                    // A browser that cannot print says so itself.
                    let _ = window().print();
                } />
            </header>
            {note.map(|note| view! { <p class="paper-note">{note}</p> })}
            {none.then(|| view! { <p class="muted">"Nothing waits: no promise, call-back or follow-up is due, nobody waits."</p> })}
            {groups}
        </section>
    }
}

fn line_view(row: Row) -> impl IntoView {
    let name = match row.href {
        Some(href) => view! { <a class="link" href=href>{row.name}</a> }.into_any(),
        None => view! { <span>{row.name}</span> }.into_any(),
    };
    view! {
        <li>
            <span class="paper-name">{name}</span>
            <span class="paper-says num">{row.says}</span>
            {row.text.map(|text| view! { <span class="paper-text">{text}</span> })}
        </li>
    }
}
