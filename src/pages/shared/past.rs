//! Said at the head of a page that shows today's figures while the header shows those of another day.

use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use leptos::prelude::*;

fn shown(ws: Ws) -> Option<String> {
    let view = ws.chosen_view().get()?;
    let known = match view.known {
        Some(seq) => format!(" as known after commit {}", seq.0),
        None => String::new(),
    };
    Some(format!("{}{known}", words::day(view.as_of)))
}

/// One line while past figures are chosen; nothing else.
#[component]
pub fn NotInView() -> impl IntoView {
    let ws = use_ws();
    let line = move |chosen: String| {
        view! {
            <Callout tone=Tone::Warn title="Today’s figures">
                {format!("The header is set to {chosen}; this page always shows how things stand today.")} " "
                <Button label="Back to today" kind=ButtonKind::Quiet on_press=move |()| ws.choose_view(None) />
            </Callout>
        }
    };
    move || shown(ws).map(line)
}

/// In place of what would show past figures beside today's.
#[component]
pub fn OnlyToday() -> impl IntoView {
    let ws = use_ws();
    let chosen = move || shown(ws).unwrap_or_default();
    let text = Signal::derive(move || {
        format!(
            "The header is set to {}. Calls are prepared and recorded with today’s figures; the account page shows those of that day.",
            chosen()
        )
    });
    view! {
        <Empty icon=Icon::Phone title="No calls from past figures" text=text />
        <div class="pane-body"><Button label="Back to today" kind=ButtonKind::Primary on_press=move |()| ws.choose_view(None) /></div>
    }
}
