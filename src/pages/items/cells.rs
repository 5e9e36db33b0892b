//! The columns of the list, and what stands in a cell.

use crate::pages::account_href;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::Ws;
use duebook_insight::items::Scanned;
use duebook_ledger::Book;
use duebook_ledger::columns::{ItemKind, TextField};
use duebook_ledger::facts::CollectorField;
use duebook_ledger::items::day;

/// Every column; [`cell`] follows this order.
pub fn columns() -> Vec<Column> {
    vec![
        Column::text("document", "Document", 124).grow(1).sortable(),
        Column::text("customer", "Customer", 84).grow(3).sortable(),
        Column::text("kind", "Kind", 104)
            .sortable()
            .hide_below(1000),
        Column::text("po", "PO", 96)
            .grow(1)
            .sortable()
            .hide_below(1320),
        Column::text("reference", "Reference", 96)
            .grow(1)
            .sortable()
            .hide_below(1480),
        Column::date("date", "Date").sortable().hide_below(900),
        Column::date("due", "Due").sortable().hide_below(640),
        Column::number("late", "Days late", 100)
            .sortable()
            .hide_below(480),
        Column::number("amount", "Original", 120)
            .sortable()
            .hide_below(1160),
        Column::number("open", "Open", 100).sortable(),
        Column::text("currency", "", 58).sortable(),
        Column::text("status", "Status", 120)
            .grow(1)
            .hide_below(1000),
        Column::number("disputed", "Disputed", 104)
            .sortable()
            .hide_below(1320),
    ]
    .into_iter()
    .chain(super::edit::columns())
    .collect()
}

/// The kind in words.
pub fn kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Invoice => "Invoice",
        ItemKind::DebitMemo => "Debit memo",
        ItemKind::CreditMemo => "Credit memo",
        ItemKind::Receipt => "Receipt",
        ItemKind::LateCharge => "Late charge",
        ItemKind::OnAccount => "On account",
    }
}

/// One cell.
pub fn cell(ws: Ws, book: &Book, all: &Scanned, at: u32, column: usize) -> CellView {
    let id = all.id(at);
    let open = all.open[at as usize];
    let Some(item) = book.item(id) else {
        return CellView::Empty;
    };
    let text = |text: &str| {
        if text.is_empty() {
            CellView::Empty
        } else {
            CellView::text(text)
        }
    };
    let date = |days: i32| day(days).map_or(CellView::Empty, |d| CellView::Text(words::day(d)));
    match column {
        0 => {
            let line = item.text(&TextField::Line);
            if line.is_empty() {
                CellView::Strong(item.number().to_owned())
            } else {
                CellView::Strong(format!("{}/{line}", item.number()))
            }
        }
        1 => {
            let name = book
                .customer_facts(all.customer_of(&item))
                .map_or(String::new(), |f| f.name.clone());
            match account_href(ws, all.customer_of(&item)) {
                Some(href) => CellView::Link { text: name, href },
                None => CellView::Text(name),
            }
        }
        2 => CellView::Faint(kind(item.kind()).to_owned()),
        3 => text(item.text(&TextField::Po)),
        4 => text(item.text(&TextField::Reference)),
        5 => date(item.doc_date()),
        6 => date(all.due[at as usize]),
        7 => match all.late(at).filter(|_| open > 0) {
            Some(days) if days > 0 => {
                let tone = if days > 60 { Tone::Danger } else { Tone::Warn };
                CellView::Toned(tone, days.to_string())
            }
            Some(days) => CellView::Faint(days.to_string()),
            None => CellView::Empty,
        },
        8 => CellView::Text(words::amount(book.amount_of(&item), item.currency())),
        9 => CellView::Strong(words::amount(open, item.currency())),
        10 => CellView::Faint(item.currency().code().to_owned()),
        11 => status(
            book.field(id, CollectorField::Status),
            item.text(&TextField::SourceStatus),
        ),
        12 => match all.disputed.get(&id) {
            Some(minor) => CellView::Toned(Tone::Warn, words::amount(*minor, item.currency())),
            None => CellView::Empty,
        },
        _ => super::edit::cell(book, id, column),
    }
}

/// Our word first, the source's own behind it.
fn status(ours: &str, source: &str) -> CellView {
    match (ours.is_empty(), source.is_empty()) {
        (true, true) => CellView::Empty,
        (true, false) => CellView::Faint(source.to_owned()),
        (false, true) => CellView::text(ours),
        (false, false) => CellView::Pair(ours.to_owned(), source.to_owned()),
    }
}
