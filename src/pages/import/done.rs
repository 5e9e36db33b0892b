//! After the commit: what is in the book now, what is missing for the work, and where to begin.

use super::{Done, Import, wording};
use crate::app::href;
use crate::ui::format::format_count;
use crate::ui::prelude::*;
use duebook_exchange::read::FileKind;
use leptos::prelude::*;

/// Ends on the totals and one button: start work.
#[component]
pub fn DoneView(import: Import, done: Done) -> impl IntoView {
    let ws = import.ws;
    let facts = ws.peek(|b| {
        b.imports().find(|i| i.commit == done.seq).map(|i| {
            format!(
                "{} added, {} changed",
                format_count(i.added as usize, Default::default()),
                format_count(i.changed as usize, Default::default())
            )
        })
    });
    // Payments that name nothing this book knows, or that it has already, are not among the added.
    let added = ws.peek(|b| b.imports().find(|i| i.commit == done.seq).map(|i| i.added));
    let taken = import.figures.with_untracked(|f| f.counts.accepted);
    let not_taken = match (done.preview.kind, added) {
        (FileKind::Payments, Some(added)) => taken.saturating_sub(added),
        _ => 0,
    };
    let missing = done.preview.missing.clone();
    let more = import.queue.with_untracked(Vec::len);
    let seq = done.seq;
    let go_on = if more > 0 {
        "Go on with the next file"
    } else {
        "Import another file"
    };
    view! {
        <div class="import-preview">
        <Callout tone=Tone::Good title=format!("{} is in the book", done.preview.name)>
            {format!("{}. Saved as commit {}.", facts.unwrap_or_default(), seq.0)}
        </Callout>
        {(not_taken > 0).then(|| view! {
            <Callout tone=Tone::Warn title="Not every payment was taken in">
                {format!(
                    "{} of {} are in the book already, or name neither a document nor a customer it knows. Import the open items or customers they belong to, then this file again: what is in is not doubled.",
                    format_count(not_taken as usize, Default::default()),
                    format_count(taken as usize, Default::default()),
                )}
            </Callout>
        })}
        <super::totals::TotalsTable import preview=done.preview.clone() />
        {(!missing.is_empty()).then(|| view! {
            <section class="panel" aria-labelledby="import-missing">
                <h2 id="import-missing">"Still missing for the work"</h2>
                <ul>{wording::missing(&missing).into_iter().map(|m| view! { <li>{m}</li> }).collect_view()}</ul>
            </section>
        })}
        <p class="button-row">
            <Button label="Undo this import" kind=ButtonKind::Quiet on_press=move |()| { ws.undo(import.toasts, seq); import.next(); } />
            <Button label=go_on on_press=move |()| import.next() />
            <a class="btn" href=href(ws, "aging")>"See the aging"</a>
            <a class="btn" href=href(ws, "today")>"Start work"</a>
            <a class="btn btn-primary" href=href(ws, "changes")>"See what changed"</a>
        </p>
        </div>
    }
}
