//! The frame of every page: rail, header, page, footer.

use super::dom;
use super::icon::{Icon, IconView};
use leptos::prelude::*;

const MAIN: &str = "main";

/// What had the focus is gone from the page: the page has it then, so that Tab goes on from there and
/// not from the address bar. Looked at after the next paint.
pub fn focus_page_if_lost() {
    request_animation_frame(|| {
        let lost = document()
            .active_element()
            .is_none_or(|e| e.tag_name() == "BODY");
        if lost {
            dom::focus_id(MAIN);
        }
    });
}

/// One place in the rail.
#[derive(Clone, Debug, PartialEq)]
pub struct RailItem {
    pub href: String,
    pub label: &'static str,
    pub icon: Icon,
    /// `g w`, as shown in the tooltip.
    pub keys: Option<&'static str>,
}

/// A rail link; the page decides whether it is the current one.
#[component]
pub fn RailLink(
    item: RailItem,
    #[prop(into)] current: Signal<bool>,
    /// A count that asks for attention: "9".
    #[prop(optional, into)]
    badge: Signal<Option<String>>,
) -> impl IntoView {
    let title = match item.keys {
        Some(keys) => format!("{} ({keys})", item.label),
        None => item.label.to_owned(),
    };
    view! {
        <a
            class="rail-link"
            href=item.href
            title=title
            aria-current=move || current.get().then_some("page")
        >
            <IconView icon=item.icon />
            <span class="rail-label">{item.label}</span>
            {move || badge.get().map(|b| view! { <span class="rail-badge">{b}</span> })}
        </a>
    }
}

/// Rail, header, page and footer. `past` tints the header when the as-of date is not today.
#[component]
pub fn Shell(
    #[prop(into)] rail: ViewFn,
    #[prop(into)] header: ViewFn,
    #[prop(into)] footer: ViewFn,
    #[prop(optional, into)] past: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="shell">
            // A button, not a fragment link: <base> would send `#main` to the start page.
            <button type="button" class="skip-link" on:click=|_| dom::focus_id(MAIN)>
                "Skip to the page"
            </button>
            <nav class="rail" aria-label="Pages">
                <span class="rail-mark" aria-hidden="true">
                    "D"
                </span>
                {rail.run()}
            </nav>
            <header class="topbar" data-past=move || past.get().then_some("")>
                {header.run()}
            </header>
            <main class="main" id=MAIN tabindex="-1">
                {children()}
            </main>
            <footer class="statusbar">{footer.run()}</footer>
        </div>
    }
}

/// The button in the header that opens the palette.
#[component]
pub fn SearchButton(#[prop(into)] on_press: Callback<()>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="search-button"
            aria-keyshortcuts="Control+K"
            on:click=move |_| on_press.run(())
        >
            <IconView icon=Icon::Search />
            <span>"Find anything a caller says"</span>
            <super::kbd::Kbd keys="Ctrl K" />
        </button>
    }
}

/// A fact in the header: "As of **20 Nov 2026**". With `on_press` it is a button.
#[component]
pub fn HeaderFact(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
) -> impl IntoView {
    let inner = view! {
        <span class="fact-label">{label}</span>
        " "
        <strong>{value}</strong>
    };
    match on_press {
        Some(press) => view! {
            <button type="button" class="fact" on:click=move |_| press.run(())>
                {inner}
            </button>
        }
        .into_any(),
        None => view! { <span class="fact">{inner}</span> }.into_any(),
    }
}

/// The head of a page: title, a line of facts, filters, the primary action.
#[component]
pub fn PageHead(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] facts: Option<Signal<String>>,
    #[prop(optional, into)] filters: Option<ViewFn>,
    #[prop(optional, into)] actions: Option<ViewFn>,
) -> impl IntoView {
    view! {
        <div class="page-head">
            <div class="page-title">
                <h1>{title}</h1>
                {facts.map(|f| view! { <p class="page-facts">{f}</p> })}
            </div>
            {actions.map(|a| view! { <div class="page-actions">{a.run()}</div> })}
            {filters.map(|f| view! { <div class="page-filters">{f.run()}</div> })}
        </div>
    }
}
