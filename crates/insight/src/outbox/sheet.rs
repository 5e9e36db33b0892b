//! The upload file of a source: lines of the outbox in the columns that it takes.

use super::{Kind, OutboxLine, Room, note_of};
use crate::reports::{TextSource, money, money_column, shown_text};
use duebook_ledger::columns::TextField;
use duebook_ledger::facts::{Cause, CollectorField};
use duebook_ledger::{Book, ItemId};
use duebook_money::Day;
use duebook_policy::outbox::{OutboxColumn, OutboxField, OutboxLayout};
use duebook_sheet::{Cell, Column, Kind as Is, Sheet};

/// Lines of the outbox as a file for their source: postings in its columns for postings, other
/// lines in those for facts. Plain data: the header is the first line.
pub fn outbox_sheet<'a>(
    book: &'a Book,
    today: Day,
    lines: Vec<OutboxLine>,
    layout: &OutboxLayout,
    texts: &'a dyn TextSource,
) -> Sheet<'a> {
    let postings = lines.first().is_some_and(|l| l.kind.is_posting());
    let wanted = match postings {
        true => layout.postings.clone(),
        false => layout.facts.clone(),
    };
    let fields: Vec<OutboxField> = wanted.iter().map(|c| c.field).collect();
    let currency = fields.iter().position(|f| *f == OutboxField::Currency);
    let columns = wanted.iter().map(|c| column(c, currency)).collect();
    let room = Room {
        width: layout.note_width.into(),
        lines: layout.note_lines.into(),
    };
    let rows = lines.len();
    let cell = move |row: usize, column: usize| {
        let at = lines.get(row).zip(fields.get(column));
        Cell::or_empty(at.and_then(|(line, field)| cell(book, texts, today, room, line, *field)))
    };
    let mut sheet = Sheet::new("Outbox", columns, rows, cell);
    sheet.verdict = false;
    sheet
}

fn column(wanted: &OutboxColumn, currency: Option<usize>) -> Column {
    let kind = match (wanted.field, currency) {
        (OutboxField::Amount | OutboxField::Disputed, Some(at)) => {
            return money_column(&wanted.header, at);
        }
        // Without its currency beside it an amount is a figure of as many decimals as it has.
        (OutboxField::Amount | OutboxField::Disputed, None) => Is::Mixed,
        (OutboxField::Date | OutboxField::ExpectedDate | OutboxField::RecordedOn, _) => Is::Date,
        _ => Is::Text,
    };
    Column::new(wanted.header.trim(), kind)
}

/// The number under which the source knows the document, or ours.
fn number(book: &Book, item: Option<ItemId>) -> Option<Cell<'_>> {
    Some(Cell::text(book.item(item?)?.number()))
}

fn cell<'a>(
    book: &'a Book,
    texts: &dyn TextSource,
    today: Day,
    room: Room,
    line: &OutboxLine,
    field: OutboxField,
) -> Option<Cell<'a>> {
    let item = line.item.and_then(|i| book.item(i));
    let of_item = |field: &TextField| {
        let text = item.as_ref()?.text(field);
        (!text.is_empty()).then(|| Cell::text(text.to_owned()))
    };
    let mark = |field| {
        let fields = (line.kind == Kind::Fields).then_some(line.item)??;
        let value = book.field(fields, field);
        (!value.is_empty()).then_some(value)
    };
    let is_receipt = line.kind == Kind::Receipt;
    match field {
        OutboxField::Kind => Some(Cell::text(kind_name(line.kind))),
        OutboxField::Entity => {
            let entity = book.entities().get(usize::from(item?.entity()))?;
            Some(Cell::text(entity.as_str()))
        }
        OutboxField::CustomerNumber => {
            Some(Cell::text(book.customer(line.customer)?.number.as_str()))
        }
        OutboxField::CustomerName => Some(Cell::text(
            book.customer_facts(line.customer)?.name.as_str(),
        )),
        OutboxField::Document => number(book, line.item.filter(|_| !is_receipt)),
        OutboxField::Receipt => number(book, if is_receipt { line.item } else { line.credit }),
        OutboxField::FiscalYear => of_item(&TextField::FiscalYear),
        OutboxField::Line => of_item(&TextField::Line),
        OutboxField::Currency => Some(Cell::text(line.currency?.code())),
        OutboxField::Amount if line.kind == Kind::Fields => None,
        OutboxField::Amount => Some(money(line.amount?, line.currency?)),
        OutboxField::Disputed => {
            let field = mark(CollectorField::Disputed).and_then(|m| m.parse().ok());
            let minor = field.or_else(|| Some(book.disputed(line.item?)).filter(|d| *d > 0))?;
            Some(money(minor, line.currency?))
        }
        OutboxField::Date if line.kind == Kind::Fields => None,
        OutboxField::Date => Some(Cell::Date(line.date?)),
        OutboxField::ExpectedDate if line.kind == Kind::Fields => Some(Cell::Date(line.date?)),
        OutboxField::ExpectedDate => {
            let promised = line
                .date
                .filter(|_| matches!(line.kind, Kind::Promise | Kind::PromiseEnded))?;
            Some(Cell::Date(promised))
        }
        OutboxField::Reference => of_item(&TextField::Reference),
        OutboxField::Status => mark(CollectorField::Status).map(Cell::text),
        OutboxField::Reason => mark(CollectorField::Reason).map(Cell::text),
        OutboxField::NextAction => mark(CollectorField::NextAction).map(Cell::text),
        OutboxField::Owner => mark(CollectorField::Owner).map(Cell::text),
        OutboxField::Remark => mark(CollectorField::Remark).map(Cell::text),
        OutboxField::Text if line.kind == Kind::Note => {
            let note = note_of(book, texts, line.customer, today, room)?;
            Some(Cell::text(note.lines.join(" ")))
        }
        OutboxField::Text => Some(Cell::text(shown_text(book, texts, line.text?))),
        OutboxField::RecordedOn => Some(Cell::Date(line.since)),
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Receipt => "Receipt",
        Kind::Document => "Document",
        Kind::Applied(Cause::Payment) => "Payment applied",
        Kind::Applied(Cause::Credit) => "Credit applied",
        Kind::Applied(Cause::Discount) => "Discount",
        Kind::Applied(Cause::WriteOff) => "Write-off",
        Kind::Applied(Cause::Withholding) => "Tax withheld",
        Kind::Applied(Cause::Exchange) => "Exchange difference",
        Kind::Applied(Cause::Returned) => "Payment returned",
        Kind::Applied(Cause::Refund) => "Refund",
        Kind::Applied(Cause::Tolerance) => "Small difference",
        Kind::Applied(Cause::Contra) => "Set against what we owe",
        Kind::Applied(Cause::Transferred) => "Part of a receipt transferred",
        Kind::Applied(Cause::Amended) => "Split or carried over",
        Kind::Applied(_) => "Settled",
        Kind::TakenBack(_) => "Application taken back",
        Kind::Fields => "Fields",
        Kind::Promise => "Promise",
        Kind::PromiseEnded => "Promise ended",
        Kind::Note => "Note",
    }
}
