//! Chips: a small fact, or a filter that is on or off.

use super::icon::{Icon, IconView};
use super::tone::Tone;
use leptos::prelude::*;

/// A small fact in words, tinted by its meaning.
#[component]
pub fn Chip(#[prop(into)] text: Signal<String>, #[prop(optional)] tone: Tone) -> impl IntoView {
    view! { <span class=format!("chip {}", tone.class())>{text}</span> }
}

/// A filter that is on or off; with `on_remove`, a filter that can be taken away.
#[component]
pub fn FilterChip(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on: Signal<bool>,
    #[prop(into)] on_toggle: Callback<()>,
    #[prop(optional, into)] count: Option<Signal<String>>,
    #[prop(optional, into)] on_remove: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <span class="filter-chip" class:on=on>
            <button
                type="button"
                class="filter-chip-main"
                aria-pressed=move || on.get().to_string()
                on:click=move |_| on_toggle.run(())
            >
                {label}
                {count.map(|c| view! { <span class="filter-chip-count">{c}</span> })}
            </button>
            {on_remove
                .map(|remove| {
                    view! {
                        <button
                            type="button"
                            class="filter-chip-remove"
                            aria-label=move || format!("Remove filter {}", label.get())
                            on:click=move |_| remove.run(())
                        >
                            <IconView icon=Icon::Close />
                        </button>
                    }
                })}
        </span>
    }
}
