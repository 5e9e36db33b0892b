//! The one table: virtual, an ARIA grid, worked by keyboard.
//!
//! Rows are never materialised: a [`GridSource`] answers for the rows on screen. Row elements are slots that
//! are re-used while scrolling; the focused row always keeps its element, so the focus is never lost.
//! The DOM order of rows is the order of slots: assistive technology reads `aria-rowindex`.

mod arrange;
mod cell;
mod column;
mod row;
mod selection;
mod source;
mod state;
mod window;

pub use cell::CellView;
pub use column::{Align, Column, Sort, SortDir};
pub use selection::Selection;
pub use source::{CellEdit, EditHow, GridHandle, GridSource};

use super::dom;
use super::format::format_count;
use super::look::use_look;
use leptos::html::Div;
use leptos::prelude::*;
use row::{head_view, row_view};
use state::GridState;
use window::{Geometry, assign_slots};

/// See the module. `label` is the accessible name; `max_rows` makes the grid as tall as its rows up to that
/// many, without it the grid fills its container.
#[component]
pub fn Grid(
    #[prop(into)] label: Signal<String>,
    source: GridSource,
    #[prop(into)] columns: Signal<Vec<Column>>,
    #[prop(optional)] handle: Option<GridHandle>,
    #[prop(optional, into)] sort: Signal<Option<Sort>>,
    #[prop(optional, into)] on_sort: Option<Callback<Sort>>,
    #[prop(optional)] selection: Option<RwSignal<Selection>>,
    /// Ctrl A and the header's tick, where the page knows better than all rows or none.
    #[prop(optional, into)]
    on_all: Option<Callback<()>>,
    /// Enter, a click (unless `open_on_click` is off) or a double click on a row.
    #[prop(optional, into)]
    on_open: Option<Callback<u64>>,
    /// The keyboard came to another row.
    #[prop(optional, into)]
    on_active: Option<Callback<u64>>,
    /// Enter, F2, a double click or typing on a cell; Ctrl D to fill the selection from it. True
    /// where the page takes it.
    #[prop(optional, into)]
    on_edit: Option<Callback<CellEdit, bool>>,
    #[prop(default = true)] open_on_click: bool,
    /// The row whose detail is open beside the grid.
    #[prop(optional, into)]
    current: Signal<Option<u64>>,
    /// Row height in CSS pixels, if not the user's density.
    #[prop(optional, into)]
    row_height: Option<Signal<f64>>,
    /// Off: the header is there for screen readers only (queues, cards).
    #[prop(default = true)]
    header: bool,
    #[prop(optional)] max_rows: Option<usize>,
    #[prop(optional, into)] empty: ViewFn,
    /// Totals: outside the window, always in view.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
) -> impl IntoView {
    let look = use_look();
    let row_height = Signal::derive(move || match row_height {
        Some(height) => height.get(),
        None => look.density.get().row_height(),
    });
    let head_height = move || {
        if header {
            look.density.get().row_height()
        } else {
            0.0
        }
    };
    let size = RwSignal::new((0.0, 0.0));
    let scroller = NodeRef::<Div>::new();
    let len = Memo::new(move |_| source.len());
    let arranged = arrange::Arranged::of(columns);
    let fit = Memo::new(move |_| arranged.apply(column::fitting(columns.get(), size.get().0)));
    let geometry = Memo::new(move |_| Geometry {
        rows: len.get(),
        row_height: row_height.get(),
        view_height: (size.get().1 - head_height()).max(0.0),
    });
    let state = GridState {
        source,
        handle: handle.unwrap_or_default(),
        columns: fit,
        arranged,
        scroller,
        scroll_top: RwSignal::new(0.0),
        wanted: StoredValue::new(None),
        geometry,
        selection,
        on_all,
        range_start: StoredValue::new(None),
        sort,
        on_sort,
        on_open,
        on_active,
        on_edit,
        open_on_click,
        current,
    };
    scroller.on_load(move |element| {
        dom::observe_size(&element, move |width, height| {
            // A size of nothing is a hidden grid: keep what was mounted.
            if height > 0.0 && size.try_update(|s| *s = (width, height)).is_some() {
                state.sized();
            }
        });
    });
    Effect::new(move |_| {
        let names = fit.with(|c| c.iter().map(|c| c.id).collect());
        state.handle.names.set_value(names);
    });
    Effect::new(move |_| {
        if let Some(wish) = state.handle.wish.get() {
            untrack(|| state.fulfil(wish));
        }
    });

    let spot = Memo::new(move |_| state.spot());
    let span = Memo::new(move |_| state.span());
    let slots = Memo::new(move |previous: Option<&Vec<Option<usize>>>| {
        let previous = previous.map(Vec::as_slice).unwrap_or_default();
        assign_slots(previous, span.get(), spot.get().row)
    });
    let slot_count = Memo::new(move |_| slots.with(Vec::len));
    let anchor = Memo::new(move |_| Geometry::anchor(span.get().first));
    let canvas_y = move || {
        let y = geometry.with(|g| g.canvas_y(state.scroll_top.get(), anchor.get()));
        format!("translateY({y}px)")
    };
    let fixed_height = move || {
        max_rows.map(|max| {
            let rows = len.get().min(max) as f64;
            format!("{}px", rows * row_height.get() + head_height())
        })
    };
    let with_check = selection.is_some();

    view! {
        <div
            class="grid"
            data-empty=move || (len.get() == 0).then_some("")
            data-fit=max_rows.map(|_| "")
            data-bare=(!header).then_some("")
            style=("--grid-row-h", move || format!("{}px", row_height.get()))
            style=("--grid-cols", move || column::template(&fit.with(|c| arranged.dragging(c)), with_check))
            style=("--grid-min", move || fit.with(|c| format!("{}px", column::least_width(c, with_check))))
        >
            <div
                class="grid-scroll"
                role="grid"
                aria-label=label
                aria-rowcount=move || (len.get() + 1).to_string()
                aria-colcount=move || (fit.with(Vec::len) + usize::from(with_check)).to_string()
                aria-multiselectable=with_check.then_some("true")
                node_ref=scroller
                style:height=fixed_height
                on:scroll=move |event| {
                    if let Some(element) = dom::event_element(&event) {
                        state.scroll_top.set(f64::from(element.scroll_top()));
                    }
                }
                on:keydown=move |event| state.on_keydown(&event)
                on:click=move |event| state.on_click(&event)
                on:dblclick=move |event| state.on_dblclick(&event)
            >
                <div role="rowgroup" class="grid-head">
                    {head_view(state, spot, len)}
                </div>
                <div
                    class="grid-spacer"
                    role="presentation"
                    style:height=move || geometry.with(|g| format!("{}px", g.spacer_height()))
                >
                    <div class="grid-canvas" role="rowgroup" style:transform=canvas_y>
                        <For each=move || 0..slot_count.get() key=|slot| *slot let:slot>
                            {row_view(state, slot, slots, spot, span, anchor, current)}
                        </For>
                    </div>
                </div>
            </div>
            {header.then(|| view! { <arrange::ColumnsButton label columns state /> })}
            <Show when=move || len.get() == 0>
                <div class="grid-empty">{empty.run()}</div>
            </Show>
            {footer.map(|footer| view! { <div class="grid-foot">{move || footer.run()}</div> })}
            <span class="sr-only" role="status">
                {move || match len.get() {
                    1 => "1 row".to_owned(),
                    n => format!("{} rows", format_count(n, look.grouping.get())),
                }}
            </span>
        </div>
    }
}
