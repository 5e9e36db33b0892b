//! A mail that came in: pasted, or dropped as a file; read, its documents and amounts found, filed as
//! a dated contact.

use crate::pages::shared::Person;
use crate::pages::shared::account::Account;
use crate::platform::{clock, files};
use crate::ui::dom;
use crate::ui::file_drop::carries_files;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_ledger::command::LogContact;
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::keys::FactKey;
use duebook_ledger::{Command, OpenScan, View};
use duebook_letters::lines::{Line, open_lines};
use duebook_letters::mail::{self, MAX_MAIL, Marked};
use duebook_money::NumberFormat;
use leptos::prelude::*;
use web_sys::File;

/// What a mail may be, for the outcome of the contact.
const WHAT: [(&str, Outcome, &str); 8] = [
    ("promise", Outcome::Informed, "They promise to pay"),
    ("informed", Outcome::Informed, "News, nothing agreed"),
    (
        "paid",
        Outcome::PaidClaim,
        "They say it is paid (remittance)",
    ),
    ("process", Outcome::InProcess, "In their process"),
    ("dispute", Outcome::Dispute, "They dispute it"),
    ("query", Outcome::Query, "They ask for a document"),
    ("po", Outcome::NeedsPo, "They need a purchase order"),
    ("cash", Outcome::CashFlow, "Short of cash"),
];

/// The dialog.
#[component]
pub fn Incoming(account: Account, open: RwSignal<bool>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let about = RwSignal::new(mail::Incoming::default());
    let what = RwSignal::new("informed".to_owned());
    let dropped = StoredValue::new(false);
    Effect::new(move |_| {
        // A file dropped on the page is read into the dialog that it opens.
        if open.get() && !dropped.try_update_value(std::mem::take).unwrap_or_default() {
            text.set(String::new());
            about.set(mail::Incoming::default());
            what.set("informed".to_owned());
        }
    });
    let lines = Memo::new(move |_| {
        let today = account.ws.today();
        let customer = account.customer;
        account
            .ws
            .read(|b| open_lines(b, &OpenScan::new(b, View::on(today)), customer))
    });
    let marked = Memo::new(move |_| {
        let whole = format!("{} {}", about.with(|a| a.subject.clone()), text.get());
        lines.with(|l| mail::mark(&whole, l))
    });
    let read = move |bytes: Vec<u8>| {
        let mail = mail::read(&bytes);
        text.set(mail.text.clone());
        about.set(mail);
    };
    let take = Callback::new(move |files: Vec<File>| {
        leptos::task::spawn_local(async move {
            if let Some(file) = files.into_iter().next() {
                if file.name().to_lowercase().ends_with(".msg") {
                    account.toasts.error("Outlook’s own .msg files are not read. Save the mail as text or .eml, or paste it.");
                    return;
                }
                match files::read_part(&file, 0, 40 * MAX_MAIL as u64).await {
                    Ok(bytes) => read(bytes),
                    Err(e) => account
                        .toasts
                        .error(format!("{} was not read ({e}).", file.name())),
                }
            }
        });
    });
    on_drop(account, move |file| {
        if !open.get_untracked() {
            dropped.set_value(true);
            text.set(String::new());
            about.set(mail::Incoming::default());
            what.set("informed".to_owned());
            open.set(true);
            take.run(vec![file]);
        }
    });
    let when = move || {
        let at = about.with(|a| a.at);
        at.filter(|at| *at <= clock::now_ms())
            .unwrap_or_else(clock::now_ms)
    };
    let refused = Signal::derive(move || {
        text.with(|t| t.trim().is_empty())
            .then(|| "Paste the mail, or drop it as a file.".to_owned())
    });
    let save = move |()| {
        let a = about.get_untracked();
        let outcome = WHAT.iter().find(|w| what.with_untracked(|c| c == w.0));
        let outcome = outcome.map_or(Outcome::Informed, |w| w.1);
        let mut whole = Vec::new();
        if !a.from.is_empty() {
            whole.push(format!("From: {}", a.from));
        }
        if !a.subject.is_empty() {
            whole.push(format!("Subject: {}", a.subject));
        }
        if !a.attachments.is_empty() {
            whole.push(format!("Attached: {}", a.attachments.join(", ")));
        }
        whole.push(text.get_untracked());
        let mut texts = NewTexts::default();
        let note = match texts.add(&whole.join("\n")) {
            Ok(note) => note,
            Err(e) => {
                return account
                    .toasts
                    .error(format!("Not saved: {e}. The book is as it was."));
            }
        };
        let ids = marked.with_untracked(|m| m.items.clone());
        let items = account
            .ws
            .peek(|b| ids.iter().filter_map(|i| b.item_key(*i)).collect());
        let command = Command::LogContact(LogContact {
            customer: account.key(),
            contact: sender(account, &a.from),
            channel: Channel::Email,
            outcome,
            at: untrack(when),
            local_offset: None,
            seconds: 0,
            note,
            items,
            promise: None,
            follow_up: None,
            closes: Vec::new(),
        });
        let done = format!("Mail filed as a contact: {}", account.name());
        let follows = follows(account, &what.get_untracked(), marked.get_untracked());
        let close = closes(open);
        account
            .ws
            .run(account.toasts, command, texts, done, move |saved| {
                let filed = saved.is_some();
                close(saved);
                if filed {
                    follows();
                }
            });
    };
    let choices = Signal::stored(
        WHAT.iter()
            .map(|(v, _, l)| Choice::new(*v, *l))
            .collect::<Vec<_>>(),
    );
    let actions = move || view! { <Button label="File the mail" kind=ButtonKind::Primary refused=refused on_press=save /> };
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Mail of {}", account.name())) actions=actions wide=true>
            <div class="letter-dialog">
                <FileDrop label="Choose a mail file (.eml)" accept=".eml,.txt" on_files=take />
                <TextArea label="The mail" value=text rows=10 />
                {move || about.with(|a| (!a.from.is_empty()).then(|| view! {
                    <p class="muted">{format!("From {}, “{}”{}", a.from, a.subject, attached(a.attachments.len()))}</p>
                }))}
                <p>{move || marked.with(|m| lines.with(|l| said(m, l)))}</p>
                <RadioGroup label="What it is" choices=choices value=what />
                <p class="muted">"After a promise the form of the call is filled in, after a dispute or a query that of a new case, with the documents it names; the mail stands beside it in the timeline."</p>
            </div>
        </Dialog>
    }
}

/// A mail file dropped on the page while no dialog is open.
fn on_drop(account: Account, take: impl Fn(File) + 'static) {
    let refused = account.refused();
    let mail_of = move |event: &web_sys::DragEvent| {
        let files = event.data_transfer()?.files()?;
        let first = files.item(0)?;
        let name = first.name().to_lowercase();
        (name.ends_with(".eml") || name.ends_with(".msg")).then_some(first)
    };
    let is_busy = || {
        document()
            .query_selector("dialog[open]")
            .ok()
            .flatten()
            .is_some()
    };
    let over = window_event_listener(leptos::ev::dragover, move |event| {
        // Without this the browser opens the file instead of dropping it.
        if carries_files(&event) {
            event.prevent_default();
        }
    });
    let drop = window_event_listener(leptos::ev::drop, move |event| {
        if !carries_files(&event) || is_busy() {
            return;
        }
        event.prevent_default();
        match (mail_of(&event), refused.get_untracked()) {
            (Some(file), None) => take(file),
            (Some(_), Some(why)) => account.toasts.error(why),
            (None, _) => account.toasts.error(
                "Only a mail file (.eml) is taken in here. Documents are kept on the page Letters.",
            ),
        }
    });
    on_cleanup(move || {
        over.remove();
        drop.remove();
    });
}

/// The person of the account whose mailbox a mail came from.
fn sender(account: Account, from: &str) -> Option<FactKey> {
    let from = from.to_lowercase();
    let has = |mail: &str| {
        let mail = mail.trim().to_lowercase();
        let not_part = |c: char| c.is_whitespace() || "<>\"'(),;:".contains(c);
        !mail.is_empty() && from.split(not_part).any(|word| word == mail)
    };
    account.ws.peek_all(|book, texts| {
        let people = book.people_of(account.customer).into_iter();
        let mut known = people.filter(|(_, f)| Person::of(f, texts).is_some_and(|p| has(&p.mail)));
        book.contact_key(known.next()?.0)
    })
}

/// What a filed mail asks for next: the documents it names are selected, and the form that fits opens.
fn follows(account: Account, what: &str, marked: Marked) -> impl FnOnce() + 'static {
    let what = what.to_owned();
    move || {
        if !matches!(what.as_str(), "promise" | "dispute" | "query") {
            return;
        }
        account.selection.update(|s| {
            s.clear();
            for item in &marked.items {
                s.set(u64::from(item.0), true);
            }
        });
        match what.as_str() {
            "dispute" => account.disputing.set(true),
            "query" => account.asking.set(true),
            _ => {
                let fields = account.typed.fields;
                fields.channel.set("email".to_owned());
                fields.outcome.set(Outcome::Promise.code().to_owned());
                if let Some((currency, minor)) = marked.amounts.first() {
                    fields.currency.set(currency.code().to_owned());
                    let exponent = currency.exponent();
                    let plain = NumberFormat::PLAIN.minor(i128::from(*minor), exponent);
                    fields.amount.set(plain);
                }
                dom::focus_when_drawn("call-by");
            }
        }
    }
}

fn attached(n: usize) -> String {
    match n {
        0 => String::new(),
        n => format!(
            ", {} attached",
            crate::ui::format::plural(n, "file", "files", Default::default())
        ),
    }
}

/// What of the account the mail speaks of.
fn said(marked: &Marked, lines: &[Line]) -> String {
    let numbers = marked
        .items
        .iter()
        .filter_map(|i| lines.iter().find(|l| l.id == *i));
    let numbers: Vec<&str> = numbers.map(|l| l.number.as_str()).collect();
    let amounts: Vec<String> = marked
        .amounts
        .iter()
        .map(|(c, m)| words::money(*m, *c))
        .collect();
    match (numbers.is_empty(), amounts.is_empty()) {
        (true, true) => "No open document or amount of this account stands in it.".to_owned(),
        (false, true) => format!("It names {}.", numbers.join(", ")),
        (true, false) => format!("It speaks of {}.", amounts.join(", ")),
        (false, false) => format!(
            "It names {} and speaks of {}.",
            numbers.join(", "),
            amounts.join(", ")
        ),
    }
}
