//! The oracles of domain.md §2 through a book: documents, receipts, contacts and promises that come to the published
//! figures, read from the key figures as a user reads them.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00

mod support;

use duebook_insight::kpi::*;
use duebook_ledger::Command;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::{LogContact, NewPromise, NewPromiseLine};
use duebook_ledger::facts::{Channel, Outcome};
use duebook_money::Currency;
use support::*;

/// An invoice: number, document date, due date, amount, and what is paid of it, when.
type Invoice<'a> = (&'a str, &'a str, &'a str, i64, &'a [(&'a str, i64)]);

/// A book that is the ledger, with these invoices and payments.
fn book(invoices: &[Invoice<'_>]) -> Desk {
    let mut d = Desk::new(true, "2025-01-01");
    d.customer("C");
    for (number, doc, due, amount, _) in invoices {
        d.issue("C", ItemKind::Invoice, number, doc, &[(due, *amount)]);
    }
    for (number, _, _, _, paid) in invoices {
        for (n, (on, amount)) in paid.iter().enumerate() {
            d.at(on);
            let name = format!("P-{number}-{n}");
            d.receipt(own("C"), &name, on, *amount, &[(item(number, ""), *amount)]);
        }
    }
    d.at("2026-12-31");
    d
}

fn kpis(d: &Desk, from: &str, to: &str) -> Vec<Kpi> {
    let period = Period {
        from: day(from),
        to: day(to),
    };
    let ask = Ask {
        period,
        known: None,
        scope: Whose::default(),
        by: By::Nothing,
    };
    Gathered::new(&d.book, ask).kpis(0, In::Own(Currency::EUR))
}

/// A figure in `parts` of one, rounded; `bucket` where there is one for each.
fn figure(all: &[Kpi], id: &str, bucket: Option<usize>, parts: i128) -> i128 {
    let kpi = all
        .iter()
        .find(|k| k.definition.id == id && k.bucket == bucket)
        .unwrap_or_else(|| panic!("{id}"));
    let ratio = kpi.value.ratio();
    let ratio = ratio.unwrap_or_else(|| panic!("{id}: {:?}", kpi.value));
    ratio.rounded(parts).unwrap()
}

#[test]
fn kp_01_kp_04_kp_05_days_of_sales_from_documents() {
    // (past due from March, April's sales, paid of them, DSO, best possible, delinquent)
    let table = [
        (11_000_00, 10_000_00, 6_000_00, 45, 12, 33),
        (19_000_00, 15_000_00, 9_000_00, 50, 12, 38),
    ];
    for (old, sales, paid, dso, best, delinquent) in table {
        let d = book(&[
            ("I1", "2026-03-10", "2026-04-09", old, &[]),
            (
                "I2",
                "2026-04-05",
                "2026-05-30",
                sales,
                &[("2026-04-20", paid)],
            ),
        ]);
        let all = kpis(&d, "2026-04-01", "2026-04-30");
        assert_eq!(figure(&all, "KP-01", None, 1), dso);
        assert_eq!(figure(&all, "KP-04", None, 1), best);
        assert_eq!(figure(&all, "KP-05", None, 1), delinquent);
    }
}

#[test]
fn kp_03_countback_of_212_000() {
    // Months of 30, 31 and 28 days here: 30 + 31 + 28 x 32/70 = 73.8.
    let paid_up = |d: &str, a: i64| vec![(d.to_owned(), a)];
    let (feb, mar, apr) = (70_000_00, 80_000_00, 100_000_00);
    let paid = paid_up("2026-03-05", 38_000_00);
    let paid: Vec<(&str, i64)> = paid.iter().map(|(d, a)| (d.as_str(), *a)).collect();
    let d = book(&[
        ("F", "2026-02-10", "2026-03-12", feb, &paid),
        ("M", "2026-03-10", "2026-04-09", mar, &[]),
        ("A", "2026-04-10", "2026-05-10", apr, &[]),
    ]);
    let all = kpis(&d, "2026-04-01", "2026-04-30");
    assert_eq!(figure(&all, "KP-03", None, 100), 7_380);
}

#[test]
fn kp_06_effectiveness_by_both_bases_and_kp_07() {
    let d = book(&[
        (
            "B",
            "2025-12-10",
            "2026-01-09",
            6_200_00,
            &[("2026-02-01", 3_450_00)],
        ),
        (
            "S",
            "2026-03-10",
            "2026-04-09",
            10_890_00,
            &[("2026-03-20", 7_300_00)],
        ),
    ]);
    let all = kpis(&d, "2026-01-01", "2026-03-31");
    assert_eq!(figure(&all, "KP-06", None, 1000), 796);
    assert_eq!(figure(&all, "KP-06/average", None, 1000), 559);
    let d = book(&[
        (
            "B",
            "2026-03-10",
            "2026-04-09",
            100_000_00,
            &[("2026-04-20", 80_000_00)],
        ),
        (
            "S",
            "2026-04-10",
            "2026-05-30",
            1_000_000_00,
            &[("2026-04-25", 900_000_00)],
        ),
    ]);
    let all = kpis(&d, "2026-04-01", "2026-04-30");
    assert_eq!(figure(&all, "KP-06", None, 1000), 980);
    assert_eq!(
        figure(&all, "KP-06/average", None, 1000),
        980,
        "one month: both agree"
    );
    let d = book(&[
        ("B", "2026-03-10", "2026-04-09", 40_000_00, &[]),
        (
            "S",
            "2026-04-10",
            "2026-05-30",
            250_000_00,
            &[("2026-04-25", 250_000_00)],
        ),
    ]);
    assert_eq!(
        figure(&kpis(&d, "2026-04-01", "2026-04-30"), "KP-07", None, 100),
        625
    );
}

#[test]
fn kp_09_kp_10_days_of_what_was_paid() {
    let d = book(&[
        (
            "A",
            "2026-03-01",
            "2026-04-15",
            100_00,
            &[("2026-04-05", 100_00)],
        ),
        (
            "B",
            "2026-03-01",
            "2026-04-15",
            200_00,
            &[("2026-04-10", 200_00)],
        ),
        (
            "C",
            "2026-03-01",
            "2026-04-15",
            300_00,
            &[("2026-04-15", 300_00)],
        ),
        (
            "D",
            "2026-03-01",
            "2026-04-15",
            400_00,
            &[("2026-04-20", 400_00)],
        ),
        (
            "E",
            "2026-03-01",
            "2026-04-15",
            500_00,
            &[("2026-04-25", 500_00)],
        ),
    ]);
    let all = kpis(&d, "2026-04-01", "2026-04-30");
    assert_eq!(figure(&all, "KP-09", None, 100), 333);
    assert_eq!(figure(&all, "KP-09/floor", None, 100), 467);
    let d = book(&[
        (
            "A",
            "2026-04-01",
            "2026-05-01",
            10_00,
            &[("2026-04-06", 10_00)],
        ),
        (
            "B",
            "2026-04-01",
            "2026-05-01",
            100_00,
            &[("2026-04-11", 100_00)],
        ),
    ]);
    assert_eq!(
        figure(&kpis(&d, "2026-04-01", "2026-04-30"), "KP-10", None, 100),
        955
    );
}

#[test]
fn kp_24_kp_25_roll_rates_of_two_month_ends() {
    // 44 days late on 31 March, 74 on 30 April: 1,000,000, of it 200,000 rolls.
    let d = book(&[
        ("A", "2026-01-10", "2026-02-15", 200_000_00, &[]),
        (
            "B",
            "2026-01-10",
            "2026-02-15",
            800_000_00,
            &[("2026-04-10", 800_000_00)],
        ),
    ]);
    assert_eq!(
        figure(
            &kpis(&d, "2026-04-01", "2026-04-30"),
            "KP-24",
            Some(2),
            1000
        ),
        200
    );
    let d = book(&[
        (
            "Current",
            "2026-03-10",
            "2026-04-20",
            500_000_00,
            &[("2026-04-10", 350_000_00)],
        ),
        (
            "1-30",
            "2026-02-10",
            "2026-03-15",
            120_000_00,
            &[("2026-04-10", 72_000_00)],
        ),
        (
            "31-60",
            "2026-01-10",
            "2026-02-15",
            50_000_00,
            &[("2026-04-10", 20_000_00)],
        ),
        (
            "61-90",
            "2025-12-10",
            "2026-01-20",
            30_000_00,
            &[("2026-04-10", 8_000_00)],
        ),
    ]);
    let all = kpis(&d, "2026-04-01", "2026-04-30");
    let flow: Vec<i128> = (0..4)
        .map(|b| figure(&all, "KP-25", Some(b), 1000))
        .collect();
    assert_eq!(flow, [300, 400, 600, 733]);
    let chain: i128 = flow[..3].iter().product();
    assert_eq!(chain, 72_000_000, "current to 61-90: 7.2 %");
}

#[test]
fn kp_30_kp_31_of_sixty_attempts() {
    let mut d = book(&[("I1", "2026-02-10", "2026-03-12", 70_000_00, &[])]);
    let mut calls = Vec::new();
    calls.extend([(Outcome::NoAnswer, false); 42]);
    calls.extend([(Outcome::Gatekeeper, false); 6]);
    calls.extend([(Outcome::InProcess, false); 5]);
    calls.extend([(Outcome::Promise, true); 7]);
    for (n, (outcome, promises)) in calls.into_iter().enumerate() {
        let on = day("2026-04-02").plus(n as i32 / 3);
        d.today = on;
        let promise = promises.then(|| NewPromise {
            currency: Currency::EUR,
            lines: vec![NewPromiseLine {
                item: Some(item("I1", "")),
                amount: 1_00,
                date: on.plus(30),
            }],
            method: None,
            evidence: None,
        });
        d.run(Command::LogContact(LogContact {
            customer: own("C"),
            contact: None,
            channel: Channel::Call,
            outcome,
            at: i64::from(on.0) * 86_400_000 + 36_000_000 + n as i64 * 60_000,
            local_offset: None,
            seconds: 60,
            note: None,
            items: Vec::new(),
            promise,
            follow_up: None,
            closes: Vec::new(),
        }));
    }
    d.at("2026-04-30");
    let all = kpis(&d, "2026-04-01", "2026-04-30");
    assert_eq!(figure(&all, "KP-30/attempts", None, 1000), 200);
    assert_eq!(figure(&all, "KP-30/connects", None, 1000), 667);
    assert_eq!(figure(&all, "KP-31", None, 1000), 583);
}

#[test]
fn kp_32_kp_33_kp_34_of_ten_promises() {
    let mut d = Desk::new(true, "2026-03-01");
    // 6 kept, 2 in part (2,500 of 10,000 each), 2 broken.
    let paid = [
        10_000_00, 10_000_00, 10_000_00, 10_000_00, 10_000_00, 10_000_00, 2_500_00, 2_500_00, 0, 0,
    ];
    for (n, _) in paid.iter().enumerate() {
        let customer = format!("C{n}");
        d.customer(&customer);
        let number = format!("I{n}");
        d.issue(
            &customer,
            ItemKind::Invoice,
            &number,
            "2026-02-10",
            &[("2026-03-12", 10_000_00)],
        );
    }
    d.at("2026-04-02");
    for n in 0..paid.len() {
        let line = (Some(item(&format!("I{n}"), "")), 10_000_00, "2026-04-10");
        d.promise(own(&format!("C{n}")), &[line]);
    }
    d.at("2026-04-10");
    for (n, amount) in paid.iter().enumerate().filter(|(_, a)| **a > 0) {
        let of = item(&format!("I{n}"), "");
        d.receipt(
            own(&format!("C{n}")),
            &format!("P{n}"),
            "2026-04-10",
            *amount,
            &[(of, *amount)],
        );
    }
    d.at("2026-04-30");
    let all = kpis(&d, "2026-04-01", "2026-04-30");
    assert_eq!(figure(&all, "KP-32", None, 1000), 600);
    assert_eq!(figure(&all, "KP-33", None, 1000), 650);
    assert_eq!(figure(&all, "KP-34", None, 1000), 200);
}
