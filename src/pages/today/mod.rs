//! Today: who to turn to, most pressing first, and why in words.

mod why;

use super::shared::{self, There, stop_text};
use crate::app::href;
use crate::ui::aging_strip::strip_bar;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use duebook_insight::aging::GroupKey;
use duebook_insight::today::{Band, TaskRow, Today, today_of};
use duebook_ledger::{Book, CustomerId, OpenScan, View};
use leptos::prelude::*;
use std::sync::Arc;

/// What a chip shows: its name in the address, its label, and whether a row is of it.
type Show = (&'static str, &'static str, fn(Band) -> bool);

const SHOWN: [Show; 4] = [
    ("", "All", |_| true),
    ("promises", "Promises", |b| {
        matches!(b, Band::Broken | Band::DueToday | Band::InGrace)
    }),
    ("callbacks", "Call-backs", |b| {
        matches!(b, Band::CallBack | Band::CallBackLater | Band::FollowUp)
    }),
    ("overdue", "Overdue", |b| b == Band::Overdue),
];

/// Today's list of a book.
pub fn list_of(ws: Ws, now: i64) -> Today {
    ws.figures(|book, derived| {
        let Some(aging) = derived.aging() else {
            return Today::default();
        };
        let scan = OpenScan::new(book, View::on(ws.today()));
        today_of(book, &scan, &aging, now)
    })
}

fn local(book: &Book, customer: CustomerId, now: i64) -> Option<There> {
    shared::there(
        &shared::zone_of(book, customer)?,
        now,
        &book.policies().contact,
    )
}

/// The page.
#[component]
pub fn TodayPage() -> impl IntoView {
    let ws = use_ws();
    let go = shared::use_go();
    let now = shared::use_now();
    let (show, set_show) = shared::in_address::<String>("show", false);
    let (callable, set_callable) = shared::in_address::<bool>("callable", false);
    let list = Memo::new(move |_| Arc::new(list_of(ws, now.get())));
    let shown = move || {
        let name = show.get().unwrap_or_default();
        SHOWN
            .iter()
            .find(|(id, _, _)| *id == name)
            .copied()
            .unwrap_or(SHOWN[0])
    };
    let rows = Memo::new(move |_| {
        let list = list.get();
        let (_, _, takes) = shown();
        let only_open = callable.get() == Some(true);
        let fits = |row: &&TaskRow| {
            takes(row.band)
                && (!only_open
                    || ws.peek(|b| local(b, row.customer, now.get()).is_some_and(|t| t.open)))
        };
        Arc::new(
            list.rows
                .iter()
                .filter(fits)
                .cloned()
                .collect::<Vec<TaskRow>>(),
        )
    });
    let facts = Signal::derive(move || {
        list.with(|l| {
            let count = |n: u32| format_count(n as usize, Default::default());
            let mut facts = vec![format!(
                "{} to go",
                format_count(l.rows.len(), Default::default())
            )];
            for (n, what) in [
                (l.done, "done"),
                (l.waiting, "wait for a later date"),
                (l.held, "promised or disputed"),
            ] {
                if n > 0 {
                    facts.push(format!("{} {what}", count(n)));
                }
            }
            facts.join(", ")
        })
    });
    let chips = move || {
        let all = SHOWN.map(|(id, label, takes)| {
            let on = Signal::derive(move || shown().0 == id);
            let count = Signal::derive(move || {
                let n = list.with(|l| l.rows.iter().filter(|r| takes(r.band)).count());
                format_count(n, Default::default())
            });
            let toggle = move |()| set_show.run((!id.is_empty()).then(|| id.to_owned()));
            view! { <FilterChip label=label on=on count=count on_toggle=toggle /> }
        });
        let on = Signal::derive(move || callable.get() == Some(true));
        view! {
            {all}
            <FilterChip
                label="Callable now"
                on=on
                on_toggle=move |()| set_callable.run((callable.get_untracked() != Some(true)).then_some(true))
            />
        }
    };
    let handle = GridHandle::new();
    shared::list_keys(handle);
    let source = GridSource::new(
        move || rows.with(|r| r.len()),
        move |row| rows.with(|r| r.get(row).map_or(0, |t| u64::from(t.customer.0))),
        move |row, column| {
            rows.with(|r| {
                r.get(row)
                    .map_or(CellView::Empty, |t| cell(ws, t, column, now))
            })
        },
    )
    .with_index_of(move |key| rows.with(|r| r.iter().position(|t| u64::from(t.customer.0) == key)));
    let open = move |key: u64| {
        if let Some(path) = super::account_href(ws, CustomerId(key as u32)) {
            go.run(format!("{path}?from=today"));
        }
    };
    // On a telephone the reason takes two lines.
    let narrow = window()
        .match_media("(max-width: 760px)")
        .ok()
        .flatten()
        .is_some_and(|m| m.matches());
    let row_height = if narrow { 70.0 } else { 52.0 };
    let columns = vec![
        Column::text("customer", "Customer and why", 180).grow(3),
        Column::number("due", "Past due", 158),
        Column::text("aging", "Aging", 120).grow(1).hide_below(820),
        Column::text("there", "Local time", 196).hide_below(620),
        Column::text("last", "Last contact", 170)
            .grow(1)
            .hide_below(980),
    ];
    view! {
        <PageHead title="Today" facts=facts filters=chips />
        <Grid
            label="Who to turn to today"
            source=source
            columns=columns
            handle=handle
            row_height=Signal::stored(row_height)
            on_open=open
            empty=move || view! { <NothingToDo list /> }
        />
    }
}

#[component]
fn NothingToDo(list: Memo<Arc<Today>>) -> impl IntoView {
    let ws = use_ws();
    let no_items = move || ws.read(|b| b.items().is_empty());
    let any = move || list.with(|l| !l.rows.is_empty());
    move || {
        if no_items() {
            let import = href(ws, "import");
            view! {
                <Empty
                    icon=Icon::Upload
                    title="No items yet"
                    text=Signal::stored("Import the client’s open items: the list of who to call is made from them.".to_owned())
                    action=move || view! { <a class="btn btn-primary" href=import.clone()>"Import a file"</a> }
                />
            }
            .into_any()
        } else if any() {
            view! {
                <Empty icon=Icon::Filter title="Nobody fits this filter" text=Signal::stored("Choose “All” to see the whole list.".to_owned()) />
            }
            .into_any()
        } else {
            let waiting = list.with(|l| l.waiting);
            let text = match waiting {
                0 => "Nothing is past due that is not promised or disputed.".to_owned(),
                n => format!(
                    "{} for a later date.",
                    plural(
                        n as usize,
                        "customer waits",
                        "customers wait",
                        Default::default()
                    )
                ),
            };
            view! { <Empty icon=Icon::Check title="Nobody left to turn to today" text=Signal::stored(text) /> }.into_any()
        }
    }
}

fn cell(ws: Ws, task: &TaskRow, column: usize, now: RwSignal<i64>) -> CellView {
    let id = task.customer;
    match column {
        0 => {
            let (name, number) = ws.peek(|b| name_of(b, id));
            let why = ws.peek(|b| why::text(b, task, ws.today(), now.get()));
            let stop = task
                .stop
                .map(|o| view! { <span class="chip tone-danger">{stop_text(o)}</span> });
            let tone = why::tone(task.band).class();
            CellView::View(
                view! {
                    <div class="two-lines">
                        <span><strong>{name}</strong> <span class="faint pair">{number}</span> {stop}</span>
                        <span class=format!("why-text {tone}")>{why}</span>
                    </div>
                }
                .into_any(),
            )
        }
        1 => {
            let largest = task.owed.iter().max_by_key(|o| (o.past_due, o.total));
            let amount = largest.map_or(String::new(), |o| words::money(o.past_due, o.currency));
            let more = task
                .owed
                .iter()
                .filter(|o| o.past_due > 0)
                .count()
                .saturating_sub(1);
            let days = task
                .oldest_days
                .filter(|d| *d > 0)
                .map(|d| format!("{d} days"));
            let more = (more > 0).then(|| format!("and {more} more"));
            let below = [days, more]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", ");
            CellView::View(
                view! {
                    <div class="two-lines num">
                        <strong>{amount}</strong>
                        <span class="faint">{below}</span>
                    </div>
                }
                .into_any(),
            )
        }
        2 => ws
            .figures(|book, derived| {
                let largest = task.owed.iter().max_by_key(|o| (o.past_due, o.total))?;
                let aging = derived.aging()?;
                let row = aging.find(&GroupKey::Customer(id), largest.currency)?;
                let parts = shared::strip(&aging, row, largest.currency, &book.policies().buckets);
                Some(CellView::View(strip_bar(&parts).into_any()))
            })
            .unwrap_or(CellView::Empty),
        3 => match ws.peek(|b| local(b, id, now.get())) {
            Some(There { text, open: true }) => CellView::Text(text),
            Some(There { text, open: false }) => CellView::Toned(Tone::Warn, text),
            None => CellView::Faint("zone not known".to_owned()),
        },
        _ => match &task.last_contact {
            None => CellView::Faint("never".to_owned()),
            Some(last) => CellView::View(
                view! {
                    <div class="two-lines">
                        <span>{words::day(last.on)}</span>
                        <span class="faint">{words::outcome(last.outcome)}</span>
                    </div>
                }
                .into_any(),
            ),
        },
    }
}

fn name_of(book: &Book, id: CustomerId) -> (String, String) {
    let number = book
        .customer(id)
        .map_or(String::new(), |c| c.number.clone());
    let name = book
        .customer_facts(id)
        .map_or(String::new(), |f| f.name.clone());
    if name.is_empty() {
        (number, String::new())
    } else {
        (name, number)
    }
}
