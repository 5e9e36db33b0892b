//! NetSuite: a saved search of open transactions exported to CSV. Every cell quoted, `M/D/YYYY`,
//! `1,234.56`, credits negative, *Amount Remaining* falls as money is applied.

use super::files::date;
use super::oracle::rows;
use super::world::World;
use super::{Shape, Snapshot};
use duebook_money::{Currency, NumberFormat};

const HEAD: [&str; 17] = [
    "Internal ID",
    "Date",
    "Due Date",
    "Document Number",
    "Type",
    "Customer ID",
    "Name",
    "Subsidiary",
    "Currency",
    "Amount (Foreign Currency)",
    "Amount Remaining (Foreign Currency)",
    "Terms",
    "PO/Check Number",
    "Contract",
    "Created From",
    "Collector",
    "Memo",
];

/// A row of quoted cells.
pub(super) fn line(cells: &[&str]) -> String {
    let quoted: Vec<String> = cells
        .iter()
        .map(|c| format!("\"{}\"", c.replace('"', "\"\"")))
        .collect();
    format!("{}\r\n", quoted.join(","))
}

/// `-1,234.56`.
pub(super) fn amount(minor: i64, currency: Currency) -> String {
    const MARKS: NumberFormat = NumberFormat {
        minus: '-',
        ..NumberFormat::WESTERN
    };
    MARKS.minor(i128::from(minor), currency.exponent())
}

/// The open transactions.
pub(super) fn open_items(snapshot: &Snapshot) -> String {
    let mut out = line(&HEAD);
    for item in &snapshot.items {
        let debtor = snapshot.debtor(item);
        let created_from = match item.follows.as_str() {
            "" => item.reference.clone(),
            number => format!("Invoice #{number}"),
        };
        out.push_str(&line(&[
            &item.serial.to_string(),
            &date(Shape::NetSuite, item.date),
            &date(Shape::NetSuite, item.due),
            &item.key.number,
            item.doc_type,
            &debtor.number,
            &debtor.name,
            debtor.entity,
            debtor.currency.code(),
            &amount(item.amount, debtor.currency),
            &amount(item.open, debtor.currency),
            debtor.terms,
            &item.po,
            &item.contract,
            &created_from,
            debtor.collector,
            &item.text,
        ]));
    }
    out
}

/// Customer payments with the transactions they were applied to.
pub(super) fn payments(world: &World) -> String {
    let mut out = line(&[
        "Payment Number",
        "Payment Date",
        "Customer ID",
        "Name",
        "Invoice Number",
        "Payment Amount",
        "Currency",
        "Payment Method",
        "Memo",
    ]);
    for (payment, doc, part) in rows(world) {
        let debtor = &world.debtors[payment.debtor];
        out.push_str(&line(&[
            &payment.number,
            &date(Shape::NetSuite, payment.day),
            &debtor.number,
            &debtor.name,
            doc,
            &amount(part, debtor.currency),
            debtor.currency.code(),
            "Wire",
            &payment.text,
        ]));
    }
    out
}
