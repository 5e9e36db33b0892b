//! A dropdown menu, in the browser's top layer so that no pane cuts it off.

use super::button::ButtonKind;
use super::dom;
use super::icon::{Icon, IconView};
use super::kbd::Kbd;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// One act of a menu.
#[derive(Clone)]
pub struct MenuItem {
    pub label: String,
    pub icon: Option<Icon>,
    pub keys: Option<String>,
    /// Why it cannot be done now; the item stays and says so.
    pub refused: Option<String>,
    pub danger: bool,
    pub run: Callback<()>,
}

impl MenuItem {
    pub fn new(label: impl Into<String>, run: Callback<()>) -> Self {
        MenuItem {
            label: label.into(),
            icon: None,
            keys: None,
            refused: None,
            danger: false,
            run,
        }
    }

    pub fn keys(mut self, keys: impl Into<String>) -> Self {
        self.keys = Some(keys.into());
        self
    }

    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    pub fn refused(mut self, why: Option<String>) -> Self {
        self.refused = why;
        self
    }

    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }
}

/// A button that opens a menu. Without `text` only the icon shows and `label` names it.
#[component]
pub fn Menu(
    #[prop(into)] label: String,
    #[prop(into)] items: Signal<Vec<MenuItem>, LocalStorage>,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] icon_only: bool,
    #[prop(optional)] kind: ButtonKind,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let trigger = NodeRef::<html::Button>::new();
    let popup = NodeRef::<html::Div>::new();
    let menu_id = dom::uid("menu");
    let controls = menu_id.clone();
    let class = match (kind, icon_only) {
        (ButtonKind::Quiet, true) => "btn btn-quiet btn-icon",
        (_, true) => "btn btn-icon",
        (ButtonKind::Quiet, false) => "btn btn-quiet",
        (ButtonKind::Primary, false) => "btn btn-primary",
        (_, false) => "btn",
    };
    let show = move |last: bool| {
        let (Some(button), Some(menu)) = (trigger.get_untracked(), popup.get_untracked()) else {
            return;
        };
        dom::report(menu.show_popover());
        place_below(&button, &menu);
        request_animation_frame(move || focus_item(&menu, if last { Go::Last } else { Go::First }));
    };
    let hide = move || {
        if let Some(menu) = popup.get_untracked() {
            dom::report(menu.hide_popover());
        }
        if let Some(button) = trigger.get_untracked() {
            dom::focus_quietly(&button);
        }
    };
    let on_menu_key = move |event: KeyboardEvent| {
        let Some(menu) = popup.get_untracked() else {
            return;
        };
        match event.key().as_str() {
            "ArrowDown" => focus_item(&menu, Go::Next),
            "ArrowUp" => focus_item(&menu, Go::Previous),
            "Home" => focus_item(&menu, Go::First),
            "End" => focus_item(&menu, Go::Last),
            "Escape" => hide(),
            "Tab" => return hide(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let name = label.clone();
    view! {
        <button
            type="button"
            class=class
            node_ref=trigger
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            aria-controls=controls
            aria-label=icon_only.then(|| name.clone())
            title=icon_only.then(|| name.clone())
            on:click=move |_| if open.get_untracked() { hide() } else { show(false) }
            on:keydown=move |event| {
                let key = event.key();
                if key == "ArrowDown" || key == "ArrowUp" {
                    event.prevent_default();
                    event.stop_propagation();
                    show(key == "ArrowUp");
                }
            }
        >
            {icon.map(|icon| view! { <IconView icon /> })}
            {(!icon_only)
                .then(|| {
                    view! {
                        <span class="btn-label">{label.clone()}</span>
                        <IconView icon=Icon::ChevronDown />
                    }
                })}
        </button>
        <div
            class="menu"
            role="menu"
            id=menu_id
            aria-label=name.clone()
            popover="auto"
            node_ref=popup
            on:toggle=move |_| {
                let now = popup
                    .get_untracked()
                    .is_some_and(|p| p.matches(":popover-open").unwrap_or(false));
                open.set(now);
            }
            on:keydown=on_menu_key
        >
            {move || items.get().into_iter().map(|item| menu_item(item, hide)).collect_view()}
        </div>
    }
}

fn menu_item(item: MenuItem, hide: impl Fn() + Copy + Send + 'static) -> impl IntoView {
    let refused = item.refused.clone();
    let shut = refused.is_some();
    view! {
        <button
            type="button"
            role="menuitem"
            tabindex="-1"
            class="menu-item"
            class:menu-danger=item.danger
            aria-disabled=shut.then_some("true")
            on:click=move |_| {
                if !shut {
                    hide();
                    item.run.run(());
                }
            }
        >
            {item.icon.map(|icon| view! { <IconView icon /> })}
            <span class="menu-label">
                {item.label} {refused.map(|why| view! { <small class="menu-why">{why}</small> })}
            </span>
            {item.keys.map(|keys| view! { <Kbd keys /> })}
        </button>
    }
}

/// Puts a popover under its button, kept inside the window; above where there is no room below.
pub(super) fn place_below(anchor: &HtmlElement, popup: &HtmlElement) {
    const GAP: f64 = 4.0;
    let at = anchor.get_bounding_client_rect();
    let size = popup.get_bounding_client_rect();
    let inner =
        |v: Result<wasm_bindgen::JsValue, _>| v.ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
    let (width, height) = (
        inner(window().inner_width()),
        inner(window().inner_height()),
    );
    let left = at.left().min(width - size.width() - GAP).max(GAP);
    let below = at.bottom() + GAP;
    let above = at.top() - size.height() - GAP;
    let top = if below + size.height() > height && above > 0.0 {
        above
    } else {
        below
    };
    let style = web_sys::HtmlElement::style(popup);
    dom::report(style.set_property("left", &format!("{left}px")));
    dom::report(style.set_property("top", &format!("{top}px")));
}

#[derive(Clone, Copy)]
enum Go {
    First,
    Last,
    Next,
    Previous,
}

fn focus_item(menu: &HtmlElement, go: Go) {
    let Ok(items) = menu.query_selector_all("[role=menuitem]") else {
        return;
    };
    let count = items.length();
    if count == 0 {
        return;
    }
    let active = document().active_element();
    let at = (0..count).find(|i| {
        items
            .item(*i)
            .and_then(|n| n.dyn_into::<web_sys::Element>().ok())
            == active
    });
    let to = match (go, at) {
        (Go::First, _) | (Go::Next, None) => 0,
        (Go::Last, _) | (Go::Previous, None) => count - 1,
        (Go::Next, Some(at)) => (at + 1) % count,
        (Go::Previous, Some(at)) => (at + count - 1) % count,
    };
    if let Some(item) = items
        .item(to)
        .and_then(|n| n.dyn_into::<HtmlElement>().ok())
    {
        dom::focus_quietly(&item);
    }
}
