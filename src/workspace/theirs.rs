//! A customer's ledger on its way to be held against ours: read in the worker, beside our account as
//! of a day. Nothing of it is kept; what is said of a difference goes into the register of breaks.

use crate::jobs::{Request, Response, TheirWire, Worker};
use duebook_cash::theirs::{
    OurLine, OurWhat, TheirLine, TheirWhat, TwoSides, accounts, agree, open_lines,
};
use duebook_exchange::read::{TheirField, WorkCells};
use duebook_ledger::columns::{ItemKind, TextField};
use duebook_ledger::items::day;
use duebook_ledger::{Book, CustomerId};
use duebook_letters::statement::{Moved, forward};
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;
use std::sync::Arc;
use web_sys::File;

/// The rows of a table as they stand.
pub struct RawTable {
    /// The rows.
    pub rows: Vec<WorkCells>,
    /// There were more than are read.
    pub cut: bool,
    /// The sheets of a workbook.
    pub sheets: Vec<String>,
    /// Which of them these are of.
    pub sheet: Option<usize>,
}

/// A customer's ledger as it was chosen, kept while the book is open: with what was said of it.
#[derive(Clone)]
pub struct KeptTheirs {
    /// The file, for another of its sheets.
    pub file: File,
    /// Its rows; `None` while they are read, or where they cannot be.
    pub table: Option<Arc<RawTable>>,
    /// Why it cannot be read.
    pub problem: Option<String>,
    /// Whose.
    pub of: Option<CustomerId>,
    /// What was said of the columns, by place.
    pub columns: Vec<Option<TheirField>>,
    /// What was chosen and typed, by name.
    pub said: BTreeMap<&'static str, String>,
}

/// The rows of a table as they stand: of the sheet named, else of the likeliest.
///
/// # Errors
/// Why it cannot be read, in words.
pub async fn read_rows(file: &File, sheet: Option<String>) -> Result<RawTable, String> {
    let broken = |e| format!("Reading broke off ({e:?}). Nothing was written.");
    let worker = Worker::take().map_err(broken)?;
    let request = Request::Rows { sheet };
    let answer = worker.call(&request, Some(file), &[], |_| {}).await;
    match answer.map_err(broken)?.0 {
        Response::Rows(read) => {
            let row = |(line, cells)| WorkCells { line, cells };
            Ok(RawTable {
                rows: read.rows.into_iter().map(row).collect(),
                cut: read.cut,
                sheets: read.sheets,
                sheet: read.sheet,
            })
        }
        Response::Unreadable(error) => Err(crate::words::files::file_error(&error)),
        Response::Failed(what) => Err(what),
        other => Err(format!("The worker answered {other:?}.")),
    }
}

/// The accounts from a day on as one: what was open before, and what came and moved, as a statement
/// that is carried forward has it.
fn account(book: &Book, accounts: &[CustomerId], from: Day, to: Day) -> Vec<OurLine> {
    let mut out: Vec<OurLine> = Vec::new();
    let all = accounts.iter();
    for account in all.flat_map(|id| forward(book, *id, from, to)) {
        let line = |what, minor| OurLine {
            item: None,
            what,
            number: String::new(),
            reference: String::new(),
            date: Some(from),
            due: None,
            currency: account.currency,
            open: minor,
            amount: minor,
        };
        let known = out
            .iter_mut()
            .find(|l| matches!(l.what, OurWhat::Opening) && l.currency == account.currency);
        match known {
            Some(opening) => {
                let sum = opening.open.saturating_add(account.opening);
                (opening.open, opening.amount) = (sum, sum);
            }
            None if account.opening != 0 => out.push(line(OurWhat::Opening, account.opening)),
            None => {}
        }
        for m in &account.movements {
            let item = book.item(m.item);
            let text = |t: &'static TextField| item.map_or("", |i| i.text(t)).to_owned();
            out.push(OurLine {
                item: Some(m.item),
                number: item.map_or("", |i| i.number()).to_owned(),
                reference: text(&TextField::Reference),
                date: Some(m.day),
                due: item.and_then(|i| day(book.due_of(&i))),
                ..line(what(m.what), m.minor)
            });
        }
    }
    out
}

fn what(moved: Moved) -> OurWhat {
    match moved {
        Moved::Adjustment => OurWhat::Adjustment,
        Moved::Document(ItemKind::Receipt | ItemKind::OnAccount) => OurWhat::Payment,
        Moved::Document(_) => OurWhat::Document,
    }
}

/// Their lines as they were sent to the worker.
pub fn their_lines(lines: &[TheirWire]) -> Vec<TheirLine> {
    let line =
        |(line, what, number, own, text, date, due, currency, amount): &TheirWire| TheirLine {
            line: *line,
            what: match what {
                1 => TheirWhat::Document,
                2 => TheirWhat::Payment,
                3 => TheirWhat::Opening,
                _ => TheirWhat::Unknown,
            },
            number: number.clone(),
            own: own.clone(),
            text: text.clone(),
            date: date.map(Day),
            due: due.map(Day),
            currency: Currency::from_numeric(*currency).unwrap_or(Currency::XXX),
            amount: *amount,
        };
    lines.iter().map(line).collect()
}

/// Their ledger beside ours: the same on screen and in a file.
pub fn beside(
    book: &Book,
    customer: CustomerId,
    family: bool,
    from: Option<i32>,
    lines: &[TheirWire],
    on: Day,
) -> TwoSides {
    let accounts = accounts(book, customer, family);
    let ours = match from {
        Some(from) => account(book, &accounts, Day(from), on),
        None => open_lines(book, &accounts, on),
    };
    agree(ours, their_lines(lines), on)
}
