//! Whole statements: claims, conflicts, slices, and properties over random books.

use std::collections::BTreeMap;

use duebook_cash::*;
use duebook_ledger::{CustomerId, ItemId};
use duebook_money::{Currency, Day};
use proptest::prelude::*;

const EUR: Currency = Currency::EUR;

fn index(items: &[(u32, String, i64)]) -> OpenIndex {
    let mut builder = IndexBuilder::new();
    for customer in 0..4 {
        let name = format!("Nord Foods {customer}");
        builder.customer(CustomerId(customer), &format!("C{customer}"), &name, None);
    }
    for (n, (customer, number, open)) in items.iter().enumerate() {
        let item = OpenItem::of(ItemId::new(0, n), CustomerId(*customer), EUR, number, *open);
        builder.item(&OpenItem {
            due: n as i32,
            ..item
        });
    }
    builder.finish()
}

fn paid(amount: i64, customer: u32, text: &str, day: i32) -> Receipt {
    Receipt {
        customer_ref: format!("C{customer}"),
        text: text.to_owned(),
        ..Receipt::of(amount, EUR, Day(20_000 + day))
    }
}

fn items(of: &[(u32, &str, i64)]) -> Vec<(u32, String, i64)> {
    of.iter()
        .map(|(c, n, o)| (*c, (*n).to_owned(), *o))
        .collect()
}

fn run(index: &OpenIndex, receipts: &[Receipt]) -> Vec<Proposal> {
    match_all(index, receipts, &MatchPolicy::default())
}

#[test]
fn ca_01_a_payment_made_twice_pays_once() {
    let index = index(&items(&[(0, "A-1001", 7_001), (0, "A-1002", 9_003)]));
    let found = run(
        &index,
        &[paid(7_001, 0, "A-1001", 5), paid(7_001, 0, "A-1001", 3)],
    );
    assert!(found[1].is_auto(), "the earlier by value date");
    assert_eq!(
        found[0].verdict,
        Verdict::Unmatched(Unmatched::AlreadyPaid { by: 1 })
    );
    assert_eq!(found[0].rest.unapplied, 7_001);
}

#[test]
fn pr_01_several_receipts_pay_one_item_together() {
    let index = index(&items(&[(0, "A-1001", 20_000), (0, "A-1002", 9_003)]));
    let both = [paid(5_500, 0, "A-1001", 0), paid(14_500, 0, "A-1001", 1)];
    let found = run(&index, &both);
    assert_eq!(found[0].rung, Rung::Together, "{:?}", found[0]);
    assert!(found.iter().all(|p| p.lines[0].differences.is_empty()));
    // ERPNext's case: 55 and 35 of 200 leave 110 open.
    let some = run(
        &index,
        &[paid(5_500, 0, "A-1001", 0), paid(3_500, 0, "A-1001", 1)],
    );
    let laid: i64 = some.iter().flat_map(|p| &p.lines).map(|l| l.settles).sum();
    assert_eq!(20_000 - laid, 11_000);
}

/// ERPNext's PR-02, PR-04, PR-06: equal amounts leave nothing, a credit taken in part leaves its rest.
#[test]
fn pr_04_credits_settle_with_invoices() {
    let index = index(&items(&[(0, "A-1001", 10_000), (0, "CN-2001", -8_000)]));
    let found = run(&index, &[paid(2_000, 0, "A-1001 less CN-2001", 0)]);
    assert!(found[0].is_auto(), "{:?}", found[0]);
    let laid: Vec<i64> = found[0].lines.iter().map(|l| l.settles).collect();
    assert_eq!(laid, [10_000, -8_000]);
}

#[test]
fn two_receipts_that_want_one_item_are_a_conflict() {
    let index = index(&items(&[(0, "A-1001", 7_001), (0, "A-1002", 9_003)]));
    let found = run(&index, &[paid(7_001, 0, "", 0), paid(7_001, 0, "", 0)]);
    let Verdict::Review(holds) = &found[0].verdict else {
        panic!("{:?}", found[0]);
    };
    assert!(holds.contains(&Hold::Conflict { with: 1 }));
    assert!(found[1].lines.is_empty(), "{:?}", found[1]);
}

#[test]
fn slices_answer_what_one_run_answers() {
    let (index, receipts) = sample();
    let whole = run(&index, &receipts);
    let policy = MatchPolicy::default();
    let mut matcher = Matcher::new(&index, &receipts);
    let (mut last, mut steps) = (0, 0);
    loop {
        let progress = matcher.step(&index, &receipts, &policy, 3);
        assert!(progress.done > last || progress.is_done());
        (last, steps) = (progress.done, steps + 1);
        if progress.is_done() {
            break;
        }
    }
    assert!(steps > 10);
    assert_eq!(matcher.finish(), whole);
}

fn sample() -> (OpenIndex, Vec<Receipt>) {
    let all: Vec<(u32, String, i64)> = (0..40)
        .map(|n| {
            (
                n % 4,
                format!("INV-{}", 2001 + n),
                1_000 + 137 * i64::from(n),
            )
        })
        .collect();
    let receipts = (0..20)
        .map(|n| match n % 4 {
            0 => paid(
                1_000 + 137 * i64::from(n),
                n % 4,
                &format!("INV-{}", 2001 + n),
                1,
            ),
            1 => paid(1_000 + 137 * i64::from(n), n % 4, "", 2),
            2 => paid(2_000 + 137 * i64::from(2 * n + 4), n % 4, "payment", 2),
            _ => paid(900, n % 4, &format!("{}", 2001 + n), 3),
        })
        .collect();
    (index(&all), receipts)
}

fn book() -> impl Strategy<Value = Vec<(u32, String, i64)>> {
    let item = (0u32..4, prop_oneof![8 => 1i64..30, 1 => -20i64..0]);
    prop::collection::vec(item, 1..40).prop_map(|items| {
        let numbered = items.into_iter().enumerate();
        numbered
            .map(|(n, (c, open))| (c, format!("INV-{}", 1001 + n), open * 501))
            .collect()
    })
}

fn statement() -> impl Strategy<Value = Vec<Receipt>> {
    let text = prop_oneof![
        Just(String::new()),
        (1001u32..1041).prop_map(|n| format!("INV-{n}")),
        (1001u32..1041, 1001u32..1041).prop_map(|(a, b)| format!("inv {a}, 1O{}", b - 1000)),
        "[A-Z0-9#/,. -]{0,24}",
        "\\PC{0,12}",
    ];
    let receipt = (-10i64..80, 0u32..5, text, 0i32..3, any::<bool>(), 0u8..4);
    prop::collection::vec(receipt, 0..16).prop_map(|all| {
        let made = all
            .into_iter()
            .map(|(amount, customer, text, day, named, lines)| {
                let mut receipt = paid(amount * 501, customer, &text, day);
                if named {
                    receipt.customer_ref = String::new();
                    receipt.payer_name = format!("NORD FOODS {customer}");
                }
                for n in 0..lines.saturating_sub(1) {
                    receipt.lines.push(RemittanceLine {
                        reference: format!("INV-{}", 1001 + u32::from(n) + customer),
                        paid: (n % 2 == 0).then_some(501 * i64::from(n + 1)),
                        note: text.clone(),
                        ..RemittanceLine::default()
                    });
                }
                receipt
            });
        made.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// CA-01: lines and rest make the receipt, the arithmetic makes the receipt, no item is claimed
    /// beyond what is open, evidence points into the text, and what is for review says why.
    #[test]
    fn ca_01_proposals_always_sum(items in book(), receipts in statement()) {
        let index = index(&items);
        let found = run(&index, &receipts);
        prop_assert_eq!(found.len(), receipts.len());
        let mut laid: BTreeMap<ItemId, i64> = BTreeMap::new();
        for (n, (proposal, receipt)) in found.iter().zip(&receipts).enumerate() {
            prop_assert_eq!(proposal.receipt as usize, n);
            prop_assert!(proposal.sums(), "{:?}", proposal);
            let terms: i64 = proposal.arithmetic().iter().map(|t| t.amount()).sum();
            prop_assert_eq!(terms, receipt.amount, "{:?}", proposal);
            for line in &proposal.lines {
                *laid.entry(line.item).or_default() += line.settles;
            }
            match &proposal.verdict {
                Verdict::Auto => prop_assert!(!proposal.lines.is_empty()),
                Verdict::Review(holds) => prop_assert!(!holds.is_empty() && holds.is_sorted()),
                Verdict::Unmatched(_) => prop_assert!(proposal.lines.is_empty()),
            }
            for evidence in &proposal.evidence {
                if let Evidence::Named { part, start, end, .. } = evidence {
                    let marked = receipt.part(*part).get(*start as usize..*end as usize);
                    prop_assert!(marked.is_some(), "{:?}", evidence);
                }
            }
        }
        for (item, laid) in laid {
            let open = items[item.row()].2;
            prop_assert!(laid.signum() * open.signum() >= 0 && laid.abs() <= open.abs(), "{laid} of {open}");
        }
    }

    /// The same input gives the same answer, in one go or in slices.
    #[test]
    fn runs_replay(items in book(), receipts in statement(), nodes in 1u32..50) {
        let index = index(&items);
        let policy = MatchPolicy::default();
        let mut matcher = Matcher::new(&index, &receipts);
        while !matcher.step(&index, &receipts, &policy, nodes).is_done() {}
        prop_assert_eq!(matcher.finish(), run(&index, &receipts));
    }

    /// What posts by its sum alone is the only set of its size or smaller, by looking at every set.
    #[test]
    fn ca_03_nothing_ambiguous_posts(items in book(), amount in 1i64..80) {
        let index = index(&items);
        let found = run(&index, &[paid(amount * 501, 0, "", 0)]);
        if found[0].is_auto() && found[0].rung == Rung::Sum {
            let open = index.open_of(CustomerId(0), EUR);
            let most = found[0].lines.len() as u32;
            let sets = (1u32..1 << open.len().min(18))
                .filter(|mask| mask.count_ones() <= most.max(4))
                .filter(|mask| {
                    let one = |i: &usize| mask >> i & 1 == 1;
                    let sum: i64 = (0..open.len()).filter(one).map(|i| open[i].1).sum();
                    sum == amount * 501
                })
                .count();
            prop_assert_eq!(sets, 1);
        }
    }
}
