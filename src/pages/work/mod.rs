//! Work: whom to call now, what to know before, what came of it; one screen of three panes, on a
//! telephone three steps.

mod ask;
mod card;
mod guide;
mod opening;
mod pools;
mod promises;
mod queue;
mod steer;

use super::shared::{self, in_address, on_key, on_text};
use crate::ui::prelude::*;
use crate::workspace::{FiguresState, Ws, use_ws};
use duebook_ledger::CustomerId;
use leptos::prelude::*;
use queue::Queue;

/// What the panes share. Handles only.
#[derive(Clone, Copy)]
struct Work {
    ws: Ws,
    now: RwSignal<i64>,
    queue: Memo<Queue>,
    /// Whose card is open.
    on: Memo<Option<CustomerId>>,
    set_on: Callback<CustomerId>,
    step: Callback<&'static str>,
    /// Another customer and its card, in one change of the address.
    open: Callback<CustomerId>,
    grid: GridHandle,
    go: Callback<String>,
}

impl Work {
    /// Who comes after a customer in the queue; the first where it is not in it.
    fn after(&self, customer: CustomerId) -> Option<CustomerId> {
        self.queue.with(|q| {
            let next = q.position(customer).map_or(0, |at| at + 1);
            let found = q.entries.get(next).or_else(|| q.entries.first())?;
            Some(found.customer).filter(|c| *c != customer)
        })
    }
}

/// The page.
#[component]
pub fn WorkPage() -> impl IntoView {
    let ws = use_ws();
    let now = shared::use_now();
    let asked = shared::leading::<String>("on");
    let (step, set_step) = in_address::<String>("step", true);
    Effect::new(move |_| ws.tick(now.get()));
    let filter = pools::Filter::new();
    let queue = queue::memo(ws, now, filter);
    let change = shared::change_address();
    let on = Memo::new(move |_| {
        let key = on_key(&asked.get()?)?;
        ws.read(|book| book.find_customer(&key))
    });
    let work = Work {
        ws,
        now,
        queue,
        on,
        set_on: Callback::new(move |customer: CustomerId| {
            if let Some(key) = ws.peek(|b| b.customer_key(customer)) {
                let on = Some(on_text(&key));
                asked.set(on.clone());
                change.run(vec![("on", on)]);
            }
        }),
        step: Callback::new(move |step: &'static str| {
            set_step.run((step != "queue").then(|| step.to_owned()));
        }),
        open: Callback::new(move |customer: CustomerId| {
            if let Some(key) = ws.peek(|b| b.customer_key(customer)) {
                let (on, step) = (Some(on_text(&key)), Some("card".to_owned()));
                asked.set(on.clone());
                change.run(vec![("on", on), ("step", step)]);
            }
        }),
        grid: GridHandle::new(),
        go: shared::use_go(),
    };
    // Somebody is always open: the first of the queue, until another is chosen.
    Effect::new(move |_| {
        let first = queue.with(|q| q.entries.first().map(|e| e.customer));
        if on.get().is_none()
            && let Some(first) = first
        {
            work.set_on.run(first);
        }
    });
    // What was asked for from another page has nobody to be done for.
    let (asked_for, figures, toasts) = (shared::use_act(), ws.figures_state(), use_toasts());
    Effect::new(move |_| {
        let nobody = figures.get() == FiguresState::Ready
            && queue.with(|q| q.entries.is_empty())
            && on.get().is_none();
        if asked_for.get().is_some() && nobody {
            asked_for.set(None);
            toasts.done(
                "Nobody is on the list. Open an account first: Ctrl K and what the caller says.",
            );
        }
    });
    let at = move |name: &'static str| {
        let step = step.get().unwrap_or_else(|| "queue".to_owned());
        (step == name).then_some("")
    };
    let steps = [("queue", "Queue"), ("card", "Card"), ("call", "Call")].map(|(name, label)| {
        let chosen = Signal::derive(move || at(name).is_some());
        view! { <FilterChip label=label on=chosen on_toggle=move |()| work.step.run(name) /> }
    });
    let past = Memo::new(move |_| ws.chosen_view().get().is_some());
    view! {
        <shared::NotInView />
        <nav class="steps" aria-label="Steps of a call">{steps}</nav>
        <div class="panes panes-3 work" data-step="">
            <section class="pane work-queue" aria-label="Queue" data-current=move || at("queue")>
                <queue::QueuePane work filter />
            </section>
            {move || match on.get() {
                _ if past.get() => view! {
                    <section class="pane work-card" aria-label="Card" data-current=move || at("card")><shared::OnlyToday /></section>
                }.into_any(),
                Some(id) => view! { <card::OneCustomer work id step /> }.into_any(),
                None => view! {
                    <section class="pane work-card" aria-label="Card" data-current=move || at("card")>
                        <Empty icon=Icon::Phone title="Nobody is chosen" text=Signal::stored("Choose somebody in the queue, or press Ctrl K and type what the caller says.".to_owned()) />
                    </section>
                }.into_any(),
            }}
        </div>
    }
}
