//! A callout: what must be known before acting.

use super::icon::{Icon, IconView};
use super::tone::Tone;
use leptos::prelude::*;

/// A tinted paragraph. `title` is the bold lead-in ("Before you chase").
#[component]
pub fn Callout(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] title: Option<String>,
    children: Children,
) -> impl IntoView {
    let icon = match tone {
        Tone::Warn | Tone::Danger => Icon::Warning,
        Tone::Good => Icon::Check,
        _ => Icon::Info,
    };
    view! {
        <div class=format!("callout {}", tone.class()) role="note">
            <IconView icon />
            <div class="callout-body">
                {title.map(|t| view! { <strong class="callout-title">{t}</strong> })} {children()}
            </div>
        </div>
    }
}
