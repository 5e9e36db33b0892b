//! The dossier (domain.md 8.5): the letters that were sent and nothing else, disputes with their
//! answers, what was tried, an index that names every file; as of every day.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;

use duebook_insight::dossier::*;
use duebook_insight::late::late_items;
use duebook_insight::plans::returned_money;
use duebook_insight::reports::{TextSource, interest_sheet};
use duebook_ledger::columns::{ItemKind, StagedCustomer};
use duebook_ledger::keys::TextRef;
use duebook_ledger::letters::*;
use duebook_ledger::plans::*;
use duebook_ledger::{Command, CustomerId, OpenScan, Uid, View};
use duebook_money::Currency;
use duebook_policy::letters::{LetterUse, Medium};
use duebook_sheet::{Cell, Sheet};
use support::*;

struct Words;

impl TextSource for Words {
    fn text(&self, id: Uid) -> Option<String> {
        Some(format!("text {}", id.0[0]))
    }
}

fn text(n: u8) -> Option<TextRef> {
    Some(TextRef {
        id: Uid([n; 16]),
        digest: [n; 32],
    })
}

fn desk(country: &str) -> (Desk, CustomerId) {
    let mut desk = Desk::new(true, "2026-04-01");
    desk.run(Command::SaveCustomer {
        customer: own("C"),
        facts: StagedCustomer {
            number: "C".into(),
            name: "Customer C".into(),
            country: Some(country.into()),
            ..StagedCustomer::default()
        },
    });
    let due = [("2026-02-09", 1_000_00)];
    desk.issue("C", ItemKind::Invoice, "I1", "2026-01-10", &due);
    let id = desk.book.find_customer(&own("C")).unwrap();
    (desk, id)
}

fn letter(n: u8) -> NewLetter {
    NewLetter {
        customer: own("C"),
        contact: None,
        used_for: LetterUse::Reminder,
        template: "first".into(),
        language: "en".into(),
        version: 1,
        medium: Medium::Email,
        step: Some(1),
        as_of: day("2026-04-01"),
        lines: vec![(item("I1", ""), 1_000_00)],
        totals: vec![LetterTotal {
            currency: Currency::EUR,
            minor: 1_000_00,
        }],
        subject: text(n),
        content: text(n + 1),
        tie: format!("20260401-{n}"),
    }
}

fn produce(desk: &mut Desk, n: u8) -> duebook_ledger::keys::FactKey {
    let made = LettersCommand::Produce(vec![letter(n)]);
    desk.run(Command::Letters(made));
    desk.book.letters().last().unwrap().key
}

fn cells(sheet: &Sheet<'_>) -> Vec<String> {
    let shown = |cell: Cell<'_>| match cell {
        Cell::Date(d) => d.to_string(),
        Cell::Empty => String::new(),
        other => other.plain(),
    };
    let row = |r: usize| {
        let all = (0..sheet.columns.len()).map(|c| shown((sheet.cell)(r, c)));
        all.collect::<Vec<_>>().join("|")
    };
    (0..sheet.rows).map(row).collect()
}

#[test]
fn section_8_5_only_letters_that_went_out_are_in_it() {
    let (mut desk, customer) = desk("DE");
    let first = produce(&mut desk, 1);
    let never = produce(&mut desk, 3);
    produce(&mut desk, 5);
    desk.run(Command::Letters(LettersCommand::Discard {
        letters: vec![never],
    }));
    desk.at("2026-04-03");
    let at = i64::from(desk.today.0) * 86_400_000;
    desk.run(Command::Letters(LettersCommand::ConfirmSent {
        letters: vec![first],
        at,
    }));
    let sent = |on: &str| sent_letters(&desk.book, View::on(day(on)), customer, &Words);
    assert_eq!(sent("2026-04-02"), [], "as of a day before it went out");
    let all = sent("2026-04-30");
    assert_eq!(all.len(), 1);
    assert_eq!(
        (all[0].on, all[0].text.as_str(), all[0].by.as_str()),
        (day("2026-04-03"), "text 2", "Tester")
    );
    assert_eq!(all[0].file(1), "letters/001-2026-04-03.txt");
    let listed = cells(&letters_sheet(&all));
    assert_eq!(
        listed,
        ["2026-04-03|text 1|first v1 (en)|20260401-1|Tester|letters/001-2026-04-03.txt"]
    );
    let view = View::on(day("2026-04-30"));
    let files = [("a.docx".to_owned(), "the account".to_owned())];
    let scan = OpenScan::new(&desk.book, view);
    let pack = desk.book.policies().recovery.interest.pack("de").unwrap();
    let late = late_items(&desk.book, &scan, customer, pack);
    let lacking = ["POD.pdf".to_owned()];
    let about = index(
        &desk.book,
        view,
        customer,
        &late,
        ("hash", &files, &lacking),
    );
    for said in [
        "Customer C (account C)",
        "1000.00 EUR open",
        "a.docx: the account",
        "POD.pdf",
        "interest and fixed sums",
    ] {
        assert!(about.contains(said), "{said} in\n{about}");
    }
    assert!(!about.contains("held back"));
}

#[test]
fn section_8_5_what_was_tried_and_what_a_plan_holds_back() {
    let (mut desk, customer) = desk("DE");
    desk.run(Command::Plan(PlanCommand::Agree(NewPlan {
        customer: own("C"),
        contact: None,
        currency: Currency::EUR,
        items: vec![(item("I1", ""), 1_000_00)],
        instalments: vec![(day("2026-04-10"), 400_00), (day("2026-05-11"), 600_00)],
        interest: PlanInterest::Waived,
        charges: Vec::new(),
        triggers: trigger::USUAL,
        reason: "short of cash".into(),
        approved: Some(Approved {
            by: "Mona".into(),
            reference: "mail".into(),
        }),
        acknowledgement: None,
    })));
    let view = |on: &str| View::on(day(on));
    let on = |on: &str| cells(&tried_sheet(&desk.book, view(on), customer));
    assert_eq!(on("2026-03-31"), Vec::<String>::new());
    assert_eq!(
        on("2026-04-01"),
        [
            "2026-04-01|Payment plan, 2 instalments|EUR|1000.00|0.00|Kept so far|short of cash|Mona (mail)"
        ]
    );
    // The workbook's claim is what may be charged; what the plan holds is beside it, and both tie.
    let pack = desk.book.policies().recovery.interest.pack("de").unwrap();
    for (day_, held) in [("2026-04-05", true), ("2026-05-01", false)] {
        let scan = OpenScan::new(&desk.book, view(day_));
        let late = late_items(&desk.book, &scan, customer, pack);
        let left: i64 = late.iter().map(|l| l.left()).sum();
        let sheet = interest_sheet(&desk.book, late.clone());
        let column = |name: &str| sheet.columns.iter().position(|c| c.header == name).unwrap();
        let money = |name: &str| match (sheet.cell)(0, column(name)) {
            Cell::Money { minor, .. } => minor,
            other => panic!("{name}: {other:?}"),
        };
        let parts = money("Interest") + money("Fixed sum") - money("Charged before");
        let (back, claim) = (money("Held back by a plan"), money("Claim"));
        assert!(left > 0);
        assert_eq!((parts, back + claim), (left, left), "{day_}");
        assert_eq!(
            (back, claim),
            if held { (left, 0) } else { (0, left) },
            "{day_}"
        );
        let about = index(&desk.book, view(day_), customer, &late, ("", &[], &[]));
        assert_eq!(
            about.contains("held back by a payment plan"),
            held,
            "{about}"
        );
    }
}

#[test]
fn section_6_5_returned_money_in_india_starts_a_clock() {
    for (country, clocks) in [("IN", 1), ("DE", 0)] {
        let (mut desk, customer) = desk(country);
        desk.receipt(
            own("C"),
            "P1",
            "2026-04-01",
            300_00,
            &[(item("I1", ""), 300_00)],
        );
        desk.at("2026-04-15");
        desk.run(Command::ReturnReceipt {
            receipt: credit("P1"),
            effective: day("2026-04-15"),
        });
        let on = |on: &str| {
            let scan = OpenScan::new(&desk.book, View::on(day(on)));
            returned_money(&desk.book, &scan, customer)
        };
        assert_eq!(on("2026-04-14"), []);
        let found = on("2026-04-20");
        assert_eq!(found.len(), clocks, "{country}");
        if let Some(r) = found.first() {
            assert_eq!((r.amount, r.notice_by), (300_00, Some(day("2026-05-15"))));
        }
    }
}
