//! Copies of documents: those of the items selected, with the statement, in one mail or ZIP. What
//! the book keeps by name only is dropped here and checked against the digest it was linked under.

use super::make::{Outgoing, other, statement};
use crate::pages::shared::account::Account;
use crate::platform::files;
use crate::ui::prelude::*;
use crate::workspace::Ws;
use duebook_ledger::event::BlockRef;
use duebook_ledger::keys::TextRef;
use duebook_ledger::{CustomerId, ItemId};
use duebook_letters::eml::Attachment;
use leptos::prelude::*;
use web_sys::File;

/// A document to go along.
#[derive(Debug, Clone, PartialEq)]
pub struct Copy {
    name: String,
    digest: [u8; 32],
    content: Option<TextRef>,
}

fn mime(name: &str) -> &'static str {
    match name.to_lowercase().rsplit('.').next() {
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        _ => "application/octet-stream",
    }
}

/// The documents of items, each once; of all open items where none is selected.
pub fn copies_of(account: Account) -> (Vec<ItemId>, Vec<Copy>) {
    let selected = untrack(|| account.selected());
    let all = account.items.get_untracked();
    let ids: Vec<ItemId> = match selected.is_empty() {
        true => all.iter().map(|l| l.id).collect(),
        false => selected.iter().map(|l| l.id).collect(),
    };
    let mut found: Vec<Copy> = Vec::new();
    account.ws.peek(|book| {
        for (_, document) in ids.iter().flat_map(|i| book.documents_of(*i)) {
            let fact = &document.fact;
            if !found.iter().any(|c| c.digest == fact.digest) {
                found.push(Copy {
                    name: fact.name.clone(),
                    digest: fact.digest,
                    content: fact.content,
                });
            }
        }
    });
    match selected.is_empty() {
        // The open items that have none are not part of it.
        true => {
            let with = |i: &ItemId| account.ws.peek(|b| !b.documents_of(*i).is_empty());
            (ids.into_iter().filter(with).collect(), found)
        }
        false => (ids, found),
    }
}

/// The letter with its copies and the statement.
pub fn letter_of(
    ws: Ws,
    customer: CustomerId,
    items: &[ItemId],
    copies: &[Copy],
) -> Option<Outgoing> {
    let names = copies.iter().map(|c| c.name.clone()).collect();
    let mut letter = other(ws, customer, "documents", Some(items), names)?;
    let mut attached: Vec<Attachment> = Vec::new();
    if let Some(statement) = statement(ws, customer, None)
        && let Ok(bytes) = statement.docx()
    {
        attached.push(Attachment {
            name: format!("{}.docx", statement.file()),
            mime: super::out::DOCX.to_owned(),
            bytes,
        });
    }
    let mut lacking = Vec::new();
    for copy in copies {
        let bytes = copy
            .content
            .and_then(|c| ws.peek_all(|_, texts| texts.file(c)));
        match bytes {
            Some(bytes) => attached.push(attachment(&copy.name, bytes.to_vec())),
            None => lacking.push(copy.name.clone()),
        }
    }
    letter.attachments = attached;
    letter.lacking = lacking;
    Some(letter)
}

fn attachment(name: &str, bytes: Vec<u8>) -> Attachment {
    Attachment {
        name: name.to_owned(),
        mime: mime(name).to_owned(),
        bytes,
    }
}

/// What is attached, and what is still to be dropped.
#[component]
pub fn Attached(letter: RwSignal<Option<Outgoing>>, copies: RwSignal<Vec<Copy>>) -> impl IntoView {
    let toasts = use_toasts();
    let take = Callback::new(move |dropped: Vec<File>| {
        leptos::task::spawn_local(async move {
            for file in dropped {
                let bytes = match files::read(&file).await {
                    Ok(bytes) => bytes,
                    Err(e) => {
                        toasts.error(format!("{} was not read ({e}).", file.name()));
                        continue;
                    }
                };
                let digest = BlockRef::of(&bytes, 0).digest;
                let known = copies.try_with_untracked(|all| {
                    all.iter()
                        .find(|c| c.digest == digest)
                        .map(|c| c.name.clone())
                });
                match known.flatten() {
                    Some(name) => {
                        let _ = letter.try_update(|l| {
                            if let Some(l) = l
                                && l.lacking.contains(&name)
                            {
                                l.lacking.retain(|n| *n != name);
                                l.attachments.push(attachment(&name, bytes));
                            }
                        });
                    }
                    None => toasts.error(format!(
                        "{} is not one of these documents as they were linked: its content differs.",
                        file.name()
                    )),
                }
            }
        });
    });
    let attached = move || {
        letter.with(|l| {
            l.as_ref().map_or(String::new(), |l| {
                let names: Vec<&str> = l.attachments.iter().map(|a| a.name.as_str()).collect();
                names.join(", ")
            })
        })
    };
    let lacking =
        Memo::new(move |_| letter.with(|l| l.as_ref().map_or(Vec::new(), |l| l.lacking.clone())));
    view! {
        <p>"Attached: " {attached}</p>
        <Show when=move || lacking.with(|l| !l.is_empty())>
            <Callout tone=Tone::Warn title="Known by name only">
                {move || lacking.with(|l| format!("{}: drop the files, or go without them.", l.join(", ")))}
            </Callout>
            <FileDrop label="Choose the documents" on_files=take />
        </Show>
    }
}
