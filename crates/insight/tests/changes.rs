//! What changed since the last file, what took whose place, and what of ours still waits.
#![allow(clippy::unwrap_used)]

mod support;

use duebook_insight::changes::{Answered, Change, changes};
use duebook_insight::promises::PromiseState;
use duebook_insight::succession::{Evidence, proposals};
use duebook_insight::waiting::waiting;
use duebook_ledger::Command;
use duebook_ledger::command::RecordReceipt;
use duebook_ledger::facts::{Confirmed, Scope, SuccessionKind};
use duebook_money::Currency;
use duebook_money::business::{BusinessDays, Weekend};
use support::*;

fn rows() -> Vec<Row> {
    vec![
        Row::new("a", "1", "2026-02-01", "2026-03-01", 100_000),
        Row::new("a", "2", "2026-02-01", "2026-03-01", 50_000),
        Row::new("b", "3", "2026-02-01", "2026-03-01", 30_000),
        Row::new("b", "4", "2026-02-01", "2026-03-01", 20_000),
        Row::new("b", "5", "2026-02-01", "2026-03-01", 10_000),
    ]
}

/// A book of five items on 10 March.
fn desk() -> Desk {
    let mut d = Desk::new(false, "2026-03-10");
    d.confirmed = vec![Confirmed::WholeList];
    d.import("2026-03-10", Scope::Everything, &rows()).unwrap();
    d
}

#[test]
fn each_change_is_read_by_what_changed() {
    let mut d = desk();
    let before = d.book.head();
    let mut next = rows();
    next.remove(1);
    next[0].open = 60_000;
    next[1].due = Some(day("2026-04-30"));
    next[2].customer = "c";
    next.push(Row::new("a", "6", "2026-03-10", "2026-04-10", 7_000));
    d.at("2026-03-11");
    d.import("2026-03-11", Scope::Everything, &next).unwrap();
    let all = changes(&d.book, before, d.book.head(), day("2026-03-11"));
    let of = |c: Change| {
        let numbers = all
            .of(c)
            .map(|i| d.book.item(i.item).unwrap().number().to_owned());
        numbers.collect::<Vec<_>>()
    };
    assert_eq!(of(Change::Gone), ["2"]);
    assert_eq!(of(Change::PartPaid), ["1"]);
    assert_eq!(of(Change::ReAged), ["3"]);
    assert_eq!(of(Change::Moved), ["4"]);
    assert_eq!(of(Change::New), ["6"]);
    assert_eq!(all.items.len(), 5, "item 5 is as it was");
    assert_eq!(
        all.moved(&d.book, Change::PartPaid),
        [(Currency::EUR, -40_000)]
    );
    assert_eq!(all.of(Change::Gone).next().unwrap().unknown, 50_000);
    // It comes back.
    let before = d.book.head();
    next.push(rows()[1].clone());
    d.at("2026-03-12");
    d.import("2026-03-12", Scope::Everything, &next).unwrap();
    let all = changes(&d.book, before, d.book.head(), day("2026-03-12"));
    assert_eq!(all.items.len(), 1);
    assert_eq!(all.items[0].change, Change::Reopened);
}

#[test]
fn pt_10_the_promises_that_the_file_answers_are_named() {
    let mut d = desk();
    d.promise(erp("a"), &[(Some(erp_item("2")), 50_000, "2026-03-12")]);
    let before = d.book.head();
    let mut next = rows();
    next.remove(1);
    d.at("2026-03-11");
    d.import("2026-03-11", Scope::Everything, &next).unwrap();
    let all = changes(&d.book, before, d.book.head(), day("2026-03-11"));
    assert_eq!(all.promises.len(), 1);
    let news = &all.promises[0];
    assert_eq!(
        (news.was, news.now.state),
        (PromiseState::Open, PromiseState::Kept)
    );
    assert!(news.now.presumed, "the list does not say that it was paid");
}

#[test]
fn ours_is_confirmed_or_waits_with_its_age() {
    let mut d = desk();
    d.run(Command::RecordReceipt(RecordReceipt {
        customer: erp("a"),
        entity: "1000".into(),
        number: "P".into(),
        value_date: day("2026-03-10"),
        currency: Currency::EUR,
        amount: 50_000,
        reference: String::new(),
        applications: vec![(erp_item("2"), 50_000)],
    }));
    let days = BusinessDays::new(Weekend::SATURDAY_SUNDAY, Vec::new());
    let now = waiting(&d.book, day("2026-03-16"), &days);
    assert_eq!(now.len(), 2, "the receipt, and what it was applied to");
    assert_eq!(now[1].age, 4);
    assert!(now[1].is_overdue());
    let before = d.book.head();
    let mut next = rows();
    next.remove(1);
    d.at("2026-03-16");
    d.import("2026-03-16", Scope::Everything, &next).unwrap();
    let all = changes(&d.book, before, d.book.head(), day("2026-03-16"));
    assert_eq!(all.postings.len(), 1);
    assert_eq!(all.postings[0].how, Answered::Confirmed);
    assert_eq!(all.items[0].change, Change::Cleared, "by what we recorded");
    let left = waiting(&d.book, day("2026-03-16"), &days);
    assert_eq!(left, [], "every use of the receipt is confirmed");
}

#[test]
fn successors_are_proposed_with_their_evidence() {
    let mut d = desk();
    let before = d.book.head();
    // 1 renumbered, 3 replaced by two parts that name nothing, 2 with a residual after a payment.
    let mut next = rows();
    next.retain(|r| !["1", "2"].contains(&r.number.as_str()));
    next.push(Row::new("a", "1N", "2026-02-01", "2026-03-01", 100_000));
    next.push(Row::new("a", "2R", "2026-03-10", "2026-03-01", 20_000));
    d.at("2026-03-11");
    d.import("2026-03-11", Scope::Everything, &next).unwrap();
    let all = changes(&d.book, before, d.book.head(), day("2026-03-11"));
    let ids = |c: Change| all.of(c).map(|i| i.item).collect::<Vec<_>>();
    let found = proposals(&d.book, &ids(Change::Gone), &ids(Change::New));
    assert_eq!(
        found.len(),
        1,
        "20,000 of 50,000 is explained by nothing yet"
    );
    assert_eq!(found[0].kind, SuccessionKind::Renumbering);
    assert_eq!(found[0].why, [Evidence::SameFigures]);
    // The payment is told: the rest is explained.
    d.pay_file("2026-03-11", vec![pay_row("a", "2", "2026-03-11", 30_000)])
        .unwrap();
    let found = proposals(&d.book, &ids(Change::Gone), &ids(Change::New));
    let residual = found
        .iter()
        .find(|p| p.kind == SuccessionKind::Residual)
        .unwrap();
    let why = Evidence::LessPaid {
        old: 50_000,
        paid: 30_000,
    };
    assert_eq!(residual.why, [why]);
    d.run(Command::ConfirmSuccession {
        from: vec![erp_item("1")],
        to: vec![erp_item("1N")],
        kind: SuccessionKind::Unrelated,
    });
    let found = proposals(&d.book, &ids(Change::Gone), &ids(Change::New));
    assert_eq!(found.len(), 1, "what was decided is not proposed again");
}

#[test]
fn a_part_paid_claim_moves_whatever_else_has_its_first_amount() {
    let mut d = Desk::new(false, "2026-03-10");
    d.confirmed = vec![Confirmed::WholeList];
    let mut first = rows();
    first[0].open = 60_000;
    d.import("2026-03-10", Scope::Everything, &first).unwrap();
    let before = d.book.head();
    // Number 1 goes on in another company with what was open; somebody else is billed its first amount.
    let mut next = first.split_off(1);
    let mut moved = Row::new("c", "1", "2026-02-01", "2026-03-01", 60_000);
    moved.entity = "2000";
    next.push(Row::new("z", "Z9", "2026-02-01", "2026-03-01", 100_000));
    next.push(moved);
    d.at("2026-03-11");
    d.import("2026-03-11", Scope::Everything, &next).unwrap();
    let all = changes(&d.book, before, d.book.head(), day("2026-03-11"));
    let ids = |c: Change| all.of(c).map(|i| i.item).collect::<Vec<_>>();
    let found = proposals(&d.book, &ids(Change::Gone), &ids(Change::New));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].kind, SuccessionKind::Transfer);
    assert_eq!(found[0].why, [Evidence::SameNumber, Evidence::SameFigures]);
}
