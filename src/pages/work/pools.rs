//! Filters of the queue: callable now, promises, and the pools that were saved.

use super::queue::Queue;
use crate::pages::shared::in_address;
use crate::ui::format::format_count;
use crate::ui::prelude::*;
use crate::workspace::{Ws, actor};
use duebook_insight::queue;
use duebook_ledger::desk::{DeskCommand, Pool};
use duebook_ledger::{Book, Command};
use leptos::prelude::*;

/// What the address asks for.
#[derive(Clone, Copy)]
pub struct Filter {
    asked: Memo<Option<String>>,
    ask: Callback<Option<String>>,
}

/// Names in the address of filters that need not be saved.
const CALLABLE: &str = "callable";
const PROMISES: &str = "promises";
const MINE: &str = "mine";
/// Before the name of a saved one.
const SAVED: &str = "pool:";

impl Filter {
    pub fn new() -> Self {
        let (asked, ask) = in_address::<String>("pool", false);
        Filter { asked, ask }
    }

    /// The filter asked for; `None` for everybody.
    pub fn pool(&self, ws: Ws) -> Option<Pool> {
        let asked = self.asked.get()?;
        match asked.as_str() {
            CALLABLE => Some(Pool {
                callable: true,
                ..Pool::default()
            }),
            PROMISES => Some(Pool {
                promises: true,
                ..Pool::default()
            }),
            MINE => Some(Pool {
                collector: Some(actor()),
                ..Pool::default()
            }),
            other => {
                let name = other.strip_prefix(SAVED)?;
                ws.read(|book| {
                    book.pools()
                        .find(|(n, _)| *n == name)
                        .map(|(_, p)| p.clone())
                })
            }
        }
    }
}

/// The chips, and the dialog that saves a filter.
#[component]
pub fn Chips(ws: Ws, filter: Filter, queue: Memo<Queue>) -> impl IntoView {
    let editing = RwSignal::new(false);
    let names = Memo::new(move |_| {
        ws.read(|book| book.pools().map(|(n, _)| n.to_owned()).collect::<Vec<_>>())
    });
    // Whether anybody is mine. While nobody is, only whom a commit touched is looked at again.
    let any_assigned = Memo::new(move |before: Option<&(u64, String, bool)>| {
        let (mine, revision) = (actor(), ws.figures_revision().get());
        let is = |book: &Book, c| queue::collector_of(book, c) == Some(mine.as_str());
        let any = ws.figures(|book, derived| {
            let none = before.filter(|(_, who, any)| !any && *who == mine);
            match none.and_then(|(at, _, _)| derived.touched_since(*at)) {
                Some(touched) => touched.into_iter().any(|c| is(book, c)),
                None => book.customer_ids().any(|c| is(book, c)),
            }
        });
        (revision, mine, any)
    });
    let any_assigned = Memo::new(move |_| any_assigned.with(|(_, _, any)| *any));
    let chip = move |name: Option<String>, label: String| {
        let (own, wanted) = (name.clone(), name.clone());
        let on = Signal::derive(move || filter.asked.get() == own);
        let count = Signal::derive(move || {
            let shown = on.get();
            queue.with(|q| match shown {
                true => format_count(q.entries.len(), Default::default()),
                false => String::new(),
            })
        });
        let toggle = move |()| filter.ask.run(wanted.clone());
        view! { <FilterChip label=label on=on count=count on_toggle=toggle /> }
    };
    let saved = move || {
        let all = names.get().into_iter();
        all.map(|name| chip(Some(format!("{SAVED}{name}")), name))
            .collect_view()
    };
    view! {
        <div class="work-chips">
            {chip(None, "All".to_owned())}
            {chip(Some(CALLABLE.to_owned()), "Callable now".to_owned())}
            {chip(Some(PROMISES.to_owned()), "Promises".to_owned())}
            {move || any_assigned.get().then(|| chip(Some(MINE.to_owned()), "Mine".to_owned()))}
            {saved}
            <IconButton icon=Icon::Plus label="Save a filter" on_press=move |()| editing.set(true) />
        </div>
        <PoolDialog ws open=editing filter />
    }
}

#[component]
fn PoolDialog(ws: Ws, open: RwSignal<bool>, filter: Filter) -> impl IntoView {
    let toasts = use_toasts();
    let text = || RwSignal::new(String::new());
    let (name, from, to, least) = (text(), text(), text(), text());
    let (collector, segment, country, bucket) = (text(), text(), text(), text());
    let (callable, promises) = (RwSignal::new(false), RwSignal::new(false));
    let existing = move || {
        let asked = filter.asked.get_untracked()?;
        let name = asked.strip_prefix(SAVED)?.to_owned();
        let pool = ws.peek(|b| b.pools().find(|(n, _)| *n == name).map(|(_, p)| p.clone()))?;
        Some((name, pool))
    };
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        let (n, pool) = existing().unwrap_or_default();
        let number = |v: Option<i64>| v.map_or(String::new(), |v| v.to_string());
        name.set(n);
        from.set(number(pool.days_from.map(i64::from)));
        to.set(number(pool.days_to.map(i64::from)));
        least.set(number(pool.least));
        collector.set(pool.collector.unwrap_or_default());
        segment.set(pool.segment.unwrap_or_default());
        country.set(pool.country.unwrap_or_default());
        bucket.set(pool.bucket.unwrap_or_default());
        callable.set(pool.callable);
        promises.set(pool.promises);
    });
    let number_error = |text: RwSignal<String>| {
        Signal::derive(move || {
            let bad = text.with(|t| !t.trim().is_empty() && t.trim().parse::<i32>().is_err());
            bad.then(|| "A whole number, or nothing.".to_owned())
        })
    };
    let (from_error, to_error, least_error) =
        (number_error(from), number_error(to), number_error(least));
    let refused = Signal::derive(move || {
        let unnamed = name.with(|n| n.trim().is_empty());
        unnamed
            .then(|| "Give the filter a name.".to_owned())
            .or_else(|| {
                from_error
                    .get()
                    .or_else(|| to_error.get())
                    .or_else(|| least_error.get())
            })
    });
    let save = move |()| {
        let given = |text: RwSignal<String>| {
            let text = text.get_untracked().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let pool = Pool {
            callable: callable.get_untracked(),
            days_from: given(from).and_then(|t| t.parse().ok()),
            days_to: given(to).and_then(|t| t.parse().ok()),
            least: given(least).and_then(|t| t.parse().ok()),
            collector: given(collector),
            segment: given(segment),
            country: given(country),
            promises: promises.get_untracked(),
            bucket: given(bucket),
        };
        let name = name.get_untracked().trim().to_owned();
        let done = format!("Filter {name} saved");
        let command = Command::Desk(DeskCommand::SavePool {
            name: name.clone(),
            pool: Some(pool),
        });
        ws.run(toasts, command, Default::default(), done, move |saved| {
            if saved.is_some() {
                let _ = open.try_set(false);
                filter.ask.run(Some(format!("{SAVED}{name}")));
            }
        });
    };
    let remove = move |()| {
        let Some((name, _)) = existing() else { return };
        let done = format!("Filter {name} removed");
        let command = Command::Desk(DeskCommand::SavePool { name, pool: None });
        ws.run(toasts, command, Default::default(), done, move |saved| {
            if saved.is_some() {
                let _ = open.try_set(false);
                filter.ask.run(None);
            }
        });
    };
    view! {
        <Dialog
            open=open
            title="Filter of the queue"
            actions=move || view! {
                {existing().is_some().then(|| view! { <Button label="Remove this filter" kind=ButtonKind::Quiet on_press=remove /> })}
                <Button label="Save the filter" kind=ButtonKind::Primary refused=refused on_press=save />
            }
        >
            <TextField label="Name" value=name />
            <div class="form-row">
                <TextField label="Oldest item late, from days" value=from error=from_error optional=true />
                <TextField label="to days" value=to error=to_error optional=true />
                <TextField label="Least to be collected" value=least error=least_error optional=true hint=Some("Whole units of the reporting currency.".to_owned()) />
            </div>
            <div class="form-row">
                <TextField label="Collector" value=collector optional=true />
                <TextField label="Bucket when assigned" value=bucket optional=true />
                <TextField label="Segment" value=segment optional=true />
                <TextField label="Country" value=country optional=true />
            </div>
            <Checkbox label="Only who can be called now" value=callable />
            <Checkbox label="Only promises that are broken, due or waiting" value=promises />
        </Dialog>
    }
}
