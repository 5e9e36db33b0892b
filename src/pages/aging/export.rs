//! The aging as a file.

use crate::ui::prelude::*;
use crate::workspace::use_ws;
use leptos::prelude::*;

/// Excel and CSV, with the same figures.
#[component]
pub fn ExportButtons() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let ask = move |kind: &'static str, format: &'static str| {
        ws.export(toasts, kind, format, Vec::new(), None)
    };
    let items = Signal::stored_local(vec![
        MenuItem::new(
            "Summary as Excel",
            Callback::new(move |()| ask("aging", "xlsx")),
        ),
        MenuItem::new(
            "Detail as Excel",
            Callback::new(move |()| ask("aging-detail", "xlsx")),
        ),
        MenuItem::new(
            "Summary as CSV",
            Callback::new(move |()| ask("aging", "csv")),
        ),
        MenuItem::new(
            "Detail as CSV",
            Callback::new(move |()| ask("aging-detail", "csv")),
        ),
    ]);
    view! { <Menu label="Save as" items=items /> }
}
