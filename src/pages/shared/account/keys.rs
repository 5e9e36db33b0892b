//! The keys of one customer: `c` goes to the composer, a letter or digit chooses an outcome, Ctrl
//! Enter saves from anywhere on the page.

use super::Account;
use super::call::{TILES, Tile};
use super::draft::attempt;
use crate::pages::shared::{is_page_key, use_act};
use crate::ui::dom;
use crate::ui::prelude::*;
use duebook_ledger::facts::Outcome;
use leptos::prelude::*;

/// Listens until the page goes. `at_once`: an outcome nobody answered for is saved with its key.
/// `other` is asked for keys that are the page's own; true where it took one.
pub fn call_keys(
    account: Account,
    step: Callback<&'static str>,
    at_once: bool,
    other: Callback<String, bool>,
) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        let typed = account.typed;
        let in_dialog = || {
            let open = document().query_selector("dialog[open]");
            open.ok().flatten().is_some()
        };
        if (event.ctrl_key() || event.meta_key())
            && event.key() == "Enter"
            && !event.default_prevented()
            && !in_dialog()
        {
            event.prevent_default();
            typed.save.run(());
            return;
        }
        // Esc leaves a field too: what is typed stays.
        if event.key() == "Escape"
            && dom::is_typing(&event)
            && !event.default_prevented()
            && !in_dialog()
        {
            if other.run("Escape".to_owned()) {
                event.prevent_default();
                // The next key is the page's, not the field's.
                dom::leave_field();
            }
            return;
        }
        if !is_page_key(&event) {
            return;
        }
        if !press(account, step, at_once, other, &event.key()) {
            return;
        }
        event.prevent_default();
    });
    let asked = use_act();
    Effect::new(move |_| {
        if let Some(key) = asked.get() {
            asked.set(None);
            untrack(|| press(account, step, at_once, other, key));
        }
    });
    on_cleanup(move || listener.remove());
}

/// What a key does; false where it is not one of these.
fn press(
    account: Account,
    step: Callback<&'static str>,
    at_once: bool,
    other: Callback<String, bool>,
    key: &str,
) -> bool {
    let typed = account.typed;
    let go = |id: &'static str| {
        step.run("call");
        dom::focus_when_drawn(id);
    };
    match key {
        "c" => {
            typed.pick_up(false);
            go("call-outcome");
        }
        "n" => {
            typed.choose_note();
            go("call-note");
        }
        "f" => go("call-next"),
        // They ring: whatever was open waits, and this call's clock runs.
        "o" => {
            typed.pick_up(true);
            go("call-note");
        }
        "d" => account.disputing.set(!account.past()),
        "q" => account.asking.set(!account.past()),
        "a" => account.paying.set(!account.past()),
        "s" => account
            .marking
            .set(!account.past() && !account.selection.with_untracked(Selection::is_empty)),
        _ => match TILES.iter().find(|t| t.keys == key) {
            Some(tile) => choose(account, tile, at_once, &go),
            None => return other.run(key.to_owned()),
        },
    }
    true
}

fn choose(account: Account, tile: &Tile, at_once: bool, go: &dyn Fn(&'static str)) {
    let typed = account.typed;
    let nothing_typed = typed.draft_is_empty();
    typed.fields.outcome.set(tile.outcome.code().to_owned());
    let nobody = attempt(tile.outcome).is_some_and(|a| !a.spoke());
    if at_once && nothing_typed && nobody {
        typed.save.run(());
        return;
    }
    typed.pick_up(false);
    go(match tile.outcome {
        Outcome::Promise => "call-amount",
        Outcome::CallBack => "call-next",
        _ => "call-note",
    });
}
