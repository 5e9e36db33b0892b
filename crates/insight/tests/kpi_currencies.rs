//! Key figures of a book in several currencies: what is counted is counted in its currency, what has
//! none belongs to none, a count wants no rate, and a row of the sheet has a key of its own.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00

mod support;

use duebook_insight::aging::{AgingQuery, aging};
use duebook_insight::kpi::*;
use duebook_insight::reports::{Drawing, report_kind};
use duebook_insight::tie_out::tie_out;
use duebook_ledger::cases::{CaseCommand, NewCase};
use duebook_ledger::columns::{ItemKind, StagedCustomer};
use duebook_ledger::command::*;
use duebook_ledger::facts::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::shift::{HandOver, ShiftCommand};
use duebook_ledger::{Uid, View};
use duebook_money::Currency;
use duebook_policy::{Rate, RateTable};
use duebook_sheet::Cell;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use support::*;

const EUR: Currency = Currency::EUR;
const USD: Currency = Currency::USD;
const MINUTE: i64 = 60_000;

fn midnight(on: &str) -> i64 {
    i64::from(day(on).0) * 24 * 60 * MINUTE
}

fn issue(d: &mut Desk, customer: &str, number: &str, currency: Currency) {
    d.run(Command::IssueDocument(IssueDocument {
        customer: own(customer),
        entity: "1000".into(),
        kind: ItemKind::Invoice as u8,
        number: number.into(),
        doc_date: day("2026-02-10"),
        currency,
        amount: 100_00,
        instalments: vec![(day("2026-03-12"), 100_00)],
        reference: String::new(),
        po: String::new(),
    }));
}

fn promise(d: &mut Desk, customer: &str, number: &str, currency: Currency) {
    d.run(Command::TakePromise {
        customer: own(customer),
        promise: NewPromise {
            currency,
            lines: vec![NewPromiseLine {
                item: Some(item(number, "")),
                amount: 100_00,
                date: day("2026-04-10"),
            }],
            method: None,
            evidence: None,
        },
    });
}

fn speak(d: &mut Desk, customer: &str, on: &str, outcome: Outcome) {
    d.at(on);
    d.run(Command::LogContact(LogContact {
        customer: own(customer),
        contact: None,
        channel: Channel::Call,
        outcome,
        at: midnight(on) + 60 * MINUTE,
        local_offset: None,
        seconds: 60,
        note: None,
        items: Vec::new(),
        promise: None,
        follow_up: None,
        closes: Vec::new(),
    }));
}

fn shift(d: &mut Desk, on: &str) -> Uid {
    d.at(on);
    let start = midnight(on);
    d.run(Command::Shift(ShiftCommand::Start {
        work_date: day(on),
        start,
        planned_end: start + 520 * MINUTE,
        zone: "Asia/Kolkata".into(),
        read: Vec::new(),
    }));
    d.book.shifts().last().unwrap().key.command
}

fn end_shift(d: &mut Desk, on: &str) {
    let shift = d.book.shifts().last().unwrap().key;
    d.run(Command::Shift(ShiftCommand::End {
        shift,
        at: midnight(on) + 520 * MINUTE,
        hand_over: HandOver {
            lines: Vec::new(),
            note: None,
        },
    }));
}

/// Three promises in EUR, one kept; one in USD, broken; a receipt and a dispute in EUR alone; four
/// calls, two of them in the one shift.
fn book() -> Desk {
    let mut d = Desk::new(true, "2026-03-01");
    for customer in ["A", "B", "C", "D"] {
        d.run(Command::SaveCustomer {
            customer: own(customer),
            facts: StagedCustomer {
                number: customer.into(),
                name: format!("Customer {customer}"),
                collector: Some("Tester".into()),
                ..StagedCustomer::default()
            },
        });
    }
    for (customer, currency) in [("A", EUR), ("B", EUR), ("C", EUR), ("D", USD)] {
        issue(&mut d, customer, &format!("I-{customer}"), currency);
    }
    d.at("2026-04-02");
    for (customer, currency) in [("A", EUR), ("B", EUR), ("C", EUR), ("D", USD)] {
        promise(&mut d, customer, &format!("I-{customer}"), currency);
    }
    d.run(Command::Case(CaseCommand::Open(vec![NewCase {
        lines: vec![(item("I-B", ""), 50_00)],
        reason: "PRI".into(),
        owner: "Ann".into(),
        ..NewCase::default()
    }])));
    speak(&mut d, "A", "2026-04-03", Outcome::InProcess);
    shift(&mut d, "2026-04-06");
    speak(&mut d, "B", "2026-04-06", Outcome::InProcess);
    speak(&mut d, "D", "2026-04-06", Outcome::NoAnswer);
    end_shift(&mut d, "2026-04-06");
    speak(&mut d, "D", "2026-04-07", Outcome::InProcess);
    d.at("2026-04-10");
    let of = item("I-A", "");
    d.receipt(own("A"), "P-A", "2026-04-10", 100_00, &[(of, 100_00)]);
    d.at("2026-04-30");
    d
}

fn april() -> Period {
    Period {
        from: day("2026-04-01"),
        to: day("2026-04-30"),
    }
}

fn gathered(d: &Desk, scope: Whose, by: By) -> Gathered {
    Gathered::new(
        &d.book,
        Ask {
            period: april(),
            known: None,
            scope,
            by,
        },
    )
}

fn figure(g: &Gathered, currency: In, id: &str) -> Kpi {
    let all = g.kpis(0, currency);
    all.into_iter().find(|k| k.definition.id == id).unwrap()
}

fn counts(of: i128, all: i128) -> (Option<Part>, Option<Part>) {
    (Some(Part::Count(of)), Some(Part::Count(all)))
}

fn parts(kpi: &Kpi) -> (Option<Part>, Option<Part>) {
    (kpi.numerator, kpi.denominator)
}

#[test]
fn kp_32_kp_34_kp_50_count_what_is_of_the_currency() {
    let d = book();
    let g = gathered(&d, Whose::default(), By::Nothing);
    let of = |currency, id| parts(&figure(&g, currency, id));
    assert_eq!(of(In::Own(EUR), "KP-32"), counts(1, 3));
    assert_eq!(of(In::Own(EUR), "KP-34"), counts(2, 3));
    assert_eq!(of(In::Own(USD), "KP-32"), counts(0, 1));
    assert_eq!(of(In::Own(USD), "KP-34"), counts(1, 1));
    // Beside them, of the same promises by value.
    assert_eq!(figure(&g, In::Own(USD), "KP-33").n, 1);
    assert_eq!(of(In::Own(EUR), "KP-50/count"), counts(0, 1));
    let none = figure(&g, In::Own(USD), "KP-50/count");
    assert!(matches!(
        none.value,
        Value::NotAvailable(Why::NotRecorded(_))
    ));
    // The parts of the currencies are the whole.
    let sum = |id| {
        let of = |c| figure(&g, In::Own(c), id).n;
        of(EUR) + of(USD)
    };
    for id in ["KP-32", "KP-34", "KP-43"] {
        assert_eq!(sum(id), figure(&g, In::Reporting, id).n, "{id}");
    }
}

#[test]
fn kp_30_what_has_no_currency_is_of_none_alone() {
    let d = book();
    let g = gathered(&d, Whose::default(), By::Nothing);
    for id in [
        "KP-30/attempts",
        "KP-31",
        "KP-35/contacts",
        "KP-36",
        "KP-37",
    ] {
        let alone = figure(&g, In::Own(USD), id);
        assert_eq!(alone.value, Value::NotAvailable(Why::NoCurrency), "{id}");
        assert_eq!((parts(&alone), alone.n), ((None, None), 0), "{id}");
    }
    assert_eq!(
        parts(&figure(&g, In::Reporting, "KP-30/attempts")),
        counts(3, 4)
    );
    // Where everything is in one currency it is told with it.
    let one = d.book.customer_ids().next();
    let one = gathered(
        &d,
        Whose {
            customer: one,
            ..Whose::default()
        },
        By::Nothing,
    );
    assert_eq!(
        parts(&figure(&one, In::Own(EUR), "KP-30/attempts")),
        counts(1, 1)
    );
}

#[test]
fn ag_08_a_count_wants_no_rate() {
    let d = book();
    let g = gathered(&d, Whose::default(), By::Nothing);
    assert_eq!(parts(&figure(&g, In::Reporting, "KP-32")), counts(1, 4));
    assert_eq!(
        parts(&figure(&g, In::Reporting, "KP-50/count")),
        counts(0, 1)
    );
    for kpi in g.kpis(0, In::Reporting) {
        let refused = matches!(
            kpi.value,
            Value::NotAvailable(Why::Rate(_) | Why::OneCurrency)
        );
        let money = kpi.definition.stands() == Stands::Money;
        assert_eq!(refused, money, "{}", kpi.definition.id);
    }
}

#[test]
fn kp_35_contacts_of_the_shifts_by_the_hours_of_the_shifts() {
    let d = book();
    let of = |g: &Gathered, id| parts(&figure(g, In::Reporting, id));
    // Two calls of four were made in the shift of 520 minutes, one of them answered.
    let desk = gathered(&d, Whose::default(), By::Nothing);
    assert_eq!(of(&desk, "KP-35/contacts"), counts(60, 520));
    assert_eq!(of(&desk, "KP-35/attempts"), counts(2 * 60, 520));
    let of_shift = duebook_insight::shift::figures(
        &d.book,
        duebook_insight::shift::Span::Shift(duebook_ledger::shift::ShiftId(0)),
        None,
        day("2026-04-30"),
    );
    let of_shift = of_shift.unwrap();
    assert_eq!((of_shift.right_party, of_shift.attempts), (1, 2));
    // A collector has his own shifts, alone or among others; a customer has none.
    let collector = |name: &str| Whose {
        collector: Some(name.into()),
        ..Whose::default()
    };
    let tester = gathered(&d, collector("Tester"), By::Nothing);
    assert_eq!(of(&tester, "KP-35/attempts"), counts(2 * 60, 520));
    let by = gathered(&d, Whose::default(), By::Collector);
    assert_eq!(by.names, ["Tester"]);
    assert_eq!(of(&by, "KP-35/attempts"), counts(2 * 60, 520));
    let nobody = gathered(&d, collector("Ann"), By::Nothing);
    let none = figure(&nobody, In::Reporting, "KP-35/attempts");
    assert!(matches!(
        none.value,
        Value::NotAvailable(Why::NotRecorded(_))
    ));
    let customers = gathered(&d, Whose::default(), By::Customer);
    let none = figure(&customers, In::Reporting, "KP-35/attempts");
    assert_eq!(none.value, Value::NotAvailable(Why::ByPersonOnly));
}

/// 1 USD is 0.333 EUR: nothing of it comes out even.
fn rate(d: &mut Desk) {
    let mut rates = RateTable::new(EUR);
    rates
        .add(Rate {
            currency: USD,
            from: day("2026-01-01"),
            value: Decimal::new(333, 3),
            source: "ECB".into(),
        })
        .unwrap();
    d.run(Command::SetPolicy(PolicyChange::Rates(rates)));
}

/// The status update: all in the reporting currency first where every rate is known, and what it
/// shows adds up to its closing.
#[test]
fn ag_08_the_status_update_begins_with_all_of_it_where_the_rates_are_known() {
    use duebook_insight::status::status;
    let mut d = book();
    let drawn = |d: &Desk| {
        let all = gathered(d, Whose::default(), By::Nothing);
        status(&d.book, &all, &gathered(d, Whose::default(), By::Customer))
    };
    let of = |s: &duebook_insight::status::StatusUpdate| {
        s.currencies.iter().map(|c| c.of).collect::<Vec<_>>()
    };
    assert_eq!(of(&drawn(&d)), [In::Own(EUR), In::Own(USD)]);
    rate(&mut d);
    let page = drawn(&d);
    assert_eq!(of(&page), [In::Reporting, In::Own(EUR), In::Own(USD)]);
    for c in &page.currencies {
        let (closing, moved) = c.steps.split_last().unwrap();
        let sum: i128 = moved.iter().map(|(_, minor)| minor).sum();
        assert_eq!(sum + c.rounding, closing.1);
    }
    let all = &page.currencies[0];
    // 200.00 of EUR, and 33.30 of USD.
    assert_eq!((all.currency, all.steps.last().unwrap().1), (EUR, 233_30));
}

/// Every row of the sheet by what names it.
#[test]
fn section_10_a_row_of_the_key_figures_has_a_key_of_its_own() {
    let mut d = book();
    rate(&mut d);
    let query = AgingQuery::new(&d.book, View::on(day("2026-04-30")));
    let aged = aging(&d.book, &query).unwrap();
    let tied = tie_out(&d.book, &query, &aged);
    let texts = |_: Uid| None::<String>;
    let drawing = Drawing::new(&d.book, &texts, (query, aged, tied), april());
    let sheet = (report_kind("kpis").unwrap().draw)(&drawing);
    let at = |header: &str| sheet.columns.iter().position(|c| c.header == header);
    let key = ["Definition", "Figure", "Figures of", "Period"].map(|h| at(h).unwrap());
    let mut seen = BTreeSet::new();
    let mut scopes = BTreeSet::new();
    for row in 0..sheet.rows {
        let text = |at: usize| match (sheet.cell)(row, at) {
            Cell::Text(text) => text.into_owned(),
            other => panic!("{other:?}"),
        };
        assert!(seen.insert(key.map(text)), "{:?}", key.map(text));
        scopes.insert(text(key[2]));
    }
    let scopes: Vec<String> = scopes.into_iter().collect();
    assert_eq!(scopes, ["EUR alone", "USD alone", "all, in EUR"]);
}
