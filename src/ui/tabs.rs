//! Tabs: views of one thing. The current tab belongs in the URL; the page owns the signal.

use super::dom;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    pub id: &'static str,
    pub label: String,
    /// A count behind the label.
    pub count: Option<String>,
}

impl Tab {
    pub fn new(id: &'static str, label: impl Into<String>) -> Self {
        Tab {
            id,
            label: label.into(),
            count: None,
        }
    }

    pub fn count(mut self, count: impl Into<String>) -> Self {
        self.count = Some(count.into());
        self
    }
}

/// The strip of tabs. `name` ties it to its [`TabPanel`]s and must be unique on the page.
#[component]
pub fn Tabs(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] tabs: Signal<Vec<Tab>>,
    #[prop(into)] current: Signal<&'static str>,
    #[prop(into)] on_change: Callback<&'static str>,
) -> impl IntoView {
    let on_key = move |event: KeyboardEvent| {
        let ids: Vec<&'static str> = tabs.with_untracked(|t| t.iter().map(|t| t.id).collect());
        let Some(at) = ids.iter().position(|id| *id == current.get_untracked()) else {
            return;
        };
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % ids.len(),
            "ArrowLeft" => (at + ids.len() - 1) % ids.len(),
            "Home" => 0,
            "End" => ids.len() - 1,
            _ => return,
        };
        event.prevent_default();
        on_change.run(ids[to]);
        dom::focus_id(&tab_id(name, ids[to]));
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=on_key>
            <For each=move || tabs.get() key=|tab| (tab.id, tab.count.clone()) let:tab>
                {
                    let id = tab.id;
                    view! {
                        <button
                            type="button"
                            role="tab"
                            class="tab"
                            id=tab_id(name, id)
                            aria-controls=move || (current.get() == id).then(|| panel_id(name, id))
                            aria-selected=move || (current.get() == id).to_string()
                            tabindex=move || if current.get() == id { "0" } else { "-1" }
                            on:click=move |_| on_change.run(id)
                        >
                            {tab.label}
                            {tab.count.map(|c| view! { <span class="tab-count">{c}</span> })}
                        </button>
                    }
                }
            </For>
        </div>
    }
}

/// What a tab shows; only the current one is in the document.
#[component]
pub fn TabPanel(
    name: &'static str,
    id: &'static str,
    #[prop(into)] current: Signal<&'static str>,
    children: ChildrenFn,
) -> impl IntoView {
    view! {
        <Show when=move || current.get() == id>
            <div
                class="tab-panel"
                role="tabpanel"
                id=panel_id(name, id)
                aria-labelledby=tab_id(name, id)
            >
                {children()}
            </div>
        </Show>
    }
}

fn tab_id(name: &str, id: &str) -> String {
    format!("tab-{name}-{id}")
}

fn panel_id(name: &str, id: &str) -> String {
    format!("panel-{name}-{id}")
}
