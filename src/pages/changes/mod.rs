//! What changed since the last file: cleared, gone, paid in part, reopened, new, re-aged; what of
//! ours was answered or waits; promises that stand otherwise; and what may have taken whose place.
//! Each line opens the account.

mod gather;
mod successors;
mod wording;

use crate::pages::choice::choice_in_address;
use crate::pages::shared::{in_address, last_moving, list_keys};
use crate::pages::{account_href, shared};
use crate::platform::latest::Runs;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::changes::Change;
use duebook_ledger::{Book, CustomerId, ItemId};
use gather::{Found, Step, gather};
use leptos::prelude::*;
use std::sync::Arc;
use wording::Section;

/// The page.
#[component]
pub fn ChangesPage() -> impl IntoView {
    let ws = use_ws();
    let (since, set_since) = in_address::<String>("until", true);
    let (section, set_section) = in_address::<String>("show", true);
    let days = Memo::new(move |_| ws.read(gather::days));
    let found = RwSignal::new(Step::Working(0, 0));
    let moving = Memo::new(move |_| ws.read(last_moving));
    let runs = Runs::new();
    Effect::new(move |_| {
        moving.track();
        let wanted = since.get().unwrap_or_default();
        let days = days.get();
        let day = days.iter().find(|d| d.id == wanted).or(days.first());
        match day.cloned() {
            Some(day) => gather(ws, day, found, runs.begin()),
            None => found.set(Step::NoFiles),
        }
    });
    let chosen_day = choice_in_address(since, set_since);
    let choices = Signal::derive(move || {
        let days = days.get();
        let mut list: Vec<Choice> = days
            .iter()
            .map(|d| Choice::new(d.id.clone(), d.label.clone()))
            .collect();
        // The newest is the default and stands for itself in the address.
        if let Some(first) = list.first_mut() {
            first.value = String::new();
        }
        list
    });
    let facts = Signal::derive(move || found.with(|f| wording::headline(ws, f)));
    let show = Memo::new(move |_| {
        let asked = section.get().and_then(|s| Section::of(&s));
        found.with(|f| match f {
            Step::Done(found) => asked.or_else(|| found.first_section()),
            _ => asked,
        })
    });
    let choose = Callback::new(move |s: Section| set_section.run(Some(s.id().to_owned())));
    view! {
        <PageHead
            title="Changes"
            facts=facts
            filters=move || view! { <SelectField label="Files of" value=chosen_day choices=choices /> }
        />
        {move || match found.get() {
            Step::NoFiles => view! {
                <Empty
                    icon=Icon::Swap
                    title="No file is in the book yet"
                    text=Signal::stored("Import the open items; from the second file on, this page says what changed between them.".to_owned())
                />
            }.into_any(),
            Step::Working(done, of) => {
                let done = (of > 0).then(|| (done * 1000 / of) as u16);
                view! { <Progress label="Comparing" done=Signal::stored(done) detail=Signal::stored(String::new()) /> }.into_any()
            }
            Step::Done(found) => view! { <Sections found=found show choose /> }.into_any(),
        }}
    }
}

#[component]
fn Sections(
    found: Arc<Found>,
    show: Memo<Option<Section>>,
    choose: Callback<Section>,
) -> impl IntoView {
    let ws = use_ws();
    let list = found.sections(ws);
    let nothing = list.is_empty();
    let for_rows = found.clone();
    view! {
        <div class="changes">
            <nav class="changes-list" aria-label="Kinds of change">
                {list.into_iter().map(|(section, count, moved)| view! {
                    <button
                        type="button"
                        class="changes-kind"
                        aria-current=move || (show.get() == Some(section)).then_some("true")
                        on:click=move |_| choose.run(section)
                    >
                        <span class="changes-name">{section.label()}</span>
                        <span class="num">{format_count(count, Default::default())}</span>
                        <span class="changes-moved">{moved}</span>
                    </button>
                }).collect_view()}
            </nav>
            <div class="changes-rows">
                {move || match show.get() {
                    None if nothing => view! {
                        <Empty
                            icon=Icon::Check
                            title="Nothing changed"
                            text=Signal::stored("The list is as the last one was; only its day moved.".to_owned())
                        />
                    }.into_any(),
                    None => ().into_any(),
                    Some(Section::Successors) => view! { <successors::Successors found=for_rows.clone() /> }.into_any(),
                    Some(section) => view! { <Rows found=for_rows.clone() section /> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// What stands in a row, whatever its kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    key: u64,
    customer: CustomerId,
    item: Option<ItemId>,
    text: String,
    before: String,
    after: String,
    note: String,
    tone: Tone,
}

#[component]
fn Rows(found: Arc<Found>, section: Section) -> impl IntoView {
    let ws = use_ws();
    let rows = StoredValue::new(found);
    let len = move || rows.with_value(|f| f.len(section));
    let row = move |n: usize| rows.with_value(|f| ws.peek(|b| f.row(b, section, n)));
    let customer = move |book: &Book, id: CustomerId| {
        book.customer_facts(id)
            .map_or(String::new(), |f| f.name.clone())
    };
    let source = GridSource::new(
        len,
        move |n| n as u64,
        move |n, column| {
            let Some(row) = row(n) else {
                return CellView::Empty;
            };
            match column {
                0 => CellView::Text(ws.peek(|b| customer(b, row.customer))),
                1 => CellView::Text(row.text),
                2 => CellView::Faint(row.before),
                3 => CellView::Text(row.after),
                4 => match row.note.is_empty() {
                    true => CellView::Empty,
                    false => CellView::Chips(vec![(row.tone, row.note)]),
                },
                _ => CellView::Empty,
            }
        },
    );
    let handle = GridHandle::new();
    list_keys(handle);
    let go = shared::use_go();
    let open = Callback::new(move |key: u64| {
        let at = row(key as usize).and_then(|r| account_href(ws, r.customer));
        if let Some(href) = at {
            go.run(href);
        }
    });
    let (before, after) = section.columns();
    let columns = vec![
        Column::text("customer", "Customer", 180).grow(3),
        Column::text("what", section.what(), 150).grow(1),
        Column::number("before", before, 150).hide_below(560),
        Column::number("after", after, 150),
        Column::text("note", "", 190).grow(2).hide_below(760),
    ];
    view! {
        <Grid
            label=section.label()
            source=source
            columns=Signal::stored(columns)
            handle=handle
            on_open=open
        />
        <p class="muted changes-why">{section.explains()}</p>
    }
}

/// A count with its word: "3 items".
fn items_text(count: usize) -> String {
    plural(count, "item", "items", Default::default())
}

/// Amounts of several currencies in one line: "-40,000.00 EUR, 12.00 USD".
fn sums(all: &[(duebook_money::Currency, i64)]) -> String {
    let each = all.iter().filter(|(_, a)| *a != 0);
    let texts: Vec<String> = each.map(|(c, a)| words::money(*a, *c)).collect();
    texts.join(", ")
}

/// The kinds of change in the order of the page.
const ORDER: &[Change] = &Change::ALL;
