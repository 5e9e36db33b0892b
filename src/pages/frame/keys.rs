//! Keys that work on every page. Single keys never fire in a field, and can be switched off in
//! Settings (WCAG 2.1.4).

use crate::app::href;
use crate::intents::{EVERYWHERE, PAGES};
use crate::pages::shared::single_keys_wanted;
use crate::ui::dom;
use crate::ui::prelude::*;
use crate::workspace::Ws;
use leptos::ev;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Listens until the frame goes.
pub fn listen(ws: Ws, palette: RwSignal<bool>, naming: RwSignal<bool>) {
    let toasts = use_toasts();
    let navigate = use_navigate();
    let going = RwSignal::new(false);
    let handle = window_event_listener(ev::keydown, move |event| {
        let key = event.key();
        let chorded = event.ctrl_key() || event.meta_key();
        if chorded && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            palette.set(true);
            return;
        }
        let wanted = single_keys_wanted();
        let in_dialog = document()
            .query_selector("dialog[open]")
            .ok()
            .flatten()
            .is_some();
        if chorded || event.alt_key() || !wanted || in_dialog || dom::is_typing(&event) {
            return;
        }
        if going.get_untracked() {
            going.set(false);
            let pressed = format!("g {key}");
            if let Some(page) = PAGES.iter().find(|p| p.keys == pressed) {
                event.prevent_default();
                let path = href(ws, page.path);
                let path = path
                    .strip_prefix(&crate::app::base())
                    .unwrap_or(&path)
                    .to_owned();
                navigate(&path, Default::default());
            }
            return;
        }
        match key.as_str() {
            "g" => going.set(true),
            "W" => naming.set(true),
            "z" => undo_last(ws, toasts),
            "?" => toasts.done(
                EVERYWHERE
                    .iter()
                    .map(|k| format!("{}: {}", k.keys, k.does))
                    .collect::<Vec<_>>()
                    .join(" · "),
            ),
            "/" => {
                let field = document()
                    .query_selector("main input[type=search]")
                    .ok()
                    .flatten();
                if let Some(field) = field
                    .and_then(|f| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(f).ok())
                {
                    event.prevent_default();
                    dom::focus_quietly(&field);
                }
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

/// Undoes the last live commit that is not itself an undo.
pub fn undo_last(ws: Ws, toasts: Toasts) {
    let last = ws.peek(|book| {
        book.commits()
            .iter()
            .rev()
            .find(|c| book.is_live(c.seq) && c.label.undoes.is_none() && c.seq.0 > 1)
            .map(|c| c.seq)
    });
    match last {
        Some(seq) => ws.undo(toasts, seq),
        None => toasts.done("There is nothing to undo."),
    }
}
