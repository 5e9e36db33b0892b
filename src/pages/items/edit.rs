//! The collector's fields edited like cells: Enter, F2 or typing edits, Esc leaves it as it was,
//! Tab goes on, Ctrl Enter and Ctrl D fill the selection. Each is one commit with "Undo".

use super::{Page, typed};
use crate::ui::dom;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use duebook_ledger::columns::TextField;
use duebook_ledger::facts::CollectorField;
use duebook_ledger::work::FieldChange;
use duebook_ledger::{Book, Command, ItemId};
use leptos::{html, prelude::*};

/// Number of the first column of [`columns`] in the list.
pub const FIRST: usize = 13;

/// The fields in the order in which Tab goes: column in the list, its name, field, title.
const CELLS: [(usize, &str, CollectorField, &str); 7] = [
    (11, "status", CollectorField::Status, "Status"),
    (FIRST, "reason", CollectorField::Reason, "Reason"),
    (
        FIRST + 1,
        "expected",
        CollectorField::ExpectedDate,
        "Expected",
    ),
    (FIRST + 2, "next", CollectorField::NextAction, "Next action"),
    (FIRST + 3, "owner", CollectorField::Owner, "Owner"),
    (FIRST + 4, "remark", CollectorField::Remark, "Remark"),
    (12, "disputed", CollectorField::Disputed, "Disputed"),
];

/// The further columns of the list: the collector's own.
pub fn columns() -> Vec<Column> {
    vec![
        Column::text("reason", "Reason", 110).grow(1),
        Column::date("expected", "Expected"),
        Column::text("next", "Next action", 120).grow(2),
        Column::text("owner", "Owner", 90).grow(1),
        Column::text("remark", "Remark", 150).grow(3),
    ]
}

/// The columns for the width and for what is worked on: the document's facts, or our fields.
pub fn arranged(mut columns: Vec<Column>, fields: bool) -> Vec<Column> {
    for column in &mut columns {
        let hide = match column.id {
            "reason" | "owner" => (!fields).then_some(u16::MAX).or(Some(1000)),
            "expected" | "next" | "remark" => (!fields).then_some(u16::MAX).or(Some(0)),
            "status" | "disputed" if fields => Some(760),
            "kind" | "po" | "reference" | "date" | "amount" if fields => Some(u16::MAX),
            _ => None,
        };
        column.hide_below = hide.unwrap_or(column.hide_below);
    }
    columns
}

/// A cell of [`columns`].
pub fn cell(book: &Book, id: ItemId, column: usize) -> CellView {
    let Some((_, _, field, _)) = CELLS.iter().find(|c| c.0 == column) else {
        return CellView::Empty;
    };
    let value = book.field(id, *field);
    if value.is_empty() {
        return CellView::Empty;
    }
    let date = duebook_money::date::parse_iso_bytes(value.as_bytes());
    match date.filter(|_| *field == CollectorField::ExpectedDate) {
        Some(day) => CellView::Text(words::day(day)),
        None => CellView::text(value),
    }
}

/// The cell being edited, and what is typed so far: outside the cell, which is drawn anew at every
/// commit.
#[derive(Clone, Copy)]
pub struct Editing {
    page: Page,
    grid: GridHandle,
    at: RwSignal<Option<(u64, usize)>>,
    draft: RwSignal<String>,
}

impl Editing {
    /// Nothing is edited yet.
    pub fn new(page: Page, grid: GridHandle) -> Self {
        Editing {
            page,
            grid,
            at: RwSignal::new(None),
            draft: RwSignal::new(String::new()),
        }
    }

    /// What the grid asks of a cell; false where it is none of ours.
    pub fn asked(self, edit: CellEdit) -> bool {
        let Some((column, _, field, _)) = CELLS.iter().find(|c| c.1 == edit.column) else {
            return false;
        };
        let Some(item) = item_of(edit.key) else {
            return false;
        };
        match edit.how {
            EditHow::Fill => {
                let value = self.page.ws.peek(|b| typed::shown(b, item, *field));
                self.fill(*field, value);
            }
            // Keys typed before the input has the focus belong to it as well.
            EditHow::Begin(with) if self.at.get_untracked() == Some((edit.key, *column)) => {
                self.draft.update(|d| d.push_str(&with.unwrap_or_default()));
            }
            EditHow::Begin(with) => {
                let now = || self.page.ws.peek(|b| typed::shown(b, item, *field));
                self.draft.set(with.unwrap_or_else(now));
                self.at.set(Some((edit.key, *column)));
            }
        }
        true
    }

    /// The input in the place of the cell being edited.
    pub fn editor(self, key: u64, column: usize) -> Option<CellView> {
        (self.at.get() == Some((key, column))).then(|| CellView::View(self.input(column)))
    }

    fn input(self, column: usize) -> AnyView {
        let title = CELLS.iter().find(|c| c.0 == column).map_or("", |c| c.3);
        let node = NodeRef::<html::Input>::new();
        node.on_load(move |input| {
            request_animation_frame(move || {
                dom::report(input.focus());
                let end = input.value().encode_utf16().count() as u32;
                dom::report(input.set_selection_range(end, end));
            });
        });
        view! {
            <input
                class="cell-input"
                type="text"
                autocomplete="off"
                aria-label=title
                node_ref=node
                prop:value=self.draft
                on:input=move |event| self.draft.set(event_target_value(&event))
                on:keydown=move |event| self.on_key(&event)
                on:blur=move |_| self.on_blur()
            />
        }
        .into_any()
    }

    fn on_key(self, event: &web_sys::KeyboardEvent) {
        let ctrl = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "Enter" if ctrl => {
                if let Some((_, field)) = self.place() {
                    let value = self.draft.get_untracked();
                    self.leave();
                    self.fill(field, value);
                }
            }
            "Enter" => {
                if self.save() {
                    self.leave();
                    self.grid.move_by(1);
                }
            }
            "Escape" => self.leave(),
            "Tab" => {
                let from = self.at.get_untracked();
                if self.save() {
                    self.go_on(from, event.shift_key());
                }
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// Focus went elsewhere: what was typed is kept. A cell drawn anew takes the focus back first.
    fn on_blur(self) {
        let was = self.at.get_untracked();
        request_animation_frame(move || {
            let in_cell = document()
                .active_element()
                .is_some_and(|e| e.class_list().contains("cell-input"));
            if !in_cell && was.is_some() && self.at.try_get_untracked().flatten() == was {
                self.save();
                let _ = self.at.try_set(None);
            }
        });
    }

    fn place(self) -> Option<(ItemId, CollectorField)> {
        let (key, column) = self.at.get_untracked()?;
        let field = CELLS.iter().find(|c| c.0 == column)?.2;
        Some((item_of(key)?, field))
    }

    fn leave(self) {
        self.at.set(None);
        self.grid.focus();
    }

    /// The next field of the row.
    fn go_on(self, from: Option<(u64, usize)>, back: bool) {
        let Some((key, column)) = from else { return };
        let at = CELLS.iter().position(|c| c.0 == column);
        let next = at.and_then(|at| match back {
            true => at.checked_sub(1),
            false => Some(at + 1),
        });
        let Some((_, name, ..)) = next.and_then(|n| CELLS.get(n)) else {
            return self.leave();
        };
        if !self.grid.stand_on(name) {
            return self.leave();
        }
        let how = EditHow::Begin(None);
        self.asked(CellEdit {
            key,
            column: name,
            how,
        });
    }

    /// Saves the cell; false where what is typed cannot be.
    fn save(self) -> bool {
        let Some((item, field)) = self.place() else {
            return true;
        };
        let draft = self.draft.get_untracked();
        let ws = self.page.ws;
        let read = ws.peek(|book| {
            let value = typed::stored(book, item, field, &draft, ws.today_untracked())?;
            let change = book
                .item_key(item)
                .map(|item| FieldChange { item, field, value });
            let changed = change.filter(|c| c.value != book.field(item, field));
            Ok::<_, String>(changed.map(|c| (c, words_of(book, item))))
        });
        match read {
            Err(why) => {
                self.page.toasts.error(why);
                false
            }
            Ok(None) => true,
            Ok(Some((change, on))) => {
                let done = done(field, &draft, &on);
                self.run(vec![change], done);
                true
            }
        }
    }

    /// The same value in the field of every item selected.
    fn fill(self, field: CollectorField, value: String) {
        let items = self.page.selected_items();
        if items.is_empty() {
            let how = "Select items first: x or Space, Ctrl A for all.";
            return self.page.toasts.error(how.to_owned());
        }
        let ws = self.page.ws;
        let read: Result<Vec<FieldChange>, String> = ws.peek(|book| {
            let one = |id: &u32| {
                let id = ItemId(*id);
                let stored = typed::stored(book, id, field, &value, ws.today_untracked());
                let item = book.item_key(id)?;
                Some(stored.map(|value| FieldChange { item, field, value }))
            };
            items.iter().filter_map(one).collect()
        });
        match read {
            Err(why) => self.page.toasts.error(why),
            Ok(changes) => {
                let on = plural(changes.len(), "item", "items", Default::default());
                self.run(changes, done(field, &value, &on));
            }
        }
    }

    fn run(self, changes: Vec<FieldChange>, done: String) {
        let command = Command::SetFields { changes };
        let texts = Default::default();
        self.page
            .ws
            .run(self.page.toasts, command, texts, done, |_| {});
    }
}

fn item_of(key: u64) -> Option<ItemId> {
    u32::try_from(key).ok().map(ItemId)
}

fn words_of(book: &Book, id: ItemId) -> String {
    book.item(id)
        .map_or(String::new(), |i| match i.text(&TextField::Line) {
            "" => i.number().to_owned(),
            line => format!("{}/{line}", i.number()),
        })
}

fn done(field: CollectorField, value: &str, on: &str) -> String {
    let title = CELLS.iter().find(|c| c.2 == field).map_or("", |c| c.3);
    match value.trim() {
        "" => format!("{title} on {on}: cleared"),
        value => format!("{title} on {on}: {value}"),
    }
}
