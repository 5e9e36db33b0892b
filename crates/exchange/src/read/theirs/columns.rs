//! What the columns of a customer's ledger mean, by their headers.

use super::super::limits::MAX_COLUMNS;
use super::super::mapping::Field;
use super::super::sides::{Named, named, once};
use super::super::work::WorkCells;

/// What a column of such a ledger means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // named as they are
pub enum TheirField {
    /// Our document number, as they write it.
    Number,
    /// Their own number.
    Own,
    Date,
    Due,
    /// What is open.
    Open,
    /// What it was for.
    Amount,
    Debit,
    /// In a creditor's account: they owe more by it.
    Credit,
    /// D or C beside an amount without a sign.
    Side,
    Currency,
    Type,
    Text,
    /// Not looked at.
    Ignore,
}

use TheirField as T;

/// Every field one can choose.
pub const THEIR_FIELDS: [TheirField; 13] = [
    T::Number,
    T::Own,
    T::Date,
    T::Due,
    T::Open,
    T::Amount,
    T::Debit,
    T::Credit,
    T::Side,
    T::Currency,
    T::Type,
    T::Text,
    T::Ignore,
];

/// Names in the folded form of [`fold`], beside those of receivables.
const NAMES: [(TheirField, &str); 4] = [
    (
        T::Number,
        "supplier invoice|supplier invoice no|supplier invoice number|supplier reference|supplier ref|supplier document|vendor invoice|vendor invoice no|vendor invoice number|vendor reference|vendor ref|vendor doc no|bill no|bill number|your invoice|your invoice no|your ref|your reference|your document|external document no|ext doc no|lieferantenrechnung|rechnung lieferant|numero facture fournisseur|factura proveedor",
    ),
    (
        T::Own,
        "our ref|our reference|our document|internal number|internal no|voucher|voucher no|voucher number|journal|journal no|entry no|ap document|ap voucher",
    ),
    (T::Side, "posting key|bschl"),
    (
        T::Ignore,
        "running balance|cumulative balance|balance c f|laufender saldo|vendor|vendor no|vendor number|vendor name|supplier|supplier no|supplier number|supplier name|lieferant|kreditor|lifnr",
    ),
];

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirColumn {
    /// Its header.
    pub header: String,
    /// What it means.
    pub field: TheirField,
    /// The first cell under it that holds something.
    pub sample: String,
}

fn by_name(header: &str) -> TheirField {
    let known = match named(header, &NAMES) {
        Named::Own(field) => return field,
        Named::Known(field) => field,
        Named::Unknown => return T::Ignore,
    };
    match known {
        // Which of the two is ours is told by whether the other is there.
        Field::Number => T::Own,
        Field::Reference => T::Number,
        Field::DocDate | Field::PostingDate | Field::PaymentDate => T::Date,
        Field::DueDate => T::Due,
        Field::OpenAmount => T::Open,
        Field::Amount | Field::PaymentAmount => T::Amount,
        Field::Debit => T::Debit,
        Field::Credit => T::Credit,
        Field::DebitCredit => T::Side,
        Field::Currency => T::Currency,
        Field::DocType => T::Type,
        Field::Text => T::Text,
        _ => T::Ignore,
    }
}

pub(super) fn is_header(row: &WorkCells) -> bool {
    let has = |fields: &[TheirField]| row.cells.iter().any(|c| fields.contains(&by_name(c)));
    has(&[T::Open, T::Amount, T::Debit, T::Credit]) && has(&[T::Number, T::Own, T::Date])
}

pub(super) fn columns_of(
    head: &WorkCells,
    body: &[WorkCells],
    said: &[Option<TheirField>],
) -> Vec<TheirColumn> {
    let sample = |at: usize| {
        let mut cells = body.iter().filter_map(|r| r.cells.get(at));
        cells.find(|c| !c.is_empty()).cloned().unwrap_or_default()
    };
    let named = head.cells.iter().take(MAX_COLUMNS).enumerate();
    let mut columns: Vec<TheirColumn> = named
        .map(|(at, header)| TheirColumn {
            header: header.clone(),
            field: by_name(header),
            sample: sample(at),
        })
        .collect();
    once(&mut columns, |c| &mut c.field, T::Ignore);
    let has = |columns: &[TheirColumn], f: TheirField| columns.iter().any(|c| c.field == f);
    // The only number they give is ours: they pay by it.
    if !has(&columns, T::Number) {
        columns
            .iter_mut()
            .filter(|c| c.field == T::Own)
            .for_each(|c| c.field = T::Number);
    }
    // Beside debits and credits a balance is the running one.
    if has(&columns, T::Debit) && has(&columns, T::Credit) {
        let running = |c: &&mut TheirColumn| matches!(c.field, T::Open | T::Amount);
        columns
            .iter_mut()
            .filter(running)
            .for_each(|c| c.field = T::Ignore);
    }
    for (column, said) in columns.iter_mut().zip(said) {
        column.field = said.unwrap_or(column.field);
    }
    columns
}
