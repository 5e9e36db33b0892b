//! Text, amounts, search, longer text.

use super::super::icon::{Icon, IconView};
use super::super::kbd::Kbd;
use super::{FieldIds, field_frame, invalid};
use leptos::html;
use leptos::prelude::*;

/// One line of text.
#[component]
pub fn TextField(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    /// `text`, `tel`, `email`.
    #[prop(default = "text")]
    kind: &'static str,
    /// The browser's own completion; off for a customer's data.
    #[prop(default = "off")]
    autocomplete: &'static str,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let control = view! {
        <input
            class="input"
            type=kind
            id=ids.control.clone()
            autocomplete=autocomplete
            autofocus=autofocus
            aria-invalid=invalid(error)
            aria-describedby=ids.described_by(hint, error)
            prop:value=value
            on:input=move |event| value.set(event_target_value(&event))
        />
    };
    field_frame(ids, label, optional, hint, error, control)
}

/// An amount as typed; reading it is the engine's business. `currency` stands in the label, once.
#[component]
pub fn AmountField(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] currency: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let full_label = Signal::derive(move || {
        let currency = currency.get();
        if currency.is_empty() {
            label.get()
        } else {
            format!("{}, {currency}", label.get())
        }
    });
    let node = NodeRef::<html::Input>::new();
    let control = view! {
        <input
            class="input num"
            type="text"
            inputmode="decimal"
            autocomplete="off"
            id=ids.control.clone()
            node_ref=node
            aria-invalid=invalid(error)
            aria-describedby=ids.described_by(hint, error)
            prop:value=value
            on:input=move |event| value.set(event_target_value(&event))
            // Amounts are replaced far more often than corrected.
            on:focus=move |_| {
                if let Some(input) = node.get_untracked() {
                    input.select();
                }
            }
        />
    };
    field_frame(ids, full_label, optional, hint, error, control)
}

/// A filter over a list: `/` goes here, Esc empties it.
#[component]
pub fn SearchField(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] keys: Option<String>,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    view! {
        <div class="search">
            <IconView icon=Icon::Search />
            <input
                class="input"
                type="search"
                id=ids.control
                aria-label=label.clone()
                placeholder=label
                autocomplete="off"
                spellcheck="false"
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Escape" && !value.with_untracked(String::is_empty) {
                        event.prevent_default();
                        event.stop_propagation();
                        value.set(String::new());
                    }
                }
            />
            {keys.map(|keys| view! { <Kbd keys /> })}
        </div>
    }
}

/// Several lines: notes, remarks, pasted mail. Grows with its text where the browser can.
#[component]
pub fn TextArea(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    #[prop(default = 3)] rows: u8,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let control = view! {
        <textarea
            class="input"
            rows=rows.to_string()
            id=ids.control.clone()
            aria-invalid=invalid(error)
            aria-describedby=ids.described_by(hint, error)
            prop:value=value
            on:input=move |event| value.set(event_target_value(&event))
        ></textarea>
    };
    field_frame(ids, label, optional, hint, error, control)
}
