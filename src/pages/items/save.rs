//! The list, or what is selected of it, as a file.

use super::Page;
use crate::ui::prelude::*;
use duebook_insight::items::Part;
use leptos::prelude::*;

/// The filters in words, for the file's README.
fn in_words(page: Page, selected: bool) -> Vec<String> {
    let filter = page.filter.get_untracked();
    let mut said = Vec::new();
    if selected {
        said.push("Only the items selected".to_owned());
        return said;
    }
    let labels = page.bucket_labels();
    let part = filter.part.map(|part| match part {
        Part::Overdue => "Overdue only".to_owned(),
        Part::NotDue => "Not due only".to_owned(),
        Part::Credits => "Credits only".to_owned(),
        Part::Disputed => "Disputed only".to_owned(),
        Part::Bucket(b) => format!("Bucket {}", labels.get(b).cloned().unwrap_or_default()),
    });
    said.extend(part);
    if !filter.currency.is_empty() {
        said.push(format!("Currency {}", filter.currency));
    }
    if !filter.text.trim().is_empty() {
        said.push(format!("Holding “{}”", filter.text.trim()));
    }
    said
}

/// The menu.
#[component]
pub fn SaveMenu(page: Page) -> impl IntoView {
    let list = move |format: &'static str| {
        Callback::new(move |()| {
            let filters = in_words(page, false);
            // Nothing left out: the report takes every open item by itself.
            let items = (!filters.is_empty()).then(|| page.listed_items());
            page.ws.export(page.toasts, "items", format, filters, items);
        })
    };
    let rows = move |format: &'static str| {
        Callback::new(move |()| {
            page.ws
                .export(page.toasts, "rows", format, Vec::new(), None)
        })
    };
    let selection = move |format: &'static str| {
        Callback::new(move |()| {
            page.ws.export(
                page.toasts,
                "items",
                format,
                in_words(page, true),
                Some(page.selected_items()),
            );
        })
    };
    let into = move |name: String, listed: bool| {
        Callback::new(move |()| {
            let items = listed.then(|| match page.selected_items() {
                none if none.is_empty() => page.listed_items(),
                selected => selected,
            });
            page.ws.fill_template(page.toasts, name.clone(), items);
        })
    };
    let workbooks = Memo::new(move |_| {
        page.ws.read(|b| {
            b.templates()
                .map(|(_, t)| t.name.clone())
                .collect::<Vec<_>>()
        })
    });
    let items = Signal::derive_local(move || {
        let none = page
            .selected_totals
            .with(|t| t.count == 0)
            .then(|| "Select items first".to_owned());
        let empty = page
            .list
            .with(|l| l.is_none_or(|l| l.shown().is_empty()))
            .then(|| "The list is empty".to_owned());
        let mut all = vec![
            MenuItem::new("List as Excel", list("xlsx")).refused(empty.clone()),
            MenuItem::new("List as CSV", list("csv")).refused(empty),
            MenuItem::new("Selection as Excel", selection("xlsx")).refused(none.clone()),
            MenuItem::new("Selection as CSV", selection("csv")).refused(none),
            MenuItem::new("All rows as Excel", rows("xlsx")),
            MenuItem::new("All rows as CSV", rows("csv")),
        ];
        let which = match page.selected_totals.with(|t| t.count) {
            0 => "with this list",
            _ => "with the selection",
        };
        for name in workbooks.get() {
            all.push(MenuItem::new(
                format!("Fill “{name}”"),
                into(name.clone(), false),
            ));
            all.push(MenuItem::new(
                format!("Fill “{name}” {which}"),
                into(name, true),
            ));
        }
        all
    });
    view! { <Menu label="Save as" items=items /> }
}
