//! What reconciliation has to show one click after opening: a bank statement of the last days whose
//! lines are the source's receipts, money that nobody has applied yet, one break in somebody's hand,
//! and an earlier month that ties out and is locked.

#![allow(clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00

use crate::customers::COLLECTORS;
use crate::life::{DATA_DESK, LAST_EVENING};
use crate::portfolio::{Ask, Builder};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::recon::{BreakFacts, BreakKind, BreakMatter, ReconCommand};
use duebook_ledger::statements::{
    Explanation, LineKey, LineKind, StatementFacts, StatementLine, identify,
};
use duebook_ledger::{Book, Command, CustomerId, ItemId};
use duebook_money::{Currency, Day};
use std::collections::BTreeSet;

/// The account, and the currency that most customers pay in.
const ACCOUNT: &str = "US00SAMPLE0000001200";
const CURRENCY: Currency = Currency::USD;
/// Days of the statement before the last.
const DAYS: i32 = 6;
/// Balance before it, minor units.
const OPENING: i64 = 412_350_00;
/// After everything else of the last day.
const EVENING: i32 = LAST_EVENING + 46;
/// Who looks after the bank.
const CASH_DESK: &str = COLLECTORS[1];

/// A receipt of the source, as the bank shows it.
struct Known {
    key: ItemKey,
    line: StatementLine,
}

/// What is said of the lines: the last of a statement's rows.
pub(crate) fn bank(b: &mut Builder) {
    let last = b.today.plus(-1);
    lock(b, last);
    let from = last.plus(-DAYS);
    let mut known = receipts(&b.book, from, last);
    // One of them is in the book and in no statement.
    let missing = (known.len() > 3).then(|| known.remove(known.len() / 2));
    let mut lines: Vec<StatementLine> = known.iter().map(|k| k.line.clone()).collect();
    let own = lines.len();
    lines.extend(fresh(&b.book, last));
    lines.push(line(
        last,
        -18_50,
        "",
        "MONTHLY ACCOUNT FEE",
        LineKind::Charges,
    ));
    lines.push(line(last, 7_12, "", "CREDIT INTEREST", LineKind::Interest));
    for (n, line) in lines.iter_mut().enumerate() {
        line.bank_id = format!("BK{:06}{:04}", last.0, n + 1);
        line.row = n as u32 + 2;
    }
    let facts = StatementFacts {
        account: ACCOUNT.to_owned(),
        currency: CURRENCY,
        number: format!("{}/{:02}", last.year(), last.ymd().1),
        from: Some(from),
        to: Some(last),
        opening: Some(OPENING),
        closing: Some(OPENING + lines.iter().map(|l| l.amount).sum::<i64>()),
        file: format!("statement-{last}.csv"),
        format: "bank-table".to_owned(),
        left_out: 0,
    };
    identify(&facts, &mut lines);
    let keys: Vec<LineKey> = lines.iter().map(|l| key(&l.key)).collect();
    let command = Command::ImportStatements(vec![facts]);
    let mut ask = Ask::new(last, EVENING, DATA_DESK, command);
    ask.incoming.statements = vec![lines];
    if b.ask(ask).is_none() {
        return;
    }
    for (line, known) in keys.iter().take(own).zip(known) {
        explain(b, last, line, Explanation::Receipt(known.key));
    }
    let besides = keys.len().saturating_sub(2);
    for (line, why) in keys.iter().skip(besides).zip(["Bank charges", "Interest"]) {
        let how = Explanation::NotCustomerMoney(why.to_owned());
        explain(b, last, line, how);
    }
    if let Some(missing) = missing {
        note(b, last, missing);
    }
}

fn key(line: &str) -> LineKey {
    LineKey {
        account: ACCOUNT.to_owned(),
        currency: CURRENCY,
        line: line.to_owned(),
    }
}

fn line(day: Day, amount: i64, payer: &str, text: &str, kind: LineKind) -> StatementLine {
    StatementLine {
        bank_id: String::new(),
        booked: day,
        value: day,
        amount,
        payer: payer.to_owned(),
        payer_account: String::new(),
        customer_ref: String::new(),
        references: Vec::new(),
        text: text.to_owned(),
        kind,
        reversal: false,
        documents: Vec::new(),
        code: String::new(),
        row: 0,
        key: String::new(),
    }
}

fn explain(b: &mut Builder, day: Day, line: &LineKey, how: Explanation) {
    let command = Command::ExplainLines {
        lines: vec![line.clone()],
        how,
    };
    b.ask(Ask::new(day, EVENING, CASH_DESK, command));
}

fn name(book: &Book, id: CustomerId) -> &str {
    book.customer_facts(id).map_or("", |f| f.name.as_str())
}

/// Receipts of the source on the days of the statement, in the order of their days.
fn receipts(book: &Book, from: Day, to: Day) -> Vec<Known> {
    let mut found: Vec<(Day, ItemId, Known)> = Vec::new();
    for id in book.items().ids() {
        let Some(item) = book.item(id).filter(|_| book.is_item_live(id)) else {
            continue;
        };
        let (day, amount) = (Day(item.doc_date()), -book.amount_of(&item));
        let wanted = item.kind() == ItemKind::Receipt
            && item.currency() == CURRENCY
            && (from..=to).contains(&day)
            && amount > 0;
        let Some(key) = book.item_key(id).filter(|_| wanted) else {
            continue;
        };
        let pays = book.settlements_of(id).filter_map(|s| s.debit);
        let numbers: BTreeSet<&str> = pays
            .filter_map(|d| book.item(d))
            .map(|d| d.number())
            .collect();
        let numbers: Vec<&str> = numbers.into_iter().collect();
        let text = format!("PAYMENT {}", numbers.join(" "));
        let line = line(
            day,
            amount,
            name(book, item.customer()),
            &text,
            LineKind::Receipt,
        );
        found.push((day, id, Known { key, line }));
    }
    found.sort_by_key(|(day, id, _)| (*day, *id));
    found.into_iter().map(|(_, _, known)| known).collect()
}

/// Money that no file of the source shows yet: named, named and short, for two invoices at once, and
/// from somebody nobody knows.
fn fresh(book: &Book, day: Day) -> Vec<StatementLine> {
    let mut open: Vec<(i32, ItemId, CustomerId, i64)> = Vec::new();
    for id in book.items().ids() {
        let Some(item) = book.item(id).filter(|_| book.is_item_live(id)) else {
            continue;
        };
        let plain = item.kind() == ItemKind::Invoice
            && item.currency() == CURRENCY
            && item.open() > 100_00
            && book.disputed(id) == 0;
        if plain && item.doc_date() < day.0 {
            open.push((book.due_of(&item), id, item.customer(), item.open()));
        }
    }
    open.sort_by_key(|(due, id, ..)| (*due, *id));
    let number = |id: ItemId| book.item(id).map_or("", |i| i.number());
    let mut out = Vec::new();
    // Whose two oldest these are: they pay both at once.
    let pair = open.iter().enumerate().find_map(|(n, first)| {
        let second = open.iter().skip(n + 1).find(|o| o.2 == first.2)?;
        Some((*first, *second))
    });
    let of_pair = pair.map(|(first, _)| first.2);
    let mut single = open.iter().filter(|o| Some(o.2) != of_pair);
    if let Some((_, id, who, amount)) = single.next() {
        let text = format!("INVOICE {}", number(*id));
        out.push(line(
            day,
            *amount,
            name(book, *who),
            &text,
            LineKind::Receipt,
        ));
    }
    if let Some((_, id, who, amount)) = single.next() {
        let text = format!("INV {} LESS BANK CHARGES", number(*id));
        let paid = amount - 25_00;
        out.push(line(day, paid, name(book, *who), &text, LineKind::Receipt));
    }
    if let Some(((_, a, who, one), (_, z, _, other))) = pair {
        let text = format!("{} AND {}", number(a), number(z));
        let sum = one.saturating_add(other);
        out.push(line(day, sum, name(book, who), &text, LineKind::Receipt));
    }
    out.push(line(
        day,
        1_984_37,
        "FRONT RANGE HOLDINGS",
        "THANK YOU",
        LineKind::Receipt,
    ));
    out
}

/// The receipt that no statement shows is in somebody's hand.
fn note(b: &mut Builder, day: Day, missing: Known) {
    let facts = BreakFacts {
        matter: BreakMatter::Receipt(missing.key),
        kind: BreakKind::InBookNotInBank,
        currency: CURRENCY,
        amount: missing.line.amount,
        since: missing.line.booked,
        owner: CASH_DESK.to_owned(),
        expected: Some(day.plus(3)),
        note:
            "Booked from the remittance advice. The bank was asked whether it went to the lockbox."
                .to_owned(),
    };
    let command = Command::Recon(ReconCommand::NoteBreak(facts));
    b.ask(Ask::new(day, EVENING + 5, CASH_DESK, command));
}

/// The month before the last whole one, given by finance and locked.
fn lock(b: &mut Builder, last: Day) {
    let to = last.month_start().plus(-1).month_start().plus(-1);
    let from = to.month_start();
    for figure in b.book.figures_of(from, to) {
        let command = Command::SetControlBalance {
            currency: figure.currency,
            as_of: to,
            minor: figure.at_source,
            source: "Sample ERP, general ledger 1200, month end".to_owned(),
        };
        b.ask(Ask::new(last, EVENING - 5, DATA_DESK, command));
    }
    let command = Command::Recon(ReconCommand::LockPeriod {
        from,
        to,
        note: "Closed with finance".to_owned(),
        breaks: 0,
    });
    b.ask(Ask::new(last, EVENING - 4, COLLECTORS[0], command));
}

#[cfg(test)]
mod tests {
    use super::*;
    use duebook_insight::recon::{Face, Span, Status, reconcile};

    #[test]
    fn rc_01_to_rc_03_reconcile_is_alive_at_once() {
        let today = Day::from_ymd(2026, 11, 18).expect("a date");
        let p = crate::portfolio(7, today, 320);
        assert_eq!(p.refused.len(), 0, "{:?}", p.refused.first());
        let last = today.plus(-1);
        let span = Span {
            from: last.month_start(),
            to: last,
        };
        let found = reconcile(&p.book, span);
        assert_eq!(found.face(), Face::Unreconciled);
        assert!(found.rolls.iter().all(|r| r.difference() == 0), "RC-02");
        assert!(found.books.iter().all(|b| b.difference() == 0), "RC-01");
        assert!(found.accounts.iter().all(|a| a.difference() == Some(0)));
        let breaks = &found.register.breaks;
        let of = |kind, status| {
            let all = breaks.iter();
            all.filter(|b| b.kind == kind && b.status == status).count()
        };
        assert_eq!(of(BreakKind::InBankNotInBook, Status::Open), 4);
        assert_eq!(of(BreakKind::InBookNotInBank, Status::InHand), 1);
        // The locked month ties out.
        let lock = p.book.locks().next().expect("a lock");
        let span = Span {
            from: lock.from,
            to: lock.to,
        };
        let found = reconcile(&p.book, span);
        assert_eq!(found.face(), Face::Reconciled);
        assert!(found.controls.iter().all(|c| c.difference() == 0));
    }
}
