//! Letters: who would get what and why, and who not; what was produced and waits for a word on
//! whether it went out. Nothing goes out by itself.

mod documents;
mod follow;
mod list;
mod produce;
mod queries;
mod templates;
mod waiting;
mod wording;

use crate::pages::shared::letter::{LetterDialog, Outgoing, of_message};
use crate::pages::shared::{NotInView, in_address, is_page_key, search_in_address};
use crate::ui::prelude::*;
use crate::workspace::{Ws, use_ws};
use follow::Row;
use leptos::prelude::*;
use std::sync::Arc;

const GOES: [(&str, &str); 2] = [("go", "Would go"), ("not", "Would not go")];
const KINDS: [(&str, &str); 2] = [("due", "Past due"), ("soon", "Due soon")];

/// What the parts of the page work on.
#[derive(Clone, Copy)]
struct Page {
    ws: Ws,
    toasts: Toasts,
    /// Everything the run would do, or would not.
    all: Signal<Arc<Vec<Row>>>,
    /// What fits the filter.
    shown: Memo<Arc<Vec<Row>>>,
    selection: RwSignal<Selection>,
    /// The letter looked at, and the row it is of.
    letter: RwSignal<Option<Outgoing>>,
    looked: RwSignal<Option<Row>>,
}

impl Page {
    /// What is selected and would go; without a selection all that is listed and would.
    fn wanted(self) -> Vec<Row> {
        let selected = |r: &Row| self.selection.with(|s| s.is_empty() || s.contains(r.key));
        let goes = |r: &&Row| r.plan.blocked.is_none() && r.message().is_some() && selected(r);
        self.shown
            .with(|s| s.iter().filter(goes).cloned().collect())
    }
    /// Shows the letter of a row.
    fn look(self, key: u64) {
        let row = self
            .all
            .with_untracked(|a| a.iter().find(|r| r.key == key).cloned());
        let Some(row) = row else { return };
        let made = row.message().or(row.plan.messages.first());
        let made = made.and_then(|m| of_message(self.ws, row.customer, &row.plan, m));
        let blocked = wording::why_not(self.ws, &row);
        self.looked.set(Some(row));
        match (made, blocked) {
            (Some(mut letter), blocked) => {
                letter.held = blocked;
                self.letter.set(Some(letter));
            }
            (None, blocked) => self.toasts.error(blocked.unwrap_or_else(|| {
                "The template of this step is not there any more. Choose another in the ladder, on the tab Templates.".to_owned()
            })),
        }
    }
}

/// The page.
#[component]
pub fn LettersPage() -> impl IntoView {
    let ws = use_ws();
    let (tab, set_tab) = in_address::<String>("tab", true);
    let current = Signal::derive(move || match tab.get().as_deref() {
        Some("sent") => "sent",
        Some("queries") => "queries",
        Some("documents") => "documents",
        Some("templates") => "templates",
        _ => "run",
    });
    let text = search_in_address("q");
    let (goes, set_goes) = in_address::<String>("goes", true);
    let (kind, set_kind) = in_address::<String>("kind", true);
    let (all, working) = follow::follow(ws);
    let shown = Memo::new(move |_| {
        let (goes, kind) = (goes.get(), kind.get());
        let words: Vec<String> = text.with(|t| {
            let lower = t.to_lowercase();
            lower.split_whitespace().map(str::to_owned).collect()
        });
        let fits = |r: &&Row| {
            let go = r.plan.blocked.is_none();
            let in_goes = goes.as_deref().is_none_or(|g| (g == "go") == go);
            let in_kind = kind
                .as_deref()
                .is_none_or(|k| (k == "soon") == r.is_upcoming());
            in_goes && in_kind && r.holds(&words)
        };
        Arc::new(all.with(|a| a.iter().filter(fits).cloned().collect::<Vec<_>>()))
    });
    let page = Page {
        ws,
        toasts: use_toasts(),
        all,
        shown,
        selection: RwSignal::new(Selection::default()),
        letter: RwSignal::new(None),
        looked: RwSignal::new(None),
    };
    // A selection is of one list.
    Effect::new(move |before: Option<Arc<Vec<Row>>>| {
        let now = shown.get();
        if before.is_some_and(|b| b != now) {
            page.selection.update(Selection::clear);
        }
        now
    });
    let unsent = Memo::new(move |_| waiting::count(ws));
    let asked = Memo::new(move |_| queries::count(ws));
    let linked = Memo::new(move |_| documents::count(ws));
    let tabs = Signal::derive(move || {
        let goes = all.with(|a| a.iter().filter(|r| r.plan.blocked.is_none()).count());
        vec![
            Tab::new("run", "Reminders").count(goes.to_string()),
            Tab::new("sent", "To confirm").count(unsent.get().to_string()),
            Tab::new("queries", "Queries").count(asked.get().to_string()),
            Tab::new("documents", "Documents").count(linked.get().to_string()),
            Tab::new("templates", "Templates"),
        ]
    });
    let facts = Signal::derive(move || {
        let said = all.with(|a| wording::headline(a));
        match working.get() {
            true => format!("{said}; being worked out"),
            false => said,
        }
    });
    let head = move || {
        view! {
            <Show when=move || current.get() == "run">
                <produce::Produce page />
            </Show>
        }
    };
    let filters = move || {
        view! {
            <Show when=move || current.get() == "run">
                <SearchField label="Customer or document" value=text keys="/".to_owned() />
                <Chips label="Goes or not" of=&GOES chosen=goes choose=set_goes />
                <Chips label="Kind" of=&KINDS chosen=kind choose=set_kind />
            </Show>
        }
    };
    let choose_tab = move |id: &'static str| set_tab.run((id != "run").then(|| id.to_owned()));
    view! {
        <PageHead title="Letters" facts=facts actions=head filters=filters />
        <NotInView />
        <Tabs name="letters" label="Parts of the page" tabs=tabs current=current on_change=choose_tab />
        <TabPanel name="letters" id="run" current=current>
            <list::Rows page working />
        </TabPanel>
        <TabPanel name="letters" id="sent" current=current>
            <waiting::Waiting page />
        </TabPanel>
        <TabPanel name="letters" id="queries" current=current>
            <queries::Queries page />
        </TabPanel>
        <TabPanel name="letters" id="documents" current=current>
            <documents::Documents page />
        </TabPanel>
        <TabPanel name="letters" id="templates" current=current>
            <templates::Templates page />
        </TabPanel>
        <LetterDialog letter=page.letter before=move || view! { <list::Reasons page /> } />
    }
}

#[component]
fn Chips(
    label: &'static str,
    of: &'static [(&'static str, &'static str)],
    chosen: Memo<Option<String>>,
    choose: Callback<Option<String>>,
) -> impl IntoView {
    let chip = move |(id, label): &(&'static str, &'static str)| {
        let id = *id;
        let on = Signal::derive(move || chosen.with(|c| c.as_deref() == Some(id)));
        let toggle = move |()| choose.run((!on.get_untracked()).then(|| id.to_owned()));
        view! { <FilterChip label=*label on=on on_toggle=toggle /> }
    };
    view! {
        <div class="items-chips" role="group" aria-label=label>
            {of.iter().map(chip).collect_view()}
        </div>
    }
}

/// `x` selects the row the keyboard is on, from anywhere on the page.
fn select_key(handle: GridHandle) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if is_page_key(&event) && event.key() == "x" {
            handle.toggle_selection();
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}
