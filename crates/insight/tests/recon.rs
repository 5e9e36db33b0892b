//! Reconciliation of a period: what adds up, and what is a break with which clue (RC-01 to RC-03).
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_insight::recon::*;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_ledger::import::Incoming;
use duebook_ledger::recon::{BreakFacts, BreakKind, BreakMatter, ReconCommand};
use duebook_ledger::statements::*;
use duebook_ledger::{Book, Command, LineId};
use duebook_money::{Currency, Day};
use proptest::prelude::*;
use support::*;

fn span(from: &str, to: &str) -> Span {
    Span {
        from: day(from),
        to: day(to),
    }
}

fn march() -> Span {
    span("2026-03-01", "2026-03-31")
}

fn amounts(roll: &Roll) -> Vec<(RollKind, i64)> {
    roll.lines.iter().map(|l| (l.kind, l.amount)).collect()
}

fn line(id: &str, booked: &str, amount: i64) -> StatementLine {
    StatementLine {
        bank_id: id.into(),
        booked: day(booked),
        value: day(booked),
        amount,
        payer: "Acme".into(),
        payer_account: String::new(),
        customer_ref: String::new(),
        references: Vec::new(),
        text: String::new(),
        kind: if amount > 0 {
            LineKind::Receipt
        } else {
            LineKind::ReceiptReturned
        },
        reversal: false,
        documents: Vec::new(),
        code: String::new(),
        row: 1,
        key: String::new(),
    }
}

fn statement(
    desk: &mut Desk,
    number: &str,
    days: (&str, &str),
    balances: (i64, i64),
    lines: Vec<StatementLine>,
) {
    let facts = StatementFacts {
        account: "DE1".into(),
        currency: Currency::EUR,
        number: number.into(),
        from: Some(day(days.0)),
        to: Some(day(days.1)),
        opening: Some(balances.0),
        closing: Some(balances.1),
        file: "s.xml".into(),
        format: "camt.053".into(),
        left_out: 0,
    };
    let incoming = Incoming {
        statements: vec![lines],
        ..Incoming::default()
    };
    let command = Command::ImportStatements(vec![facts]);
    desk.try_run(command, incoming).unwrap();
}

fn accept(desk: &mut Desk, n: u32, number: &str, value: &str, amount: i64) {
    let line = desk.book.line_key(LineId(n)).unwrap();
    desk.run(Command::AcceptMatches(vec![AcceptedMatch {
        line,
        receipt: duebook_ledger::command::RecordReceipt {
            customer: own("C1"),
            entity: "1000".into(),
            number: number.into(),
            value_date: day(value),
            currency: Currency::EUR,
            amount,
            reference: String::new(),
            applications: Vec::new(),
        },
        credits: Vec::new(),
        granted: Vec::new(),
        auto: true,
        rule: None,
        contested: Vec::new(),
        onward: Vec::new(),
    }]));
}

fn control(desk: &mut Desk, minor: i64) {
    desk.run(Command::SetControlBalance {
        currency: Currency::EUR,
        as_of: day("2026-03-31"),
        minor,
        source: "GL 1400".into(),
    });
}

/// 1,000 open before March; in March 500 and 250 billed, 80 credited, 600 received, 20 discount
/// granted, 90 written off, 250 returned by the bank.
fn desk() -> Desk {
    let mut desk = Desk::new(true, "2026-04-10");
    desk.customer("C1");
    let invoice = ItemKind::Invoice;
    desk.issue(
        "C1",
        invoice,
        "A",
        "2026-02-10",
        &[("2026-03-12", 1_000_00)],
    );
    desk.issue("C1", invoice, "B", "2026-03-01", &[("2026-03-31", 500_00)]);
    desk.issue("C1", invoice, "C", "2026-03-31", &[("2026-04-30", 250_00)]);
    desk.issue(
        "C1",
        ItemKind::CreditMemo,
        "N",
        "2026-03-15",
        &[("2026-03-15", 80_00)],
    );
    desk.receipt(own("C1"), "R1", "2026-03-05", 350_00, &[]);
    desk.receipt(own("C1"), "R2", "2026-03-06", 250_00, &[]);
    desk.run(Command::ApplyCredit {
        credit: credit("R1"),
        item: item("A", ""),
        amount: 350_00,
        effective: day("2026-03-07"),
        with: vec![(Cause::Discount, 20_00), (Cause::WriteOff, 90_00)],
    });
    desk.run(Command::ReturnReceipt {
        receipt: credit("R2"),
        effective: day("2026-03-20"),
    });
    desk
}

#[test]
fn rc_02_the_roll_forward_adds_up_line_by_line() {
    let desk = desk();
    let found = reconcile(&desk.book, march());
    let [roll] = &found.rolls[..] else {
        panic!("one currency")
    };
    use RollKind::*;
    assert_eq!((roll.opening, roll.closing), (1_000_00, 1_210_00));
    assert_eq!(
        amounts(roll),
        [
            (Invoices, 750_00),
            (CreditMemos, -80_00),
            (Receipts, -600_00),
            (Discounts, -20_00),
            (WriteOffs, -90_00),
            (Returned, 250_00)
        ]
    );
    // 1,000 + 750 - 80 - 600 - 20 - 90 + 250 is 1,210.
    assert_eq!(roll.difference(), 0);
    let (billed, more) = members(&desk.book, march(), Currency::EUR, Invoices, 1);
    assert_eq!((billed[0].amount, more), (500_00, 1));
}

#[test]
fn rc_02_what_is_taken_back_later_is_a_reversal_of_that_period_and_never_of_the_first() {
    let mut desk = desk();
    let granted = desk.book.settlements().iter();
    let off = granted
        .filter(|s| s.cause == Cause::WriteOff)
        .last()
        .unwrap();
    let settlement = desk.book.posting_key(off.id).unwrap();
    desk.run(Command::ReverseSettlement {
        settlement,
        effective: day("2026-04-02"),
    });
    let first = reconcile(&desk.book, march());
    assert_eq!(first.rolls[0].closing, 1_210_00);
    let april = reconcile(&desk.book, span("2026-04-01", "2026-04-30"));
    assert_eq!(amounts(&april.rolls[0]), [(RollKind::Reversals, 90_00)]);
    assert_eq!(
        (april.rolls[0].opening, april.rolls[0].closing),
        (1_210_00, 1_300_00)
    );
}

#[test]
fn rc_01_bank_and_book_meet_after_every_difference_is_named() {
    let mut desk = desk();
    statement(
        &mut desk,
        "1",
        ("2026-03-01", "2026-03-31"),
        (0, 720_00),
        vec![
            line("T1", "2026-03-05", 350_00),
            line("T2", "2026-03-06", 250_00),
            line("T3", "2026-03-09", 100_00),
            line("T4", "2026-03-11", 20_00),
            line("T5", "2026-03-30", 250_00),
            line("T6", "2026-03-20", -250_00),
        ],
    );
    // T1 is R1; T4 is bank interest; T5 is entered in April; R2 stays without its line.
    let key = |desk: &Desk, n| desk.book.line_key(LineId(n)).unwrap();
    let lines = vec![key(&desk, 0)];
    let how = Explanation::Receipt(credit("R1"));
    desk.run(Command::ExplainLines { lines, how });
    let lines = vec![key(&desk, 3)];
    let how = Explanation::NotCustomerMoney("Interest".into());
    desk.run(Command::ExplainLines { lines, how });
    accept(&mut desk, 4, "R3", "2026-04-01", 250_00);
    let found = reconcile(&desk.book, march());
    let [book] = &found.books[..] else {
        panic!("one currency")
    };
    assert_eq!(
        *book,
        BankToBook {
            currency: Currency::EUR,
            money_in: 970_00,
            not_customers: 20_00,
            open: 350_00,
            dated_elsewhere: 250_00,
            booked_elsewhere: 0,
            no_line: 250_00,
            not_covered: 0,
            receipts: 600_00,
        }
    );
    assert_eq!(book.difference(), 0);
    assert_eq!(found.accounts[0].difference(), Some(0));
    assert_eq!(found.returned, [(Currency::EUR, 0, 250_00)]);
    let kinds: Vec<(BreakKind, i64)> = found.register.open().map(|b| (b.kind, b.amount)).collect();
    use BreakKind::*;
    let mut sorted = kinds.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            (InBankNotInBook, -250_00),
            (InBankNotInBook, -100_00),
            (InBankNotInBook, 250_00),
            (InBookNotInBank, 250_00),
            (WrongDate, -250_00),
        ]
    );
    assert!(!found.is_reconciled());
}

#[test]
fn rc_01_statements_that_do_not_follow_or_do_not_add_up_are_breaks() {
    let mut desk = desk();
    let one = vec![line("T1", "2026-03-05", 350_00)];
    statement(
        &mut desk,
        "1",
        ("2026-03-01", "2026-03-05"),
        (0, 350_00),
        one,
    );
    let two = vec![line("T2", "2026-03-06", 250_00)];
    statement(
        &mut desk,
        "3",
        ("2026-03-08", "2026-03-09"),
        (360_00, 600_00),
        two,
    );
    let found = reconcile(&desk.book, march());
    let account = &found.accounts[0];
    let gaps: Vec<(i64, bool)> = account
        .gaps
        .iter()
        .map(|g| (g.amount, g.sequence))
        .collect();
    assert_eq!(gaps, [(-10_00, false), (10_00, true)]);
    let kinds: Vec<BreakKind> = found.register.open().map(|b| b.kind).collect();
    let of = |k: BreakKind| kinds.iter().filter(|b| **b == k).count();
    assert_eq!(
        (of(BreakKind::StatementGap), of(BreakKind::StatementSum)),
        (1, 1)
    );
}

/// Statements 1 and 3 go on in their balances: 2 is missing all the same. One that comes later closes
/// the gap, in whatever order.
#[test]
fn rc_01_a_number_that_is_missing_is_a_break() {
    let mut desk = desk();
    let days = [("2026-03-02", "2026-03-03"), ("2026-03-06", "2026-03-07")];
    for (number, days) in ["1", "3"].iter().zip(days) {
        statement(&mut desk, number, days, (100_00, 100_00), Vec::new());
    }
    let found = reconcile(&desk.book, march());
    let gaps: Vec<_> = found.accounts[0].gaps.iter().map(|g| g.missing).collect();
    assert_eq!(gaps, [Some((2, 2))]);
    let b = found
        .register
        .open()
        .find(|b| b.kind == BreakKind::StatementGap);
    let BreakMatter::Statement(_, _, name) = &b.unwrap().matter else {
        panic!("{b:?}")
    };
    assert_eq!((name.as_str(), b.unwrap().amount), ("2 is missing", 0));
    assert!(!found.is_reconciled());
    let days = ("2026-03-04", "2026-03-05");
    statement(&mut desk, "2", days, (100_00, 100_00), Vec::new());
    let found = reconcile(&desk.book, march());
    assert_eq!(found.accounts[0].gaps, []);
}

/// Money in the bank that is in no book has its clue as any other difference has.
#[test]
fn rc_03_a_line_of_the_bank_that_equals_an_item_says_so() {
    let mut desk = desk();
    let lines = vec![line("T1", "2026-03-05", 500_00)];
    let days = ("2026-03-05", "2026-03-05");
    statement(&mut desk, "1", days, (0, 500_00), lines);
    let found = reconcile(&desk.book, march());
    let of_bank = |b: &&Break| b.kind == BreakKind::InBankNotInBook;
    let b = found.register.open().find(of_bank).unwrap();
    let id = desk.book.find_item(&item("B", "")).unwrap();
    assert_eq!(b.clues.first(), Some(&Clue::EqualsItem(id)));
}

#[test]
fn rc_03_clues_tell_an_item_left_out_a_wrong_side_and_changed_digits() {
    let mut desk = desk();
    let clue = |desk: &Desk| {
        let found = reconcile(&desk.book, march());
        let b = found.register.open().next().cloned().unwrap();
        (b.amount, b.clues)
    };
    let id = |desk: &Desk, n: &str| desk.book.find_item(&item(n, "")).unwrap();
    control(&mut desk, 710_00);
    let (amount, clues) = clue(&desk);
    assert_eq!(amount, 500_00);
    let (b, c) = (id(&desk, "B"), id(&desk, "C"));
    assert_eq!(clues[..2], [Clue::EqualsItem(b), Clue::TwiceItem(c)]);
    control(&mut desk, 1_210_00 - 63);
    assert_eq!(clue(&desk), (63, vec![Clue::DivisibleByNine]));
    control(&mut desk, 1_210_00);
    assert!(reconcile(&desk.book, march()).is_reconciled());
}

#[test]
fn rc_03_a_break_noted_has_an_owner_and_one_explained_is_not_open() {
    let mut desk = desk();
    control(&mut desk, 1_210_00 - 63);
    let matter = BreakMatter::Control(Currency::EUR, day("2026-03-31"));
    desk.run(Command::Recon(ReconCommand::NoteBreak(BreakFacts {
        matter: matter.clone(),
        kind: BreakKind::Control,
        currency: Currency::EUR,
        amount: 63,
        since: day("2026-03-31"),
        owner: "Meera".into(),
        expected: None,
        note: String::new(),
    })));
    let found = reconcile(&desk.book, march());
    assert_eq!(found.register.breaks[0].status, Status::InHand);
    let how = "36 for 63 in the GL".into();
    desk.run(Command::Recon(ReconCommand::CloseBreak { matter, how }));
    let found = reconcile(&desk.book, march());
    assert_eq!(found.register.breaks[0].status, Status::Explained);
    assert!(found.is_reconciled());
    control(&mut desk, 1_210_00);
    assert!(reconcile(&desk.book, march()).register.breaks.is_empty());
}

#[test]
fn a_receipt_without_a_line_beside_one_that_looks_the_same_is_a_duplicate() {
    let mut desk = desk();
    statement(
        &mut desk,
        "1",
        ("2026-03-01", "2026-03-31"),
        (0, 350_00),
        vec![line("T1", "2026-03-07", 350_00)],
    );
    accept(&mut desk, 0, "BANK-1", "2026-03-07", 350_00);
    let found = reconcile(&desk.book, march());
    let twin = found
        .register
        .open()
        .find(|b| b.kind == BreakKind::Duplicate)
        .unwrap();
    let line = desk.book.find_item(&credit("BANK-1")).unwrap();
    assert_eq!(twin.clues, [Clue::Twin(line)]);
    assert_eq!(twin.receipt, desk.book.find_item(&credit("R1")));
}

/// The balance on a day by hand: documents less what was settled, one by one.
fn balance(book: &Book, on: Day) -> i64 {
    let items = book.items().ids().filter_map(|id| book.item(id));
    let documents: i64 = items
        .filter(|i| book.is_item_live(i.id) && i.doc_date() <= on.0)
        .map(|i| i.recorded_open())
        .sum();
    let adjustments: i64 = book
        .settlements()
        .iter()
        .filter(|s| book.is_live(s.commit) && s.effective <= on)
        .filter(|s| book.reversal_of(s.id).is_none_or(|r| r.effective > on))
        .map(|s| match (s.debit, s.credit) {
            (Some(_), None) => -s.amount,
            (None, Some(_)) => s.amount,
            _ => 0,
        })
        .sum();
    documents + adjustments
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn rc_02_every_period_of_every_book_adds_up(
        acts in prop::collection::vec((0u8..7, 0i32..60, 1i64..50_000), 1..40),
        from in 0i32..60,
        days in 0i32..40,
    ) {
        let mut desk = Desk::new(true, "2026-06-01");
        desk.customer("C1");
        let start = day("2026-03-01");
        for (n, (what, on, amount)) in acts.iter().enumerate() {
            let date = start.plus(*on).to_string();
            let number = format!("N{n}");
            let before = |k: u32| format!("N{}", (n as u32).saturating_sub(k + 1));
            let command = match what {
                0 | 1 => {
                    desk.issue("C1", ItemKind::Invoice, &number, &date, &[(&date, *amount)]);
                    continue;
                }
                2 => {
                    desk.issue("C1", ItemKind::CreditMemo, &number, &date, &[(&date, *amount)]);
                    continue;
                }
                3 => {
                    desk.receipt(own("C1"), &number, &date, *amount, &[]);
                    continue;
                }
                4 => Command::ApplyCredit {
                    credit: credit(&before(0)),
                    item: item(&before(1), ""),
                    amount: *amount,
                    effective: start.plus(*on),
                    with: vec![(Cause::Tolerance, 1 + amount % 7)],
                },
                5 => Command::ReturnReceipt {
                    receipt: credit(&before(0)),
                    effective: start.plus(*on),
                },
                _ => {
                    let last = desk.book.settlements().iter().last();
                    let Some(key) = last.and_then(|s| desk.book.posting_key(s.id)) else {
                        continue;
                    };
                    Command::ReverseSettlement { settlement: key, effective: start.plus(*on) }
                }
            };
            let _ = desk.try_run(command, Incoming::default());
        }
        let span = Span { from: start.plus(from), to: start.plus(from + days) };
        let found = reconcile(&desk.book, span);
        for roll in &found.rolls {
            prop_assert_eq!(roll.difference(), 0);
            prop_assert_eq!(roll.opening, balance(&desk.book, span.from.plus(-1)));
            prop_assert_eq!(roll.closing, balance(&desk.book, span.to));
            for line in &roll.lines {
                let (all, more) = members(&desk.book, span, roll.currency, line.kind, 1_000);
                prop_assert_eq!(more, 0);
                prop_assert_eq!(all.len() as u64, line.count);
                prop_assert_eq!(all.iter().map(|m| m.amount).sum::<i64>(), line.amount);
            }
        }
        let opening = balance(&desk.book, span.from.plus(-1));
        prop_assert!(!found.rolls.is_empty() || opening == 0);
    }
}
