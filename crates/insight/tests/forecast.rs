//! Frozen forecasts against what came (KP-26, domain.md §2.2 and §2.7).
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;

use duebook_insight::aging::{AgingQuery, aging};
use duebook_insight::kpi::*;
use duebook_insight::reports::{Drawing, report_kind};
use duebook_insight::risk::{History, frozen};
use duebook_insight::tie_out::tie_out;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Scope;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::reporting::*;
use duebook_ledger::{Command, Refusal, Seq, Uid, View};
use duebook_money::{Currency, Day};
use duebook_policy::{Rate, RateTable};
use duebook_sheet::Cell;
use rust_decimal::Decimal;
use support::*;

fn ask(from: Day, to: Day) -> Ask {
    Ask {
        period: Period { from, to },
        known: None,
        scope: Whose::default(),
        by: By::Nothing,
    }
}

fn kpi(g: &Gathered, id: &str, currency: In) -> Kpi {
    let all = g.kpis(0, currency);
    all.into_iter().find(|k| k.definition.id == id).unwrap()
}

fn per_mille(kpi: &Kpi) -> Option<i128> {
    kpi.value.ratio()?.rounded(1000)
}

const EUR: In = In::Own(Currency::EUR);

/// A forecast as of the desk's day: committed of each week, by currency.
fn said(d: &Desk, weeks: &[(Currency, &[i64])]) -> FrozenForecast {
    let week = |committed: &i64| ForecastWeek {
        committed: *committed,
        ..ForecastWeek::default()
    };
    let cash = |(currency, weeks): &(Currency, &[i64])| FrozenCash {
        currency: *currency,
        weeks: weeks.iter().map(week).collect(),
        later: ForecastWeek::default(),
        open: 0,
    };
    FrozenForecast {
        as_of: d.today,
        known: d.book.head(),
        currencies: weeks.iter().map(cash).collect(),
    }
}

fn freeze(d: &mut Desk, weeks: &[(Currency, &[i64])]) {
    let forecast = said(d, weeks);
    d.run(Command::Reporting(ReportingCommand::FreezeForecast(
        forecast,
    )));
}

/// A ledger with one large invoice, on a Monday.
fn desk() -> Desk {
    let mut d = Desk::new(true, "2026-03-02");
    d.customer("C1");
    d.issue(
        "C1",
        ItemKind::Invoice,
        "I1",
        "2026-02-01",
        &[("2026-03-03", 10_000_00)],
    );
    d
}

fn pay(d: &mut Desk, number: &str, on: &str, amount: i64) {
    d.at(on);
    d.receipt(own("C1"), number, on, amount, &[(item("I1", ""), amount)]);
}

#[test]
fn kp_26_oracle_fifteen_per_cent_off_five_too_little() {
    let mut d = desk();
    // Expected 110 and then 80; 100 came in each week. By the second forecast the next week is 80.
    freeze(&mut d, &[(Currency::EUR, &[110_00, 500_00])]);
    pay(&mut d, "R1", "2026-03-09", 100_00);
    freeze(&mut d, &[(Currency::EUR, &[80_00])]);
    pay(&mut d, "R2", "2026-03-16", 100_00);
    let (from, to) = (day("2026-03-03"), day("2026-03-16"));
    let g = Gathered::new(&d.book, ask(from, to));
    let (error, bias) = (kpi(&g, "KP-26", EUR), kpi(&g, "KP-26/bias", EUR));
    assert_eq!(
        (per_mille(&error), per_mille(&bias)),
        (Some(150), Some(-50))
    );
    let money = |m| Some(Part::Money(m, Currency::EUR));
    assert_eq!(
        (error.n, error.numerator, error.denominator),
        (2, money(30_00), money(200_00))
    );
    // Two weeks ahead: 500 expected where 100 came.
    let far = g.horizons(EUR).unwrap()[1];
    assert_eq!((far.ahead, far.weeks, far.off), (1, 1, 400_00));
    assert_eq!(far.bias(), Ratio::new(4, 1));
    assert_eq!(error.steps.last().unwrap().part, Part::Share(far.error()));
    // A week is judged in the period its last day is in.
    let first = Gathered::new(&d.book, ask(from, day("2026-03-15")));
    assert_eq!(per_mille(&kpi(&first, "KP-26", EUR)), Some(100));
    let second = Gathered::new(&d.book, ask(day("2026-03-10"), to));
    assert_eq!(per_mille(&kpi(&second, "KP-26", EUR)), Some(200));
    // The rows add up to what came.
    let behind = rows(&d.book, &g.ask, EUR, "KP-26", None);
    assert_eq!(behind.iter().map(|r| r.counted).sum::<i128>(), 200_00);
}

#[test]
fn kp_26_nothing_frozen_is_no_figure_and_a_part_of_the_desk_has_none() {
    let mut d = desk();
    let whole = ask(day("2026-03-03"), day("2026-03-09"));
    let none = kpi(&Gathered::new(&d.book, whole.clone()), "KP-26", EUR);
    assert!(matches!(
        none.value,
        Value::NotAvailable(Why::NotRecorded(what)) if what.contains("frozen")
    ));
    freeze(&mut d, &[(Currency::EUR, &[110_00])]);
    let frozen = d.book.head();
    // Nothing came: it would divide by zero.
    d.at("2026-03-09");
    let zero = kpi(&Gathered::new(&d.book, whole.clone()), "KP-26", EUR);
    assert_eq!(zero.value, Value::NotAvailable(Why::NothingToDivideBy));
    pay(&mut d, "R1", "2026-03-09", 100_00);
    let part = Ask {
        by: By::Customer,
        ..whole.clone()
    };
    let part = kpi(&Gathered::new(&d.book, part), "KP-26", EUR);
    assert_eq!(part.value, Value::NotAvailable(Why::WholeDeskOnly));
    let now = || kpi(&Gathered::new(&d.book, whole.clone()), "KP-26", EUR);
    assert_eq!(per_mille(&now()), Some(100));
    // As known before the money, and before the forecast.
    let known = |seq| {
        let asked = Ask {
            known: Some(seq),
            ..whole.clone()
        };
        kpi(&Gathered::new(&d.book, asked), "KP-26", EUR).value
    };
    assert_eq!(known(frozen), Value::NotAvailable(Why::NothingToDivideBy));
    assert!(matches!(
        known(Seq(frozen.0 - 1)),
        Value::NotAvailable(Why::NotRecorded(_))
    ));
    // The week that is not over yet is not judged.
    let early = Gathered::new(&d.book, ask(day("2026-03-03"), day("2026-03-08")));
    assert_eq!(early.judged_weeks(), Some(&[][..]));
    d.run(Command::Undo { commit: frozen });
    let undone = kpi(&Gathered::new(&d.book, whole), "KP-26", EUR);
    assert_eq!(undone.value.ratio(), None);
}

#[test]
fn kp_26_presumed_money_stands_apart_and_returned_money_did_not_come() {
    let mut d = Desk::new(false, "2026-03-02");
    let rows = |open: [i64; 2]| {
        let of = |n: &str| Row::new("A", n, "2026-01-01", "2026-01-31", 500_00);
        vec![of("I1").open(open[0]), of("I2").open(open[1])]
    };
    d.import("2026-03-02", Scope::Everything, &rows([500_00, 500_00]))
        .unwrap();
    freeze(&mut d, &[(Currency::EUR, &[400_00])]);
    d.at("2026-03-05");
    let receipt = |d: &mut Desk, number: &str, amount| {
        d.receipt(
            erp("A"),
            number,
            "2026-03-05",
            amount,
            &[(erp_item("I1"), amount)],
        )
    };
    receipt(&mut d, "R1", 100_00);
    receipt(&mut d, "R2", 50_00);
    d.run(Command::ReturnReceipt {
        receipt: credit("R2"),
        effective: day("2026-03-08"),
    });
    d.at("2026-03-09");
    d.import("2026-03-09", Scope::Everything, &rows([400_00, 350_00]))
        .unwrap();
    let g = Gathered::new(&d.book, ask(day("2026-03-03"), day("2026-03-09")));
    let week = g.judged_weeks().unwrap()[0];
    assert_eq!((week.came.cash, week.came.presumed), (100_00, 150_00));
    assert_eq!(week.off(), 150_00);
    // As of the day before the list only the cash had come, and the week was not over.
    let shorter = Gathered::new(&d.book, ask(day("2026-03-03"), day("2026-03-08")));
    assert_eq!(shorter.judged_weeks(), Some(&[][..]));
}

#[test]
fn kp_26_each_sum_is_converted_once() {
    let mut d = Desk::new(false, "2026-03-02");
    let mut dollars = Row::new("A", "I2", "2026-01-01", "2026-01-31", 500_00);
    dollars.currency = Currency::USD;
    let rows = vec![
        Row::new("A", "I1", "2026-01-01", "2026-01-31", 500_00),
        dollars,
    ];
    d.import("2026-03-02", Scope::Everything, &rows).unwrap();
    freeze(
        &mut d,
        &[(Currency::EUR, &[100_00]), (Currency::USD, &[300_00])],
    );
    d.at("2026-03-09");
    d.receipt(
        erp("A"),
        "R1",
        "2026-03-04",
        200_00,
        &[(erp_item("I1"), 200_00)],
    );
    let whole = ask(day("2026-03-03"), day("2026-03-09"));
    let g = Gathered::new(&d.book, whole.clone());
    let refused = kpi(&g, "KP-26", In::Reporting);
    assert!(matches!(refused.value, Value::NotAvailable(Why::Rate(_))));
    let mut rates = RateTable::new(Currency::EUR);
    rates
        .add(Rate {
            currency: Currency::USD,
            from: day("2026-03-01"),
            value: Decimal::new(5, 1),
            source: "ECB".into(),
        })
        .unwrap();
    d.run(Command::SetPolicy(PolicyChange::Rates(rates)));
    let g = Gathered::new(&d.book, whole);
    // 100 too little in EUR, 300 USD or 150 EUR too much: 250 off of 200, and 50 too much.
    let h = g.horizons(In::Reporting).unwrap()[0];
    assert_eq!((h.weeks, h.off, h.expected), (2, 250_00, 250_00));
    assert_eq!(h.bias(), Ratio::new(50, 200));
    assert_eq!(g.horizons(In::Own(Currency::USD)).unwrap()[0].error(), None);
}

#[test]
fn kp_26_what_came_is_the_money_of_the_roll_forward() {
    // Thirteen weeks of money of all kinds: the weeks add up to cash received and presumed paid.
    for seed in 1..=12u64 {
        let mut state = seed;
        let mut next = move |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let start = day("2026-03-02");
        let mut d = Desk::new(false, "2026-03-02");
        let mut open: Vec<i64> = (0..6).map(|n| 500_00 + n * 100_00).collect();
        let list = |open: &[i64]| -> Vec<Row> {
            let of = |(n, open): (usize, &i64)| {
                let amount = 500_00 + n as i64 * 100_00;
                Row::new("A", &format!("I{n}"), "2026-01-01", "2026-01-31", amount).open(*open)
            };
            open.iter().enumerate().map(of).collect()
        };
        d.import("2026-03-02", Scope::Everything, &list(&open))
            .unwrap();
        let weeks = [10_00i64; 4];
        freeze(&mut d, &[(Currency::EUR, &weeks)]);
        for n in 1..=28 {
            d.today = start.plus(n);
            let on = d.today.to_string();
            let at = next(6) as usize;
            let number = format!("R{n}");
            match next(4) {
                0 if open[at] >= 20_00 => {
                    let to = [(erp_item(&format!("I{at}")), 20_00)];
                    d.receipt(erp("A"), &number, &on, 30_00, &to);
                    if next(2) == 0 {
                        d.run(Command::ReturnReceipt {
                            receipt: credit(&number),
                            effective: d.today,
                        });
                    }
                }
                1 if open[at] >= 40_00 => {
                    open[at] -= 15_00;
                    let _ = d.import(&on, Scope::Everything, &list(&open));
                }
                2 => {
                    d.receipt(erp("A"), &number, &on, 5_00, &[]);
                }
                _ => {}
            }
        }
        let g = Gathered::new(&d.book, ask(start.plus(1), start.plus(28)));
        let base = g.base(0, EUR).unwrap();
        let all = g.horizons(EUR).unwrap();
        assert_eq!(all.len(), 4);
        let sum = |of: fn(&Horizon) -> i128| all.iter().map(of).sum::<i128>();
        assert_eq!(
            (sum(|h| h.came.cash), sum(|h| h.came.presumed)),
            (base.of(Sum::Received), base.of(Sum::Presumed)),
            "seed {seed}"
        );
        assert!(base.of(Sum::Received) != 0, "seed {seed}");
        // The rows are those of the next week alone.
        let behind = rows(&d.book, &g.ask, EUR, "KP-26", None);
        let came = behind.iter().map(|r| r.counted).sum::<i128>();
        assert_eq!(came, all[0].came.total(), "seed {seed}");
    }
}

#[test]
fn section_10_the_sheet_says_what_the_figure_says() {
    let mut d = desk();
    freeze(&mut d, &[(Currency::EUR, &[110_00, 70_00])]);
    pay(&mut d, "R1", "2026-03-09", 100_00);
    pay(&mut d, "R2", "2026-03-16", 100_00);
    let query = AgingQuery::new(&d.book, View::on(d.today));
    let aged = aging(&d.book, &query).unwrap();
    let tied = tie_out(&d.book, &query, &aged);
    let texts = |_: Uid| None::<String>;
    let period = Period {
        from: day("2026-03-01"),
        to: d.today,
    };
    let drawing = Drawing::new(&d.book, &texts, (query, aged, tied), period);
    let sheet = (report_kind("forecast-actual").unwrap().draw)(&drawing);
    let at = |header: &str| {
        let found = sheet.columns.iter().position(|c| c.header == header);
        found.unwrap_or_else(|| panic!("{header}"))
    };
    let money = |row, header: &str| match (sheet.cell)(row, at(header)) {
        Cell::Money { minor, .. } => minor,
        other => panic!("{other:?}"),
    };
    assert_eq!(sheet.rows, 2);
    for (row, (expected, off)) in [(110_00, 10_00), (70_00, -30_00)].into_iter().enumerate() {
        let found = ["Expected", "Cash received", "Presumed paid", "Came"].map(|h| money(row, h));
        assert_eq!(found, [expected, 100_00, 0, 100_00]);
        assert_eq!(money(row, "Expected less came"), off);
    }
    // 30 of 100 off, and too little, two weeks ahead.
    let share = |header: &str| (sheet.cell)(1, at(header)).plain();
    assert_eq!(
        [share("Error of the horizon"), share("Bias of the horizon")],
        ["0.3000", "-0.3000"]
    );
}

#[test]
fn section_2_7_what_is_frozen_is_what_the_page_shows() {
    let mut d = desk();
    d.promise(own("C1"), &[(Some(item("I1", "")), 300_00, "2026-03-06")]);
    let view = View::on(d.today);
    let history = History::of(&d.book, view);
    let shown = duebook_insight::risk::forecast(&d.book, view, &history).remove(0);
    let fact = frozen(&d.book, d.today, d.book.head(), &history);
    let cash = &fact.currencies[0];
    assert_eq!((cash.weeks.len(), cash.open), (13, 10_000_00));
    assert_eq!(cash.weeks[..], shown.weeks[..13]);
    assert_eq!(cash.later, shown.weeks[13]);
    d.run(Command::Reporting(ReportingCommand::FreezeForecast(
        fact.clone(),
    )));
    // What comes in later leaves it as it was.
    pay(&mut d, "R1", "2026-03-06", 300_00);
    let stands = d
        .book
        .frozen_forecasts(|s| d.book.is_live(s))
        .next()
        .unwrap();
    assert_eq!(stands.fact, fact);
    let again = Command::Reporting(ReportingCommand::FreezeForecast(fact));
    let refused = d.try_run(again, Default::default()).unwrap_err();
    assert!(matches!(refused, Refusal::ForecastStands(_)));
}
