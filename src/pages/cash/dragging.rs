//! Money dragged onto an item, or an item onto the money, lays out as much as fits. For who has a mouse:
//! typing is the way for everybody, and a button where there is none.

use crate::ui::prelude::*;
use duebook_ledger::ItemId;
use leptos::prelude::*;
use web_sys::DragEvent;

/// What is held.
#[derive(Clone, Copy, PartialEq)]
enum Held {
    Money,
    Item(ItemId),
}

/// What is dragged, and what is done where it is dropped.
#[derive(Clone, Copy)]
pub struct Dragging {
    held: RwSignal<Option<Held>>,
    /// Lays out as much as fits on an item.
    lay: Callback<ItemId>,
}

impl Dragging {
    pub fn new(lay: Callback<ItemId>) -> Dragging {
        Dragging {
            held: RwSignal::new(None),
            lay,
        }
    }
    fn take(self, event: &DragEvent, what: Held, text: &str) {
        if let Some(data) = event.data_transfer() {
            // Without a text some browsers drag nothing.
            let _ = data.set_data("text/plain", text);
            data.set_effect_allowed("copy");
        }
        self.held.set(Some(what));
    }
    fn over(self, event: &DragEvent, fits: impl FnOnce(Held) -> bool) {
        if self.held.get_untracked().is_some_and(fits) {
            event.prevent_default();
        }
    }
}

/// The money that is left, to be dragged; items are dropped on it.
#[component]
pub fn MoneyLeft(dragging: Dragging, #[prop(into)] text: Signal<String>) -> impl IntoView {
    let item = |held: Held| matches!(held, Held::Item(_));
    let held = move || dragging.held.get().is_some_and(item);
    view! {
        <p
            class="cash-money"
            class:target=held
            draggable="true"
            on:dragstart=move |event| dragging.take(&event, Held::Money, &text.get_untracked())
            on:dragend=move |_| dragging.held.set(None)
            on:dragover=move |event| dragging.over(&event, item)
            on:drop=move |event| {
                event.prevent_default();
                if let Some(Held::Item(id)) = dragging.held.get_untracked() {
                    dragging.lay.run(id);
                }
                dragging.held.set(None);
            }
        >
            <IconView icon=Icon::Coins />
            <span>{text}</span>
        </p>
    }
}

/// An item with its field: dragged by its handle, money is dropped on it.
#[component]
pub fn ItemTarget(
    dragging: Dragging,
    id: ItemId,
    /// What it is called.
    name: String,
    children: Children,
) -> impl IntoView {
    let money = |held: Held| held == Held::Money;
    let held = move || dragging.held.get().is_some_and(money);
    let (text, label) = (name.clone(), format!("All that fits on {name}"));
    view! {
        <div
            class="cash-item"
            class:target=held
            on:dragover=move |event| dragging.over(&event, money)
            on:drop=move |event| {
                event.prevent_default();
                if dragging.held.get_untracked() == Some(Held::Money) {
                    dragging.lay.run(id);
                }
                dragging.held.set(None);
            }
        >
            <span
                class="cash-grip"
                draggable="true"
                title="Drag onto the money"
                aria-hidden="true"
                on:dragstart=move |event| dragging.take(&event, Held::Item(id), &text)
                on:dragend=move |_| dragging.held.set(None)
            >
                <IconView icon=Icon::Dots />
            </span>
            {children()}
            <span class="cash-fits"><Button label=label kind=ButtonKind::Quiet on_press=move |()| dragging.lay.run(id) /></span>
        </div>
    }
}
