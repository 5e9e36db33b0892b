//! The list.

use super::{Page, row_keys, wording};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::Ws;
use duebook_insight::outbox::{Kind, OutboxLine};
use duebook_ledger::Book;
use leptos::prelude::*;

fn name(book: &Book, line: &OutboxLine) -> String {
    let facts = book.customer_facts(line.customer);
    facts.map_or(String::new(), |f| f.name.clone())
}

fn document(book: &Book, line: &OutboxLine) -> String {
    let item = line.item.and_then(|i| book.item(i));
    item.map_or(String::new(), |i| i.number().to_owned())
}

/// Whether a line holds every word, in lower case.
pub fn holds(ws: Ws, line: &OutboxLine, words: &[String]) -> bool {
    let all = ws.peek(|b| {
        let number = b.customer(line.customer).map_or("", |c| c.number.as_str());
        let credit = line.credit.and_then(|i| b.item(i));
        let credit = credit.map_or("", |i| i.number());
        format!(
            "{} {number} {} {credit} {} {}",
            name(b, line),
            document(b, line),
            line.reference,
            wording::kind(line.kind)
        )
        .to_lowercase()
    });
    words.iter().all(|w| all.contains(w))
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("kind", "What", 150),
        Column::text("customer", "Customer", 160).grow(2),
        Column::text("document", "Document", 130).hide_below(480),
        Column::number("amount", "Amount", 150).hide_below(400),
        Column::text("content", "To be keyed", 150)
            .grow(3)
            .hide_below(700),
        Column::date("since", "Since").hide_below(820),
        Column::text("state", "", 210).hide_below(560),
        Column::text("reference", "Reference", 110).hide_below(960),
    ]
}

fn cell(page: Page, line: &OutboxLine, column: usize) -> CellView {
    page.ws.peek_all(|book, texts| match column {
        0 => CellView::Strong(wording::kind(line.kind).to_owned()),
        1 => CellView::Text(name(book, line)),
        2 => CellView::Text(document(book, line)),
        3 => match (line.amount, line.currency) {
            (Some(_), _) if line.kind == Kind::Fields => CellView::Empty,
            (Some(minor), Some(currency)) => CellView::Text(words::money(minor, currency)),
            _ => CellView::Empty,
        },
        4 => CellView::Faint(wording::content(book, texts, line)),
        5 => CellView::Text(words::day(line.since)),
        6 => match wording::state(line) {
            chips if chips.is_empty() => CellView::Empty,
            chips => CellView::Chips(chips),
        },
        7 => CellView::Text(line.reference.clone()),
        _ => CellView::Empty,
    })
}

/// The grid.
#[component]
pub fn Lines(page: Page) -> impl IntoView {
    let at = move |row: usize| page.shown.with(|s| s.get(row).cloned());
    let source = GridSource::new(
        move || page.shown.with(|s| s.len()),
        move |row| page.shown.with(|s| s.get(row).map_or(u64::MAX, |l| l.key)),
        move |row, column| match at(row) {
            Some(line) => cell(page, &line, column),
            None => CellView::Empty,
        },
    );
    let handle = GridHandle::new();
    row_keys(page, handle);
    let open = Callback::new(move |key: u64| page.asked.set(vec![key]));
    let any = move || page.all.with(|a| !a.is_empty());
    view! {
        <div class="page-grid">
            <Grid
                label="Outbox"
                source=source
                columns=Signal::stored(columns())
                handle=handle
                selection=page.selection
                on_open=open
                empty=move || {
                    let (title, text) = match any() {
                        true => ("No line fits", "Take a filter away. What was told and waits for an answer is under “Told, not answered”."),
                        false => ("Nothing to tell", "Receipts, applications, promises, notes and fields that the ERP does not have yet appear here."),
                    };
                    view! { <Empty icon=Icon::Mail title=title text=Signal::stored(text.to_owned()) /> }
                }
            />
        </div>
    }
}
