//! The command palette: one field that finds anything a caller can say, and every action.

use super::dialog::{closed, mirror_open};
use super::dom;
use super::icon::{Icon, IconView};
use super::kbd::Kbd;
use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// One result.
#[derive(Clone, Debug, PartialEq)]
pub struct PaletteItem {
    /// What the page knows it by.
    pub id: String,
    pub label: String,
    /// Why it was found, or where it leads: "INV-87990, 48,200.00 open".
    pub detail: String,
    pub keys: Option<String>,
    pub icon: Option<Icon>,
}

/// Results of one kind, best first.
#[derive(Clone, Debug, PartialEq)]
pub struct PaletteGroup {
    pub title: String,
    pub items: Vec<PaletteItem>,
}

/// `results` is asked at every key press and answers from memory.
#[component]
pub fn Palette(
    open: RwSignal<bool>,
    #[prop(into)] results: Callback<String, Vec<PaletteGroup>>,
    #[prop(into)] on_choose: Callback<PaletteItem>,
    #[prop(default = "Find a customer, invoice, amount, phone, or a command".to_owned(), into)]
    placeholder: String,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    mirror_open(open, node);
    view! {
        <dialog
            class="palette"
            node_ref=node
            aria-label="Search or command"
            on:close=move |_| _ = closed(open, node)
            // A click beside it closes it: nothing typed here is worth keeping.
            on:click=move |event| {
                if dom::event_element(&event).is_some_and(|e| e.tag_name() == "DIALOG") {
                    open.set(false);
                }
            }
        >
            <Show when=move || open.get()>
                <PaletteBody open results on_choose placeholder=placeholder.clone() />
            </Show>
        </dialog>
    }
}

#[component]
fn PaletteBody(
    open: RwSignal<bool>,
    results: Callback<String, Vec<PaletteGroup>>,
    on_choose: Callback<PaletteItem>,
    placeholder: String,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let picked = RwSignal::new(0usize);
    let groups = Memo::new(move |_| results.run(query.get()));
    let count = Memo::new(move |_| groups.with(|g| g.iter().map(|g| g.items.len()).sum::<usize>()));
    let here = Memo::new(move |_| picked.get().min(count.get().saturating_sub(1)));
    let list_id = dom::uid("palette");
    let option_id = StoredValue::new(list_id.clone());
    let option = move |index: usize| option_id.with_value(|id| format!("{id}-{index}"));

    let choose = move |index: usize| {
        let item = groups.with_untracked(|g| g.iter().flat_map(|g| &g.items).nth(index).cloned());
        if let Some(item) = item {
            open.set(false);
            on_choose.run(item);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let last = count.get_untracked().saturating_sub(1);
        let at = here.get_untracked();
        let ctrl = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "ArrowDown" => picked.set(if at == last { 0 } else { at + 1 }),
            "ArrowUp" => picked.set(if at == 0 { last } else { at - 1 }),
            "PageDown" => picked.set((at + 8).min(last)),
            "PageUp" => picked.set(at.saturating_sub(8)),
            "Home" if ctrl => picked.set(0),
            "End" if ctrl => picked.set(last),
            "Enter" => choose(at),
            _ => return,
        }
        event.prevent_default();
        let id = option(here.get_untracked());
        request_animation_frame(move || {
            if let Some(element) = document().get_element_by_id(&id) {
                let nearest = web_sys::ScrollIntoViewOptions::new();
                nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
                element.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
        });
    };
    let controls = list_id.clone();
    view! {
        <div class="palette-field">
            <IconView icon=Icon::Search />
            <input
                type="text"
                role="combobox"
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls=controls
                aria-activedescendant=move || (count.get() > 0).then(|| option(here.get()))
                aria-label="Search or command"
                placeholder=placeholder
                autofocus=true
                autocomplete="off"
                spellcheck="false"
                prop:value=query
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    picked.set(0);
                }
                on:keydown=on_key
            />
            <Kbd keys="Esc" />
        </div>
        <div class="palette-list" role="listbox" id=list_id aria-label="Results">
            {move || {
                let mut index = 0;
                groups
                    .get()
                    .into_iter()
                    .map(|group| {
                        let first = index;
                        index += group.items.len();
                        palette_group(group, first, here, picked, option, choose)
                    })
                    .collect_view()
            }}
        </div>
        <p class="palette-none" role="status">
            {move || (count.get() == 0).then(|| format!("Nothing found for “{}”.", query.get()))}
        </p>
    }
}

fn palette_group(
    group: PaletteGroup,
    first: usize,
    here: Memo<usize>,
    picked: RwSignal<usize>,
    option: impl Fn(usize) -> String + Copy + Send + Sync + 'static,
    choose: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let title_id = dom::uid("palette-group");
    let labelled_by = title_id.clone();
    let items = group
        .items
        .into_iter()
        .enumerate()
        .map(|(i, item)| {
            let index = first + i;
            view! {
                <div
                    role="option"
                    class="palette-item"
                    id=option(index)
                    aria-selected=move || (here.get() == index).to_string()
                    on:mousemove=move |_| {
                        if here.get_untracked() != index {
                            picked.set(index);
                        }
                    }
                    on:click=move |_| choose(index)
                >
                    {item.icon.map(|icon| view! { <IconView icon /> })}
                    <span class="palette-label">{item.label}</span>
                    <span class="palette-detail">{item.detail}</span>
                    {item.keys.map(|keys| view! { <Kbd keys /> })}
                </div>
            }
        })
        .collect_view();
    view! {
        <div role="group" class="palette-group" aria-labelledby=labelled_by>
            <div class="palette-title" id=title_id>
                {group.title}
            </div>
            {items}
        </div>
    }
}
