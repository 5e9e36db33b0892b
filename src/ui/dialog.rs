//! The one dialog: the browser's own `<dialog>`, which keeps the background inert, closes on Esc and gives the
//! focus back.

use super::dom;
use super::icon::Icon;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A modal dialog. Its content is made when it opens and dropped when it closes. `actions` is the row of buttons
/// at the foot, the primary one last.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] actions: Option<ViewFn>,
    /// After it closed, by whatever way.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    /// For palettes and previews: as wide as the content wants.
    #[prop(optional)]
    wide: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = dom::uid("dialog");
    mirror_open(open, node);
    let labelled_by = title_id.clone();
    view! {
        <dialog
            class="dialog"
            class:dialog-wide=wide
            node_ref=node
            aria-labelledby=labelled_by
            on:keydown=move |event| {
                let saves = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
                // A key held down saves once.
                if saves && !event.repeat() && !event.default_prevented() {
                    event.prevent_default();
                    press_primary(node);
                }
            }
            on:close=move |_| {
                if closed(open, node) && let Some(on_close) = on_close {
                    on_close.run(());
                }
            }
        >
            <Show when=move || open.get()>
                <header class="dialog-head">
                    <h2 id=title_id.clone()>{title}</h2>
                    <super::button::IconButton
                        icon=Icon::Close
                        label="Close"
                        on_press=move |()| open.set(false)
                    />
                </header>
                <div class="dialog-body">{children()}</div>
                {actions.clone().map(|a| view! { <footer class="dialog-actions">{a.run()}</footer> })}
            </Show>
        </dialog>
    }
}

/// The browser would take the first control, the button that closes: take the first field instead.
fn focus_first_field(dialog: &web_sys::HtmlDialogElement) {
    let fields = "[autofocus],.dialog-body :is(input,select,textarea),.dialog-actions .btn-primary";
    let field = dialog
        .query_selector(fields)
        .ok()
        .flatten()
        .and_then(|f| f.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(field) = field {
        dom::report(field.focus());
    }
}

/// From any field, a selection list too, Ctrl Enter is the button that the dialog is for.
fn press_primary(node: NodeRef<html::Dialog>) {
    let button = node
        .get_untracked()
        .and_then(|d| {
            d.query_selector(".dialog-actions .btn-primary")
                .ok()
                .flatten()
        })
        .and_then(|b| b.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(button) = button {
        button.click();
    }
}

/// Says so after the browser closed the dialog. It tells of that later: where the dialog was opened again
/// meanwhile it stays open, and the answer is no.
pub(super) fn closed(open: RwSignal<bool>, node: NodeRef<html::Dialog>) -> bool {
    let again = node.get_untracked().is_some_and(|dialog| dialog.open());
    if !again {
        open.set(false);
    }
    !again
}

/// Shows and closes the native dialog as the signal says.
pub(super) fn mirror_open(open: RwSignal<bool>, node: NodeRef<html::Dialog>) {
    Effect::new(move |_| {
        let wanted = open.get();
        // The effects of the same change make the content; then it is shown before the next key is
        // read: a letter typed at once is meant for the dialog, not for the page behind it.
        queue_microtask(move || {
            queue_microtask(move || {
                let found = move || node.try_get_untracked().flatten();
                match found() {
                    Some(dialog) if !wanted || dialog.first_element_child().is_some() => {
                        show(&dialog, wanted);
                    }
                    // Made in the same moment as it is opened: a frame later it is there.
                    _ => {
                        request_animation_frame(move || {
                            if let Some(dialog) = found() {
                                show(&dialog, wanted);
                            }
                        });
                    }
                }
            });
        });
    });
}

fn show(dialog: &web_sys::HtmlDialogElement, wanted: bool) {
    if wanted && !dialog.open() {
        dom::report(dialog.show_modal());
        focus_first_field(dialog);
    } else if !wanted && dialog.open() {
        dialog.close();
    }
}
