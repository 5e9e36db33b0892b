//! Customers: everyone in the book, what they owe, how late, when spoken to last.

use super::shared;
use crate::app::href;
use crate::platform::latest::Latest;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Derived, FiguresState, Ws, use_ws};
use duebook_insight::roster::{Asked, By, Making, Roster, text_of};
use duebook_insight::{Balance, Live};
use duebook_ledger::{Book, CustomerId};
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

impl List {
    fn of(roster: &Roster, rows: Vec<CustomerId>, asked: &Asked, at: u64) -> Self {
        List {
            rows: Arc::new(rows),
            asked: asked.clone(),
            at,
            all: roster.len(),
            unrated: roster.unrated() > 0,
        }
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

/// The list of before, brought up to date: after a commit about some customers only those are moved.
/// `None` where it is to be made anew.
fn kept(
    book: &Book,
    derived: &Derived,
    asked: &Asked,
    before: Option<&List>,
    at: u64,
) -> Option<List> {
    let before = before.filter(|b| b.asked == *asked)?;
    let roster = derived.live()?.roster();
    let touched = derived.touched_since(before.at)?;
    let mut rows = before.rows.to_vec();
    roster.reorder(book, asked, &mut rows, &touched);
    Some(List::of(roster, rows, asked, at))
}

/// The list a question asks for, made in slices; the one before stands meanwhile.
fn follow(ws: Ws, asked: Memo<Asked>) -> Latest<List> {
    Latest::following_on(move |run, latest| {
        let (asked, at) = (asked.get(), ws.figures_revision().get());
        let same = ws.figures(|book, derived| {
            latest.with_untracked(|before| kept(book, derived, &asked, before.as_ref(), at))
        });
        async move {
            if same.is_some() {
                return same;
            }
            let mut making = Making::new(asked.clone());
            let step = || {
                untrack(|| {
                    ws.figures(|book, derived| match derived.live().map(Live::roster) {
                        Some(roster) => {
                            let rows = making.step(book, roster)?;
                            Some(List::of(roster, rows, &asked, at))
                        }
                        // They are not made yet: then this is asked again.
                        None => Some(List::of(&Roster::default(), Vec::new(), &asked, at)),
                    })
                })
            };
            run.steps(step).await
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
    let asked = Memo::new(move |_| {
        let sort = sort.get().unwrap_or(Sort {
            column: "past",
            dir: SortDir::Descending,
        });
        search.with(|s| question(s, sort))
    });
    let latest = follow(ws, asked);
    let list = latest.answer();
    let handle = GridHandle::new();
    shared::list_keys(handle);
    shared::top_on(handle, move || search.get());
    let rows = Memo::new(move |_| list.with(|l| l.as_ref().map(|l| l.rows.clone())));
    let at = move |row: usize| rows.with(|r| r.as_ref()?.get(row).copied());
    let source = GridSource::new(
        move || rows.with(|r| r.as_ref().map_or(0, |r| r.len())),
        move |row| at(row).map_or(0, |c| u64::from(c.0)),
        move |row, column| at(row).map_or(CellView::Empty, |c| cell(ws, c, column)),
    )
    .with_index_of(move |key| {
        rows.with(|r| r.as_ref()?.iter().position(|c| u64::from(c.0) == key))
    });
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
        let counts = list.with(|l| l.as_ref().map(|l| (l.rows.len(), l.all, l.unrated)));
        let (shown, all, unrated) = counts.unwrap_or_default();
        if all == 0 && (latest.is_working() || state.get() != FiguresState::Ready) {
            return shared::with_state(String::new(), FiguresState::Updating);
        }
        let rates = if unrated {
            "; amounts without an exchange rate are sorted last"
        } else {
            ""
        };
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
        <div class="page-grid" data-updating=move || latest.is_working().then_some("")>
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
                empty=move || view! { <Nobody search latest /> }
            />
        </div>
    }
}

#[component]
fn Nobody(search: RwSignal<String>, latest: Latest<List>) -> impl IntoView {
    let ws = use_ws();
    let state = ws.figures_state();
    move || {
        let none = latest
            .answer()
            .with(|l| l.as_ref().is_none_or(|l| l.all == 0));
        if latest.is_working() || none && state.get() != FiguresState::Ready {
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
