//! "Update ready": a newer version is installed and waits. Nothing reloads by itself.

use crate::ui::prelude::*;
use leptos::prelude::*;
use web_sys::CustomEvent;

/// What `public/boot.js` says and hears.
const READY: &str = "duebook:update-ready";
const ACTIVATE: &str = "duebook:activate-update";

/// A line at the top while a version waits.
#[component]
pub fn UpdateReady() -> impl IntoView {
    // It may have been said before this listens: then it stands on the root element.
    let told = document()
        .document_element()
        .and_then(|root| root.get_attribute("data-update"));
    let waits = RwSignal::new(told.as_deref() == Some("ready"));
    let handle = window_event_listener_untyped(READY, move |_| _ = waits.try_set(true));
    on_cleanup(move || handle.remove());
    let toasts = use_toasts();
    let activate = move |()| {
        let sent = CustomEvent::new(ACTIVATE).and_then(|event| window().dispatch_event(&event));
        if sent.is_err() {
            toasts.error("The new version was not taken. It comes when all tabs of Duebook were closed; your book is as it was.");
        }
    };
    view! {
        <Show when=move || waits.get()>
            <div class="new-day" role="status">
                <span>"Update ready. Everything shown as saved is on disk; finish what you are typing first. All tabs reload."</span>
                <Button label="Take the new version" kind=ButtonKind::Quiet on_press=activate />
                <Button label="Later" kind=ButtonKind::Quiet on_press=move |()| waits.set(false) />
            </div>
        </Show>
    }
}
