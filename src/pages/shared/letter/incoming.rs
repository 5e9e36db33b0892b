//! A mail that came in: pasted, or dropped as a file; read, its documents and amounts found, filed as
//! a dated contact.

use crate::pages::shared::account::Account;
use crate::platform::{clock, files};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_ledger::command::LogContact;
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::{Command, OpenScan, View};
use duebook_letters::lines::{Line, open_lines};
use duebook_letters::mail::{self, MAX_MAIL, Marked};
use leptos::prelude::*;
use web_sys::File;

/// What a mail may be, for the outcome of the contact.
const WHAT: [(&str, Outcome, &str); 7] = [
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
    Effect::new(move |_| {
        if open.get() {
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
    let take = Callback::new(move |dropped: Vec<File>| {
        if !open.get_untracked() {
            return;
        }
        leptos::task::spawn_local(async move {
            for file in dropped.into_iter().take(1) {
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
            contact: None,
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
        account
            .ws
            .run(account.toasts, command, texts, done, closes(open));
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
                <p class="muted">"A promise, a dispute with its amount or a query is recorded on the account after this; the mail stands beside it in the timeline."</p>
            </div>
        </Dialog>
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
