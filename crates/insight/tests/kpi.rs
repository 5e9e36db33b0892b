//! Key figures of a small month, by hand (domain.md §2).
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00

mod support;

use duebook_insight::kpi::*;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::*;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::reporting::{FrozenList, ReportingCommand, SalesRow};
use duebook_ledger::{Command, Seq};
use duebook_money::Currency;
use support::*;

fn period(from: &str, to: &str) -> Period {
    Period {
        from: day(from),
        to: day(to),
    }
}

fn ask(period: Period) -> Ask {
    Ask {
        period,
        known: None,
        scope: Whose::default(),
        by: By::Nothing,
    }
}

fn eur(gathered: &Gathered, id: &str) -> Kpi {
    let all = gathered.kpis(0, In::Own(Currency::EUR));
    all.into_iter().find(|k| k.definition.id == id).unwrap()
}

fn per_mille(kpi: &Kpi) -> Option<i128> {
    kpi.value.ratio()?.rounded(1000)
}

/// A book that is the ledger: four invoices past due on 31 March, and an April in which each fared
/// otherwise.
fn april() -> Desk {
    let mut d = Desk::new(true, "2026-03-01");
    d.customer("C1");
    let invoices = [
        ("I1", 100_00),
        ("I2", 200_00),
        ("I3", 300_00),
        ("I4", 400_00),
    ];
    for (number, amount) in invoices {
        d.issue(
            "C1",
            ItemKind::Invoice,
            number,
            "2026-02-10",
            &[("2026-03-12", amount)],
        );
    }
    d.issue(
        "C1",
        ItemKind::Invoice,
        "N1",
        "2026-03-20",
        &[("2026-04-19", 1_000_00)],
    );
    d.at("2026-04-02");
    // I1 paid in full, late by 21 days.
    d.receipt(
        own("C1"),
        "R1",
        "2026-04-02",
        100_00,
        &[(item("I1", ""), 100_00)],
    );
    // I2 half by a credit memo.
    d.issue(
        "C1",
        ItemKind::CreditMemo,
        "CM",
        "2026-04-05",
        &[("2026-04-05", 100_00)],
    );
    d.run(Command::ApplyCredit {
        credit: credit("CM"),
        item: item("I2", ""),
        amount: 100_00,
        effective: day("2026-04-06"),
        with: Vec::new(),
    });
    // I3 gets another date: re-aged.
    d.at("2026-04-10");
    d.run(Command::SetField {
        items: vec![item("I3", "")],
        field: CollectorField::AgingAnchor,
        value: "2026-05-31".into(),
    });
    // N1, not on the list, is paid early.
    d.receipt(
        own("C1"),
        "R2",
        "2026-04-14",
        1_000_00,
        &[(item("N1", ""), 1_000_00)],
    );
    d.at("2026-04-30");
    d
}

#[test]
fn kp_20_kp_23_what_became_of_the_opening_list() {
    let d = april();
    let g = Gathered::new(&d.book, ask(period("2026-04-01", "2026-04-30")));
    let rate = eur(&g, "KP-20");
    // As known now I3 was never past due on 31 March: its date was moved. A list that is not
    // frozen forgets that, and says so.
    let parts = (rate.numerator, rate.denominator);
    let money = |minor| Some(Part::Money(minor, Currency::EUR));
    assert_eq!(parts, (money(100_00), money(700_00)));
    assert_eq!((per_mille(&rate), rate.n), (Some(143), 3));
    assert!(rate.note.contains("not frozen"), "{}", rate.note);
    let credited = eur(&g, "KP-23/credited");
    assert_eq!(per_mille(&credited), Some(143), "a credit is no collection");
    assert_eq!(per_mille(&eur(&g, "KP-23")), Some(286));
}

#[test]
fn kp_23_re_aged_is_a_column_of_its_own_on_a_frozen_list() {
    let mut d = april();
    // As known on 31 March, before anything of April: the sixth commit is the last invoice.
    let known = Seq(7);
    d.run(Command::Reporting(ReportingCommand::FreezeList(
        FrozenList {
            from: day("2026-04-01"),
            to: day("2026-04-30"),
            known,
            refresh: "month end".into(),
            closed: false,
            totals: ControlTotals::default(),
        },
    )));
    let g = Gathered::new(&d.book, ask(period("2026-04-01", "2026-04-30")));
    assert_eq!(g.list, Some((known, false)));
    assert_eq!(per_mille(&eur(&g, "KP-20")), Some(100));
    assert_eq!(per_mille(&eur(&g, "KP-23/reaged")), Some(300));
    assert_eq!(
        per_mille(&eur(&g, "KP-23")),
        Some(500),
        "100 paid + 100 credited + 300 re-aged"
    );
    let rate = eur(&g, "KP-20");
    assert!(rate.note.contains("provisional"));
    let last = rate.steps.last().unwrap();
    assert_eq!(
        last.part,
        Part::Money(500_00, Currency::EUR),
        "still past due: {:?}",
        rate.steps
    );
    let rows = rows(
        &d.book,
        &g.ask,
        In::Own(Currency::EUR),
        "KP-23/reaged",
        None,
    );
    assert_eq!(rows.iter().map(|r| r.counted).sum::<i128>(), 300_00);
}

#[test]
fn kp_09_kp_10_days_of_the_cash_applied() {
    let d = april();
    let g = Gathered::new(&d.book, ask(period("2026-04-01", "2026-04-30")));
    // 100 x 21 days late and 1,000 x 5 days early.
    let signed = eur(&g, "KP-09");
    assert_eq!(
        signed.value,
        Value::Is(Ratio::new(100 * 21 - 1_000 * 5, 1_100).unwrap())
    );
    let floored = eur(&g, "KP-09/floor");
    assert_eq!(
        floored.value,
        Value::Is(Ratio::new(100 * 21, 1_100).unwrap())
    );
    // 51 days after its document, and 25.
    let paid = eur(&g, "KP-10");
    assert_eq!(
        paid.value,
        Value::Is(Ratio::new(100 * 51 + 1_000 * 25, 1_100).unwrap())
    );
    assert_eq!(paid.n, 2);
}

#[test]
fn kp_01_an_own_ledger_knows_its_sales() {
    let d = april();
    let g = Gathered::new(&d.book, ask(period("2026-02-01", "2026-04-30")));
    assert_eq!(g.sales.from, SalesFrom::OwnLedger);
    // 1,000 of February, 1,000 of March, a credit of 100 in April; 800 open.
    let dso = eur(&g, "KP-01");
    assert_eq!(dso.value, Value::Is(Ratio::new(800 * 89, 1_900).unwrap()));
    assert_eq!(dso.shown(), Some(375), "37.5 days");
    assert_eq!(
        eur(&g, "KP-02").value,
        dso.value,
        "the last three months are these"
    );
    // Of April there were more credits than sales: its 30 days, then 800/1000 of March.
    let back = eur(&g, "KP-03").value;
    assert_eq!(back, Value::Is(Ratio::new(30 * 10 + 31 * 8, 10).unwrap()));
    let part = Gathered::new(&d.book, ask(period("2026-04-01", "2026-04-20")));
    assert_eq!(
        eur(&part, "KP-01").value,
        Value::NotAvailable(Why::NotWholeMonths)
    );
}

#[test]
fn kp_03_without_sales_it_says_which_file_is_missing() {
    let mut d = Desk::new(false, "2026-04-30");
    let rows = [Row::new("A", "1", "2026-01-05", "2026-02-04", 212_000_00)];
    d.import("2026-04-30", Scope::Everything, &rows).unwrap();
    let asked = ask(period("2026-04-01", "2026-04-30"));
    let g = Gathered::new(&d.book, asked.clone());
    assert_eq!(eur(&g, "KP-03").value, Value::NotAvailable(Why::NoSales));
    let history = eur(&g, "KP-20").value;
    assert!(
        matches!(history, Value::NotAvailable(Why::NoHistory(b)) if b.take_on == day("2026-04-30"))
    );
    let sale = |month: &str, minor| SalesRow {
        customer: "A".into(),
        month: day(month),
        currency: Currency::EUR,
        minor,
    };
    let sales = |rows| {
        Command::Reporting(ReportingCommand::ImportSales {
            facts: ImportFacts::new(ImportKind::Sales, "ERP", "sales.csv", day("2026-04-30")),
            rows,
        })
    };
    d.run(sales(vec![
        sale("2026-04-01", 100_000_00),
        sale("2026-03-01", 80_000_00),
    ]));
    let g = Gathered::new(&d.book, asked.clone());
    assert_eq!(g.sales.from, SalesFrom::Files);
    let back = eur(&g, "KP-03").value;
    assert_eq!(back, Value::AtLeast(Ratio::whole(61)), "never extrapolated");
    d.run(sales(vec![sale("2026-02-01", 70_000_00)]));
    let g = Gathered::new(&d.book, asked);
    let back = eur(&g, "KP-03");
    // 30 + 31 days, and 32/70 of 28.
    assert_eq!(
        back.value,
        Value::Is(Ratio::new(61 * 70 + 28 * 32, 70).unwrap())
    );
    let missing = Gathered::new(
        &d.book,
        Ask {
            scope: Whose {
                entity: Some(0),
                ..Whose::default()
            },
            ..ask(period("2026-04-01", "2026-04-30"))
        },
    );
    assert_eq!(
        eur(&missing, "KP-03").value,
        Value::NotAvailable(Why::NotByEntity)
    );
}

#[test]
fn ag_08_a_missing_rate_refuses_every_total() {
    let mut d = Desk::new(false, "2026-04-30");
    let rows = [
        Row::new("A", "1", "2026-01-05", "2026-02-04", 100_00),
        Row {
            currency: Currency::USD,
            ..Row::new("A", "2", "2026-01-05", "2026-02-04", 50_00)
        },
    ];
    d.import("2026-01-31", Scope::Everything, &rows).unwrap();
    let g = Gathered::new(&d.book, ask(period("2026-04-01", "2026-04-30")));
    let all = g.kpis(0, In::Reporting);
    let sums = all
        .iter()
        .filter(|k| k.definition.stands() == Stands::Money);
    let refused = |k: &Kpi| {
        matches!(
            k.value,
            Value::NotAvailable(Why::Rate(_) | Why::OneCurrency)
        )
    };
    assert!(sums.clone().count() > 20 && sums.clone().all(refused));
    assert_eq!(per_mille(&eur(&g, "KP-08/90")), Some(0), "85 days late");
    assert_eq!(g.currencies(), [Currency::EUR, Currency::USD]);
}

#[test]
fn kp_30_to_kp_37_contacts_of_a_period() {
    use duebook_ledger::command::{LogContact, NewFollowUp, NewPromise, NewPromiseLine};
    let mut d = Desk::new(true, "2026-03-01");
    d.customer("C1");
    d.issue(
        "C1",
        ItemKind::Invoice,
        "I1",
        "2026-02-10",
        &[("2026-03-12", 100_00)],
    );
    let mut call = |outcome, on: &str, promises: bool| {
        let at = i64::from(day(on).0) * 86_400_000 + 36_000_000;
        d.at(on);
        let promise = NewPromise {
            currency: Currency::EUR,
            lines: vec![NewPromiseLine {
                item: Some(item("I1", "")),
                amount: 50_00,
                date: day("2026-03-20"),
            }],
            method: None,
            evidence: None,
        };
        d.run(Command::LogContact(LogContact {
            customer: own("C1"),
            contact: None,
            channel: Channel::Call,
            outcome,
            at,
            local_offset: None,
            seconds: 60,
            note: None,
            items: Vec::new(),
            promise: promises.then_some(promise),
            follow_up: None::<NewFollowUp>,
            closes: Vec::new(),
        }));
    };
    call(Outcome::NoAnswer, "2026-03-13", false);
    call(Outcome::Gatekeeper, "2026-03-13", false);
    call(Outcome::InProcess, "2026-03-13", false);
    call(Outcome::Promise, "2026-03-14", true);
    d.receipt(
        own("C1"),
        "R",
        "2026-03-18",
        50_00,
        &[(ItemKey::default(), 0)][..0],
    );
    d.at("2026-03-31");
    let g = Gathered::new(&d.book, ask(period("2026-03-01", "2026-03-31")));
    assert_eq!(per_mille(&eur(&g, "KP-30/attempts")), Some(500));
    assert_eq!(per_mille(&eur(&g, "KP-30/connects")), Some(667));
    assert_eq!(per_mille(&eur(&g, "KP-31")), Some(500));
    assert_eq!(eur(&g, "KP-32").n, 1);
    assert_eq!(per_mille(&eur(&g, "KP-37")), Some(0));
    let shift = eur(&g, "KP-35/contacts").value;
    assert!(matches!(shift, Value::NotAvailable(Why::NotRecorded(_))));
}

/// A book made from invoices with their payments knows its history back to the oldest of them.
#[test]
fn kp_20_invoices_with_their_payments_are_a_history() {
    let mut d = Desk::new(false, "2026-04-30");
    let rows = [
        Row::new("A", "1", "2026-01-05", "2026-02-04", 100_00),
        Row::new("A", "2", "2026-01-06", "2026-02-05", 50_00),
    ];
    let totals = ControlTotals::default();
    let mut facts = import_facts(day("2026-04-30"), Scope::TheseRows, totals);
    facts.kind = ImportKind::Invoices;
    let (incoming, totals, _) = stage(&d.book, &facts, &rows);
    facts.totals = totals;
    d.try_run(Command::ImportItems(facts), incoming).unwrap();
    d.pay_file("2026-04-30", vec![pay_row("A", "1", "2026-04-10", 100_00)])
        .unwrap();
    let of = |from, to| Gathered::new(&d.book, ask(period(from, to)));
    let rate = eur(&of("2026-04-01", "2026-04-30"), "KP-20");
    assert_eq!(rate.value, Value::Is(Ratio::new(100, 150).unwrap()));
    // Of days before the oldest document nothing is known.
    let before = eur(&of("2026-01-01", "2026-01-31"), "KP-20");
    let Value::NotAvailable(Why::NoHistory(b)) = before.value else {
        panic!("{:?}", before.value)
    };
    assert_eq!(b.take_on, day("2026-01-05"));
}
