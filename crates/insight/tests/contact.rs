//! What the contact policy is told of a customer's history (domain.md 7.2).
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use duebook_insight::contact::{Plan, judge};
use duebook_insight::promises::judge_customer;
use duebook_ledger::columns::{ItemKind, StagedCustomer};
use duebook_ledger::command::{LogContact, NewFollowUp};
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Command, OpenScan, View};
use duebook_policy::ContactPolicy;
use duebook_policy::contact::{Template, Verdict, judge_verdict};
use support::*;

const HOUR_MS: i64 = 3_600_000;

fn at(text: &str, hour: i64) -> i64 {
    i64::from(day(text).0) * 24 * HOUR_MS + hour * HOUR_MS
}

/// A British customer with one invoice, under the templates.
fn desk() -> Desk {
    let mut desk = Desk::new(true, "2026-03-02");
    desk.run(Command::SaveCustomer {
        customer: own("C"),
        facts: StagedCustomer {
            number: "C".into(),
            name: "C".into(),
            country: Some("GB".into()),
            ..StagedCustomer::default()
        },
    });
    desk.issue(
        "C",
        ItemKind::Invoice,
        "I1",
        "2026-01-10",
        &[("2026-02-09", 100_000)],
    );
    desk.run(Command::SetPolicy(PolicyChange::Contact(ContactPolicy {
        rules: Template::ALL.into_iter().map(Template::rules).collect(),
        ..ContactPolicy::default()
    })));
    desk
}

fn log(desk: &mut Desk, channel: Channel, outcome: Outcome, instant: i64) {
    desk.run(Command::LogContact(LogContact {
        customer: own("C"),
        contact: None,
        channel,
        outcome,
        at: instant,
        local_offset: Some(0),
        seconds: 60,
        note: None,
        items: Vec::new(),
        promise: None,
        follow_up: None,
        closes: Vec::new(),
    }));
}

fn said(desk: &Desk, channel: Channel, on: &str, hour: i64) -> (Verdict, Vec<&'static str>) {
    let customer = desk.book.find_customer(&own("C")).unwrap();
    let scan = OpenScan::new(&desk.book, View::on(day(on)));
    let plan = Plan {
        customer,
        contact: None,
        channel,
        outcome: None,
        local: Some((day(on), (hour * 60) as u16)),
        today: day(on),
        now_ms: at(on, hour),
        disputed_in_full: false,
    };
    let promises = judge_customer(&desk.book, &scan, customer);
    let found = judge(&desk.book, &plan, &promises);
    (
        judge_verdict(&found),
        found.iter().map(|f| f.rule.code()).collect(),
    )
}

#[test]
fn cp_03_attempts_are_those_by_telephone_and_a_call_they_asked_for_is_free() {
    let mut d = desk();
    let tuesday = "2026-03-03";
    d.at(tuesday);
    log(&mut d, Channel::Email, Outcome::MailSent, at(tuesday, 9));
    log(
        &mut d,
        Channel::InboundCall,
        Outcome::Informed,
        at(tuesday, 9),
    );
    assert_eq!(said(&d, Channel::Call, tuesday, 10).0, Verdict::Allow);
    for hour in [10, 11] {
        log(&mut d, Channel::Call, Outcome::NoAnswer, at(tuesday, hour));
    }
    assert_eq!(
        said(&d, Channel::Call, tuesday, 12),
        (Verdict::Block, vec!["CP-03"])
    );
    assert_eq!(said(&d, Channel::Email, tuesday, 12).0, Verdict::Allow);
    // An undone attempt never was.
    let last = d.book.head();
    d.run(Command::Undo { commit: last });
    assert_eq!(said(&d, Channel::Call, tuesday, 12).0, Verdict::Allow);
    d.run(Command::Undo {
        commit: d.book.head(),
    });
    assert_eq!(said(&d, Channel::Call, tuesday, 12).0, Verdict::Block);
    let call_back = |hour: i64| NewFollowUp {
        due: day(tuesday),
        at: Some(at(tuesday, hour)),
        zone: None,
        what: None,
        retry: false,
    };
    d.run(Command::SetFollowUp {
        customer: own("C"),
        follow_up: call_back(16),
    });
    assert_eq!(said(&d, Channel::Call, tuesday, 12).0, Verdict::Block);
    assert_eq!(said(&d, Channel::Call, tuesday, 16).0, Verdict::Allow);
}

#[test]
fn cp_03_a_promise_that_falls_due_may_be_asked_about() {
    let mut d = desk();
    let tuesday = "2026-03-03";
    d.promise(own("C"), &[(Some(item("I1", "")), 50_000, tuesday)]);
    d.at(tuesday);
    for hour in [10, 11] {
        log(&mut d, Channel::Call, Outcome::NoAnswer, at(tuesday, hour));
    }
    assert_eq!(said(&d, Channel::Call, tuesday, 12).0, Verdict::Allow);
}

#[test]
fn cp_04_the_last_stop_holds_until_it_is_undone() {
    let mut d = desk();
    let tuesday = "2026-03-03";
    log(
        &mut d,
        Channel::Call,
        Outcome::DoNotCall,
        at("2026-03-02", 10),
    );
    assert_eq!(
        said(&d, Channel::Call, tuesday, 12),
        (Verdict::Block, vec!["CP-04"])
    );
    assert_eq!(said(&d, Channel::Email, tuesday, 12).0, Verdict::Warn);
    assert_eq!(
        said(&d, Channel::InboundCall, tuesday, 12).0,
        Verdict::Allow
    );
    d.run(Command::Undo {
        commit: d.book.head(),
    });
    assert_eq!(said(&d, Channel::Call, tuesday, 12).0, Verdict::Allow);
}

#[test]
fn cp_01_late_in_the_evening_is_blocked_there() {
    let d = desk();
    assert_eq!(
        said(&d, Channel::Call, "2026-03-03", 21),
        (Verdict::Block, vec!["CP-01"])
    );
}
