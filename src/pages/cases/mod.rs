//! Cases: disputes and queries as a queue with their clocks; the one in hand beside it, with its
//! money, items, evidence and everything that was said.

mod act;
mod detail;
mod digests;
mod documents;
mod draft;
mod figures;
mod join;
mod list;
mod mail;
mod preview;
mod request;
mod resolve;
mod wording;

use crate::pages::shared::{NotInView, in_address, is_page_key, search_in_address};
use crate::ui::prelude::*;
use crate::workspace::{Ws, use_ws};
use act::Asked;
use duebook_insight::cases::{CaseRow, queue};
use leptos::prelude::*;
use std::sync::Arc;

/// Which cases: id in the address, label.
const SHOWN: [(&str, &str); 7] = [
    ("late", "Over the clock"),
    ("escalate", "To escalate"),
    ("asked", "Answer overdue"),
    ("waiting", "Customer has it"),
    ("disputes", "Disputes"),
    ("queries", "Queries"),
    ("closed", "Closed"),
];

/// What the parts of the page work on.
#[derive(Clone, Copy)]
struct Page {
    ws: Ws,
    toasts: Toasts,
    /// Every case, as it stands today.
    all: Memo<Arc<Vec<CaseRow>>>,
    /// Those that fit the filters.
    shown: Memo<Arc<Vec<CaseRow>>>,
    /// The number of the case in hand.
    chosen: Memo<Option<String>>,
    choose: Callback<Option<String>>,
    current: RwSignal<Option<u64>>,
    grid: GridHandle,
    /// What is asked in a dialog.
    asked: RwSignal<Option<Asked>>,
    resolving: RwSignal<bool>,
    /// Whether it is to be merged or split.
    joining: RwSignal<Option<join::Joining>>,
    /// The request whose approval or documents are asked for.
    handling: RwSignal<Option<request::Handling>>,
}

impl Page {
    /// The case in hand: the one of the address, else the first listed.
    fn in_hand(self) -> Option<CaseRow> {
        let named = self.chosen.get();
        let known =
            named.and_then(|n| self.all.with(|a| a.iter().find(|r| r.number == n).cloned()));
        known.or_else(|| self.shown.with(|s| s.first().cloned()))
    }
    fn past(self) -> bool {
        self.ws.chosen_view().get().is_some()
    }
    fn refused(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.past()
                .then(|| "These are past figures. Go back to today to change anything.".to_owned())
        })
    }
}

/// The page.
#[component]
pub fn CasesPage() -> impl IntoView {
    let ws = use_ws();
    let text = search_in_address("q");
    let (show, set_show) = in_address::<String>("show", true);
    let (who, set_who) = in_address::<String>("with", true);
    let (chosen, choose) = in_address::<String>("case", false);
    let (tab, set_tab) = in_address::<String>("tab", true);
    let all = Memo::new(move |_| Arc::new(ws.read(|b| queue(b, ws.today()))));
    let shown = Memo::new(move |_| {
        let (show, who) = (show.get(), who.get());
        let words: Vec<String> = text.with(|t| {
            let lower = t.to_lowercase();
            lower.split_whitespace().map(str::to_owned).collect()
        });
        let fits = |r: &&CaseRow| {
            list::is_shown(r, show.as_deref())
                && who.as_deref().is_none_or(|w| r.holder() == w)
                && (words.is_empty() || list::holds(ws, r, &words))
        };
        Arc::new(all.with(|a| a.iter().filter(fits).cloned().collect::<Vec<_>>()))
    });
    let page = Page {
        ws,
        toasts: use_toasts(),
        all,
        shown,
        chosen,
        choose,
        current: RwSignal::new(None),
        grid: GridHandle::new(),
        asked: RwSignal::new(None),
        resolving: RwSignal::new(false),
        joining: RwSignal::new(None),
        handling: RwSignal::new(None),
    };
    keys(page);
    let facts = Signal::derive(move || all.with(|a| wording::headline(a)));
    let current: Signal<&'static str> = Signal::derive(move || match tab.get().as_deref() {
        Some("figures") => "figures",
        Some("digests") => "digests",
        _ => "queue",
    });
    let tabs = Signal::stored(vec![
        Tab::new("queue", "Queue"),
        Tab::new("digests", "Digests"),
        Tab::new("figures", "Figures"),
    ]);
    let change = Callback::new(move |id: &'static str| {
        set_tab.run((id != "queue").then(|| id.to_owned()));
    });
    view! {
        <PageHead
            title="Cases"
            facts=facts
            filters=move || view! {
                <SearchField label="Number, customer, document or ticket" value=text keys="/".to_owned() />
                <ShownChips show set_show all />
                <list::Holders page who set_who />
            }
            actions=move || view! {
                <mail::SaveMenu page />
            }
        />
        <NotInView />
        <Tabs name="cases" label="Views of cases" tabs=tabs current=current on_change=change />
        <TabPanel name="cases" id="queue" current=current>
            <list::Queue page />
        </TabPanel>
        <TabPanel name="cases" id="digests" current=current>
            <digests::Digests page />
        </TabPanel>
        <TabPanel name="cases" id="figures" current=current>
            <figures::Figures page />
        </TabPanel>
        <act::Dialogs page />
        <join::JoinDialog page />
        <resolve::ResolveDialog page />
        <request::RequestDialog page />
    }
}

#[component]
fn ShownChips(
    show: Memo<Option<String>>,
    set_show: Callback<Option<String>>,
    all: Memo<Arc<Vec<CaseRow>>>,
) -> impl IntoView {
    let chip = |(id, label): (&'static str, &'static str)| {
        let on = Signal::derive(move || show.with(|s| s.as_deref() == Some(id)));
        let toggle = move |()| set_show.run((!on.get_untracked()).then(|| id.to_owned()));
        let count = Signal::derive(move || {
            all.with(|a| a.iter().filter(|r| list::is_shown(r, Some(id))).count())
                .to_string()
        });
        view! { <FilterChip label=label on=on on_toggle=toggle count=count /> }
    };
    view! {
        <div class="items-chips" role="group" aria-label="Which cases">
            {SHOWN.map(chip).collect_view()}
        </div>
    }
}

/// The keys of the page: the list's, and what can be done with the case in hand.
fn keys(page: Page) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if !is_page_key(&event) {
            return;
        }
        let key = event.key();
        match key.as_str() {
            "j" => page.grid.move_by(1),
            "k" => page.grid.move_by(-1),
            "r" => {
                let fits = untrack(|| page.in_hand()).is_some_and(|r| !r.is_over() && !r.query);
                if fits && untrack(|| !page.past()) {
                    page.resolving.set(true);
                }
            }
            "w" => {
                if let Some(row) = untrack(|| page.in_hand()) {
                    mail::copy(page, &row);
                }
            }
            other => {
                let Some(asked) = Asked::of_key(other) else {
                    return;
                };
                let row = untrack(|| page.in_hand());
                if row.is_none_or(|r| !asked.fits(&r)) || untrack(|| page.past()) {
                    return;
                }
                page.asked.set(Some(asked));
            }
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}
