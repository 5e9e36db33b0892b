use super::*;
use duebook_ledger::Uid;

fn d(month: u8, day: u8) -> Day {
    Day::from_ymd(2026, month, day).expect("a day")
}

fn key(number: &str) -> ItemKey {
    ItemKey {
        number: number.into(),
        entity: "1000".into(),
        ..ItemKey::default()
    }
}

fn items() -> Vec<OpenItem> {
    let item = |number: &str, open, due: Day, currency| OpenItem {
        key: key(number),
        currency,
        open,
        due: due.0,
    };
    vec![
        item("B", 50_000, d(10, 20), Currency::USD),
        item("A", 30_000, d(10, 1), Currency::USD),
        item("E", 10_000, d(10, 1), Currency::EUR),
        item("C", -5_000, d(9, 1), Currency::USD),
    ]
}

/// Read against Friday 20 November 2026, five hours behind UTC.
fn read<R>(f: impl FnOnce(&Facts<'_>) -> R) -> R {
    let policy = ContactPolicy::default();
    let calendar = BusinessDays::default();
    let items = items();
    f(&Facts {
        today: d(11, 20),
        order: DateOrder::Dmy,
        items: &items,
        policy: &policy,
        calendar: &calendar,
        zone: Some("America/New_York".into()),
        offset_at: &|_| Some(-300),
        next_run: Some(d(11, 30)),
        cut_off: None,
    })
}

fn promise(amount: &str, by: &str, items: &[&str]) -> CallDraft {
    CallDraft {
        outcome: "PTP".into(),
        currency: "USD".into(),
        amount: amount.into(),
        by: by.into(),
        items: items.iter().map(|n| key(n).into()).collect(),
        ..CallDraft::default()
    }
}

#[test]
fn every_error_is_said_at_once() {
    let draft = CallDraft {
        amount: "1.005".into(),
        by: "soon".into(),
        next: "1 nov 2026".into(),
        time: "25:00".into(),
        currency: "USD".into(),
        outcome: "PTP".into(),
        ..CallDraft::default()
    };
    let wrong = read(|f| draft.check(f)).expect_err("four things");
    let expected = [
        (At::Amount, Problem::Decimals(2)),
        (At::By, Problem::BadDate),
        (At::Time, Problem::BadTime),
        (At::Next, Problem::Past(d(11, 1))),
    ];
    assert_eq!(wrong, expected);
    assert_eq!(
        read(|f| CallDraft::default().check(f)),
        Err(vec![(At::Outcome, Problem::NoOutcome)])
    );
}

#[test]
fn pt_01_a_promise_covers_the_items_oldest_first_or_the_account() {
    let call = read(|f| promise("600.00", "30 nov", &["B", "A"]).check(f)).expect("whole");
    let lines = call.promise.expect("a promise").lines;
    let got: Vec<_> = lines
        .iter()
        .map(|l| (l.item.clone().map(|k| k.number), l.amount, l.date))
        .collect();
    assert_eq!(
        got,
        [
            (Some("A".into()), 30_000, d(11, 30)),
            (Some("B".into()), 30_000, d(11, 30))
        ]
    );
    let account = read(|f| promise("9,999", "fri", &[]).check(f))
        .expect("whole")
        .promise
        .expect("a promise");
    assert_eq!(
        (
            account.lines.len(),
            account.lines[0].item.clone(),
            account.lines[0].amount
        ),
        (1, None, 999_900)
    );
    let more = read(|f| promise("900", "fri", &["B", "A"]).check(f));
    assert_eq!(
        more,
        Err(vec![(
            At::Amount,
            Problem::MoreThanOpen(80_000, Currency::USD)
        )])
    );
    let mixed = read(|f| promise("100", "fri", &["B", "E"]).check(f));
    assert_eq!(mixed, Err(vec![(At::Amount, Problem::Currencies)]));
}

#[test]
fn nobody_reached_sets_the_next_try_by_policy() {
    for (code, day) in [
        ("NOANS", d(11, 23)),
        ("VM-LEFT", d(11, 24)),
        ("BUSY", d(11, 20)),
    ] {
        let draft = CallDraft {
            outcome: code.into(),
            ..CallDraft::default()
        };
        let next = read(|f| draft.check(f))
            .expect("whole")
            .next
            .expect("a retry");
        assert_eq!((next.due, next.retry, next.at), (day, true, None), "{code}");
    }
}

/// domain.md 9.2: each outcome drives the next step, shown before it is saved and changeable.
#[test]
fn who_was_spoken_to_has_a_next_step_by_policy() {
    let next = |draft: &CallDraft| read(|f| draft.check(f)).expect("whole").next;
    for (code, day) in [
        ("PAID-CLAIM", d(11, 23)),
        ("REFUSE", d(11, 23)),
        ("CASHFLOW", d(11, 27)),
        ("INFORMED", d(11, 27)),
        // The payer's next run.
        ("INPROC", d(11, 30)),
    ] {
        let mut draft = CallDraft {
            outcome: code.into(),
            ..CallDraft::default()
        };
        let by_policy = next(&draft).expect("a step");
        assert_eq!((by_policy.due, by_policy.retry), (day, false), "{code}");
        draft.next = "2 dec".into();
        let typed = next(&draft).expect("a step");
        assert_eq!((typed.due, typed.retry), (d(12, 2), false), "{code}");
    }
    // The case has its clock; after a stop nobody calls; a note is no contact.
    for (code, channel) in [("DISPUTE", "call"), ("INSOLV", "call"), ("REFUSE", "note")] {
        let draft = CallDraft {
            outcome: code.into(),
            channel: channel.into(),
            ..CallDraft::default()
        };
        assert_eq!(next(&draft), None, "{code}");
    }
}

#[test]
fn a_call_taken_up_is_something_to_park() {
    assert!(CallDraft::default().is_empty());
    let taken = CallDraft {
        began: 1,
        taken: true,
        ..CallDraft::default()
    };
    // A key that needs nothing typed still does.
    assert!(!taken.is_empty() && taken.is_untyped());
}

#[test]
fn a_call_back_is_an_instant_in_the_debtors_zone() {
    let draft = CallDraft {
        outcome: "CALLBACK".into(),
        next: "mon".into(),
        time: "10:00".into(),
        ..CallDraft::default()
    };
    let next = read(|f| draft.check(f))
        .expect("whole")
        .next
        .expect("a step");
    assert_eq!(
        next.at,
        Some(i64::from(d(11, 23).0) * 86_400_000 + 15 * 3_600_000)
    );
    assert_eq!(next.zone.as_deref(), Some("America/New_York"));
    let nowhere = read(|f| {
        let Facts {
            today,
            order,
            items,
            policy,
            calendar,
            next_run,
            cut_off,
            ..
        } = *f;
        draft.check(&Facts {
            today,
            order,
            items,
            policy,
            calendar,
            zone: None,
            offset_at: &|_| None,
            next_run,
            cut_off,
        })
    });
    assert_eq!(nowhere, Err(vec![(At::Time, Problem::NoZone)]));
}

#[test]
fn a_note_needs_no_outcome_and_a_draft_survives_the_tab() {
    let draft = CallDraft {
        channel: "note".into(),
        note: "x".into(),
        items: vec![key("A").into()],
        ..CallDraft::default()
    };
    assert_eq!(
        read(|f| draft.check(f)).expect("whole").outcome,
        Outcome::Informed
    );
    assert!(!draft.is_empty() && CallDraft::default().is_empty());
    let back: ItemKey = draft.items[0].clone().into();
    assert_eq!(back, key("A"));
}

#[test]
fn ca_01_a_payment_pays_the_oldest_first_and_the_rest_stays_unapplied() {
    let draft = PaymentDraft {
        number: "R1".into(),
        date: "18 nov 2026".into(),
        currency: "USD".into(),
        amount: "1,000".into(),
        items: vec![key("B").into(), key("A").into()],
    };
    let p = read(|f| draft.check(f)).expect("whole");
    assert_eq!(p.applications, [(key("A"), 30_000), (key("B"), 50_000)]);
    assert_eq!((p.amount, p.value_date), (100_000, d(11, 18)));
    let wrong = read(|f| PaymentDraft::default().check(f)).expect_err("three things");
    assert_eq!(
        wrong,
        [
            (At::Number, Problem::NoNumber),
            (At::Date, Problem::NoDate),
            (At::Amount, Problem::Currencies)
        ]
    );
}

#[test]
fn a_fact_key_reads_what_it_writes() {
    let k = FactKey {
        command: Uid([0xab; 16]),
        ordinal: 7,
    };
    assert_eq!(fact_key(&k.to_string()), Some(k));
    for bad in ["", ":", "zz:1", "abab:1"] {
        assert_eq!(fact_key(bad), None);
    }
}
