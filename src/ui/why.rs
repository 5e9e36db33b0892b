//! "Why": the arithmetic behind a figure or a verdict, one press away.

use super::dom;
use super::menu::place_below;
use leptos::html;
use leptos::prelude::*;

/// One line of the arithmetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyLine {
    pub label: String,
    pub figure: String,
    /// The line the others add up to.
    pub total: bool,
}

impl WhyLine {
    pub fn new(label: impl Into<String>, figure: impl Into<String>) -> Self {
        WhyLine {
            label: label.into(),
            figure: figure.into(),
            total: false,
        }
    }

    pub fn total(label: impl Into<String>, figure: impl Into<String>) -> Self {
        WhyLine {
            total: true,
            ..WhyLine::new(label, figure)
        }
    }
}

/// A figure that explains itself. `lines` is asked only when it is opened.
#[component]
pub fn Why(
    #[prop(into)] text: Signal<String>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] lines: Callback<(), Vec<WhyLine>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let trigger = NodeRef::<html::Button>::new();
    let panel = NodeRef::<html::Div>::new();
    let id = dom::uid("why");
    let controls = id.clone();
    let toggle = move |_| {
        let (Some(button), Some(panel)) = (trigger.get_untracked(), panel.get_untracked()) else {
            return;
        };
        if open.get_untracked() {
            dom::report(panel.hide_popover());
        } else {
            open.set(true);
            dom::report(panel.show_popover());
            request_animation_frame(move || place_below(&button, &panel));
        }
    };
    let on_toggle = move |_| {
        let now = panel
            .get_untracked()
            .is_some_and(|p| p.matches(":popover-open").unwrap_or(false));
        open.set(now);
    };
    view! {
        <button
            type="button"
            class="why"
            node_ref=trigger
            aria-expanded=move || open.get().to_string()
            aria-controls=controls
            title="Show why"
            on:click=toggle
        >
            {text}
        </button>
        <div
            class="why-panel"
            id=id
            role="group"
            aria-label=title
            popover="auto"
            node_ref=panel
            on:toggle=on_toggle
        >
            <Show when=move || open.get()>
                <p class="why-title">{title}</p>
                <dl class="why-lines">
                    {lines
                        .run(())
                        .into_iter()
                        .map(|line| {
                            view! {
                                <div class:why-total=line.total>
                                    <dt>{line.label}</dt>
                                    <dd class="num">{line.figure}</dd>
                                </div>
                            }
                        })
                        .collect_view()}
                </dl>
            </Show>
        </div>
    }
}
