//! Promises against the oracle of domain.md §3.2 and SAP's examples of §3.1.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use duebook_insight::{Judged, PromiseState, judge_all};
use duebook_ledger::facts::{PromiseEnd, Scope};
use duebook_ledger::{Command, Seq, View};
use support::*;

/// A promise of 1,000 by Friday 10 April 2026, in a book that posts itself.
fn promised(grace: u16, per_mille: u16) -> Desk {
    let mut desk = Desk::new(true, "2026-04-01");
    desk.customer("C");
    desk.promise_policy(grace, per_mille, false);
    let invoice = duebook_ledger::columns::ItemKind::Invoice;
    desk.issue("C", invoice, "I1", "2026-01-10", &[("2026-02-09", 100_000)]);
    desk.at("2026-04-07");
    desk.promise(own("C"), &[(Some(item("I1", "")), 100_000, "2026-04-10")]);
    desk
}

fn on(desk: &Desk, date: &str) -> Judged {
    judge_all(&desk.book, View::on(day(date))).remove(0)
}

fn pay(desk: &mut Desk, number: &str, date: &str, amount: i64) {
    desk.at(date);
    desk.receipt(own("C"), number, date, amount, &[(item("I1", ""), amount)]);
}

#[test]
fn pt_02_pt_04_oracle_paid_on_monday() {
    let mut desk = promised(3, 1000);
    pay(&mut desk, "P1", "2026-04-13", 100_000);
    let judged = on(&desk, "2026-04-13");
    assert_eq!(
        (judged.state, judged.kept_on),
        (PromiseState::Kept, Some(day("2026-04-13")))
    );
    let mut desk = promised(2, 1000);
    pay(&mut desk, "P1", "2026-04-13", 100_000);
    let judged = on(&desk, "2026-04-13");
    assert_eq!(judged.state, PromiseState::Broken);
    assert_eq!(judged.paid_late_on, Some(day("2026-04-13")));
    assert_eq!((judged.paid, judged.paid_late), (0, 100_000));
}

#[test]
fn pt_04_oracle_short_by_five_percent() {
    for (per_mille, state) in [(1000, PromiseState::Partial), (950, PromiseState::Kept)] {
        let mut desk = promised(3, per_mille);
        pay(&mut desk, "P1", "2026-04-10", 95_000);
        assert_eq!(on(&desk, "2026-04-10").state, PromiseState::DueToday);
        assert_eq!(on(&desk, "2026-04-14").state, state);
    }
}

#[test]
fn pt_03_oracle_returned_money_reopens_and_then_stands_as_known_then() {
    let mut desk = promised(3, 1000);
    pay(&mut desk, "P1", "2026-04-09", 100_000);
    let before = desk.book.head();
    desk.at("2026-04-15");
    desk.run(Command::ReturnReceipt {
        receipt: credit("P1"),
        effective: day("2026-04-15"),
    });
    assert_eq!(on(&desk, "2026-04-14").state, PromiseState::Kept);
    let judged = on(&desk, "2026-04-15");
    assert_eq!(judged.state, PromiseState::Broken);
    assert_eq!(judged.reopened_on, Some(day("2026-04-15")));
    let then = View {
        as_of: day("2026-04-15"),
        known: Some(before),
    };
    assert_eq!(judge_all(&desk.book, then)[0].state, PromiseState::Kept);
}

#[test]
fn sap_example_saturday_promise_received_monday() {
    // Promised Saturday 11 April, received Monday 13: kept only with a tolerance of two days.
    for (grace, state) in [(1, PromiseState::Broken), (2, PromiseState::Kept)] {
        let mut desk = Desk::new(true, "2026-04-01");
        desk.customer("C");
        desk.promise_policy(grace, 1000, false);
        let invoice = duebook_ledger::columns::ItemKind::Invoice;
        desk.issue("C", invoice, "I1", "2026-01-10", &[("2026-02-09", 100_000)]);
        desk.promise(own("C"), &[(Some(item("I1", "")), 100_000, "2026-04-11")]);
        pay(&mut desk, "P1", "2026-04-13", 100_000);
        assert_eq!(on(&desk, "2026-04-14").state, state);
    }
}

#[test]
fn pt_05_derived_states_and_our_own_ends() {
    let mut desk = promised(3, 1000);
    for (date, state) in [
        ("2026-04-09", PromiseState::Open),
        ("2026-04-10", PromiseState::DueToday),
        ("2026-04-13", PromiseState::InGrace),
        ("2026-04-14", PromiseState::Broken),
    ] {
        assert_eq!(on(&desk, date).state, state, "{date}");
    }
    assert!(judge_all(&desk.book, View::on(day("2026-04-06"))).is_empty());
    let promise = desk.last_promise();
    desk.at("2026-04-12").run(Command::EndPromise {
        promise,
        how: PromiseEnd::Withdrawn,
    });
    assert_eq!(on(&desk, "2026-04-11").state, PromiseState::InGrace);
    assert_eq!(on(&desk, "2026-04-20").state, PromiseState::Withdrawn);
    let seq = desk.book.head();
    desk.run(Command::Undo { commit: seq });
    assert_eq!(on(&desk, "2026-04-20").state, PromiseState::Broken);
}

#[test]
fn pt_06_level_counts_promises_not_kept() {
    let mut desk = promised(0, 1000);
    let again = |desk: &mut Desk, today: &str, amount, date: &str| {
        desk.at(today);
        desk.promise(own("C"), &[(Some(item("I1", "")), amount, date)]);
    };
    // First broken, second kept for a part, third for the rest, which is broken too.
    again(&mut desk, "2026-04-13", 40_000, "2026-04-15");
    pay(&mut desk, "P1", "2026-04-15", 40_000);
    again(&mut desk, "2026-04-16", 60_000, "2026-04-17");
    again(&mut desk, "2026-04-20", 60_000, "2026-04-22");
    let all = judge_all(&desk.book, View::on(day("2026-04-21")));
    let seen: Vec<_> = all
        .iter()
        .map(|j| (j.state, j.level, j.broken_before))
        .collect();
    use PromiseState::*;
    assert_eq!(
        seen,
        [(Broken, 1, 0), (Kept, 2, 1), (Broken, 2, 1), (Open, 3, 2)]
    );
    // Late money is told of the first although it kept the second.
    assert_eq!(all[0].paid_late_on, Some(day("2026-04-15")));
    assert!(all[3].low_credibility && !all[3].suspends_dunning());
}

#[test]
fn pt_06_after_a_kept_part_the_level_stays() {
    let mut desk = Desk::new(true, "2026-04-01");
    desk.customer("C");
    let invoice = duebook_ledger::columns::ItemKind::Invoice;
    desk.issue("C", invoice, "I1", "2026-01-10", &[("2026-02-09", 100_000)]);
    desk.promise(own("C"), &[(Some(item("I1", "")), 40_000, "2026-04-02")]);
    pay(&mut desk, "P1", "2026-04-02", 40_000);
    desk.at("2026-04-03");
    desk.promise(own("C"), &[(Some(item("I1", "")), 60_000, "2026-04-10")]);
    let all = judge_all(&desk.book, View::on(day("2026-04-04")));
    assert_eq!((all[0].state, all[1].level), (PromiseState::Kept, 1));
}

#[test]
fn pt_01_account_promise_counts_money_on_the_oldest_first() {
    let mut desk = Desk::new(true, "2026-04-01");
    desk.customer("C");
    let invoice = duebook_ledger::columns::ItemKind::Invoice;
    desk.issue("C", invoice, "I1", "2026-01-10", &[("2026-02-09", 60_000)]);
    desk.issue("C", invoice, "I2", "2026-01-20", &[("2026-02-19", 80_000)]);
    desk.promise(own("C"), &[(None, 100_000, "2026-04-10")]);
    let view = View::on(day("2026-04-05"));
    let scan = duebook_ledger::OpenScan::new(&desk.book, view);
    let covered = duebook_insight::promises::open_promised(&desk.book, &scan);
    assert_eq!(
        covered.values().copied().collect::<Vec<_>>(),
        [60_000, 40_000]
    );
    drop(scan);
    desk.at("2026-04-08");
    desk.receipt(
        own("C"),
        "P1",
        "2026-04-08",
        100_000,
        &[(item("I1", ""), 60_000), (item("I2", ""), 40_000)],
    );
    assert_eq!(on(&desk, "2026-04-08").state, PromiseState::Kept);
}

#[test]
fn pt_08_money_is_counted_once_for_the_oldest_promise() {
    let mut desk = promised(3, 1000);
    desk.promise(own("C"), &[(Some(item("I1", "")), 100_000, "2026-04-10")]);
    pay(&mut desk, "P1", "2026-04-09", 60_000);
    let all = judge_all(&desk.book, View::on(day("2026-04-20")));
    let seen: Vec<_> = all.iter().map(|j| (j.state, j.paid)).collect();
    use PromiseState::*;
    assert_eq!(seen, [(Partial, 60_000), (Broken, 0)]);
}

#[test]
fn pt_03_unapplied_money_counts_where_the_policy_says_so() {
    for (count, state) in [(false, PromiseState::Broken), (true, PromiseState::Kept)] {
        let mut desk = Desk::new(true, "2026-04-01");
        desk.customer("C");
        desk.promise_policy(0, 1000, count);
        let invoice = duebook_ledger::columns::ItemKind::Invoice;
        desk.issue("C", invoice, "I1", "2026-01-10", &[("2026-02-09", 100_000)]);
        desk.promise(own("C"), &[(Some(item("I1", "")), 100_000, "2026-04-10")]);
        desk.receipt(own("C"), "P1", "2026-04-09", 100_000, &[]);
        assert_eq!(on(&desk, "2026-04-11").state, state);
    }
}

/// A book that follows an ERP, with a promise taken on 7 April for the 10th, grace 3.
fn followed() -> Desk {
    let mut desk = Desk::new(false, "2026-04-07");
    desk.promise_policy(3, 1000, false);
    desk.import("2026-04-06", Scope::Everything, &[open(100_000)])
        .unwrap();
    desk.promise(erp("A"), &[(Some(erp_item("1")), 100_000, "2026-04-10")]);
    desk
}

fn open(open: i64) -> Row {
    Row::new("A", "1", "2026-01-10", "2026-02-09", 100_000).open(open)
}

#[test]
fn pt_09_no_verdict_without_news() {
    let mut desk = followed();
    assert_eq!(on(&desk, "2026-04-20").state, PromiseState::AwaitingNews);
    // As of the window's last day is not after it.
    let other = Row::new("B", "2", "2026-04-01", "2026-05-01", 100);
    desk.import("2026-04-13", Scope::TheseRows, &[open(100_000), other])
        .unwrap();
    assert_eq!(on(&desk, "2026-04-20").state, PromiseState::AwaitingNews);
    let other = Row::new("B", "3", "2026-04-01", "2026-05-01", 100);
    desk.import("2026-04-14", Scope::TheseRows, &[open(100_000), other])
        .unwrap();
    assert_eq!(on(&desk, "2026-04-20").state, PromiseState::Broken);
    let then = View {
        as_of: day("2026-04-20"),
        known: Some(Seq(desk.book.head().0 - 1)),
    };
    assert_eq!(
        judge_all(&desk.book, then)[0].state,
        PromiseState::AwaitingNews
    );
}

#[test]
fn pt_10_settled_at_source_is_presumed_until_a_payment_shows() {
    let mut desk = followed();
    desk.import("2026-04-10", Scope::TheseRows, &[open(40_000)])
        .unwrap();
    let judged = on(&desk, "2026-04-10");
    assert_eq!(
        (judged.state, judged.paid),
        (PromiseState::DueToday, 60_000)
    );
    desk.import("2026-04-13", Scope::TheseRows, &[open(0)])
        .unwrap();
    let judged = on(&desk, "2026-04-13");
    assert_eq!((judged.state, judged.presumed), (PromiseState::Kept, true));
    // It opens again: the money went back.
    desk.import("2026-04-15", Scope::TheseRows, &[open(100_000)])
        .unwrap();
    let judged = on(&desk, "2026-04-15");
    assert_eq!(judged.state, PromiseState::Broken);
    assert_eq!(judged.reopened_on, Some(day("2026-04-15")));
}

#[test]
fn pt_10_a_payments_file_makes_it_firm() {
    let mut desk = followed();
    desk.import("2026-04-13", Scope::TheseRows, &[open(0)])
        .unwrap();
    assert!(on(&desk, "2026-04-13").presumed);
    let row = duebook_ledger::command::PaymentRow {
        customer: Some("A".into()),
        entity: None,
        item: Some("1".into()),
        number: "P9".into(),
        date: day("2026-04-09"),
        currency: None,
        amount: 100_000,
        cause: duebook_ledger::facts::Cause::Payment,
        line: 2,
    };
    desk.pay_file("2026-04-14", vec![row]).unwrap();
    let judged = on(&desk, "2026-04-14");
    assert_eq!((judged.state, judged.presumed), (PromiseState::Kept, false));
    assert_eq!(judged.kept_on, Some(day("2026-04-09")));
}

#[test]
fn pt_10_unknown_days_around_the_window_are_not_held_against_the_payer() {
    let mut desk = followed();
    // The next file after the window shows it settled: some day between 7 and 20 April.
    desk.import("2026-04-20", Scope::TheseRows, &[open(0)])
        .unwrap();
    let judged = on(&desk, "2026-04-20");
    assert_eq!((judged.state, judged.presumed), (PromiseState::Kept, true));
    // A file on the window's last day still shows it open: it came later.
    let mut desk = followed();
    let other = Row::new("B", "2", "2026-04-01", "2026-05-01", 100);
    desk.import("2026-04-13", Scope::TheseRows, &[open(100_000), other])
        .unwrap();
    desk.import("2026-04-20", Scope::TheseRows, &[open(0)])
        .unwrap();
    let judged = on(&desk, "2026-04-20");
    assert_eq!(
        (judged.state, judged.paid_late),
        (PromiseState::Broken, 100_000)
    );
    assert_eq!(judged.paid_late_on, Some(day("2026-04-20")));
}

#[test]
fn kp_32_kp_33_rates() {
    let mut desk = promised(0, 1000);
    pay(&mut desk, "P1", "2026-04-09", 100_000);
    let invoice = duebook_ledger::columns::ItemKind::Invoice;
    desk.issue("C", invoice, "I2", "2026-01-10", &[("2026-02-09", 100_000)]);
    desk.promise(own("C"), &[(Some(item("I2", "")), 100_000, "2026-04-12")]);
    let judged = judge_all(&desk.book, View::on(day("2026-04-20")));
    let rates = duebook_insight::promises::by_customer(&judged);
    let rate = rates.values().next().unwrap();
    assert_eq!((rate.kept, rate.broken, rate.judged()), (1, 1, 2));
    assert_eq!(rate.kept_per_mille(), Some(500));
    assert_eq!(
        rate.value_per_mille(duebook_money::Currency::EUR),
        Some(500)
    );
}
