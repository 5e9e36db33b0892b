//! The empty state: what is not here, and the one thing to do about it.

use super::icon::{Icon, IconView};
use leptos::prelude::*;

/// `action` is one button, or nothing.
#[component]
pub fn Empty(
    icon: Icon,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] text: Option<Signal<String>>,
    #[prop(optional, into)] action: ViewFn,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon">
                <IconView icon />
            </span>
            <p class="empty-title">{title}</p>
            {text.map(|t| view! { <p class="empty-text">{t}</p> })}
            {action.run()}
        </div>
    }
}
