//! While a book opens, and when it cannot.

use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{LoadStage, OpenFailure};
use leptos::prelude::*;

/// Shown for the moment a book takes to open.
#[component]
pub fn Opening(stage: LoadStage) -> impl IntoView {
    let text = match stage {
        LoadStage::Reading => "Reading the log".to_owned(),
        LoadStage::Replaying(done, all) => format!("Replaying {done} of {all} commits"),
    };
    view! {
        <main class="lonely">
            <h1 class="visually-hidden">"Opening the book"</h1>
            <p role="status">{text}</p>
        </main>
    }
}

/// What happened, what is safe, what to do.
#[component]
pub fn CannotOpen(failure: OpenFailure) -> impl IntoView {
    let (title, text) = words::open_failure(&failure);
    let home = format!("{}/", crate::app::base());
    view! {
        <main class="lonely">
            <h1>{title.clone()}</h1>
            <Callout tone=Tone::Danger title=title>{text}</Callout>
            <p>
                <a class="btn" href=home>"Show my books"</a>
            </p>
        </main>
    }
}
