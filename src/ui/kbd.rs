//! Key hints: `Ctrl K`, `p`.

use leptos::prelude::*;

/// A key hint. Hidden from screen readers: the control itself carries `aria-keyshortcuts`.
#[component]
pub fn Kbd(#[prop(into)] keys: Signal<String>) -> impl IntoView {
    view! { <kbd class="kbd" aria-hidden="true">{keys}</kbd> }
}
