//! Every item as its file had it, a row each: plain data for who pivots elsewhere.

use super::items::{kind_name, original_amount};
use super::{date, facts_of, money, money_column};
use crate::aging::{AgingQuery, figure_of};
use crate::rollup::Groups;
use duebook_ledger::columns::{NO_DAY, NumField, StagedCustomer, TextField};
use duebook_ledger::items::{SegmentState, day};
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan};
use duebook_money::Currency;
use duebook_sheet::{Cell, Column, Kind, Sheet};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What a column shows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Show {
    Entity,
    Account,
    Customer,
    Country,
    Segment,
    Number,
    DocType,
    DocDate,
    Due,
    Currency,
    Amount,
    Open,
    Pending,
    Collector,
    Text(TextField),
    Num(NumField),
}

const CURRENCY: usize = 9;

/// The columns every book has, in the order of an open-item list.
fn always() -> Vec<Show> {
    use Show::*;
    vec![
        Entity,
        Account,
        Customer,
        Country,
        Segment,
        Number,
        DocType,
        DocDate,
        Due,
        Currency,
        Amount,
        Open,
        Text(TextField::Po),
        Text(TextField::Terms),
        Text(TextField::SourceStatus),
        Text(TextField::SourceReason),
        Num(NumField::LastPayment),
        Collector,
        Text(TextField::Text),
    ]
}

/// A row that is in the view.
struct Row {
    id: ItemId,
    /// Whose it was in the view.
    customer: CustomerId,
    open: i64,
    pending: i64,
    due: i32,
}

struct Rows<'a> {
    book: &'a Book,
    rows: Vec<Row>,
    show: Vec<Show>,
    /// Per segment and column, where the column stands in the segment's own list.
    at: Vec<Vec<Option<usize>>>,
    /// By customer.
    facts: Vec<Option<&'a StagedCustomer>>,
    live: Vec<bool>,
}

/// Every item that exists in the view, open or not, in the order the book took them in, with the
/// columns of its files: first those of every book, then what only some files have. There are no
/// titles and no totals, so that the header is the first line; the README has the totals.
pub fn rows_sheet<'a>(book: &'a Book, query: &AgingQuery) -> Sheet<'a> {
    let scan = OpenScan::new(book, query.view);
    let groups = Groups::new(book, &scan, query);
    let mut rows = Vec::new();
    for (number, segment) in scan.segments() {
        let data = segment.data();
        for row in 0..segment.len() {
            let currency = Currency::from_numeric(data.currency[row]).unwrap_or(Currency::XXX);
            let Some(open) = segment.open(row) else {
                continue;
            };
            if groups.takes(data.customer[row], data.entity[row], currency) {
                rows.push(Row {
                    id: ItemId::new(number, row),
                    customer: CustomerId(data.customer[row]),
                    open: figure_of(open, query.figure),
                    pending: open.pending,
                    due: segment.due(row),
                });
            }
        }
    }
    let segments = book.items().segments();
    let mut show = always();
    if rows.iter().any(|row| row.pending != 0) {
        show.push(Show::Pending);
    }
    show.extend(further(segments, &show));
    let all = Rows {
        book,
        at: places(segments, &show),
        facts: (0..book.customers().len() as u32)
            .map(|id| facts_of(book, &scan, CustomerId(id)))
            .collect(),
        live: scan.live().to_vec(),
        rows,
        show,
    };
    let columns = all.show.iter().map(column).collect();
    let count = all.rows.len();
    let cell = move |row: usize, column: usize| {
        let found = all.rows.get(row).zip(all.show.get(column));
        Cell::or_empty(found.and_then(|(row, show)| all.cell(row, column, show)))
    };
    let mut sheet = Sheet::new("Rows", columns, count, cell);
    sheet.verdict = false;
    sheet
}

/// What the files have beyond the columns of every book, in order of field.
fn further(segments: &[Rc<SegmentState>], have: &[Show]) -> Vec<Show> {
    let mut texts = BTreeSet::new();
    let mut nums = BTreeSet::new();
    for segment in segments {
        texts.extend(segment.data.texts.iter().map(|(field, _)| field.clone()));
        nums.extend(segment.data.nums.iter().map(|(field, _)| *field));
    }
    let texts = texts.into_iter().map(Show::Text);
    let nums = nums.into_iter().map(Show::Num);
    texts
        .chain(nums)
        .filter(|show| !have.contains(show))
        .filter(|show| {
            // Shown under the columns of every book.
            !matches!(show, Show::Text(TextField::DocType | TextField::Collector))
        })
        .collect()
}

fn places(segments: &[Rc<SegmentState>], show: &[Show]) -> Vec<Vec<Option<usize>>> {
    let of = |segment: &SegmentState, show: &Show| {
        let text = |wanted: &TextField| {
            let mut texts = segment.data.texts.iter();
            texts.position(|(field, _)| field == wanted)
        };
        match show {
            Show::Text(field) => text(field),
            Show::DocType => text(&TextField::DocType),
            Show::Collector => text(&TextField::Collector),
            Show::Num(wanted) => {
                let mut nums = segment.data.nums.iter();
                nums.position(|(field, _)| field == wanted)
            }
            _ => None,
        }
    };
    (segments.iter())
        .map(|segment| show.iter().map(|show| of(segment, show)).collect())
        .collect()
}

fn column(show: &Show) -> Column {
    let text = |header: &str| Column::new(header, Kind::Text);
    match show {
        Show::Entity => text("Entity").width(10),
        Show::Account => text("Account").width(14),
        Show::Customer => text("Customer").width(32),
        Show::Country => text("Country").width(9),
        Show::Segment => text("Segment").width(12),
        Show::Number => text("Document number"),
        Show::DocType => text("Document type").width(14),
        Show::DocDate => Column::new("Document date", Kind::Date),
        Show::Due => Column::new("Due", Kind::Date),
        Show::Currency => text("Currency").width(9),
        Show::Amount => money_column("Original amount", CURRENCY),
        Show::Open => money_column("Open", CURRENCY),
        Show::Pending => {
            money_column("Pending", CURRENCY).note("Ours, not confirmed by the source")
        }
        Show::Collector => text("Collector").width(14),
        Show::Text(field) => text(text_name(field)),
        Show::Num(field) if field.is_day() => Column::new(num_name(*field), Kind::Date),
        Show::Num(NumField::Tax) => money_column(num_name(NumField::Tax), CURRENCY),
        // In a currency that the row does not name: whole minor units.
        Show::Num(field) => Column::new(num_name(*field), Kind::Integer).note("In minor units"),
    }
}

/// A further text of an item, as reports call it.
pub fn text_name(field: &TextField) -> &str {
    match field {
        TextField::Reference => "Reference",
        TextField::Po => "PO",
        TextField::Contract => "Contract",
        TextField::Terms => "Terms",
        TextField::SourceStatus => "Status at source",
        TextField::SourceReason => "Reason at source",
        TextField::Text => "Text",
        TextField::ReceivableType => "Receivable type",
        TextField::AccountManager => "Account manager",
        TextField::FiscalYear => "Fiscal year",
        TextField::Line => "Instalment",
        TextField::DocType => "Document type",
        TextField::ClearingDoc => "Clearing document",
        TextField::Collector => "Collector",
        TextField::LocalCurrency => "Local currency",
        TextField::GroupCurrency => "Group currency",
        TextField::Extra(header) => header,
    }
}

/// A further number or date of an item, as reports call it.
pub fn num_name(field: NumField) -> &'static str {
    match field {
        NumField::PostingDate => "Posting date",
        NumField::BaselineDate => "Baseline date",
        NumField::ClearingDate => "Clearing date",
        NumField::LocalAmount => "Amount in local currency",
        NumField::GroupAmount => "Amount in group currency",
        NumField::Tax => "Tax",
        NumField::AgingAnchor => "Aged from",
        NumField::LastPayment => "Last payment",
    }
}

impl<'a> Rows<'a> {
    fn cell(&self, line: &Row, column: usize, show: &Show) -> Option<Cell<'a>> {
        let item = self.book.item(line.id)?;
        let row = line.id.row();
        let data = &item.segment().data;
        let filled = |text: &'a str| (!text.is_empty()).then(|| Cell::text(text));
        let place = || *self.at.get(line.id.segment())?.get(column)?;
        let text = || Some(data.texts.get(place()?)?.1.get(row)).filter(|text| !text.is_empty());
        let facts = || *self.facts.get(line.customer.0 as usize)?;
        let of_currency = |minor| Some(money(minor, item.currency()));
        match show {
            Show::Entity => filled(self.book.entities().get(usize::from(item.entity()))?),
            Show::Account => filled(&self.book.customer(line.customer)?.number),
            Show::Customer => filled(&facts()?.name),
            Show::Country => filled(facts()?.country.as_deref()?),
            Show::Segment => filled(facts()?.segment.as_deref()?),
            Show::Number => filled(item.number()),
            Show::DocType => filled(text().unwrap_or_else(|| kind_name(item.kind()))),
            Show::DocDate => Some(date(item.doc_date())),
            Show::Due => Some(date(line.due)),
            Show::Currency => filled(item.currency().code()),
            Show::Amount => of_currency(original_amount(&item, &self.live)),
            Show::Open => of_currency(line.open),
            Show::Pending => (line.pending != 0).then(|| money(line.pending, item.currency())),
            Show::Collector => {
                let named = text().or_else(|| facts()?.collector.as_deref());
                filled(named.unwrap_or_default())
            }
            Show::Text(_) => filled(text()?),
            Show::Num(field) => {
                let value = *data.nums.get(place()?)?.1.get(row)?;
                match field {
                    NumField::Tax => of_currency(value),
                    field if field.is_day() => {
                        let value = i32::try_from(value).ok().filter(|day| *day != NO_DAY)?;
                        day(value).map(Cell::Date)
                    }
                    _ => Some(Cell::Int(value)),
                }
            }
        }
    }
}
