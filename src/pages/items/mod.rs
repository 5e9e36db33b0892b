//! Items: every open item of the book in one list; found, ordered, summed and marked together.

mod act;
mod cells;
mod edit;
mod fields;
mod paste;
mod rows;
mod save;
mod typed;

use super::choice::choice_in_address;
use super::shared::{
    in_address, is_page_key, list_keys, search_in_address, sort_in_address, use_go,
};
use crate::pages::account_href;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use duebook_ledger::ItemId;
use leptos::prelude::*;
use rows::{Filter, Part, Scanned, Shared, Totals, filtered, sorted};
use std::sync::Arc;

const SORTABLE: [&str; 12] = [
    "document",
    "customer",
    "kind",
    "po",
    "reference",
    "date",
    "due",
    "late",
    "amount",
    "open",
    "currency",
    "disputed",
];

/// What the parts of the page work on.
#[derive(Clone, Copy)]
pub struct Page {
    ws: Ws,
    toasts: Toasts,
    filter: Memo<Filter>,
    /// Every open item of the view.
    scanned: Memo<Option<Shared<Scanned>>>,
    /// Positions that fit the filter.
    found: Memo<Shared<Vec<u32>>>,
    /// The same in the order asked for.
    shown: Memo<Shared<Vec<u32>>>,
    selection: RwSignal<Selection>,
    selected_totals: Memo<Totals>,
}

impl Page {
    /// Positions of what is selected and open, rising.
    fn selected_positions(self) -> Vec<usize> {
        let Some(all) = self.scanned.get_untracked() else {
            return Vec::new();
        };
        let found = self.found.get_untracked();
        self.selection
            .with_untracked(|s| positions(&all.0, &found.0, s))
    }
    fn selected_items(self) -> Vec<u32> {
        let Some(all) = self.scanned.get_untracked() else {
            return Vec::new();
        };
        self.selected_positions()
            .into_iter()
            .map(|at| all.0.ids[at])
            .collect()
    }
    fn listed_items(self) -> Vec<u32> {
        let Some(all) = self.scanned.get_untracked() else {
            return Vec::new();
        };
        self.shown
            .with_untracked(|s| s.0.iter().map(|at| all.0.ids[*at as usize]).collect())
    }
    fn bucket_labels(self) -> Vec<String> {
        self.scanned
            .with_untracked(|s| s.as_ref().map_or(Vec::new(), |s| s.0.buckets.labels()))
    }
}

fn positions(all: &Scanned, found: &[u32], selection: &Selection) -> Vec<usize> {
    if selection.is_inverted() {
        let fits = |at: &usize| selection.contains(u64::from(all.ids[*at]));
        found.iter().map(|at| *at as usize).filter(fits).collect()
    } else {
        selection
            .keys()
            .filter_map(|key| all.position(u32::try_from(key).ok()?))
            .collect()
    }
}

fn part_of(id: &str) -> Option<Part> {
    match id {
        "overdue" => Some(Part::Overdue),
        "notdue" => Some(Part::NotDue),
        "credits" => Some(Part::Credits),
        "disputed" => Some(Part::Disputed),
        _ => id.strip_prefix('b')?.parse().ok().map(Part::Bucket),
    }
}

/// The page.
#[component]
pub fn ItemsPage() -> impl IntoView {
    let ws = use_ws();
    let text = search_in_address("q");
    let (part, set_part) = in_address::<String>("show", true);
    let (currency, set_currency) = in_address::<String>("currency", true);
    let (sort, on_sort) = sort_in_address(&SORTABLE);
    let filter = Memo::new(move |_| Filter {
        text: text.get(),
        part: part.get().as_deref().and_then(part_of),
        currency: currency.get().unwrap_or_default(),
    });
    let scanned = Memo::new(move |_| {
        let view = ws.view();
        Some(Shared(Arc::new(ws.read(|book| Scanned::new(book, view)))))
    });
    let found = Memo::new(move |_| {
        let (all, filter) = (scanned.get(), filter.get());
        let list = all.map_or(Vec::new(), |all| {
            ws.peek(|book| filtered(book, &all.0, &filter))
        });
        Shared(Arc::new(list))
    });
    let shown = Memo::new(move |_| match (sort.get(), scanned.get()) {
        (Some(sort), Some(all)) => {
            let down = sort.dir == SortDir::Descending;
            let list =
                found.with(|f| ws.peek(|book| sorted(book, &all.0, &f.0, sort.column, down)));
            Shared(Arc::new(list))
        }
        _ => found.get(),
    });
    let selection = RwSignal::new(Selection::default());
    // "All but these" is said of one list: with another one it would be another selection.
    Effect::new(move |before: Option<Filter>| {
        let now = filter.get();
        if before.is_some_and(|b| b != now) && selection.with_untracked(Selection::is_inverted) {
            selection.set(Selection::default());
        }
        now
    });
    let selected_totals = Memo::new(move |_| match scanned.get() {
        Some(all) if selection.with(|s| !s.is_empty()) => {
            let at = found.with(|f| selection.with(|s| positions(&all.0, &f.0, s)));
            all.0.totals(at.into_iter())
        }
        _ => Totals::default(),
    });
    let page = Page {
        ws,
        toasts: use_toasts(),
        filter,
        scanned,
        found,
        shown,
        selection,
        selected_totals,
    };
    let marking = RwSignal::new(false);
    let pasting = paste::Pasting::new(page);
    let facts = Signal::derive(move || {
        let count = plural(
            shown.with(|s| s.0.len()),
            "open item",
            "open items",
            Default::default(),
        );
        format!("{} · {count}", words::day(ws.view().as_of))
    });
    let head = move || view! { <Actions page marking pasting /> };
    view! {
        <PageHead
            title="Items"
            facts=facts
            actions=head
            filters=move || view! { <Filters page text part set_part currency set_currency /> }
        />
        <ItemGrid page sort on_sort />
        <fields::FieldsDialog page open=marking />
        <paste::PasteDialog pasting />
    }
}

#[component]
fn Actions(page: Page, marking: RwSignal<bool>, pasting: paste::Pasting) -> impl IntoView {
    let some = move || page.selected_totals.with(|t| t.count > 0);
    let label = Signal::derive(move || match page.selected_totals.with(|t| t.count) {
        0 => "Set a field".to_owned(),
        n => format!(
            "Set a field on {}",
            plural(n, "item", "items", Default::default())
        ),
    });
    let refused = Signal::derive(move || {
        (!some()).then(|| "Select items first: x or Space, Ctrl A for all.".to_owned())
    });
    view! {
        <Show when=some>
            <Button label="Select none" kind=ButtonKind::Quiet on_press=move |()| page.selection.set(Selection::default()) />
        </Show>
        <Button label="Paste" icon=Icon::List on_press=move |()| pasting.begin(None) />
        <Button label=label icon=Icon::Flag refused=refused on_press=move |()| marking.set(true) />
        <save::SaveMenu page />
    }
}

#[component]
fn Filters(
    page: Page,
    text: RwSignal<String>,
    part: Memo<Option<String>>,
    set_part: Callback<Option<String>>,
    currency: Memo<Option<String>>,
    set_currency: Callback<Option<String>>,
) -> impl IntoView {
    let chip = move |id: String, label: String| {
        let own = id.clone();
        let on = Signal::derive(move || part.with(|p| p.as_deref() == Some(own.as_str())));
        let toggle = move |()| set_part.run((!on.get_untracked()).then(|| id.clone()));
        view! { <FilterChip label=label on=on on_toggle=toggle /> }
    };
    let named = [
        ("overdue", "Overdue"),
        ("notdue", "Not due"),
        ("credits", "Credits"),
        ("disputed", "Disputed"),
    ];
    let labels = Memo::new(move |_| {
        page.scanned
            .with(|s| s.as_ref().map_or(Vec::new(), |s| s.0.buckets.labels()))
    });
    let (own, set_own) = in_address::<String>("columns", true);
    let fields = Signal::derive(move || own.get().is_some());
    let to_fields = move |()| set_own.run((!fields.get_untracked()).then(|| "fields".to_owned()));
    let chosen = choice_in_address(currency, set_currency);
    let choices = Memo::new(move |_| {
        let mut choices = vec![Choice::new("", "Every currency")];
        page.scanned.with(|s| {
            let all = s.as_ref().map_or(&[][..], |s| &s.0.currencies);
            choices.extend(all.iter().map(|c| Choice::new(c.code(), c.code())));
        });
        choices
    });
    view! {
        <SearchField label="Document, PO, reference or customer" value=text keys="/".to_owned() />
        <div class="items-chips" role="group" aria-label="Show">
            {named.map(|(id, label)| chip(id.to_owned(), label.to_owned())).collect_view()}
        </div>
        <div class="items-chips" role="group" aria-label="Aging bucket">
            {move || {
                let labels = labels.get();
                labels.into_iter().enumerate().map(|(b, label)| chip(format!("b{b}"), label)).collect_view()
            }}
        </div>
        <SelectField label="Currency" value=chosen choices=choices />
        <FilterChip label="Our fields" on=fields on_toggle=to_fields />
    }
}

#[component]
fn ItemGrid(page: Page, sort: Signal<Option<Sort>>, on_sort: Callback<Sort>) -> impl IntoView {
    let ws = page.ws;
    let at = move |row: usize| page.shown.with(|s| s.0.get(row).map(|at| *at as usize));
    let handle = GridHandle::new();
    let editing = edit::Editing::new(page, handle);
    let key_of = move |row: usize| {
        let at = at(row)?;
        let id = page
            .scanned
            .with(|s| s.as_ref().and_then(|s| s.0.ids.get(at).copied()));
        id.map(u64::from)
    };
    let source = GridSource::new(
        move || page.shown.with(|s| s.0.len()),
        move |row| key_of(row).unwrap_or(u64::MAX),
        move |row, column| {
            if let Some(editor) = key_of(row).and_then(|key| editing.editor(key, column)) {
                return editor;
            }
            let Some(at) = at(row) else {
                return CellView::Empty;
            };
            page.scanned.with(|s| match s {
                Some(all) if at < all.0.ids.len() => {
                    ws.peek(|book| cells::cell(ws, book, &all.0, at, column))
                }
                _ => CellView::Empty,
            })
        },
    )
    .with_index_of(move |key| {
        let all = page.scanned.get()?;
        let at = all.0.position(u32::try_from(key).ok()?)? as u32;
        page.shown.with(|s| match sort.with(Option::is_none) {
            // Unsorted positions rise.
            true => s.0.binary_search(&at).ok(),
            false => s.0.iter().position(|p| *p == at),
        })
    });
    let (own, _) = in_address::<String>("columns", true);
    let columns = Signal::derive(move || edit::arranged(cells::columns(), own.get().is_some()));
    list_keys(handle);
    select_key(handle);
    let go = use_go();
    let open = Callback::new(move |key: u64| {
        let customer = u32::try_from(key)
            .ok()
            .and_then(|id| ws.peek(|b| b.item(ItemId(id)).map(|i| i.customer())));
        if let Some(href) = customer.and_then(|c| account_href(ws, c)) {
            go.run(href);
        }
    });
    let any = move || {
        page.scanned
            .with(|s| s.as_ref().is_some_and(|s| !s.0.ids.is_empty()))
    };
    view! {
        <div class="page-grid">
            <Grid
                label="Open items"
                source=source
                columns=columns
                on_edit=Callback::new(move |asked| editing.asked(asked))
                handle=handle
                sort=sort
                on_sort=on_sort
                selection=page.selection
                on_open=open
                open_on_click=false
                empty=move || {
                    let (title, text) = if any() {
                        ("No item fits", "Take a filter away, or look for fewer words.")
                    } else {
                        ("Nothing is open", "Import a file of open items, or choose another date.")
                    };
                    view! { <Empty icon=Icon::List title=title text=Signal::stored(text.to_owned()) /> }
                }
                footer=move || view! { <Footer page /> }
            />
        </div>
    }
}

/// `x` selects the row the keyboard is on, from anywhere on the page.
fn select_key(grid: GridHandle) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "x" && is_page_key(&event) {
            event.prevent_default();
            grid.toggle_selection();
        }
    });
    on_cleanup(move || listener.remove());
}

/// What is selected, or all of the list, per currency.
#[component]
fn Footer(page: Page) -> impl IntoView {
    let listed = Memo::new(move |_| {
        let all = page.scanned.get();
        all.map_or(Totals::default(), |all| {
            page.found
                .with(|f| all.0.totals(f.0.iter().map(|at| *at as usize)))
        })
    });
    let line = |totals: &Totals, what: &str| {
        let format = words::number_format();
        let sum = |(currency, minor): &(duebook_money::Currency, i128)| {
            format!(
                "{} {}",
                format.minor(*minor, currency.exponent()),
                currency.code()
            )
        };
        let sums: Vec<String> = totals.sums.iter().map(sum).collect();
        let count = crate::ui::format::format_count(totals.count, Default::default());
        (format!("{count} {what}"), sums.join(" · "))
    };
    view! {
        <div class="items-totals num" aria-live="polite">
            {move || page.selected_totals.with(|t| (t.count > 0).then(|| {
                let (count, sums) = line(t, "selected:");
                view! { <p class="items-selected"><strong>{count}</strong>" "{sums}</p> }
            }))}
            {move || listed.with(|t| {
                let (count, sums) = line(t, "listed:");
                view! { <p class="muted">{count}" "{sums}</p> }
            })}
        </div>
    }
}
