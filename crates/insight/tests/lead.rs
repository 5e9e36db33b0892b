//! What a lead sees: what nobody touched by its worth, and notes drawn for a second look.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_insight::balances::Balances;
use duebook_insight::shift::{not_touched, notes_drawn};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::{IssueDocument, LogContact};
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::keys::TextRef;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Command, Uid};
use duebook_money::Currency;
use duebook_policy::rates::{Rate, RateTable};
use std::collections::BTreeSet;
use support::*;

const TODAY: &str = "2026-04-10";

fn bill(desk: &mut Desk, customer: &str, code: &str, amount: i64) {
    desk.run(Command::IssueDocument(IssueDocument {
        customer: own(customer),
        entity: "1000".into(),
        kind: ItemKind::Invoice as u8,
        number: format!("{customer}-{code}"),
        doc_date: day("2026-02-01"),
        currency: Currency::from_code(code).unwrap(),
        amount,
        instalments: vec![(day("2026-03-01"), amount)],
        reference: String::new(),
        po: String::new(),
    }));
}

/// AG-08: by what they are worth in one currency; those whose rate is not there come last.
#[test]
fn what_nobody_touched_is_listed_by_its_worth() {
    let mut desk = Desk::new(true, TODAY);
    let mut table = RateTable::new(Currency::EUR);
    for (code, value) in [("JPY", "0.006"), ("KWD", "3"), ("USD", "0.9")] {
        let rate = Rate {
            currency: Currency::from_code(code).unwrap(),
            from: day("2026-01-01"),
            value: value.parse().unwrap(),
            source: "desk".into(),
        };
        table.add(rate).unwrap();
    }
    desk.run(Command::SetPolicy(PolicyChange::Rates(table)));
    for (customer, code, amount) in [
        ("A", "EUR", 1_000_00),
        ("B", "JPY", 300_000),   // 1,800.00
        ("C", "KWD", 400_000),   // KWD 400.000: 1,200.00
        ("D", "USD", 900_00),    // 810.00
        ("E", "CHF", 50_000_00), // no rate
        ("F", "CHF", 60_000_00),
    ] {
        desk.customer(customer);
        bill(&mut desk, customer, code, amount);
    }
    let balances = Balances::full(&desk.book, desk.today).unwrap();
    let listed = not_touched(&desk.book, &balances, desk.today, 14);
    let said: Vec<_> = listed
        .iter()
        .map(|n| (n.currency.code(), n.past_due, n.worth))
        .collect();
    assert_eq!(
        said,
        [
            ("JPY", 300_000, Some(1_800_00)),
            ("KWD", 400_000, Some(1_200_00)),
            ("EUR", 1_000_00, Some(1_000_00)),
            ("USD", 900_00, Some(810_00)),
            ("CHF", 60_000_00, None),
            ("CHF", 50_000_00, None),
        ]
    );
}

/// The same notes on every copy, none of another period, all of them where there are few.
#[test]
fn the_notes_drawn_are_those_of_the_period_and_the_same_for_everybody() {
    let mut desk = Desk::new(true, "2026-03-20");
    desk.customer("A");
    let log = |n: u8, noted: bool| {
        Command::LogContact(LogContact {
            customer: own("A"),
            contact: None,
            channel: Channel::Call,
            outcome: Outcome::Informed,
            at: i64::from(n),
            local_offset: None,
            seconds: 0,
            note: noted.then_some(TextRef {
                id: Uid([n; 16]),
                digest: [n; 32],
            }),
            items: vec![],
            promise: None,
            follow_up: None,
            closes: vec![],
        })
    };
    desk.run(log(1, true));
    desk.at("2026-04-02");
    for n in 2..42 {
        desk.run(log(n, n % 4 != 0));
    }
    let (from, to) = (day("2026-04-01"), day("2026-04-30"));
    let draw = |each: usize| notes_drawn(&desk.book, from, to, each).remove(0);
    let five = draw(5);
    assert_eq!((five.agent.as_str(), five.written), ("Tester", 30));
    assert_eq!(five.drawn.len(), 5);
    assert_eq!(draw(5), five);
    let ten: BTreeSet<_> = draw(10).drawn.into_iter().collect();
    assert!(five.drawn.iter().all(|id| ten.contains(id)));
    // All that is written is drawn where more is asked for; the one of March is not among it.
    let all = draw(100);
    assert_eq!(all.drawn.len(), 30);
    let noted = |id: &duebook_ledger::ActivityId| &desk.book.activities()[id.index()];
    assert!(
        all.drawn
            .iter()
            .all(|id| noted(id).note.is_some() && noted(id).at > 1)
    );
    // Not just the first ones.
    assert!(five.drawn.iter().any(|id| id.index() > 10));
    // Another month is another draw: March holds its one note.
    let march = notes_drawn(&desk.book, day("2026-03-01"), day("2026-03-31"), 5);
    assert_eq!((march.len(), march[0].written), (1, 1));
}
