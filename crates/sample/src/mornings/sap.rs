//! FBL5N, customer line items, as the list is saved to a file: a section per customer and company
//! with its own header and total, the sum of each currency at the end, `1.234,56-`, `DD.MM.YYYY`.
//!
//! There is one amount, what is open of the line: a part payment is a `DZ` line beside the whole
//! invoice, with the invoice's number in *Inv. ref.*; a residual is a debit `DZ` line.

use super::files::{date, sap_amount};
use super::truth::ItemTruth;
use super::{Debtor, Shape, Snapshot};
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;

const HEAD: &str = "|S |DocumentNo|Ty|Year|Itm|Doc. Date |Net due dt| Amount in doc. curr.|Curr.|Reference |Inv. ref. |Purchase Order|Contract|PayT|Acctg Clerk   |Text                      |\n";

/// A drawn line as wide as the table.
pub(super) fn rule(head: &str) -> String {
    format!("{}\n", "-".repeat(head.len() - 1))
}

/// What stands above everything.
pub(super) fn title(day: Day, what: &str) -> String {
    let day = date(Shape::Sap, day);
    format!(
        "{day}                    Customer Line Item Display                    1\n\n{what} {day}\n"
    )
}

/// What stands above a customer's rows.
pub(super) fn section(debtor: &Debtor, head: &str) -> String {
    let rule = rule(head);
    format!(
        "\nCustomer                 {}\nCompany Code             {}\nName                     {}\n{rule}{head}{rule}",
        debtor.number, debtor.entity, debtor.name
    )
}

fn row(debtor: &Debtor, item: &ItemTruth) -> String {
    format!(
        "|  |{:<10}|{:<2}|{:<4}|{:>3}|{}|{}|{:>21}|{:<5}|{:<10}|{:<10}|{:<14}|{:<8}|{:<4}|{:<14}|{:<26}|\n",
        item.key.number,
        item.doc_type,
        item.key.year,
        item.key.line,
        date(Shape::Sap, item.date),
        date(Shape::Sap, item.due),
        sap_amount(item.open, debtor.currency),
        debtor.currency.code(),
        item.reference,
        item.follows,
        item.po,
        item.contract,
        debtor.terms,
        debtor.collector,
        item.text,
    )
}

/// `*` under a customer, `**` at the end; other cells are blank.
fn total(mark: &str, sum: i64, currency: Currency) -> String {
    format!(
        "|{mark:<2}|{:<10}|{:<2}|{:<4}|{:>3}|{:<10}|{:<10}|{:>21}|{:<5}|{:<10}|{:<10}|{:<14}|{:<8}|{:<4}|{:<14}|{:<26}|\n",
        "",
        "",
        "",
        "",
        "",
        "",
        sap_amount(sum, currency),
        currency.code(),
        "",
        "",
        "",
        "",
        "",
        "",
        "",
    )
}

/// The list of open items.
pub(super) fn open_items(snapshot: &Snapshot) -> String {
    let mut out = title(snapshot.day, "Open at key date        ");
    let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
    for items in snapshot.items.chunk_by(|a, b| a.debtor == b.debtor) {
        let debtor = snapshot.debtor(&items[0]);
        out.push_str(&section(debtor, HEAD));
        let mut sum = 0;
        for item in items {
            sum += item.open;
            out.push_str(&row(debtor, item));
        }
        out.push_str(&rule(HEAD));
        out.push_str(&total("*", sum, debtor.currency));
        out.push_str(&rule(HEAD));
        *sums.entry(debtor.currency).or_default() += sum;
    }
    for (currency, sum) in sums {
        out.push_str(&total("**", sum, currency));
    }
    out.push_str(&rule(HEAD));
    out
}
