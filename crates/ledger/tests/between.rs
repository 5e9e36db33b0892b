//! Between two files of a source: payments of a morning before its list, payments of the day of the
//! last list, and successors dated before what they took the place of went.
#![allow(clippy::unwrap_used)]
mod support;
use duebook_ledger::facts::*;
use duebook_ledger::*;
use duebook_money::Day;
use support::*;

fn d(n: i32) -> Day {
    day(2026, 3, 1).plus(n)
}

/// C1 owes A 1000 and B 500.
fn rows() -> Vec<Row> {
    let r = |n, amount| row("C1", n, d(0), d(30), amount, amount);
    vec![r("A", 1000), r("B", 500)]
}

fn total_on(s: &Story, view: View) -> i64 {
    let scan = OpenScan::new(&s.book, view);
    let of = |segment: open::SegmentScan<'_>| -> i64 {
        let rows = 0..segment.len();
        rows.filter_map(|row| segment.open(row))
            .map(Open::working)
            .sum()
    };
    scan.segments().map(|(_, segment)| of(segment)).sum()
}

fn unknown(s: &Story) -> i64 {
    let table = s.book.settlements().iter();
    let counting = table.filter(|t| t.cause == Cause::AtSourceUnknown && s.book.counts(t));
    counting.map(|t| t.amount).sum()
}

fn open(s: &Story, number: &str) -> i64 {
    s.book
        .item(s.id(&erp_item(number)))
        .unwrap()
        .open_at_source()
}

/// The book after the list of day 32, which lacks B, and the payment of B.
fn after(before: &[Day], value: Day, payments_first: bool) -> Story {
    let mut s = following_book();
    before.iter().for_each(|day| _ = s.import(*day, &rows()));
    let paid = [payment("B", "9001", value, 500)];
    s.confirmed = vec![Confirmed::WholeList];
    if payments_first {
        s.payments(d(32), &paid);
    }
    s.import(d(32), &rows()[..1]);
    if !payments_first {
        s.payments(d(32), &paid);
    }
    s
}

#[test]
fn ag_20_payments_of_a_morning_may_come_before_its_list() {
    for payments_first in [true, false] {
        let s = after(&[d(31)], d(32), payments_first);
        assert_eq!(
            (open(&s, "B"), unknown(&s)),
            (0, 0),
            "first: {payments_first}"
        );
        assert_eq!(total_on(&s, View::on(d(31))), 1500);
        assert_eq!(total_on(&s, View::on(d(32))), 1000);
    }
}

#[test]
fn ag_20_a_payment_of_the_day_of_the_last_list_counts_once() {
    for payments_first in [true, false] {
        let s = after(&[d(30), d(31)], d(31), payments_first);
        assert_eq!(
            (open(&s, "B"), unknown(&s)),
            (0, 0),
            "first: {payments_first}"
        );
        assert_eq!(total_on(&s, View::on(d(30))), 1500);
        assert_eq!(total_on(&s, View::on(d(31))), 1000, "from its value date");
        assert_eq!(total_on(&s, View::on(d(32))), 1000);
    }
}

#[test]
fn a_payment_of_the_day_of_the_first_list_may_be_in_it() {
    let mut s = following_book();
    s.import(d(31), &rows());
    s.payments(d(32), &[payment("B", "9001", d(31), 500)]);
    assert_eq!(
        open(&s, "B"),
        500,
        "what was open then is known, and not whether it was paid before"
    );
    s.confirmed = vec![Confirmed::WholeList];
    s.import(d(32), &rows()[..1]);
    assert_eq!(open(&s, "B"), 0);
    assert_eq!(total_on(&s, View::on(d(32))), 1000);
}

#[test]
fn successors_dated_before_what_they_replace_went_count_once() {
    let mut s = following_book();
    s.import(d(31), &rows());
    // A is split in two, which carry its date.
    let part = |n, amount| row("C1", n, d(0), d(30), amount, amount);
    let parts = [rows().remove(1), part("A1", 600), part("A2", 400)];
    s.confirmed = vec![Confirmed::WholeList];
    let list = s.import(d(40), &parts);
    let between = View::on(d(35));
    assert_eq!(
        total_on(&s, between),
        2500,
        "until somebody says that they are one debt"
    );
    let said = s.when(Command::ConfirmSuccession {
        from: vec![erp_item("A")],
        to: vec![erp_item("A1"), erp_item("A2")],
        kind: SuccessionKind::Split,
    });
    assert_eq!(total_on(&s, between), 1500);
    assert_eq!(total_on(&s, View::on(d(40))), 1500);
    assert_eq!(total_on(&s, View::on(d(60))), 1500);
    let then = View {
        known: Some(list),
        ..between
    };
    assert_eq!(total_on(&s, then), 2500, "as known then nobody had said it");
    s.undo(said);
    assert_eq!(total_on(&s, between), 2500);
}

#[test]
fn a_part_that_moved_is_there_from_the_day_on_which_the_rest_fell() {
    let mut s = following_book();
    s.import(d(31), &rows());
    let mut list = rows();
    list[0].open = 700;
    list.push(row("C1", "R", d(35), d(60), 300, 300));
    s.import(d(40), &list);
    s.when(Command::ConfirmSuccession {
        from: vec![erp_item("A")],
        to: vec![erp_item("R")],
        kind: SuccessionKind::Residual,
    });
    assert_eq!(total_on(&s, View::on(d(36))), 1500);
    assert_eq!(total_on(&s, View::on(d(40))), 1500);
    // What is paid of the rest later moves nothing of it.
    s.payments(d(50), &[payment("A", "9002", d(45), 700)]);
    assert_eq!(total_on(&s, View::on(d(42))), 1500);
    assert_eq!(total_on(&s, View::on(d(46))), 800);
}
