//! A case leaves as a mail to copy, a mail file, a workbook or on paper: routing without a server (A5).

use super::Page;
use crate::platform::{clipboard, files};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::NewTexts;
use duebook_insight::cases::{CaseRow, HandOff, hand_off};
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

pub fn whole(mail: &HandOff) -> String {
    format!("{}\n\n{}", mail.subject, mail.body)
}

/// Copies the mail, and keeps on the case that it went.
pub fn copy(page: Page, row: &CaseRow) {
    let Some(mail) = mail(page, row) else {
        return;
    };
    let to = row.holder().to_owned();
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

/// Hands a mail over as a file: any mail program opens it as a draft.
pub fn save(page: Page, name: &str, mail: &HandOff) {
    let bytes = duebook_letters::eml::plain(&mail.subject, &mail.body);
    match files::download(name, "message/rfc822", &[bytes]) {
        Ok(()) => page.toasts.done(format!("{name}: in your downloads.")),
        Err(e) => page.toasts.error(format!(
            "{name} was not handed over: {e}. Nothing in the book changed."
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
        let save_xlsx = Callback::new(move |()| {
            let row = kept.get_value();
            page.ws.export_case(page.toasts, row.id.0, &row.number);
        });
        vec![
            MenuItem::new("Save as a mail file (.eml)", save_mail).icon(Icon::Mail),
            MenuItem::new("Save as Excel (.xlsx)", save_xlsx).icon(Icon::Download),
            MenuItem::new(
                "Print the case",
                Callback::new(|()| crate::ui::dom::print()),
            )
            .icon(Icon::Report),
        ]
    });
    view! { <Menu label="Case as a file" items=items /> }
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
