//! Bank statements: what came in, and that its receipts are its lines (CA-01).
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::command::RecordReceipt;
use duebook_ledger::facts::Cause;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::statements::*;
use duebook_ledger::*;
use duebook_money::{Currency, Day};
use support::*;

fn d(n: i32) -> Day {
    day(2026, 3, 1).plus(n)
}

/// Two invoices of 200 and 100 and a credit memo of 20 at a source; one statement.
fn book() -> Story {
    let mut s = following_book();
    s.today = d(0);
    s.import(
        d(0),
        &[
            row("C1", "A", d(0), d(30), 200_00, 200_00),
            row("C1", "B", d(0), d(30), 100_00, 100_00),
            row("C1", "C", d(0), d(0), -20_00, -20_00),
            row("C2", "D", d(0), d(30), 50_00, 50_00),
        ],
    );
    s
}

fn lines() -> Vec<StatementLine> {
    vec![
        statement_line("T-1", d(2), 100_00),
        statement_line("T-2", d(2), 100_00),
        statement_line("", d(2), 40_00),
        statement_line("", d(2), 40_00),
        statement_line("", d(3), -7_50),
    ]
}

fn taken(s: &mut Story) -> Seq {
    let facts = statement_facts("7", 0, 272_50);
    s.statement(&facts, lines()).unwrap()
}

fn key(s: &Story, n: u32) -> LineKey {
    s.book.line_key(LineId(n)).unwrap()
}

fn money(customer: &str, number: &str, amount: i64, pays: &[(ItemKey, i64)]) -> RecordReceipt {
    match receipt_from(erp_customer(customer), number, d(2), amount, pays) {
        Command::RecordReceipt(r) => r,
        _ => unreachable!(),
    }
}

fn part(line: LineKey, receipt: RecordReceipt) -> AcceptedMatch {
    AcceptedMatch {
        line,
        receipt,
        credits: Vec::new(),
        granted: Vec::new(),
        auto: false,
        rule: None,
        contested: Vec::new(),
        onward: Vec::new(),
    }
}

fn accept(parts: Vec<AcceptedMatch>) -> Command {
    Command::AcceptMatches(parts)
}

fn rests(s: &Story) -> Vec<i64> {
    let n = s.book.statements().flat_map(|(_, t)| t.lines.clone());
    n.map(|l| s.book.line_rest(l)).collect()
}

#[test]
fn rc_01_the_same_statement_twice_changes_nothing() {
    let mut s = book();
    taken(&mut s);
    assert_eq!(rests(&s).len(), 5, "equal amounts are different money");
    let again = s.statement(&statement_facts("7", 0, 272_50), lines());
    assert_eq!(again, Err(Refusal::NothingNew { same: 5 }));
    // A longer one of the same account: two lines are new, an id tells them from the others.
    let mut longer = lines();
    longer.push(statement_line("T-9", d(2), 100_00));
    longer.push(statement_line("", d(2), 40_00));
    s.statement(&statement_facts("7", 0, 412_50), longer)
        .unwrap();
    let (_, last) = s.book.statements().last().unwrap();
    assert_eq!(last.lines.len(), 7);
    assert_eq!(s.book.all_line_parts().count(), 0);
    assert_eq!(replay(&s.log).statements().count(), 2);
}

#[test]
fn ca_01_receipts_of_a_line_are_the_line() {
    let mut s = book();
    taken(&mut s);
    let short = part(
        key(&s, 0),
        money("C1", "R", 90_00, &[(erp_item("A"), 90_00)]),
    );
    assert_eq!(
        s.refuses(accept(vec![short.clone()])),
        Refusal::LineSum {
            line: key(&s, 0),
            open: 100_00,
            asked: 90_00
        }
    );
    // The rest is another customer's.
    let other = part(
        key(&s, 0),
        money("C2", "R2", 10_00, &[(erp_item("D"), 10_00)]),
    );
    let seq = s.when(accept(vec![short, other]));
    assert_eq!(rests(&s)[0], 0);
    assert_eq!(s.working(&erp_item("A"), d(2)), 110_00);
    assert_eq!(s.working(&erp_item("D"), d(2)), 40_00);
    let mut more = part(key(&s, 0), money("C1", "R3", 1, &[]));
    more.auto = true;
    assert!(matches!(
        s.refuses(accept(vec![more])),
        Refusal::LineSum { open: 0, .. }
    ));
    let undo = s.undo(seq);
    assert_eq!(rests(&s)[0], 100_00);
    assert_eq!(s.working(&erp_item("A"), d(2)), 200_00);
    s.undo(undo);
    assert_eq!(rests(&s)[0], 0);
    assert_eq!(replay(&s.log).violations(), []);
}

#[test]
fn ca_01_matches_of_one_commit_see_each_other() {
    let mut s = book();
    taken(&mut s);
    let both = |second: i64| {
        vec![
            part(
                key(&s, 0),
                money("C1", "R", 100_00, &[(erp_item("B"), 60_00)]),
            ),
            part(
                key(&s, 1),
                money("C1", "Q", 100_00, &[(erp_item("B"), second)]),
            ),
        ]
    };
    let (too_much, fits) = (both(41_00), both(40_00));
    assert!(matches!(
        s.refuses(accept(too_much)),
        Refusal::MoreThanOpen { asked: 101_00, .. }
    ));
    let same = vec![
        part(key(&s, 0), money("C1", "R", 100_00, &[])),
        part(key(&s, 1), money("C1", "R", 100_00, &[])),
    ];
    assert!(matches!(s.refuses(accept(same)), Refusal::NumberTaken(_)));
    s.when(accept(fits));
    assert_eq!(s.working(&erp_item("B"), d(2)), 0);
    // What is left of each receipt is unapplied.
    assert_eq!(s.working(&own_credit("R"), d(2)), -40_00);
    assert_eq!(s.working(&own_credit("Q"), d(2)), -60_00);
    assert_eq!(
        s.book.item(s.id(&own_credit("R"))).unwrap().standing(),
        facts::Standing::Local
    );
}

#[test]
fn ca_07_credits_taken_and_differences_post_with_the_money() {
    let mut s = book();
    taken(&mut s);
    let mut m = part(
        key(&s, 0),
        money("C1", "R", 100_00, &[(erp_item("A"), 100_00)]),
    );
    m.credits = vec![(erp_credit("C"), erp_item("A"), 20_00)];
    m.granted = vec![(erp_item("A"), Cause::Discount, 4_00)];
    let seq = s.when(accept(vec![m.clone()]));
    assert_eq!(s.working(&erp_item("A"), d(2)), 76_00);
    assert_eq!(s.working(&erp_credit("C"), d(2)), 0);
    s.undo(seq);
    m.credits[0].2 = 20_01;
    assert!(matches!(
        s.refuses(accept(vec![m.clone()])),
        Refusal::MoreThanOpen { .. }
    ));
    m.credits.clear();
    m.granted[0].2 = 100_01;
    assert!(matches!(
        s.refuses(accept(vec![m])),
        Refusal::MoreThanOpen { .. }
    ));
}

#[test]
fn what_is_no_customers_money_is_said_and_taken_back() {
    let mut s = book();
    let statement = taken(&mut s);
    let explain = |lines, why: &str| Command::ExplainLines {
        lines,
        how: Explanation::NotCustomerMoney(why.into()),
    };
    let both = vec![key(&s, 2), key(&s, 4)];
    assert_eq!(
        s.refuses(explain(both.clone(), " ")),
        Refusal::Empty(refusal::Field::Value)
    );
    let said = s.when(explain(both, "bank charges"));
    assert_eq!(rests(&s), [100_00, 100_00, 0, 40_00, 0]);
    assert!(matches!(
        s.refuses(explain(vec![key(&s, 4)], "x")),
        Refusal::LineSum { .. }
    ));
    assert_eq!(
        s.refuses(Command::Undo { commit: statement }),
        Refusal::RestsOn(vec![said])
    );
    s.undo(said);
    let undone = s.undo(statement);
    // In again, the first cannot come back beside it.
    taken(&mut s);
    assert!(matches!(
        s.refuses(Command::Undo { commit: undone }),
        Refusal::LineTaken(_)
    ));
    assert_eq!(replay(&s.log).violations(), []);
}

#[test]
fn redo_waits_for_what_was_said_since() {
    let mut s = book();
    taken(&mut s);
    let as_money = s.when(accept(vec![part(
        key(&s, 0),
        money("C1", "R", 100_00, &[]),
    )]));
    let undone = s.undo(as_money);
    s.when(Command::ExplainLines {
        lines: vec![key(&s, 0)],
        how: Explanation::NotCustomerMoney("transfer".into()),
    });
    let line = key(&s, 0);
    assert_eq!(
        s.refuses(Command::Undo { commit: undone }),
        Refusal::LineTaken(line)
    );
}

#[test]
fn a_receipt_in_the_book_is_the_line() {
    let mut s = book();
    taken(&mut s);
    let paid = s.when(Command::RecordReceipt(money("C1", "P", 140_00, &[])));
    let is_p = |lines| Command::ExplainLines {
        lines,
        how: Explanation::Receipt(own_credit("P")),
    };
    let three = vec![key(&s, 0), key(&s, 1)];
    assert!(matches!(
        s.refuses(is_p(three)),
        Refusal::MoreThanOpen { open: 40_00, .. }
    ));
    let linked = s.when(is_p(vec![key(&s, 0), key(&s, 2)]));
    assert!(matches!(
        s.refuses(is_p(vec![key(&s, 3)])),
        Refusal::MoreThanOpen { open: 0, .. }
    ));
    assert_eq!(
        s.refuses(Command::Undo { commit: paid }),
        Refusal::RestsOn(vec![linked])
    );
}

#[test]
fn ca_30_money_taken_back_reopens_what_it_paid() {
    let mut s = book();
    taken(&mut s);
    let m = part(
        key(&s, 0),
        money("C1", "R", 100_00, &[(erp_item("B"), 100_00)]),
    );
    s.when(accept(vec![m]));
    let back = vec![statement_line("T-5", d(4), -100_00)];
    s.statement(&statement_facts("8", 0, -100_00), back)
        .unwrap();
    s.when(Command::ExplainLines {
        lines: vec![key(&s, 5)],
        how: Explanation::Returned {
            receipt: own_credit("R"),
            effective: d(4),
        },
    });
    assert_eq!(s.working(&erp_item("B"), d(3)), 0);
    assert_eq!(s.working(&erp_item("B"), d(4)), 100_00);
    assert_eq!(s.book.lines_of_receipt(s.id(&own_credit("R"))).count(), 2);
}

/// 105 went back for a receipt of 100: 5 is the bank's fee. What is less than the receipt is no return
/// of it.
#[test]
fn a_return_with_a_fee_is_the_receipt_and_the_banks_charge() {
    let mut s = book();
    taken(&mut s);
    let m = part(
        key(&s, 0),
        money("C1", "R", 100_00, &[(erp_item("B"), 100_00)]),
    );
    s.when(accept(vec![m]));
    let back = vec![
        statement_line("T-5", d(4), -105_00),
        statement_line("T-6", d(4), -95_00),
    ];
    s.statement(&statement_facts("8", 0, -200_00), back)
        .unwrap();
    let returned = |lines| Command::ExplainLines {
        lines,
        how: Explanation::Returned {
            receipt: own_credit("R"),
            effective: d(4),
        },
    };
    let less = s.refuses(returned(vec![key(&s, 6)]));
    assert!(matches!(less, Refusal::LineSum { .. }), "{less:?}");
    let seq = s.when(returned(vec![key(&s, 5)]));
    let line = s.book.find_line(&key(&s, 5)).unwrap();
    let mut parts: Vec<i64> = s.book.line_parts(line).map(|p| p.amount).collect();
    parts.sort_unstable();
    assert_eq!((parts, s.book.line_rest(line)), (vec![-100_00, -5_00], 0));
    assert_eq!(s.working(&erp_item("B"), d(4)), 100_00);
    assert_eq!(s.book.violations(), []);
    s.undo(seq);
    assert_eq!(s.book.line_rest(line), -105_00);
    assert_eq!(s.working(&erp_item("B"), d(4)), 0);
}

#[test]
fn money_of_a_line_keeps_its_currency() {
    let mut s = book();
    taken(&mut s);
    let mut m = part(key(&s, 0), money("C1", "R", 100_00, &[]));
    m.receipt.currency = Currency::USD;
    assert!(matches!(
        s.refuses(accept(vec![m])),
        Refusal::CurrencyDiffers { .. }
    ));
    let unknown = LineKey {
        line: "id nowhere".into(),
        ..key(&s, 0)
    };
    let m = part(unknown.clone(), money("C1", "R", 100_00, &[]));
    assert_eq!(s.refuses(accept(vec![m])), Refusal::UnknownLine(unknown));
}
