//! Form controls. Each stands under its label, with a hint and its error tied to it for screen readers.
//!
//! A form keeps a draft of what was typed; the page turns it into a command and hands back every error at once:
//! per field through `error`, together through [`ErrorSummary`].

mod choice;
mod date;
mod summary;
mod text;

pub use choice::{Checkbox, Choice, RadioGroup, Segmented, SelectField};
pub use date::DateField;
pub use summary::{ErrorSummary, FieldError};
pub use text::{AmountField, SearchField, TextArea, TextField};

use super::dom;
use super::icon::{Icon, IconView};
use leptos::prelude::*;

/// The ids that tie a control to its label, hint and error.
#[derive(Clone, Debug)]
struct FieldIds {
    control: String,
    hint: String,
    error: String,
}

impl FieldIds {
    /// `id` is the page's own name for the field, so that a summary can point at it.
    fn new(id: Option<String>) -> Self {
        let control = id.unwrap_or_else(|| dom::uid("field"));
        FieldIds {
            hint: format!("{control}-hint"),
            error: format!("{control}-error"),
            control,
        }
    }

    /// `aria-describedby` for what is shown now.
    fn described_by(
        &self,
        hint: Signal<Option<String>>,
        error: Signal<Option<String>>,
    ) -> impl Fn() -> Option<String> + Send + Sync + Clone + use<> {
        let FieldIds {
            hint: hint_id,
            error: error_id,
            ..
        } = self.clone();
        move || {
            let mut ids = Vec::new();
            if error.with(Option::is_some) {
                ids.push(error_id.clone());
            }
            if hint.with(Option::is_some) {
                ids.push(hint_id.clone());
            }
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    }
}

fn invalid(error: Signal<Option<String>>) -> impl Fn() -> Option<&'static str> + Send + Clone {
    move || error.with(|e| e.is_some().then_some("true"))
}

/// Label above, control, then error and hint below.
fn field_frame(
    ids: FieldIds,
    label: Signal<String>,
    optional: bool,
    hint: Signal<Option<String>>,
    error: Signal<Option<String>>,
    control: impl IntoView + 'static,
) -> impl IntoView {
    let for_id = ids.control.clone();
    view! {
        <div class="field" data-invalid=move || error.with(|e| e.is_some().then_some(""))>
            <label class="field-label" for=for_id>
                {label}
                {optional.then(|| view! { <span class="field-optional">" optional"</span> })}
            </label>
            {control}
            {field_notes(ids, hint, error)}
        </div>
    }
}

fn field_notes(
    ids: FieldIds,
    hint: Signal<Option<String>>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let FieldIds {
        hint: hint_id,
        error: error_id,
        ..
    } = ids;
    view! {
        {move || {
            error
                .get()
                .map(|text| {
                    view! {
                        <p class="field-error" id=error_id.clone()>
                            <IconView icon=Icon::Warning />
                            <span>{text}</span>
                        </p>
                    }
                })
        }}
        {move || hint.get().map(|text| view! { <p class="hint" id=hint_id.clone()>{text}</p> })}
    }
}
