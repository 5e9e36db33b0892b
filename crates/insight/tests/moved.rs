//! Cash that was posted to one customer and is another's (domain.md §5.8, CA-32): one commit, both
//! accounts tell it, the parts of the receipt stay the whole (CA-01), promises are judged again.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_insight::cashlog::*;
use duebook_insight::promises::{Judged, judge_all};
use duebook_insight::timeline::{What, timeline};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_ledger::import::Incoming;
use duebook_ledger::keys::{CustomerKey, ItemKey};
use duebook_ledger::recon::ReconCommand;
use duebook_ledger::refusal::Refusal;
use duebook_ledger::{Command, CustomerId, OpenScan, Seq, View};
use duebook_money::Day;
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::*;

const TODAY: &str = "2026-04-10";

fn desk() -> Desk {
    let mut desk = Desk::new(true, TODAY);
    let invoice = ItemKind::Invoice;
    for customer in ["C1", "C2"] {
        desk.customer(customer);
    }
    desk.issue("C1", invoice, "A", "2026-03-01", &[("2026-03-31", 500_00)]);
    desk.issue("C2", invoice, "B", "2026-03-02", &[("2026-04-01", 120_00)]);
    desk.issue("C2", invoice, "C", "2026-03-03", &[("2026-04-02", 200_00)]);
    let lines = [(Some(item("A", "")), 500_00, "2026-04-03")];
    desk.at("2026-03-20").promise(own("C1"), &lines);
    desk.at(TODAY);
    desk.receipt(own("C1"), "R", "2026-04-01", 490_00, &[]);
    desk.run(Command::ApplyCredit {
        credit: credit("R"),
        item: item("A", ""),
        amount: 490_00,
        effective: day("2026-04-01"),
        with: vec![(Cause::Discount, 10_00)],
    });
    desk
}

fn to(number: &str, apply: &[(&str, i64)], effective: &str) -> Command {
    let apply: Vec<(ItemKey, i64)> = apply.iter().map(|(n, a)| (item(n, ""), *a)).collect();
    Command::Recon(ReconCommand::MoveReceipt {
        receipt: credit("R"),
        to: own(number),
        apply,
        effective: day(effective),
    })
}

fn customer(desk: &Desk, number: &str) -> CustomerId {
    let key: CustomerKey = own(number);
    desk.book.find_customer(&key).unwrap()
}

/// Open of each customer, credits taken off, on a day.
fn owes(desk: &Desk, on: &str) -> (i64, i64) {
    let scan = OpenScan::new(&desk.book, View::on(day(on)));
    let sum = |number| {
        let items = desk.book.items_of(customer(desk, number));
        items
            .filter_map(|i| scan.open(i.id))
            .map(|o| o.working())
            .sum::<i64>()
    };
    (sum("C1"), sum("C2"))
}

fn row(desk: &Desk) -> LogRow {
    let id = desk.book.find_item(&credit("R")).unwrap();
    log_row(&desk.book, id, day(TODAY)).unwrap()
}

fn verdict(desk: &Desk) -> Judged {
    judge_all(&desk.book, View::on(day(TODAY))).pop().unwrap()
}

fn told(desk: &Desk, number: &str) -> Vec<Day> {
    let scan = OpenScan::new(&desk.book, View::on(day(TODAY)));
    let all = timeline(&desk.book, &scan, customer(desk, number));
    let moved = all
        .iter()
        .filter(|e| matches!(e.what, What::ReceiptMoved(_)));
    moved.map(|e| e.on).collect()
}

#[test]
fn ca_32_misapplied_cash_goes_to_the_other_account_in_one_commit() {
    let mut desk = desk();
    let kept = verdict(&desk);
    assert_eq!(owes(&desk, TODAY), (0, 320_00));
    let head = desk.book.head();
    desk.run(to("C2", &[("B", 120_00), ("C", 200_00)], TODAY));
    assert_eq!(desk.book.head(), Seq(head.0 + 1));
    assert_eq!(desk.book.violations(), []);
    // What it paid is open again with the discount, at its own due date; the rest waits with C2.
    assert_eq!(owes(&desk, TODAY), (500_00, -170_00));
    assert_eq!(
        owes(&desk, "2026-04-09"),
        (0, 320_00),
        "history stays (CA-32)"
    );
    let r = row(&desk);
    assert_eq!(r.customer, customer(&desk, "C2"));
    assert_eq!(
        (r.applied, r.discount, r.unapplied, r.difference()),
        (320_00, 0, 170_00, 0)
    );
    assert_eq!(r.reversed, Some(desk.book.head()));
    assert_eq!(told(&desk, "C1"), [day(TODAY)]);
    assert_eq!(told(&desk, "C2"), [day(TODAY)]);
    assert_ne!(verdict(&desk).state, kept.state, "CA-31: judged again");

    // Undone and redone, as one.
    desk.run(Command::Undo {
        commit: desk.book.head(),
    });
    assert_eq!(
        (owes(&desk, TODAY), told(&desk, "C2")),
        ((0, 320_00), vec![])
    );
    assert_eq!(verdict(&desk).state, kept.state);
    assert_eq!(row(&desk).customer, customer(&desk, "C1"));
    desk.run(Command::Undo {
        commit: desk.book.head(),
    });
    assert_eq!(owes(&desk, TODAY), (500_00, -170_00));
    assert_eq!(desk.book.violations(), []);
}

#[test]
fn ca_32_what_cannot_be_moved_is_refused() {
    let mut desk = desk();
    let refused =
        |desk: &mut Desk, command| desk.try_run(command, Incoming::default()).unwrap_err();
    let same = customer(&desk, "C1");
    assert_eq!(
        refused(&mut desk, to("C1", &[], TODAY)),
        Refusal::SameCustomer(same)
    );
    let early = Refusal::DateBefore {
        date: day("2026-03-31"),
        earliest: day("2026-04-01"),
    };
    assert_eq!(refused(&mut desk, to("C2", &[], "2026-03-31")), early);
    let other = Refusal::AnotherCustomer(item("A", ""));
    assert_eq!(refused(&mut desk, to("C2", &[("A", 1)], TODAY)), other);
    let more = Refusal::MoreThanOpen {
        item: item("B", ""),
        open: 120_00,
        asked: 120_01,
    };
    assert_eq!(refused(&mut desk, to("C2", &[("B", 120_01)], TODAY)), more);
    // What it pays there rests on the move: that is undone first.
    desk.run(to("C2", &[], TODAY));
    let moved = desk.book.head();
    desk.run(Command::ApplyCredit {
        credit: credit("R"),
        item: item("B", ""),
        amount: 20_00,
        effective: day(TODAY),
        with: Vec::new(),
    });
    let resting = Refusal::RestsOn(vec![desk.book.head()]);
    assert_eq!(refused(&mut desk, Command::Undo { commit: moved }), resting);
    // Money that went back is nobody's to move.
    desk.run(Command::ReturnReceipt {
        receipt: credit("R"),
        effective: day(TODAY),
    });
    assert_eq!(
        refused(&mut desk, to("C1", &[], TODAY)),
        Refusal::NotPositive(0)
    );
}

#[test]
fn a_receipt_of_the_source_is_corrected_at_the_source() {
    let mut desk = Desk::new(false, TODAY);
    let rows = [
        Row::new("C1", "INV", "2026-03-01", "2026-03-31", 500_00),
        Row::new("C2", "PAY", "2026-03-05", "2026-03-05", -80_00),
    ];
    let scope = duebook_ledger::facts::Scope::Everything;
    desk.import("2026-04-01", scope, &rows).unwrap();
    desk.receipt(erp("C1"), "R", "2026-04-02", 90_00, &[]);
    // Ours, and the source was told nothing of it yet: it goes.
    desk.run(Command::Recon(ReconCommand::MoveReceipt {
        receipt: credit("R"),
        to: erp("C2"),
        apply: Vec::new(),
        effective: day(TODAY),
    }));
    assert_eq!(desk.book.violations(), []);
}

/// What the book must come to by a second, naive account: receipts with an owner and what they pay.
#[derive(Default)]
struct Naive {
    owner: BTreeMap<String, usize>,
    pays: BTreeMap<(String, String), i64>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]
    #[test]
    fn ca_01_moved_applied_and_undone_in_any_order_the_parts_are_the_whole(
        acts in prop::collection::vec((0u8..4, 0usize..2, 0usize..4, 1i64..90_00), 1..24),
    ) {
        let mut desk = Desk::new(true, TODAY);
        let customers = ["C1", "C2"];
        customers.iter().for_each(|c| desk.customer(c));
        let items = [("A", "C1"), ("B", "C1"), ("C", "C2"), ("D", "C2")];
        for (number, of) in items {
            desk.issue(of, ItemKind::Invoice, number, "2026-03-01", &[("2026-03-31", 60_00)]);
        }
        let receipts = ["P", "Q"];
        let mut naive = Naive::default();
        for number in receipts {
            desk.receipt(own("C1"), number, "2026-03-05", 80_00, &[]);
            naive.owner.insert(number.to_owned(), 0);
        }
        let mut before: Vec<Naive> = Vec::new();
        for (what, r, i, amount) in acts {
            let (number, (target, of)) = (receipts[r], items[i]);
            let there = 1 - naive.owner[number];
            let command = match what {
                0 => Command::ApplyCredit {
                    credit: credit(number),
                    item: item(target, ""),
                    amount,
                    effective: day("2026-03-20"),
                    with: Vec::new(),
                },
                1 | 2 => Command::Recon(ReconCommand::MoveReceipt {
                    receipt: credit(number),
                    to: own(customers[there]),
                    apply: (of == customers[there] && what == 2)
                        .then(|| (item(target, ""), amount))
                        .into_iter()
                        .collect(),
                    effective: day("2026-03-20"),
                }),
                _ => Command::Undo { commit: desk.book.head() },
            };
            let paid = |n: &Naive| n.pays.iter().filter(|((p, _), _)| p == number).map(|(_, a)| *a).sum::<i64>();
            let on = |n: &Naive| n.pays.iter().filter(|((_, t), _)| t == target).map(|(_, a)| *a).sum::<i64>();
            let copy = Naive { owner: naive.owner.clone(), pays: naive.pays.clone() };
            if what == 3 && before.is_empty() {
                continue;
            }
            let done = desk.try_run(command, Incoming::default()).is_ok();
            match what {
                0 => {
                    let may = of == customers[naive.owner[number]] && paid(&naive) + amount <= 80_00 && on(&naive) + amount <= 60_00;
                    prop_assert_eq!(done, may);
                    if done {
                        *naive.pays.entry((number.into(), target.into())).or_default() += amount;
                    }
                }
                1 | 2 => {
                    let own_part = naive.pays.get(&(number.to_owned(), target.to_owned())).copied().unwrap_or(0);
                    let applies = of == customers[there] && what == 2;
                    let may = !applies || (amount <= 80_00 && on(&naive) - own_part + amount <= 60_00);
                    prop_assert_eq!(done, may);
                    if done {
                        naive.owner.insert(number.into(), there);
                        naive.pays.retain(|(p, _), _| p != number);
                        if applies {
                            naive.pays.insert((number.into(), target.into()), amount);
                        }
                    }
                }
                _ => {
                    prop_assert!(done, "the last commit rests on nothing");
                    naive = before.pop().unwrap();
                }
            }
            match (what, done) {
                (3, _) => {
                    // An undo is a commit too: it is not undone again here.
                    before.clear();
                }
                (_, true) => before.push(copy),
                _ => {}
            }
            prop_assert_eq!(desk.book.violations(), []);
            for number in receipts {
                let id = desk.book.find_item(&credit(number)).unwrap();
                let row = log_row(&desk.book, id, day(TODAY)).unwrap();
                let paid: i64 = naive.pays.iter().filter(|((p, _), _)| p == number).map(|(_, a)| *a).sum();
                prop_assert_eq!(row.difference(), 0);
                prop_assert_eq!((row.applied, row.unapplied), (paid, 80_00 - paid));
                prop_assert_eq!(row.customer, customer(&desk, customers[naive.owner[number]]));
            }
        }
    }
}
