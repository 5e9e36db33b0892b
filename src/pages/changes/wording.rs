//! The words of "What changed".

use super::gather::Step;
use super::{Row, items_text};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::Ws;
use duebook_insight::changes::{Answered, AnsweredPosting, Change, ChangedItem, PromiseNews};
use duebook_insight::promises::PromiseState;
use duebook_insight::succession::Evidence;
use duebook_insight::waiting::{WaitingPosting, What};
use duebook_ledger::Book;
use duebook_ledger::columns::TextField;
use duebook_ledger::facts::{Cause, Standing, SuccessionKind};

/// A kind of line on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Items of one kind of change.
    Items(Change),
    /// Our postings that were answered.
    Answered,
    /// Our postings that wait.
    Waiting,
    /// Promises that stand otherwise.
    Promises,
    /// What may have taken whose place.
    Successors,
}

const NAMES: &[(Section, &str, &str)] = &[
    (Section::Successors, "successors", "Successors to confirm"),
    (Section::Promises, "promises", "Promises"),
    (Section::Items(Change::Cleared), "cleared", "Cleared"),
    (Section::Items(Change::Gone), "gone", "Gone, cause unknown"),
    (Section::Items(Change::PartPaid), "part", "Less open"),
    (Section::Items(Change::Reopened), "reopened", "Reopened"),
    (Section::Items(Change::Raised), "raised", "More open"),
    (Section::Items(Change::New), "new", "New"),
    (Section::Items(Change::NewCredit), "credits", "New credits"),
    (
        Section::Items(Change::ReAged),
        "reaged",
        "Re-aged at source",
    ),
    (Section::Items(Change::Amended), "amended", "Amount changed"),
    (
        Section::Items(Change::Moved),
        "moved",
        "Another customer’s now",
    ),
    (Section::Answered, "answered", "Our postings answered"),
    (Section::Waiting, "waiting", "Our postings waiting"),
];

impl Section {
    /// From the address.
    pub fn of(id: &str) -> Option<Section> {
        NAMES.iter().find(|(_, i, _)| *i == id).map(|(s, _, _)| *s)
    }
    /// For the address.
    pub fn id(self) -> &'static str {
        NAMES
            .iter()
            .find(|(s, _, _)| *s == self)
            .map_or("", |n| n.1)
    }
    /// Name.
    pub fn label(self) -> &'static str {
        NAMES
            .iter()
            .find(|(s, _, _)| *s == self)
            .map_or("", |n| n.2)
    }
    /// Header of the second column.
    pub fn what(self) -> &'static str {
        match self {
            Section::Promises => "Promise",
            Section::Answered | Section::Waiting => "Posting",
            _ => "Document",
        }
    }
    /// Headers of the columns before and after.
    pub fn columns(self) -> (&'static str, &'static str) {
        match self {
            Section::Items(Change::ReAged) => ("Due before", "Due now"),
            Section::Items(Change::Moved) => ("Customer before", "Open at source"),
            Section::Promises => ("Stood", "Stands"),
            Section::Answered => ("Amount", "Answer"),
            Section::Waiting => ("Since", "Amount"),
            _ => ("At source before", "At source now"),
        }
    }
    /// What the list means, in one sentence.
    pub fn explains(self) -> &'static str {
        match self {
            Section::Items(Change::Gone) => {
                "Absent is not paid: these left the chase. A payments or cleared-items file, a credit or a successor gives the cause."
            }
            Section::Items(Change::Cleared) => "Closed at the source, and the book knows by what.",
            Section::Items(Change::PartPaid) => {
                "Less is open, the document is the same: settled in part at the source."
            }
            Section::Items(Change::Reopened) => {
                "Closed before and open again: returned money first."
            }
            Section::Items(Change::ReAged) => {
                "Another due date for the same debt. It is not collected by that (KP-23)."
            }
            Section::Waiting => {
                "Recorded here; no file shows them yet. After three business days they are asked about."
            }
            Section::Answered => {
                "What you posted, as the source shows it now. Where it differs the source’s own counts."
            }
            Section::Promises => {
                "Judged from money the book has learnt of; a verdict without a payment is presumed."
            }
            _ => "",
        }
    }
}

/// The line under the title.
pub fn headline(ws: Ws, step: &Step) -> String {
    let Step::Done(found) = step else {
        return String::new();
    };
    let Some(day) = &found.day else {
        return String::new();
    };
    let names: Vec<String> = ws.peek(|b| {
        let of_day =
            |i: &&duebook_ledger::book::Import| i.commit > day.after && i.commit <= day.until;
        let all = b.imports().filter(of_day);
        all.map(|i| format!("{} as of {}", i.facts.file, words::day(i.facts.as_of)))
            .collect()
    });
    let changed = items_text(found.changed());
    let shown: Vec<String> = names.iter().take(3).cloned().collect();
    let more = match names.len().saturating_sub(3) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    format!("{changed} changed · {}{more}", shown.join(", "))
}

/// A changed item.
pub fn item_row(book: &Book, line: &ChangedItem, n: usize) -> Option<Row> {
    let item = book.item(line.item)?;
    let money = |minor: i64| words::money(minor, item.currency());
    let (mut before, mut after) = (money(line.from), money(line.to));
    let (mut note, mut tone) = (String::new(), Tone::Muted);
    match line.change {
        Change::Gone if line.unknown != line.from => {
            note = format!("{} unknown", money(line.unknown));
        }
        Change::Gone => note = "cause unknown".to_owned(),
        Change::Cleared => (note, tone) = (cause(book, line), Tone::Good),
        Change::PartPaid => note = money(line.to.saturating_sub(line.from)),
        Change::Reopened => {
            let paid = book
                .settlements_of(line.item)
                .any(|s| s.cause == Cause::Payment);
            let text = if paid {
                "was paid: money returned?"
            } else {
                "was closed"
            };
            (note, tone) = (text.to_owned(), Tone::Warn);
        }
        Change::New | Change::NewCredit => before = String::new(),
        Change::ReAged => {
            let due = duebook_ledger::items::day(book.due_of(&item));
            before = line.due_from.map_or("none".to_owned(), words::day);
            after = due.map_or("none".to_owned(), words::day);
            if let (Some(from), Some(to)) = (line.due_from, due) {
                note = format!("{:+} days", to.since(from));
            }
        }
        Change::Moved => {
            let from = line.owner_from.and_then(|c| book.customer_facts(c));
            before = from.map_or(String::new(), |f| f.name.clone());
        }
        Change::Raised | Change::Amended => {}
    }
    if note.is_empty() && line.due_from.is_some() {
        note = "due date changed too".to_owned();
    }
    Some(Row {
        key: n as u64,
        customer: item.customer(),
        item: Some(line.item),
        text: item.number().to_owned(),
        before,
        after,
        note,
        tone,
    })
}

fn cause(book: &Book, line: &ChangedItem) -> String {
    let mut causes: Vec<&'static str> = book
        .settlements_of(line.item)
        .filter(|s| book.counts(s))
        .filter_map(|s| match s.cause {
            Cause::Payment => Some("paid"),
            Cause::Credit => Some("credited"),
            Cause::WriteOff => Some("written off"),
            Cause::Discount => Some("discount"),
            Cause::Withholding => Some("tax withheld"),
            Cause::Amended => Some("amended to nothing"),
            _ => None,
        })
        .collect();
    causes.sort_unstable();
    causes.dedup();
    causes.join(", ")
}

/// A posting of ours that was answered.
pub fn answered_row(book: &Book, line: &AnsweredPosting, n: usize) -> Option<Row> {
    let item = book.item(line.item)?;
    let (after, note, tone) = match line.how {
        Answered::Confirmed => ("As we did", "confirmed", Tone::Good),
        Answered::Contradicted => ("Differently", "the source’s counts", Tone::Warn),
    };
    Some(Row {
        key: n as u64,
        customer: item.customer(),
        item: Some(line.item),
        text: item.number().to_owned(),
        before: words::money(line.amount, item.currency()),
        after: after.to_owned(),
        note: note.to_owned(),
        tone,
    })
}

/// A posting of ours that waits.
pub fn waiting_row(book: &Book, line: &WaitingPosting, n: usize) -> Option<Row> {
    let item = book.item(line.item)?;
    let what = match line.what {
        What::Document => "Receipt",
        What::Applied(_) => "Applied to",
        What::TakenBack(_) => "Taken back from",
    };
    let sent = match line.standing {
        Standing::Sent => "sent",
        Standing::Differs => "differs",
        _ => "not told yet",
    };
    let age = crate::ui::format::plural(
        line.age as usize,
        "business day",
        "business days",
        Default::default(),
    );
    Some(Row {
        key: n as u64,
        customer: line.customer,
        item: Some(line.item),
        text: format!("{what} {}", item.number()),
        before: words::day(line.since),
        after: words::money(line.amount, line.currency),
        note: format!("{sent}, {age}"),
        tone: if line.is_overdue() {
            Tone::Warn
        } else {
            Tone::Muted
        },
    })
}

/// A promise that stands otherwise.
pub fn promise_row(line: &PromiseNews, n: usize) -> Row {
    let now = &line.now;
    let presumed = if now.presumed { " (presumed)" } else { "" };
    Row {
        key: n as u64,
        customer: now.customer,
        item: None,
        text: format!(
            "{} by {}",
            words::money(now.promised, now.currency),
            words::day(now.due)
        ),
        before: state(line.was).to_owned(),
        after: format!("{}{presumed}", state(now.state)),
        note: match now.state {
            PromiseState::Kept => String::new(),
            _ => format!("{} of it came", words::money(now.paid, now.currency)),
        },
        tone: match now.state {
            PromiseState::Broken => Tone::Danger,
            PromiseState::Partial => Tone::Warn,
            _ => Tone::Muted,
        },
    }
}

fn state(state: PromiseState) -> &'static str {
    match state {
        PromiseState::Open => "Open",
        PromiseState::DueToday => "Due today",
        PromiseState::InGrace => "In grace",
        PromiseState::AwaitingNews => "Waiting for the file",
        PromiseState::Kept => "Kept",
        PromiseState::Partial => "Kept in part",
        PromiseState::Broken => "Broken",
        PromiseState::Withdrawn => "Withdrawn",
        PromiseState::Superseded => "Superseded",
        PromiseState::EntryError => "Entered by mistake",
    }
}

/// What a succession is called.
pub fn kind(kind: SuccessionKind) -> &'static str {
    match kind {
        SuccessionKind::Rebill => "Billed anew",
        SuccessionKind::Residual => "Residual",
        SuccessionKind::Split => "Split",
        SuccessionKind::Transfer => "Transfer",
        SuccessionKind::Merge => "Merged",
        SuccessionKind::Renumbering => "Renumbered",
        SuccessionKind::Unrelated => "Not related",
    }
}

/// Why it looks so.
pub fn evidence(evidence: &Evidence, currency: duebook_money::Currency) -> String {
    match evidence {
        Evidence::Names(column) => format!("named in {column}"),
        Evidence::Shares(field, text) => format!("same {} {text}", field_name(field)),
        Evidence::SameFigures => "same amount, date and due date".to_owned(),
        Evidence::SameNumber => "same number".to_owned(),
        Evidence::LessPaid { old, paid } => format!(
            "{} − {} = {}",
            words::amount(*old, currency),
            words::amount(*paid, currency),
            words::money(old.saturating_sub(*paid), currency)
        ),
        Evidence::Sums(sum) => format!("sums to {}", words::money(*sum, currency)),
    }
}

fn field_name(field: &TextField) -> String {
    match field {
        TextField::Reference => "reference".to_owned(),
        TextField::Po => "PO".to_owned(),
        TextField::Contract => "contract".to_owned(),
        TextField::Extra(header) => header.clone(),
        other => format!("{other:?}").to_lowercase(),
    }
}
