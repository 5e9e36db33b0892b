//! Postings, each as its system makes it: documents, payments in full and in part, credits.

use super::Shape;
use super::truth::Happened;
use super::world::{By, DocKind, Payment, World};
use crate::rng::Rng;
use duebook_ledger::keys::ItemKey;

/// Half again, a month later, under the same number.
pub(super) fn second_instalment(w: &mut World, doc: usize) {
    let mut next = w.docs[doc].clone();
    next.line = "2".to_owned();
    next.due = next.due.plus(30);
    next.serial += 1;
    w.add(next);
}

/// An amount as invoices have: yen without decimals and rupees in lakhs are of the same size.
pub(super) fn amount(w: &World, debtor: usize, rng: &mut Rng) -> i64 {
    let minor = i64::from(rng.range(12_000, 4_800_000));
    match w.debtors[debtor].currency.code() {
        "INR" => minor * 40,
        _ => minor,
    }
}

pub(super) fn invoice(w: &mut World, debtor: usize, amount: i64) -> usize {
    let number = w.next_number(DocKind::Invoice);
    let mut doc = w.blank(debtor, DocKind::Invoice, number, amount);
    doc.reference = match w.shape {
        // The billing document, which is the number that the customer has on paper.
        Shape::Sap => format!("90{:08}", doc.serial),
        _ => format!("SO-{}", 600_000 + doc.serial),
    };
    doc.po = format!("45{:08}", doc.serial * 7 % 100_000_000);
    doc.text = format!("Delivery {}", doc.serial % 9_000 + 1_000);
    w.add(doc)
}

/// A credit memo; it names the invoice that it is for.
pub(super) fn credit_memo(w: &mut World, debtor: usize, amount: i64, of: Option<usize>) -> usize {
    let number = w.next_number(DocKind::Credit);
    let mut doc = w.blank(debtor, DocKind::Credit, number, -amount);
    doc.due = doc.date;
    doc.text = "Goods returned".to_owned();
    if let Some(of) = of {
        let of = &w.docs[of];
        doc.follows = of.number.clone();
        doc.reference = of.reference.clone();
        doc.po = of.po.clone();
        doc.text = format!("Credit for {}", of.number);
    }
    w.add(doc)
}

/// Money that is set against nothing, or SAP's line beside the invoice it pays in part.
pub(super) fn on_account(
    w: &mut World,
    debtor: usize,
    amount: i64,
    payment: Option<&str>,
) -> usize {
    let number = match payment {
        Some(number) => number.to_owned(),
        None => w.next_number(DocKind::Receipt),
    };
    let mut doc = w.blank(debtor, DocKind::Receipt, number, -amount);
    doc.due = doc.date;
    doc.text = "Payment on account".to_owned();
    if w.shape == Shape::Sap {
        // Line 1 of a payment document is the bank's.
        doc.line = "2".to_owned();
    }
    w.add(doc)
}

/// A document of a customer by its place among the invoices of the first morning.
pub(super) fn nth(w: &World, debtor: usize, n: usize) -> usize {
    w.of[debtor][n]
}

/// A payment and what it is set against; `extra` stays on account. Its number.
pub(super) fn pay(w: &mut World, parts: &[(usize, i64)], debtor: usize, extra: i64) -> String {
    let number = w.next_number(DocKind::Receipt);
    let total = parts.iter().map(|(_, a)| a).sum::<i64>() + extra;
    let named: Vec<&str> = parts.iter().map(|(d, _)| known_as(w, *d)).collect();
    let text = match named.is_empty() {
        true => "PAYMENT ON ACCOUNT".to_owned(),
        false => named.join(" "),
    };
    let mut cleared = 0;
    for &(doc, amount) in parts {
        let item = w.key(doc);
        if amount == w.docs[doc].open {
            w.close(doc, &number, By::Payment);
            cleared += amount;
            w.tell(
                debtor,
                Happened::Paid {
                    item,
                    payment: number.clone(),
                    amount,
                },
            );
            continue;
        }
        let line = part_paid(w, doc, amount, &number);
        w.tell(
            debtor,
            Happened::PartPaid {
                item,
                payment: number.clone(),
                amount,
                line,
            },
        );
    }
    if extra > 0 {
        let doc = on_account(w, debtor, extra, Some(&number));
        w.docs[doc].reference = number.clone();
        let credit = w.key(doc);
        w.tell(
            debtor,
            Happened::OnAccount {
                credit,
                payment: number.clone(),
                amount: extra,
            },
        );
    }
    own_line(w, debtor, cleared, &number);
    receipt(w, debtor, total, parts.to_vec(), text, &number);
    number
}

pub(super) fn part_paid(w: &mut World, doc: usize, amount: i64, number: &str) -> Option<ItemKey> {
    if w.shape != Shape::Sap {
        w.docs[doc].open -= amount;
        return None;
    }
    let line = on_account(w, w.docs[doc].debtor, amount, Some(number));
    let of = w.docs[doc].clone();
    let beside = &mut w.docs[line];
    beside.follows = of.number.clone();
    beside.reference = of.reference;
    beside.po = of.po;
    beside.text = format!("Part payment of {}", of.number);
    Some(w.key(line))
}

/// SAP lists the payment's own line among the items it cleared.
pub(super) fn own_line(w: &mut World, debtor: usize, cleared: i64, number: &str) {
    if w.shape == Shape::Sap && cleared > 0 {
        let doc = on_account(w, debtor, cleared, Some(number));
        w.docs[doc].line = "9".to_owned();
        w.docs[doc].live = false;
        w.note_closing(doc, number, By::Payment, None);
    }
}

pub(super) fn receipt(
    w: &mut World,
    debtor: usize,
    amount: i64,
    applied: Vec<(usize, i64)>,
    text: String,
    number: &str,
) {
    w.bank_line(debtor, amount, text.clone(), number);
    let day = w.eve;
    w.payments.push(Payment {
        number: number.to_owned(),
        debtor,
        day,
        amount,
        applied,
        text,
    });
}

/// SAP clears with a document of its own; elsewhere the credit or receipt is what clears.
pub(super) fn clearing_number(w: &mut World, credit: usize) -> String {
    match w.shape {
        Shape::Sap => w.next_number(DocKind::Transfer),
        _ => w.docs[credit].number.clone(),
    }
}

/// A new number for an old claim: same dates, order and reference.
pub(super) fn successor(w: &mut World, old: usize, amount: i64, text: &str) -> usize {
    let was = w.docs[old].clone();
    let new = invoice(w, was.debtor, amount);
    let doc = &mut w.docs[new];
    (doc.date, doc.due) = (was.date, was.due);
    (doc.reference, doc.po) = (was.reference, was.po);
    doc.text = text.to_owned();
    new
}

/// Only SAP clears a document that got another number; elsewhere the number is changed.
pub(super) fn renamed(shape: Shape) -> By {
    match shape {
        Shape::Sap => By::Clearing,
        _ => By::Nothing,
    }
}

pub(super) fn has_line_beside(w: &World, doc: usize) -> bool {
    let number = &w.docs[doc].number;
    let own = &w.of[w.docs[doc].debtor];
    own.iter()
        .any(|d| w.docs[*d].live && w.docs[*d].follows == *number)
}

/// The number a customer quotes: in SAP the billing document's.
pub(super) fn known_as(w: &World, doc: usize) -> &str {
    match w.shape {
        Shape::Sap => &w.docs[doc].reference,
        _ => &w.docs[doc].number,
    }
}
