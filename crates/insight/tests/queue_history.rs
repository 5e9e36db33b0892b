//! Rules that look back and around (PR-02): the trend of days late, the share paid late, the share of the
//! portfolio; each by hand, live as at once, and in the what-if as once saved.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00

mod support;

use duebook_insight::Live;
use duebook_insight::queue::{WhatIf, histories};
use duebook_insight::today::today;
use duebook_insight::worklist::{Task, Worklist};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Scope;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Command, CustomerId, OpenScan, View};
use duebook_policy::Strategy;
use duebook_policy::strategy::{Fact, Preset};
use std::sync::Arc;
use support::*;

const DAY_MS: i64 = 86_400_000;

fn noon(d: &Desk) -> i64 {
    i64::from(d.today.0) * DAY_MS + DAY_MS / 2
}

fn list(d: &Desk) -> Worklist {
    let live = Live::full(&d.book, d.today, noon(d)).unwrap();
    live.worklist().clone()
}

fn rows(d: &Desk) -> Vec<Arc<Task>> {
    list(d).rows().cloned().collect()
}

fn fact(d: &Desk, customer: CustomerId, fact: Fact) -> Option<i64> {
    let rows = rows(d);
    let row = rows.iter().find(|t| t.row.customer == customer).unwrap();
    let listed = today(&d.book, View::on(d.today), noon(d)).unwrap().rows;
    let at_once = listed.iter().find(|r| r.customer == customer).unwrap();
    assert_eq!(at_once.facts, row.row.facts, "live as at once");
    row.row.facts.get(fact)
}

fn early_warning(d: &mut Desk) {
    let strategy = Strategy::preset(Preset::EarlyWarning);
    d.run(Command::SetPolicy(PolicyChange::Strategy(strategy)));
}

/// Six invoices due on the tenth, paid so many days after; and one that is past due on 1 June.
fn payer(d: &mut Desk, customer: &str, late: &[i32]) -> CustomerId {
    d.customer(customer);
    for (n, late) in (0i32..).zip(late) {
        let (number, due) = (format!("{customer}-{n}"), day("2026-01-10").plus(n * 10));
        d.at("2026-01-01");
        let on = |day: duebook_money::Day| day.to_string();
        let billed = on(due.plus(-9));
        d.issue(
            customer,
            ItemKind::Invoice,
            &number,
            &billed,
            &[(&on(due), 100_00)],
        );
        let paid = on(due.plus(*late));
        let to = [(item(&number, ""), 100_00)];
        d.receipt(own(customer), &format!("R-{number}"), &paid, 100_00, &to);
    }
    let number = format!("{customer}-open");
    d.issue(
        customer,
        ItemKind::Invoice,
        &number,
        "2026-04-10",
        &[("2026-05-10", 50_00)],
    );
    d.at("2026-06-01");
    d.book.find_customer(&own(customer)).unwrap()
}

#[test]
fn pr_02_the_trend_of_days_late_and_the_share_paid_late() {
    let mut d = Desk::new(true, "2026-01-01");
    let worse = payer(&mut d, "worse", &[0, 0, 3, 11, 20, 29]);
    let better = payer(&mut d, "better", &[9, 9, 9, 0, 0, -3]);
    let new = payer(&mut d, "new", &[]);
    let first = payer(&mut d, "first", &[0, -1]);
    // Nobody asks, nobody looks.
    assert_eq!(fact(&d, worse, Fact::LateTrend), None);
    early_warning(&mut d);
    let of = |customer| {
        (
            fact(&d, customer, Fact::LateTrend),
            fact(&d, customer, Fact::LatePerMille),
        )
    };
    // 60 / 3 = 20 days, 3 / 3 = 1 before; four of six after the day.
    assert_eq!(of(worse), (Some(19), Some(666)));
    assert_eq!(of(better), (Some(-10), Some(500)));
    assert_eq!(of(new), (None, None));
    assert_eq!(of(first), (None, Some(0)));
    let strategy = Strategy::preset(Preset::EarlyWarning);
    let terms = |customer| {
        let rows = rows(&d);
        let row = rows.iter().find(|t| t.row.customer == customer).unwrap();
        let named =
            |t: &duebook_policy::strategy::Term| (strategy.rules[t.rule].name.clone(), t.points);
        strategy
            .terms(&row.row.facts, "")
            .iter()
            .map(named)
            .collect::<Vec<_>>()
    };
    assert!(terms(worse).contains(&("Pays later than before, per 5 days".to_owned(), 30)));
    assert!(terms(first).contains(&("Late for the first time".to_owned(), 20)));
    assert!(
        terms(better)
            .iter()
            .all(|(name, _)| !name.starts_with("Pays later"))
    );
}

#[test]
fn pr_02_what_if_looks_back_like_the_list_once_it_is_saved() {
    let mut d = Desk::new(true, "2026-01-01");
    payer(&mut d, "a", &[0, 0, 0, 0, 0, 0]);
    payer(&mut d, "b", &[0, 0, 0, 20, 20, 20]);
    let now = list(&d);
    let strategy = Strategy::preset(Preset::EarlyWarning);
    let scan = OpenScan::new(&d.book, View::on(d.today));
    let paid = histories(&d.book, &scan, now.entries());
    let mut making = WhatIf::new(strategy);
    let then = making.step(&d.book, &now, &paid).unwrap();
    early_warning(&mut d);
    let saved: Vec<_> = rows(&d)
        .iter()
        .map(|t| (t.row.customer, t.row.points))
        .collect();
    let said: Vec<_> = then.iter().map(|m| (m.customer, m.points_then)).collect();
    assert_eq!(saved, said);
}

#[test]
fn pr_02_the_share_of_the_last_lists_moves_with_a_list_only() {
    let mut d = Desk::new(false, "2026-03-01");
    let list = [
        Row::new("A", "I-1", "2026-01-01", "2026-01-31", 300_00),
        Row::new("B", "I-2", "2026-01-01", "2026-01-31", 700_00),
    ];
    d.import("2026-03-01", Scope::Everything, &list).unwrap();
    let (a, b) = ["A", "B"]
        .map(|c| d.book.find_customer(&erp(c)).unwrap())
        .into();
    let share = |d: &Desk, c| fact(d, c, Fact::PortfolioPerMille);
    assert_eq!((share(&d, a), share(&d, b)), (Some(300), Some(700)));
    // What a few rows add is in the customer's part; the whole is still that of the list.
    d.at("2026-03-02");
    let more = [Row::new("A", "I-3", "2026-01-02", "2026-02-01", 200_00)];
    d.import("2026-03-02", Scope::TheseRows, &more).unwrap();
    assert_eq!((share(&d, a), share(&d, b)), (Some(500), Some(700)));
    d.at("2026-03-03");
    let all = [&list[..], &more[..]].concat();
    d.import("2026-03-03", Scope::Everything, &all).unwrap();
    assert_eq!((share(&d, a), share(&d, b)), (Some(416), Some(583)));
}
