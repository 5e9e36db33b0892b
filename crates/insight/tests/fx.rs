//! Realised exchange differences by hand (domain.md §4.7, §5.5): booked at the rate of the invoice's
//! day, received at that of the money's, reversed with the application; without a rate not known.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_insight::cashlog::log_row;
use duebook_insight::fx::{BookRates, Paid, Realised, realised};
use duebook_insight::postings::{Entry, journal};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::recon::ReconCommand;
use duebook_ledger::{Command, View};
use duebook_money::{Currency, Day};
use duebook_policy::postings::Role;
use duebook_policy::rates::{MissingRate, Rate, RateTable};
use proptest::prelude::*;
use rust_decimal::Decimal;
use support::*;

const TODAY: &str = "2026-04-10";
const USD: Currency = Currency::USD;

fn rates(all: &[(&str, &str)]) -> Command {
    let mut table = RateTable::new(USD);
    for (from, value) in all {
        let rate = Rate {
            currency: Currency::EUR,
            from: day(from),
            value: value.parse::<Decimal>().unwrap(),
            source: "desk".into(),
        };
        table.add(rate).unwrap();
    }
    Command::SetPolicy(PolicyChange::Rates(table))
}

/// EUR 1,000 billed on the 1st of March, of which so much is paid on the 5th.
fn desk(table: &[(&str, &str)], paid: i64) -> Desk {
    let mut desk = Desk::new(true, TODAY);
    desk.run(rates(table));
    desk.customer("C1");
    let due = [("2026-03-31", 1_000_00)];
    desk.issue("C1", ItemKind::Invoice, "A", "2026-03-01", &due);
    desk.receipt(
        own("C1"),
        "R",
        "2026-03-05",
        1_000_00,
        &[(item("A", ""), paid)],
    );
    desk
}

/// Entries in the company's currency: account and amount of each leg.
fn exchange(desk: &Desk) -> (Vec<Vec<(Role, i64)>>, Vec<String>) {
    let made = journal(&desk.book, View::on(desk.today), Day(i32::MIN));
    assert!(made.balances.iter().all(|b| b.holds()), "{made:?}");
    let own = made.entries.iter().filter(|e| e.currency == USD);
    let legs = |e: &Entry| {
        assert_eq!(e.difference(), 0);
        e.legs.iter().map(|l| (l.role, l.amount)).collect()
    };
    (own.map(legs).collect(), made.notes)
}

#[test]
fn section_4_7_eur_1000_booked_at_1_10_and_received_at_1_07_loses_30() {
    let mut desk = desk(&[("2026-03-01", "1.10"), ("2026-03-05", "1.07")], 1_000_00);
    let (a, r) = (
        desk.book.find_item(&item("A", "")).unwrap(),
        desk.book.find_item(&credit("R")).unwrap(),
    );
    let known = Realised::Known {
        base: USD,
        booked: 1_100_00,
        received: 1_070_00,
    };
    let table = BookRates::of(&desk.book);
    // Previewed by its day, and told of the receipt.
    let on = Paid::On(day("2026-03-05"));
    assert_eq!(realised(&desk.book, table, a, on, 1_000_00), known);
    assert_eq!(realised(&desk.book, table, a, Paid::By(r), 1_000_00), known);
    let row = log_row(&desk.book, r, day(TODAY)).unwrap();
    assert_eq!(row.realised.gains, [(USD, -30_00)]);
    // Exchange loss 30 to receivables 30, and the open items are as without it.
    let loss = vec![
        (Role::ExchangeDifference, 30_00),
        (Role::ReceivablesExchange, -30_00),
    ];
    assert_eq!(exchange(&desk).0, std::slice::from_ref(&loss));

    // Taken back with the application, on its day.
    desk.run(Command::Recon(ReconCommand::ReverseReceipt {
        receipt: credit("R"),
        effective: day(TODAY),
        kind: duebook_ledger::recon::ReversalKind::Standard,
        fee: None,
    }));
    let back: Vec<(Role, i64)> = vec![
        (Role::ReceivablesExchange, 30_00),
        (Role::ExchangeDifference, -30_00),
    ];
    assert_eq!(exchange(&desk).0, [loss, back]);
    let row = log_row(&desk.book, r, day(TODAY)).unwrap();
    assert!(row.realised.is_nothing());
}

#[test]
fn ag_08_a_missing_rate_is_said_and_never_one() {
    // The rate of the money's day does not stand for that of the invoice's.
    let desk = desk(&[("2026-03-05", "1.07")], 400_00);
    let r = desk.book.find_item(&credit("R")).unwrap();
    let row = log_row(&desk.book, r, day(TODAY)).unwrap();
    assert_eq!(row.realised.gains, []);
    let missing = MissingRate::NoRate {
        currency: Currency::EUR,
        as_of: day("2026-03-01"),
    };
    assert_eq!(row.realised.missing, [missing]);
    let (entries, notes) = exchange(&desk);
    assert!(entries.is_empty());
    assert!(
        notes.iter().any(|n| n.contains("A, paid by R")),
        "{notes:?}"
    );
}

#[test]
fn a_book_that_never_converts_says_nothing_of_exchange() {
    // Its own currency is the one that stood there: no item is in it, and no rate leads to it.
    let desk = desk(&[], 400_00);
    let r = desk.book.find_item(&credit("R")).unwrap();
    assert!(
        log_row(&desk.book, r, day(TODAY))
            .unwrap()
            .realised
            .is_nothing()
    );
    let (entries, notes) = exchange(&desk);
    assert!(entries.is_empty() && !notes.iter().any(|n| n.contains("xchange")));
}

#[test]
fn what_is_in_the_companys_currency_realises_nothing() {
    let mut desk = Desk::new(true, TODAY);
    desk.run(Command::SetPolicy(PolicyChange::Rates(RateTable::new(
        Currency::EUR,
    ))));
    desk.customer("C1");
    let due = [("2026-03-31", 1_000_00)];
    desk.issue("C1", ItemKind::Invoice, "A", "2026-03-01", &due);
    desk.receipt(
        own("C1"),
        "R",
        "2026-03-05",
        90_00,
        &[(item("A", ""), 90_00)],
    );
    let r = desk.book.find_item(&credit("R")).unwrap();
    assert!(
        log_row(&desk.book, r, day(TODAY))
            .unwrap()
            .realised
            .is_nothing()
    );
    assert!(exchange(&desk).0.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    /// Against decimals: each side rounded once, half up.
    #[test]
    fn section_5_5_each_application_is_the_difference_of_two_conversions(
        parts in prop::collection::vec(1i64..300_00, 1..4), first in 1i64..30_000, second in 1i64..30_000,
    ) {
        let rate = |n: i64| Decimal::new(n, 4);
        let table = [("2026-03-01", rate(first).to_string()), ("2026-03-05", rate(second).to_string())];
        let table: Vec<(&str, &str)> = table.iter().map(|(d, v)| (*d, v.as_str())).collect();
        let mut desk = desk(&table, parts[0]);
        for part in &parts[1..] {
            desk.run(Command::ApplyCredit {
                credit: credit("R"),
                item: item("A", ""),
                amount: *part,
                effective: day(TODAY),
                with: Vec::new(),
            });
        }
        let rounded = |part: i64, n: i64| {
            let exact = Decimal::new(part, 2) * rate(n) * Decimal::ONE_HUNDRED;
            let strategy = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
            i64::try_from(exact.round_dp_with_strategy(0, strategy)).unwrap()
        };
        let want: i64 = parts.iter().map(|p| rounded(*p, second) - rounded(*p, first)).sum();
        let r = desk.book.find_item(&credit("R")).unwrap();
        let row = log_row(&desk.book, r, day(TODAY)).unwrap();
        prop_assert_eq!(row.realised.gains, vec![(USD, want)]);
        let told: i64 = exchange(&desk).0.iter().flatten()
            .filter(|(role, _)| *role == Role::ReceivablesExchange)
            .map(|(_, amount)| *amount)
            .sum();
        prop_assert_eq!(told, want, "the journal's");
    }
}
