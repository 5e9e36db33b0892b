//! A letter taken out: clipboard, mail file, mail link, paper, Word, workbook; and its record.

use super::make::Outgoing;
use super::show;
use crate::platform::{clipboard, clock, files, print};
use crate::ui::prelude::*;
use crate::workspace::{NewTexts, Ws};
use duebook_exchange::write::{archive, xlsx};
use duebook_ledger::keys::FactKey;
use duebook_ledger::letters::{LetterTotal, LettersCommand, NewLetter};
use duebook_ledger::{Book, Command, Seq};
use duebook_letters::eml::{Mail, Mailbox};
use duebook_letters::words::Words;
use duebook_letters::{docx, eml, html, mailto, sheet, text};
use duebook_sheet::Workbook;
use std::ops::ControlFlow;

impl Outgoing {
    /// Why it cannot go out, if it cannot.
    pub fn problem(&self) -> Option<String> {
        let missing = &self.composed.missing;
        let unknown = (!missing.is_empty()).then(|| {
            let fields: Vec<String> = missing.iter().map(|f| format!("{{{{{f}}}}}")).collect();
            format!(
                "The template “{}” says {}, and the book does not know it.",
                self.template.name,
                fields.join(", ")
            )
        });
        self.held.clone().or(unknown)
    }
    /// Plain text of the body.
    pub fn text(&self) -> String {
        text::render(&self.composed.body)
    }
    /// Formatted text of the body.
    pub fn html(&self) -> String {
        html::fragment(&self.composed.body)
    }
    /// A file that opens in any browser and prints.
    pub fn page(&self) -> String {
        let c = &self.composed;
        html::page(&c.subject, &c.language, &c.body)
    }
    /// A mail with attachments, as a file.
    pub fn eml(&self) -> Vec<u8> {
        eml::write(&Mail {
            from: Mailbox {
                name: self.sender.name.clone(),
                address: self.sender.mailbox.clone(),
            },
            to: vec![Mailbox {
                name: self.person.name.clone(),
                address: self.person.mail.clone(),
            }],
            subject: self.composed.subject.clone(),
            text: self.text(),
            html: self.page(),
            attachments: self.attachments.clone(),
            at: clock::now_ms(),
        })
    }
    /// A link that opens the mail program.
    pub fn mailto(&self) -> mailto::Link {
        let rest = "[The table is on the clipboard: paste it here.]";
        let to = [self.person.mail.as_str()];
        mailto::link(&to, &self.composed.subject, &self.text(), rest)
    }
    /// A Word document.
    pub fn docx(&self) -> Result<Vec<u8>, String> {
        let parts = docx::parts(&self.composed.subject, &self.composed.body);
        archive::package(&parts).map_err(|e| format!("{e:?}"))
    }
    /// A workbook of its lines.
    pub fn xlsx(&self) -> Result<Vec<u8>, String> {
        let sheets = sheet::items(&self.name, &self.lines, self.as_of);
        workbook(self.composed.subject.clone(), sheets)
    }
    /// The letter and what goes along, in one archive.
    pub fn zip(&self) -> Result<Vec<u8>, String> {
        let mut zip = archive::Archive::default();
        let words = |e| format!("{e:?}");
        zip.add(&format!("{}.docx", self.file()), &self.docx()?)
            .map_err(words)?;
        for file in &self.attachments {
            zip.add(&file.name, &file.bytes).map_err(words)?;
        }
        zip.finish().map_err(words)
    }
    /// A name for its files, without the ending.
    pub fn file(&self) -> String {
        format!("{} {} {}", self.number, self.template.name, self.as_of)
    }
}

/// A workbook without a README: it goes to a customer.
pub fn workbook(title: String, sheets: Vec<duebook_sheet::Sheet<'_>>) -> Result<Vec<u8>, String> {
    let workbook = Workbook::bare(title, sheets);
    let mut bytes = Vec::new();
    let mut go_on = |_| ControlFlow::Continue(());
    xlsx::write(&workbook, &xlsx::Options::default(), &mut bytes, &mut go_on)
        .map_err(|e| format!("{e:?}"))?;
    Ok(bytes)
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Hands a file over; says so, or why not. Answers whether it did.
pub fn download(toasts: Toasts, name: &str, mime: &str, bytes: Result<Vec<u8>, String>) -> bool {
    let name = archive::file_name(name);
    let done = bytes.and_then(|b| files::download(&name, mime, &[b]).map_err(|e| e.to_string()));
    match done {
        Ok(()) => {
            toasts.done(format!("{name} is in your downloads."));
            true
        }
        Err(e) => {
            toasts.error(format!(
                "{name} was not handed over: {e}. Nothing in the book changed."
            ));
            false
        }
    }
}

/// What can be taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    Copy,
    Subject,
    Recipients,
    Mail,
    Program,
    Print,
    Word,
    Workbook,
    Archive,
}

/// Takes a letter out; `then` is called where it went.
pub fn take(toasts: Toasts, letter: Outgoing, what: Take, then: impl FnOnce() + 'static) {
    let file = letter.file();
    let done = match what {
        Take::Copy | Take::Subject | Take::Recipients => {
            leptos::task::spawn_local(async move {
                let copied = match what {
                    Take::Copy => clipboard::copy_formatted(&letter.html(), &letter.text()).await,
                    Take::Subject => clipboard::copy(&letter.composed.subject).await,
                    _ => clipboard::copy(&letter.person.mail).await,
                };
                match copied {
                    Ok(()) => {
                        toasts.done(match what {
                            Take::Copy => "Copied as a formatted table: paste it into the mail.",
                            Take::Subject => "Subject copied",
                            _ => "Recipient copied",
                        });
                        then();
                    }
                    Err(e) => toasts.error(format!(
                        "Not copied: the browser did not allow it ({e}). Take the mail file instead."
                    )),
                }
            });
            return;
        }
        Take::Mail => download(
            toasts,
            &format!("{file}.eml"),
            "message/rfc822",
            Ok(letter.eml()),
        ),
        Take::Word => download(toasts, &format!("{file}.docx"), DOCX, letter.docx()),
        Take::Archive => download(
            toasts,
            &format!("{file}.zip"),
            "application/zip",
            letter.zip(),
        ),
        Take::Workbook => download(toasts, &format!("{file}.xlsx"), XLSX, letter.xlsx()),
        Take::Program => return open_program(toasts, letter, then),
        Take::Print => match show::element(&letter).and_then(|e| print::print(&e, &file)) {
            Ok(()) => true,
            Err(e) => {
                toasts.error(format!("Not printed: {e}. Nothing in the book changed."));
                false
            }
        },
    };
    if done {
        then();
    }
}

/// The mail program, with what a link holds; the formatted body is on the clipboard.
fn open_program(toasts: Toasts, letter: Outgoing, then: impl FnOnce() + 'static) {
    let link = letter.mailto();
    leptos::task::spawn_local(async move {
        let copied = clipboard::copy_formatted(&letter.html(), &letter.text()).await;
        let opened = web_sys::window()
            .ok_or("no window".to_owned())
            .and_then(|w| {
                w.location()
                    .set_href(&link.href)
                    .map_err(|e| format!("{e:?}"))
            });
        match (opened, copied, link.cut) {
            (Err(e), ..) => toasts.error(format!(
                "The mail program did not open ({e}). Take the mail file instead."
            )),
            (Ok(()), Ok(()), true) => {
                toasts.done("The mail program opens with the beginning; the whole letter is on the clipboard.");
                then();
            }
            (Ok(()), Err(_), true) => toasts
                .error("The letter is longer than a mail link takes. Take the mail file instead."),
            (Ok(()), ..) => {
                toasts.done("The mail program opens.");
                then();
            }
        }
    });
}

/// The record of a letter: what it said, in plain text beside the log.
///
/// # Errors
/// Where the browser gives no random numbers.
pub fn new_letter(
    book: &Book,
    letter: &Outgoing,
    texts: &mut NewTexts,
) -> Result<NewLetter, String> {
    let c = &letter.composed;
    let words = Words::of("en");
    let sums: Vec<_> = c.totals.iter().copied().filter(|t| t.1 != 0).collect();
    let short = format!("{}: {}", letter.template.name, words.sums(&sums));
    let whole = format!(
        "To: {} <{}>\nSubject: {}\n\n{}",
        letter.person.name,
        letter.person.mail,
        c.subject,
        letter.text()
    );
    let customer = book.customer_key(letter.customer);
    let lines = letter.lines.iter().filter_map(|l| {
        let asked = if l.is_debit() { l.asked() } else { l.open };
        Some((book.item_key(l.id)?, asked))
    });
    Ok(NewLetter {
        customer: customer.ok_or("The customer is not in the book any more.")?,
        contact: letter.contact,
        used_for: letter.template.used_for,
        template: letter.template.id.clone(),
        language: letter.template.language.clone(),
        version: letter.template.version,
        medium: letter.medium,
        step: letter.step,
        as_of: letter.as_of,
        lines: lines.collect(),
        totals: c
            .totals
            .iter()
            .map(|(currency, minor)| LetterTotal {
                currency: *currency,
                minor: *minor,
            })
            .collect(),
        subject: texts.add(&short)?,
        content: texts.add(&whole)?,
        tie: c.tie.clone(),
    })
}

/// The keys of the letters that a commit produced.
fn produced_by(book: &Book, commit: Seq) -> Vec<FactKey> {
    let letters = book.letters().iter();
    letters
        .filter(|l| l.commit == commit)
        .map(|l| l.key)
        .collect()
}

/// Records letters as produced; `then` gets their keys.
pub fn produce(
    ws: Ws,
    toasts: Toasts,
    letters: &[Outgoing],
    done: String,
    then: impl FnOnce(Vec<FactKey>) + 'static,
) {
    let mut texts = NewTexts::default();
    let made: Result<Vec<NewLetter>, String> = ws.peek(|book| {
        let one = |l| new_letter(book, l, &mut texts);
        letters.iter().map(one).collect()
    });
    match made {
        Ok(made) => {
            let command = Command::Letters(LettersCommand::Produce(made));
            ws.run(toasts, command, texts, done, move |saved| {
                if let Some(saved) = saved {
                    then(ws.peek(|b| produced_by(b, saved.seq)));
                }
            });
        }
        Err(e) => toasts.error(format!("Not recorded: {e}. The book is as it was.")),
    }
}

/// Says that letters went out.
pub fn sent(
    ws: Ws,
    toasts: Toasts,
    letters: Vec<FactKey>,
    done: String,
    then: impl FnOnce() + 'static,
) {
    let at = clock::now_ms();
    let command = Command::Letters(LettersCommand::ConfirmSent { letters, at });
    ws.run(toasts, command, NewTexts::default(), done, move |saved| {
        if saved.is_some() {
            then();
        }
    });
}
