//! A figure under its label, and the badge that says whether the figures tie out.

use super::icon::{Icon, IconView};
use super::tone::Tone;
use leptos::prelude::*;

/// A row of [`Stat`]s; a description list.
#[component]
pub fn StatRow(children: Children) -> impl IntoView {
    view! { <dl class="stats">{children()}</dl> }
}

/// One figure under its label; inside a [`StatRow`].
#[component]
pub fn Stat(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] tone: Signal<Tone>,
    #[prop(optional, into)] note: Option<Signal<String>>,
) -> impl IntoView {
    view! {
        <div class="stat">
            <dt>{label}</dt>
            <dd class=move || format!("num {}", tone.get().class())>
                {value} {note.map(|n| view! { <small class="stat-note">{n}</small> })}
            </dd>
        </div>
    }
}

/// Whether the figures on the page equal the source's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TieState {
    /// "ties to 12,48,300.00"
    Ties(String),
    /// What differs, in words: "by 120.00 against the ERP".
    Unreconciled(String),
    /// No source to compare with.
    Nothing(String),
}

/// The tie-out badge; `on_open` shows the proof.
#[component]
pub fn TieBadge(
    #[prop(into)] state: Signal<TieState>,
    #[prop(into)] on_open: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="tie"
            class:tie-bad=move || state.with(|s| matches!(s, TieState::Unreconciled(_)))
            class:tie-none=move || state.with(|s| matches!(s, TieState::Nothing(_)))
            title="Show the proof"
            on:click=move |_| on_open.run(())
        >
            {move || match state.get() {
                TieState::Ties(text) => view! { <IconView icon=Icon::Check /> <span>{text}</span> }.into_any(),
                TieState::Unreconciled(text) => {
                    view! {
                        <IconView icon=Icon::Warning />
                        <strong>"UNRECONCILED"</strong>
                        <span>{text}</span>
                    }
                        .into_any()
                }
                TieState::Nothing(text) => view! { <span>{text}</span> }.into_any(),
            }}
        </button>
    }
}
