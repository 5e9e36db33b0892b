//! Rows to remittances: one per payment, where a column says which.

use super::header::{Column, Header};
use super::values::Styles;
use crate::finding::{Problem, short};
use crate::remittance::{Adjustment, DocumentKind, RemitLine, Remittance};
use crate::sink::Sink;
use crate::text::{append, some};
use duebook_exchange::read::{GridRow, fold};
use duebook_money::amount::AmountError;
use duebook_money::{Currency, Money};

/// Reads the rows below the header. Consecutive rows of one payment are one remittance.
pub(super) fn read(rows: &[GridRow], header: &Header, styles: &Styles, sink: &mut Sink) {
    let below = rows.get(header.at + 1..).unwrap_or_default();
    let mut open: Option<(String, Currency)> = None;
    let mut assumed = None;
    for row in below {
        sink.findings.at.line = row.line;
        let own = Currency::from_code(header.cell(row, Column::Currency)).or(header.currency);
        let currency = match own {
            Some(currency) => currency,
            None => *assumed.get_or_insert_with(|| sink.assume(None)),
        };
        let document = header.cell(row, Column::Document);
        if is_total(row, document) {
            total(row, header, styles, sink);
            continue;
        }
        let Some(line) = line(row, header, styles, currency, sink) else {
            continue;
        };
        let key = (header.cell(row, Column::Payment).to_owned(), currency);
        // An empty cell below a payment's number means the same payment.
        let same = open
            .as_ref()
            .is_some_and(|o| (key.0.is_empty() || o.0 == key.0) && o.1 == currency);
        if !same {
            finish(sink);
            if !sink.remittance(begin(row, header, styles, currency)) {
                return;
            }
            open = Some(key);
        }
        if !sink.line(line) {
            return;
        }
    }
    finish(sink);
}

fn begin(row: &GridRow, header: &Header, styles: &Styles, currency: Currency) -> Remittance {
    let mut out = Remittance::new(row.line, currency);
    out.trace = some(header.cell(row, Column::Payment));
    out.payer.name = some(header.cell(row, Column::Payer));
    out.date = styles.day(header.cell(row, Column::Date));
    out
}

/// The total, where no row gave it, is the sum; where one gave it, they are compared.
fn finish(sink: &mut Sink) {
    if let Some(remittance) = sink.remittances.last_mut()
        && remittance.total.is_none()
        && let Some(sum) = remittance.paid()
        && let Ok(minor) = i64::try_from(sum)
    {
        remittance.total = Some(Money::new(minor, remittance.currency));
    }
    crate::check_remittance(sink);
}

fn is_total(row: &GridRow, document: &str) -> bool {
    const NAMES: [&str; 9] = [
        "total",
        "totals",
        "grand total",
        "sum",
        "summe",
        "gesamt",
        "totale",
        "total paid",
        "payment total",
    ];
    let named = row.cells.iter().any(|c| NAMES.contains(&fold(c).as_str()));
    named && (document.is_empty() || NAMES.contains(&fold(document).as_str()))
}

fn total(row: &GridRow, header: &Header, styles: &Styles, sink: &mut Sink) {
    let Some(at) = header
        .position(Column::Paid)
        .or_else(|| header.position(Column::Gross))
    else {
        return;
    };
    let found = sink.remittances.last_mut();
    if let Some(remittance) = found
        && let Ok((amount, _)) = styles.amount(row, at, remittance.currency)
    {
        remittance.total = remittance.total.or(Some(amount));
    }
}

fn line(
    row: &GridRow,
    header: &Header,
    styles: &Styles,
    currency: Currency,
    sink: &mut Sink,
) -> Option<RemitLine> {
    let mut bad = false;
    let mut amount = |column: Column| -> Option<Money> {
        match styles.amount(row, header.position(column)?, currency) {
            Ok((money, _)) => Some(money),
            Err(AmountError::Empty) => None,
            Err(_) => {
                bad = true;
                None
            }
        }
    };
    let (mut paid, mut gross) = (amount(Column::Paid), amount(Column::Gross));
    let discount = amount(Column::Discount).map(positive);
    let withheld = amount(Column::Withheld).map(positive);
    let adjusted = amount(Column::Adjustment);
    let reference = header.cell(row, Column::Document).to_owned();
    if reference.is_empty() && paid.is_none() && gross.is_none() {
        return None;
    }
    if bad {
        sink.findings.add(Problem::BadAmount {
            text: short(&row.cells.join(" | ")),
        });
        if paid.is_none() && gross.is_none() {
            return None;
        }
    }
    let kind = kind(header.cell(row, Column::DocumentKind), paid.or(gross));
    if kind == DocumentKind::CreditNote {
        // Some lists write credit notes without a sign.
        (paid, gross) = (paid.map(negative), gross.map(negative));
    }
    let mut out = RemitLine {
        line: row.line,
        reference,
        kind,
        date: styles.day(header.cell(row, Column::DocumentDate)),
        gross,
        discount,
        withheld,
        paid,
        ..RemitLine::default()
    };
    if let Some(amount) = adjusted.filter(|a| a.minor != 0) {
        let code = header.cell(row, Column::Reason).to_owned();
        out.adjustments.push(Adjustment {
            amount: negative(amount),
            code,
            text: String::new(),
        });
    }
    if let Some(order) = some(header.cell(row, Column::PurchaseOrder)) {
        out.others.push(("PO".into(), order));
    }
    if out.adjustments.is_empty() {
        append(&mut out.text, header.cell(row, Column::Reason));
    }
    for part in header.cells(row, Column::Text) {
        append(&mut out.text, part);
    }
    Some(out)
}

fn positive(money: Money) -> Money {
    Money::new(money.minor.saturating_abs(), money.currency)
}

fn negative(money: Money) -> Money {
    Money::new(
        money.minor.saturating_abs().saturating_neg(),
        money.currency,
    )
}

fn kind(text: &str, amount: Option<Money>) -> DocumentKind {
    match fold(text).as_str() {
        "cm" | "cn" | "credit" | "credit note" | "credit memo" | "gutschrift" | "avoir" | "crn" => {
            DocumentKind::CreditNote
        }
        "dm" | "dn" | "debit note" | "debit memo" => DocumentKind::DebitNote,
        "" if amount.is_some_and(|a| a.minor < 0) => DocumentKind::CreditNote,
        "" | "inv" | "invoice" | "rechnung" | "facture" | "factura" => DocumentKind::Invoice,
        _ => DocumentKind::Other(text.trim().to_owned()),
    }
}
