//! What was said about rows, the refused ones as a file, and the first rows as they would be kept.

use super::{Import, wording};
use crate::platform::files;
use crate::ui::format::format_count;
use crate::ui::prelude::*;
use duebook_exchange::read::{Preview, RowNote, Severity};
use leptos::prelude::*;

/// Reasons with exact counts and examples; each example row can be left out.
#[component]
pub fn NotesTable(import: Import, preview: Box<Preview>) -> impl IntoView {
    let counts: Vec<_> = preview.notes.counts.iter().map(|(r, n)| (*r, *n)).collect();
    let examples = preview.notes.examples.clone();
    let headers: Vec<String> = preview.columns.iter().map(|c| c.header.clone()).collect();
    let refused = preview.counts.refused;
    let name = preview.name.clone();
    (!counts.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="import-notes">
                <h2 id="import-notes">"Rows to look at"</h2>
                <ul class="reason-list">
                    {counts.into_iter().map(|(reason, n)| view! {
                        <li>
                            <Chip text=wording::severity(reason.severity()) tone=wording::tone(reason.severity()) />
                            {format!(" {} · {}", format_count(n as usize, Default::default()), wording::reason(reason))}
                        </li>
                    }).collect_view()}
                </ul>
                {(refused > 0).then(|| view! {
                    <Button label="Save the refused rows as CSV" icon=Icon::Download on_press=move |()| save_refused(import, name.clone()) />
                })}
                <details>
                    <summary>{format!("Show {} rows", examples.len())}</summary>
                    <table class="plain-table">
                        <thead>
                            <tr><th scope="col" class="num">"Line"</th><th scope="col">"Column"</th><th scope="col">"Value"</th><th scope="col">"What"</th><th scope="col">"What to do"</th><th scope="col">"Row"</th></tr>
                        </thead>
                        <tbody>
                            {examples.into_iter().map(|note| note_row(import, note, &headers)).collect_view()}
                        </tbody>
                    </table>
                </details>
            </section>
        }
    })
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
    let can_leave = note.reason.severity() != Severity::Skipped;
    view! {
        <tr>
            <td class="num">{line}</td>
            <td>{column}</td>
            <td>{note.value}</td>
            <td>{what}</td>
            <td>{wording::hint(note.reason.hint())}</td>
            <td>
                {can_leave.then(|| view! {
                    <Button label="Leave out" kind=ButtonKind::Quiet on_press=move |()| import.again(move |o| _ = o.leave_out.insert(line)) />
                })}
            </td>
        </tr>
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
                .done("The refused rows are in your downloads."),
            Err(what) => import
                .toasts
                .error(format!("The refused rows were not saved: {what}.")),
        }
    });
}

/// The first rows as they would be kept.
#[component]
pub fn FirstRows(preview: Box<Preview>) -> impl IntoView {
    let items = preview.items.clone();
    (!items.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="import-first">
                <h2 id="import-first">{format!("First {} rows as they would be kept", items.len())}</h2>
                <div class="table-scroll" tabindex="0" role="region" aria-label="First rows">
                    <table class="plain-table">
                        <thead>
                            <tr>
                                <th scope="col" class="num">"Line"</th><th scope="col">"Customer"</th><th scope="col">"Name"</th><th scope="col">"Document"</th>
                                <th scope="col">"Kind"</th><th scope="col">"Date"</th><th scope="col">"Due"</th><th scope="col" class="num">"Original"</th>
                                <th scope="col" class="num">"Open"</th><th scope="col">"Currency"</th>
                            </tr>
                        </thead>
                        <tbody>
                            {items.into_iter().map(|i| view! {
                                <tr>
                                    <td class="num">{i.line}</td><td>{i.customer}</td><td>{i.name}</td><td>{i.number}</td>
                                    <td>{i.kind}</td><td>{i.doc_date.unwrap_or_default()}</td><td>{i.due.unwrap_or_default()}</td>
                                    <td class="num">{i.amount}</td><td class="num">{i.open}</td><td>{i.currency}</td>
                                </tr>
                            }).collect_view()}
                        </tbody>
                    </table>
                </div>
            </section>
        }
    })
}
