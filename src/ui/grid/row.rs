//! The header and the row elements.

use super::super::icon::{Icon, IconView};
use super::arrange::edge;
use super::column::{Align, Column, SortDir};
use super::selection::Selection;
use super::source::Version;
use super::state::{GridState, Spot};
use super::window::Span;
use leptos::prelude::*;

fn align_class(align: Align) -> &'static str {
    match align {
        Align::Start => "grid-cell",
        Align::Number => "grid-cell num",
    }
}

pub(super) fn head_view(state: GridState, spot: Memo<Spot>, len: Memo<usize>) -> impl IntoView {
    let first = if state.selection.is_some() { 2 } else { 1 };
    let all = move || {
        let whole = |s: &Selection| match state.on_all {
            Some(_) => s.is_all(),
            None => s.count(len.get()) == len.get(),
        };
        state
            .selection
            .is_some_and(|s| len.get() > 0 && s.with(whole))
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
            class=align_class(column.align)
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
            {edge(state, id)}
        </div>
    }
}

/// Everything about a row but its content. One value, so that a row element costs one memo and one effect:
/// while scrolling only the rows that changed their place are drawn again.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct RowLook {
    row: Option<usize>,
    /// What stands there: read where the source says when its rows change.
    content: Option<(u64, Version)>,
    y: f64,
    /// The keyboard is on this row, in this column.
    active_col: Option<usize>,
    selected: Option<bool>,
    current: bool,
    /// Mounted only because the focus is on it.
    parked: bool,
}

fn row_look(
    state: GridState,
    row: usize,
    spot: Spot,
    span: Span,
    anchor: usize,
    current: Option<u64>,
) -> RowLook {
    let key = state.source.key(row);
    let parked = row < span.first || row >= span.end;
    // A parked row stays inside the canvas, so that it adds no scroll height.
    let at = if parked { span.first } else { row };
    RowLook {
        row: Some(row),
        content: key.zip(state.source.version(row)),
        y: at.saturating_sub(anchor) as f64 * state.geometry.with(|g| g.row_height),
        active_col: (spot.row == Some(row)).then_some(spot.col),
        selected: state
            .selection
            .zip(key)
            .map(|(s, key)| s.with(|s| s.contains(key))),
        current: key.is_some() && current == key,
        parked,
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
    let look = Memo::new(
        move |_| match slots.with(|s| s.get(slot).copied().flatten()) {
            Some(row) => row_look(
                state,
                row,
                spot.get(),
                span.get(),
                anchor.get(),
                current.get(),
            ),
            None => RowLook::default(),
        },
    );
    move || {
        let look = look.get();
        if look.active_col.is_some() {
            state.keep_focus();
        }
        draw_row(state, look)
    }
}

fn draw_row(state: GridState, look: RowLook) -> impl IntoView {
    let with_check = state.selection.is_some();
    let first = if with_check { 2 } else { 1 };
    let flag = |on: bool| on.then_some("");
    let cells = look.row.map(|row| {
        state.columns.with(|columns| {
            columns
                .iter()
                .enumerate()
                .map(|(position, column)| {
                    let active = look.active_col == Some(position);
                    let content = state.source.cell(row, column.index).render();
                    draw_cell(position, first, active, column.align, content)
                })
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div
            role="row"
            class="grid-row"
            hidden=look.row.is_none()
            data-row=look.row.map(|r| r.to_string())
            data-parked=flag(look.parked)
            data-here=flag(look.active_col.is_some())
            data-tone=look.row.map(|r| state.source.tone(r).class())
            aria-rowindex=look.row.map(|r| (r + 2).to_string())
            aria-selected=look.selected.map(|s| if s { "true" } else { "false" })
            aria-current=look.current.then_some("true")
            style:transform=format!("translateY({}px)", look.y)
        >
            {with_check
                .then(|| {
                    view! {
                        <div role="gridcell" class="grid-cell grid-check" aria-colindex="1" data-check="">
                            <span class="check"></span>
                        </div>
                    }
                })}
            {cells}
        </div>
    }
}

fn draw_cell(
    position: usize,
    first: usize,
    active: bool,
    align: Align,
    content: AnyView,
) -> impl IntoView {
    view! {
        <div
            role="gridcell"
            class=align_class(align)
            data-col=position.to_string()
            data-active=active.then_some("")
            aria-colindex=(position + first).to_string()
            tabindex=if active { "0" } else { "-1" }
        >
            {content}
        </div>
    }
}
