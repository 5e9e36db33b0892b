//! The frame around every page of an open book: rail, header, footer, palette, keys.

mod check;
mod footer;
mod header;
mod keys;
mod palette;
mod update;
mod who;

use crate::app::href;
use crate::intents::{PAGES, Page};
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Shell with everything that is always on screen.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let ws = use_ws();
    let palette = RwSignal::new(false);
    let naming = RwSignal::new(false);
    crate::pages::shared::provide_act();
    crate::pages::shared::follow_address();
    keys::listen(ws, palette, naming);
    // A message of another tab may have been missed while this one slept.
    let focus = window_event_listener(leptos::ev::focus, move |_| ws.catch_up());
    on_cleanup(move || focus.remove());
    let chosen = ws.chosen_view();
    let past = Signal::derive(move || chosen.get().is_some());
    view! {
        <Shell
            rail=move || view! { <Rail /> }
            header=move || view! { <header::Header palette naming /> }
            footer=move || view! { <footer::Footer /> }
            past=past
        >
            <header::NewDay />
            <update::UpdateReady />
            <check::BookCheck />
            {children()}
        </Shell>
        <palette::Finder open=palette naming />
    }
}

#[component]
fn Rail() -> impl IntoView {
    let ws = use_ws();
    let location = use_location();
    PAGES
        .iter()
        .map(|page: &Page| {
            let path = page.path;
            let current = Signal::derive(move || {
                let at = location.pathname.get();
                let rest = at
                    .rsplit("/book/")
                    .next()
                    .and_then(|r| r.split_once('/'))
                    .map_or("today", |(_, p)| p);
                rest == path || (path == "customers" && rest.starts_with("account/"))
            });
            let item = RailItem {
                href: href(ws, path),
                label: page.label,
                icon: page.icon,
                keys: Some(page.keys),
            };
            view! { <RailLink item=item current=current /> }
        })
        .collect_view()
}
