//! The queue: who, what time it is there, why, how many points, what is to be collected.

use super::Work;
use super::pools::{self, Filter};
use crate::app::href;
use crate::pages::shared::{self, There, stop_text, why};
use crate::ui::aging_strip::strip_bar;
use crate::ui::format::format_count;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{FiguresState, Ws};
use duebook_insight::Live;
use duebook_insight::queue::{self, ByClock, Openings};
use duebook_insight::today::TaskRow;
use duebook_insight::worklist::Entry;
use duebook_ledger::CustomerId;
use leptos::prelude::*;
use std::sync::Arc;

/// Who is on the queue, in the order in which it is worked, and who is not.
#[derive(Clone, Default)]
pub struct Queue {
    pub entries: Arc<Vec<Entry>>,
    /// Of all that are to do, before the filter.
    pub all: usize,
    pub callable: usize,
    done: u32,
    snoozed: u32,
}

impl PartialEq for Queue {
    fn eq(&self, other: &Self) -> bool {
        let counts = |q: &Queue| (q.all, q.callable, q.done, q.snoozed);
        Arc::ptr_eq(&self.entries, &other.entries) && counts(self) == counts(other)
    }
}

impl Queue {
    /// A customer's number in it, from 0.
    pub fn position(&self, customer: CustomerId) -> Option<usize> {
        self.entries.iter().position(|e| e.customer == customer)
    }
}

/// The queue, following commits, the clock and the filter. What opens or closes somewhere moves
/// rows; a minute in which nothing does moves none.
pub fn memo(ws: Ws, now: RwSignal<i64>, filter: Filter) -> Memo<Queue> {
    let openings = Memo::new(move |_| {
        let now = now.get();
        ws.figures(|book, derived| {
            let policy = &book.policies().contact;
            let mut ask = |clock: &_| shared::callable(clock, now, policy);
            let list = derived.live().map(Live::worklist);
            list.map_or_else(Openings::default, |list| Openings::of(list, &mut ask))
        })
    });
    Memo::new(move |_| {
        let pool = filter.pool(ws);
        openings.with(|openings| {
            ws.figures(|book, derived| {
                let Some(list) = derived.live().map(Live::worklist) else {
                    return Queue::default();
                };
                let ByClock { entries, callable } = queue::by_clock(list.entries(), openings);
                let shown = match &pool {
                    Some(pool) => queue::pooled(book, list, &entries, pool, openings),
                    None => entries,
                };
                Queue {
                    entries: Arc::new(shown),
                    all: list.entries().len(),
                    callable,
                    done: list.done(),
                    snoozed: list.snoozed(),
                }
            })
        })
    })
}

/// The pane.
#[component]
pub fn QueuePane(work: Work, filter: Filter) -> impl IntoView {
    let Work { ws, queue, now, .. } = work;
    let state = ws.figures_state();
    let count = |n: usize| format_count(n, Default::default());
    let facts = move || {
        let text = queue.with(|q| {
            let mut facts = vec![
                format!("{} to go", count(q.all)),
                format!("{} callable now", count(q.callable)),
            ];
            for (n, what) in [(q.done, "done"), (q.snoozed, "snoozed")] {
                if n > 0 {
                    facts.push(format!("{} {what}", count(n as usize)));
                }
            }
            facts.join(" · ")
        });
        shared::with_state(text, state.get())
    };
    let customer = move |at: usize| queue.with(|q| q.entries.get(at).map(|e| e.customer));
    let source = GridSource::new(
        move || queue.with(|q| q.entries.len()),
        move |at| customer(at).map_or(0, |c| u64::from(c.0)),
        move |at, _| {
            let task = customer(at).and_then(|c| ws.task(c));
            task.map_or(CellView::Empty, |t| cell(ws, &t.row, now))
        },
    )
    .with_index_of(move |key| queue.with(|q| q.position(CustomerId(key as u32))))
    .with_version(move |at| {
        let touched = customer(at).map_or(0, |c| ws.figures(|_, derived| derived.touched_at(c)));
        [touched, now.get() as u64]
    });
    let current = Signal::derive(move || work.on.get().map(|c| u64::from(c.0)));
    // The card follows the keyboard, and the keyboard follows the card.
    let follow = move |key: u64| {
        if current.get_untracked() != Some(key) {
            work.set_on.run(CustomerId(key as u32));
        }
    };
    Effect::new(move |_| {
        if let Some(key) = current.get()
            && work.grid.active_key() != Some(key)
        {
            work.grid.go_to(key);
        }
    });
    let open = move |key: u64| work.open.run(CustomerId(key as u32));
    view! {
        <div class="work-head">
            <h1>"Work"</h1>
            <p class="faint">{facts}</p>
        </div>
        <pools::Chips ws filter queue />
        <shared::FiguresNote />
        <Grid
            label="Queue"
            source=source
            columns=vec![Column::text("who", "Who and why", 240).grow(1)]
            handle=work.grid
            row_height=Signal::stored(86.0)
            header=false
            current=current
            on_open=open
            on_active=follow
            empty=move || view! { <NobodyLeft work /> }
        />
    }
}

fn cell(ws: Ws, task: &TaskRow, now: RwSignal<i64>) -> CellView {
    let id = task.customer;
    let name = ws.peek(|b| shared::account::name_of(b, id));
    let largest = task
        .owed
        .iter()
        .max_by_key(|o| (o.collectible, o.past_due, o.total));
    let amount = largest.map_or(String::new(), |o| {
        words::money(o.collectible.max(0), o.currency)
    });
    let more = task.owed.iter().filter(|o| o.collectible > 0).count();
    let more = (more > 1).then(|| format!(" and {} more", more - 1));
    let text = ws.peek(|b| why::text(b, task, ws.today(), now.get()));
    let stop = task
        .stop
        .map(|o| view! { <span class="chip tone-danger">{stop_text(o)}</span> });
    let pin = task
        .pinned
        .map(|_| view! { <span class="chip tone-accent">"pinned"</span> });
    let there = ws.peek(|b| shared::there(&task.clock, now.get(), &b.policies().contact));
    let (clock, class) = match there {
        Some(There { text, open: true }) => (text, "faint"),
        Some(There { text, open: false }) => (text, "toned tone-warn"),
        None => ("zone not known".to_owned(), "faint"),
    };
    let strip = ws.figures(|book, derived| {
        let mut of = derived.live()?.balances().of(id).iter();
        let balance = of.find(|b| Some(b.currency) == largest.map(|o| o.currency))?;
        let parts = shared::strip(&balance.buckets, balance.currency, &book.policies().buckets);
        Some(strip_bar(&parts).into_any())
    });
    let tone = why::tone(task.band).class();
    CellView::View(
        view! {
            <div class="queue-row">
                <span class="queue-top"><strong class="cut">{name}</strong>{pin}{stop}<strong class="num">{amount}{more}</strong></span>
                <span class=format!("why-text cut {tone}")>{text}</span>
                <span class="queue-foot"><span class=format!("cut {class}")>{clock}</span><span class="faint num">{format!("{} points", task.points)}</span></span>
                {strip}
            </div>
        }
        .into_any(),
    )
}

#[component]
fn NobodyLeft(work: Work) -> impl IntoView {
    let ws = work.ws;
    let state = ws.figures_state();
    move || {
        let (all, snoozed) = work.queue.with(|q| (q.all, q.snoozed));
        if state.get() != FiguresState::Ready && all == 0 {
            return ().into_any();
        }
        if ws.read(|b| b.items().is_empty()) {
            let import = href(ws, "import");
            return view! {
                <Empty
                    icon=Icon::Upload
                    title="No items yet"
                    text=Signal::stored("Import the client’s open items: the queue is made from them.".to_owned())
                    action=move || view! { <a class="btn btn-primary" href=import.clone()>"Import a file"</a> }
                />
            }
            .into_any();
        }
        if all > 0 {
            return view! { <Empty icon=Icon::Filter title="Nobody fits this filter" text=Signal::stored("Choose “All” to see everybody who is to be called.".to_owned()) /> }.into_any();
        }
        let text = match snoozed {
            0 => "Everybody was reached, promised, disputes, or waits for a later day.".to_owned(),
            n => format!("{n} snoozed for a later day."),
        };
        view! { <Empty icon=Icon::Check title="The queue is empty" text=Signal::stored(text) /> }
            .into_any()
    }
}
