//! Find anything a caller says: customer, contact, phone digits, invoice, reference, PO, contract,
//! amount; and every page and action.

use super::keys::undo_last;
use crate::app::href;
use crate::intents::{ACTIONS, Does, PAGES};
use crate::pages::shared::{use_act, use_go};
use crate::ui::format::plural;
use crate::ui::look::{Density, Theme, use_look};
use crate::ui::prelude::*;
use crate::workspace::{Ws, use_ws};
use duebook_insight::search::{self, Hit};
use duebook_ledger::CustomerId;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Results of one kind at most.
const MOST: usize = 8;

/// The palette over the whole book.
#[component]
pub fn Finder(open: RwSignal<bool>, naming: RwSignal<bool>) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let look = use_look();
    let asked = use_act();
    let pathname = use_location().pathname;
    let go = use_go();
    let results = move |query: String| {
        let mut groups = Vec::new();
        if !query.trim().is_empty() {
            let hits = ws.peek_all(|book, texts| {
                search::find(book, &|id| texts.of(id).map(str::to_owned), &query, MOST)
            });
            groups.extend(grouped(hits));
        }
        let wanted = query.trim().to_lowercase();
        let actions: Vec<PaletteItem> = ACTIONS
            .iter()
            .enumerate()
            .filter(|(_, a)| fits(&format!("{} {}", a.label, a.also), &wanted))
            .map(|(at, a)| PaletteItem {
                id: format!("action:{at}"),
                label: a.label.to_owned(),
                detail: String::new(),
                keys: (!a.keys.is_empty()).then(|| a.keys.to_owned()),
                icon: None,
            })
            .collect();
        if !actions.is_empty() {
            groups.push(PaletteGroup {
                title: "Actions".to_owned(),
                items: actions,
            });
        }
        let pages: Vec<PaletteItem> = PAGES
            .iter()
            .filter(|p| fits(&format!("go to {}", p.label), &wanted))
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
    let go = move |href: String| go.run(href);
    let choose = move |item: PaletteItem| {
        open.set(false);
        // What was asked for before and nobody took is not what is wanted now.
        asked.set(None);
        let does = |at: &str| ACTIONS.get(at.parse::<usize>().ok()?).map(|a| a.does);
        let does = match item.id.split_once(':') {
            Some(("page", page)) => return go(href(ws, page)),
            Some(("customer", id)) => {
                let id = id.parse().ok().map(CustomerId);
                return id
                    .and_then(|id| crate::pages::account_href(ws, id))
                    .map_or((), go);
            }
            Some(("action", at)) => does(at),
            _ => None,
        };
        match does {
            Some(Does::Goes(page)) => go(href(ws, page)),
            Some(Does::OnAccount(key)) => {
                asked.set(Some(key));
                // The open account takes it; from anywhere else, Work opens and takes it.
                let here = pathname.get_untracked();
                let open = here.contains("/account/") || here.ends_with("/work");
                if !open {
                    go(href(ws, "work"));
                }
            }
            Some(Does::Saves(kind, format)) => ws.export(toasts, kind, format, Vec::new(), None),
            Some(Does::Undo) => undo_last(ws, toasts),
            Some(Does::Who) => naming.set(true),
            Some(Does::Theme(id)) => look.theme.set(Theme::of(id)),
            Some(Does::Density(id)) => look.density.set(Density::of(id)),
            Some(Does::Check) => check(ws, toasts),
            None => {}
        }
    };
    view! { <Palette open results=results on_choose=choose /> }
}

/// Every word typed is in the text.
fn fits(text: &str, wanted: &str) -> bool {
    let text = text.to_lowercase();
    wanted.split_whitespace().all(|word| text.contains(word))
}

fn check(ws: Ws, toasts: Toasts) {
    let working = toasts.working("Replaying the whole log", None);
    leptos::task::spawn_local(async move {
        let checked = ws.check_all().await;
        working.end();
        match checked {
            Ok(checked) if checked.violations.is_empty() => {
                let commits = plural(
                    checked.commits as usize,
                    "commit",
                    "commits",
                    Default::default(),
                );
                toasts.done(format!(
                    "The book holds together: {commits} replayed, every rule held."
                ));
            }
            // Every page says so, until a check passes.
            Ok(_) | Err(_) => {}
        }
    });
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
