//! Oracles of domain.md §6: interest and compensation for late payment.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00

use duebook_money::{Currency, Day};
use duebook_policy::interest::*;
use proptest::prelude::*;

fn day(y: i32, m: u8, d: u8) -> Day {
    Day::from_ymd(y, m, d).unwrap()
}

fn claim(principal: i64, currency: Currency, due: Day, days: i32) -> Claim {
    Claim {
        principal,
        currency,
        due,
        until: due.plus(days),
        payments: Vec::new(),
        relevant: None,
    }
}

fn sheet(pack: &str, claim: &Claim) -> InterestSheet {
    let policy = InterestPolicy::default();
    assert!(policy.is_valid());
    policy.calculate(policy.pack(pack).unwrap(), claim).unwrap()
}

/// A pack with a rate of its own, simple, so many days a year.
fn own(ppm: u32, year_days: u16) -> (InterestPolicy, RulePack) {
    let policy = InterestPolicy::default();
    let mut pack = policy.pack("contract").unwrap().clone();
    (pack.margin_ppm, pack.year_days) = (ppm, year_days);
    (policy, pack)
}

#[test]
fn uk_01_to_uk_05_oracles() {
    // (principal, due, days, interest, fixed sum)
    let table = [
        (10_000_00, day(2026, 2, 1), 60, 193_15, 100_00),
        (5_000_00, day(2025, 8, 1), 101, 169_49, 70_00),
        (2_000_00, day(2024, 3, 1), 45, 32_67, 70_00),
        (999_99, day(2026, 2, 1), 1, 32, 40_00),
    ];
    for (principal, due, days, interest, fixed) in table {
        let s = sheet("uk", &claim(principal, Currency::GBP, due, days));
        assert_eq!(
            (s.interest, s.fixed_sum),
            (interest, fixed),
            "{principal} {days}"
        );
    }
    let of_government = sheet("uk", &claim(10_000_00, Currency::GBP, day(2026, 2, 1), 60));
    assert_eq!(10_000_00 + of_government.total(), 10_293_15);
    assert_eq!(of_government.lines[0].rate_ppm, 117_500);
}

/// UK-01: 8 % over the rate of the reference day, by the half-year in which interest starts to run.
#[test]
fn uk_01_rates_of_each_half_year() {
    let table = [
        (2022, 1, 82_500),
        (2022, 7, 92_500),
        (2023, 1, 115_000),
        (2023, 7, 130_000),
        (2024, 1, 132_500),
        (2024, 7, 132_500),
        (2025, 1, 127_500),
        (2025, 7, 122_500),
        (2026, 1, 117_500),
        (2026, 7, 117_500),
    ];
    for (year, month, ppm) in table {
        for d in [2, 28] {
            let claim = claim(1_000_00, Currency::GBP, day(year, month, d), 10);
            let lines = sheet("uk", &claim).lines;
            assert_eq!((lines.len(), lines[0].rate_ppm), (1, ppm), "{year}-{month}");
        }
    }
}

/// UK-05: the fixed sum by the size of the debt; 40.00 EUR in the directive's states.
#[test]
fn uk_05_eu_01_fixed_sums_at_their_edges() {
    let table = [
        (1, 40_00),
        (999_99, 40_00),
        (1_000_00, 70_00),
        (9_999_99, 70_00),
        (10_000_00, 100_00),
        (1_000_000_00, 100_00),
    ];
    let due = day(2026, 2, 1);
    for (principal, fixed) in table {
        let s = sheet("uk", &claim(principal, Currency::GBP, due, 1));
        assert_eq!(s.fixed_sum, fixed, "{principal}");
    }
    for pack in ["eu", "de", "fr"] {
        let s = sheet(pack, &claim(5_000_00, Currency::EUR, due, 1));
        assert_eq!(s.fixed_sum, 40_00, "{pack}");
    }
}

/// EU-01: reference + 8 points, Germany base + 9, France ECB + 10; reset each half-year.
#[test]
fn eu_01_national_variants() {
    let (first, second) = (day(2026, 2, 1), day(2025, 8, 1));
    let table = [
        ("eu", first, 101_500),
        ("fr", first, 121_500),
        ("de", first, 102_700),
        ("eu", second, 101_500),
        ("de", second, 102_700),
    ];
    for (pack, due, ppm) in table {
        let s = sheet(pack, &claim(1_000_00, Currency::EUR, due, 10));
        assert_eq!(s.lines[0].rate_ppm, ppm, "{pack} {due}");
    }
}

/// IN-03: three times the bank rate as notified from time to time; after the last it is not guessed,
/// it is said to be stale.
#[test]
fn in_03_bank_rate_as_notified() {
    let table = [
        (day(2023, 3, 1), 202_500),
        (day(2025, 2, 6), 202_500),
        (day(2025, 2, 7), 195_000),
        (day(2025, 4, 9), 187_500),
        (day(2025, 6, 6), 172_500),
        (day(2025, 12, 5), 165_000),
    ];
    for (rest, ppm) in table {
        let s = sheet(
            "in-msmed",
            &claim(1_00_000_00, Currency::INR, rest.plus(-1), 5),
        );
        assert_eq!(s.lines[0].rate_ppm, ppm, "{rest}");
    }
    let late = claim(1_00_000_00, Currency::INR, day(2026, 10, 1), 10);
    assert!(sheet("in-msmed", &late).is_stale());
}

/// UK-03, EU-01, IN-01: the last day for payment by each law; the document is of 1 January 2026.
#[test]
fn uk_03_eu_01_in_01_the_last_day_for_payment() {
    use Basis::{Agreed, CutBack, NoneAgreed};
    let policy = InterestPolicy::default();
    let (document, after) = (day(2026, 1, 1), |n| day(2026, 1, 1).plus(n));
    // (pack, agreed days after the document, last day's days after it, how)
    let table = [
        ("uk", Some(14), Some((14, Agreed))),
        ("uk", Some(60), Some((60, Agreed))),
        ("uk", Some(61), Some((60, CutBack))),
        ("uk", Some(120), Some((60, CutBack))),
        ("uk", None, Some((30, NoneAgreed))),
        // National law decides beyond 60 days: the agreed day stands, with a note.
        ("eu", Some(90), Some((90, Agreed))),
        ("eu", None, Some((30, NoneAgreed))),
        ("de", None, Some((30, NoneAgreed))),
        ("fr", None, Some((30, NoneAgreed))),
        ("in-msmed", Some(45), Some((45, Agreed))),
        ("in-msmed", Some(46), Some((45, CutBack))),
        ("in-msmed", None, Some((15, NoneAgreed))),
        ("contract", Some(90), Some((90, Agreed))),
        ("contract", None, None),
    ];
    for (pack, agreed, expected) in table {
        let found = policy
            .pack(pack)
            .unwrap()
            .relevant(agreed.map(after), Some(document));
        let said = found.map(|r| (r.day.since(document), r.basis));
        assert_eq!(said, expected, "{pack} {agreed:?}");
        assert_eq!(found.and_then(|r| r.agreed), found.and(agreed.map(after)));
    }
    // Without a document there is nothing to count from: what was agreed stands.
    let uk = policy.pack("uk").unwrap();
    assert_eq!(uk.relevant(Some(after(90)), None).unwrap().day, after(90));
    assert_eq!(uk.relevant(None, None), None);
    // IN-01: accepted on 1 January 2025 under 45 days, to be paid by 15 February, interest from the 16th.
    let msmed = policy.pack("in-msmed").unwrap();
    let accepted = day(2025, 1, 1);
    let last = msmed
        .relevant(Some(accepted.plus(45)), Some(accepted))
        .unwrap();
    assert_eq!(last.day, day(2025, 2, 15));
    assert!(msmed.small_supplier && !uk.small_supplier);
}

/// Thresholds from 1 April 2025: 2.5 and 10, 25 and 100, 125 and 500 crore; both must hold.
#[test]
fn in_01_micro_and_small_by_investment_and_turnover() {
    use duebook_policy::msme::*;
    let crore = 1_00_00_000_00_i64;
    let from = day(2025, 4, 1);
    let table = [
        (crore * 5 / 2, crore * 10, Size::Micro),
        (crore * 5 / 2 + 1, crore * 10, Size::Small),
        (0, crore * 10 + 1, Size::Small),
        (crore * 25, crore * 100, Size::Small),
        (crore, crore * 101, Size::Medium),
        (crore * 125, crore * 500, Size::Medium),
        (crore * 126, crore, Size::Large),
    ];
    for (investment, turnover, size) in table {
        assert_eq!(size_on(from, investment, turnover), Some(size));
    }
    assert_eq!(size_on(from.plus(-1), 0, 0), None);
    let supplier = |turnover, registered| Supplier {
        investment: crore,
        turnover,
        udyam: "UDYAM-XX-00-0000000".into(),
        registered_on: registered,
    };
    let (on, today) = (day(2025, 6, 1), day(2026, 1, 1));
    let asked = |s: Option<&Supplier>, document| protected(s, Some(document), today);
    let ours = supplier(crore * 50, Some(on));
    assert_eq!(asked(Some(&ours), on), Ok(()));
    assert_eq!(
        asked(Some(&ours), on.plus(-1)),
        Err(NotProtected::RegisteredAfter(on))
    );
    assert_eq!(asked(None, on), Err(NotProtected::Unknown));
    let large = supplier(crore * 501, Some(on));
    assert_eq!(
        asked(Some(&large), on),
        Err(NotProtected::TooLarge(Size::Large))
    );
    let none = supplier(crore, None);
    assert_eq!(asked(Some(&none), on), Err(NotProtected::NotRegistered));
}

/// §6.5, NI Act s.138: three months, thirty days, fifteen days, one month.
#[test]
fn section_6_5_the_clock_of_a_dishonoured_cheque() {
    use duebook_policy::clocks::*;
    let cheque = Cheque {
        dated: Some(day(2026, 1, 31)),
        presented: Some(day(2026, 4, 30)),
        returned: Some(day(2026, 5, 4)),
        notice_received: Some(day(2026, 5, 20)),
    };
    let expected = ChequeClock {
        present_by: Some(day(2026, 4, 30)),
        notice_by: Some(day(2026, 6, 3)),
        pay_by: Some(day(2026, 6, 4)),
        complain_by: Some(day(2026, 7, 4)),
    };
    assert_eq!(
        (cheque.clock(), cheque.is_in_time()),
        (expected, Some(true))
    );
    let late = Cheque {
        presented: Some(day(2026, 5, 1)),
        ..cheque
    };
    assert_eq!(late.is_in_time(), Some(false));
    // What is not known gives no day.
    let returned = Cheque {
        returned: cheque.returned,
        ..Cheque::default()
    };
    let only = ChequeClock {
        notice_by: expected.notice_by,
        ..ChequeClock::default()
    };
    assert_eq!((returned.clock(), returned.is_in_time()), (only, None));
}

/// §6.5: limitation by country, the shortest common one where no rule is recorded.
#[test]
fn section_6_5_limitation_by_country() {
    let policy = duebook_policy::RecoveryPolicy::default();
    let of = |country: &str| {
        let rule = policy.limitation_of(country).unwrap();
        (rule.years, rule.year_end)
    };
    let table = [
        ("GB", (6, false)),
        ("in", (3, false)),
        ("DE", (3, true)),
        ("FR", (5, false)),
        ("BR", (3, false)),
        ("", (3, false)),
    ];
    for (country, rule) in table {
        assert_eq!(of(country), rule, "{country}");
    }
}

#[test]
fn uk_04_a_daily_figure_rounded_first_is_said_and_differs() {
    let mut policy = InterestPolicy::default();
    let pack = policy.packs.iter_mut().find(|p| p.id == "uk").unwrap();
    pack.daily_rounded = true;
    let s = policy
        .calculate(
            policy.pack("uk").unwrap(),
            &claim(5_000_00, Currency::GBP, day(2025, 8, 1), 101),
        )
        .unwrap();
    assert_eq!((s.interest, s.daily_rounded), (169_68, true));
}

#[test]
fn uk_02_the_rate_is_fixed_for_the_debt_and_an_unknown_one_is_not_guessed() {
    // Interest starts 1 Jul 2025 (12.25 %) and runs into 2026 (11.75 %): one rate.
    let s = sheet("uk", &claim(1_000_00, Currency::GBP, day(2025, 6, 30), 365));
    assert_eq!((s.interest, s.lines.len()), (122_50, 1));
    let policy = InterestPolicy::default();
    let next = claim(1_000_00, Currency::GBP, day(2026, 12, 31), 1);
    let refused = policy.calculate(policy.pack("uk").unwrap(), &next);
    let series = "boe".to_owned();
    assert_eq!(
        refused,
        Err(InterestError::NoRate {
            series,
            day: day(2027, 1, 1)
        })
    );
}

#[test]
fn uk_04_a_day_of_85_a_year_is_23_pence() {
    let (policy, pack) = own(85_000, 365);
    let of = |days| {
        policy
            .calculate(
                &pack,
                &claim(1_000_00, Currency::GBP, day(2026, 1, 1), days),
            )
            .unwrap()
    };
    assert_eq!((of(365).interest, of(1).interest), (85_00, 23));
}

#[test]
fn eu_01_day_counts_and_half_years() {
    let due = day(2026, 1, 10);
    let s = sheet("eu", &claim(10_000_00, Currency::EUR, due, 90));
    assert_eq!((s.interest, s.fixed_sum), (250_27, 40_00));
    let (policy, mut pack) = own(101_500, 360);
    pack.accrual = Accrual::Variable;
    let s = policy
        .calculate(&pack, &claim(10_000_00, Currency::EUR, due, 90))
        .unwrap();
    assert_eq!(s.interest, 253_75);
    // 10 days at 10.15 % to 30 Jun, 10 days at 10.40 % from 1 Jul: reset, and said to be checked.
    let s = sheet("eu", &claim(36_500_00, Currency::EUR, day(2026, 6, 20), 20));
    assert_eq!(
        s.lines
            .iter()
            .map(|l| (l.days, l.rate_ppm))
            .collect::<Vec<_>>(),
        [(10, 101_500), (10, 104_000)]
    );
    assert_eq!((s.interest, s.is_stale()), (205_50, true));
}

#[test]
fn in_02_in_03_compound_with_monthly_rests() {
    let due = day(2025, 1, 1).plus(45);
    assert_eq!(due, day(2025, 2, 15));
    let mut c = claim(1_00_000_00, Currency::INR, due, 0);
    c.until = day(2025, 12, 20);
    let s = sheet("in-msmed", &c);
    assert_eq!(s.interest, 16_263_58);
    let rates: Vec<u32> = s.lines.iter().map(|l| l.rate_ppm).collect();
    let expected = [
        195_000, 195_000, 187_500, 187_500, 172_500, 172_500, 172_500, 172_500, 172_500, 172_500,
        165_000,
    ];
    assert_eq!(rates, expected);
    let balances: Vec<i64> = s.lines.iter().map(|l| l.principal).collect();
    let oracle = [
        1_00_000_00,
        1_01_625_00,
        1_03_276_41,
        1_04_890_10,
        1_06_529_01,
        1_08_060_36,
        1_09_613_73,
        1_11_189_43,
        1_12_787_78,
        1_14_409_10,
        1_16_053_73,
    ];
    assert_eq!(balances, oracle);
    assert_eq!((s.lines[10].days, s.lines[10].rest), (4, false));
    let mut policy = InterestPolicy::default();
    let pack = policy
        .packs
        .iter_mut()
        .find(|p| p.id == "in-msmed")
        .unwrap();
    pack.accrual = Accrual::MonthlyFixed;
    let s = policy
        .calculate(policy.pack("in-msmed").unwrap(), &c)
        .unwrap();
    assert_eq!(s.interest, 17_742_34);
}

#[test]
fn us_prompt_payment_oracles() {
    let (policy, mut pack) = own(65_000, 360);
    (pack.accrual, pack.most_days) = (Accrual::ThirtyDays, Some(365));
    let due = day(2026, 1, 1);
    let of = |pack: &RulePack, days| {
        policy
            .calculate(pack, &claim(1_500_00, Currency::USD, due, days))
            .unwrap()
    };
    assert_eq!(of(&pack, 10).interest, 2_71);
    pack.margin_ppm = 60_000;
    assert_eq!(of(&pack, 75).interest, 18_83);
    assert_eq!(of(&pack, 900).until, due.plus(365));
}

#[test]
fn erpnext_dunning_oracle() {
    let (policy, mut pack) = own(100_000, 365);
    pack.currency = Some(Currency::USD);
    pack.sums = vec![FixedSum {
        below: None,
        amount: 10_00,
    }];
    let s = policy
        .calculate(&pack, &claim(100_00, Currency::USD, day(2026, 1, 1), 15))
        .unwrap();
    assert_eq!((s.interest, 100_00 + s.total()), (41, 110_41));
}

#[test]
fn in_04_deduction_is_a_matter_of_timing() {
    // ₹10 lakh at a 30 % slab: ₹3 lakh, only while unpaid at the end of the year.
    assert_eq!(
        duebook_money::Rounding::HalfUp.mul_div(10_00_000_00, 300_000, 1_000_000),
        Some(3_00_000_00)
    );
}

#[test]
fn uk_04_part_payments_lower_what_bears_interest() {
    let (policy, pack) = own(100_000, 365);
    let mut c = claim(3_650_00, Currency::GBP, day(2026, 1, 1), 30);
    c.payments = vec![(day(2026, 1, 11), 1_650_00)];
    let s = policy.calculate(&pack, &c).unwrap();
    // 10 days of 1.00 and 20 days of 0.5479...
    assert_eq!((s.interest, s.lines.len()), (20_96, 2));
    assert_eq!(
        (s.lines[0].paid, s.lines[1].principal),
        (1_650_00, 2_000_00)
    );
    c.payments.push((day(2026, 1, 12), 2_000_01));
    assert!(matches!(
        policy.calculate(&pack, &c),
        Err(InterestError::Overpaid(_))
    ));
}

#[test]
fn policy_is_checked_and_stored_as_data() {
    let policy = InterestPolicy::default();
    let bytes = minicbor::to_vec(&policy).unwrap();
    assert_eq!(minicbor::decode::<InterestPolicy>(&bytes).unwrap(), policy);
    assert_eq!(policy.proposed("gb", day(2026, 1, 1)).unwrap().id, "uk");
    assert_eq!(
        policy.proposed("US", day(2026, 1, 1)).unwrap().id,
        "contract"
    );
    let unset = policy.calculate(
        policy.pack("contract").unwrap(),
        &claim(1_00, Currency::EUR, day(2026, 1, 1), 1),
    );
    assert_eq!(unset, Err(InterestError::NoRateSet));
    let mut twice = policy.clone();
    twice.packs.push(policy.packs[0].clone());
    assert!(!twice.is_valid());
    assert!(duebook_policy::RecoveryPolicy::default().is_valid());
}

proptest! {
    /// Each period by itself, in fractions of one denominator, sums to the sheet.
    #[test]
    fn uk_04_simple_interest_agrees_with_day_by_day(
        principal in 1i64..1_000_000_000, ppm in 1u32..400_000, days in 0i32..800,
        part in 0i64..1_000_000_000, on in 1i32..800,
    ) {
        let (policy, pack) = own(ppm, 365);
        let mut c = claim(principal, Currency::EUR, day(2025, 1, 1), days);
        let part = part.min(principal);
        if part > 0 { c.payments.push((c.due.plus(on), part)); }
        let s = policy.calculate(&pack, &c).unwrap();
        let mut daily = 0i128;
        for d in 1..=days {
            let owed = if d > on { principal - part } else { principal };
            daily += i128::from(owed) * i128::from(ppm);
        }
        prop_assert_eq!(i128::from(s.interest), (2 * daily + 365_000_000) / 730_000_000);
        prop_assert_eq!(s.lines.iter().map(|l| l.days as i32).sum::<i32>(), days);
    }

    /// Compound interest never falls behind simple interest at the same rate by whole months.
    #[test]
    fn in_02_compound_is_at_least_simple(principal in 1i64..1_000_000_000, months in 1i32..60) {
        let (policy, mut pack) = own(120_000, 365);
        pack.accrual = Accrual::MonthlyFixed;
        let mut c = claim(principal, Currency::INR, day(2020, 1, 15), 0);
        c.until = c.due.add_months(months).unwrap();
        let s = policy.calculate(&pack, &c).unwrap();
        let simple = i128::from(principal) * i128::from(months) / 100;
        prop_assert!(i128::from(s.interest) >= simple - 1);
        prop_assert_eq!(s.lines.len(), months as usize);
    }
}
