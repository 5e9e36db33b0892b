//! Everything that is wrong with a form, in one place, each line leading to its field.

use super::super::dom;
use super::super::icon::{Icon, IconView};
use leptos::prelude::*;

/// One error: the `id` given to the field, and the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub text: String,
}

/// Shows nothing while there are no errors. Announced when errors appear.
#[component]
pub fn ErrorSummary(#[prop(into)] errors: Signal<Vec<FieldError>>) -> impl IntoView {
    view! {
        <div role="alert">
            <Show when=move || errors.with(|e| !e.is_empty())>
                <div class="callout tone-danger">
                    <IconView icon=Icon::Warning />
                    <div class="callout-body">
                        <strong class="callout-title">
                            {move || match errors.with(Vec::len) {
                                1 => "Not saved: one field needs a change".to_owned(),
                                n => format!("Not saved: {n} fields need a change"),
                            }}
                        </strong>
                        <ul class="error-list">
                            <For
                                each=move || errors.get()
                                key=|e| (e.field.clone(), e.text.clone())
                                let:error
                            >
                                <li>
                                    <button
                                        type="button"
                                        class="link"
                                        on:click=move |_| dom::focus_id(&error.field)
                                    >
                                        {error.text}
                                    </button>
                                </li>
                            </For>
                        </ul>
                    </div>
                </div>
            </Show>
        </div>
    }
}
