//! Key figures of what people did, each on a book small enough to count by hand (domain.md 2.3 to 2.5).
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00

mod support;

use duebook_insight::kpi::*;
use duebook_ledger::cases::*;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::{LogContact, RecordReceipt};
use duebook_ledger::facts::*;
use duebook_ledger::import::Incoming;
use duebook_ledger::keys::FactKey;
use duebook_ledger::recon::{ReconCommand, ReversalKind};
use duebook_ledger::statements::{AcceptedMatch, LineKind, StatementFacts, StatementLine};
use duebook_ledger::{CaseId, Command, LineId};
use duebook_money::Currency;
use support::*;

fn kpi(d: &Desk, from: &str, to: &str, id: &str) -> Kpi {
    let ask = Ask {
        period: Period {
            from: day(from),
            to: day(to),
        },
        known: None,
        scope: Whose::default(),
        by: By::Nothing,
    };
    let all = Gathered::new(&d.book, ask).kpis(0, In::Own(Currency::EUR));
    all.into_iter().find(|k| k.definition.id == id).unwrap()
}

fn counted(kpi: &Kpi) -> (Option<Part>, Option<Part>) {
    (kpi.numerator, kpi.denominator)
}

fn counts(of: i128, all: i128) -> (Option<Part>, Option<Part>) {
    (Some(Part::Count(of)), Some(Part::Count(all)))
}

/// Six customers, each with 100.00 past due since 12 February.
fn desk() -> Desk {
    let mut d = Desk::new(true, "2026-03-01");
    for number in ["C1", "C2", "C3", "C4", "C5", "C6"] {
        d.customer(number);
        let due = [("2026-02-12", 100_00)];
        let invoice = format!("I-{number}");
        d.issue(number, ItemKind::Invoice, &invoice, "2026-01-13", &due);
    }
    d
}

fn speak(d: &mut Desk, customer: &str, on: &str) {
    d.at(on);
    d.run(Command::LogContact(LogContact {
        customer: own(customer),
        contact: None,
        channel: Channel::Call,
        outcome: Outcome::InProcess,
        at: i64::from(day(on).0) * 86_400_000 + 36_000_000,
        local_offset: None,
        seconds: 60,
        note: None,
        items: Vec::new(),
        promise: None,
        follow_up: None,
        closes: Vec::new(),
    }));
}

fn pay(d: &mut Desk, customer: &str, on: &str) {
    let invoice = item(&format!("I-{customer}"), "");
    let number = format!("R-{customer}");
    d.receipt(own(customer), &number, on, 100_00, &[(invoice, 100_00)]);
}

fn dispute(d: &mut Desk, customer: &str, amount: i64, reason: &str, owner: &str) -> FactKey {
    d.run(Command::Case(CaseCommand::Open(vec![NewCase {
        lines: vec![(item(&format!("I-{customer}"), ""), amount)],
        reason: reason.into(),
        owner: owner.into(),
        ..NewCase::default()
    }])));
    d.book.cases().last().unwrap().1.key
}

#[test]
fn kp_36_a_first_contact_settles_it_or_does_not() {
    let mut d = desk();
    // C1: spoken to once, promised, kept: though something else falls late later.
    d.promise(own("C1"), &[(Some(item("I-C1", "")), 100_00, "2026-03-10")]);
    speak(&mut d, "C1", "2026-03-01");
    let other = [("2026-03-20", 5_00)];
    d.issue("C1", ItemKind::Invoice, "I-C1-2", "2026-03-15", &other);
    // C2: once, and still late at the end. C3: twice within 14 days, then paid.
    speak(&mut d, "C2", "2026-03-02");
    speak(&mut d, "C3", "2026-03-02");
    speak(&mut d, "C3", "2026-03-16");
    // C4: once, a dispute with its owner. C5: once, a dispute nobody owns.
    speak(&mut d, "C4", "2026-03-03");
    dispute(&mut d, "C4", 100_00, "PRI", "Ann");
    speak(&mut d, "C5", "2026-03-03");
    dispute(&mut d, "C5", 100_00, "PRI", "");
    // C6: paid after the first; spoken to again 15 days later, about something else.
    speak(&mut d, "C6", "2026-03-04");
    speak(&mut d, "C6", "2026-03-19");
    for customer in ["C1", "C3", "C6"] {
        d.at("2026-03-09");
        pay(&mut d, customer, "2026-03-09");
    }
    d.at("2026-03-31");
    let rate = kpi(&d, "2026-03-01", "2026-03-31", "KP-36");
    assert_eq!(counted(&rate), counts(3, 6), "C1, C4 and C6 of six");
    // Too fresh to be judged: the 14 days of C4 to C6 are not over on the 16th.
    let rate = kpi(&d, "2026-03-01", "2026-03-16", "KP-36");
    assert_eq!(rate.denominator, Some(Part::Count(3)));
    let none = kpi(&d, "2026-03-20", "2026-03-31", "KP-36");
    assert!(matches!(
        none.value,
        Value::NotAvailable(Why::NothingToDivideBy)
    ));
}

#[test]
fn kp_41_disputed_of_what_was_billed_in_the_period() {
    let mut d = desk();
    let invoice = ItemKind::Invoice;
    d.issue(
        "C1",
        invoice,
        "N-1",
        "2026-03-02",
        &[("2026-04-01", 900_00)],
    );
    d.issue(
        "C2",
        invoice,
        "N-2",
        "2026-03-03",
        &[("2026-04-02", 100_00)],
    );
    d.at("2026-03-05");
    dispute(&mut d, "C1", 60_00, "PRI", "Ann");
    dispute(&mut d, "C2", 40_00, "QTY", "Ann");
    d.at("2026-03-31");
    let rate = kpi(&d, "2026-03-01", "2026-03-31", "KP-41");
    let money = |minor| Some(Part::Money(minor, Currency::EUR));
    assert_eq!(counted(&rate), (money(100_00), money(1_000_00)));
    assert_eq!(
        (rate.value.ratio().unwrap().rounded(1000), rate.n),
        (Some(100), 2)
    );
    let none = kpi(&d, "2026-05-01", "2026-05-31", "KP-41");
    assert!(matches!(
        none.value,
        Value::NotAvailable(Why::NothingToDivideBy)
    ));
}

#[test]
fn kp_43_in_time_valid_opened_again_and_right_first_time() {
    let mut d = desk();
    d.at("2026-03-02");
    let keys: Vec<FactKey> = ["C1", "C2", "C3"]
        .map(|c| dispute(&mut d, c, 50_00, "PRI", "Ann"))
        .into();
    let go = |state, close| {
        move |case: &FactKey| {
            Command::Case(CaseCommand::Move {
                case: *case,
                state,
                department: "Billing".into(),
                owner: "Ann".into(),
                close,
                note: None,
            })
        }
    };
    let close = |with| go(CaseState::Closed, Some(with));
    d.at("2026-03-04");
    d.run(close(CaseClose::Invalid)(&keys[0]));
    d.run(close(CaseClose::Invalid)(&keys[1]));
    // C2 comes back and is found valid after 25 business days; C3 stays open.
    d.at("2026-03-06");
    d.run(go(CaseState::Reopened, None)(&keys[1]));
    d.at("2026-04-06");
    d.run(close(CaseClose::Valid)(&keys[1]));
    assert_eq!(d.book.case(CaseId(2)).unwrap().key, keys[2]);
    let rate = kpi(&d, "2026-03-01", "2026-04-30", "KP-43");
    assert_eq!(counted(&rate), counts(1, 2));
    assert_eq!(
        rate.note,
        "1 valid, 1 invalid, 1 opened again, 1 right first time."
    );
}

fn line(minor: i64, reference: &str) -> StatementLine {
    StatementLine {
        booked: day("2026-03-09"),
        value: day("2026-03-09"),
        amount: minor,
        payer: String::new(),
        payer_account: String::new(),
        customer_ref: String::new(),
        bank_id: reference.into(),
        references: Vec::new(),
        text: String::new(),
        kind: LineKind::Receipt,
        reversal: false,
        documents: Vec::new(),
        code: String::new(),
        row: 1,
        key: String::new(),
    }
}

/// Four lines of 100.00; three posted as proposed, the fourth by hand.
fn posted() -> Desk {
    let mut d = desk();
    d.at("2026-03-09");
    let facts = StatementFacts {
        account: "DE1".into(),
        currency: Currency::EUR,
        number: "1".into(),
        from: Some(day("2026-03-09")),
        to: Some(day("2026-03-09")),
        opening: Some(0),
        closing: Some(400_00),
        file: "s.xml".into(),
        format: "camt.053".into(),
        left_out: 0,
    };
    let lines = ["b1", "b2", "b3", "b4"].map(|r| line(100_00, r)).to_vec();
    let incoming = Incoming {
        statements: vec![lines],
        ..Incoming::default()
    };
    d.try_run(Command::ImportStatements(vec![facts]), incoming)
        .unwrap();
    for n in 0..4u32 {
        let customer = format!("C{}", n + 1);
        let line = d.book.line_key(LineId(n)).unwrap();
        d.run(Command::AcceptMatches(vec![AcceptedMatch {
            line,
            receipt: RecordReceipt {
                customer: own(&customer),
                entity: "1000".into(),
                number: format!("R-{customer}"),
                value_date: day("2026-03-09"),
                currency: Currency::EUR,
                amount: 100_00,
                reference: String::new(),
                applications: vec![(item(&format!("I-{customer}"), ""), 100_00)],
            },
            credits: Vec::new(),
            granted: Vec::new(),
            auto: n < 3,
            rule: None,
            contested: Vec::new(),
            onward: Vec::new(),
        }]));
    }
    d
}

#[test]
fn kp_50_kp_51_straight_through_and_how_often_it_was_right() {
    let mut d = posted();
    let march = |d: &Desk, id: &str| kpi(d, "2026-03-01", "2026-03-31", id);
    assert_eq!(counted(&march(&d, "KP-50/count")), counts(3, 4));
    assert_eq!(counted(&march(&d, "KP-51")), counts(3, 3));
    let mut back = |receipt: &str, on: &str| {
        d.at(on);
        d.run(Command::Recon(ReconCommand::ReverseReceipt {
            receipt: credit(receipt),
            effective: day(on),
            kind: ReversalKind::Standard,
            fee: None,
        }));
    };
    // Within 60 days, and on the 61st; what was posted by hand is in no part of it.
    back("R-C1", "2026-05-08");
    back("R-C2", "2026-05-09");
    back("R-C4", "2026-03-20");
    assert_eq!(counted(&march(&d, "KP-51")), counts(2, 3));
    assert_eq!(
        counted(&march(&d, "KP-50/count")),
        counts(3, 4),
        "as posted"
    );
}
