//! Money that was moved to another customer (CA-32, section 4.7): any earlier day and any earlier
//! knowledge shows whose it was then, on every account and in the journal, against a second account
//! kept by hand.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_insight::postings::{Journal, journal};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::columns::StagedCustomer;
use duebook_ledger::import::Incoming;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::recon::ReconCommand;
use duebook_ledger::refusal::Refusal;
use duebook_ledger::{Command, CustomerId, OpenScan, Seq, View};
use duebook_money::Day;
use duebook_policy::postings::Role;
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::*;

const TODAY: &str = "2026-04-10";
const WHO: [&str; 3] = ["C1", "C2", "C3"];

fn customer(desk: &Desk, number: &str) -> CustomerId {
    desk.book.find_customer(&own(number)).unwrap()
}

fn moved(receipt: &str, to: &str, apply: &[(&str, i64)], on: Day) -> Command {
    let apply: Vec<(ItemKey, i64)> = apply.iter().map(|(n, a)| (item(n, ""), *a)).collect();
    Command::Recon(ReconCommand::MoveReceipt {
        receipt: credit(receipt),
        to: own(to),
        apply,
        effective: on,
    })
}

/// What each customer owes by the open items of a view.
fn by_items(desk: &Desk, view: View) -> [i64; 3] {
    let scan = OpenScan::new(&desk.book, view);
    WHO.map(|n| {
        let id = customer(desk, n);
        let open = |i: duebook_ledger::ItemId| scan.open(i).map_or(0, |o| o.working());
        let listed: i64 = scan.items_of(id).map(|i| open(i.id)).sum();
        let mut column = 0;
        for (number, segment) in scan.segments() {
            let rows = segment.data().customer.iter().enumerate();
            let own = rows.filter(|(_, c)| **c == id.0);
            let ids = own.map(|(row, _)| duebook_ledger::ItemId::new(number, row));
            column += ids.map(open).sum::<i64>();
        }
        assert_eq!(listed, column, "the list and the column of {n}");
        listed
    })
}

/// The same by the legs of the journal.
fn by_journal(desk: &Desk, journal: &Journal) -> [i64; 3] {
    WHO.map(|n| {
        let id = customer(desk, n);
        let legs = journal.entries.iter().flat_map(|e| &e.legs);
        let own = legs.filter(|l| l.customer == id && l.role.is_subledger());
        own.map(|l| l.amount).sum()
    })
}

#[test]
fn ca_32_an_earlier_day_shows_the_customer_it_was_posted_to() {
    let mut desk = Desk::new(true, TODAY);
    WHO.iter().for_each(|c| desk.customer(c));
    let due = [("2026-03-31", 500_00)];
    desk.issue("C1", ItemKind::Invoice, "A", "2026-03-01", &due);
    desk.issue("C2", ItemKind::Invoice, "B", "2026-03-02", &due);
    desk.receipt(
        own("C1"),
        "R",
        "2026-03-05",
        490_00,
        &[(item("A", ""), 200_00)],
    );
    let known = desk.book.head();
    desk.run(moved("R", "C2", &[("B", 120_00)], day("2026-04-01")));
    assert_eq!(
        by_items(&desk, View::on(day("2026-03-31"))),
        [10_00, 500_00, 0]
    );
    assert_eq!(by_items(&desk, View::on(day(TODAY))), [500_00, 10_00, 0]);
    let then = View {
        as_of: day(TODAY),
        known: Some(known),
    };
    assert_eq!(by_items(&desk, then), [10_00, 500_00, 0], "as known then");

    // Section 4.7, misapplied: one customer's account to the other's, and no bank.
    let journal = journal(&desk.book, View::on(day(TODAY)), day("2026-04-01"));
    let [entry] = &journal.entries[..] else {
        panic!("{journal:?}");
    };
    let told = |l: &duebook_insight::postings::Leg| (l.role, l.amount, l.text.clone());
    let legs: Vec<_> = entry.legs.iter().map(told).collect();
    let (back, over, paid) = (
        "Taken back: R applied to A".to_owned(),
        "Misapplied R: C1 to C2".to_owned(),
        "R applied to B".to_owned(),
    );
    assert_eq!(
        legs,
        [
            (Role::Receivables, 200_00, back.clone()),
            (Role::UnappliedCash, -200_00, back),
            (Role::UnappliedCash, 490_00, over.clone()),
            (Role::UnappliedCash, -490_00, over),
            (Role::UnappliedCash, 120_00, paid.clone()),
            (Role::Receivables, -120_00, paid),
        ]
    );
    let whose: Vec<CustomerId> = entry.legs.iter().map(|l| l.customer).collect();
    let (one, other) = (customer(&desk, "C1"), customer(&desk, "C2"));
    assert_eq!(whose, [one, one, one, other, other, other]);
    assert!(journal.balances.iter().all(|b| b.holds()));
}

#[test]
fn ca_32_money_goes_onto_the_very_item_that_it_pays_for_a_child() {
    let mut desk = Desk::new(true, TODAY);
    WHO.iter().for_each(|c| desk.customer(c));
    desk.run(Command::SaveCustomer {
        customer: own("C2"),
        facts: StagedCustomer {
            number: "C2".into(),
            name: "Child".into(),
            parent: Some("C1".into()),
            ..StagedCustomer::default()
        },
    });
    let due = [("2026-03-31", 500_00)];
    desk.issue("C2", ItemKind::Invoice, "B", "2026-03-02", &due);
    desk.receipt(
        own("C1"),
        "R",
        "2026-03-05",
        490_00,
        &[(item("B", ""), 490_00)],
    );
    desk.run(moved("R", "C2", &[("B", 490_00)], day(TODAY)));
    assert_eq!(by_items(&desk, View::on(day(TODAY))), [0, 10_00, 0]);
    assert_eq!(desk.book.violations(), []);
    // Not before it was theirs.
    let early = Command::ApplyCredit {
        credit: credit("R"),
        item: item("B", ""),
        amount: 1,
        effective: day("2026-04-09"),
        with: Vec::new(),
    };
    let refused = desk.try_run(early, Incoming::default()).unwrap_err();
    let earliest = day(TODAY);
    let date = day("2026-04-09");
    assert_eq!(refused, Refusal::DateBefore { date, earliest });
    let ahead = moved("R", "C3", &[], day("2026-04-11"));
    let refused = desk.try_run(ahead, Incoming::default()).unwrap_err();
    let (date, latest) = (day("2026-04-11"), day(TODAY));
    assert_eq!(refused, Refusal::DateAfter { date, latest });
}

/// What was done, told by hand.
#[derive(Clone, Debug)]
enum Act {
    Came(usize, i64),
    Paid(usize, usize, i64),
    Moved(usize, usize, Option<(usize, i64)>),
    Undone(Seq),
}

/// What each customer owes, from the acts alone: invoices A to C are those of C1 to C3.
fn by_hand(acts: &[(Seq, Day, Act)], view: View) -> [i64; 3] {
    let known = |seq: Seq| view.known.is_none_or(|k| seq <= k);
    let undone = |seq: Seq| {
        let mut later = acts.iter().filter(|(by, ..)| known(*by));
        later.any(|(_, _, act)| matches!(act, Act::Undone(of) if *of == seq))
    };
    let mut counted: Vec<&(Seq, Day, Act)> = acts.iter().collect();
    counted.retain(|(seq, on, _)| known(*seq) && *on <= view.as_of && !undone(*seq));
    counted.sort_by_key(|(seq, on, _)| (*on, *seq));
    let mut owed = [60_00i64; 3];
    let mut owner = BTreeMap::new();
    let mut left = BTreeMap::<usize, i64>::new();
    let mut pays = BTreeMap::<usize, Vec<(usize, i64)>>::new();
    for (_, _, act) in counted {
        match act {
            Act::Came(r, amount) => {
                owner.insert(*r, 0);
                left.insert(*r, *amount);
            }
            Act::Paid(r, item, amount) => {
                owed[*item] -= amount;
                *left.get_mut(r).unwrap() -= amount;
                pays.entry(*r).or_default().push((*item, *amount));
            }
            Act::Moved(r, to, there) => {
                for (item, amount) in pays.remove(r).unwrap_or_default() {
                    owed[item] += amount;
                    *left.get_mut(r).unwrap() += amount;
                }
                owner.insert(*r, *to);
                if let Some((item, amount)) = there {
                    owed[*item] -= amount;
                    *left.get_mut(r).unwrap() -= amount;
                    pays.entry(*r).or_default().push((*item, *amount));
                }
            }
            Act::Undone(_) => {}
        }
    }
    for (r, rest) in left {
        owed[owner[&r]] -= rest;
    }
    owed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn ca_32_every_earlier_view_and_the_journal_show_whose_it_was(
        steps in prop::collection::vec((0u8..5, 0usize..2, 0usize..3, 1i64..70_00, 0i32..12), 1..16),
    ) {
        let mut desk = Desk::new(true, TODAY);
        WHO.iter().for_each(|c| desk.customer(c));
        let items = ["A", "B", "C"];
        for (number, of) in items.iter().zip(WHO) {
            let due = [("2026-03-31", 60_00)];
            desk.issue(of, ItemKind::Invoice, number, "2026-03-01", &due);
        }
        let receipts = ["P", "Q"];
        let mut acts: Vec<(Seq, Day, Act)> = Vec::new();
        for (r, number) in receipts.iter().enumerate() {
            desk.receipt(own("C1"), number, "2026-03-05", 80_00, &[]);
            acts.push((desk.book.head(), day("2026-03-05"), Act::Came(r, 80_00)));
        }
        for (what, r, to, amount, later) in steps {
            let on = day("2026-03-06").plus(later);
            let (command, act) = match what {
                0 | 1 => (
                    Command::ApplyCredit {
                        credit: credit(receipts[r]),
                        item: item(items[to], ""),
                        amount,
                        effective: on,
                        with: Vec::new(),
                    },
                    Act::Paid(r, to, amount),
                ),
                2 => (moved(receipts[r], WHO[to], &[], on), Act::Moved(r, to, None)),
                3 => (
                    moved(receipts[r], WHO[to], &[(items[to], amount)], on),
                    Act::Moved(r, to, Some((to, amount))),
                ),
                _ => {
                    let gone: Vec<Seq> = acts.iter().filter_map(|(_, _, a)| match a {
                        Act::Undone(of) => Some(*of),
                        _ => None,
                    }).collect();
                    let can = |(seq, _, a): &&(Seq, Day, Act)| {
                        !matches!(a, Act::Undone(_)) && !gone.contains(seq)
                    };
                    let Some((commit, ..)) = acts.iter().rev().find(can).cloned() else { continue };
                    (Command::Undo { commit }, Act::Undone(commit))
                }
            };
            let on = if what > 3 { Day(i32::MIN) } else { on };
            if desk.try_run(command, Incoming::default()).is_ok() {
                acts.push((desk.book.head(), on, act));
            }
        }
        prop_assert_eq!(desk.book.violations(), []);
        let first = acts.first().map_or(Seq(1), |(seq, ..)| *seq);
        for known in (first.0..=desk.book.head().0).map(|k| Some(Seq(k))).chain([None]) {
            for later in 0..14 {
                let view = View { as_of: day("2026-03-05").plus(later), known };
                let naive = by_hand(&acts, view);
                prop_assert_eq!(by_items(&desk, view), naive, "{:?} {:?}", view, acts);
                let journal = journal(&desk.book, view, Day(i32::MIN));
                prop_assert_eq!(by_journal(&desk, &journal), naive, "journal, {:?} {:?}", view, acts);
                prop_assert!(journal.balances.iter().all(|b| b.holds()));
            }
        }
    }
}
