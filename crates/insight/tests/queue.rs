//! The work list as it is worked: points, gates, pins, snoozes, clocks, pools, what-if.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use duebook_insight::queue::{self, Openings, Opens};
use duebook_insight::today::{Band, Clock, Why};
use duebook_insight::worklist::{Entry, Task, Worklist};
use duebook_insight::{Live, aging};
use duebook_ledger::Command;
use duebook_ledger::columns::{ItemKind, StagedCustomer};
use duebook_ledger::command::LogContact;
use duebook_ledger::desk::{DeskCommand, Pin, Pool, Snooze};
use duebook_ledger::facts::{Channel, CollectorField, Outcome};
use duebook_ledger::keys::TextRef;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{CustomerId, Uid};
use duebook_policy::Strategy;
use duebook_policy::strategy::{Condition, Fact, Rule, Test};
use std::sync::Arc;
use support::*;

const DAY_MS: i64 = 86_400_000;

/// Invoices of an own book, due on 10 March.
fn desk(customers: &[(&str, i64, &str)]) -> Desk {
    let mut desk = Desk::new(true, "2026-03-01");
    for (number, amount, zone) in customers {
        desk.run(Command::SaveCustomer {
            customer: own(number),
            facts: StagedCustomer {
                number: (*number).to_owned(),
                name: (*number).to_owned(),
                zone: Some((*zone).to_owned()).filter(|z| !z.is_empty()),
                // Of several zones: without one of its own it is not known which (CP-01).
                country: Some(if zone.is_empty() { "US" } else { "GB" }.to_owned()),
                segment: Some(if *amount > 500_000 { "Key" } else { "Small" }.to_owned()),
                collector: Some("Asha".to_owned()),
                ..StagedCustomer::default()
            },
        });
        let invoice = format!("I-{number}");
        desk.issue(
            number,
            ItemKind::Invoice,
            &invoice,
            "2026-02-10",
            &[("2026-03-10", *amount)],
        );
    }
    desk
}

fn list(desk: &Desk) -> Worklist {
    let now = i64::from(desk.today.0) * DAY_MS + DAY_MS / 2;
    let live = Live::full(&desk.book, desk.today, now).unwrap();
    live.worklist().clone()
}

fn rows(desk: &Desk) -> Vec<Arc<Task>> {
    list(desk).rows().cloned().collect()
}

fn named(desk: &Desk, entries: &[Entry]) -> Vec<String> {
    let number = |e: &Entry| desk.book.customer(e.customer).unwrap().number.clone();
    entries.iter().map(number).collect()
}

fn names(desk: &Desk) -> Vec<String> {
    named(desk, list(desk).entries())
}

fn rule(name: &str, points: i32, fact: Fact, least: i64) -> Rule {
    Rule {
        name: name.to_owned(),
        when: vec![Condition::Figure(fact, Test::AtLeast(least))],
        points,
        per: None,
    }
}

fn strategy(rules: Vec<Rule>) -> Strategy {
    Strategy {
        name: "Test".to_owned(),
        rules,
        floor: 0,
        quiet_days: 0,
    }
}

fn works_by(desk: &mut Desk, strategy: Strategy) {
    desk.run(Command::SetPolicy(PolicyChange::Strategy(strategy)));
}

fn reason() -> TextRef {
    TextRef::of(Uid([9; 16]), &[0; 32], "the CFO asked")
}

fn log(customer: &str, outcome: Outcome) -> Command {
    Command::LogContact(LogContact {
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
    })
}

#[test]
fn pr_01_gates_stand_before_points_and_points_before_amounts() {
    let mut d = desk(&[("a", 100_000, ""), ("b", 900_000, ""), ("c", 50_000, "")]);
    works_by(
        &mut d,
        strategy(vec![
            rule("Small", 40, Fact::Outstanding, 1),
            Rule {
                name: "Key accounts later".into(),
                when: vec![Condition::Segment("key".into())],
                points: -60,
                per: None,
            },
        ]),
    );
    d.at("2026-03-11");
    d.promise(own("c"), &[(Some(item("I-c", "")), 50_000, "2026-03-12")]);
    d.at("2026-03-20");
    let rows = rows(&d);
    assert_eq!(names(&d), ["c", "a", "b"]);
    assert_eq!(rows[0].row.band, Band::Broken);
    assert_eq!((rows[1].row.points, rows[2].row.points), (40, -20));
    let terms = queue::terms(&d.book, &d.book.policies().strategy, &rows[2].row);
    assert_eq!(
        terms.iter().map(|t| (t.rule, t.points)).collect::<Vec<_>>(),
        [(1, -60), (0, 40)]
    );
}

#[test]
fn pr_02_facts_are_those_of_the_book() {
    let mut d = desk(&[("a", 100_000, "")]);
    d.at("2026-03-20");
    d.run(log("a", Outcome::Informed));
    d.at("2026-03-25");
    for _ in 0..3 {
        d.run(log("a", Outcome::NoAnswer));
    }
    d.receipt(own("a"), "R-1", "2026-03-25", 25_000, &[]);
    d.run(Command::SetField {
        items: vec![item("I-a", "")],
        field: CollectorField::Disputed,
        value: "40000".to_owned(),
    });
    d.at("2026-04-06");
    let facts = rows(&d)[0].row.facts;
    let expected = [
        (Fact::Outstanding, Some(750)),
        (Fact::PastDue, Some(1_000)),
        (Fact::OldestDays, Some(27)),
        // 27 days late; the next bucket begins on day 31.
        (Fact::DaysToNextBucket, Some(4)),
        (Fact::BrokenPromises, Some(0)),
        (Fact::KeptPerMille, None),
        (Fact::DaysSinceSpoken, Some(17)),
        (Fact::FailedTries, Some(3)),
        (Fact::DisputedPerMille, Some(400)),
        (Fact::UnappliedPerMille, Some(250)),
        (Fact::CreditUsePerMille, None),
    ];
    for (fact, value) in expected {
        assert_eq!(facts.get(fact), value, "{fact:?}");
    }
    let collectible = aging(
        &d.book,
        &duebook_insight::AgingQuery::new(&d.book, duebook_ledger::View::on(d.today)),
    )
    .unwrap()
    .rows[0]
        .collectible;
    assert_eq!(facts.get(Fact::Collectible), Some(collectible / 100));
}

#[test]
fn pr_03_a_pin_puts_first_and_the_place_by_the_rules_is_kept() {
    let mut d = desk(&[("a", 100_000, ""), ("b", 900_000, ""), ("c", 50_000, "")]);
    works_by(&mut d, strategy(vec![rule("All", 1, Fact::Outstanding, 1)]));
    d.at("2026-03-20");
    let before = names(&d);
    assert_eq!(before, ["b", "a", "c"]);
    d.run(Command::Desk(DeskCommand::Pin {
        customer: own("c"),
        pin: Some(Pin {
            until: Some(day("2026-03-22")),
            reason: reason(),
        }),
    }));
    assert_eq!(names(&d), ["c", "b", "a"]);
    let now = i64::from(d.today.0) * DAY_MS;
    let live = Live::full(&d.book, d.today, now).unwrap();
    let list = live.worklist();
    let places: Vec<usize> = list.rows().map(|t| list.place_by_rules(t)).collect();
    assert_eq!(places, [3, 1, 2]);
    d.at("2026-03-23");
    assert_eq!(names(&d), before, "the pin has run out");
}

#[test]
fn pr_03_a_pin_without_a_debt_is_there_and_says_so() {
    let mut d = desk(&[("a", 100_000, "")]);
    d.customer("new");
    d.run(Command::Desk(DeskCommand::Pin {
        customer: own("new"),
        pin: Some(Pin {
            until: None,
            reason: reason(),
        }),
    }));
    let rows = rows(&d);
    assert_eq!(rows[0].row.why, Why::Pinned);
    d.run(log("new", Outcome::Informed));
    assert!(names(&d).is_empty());
}

#[test]
fn pr_03_a_snooze_ends_on_its_day_or_with_a_promise_broken_since() {
    let mut d = desk(&[("a", 100_000, ""), ("b", 900_000, "")]);
    d.at("2026-03-20");
    let snooze = |d: &mut Desk, who: &str, until: &str| {
        d.run(Command::Desk(DeskCommand::Snooze {
            customer: own(who),
            snooze: Some(Snooze {
                until: day(until),
                reason: reason(),
            }),
        }))
    };
    snooze(&mut d, "a", "2026-03-25");
    assert_eq!(names(&d), ["b"]);
    d.at("2026-03-24");
    assert_eq!(names(&d), ["b"]);
    d.at("2026-03-25");
    assert_eq!(names(&d).len(), 2);
    d.promise(own("b"), &[(Some(item("I-b", "")), 900_000, "2026-03-27")]);
    snooze(&mut d, "b", "2026-04-20");
    d.at("2026-03-28");
    assert_eq!(names(&d), ["a"]);
    // Two days of grace; then it is broken, after the snooze was set.
    d.at("2026-03-30");
    assert_eq!(names(&d), ["b", "a"]);
}

#[test]
fn a_floor_and_quiet_days() {
    let mut d = desk(&[("a", 9_900, ""), ("b", 10_000, "")]);
    let mut s = strategy(vec![rule("Any", 5, Fact::Outstanding, 1)]);
    (s.floor, s.quiet_days) = (100, 2);
    works_by(&mut d, s);
    d.at("2026-03-20");
    let bands: Vec<Band> = rows(&d).iter().map(|t| t.row.band).collect();
    assert_eq!(bands, [Band::Overdue, Band::Small]);
    d.run(log("b", Outcome::Informed));
    for (on, expected) in [("2026-03-21", 1), ("2026-03-22", 1), ("2026-03-23", 2)] {
        d.at(on);
        assert_eq!(rows(&d).len(), expected, "{on}");
    }
}

#[test]
fn pr_05_who_can_be_called_comes_first_then_by_the_next_window() {
    let mut d = desk(&[
        ("tokyo", 900_000, "Asia/Tokyo"),
        ("london", 100_000, "Europe/London"),
        ("nowhere", 800_000, ""),
        ("sydney", 990_000, "Australia/Sydney"),
        ("paris", 50_000, "Europe/Paris"),
    ]);
    works_by(&mut d, strategy(vec![rule("All", 1, Fact::Outstanding, 1)]));
    d.at("2026-03-20");
    let list = list(&d);
    let mut asked = 0;
    let openings = Openings::of(&list, &mut |clock: &Clock| {
        asked += 1;
        match clock.zone.as_deref() {
            Some("Asia/Tokyo") => Opens::From(5),
            Some("Australia/Sydney") => Opens::From(9),
            None => Opens::ZoneUnknown,
            Some(_) => Opens::Now,
        }
    });
    assert_eq!(asked, 5);
    let ordered = queue::by_clock(list.entries(), &openings);
    assert_eq!(ordered.callable, 2);
    let callable = queue::callable(list.entries(), &openings);
    assert_eq!(named(&d, &callable), ["london", "paris"]);
    let ordered = ordered.entries;
    assert_eq!(
        named(&d, &ordered),
        ["london", "paris", "nowhere", "tokyo", "sydney"]
    );
    let pool = |pool: Pool| {
        named(
            &d,
            &queue::pooled(&d.book, &list, &ordered, &pool, &openings),
        )
    };
    let all = Pool::default();
    assert_eq!(pool(all.clone()).len(), 5);
    assert_eq!(
        pool(Pool {
            callable: true,
            ..all.clone()
        }),
        ["london", "paris"]
    );
    assert_eq!(
        pool(Pool {
            least: Some(1_001),
            segment: Some("KEY".into()),
            ..all.clone()
        }),
        ["nowhere", "tokyo", "sydney"]
    );
    assert_eq!(
        pool(Pool {
            days_to: Some(9),
            ..all.clone()
        })
        .len(),
        0
    );
    assert_eq!(
        pool(Pool {
            collector: Some("asha".into()),
            country: Some("gb".into()),
            ..all
        })
        .len(),
        4
    );
}

#[test]
fn an_assignment_stands_before_the_source_collector() {
    let mut d = desk(&[("a", 100_000, ""), ("b", 900_000, "")]);
    d.at("2026-04-20");
    d.run(Command::Desk(DeskCommand::Assign {
        customers: vec![own("a")],
        collector: "Ravi".into(),
    }));
    let list = list(&d);
    let none = Openings::default();
    let mine = |pool: Pool| {
        let pooled = queue::pooled(&d.book, &list, list.entries(), &pool, &none);
        named(&d, &pooled)
    };
    let of = |name: &str| Pool {
        collector: Some(name.into()),
        ..Pool::default()
    };
    assert_eq!(mine(of("Ravi")), ["a"]);
    assert_eq!(mine(of("Asha")), ["b"]);
    let frozen = Pool {
        bucket: Some("31–60".into()),
        ..Pool::default()
    };
    assert_eq!(mine(frozen), ["a"]);
}

#[test]
fn pr_02_what_if_says_who_moves_before_it_is_saved() {
    let mut d = desk(&[("a", 100_000, ""), ("b", 900_000, ""), ("c", 50_000, "")]);
    works_by(&mut d, strategy(vec![rule("All", 1, Fact::Outstanding, 1)]));
    d.at("2026-03-20");
    let now = list(&d);
    let other = Strategy {
        floor: 700,
        ..strategy(vec![
            rule("All", 1, Fact::Outstanding, 1),
            Rule {
                when: vec![Condition::Figure(Fact::Outstanding, Test::AtMost(1_000))],
                ..rule("Small ones", 10, Fact::Outstanding, 1)
            },
        ])
    };
    let mut making = queue::WhatIf::new(other.clone());
    let moves = making
        .step(&d.book, &now, &queue::Histories::new())
        .unwrap();
    let of = |m: &queue::Move| {
        (
            d.book.customer(m.customer).unwrap().number.clone(),
            m.from,
            m.to,
            m.points,
            m.points_then,
        )
    };
    assert_eq!(
        moves.iter().map(of).collect::<Vec<_>>(),
        [
            ("a".into(), 2, 1, 1, 11),
            ("b".into(), 1, 2, 1, 1),
            ("c".into(), 3, 3, 1, 11)
        ]
    );
    // Saved, the list is what was shown.
    works_by(&mut d, other);
    let saved: Vec<CustomerId> = rows(&d).iter().map(|t| t.row.customer).collect();
    assert_eq!(saved, moves.iter().map(|m| m.customer).collect::<Vec<_>>());
}
