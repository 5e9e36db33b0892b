//! Dates are typed ("30 nov", "fri", "+7"); the calendar is there for those who want it.

use super::super::dom;
use super::super::icon::{Icon, IconView};
use super::{FieldIds, field_frame, invalid};
use leptos::html;
use leptos::prelude::*;

/// A date as typed. `echo` is what the engine makes of it, "Mon 30 Nov 2026", shown at once. The calendar writes
/// ISO dates (`2026-11-30`).
#[component]
pub fn DateField(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] echo: Signal<Option<String>>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let picker = NodeRef::<html::Input>::new();
    // An error says more than the hint, the echo more than both.
    let note = Signal::derive(move || echo.get().or_else(|| hint.get()));
    let control = view! {
        <div class="date-control">
            <input
                class="input"
                type="text"
                autocomplete="off"
                spellcheck="false"
                id=ids.control.clone()
                aria-invalid=invalid(error)
                aria-describedby=ids.described_by(note, error)
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
            <input
                class="date-native"
                type="date"
                tabindex="-1"
                aria-hidden="true"
                node_ref=picker
                on:change=move |event| value.set(event_target_value(&event))
            />
            <button
                type="button"
                class="btn btn-quiet btn-icon date-button"
                aria-label=move || format!("Choose {} from a calendar", label.get())
                on:click=move |_| {
                    if let Some(input) = picker.get_untracked() {
                        dom::report(input.show_picker());
                    }
                }
            >
                <IconView icon=Icon::Calendar />
            </button>
        </div>
    };
    field_frame(ids, label, optional, note, error, control)
}
