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
    let found = agree(open_lines(&desk.book, &[customer], on), lines, on);
    let stated = [(EUR, 100_00)];
    let told = TheirTold::of(&desk.book, customer, &found);
    let sides = &told.sides;
    // What was paid here they show as bill and payment: settled, both, and together nothing.
    assert_eq!((sides[0].ours, sides[0].theirs), (120_00, 100_00));
    assert_eq!(
        (sides[0].difference(), sides[0].open, sides[0].unexplained()),
        (0, 1, 20_00)
    );
    assert!(!theirs_reconciled(sides, &stated));
    let fails = |sides: &[Sides]| {
        let controls = their_controls(sides, &stated);
        controls.iter().any(|c| c.holds() == Some(false))
    };
    assert!(fails(sides), "UNRECONCILED in its README");

    let short = found.entries.iter().position(|e| e.amount == 20_00);
    let matter = told.matters[short.unwrap()].clone();
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
    let told = TheirTold::of(&desk.book, customer, &found);
    let sides = &told.sides;
    assert!(theirs_reconciled(sides, &stated));
    assert!(
        !theirs_reconciled(sides, &[(EUR, 99_00)]),
        "what they state is another figure"
    );

    // The lines' sheet sums to both balances.
    let sheet = their_lines_sheet(&found, &told);
    let minor = |row: usize, column: usize| match (sheet.cell)(row, column) {
        Cell::Money { minor, .. } => minor,
        _ => 0,
    };
    let sum = |column: usize| (0..sheet.rows).map(|r| minor(r, column)).sum::<i64>();
    assert_eq!((sum(5), sum(8), sum(9)), (120_00, 100_00, 20_00));
    assert_eq!(their_sheets(&found, &told, &stated).len(), 2);
}

#[test]
fn rc_03_of_entries_that_look_alike_each_has_its_own_matter() {
    let mut desk = desk();
    let customer = desk.book.find_customer(&own("C1")).unwrap();
    let on = day("2026-04-10");
    let mut lines = vec![line(2, "INV-1002", "2026-02-02", 120_00)];
    lines.extend((0..3).map(|n| line(3 + n, "X-1", "2026-03-01", 70_00)));
    let found = agree(open_lines(&desk.book, &[customer], on), lines, on);
    let told = TheirTold::of(&desk.book, customer, &found);
    assert_eq!(told.matters.len(), found.entries.len());
    let mut apart = told.matters.clone();
    apart.sort();
    apart.dedup();
    assert_eq!(apart.len(), told.matters.len());
    // Said of one, it is said of that one alone.
    let at = found.entries.iter().rposition(|e| e.amount == -70_00);
    desk.run(Command::Recon(ReconCommand::NoteBreak(BreakFacts {
        matter: told.matters[at.unwrap()].clone(),
        kind: BreakKind::Other,
        currency: EUR,
        amount: -70_00,
        since: on,
        owner: "Meera".into(),
        expected: None,
        note: String::new(),
    })));
    let told = TheirTold::of(&desk.book, customer, &found);
    let noted: Vec<usize> = (0..told.stands.len())
        .filter(|n| told.stands[*n].1.is_some())
        .collect();
    assert_eq!(noted, [at.unwrap()]);
}

#[test]
fn rc_01_a_parent_pays_for_its_children_and_is_held_against_all_of_them() {
    use duebook_ledger::columns::StagedCustomer;
    let mut desk = desk();
    desk.customer("C2");
    let child = StagedCustomer {
        number: "C2".into(),
        name: "Child".into(),
        parent: Some("C1".into()),
        ..StagedCustomer::default()
    };
    desk.run(Command::SaveCustomer {
        customer: own("C2"),
        facts: child,
    });
    let due = [("2026-03-04", 60_00)];
    desk.issue("C2", ItemKind::Invoice, "INV-2001", "2026-02-02", &due);
    let customer = desk.book.find_customer(&own("C1")).unwrap();
    let on = day("2026-04-10");
    let lines = vec![
        line(2, "INV-1002", "2026-02-02", 120_00),
        line(3, "INV-2001", "2026-02-02", 60_00),
    ];
    let differ = |family: bool| {
        let ours = accounts(&desk.book, customer, family);
        let found = agree(open_lines(&desk.book, &ours, on), lines.clone(), on);
        TheirTold::of(&desk.book, customer, &found).sides[0].open
    };
    assert_eq!((differ(false), differ(true)), (1, 0));
}
