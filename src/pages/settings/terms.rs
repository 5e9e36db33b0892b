//! What the terms codes of each source mean: asked when a file is previewed, changed here.

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::TermsCode;
use leptos::prelude::*;

/// The table and the form below it.
#[component]
pub fn TermsCodes() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let table = Memo::new(move |_| ws.read(|b| b.policies().terms.clone()));
    let source = RwSignal::new(ws.peek(|b| b.sources().first().cloned().unwrap_or_default()));
    let code = RwSignal::new(String::new());
    let means = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let empty = move |value: RwSignal<String>, what: &'static str| {
        Signal::derive(move || {
            let missing = tried.get() && value.with(|v| v.trim().is_empty());
            missing.then(|| what.to_owned())
        })
    };
    let means_error = Signal::derive(move || {
        let missing = tried.get() && means.with(|m| m.trim().is_empty());
        match missing {
            true => Some("Say what it means, such as net 30.".to_owned()),
            false => means.with(|m| words::terms_error(m)),
        }
    });
    let text = |value: RwSignal<String>| value.with_untracked(|v| v.trim().to_owned());
    let add = move |()| {
        tried.set(true);
        let one = TermsCode {
            source: text(source),
            code: text(code),
            means: text(means),
        };
        if one.source.is_empty()
            || one.code.is_empty()
            || one.means.is_empty()
            || words::terms_error(&one.means).is_some()
        {
            return;
        }
        let mut changed = table.get_untracked();
        let done = match changed.of(&one.source).any(|(c, _)| c == one.code) {
            true => "Terms code changed",
            false => "Terms code added",
        };
        changed.set(one);
        save::policies(ws, toasts, vec![PolicyChange::Terms(changed)], done);
        tried.set(false);
        code.set(String::new());
        means.set(String::new());
    };
    let remove = move |one: TermsCode| {
        let mut changed = table.get_untracked();
        changed.remove(&one.source, &one.code);
        save::policies(
            ws,
            toasts,
            vec![PolicyChange::Terms(changed)],
            "Terms code removed",
        );
    };
    view! {
        <Section id="terms" title="Terms codes">
            <p class="muted">"Where a file gives a code and no due date, the code’s meaning makes it. A change counts for files that come later; what is in the book keeps its dates."</p>
            <Show
                when=move || table.with(|t| !t.codes.is_empty())
                fallback=|| view! { <p class="faint">"No code has a meaning yet. One is asked for when a file has it."</p> }
            >
                <div class="table-scroll settings-scroll" tabindex="0" role="region" aria-label="Terms codes">
                    <table class="plain-table">
                        <thead><tr>
                            <th scope="col">"Source"</th><th scope="col">"Code"</th><th scope="col">"Means"</th><th></th>
                        </tr></thead>
                        <tbody>
                            <For each=move || table.with(|t| t.codes.clone()) key=|c| format!("{c:?}") let:one>
                                {
                                    let (to_change, to_remove) = (one.clone(), one.clone());
                                    view! {
                                        <tr>
                                            <td>{one.source.clone()}</td>
                                            <td>{one.code.clone()}</td>
                                            <td>{one.means.clone()}</td>
                                            <td class="num">
                                                <Button label=format!("Change {}", one.code) kind=ButtonKind::Quiet on_press=move |()| {
                                                    source.set(to_change.source.clone());
                                                    code.set(to_change.code.clone());
                                                    means.set(to_change.means.clone());
                                                } />
                                                <Button label=format!("Remove {}", one.code) kind=ButtonKind::Quiet on_press=move |()| remove(to_remove.clone()) />
                                            </td>
                                        </tr>
                                    }
                                }
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
            <div class="form-row">
                <TextField label="Source" value=source error=empty(source, "Name the source.") />
                <TextField label="Code" value=code error=empty(code, "As the source writes it.") />
                <TextField label="Means" value=means error=means_error hint=Some("net 30 · 2/10 net 30 · 15 MFI · 30 EOM then-EOM · immediate".to_owned()) />
            </div>
            <p class="button-row"><Button label="Add or change the code" on_press=add /></p>
        </Section>
    }
}
