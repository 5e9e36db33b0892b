//! Which columns a grid shows and how wide they are: the user's own choice, kept on this machine under
//! the names of the grid's columns, never in the book.

use super::super::button::{Button, ButtonKind, IconButton};
use super::super::dialog::Dialog;
use super::super::icon::Icon;
use super::column::Column;
use super::state::GridState;
use crate::platform::prefs;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, PointerEvent};

/// The narrowest and widest a column is drawn by hand, CSS pixels.
const LEAST: i32 = 48;
const MOST: i32 = 900;
/// What a key press adds or takes off.
pub(super) const STEP: i32 = 16;
/// Fewer columns are not worth a button.
const WORTH: usize = 4;

/// What was chosen, by the names of columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    hidden: Vec<String>,
    widths: BTreeMap<String, u16>,
}

/// The arrangement of one grid.
#[derive(Clone, Copy)]
pub(super) struct Arranged {
    /// Where it is kept: all columns of the grid, whatever its width.
    key: Memo<String>,
    kept: RwSignal<Kept>,
    /// While the edge of a column is dragged: which and how wide.
    dragged: RwSignal<Option<(&'static str, u16)>>,
    pub open: RwSignal<bool>,
}

impl Arranged {
    pub fn of(columns: Signal<Vec<Column>>) -> Self {
        let key = Memo::new(move |_| {
            let names: Vec<&str> = columns.with(|c| c.iter().map(|c| c.id).collect());
            format!("duebook.grid.{}", names.join("."))
        });
        let kept = RwSignal::new(Kept::default());
        let arranged = Arranged {
            key,
            kept,
            dragged: RwSignal::new(None),
            open: RwSignal::new(false),
        };
        // Read before the first row is drawn: nothing jumps.
        let read = move |key: &str| kept.set(prefs::read(key).unwrap_or_default());
        read(&key.get_untracked());
        Effect::new(move |before: Option<String>| {
            let key = key.get();
            if before.is_some_and(|b| b != key) {
                read(&key);
            }
            key
        });
        arranged
    }

    /// The columns as chosen. One column at least stays, or there would be nothing to choose from.
    pub fn apply(self, columns: Vec<Column>) -> Vec<Column> {
        self.kept.with(|kept| {
            let hidden = |c: &Column| kept.hidden.iter().any(|h| h == c.id);
            let all_hidden = columns.iter().all(hidden);
            let width = |mut c: Column| {
                if let Some(width) = kept.widths.get(c.id) {
                    (c.width, c.grow) = (*width, 0);
                }
                c
            };
            let shown = columns.into_iter().filter(|c| all_hidden || !hidden(c));
            shown.map(width).collect()
        })
    }

    /// The same with the edge that is being dragged.
    pub fn dragging(self, columns: &[Column]) -> Vec<Column> {
        let mut columns = columns.to_vec();
        if let Some((id, width)) = self.dragged.get()
            && let Some(column) = columns.iter_mut().find(|c| c.id == id)
        {
            (column.width, column.grow) = (width, 0);
        }
        columns
    }

    fn change(self, change: impl FnOnce(&mut Kept)) {
        self.kept.update(change);
        // Where the browser keeps nothing, it holds for this visit.
        let key = self.key.get_untracked();
        let kept = self.kept.get_untracked();
        let _ = match kept == Kept::default() {
            true => prefs::remove(&key),
            false => prefs::write(&key, &kept),
        };
    }

    pub fn resize(self, id: &str, to: i32) {
        let width = to.clamp(LEAST, MOST) as u16;
        self.change(|kept| _ = kept.widths.insert(id.to_owned(), width));
    }

    fn shows(self, id: &str) -> bool {
        self.kept.with(|k| !k.hidden.iter().any(|h| h == id))
    }

    fn show(self, id: &str, on: bool) {
        self.change(|kept| {
            kept.hidden.retain(|h| h != id);
            if !on {
                kept.hidden.push(id.to_owned());
            }
        });
    }
}

/// The edge of a header by which a column is made wider or narrower.
pub(super) fn edge(state: GridState, id: &'static str) -> impl IntoView {
    let begun = StoredValue::new(None::<(i32, i32)>);
    let arranged = state.arranged;
    let width_at = move |event: &PointerEvent| {
        let (from, width) = begun.get_value()?;
        Some((width + event.client_x() - from).clamp(LEAST, MOST))
    };
    let target = |event: &PointerEvent| {
        let target = event.target()?;
        target.dyn_into::<HtmlElement>().ok()
    };
    view! {
        <span
            class="grid-edge"
            aria-hidden="true"
            on:pointerdown=move |event| {
                event.prevent_default();
                event.stop_propagation();
                let Some(edge) = target(&event) else { return };
                // Without it the drag ends where the pointer leaves the edge.
                let _ = edge.set_pointer_capture(event.pointer_id());
                let cell = edge.parent_element().and_then(|c| c.dyn_into::<HtmlElement>().ok());
                begun.set_value(cell.map(|c| (event.client_x(), c.offset_width())));
            }
            on:pointermove=move |event| {
                if let Some(width) = width_at(&event) {
                    arranged.dragged.set(Some((id, width as u16)));
                }
            }
            on:pointerup=move |_| {
                // A click that moved nothing keeps the width that grows with the window.
                if let Some((_, width)) = arranged.dragged.get_untracked() {
                    arranged.resize(id, i32::from(width));
                }
                begun.set_value(None);
                arranged.dragged.set(None);
            }
            on:pointercancel=move |_| {
                begun.set_value(None);
                arranged.dragged.set(None);
            }
            // A drag is no click on the header.
            on:click=move |event| event.stop_propagation()
        ></span>
    }
}

/// The button in the corner of the header, and the dialog it opens.
#[component]
pub(super) fn ColumnsButton(
    label: Signal<String>,
    columns: Signal<Vec<Column>>,
    state: GridState,
) -> impl IntoView {
    let arranged = state.arranged;
    let shown =
        Memo::new(move |_| columns.with(|all| all.iter().filter(|c| arranged.shows(c.id)).count()));
    let worth = Memo::new(move |_| columns.with(Vec::len) >= WORTH);
    let title = Signal::derive(move || format!("Columns of {}", label.get()));
    let changed = move || arranged.kept.with(|k| *k != Kept::default());
    view! {
        <Show when=move || worth.get()>
            <div class="grid-columns">
                <IconButton icon=Icon::Columns label=title on_press=move |()| arranged.open.set(true) />
            </div>
            <Dialog
                open=arranged.open
                title=title
                actions=move || view! {
                    <Show when=changed>
                        <Button label="As they were" kind=ButtonKind::Quiet on_press=move |()| arranged.change(|kept| *kept = Kept::default()) />
                    </Show>
                    <Button label="Done" kind=ButtonKind::Primary on_press=move |()| arranged.open.set(false) />
                }
            >
                <p class="muted">"Kept on this machine, for this list. On a header, Shift and an arrow make its column wider or narrower; its edge can be dragged."</p>
                <ul class="columns-list">
                    <For
                        each=move || columns.get()
                        key=|c| c.id
                        let:column
                    >
                        <ColumnRow column state shown />
                    </For>
                </ul>
            </Dialog>
        </Show>
    }
}

#[component]
fn ColumnRow(column: Column, state: GridState, shown: Memo<usize>) -> impl IntoView {
    let id = column.id;
    let arranged = state.arranged;
    let title = match column.title.is_empty() {
        true => "Without a title".to_owned(),
        false => column.title.clone(),
    };
    let on = Memo::new(move |_| arranged.shows(id));
    // A list of no columns says nothing: the last one stays.
    let last = move || on.get() && shown.get() == 1;
    view! {
        <li>
            <label class="check-label">
                <input
                    type="checkbox"
                    prop:checked=on
                    disabled=last
                    on:change=move |event| arranged.show(id, event_target_checked(&event))
                />
                <span>{title.clone()}</span>
            </label>
            <IconButton icon=Icon::Minus label=format!("Narrower: {title}") on_press=move |()| state.widen(id, -STEP) />
            <IconButton icon=Icon::Plus label=format!("Wider: {title}") on_press=move |()| state.widen(id, STEP) />
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back_and_what_is_unknown_is_nothing() {
        let kept = Kept {
            hidden: vec!["po".to_owned()],
            widths: BTreeMap::from([("open".to_owned(), 140)]),
        };
        let text = serde_json::to_string(&kept).unwrap_or_default();
        assert_eq!(serde_json::from_str::<Kept>(&text).ok(), Some(kept));
        assert_eq!(
            serde_json::from_str::<Kept>("{}").ok(),
            Some(Kept::default())
        );
    }
}
