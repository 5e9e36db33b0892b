//! The cash application log: the parts of a receipt are always the whole of it (CA-01), on screen
//! and in the sheet alike.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_insight::cashlog::*;
use duebook_insight::reports::{cash_log_sheet, unapplied_sheet};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_ledger::import::Incoming;
use duebook_ledger::recon::{ReconCommand, ReversalKind};
use duebook_ledger::{Command, OpenScan, View};
use duebook_sheet::Cell;
use proptest::prelude::*;
use support::*;

fn desk() -> Desk {
    let mut desk = Desk::new(true, "2026-04-10");
    desk.customer("C1");
    let invoice = ItemKind::Invoice;
    desk.issue("C1", invoice, "A", "2026-03-01", &[("2026-03-31", 500_00)]);
    desk.issue("C1", invoice, "B", "2026-03-02", &[("2026-04-01", 120_00)]);
    desk.issue("C1", invoice, "C", "2026-03-03", &[("2026-04-02", 120_00)]);
    desk
}

fn recon(command: ReconCommand) -> Command {
    Command::Recon(command)
}

fn row(desk: &Desk, number: &str) -> LogRow {
    let id = desk.book.find_item(&credit(number)).unwrap();
    log_row(&desk.book, id, day("2026-04-10")).unwrap()
}

#[test]
fn ca_32_a_misapplied_payment_is_taken_back_and_applied_in_one_commit() {
    let mut desk = desk();
    desk.receipt(own("C1"), "R", "2026-03-05", 150_00, &[]);
    desk.run(Command::ApplyCredit {
        credit: credit("R"),
        item: item("A", ""),
        amount: 110_00,
        effective: day("2026-03-06"),
        with: vec![(Cause::Discount, 10_00)],
    });
    let before = row(&desk, "R");
    assert_eq!(
        (before.applied, before.discount, before.unapplied),
        (110_00, 10_00, 40_00)
    );
    let applied = desk.book.settlements().iter().next().unwrap();
    let key = desk.book.posting_key(applied.id).unwrap();
    let head = desk.book.head();
    desk.run(recon(ReconCommand::Reapply {
        receipt: credit("R"),
        take_back: vec![key],
        apply: vec![(item("B", ""), 120_00), (item("C", ""), 30_00)],
        effective: day("2026-04-10"),
    }));
    assert_eq!(desk.book.head().0, head.0 + 1);
    let after = row(&desk, "R");
    assert_eq!(
        (after.applied, after.discount, after.unapplied),
        (150_00, 0, 0)
    );
    assert_eq!(after.reversed, Some(desk.book.head()));
    assert_eq!(after.difference(), 0);
    assert_eq!(desk.book.violations(), []);
    // What it asks for beyond what comes free is refused.
    let refused = desk.try_run(
        recon(ReconCommand::Reapply {
            receipt: credit("R"),
            take_back: Vec::new(),
            apply: vec![(item("A", ""), 1)],
            effective: day("2026-04-10"),
        }),
        Incoming::default(),
    );
    assert!(refused.is_err());
}

#[test]
fn ca_30_both_kinds_of_reversal_and_a_fee() {
    let mut desk = desk();
    desk.receipt(
        own("C1"),
        "R",
        "2026-03-05",
        120_00,
        &[(item("B", ""), 120_00)],
    );
    let owed = |desk: &Desk| -> i64 {
        let scan = OpenScan::new(&desk.book, View::on(day("2026-04-10")));
        let all = desk.book.items().ids();
        all.filter_map(|id| scan.open(id))
            .map(|o| o.working())
            .sum()
    };
    assert_eq!(owed(&desk), 620_00);
    let memo = recon(ReconCommand::ReverseReceipt {
        receipt: credit("R"),
        effective: day("2026-04-01"),
        kind: ReversalKind::DebitMemo,
        fee: None,
    });
    desk.run(memo);
    // B stays paid; a memo of 120.00 is owed instead.
    assert_eq!((owed(&desk), row(&desk, "R").applied), (740_00, 120_00));
    let standard = |fee| {
        recon(ReconCommand::ReverseReceipt {
            receipt: credit("R2"),
            effective: day("2026-04-03"),
            kind: ReversalKind::Standard,
            fee,
        })
    };
    desk.receipt(
        own("C1"),
        "R2",
        "2026-03-05",
        120_00,
        &[(item("C", ""), 120_00)],
    );
    desk.run(standard(Some(("FEE-1".to_owned(), 25_00))));
    assert_eq!(owed(&desk), 765_00);
    let back = row(&desk, "R2");
    assert_eq!(
        (back.applied, back.returned, back.unapplied),
        (0, 120_00, 0)
    );
    assert_eq!(desk.book.violations(), []);
    assert!(desk.try_run(standard(None), Incoming::default()).is_err());
}

#[test]
fn ca_01_what_is_left_is_held_refunded_or_waits_with_its_candidates() {
    let mut desk = desk();
    desk.receipt(own("C1"), "R", "2026-04-01", 120_00, &[]);
    let waits = unapplied(&desk.book, day("2026-04-10"));
    assert_eq!(waits.len(), 1);
    let id = |n: &str| desk.book.find_item(&item(n, "")).unwrap();
    assert_eq!(waits[0].candidates, [id("B"), id("C")]);
    assert_eq!(
        (waits[0].unapplied, waits[0].age, waits[0].owed),
        (120_00, 9, 740_00)
    );
    desk.run(recon(ReconCommand::HoldReceipt {
        receipt: credit("R"),
        why: "deposit".into(),
    }));
    let held = unapplied(&desk.book, day("2026-04-10"));
    assert!(held[0].on_account);
    assert_eq!(held[0].held, "deposit");
    desk.run(recon(ReconCommand::RefundReceipt {
        receipt: credit("R"),
        amount: 100_00,
        effective: day("2026-04-09"),
    }));
    let left = row(&desk, "R");
    assert_eq!(
        (left.refunded, left.unapplied, left.difference()),
        (100_00, 20_00, 0)
    );
    assert_eq!(
        unapplied(&desk.book, day("2026-04-08"))[0].unapplied,
        120_00
    );
}

#[test]
fn the_sheets_say_what_the_rows_say() {
    let mut desk = desk();
    desk.receipt(
        own("C1"),
        "R",
        "2026-03-05",
        150_00,
        &[(item("B", ""), 120_00)],
    );
    desk.receipt(own("C1"), "R2", "2026-03-07", 9_00, &[]);
    let rows = cash_log(&desk.book, day("2026-03-01"), day("2026-03-31"));
    let sheet = cash_log_sheet(&desk.book, &rows);
    assert_eq!(sheet.rows, 2);
    let minor = |row: usize, column: usize| match (sheet.cell)(row, column) {
        Cell::Money { minor, .. } => minor,
        _ => 0,
    };
    for (n, r) in rows.iter().enumerate() {
        assert_eq!(minor(n, 7), r.amount);
        let parts = [10, 16, 17, 18, 19].into_iter().map(|c| minor(n, c));
        assert_eq!(parts.sum::<i64>(), r.amount, "CA-01 in the sheet");
    }
    let left = unapplied(&desk.book, day("2026-04-10"));
    let sheet = unapplied_sheet(&desk.book, &left);
    assert_eq!(sheet.rows, left.len());
    let total: i64 = left.iter().map(|r| r.unapplied).sum();
    assert_eq!(total, 39_00);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn ca_01_the_parts_of_every_receipt_are_the_whole_and_the_rest_is_what_is_open(
        acts in prop::collection::vec((0u8..6, 0usize..4, 0usize..3, 1i64..90_00), 1..30),
    ) {
        let mut desk = desk();
        let receipts = ["P", "Q", "S", "T"];
        for (n, number) in receipts.iter().enumerate() {
            let amount = 40_00 + 35_00 * n as i64;
            desk.receipt(own("C1"), number, "2026-03-05", amount, &[]);
        }
        let items = ["A", "B", "C"];
        for (what, r, i, amount) in acts {
            let receipt = credit(receipts[r]);
            let effective = day("2026-03-20");
            let of = |d: &Desk| {
                let id = d.book.find_item(&credit(receipts[r])).unwrap();
                let open = d.book.settlements_of(id).find(|s| s.debit.is_some() && d.book.counts(s));
                open.and_then(|s| d.book.posting_key(s.id))
            };
            let command = match what {
                0 | 1 => Command::ApplyCredit {
                    credit: receipt,
                    item: item(items[i], ""),
                    amount,
                    effective,
                    with: vec![(Cause::Tolerance, 1)],
                },
                2 => recon(ReconCommand::RefundReceipt { receipt, amount, effective }),
                3 => Command::ReturnReceipt { receipt, effective },
                _ => recon(ReconCommand::Reapply {
                    receipt,
                    take_back: of(&desk).into_iter().collect(),
                    apply: vec![(item(items[i], ""), amount)],
                    effective,
                }),
            };
            let _ = desk.try_run(command, Incoming::default());
            prop_assert_eq!(desk.book.violations(), []);
        }
        let scan = OpenScan::new(&desk.book, View::on(day("2026-04-10")));
        let rows = cash_log(&desk.book, day("2026-03-01"), day("2026-04-10"));
        let left = unapplied(&desk.book, day("2026-04-10"));
        for row in &rows {
            prop_assert_eq!(row.difference(), 0);
            prop_assert_eq!(-scan.open(row.receipt).unwrap().working(), row.unapplied);
            prop_assert_eq!(row.items.iter().map(|(_, a)| *a).sum::<i64>(), row.applied);
        }
        let sum = |all: &[i64]| all.iter().sum::<i64>();
        let one: Vec<i64> = rows.iter().map(|r| r.unapplied).collect();
        let other: Vec<i64> = left.iter().map(|r| r.unapplied).collect();
        prop_assert_eq!(sum(&one), sum(&other));
    }
}
