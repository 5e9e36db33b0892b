//! The header and the row elements.

use super::super::icon::{Icon, IconView};
use super::column::{Align, Column, SortDir};
use super::state::{GridState, Spot};
use super::window::Span;
use leptos::prelude::*;

fn align_class(align: Align, base: &'static str) -> String {
    match align {
        Align::Start => base.to_owned(),
        Align::Number => format!("{base} num"),
    }
}

pub(super) fn head_view(state: GridState, spot: Memo<Spot>, len: Memo<usize>) -> impl IntoView {
    let first = if state.selection.is_some() { 2 } else { 1 };
    let all = move || {
        state
            .selection
            .is_some_and(|s| len.get() > 0 && s.with(|s| s.count(len.get()) == len.get()))
    };
    view! {
        <div role="row" class="grid-row" aria-rowindex="1">
            {state
                .selection
                .map(|_| {
                    view! {
                        <div
                            role="columnheader"
                            class="grid-cell grid-check"
                            aria-colindex="1"
                            data-check-all=""
                            title="Select all rows (Ctrl A)"
                        >
                            <span class="check" data-on=move || all().then_some("")></span>
                            <span class="sr-only">"Selected"</span>
                        </div>
                    }
                })}
            {move || {
                state
                    .columns
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(position, column)| head_cell(state, spot, position, first, column))
                    .collect_view()
            }}
        </div>
    }
}

fn head_cell(
    state: GridState,
    spot: Memo<Spot>,
    position: usize,
    first: usize,
    column: Column,
) -> impl IntoView {
    let id = column.id;
    let sortable = column.sortable && state.on_sort.is_some();
    let dir = Memo::new(move |_| state.sort.get().filter(|s| s.column == id).map(|s| s.dir));
    let active = Memo::new(move |_| {
        spot.get()
            == Spot {
                row: None,
                col: position,
            }
    });
    let aria_sort = move || {
        sortable.then(|| match dir.get() {
            Some(SortDir::Ascending) => "ascending",
            Some(SortDir::Descending) => "descending",
            None => "none",
        })
    };
    view! {
        <div
            role="columnheader"
            class=align_class(column.align, "grid-cell")
            data-sortable=sortable.then_some("")
            data-col=position.to_string()
            data-active=move || active.get().then_some("")
            aria-colindex=(position + first).to_string()
            aria-sort=aria_sort
            tabindex=move || if active.get() { "0" } else { "-1" }
        >
            <span class="grid-title">{column.title}</span>
            {move || {
                dir.get()
                    .filter(|_| sortable)
                    .map(|dir| {
                        let icon = match dir {
                            SortDir::Ascending => Icon::ArrowUp,
                            SortDir::Descending => Icon::ArrowDown,
                        };
                        view! { <IconView icon /> }
                    })
            }}
        </div>
    }
}

pub(super) fn row_view(
    state: GridState,
    slot: usize,
    slots: Memo<Vec<Option<usize>>>,
    spot: Memo<Spot>,
    span: Memo<Span>,
    anchor: Memo<usize>,
    current: Signal<Option<u64>>,
) -> impl IntoView {
    let row = Memo::new(move |_| slots.with(|s| s.get(slot).copied().flatten()));
    let key = Memo::new(move |_| row.get().and_then(|r| state.source.key(r)));
    // The focused row stays mounted beyond the window: kept inside the canvas, so that it adds no scroll height.
    let parked = Memo::new(move |_| {
        let span = span.get();
        row.get().is_some_and(|r| r < span.first || r >= span.end)
    });
    let transform = move || {
        let height = state.geometry.with(|g| g.row_height);
        let row = if parked.get() {
            span.get().first
        } else {
            row.get().unwrap_or(0)
        };
        let y = row.saturating_sub(anchor.get()) as f64 * height;
        format!("translateY({y}px)")
    };
    let selected = move || {
        let selection = state.selection?;
        let key = key.get()?;
        Some(selection.with(|s| s.contains(key)).to_string())
    };
    let is_current = move || key.get().is_some() && current.get() == key.get();
    let first = if state.selection.is_some() { 2 } else { 1 };
    view! {
        <div
            role="row"
            class="grid-row"
            hidden=move || row.get().is_none()
            data-row=move || row.get().map(|r| r.to_string())
            data-parked=move || parked.get().then_some("")
            data-here=move || (row.get().is_some() && spot.get().row == row.get()).then_some("")
            data-odd=move || row.get().filter(|r| r % 2 == 1).map(|_| "")
            data-tone=move || row.get().map(|r| state.source.tone(r).class())
            aria-rowindex=move || row.get().map(|r| (r + 2).to_string())
            aria-selected=selected
            aria-current=move || is_current().then_some("true")
            style:transform=transform
        >
            {state
                .selection
                .map(|_| {
                    view! {
                        <div role="gridcell" class="grid-cell grid-check" aria-colindex="1" data-check="">
                            <span class="check"></span>
                        </div>
                    }
                })}
            {move || {
                state
                    .columns
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(position, column)| {
                        cell_view(state, row, spot, position, first, column)
                    })
                    .collect_view()
            }}
        </div>
    }
}

fn cell_view(
    state: GridState,
    row: Memo<Option<usize>>,
    spot: Memo<Spot>,
    position: usize,
    first: usize,
    column: Column,
) -> impl IntoView {
    let index = column.index;
    let active = Memo::new(move |_| {
        let spot = spot.get();
        spot.col == position && spot.row.is_some() && spot.row == row.get()
    });
    view! {
        <div
            role="gridcell"
            class=align_class(column.align, "grid-cell")
            data-col=position.to_string()
            data-active=move || active.get().then_some("")
            aria-colindex=(position + first).to_string()
            tabindex=move || if active.get() { "0" } else { "-1" }
        >
            {move || row.get().map(|r| state.source.cell(r, index).render())}
        </div>
    }
}
