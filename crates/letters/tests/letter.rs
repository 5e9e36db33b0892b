//! What a letter says: figures that tie, hostile names, languages, and a statement whose balance is
//! carried forward.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)]
#[path = "../../insight/tests/support/mod.rs"]
mod support;

use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_ledger::recon::{Onward, ReconCommand};
use duebook_ledger::{Command, OpenScan, View};
use duebook_letters::compose::{Form, Listing, compose};
use duebook_letters::words::Words;
use duebook_letters::{Party, docx, html, lines, statement, text};
use duebook_money::Currency;
use duebook_policy::LettersPolicy;
use duebook_policy::letters::Sender;
use proptest::prelude::*;
use support::*;

fn own_item(number: &str) -> duebook_ledger::keys::ItemKey {
    item(number, "")
}

fn own_credit(number: &str) -> duebook_ledger::keys::ItemKey {
    credit(number)
}

fn party() -> Party {
    Party {
        sender: Sender {
            company: "Northwind & Söhne".into(),
            name: "Asha <script>".into(),
            mailbox: "ar@example.com".into(),
            pay_to: "IBAN DE00 1234\nName \"Northwind\"".into(),
            ..Sender::default()
        },
        customer: "Evil </td><script>alert(1)</script> {{total}} Ltd".into(),
        number: "C1".into(),
        contact: "Anne O'Neil".into(),
        terms: String::new(),
    }
}

fn desk() -> Desk {
    let mut d = Desk::new(true, "2026-03-14");
    d.customer("C1");
    d.issue(
        "C1",
        ItemKind::Invoice,
        "I1<b>",
        "2026-01-01",
        &[("2026-01-31", 1_500_00)],
    );
    d.issue(
        "C1",
        ItemKind::Invoice,
        "I2",
        "2026-03-01",
        &[("2026-03-31", 200_00)],
    );
    d.receipt(
        own("C1"),
        "R1",
        "2026-02-01",
        300_00,
        &[(own_item("I1<b>"), 250_00)],
    );
    d
}

fn listing(d: &Desk) -> Listing {
    let id = d.book.find_customer(&own("C1")).unwrap();
    let scan = OpenScan::new(&d.book, View::on(d.today));
    Listing {
        lines: lines::open_lines(&d.book, &scan, id),
        ..Listing::default()
    }
}

#[test]
fn a_statement_ties_to_the_open_items_and_every_output_escapes() {
    let d = desk();
    let policy = LettersPolicy::default();
    let template = policy.template("statement", "en").unwrap();
    let buckets = &d.book.policies().buckets;
    let listing = listing(&d);
    let made = compose(
        template,
        &party(),
        &listing,
        Form::Account,
        d.today,
        buckets,
    );
    assert_eq!(made.missing, Vec::<String>::new());
    assert_eq!(made.totals, [(Currency::EUR, 1_400_00)], "1,250 + 200 - 50");
    let plain = text::render(&made.body);
    for part in [
        "1,400.00\u{a0}EUR",
        "1,250.00",
        "−50.00",
        "31–60 days",
        "You pay",
        "Statement reference",
    ] {
        assert!(plain.contains(part), "{part} in\n{plain}");
    }
    let page = html::page(&made.subject, &made.language, &made.body);
    assert!(!page.contains("<script>") && !page.contains("I1<b>") && page.contains("I1&lt;b&gt;"));
    let word = docx::parts(&made.subject, &made.body);
    assert!(word.iter().all(|(_, xml)| !xml.contains("<script>")));
    let again = compose(
        template,
        &party(),
        &listing,
        Form::Account,
        d.today,
        buckets,
    );
    assert_eq!(made.tie, again.tie, "the same figures have the same id");
    let mut other = listing.clone();
    other.lines[0].open -= 1;
    let other = compose(template, &party(), &other, Form::Account, d.today, buckets);
    assert_ne!(made.tie, other.tie);
}

#[test]
fn cp_07_a_second_reminder_without_a_first_is_no_letter() {
    let d = desk();
    let policy = LettersPolicy::default();
    let template = policy.template("second", "en").unwrap();
    let buckets = &d.book.policies().buckets;
    let mut listing = listing(&d);
    let made = compose(template, &party(), &listing, Form::Asking, d.today, buckets);
    assert_eq!(made.missing, ["last_reminder"]);
    listing.last_reminder = Some(day("2026-02-20"));
    let made = compose(template, &party(), &listing, Form::Asking, d.today, buckets);
    assert_eq!(made.missing, Vec::<String>::new());
    let plain = text::render(&made.body);
    assert!(
        plain.contains("on 20 Feb 2026. 1,250.00\u{a0}EUR is still open"),
        "{plain}"
    );
}

#[test]
fn figures_and_days_follow_the_language_and_rupees_their_groups() {
    let day = day("2026-11-22");
    let say = |tag: &str, minor, currency| {
        let words = Words::of(tag);
        (words.figure(minor, currency), words.day(day))
    };
    assert_eq!(
        say("en-GB", 1_234_567_89, Currency::EUR),
        ("1,234,567.89".into(), "22 Nov 2026".into())
    );
    assert_eq!(say("en", 1_234_567_89, Currency::INR).0, "12,34,567.89");
    assert_eq!(
        say("de-AT", 1_234_567_89, Currency::EUR),
        ("1.234.567,89".into(), "22.11.2026".into())
    );
    assert_eq!(say("fr", -1_234_50, Currency::EUR).0, "−1\u{a0}234,50");
    assert_eq!(
        say("ja", 1_234, Currency::JPY),
        ("1,234".into(), "22 Nov 2026".into())
    );
}

#[test]
fn a_balance_is_carried_forward_through_a_reversal() {
    let mut d = desk();
    d.at("2026-03-20");
    d.run(Command::ApplyCredit {
        credit: own_credit("R1"),
        item: own_item("I2"),
        amount: 50_00,
        effective: day("2026-03-20"),
        with: vec![(Cause::Discount, 4_00)],
    });
    d.run(Command::ReturnReceipt {
        receipt: own_credit("R1"),
        effective: day("2026-03-25"),
    });
    let id = d.book.find_customer(&own("C1")).unwrap();
    let of = |from: &str, to: &str| statement::forward(&d.book, id, day(from), day(to)).remove(0);
    let f = of("2026-02-01", "2026-03-31");
    assert!(f.holds(), "{f:?}");
    assert_eq!((f.opening, f.closing), (1_500_00, 1_700_00));
    let f = of("2026-03-22", "2026-03-31");
    assert!(f.holds(), "{f:?}");
    assert_eq!((f.opening, f.closing), (1_396_00, 1_700_00));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Opening and movements make the closing balance for any period, whatever was paid, granted
    /// and taken back in it; and the closing balance is the sum of the open lines (AG-20).
    #[test]
    fn ag_22_forward_statements_hold(
        bills in prop::collection::vec((0u8..60, 1i64..5_000), 1..6),
        pays in prop::collection::vec((0u8..60, 1i64..6_000, 0usize..6, 0u8..6), 0..6),
        from in 0u8..70, length in 0u8..70,
    ) {
        let start = day("2026-01-01");
        let mut d = Desk::new(true, "2026-05-01");
        d.customer("C1");
        d.customer("C2");
        let iso = |n: u8| {
            let (y, m, dd) = start.plus(i32::from(n)).ymd();
            format!("{y:04}-{m:02}-{dd:02}")
        };
        for (n, (on, amount)) in bills.iter().enumerate() {
            d.issue("C1", ItemKind::Invoice, &format!("B{n}"), &iso(*on), &[(&iso(on + 20), *amount)]);
        }
        for (n, (on, amount, bill, then)) in pays.iter().enumerate() {
            let number = format!("P{n}");
            d.receipt(own("C1"), &number, &iso(*on), *amount, &[]);
            let bill = bill % bills.len();
            let on = (*on).max(bills[bill].0);
            let applied = d.try_run(Command::ApplyCredit {
                credit: own_credit(&number),
                item: own_item(&format!("B{bill}")),
                amount: (*amount).min(bills[bill].1) / 2 + 1,
                effective: day(&iso(on)),
                with: if *then == 1 { vec![(Cause::Discount, 1)] } else { Vec::new() },
            }, Default::default());
            // CA-32: it was another's money; both accounts carry on.
            if *then == 3 {
                let _ = d.try_run(Command::Recon(ReconCommand::MoveReceipt {
                    receipt: own_credit(&number),
                    to: own("C2"),
                    apply: Vec::new(),
                    effective: day(&iso(on + 2)),
                }), Default::default());
            }
            // A part of it was; with the whole the bank takes that back too.
            if *then >= 4 {
                let part = (*amount / 3).max(1);
                let _ = d.try_run(Command::Recon(ReconCommand::TransferReceipt {
                    receipt: own_credit(&number),
                    take_back: Vec::new(),
                    onward: Onward {
                        customer: own("C2"),
                        amount: part,
                        currency: Currency::EUR,
                        into: part,
                        applications: Vec::new(),
                    },
                    effective: day(&iso(on + 2)),
                }), Default::default());
            }
            if applied.is_ok() && [2, 5].contains(then) {
                let _ = d.try_run(Command::ReturnReceipt {
                    receipt: own_credit(&number),
                    effective: day(&iso(on + 3)),
                }, Default::default());
            }
        }
        let (from, to) = (day(&iso(from)), day(&iso(from)).plus(i32::from(length)));
        let scan = OpenScan::new(&d.book, View::on(to));
        for number in ["C1", "C2"] {
            let id = d.book.find_customer(&own(number)).unwrap();
            let open: i64 = lines::open_lines(&d.book, &scan, id).iter().map(|l| l.open).sum();
            let all = statement::forward(&d.book, id, from, to);
            prop_assert!(open == 0 || !all.is_empty());
            for f in all {
                prop_assert!(f.holds(), "{f:?}");
                prop_assert_eq!(f.closing, open);
            }
        }
    }
}
