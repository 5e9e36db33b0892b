//! Toasts: what just happened, with one way back. Errors stay until they are dismissed.

use super::icon::{Icon, IconView};
use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::*;
use std::time::Duration;

/// Long enough to read a line and reach for Undo.
const STAYS: Duration = Duration::from_secs(8);
/// So many that went well are shown at once: who works quickly would not see the list for them. Each
/// stays in Activity, with its way back.
const AT_ONCE: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastLevel {
    Done,
    Error,
}

/// The one button of a toast, "Undo".
#[derive(Clone)]
pub struct ToastAction {
    pub label: String,
    pub run: Callback<()>,
}

#[derive(Clone)]
struct Toast {
    id: u64,
    level: ToastLevel,
    text: String,
    action: Option<ToastAction>,
    /// How far work is; such a toast stays until the work ends.
    detail: Option<ArcRwSignal<String>>,
}

/// Work that is under way, as its toast shows it.
pub struct Working {
    toasts: Toasts,
    id: Option<u64>,
    detail: ArcRwSignal<String>,
}

impl Working {
    /// How far it is.
    pub fn detail(&self) -> ArcRwSignal<String> {
        self.detail.clone()
    }
    /// It ended, one way or the other.
    pub fn end(self) {
        if let Some(id) = self.id {
            self.toasts.dismiss(id);
        }
    }
}

/// The toast service; get it with [`use_toasts`].
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    /// Pointer or focus is on the stack: nothing disappears under the hand.
    held: RwSignal<bool>,
    next: StoredValue<u64>,
}

/// Puts the service into context. Call once, at the root, and place [`ToastStack`] once.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts {
        shown: RwSignal::new(Vec::new()),
        held: RwSignal::new(false),
        next: StoredValue::new(0),
    };
    provide_context(toasts);
    toasts
}

/// The toast service.
pub fn use_toasts() -> Toasts {
    use_context().expect("provide_toasts() must be called at the root of the app")
}

impl Toasts {
    /// "Promise of 20,000.00 saved".
    pub fn done(self, text: impl Into<String>) {
        self.push(ToastLevel::Done, text.into(), None, None);
    }

    /// Work that takes its time: what, how far, and where it can be ended a button that does.
    pub fn working(self, text: impl Into<String>, cancel: Option<Callback<()>>) -> Working {
        let detail = ArcRwSignal::new(String::new());
        let action = cancel.map(|run| ToastAction {
            label: "Cancel".to_owned(),
            run,
        });
        let shown = Some(detail.clone());
        let id = self.push(ToastLevel::Done, text.into(), action, shown);
        Working {
            toasts: self,
            id,
            detail,
        }
    }

    /// The same with a way back.
    pub fn done_with(self, text: impl Into<String>, label: impl Into<String>, run: Callback<()>) {
        self.push(
            ToastLevel::Done,
            text.into(),
            Some(ToastAction {
                label: label.into(),
                run,
            }),
            None,
        );
    }

    /// What went wrong and the way out; stays until dismissed.
    pub fn error(self, text: impl Into<String>) {
        self.push(ToastLevel::Error, text.into(), None, None);
    }

    fn push(
        self,
        level: ToastLevel,
        text: String,
        action: Option<ToastAction>,
        detail: Option<ArcRwSignal<String>>,
    ) -> Option<u64> {
        let id = self.next.try_update_value(|n| {
            *n += 1;
            *n
        });
        let id = id?;
        let stays = detail.is_some();
        self.shown.try_update(|shown| {
            shown.push(Toast {
                id,
                level,
                text,
                action,
                detail,
            });
            // Work that is under way stays: its button ends it.
            let passing = |t: &Toast| t.level == ToastLevel::Done && t.detail.is_none();
            let mut done = shown.iter().filter(|t| passing(t)).count();
            shown.retain(|t| {
                let goes = passing(t) && done > AT_ONCE;
                done -= usize::from(goes);
                !goes
            });
        });
        if level == ToastLevel::Done && !stays {
            self.expire_later(id);
        }
        Some(id)
    }

    fn expire_later(self, id: u64) {
        set_timeout(
            move || match self.held.try_get_untracked() {
                Some(true) => self.expire_later(id),
                _ => self.dismiss(id),
            },
            STAYS,
        );
    }

    fn dismiss(self, id: u64) {
        self.shown.try_update(|shown| shown.retain(|t| t.id != id));
    }
}

/// Where toasts appear. Both live regions are always in the document, or readers would miss the first message.
#[component]
pub fn ToastStack() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <section
            class="toasts"
            aria-label="Messages"
            on:mouseenter=move |_| toasts.held.set(true)
            on:mouseleave=move |_| toasts.held.set(false)
            on:focusin=move |_| toasts.held.set(true)
            on:focusout=move |_| toasts.held.set(false)
        >
            <div role="alert">{toast_list(toasts, ToastLevel::Error)}</div>
            <div role="status">{toast_list(toasts, ToastLevel::Done)}</div>
        </section>
    }
}

fn toast_list(toasts: Toasts, level: ToastLevel) -> impl IntoView {
    let of_level = move || {
        toasts
            .shown
            .get()
            .into_iter()
            .filter(|t| t.level == level)
            .collect::<Vec<_>>()
    };
    view! {
        <For each=of_level key=|toast| toast.id let:toast>
            {toast_view(toasts, toast)}
        </For>
    }
}

fn toast_view(toasts: Toasts, toast: Toast) -> impl IntoView {
    let id = toast.id;
    let (class, icon) = match toast.level {
        ToastLevel::Done => ("toast", Icon::Check),
        ToastLevel::Error => ("toast toast-error", Icon::Warning),
    };
    view! {
        <div class=class>
            <IconView icon />
            <p class="toast-text">
                {toast.text}
                // Said once as it begins; how far it is is for the eye.
                {toast.detail.map(|d| view! { <span class="faint num" aria-hidden="true">{move || d.get()}</span> })}
            </p>
            {toast
                .action
                .map(|action| {
                    view! {
                        <button
                            type="button"
                            class="toast-action"
                            on:click=move |_| {
                                action.run.run(());
                                toasts.dismiss(id);
                            }
                        >
                            {action.label}
                        </button>
                    }
                })}
            <button
                type="button"
                class="toast-close"
                aria-label="Dismiss"
                on:click=move |_| toasts.dismiss(id)
            >
                <IconView icon=Icon::Close />
            </button>
        </div>
    }
}
