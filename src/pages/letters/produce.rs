//! Producing the letters of a run: one archive with a file a customer and a mail-merge sheet, one
//! commit that records them. Sent they are when a person says so.

use super::follow::Row;
use super::{Page, wording};
use crate::pages::shared::letter::{Outgoing, download, of_message, produce, workbook};
use crate::platform::pause::{self, Slice};
use crate::ui::prelude::*;
use duebook_exchange::write::archive::Archive;
use duebook_letters::sheet::{MergeRow, merge};
use duebook_letters::words::Words;
use leptos::prelude::*;

const FORMATS: [(&str, &str); 3] = [
    ("eml", "Mail files (.eml), opened as drafts"),
    ("docx", "Word documents (.docx)"),
    ("html", "Pages to print (.html)"),
];

/// The button and its dialog.
#[component]
pub fn Produce(page: Page) -> impl IntoView {
    let open = RwSignal::new(false);
    let format = RwSignal::new("eml".to_owned());
    let busy = RwSignal::new(None::<usize>);
    let count = Memo::new(move |_| page.wanted().len());
    let label = Signal::derive(move || format!("Produce {}", wording::letters(count.get())));
    let refused = Signal::derive(move || {
        let past = page.ws.chosen_view().get().is_some();
        match (past, count.get()) {
            (true, _) => {
                Some("These are past figures. Go back to today to write letters.".to_owned())
            }
            (_, 0) => Some("Nothing that is listed would go.".to_owned()),
            _ => None,
        }
    });
    let make = move |()| {
        let rows = untrack(|| page.wanted());
        let format = format.get_untracked();
        leptos::task::spawn_local(async move {
            let done = run(page, rows, format, busy).await;
            let _ = busy.try_set(None);
            if done {
                let _ = open.try_set(false);
            }
        });
    };
    let choices = Signal::stored(
        FORMATS
            .iter()
            .map(|(v, l)| Choice::new(*v, *l))
            .collect::<Vec<_>>(),
    );
    let doing = Signal::derive(move || busy.get().map(|n| format!("{n} done")));
    let actions = move || {
        view! {
            <Button label="Cancel" kind=ButtonKind::Quiet on_press=move |()| open.set(false) />
            <Button label=label kind=ButtonKind::Primary refused=doing on_press=make />
        }
    };
    view! {
        <Button label=label kind=ButtonKind::Primary icon=Icon::File refused=refused on_press=move |()| open.set(true) />
        <Dialog open=open title=label actions=actions>
            <RadioGroup label="A file for each customer" choices=choices value=format />
            <p>"One ZIP comes into your downloads: the letters, and a mail-merge sheet with customer, mailbox, subject, amount and file name."</p>
            <p class="muted">"They are recorded as produced. Send them as you are used to, then say so on the tab “To confirm”: only that moves ladder, timeline and quiet days."</p>
        </Dialog>
    }
}

/// Writes the archive in slices, records the letters, hands the archive over.
async fn run(page: Page, rows: Vec<Row>, format: String, busy: RwSignal<Option<usize>>) -> bool {
    let words = Words::of("en");
    let mut archive = Archive::default();
    let mut merged: Vec<MergeRow> = Vec::new();
    let mut letters: Vec<Outgoing> = Vec::new();
    let mut left: Vec<String> = Vec::new();
    let mut slice = Slice::begin();
    for row in &rows {
        if slice.is_over() {
            let _ = busy.try_set(Some(letters.len()));
            pause::pause().await;
            slice = Slice::begin();
        }
        let message = row.message();
        let made = message.and_then(|m| of_message(page.ws, row.customer, &row.plan, m));
        let Some(letter) = made.filter(|l| l.problem().is_none()) else {
            left.push(row.name.clone());
            continue;
        };
        let bytes = match format.as_str() {
            "docx" => letter.docx(),
            "html" => Ok(letter.page().into_bytes()),
            _ => Ok(letter.eml()),
        };
        let name = format!("{} {}.{format}", letter.file(), letter.name);
        let added = bytes.and_then(|b| archive.add(&name, &b).map_err(|e| format!("{e:?}")));
        let file = match added {
            Ok(file) => file,
            Err(e) => {
                page.toasts
                    .error(format!("Not written: {e}. Nothing in the book changed."));
                return false;
            }
        };
        merged.push(MergeRow {
            number: letter.number.clone(),
            customer: letter.name.clone(),
            contact: letter.person.name.clone(),
            mailbox: letter.person.mail.clone(),
            language: letter.composed.language.clone(),
            template: letter.template.name.clone(),
            subject: letter.composed.subject.clone(),
            asked: words.sums(&letter.composed.totals),
            invoices: letter.lines.iter().filter(|l| l.is_debit()).count(),
            oldest: row.oldest(),
            file,
            tie: letter.composed.tie.clone(),
        });
        letters.push(letter);
    }
    if letters.is_empty() {
        page.toasts
            .error("No letter could be written: open one to see what its template lacks.");
        return false;
    }
    let list = workbook("Mail merge".to_owned(), vec![merge(&merged)]);
    let added = list.and_then(|b| {
        archive
            .add("Mail merge.xlsx", &b)
            .map_err(|e| format!("{e:?}"))
    });
    let zip = added.and_then(|_| archive.finish().map_err(|e| format!("{e:?}")));
    let zip = match zip {
        Ok(zip) => zip,
        Err(e) => {
            page.toasts
                .error(format!("Not written: {e}. Nothing in the book changed."));
            return false;
        }
    };
    let mut done = format!(
        "{} recorded as produced, not sent",
        wording::letters(letters.len())
    );
    if !left.is_empty() {
        done.push_str(&format!(
            "; not written, for want of a fact their template names: {}",
            left.join(", ")
        ));
    }
    let name = format!("letters-{}.zip", page.ws.today_untracked());
    let toasts = page.toasts;
    produce(page.ws, toasts, &letters, done, move |_| {
        download(toasts, &name, "application/zip", Ok(zip));
    });
    true
}
