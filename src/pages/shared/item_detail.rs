//! Everything the source says of one item: document, local and group amounts apart, dates, texts,
//! the columns that have no place of their own, and where it came from.

use crate::ui::prelude::*;
use crate::words;
use crate::workspace::Ws;
use duebook_ledger::columns::{NumField, TextField};
use duebook_ledger::{Book, ItemId};
use duebook_money::{Currency, Day};
use leptos::prelude::*;

/// A name and what it is.
type Fact = (String, String);

/// The dialog; it opens when `asked` holds an item.
#[component]
pub fn ItemDialog(ws: Ws, asked: RwSignal<Option<ItemId>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.with(Option::is_some)));
    let title = Signal::derive(move || {
        let key = asked.get().and_then(|id| ws.peek(|b| b.item_key(id)));
        key.map_or(String::new(), |k| words::item(&k))
    });
    let facts = move || {
        let id = asked.get()?;
        ws.read(|book| Some((amounts(book, id), said(book, id))))
    };
    let list = |facts: Vec<Fact>| {
        let one = |(name, value): Fact| view! { <dt>{name}</dt> <dd class="num">{value}</dd> };
        view! { <dl class="log-facts">{facts.into_iter().map(one).collect_view()}</dl> }
    };
    view! {
        <Dialog open=open title=title on_close=Callback::new(move |()| asked.set(None))>
            {move || facts().map(|(amounts, said)| view! {
                <h3>"Amounts"</h3>
                {list(amounts)}
                <h3>"As the source has it"</h3>
                {list(said)}
            })}
        </Dialog>
    }
}

fn amounts(book: &Book, id: ItemId) -> Vec<Fact> {
    let Some(item) = book.item(id) else {
        return Vec::new();
    };
    let own = |minor| words::money(minor, item.currency());
    let mut facts = vec![
        ("Document amount".to_owned(), own(item.recorded_amount())),
        ("Open when it came in".to_owned(), own(item.recorded_open())),
    ];
    let other = |amount: NumField, currency: &TextField, name: &str| {
        let minor = item.num(amount)?;
        let code = item.text(currency);
        if minor == 0 && code.is_empty() {
            return None;
        }
        let shown = match Currency::from_code(code) {
            Some(currency) => words::money(minor, currency),
            // The file names no currency: two decimals, as it was read.
            None => words::amount(minor, Currency::USD),
        };
        Some((name.to_owned(), format!("{shown}, in no total of ours")))
    };
    facts.extend(other(
        NumField::LocalAmount,
        &TextField::LocalCurrency,
        "Local amount",
    ));
    facts.extend(other(
        NumField::GroupAmount,
        &TextField::GroupCurrency,
        "Group amount",
    ));
    if let Some(tax) = item.num(NumField::Tax).filter(|t| *t != 0) {
        facts.push(("Tax in it".to_owned(), own(tax)));
    }
    facts
}

fn said(book: &Book, id: ItemId) -> Vec<Fact> {
    let Some(item) = book.item(id) else {
        return Vec::new();
    };
    let mut facts = Vec::new();
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            facts.push((name.to_owned(), value));
        }
    };
    let entity = book.entities().get(usize::from(item.entity()));
    add("Company", entity.cloned().unwrap_or_default());
    let day = |days: i32| duebook_ledger::items::day(days).map_or(String::new(), words::day);
    add("Document date", day(item.doc_date()));
    add("Due", day(book.due_of(&item)));
    let data = &item.segment().data;
    for (field, _) in &data.nums {
        let value = item.num(*field).filter(|_| field.is_day());
        let value = value.and_then(|v| i32::try_from(v).ok());
        let name = duebook_insight::reports::num_name(*field);
        add(name, value.map_or(String::new(), |v| words::day(Day(v))));
    }
    for (field, column) in &data.texts {
        let name = duebook_insight::reports::text_name(field);
        add(name, column.get(item.row()).to_owned());
    }
    let line = data.line.get(item.row()).copied().unwrap_or(0);
    let import = book.imports().find(|i| i.commit == item.commit());
    if let Some(import) = import {
        let file = &import.facts.file;
        add(
            "From file",
            match line {
                0 => file.clone(),
                line => format!("{file}, line {line}"),
            },
        );
        add("Figures of", words::day(import.facts.as_of));
    }
    facts
}
