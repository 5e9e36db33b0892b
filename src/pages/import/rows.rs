//! What was said about rows, and the refused ones and those left out as a file.

use super::{Import, wording};
use crate::platform::files;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use duebook_exchange::read::{Preview, Reason, RowNote, Severity};
use leptos::prelude::*;

/// Reasons with exact counts and examples; each example row can be left out.
#[component]
pub fn NotesTable(import: Import, preview: Box<Preview>) -> impl IntoView {
    let counts: Vec<_> = preview.notes.counts.iter().map(|(r, n)| (*r, *n)).collect();
    let examples = preview.notes.examples.clone();
    let headers: Vec<String> = preview.columns.iter().map(|c| c.header.clone()).collect();
    let name = preview.name.clone();
    let said = !counts.is_empty();
    let shown = Memo::new(move |_| said || save_label(import).is_some());
    move || {
        shown.get().then(|| {
        let (counts, examples, headers, name) = (counts.clone(), examples.clone(), headers.clone(), name.clone());
        view! {
            <section class="panel" aria-labelledby="import-notes">
                <h2 id="import-notes">"Rows to look at"</h2>
                {said.then(|| reasons(counts))}
                {move || save_label(import).map(|label| {
                    let name = name.clone();
                    view! { <Button label=label icon=Icon::Download on_press=move |()| save_refused(import, name.clone()) /> }
                })}
                {(!examples.is_empty()).then(|| shown_rows(import, examples, &headers))}
            </section>
        }
    })
    }
}

fn reasons(counts: Vec<(Reason, u64)>) -> impl IntoView {
    view! {
        <ul class="reason-list">
            {counts.into_iter().map(|(reason, n)| view! {
                <li>
                    <Chip text=wording::severity(reason.severity()) tone=wording::tone(reason.severity()) />
                    {format!(" {} · {}", format_count(n as usize, Default::default()), wording::reason(reason))}
                </li>
            }).collect_view()}
        </ul>
    }
}

fn shown_rows(import: Import, examples: Vec<RowNote>, headers: &[String]) -> impl IntoView + use<> {
    let count = plural(examples.len(), "row", "rows", Default::default());
    let rows = examples
        .into_iter()
        .map(|note| note_row(import, note, headers))
        .collect_view();
    view! {
        <details>
            <summary>{format!("Show {count}")}</summary>
            <table class="plain-table">
                <thead>
                    <tr><th scope="col" class="num">"Line"</th><th scope="col">"Column"</th><th scope="col">"Value"</th><th scope="col">"What"</th><th scope="col">"What to do"</th><th scope="col">"Row"</th></tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}

fn note_row(import: Import, note: RowNote, headers: &[String]) -> impl IntoView + use<> {
    let column = note
        .column
        .and_then(|c| headers.get(c as usize))
        .cloned()
        .unwrap_or_default();
    let line = note.line;
    let what = match note.other_line {
        Some(other) => format!("{} (line {other})", wording::reason(note.reason)),
        None => wording::reason(note.reason).to_owned(),
    };
    let act = act_of(import, &note);
    view! {
        <tr>
            <td class="num">{line}</td>
            <td>{column}</td>
            <td>{note.value}</td>
            <td>{what}</td>
            <td>{wording::hint(note.reason.hint())}</td>
            <td>
                {act}
            </td>
        </tr>
    }
}

/// What can be done about a row: a staged one is unticked; one of two that share a key is left out,
/// and the file read again, as the other is good then.
fn act_of(import: Import, note: &RowNote) -> Option<AnyView> {
    let line = note.line;
    let again = |label: &'static str, out: bool| {
        let change = move |()| {
            import.again(move |o| {
                _ = match out {
                    true => o.leave_out.insert(line),
                    false => o.leave_out.remove(&line),
                }
            });
        };
        view! { <Button label=label kind=ButtonKind::Quiet on_press=change /> }.into_any()
    };
    match (note.reason, note.reason.severity()) {
        (Reason::DuplicateKey, _) => Some(again("Leave out", true)),
        (Reason::LeftOut, _) => Some(again("Take in again", false)),
        (_, Severity::Warned) => {
            let ticked = Memo::new(move |_| import.ticks.with(|t| t.contains(u64::from(line))));
            let label = Signal::derive(move || {
                if ticked.get() {
                    "Leave out"
                } else {
                    "Take in again"
                }
                .to_owned()
            });
            let turn = move |()| import.ticks.update(|t| t.toggle(u64::from(line)));
            Some(view! { <Button label=label kind=ButtonKind::Quiet on_press=turn /> }.into_any())
        }
        _ => None,
    }
}

/// The button that saves what is not taken in; none where everything is.
fn save_label(import: Import) -> Option<&'static str> {
    let (refused, left) = import
        .figures
        .with(|f| (f.counts.refused > 0, f.counts.left_out > 0));
    match (refused, left) {
        (true, false) => Some("Save the refused rows as CSV"),
        (false, true) => Some("Save the rows left out as CSV"),
        (true, true) => Some("Save refused and left-out rows as CSV"),
        (false, false) => None,
    }
}

fn save_refused(import: Import, name: String) {
    let Some(job) = import.job.get_untracked() else {
        return;
    };
    leptos::task::spawn_local(async move {
        let saved = match job.refused().await {
            Ok(bytes) => files::download(&format!("refused-{name}.csv"), "text/csv", &[bytes])
                .map_err(|e| format!("{e:?}")),
            Err(e) => Err(format!("{e:?}")),
        };
        match saved {
            Ok(()) => import
                .toasts
                .done("The rows are in your downloads, each with its reason."),
            Err(what) => import
                .toasts
                .error(format!("The rows were not saved: {what}.")),
        }
    });
}
