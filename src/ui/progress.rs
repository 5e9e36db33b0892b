//! Progress of an import or export: rows, bytes, time left, cancel. Nothing else ever loads.

use super::button::{Button, ButtonKind};
use super::dom;
use leptos::prelude::*;

/// `done` per mille, `None` while the size is not known yet; `detail` is "412,000 of 1,000,000 rows, 55 of 134 MB,
/// 4 s left".
#[component]
pub fn Progress(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] done: Signal<Option<u16>>,
    #[prop(into)] detail: Signal<String>,
    #[prop(optional, into)] on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    let id = dom::uid("progress");
    let named = id.clone();
    view! {
        <div class="progress">
            <div class="progress-head">
                <span class="progress-label" id=id>
                    {label}
                </span>
                <span class="progress-detail num">{detail}</span>
                {on_cancel
                    .map(|cancel| {
                        view! { <Button label="Cancel" kind=ButtonKind::Quiet on_press=cancel /> }
                    })}
            </div>
            <progress
                max="1000"
                aria-labelledby=named
                value=move || done.get().map(|d| d.min(1000).to_string())
            ></progress>
        </div>
    }
}
