//! Aging against the oracles of domain.md §1 and a slow second implementation.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use duebook_insight::drill::{Column, cell_items};
use duebook_insight::*;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::{CreditMode, Scope};
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Command, View};
use duebook_money::Currency;
use duebook_policy::{Basis, Buckets};
use support::*;

/// AG-O1, in cents.
fn oracle() -> Desk {
    let mut desk = Desk::new(true, "2026-05-01");
    desk.customer("C");
    let issue = ItemKind::Invoice;
    desk.issue("C", issue, "I1", "2026-01-10", &[("2026-02-09", 100_000)]);
    desk.issue("C", issue, "I2", "2026-02-20", &[("2026-03-22", 200_000)]);
    let thirds = [
        ("2026-03-31", 90_000),
        ("2026-04-30", 150_000),
        ("2026-05-30", 60_000),
    ];
    desk.issue("C", issue, "I3", "2026-03-01", &thirds);
    let memo = ItemKind::CreditMemo;
    desk.issue("C", memo, "CM1", "2026-03-15", &[("2026-03-15", 25_000)]);
    desk.receipt(own("C"), "P1", "2026-03-01", 196_000, &[]);
    let apply = |credit_no: &str, to, amount, on: &str, with: &[_]| Command::ApplyCredit {
        credit: credit(credit_no),
        item: to,
        amount,
        effective: day(on),
        with: with.to_vec(),
    };
    let discount = (duebook_ledger::facts::Cause::Discount, 4_000);
    desk.run(apply(
        "P1",
        item("I2", ""),
        196_000,
        "2026-03-01",
        &[discount],
    ));
    desk.receipt(
        own("C"),
        "P3",
        "2026-04-02",
        90_000,
        &[(item("I3", "1"), 90_000)],
    );
    desk.receipt(own("C"), "P2", "2026-04-05", 50_000, &[]);
    desk.run(Command::ReturnReceipt {
        receipt: credit("P3"),
        effective: day("2026-04-09"),
    });
    desk.run(apply("CM1", item("I1", ""), 25_000, "2026-04-10", &[]));
    desk.run(apply("P2", item("I1", ""), 50_000, "2026-04-12", &[]));
    desk
}

fn query(desk: &Desk, as_of: &str) -> AgingQuery {
    AgingQuery::new(&desk.book, View::on(day(as_of)))
}

#[test]
fn ag_o1_three_dates() {
    let desk = oracle();
    for (as_of, buckets, credits, total) in [
        (
            "2026-03-31",
            [300_000, 0, 100_000, 0, 0, 0],
            -25_000,
            375_000,
        ),
        (
            "2026-04-08",
            [210_000, 0, 100_000, 0, 0, 0],
            -75_000,
            235_000,
        ),
        ("2026-04-30", [210_000, 90_000, 0, 25_000, 0, 0], 0, 325_000),
    ] {
        let aging = aging(&desk.book, &query(&desk, as_of)).unwrap();
        assert_eq!(aging.rows.len(), 1, "{as_of}");
        assert_eq!(aging.buckets(0), buckets, "{as_of}");
        let row = &aging.rows[0];
        assert_eq!(row.unapplied + row.credit_memos, credits, "{as_of}");
        assert_eq!(row.total, total, "{as_of}");
        assert_eq!(aging.grand.as_ref().unwrap().total, i128::from(total));
    }
    let at = |as_of| aging(&desk.book, &query(&desk, as_of)).unwrap().rows[0].oldest_days;
    assert_eq!(at("2026-03-31"), Some(50));
    assert_eq!(at("2026-04-08"), Some(58));
    assert_eq!(at("2026-04-30"), Some(80));
}

#[test]
fn ag_23_returned_receipt_reopens_with_its_due_date() {
    let desk = oracle();
    let of = |as_of| {
        aging(&desk.book, &query(&desk, as_of))
            .unwrap()
            .buckets(0)
            .to_vec()
    };
    // Paid on the 2nd, returned on the 9th: nothing 1-30 before, 900 nine days late from then on.
    assert_eq!(of("2026-04-08")[1], 0);
    assert_eq!(of("2026-04-09")[1], 90_000);
}

#[test]
fn ag_21_as_known_then_does_not_see_what_came_later() {
    let desk = oracle();
    let head = desk.book.head();
    // Before the return was recorded: the last three commits are unknown.
    let known = duebook_ledger::Seq(head.0 - 3);
    let view = View {
        as_of: day("2026-04-30"),
        known: Some(known),
    };
    let aging = aging(&desk.book, &AgingQuery::new(&desk.book, view)).unwrap();
    assert_eq!(aging.buckets(0), [210_000, 0, 0, 100_000, 0, 0]);
    assert_eq!(aging.rows[0].unapplied, -50_000);
    assert_eq!(aging.rows[0].credit_memos, -25_000);
}

#[test]
fn ag_05_grand_total_is_the_same_in_every_mode() {
    let desk = oracle();
    let of = |credits| {
        let query = AgingQuery {
            credits,
            ..query(&desk, "2026-04-08")
        };
        aging(&desk.book, &query).unwrap()
    };
    let aged = of(CreditMode::Aged);
    assert_eq!(aged.buckets(0), [210_000, -75_000, 100_000, 0, 0, 0]);
    let net = of(CreditMode::NetOldest);
    assert_eq!(net.buckets(0), [210_000, 0, 25_000, 0, 0, 0]);
    for aging in [of(CreditMode::Separate), aged, net] {
        assert_eq!(aging.rows[0].total, 235_000);
        assert_eq!(aging.grand.unwrap().total, 235_000);
    }
}

#[test]
fn ag_07_disputed_stays_in_its_bucket() {
    let mut desk = oracle();
    desk.run(Command::SetField {
        items: vec![item("I1", "")],
        field: duebook_ledger::facts::CollectorField::Disputed,
        value: "20000".into(),
    });
    desk.promise(own("C"), &[(Some(item("I3", "1")), 90_000, "2026-05-04")]);
    let aging = aging(&desk.book, &query(&desk, "2026-05-01")).unwrap();
    let row = &aging.rows[0];
    assert_eq!(row.disputed, 20_000);
    assert_eq!(row.promised, 90_000);
    // 250 + 900 + 1500 past due on 1 May; 200 disputed and 900 promised are not to be collected.
    assert_eq!(row.past_due, 265_000);
    assert_eq!(row.collectible, 155_000);
    assert_eq!(row.total, 325_000);
}

#[test]
fn ag_08_a_missing_rate_refuses_the_grand_total() {
    let mut desk = Desk::new(false, "2026-03-02");
    let mut rows = vec![
        Row::new("A", "1", "2026-01-01", "2026-02-01", 10_000),
        Row::new("A", "2", "2026-01-01", "2026-02-01", 10_000),
    ];
    rows[1].currency = Currency::USD;
    desk.import("2026-03-01", Default::default(), &rows)
        .unwrap();
    let of = |desk: &Desk| aging(&desk.book, &query(desk, "2026-03-01")).unwrap();
    assert!(of(&desk).grand.is_err());
    assert_eq!(of(&desk).totals.len(), 2);
    let mut rates = duebook_policy::RateTable::new(Currency::EUR);
    rates
        .add(duebook_policy::Rate {
            currency: Currency::USD,
            from: day("2026-01-01"),
            value: "0.9".parse().unwrap(),
            source: "ECB".into(),
        })
        .unwrap();
    desk.run(Command::SetPolicy(PolicyChange::Rates(rates)));
    let grand = of(&desk).grand.unwrap();
    assert_eq!(grand.total, 19_000);
    assert_eq!(grand.columns.iter().sum::<i128>(), 19_000);
}

#[test]
fn ag_20_later_documents_and_missing_due_dates_are_told() {
    let mut desk = Desk::new(false, "2026-03-02");
    let mut rows = vec![
        Row::new("A", "1", "2026-03-05", "2026-04-04", 500),
        Row::new("A", "2", "2026-01-01", "2026-02-01", 700),
    ];
    rows[1].due = None;
    desk.import("2026-03-01", Default::default(), &rows)
        .unwrap();
    let aging = aging(&desk.book, &query(&desk, "2026-03-01")).unwrap();
    let row = &aging.rows[0];
    assert_eq!((row.total, row.not_yet_issued), (700, 500));
    assert_eq!(row.missing_due, 1);
    // 59 days by document date.
    assert_eq!(aging.buckets(0), [0, 0, 700, 0, 0, 0]);
}

#[test]
fn ag_02_by_invoice_date_an_item_is_old_without_being_late() {
    let desk = oracle();
    let query = AgingQuery {
        basis: Basis::InvoiceDate,
        buckets: Buckets::by_invoice_date(),
        ..query(&desk, "2026-03-31")
    };
    let aging = aging(&desk.book, &query).unwrap();
    // I3 is 30 days old, I1 80; only I1 is late.
    assert_eq!(aging.buckets(0), [300_000, 0, 100_000, 0, 0]);
    assert_eq!(aging.rows[0].past_due, 100_000);
}

#[test]
fn drill_down_adds_up_to_the_cell() {
    let desk = oracle();
    for credits in [
        CreditMode::Separate,
        CreditMode::Aged,
        CreditMode::NetOldest,
    ] {
        for as_of in ["2026-03-31", "2026-04-08", "2026-04-30"] {
            let query = AgingQuery {
                credits,
                ..query(&desk, as_of)
            };
            check_cells(&desk.book, &query);
        }
    }
}

fn check_cells(book: &duebook_ledger::Book, query: &AgingQuery) {
    let aging = aging(book, query).unwrap();
    for (at, row) in aging.rows.iter().enumerate() {
        let sum = |column| -> i64 {
            let items = cell_items(book, query, &row.group, row.currency, column);
            items.iter().map(|i| i.amount).sum()
        };
        for (bucket, amount) in aging.buckets(at).iter().enumerate() {
            assert_eq!(sum(Column::Bucket(bucket)), *amount, "{query:?}");
        }
        assert_eq!(sum(Column::Unapplied), row.unapplied);
        assert_eq!(sum(Column::CreditMemos), row.credit_memos);
        assert_eq!(sum(Column::Total), row.total);
        assert_eq!(sum(Column::NotYetIssued), row.not_yet_issued);
    }
}

/// 1,300 for A leave 65.44: the source shows the rest of our receipt, whole or under a number of its
/// own. The footer ties out: what it shows of ours is among what the book has of it.
#[test]
fn section_2_6_the_rest_of_our_receipt_is_part_of_the_last_extract() {
    let day_of = |n: &str| Row::new("A", n, "2026-02-01", "2026-03-01", 0);
    let invoice = |n: &'static str, amount| {
        Row {
            amount,
            ..day_of(n)
        }
        .open(amount)
    };
    for (amount, open) in [(-6_544, -6_544), (-130_000, -6_544)] {
        let mut desk = Desk::new(false, "2026-03-02");
        let rows = [invoice("1", 123_456), invoice("2", 50_000)];
        desk.import("2026-03-01", Scope::Everything, &rows).unwrap();
        let pays = [(erp_item("1"), 123_456)];
        desk.receipt(erp("A"), "R", "2026-03-02", 130_000, &pays);
        desk.at("2026-03-03");
        let credit = Row {
            amount,
            ..Row::new("A", "ZE900", "2026-03-02", "2026-03-02", amount)
        };
        let rows = [invoice("2", 50_000), credit.open(open)];
        desk.import("2026-03-03", Scope::Everything, &rows).unwrap();
        let sum = |figure| {
            let query = AgingQuery {
                figure,
                ..AgingQuery::new(&desk.book, View::on(day("2026-03-03")))
            };
            let aging = aging(&desk.book, &query).unwrap();
            let tied = tie_out(&desk.book, &query, &aging);
            assert!(tied.reconciled, "{:?}", tied.lines);
            aging.totals[0].total
        };
        assert_eq!(sum(Figure::Working), 43_456);
        assert_eq!(sum(Figure::AtSource), 43_456, "nothing is pending");
    }
}
