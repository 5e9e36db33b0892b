//! Items: every open item of the book in one list; found, ordered, summed and marked together.

mod act;
mod cells;
mod edit;
mod fields;
mod list;
mod paste;
mod save;
mod typed;

use super::choice::choice_in_address;
use super::shared::{
    ItemDialog, in_address, is_page_key, list_keys, search_in_address, sort_in_address, top_on,
    use_go,
};
use crate::pages::account_href;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use duebook_insight::items::{Asked, By, Filter, Listed, Part, Totals};
use duebook_ledger::ItemId;
use leptos::prelude::*;
use list::List;

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

/// What the columns are ordered by, in the order of [`SORTABLE`].
const BY: [By; SORTABLE.len()] = [
    By::Document,
    By::Customer,
    By::Kind,
    By::Po,
    By::Reference,
    By::Date,
    By::Due,
    By::Late,
    By::Amount,
    By::Open,
    By::Currency,
    By::Disputed,
];

/// What the parts of the page work on.
#[derive(Clone, Copy)]
pub struct Page {
    ws: Ws,
    toasts: Toasts,
    filter: Memo<Filter>,
    list: List,
    selection: RwSignal<Selection>,
    selected_totals: Memo<Totals>,
}

impl Page {
    /// Positions of what is selected and open, rising.
    fn selected_positions(self) -> Vec<u32> {
        let selection = self.selection.get_untracked();
        self.list
            .peek(|l| l.map_or(Vec::new(), |l| positions(l, &selection)))
    }
    fn selected_items(self) -> Vec<u32> {
        let positions = self.selected_positions();
        self.items_of(positions)
    }
    fn listed_items(self) -> Vec<u32> {
        let shown = |l: Option<&Listed>| l.map_or(Vec::new(), |l| l.shown().to_vec());
        self.items_of(self.list.peek(shown))
    }
    fn items_of(self, positions: Vec<u32>) -> Vec<u32> {
        self.list.peek(|l| {
            let all = l.map(Listed::all);
            let ids = positions.iter().filter_map(|at| Some(all?.id(*at).0));
            ids.collect()
        })
    }
    fn bucket_labels(self) -> Vec<String> {
        self.list
            .with(|l| l.map_or(Vec::new(), |l| l.all().buckets().labels()))
    }
}

fn positions(listed: &Listed, selection: &Selection) -> Vec<u32> {
    let all = listed.all();
    if selection.is_inverted() {
        let fits = |at: &u32| selection.contains(u64::from(all.id(*at).0));
        listed.found().iter().copied().filter(fits).collect()
    } else {
        keyed(listed, selection).collect()
    }
}

/// Positions of the keys that a selection holds.
fn keyed<'a>(listed: &'a Listed, selection: &'a Selection) -> impl Iterator<Item = u32> + use<'a> {
    let all = listed.all();
    selection
        .keys()
        .filter_map(|key| all.position(ItemId(u32::try_from(key).ok()?)))
}

/// Sums of what is selected: of all of the list, the exceptions are taken off.
fn selected(listed: &Listed, selection: &Selection) -> Totals {
    if !selection.is_inverted() {
        return Totals::of(listed.all(), keyed(listed, selection));
    }
    let mut totals = listed.totals().clone();
    let listed_too = |at: &u32| listed.found().binary_search(at).is_ok();
    for at in keyed(listed, selection).filter(listed_too) {
        totals.add(listed.all(), at, -1);
    }
    totals
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
    let asked = Memo::new(move |_| Asked {
        view: ws.view(),
        filter: filter.get(),
        by: sort.get().and_then(|sort| {
            let at = SORTABLE.iter().position(|c| *c == sort.column)?;
            Some((BY[at], sort.dir == SortDir::Descending))
        }),
    });
    let list = List::of(ws, asked);
    let selection = RwSignal::new(Selection::default());
    // "All but these" is said of one list: with another one it would be another selection.
    Effect::new(move |before: Option<Filter>| {
        let now = filter.get();
        if before.is_some_and(|b| b != now) && selection.with_untracked(Selection::is_inverted) {
            selection.set(Selection::default());
        }
        now
    });
    let selected_totals = Memo::new(move |_| {
        if selection.with(Selection::is_empty) {
            return Totals::default();
        }
        list.with(|l| l.map_or(Totals::default(), |l| selection.with(|s| selected(l, s))))
    });
    let page = Page {
        ws,
        toasts: use_toasts(),
        filter,
        list,
        selection,
        selected_totals,
    };
    let marking = RwSignal::new(false);
    let pasting = paste::Pasting::new(page);
    let facts = Signal::derive(move || {
        let day = words::day(ws.view().as_of);
        let Some(count) = list.with(|l| l.map(|l| l.shown().len())) else {
            return format!("{day} · looking through the items");
        };
        let count = plural(count, "open item", "open items", Default::default());
        match list.updating.get() {
            true => format!("{day} · {count}; looking through the items"),
            false => format!("{day} · {count}"),
        }
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
    let labels = Memo::new(move |_| page.bucket_labels());
    let (own, set_own) = in_address::<String>("columns", true);
    let fields = Signal::derive(move || own.get().is_some());
    let to_fields = move |()| set_own.run((!fields.get_untracked()).then(|| "fields".to_owned()));
    let chosen = choice_in_address(currency, set_currency);
    let choices = Memo::new(move |_| {
        let mut choices = vec![Choice::new("", "Every currency")];
        let all = page
            .list
            .with(|l| l.map_or(Vec::new(), |l| l.all().currencies()));
        choices.extend(all.iter().map(|c| Choice::new(c.code(), c.code())));
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
    let handle = GridHandle::new();
    let editing = edit::Editing::new(page, handle);
    let source = GridSource::new(
        move || page.list.with(|l| l.map_or(0, |l| l.shown().len())),
        move |row| {
            page.list
                .item(row)
                .map_or(u64::MAX, |(_, id)| u64::from(id.0))
        },
        move |row, column| {
            let Some((at, id)) = page.list.item(row) else {
                return CellView::Empty;
            };
            if let Some(editor) = editing.editor(u64::from(id.0), column) {
                return editor;
            }
            page.list.peek(|l| match l {
                Some(l) => ws.peek(|book| cells::cell(ws, book, l.all(), at, column)),
                None => CellView::Empty,
            })
        },
    )
    .with_index_of(move |key| {
        page.list.with(|l| {
            let at = l?.all().position(ItemId(u32::try_from(key).ok()?))?;
            match l?.asked().by {
                // Positions in the order of the log rise.
                None => l?.shown().binary_search(&at).ok(),
                Some(_) => l?.shown().iter().position(|p| *p == at),
            }
        })
    });
    let (own, _) = in_address::<String>("columns", true);
    let columns = Signal::derive(move || edit::arranged(cells::columns(), own.get().is_some()));
    list_keys(handle);
    top_on(handle, move || page.filter.get());
    select_key(handle);
    let detailing = RwSignal::new(None::<ItemId>);
    detail_key(handle, detailing);
    let go = use_go();
    let open = Callback::new(move |key: u64| {
        let customer = u32::try_from(key)
            .ok()
            .and_then(|id| ws.peek(|b| b.item(ItemId(id)).map(|i| i.customer())));
        if let Some(href) = customer.and_then(|c| account_href(ws, c)) {
            go.run(href);
        }
    });
    let any = move || page.list.with(|l| l.is_some_and(|l| !l.all().is_empty()));
    let made = move || page.list.with(|l| l.is_some());
    view! {
        <ItemDialog ws asked=detailing />
        <div class="page-grid" data-updating=move || page.list.updating.get().then_some("")>
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
                    let (title, text) = if !made() {
                        ("Looking through the items", "They are shown in a moment.")
                    } else if any() {
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

/// `v` shows all the source says of the row the keyboard is on.
fn detail_key(grid: GridHandle, asked: RwSignal<Option<ItemId>>) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        let here = || untrack(|| grid.active_key()).and_then(|key| u32::try_from(key).ok());
        if event.key() == "v" && is_page_key(&event) {
            event.prevent_default();
            asked.set(here().map(ItemId));
        }
    });
    on_cleanup(move || listener.remove());
}

/// What is selected, or all of the list, per currency.
#[component]
fn Footer(page: Page) -> impl IntoView {
    let listed = Memo::new(move |_| page.list.totals());
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
