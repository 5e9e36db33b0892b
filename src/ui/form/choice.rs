//! One of a few, some of many, yes or no.

use super::super::dom;
use super::super::kbd::Kbd;
use super::{FieldIds, field_frame, field_notes, invalid};
use leptos::prelude::*;

/// One thing to choose; `value` is the page's own name for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub keys: Option<String>,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Choice {
            value: value.into(),
            label: label.into(),
            keys: None,
        }
    }

    pub fn keys(mut self, keys: impl Into<String>) -> Self {
        self.keys = Some(keys.into());
        self
    }
}

/// A drop-down list.
#[component]
pub fn SelectField(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    value: RwSignal<String>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let control = view! {
        <select
            class="input"
            id=ids.control.clone()
            aria-invalid=invalid(error)
            aria-describedby=ids.described_by(hint, error)
            prop:value=value
            on:change=move |event| value.set(event_target_value(&event))
        >
            <For each=move || choices.get() key=|choice| choice.clone() let:choice>
                {
                    let own = choice.value.clone();
                    view! {
                        // `selected` too: the value set above is lost on options that come later.
                        <option value=choice.value prop:selected=move || value.with(|v| *v == own)>
                            {choice.label}
                        </option>
                    }
                }
            </For>
        </select>
    };
    field_frame(ids, label, optional, hint, error, control)
}

/// Yes or no.
#[component]
pub fn Checkbox(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<bool>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
) -> impl IntoView {
    let no_error = Signal::from(None);
    let ids = FieldIds::new(None);
    view! {
        <div class="field field-check">
            <label class="check-label">
                <input
                    type="checkbox"
                    aria-describedby=ids.described_by(hint, no_error)
                    prop:checked=value
                    on:change=move |event| value.set(event_target_checked(&event))
                />
                <span>{label}</span>
            </label>
            {field_notes(ids, hint, no_error)}
        </div>
    }
}

/// One of a few, each with its words in full.
#[component]
pub fn RadioGroup(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    value: RwSignal<String>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    radio_set("radios", label, choices, value, id, hint, error)
}

/// One of a few, side by side like keys; for outcomes and views.
#[component]
pub fn Segmented(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    value: RwSignal<String>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// The label is for screen readers only.
    #[prop(optional)]
    bare: bool,
    /// Two columns of keys instead of one row.
    #[prop(optional)]
    tiles: bool,
) -> impl IntoView {
    let class = match (bare, tiles) {
        (false, false) => "segmented",
        (true, false) => "segmented bare",
        (false, true) => "segmented tiles",
        (true, true) => "segmented tiles bare",
    };
    radio_set(class, label, choices, value, id, hint, error)
}

/// Native radio buttons: arrow keys and announcements are the browser's.
fn radio_set(
    class: &'static str,
    label: Signal<String>,
    choices: Signal<Vec<Choice>>,
    value: RwSignal<String>,
    id: Option<String>,
    hint: Signal<Option<String>>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let name = dom::uid("choice");
    view! {
        <fieldset
            class=format!("field {class}")
            id=ids.control.clone()
            tabindex="-1"
            aria-describedby=ids.described_by(hint, error)
            data-invalid=move || error.with(|e| e.is_some().then_some(""))
        >
            <legend class="field-label">{label}</legend>
            <div class="choices">
                <For each=move || choices.get() key=|choice| choice.clone() let:choice>
                    {
                        let own = choice.value.clone();
                        let set = choice.value.clone();
                        view! {
                            <label class="choice">
                                <input
                                    type="radio"
                                    name=name.clone()
                                    value=choice.value
                                    prop:checked=move || value.with(|v| *v == own)
                                    on:change=move |_| value.set(set.clone())
                                />
                                <span class="choice-label">{choice.label}</span>
                                {choice.keys.map(|keys| view! { <Kbd keys /> })}
                            </label>
                        }
                    }
                </For>
            </div>
            {field_notes(ids.clone(), hint, error)}
        </fieldset>
    }
}
