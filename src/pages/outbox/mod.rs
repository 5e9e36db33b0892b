//! Outbox: all that the source has to have and does not have yet, as an upload file and as a list
//! to key by hand; one tick and one reference a line.

mod grid;
mod layout;
mod line;
mod save;
mod wording;

use crate::pages::choice::choice_in_address;
use crate::pages::shared::{in_address, is_page_key, list_keys, search_in_address};
use crate::ui::prelude::*;
use crate::workspace::{Ws, use_ws};
use duebook_insight::outbox::{OutboxLine, Stage, outbox};
use leptos::prelude::*;
use std::sync::Arc;

/// Parts of the list: id in the address, label.
const GROUPS: [(&str, &str); 4] = [
    ("postings", "Postings"),
    ("fields", "Fields"),
    ("promises", "Promises"),
    ("notes", "Notes"),
];
const STAGES: [(&str, &str); 3] = [
    ("tell", "To tell"),
    ("asked", "Asked"),
    ("told", "Told, not answered"),
];

/// What the parts of the page work on.
#[derive(Clone, Copy)]
struct Page {
    ws: Ws,
    toasts: Toasts,
    /// Sources that customers of lines belong to, in the book's order.
    sources: Memo<Vec<String>>,
    /// The source whose lines are shown.
    source: Memo<String>,
    /// Every line of the source.
    all: Memo<Arc<Vec<OutboxLine>>>,
    /// Those that fit the filter.
    shown: Memo<Arc<Vec<OutboxLine>>>,
    selection: RwSignal<Selection>,
    /// Keys of the lines in the dialog; empty: it is closed.
    asked: RwSignal<Vec<u64>>,
}

impl Page {
    /// What is selected and listed, in the order of the list.
    fn selected(self) -> Vec<OutboxLine> {
        let fits = |l: &&OutboxLine| self.selection.with(|s| s.contains(l.key));
        self.shown
            .with(|s| s.iter().filter(fits).cloned().collect())
    }
    fn line(self, key: u64) -> Option<OutboxLine> {
        self.all.with(|a| a.iter().find(|l| l.key == key).cloned())
    }
}

/// The name of the source that a line is for.
fn source_of(ws: Ws, line: &OutboxLine) -> String {
    ws.peek(|b| {
        let customer = b.customer(line.customer);
        customer.map_or(String::new(), |c| b.source_name(c.source).to_owned())
    })
}

fn group_of(line: &OutboxLine) -> &'static str {
    use duebook_insight::outbox::Kind;
    match line.kind {
        Kind::Fields => "fields",
        Kind::Promise | Kind::PromiseEnded => "promises",
        Kind::Note => "notes",
        _ => "postings",
    }
}

fn stage_of(line: &OutboxLine) -> &'static str {
    match line.stage {
        Stage::ToTell => "tell",
        Stage::Asked => "asked",
        Stage::Sent => "told",
    }
}

/// The page.
#[component]
pub fn OutboxPage() -> impl IntoView {
    let ws = use_ws();
    let text = search_in_address("q");
    let (stage, set_stage) = in_address::<String>("show", true);
    let (group, set_group) = in_address::<String>("kind", true);
    let (chosen, choose) = in_address::<String>("source", true);
    let every = Memo::new(move |_| Arc::new(ws.read(|b| outbox(b, ws.today()))));
    let sources = Memo::new(move |_| {
        let mut out: Vec<String> = ws.read(|b| b.sources().to_vec());
        let named = every.with(|e| e.iter().map(|l| source_of(ws, l)).collect::<Vec<_>>());
        out.retain(|s| named.contains(s));
        out
    });
    let source = Memo::new(move |_| {
        let wanted = chosen.get().unwrap_or_default();
        sources.with(|all| match all.contains(&wanted) {
            true => wanted,
            false => all.first().cloned().unwrap_or_default(),
        })
    });
    let all = Memo::new(move |_| {
        let source = source.get();
        // A customer of ours is at no source yet: what it has waits with every one of them.
        let of_source = |l: &&OutboxLine| {
            let of = source_of(ws, l);
            of == source || of.is_empty()
        };
        Arc::new(every.with(|e| e.iter().filter(of_source).cloned().collect::<Vec<_>>()))
    });
    let shown = Memo::new(move |_| {
        let (stage, group) = (stage.get(), group.get());
        let words: Vec<String> = text.with(|t| {
            let lower = t.to_lowercase();
            lower.split_whitespace().map(str::to_owned).collect()
        });
        let fits = |l: &&OutboxLine| {
            let in_stage = match stage.as_deref() {
                None => l.stage != Stage::Sent,
                Some(id) => stage_of(l) == id,
            };
            let in_group = group.as_deref().is_none_or(|g| group_of(l) == g);
            in_stage && in_group && (words.is_empty() || grid::holds(ws, l, &words))
        };
        Arc::new(all.with(|a| a.iter().filter(fits).cloned().collect::<Vec<_>>()))
    });
    let page = Page {
        ws,
        toasts: use_toasts(),
        sources,
        source,
        all,
        shown,
        selection: RwSignal::new(Selection::default()),
        asked: RwSignal::new(Vec::new()),
    };
    // "All but these" is said of one list, and so is a selection of lines that left it.
    Effect::new(move |before: Option<Arc<Vec<OutboxLine>>>| {
        let now = shown.get();
        if before.is_some_and(|b| b != now) {
            page.selection.update(|s| {
                if s.is_inverted() {
                    s.clear();
                }
                let gone: Vec<u64> = s
                    .keys()
                    .filter(|k| !now.iter().any(|l| l.key == *k))
                    .collect();
                gone.into_iter().for_each(|k| s.set(k, false));
            });
        }
        now
    });
    let layout_open = RwSignal::new(false);
    let facts = Signal::derive(move || all.with(|a| wording::headline(a)));
    let head = move || view! { <Actions page layout_open /> };
    let filters = move || {
        view! {
            <SearchField label="Customer, document or reference" value=text keys="/".to_owned() />
            <Chips label="How far" of=&STAGES chosen=stage choose=set_stage />
            <Chips label="Kind" of=&GROUPS chosen=group choose=set_group />
            <Sources page chosen choose />
        }
    };
    view! {
        <PageHead title="Outbox" facts=facts actions=head filters=filters />
        <grid::Lines page />
        <line::LineDialog page />
        <layout::LayoutDialog page open=layout_open />
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

/// Which source, where there are several.
#[component]
fn Sources(
    page: Page,
    chosen: Memo<Option<String>>,
    choose: Callback<Option<String>>,
) -> impl IntoView {
    let value = choice_in_address(chosen, choose);
    let choices = Signal::derive(move || {
        let mut list: Vec<Choice> = page.sources.with(|all| {
            all.iter()
                .map(|s| Choice::new(s.clone(), s.clone()))
                .collect()
        });
        // The first is the default and stands for itself in the address.
        if let Some(first) = list.first_mut() {
            first.value = String::new();
        }
        list
    });
    view! {
        <Show when=move || page.sources.with(|s| s.len() > 1)>
            <SelectField label="Source" value=value choices=choices />
        </Show>
    }
}

#[component]
fn Actions(page: Page, layout_open: RwSignal<bool>) -> impl IntoView {
    let count = Memo::new(move |_| page.selected().len());
    let label = Signal::derive(move || match count.get() {
        0 => "Tick off".to_owned(),
        n => format!("Tick off {}", wording::lines(n)),
    });
    let refused = Signal::derive(move || {
        (count.get() == 0).then(|| "Select lines first: x or Space, Ctrl A for all.".to_owned())
    });
    let tick = move |()| {
        let keys = untrack(|| page.selected().iter().map(|l| l.key).collect::<Vec<_>>());
        page.asked.set(keys);
    };
    view! {
        <Button label="Layout" icon=Icon::Columns on_press=move |()| layout_open.set(true) />
        <Button label=label icon=Icon::Check refused=refused on_press=tick />
        <save::SaveMenu page />
    }
}

/// `x` selects the row the keyboard is on and `c` copies its note, from anywhere on the page.
fn row_keys(page: Page, handle: GridHandle) {
    list_keys(handle);
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if !is_page_key(&event) {
            return;
        }
        match event.key().as_str() {
            "x" => handle.toggle_selection(),
            "c" => {
                let key = untrack(|| handle.active_key());
                let line = key.and_then(|k| untrack(|| page.line(k)));
                if let Some(line) = line {
                    line::copy_note(page, &line);
                }
            }
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}
