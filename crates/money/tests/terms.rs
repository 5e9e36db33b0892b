//! Payment terms: the TM oracles of domain.md 1.4, and properties.

use duebook_money::business::{BusinessDays, Roll};
use duebook_money::terms::{
    Anchor, Band, Base, Discount, DueContext, DueError, Plan, Ppm, Prepay, annual_cost,
    earned_discount,
};
use duebook_money::{Day, EomReading, Rounding, Terms, TermsError, due_dates, split};
use proptest::prelude::*;

fn day(text: &str) -> Day {
    duebook_money::date::parse_iso_bytes(text.as_bytes()).expect(text)
}

fn terms(text: &str) -> Terms {
    Terms::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn due_in(text: &str, invoice: &str, context: &DueContext<'_>) -> String {
    due_dates(day(invoice), &terms(text), context).expect(text)[0]
        .due
        .to_string()
}

fn due(text: &str, invoice: &str) -> String {
    due_in(text, invoice, &DueContext::default())
}

#[test]
fn tm_01_net_days_are_calendar_days() {
    assert_eq!(due("net 30", "2026-01-30"), "2026-03-01");
    assert_eq!(due("1 month", "2026-01-30"), "2026-02-28");
    for same in [
        "n30",
        "n/30",
        "30",
        "30 days",
        "NET 30 DAYS",
        "Net-30",
        "netto 30 Tage",
    ] {
        assert_eq!(terms(same), Terms::net(30), "{same}");
    }
    for now in ["immediate", "net 0", "due on receipt", "0 days"] {
        assert_eq!(due(now, "2026-01-30"), "2026-01-30", "{now}");
    }
}

#[test]
fn tm_02_tm_03_discount_dates() {
    for text in [
        "2/10 n30",
        "2/10 net 30",
        "2% 10, net 30 days",
        "2%/10 days net 30",
        "2/10/30",
    ] {
        let context = DueContext {
            discount_grace_days: 3,
            ..DueContext::default()
        };
        let one = &due_dates(day("2026-03-05"), &terms(text), &context).expect(text)[0];
        assert_eq!(one.due, day("2026-04-04"), "{text}");
        assert_eq!(one.discounts[0].until, day("2026-03-15"), "{text}");
        assert_eq!(one.discounts[0].accepted_until, day("2026-03-18"), "{text}");
        assert_eq!(one.discounts[0].rate, Ppm(20_000), "{text}");
    }
    let odoo = &due_dates(
        day("2019-01-01"),
        &terms("10/10 n30"),
        &DueContext::default(),
    )
    .expect("dates")[0];
    assert_eq!(odoo.discounts[0].until, day("2019-01-11"));
    let doc =
        &due_dates(day("2026-01-01"), &terms("2/7 n30"), &DueContext::default()).expect("dates")[0];
    assert_eq!(
        (doc.discounts[0].until, doc.due),
        (day("2026-01-08"), day("2026-01-31"))
    );
    let tiers = terms("2/5,1/14,n30");
    assert_eq!(
        tiers.discounts.iter().map(|d| d.rate).collect::<Vec<_>>(),
        [Ppm(20_000), Ppm(10_000)]
    );
}

#[test]
fn tm_04_end_of_month() {
    for invoice in ["2026-03-08", "2026-03-27"] {
        assert_eq!(due("EOM", invoice), "2026-03-31");
        assert_eq!(due("end of month", invoice), "2026-03-31");
    }
    for text in ["EOM 10", "10 EOM", "EOM + 10", "EOM+10 days"] {
        for invoice in ["2026-04-01", "2026-04-30"] {
            assert_eq!(due(text, invoice), "2026-05-10", "{text}");
        }
    }
}

#[test]
fn tm_05_both_readings_and_no_guess() {
    use EomReading::{DaysThenMonthEnd as A, MonthEndThenDays as B};
    for (invoice, a, b) in [
        ("2026-01-15", "2026-03-31", "2026-03-17"),
        ("2026-03-10", "2026-04-30", "2026-05-15"),
        ("2025-04-10", "2025-05-31", "2025-06-14"),
        ("2026-10-05", "2026-11-30", "2026-12-15"),
        ("2026-10-22", "2026-12-31", "2026-12-15"),
        ("2026-04-15", "2026-05-31", "2026-06-14"),
        ("2026-04-17", "2026-06-30", "2026-06-14"),
    ] {
        for text in [
            "45 days EOM",
            "45 EOM",
            "45 FDM",
            "45 jours fin de mois",
            "45 days end of month",
        ] {
            let t = terms(text);
            assert!(t.is_ambiguous());
            let (a, b) = (day(a), day(b));
            let asked = due_dates(day(invoice), &t, &DueContext::default());
            assert_eq!(
                asked,
                Err(DueError::Ambiguous { days: 45, a, b }),
                "{text} {invoice}"
            );
            for (reading, expected) in [(A, a), (B, b)] {
                let context = DueContext {
                    reading: Some(reading),
                    ..DueContext::default()
                };
                assert_eq!(due_in(text, invoice, &context), expected.to_string());
                let resolved = t.clone().resolved(reading);
                assert!(!resolved.is_ambiguous());
                let dates =
                    due_dates(day(invoice), &resolved, &DueContext::default()).expect("dates");
                assert_eq!(dates[0].due, expected);
            }
        }
        assert_eq!(due("45 days EOM then-EOM", invoice), a);
        assert_eq!(due("45 days EOM from-EOM", invoice), b);
        assert_eq!(due("45 days after end of month", invoice), b);
    }
}

#[test]
fn tm_06_tm_07_odoo_rules() {
    for invoice in ["2019-01-01", "2019-01-15", "2019-01-31"] {
        assert_eq!(
            due(
                "45 days after the end of the month"
                    .replace("the end of the", "end of")
                    .as_str(),
                invoice
            ),
            "2019-03-17"
        );
        assert_eq!(due("last day of the month", invoice), "2019-01-31");
        assert_eq!(due("day 1 after 1", invoice), "2019-02-01");
    }
    for (invoice, expected) in [
        ("2019-01-01", "2019-02-15"),
        ("2019-01-15", "2019-02-15"),
        ("2019-01-31", "2019-03-15"),
    ] {
        assert_eq!(due("day 15 min 31", invoice), expected);
    }
}

#[test]
fn tm_08_tm_09_tm_11_proximo() {
    for text in ["15 MFI", "15th prox", "15 proximo", "day 15 after 1"] {
        assert_eq!(due(text, "2026-03-08"), "2026-04-15", "{text}");
    }
    for (text, invoice, expected) in [
        ("day 20 after 1 cutoff 12", "2026-08-10", "2026-09-20"),
        ("day 20 after 1 cutoff 12", "2026-08-21", "2026-10-20"),
        ("day 20 after 1 cutoff 12", "2026-08-12", "2026-09-20"),
        ("day 12 after 1 cutoff 20", "2026-08-10", "2026-09-12"),
        ("day EOM after 1 cutoff EOM", "2026-08-15", "2026-09-30"),
        ("day 31 after 1", "2026-01-05", "2026-02-28"),
        ("day 30 after 1 cut-off 25", "2026-12-28", "2027-02-28"),
    ] {
        assert_eq!(due(text, invoice), expected, "{text} {invoice}");
    }
}

#[test]
fn tm_10_after_the_25th_counts_as_next_month() {
    let t = terms("2/10 EOM, net EOM + 30");
    let until = |grace| {
        let context = DueContext {
            eom_grace_day: grace,
            ..DueContext::default()
        };
        due_dates(day("2026-03-27"), &t, &context).expect("dates")[0].discounts[0].until
    };
    assert_eq!(until(None), day("2026-04-10"));
    assert_eq!(until(Some(25)), day("2026-05-10"));
    assert_eq!(until(Some(27)), day("2026-04-10"));
}

#[test]
fn tm_12_sap_bands() {
    let text = "bands 9/10+1 25/25+1 31/10+2";
    assert_eq!(terms(text).plan, Plan::Single(Base::sap_bands()));
    for (invoice, expected) in [
        ("2026-03-09", "2026-04-10"),
        ("2026-03-25", "2026-04-25"),
        ("2026-03-26", "2026-05-10"),
    ] {
        assert_eq!(due(text, invoice), expected);
    }
}

#[test]
fn tm_13_before_and_at_delivery() {
    for text in ["CIA", "pia", "CWO", "CBS"] {
        let one =
            &due_dates(day("2026-03-05"), &terms(text), &DueContext::default()).expect(text)[0];
        assert!(one.proforma && one.due == day("2026-03-05"), "{text}");
    }
    let context = DueContext {
        delivery: Some(day("2026-03-09")),
        next_delivery: Some(day("2026-03-20")),
        ..DueContext::default()
    };
    assert_eq!(due_in("COD", "2026-03-05", &context), "2026-03-09");
    assert_eq!(due_in("CND", "2026-03-05", &context), "2026-03-20");
    assert_eq!(due_in("net 10 ROG", "2026-03-05", &context), "2026-03-19");
    let none = DueContext::default();
    assert_eq!(
        due_dates(day("2026-03-05"), &terms("COD"), &none),
        Err(DueError::NoAnchor {
            anchor: Anchor::Delivery
        })
    );
    assert_eq!(
        due_dates(day("2026-03-05"), &terms("CND"), &none),
        Err(DueError::NoNextDelivery)
    );
    assert_eq!(
        due_dates(day("2026-03-05"), &terms("net 10 ROI"), &none),
        Err(DueError::NoAnchor {
            anchor: Anchor::ReceiptOfInvoice
        })
    );
}

#[test]
fn tm_14_effective_due_is_beside_the_due_date() {
    let calendar = BusinessDays::default();
    let context = DueContext {
        roll: Roll::Following,
        calendar: Some(&calendar),
        ..DueContext::default()
    };
    let one = &due_dates(day("2026-01-29"), &terms("net 30"), &context).expect("dates")[0];
    assert_eq!(
        (one.due, one.effective_due),
        (day("2026-02-28"), day("2026-03-02"))
    );
}

#[test]
fn tm_15_refusals() {
    use TermsError::{
        DayOfMonth, DiscountAfterDue, DiscountOnPlan, Empty, NegativeDays, NoNet, Percent, Shares,
        Tiers, TooLong, Unexpected, ZeroDays,
    };
    for (text, error) in [
        ("", Empty),
        ("net -5", NegativeDays),
        ("2/0 n30", ZeroDays),
        ("0 months", ZeroDays),
        (
            "100/10 n30",
            Percent {
                rate: Ppm(1_000_000),
            },
        ),
        ("0/10 n30", Percent { rate: Ppm(0) }),
        ("2/40 n30", DiscountAfterDue),
        ("1/5, 2/10, n30", Tiers),
        ("2/10, 1/10, n30", Tiers),
        ("2/10", NoNet),
        ("2/10 CIA", DiscountOnPlan),
        (
            "50% 30; 49% 60",
            Shares {
                millionths: 990_000,
            },
        ),
        ("net 99999", TooLong),
        ("net 4000", TooLong),
        ("32 MFI", DayOfMonth { day: 32 }),
        ("day 0 after 1", DayOfMonth { day: 0 }),
        ("bands 9/10+1", TermsError::Bands),
        ("net", Unexpected { at: 3 }),
        ("net thirty", Unexpected { at: 4 }),
        ("net 30 bananas", Unexpected { at: 7 }),
        ("net 2.5", Unexpected { at: 4 }),
        ("ZT30", Unexpected { at: 0 }),
        ("30é", Unexpected { at: 2 }),
    ] {
        assert_eq!(Terms::parse(text), Err(error), "{text}");
    }
    // Whether a discount outlasts the term can depend on the invoice date.
    let t = terms("2/20 n EOM");
    assert!(due_dates(day("2026-03-05"), &t, &DueContext::default()).is_ok());
    assert_eq!(
        due_dates(day("2026-03-25"), &t, &DueContext::default()),
        Err(DueError::DiscountAfterDue {
            until: day("2026-04-14"),
            due: day("2026-03-31")
        })
    );
}

#[test]
fn ag_30_ag_31_instalments() {
    let t = terms("30% 30; 50% 60; 20% 90");
    let rows = due_dates(day("2026-03-01"), &t, &DueContext::default()).expect("dates");
    let dates: Vec<String> = rows.iter().map(|r| r.due.to_string()).collect();
    assert_eq!(dates, ["2026-03-31", "2026-04-30", "2026-05-30"]);
    let weights: Vec<u64> = rows.iter().map(|r| u64::from(r.share.0)).collect();
    assert_eq!(
        split::by_weights(300_000, &weights),
        Ok(vec![90_000, 150_000, 60_000])
    );
}

#[test]
fn tm_20_tm_22_what_a_discount_is_worth() {
    assert_eq!(
        earned_discount(29_700, Ppm(10_000), Rounding::HalfUp),
        Some(300)
    );
    assert_eq!(100_000 - 29_700 - 300, 70_000);
    let (simple, effective) = annual_cost(Ppm(20_000), 10, 30).expect("costs");
    let percent = |fraction: rust_decimal::Decimal| {
        Rounding::HalfUp
            .round(fraction * rust_decimal::Decimal::ONE_HUNDRED, 2)
            .to_string()
    };
    assert_eq!(
        (percent(simple), percent(effective)),
        ("37.24".to_owned(), "44.59".to_owned())
    );
    assert_eq!(annual_cost(Ppm(20_000), 30, 30), None);
    assert_eq!(annual_cost(Ppm::ONE, 10, 30), None);
    assert!(annual_cost(Ppm(999_999), 0, 1).is_none_or(|(s, _)| s > rust_decimal::Decimal::ZERO));
}

fn any_base() -> impl Strategy<Value = Base> {
    let band = (1u8..=31, 0u8..13).prop_map(|(day, months)| Band {
        to: 31,
        day,
        months,
    });
    prop_oneof![
        (0u16..3000).prop_map(Base::Days),
        (1u16..100).prop_map(Base::Months),
        (0u16..200).prop_map(|plus| Base::MonthEnd { plus }),
        (0u16..200).prop_map(|days| Base::DaysThenMonthEnd { days }),
        (1u16..200).prop_map(|days| Base::Ambiguous { days }),
        (1u8..=31, 0u8..24, prop::option::of(1u8..=31)).prop_map(|(day, months, cutoff)| {
            Base::Proximo {
                day,
                months,
                cutoff,
            }
        }),
        (1u8..=31, 0u16..200).prop_map(|(day, days)| Base::DayAtLeast { day, days }),
        Just(Base::sap_bands()),
        band.prop_map(|band| Base::Bands(vec![Band { to: 9, ..band }, band])),
    ]
}

fn any_anchor() -> impl Strategy<Value = Anchor> {
    prop::sample::select(vec![
        Anchor::Invoice,
        Anchor::Delivery,
        Anchor::ReceiptOfInvoice,
        Anchor::Statement,
    ])
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let discount =
        (1u32..500_000, 1u16..100, any_anchor()).prop_map(|(rate, days, anchor)| Discount {
            rate: Ppm(rate),
            base: Base::Days(days),
            anchor,
        });
    let single =
        (prop::option::of(discount), any_base(), any_anchor()).prop_map(|(d, base, anchor)| {
            Terms {
                discounts: d.into_iter().collect(),
                plan: Plan::Single(base),
                anchor,
            }
        });
    let instalments = (1u32..1_000_000, any_base(), any_base(), any_anchor()).prop_map(
        |(share, a, b, anchor)| Terms {
            discounts: Vec::new(),
            plan: Plan::Instalments(vec![(Ppm(share), a), (Ppm(1_000_000 - share), b)]),
            anchor,
        },
    );
    let prepay = Just(Terms {
        discounts: Vec::new(),
        plan: Plan::Prepay(Prepay::CashOnDelivery),
        anchor: Anchor::Invoice,
    });
    prop_oneof![3 => single, 2 => instalments, 1 => prepay]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_written_is_read_back(t in any_terms()) {
        prop_assume!(t.validate().is_ok());
        let text = t.to_string();
        prop_assert_eq!(Terms::parse(&text), Ok(t.clone()), "{}", text);
        let bytes = minicbor::to_vec(&t).expect("encodes");
        prop_assert_eq!(minicbor::decode::<Terms>(&bytes).expect("decodes"), t);
    }

    #[test]
    fn never_panics(t in any_terms(), n: i32, reading in prop::bool::ANY, grace in prop::option::of(0u8..40)) {
        let d = Some(Day(n));
        let reading = if reading { EomReading::DaysThenMonthEnd } else { EomReading::MonthEndThenDays };
        let context = DueContext {
            reading: Some(reading), eom_grace_day: grace, delivery: d, next_delivery: d, receipt_of_invoice: d, statement: d,
            ..DueContext::default()
        };
        if let Ok(rows) = due_dates(Day(n), &t, &context) {
            prop_assert_eq!(rows.iter().map(|r| r.share.0).sum::<u32>(), 1_000_000);
        }
    }

    #[test]
    fn never_panics_on_text(text in "[-0-9a-zA-Z/%,;+. é]{0,30}|(net|n|EOM|days|2/10|30|;|%|day|after|cutoff|bands|then-EOM| ){0,12}") {
        let _ = Terms::parse(&text);
    }
}
