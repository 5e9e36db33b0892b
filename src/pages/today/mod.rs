//! Today: who to turn to, most pressing first, and why in words.

mod daily;
mod unanswered;

use super::shared::{self, There, stop_text, why};
use crate::app::href;
use crate::ui::aging_strip::strip_bar;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{FiguresState, Ws, use_ws};
use duebook_insight::Live;
use duebook_insight::queue::{self, Openings};
use duebook_insight::today::{Band, TaskRow};
use duebook_insight::worklist::Entry;
use duebook_ledger::{Book, CustomerId};
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
    ("overdue", "Overdue", |b| {
        matches!(b, Band::Overdue | Band::Small)
    }),
];

/// Today's list as the workspace keeps it, and how much of each kind there is.
#[derive(Clone, Default)]
struct List {
    entries: Arc<Vec<Entry>>,
    /// By chip.
    counts: [usize; SHOWN.len()],
    done: u32,
    waiting: u32,
    held: u32,
    snoozed: u32,
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        let away = |l: &List| (l.done, l.waiting, l.held, l.snoozed);
        Arc::ptr_eq(&self.entries, &other.entries) && away(self) == away(other)
    }
}

fn list_of(ws: Ws) -> List {
    ws.figures(|_, derived| {
        let Some(list) = derived.live().map(Live::worklist) else {
            return List::default();
        };
        let mut counts = [0; SHOWN.len()];
        for entry in list.entries().iter() {
            for ((_, _, takes), count) in SHOWN.iter().zip(&mut counts) {
                *count += usize::from(takes(entry.band));
            }
        }
        List {
            entries: list.entries().clone(),
            counts,
            done: list.done(),
            waiting: list.waiting(),
            held: list.held(),
            snoozed: list.snoozed(),
        }
    })
}

/// Who is shown; others are another list.
#[derive(Clone)]
struct Shown(Arc<Vec<Entry>>);

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Customers who can be called now; each clock is looked at once.
fn callable(ws: Ws, entries: &[Entry], now: i64) -> Vec<Entry> {
    ws.figures(|book, derived| {
        let Some(list) = derived.live().map(Live::worklist) else {
            return Vec::new();
        };
        let policy = &book.policies().contact;
        let mut ask = |clock: &_| shared::callable(clock, now, policy);
        queue::callable(entries, &Openings::of(list, &mut ask))
    })
}

/// The page.
#[component]
pub fn TodayPage() -> impl IntoView {
    let ws = use_ws();
    let go = shared::use_go();
    let now = shared::use_now();
    let (show, set_show) = shared::in_address::<String>("show", false);
    let (only_open, set_only_open) = shared::in_address::<bool>("callable", false);
    Effect::new(move |_| ws.tick(now.get()));
    let list = Memo::new(move |_| list_of(ws));
    let shown = move || {
        let name = show.get().unwrap_or_default();
        SHOWN
            .iter()
            .find(|(id, _, _)| *id == name)
            .copied()
            .unwrap_or(SHOWN[0])
    };
    let rows = Memo::new(move |_| {
        let all = list.with(|l| l.entries.clone());
        let (_, _, takes) = shown();
        let of_chip = match shown().0 {
            "" => all,
            _ => Arc::new(all.iter().filter(|e| takes(e.band)).copied().collect()),
        };
        match only_open.get() {
            Some(true) => Shown(Arc::new(callable(ws, &of_chip, now.get()))),
            _ => Shown(of_chip),
        }
    });
    let state = ws.figures_state();
    let facts = Signal::derive(move || {
        list.with(|l| {
            let count = |n: u32| format_count(n as usize, Default::default());
            let mut facts = vec![format!(
                "{} to go",
                format_count(l.entries.len(), Default::default())
            )];
            for (n, what) in [
                (l.done, "done"),
                (l.waiting, "wait for a later date"),
                (l.held, "promised or disputed"),
                (l.snoozed, "snoozed"),
            ] {
                if n > 0 {
                    facts.push(format!("{} {what}", count(n)));
                }
            }
            let facts = if state.get() == FiguresState::Updating && l.entries.is_empty() {
                String::new()
            } else {
                facts.join(", ")
            };
            shared::with_state(facts, state.get())
        })
    });
    let chips = move || {
        let all = SHOWN.iter().enumerate().map(|(n, (id, label, _))| {
            let (id, label) = (*id, *label);
            let on = Signal::derive(move || shown().0 == id);
            let count = Signal::derive(move || {
                format_count(list.with(|l| l.counts[n]), Default::default())
            });
            let toggle = move |()| set_show.run((!id.is_empty()).then(|| id.to_owned()));
            view! { <FilterChip label=label on=on count=count on_toggle=toggle /> }
        });
        let all = all.collect_view();
        let on = Signal::derive(move || only_open.get() == Some(true));
        view! {
            {all}
            <FilterChip
                label="Opens now"
                on=on
                on_toggle=move |()| set_only_open.run((only_open.get_untracked() != Some(true)).then_some(true))
            />
        }
    };
    let handle = GridHandle::new();
    shared::list_keys(handle);
    shared::top_on(handle, move || (show.get(), only_open.get()));
    let source = GridSource::new(
        move || rows.with(|r| r.0.len()),
        move |row| rows.with(|r| r.0.get(row).map_or(0, |e| u64::from(e.customer.0))),
        move |row, column| {
            let customer = rows.with(|r| r.0.get(row).map(|e| e.customer));
            let task = customer.and_then(|c| ws.task(c));
            task.map_or(CellView::Empty, |t| cell(ws, &t.row, column, now))
        },
    )
    .with_index_of(move |key| {
        rows.with(|r| r.0.iter().position(|e| u64::from(e.customer.0) == key))
    })
    .with_version(move |row| {
        let customer = rows.with(|r| r.0.get(row).map(|e| e.customer));
        let touched = customer.map_or(0, |c| ws.figures(|_, derived| derived.touched_at(c)));
        [touched, now.get() as u64]
    });
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
        Column::text("there", "Local time", 226).hide_below(620),
        Column::text("last", "Last contact", 170)
            .grow(1)
            .hide_below(980),
    ];
    view! {
        <PageHead title="Today" facts=facts filters=chips />
        <crate::pages::shared::NotInView />
        <shared::FiguresNote />
        <daily::Daily />
        <unanswered::Unanswered />
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
fn NothingToDo(list: Memo<List>) -> impl IntoView {
    let ws = use_ws();
    let no_items = move || ws.read(|b| b.items().is_empty());
    let any = move || list.with(|l| !l.entries.is_empty());
    let state = ws.figures_state();
    move || {
        if state.get() != FiguresState::Ready && !any() {
            ().into_any()
        } else if no_items() {
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
                let mut of = derived.live()?.balances().of(id).iter();
                let balance = of.find(|b| b.currency == largest.currency)?;
                let buckets = &book.policies().buckets;
                let parts = shared::strip(&balance.buckets, balance.currency, buckets);
                Some(CellView::View(strip_bar(&parts).into_any()))
            })
            .unwrap_or(CellView::Empty),
        3 => match ws.peek(|b| shared::there(&task.clock, now.get(), &b.policies().contact)) {
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
