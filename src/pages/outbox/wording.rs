//! The outbox in words.

use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::Texts;
use duebook_insight::outbox::{Kind, OutboxLine, Stage};
use duebook_ledger::Book;
use duebook_ledger::facts::{Cause, CollectorField, Standing};
use duebook_ledger::outbox::Matter;

/// What a line is.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Receipt => "Receipt",
        Kind::Document => "Document",
        Kind::Applied(cause) => applied(cause),
        Kind::TakenBack(_) => "Application taken back",
        Kind::Fields => "Fields",
        Kind::Promise => "Promise",
        Kind::PromiseEnded => "Promise ended",
        Kind::Note => "Note",
    }
}

fn applied(cause: Cause) -> &'static str {
    match cause {
        Cause::Payment => "Payment applied",
        Cause::Credit => "Credit applied",
        Cause::Discount => "Discount",
        Cause::WriteOff => "Write-off",
        Cause::Withholding => "Tax withheld",
        Cause::Exchange => "Exchange difference",
        Cause::Returned => "Payment returned",
        Cause::Refund => "Refund",
        Cause::Tolerance => "Small difference",
        Cause::Contra => "Set against what we owe",
        Cause::Transferred => "Part of a receipt transferred",
        Cause::Amended => "Split or carried over",
        Cause::AtSourceUnknown | Cause::TakeOn => "Settled",
    }
}

/// What is to be keyed, in one line.
pub fn content(book: &Book, texts: &Texts, line: &OutboxLine) -> String {
    match line.kind {
        Kind::Fields => fields(book, line),
        Kind::Note => line
            .text
            .and_then(|t| texts.get(t))
            .map_or_else(|| contact(book, line), str::to_owned),
        Kind::Promise | Kind::PromiseEnded => line
            .date
            .map_or(String::new(), |d| format!("for {}", words::day(d))),
        _ => {
            let number = |id| book.item(id).map(|i| i.number().to_owned());
            line.credit
                .and_then(number)
                .map_or(String::new(), |n| format!("from {n}"))
        }
    }
}

fn contact(book: &Book, line: &OutboxLine) -> String {
    let last = line.matters.iter().rev().find_map(|m| match m {
        Matter::Activity(id) => book.activities().get(id.index()),
        _ => None,
    });
    last.map_or(String::new(), |a| words::outcome(a.outcome).to_owned())
}

fn fields(book: &Book, line: &OutboxLine) -> String {
    let said = line.matters.iter().filter_map(|m| match m {
        Matter::Field(id, field) => {
            let value = book.field(*id, *field);
            let value = match (field, value.parse::<i64>(), line.currency) {
                _ if value.is_empty() => "taken off".to_owned(),
                (CollectorField::Disputed, Ok(minor), Some(c)) => words::money(minor, c),
                (CollectorField::ExpectedDate, ..) => {
                    line.date.map_or_else(|| value.to_owned(), words::day)
                }
                _ => value.to_owned(),
            };
            Some(format!("{}: {value}", field_name(*field)))
        }
        _ => None,
    });
    said.collect::<Vec<_>>().join(" · ")
}

fn field_name(field: CollectorField) -> &'static str {
    match field {
        CollectorField::Status => "Status",
        CollectorField::Reason => "Reason",
        CollectorField::ExpectedDate => "Expected",
        CollectorField::NextAction => "Next action",
        CollectorField::Owner => "Owner",
        CollectorField::Remark => "Remark",
        CollectorField::Disputed => "Disputed",
        CollectorField::AgingAnchor => "Ages from",
    }
}

/// How a line stands: chips beside it.
pub fn state(line: &OutboxLine) -> Vec<(Tone, String)> {
    let days = || {
        plural(
            line.age as usize,
            "business day",
            "business days",
            Default::default(),
        )
    };
    match (line.stage, line.standing) {
        (_, Some(Standing::Differs)) => {
            vec![(Tone::Danger, "The ERP shows it otherwise".to_owned())]
        }
        (Stage::Asked, Some(Standing::Sent)) => {
            vec![(Tone::Warn, format!("In the ERP? {}", days()))]
        }
        (Stage::Asked, _) => vec![(Tone::Warn, format!("Not told, {}", days()))],
        (Stage::Sent, _) => vec![(Tone::Info, format!("Told, {}", days()))],
        (Stage::ToTell, _) if line.is_overdue() => vec![(Tone::Warn, days())],
        (Stage::ToTell, _) => Vec::new(),
    }
}

/// "5 to tell · 2 asked · 3 told".
pub fn headline(lines: &[OutboxLine]) -> String {
    let count = |stage| lines.iter().filter(|l| l.stage == stage).count();
    let (tell, asked, sent) = (
        count(Stage::ToTell),
        count(Stage::Asked),
        count(Stage::Sent),
    );
    let n = |count| crate::ui::format::format_count(count, Default::default());
    let mut parts = vec![format!("{} to tell", n(tell))];
    if asked > 0 {
        parts.push(format!("{} asked", n(asked)));
    }
    if sent > 0 {
        parts.push(format!("{} told, not answered", n(sent)));
    }
    parts.join(" · ")
}

/// "3 lines".
pub fn lines(count: usize) -> String {
    plural(count, "line", "lines", Default::default())
}
