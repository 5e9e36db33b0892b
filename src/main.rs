//! Duebook: mounts the app; without a window, runs as the worker.

mod app;
mod bench;
mod intents;
mod jobs;
mod later;
mod pages;
mod platform;
mod ui;
mod words;
mod workspace;

use leptos::prelude::*;

fn main() {
    if web_sys::window().is_none() {
        jobs::serve();
        return;
    }
    report_panics();
    if test_page() {
        return;
    }
    mount_to_body(app::App);
    later::ahead();
    bench::install(asked("bench=1"));
}

/// Whether the address asks for this.
fn asked(name: &str) -> bool {
    let query = window().location().search().unwrap_or_default();
    query.contains(name)
}

/// Shows the page of the stories that the address asks for. The published build has none.
#[cfg(feature = "test-pages")]
fn test_page() -> bool {
    if platform::contract_page::wanted() {
        platform::contract_page::start();
    } else if asked("gallery=1") {
        mount_to_body(ui::gallery::Gallery);
    } else {
        return false;
    }
    true
}

#[cfg(not(feature = "test-pages"))]
fn test_page() -> bool {
    false
}

/// A panic is our bug; what is on disk is safe, and the page says so (public/boot.js).
fn report_panics() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let detail = js_sys::Object::new();
        let inner = js_sys::Object::new();
        let message = wasm_bindgen::JsValue::from_str(&info.to_string());
        let set = |o: &js_sys::Object, key: &str, value: &wasm_bindgen::JsValue| {
            // Setting a property of a fresh object cannot fail.
            let _ = js_sys::Reflect::set(o, &key.into(), value);
        };
        set(&inner, "message", &message);
        set(&detail, "detail", &inner);
        let init = wasm_bindgen::JsCast::unchecked_ref::<web_sys::CustomEventInit>(&detail);
        let event = web_sys::CustomEvent::new_with_event_init_dict("duebook:panic", init);
        if let (Some(window), Ok(event)) = (web_sys::window(), event) {
            let _ = window.dispatch_event(&event);
        }
    }));
}

/// The build's id, as the page carries it.
pub fn build_id() -> String {
    let meta = web_sys::window()
        .and_then(|w| w.document())
        .and_then(|d| d.query_selector("meta[name=duebook-build]").ok().flatten());
    meta.and_then(|m| m.get_attribute("content"))
        .unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned())
}
