//! Today's list: its order, what leaves it, what comes back.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use duebook_insight::timeline::{Kind, What, timeline};
use duebook_insight::today::{Band, Today, Why, today};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::{LogContact, NewFollowUp, NewPromise, NewPromiseLine};
use duebook_ledger::facts::{Channel, CollectorField, Outcome, PromiseEnd, Scope};
use duebook_ledger::{Command, OpenScan, Seq, View};
use duebook_money::Currency;
use support::*;

const DAY_MS: i64 = 86_400_000;

fn at(text: &str) -> i64 {
    i64::from(day(text).0) * DAY_MS
}

/// A book of our own with an invoice of 1,000.00 due on 10 March for each customer.
fn desk(customers: &[&str]) -> Desk {
    let mut desk = Desk::new(true, "2026-03-01");
    for number in customers {
        desk.customer(number);
        let invoice = format!("I-{number}");
        desk.issue(
            number,
            ItemKind::Invoice,
            &invoice,
            "2026-02-10",
            &[("2026-03-10", 100_000)],
        );
    }
    desk
}

fn log(customer: &str, outcome: Outcome) -> LogContact {
    LogContact {
        customer: own(customer),
        contact: None,
        channel: Channel::Call,
        outcome,
        at: 0,
        local_offset: None,
        seconds: 60,
        note: None,
        items: Vec::new(),
        promise: None,
        follow_up: None,
        closes: Vec::new(),
    }
}

fn follow_up(due: &str, hour: Option<i64>) -> NewFollowUp {
    NewFollowUp {
        due: day(due),
        at: hour.map(|h| at(due) + h * 3_600_000),
        zone: None,
        what: None,
        retry: false,
    }
}

fn list(desk: &Desk, on: &str, hour: i64) -> Today {
    let now = at(on) + hour * 3_600_000;
    today(&desk.book, View::on(day(on)), now).expect("sums fit")
}

fn names(desk: &Desk, list: &Today) -> Vec<(String, Band)> {
    let number = |id| desk.book.customer(id).unwrap().number.clone();
    list.rows
        .iter()
        .map(|r| (number(r.customer), r.band))
        .collect()
}

#[test]
fn pt_05_the_list_runs_from_broken_promises_to_plain_overdue() {
    let mut d = desk(&[
        "broken", "due", "grace", "callback", "later", "follow", "small", "big", "none",
    ]);
    d.issue(
        "big",
        ItemKind::Invoice,
        "I-big2",
        "2026-02-10",
        &[("2026-03-12", 900_000)],
    );
    d.issue(
        "none",
        ItemKind::CreditMemo,
        "C-none",
        "2026-02-10",
        &[("2026-02-10", 1)],
    );
    d.at("2026-03-11");
    d.promise(
        own("broken"),
        &[(Some(item("I-broken", "")), 100_000, "2026-03-15")],
    );
    d.promise(
        own("due"),
        &[(Some(item("I-due", "")), 50_000, "2026-03-20")],
    );
    d.promise(own("grace"), &[(None, 100_000, "2026-03-19")]);
    for (who, hour) in [("callback", Some(9)), ("later", Some(16)), ("follow", None)] {
        let (customer, follow_up) = (own(who), follow_up("2026-03-20", hour));
        d.run(Command::SetFollowUp {
            customer,
            follow_up,
        });
    }
    let now = list(&d, "2026-03-20", 10);
    let expected = [
        ("broken", Band::Broken),
        ("due", Band::DueToday),
        ("grace", Band::InGrace),
        ("callback", Band::CallBack),
        ("follow", Band::FollowUp),
        ("later", Band::CallBackLater),
        ("big", Band::Overdue),
        ("small", Band::Overdue),
        ("none", Band::Overdue),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(n, b)| ((*n).to_owned(), *b))
        .collect();
    assert_eq!(names(&d, &now), expected);
    let Why::PromiseBroken {
        promised,
        missing,
        times,
        ..
    } = now.rows[0].why
    else {
        panic!()
    };
    assert_eq!((promised, missing, times), (100_000, 100_000, 1));
    assert_eq!(now.rows[6].oldest_days, Some(10));
    assert_eq!(now.rows[6].weight, Some(1_000_000));
    assert_eq!(now, list(&d, "2026-03-20", 10));
}

#[test]
fn pt_07_an_open_promise_is_not_chased_for_its_lines() {
    let mut d = desk(&["a", "b"]);
    d.issue(
        "b",
        ItemKind::Invoice,
        "I-more",
        "2026-02-10",
        &[("2026-03-10", 7)],
    );
    d.at("2026-03-15");
    for who in ["a", "b"] {
        d.promise(
            own(who),
            &[(Some(item(&format!("I-{who}"), "")), 100_000, "2026-03-25")],
        );
    }
    let now = list(&d, "2026-03-20", 0);
    assert_eq!(now.held, 1);
    assert_eq!(names(&d, &now), [("b".to_owned(), Band::Overdue)]);
    assert_eq!(now.rows[0].owed[0].collectible, 7);
}

#[test]
fn ag_07_disputed_debt_is_not_chased() {
    let mut d = desk(&["a"]);
    d.run(Command::SetField {
        items: vec![item("I-a", "")],
        field: CollectorField::Disputed,
        value: "100000".into(),
    });
    let now = list(&d, "2026-03-20", 0);
    assert_eq!((now.rows.len(), now.held), (0, 1));
}

#[test]
fn pt_09_without_news_a_promise_waits_and_is_not_broken() {
    let mut d = Desk::new(false, "2026-03-01");
    let rows = [Row::new("a", "1", "2026-02-01", "2026-03-01", 50_000)];
    d.import("2026-03-01", Scope::Everything, &rows).unwrap();
    d.promise(erp("a"), &[(Some(erp_item("1")), 50_000, "2026-03-05")]);
    d.at("2026-03-20");
    let now = list(&d, "2026-03-20", 0);
    assert!(matches!(
        now.rows[0].why,
        Why::PromiseWaiting {
            missing: 50_000,
            ..
        }
    ));
    // The same content of a later day posts nothing, and is news.
    d.import("2026-03-20", Scope::Everything, &rows).unwrap();
    let now = list(&d, "2026-03-20", 0);
    assert!(matches!(now.rows[0].why, Why::PromiseBroken { missing, .. } if missing == 50_000));
    let shown = [Row::new("a", "1", "2026-02-01", "2026-03-01", 50_000).open(40_000)];
    d.import("2026-03-20", Scope::Everything, &shown).unwrap();
    let now = list(&d, "2026-03-20", 0);
    assert!(matches!(now.rows[0].why, Why::PromiseBroken { missing, .. } if missing < 50_000));
}

#[test]
fn a_call_takes_the_customer_off_until_the_next_step() {
    let mut d = desk(&["a", "b", "c"]);
    d.at("2026-03-20");
    d.run(Command::LogContact(log("a", Outcome::Informed)));
    d.run(Command::LogContact(LogContact {
        follow_up: Some(follow_up("2026-03-24", None)),
        ..log("b", Outcome::NoAnswer)
    }));
    d.run(Command::LogContact(log("c", Outcome::DoNotCall)));
    let now = list(&d, "2026-03-20", 12);
    assert_eq!((now.rows.len(), now.done, now.waiting), (0, 2, 1));
    let next = list(&d, "2026-03-21", 12);
    assert_eq!(
        names(&d, &next),
        [("a".into(), Band::Overdue), ("c".into(), Band::Overdue)]
    );
    assert_eq!(next.rows[1].stop, Some(Outcome::DoNotCall));
    assert_eq!(
        next.rows[0].last_contact.unwrap().outcome,
        Outcome::Informed
    );
    let then = list(&d, "2026-03-24", 12);
    assert_eq!(names(&d, &then)[0], ("b".into(), Band::FollowUp));
    // As known before the calls, all three are there.
    let known = Some(Seq(d.book.head().0 - 3));
    let before = today(
        &d.book,
        View {
            as_of: day("2026-03-20"),
            known,
        },
        0,
    )
    .unwrap();
    assert_eq!(before.rows.len(), 3);
}

#[test]
fn a_broken_promise_leaves_when_it_was_spoken_about_or_renewed() {
    let mut d = desk(&["a", "b"]);
    d.at("2026-03-11");
    for who in ["a", "b"] {
        d.promise(own(who), &[(None, 60_000, "2026-03-12")]);
    }
    assert_eq!(list(&d, "2026-03-20", 0).rows[0].band, Band::Broken);
    d.at("2026-03-20");
    d.run(Command::LogContact(LogContact {
        promise: Some(NewPromise {
            currency: Currency::EUR,
            lines: vec![NewPromiseLine {
                item: None,
                amount: 60_000,
                date: day("2026-03-27"),
            }],
            method: None,
            evidence: None,
        }),
        ..log("a", Outcome::Promise)
    }));
    let next = list(&d, "2026-03-21", 0);
    assert_eq!(
        names(&d, &next),
        [("b".into(), Band::Broken), ("a".into(), Band::Overdue)]
    );
    assert_eq!(next.rows[1].owed[0].collectible, 40_000);
}

#[test]
fn b5_the_timeline_has_everything_newest_first_and_nothing_undone() {
    let mut d = desk(&["a"]);
    d.at("2026-03-11");
    d.promise(own("a"), &[(None, 60_000, "2026-03-12")]);
    let promise = d.last_promise();
    d.at("2026-03-12");
    d.receipt(
        own("a"),
        "R1",
        "2026-03-12",
        30_000,
        &[(item("I-a", ""), 30_000)],
    );
    d.run(Command::LogContact(LogContact {
        at: at("2026-03-10"),
        follow_up: Some(follow_up("2026-03-24", None)),
        ..log("a", Outcome::Informed)
    }));
    d.run(Command::EndPromise {
        promise,
        how: PromiseEnd::Withdrawn,
    });
    d.run(Command::SetField {
        items: vec![item("I-a", "")],
        field: CollectorField::Remark,
        value: "undone".into(),
    });
    let undone = d.book.head();
    d.run(Command::Undo { commit: undone });
    let view = View::on(day("2026-03-12"));
    let scan = OpenScan::new(&d.book, view);
    let customer = d.book.find_customer(&own("a")).unwrap();
    let entries = timeline(&d.book, &scan, customer);
    let clocks: Vec<_> = entries.iter().map(|e| (e.on, e.commit)).collect();
    assert!(clocks.is_sorted_by(|a, b| a >= b), "{clocks:?}");
    assert!(!entries.iter().any(|e| matches!(e.what, What::Field { .. })));
    let count = |kind| entries.iter().filter(|e| e.kind() == kind).count();
    // Invoice, receipt, settlement (once, though two items share it).
    assert_eq!(count(Kind::Money), 3);
    assert_eq!(count(Kind::Promise), 2);
    assert_eq!(count(Kind::Talk), 2);
    let contact = entries
        .iter()
        .find(|e| matches!(e.what, What::Contact(_)))
        .unwrap();
    assert_eq!(contact.on, day("2026-03-10"));
    // As known before the receipt.
    let known = Some(Seq(4));
    let scan = OpenScan::new(
        &d.book,
        View {
            as_of: day("2026-03-12"),
            known,
        },
    );
    let before = timeline(&d.book, &scan, customer);
    assert_eq!(before.iter().filter(|e| e.kind() == Kind::Money).count(), 1);
    assert!(before.iter().any(|e| matches!(e.what, What::Promised(_))));
}
