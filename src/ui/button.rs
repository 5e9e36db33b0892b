//! Buttons: a verb, its object, and the key that does the same.

use super::icon::{Icon, IconView};
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing this page is for; at most one in view.
    Primary,
    #[default]
    Secondary,
    /// No frame: beside other things, in rows and toolbars.
    Quiet,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            ButtonKind::Primary => "btn btn-primary",
            ButtonKind::Secondary => "btn",
            ButtonKind::Quiet => "btn btn-quiet",
            ButtonKind::Danger => "btn btn-danger",
        }
    }
}

/// A button. When `refused` holds a reason the button stays focusable, says why, and does nothing.
#[component]
pub fn Button(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_press: Callback<()>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] icon: Option<Icon>,
    /// Key hint, as shown; also announced as `aria-keyshortcuts`.
    #[prop(optional, into)]
    keys: Option<String>,
    #[prop(optional, into)] refused: Signal<Option<String>>,
    #[prop(optional, into)] pressed: Option<Signal<bool>>,
    #[prop(optional)] wide: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let shortcut = keys
        .clone()
        .map(|k| k.replace(' ', "+").replace("Ctrl", "Control"));
    view! {
        <button
            type="button"
            class=kind.class()
            class:btn-wide=wide
            autofocus=autofocus
            aria-keyshortcuts=shortcut
            aria-pressed=move || pressed.map(|p| p.get().to_string())
            aria-disabled=move || refused.with(|r| r.is_some().then_some("true"))
            title=move || refused.get()
            on:click=move |_| {
                if refused.with_untracked(Option::is_none) {
                    on_press.run(());
                }
            }
        >
            {icon.map(|icon| view! { <IconView icon /> })}
            <span class="btn-label">{label}</span>
            {keys.map(|k| view! { <super::kbd::Kbd keys=k /> })}
        </button>
    }
}

/// A button that shows only an icon; `label` is its accessible name and tooltip.
#[component]
pub fn IconButton(
    icon: Icon,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="btn btn-quiet btn-icon"
            aria-label=label
            title=label
            on:click=move |_| on_press.run(())
        >
            <IconView icon />
        </button>
    }
}
