//! Find anything a caller says: customer, contact, phone digits, invoice, reference, PO, contract,
//! amount; and every page and action.

use crate::app::{base, href};
use crate::intents::PAGES;
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_insight::search::{self, Hit};
use duebook_ledger::CustomerId;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Results of one kind at most.
const MOST: usize = 8;

/// The palette over the whole book.
#[component]
pub fn Finder(open: RwSignal<bool>) -> impl IntoView {
    let ws = use_ws();
    let navigate = use_navigate();
    let results = move |query: String| {
        let mut groups = Vec::new();
        if !query.trim().is_empty() {
            let hits = ws.peek_all(|book, texts| {
                search::find(book, &|id| texts.of(id).map(str::to_owned), &query, MOST)
            });
            groups.extend(grouped(hits));
        }
        let wanted = query.trim().to_lowercase();
        let pages: Vec<PaletteItem> = PAGES
            .iter()
            .filter(|p| wanted.is_empty() || p.label.to_lowercase().contains(&wanted))
            .map(|p| PaletteItem {
                id: format!("page:{}", p.path),
                label: format!("Go to {}", p.label),
                detail: String::new(),
                keys: Some(p.keys.to_owned()),
                icon: Some(p.icon),
            })
            .collect();
        if !pages.is_empty() {
            groups.push(PaletteGroup {
                title: "Pages".to_owned(),
                items: pages,
            });
        }
        groups
    };
    let choose = move |item: PaletteItem| {
        open.set(false);
        let path = match item.id.split_once(':') {
            Some(("page", page)) => Some(href(ws, page)),
            Some(("customer", id)) => id
                .parse()
                .ok()
                .and_then(|id| crate::pages::account_href(ws, CustomerId(id))),
            _ => None,
        };
        if let Some(path) = path {
            let path = path.strip_prefix(&base()).unwrap_or(&path).to_owned();
            navigate(&path, Default::default());
        }
    };
    view! { <Palette open results=results on_choose=choose /> }
}

fn grouped(hits: Vec<Hit>) -> Vec<PaletteGroup> {
    let mut groups: Vec<PaletteGroup> = Vec::new();
    for hit in hits {
        let title = hit.kind.title().to_owned();
        let item = PaletteItem {
            id: format!("customer:{}", hit.customer.0),
            label: hit.label,
            detail: hit.detail,
            keys: None,
            icon: None,
        };
        match groups.iter_mut().find(|g| g.title == title) {
            Some(group) => group.items.push(item),
            None => groups.push(PaletteGroup {
                title,
                items: vec![item],
            }),
        }
    }
    groups
}
