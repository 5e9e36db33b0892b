//! Every report of domain.md §10, drawn from one book: names a workbook takes, every cell there, the forecast and the
//! agreements as the book has them.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;

use duebook_insight::aging::{AgingQuery, aging};
use duebook_insight::reports::{Drawing, Period, REPORTS};
use duebook_insight::tie_out::tie_out;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::Command;
use duebook_ledger::plans::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Uid, View};
use duebook_money::Currency;
use duebook_policy::AuthorityPolicy;
use duebook_sheet::{Cell, Sheet, Workbook};
use support::*;

fn approved() -> Option<Approved> {
    Some(Approved {
        by: "Mona".into(),
        reference: "mail".into(),
    })
}

/// A book with something in every report: a plan, an offer, a placement, a risk, a waiver, tax withheld.
fn book() -> Desk {
    let mut d = Desk::new(true, "2026-04-01");
    let people = vec![("Mona".into(), "CFO".into())];
    d.run(Command::SetPolicy(PolicyChange::Authority(
        AuthorityPolicy {
            people,
            ..AuthorityPolicy::default()
        },
    )));
    for (customer, number, amount) in [
        ("A", "I1", 1_000_00),
        ("B", "I2", 500_00),
        ("C", "I3", 300_00),
        ("D", "I4", 70_00),
    ] {
        d.customer(customer);
        d.issue(
            customer,
            ItemKind::Invoice,
            number,
            "2026-01-10",
            &[("2026-02-09", amount)],
        );
    }
    d.run(Command::Plan(PlanCommand::Agree(NewPlan {
        customer: own("A"),
        contact: None,
        currency: Currency::EUR,
        items: vec![(item("I1", ""), 1_000_00)],
        instalments: vec![(day("2026-04-10"), 400_00), (day("2026-05-11"), 600_00)],
        interest: PlanInterest::Waived,
        charges: Vec::new(),
        triggers: trigger::USUAL,
        reason: "short of cash".into(),
        approved: approved(),
        acknowledgement: None,
    })));
    d.run(Command::Plan(PlanCommand::Offer(NewOffer {
        customer: own("B"),
        currency: Currency::EUR,
        items: vec![(item("I2", ""), 500_00)],
        pay: 400_00,
        by: day("2026-04-30"),
        wording: None,
        reason: "old debt".into(),
        approved: approved(),
    })));
    d.run(Command::Plan(PlanCommand::Place(NewPlacement {
        customer: own("C"),
        with: PlacedWith::Agency,
        name: "Inkasso Nord".into(),
        items: vec![item("I3", "")],
        commission_ppm: 150_000,
        reference: "IN-1".into(),
        reason: "no answer".into(),
        approved: approved(),
        stage: Stage::Collecting,
    })));
    d.run(Command::Plan(PlanCommand::SetRisk(NewRisk {
        risk: None,
        customer: own("D"),
        what: "closes".into(),
        per_mille: 250,
        impact: 70_00,
        currency: Currency::EUR,
        owner: "Mona".into(),
        action: "ask for a guarantee".into(),
        review: day("2026-05-01"),
        closed: false,
    })));
    d.at("2026-04-12");
    d.receipt(
        own("A"),
        "P1",
        "2026-04-10",
        400_00,
        &[(item("I1", ""), 400_00)],
    );
    d.at("2026-04-15");
    d
}

fn column(sheet: &Sheet<'_>, header: &str) -> usize {
    let found = sheet.columns.iter().position(|c| c.header == header);
    found.unwrap_or_else(|| panic!("{header} in {}", sheet.name))
}

fn sum(sheet: &Sheet<'_>, header: &str) -> i64 {
    let at = column(sheet, header);
    let cell = |row| match (sheet.cell)(row, at) {
        Cell::Money { minor, .. } => minor,
        _ => 0,
    };
    (0..sheet.rows).map(cell).sum()
}

#[test]
fn section_10_every_report_is_drawn_and_says_what_the_book_says() {
    let d = book();
    let query = AgingQuery::new(&d.book, View::on(day("2026-04-15")));
    let aged = aging(&d.book, &query).unwrap();
    let open: i64 = aged.rows.iter().map(|r| r.total).sum();
    let tied = tie_out(&d.book, &query, &aged);
    let texts = |_: Uid| None::<String>;
    let period = Period {
        from: day("2026-04-01"),
        to: day("2026-04-15"),
    };
    let drawing = Drawing::new(&d.book, &texts, (query, aged, tied), period);
    let mut sheets = Vec::new();
    for report in REPORTS {
        let sheet = (report.draw)(&drawing);
        for row in 0..sheet.rows {
            for at in 0..sheet.columns.len() {
                let _ = (sheet.cell)(row, at);
            }
        }
        match report.id {
            "agreements" => {
                assert_eq!((sheet.rows, sum(&sheet, "Debt")), (2, 1_500_00));
                assert_eq!(
                    (sum(&sheet, "To be paid"), sum(&sheet, "Came in")),
                    (1_400_00, 400_00)
                );
                assert_eq!(sum(&sheet, "Let go where kept"), 100_00);
            }
            "placements" => assert_eq!((sheet.rows, sum(&sheet, "Open")), (1, 300_00)),
            "forecast" => {
                assert_eq!(sum(&sheet, "Open"), open);
                let parts = [
                    "Committed",
                    "Statistical",
                    "Upside",
                    "Without a date",
                    "Placed",
                ];
                assert_eq!(parts.iter().map(|p| sum(&sheet, p)).sum::<i64>(), open);
                assert_eq!(sum(&sheet, "Placed"), 300_00);
            }
            "risks" => assert_eq!((sheet.rows, sum(&sheet, "P × impact")), (1, 17_50)),
            _ => {}
        }
        sheets.push(sheet);
    }
    let book = Workbook::bare("Everything", sheets);
    assert!(book.problems().is_empty(), "{:?}", book.problems());
}
