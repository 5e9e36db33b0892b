//! The ladder of domain.md 5.2, rung by rung, and the published oracles.

use duebook_cash::*;
use duebook_ledger::{CustomerId, ItemId};
use duebook_money::terms::Ppm;
use duebook_money::{Currency, Day, date};

const EUR: Currency = Currency::EUR;

fn day(text: &str) -> Day {
    date::parse_iso_bytes(text.as_bytes()).expect("a day")
}

/// Customers C0, C1 ... and items by (customer, number, open).
fn index(items: &[(u32, &str, i64)]) -> OpenIndex {
    with(items, |_, item| item)
}

fn with(
    items: &[(u32, &str, i64)],
    change: impl for<'a> Fn(usize, OpenItem<'a>) -> OpenItem<'a>,
) -> OpenIndex {
    let mut builder = IndexBuilder::new();
    let names = ["Nord Foods GmbH", "Atlas Steel Ltd", "Orion Paper AG"];
    for (n, name) in names.iter().enumerate() {
        // The third is a daughter of the first.
        let parent = (n == 2).then_some(CustomerId(0));
        builder.customer(CustomerId(n as u32), &format!("C{n}"), name, parent);
    }
    builder.alias(&Alias {
        kind: AliasKind::Account,
        text: "DE89 3704 0044 0532 0130 00".to_owned(),
        customer: CustomerId(1),
    });
    for (n, (customer, number, open)) in items.iter().enumerate() {
        let item = OpenItem::of(ItemId::new(0, n), CustomerId(*customer), EUR, number, *open);
        builder.item(&change(n, item));
    }
    builder.finish()
}

fn paid(amount: i64, customer: &str, text: &str) -> Receipt {
    Receipt {
        customer_ref: customer.to_owned(),
        text: text.to_owned(),
        ..Receipt::of(amount, EUR, day("2026-03-10"))
    }
}

fn one(index: &OpenIndex, receipt: Receipt, policy: &MatchPolicy) -> Proposal {
    let mut all = match_all(index, &[receipt], policy);
    let proposal = all.remove(0);
    assert!(proposal.sums(), "CA-01: {proposal:?}");
    let terms: i64 = proposal.arithmetic().iter().map(|t| t.amount()).sum();
    assert_eq!(terms, proposal.amount, "the arithmetic adds up");
    proposal
}

fn rows(proposal: &Proposal) -> Vec<(usize, i64)> {
    proposal
        .lines
        .iter()
        .map(|l| (l.item.row(), l.amount))
        .collect()
}

fn holds(proposal: &Proposal) -> &[Hold] {
    match &proposal.verdict {
        Verdict::Review(holds) => holds,
        _ => &[],
    }
}

const BOOK: [(u32, &str, i64); 6] = [
    (0, "INV-2026-0101", 10_000),
    (0, "INV-2026-0102", 25_050),
    (0, "CM-7", -3_000),
    (1, "INV-2026-0201", 10_000),
    (1, "INV-2026-0202", 7_777),
    (2, "INV-2026-0301", 4_400),
];

#[test]
fn ca_02_numbers_in_the_text_are_found_and_marked() {
    let index = index(&BOOK);
    let policy = MatchPolicy::default();
    let text = "Rechnung inv 2026 0101; INV-2O26-0102 less CM-7 danke";
    let found = one(&index, paid(32_050, "C0", text), &policy);
    assert_eq!(rows(&found), [(0, 10_000), (1, 25_050), (2, -3_000)]);
    assert!(found.is_auto(), "{found:?}");
    let marked: Vec<&str> = found
        .evidence
        .iter()
        .filter_map(|e| match e {
            Evidence::Named { start, end, .. } => text.get(*start as usize..*end as usize),
            _ => None,
        })
        .collect();
    assert_eq!(marked, ["inv 2026 0101", "INV-2O26-0102", "CM-7"]);
    let serial = one(&index, paid(35_050, "C0", "your 0101 + 102"), &policy);
    assert_eq!(rows(&serial), [(0, 10_000), (1, 25_050)]);
    let range = one(&index, paid(35_050, "C0", "0101-0102"), &policy);
    assert_eq!(rows(&range), [(0, 10_000), (1, 25_050)]);
}

#[test]
fn ca_02_an_amount_that_differs_is_for_review() {
    let index = index(&BOOK);
    let policy = MatchPolicy::default();
    let short = one(&index, paid(9_000, "C0", "INV-2026-0101"), &policy);
    assert_eq!(rows(&short), [(0, 9_000)]);
    assert_eq!(short.rung, Rung::NamedDiffers);
    assert_eq!(
        short.lines[0].differences[0].kind,
        DifferenceKind::Unexplained
    );
    assert!(holds(&short).contains(&Hold::Difference(DifferenceKind::Unexplained)));
    let over = one(&index, paid(10_500, "C0", "INV-2026-0101 extra"), &policy);
    assert_eq!(
        (rows(&over), over.rest.on_account),
        (vec![(0, 10_000)], 500)
    );
    assert!(holds(&over).contains(&Hold::Rest));
}

#[test]
fn ca_03_a_tie_is_ambiguous_unless_interchangeable() {
    let items = [
        (0, "A-1001", 5_000),
        (0, "A-1002", 5_000),
        (0, "A-1003", 7_123),
    ];
    let tie = one(
        &with(&items, |n, i| OpenItem { due: n as i32, ..i }),
        paid(5_000, "C0", ""),
        &MatchPolicy::default(),
    );
    assert!(holds(&tie).contains(&Hold::Ambiguous), "{tie:?}");
    assert_eq!(
        tie.runner_up().map(|a| a.lines[0].0),
        Some(ItemId::new(0, 1))
    );
    let same = one(
        &index(&items),
        paid(5_000, "C0", ""),
        &MatchPolicy::default(),
    );
    assert_eq!(rows(&same), [(0, 5_000)], "lowest first");
    assert!(same.is_auto(), "{same:?}");
}

#[test]
fn ca_o7_two_sets_of_300_are_not_posted() {
    let items = [
        (0, "A-1001", 20_000),
        (0, "A-1002", 10_000),
        (0, "A-1003", 15_000),
        (0, "A-1004", 15_000),
    ];
    let index = with(&items, |n, i| OpenItem { due: n as i32, ..i });
    let found = one(&index, paid(30_000, "C0", ""), &MatchPolicy::default());
    assert!(
        holds(&found).contains(&Hold::Ambiguous)
            || matches!(found.verdict, Verdict::Unmatched(Unmatched::TooMany)),
        "{found:?}"
    );
    let sets = found.alternatives.len() + usize::from(!found.lines.is_empty());
    assert!(sets >= 2, "{found:?}");
}

/// One item of the amount, or two of the payer's that make it: the payer must say which.
#[test]
fn ca_o7_one_item_or_two_of_its_sum_is_not_posted() {
    let items = [
        (0, "A-1001", 31_000),
        (0, "A-1002", 21_000),
        (0, "A-1003", 10_000),
        (0, "A-1004", 50_011),
    ];
    let index = with(&items, |n, i| OpenItem { due: n as i32, ..i });
    let policy = MatchPolicy::default();
    let found = one(&index, paid(31_000, "C0", "payment"), &policy);
    assert_eq!(
        (rows(&found), found.rung),
        (vec![(0, 31_000)], Rung::OneItem)
    );
    assert!(holds(&found).contains(&Hold::Ambiguous), "{found:?}");
    let other = found.alternatives[0].lines.iter().map(|l| l.0.row());
    assert_eq!(other.collect::<Vec<_>>(), [1, 2], "the runner-up");
    // Named, or of an amount that nothing else makes, it is clear.
    assert!(one(&index, paid(31_000, "C0", "A-1001"), &policy).is_auto());
    assert!(one(&index, paid(50_011, "C0", "payment"), &policy).is_auto());
}

/// A number that the book knows as paid names no other that is like it.
#[test]
fn a_settled_number_means_no_other_like_it() {
    let index = |settled: bool| {
        let mut builder = IndexBuilder::new();
        builder.customer(CustomerId(0), "C0", "Nord Foods GmbH", None);
        for (n, number) in ["INV-20260022", "INV-20260023"].iter().enumerate() {
            let id = ItemId::new(0, n);
            let open = 8_000 + n as i64 * 17;
            builder.item(&OpenItem::of(id, CustomerId(0), EUR, number, open));
        }
        if settled {
            builder.settled("INV-20260021");
        }
        builder.finish()
    };
    let policy = MatchPolicy::default();
    for text in ["INV-20260021", "inv 20260021 thank you"] {
        let found = one(&index(true), paid(8_000, "C0", text), &policy);
        assert!(holds(&found).contains(&Hold::SettledNumber), "{found:?}");
        assert_ne!(found.rung, Rung::Similar);
        // Nothing open has the amount.
        let found = one(&index(true), paid(9_999, "C0", text), &policy);
        let why = Verdict::Unmatched(Unmatched::SettledNumber);
        assert_eq!(found.verdict, why, "{text}");
        // In a line of an advice it is the same.
        let advised = Receipt {
            lines: vec![RemittanceLine {
                reference: "INV-20260021".to_owned(),
                ..RemittanceLine::default()
            }],
            ..paid(8_000, "C0", "")
        };
        let why = Verdict::Unmatched(Unmatched::SettledNumber);
        assert_eq!(one(&index(true), advised, &policy).verdict, why);
        // Unknown, it is the one mistyped.
        let found = one(&index(false), paid(8_000, "C0", text), &policy);
        assert_eq!(found.rung, Rung::Similar);
    }
    // Beside what makes the amount it speaks against nothing.
    let both = paid(8_000, "C0", "INV-20260022, not INV-20260021");
    assert!(one(&index(true), both, &policy).is_auto());
    // What comes for both is more than the open one.
    let both = paid(16_000, "C0", "INV-20260022 INV-20260021");
    let found = one(&index(true), both, &policy);
    assert!(holds(&found).contains(&Hold::SettledNumber), "{found:?}");
}

#[test]
fn ca_o5_the_only_set_is_found_with_its_chance() {
    let amounts = [12366, 665_802, 14236, 236, 123_607, 774_536, 655_400];
    let numbers: Vec<String> = (0..7).map(|n| format!("A-{}", 1001 + n)).collect();
    let items: Vec<(u32, &str, i64)> = numbers
        .iter()
        .zip(amounts)
        .map(|(n, a)| (0, n.as_str(), a))
        .collect();
    let found = one(
        &index(&items),
        paid(787_138, "C0", ""),
        &MatchPolicy::default(),
    );
    assert_eq!(rows(&found), [(0, 12_366), (3, 236), (5, 774_536)]);
    assert_eq!(found.rung, Rung::Sum);
    assert!(found.is_auto(), "{found:?}");
    let by_name = Receipt {
        payer_name: "NORD FOODS GMBH".to_owned(),
        ..paid(787_138, "", "")
    };
    let found = one(&index(&items), by_name, &MatchPolicy::default());
    assert_eq!(holds(&found).first(), Some(&Hold::NameOnly), "CA-05");
}

#[test]
fn ca_02_clear_the_account_past_due_and_one_due_day() {
    let items = [
        (0, "A-1001", 5_001),
        (0, "A-1002", 6_002),
        (0, "A-1003", 7_003),
        (0, "A-1004", 8_004),
    ];
    let index = with(&items, |n, i| {
        let due = ["2026-02-01", "2026-02-15", "2026-04-01", "2026-04-01"][n];
        OpenItem {
            due: day(due).0,
            ..i
        }
    });
    let rung = |amount| one(&index, paid(amount, "C0", ""), &MatchPolicy::default()).rung;
    assert_eq!(rung(26_010), Rung::Balance);
    assert_eq!(rung(11_003), Rung::PastDue);
    assert_eq!(rung(15_007), Rung::DueDay);
    assert_eq!(rung(6_002), Rung::OneItem);
}

/// CA-O3: 2,000 at 10 % 10 days, 1 January; 1,800 on the 14th, grace 5 days: the discount is accepted.
#[test]
fn ca_o3_discount_in_grace() {
    let index = with(&[(0, "A-1001", 200_000)], |_, i| OpenItem {
        doc_date: day("2026-01-01").0,
        terms: "10/10 net 30",
        ..i
    });
    let policy = MatchPolicy {
        discount_grace_days: 5,
        ..MatchPolicy::default()
    };
    let on = |text: &str, date: &str, amount| {
        let receipt = Receipt {
            value_date: day(date),
            ..paid(amount, "C0", text)
        };
        one(&index, receipt, &policy)
    };
    for text in ["", "A-1001"] {
        let found = on(text, "2026-01-14", 180_000);
        let [difference] = &found.lines[0].differences[..] else {
            panic!("{found:?}")
        };
        assert!(matches!(
            difference.kind,
            DifferenceKind::DiscountInGrace {
                rate: Ppm(100_000),
                ..
            }
        ));
        assert_eq!(difference.amount, 20_000);
        assert!(found.is_auto(), "{found:?}");
    }
    let late = on("A-1001", "2026-01-17", 180_000);
    assert_eq!(
        late.lines[0].differences[0].kind,
        DifferenceKind::DiscountUnearned { rate: Ppm(100_000) }
    );
    assert!(!late.is_auto());
}

/// Odoo's cases EP-02 and EP-05: 10 % within 10 days; 900 for 1,000, and 2,700 for 1,000 and 2,000.
#[test]
fn ep_02_and_05_discounts_in_time() {
    let items = [(0, "A-1001", 100_000), (0, "A-1002", 200_000)];
    let index = with(&items, |_, i| OpenItem {
        doc_date: day("2026-03-05").0,
        terms: "10/10 net 30",
        ..i
    });
    let group = one(
        &index,
        paid(270_000, "C0", "A-1001, A-1002"),
        &MatchPolicy::default(),
    );
    assert_eq!(rows(&group), [(0, 90_000), (1, 180_000)]);
    let taken: i64 = group
        .lines
        .iter()
        .flat_map(|l| &l.differences)
        .map(|d| d.amount)
        .sum();
    assert_eq!(taken, 30_000);
    assert!(group.is_auto(), "{group:?}");
    let single = one(&index, paid(90_000, "C0", ""), &MatchPolicy::default());
    assert_eq!(
        (single.rung, rows(&single)),
        (Rung::Discounted, vec![(0, 90_000)])
    );
}

/// 5.6: 1,18,000 with GST, 10 % withheld on the net.
#[test]
fn tds_is_recognised_by_its_rate() {
    let index = with(&[(0, "A-1001", 11_800_000)], |_, i| OpenItem {
        tax: Some(1_800_000),
        ..i
    });
    let policy = MatchPolicy {
        withholding: vec![Ppm(20_000), Ppm(100_000)],
        ..MatchPolicy::default()
    };
    let found = one(&index, paid(10_800_000, "C0", "A-1001 less TDS"), &policy);
    let rate = Ppm(100_000);
    let kind = DifferenceKind::Withholding {
        rate,
        base: 10_000_000,
    };
    assert_eq!(
        found.lines[0].differences,
        [Difference {
            kind,
            amount: 1_000_000
        }]
    );
    assert_eq!(
        holds(&found),
        [Hold::Difference(kind)],
        "known, but for the user to accept"
    );
}

#[test]
fn ca_05_payers_by_account_parent_and_stranger() {
    let index = index(&BOOK);
    let policy = MatchPolicy::default();
    let account = Receipt {
        payer_account: "DE89370400440532013000".to_owned(),
        ..paid(7_777, "", "")
    };
    let found = one(&index, account, &policy);
    assert_eq!(
        (rows(&found), found.payer),
        (vec![(4, 7_777)], Some(CustomerId(1)))
    );
    assert!(found.is_auto(), "{found:?}");
    let parent = one(&index, paid(4_400, "C0", "INV-2026-0301"), &policy);
    assert!(parent.is_auto(), "{parent:?}");
    assert!(parent.evidence.iter().any(|e| matches!(
        e,
        Evidence::Payer {
            by: PayerMatch::Parent,
            ..
        }
    )));
    let stranger = one(&index, paid(7_777, "C0", "INV-2026-0202"), &policy);
    assert!(holds(&stranger).contains(&Hold::OtherPayer), "{stranger:?}");
    let nobody = one(&index, paid(7_777, "", "thanks"), &policy);
    assert_eq!(nobody.verdict, Verdict::Unmatched(Unmatched::UnknownPayer));
    assert_eq!(
        (nobody.rest.unidentified, nobody.alternatives.len()),
        (7_777, 1)
    );
}

#[test]
fn ca_01_refunds_nothing_and_money_out() {
    let index = index(&BOOK);
    let policy = MatchPolicy::default();
    let refund = one(&index, paid(10_000, "C0", "REFUND 4711"), &policy);
    assert_eq!(refund.verdict, Verdict::Unmatched(Unmatched::SaysRefund));
    let zero = one(&index, paid(0, "C0", "INV-2026-0101"), &policy);
    assert_eq!(zero.verdict, Verdict::Unmatched(Unmatched::Zero));
    let out = one(&index, paid(-3_000, "C0", "CM-7"), &policy);
    assert_eq!(rows(&out), [(2, -3_000)]);
    assert!(holds(&out).contains(&Hold::MoneyOut));
}

#[test]
fn other_currency_near_the_rate_is_shown_with_its_step() {
    use duebook_policy::rates::{Rate, RateTable};
    let mut rates = RateTable::new(EUR);
    let added = rates.add(Rate {
        currency: Currency::USD,
        from: day("2026-03-01"),
        value: "0.90".parse().expect("a rate"),
        source: "test".to_owned(),
    });
    assert_eq!(added, Ok(()));
    let index = with(&[(0, "A-1001", 10_000)], |_, i| OpenItem {
        currency: Currency::USD,
        ..i
    });
    let policy = MatchPolicy {
        rates: Some(rates),
        ..MatchPolicy::default()
    };
    let found = one(&index, paid(8_950, "C0", "A-1001"), &policy);
    assert_eq!(
        (found.rung, found.lines[0].amount, found.lines[0].settles),
        (Rung::OtherCurrency, 8_950, 10_000)
    );
    assert!(holds(&found).contains(&Hold::OtherCurrency));
    let far = one(&index, paid(5_000, "C0", "A-1001"), &policy);
    assert!(far.lines.is_empty(), "{far:?}");
}

#[test]
fn remittance_lines_carry_deductions_typing_errors_and_credits() {
    let index = index(&BOOK);
    let line = |reference: &str, paid: i64, note: &str| RemittanceLine {
        reference: reference.to_owned(),
        paid: Some(paid),
        note: note.to_owned(),
        ..RemittanceLine::default()
    };
    let receipt = Receipt {
        lines: vec![
            line("INV-2026-0110", 10_000, ""),
            line("INV-2026-0102", 24_050, "Deduction: damaged (-$10.00)"),
            line("CM-7", -3_000, "credit taken"),
        ],
        ..paid(31_050, "C0", "")
    };
    let found = one(&index, receipt, &MatchPolicy::default());
    assert_eq!(rows(&found), [(0, 10_000), (1, 24_050), (2, -3_000)]);
    assert_eq!(
        found.lines[1].differences[0].kind,
        DifferenceKind::Deduction
    );
    assert!(!found.is_auto());
}
