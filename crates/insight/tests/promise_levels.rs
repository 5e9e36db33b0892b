//! SAP's three examples of the level of a promise (domain.md 3.1, features.md "golden tests"), who
//! keeps promises, and which are at risk before they are due.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use duebook_insight::promises::{KeptRate, Risk, at_risk, by_contact, by_customer};
use duebook_insight::{Judged, PromiseState, judge_all};
use duebook_ledger::View;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::{LogContact, NewContact, NewPromise, NewPromiseLine};
use duebook_ledger::facts::{Channel, Outcome, PromiseEnd};
use duebook_ledger::keys::{FactKey, TextRef};
use duebook_ledger::{Command, Uid};
use duebook_money::Currency;
use support::*;

fn desk() -> Desk {
    let mut desk = Desk::new(true, "2026-04-01");
    desk.customer("C");
    desk.promise_policy(0, 1000, false);
    desk.issue(
        "C",
        ItemKind::Invoice,
        "I1",
        "2026-01-10",
        &[("2026-02-09", 100_000)],
    );
    desk
}

fn promise(desk: &mut Desk, today: &str, amount: i64, date: &str) {
    desk.at(today);
    desk.promise(own("C"), &[(Some(item("I1", "")), amount, date)]);
}

fn pay(desk: &mut Desk, number: &str, date: &str, amount: i64) {
    desk.at(date);
    desk.receipt(own("C"), number, date, amount, &[(item("I1", ""), amount)]);
}

fn seen(desk: &Desk, on: &str) -> Vec<(PromiseState, u32)> {
    let all = judge_all(&desk.book, View::on(day(on)));
    all.iter().map(|j| (j.state, j.level)).collect()
}

use PromiseState::*;

#[test]
fn pt_06_sap_example_1_each_new_promise_after_one_not_kept_is_a_level_up() {
    let mut d = desk();
    promise(&mut d, "2026-04-01", 100_000, "2026-04-03");
    promise(&mut d, "2026-04-07", 100_000, "2026-04-09");
    promise(&mut d, "2026-04-13", 100_000, "2026-04-15");
    assert_eq!(
        seen(&d, "2026-04-14"),
        [(Broken, 1), (Broken, 2), (Open, 3)]
    );
}

#[test]
fn pt_06_sap_example_2_after_a_part_the_rest_is_a_level_up() {
    let mut d = desk();
    promise(&mut d, "2026-04-01", 100_000, "2026-04-03");
    pay(&mut d, "P1", "2026-04-03", 30_000);
    promise(&mut d, "2026-04-07", 70_000, "2026-04-09");
    assert_eq!(seen(&d, "2026-04-08"), [(Partial, 1), (Open, 2)]);
    // One that is still open, and is replaced, counts as not kept too.
    let first = d.last_promise();
    d.run(Command::EndPromise {
        promise: first,
        how: PromiseEnd::Superseded,
    });
    promise(&mut d, "2026-04-08", 70_000, "2026-04-20");
    assert_eq!(
        seen(&d, "2026-04-08"),
        [(Partial, 1), (Superseded, 2), (Open, 3)]
    );
}

#[test]
fn pt_06_sap_example_3_after_a_kept_part_amount_the_rest_stays_on_level_1() {
    let mut d = desk();
    promise(&mut d, "2026-04-01", 40_000, "2026-04-03");
    pay(&mut d, "P1", "2026-04-03", 40_000);
    promise(&mut d, "2026-04-07", 60_000, "2026-04-09");
    assert_eq!(seen(&d, "2026-04-08"), [(Kept, 1), (Open, 1)]);
}

#[test]
fn an_open_promise_is_at_risk_before_it_is_due() {
    let mut d = desk();
    promise(&mut d, "2026-04-01", 100_000, "2026-04-03");
    let risks = |d: &Desk, on: &str| {
        let all = judge_all(&d.book, View::on(day(on)));
        at_risk(all.last().unwrap(), &all, day(on))
    };
    assert_eq!(risks(&d, "2026-04-02"), []);
    promise(&mut d, "2026-04-07", 100_000, "2026-04-09");
    assert_eq!(risks(&d, "2026-04-08"), [Risk::Level(2)]);
    promise(&mut d, "2026-04-13", 100_000, "2026-04-20");
    let seldom = Risk::SeldomKept { kept: 0, judged: 2 };
    assert_eq!(
        risks(&d, "2026-04-14"),
        [Risk::LowCredibility, Risk::Level(3), seldom]
    );
    pay(&mut d, "P1", "2026-04-20", 60_000);
    let all = risks(&d, "2026-04-20");
    assert_eq!(all.last(), Some(&Risk::RestMissing(40_000)));
    // With a verdict there is no risk any more.
    assert_eq!(risks(&d, "2026-04-21"), []);
}

/// A promise taken in a call with a person.
fn by_person(desk: &mut Desk, who: FactKey, amount: i64, date: &str) {
    let promise = NewPromise {
        currency: Currency::EUR,
        lines: vec![NewPromiseLine {
            item: Some(item("I1", "")),
            amount,
            date: day(date),
        }],
        method: None,
        evidence: None,
    };
    desk.run(Command::LogContact(LogContact {
        customer: own("C"),
        contact: Some(who),
        channel: Channel::Call,
        outcome: Outcome::Promise,
        at: 0,
        local_offset: None,
        seconds: 60,
        note: None,
        items: Vec::new(),
        promise: Some(promise),
        follow_up: None,
        closes: Vec::new(),
    }));
}

#[test]
fn kp_32_kept_rate_per_customer_and_per_person() {
    let mut d = desk();
    let mut people = Vec::new();
    for n in 0..2u8 {
        d.run(Command::SaveContact {
            contact: None,
            facts: NewContact {
                customer: own("C"),
                role: "AP".into(),
                zone: None,
                language: None,
                details: TextRef::of(Uid([n; 16]), &[0; 32], "Name"),
            },
        });
        let command = d.book.commit(d.book.head()).unwrap().command;
        people.push(FactKey {
            command,
            ordinal: 1 << 24,
        });
    }
    by_person(&mut d, people[0], 10_000, "2026-04-02");
    pay(&mut d, "P1", "2026-04-02", 10_000);
    by_person(&mut d, people[1], 20_000, "2026-04-05");
    d.at("2026-04-07");
    by_person(&mut d, people[0], 30_000, "2026-04-30");
    let all: Vec<Judged> = judge_all(&d.book, View::on(day("2026-04-08")));
    let of_customer = &by_customer(&all)[&all[0].customer];
    let counts = |r: &KeptRate| (r.kept, r.broken, r.open);
    assert_eq!(counts(of_customer), (1, 1, 1));
    let of_person: Vec<_> = by_contact(&all).values().map(counts).collect();
    assert_eq!(of_person, [(1, 0, 1), (0, 1, 0)]);
}
