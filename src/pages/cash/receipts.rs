//! Receipts: what became of each (the cash application log), and what is left of them (unapplied
//! cash). The same rows are what the workbooks hold.

use super::Cash;
use super::wording;
use crate::pages::account_href;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::cashlog::{LogRow, UnappliedRow, cash_log, owner_of, unapplied};
use duebook_insight::reports::{matched_how, paid_items, why_unapplied};
use duebook_ledger::{Book, CustomerId};
use duebook_money::{Currency, Day};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Days back that are shown, and what they are called.
const BACK: [(&str, &str, i32); 3] = [
    ("", "Last 92 days", 92),
    ("365", "Last 365 days", 365),
    ("all", "All", i32::MAX),
];

/// Sums by currency, in words.
fn sums(each: impl Iterator<Item = (Currency, i64)>) -> String {
    let mut all: BTreeMap<Currency, i64> = BTreeMap::new();
    for (currency, minor) in each {
        let sum = all.entry(currency).or_default();
        *sum = sum.saturating_add(minor);
    }
    let all: Vec<String> = all.into_iter().map(|(c, m)| words::money(m, c)).collect();
    all.join(" · ")
}

fn customer(cash: Cash, book: &Book, id: CustomerId) -> CellView {
    let text = wording::name(book, id);
    match account_href(cash.ws, id) {
        Some(href) => CellView::Link { text, href },
        None => CellView::Text(text),
    }
}

fn amount(minor: i64, currency: Currency) -> CellView {
    match minor {
        0 => CellView::Empty,
        minor => CellView::Text(words::amount(minor, currency)),
    }
}

/// A menu that writes what is shown as a file.
#[component]
fn SaveAs(cash: Cash, kind: &'static str, from: Signal<Day>) -> impl IntoView {
    let save = move |format: &'static str| {
        Callback::new(move |()| {
            let to = cash.ws.today_untracked();
            let days = (from.get_untracked(), to);
            cash.ws.export_period(cash.toasts, kind, format, days);
        })
    };
    let items = Signal::derive_local(move || {
        vec![
            MenuItem::new("Excel workbook", save("xlsx")).icon(Icon::File),
            MenuItem::new("CSV", save("csv")).icon(Icon::File),
        ]
    });
    view! { <Menu label="Save as" items=items icon=Icon::Download /> }
}

/// Columns of the log; what exchange comes to stands after them where a receipt has any.
fn columns() -> Vec<Column> {
    vec![
        Column::date("date", "Value date").hide_below(520),
        Column::text("receipt", "Receipt", 130),
        Column::text("customer", "Customer", 140)
            .grow(2)
            .hide_below(640),
        Column::number("amount", "Amount", 138),
        Column::text("how", "Rule", 140).grow(1).hide_below(900),
        Column::text("items", "Pays", 120).grow(2).hide_below(760),
        Column::number("applied", "Applied", 110).hide_below(700),
        Column::number("besides", "Let go", 90).hide_below(1000),
        Column::number("unapplied", "Unapplied", 110),
        Column::text("state", "", 100).hide_below(980),
    ]
}

/// The log.
#[component]
pub fn LogView(cash: Cash) -> impl IntoView {
    let back = RwSignal::new(String::new());
    let from = Signal::derive(move || {
        let days = back.with(|b| BACK.iter().find(|(id, ..)| id == b).map_or(92, |b| b.2));
        Day(cash.ws.today().0.saturating_sub(days))
    });
    let rows = Memo::new(move |_| {
        let (from, to) = (from.get(), cash.ws.today());
        cash.ws.read(|b| cash_log(b, from, to))
    });
    let source = GridSource::new(
        move || rows.with(Vec::len),
        move |n| rows.with(|r| r.get(n).map_or(u64::MAX, |r| u64::from(r.receipt.0))),
        move |n, column| {
            rows.with(|all| match all.get(n) {
                Some(row) => cash.ws.peek(|b| log_cell(cash, b, row, column)),
                None => CellView::Empty,
            })
        },
    );
    let abroad = Memo::new(move |_| rows.with(|all| all.iter().any(|r| !r.realised.is_nothing())));
    let columns = move || {
        let mut all = columns();
        if abroad.get() {
            all.push(Column::text("realised", "Exchange", 150).hide_below(1100));
        }
        all
    };
    let choices: Vec<Choice> = BACK
        .iter()
        .map(|(id, label, _)| Choice::new(*id, *label))
        .collect();
    let facts = move || {
        rows.with(|all| {
            format!(
                "{}, {}; unapplied {}",
                plural(all.len(), "receipt", "receipts", Default::default()),
                sums(all.iter().map(|r| (r.currency, r.amount))),
                sums(all.iter().map(|r| (r.currency, r.unapplied)))
            )
        })
    };
    view! {
        <div class="cash-bar">
            <SelectField label="Dated" value=back choices=Signal::stored(choices) />
            <p class="muted" role="status">{facts}</p>
            <SaveAs cash kind="cash-log" from=from />
        </div>
        <div class="page-grid">
            <Grid
                label="Cash application log"
                source=source
                columns=Signal::derive(columns)
                handle=cash.grid
                on_open=move |key: u64| cash.correcting.set(Some(key))
                empty=|| view! { <p class="muted">"No receipt is dated in these days."</p> }
            />
        </div>
    }
}

/// Gains and losses by exchange; where a rate is missing the receipt itself says which.
fn exchange(row: &LogRow) -> CellView {
    let gains = row.realised.gains.iter();
    let mut all: Vec<String> = gains.map(|(c, m)| words::money(*m, *c)).collect();
    if !row.realised.missing.is_empty() {
        all.push("no rate".to_owned());
    }
    match all.is_empty() {
        true => CellView::Empty,
        false => CellView::Text(all.join(" · ")),
    }
}

fn log_cell(cash: Cash, book: &Book, row: &LogRow, column: usize) -> CellView {
    let currency = row.currency;
    match column {
        0 => CellView::Text(words::day(row.date)),
        1 => CellView::Strong(wording::item(book, row.receipt)),
        2 => customer(cash, book, row.customer),
        // A part of another receipt is counted in the row of that one.
        3 if row.from.is_some() => CellView::Empty,
        3 => CellView::Text(words::money(row.amount, currency)),
        4 if row.from.is_some() => CellView::Faint(format!(
            "{}: {}",
            matched_how(book, row),
            words::money(row.brought, currency)
        )),
        4 => CellView::Faint(matched_how(book, row)),
        5 => CellView::Text(paid_items(book, row)),
        6 => amount(row.applied, currency),
        7 => {
            let besides = [
                row.discount,
                row.withheld,
                row.tolerance,
                row.charges,
                row.exchange,
            ];
            amount(besides.iter().sum(), currency)
        }
        8 => amount(row.unapplied, currency),
        10 => exchange(row),
        _ => {
            let chip = |tone: Tone, text: &str| CellView::Chips(vec![(tone, text.to_owned())]);
            match row {
                r if r.returned != 0 => chip(Tone::Danger, "Returned"),
                r if r.transferred != 0 => chip(Tone::Info, "In parts"),
                r if r.refunded != 0 => chip(Tone::Neutral, "Refunded"),
                r if r.reversed.is_some() => chip(Tone::Warn, "Corrected"),
                _ => CellView::Empty,
            }
        }
    }
}

/// What is left of receipts.
#[component]
pub fn UnappliedView(cash: Cash) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let today = cash.ws.today();
        cash.ws.read(|b| unapplied(b, today))
    });
    let source = GridSource::new(
        move || rows.with(Vec::len),
        move |n| rows.with(|r| r.get(n).map_or(u64::MAX, |r| u64::from(r.receipt.0))),
        move |n, column| {
            rows.with(|all| match all.get(n) {
                Some(row) => cash.ws.peek(|b| unapplied_cell(cash, b, row, column)),
                None => CellView::Empty,
            })
        },
    );
    let columns = vec![
        Column::date("date", "Date").hide_below(520),
        Column::text("receipt", "Receipt", 130),
        Column::text("customer", "Payer", 150).grow(2),
        Column::number("unapplied", "Unapplied", 140),
        Column::number("age", "Age", 74).hide_below(600),
        Column::text("why", "Reason", 150).grow(2).hide_below(760),
        Column::text("owner", "Owner", 90).grow(1).hide_below(900),
        Column::text("candidates", "Candidates", 120)
            .grow(1)
            .hide_below(820),
        Column::number("owed", "Owes", 120).hide_below(1000),
    ];
    let facts = move || {
        rows.with(|all| {
            let owners: std::collections::BTreeSet<_> = all.iter().map(|r| r.customer).collect();
            format!(
                "{} in {}: {}",
                plural(
                    all.len(),
                    "credit waits",
                    "credits wait",
                    Default::default()
                ),
                plural(owners.len(), "account", "accounts", Default::default()),
                sums(all.iter().map(|r| (r.currency, r.unapplied)))
            )
        })
    };
    let today = Signal::derive(move || cash.ws.today());
    view! {
        <div class="cash-bar">
            <p class="muted" role="status">{facts}</p>
            <SaveAs cash kind="unapplied" from=today />
        </div>
        <div class="page-grid">
            <Grid
                label="Unapplied cash"
                source=source
                columns=Signal::stored(columns)
                handle=cash.grid
                on_open=move |key: u64| cash.correcting.set(Some(key))
                empty=|| view! { <p class="muted">"Nothing waits: all money received is applied."</p> }
            />
        </div>
    }
}

fn unapplied_cell(cash: Cash, book: &Book, row: &UnappliedRow, column: usize) -> CellView {
    match column {
        0 => CellView::Text(words::day(row.date)),
        1 => CellView::Strong(wording::item(book, row.receipt)),
        2 => customer(cash, book, row.customer),
        3 => CellView::Text(words::money(row.unapplied, row.currency)),
        4 => CellView::Text(format!("{} d", row.age)),
        5 => CellView::Text(why_unapplied(row)),
        6 => CellView::Faint(owner_of(book, row).to_owned()),
        7 => {
            let all: Vec<String> = row
                .candidates
                .iter()
                .map(|id| wording::item(book, *id))
                .collect();
            CellView::Text(all.join(", "))
        }
        _ => amount(row.owed, row.currency),
    }
}
