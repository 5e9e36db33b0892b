//! Proposed postings as a journal (domain.md §4.7): a line per leg, accounts by the client's numbers
//! where they are given.

use super::catalog::{Drawing, Proof};
use super::{money, money_column};
use crate::postings::{Entry, Leg};
use duebook_ledger::Book;
use duebook_ledger::cases::resolve::Request;
use duebook_sheet::{Cell, Column, Kind, Sheet};

const CURRENCY: usize = 4;

fn columns() -> Vec<Column> {
    let text = |header: &str| Column::new(header, Kind::Text);
    vec![
        text("Entry").total_text("Total"),
        Column::new("Line", Kind::Integer),
        Column::new("Posting date", Kind::Date),
        text("Company"),
        text("Currency").width(9),
        text("G/L account")
            .width(20)
            .note("The number given under Settings, Ledger accounts; without one, what it is for"),
        text("Account for").width(30),
        money_column("Debit", CURRENCY).sum(),
        money_column("Credit", CURRENCY).sum(),
        text("Account"),
        text("Customer").width(32),
        text("Document"),
        text("Tax code").width(9),
        text("Text").width(40),
        text("Request"),
        text("Case"),
        text("State").width(22),
        text("Approved by"),
        text("Recorded by"),
    ]
}

/// Every leg of the period's entries, an entry's beneath one another.
pub fn journal_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    let book = drawing.book;
    let lines: Vec<(&Entry, usize)> = (drawing.journal.entries.iter())
        .flat_map(|e| (0..e.legs.len()).map(move |n| (e, n)))
        .collect();
    let rows = lines.len();
    let cell = move |row: usize, column: usize| {
        let at = lines.get(row);
        let leg = at.and_then(|(e, n)| Some((*e, *n, e.legs.get(*n)?)));
        Cell::or_empty(leg.and_then(|line| cell(book, line, column)))
    };
    let mut sheet = Sheet::new("Journal", columns(), rows, cell);
    sheet.freeze_columns = 2;
    sheet
}

fn request<'a>(book: &'a Book, entry: &Entry) -> Option<&'a Request> {
    book.request(entry.request?)
}

fn cell<'a>(
    book: &'a Book,
    (entry, n, leg): (&'a Entry, usize, &'a Leg),
    column: usize,
) -> Option<Cell<'a>> {
    let words = |text: &'a str| (!text.is_empty()).then(|| Cell::text(text));
    match column {
        0 => words(&entry.name),
        1 => Some(Cell::Int(i64::try_from(n + 1).unwrap_or(i64::MAX))),
        2 => Some(Cell::Date(entry.day)),
        3 => words(book.entities().get(usize::from(entry.entity))?),
        CURRENCY => words(entry.currency.code()),
        5 => words(book.policies().postings.shown(leg.role)),
        6 => words(leg.role.name()),
        7 => (leg.amount > 0).then(|| money(leg.amount, entry.currency)),
        8 => (leg.amount < 0).then(|| money(leg.amount.saturating_neg(), entry.currency)),
        9 => words(&book.customer(leg.customer)?.number),
        10 => words(&book.customer_facts(leg.customer)?.name),
        11 => words(&leg.document),
        12 => words(&leg.tax_code),
        13 => words(&leg.text),
        14 => words(&request(book, entry)?.fact.number),
        15 => words(&book.case(request(book, entry)?.fact.case?)?.fact.number),
        16 => words(entry.state.name()),
        17 => {
            let live = |s| book.is_live(s);
            let posted = request(book, entry)?.posted.get(&live)?;
            words(&posted.approval.as_ref()?.who)
        }
        18 => match entry.commit {
            Some(seq) => words(&book.commit(seq)?.actor),
            None => words(&request(book, entry)?.fact.maker),
        },
        _ => None,
    }
}

/// Debits against credits, and customers' accounts against our postings on open items, by company and
/// currency.
pub fn proof(drawing: &Drawing<'_>) -> Proof {
    let journal = &drawing.journal;
    Proof {
        controls: (journal.balances.iter())
            .flat_map(crate::postings::Balance::controls)
            .collect(),
        notes: journal.notes.clone(),
    }
}
