//! A case leaves as a mail to copy or a mail file, a whole desk as one digest: routing without a
//! server (A5).

use super::{Page, list};
use crate::platform::{clipboard, files};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::NewTexts;
use duebook_insight::cases::{CaseRow, HandOff, digest, hand_off};
use duebook_ledger::Command;
use duebook_ledger::cases::{CaseCommand, SaidKind};
use leptos::prelude::*;

fn mail(page: Page, row: &CaseRow) -> Option<HandOff> {
    let format = words::number_format();
    page.ws.peek_all(|b, texts| {
        let said = b.case(row.id).and_then(|c| c.fact.text);
        let said = said.and_then(|t| texts.get(t)).unwrap_or_default();
        hand_off(b, row.id, row, said, "", &format)
    })
}

fn whole(mail: &HandOff) -> String {
    format!("{}\n\n{}", mail.subject, mail.body)
}

/// Copies the mail, and keeps on the case that it went.
pub fn copy(page: Page, row: &CaseRow) {
    let Some(mail) = mail(page, row) else {
        return;
    };
    let to = list::holder(row).to_owned();
    let key = page.ws.peek(|b| b.case(row.id).map(|c| c.key));
    let (toasts, number) = (page.toasts, row.number.clone());
    let past = page.past();
    leptos::task::spawn_local(async move {
        if let Err(e) = clipboard::copy(&whole(&mail)).await {
            return toasts.error(format!(
                "Not copied: the browser did not allow it ({e}). Save it as a mail file instead."
            ));
        }
        let Some(key) = key.filter(|_| !past) else {
            return toasts.done("Copied as mail");
        };
        let command = Command::Case(CaseCommand::Say {
            cases: vec![key],
            kind: SaidKind::HandedOff,
            text: None,
            by: to,
        });
        let done = format!("{number} copied as mail, kept as handed over");
        page.ws
            .run(toasts, command, NewTexts::default(), done, |_| {});
    });
}

/// A mail file: RFC 5322 with a plain text, opened by any mail program as a draft.
fn eml(mail: &HandOff) -> Vec<u8> {
    // A header in another script is written as an encoded word.
    let subject = if mail.subject.is_ascii() {
        mail.subject.clone()
    } else {
        let bytes = mail.subject.as_bytes();
        let coded: String = bytes.iter().map(|b| format!("={b:02X}")).collect();
        format!("=?utf-8?Q?{coded}?=")
    };
    let body = mail.body.replace('\n', "\r\n");
    format!(
        "X-Unsent: 1\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}"
    )
    .into_bytes()
}

fn save(page: Page, name: &str, mail: &HandOff) {
    match files::download(name, "message/rfc822", &[eml(mail)]) {
        Ok(()) => page.toasts.done(format!("{name}: in your downloads.")),
        Err(e) => page.toasts.error(format!(
            "{name} was not handed over: {e:?}. Nothing in the book changed."
        )),
    }
}

/// The case as a file.
#[component]
pub fn PackMenu(page: Page, row: CaseRow) -> impl IntoView {
    let kept = StoredValue::new(row);
    let items = Signal::derive_local(move || {
        let save_mail = Callback::new(move |()| {
            let row = kept.get_value();
            if let Some(mail) = mail(page, &row) {
                save(page, &format!("case-{}.eml", row.number), &mail);
            }
        });
        let print = Callback::new(move |()| {
            if let Some(window) = web_sys::window() {
                // A browser that does not print says so itself.
                let _ = window.print();
            }
        });
        vec![
            MenuItem::new("Save as a mail file (.eml)", save_mail).icon(Icon::Mail),
            MenuItem::new("Print the case", print).icon(Icon::Report),
        ]
    });
    view! { <Menu label="Case as a file" items=items /> }
}

/// One digest for whoever is chosen, else for everybody who has something.
#[component]
pub fn DigestMenu(page: Page, who: Memo<Option<String>>) -> impl IntoView {
    let items = Signal::derive_local(move || {
        let rows = page.all.get();
        let mut names: Vec<String> = rows
            .iter()
            .filter(|r| !r.is_over())
            .map(|r| list::holder(r).to_owned())
            .filter(|h| !h.is_empty() && who.with(|w| w.as_ref().is_none_or(|w| w == h)))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
            .into_iter()
            .map(|name| {
                let label = format!("Copy the digest of {name}");
                let run = Callback::new(move |()| copy_digest(page, &name));
                MenuItem::new(label, run).icon(Icon::Mail)
            })
            .collect::<Vec<_>>()
    });
    view! { <Menu label="Digest" items=items /> }
}

fn copy_digest(page: Page, who: &str) {
    let rows = page.all.get_untracked();
    let theirs: Vec<&CaseRow> = rows
        .iter()
        .filter(|r| !r.is_over() && list::holder(r) == who)
        .collect();
    let today = page.ws.today_untracked();
    let mail = page
        .ws
        .peek(|b| digest(b, &theirs, who, today, &words::number_format()));
    let toasts = page.toasts;
    leptos::task::spawn_local(async move {
        match clipboard::copy(&whole(&mail)).await {
            Ok(()) => toasts.done(format!("Copied: {}", mail.subject)),
            Err(e) => toasts.error(format!(
                "Not copied: the browser did not allow it ({e}). Nothing in the book changed."
            )),
        }
    });
}

/// The dispute log as a file, and the postings proposed this month.
#[component]
pub fn SaveMenu(page: Page) -> impl IntoView {
    let save = move |kind: &'static str, format: &'static str| {
        Callback::new(move |()| page.ws.export(page.toasts, kind, format, Vec::new(), None))
    };
    let items = Signal::stored_local(vec![
        MenuItem::new("All cases as Excel", save("cases", "xlsx")),
        MenuItem::new("All cases as CSV", save("cases", "csv")),
        MenuItem::new(
            "Proposed postings of the month as Excel",
            save("postings", "xlsx"),
        ),
        MenuItem::new(
            "Proposed postings of the month as CSV",
            save("postings", "csv"),
        ),
    ]);
    view! { <Menu label="Save as" items=items /> }
}
