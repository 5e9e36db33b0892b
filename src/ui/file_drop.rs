//! Files dropped anywhere on the page, or chosen with a button.

use super::dom;
use super::icon::{Icon, IconView};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, FileList, HtmlInputElement};

fn files_of(list: Option<FileList>) -> Vec<File> {
    list.map(|list| (0..list.length()).filter_map(|i| list.item(i)).collect())
        .unwrap_or_default()
}

/// True when the drag carries files, not text from the page itself.
pub fn carries_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| {
        data.types()
            .iter()
            .any(|t| t.as_string().as_deref() == Some("Files"))
    })
}

/// The drop zone covers the window while files are dragged over it; the button is for everybody else.
#[component]
pub fn FileDrop(
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Option<Signal<String>>,
    #[prop(into)] on_files: Callback<Vec<File>>,
    /// As for `<input accept>`; empty takes anything.
    #[prop(optional, into)]
    accept: String,
) -> impl IntoView {
    // Enter and leave come in pairs per element crossed.
    let depth = RwSignal::new(0i32);
    let listeners = [
        window_event_listener(ev::dragenter, move |event| {
            if carries_files(&event) {
                event.prevent_default();
                depth.update(|d| *d += 1);
            }
        }),
        window_event_listener(ev::dragover, move |event| {
            if carries_files(&event) {
                event.prevent_default();
            }
        }),
        window_event_listener(ev::dragleave, move |event| {
            if carries_files(&event) {
                depth.update(|d| *d = (*d - 1).max(0));
            }
        }),
        window_event_listener(ev::drop, move |event| {
            if carries_files(&event) {
                event.prevent_default();
                depth.set(0);
                let files = files_of(event.data_transfer().and_then(|d| d.files()));
                if !files.is_empty() {
                    on_files.run(files);
                }
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
    let id = dom::uid("file");
    let for_id = id.clone();
    view! {
        <div class="file-drop">
            <input
                type="file"
                class="sr-only file-input"
                id=id
                multiple=true
                accept=accept
                on:change=move |event| {
                    let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
                    if let Some(input) = input {
                        let files = files_of(input.files());
                        // The same file chosen again must be a change again.
                        input.set_value("");
                        if !files.is_empty() {
                            on_files.run(files);
                        }
                    }
                }
            />
            <label class="file-label" for=for_id>
                <IconView icon=Icon::Upload />
                <span>{label}</span>
            </label>
            {hint.map(|h| view! { <p class="hint">{h}</p> })}
            <Show when=move || { depth.get() > 0 }>
                <div class="drop-veil" aria-hidden="true">
                    <p>
                        <IconView icon=Icon::Upload />
                        "Drop to read the files"
                    </p>
                </div>
            </Show>
        </div>
    }
}
