//! Duebook: mounts the app; without a window, runs as the worker.
use leptos::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    mount_to_body(|| view! { <main>"Duebook"</main> });
}
