//! Numbers of documents that a ledger of our own issues: the next of the range its owner gave, none
//! twice and none left out, whatever is undone and whoever else has the book open.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::cases::CaseCommand;
use duebook_ledger::cases::resolve::*;
use duebook_ledger::command::Command;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::refusal::{CaseRefusal, Field, Refusal};
use duebook_ledger::*;
use duebook_policy::numbers::{NumberPolicy, NumberRange, Paper};
use proptest::prelude::*;
use std::collections::BTreeSet;
use support::*;

fn range(paper: Paper, prefix: &str, first: u64, last: u64) -> NumberRange {
    NumberRange {
        entity: String::new(),
        paper,
        prefix: prefix.into(),
        width: 3,
        first,
        last,
        from: None,
    }
}

fn ranged(ranges: &[NumberRange]) -> Story {
    let mut s = rb_book();
    give(&mut s, ranges);
    s
}

fn give(s: &mut Story, ranges: &[NumberRange]) {
    let ranges = ranges.to_vec();
    s.when(Command::SetPolicy(PolicyChange::Numbers(NumberPolicy {
        ranges,
    })));
}

fn credit(s: &Story, amount: i64, numbers: &[&str]) -> Command {
    let what = adjust(Adjustment::PartialCredit, amount);
    make(ask(own_item("I-1"), what, s.today, numbers))
}

fn not_next(given: &str, next: &str) -> Refusal {
    Refusal::Case(CaseRefusal::NotTheNext {
        given: given.into(),
        next: next.into(),
    })
}

/// Numbers of the documents of a request, as people see them.
fn issued(s: &Story, place: usize) -> Vec<String> {
    let live = |c| s.book.is_live(c);
    let (_, r) = s.book.requests().nth(place).unwrap();
    let all = 0..r.fact.proposed.len();
    all.map(|n| r.number_of(n, &live).to_owned()).collect()
}

#[test]
fn a_resolution_draws_its_numbers_and_a_given_one_has_to_be_the_next() {
    let mut s = ranged(&[
        range(Paper::CreditNote, "CN-", 7, 9),
        range(Paper::Invoice, "IN-", 1, 99),
    ]);
    s.when(credit(&s, 10_00, &[]));
    assert_eq!(issued(&s, 0), ["CN-007"]);
    assert_eq!(
        s.refuses(credit(&s, 10_00, &["CN-009"])),
        not_next("CN-009", "CN-008"),
        "a gap"
    );
    assert_eq!(
        s.refuses(credit(&s, 10_00, &["X-1"])),
        not_next("X-1", "CN-008"),
        "outside"
    );
    assert_eq!(
        s.refuses(credit(&s, 10_00, &["CN-8"])),
        not_next("CN-8", "CN-008"),
        "written otherwise"
    );
    let taken = s.refuses(credit(&s, 10_00, &["CN-007"]));
    assert_eq!(taken, Refusal::NumberTaken(own_credit("CN-007")));
    s.when(credit(&s, 10_00, &["CN-008"]));
    // Credit note and invoice of a rebill: each from its own range.
    let on = s.today;
    s.when(make(ask(
        own_item("I-1"),
        rebill(9_000_00, 1_620_00),
        on,
        &[],
    )));
    assert_eq!(issued(&s, 2), ["CN-009", "IN-001"]);
    let left = s.refuses(make(ask(
        own_item("IN-001"),
        adjust(Adjustment::Goodwill, 1_00),
        on,
        &[],
    )));
    let last = "CN-009".to_owned();
    assert_eq!(left, Refusal::Case(CaseRefusal::RangeUsedUp { last }));
    let ranges = s.book.policies().numbers.ranges.clone();
    let mut making = RangesMaking::new(&s.book, ranges);
    let stand = std::iter::repeat_with(|| making.step(&s.book)).find_map(|s| s);
    let wanted = vec![(None, 0), (Some("IN-002".to_owned()), 98)];
    assert_eq!(stand, Some(wanted));
}

#[test]
fn without_a_range_a_number_is_given_and_beside_an_erp_none_is_needed() {
    let mut s = ranged(&[range(Paper::Invoice, "IN-", 1, 99)]);
    let none = s.refuses(credit(&s, 10_00, &[]));
    assert_eq!(
        none,
        Refusal::Empty(Field::Number),
        "no range for credit notes"
    );
    s.when(credit(&s, 10_00, &["CM-1"]));
    // A range for every document has them all.
    give(&mut s, &[range(Paper::Every, "D", 1, 99)]);
    let on = s.today;
    s.when(make(ask(
        own_item("I-1"),
        rebill(9_000_00, 1_620_00),
        on,
        &[],
    )));
    assert_eq!(issued(&s, 1), ["D001", "D002"]);
    // One that begins later is not in force yet.
    let from = Some(on.plus(1));
    give(
        &mut s,
        &[NumberRange {
            from,
            ..range(Paper::Every, "E", 1, 9)
        }],
    );
    let what = adjust(Adjustment::Goodwill, 1_00);
    let early = s.refuses(make(ask(own_item("D002"), what, on, &[])));
    assert_eq!(early, Refusal::Empty(Field::Number));
}

#[test]
fn parts_of_a_tax_split_are_numbered_in_order_and_an_instalment_counts() {
    let mut s = ranged(&[
        range(Paper::CreditNote, "CN", 1, 9),
        range(Paper::Invoice, "IN", 1, 9),
    ]);
    // A document entered by hand in two instalments has a number of the range.
    let due = day(2026, 3, 1);
    s.invoice(
        "C",
        "IN001",
        day(2026, 1, 5),
        &[(due, 50_00), (due.plus(30), 50_00)],
    );
    let what = Resolution::Split(Split {
        original: vec![line(10_000_00, 1_800_00)],
        by: SplitBy::Shares(vec![50, 30, 20]),
        pos: Vec::new(),
        tax_documents: true,
        paid: None,
        contested_part: None,
        basis: SplitBasis::Percent,
        labels: Vec::new(),
    });
    let on = s.today;
    s.when(make(ask(own_item("I-1"), what, on, &[])));
    assert_eq!(issued(&s, 0), ["CN001", "IN002", "IN003", "IN004"]);
}

#[test]
fn an_undo_frees_its_number_and_a_redo_does_not_give_it_twice() {
    let mut s = ranged(&[range(Paper::CreditNote, "CN", 1, 9)]);
    s.when(credit(&s, 1_00, &[]));
    let second = s.when(credit(&s, 2_00, &[]));
    s.when(credit(&s, 3_00, &[]));
    let undone = s.undo(second);
    s.when(credit(&s, 4_00, &[]));
    assert_eq!(issued(&s, 2), ["CN002"], "the gap is filled first");
    s.when(credit(&s, 5_00, &[]));
    assert_eq!(issued(&s, 3), ["CN004"]);
    // Back again it would have a number that another document has now.
    let head = s.book.head();
    let back = s.attempt(Command::Undo { commit: undone });
    assert!(back.is_err() && s.book.head() == head, "{back:?}");
}

#[test]
fn two_tabs_cannot_both_have_the_next_number() {
    let mut here = ranged(&[range(Paper::CreditNote, "CN", 1, 9)]);
    let there = here.copy("Ben", 900);
    // Both are shown CN001; the first to save has it, the other is decided again and told so.
    let theirs = credit(&there, 2_00, &["CN001"]);
    here.when(credit(&here, 1_00, &["CN001"]));
    assert_eq!(
        here.refuses(theirs),
        Refusal::NumberTaken(own_credit("CN001"))
    );
    here.when(credit(&here, 2_00, &[]));
    assert_eq!(issued(&here, 1), ["CN002"]);
}

#[test]
fn a_request_that_waits_draws_its_number_when_it_is_issued() {
    let mut s = ranged(&[range(Paper::CreditNote, "CN", 1, 9)]);
    s.actor = "Ravi";
    let mut asked = ask(
        own_item("I-1"),
        adjust(Adjustment::PartialCredit, 3_000_00),
        s.today,
        &[],
    );
    asked.ask = true;
    s.when(make(asked));
    assert_eq!(issued(&s, 0), ["R-1-1"], "it may be refused: no number yet");
    s.actor = "Asha";
    s.when(credit(&s, 1_00, &[]));
    assert_eq!(issued(&s, 1), ["CN001"]);
    let request = s.book.requests().next().unwrap().1.key;
    let approval = Approval {
        who: "Asha".into(),
        role: String::new(),
        on: None,
        reference: "mail".into(),
    };
    let approve = RequestCommand::Approve { request, approval };
    let approved = s.when(Command::Case(CaseCommand::Request(approve)));
    assert_eq!(issued(&s, 0), ["CN002"]);
    assert_eq!(s.working(&own_credit("CN002"), s.today), 0);
    s.undo(approved);
    assert_eq!(issued(&s, 0), ["R-1-1"]);
    s.when(credit(&s, 1_00, &[]));
    assert_eq!(issued(&s, 2), ["CN002"]);
}

/// What a random user does.
#[derive(Debug, Clone)]
enum Step {
    Credit(i64),
    Undo(usize),
    Redo(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1i64..50).prop_map(Step::Credit),
        2 => (0usize..30).prop_map(Step::Undo),
        1 => (0usize..30).prop_map(Step::Redo),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Against a list kept beside: each new number is the least that no live document has, and no two
    /// live documents have one.
    #[test]
    fn no_number_twice_and_none_left_out(steps in proptest::collection::vec(step(), 1..40)) {
        let mut s = ranged(&[range(Paper::CreditNote, "CN", 1, 12)]);
        let mut made: Vec<(Seq, u64)> = Vec::new();
        let mut undone: Vec<(Seq, Seq, u64)> = Vec::new();
        for step in steps {
            let used: BTreeSet<u64> = made.iter().map(|(_, n)| *n).collect();
            prop_assert_eq!(used.len(), made.len(), "one twice");
            match step {
                Step::Credit(amount) => {
                    let free = (1..=12).find(|n| !used.contains(n));
                    let done = s.attempt(credit(&s, amount, &[]));
                    match (done, free) {
                        (Ok(seq), Some(n)) => {
                            let key = own_credit(&format!("CN{n:03}"));
                            prop_assert!(s.book.find_item(&key).is_some(), "not CN{:03}", n);
                            made.push((seq, n));
                        }
                        (Err(e), None) => prop_assert_eq!(e, Refusal::Case(CaseRefusal::RangeUsedUp { last: "CN012".into() })),
                        (other, free) => prop_assert!(false, "{:?} with {:?} free", other, free),
                    }
                }
                Step::Undo(at) if !made.is_empty() => {
                    let (seq, n) = made.remove(at % made.len());
                    let void = s.undo(seq);
                    undone.push((void, seq, n));
                }
                Step::Redo(at) if !undone.is_empty() => {
                    let at = at % undone.len();
                    let (void, seq, n) = undone[at];
                    let back = s.attempt(Command::Undo { commit: void });
                    prop_assert_eq!(back.is_ok(), !used.contains(&n), "redo of CN{:03}: {:?}", n, back);
                    if back.is_ok() {
                        undone.remove(at);
                        made.push((seq, n));
                    }
                }
                _ => {}
            }
        }
    }
}
