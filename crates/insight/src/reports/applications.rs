//! Every application of a period, a row each: plain data for who pivots elsewhere.

use super::catalog::Drawing;
use super::{moment, money, money_column};
use duebook_ledger::facts::Cause;
use duebook_ledger::recon::PostedAt;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, OpenScan, Seq};
use duebook_sheet::{Cell, Column, Kind, Sheet};

/// Every settlement of the period, a row each, for who pivots elsewhere.
pub fn applications_data<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    const CURRENCY: usize = 6;
    let book = drawing.book;
    let scan = OpenScan::new(book, drawing.query.view);
    let period = drawing.period;
    let live = |s: Seq| scan.is_live(s);
    let table = book.settlements();
    let rows: Vec<Settlement> = (table.iter())
        .filter(|s| live(s.commit) && period.from <= s.effective && s.effective <= period.to)
        .filter(|s| table.standing(s.id, &live).counts())
        .filter(|s| !matches!(table.reversal(s.id, &live), Some(r) if r.effective <= period.to))
        .collect();
    let text = |header: &str| Column::new(header, Kind::Text);
    let columns = vec![
        Column::new("Effective", Kind::Date),
        text("Cause").width(16),
        text("Account"),
        text("Customer").width(32),
        text("Document"),
        text("Paid with"),
        text("Currency").width(9),
        money_column("Amount", CURRENCY),
        Column::new("Document date", Kind::Date),
        Column::new("Due", Kind::Date),
        Column::new("Days from due", Kind::Days),
        text("Recorded by"),
        Column::new("Recorded (UTC)", Kind::DateTime),
    ];
    let count = rows.len();
    let cell = move |row: usize, column: usize| {
        let found = rows.get(row);
        Cell::or_empty(found.and_then(|s| application_cell(book, s, column)))
    };
    let mut sheet = Sheet::new("Applications", columns, count, cell);
    sheet.verdict = false;
    sheet
}

fn application_cell<'a>(book: &'a Book, s: &Settlement, column: usize) -> Option<Cell<'a>> {
    let side = s.debit.or(s.credit).and_then(|id| book.item(id))?;
    let posted = PostedAt {
        day: s.effective,
        commit: s.commit,
        back: false,
    };
    let was = book.holder(side.id, posted, &|c| book.is_live(c));
    let owner = was.unwrap_or(side.customer());
    let due = || duebook_ledger::items::day(book.due_of(&side));
    match column {
        0 => Some(Cell::Date(s.effective)),
        1 => Some(Cell::text(cause_name(s.cause))),
        2 => Some(Cell::text(book.customer(owner)?.number.as_str())),
        3 => Some(Cell::text(book.customer_facts(owner)?.name.as_str())),
        4 => Some(Cell::text(book.item(s.debit?)?.number())),
        5 => Some(Cell::text(book.item(s.credit?)?.number())),
        6 => Some(Cell::text(side.currency().code())),
        7 => Some(money(s.amount, side.currency())),
        8 => duebook_ledger::items::day(side.doc_date()).map(Cell::Date),
        9 => due().map(Cell::Date),
        10 => due().map(|d| Cell::Int(i64::from(s.effective.since(d)))),
        11 => Some(Cell::text(book.commit(s.commit)?.actor.as_str())),
        12 => {
            let (day, second) = moment(book.commit(s.commit)?.recorded_at);
            Some(Cell::DateTime { day, second })
        }
        _ => None,
    }
}

/// The word for a cause.
pub(crate) fn cause_name(cause: Cause) -> &'static str {
    match cause {
        Cause::Payment => "Payment",
        Cause::Credit => "Credit",
        Cause::Discount => "Discount",
        Cause::WriteOff => "Write-off",
        Cause::Withholding => "Tax withheld",
        Cause::Exchange => "Exchange",
        Cause::AtSourceUnknown => "Unknown at source",
        Cause::Amended => "Amended",
        Cause::Returned => "Returned",
        Cause::TakeOn => "Take-on",
        Cause::Refund => "Refund",
        Cause::Tolerance => "Tolerance",
        Cause::Contra => "Contra",
        Cause::Transferred => "Transferred",
    }
}
