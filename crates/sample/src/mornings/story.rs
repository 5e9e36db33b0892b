//! The story of the five mornings. Each of its customers plays one part; all others pay and order as
//! customers do ([`everyday`]).
//!
//! 1. *Take-on*: what is open, credits and money on account among it, invoices in instalments.
//! 2. *Ordinary*, with payments file: two invoices by one payment, a part payment, money on account,
//!    a payment that will come back, a credit memo, new invoices. The collector takes promises,
//!    applies the money on account, writes notes.
//! 3. *Without payments file*: a payment of unknown cause, a short payment (residual), credit and
//!    rebill, a returned payment, a new due date, a credit applied, money applied as we had.
//! 4. Payments file, master data: a customer merged into another, a renumbered invoice, a write-off.
//!    (Any export from the second on can be had spoilt: [`super::Morning::wrong`].)
//! 5. Money applied elsewhere than we had, a split invoice, promises paid in full and in part; the list
//!    of cleared items tells late why the items of the third morning went.

use super::postings::*;
use super::truth::{Happened, PromiseEnd, Work};
use super::world::{By, DocKind, World};
use super::{Plan, Shape};
use crate::rng::Rng;
use duebook_money::split;

/// The parts, each a customer.
const PAYS_TWO: usize = 0;
const PAYS_PART: usize = 1;
const GETS_CREDIT: usize = 2;
const ON_ACCOUNT_ELSEWHERE: usize = 3;
const ON_ACCOUNT_AS_OURS: usize = 4;
const PROMISES_ALL: usize = 5;
const PROMISES_PART: usize = 6;
const PROMISES_NOTHING: usize = 7;
const PAYS_SHORT: usize = 8;
const REBILLED: usize = 9;
const RETURNED: usize = 10;
const RE_AGED: usize = 11;
const PAYS_UNTOLD: usize = 12;
/// Of one currency and one company.
const MERGED: usize = 13;
const MERGED_INTO: usize = 18;
const RENUMBERED: usize = 14;
const SPLIT: usize = 15;
const WRITTEN_OFF: usize = 16;
/// From here on customers are everyday ones.
const EVERYDAY: usize = 19;
/// Few enough that nobody need be asked whether the list is whole when they go.
const MERGED_ITEMS: usize = 6;

/// What is open on the first morning.
pub(crate) fn begin(w: &mut World, plan: &Plan, rng: &mut Rng) {
    let morning = w.eve;
    let mut made = 0;
    while made < plan.items {
        let mut debtor = made % plan.customers;
        if debtor == MERGED && w.of[MERGED].len() >= MERGED_ITEMS {
            debtor = EVERYDAY + made % (plan.customers - EVERYDAY);
        }
        let everyday = debtor >= EVERYDAY;
        w.eve = morning.plus(-rng.range(1, 150));
        let credit = everyday && rng.chance(30);
        let doc = match (credit, credit && rng.chance(300)) {
            (_, true) => on_account(w, debtor, amount(w, debtor, rng), None),
            (true, _) => credit_memo(w, debtor, amount(w, debtor, rng), None),
            _ => invoice(w, debtor, amount(w, debtor, rng)),
        };
        made += 1;
        let part_paid = w.shape != Shape::Sap && !credit && rng.chance(40);
        if everyday && part_paid {
            w.docs[doc].open = w.docs[doc].amount / 10 * i64::from(rng.range(3, 8));
        } else if everyday && !credit && w.shape != Shape::NetSuite && rng.chance(20) {
            second_instalment(w, doc);
            made += 1;
        }
    }
    w.eve = morning;
    // Two invoices of one amount: a payment of it explains either.
    let first = nth(w, ON_ACCOUNT_ELSEWHERE, 0);
    let second = nth(w, ON_ACCOUNT_ELSEWHERE, 1);
    let same = w.docs[first].amount;
    (w.docs[second].amount, w.docs[second].open) = (same, same);
}

/// Lets the postings before a morning happen, and says what the collector does on it.
pub(crate) fn tell(w: &mut World, plan: &Plan, rng: &mut Rng) -> Vec<Work> {
    let work = match w.morning {
        2 => ordinary(w, plan),
        3 => without_payments_file(w),
        4 => masters(w),
        _ => late_causes(w),
    };
    everyday(w, rng);
    work
}

fn ordinary(w: &mut World, plan: &Plan) -> Vec<Work> {
    let two = [nth(w, PAYS_TWO, 0), nth(w, PAYS_TWO, 1)].map(|d| (d, w.docs[d].open));
    pay(w, &two, PAYS_TWO, 0);
    let part = nth(w, PAYS_PART, 0);
    pay(w, &[(part, w.docs[part].open * 2 / 5)], PAYS_PART, 0);
    let back = nth(w, RETURNED, 0);
    pay(w, &[(back, w.docs[back].open)], RETURNED, 0);

    let credited = nth(w, GETS_CREDIT, 0);
    let credit = credit_memo(w, GETS_CREDIT, w.docs[credited].amount, Some(credited));
    w.tell(
        GETS_CREDIT,
        Happened::Opened {
            item: w.key(credit),
        },
    );

    let mut work = Vec::new();
    for part in [ON_ACCOUNT_ELSEWHERE, ON_ACCOUNT_AS_OURS] {
        let (item, from) = (nth(w, part, 0), w.docs.len());
        let amount = w.docs[item].open;
        pay(w, &[], part, amount);
        work.push(Work::Apply {
            customer: w.debtors[part].number.clone(),
            credit: w.key(from),
            item: w.key(item),
            amount,
        });
    }
    let half = |w: &World| w.docs[nth(w, PROMISES_PART, 0)].open / 2;
    let promises = [
        (PROMISES_ALL, 3, PromiseEnd::Kept),
        (PROMISES_PART, 3, PromiseEnd::Partial(half(w))),
        (PROMISES_NOTHING, 2, PromiseEnd::Nothing),
        (REBILLED, 3, PromiseEnd::Superseded),
    ];
    for (part, day, ends) in promises {
        let item = nth(w, part, 0);
        work.push(Work::Promise {
            customer: w.debtors[part].number.clone(),
            item: w.key(item),
            amount: w.docs[item].open,
            date: plan.days[day],
            ends,
        });
    }
    for (part, text) in [
        (PAYS_SHORT, "Says a pallet was missing"),
        (MERGED, "Asks for statements by mail"),
        (RENUMBERED, "Wants the invoice in the portal"),
        (SPLIT, "Two cost centres, wants two invoices"),
    ] {
        work.push(Work::Note {
            customer: w.debtors[part].number.clone(),
            item: w.key(nth(w, part, 0)),
            text,
        });
    }
    work
}

fn without_payments_file(w: &mut World) -> Vec<Work> {
    let untold = nth(w, PAYS_UNTOLD, 0);
    pay(w, &[(untold, w.docs[untold].open)], PAYS_UNTOLD, 0);
    short_paid(w);
    rebilled(w);
    returned(w);

    let aged = nth(w, RE_AGED, 0);
    let (from, to) = (w.docs[aged].due, w.docs[aged].due.plus(30));
    w.docs[aged].due = to;
    w.tell(
        RE_AGED,
        Happened::ReAged {
            item: w.key(aged),
            from,
            to,
        },
    );

    let item = nth(w, GETS_CREDIT, 0);
    let credit = w.of[GETS_CREDIT]
        .iter()
        .rev()
        .find(|d| w.docs[**d].kind == DocKind::Credit)
        .copied();
    if let Some(credit) = credit {
        let amount = w.docs[item].open;
        let by = clearing_number(w, credit);
        w.close(item, &by, By::Clearing);
        w.close(credit, &by, By::Clearing);
        w.tell(
            GETS_CREDIT,
            Happened::CreditedBy {
                item: w.key(item),
                credit: w.key(credit),
                amount,
            },
        );
    }
    applied(w, ON_ACCOUNT_AS_OURS, 0);
    Vec::new()
}

/// Seven eighths come. SAP: the invoice is cleared and the rest stands under the payment's number.
fn short_paid(w: &mut World) {
    let doc = nth(w, PAYS_SHORT, 0);
    let open = w.docs[doc].open;
    let rest = open / 8;
    let received = open - rest;
    let number = w.next_number(DocKind::Receipt);
    let from = w.key(doc);
    let mut to = from.clone();
    if w.shape == Shape::Sap {
        w.close(doc, &number, By::Payment);
        let old = w.docs[doc].clone();
        let mut residual = w.blank(PAYS_SHORT, DocKind::Residual, number.clone(), rest);
        residual.line = "3".to_owned();
        residual.due = old.due;
        residual.text = format!("Residual of {}", old.number);
        (residual.follows, residual.reference, residual.po) = (old.number, old.reference, old.po);
        let residual = w.add(residual);
        to = w.key(residual);
        own_line(w, PAYS_SHORT, received, &number);
    } else {
        w.docs[doc].open = rest;
    }
    let text = format!("{} LESS DAMAGED", known_as(w, doc));
    receipt(
        w,
        PAYS_SHORT,
        received,
        vec![(doc, received)],
        text,
        &number,
    );
    w.tell(
        PAYS_SHORT,
        Happened::Residual {
            from,
            to,
            payment: number,
            received,
            rest,
        },
    );
}

/// Credited in full, billed again a tenth lower, with the same order.
fn rebilled(w: &mut World) {
    let old = nth(w, REBILLED, 0);
    let (amount, number) = (w.docs[old].open, w.docs[old].number.clone());
    let credit = credit_memo(w, REBILLED, amount, Some(old));
    let by = clearing_number(w, credit);
    w.close(old, &by, By::Clearing);
    w.close(credit, &by, By::Clearing);
    let new = successor(w, old, amount - amount / 10, &format!("Rebill of {number}"));
    w.docs[new].date = w.eve;
    w.docs[new].due = w.eve.plus(w.debtors[REBILLED].terms_days);
    w.tell(
        REBILLED,
        Happened::Rebilled {
            from: w.key(old),
            credit: w.key(credit),
            to: w.key(new),
        },
    );
}

/// The payment of the morning before comes back; the invoice is open again under its own number.
fn returned(w: &mut World) {
    let doc = nth(w, RETURNED, 0);
    let was = w.closings.iter().find(|c| c.doc == doc);
    let Some(payment) = was.map(|c| c.by.clone()) else {
        return;
    };
    w.docs[doc].live = true;
    let amount = w.docs[doc].open;
    let text = format!("RETURN {} INSUFFICIENT FUNDS", known_as(w, doc));
    w.bank_line(RETURNED, -amount, text, &payment);
    w.tell(
        RETURNED,
        Happened::Returned {
            payment,
            items: vec![w.key(doc)],
            amount,
        },
    );
}

/// The client applies the money on account: to the invoice we chose, or to the other of its amount.
fn applied(w: &mut World, part: usize, to: usize) {
    let (ours, theirs) = (nth(w, part, 0), nth(w, part, to));
    let receipt = w.of[part]
        .iter()
        .rev()
        .find(|d| w.docs[**d].kind == DocKind::Receipt);
    let Some(&receipt) = receipt else { return };
    let amount = w.docs[theirs].open;
    let by = clearing_number(w, receipt);
    w.close(theirs, &by, By::Clearing);
    w.close(receipt, &by, By::Clearing);
    let (credit, ours, theirs) = (w.key(receipt), w.key(ours), w.key(theirs));
    w.tell(
        part,
        if to == 0 {
            Happened::AppliedAsOurs {
                credit,
                item: ours,
                amount,
            }
        } else {
            Happened::AppliedElsewhere {
                credit,
                ours,
                theirs,
                amount,
            }
        },
    );
}

fn masters(w: &mut World) -> Vec<Work> {
    merged(w);
    let old = nth(w, RENUMBERED, 0);
    let number = w.docs[old].number.clone();
    let new = successor(w, old, w.docs[old].open, &format!("Was {number}"));
    let by = w.next_number(DocKind::Transfer);
    w.close(old, &by, renamed(w.shape));
    w.tell(
        RENUMBERED,
        Happened::Renumbered {
            from: w.key(old),
            to: w.key(new),
        },
    );
    let off = nth(w, WRITTEN_OFF, 0);
    let by = w.next_number(DocKind::Transfer);
    w.close(off, &by, By::Clearing);
    w.tell(
        WRITTEN_OFF,
        Happened::WrittenOff {
            item: w.key(off),
            amount: w.docs[off].open,
        },
    );
    Vec::new()
}

/// SAP posts each item to the other account under a new number; elsewhere it changes its customer.
fn merged(w: &mut World) {
    let moving: Vec<usize> = w.of[MERGED]
        .iter()
        .copied()
        .filter(|d| w.docs[*d].live)
        .collect();
    let mut items = Vec::new();
    for doc in moving {
        let from = w.key(doc);
        if w.shape == Shape::Sap {
            let number = w.next_number(DocKind::Transfer);
            w.close(doc, &number, By::Clearing);
            let old = w.docs[doc].clone();
            let mut new = w.blank(MERGED_INTO, DocKind::Transfer, number, old.open);
            (new.date, new.due) = (old.date, old.due);
            new.text = format!("Transfer of {}", old.number);
            (new.follows, new.reference, new.po) = (old.number, old.reference, old.po);
            let new = w.add(new);
            items.push((from, w.key(new)));
        } else {
            w.docs[doc].debtor = MERGED_INTO;
            w.of[MERGED].retain(|d| *d != doc);
            w.of[MERGED_INTO].push(doc);
            items.push((from.clone(), from));
        }
    }
    let debtors = std::rc::Rc::make_mut(&mut w.debtors);
    debtors[MERGED].active = false;
    let (from, to) = (
        debtors[MERGED].number.clone(),
        debtors[MERGED_INTO].number.clone(),
    );
    w.tell(MERGED, Happened::CustomerMerged { from, to, items });
}

fn late_causes(w: &mut World) -> Vec<Work> {
    applied(w, ON_ACCOUNT_ELSEWHERE, 1);
    let kept = nth(w, PROMISES_ALL, 0);
    pay(w, &[(kept, w.docs[kept].open)], PROMISES_ALL, 0);
    let part = nth(w, PROMISES_PART, 0);
    pay(w, &[(part, w.docs[part].open / 2)], PROMISES_PART, 0);

    let old = nth(w, SPLIT, 0);
    let open = w.docs[old].open;
    // The parts sum to the document (SP-01).
    let shares = split::by_weights(open, &[3, 2]).unwrap_or_else(|_| vec![open]);
    let by = w.next_number(DocKind::Transfer);
    let number = w.docs[old].number.clone();
    let parts: Vec<usize> = shares
        .into_iter()
        .map(|share| successor(w, old, share, &format!("Part of {number}")))
        .collect();
    w.close(old, &by, renamed(w.shape));
    w.tell(
        SPLIT,
        Happened::Split {
            from: w.key(old),
            parts: parts.into_iter().map(|p| w.key(p)).collect(),
        },
    );
    Vec::new()
}

/// Twelve of a thousand open invoices of everyday customers are paid, some in part; about as many are
/// new, and now and then a credit.
fn everyday(w: &mut World, rng: &mut Rng) {
    let open: Vec<usize> = (w.of.iter().skip(EVERYDAY).flatten())
        .copied()
        .filter(|d| w.docs[*d].live && w.docs[*d].kind == DocKind::Invoice)
        .collect();
    for &doc in &open {
        if !rng.chance(12) {
            continue;
        }
        let open = w.docs[doc].open;
        // What SAP shows beside an invoice is not paid from again here: one line an invoice.
        let part = rng.chance(150) && open >= 1_000;
        let amount = if part { open / 4 } else { open };
        if w.shape != Shape::Sap || !has_line_beside(w, doc) {
            pay(w, &[(doc, amount)], w.docs[doc].debtor, 0);
        }
    }
    for _ in 0..(open.len() / 80).max(3) {
        let debtor = EVERYDAY + rng.below((w.of.len() - EVERYDAY) as u64) as usize;
        let amount = amount(w, debtor, rng);
        let doc = match rng.chance(40) {
            true => credit_memo(w, debtor, amount / 4, None),
            false => invoice(w, debtor, amount),
        };
        w.tell(debtor, Happened::Opened { item: w.key(doc) });
    }
}
