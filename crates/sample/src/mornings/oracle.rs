//! Oracle Receivables: payment schedules as a report writes them to CSV. Upper-case names,
//! `DD-MON-YYYY`, plain numbers, the original amount beside what remains, one row per instalment, and
//! a line under the last row that is no data.

use super::files::{cell, date, iso_amount};
use super::world::World;
use super::{Shape, Snapshot};

const HEAD: &str = "OPERATING_UNIT,ACCOUNT_NUMBER,CUSTOMER_NAME,TRX_NUMBER,TERMS_SEQUENCE_NUMBER,CLASS,TRX_DATE,DUE_DATE,GL_DATE,INVOICE_CURRENCY_CODE,AMOUNT_DUE_ORIGINAL,AMOUNT_DUE_REMAINING,TERM_NAME,PURCHASE_ORDER,CONTRACT_NUMBER,REFERENCE,PREVIOUS_TRX_NUMBER,COLLECTOR_NAME,COMMENTS\n";

/// Under the last row.
pub(super) const END: &str = "*** End of Report ***\n";

/// The open payment schedules.
pub(super) fn open_items(snapshot: &Snapshot) -> String {
    let mut out = String::from(HEAD);
    for item in &snapshot.items {
        let debtor = snapshot.debtor(item);
        let dated = date(Shape::Oracle, item.date);
        let cells = [
            debtor.entity,
            &debtor.number,
            &debtor.name,
            &item.key.number,
            &item.key.line,
            item.doc_type,
            &dated,
            &date(Shape::Oracle, item.due),
            &dated,
            debtor.currency.code(),
            &iso_amount(item.amount, debtor.currency),
            &iso_amount(item.open, debtor.currency),
            debtor.terms,
            &item.po,
            &item.contract,
            &item.reference,
            &item.follows,
            debtor.collector,
            &item.text,
        ]
        .map(|c| cell(c, ','));
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out.push_str(END);
    out
}

/// Receipts with what they were applied to; money on account has no transaction.
pub(super) fn payments(world: &World) -> String {
    let mut out = String::from(
        "RECEIPT_NUMBER,RECEIPT_DATE,ACCOUNT_NUMBER,TRX_NUMBER,PAYMENT_AMOUNT,CURRENCY_CODE,RECEIPT_METHOD,COMMENTS\n",
    );
    for (payment, doc, amount) in rows(world) {
        let debtor = &world.debtors[payment.debtor];
        let cells = [
            &*payment.number,
            &date(Shape::Oracle, payment.day),
            &debtor.number,
            doc,
            &iso_amount(amount, debtor.currency),
            debtor.currency.code(),
            "WIRE",
            &payment.text,
        ]
        .map(|c| cell(c, ','));
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
}

/// A payment's rows: per document, and what is on account.
pub(super) fn rows(world: &World) -> impl Iterator<Item = (&super::world::Payment, &str, i64)> {
    world.payments.iter().flat_map(|payment| {
        let applied: i64 = payment.applied.iter().map(|(_, a)| a).sum();
        let rest = payment.amount - applied;
        let parts = payment.applied.iter();
        parts
            .map(|(doc, amount)| (&*world.docs[*doc].number, *amount))
            .chain((rest != 0).then_some(("", rest)))
            .map(move |(doc, amount)| (payment, doc, amount))
    })
}
