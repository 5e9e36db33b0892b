//! What all sections share: saving as commits, panels, dates as typed.

use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Ws};
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Command, Seq};
use duebook_money::{Currency, Day};
use leptos::prelude::*;

/// Saves the policies that differ from those in force, one commit each.
pub fn policies(ws: Ws, toasts: Toasts, changes: Vec<PolicyChange>, done: impl Into<String>) {
    let changed: Vec<Command> = ws.peek(|book| {
        let now = book.policies();
        changes
            .into_iter()
            .filter(|change| {
                let mut then = now.clone();
                then.set(change.clone());
                then != *now
            })
            .map(Command::SetPolicy)
            .collect()
    });
    commands(ws, toasts, changed, done.into());
}

/// Submits commands in order and stops at the first that is refused.
pub fn commands(ws: Ws, toasts: Toasts, commands: Vec<Command>, done: String) {
    if commands.is_empty() {
        toasts.done("Nothing was changed.");
        return;
    }
    leptos::task::spawn_local(async move {
        let mut saved = Vec::new();
        for command in commands {
            match ws.submit(command, NewTexts::default()).await {
                Ok(one) => saved.push(one.seq),
                Err(error) => {
                    let kept = match saved.as_slice() {
                        [] => String::new(),
                        all => format!(" Before it, {} was saved.", list(all)),
                    };
                    toasts.error(format!("{}{kept}", words::submit_error(Some(ws), &error)));
                    return;
                }
            }
        }
        match saved.as_slice() {
            [one] => {
                let seq = *one;
                toasts.done_with(done, "Undo", Callback::new(move |()| ws.undo(toasts, seq)));
            }
            all => toasts.done(format!("{done} ({})", list(all))),
        }
    });
}

fn list(seqs: &[Seq]) -> String {
    let numbers: Vec<String> = seqs.iter().map(|s| s.0.to_string()).collect();
    format!("commit {}", numbers.join(", "))
}

/// A day as typed: `2026-03-31`, or `31.03.2026`, which can be read in one way only.
pub fn day(text: &str) -> Option<Day> {
    let text = text.trim();
    let iso = duebook_money::date::parse_iso_bytes(text.as_bytes());
    let dotted =
        || duebook_money::date::parse_with(duebook_money::DateOrder::Dmy, text.as_bytes()).ok();
    iso.or_else(|| if text.contains('.') { dotted() } else { None })
}

/// Why a day as typed cannot be read.
pub fn day_error(text: &str) -> Option<String> {
    day(text)
        .is_none()
        .then(|| "A date, such as 2026-03-31.".to_owned())
}

/// Three letters as a currency.
pub fn currency(text: &str) -> Option<Currency> {
    Currency::from_code(text.trim().to_ascii_uppercase().as_str())
}

/// Why a currency cannot be read.
pub fn currency_error(text: &str) -> Option<String> {
    currency(text)
        .is_none()
        .then(|| "Three letters of a currency, such as USD, EUR or INR.".to_owned())
}

/// A section of the page.
#[component]
pub fn Section(id: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="panel settings-section" id=id aria-labelledby=format!("{id}-title")>
            <h2 id=format!("{id}-title") tabindex="-1">{title}</h2>
            {children()}
        </section>
    }
}
