//! The steps of an import as they are shown: choose, wait, why not, preview.

use super::{
    Import, Step, columns, disputes, doubts, facts, questions, rows, terms, ticks, totals, tracker,
};
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use duebook_exchange::read::{FileKind, Preview};
use leptos::prelude::*;

/// No file in hand.
#[component]
pub fn Choose(import: Import) -> impl IntoView {
    view! {
        <Empty
            icon=Icon::Upload
            title="Choose a file, or drop it here"
            text=Signal::stored("Open items, payments, cleared items, customers and contacts. What the columns mean is found out and shown; you correct it where it is wrong.".to_owned())
            action=move || view! { <FileDrop label="Choose files" on_files=move |files| import.take(files) /> }
        />
    }
}

#[component]
pub fn Working(import: Import) -> impl IntoView {
    let label = Signal::derive(move || match import.step.get() {
        Step::Saving => "Saving".to_owned(),
        _ => "Reading".to_owned(),
    });
    let done = Signal::derive(move || {
        import
            .progress
            .get()
            .filter(|p| p.of > 0)
            .map(|p| (p.done.saturating_mul(1000) / p.of) as u16)
    });
    let detail = Signal::derive(move || {
        import.progress.get().map_or(String::new(), |p| {
            format!(
                "{}, {} of {} MB",
                plural(p.rows as usize, "row", "rows", Default::default()),
                p.done >> 20,
                p.of >> 20
            )
        })
    });
    let cancel = Callback::new(move |()| {
        import.toasts.done("Cancelled. Nothing was written.");
        import.next();
    });
    let reading = Memo::new(move |_| import.step.with(|s| matches!(s, Step::Reading)));
    // What is being written is written whole, and undone as a whole.
    move || match reading.get() {
        true => view! { <Progress label=label done=done detail=detail on_cancel=cancel /> },
        false => view! { <Progress label=label done=done detail=detail /> },
    }
}

#[component]
pub fn Unreadable(import: Import, what: String) -> impl IntoView {
    view! {
        <Callout tone=Tone::Danger title="This file cannot be read">{what}</Callout>
        <p class="button-row">
            <Button label="Choose another file" kind=ButtonKind::Primary on_press=move |()| import.next() />
        </p>
    }
}

#[component]
pub fn PreviewView(import: Import, preview: Box<Preview>) -> impl IntoView {
    if preview.kind == FileKind::Disputes {
        return view! { <disputes::DisputesView import preview /> }.into_any();
    }
    if preview.kind == FileKind::Tracker {
        return view! { <tracker::TrackerView import preview /> }.into_any();
    }
    let asks = !preview.questions.is_empty();
    let accepted = Memo::new(move |_| import.figures.with(|f| f.counts.accepted));
    let what = match preview.kind {
        FileKind::Customers => "customers",
        FileKind::Payments => "payments",
        FileKind::Sales => "months of sales",
        _ => "items",
    };
    let label = Signal::derive(move || {
        // Until then nobody knows how many.
        if asks {
            return "Import".to_owned();
        }
        format!(
            "Import {} {what}",
            format_count(accepted.get() as usize, Default::default())
        )
    });
    let refused = Signal::derive(move || {
        (asks || accepted.get() == 0)
            .then(|| {
                if asks {
                    "Answer the questions first.".to_owned()
                } else if import.figures.with(|f| f.counts.left_out > 0) {
                    "Every row is left out: tick those to be imported.".to_owned()
                } else {
                    "No row can be imported as it is read now.".to_owned()
                }
            })
            .or_else(|| {
                let open = import.open_doubts();
                (!open.is_empty()).then(|| "Confirm what looks doubtful first.".to_owned())
            })
    });
    let to_commit = preview.clone();
    view! {
        <div class="import-preview">
            <questions::Questions import preview=preview.clone() />
            <facts::FactsForm import preview=preview.clone() />
            <terms::TermsCodes import preview=preview.clone() />
            <doubts::Doubts import preview=preview.clone() />
            <totals::TotalsTable import preview=preview.clone() />
            <ticks::RowList import preview=preview.clone() />
            <rows::NotesTable import preview=preview.clone() />
            <columns::ColumnsTable import preview=preview.clone() />
            <div class="import-actions">
                <Button label="Leave this file" kind=ButtonKind::Quiet on_press=move |()| import.next() />
                <Button label=label kind=ButtonKind::Primary refused=refused on_press=move |()| import.commit(to_commit.clone()) />
            </div>
        </div>
    }
    .into_any()
}
