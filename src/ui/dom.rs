//! The few DOM gestures Leptos leaves to us.

use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, FocusOptions, HtmlElement, ResizeObserver};

thread_local! {
    static NEXT_ID: Cell<u32> = const { Cell::new(0) };
}

/// A document-unique id, for `for=`, `aria-describedby` and their kind.
pub fn uid(prefix: &str) -> String {
    NEXT_ID.with(|next| {
        let id = next.get();
        next.set(id.wrapping_add(1));
        format!("{prefix}-{id}")
    })
}

/// Focuses without the browser's own scroll: the caller has already brought the element into view.
pub fn focus_quietly(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    report(element.focus_with_options(&options));
}

/// Takes the focus off whatever has it.
pub fn leave_field() {
    let active = document().active_element();
    if let Some(element) = active.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        report(element.blur());
    }
}

/// Focuses the element with this id, if it is in the document.
pub fn focus_id(id: &str) {
    if let Some(element) = document()
        .get_element_by_id(id)
        .and_then(|e| e.dyn_into::<HtmlElement>().ok())
    {
        report(element.focus());
    }
}

/// Rounds of effects after which a field that was asked for is drawn, or is not drawn by this change.
const ROUNDS: u8 = 4;

/// Focuses what the change that is being made draws, before the browser gives the next key: effects
/// run as microtasks, a frame would be too late for a fast hand. With the next frame it is looked at
/// again: a page may still have been opening, or a dialog that closed have given the focus back.
pub fn focus_when_drawn(id: &'static str) {
    leptos::task::spawn_local(async move {
        for _ in 0..ROUNDS {
            leptos::task::tick().await;
            focus_id(id);
            if active_id().as_deref() == Some(id) {
                break;
            }
        }
        request_animation_frame(move || {
            let field = "input,textarea,select,[contenteditable]";
            let active = document().active_element();
            let typing = active.is_some_and(|e| e.matches(field).unwrap_or(false));
            if !typing {
                focus_id(id);
            }
        });
    });
}

fn active_id() -> Option<String> {
    document().active_element().map(|element| element.id())
}

/// A DOM call that can only fail through a bug of ours: said in the console, never swallowed.
pub fn report<T>(result: Result<T, wasm_bindgen::JsValue>) {
    if let Err(error) = result {
        leptos::logging::error!("{error:?}");
    }
}

/// The element the event started on.
pub fn event_element(event: &web_sys::Event) -> Option<Element> {
    event.target().and_then(|t| t.dyn_into::<Element>().ok())
}

/// True when a key press belongs to a field being typed in, so that single keys must not act.
pub fn is_typing(event: &web_sys::Event) -> bool {
    event_element(event).is_some_and(|element| {
        let editable =
            "input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable]";
        element.closest(editable).ok().flatten().is_some()
    })
}

/// Calls `on_size(client width, client height)` before the next paint and whenever the element's size
/// changes, until the current owner is disposed. Not at once: asking then would have the browser lay
/// out a page that is still being made.
pub fn observe_size(element: &HtmlElement, on_size: impl Fn(f64, f64) + 'static) {
    let watched = element.clone();
    let callback = Closure::<dyn Fn()>::new(move || {
        on_size(
            f64::from(watched.client_width()),
            f64::from(watched.client_height()),
        );
    });
    match ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        Ok(observer) => {
            observer.observe(element);
            // The closure must outlive the observer; both go when the owner goes.
            let kept = StoredValue::new_local((observer, callback));
            on_cleanup(move || {
                kept.try_with_value(|(observer, _)| observer.disconnect());
            });
        }
        Err(error) => report::<()>(Err(error)),
    }
}

/// Asks the browser to print the page; a part marked `print-alone` goes on paper by itself.
pub fn print() {
    report(leptos::prelude::window().print());
}
