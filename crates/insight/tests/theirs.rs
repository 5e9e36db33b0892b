//! A customer's ledger beside ours as sheets: the balances add up, what is in the register counts as
//! said there, and what is left says UNRECONCILED.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_cash::theirs::*;
use duebook_insight::reports::*;
use duebook_ledger::Command;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::recon::{BreakFacts, BreakKind, ReconCommand};
use duebook_money::Currency;
use duebook_sheet::Cell;
use support::*;

const EUR: Currency = Currency::EUR;

fn desk() -> Desk {
    let mut desk = Desk::new(true, "2026-04-10");
    desk.customer("C1");
    let invoice = ItemKind::Invoice;
    desk.issue(
        "C1",
        invoice,
        "INV-1001",
        "2026-02-01",
        &[("2026-03-03", 500_00)],
    );
    desk.issue(
        "C1",
        invoice,
        "INV-1002",
        "2026-02-02",
        &[("2026-03-04", 120_00)],
    );
    desk.receipt(
        own("C1"),
        "R",
        "2026-03-05",
        500_00,
        &[(item("INV-1001", ""), 500_00)],
    );
    desk
}

fn line(n: u32, number: &str, on: &str, amount: i64) -> TheirLine {
    TheirLine {
        line: n,
        what: TheirWhat::Unknown,
        number: number.into(),
        own: String::new(),
        text: String::new(),
        date: Some(day(on)),
        due: None,
        currency: EUR,
        amount,
    }
}

#[test]
fn rc_03_the_sheet_of_a_comparison_is_unreconciled_until_the_register_explains_it() {
    let mut desk = desk();
    let customer = desk.book.find_customer(&own("C1")).unwrap();
    let on = day("2026-04-10");
    let lines = vec![
        line(2, "INV-1002", "2026-02-02", 100_00),
        line(3, "INV-1001", "2026-02-01", 500_00),
        line(4, "", "2026-03-04", -500_00),
    ];
    let found = agree(open_lines(&desk.book, customer, on), lines, on);
    let stated = [(EUR, 100_00)];
    let sides = their_sides(&desk.book, customer, &found);
    // What was paid here they show as bill and payment: settled, both, and together nothing.
    assert_eq!((sides[0].ours, sides[0].theirs), (120_00, 100_00));
    assert_eq!(
        (sides[0].difference(), sides[0].open, sides[0].unexplained()),
        (0, 1, 20_00)
    );
    assert!(!theirs_reconciled(&sides, &stated));
    let fails = |sides: &[Sides]| {
        let controls = their_controls(sides, &stated);
        controls.iter().any(|c| c.holds() == Some(false))
    };
    assert!(fails(&sides), "UNRECONCILED in its README");

    let short = found.entries.iter().find(|e| e.amount == 20_00).unwrap();
    let matter = their_matter(&desk.book, customer, &found, short);
    desk.run(Command::Recon(ReconCommand::NoteBreak(BreakFacts {
        matter: matter.clone(),
        kind: BreakKind::Other,
        currency: EUR,
        amount: 20_00,
        since: on,
        owner: "Meera".into(),
        expected: None,
        note: String::new(),
    })));
    desk.run(Command::Recon(ReconCommand::CloseBreak {
        matter,
        how: "Freight".into(),
    }));
    let sides = their_sides(&desk.book, customer, &found);
    assert!(theirs_reconciled(&sides, &stated));
    assert!(
        !theirs_reconciled(&sides, &[(EUR, 99_00)]),
        "what they state is another figure"
    );

    // The lines' sheet sums to both balances.
    let sheet = their_lines_sheet(&desk.book, customer, &found);
    let minor = |row: usize, column: usize| match (sheet.cell)(row, column) {
        Cell::Money { minor, .. } => minor,
        _ => 0,
    };
    let sum = |column: usize| (0..sheet.rows).map(|r| minor(r, column)).sum::<i64>();
    assert_eq!((sum(5), sum(8), sum(9)), (120_00, 100_00, 20_00));
    assert_eq!(their_sheets(&desk.book, customer, &found, &stated).len(), 2);
}
