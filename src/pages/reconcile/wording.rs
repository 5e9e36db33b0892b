//! Reconciliation in words.

use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::Ws;
use duebook_insight::recon::{Break, Face, Reconciliation, Span, Status};
use duebook_insight::reports::{break_matter, clue_text};
use duebook_ledger::recon::BreakMatter;
use duebook_ledger::{Book, CustomerId, LineId};

/// "1 Mar 2026 to 31 Mar 2026".
pub fn span(span: Span) -> String {
    match span.from == span.to {
        true => words::day(span.from),
        false => format!("{} to {}", words::day(span.from), words::day(span.to)),
    }
}

/// What stands under the title.
pub fn headline(days: Span, found: Option<&Reconciliation>) -> String {
    let days = span(days);
    let Some(found) = found else {
        return days;
    };
    let open = found.register.open().count();
    let breaks = plural(open, "break", "breaks", Default::default());
    match found.face() {
        Face::Reconciled => format!("{days}: everything compared agrees"),
        Face::NothingCompared => format!("{days}: nothing to compare with yet"),
        Face::Unreconciled if open == 0 => format!("{days}: UNRECONCILED"),
        Face::Unreconciled => format!("{days}: UNRECONCILED, {breaks} open"),
    }
}

/// In which tint a break stands.
pub fn tone(status: Status) -> Tone {
    match status {
        Status::Open => Tone::Danger,
        Status::InHand => Tone::Warn,
        Status::Explained => Tone::Neutral,
        Status::Cleared => Tone::Good,
    }
}

/// A customer's name.
pub fn name(book: &Book, id: CustomerId) -> String {
    let facts = book.customer_facts(id);
    facts.map_or(String::new(), |f| f.name.clone())
}

/// What a break is about.
pub fn what(book: &Book, b: &Break) -> String {
    match &b.matter {
        BreakMatter::Control(currency, day) => {
            let (code, day) = (currency.code(), words::day(*day));
            format!("Subledger less control account, {code} on {day}")
        }
        _ => break_matter(book, b),
    }
}

/// All clues in one line.
pub fn clues(book: &Book, b: &Break) -> String {
    let all: Vec<String> = b.clues.iter().map(|c| clue_text(book, c)).collect();
    all.join("; ")
}

/// Where a line of a statement is shown.
pub fn line_href(ws: Ws, id: LineId) -> Option<String> {
    let key = ws.peek(|b| b.statement_of(id).map(|s| s.key.to_string()))?;
    Some(crate::app::href(ws, &format!("cash?statement={key}")))
}
