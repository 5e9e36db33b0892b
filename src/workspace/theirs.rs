//! A customer's ledger on its way to be held against ours: read in the worker, beside our account as
//! of a day. Nothing of it is kept; what is said of a difference goes into the register of breaks.

use crate::jobs::{Request, Response, TheirAsk, TheirWire, Worker};
use duebook_cash::theirs::{OurLine, OurWhat, TheirLine, TheirWhat, TwoSides, agree, open_lines};
use duebook_exchange::read::WorkCells;
use duebook_ledger::columns::{ItemKind, TextField};
use duebook_ledger::items::day;
use duebook_ledger::{Book, CustomerId};
use duebook_letters::statement::{Moved, forward};
use duebook_money::{Currency, Day};
use web_sys::File;

/// The rows of a table as they stand, and whether there were more.
///
/// # Errors
/// Why it cannot be read, in words.
pub async fn read_rows(file: &File) -> Result<(Vec<WorkCells>, bool), String> {
    let broken = |e| format!("Reading broke off ({e:?}). Nothing was written.");
    let worker = Worker::take().map_err(broken)?;
    let request = Request::Rows { sheet: None };
    let answer = worker.call(&request, Some(file), &[], |_| {}).await;
    match answer.map_err(broken)?.0 {
        Response::Rows(rows, cut) => {
            let row = |(line, cells)| WorkCells { line, cells };
            Ok((rows.into_iter().map(row).collect(), cut))
        }
        Response::Unreadable(error) => Err(crate::words::files::file_error(&error)),
        Response::Failed(what) => Err(what),
        other => Err(format!("The worker answered {other:?}.")),
    }
}

/// The account from a day on, with those of customers merged into it: what was open before, and what
/// came and moved, as a statement that is carried forward has it.
fn account(book: &Book, customer: CustomerId, from: Day, to: Day) -> Vec<OurLine> {
    let mut out: Vec<OurLine> = Vec::new();
    let merged = book.with_merged(customer).into_iter();
    for account in merged.flat_map(|id| forward(book, id, from, to)) {
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
pub fn beside(book: &Book, ask: &TheirAsk, on: Day) -> TwoSides {
    let customer = CustomerId(ask.customer);
    let ours = match ask.from {
        Some(from) => account(book, customer, Day(from), on),
        None => open_lines(book, customer, on),
    };
    agree(ours, their_lines(&ask.lines), on)
}
