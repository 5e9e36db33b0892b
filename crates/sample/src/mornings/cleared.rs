//! Lists of cleared items, with clearing date and document.

use super::files::{cell, date, iso_amount, sap_amount};
use super::world::{Closing, World};
use super::{Shape, netsuite, oracle, sap};
use duebook_money::Day;

const SAP_HEAD: &str = "|S |DocumentNo|Ty|Year|Itm|Doc. Date |Net due dt|Clearing  |Clrng doc.| Amount in doc. curr.|Curr.|Reference |Text                      |\n";

/// The list, of rows in order of customer.
pub(super) fn text(world: &World, rows: &[&Closing], day: Day) -> String {
    match world.shape {
        Shape::Sap => sap_list(world, rows, day),
        Shape::Oracle => oracle_list(world, rows),
        Shape::NetSuite => netsuite_list(world, rows),
    }
}

fn sap_list(world: &World, rows: &[&Closing], day: Day) -> String {
    let mut out = sap::title(day, "Cleared until           ");
    for rows in rows.chunk_by(|a, b| world.docs[a.doc].debtor == world.docs[b.doc].debtor) {
        let debtor = &world.debtors[world.docs[rows[0].doc].debtor];
        out.push_str(&sap::section(debtor, SAP_HEAD));
        for row in rows {
            let doc = &world.docs[row.doc];
            let key = world.key(row.doc);
            out.push_str(&format!(
                "|  |{:<10}|{:<2}|{:<4}|{:>3}|{}|{}|{}|{:<10}|{:>21}|{:<5}|{:<10}|{:<26}|\n",
                doc.number,
                doc.doc_type(world.shape),
                key.year,
                doc.line,
                date(Shape::Sap, doc.date),
                date(Shape::Sap, doc.due),
                date(Shape::Sap, row.day),
                row.by,
                sap_amount(doc.amount, debtor.currency),
                debtor.currency.code(),
                doc.reference,
                doc.text,
            ));
        }
        out.push_str(&sap::rule(SAP_HEAD));
    }
    out
}

fn oracle_list(world: &World, rows: &[&Closing]) -> String {
    let mut out = String::from(
        "OPERATING_UNIT,ACCOUNT_NUMBER,CUSTOMER_NAME,TRX_NUMBER,TERMS_SEQUENCE_NUMBER,CLASS,TRX_DATE,DUE_DATE,INVOICE_CURRENCY_CODE,AMOUNT_DUE_ORIGINAL,GL_DATE_CLOSED,CLEARED_BY\n",
    );
    for row in rows {
        let doc = &world.docs[row.doc];
        let debtor = &world.debtors[doc.debtor];
        let cells = [
            debtor.entity,
            &debtor.number,
            &debtor.name,
            &doc.number,
            &doc.line,
            doc.doc_type(world.shape),
            &date(Shape::Oracle, doc.date),
            &date(Shape::Oracle, doc.due),
            debtor.currency.code(),
            &iso_amount(doc.amount, debtor.currency),
            &date(Shape::Oracle, row.day),
            &row.by,
        ]
        .map(|c| cell(c, ','));
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out.push_str(oracle::END);
    out
}

fn netsuite_list(world: &World, rows: &[&Closing]) -> String {
    let mut out = netsuite::line(&[
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
        "Date Closed",
        "Applying Transaction",
    ]);
    for row in rows {
        let doc = &world.docs[row.doc];
        let debtor = &world.debtors[doc.debtor];
        out.push_str(&netsuite::line(&[
            &doc.serial.to_string(),
            &date(Shape::NetSuite, doc.date),
            &date(Shape::NetSuite, doc.due),
            &doc.number,
            doc.doc_type(world.shape),
            &debtor.number,
            &debtor.name,
            debtor.entity,
            debtor.currency.code(),
            &netsuite::amount(doc.amount, debtor.currency),
            &date(Shape::NetSuite, row.day),
            &row.by,
        ]));
    }
    out
}
