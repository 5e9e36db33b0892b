//! The grid's state and what keys and clicks do to it.

use super::super::dom;
use super::arrange::{Arranged, STEP};
use super::column::{Column, Sort};
use super::selection::Selection;
use super::source::{CellEdit, EditHow, GridHandle, GridSource, Place, Wish};
use super::window::{Geometry, Span};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent};

/// Everything the parts of one grid share. All of it is `Copy`: handles into the owner's arena.
#[derive(Clone, Copy)]
pub(super) struct GridState {
    pub source: GridSource,
    pub handle: GridHandle,
    pub columns: Memo<Vec<Column>>,
    pub arranged: Arranged,
    pub scroller: NodeRef<Div>,
    pub scroll_top: RwSignal<f64>,
    /// The row to be shown once the grid has a size.
    pub wanted: StoredValue<Option<usize>>,
    pub geometry: Memo<Geometry>,
    pub selection: Option<RwSignal<Selection>>,
    pub on_all: Option<Callback<()>>,
    pub range_start: StoredValue<Option<usize>>,
    pub sort: Signal<Option<Sort>>,
    pub on_sort: Option<Callback<Sort>>,
    pub on_open: Option<Callback<u64>>,
    pub on_active: Option<Callback<u64>>,
    pub on_edit: Option<Callback<CellEdit, bool>>,
    pub open_on_click: bool,
    pub current: Signal<Option<u64>>,
}

/// The place in force after rows moved under it. `row` is `None` on the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub row: Option<usize>,
    pub col: usize,
}

impl GridState {
    /// Follows the active key to where it stands now. Reactive.
    pub fn spot(self) -> Spot {
        let place = self.handle.place.get();
        let len = self.source.len();
        let columns = self.columns.with(Vec::len);
        let col = place.col.min(columns.saturating_sub(1));
        if place.header || len == 0 {
            return Spot { row: None, col };
        }
        // Until the keyboard was in the grid, it stands on the row that is open beside it.
        let row = match place.key.or_else(|| self.current.get()) {
            Some(key) if self.source.key(place.row) != Some(key) => self.source.index_of(key),
            _ => None,
        };
        Spot {
            row: Some(row.unwrap_or(place.row).min(len - 1)),
            col,
        }
    }

    /// The rows to mount for the scroll position. Reactive.
    pub fn span(self) -> Span {
        let top = self.scroll_top.get();
        self.geometry.with(|g| g.span(top))
    }

    fn spot_now(self) -> Spot {
        untrack(|| self.spot())
    }

    fn key_now(self, row: usize) -> Option<u64> {
        untrack(|| self.source.key(row))
    }

    fn len_now(self) -> usize {
        untrack(|| self.source.len())
    }

    /// Makes a cell the active one, and says so to the page where it is another row.
    fn go(self, row: Option<usize>, col: usize) {
        let before = self.handle.place.get_untracked();
        let place = self.show(row, col);
        if !place.header
            && place.key != before.key
            && let (Some(on_active), Some(key)) = (self.on_active, place.key)
        {
            on_active.run(key);
        }
    }

    /// Makes a cell the active one: shows it and moves the focus there.
    fn show(self, row: Option<usize>, col: usize) -> Place {
        let before = self.handle.place.get_untracked();
        let place = match row.and_then(|r| self.key_now(r).map(|key| (r, key))) {
            Some((row, key)) => Place {
                key: Some(key),
                row,
                col,
                header: false,
            },
            None => Place {
                header: true,
                col,
                ..before
            },
        };
        self.handle.place.set(place);
        if let Some(row) = row {
            self.reveal(row);
        }
        self.focus_active();
        place
    }

    fn reveal(self, row: usize) {
        let Some(scroller) = self.scroller.get_untracked() else {
            return;
        };
        if self.geometry.with_untracked(|g| g.view_height <= 0.0) {
            return self.wanted.set_value(Some(row));
        }
        // As last told: asking would have the browser lay out rows that are still being drawn.
        let top = self.scroll_top.get_untracked();
        if let Some(to) = self.geometry.with_untracked(|g| g.scroll_to(row, top)) {
            scroller.set_scroll_top(to as i32);
            // The scroll event comes a frame later; the row must be mounted before it is focused.
            self.scroll_top.set(f64::from(scroller.scroll_top()));
        }
    }

    /// The grid has a size: a row that was to be seen before it had one is shown.
    pub(super) fn sized(self) {
        if let Some(row) = self.wanted.try_update_value(Option::take).flatten() {
            self.reveal(row);
        }
    }

    /// After the next paint, when the active cell is mounted and marked.
    fn focus_active(self) {
        request_animation_frame(move || {
            let cell = self
                .scroller
                .try_get_untracked()
                .flatten()
                .and_then(|s| s.query_selector("[data-active]").ok().flatten())
                .and_then(|cell| cell.dyn_into::<HtmlElement>().ok());
            if let Some(cell) = cell {
                dom::focus_quietly(&cell);
            }
        });
    }

    /// A row drawn anew may lose the element that had the focus: the new one gets it before the next
    /// key is read.
    pub(super) fn keep_focus(self) {
        let Some(scroller) = self.scroller.try_get_untracked().flatten() else {
            return;
        };
        let inside = move |scroller: &web_sys::HtmlElement| {
            let active = document().active_element();
            active.is_some_and(|a| a.has_attribute("data-active") && scroller.contains(Some(&a)))
        };
        if !inside(&scroller) {
            return;
        }
        queue_microtask(move || {
            let body = document()
                .active_element()
                .is_some_and(|a| a.tag_name() == "BODY");
            let cell = scroller.query_selector("[data-active]").ok().flatten();
            let cell = cell.and_then(|c| c.dyn_into::<HtmlElement>().ok());
            if let Some(cell) = cell.filter(|_| body) {
                dom::focus_quietly(&cell);
            }
        });
    }

    fn step(self, rows: isize) {
        let spot = self.spot_now();
        let len = self.len_now();
        match spot.row {
            Some(0) if rows == -1 => self.go(None, spot.col),
            Some(row) => {
                let to = row.saturating_add_signed(rows).min(len.saturating_sub(1));
                self.go(Some(to), spot.col);
            }
            None if rows > 0 && len > 0 => self.go(Some(0), spot.col),
            None => {}
        }
    }

    pub fn fulfil(self, wish: Wish) {
        match wish {
            Wish::Focus => self.focus_active(),
            // From a page key the header is never meant.
            Wish::Move(rows) => match self.spot_now().row {
                Some(0) if rows < 0 => self.focus_active(),
                _ => self.step(rows),
            },
            Wish::GoTo(key) => {
                // The page asked for it: it is not told.
                if let Some(row) = untrack(|| self.source.index_of(key)) {
                    self.show(Some(row), self.spot_now().col);
                }
            }
            Wish::Top => {
                if let Some(scroller) = self.scroller.get_untracked() {
                    scroller.set_scroll_top(0);
                    self.scroll_top.set(0.0);
                }
                self.handle.place.update(|p| {
                    *p = Place {
                        col: p.col,
                        ..Place::default()
                    }
                });
            }
            Wish::Open => self.open(self.spot_now().row),
            Wish::ToggleSelection => {
                if let Some(row) = self.spot_now().row {
                    self.toggle(row);
                }
            }
        }
    }

    fn open(self, row: Option<usize>) {
        let key = row.and_then(|r| self.key_now(r));
        if let (Some(on_open), Some(key)) = (self.on_open, key) {
            on_open.run(key);
        }
    }

    /// Offers a cell to the page to be edited.
    fn edit(self, row: usize, col: usize, how: EditHow) -> bool {
        let column = self.columns.with_untracked(|c| c.get(col).map(|c| c.id));
        match (self.on_edit, self.key_now(row), column) {
            (Some(on_edit), Some(key), Some(column)) => on_edit.run(CellEdit { key, column, how }),
            _ => false,
        }
    }

    /// The edit that a key asks for.
    fn edit_key(key: &str, ctrl: bool) -> Option<EditHow> {
        let mut typed = key.chars();
        match key {
            "d" if ctrl => Some(EditHow::Fill),
            _ if ctrl => None,
            "F2" | "Enter" => Some(EditHow::Begin(None)),
            "Delete" | "Backspace" => Some(EditHow::Begin(Some(String::new()))),
            " " => None,
            _ if typed.next().is_some() && typed.next().is_none() => {
                Some(EditHow::Begin(Some(key.to_owned())))
            }
            _ => None,
        }
    }

    fn sort_by(self, position: usize) {
        let column = self.columns.with_untracked(|c| c.get(position).cloned());
        if let (Some(on_sort), Some(column)) = (self.on_sort, column)
            && column.sortable
        {
            on_sort.run(Sort::pressed(self.sort.get_untracked(), &column));
        }
    }

    /// Makes a column wider than it is drawn, or narrower; nothing where it is not drawn.
    pub fn widen(self, id: &str, by: i32) {
        let at = |columns: &Vec<Column>| columns.iter().position(|c| c.id == id);
        let head = self.columns.with_untracked(at).and_then(|col| {
            let scroller = self.scroller.get_untracked()?;
            let cell = scroller.query_selector(&format!(".grid-head [data-col='{col}']"));
            cell.ok().flatten()?.dyn_into::<HtmlElement>().ok()
        });
        if let Some(head) = head {
            self.arranged.resize(id, head.offset_width() + by);
        }
    }

    fn widen_here(self, col: usize, by: i32) {
        if let Some(id) = self.columns.with_untracked(|c| c.get(col).map(|c| c.id)) {
            self.widen(id, by);
            self.focus_active();
        }
    }

    fn toggle(self, row: usize) {
        if let (Some(selection), Some(key)) = (self.selection, self.key_now(row)) {
            self.range_start.set_value(Some(row));
            selection.update(|s| s.toggle(key));
        }
    }

    /// Selects from where the last single selection was made.
    fn select_range(self, row: usize) {
        let Some(selection) = self.selection else {
            return;
        };
        let start = self.range_start.get_value().unwrap_or(row);
        let (low, high) = (start.min(row), start.max(row));
        if low == 0 && high + 1 >= self.len_now() && self.on_all.is_none() {
            return selection.update(Selection::select_all);
        }
        let keys: Vec<u64> = (low..=high).filter_map(|r| self.key_now(r)).collect();
        selection.update(|s| keys.iter().for_each(|key| s.set(*key, true)));
    }

    fn toggle_all(self) {
        if let Some(on_all) = self.on_all {
            return on_all.run(());
        }
        if let Some(selection) = self.selection {
            let len = self.len_now();
            selection.update(|s| {
                if s.count(len) == len {
                    s.clear()
                } else {
                    s.select_all()
                }
            });
        }
    }

    pub fn on_keydown(self, event: &KeyboardEvent) {
        if event.default_prevented() || event.alt_key() || dom::is_typing(event) {
            return;
        }
        if self.press(
            &event.key(),
            event.ctrl_key() || event.meta_key(),
            event.shift_key(),
        ) {
            event.prevent_default();
        }
    }

    /// True when the key was the grid's.
    fn press(self, key: &str, ctrl: bool, shift: bool) -> bool {
        let spot = self.spot_now();
        let last_col = self.columns.with_untracked(Vec::len).saturating_sub(1);
        if let (Some(row), Some(how)) = (spot.row, Self::edit_key(key, ctrl))
            && self.edit(row, spot.col, how)
        {
            return true;
        }
        let page = self.geometry.with_untracked(Geometry::page).cast_signed();
        let last_row = self.len_now().checked_sub(1);
        match key {
            "ArrowDown" | "ArrowUp" if !ctrl => {
                let rows = if key == "ArrowDown" { 1 } else { -1 };
                if shift && self.selection.is_some() {
                    self.extend(rows);
                } else {
                    self.step(rows);
                }
            }
            "PageDown" => self.step(page),
            "PageUp" => self.step(-page),
            "ArrowRight" if shift && spot.row.is_none() => self.widen_here(spot.col, STEP),
            "ArrowLeft" if shift && spot.row.is_none() => self.widen_here(spot.col, -STEP),
            "ArrowRight" => self.go(spot.row, (spot.col + 1).min(last_col)),
            "ArrowLeft" => self.go(spot.row, spot.col.saturating_sub(1)),
            "Home" if ctrl => self.go(last_row.map(|_| 0), 0),
            "End" if ctrl => self.go(last_row, last_col),
            "Home" => self.go(spot.row, 0),
            "End" => self.go(spot.row, last_col),
            "a" if ctrl && self.selection.is_some() => self.toggle_all(),
            "Enter" | " " if spot.row.is_none() => self.sort_by(spot.col),
            "Enter" if !ctrl => self.open(spot.row),
            " " => match (self.selection, spot.row) {
                (Some(_), Some(row)) if shift => self.select_range(row),
                (Some(_), Some(row)) => self.toggle(row),
                _ => self.open(spot.row),
            },
            _ => return false,
        }
        true
    }

    fn extend(self, rows: isize) {
        if let Some(row) = self.spot_now().row {
            if self.range_start.get_value().is_none() {
                self.range_start.set_value(Some(row));
            }
            self.step(rows);
            if let Some(row) = self.spot_now().row {
                self.select_range(row);
            }
        }
    }

    pub fn on_click(self, event: &MouseEvent) {
        let Some(target) = dom::event_element(event) else {
            return;
        };
        let closest = |selector: &str| target.closest(selector).ok().flatten();
        let number = |element: &web_sys::Element, name: &str| {
            element
                .get_attribute(name)
                .and_then(|v| v.parse::<usize>().ok())
        };
        if closest("[data-check-all]").is_some() {
            return self.toggle_all();
        }
        let col = closest("[data-col]").and_then(|e| number(&e, "data-col"));
        let Some(row) = closest("[data-row]").and_then(|e| number(&e, "data-row")) else {
            if let Some(col) = col {
                self.go(None, col);
                self.sort_by(col);
            }
            return;
        };
        let own_control = closest("a,button,input,select,textarea,label").is_some();
        if own_control {
            return;
        }
        let checking = closest("[data-check]").is_some();
        let col = col.unwrap_or_else(|| self.spot_now().col);
        self.go(Some(row), col);
        if self.selection.is_some() && event.shift_key() {
            self.select_range(row);
        } else if self.selection.is_some() && (checking || event.ctrl_key() || event.meta_key()) {
            self.toggle(row);
        } else if self.open_on_click && !checking {
            self.open(Some(row));
        }
    }

    pub fn on_dblclick(self, event: &MouseEvent) {
        let number = |name: &str| {
            dom::event_element(event)
                .and_then(|e| e.closest(&format!("[{name}]")).ok().flatten())
                .and_then(|e| e.get_attribute(name))
                .and_then(|v| v.parse::<usize>().ok())
        };
        let row = number("data-row");
        if let (Some(row), Some(col)) = (row, number("data-col"))
            && self.edit(row, col, EditHow::Begin(None))
        {
            return;
        }
        if !self.open_on_click {
            self.open(row);
        }
    }
}
