//! Which sheet of a workbook is read.

use crate::ui::prelude::*;
use crate::workspace::RawTable;
use leptos::prelude::*;
use std::sync::Arc;

/// The sheet that is read, and the choice of another, where the file is a workbook with several.
#[component]
pub fn SheetPick(
    table: RwSignal<Option<Arc<RawTable>>>,
    /// The sheet asked for; empty: the likeliest.
    sheet: RwSignal<String>,
    #[prop(into)] on_pick: Callback<String>,
) -> impl IntoView {
    let sheets = Memo::new(move |before: Option<&Vec<String>>| match table.get() {
        Some(table) => table.sheets.clone(),
        // While another is read the choice stays where it is.
        None if sheet.with(|s| !s.is_empty()) => before.cloned().unwrap_or_default(),
        None => Vec::new(),
    });
    let value = RwSignal::new(String::new());
    let read = move || {
        let table = table.get()?;
        table.sheets.get(table.sheet?).cloned()
    };
    Effect::new(move |_| {
        if let Some(read) = read() {
            value.set(read);
        }
    });
    Effect::new(move |_| {
        let wanted = value.get();
        let other = untrack(read).is_some_and(|read| read != wanted);
        if other && !wanted.is_empty() {
            sheet.set(wanted.clone());
            on_pick.run(wanted);
        }
    });
    let choices = Signal::derive(move || {
        sheets.with(|all| {
            all.iter()
                .map(|s| Choice::new(s.clone(), s.clone()))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || sheets.with(|s| s.len() > 1)>
            <SelectField label="Sheet" value=value choices=choices />
        </Show>
    }
}
