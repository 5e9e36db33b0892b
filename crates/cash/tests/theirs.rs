//! The customer's ledger beside ours (domain.md §5.9, RC-01, RC-03): each finding by a table, the
//! sums and the clean cases against a naive second matching.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00

use duebook_cash::theirs::*;
use duebook_money::{Currency, Day};
use proptest::prelude::*;

const EUR: Currency = Currency::EUR;
/// The day of the comparison.
const ON: i32 = 20_500;

fn ours(number: &str, day: i32, open: i64, amount: i64) -> OurLine {
    OurLine {
        item: None,
        what: OurWhat::Document,
        number: number.into(),
        reference: String::new(),
        date: Some(Day(ON + day)),
        due: Some(Day(ON + day + 30)),
        currency: EUR,
        open,
        amount,
    }
}

fn bill(number: &str, day: i32, open: i64) -> OurLine {
    ours(number, day, open, open)
}

fn receipt(number: &str, day: i32, open: i64, amount: i64) -> OurLine {
    OurLine {
        what: OurWhat::Payment,
        ..ours(number, day, open, amount)
    }
}

fn theirs(line: u32, number: &str, day: i32, amount: i64) -> TheirLine {
    TheirLine {
        line,
        what: TheirWhat::Unknown,
        number: number.into(),
        own: String::new(),
        text: String::new(),
        date: Some(Day(ON + day)),
        due: None,
        currency: EUR,
        amount,
    }
}

type Told = (Vec<usize>, Vec<usize>, Finding, Option<Reason>, i64);

fn told(found: &TwoSides) -> Vec<Told> {
    let mut all: Vec<Told> = found
        .entries
        .iter()
        .map(|e| {
            (
                e.ours.clone(),
                e.theirs.clone(),
                e.finding,
                e.reason,
                e.amount,
            )
        })
        .collect();
    all.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    all
}

fn one(own: OurLine, their: TheirLine) -> (Finding, Option<Reason>, i64) {
    let found = agree(vec![own], vec![their], Day(ON));
    let sides = found.sides(|_, _| false);
    assert!(sides.iter().all(|s| s.difference() == 0));
    match &found.entries[..] {
        [e] => (e.finding, e.reason, e.amount),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rc_01_a_line_of_each_side_by_how_they_differ() {
    use Finding::*;
    let cases = [
        (
            "alike",
            "INV-20260001",
            "INV-20260001",
            -40,
            100_00,
            Agreed,
            0,
        ),
        (
            "separators and case",
            "INV-20260001",
            "inv 20260001",
            -40,
            100_00,
            Agreed,
            0,
        ),
        (
            "running number",
            "INV-20260001",
            "20260001",
            -40,
            100_00,
            Differs,
            0,
        ),
        (
            "letters for figures",
            "INV-20260001",
            "INV-2O26OO01",
            -40,
            100_00,
            Differs,
            0,
        ),
        (
            "two figures swapped",
            "INV-20260012",
            "INV-20260021",
            -40,
            100_00,
            Differs,
            0,
        ),
        (
            "another date",
            "INV-20260001",
            "INV-20260001",
            -33,
            100_00,
            Differs,
            0,
        ),
        (
            "another amount",
            "INV-20260001",
            "INV-20260001",
            -40,
            90_00,
            Amount,
            10_00,
        ),
        ("no number", "INV-20260001", "", -38, 100_00, Differs, 0),
    ];
    for (what, own, their, day, amount, finding, off) in cases {
        let found = one(bill(own, -40, 100_00), theirs(2, their, day, amount));
        assert_eq!((found.0, found.2), (finding, off), "{what}");
    }
}

#[test]
fn rc_03_reasons_are_told_where_the_ledgers_tell_them() {
    use Finding::*;
    // A credit of 20.00 was given here; they show the whole bill.
    let settled = one(
        ours("INV-7001", -40, 80_00, 100_00),
        theirs(2, "INV-7001", -40, 100_00),
    );
    assert_eq!(settled, (Amount, Some(Reason::SettledHere(20_00)), -20_00));
    // Paid here altogether, open there.
    let closed = one(
        ours("INV-7001", -40, 0, 100_00),
        theirs(2, "INV-7001", -40, 100_00),
    );
    assert_eq!(closed, (Amount, Some(Reason::SettledHere(100_00)), -100_00));
    let wrong = one(
        bill("INV-7001", -40, 100_00),
        TheirLine {
            what: TheirWhat::Document,
            ..theirs(2, "INV-7001", -40, -100_00)
        },
    );
    assert_eq!(wrong, (Amount, Some(Reason::WrongSide), 200_00));

    let lines = vec![
        theirs(2, "INV-7001", -40, 100_00),
        theirs(3, "INV-7001", -40, 100_00),
        theirs(4, "PAY 99", -3, -60_00),
        theirs(5, "PAY 98", -60, -61_00),
        theirs(6, "INV-7009", 4, 15_00),
    ];
    let own = vec![bill("INV-7001", -40, 100_00), bill("INV-7002", -2, 40_00)];
    let found = agree(own, lines, Day(ON));
    assert_eq!(
        told(&found),
        [
            (vec![], vec![1], TheirsOnly, Some(Reason::Twice(2)), -100_00),
            (
                vec![],
                vec![2],
                TheirsOnly,
                Some(Reason::PaymentOnItsWay),
                60_00
            ),
            (vec![], vec![3], TheirsOnly, None, 61_00),
            (vec![], vec![4], TheirsOnly, Some(Reason::After), -15_00),
            (vec![0], vec![0], Agreed, None, 0),
            (vec![1], vec![], OursOnly, Some(Reason::NotBookedYet), 40_00),
        ]
    );
    let sides = &found.sides(|_, _| false)[0];
    assert_eq!((sides.ours, sides.theirs), (140_00, 94_00));
    assert_eq!(
        (sides.difference(), sides.open),
        (0, 2),
        "the second line and the old payment"
    );
    assert_eq!((sides.unexplained(), sides.explained), (161_00, 115_00));
    assert!(!sides.is_reconciled());
    let said = found.sides(|_, e| e.theirs == [1] || e.theirs == [3]);
    assert!(said[0].is_reconciled(), "somebody said what they are");
}

#[test]
fn payments_meet_receipts_by_amount_and_nearest_day_settled_or_not() {
    let own = vec![
        bill("INV-1", -90, 10_00),
        receipt("R-1", -30, 0, -50_00),
        receipt("R-2", -20, -50_00, -50_00),
        ours("INV-7001", -60, 0, 50_00),
    ];
    let lines = vec![
        theirs(2, "TRF-A", -22, -50_00),
        theirs(3, "TRF-B", -31, -50_00),
        theirs(4, "INV-7001", -60, 50_00),
    ];
    let found = agree(own, lines, Day(ON));
    use Finding::*;
    assert_eq!(
        told(&found),
        [
            (vec![0], vec![], OursOnly, None, 10_00),
            // Their payment and their bill of it cleared each other here.
            (
                vec![1],
                vec![1],
                Amount,
                Some(Reason::SettledHere(-50_00)),
                50_00
            ),
            (vec![2], vec![0], Differs, None, 0),
            (
                vec![3],
                vec![2],
                Amount,
                Some(Reason::SettledHere(50_00)),
                -50_00
            ),
        ]
    );
    assert!(found.sides(|_, e| e.ours == [0])[0].is_reconciled());
}

#[test]
fn instalments_are_one_document_and_equal_amounts_meet_first() {
    let mut second = bill("INV-7001", -40, 60_00);
    second.due = Some(Day(ON + 50));
    let own = vec![bill("INV-7001", -40, 40_00), second];
    let whole = agree(
        own.clone(),
        vec![theirs(2, "INV-7001", -40, 100_00)],
        Day(ON),
    );
    assert_eq!(
        told(&whole),
        [(vec![0, 1], vec![0], Finding::Agreed, None, 0)]
    );
    let part = agree(own, vec![theirs(2, "INV-7001", -40, 60_00)], Day(ON));
    let entries = told(&part);
    assert_eq!(
        entries[0],
        (vec![0], vec![], Finding::OursOnly, None, 40_00)
    );
    assert_eq!(entries[1], (vec![1], vec![0], Finding::Agreed, None, 0));
}

#[test]
fn a_number_of_two_documents_is_one_only_by_its_amount() {
    let own = vec![
        bill("2025-1034", -200, 70_00),
        bill("2026-1034", -40, 100_00),
    ];
    let found = agree(own.clone(), vec![theirs(2, "1034", -40, 100_00)], Day(ON));
    assert_eq!(
        told(&found)[1],
        (vec![1], vec![0], Finding::Differs, None, 0)
    );
    let unclear = agree(own, vec![theirs(2, "1034", -40, 90_00)], Day(ON));
    assert!(
        unclear
            .entries
            .iter()
            .all(|e| e.ours.is_empty() || e.theirs.is_empty())
    );
}

#[test]
fn a_running_number_is_known_with_and_without_what_all_numbers_share() {
    let own: Vec<OurLine> = (1..=6)
        .map(|n| bill(&format!("INV-2026{n:04}"), -40, 10_00 * n))
        .collect();
    for written in ["20260003", "0003"] {
        let found = agree(own.clone(), vec![theirs(2, written, -40, 30_00)], Day(ON));
        let of = found.entries.iter().find(|e| !e.theirs.is_empty()).unwrap();
        assert_eq!(
            (of.ours.as_slice(), of.same),
            (&[2][..], Some(Same::Running)),
            "{written}"
        );
    }
}

#[test]
fn what_was_brought_forward_stands_beside_what_was_open_here() {
    let opening = OurLine {
        what: OurWhat::Opening,
        ..bill("", -90, 500_00)
    };
    let their = TheirLine {
        what: TheirWhat::Opening,
        ..theirs(2, "", -90, 480_00)
    };
    assert_eq!(one(opening, their), (Finding::Amount, None, 20_00));
}

#[test]
fn the_side_a_creditor_stands_on_is_told_by_what_both_have() {
    let own = [
        bill("INV-7001", -40, 100_00),
        ours("INV-7002", -50, 0, 30_00),
    ];
    let turned = [
        theirs(2, "INV-7001", -40, -100_00),
        theirs(3, "INV-7002", -50, -30_00),
    ];
    assert!(is_turned(&own, &turned));
    let as_ours = [theirs(2, "INV-7001", -40, 100_00)];
    assert!(!is_turned(&own, &as_ours));
    assert!(
        !is_turned(&own, &[theirs(2, "X", -40, -5_00)]),
        "nothing tells"
    );
}

/// A document of the made-up account: which side has it, and how theirs differs.
#[derive(Debug, Clone)]
struct Made {
    ours: bool,
    theirs: bool,
    amount: i64,
    more: i64,
    late: i32,
    mangled: bool,
}

fn made() -> impl Strategy<Value = Made> {
    (
        any::<bool>(),
        any::<bool>(),
        1i64..90_000,
        prop_oneof![Just(0i64), 1i64..900],
        prop_oneof![Just(0i32), 1i32..40],
        any::<bool>(),
    )
        .prop_map(|(ours, theirs, amount, more, late, mangled)| Made {
            ours,
            theirs,
            amount,
            more,
            late,
            mangled,
        })
}

/// A second, simple matching for numbers that are all different: by number alone.
fn naive(all: &[Made]) -> Vec<(usize, Finding, i64)> {
    let mut out = Vec::new();
    for (n, m) in all.iter().enumerate() {
        let (own, their) = (
            100_00 * (n as i64 + 1) + m.amount,
            100_00 * (n as i64 + 1) + m.amount + m.more,
        );
        match (m.ours, m.theirs) {
            (true, true) if m.more != 0 => out.push((n, Finding::Amount, own - their)),
            (true, true) if m.late != 0 => out.push((n, Finding::Differs, 0)),
            (true, true) => out.push((n, Finding::Agreed, 0)),
            (true, false) => out.push((n, Finding::OursOnly, own)),
            (false, true) => out.push((n, Finding::TheirsOnly, -their)),
            (false, false) => {}
        }
    }
    out
}

proptest! {
    #[test]
    fn rc_01_every_line_is_in_one_entry_and_the_sums_add_up(all in prop::collection::vec(made(), 0..24)) {
        // Numbers no edit or running number takes for another: letters as of words, dates far apart.
        let number = |n: usize| format!("{0}{0}{0}-{1:06}", char::from(b'A' + n as u8), (n + 11) * 7919 * 13 % 1_000_000);
        let (mut own, mut their, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for (n, m) in all.iter().enumerate() {
            let amount = 100_00 * (n as i64 + 1) + m.amount;
            let day = -3_000 + 60 * n as i32;
            if m.ours {
                own.push((n, bill(&number(n), day, amount)));
            }
            if m.theirs {
                let written = if m.mangled { number(n).replace('-', " ").to_lowercase() } else { number(n) };
                names.push(n);
                their.push(theirs(n as u32, &written, day + m.late, amount + m.more));
            }
        }
        let (which, lines): (Vec<usize>, Vec<OurLine>) = own.into_iter().unzip();
        let found = agree(lines, their, Day(ON));
        let mut seen_own = vec![0; found.ours.len()];
        let mut seen_their = vec![0; found.theirs.len()];
        for e in &found.entries {
            e.ours.iter().for_each(|o| seen_own[*o] += 1);
            e.theirs.iter().for_each(|t| seen_their[*t] += 1);
        }
        prop_assert!(seen_own.iter().chain(&seen_their).all(|n| *n == 1));
        for sides in found.sides(|_, _| false) {
            prop_assert_eq!(sides.difference(), 0);
            prop_assert_eq!(sides.unexplained() == 0, sides.open == 0);
        }
        let mut got: Vec<(usize, Finding, i64)> = found.entries.iter().map(|e| {
            let n = e.ours.first().map(|o| which[*o]).or(e.theirs.first().map(|t| names[*t]));
            (n.unwrap(), e.finding, e.amount)
        }).collect();
        got.sort();
        prop_assert_eq!(got, naive(&all));
    }

    #[test]
    fn anything_adds_up_and_loses_no_line(
        own in prop::collection::vec(("[A1O0-]{0,4}", -30i32..5, -3i64..4, -3i64..4), 0..14),
        their in prop::collection::vec(("[A1O0-]{0,4}", -30i32..5, -3i64..4, 0u8..4), 0..14),
    ) {
        let own: Vec<OurLine> = own.iter().enumerate().map(|(n, (number, day, open, more))| OurLine {
            what: if n % 3 == 0 { OurWhat::Payment } else { OurWhat::Document },
            ..ours(number, *day, *open, open + more)
        }).collect();
        let what = [TheirWhat::Unknown, TheirWhat::Document, TheirWhat::Payment, TheirWhat::Opening];
        let their: Vec<TheirLine> = their.iter().enumerate().map(|(n, (number, day, amount, kind))| TheirLine {
            what: what[*kind as usize],
            ..theirs(n as u32, number, *day, *amount)
        }).collect();
        let found = agree(own, their, Day(ON));
        let mut seen = vec![0; found.theirs.len()];
        found.entries.iter().flat_map(|e| &e.theirs).for_each(|t| seen[*t] += 1);
        prop_assert!(seen.iter().all(|n| *n == 1));
        let mut twice = vec![0; found.ours.len()];
        found.entries.iter().flat_map(|e| &e.ours).for_each(|o| twice[*o] += 1);
        for (line, n) in found.ours.iter().zip(&twice) {
            prop_assert!(*n == 1 || (*n == 0 && line.open == 0));
        }
        prop_assert!(found.sides(|_, _| false).iter().all(|s| s.difference() == 0));
    }
}
