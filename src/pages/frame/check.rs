//! "Check my book" by itself: in the worker, when nobody works or the page is hidden, once a day.
//! What does not hold is said on every page until a check passes.

use crate::app::href;
use crate::platform::clock;
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use leptos::prelude::*;
use std::time::Duration;

/// Nobody has pressed anything for so long: minutes.
const IDLE_MINUTES: i64 = 5;
/// At most once in so long: hours. A little under a day, so that it does not wander.
const HOURS: i64 = 22;
const MINUTE_MS: i64 = 60_000;

/// Checks when idle, and says what does not hold.
#[component]
pub fn BookCheck() -> impl IntoView {
    let ws = use_ws();
    let used = StoredValue::new(clock::now_ms());
    // What breaks off is not tried again at every turn.
    let tried = StoredValue::new(None::<i64>);
    let due = move || {
        let since = |at: i64| clock::now_ms() - at >= HOURS * 60 * MINUTE_MS;
        ws.last_check().is_none_or(|l| since(l.at_ms)) && tried.get_value().is_none_or(since)
    };
    let check = move || {
        if due() {
            tried.set_value(Some(clock::now_ms()));
            // What came of it is kept by the workspace and shown below.
            leptos::task::spawn_local(async move { _ = ws.check_all().await });
        }
    };
    let pressed = ["keydown", "pointerdown", "wheel"].map(|name| {
        window_event_listener_untyped(name, move |_| {
            used.try_set_value(clock::now_ms());
        })
    });
    let hidden = window_event_listener_untyped("visibilitychange", move |_| {
        if document().hidden() {
            check();
        }
    });
    let every_minute = set_interval_with_handle(
        move || {
            let used = used.try_get_value().unwrap_or(i64::MAX);
            if clock::now_ms().saturating_sub(used) >= IDLE_MINUTES * MINUTE_MS {
                check();
            }
        },
        Duration::from_secs(60),
    );
    on_cleanup(move || {
        pressed.into_iter().for_each(|handle| handle.remove());
        hidden.remove();
        if let Ok(handle) = every_minute {
            handle.clear();
        }
    });
    let found = ws.check_found();
    let settings = href(ws, "settings");
    move || {
        let settings = settings.clone();
        found.get().map(|what| {
            view! {
                <Callout tone=Tone::Danger title="The book does not hold together">
                    <p>{what}</p>
                    <a href=settings>"Check my book, in Settings"</a>
                </Callout>
            }
        })
    }
}
