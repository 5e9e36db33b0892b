//! Customers: everyone in the book, what they owe, how late, when spoken to last.

use super::shared;
use crate::app::href;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{FiguresState, Ws, use_ws};
use duebook_insight::roster::{Asked, By, text_of};
use duebook_insight::{Balance, Live};
use duebook_ledger::CustomerId;
use leptos::prelude::*;
use std::sync::Arc;

const COLUMNS: [&str; 10] = [
    "number",
    "name",
    "collector",
    "country",
    "terms",
    "open",
    "past",
    "days",
    "last",
    "promised",
];

/// What the columns are ordered by, in their order.
const BY: [By; COLUMNS.len()] = [
    By::Number,
    By::Name,
    By::Collector,
    By::Country,
    By::Terms,
    By::Open,
    By::PastDue,
    By::Oldest,
    By::LastContact,
    By::Promised,
];

/// The customers shown, in their order, with what was asked and the state of the figures they are of.
#[derive(Clone)]
struct List {
    rows: Arc<Vec<CustomerId>>,
    asked: Asked,
    at: u64,
    all: usize,
    unrated: bool,
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows) && self.at == other.at
    }
}

fn question(search: &str, sort: Sort) -> Asked {
    let at = COLUMNS.iter().position(|c| *c == sort.column);
    Asked {
        words: search
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        by: at.map_or(By::PastDue, |at| BY[at]),
        down: sort.dir == SortDir::Descending,
    }
}

/// The list for a question. After a commit about some customers only those are moved.
fn list_of(ws: Ws, asked: Asked, before: Option<&List>) -> List {
    let at = ws.figures_revision().get();
    ws.figures(|book, derived| {
        let Some(roster) = derived.live().map(Live::roster) else {
            return List {
                rows: Arc::default(),
                asked,
                at,
                all: 0,
                unrated: false,
            };
        };
        let touched = before
            .filter(|b| b.asked == asked)
            .and_then(|b| Some((b, derived.touched_since(b.at)?)));
        let rows = match touched {
            Some((before, touched)) => {
                let mut rows = before.rows.to_vec();
                roster.reorder(book, &asked, &mut rows, &touched);
                rows
            }
            None => roster.ordered(book, &asked),
        };
        List {
            rows: Arc::new(rows),
            asked,
            at,
            all: roster.len(),
            unrated: roster.unrated() > 0,
        }
    })
}

/// The page.
#[component]
pub fn CustomersPage() -> impl IntoView {
    let ws = use_ws();
    let go = shared::use_go();
    let search = shared::search_in_address("q");
    let (asked, on_sort) = shared::sort_in_address(&COLUMNS);
    let sort = Signal::derive(move || {
        asked.get().or(Some(Sort {
            column: "past",
            dir: SortDir::Descending,
        }))
    });
    let list = Memo::new(move |before: Option<&List>| {
        let sort = sort.get().unwrap_or(Sort {
            column: "past",
            dir: SortDir::Descending,
        });
        list_of(ws, search.with(|s| question(s, sort)), before)
    });
    let handle = GridHandle::new();
    shared::list_keys(handle);
    shared::top_on(handle, move || search.get());
    let source = GridSource::new(
        move || list.with(|l| l.rows.len()),
        move |row| list.with(|l| l.rows.get(row).map_or(0, |c| u64::from(c.0))),
        move |row, column| {
            let customer = list.with(|l| l.rows.get(row).copied());
            customer.map_or(CellView::Empty, |c| cell(ws, c, column))
        },
    )
    .with_index_of(move |key| list.with(|l| l.rows.iter().position(|c| u64::from(c.0) == key)));
    let columns = vec![
        Column::text("number", "Number", 96)
            .sortable()
            .hide_below(520),
        Column::text("name", "Customer", 150).grow(3).sortable(),
        Column::text("collector", "Collector", 96)
            .sortable()
            .hide_below(1000),
        Column::text("country", "Country", 76)
            .sortable()
            .hide_below(1080),
        Column::text("terms", "Terms", 84)
            .sortable()
            .hide_below(1180),
        Column::number("open", "Working balance", 150).sortable(),
        Column::number("past", "Past due", 150)
            .sortable()
            .hide_below(620),
        Column::number("days", "Oldest, days", 100)
            .sortable()
            .hide_below(460),
        Column::date("last", "Last contact")
            .sortable()
            .hide_below(860),
        Column::number("promised", "Promised", 118)
            .sortable()
            .hide_below(940),
        Column::text("aging", "Aging", 110).grow(1).hide_below(740),
    ];
    let state = ws.figures_state();
    let facts = Signal::derive(move || {
        let (shown, all) = list.with(|l| (l.rows.len(), l.all));
        let rates = if list.with(|l| l.unrated) {
            "; amounts without an exchange rate are sorted last"
        } else {
            ""
        };
        if all == 0 && state.get() != FiguresState::Ready {
            return shared::with_state(String::new(), state.get());
        }
        let facts = match shown == all {
            true => format!(
                "{}{rates}",
                plural(all, "customer", "customers", Default::default())
            ),
            false => format!(
                "{} of {}{rates}",
                format_count(shown, Default::default()),
                format_count(all, Default::default())
            ),
        };
        shared::with_state(facts, state.get())
    });
    view! {
        <PageHead
            title="Customers"
            facts=facts
            filters=move || view! { <SearchField label="Number, name, collector, country" value=search keys="/" /> }
        />
        <shared::FiguresNote />
        <Grid
            label="Customers"
            source=source
            columns=columns
            handle=handle
            sort=sort
            on_sort=on_sort
            on_open=move |key: u64| {
                if let Some(path) = super::account_href(ws, CustomerId(key as u32)) {
                    go.run(path);
                }
            }
            empty=move || view! { <Nobody search list /> }
        />
    }
}

#[component]
fn Nobody(search: RwSignal<String>, list: Memo<List>) -> impl IntoView {
    let ws = use_ws();
    let state = ws.figures_state();
    move || {
        let none = list.with(|l| l.all == 0);
        if none && state.get() != FiguresState::Ready {
            ().into_any()
        } else if none {
            let import = href(ws, "import");
            view! {
                <Empty
                    icon=Icon::Building
                    title="No customers yet"
                    text=Signal::stored("They come with the first file of open items.".to_owned())
                    action=move || view! { <a class="btn btn-primary" href=import.clone()>"Import a file"</a> }
                />
            }
            .into_any()
        } else {
            let clear = move || view! { <Button label="Clear the search" on_press=move |()| search.set(String::new()) /> };
            view! { <Empty icon=Icon::Search title="No customer fits" action=clear /> }.into_any()
        }
    }
}

fn cell(ws: Ws, customer: CustomerId, column: usize) -> CellView {
    if column <= 4 {
        let text = ws.peek(|b| text_of(b, customer, BY[column]).to_owned());
        return if column == 1 {
            CellView::Strong(text)
        } else {
            CellView::Text(text)
        };
    }
    ws.figures(|book, derived| {
        let live = derived.live()?;
        let line = live.roster().line(customer)?;
        let of = live.balances().of(customer);
        Some(match column {
            5 => money(of, |b| b.working),
            6 => money(of, |b| b.past_due),
            7 => match line.oldest {
                Some(d) if d > 90 => CellView::Toned(Tone::Danger, d.to_string()),
                Some(d) if d > 0 => CellView::Text(d.to_string()),
                _ => CellView::Faint("–".to_owned()),
            },
            8 => line.last.map_or(CellView::Faint("never".to_owned()), |d| {
                CellView::Text(words::day(d))
            }),
            9 => money(of, |b| b.promised),
            _ => {
                let largest = of.iter().max_by_key(|b| (b.past_due, b.working))?;
                let buckets = &book.policies().buckets;
                CellView::Strip(shared::strip(&largest.buckets, largest.currency, buckets))
            }
        })
    })
    .unwrap_or(CellView::Empty)
}

/// The currency with most past due speaks; the others are counted.
fn money(of: &[Balance], figure: fn(&Balance) -> i64) -> CellView {
    let with = of.iter().filter(|b| figure(b) != 0);
    let count = with.clone().count();
    match with.max_by_key(|b| (b.past_due, b.working)) {
        None => CellView::Faint("–".to_owned()),
        Some(b) if count > 1 => CellView::Pair(
            words::money(figure(b), b.currency),
            format!("+{}", count - 1),
        ),
        Some(b) => CellView::Text(words::money(figure(b), b.currency)),
    }
}
