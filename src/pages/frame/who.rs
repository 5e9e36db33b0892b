//! Who works here: one of the last names by its digit, or a new one.

use crate::ui::prelude::*;
use crate::workspace::{recent_actors, use_ws};
use leptos::ev;
use leptos::prelude::*;

/// The dialog. `W` opens it and a digit chooses: two keys.
#[component]
pub fn WhoDialog(open: RwSignal<bool>) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let name = RwSignal::new(String::new());
    let recent = RwSignal::new(Vec::<String>::new());
    Effect::new(move |_| {
        if open.get() {
            name.set(String::new());
            recent.set(recent_actors());
        }
    });
    let choose = Callback::new(move |who: String| match ws.set_who(&who) {
        Ok(()) => {
            open.set(false);
            toasts.done(format!("{} works here now", ws.who().get_untracked()));
        }
        Err(e) => toasts.error(format!(
            "The name was not kept: {e:?}. Commits go on under the old one."
        )),
    });
    let listener = window_event_listener(ev::keydown, move |event| {
        if !open.get_untracked() || crate::ui::dom::is_typing(&event) {
            return;
        }
        let digit = event
            .key()
            .parse::<usize>()
            .ok()
            .and_then(|n| n.checked_sub(1));
        let who = digit.and_then(|n| recent.with_untracked(|r| r.get(n).cloned()));
        if let Some(who) = who {
            event.prevent_default();
            choose.run(who);
        }
    });
    on_cleanup(move || listener.remove());
    let keep = move |()| {
        let typed = name.get_untracked();
        if !typed.trim().is_empty() {
            choose.run(typed);
        }
    };
    let names = move || {
        let all = recent.get();
        all.into_iter().enumerate().map(|(n, who)| {
            let label = who.clone();
            let pick = move |()| choose.run(who.clone());
            view! {
                <li><Button label=label keys=(n + 1).to_string() autofocus=n == 0 kind=ButtonKind::Quiet wide=true on_press=pick /></li>
            }
        })
        .collect_view()
    };
    view! {
        <Dialog
            open=open
            title="Who works here?"
            actions=move || view! { <Button label="Keep the name" kind=ButtonKind::Primary on_press=keep /> }
        >
            <ul class="who-names" aria-label="Names that worked here">{names}</ul>
            <TextField label="Name" value=name hint=Some("Another name. It stands on every commit you make: a statement, not a proof.".to_owned()) />
        </Dialog>
    }
}
