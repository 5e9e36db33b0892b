//! Opening lists, frozen forecasts, issued reports and sales per month: what is refused, undone, and
//! stored.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::facts::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::reporting::*;
use duebook_ledger::*;
use duebook_money::{Currency, Day};
use duebook_policy::{Pack, ReportingPolicy, Rhythm, Target};
use support::*;

fn story() -> Story {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = doc;
    s.import(
        doc.plus(31),
        &[row("HQ", "A", doc, doc.plus(15), 100_00, 100_00)],
    );
    s
}

fn list(known: Seq) -> FrozenList {
    FrozenList {
        from: day(2026, 4, 1),
        to: day(2026, 4, 30),
        known,
        refresh: "ERP, open.csv".into(),
        closed: false,
        totals: ControlTotals {
            count: 1,
            sums: vec![(Currency::EUR, 100_00)],
            hash_total: 0,
        },
    }
}

fn issued(known: Seq) -> IssuedReport {
    IssuedReport {
        name: "Weekly".into(),
        reports: vec!["aging".into(), "kpis".into()],
        from: day(2026, 4, 1),
        as_of: day(2026, 4, 7),
        known,
        file: "weekly.xlsx".into(),
        hash: [7; 32],
        bytes: 1234,
        passed: 4,
        controls: 4,
        stood: Stood::Reconciled,
        totals: ControlTotals::default(),
        figures: vec![IssuedFigure {
            name: "total".into(),
            currency: Some(Currency::EUR),
            value: 100_00,
        }],
        reason: String::new(),
    }
}

/// The forecast of the story's day.
fn forecast(s: &Story, expected: i64) -> FrozenForecast {
    let week = |committed| ForecastWeek {
        committed,
        statistical: 5_00,
        upside: 1_00,
    };
    FrozenForecast {
        as_of: s.today,
        known: s.book.head(),
        currencies: vec![FrozenCash {
            currency: Currency::EUR,
            weeks: vec![week(expected), week(0)],
            later: ForecastWeek::default(),
            open: 100_00,
        }],
    }
}

fn freeze_forecast(forecast: FrozenForecast) -> Command {
    Command::Reporting(ReportingCommand::FreezeForecast(forecast))
}

fn freeze(list: FrozenList) -> Command {
    Command::Reporting(ReportingCommand::FreezeList(list))
}

fn sales(s: &Story, rows: &[(&str, u8, i64)]) -> Command {
    let row = |(customer, month, minor): &(&str, u8, i64)| SalesRow {
        customer: (*customer).to_owned(),
        month: day(2026, *month, 1),
        currency: Currency::EUR,
        minor: *minor,
    };
    Command::Reporting(ReportingCommand::ImportSales {
        facts: s.facts(ImportKind::Sales, s.today, Scope::TheseRows),
        rows: rows.iter().map(row).collect(),
    })
}

#[test]
fn kp_20_an_opening_list_stays_until_it_is_closed() {
    let mut s = story();
    let known = s.book.head();
    let period = (day(2026, 4, 1), day(2026, 4, 30));
    let first = s.when(freeze(list(known)));
    let now = |s: &Story| {
        let found = s.book.frozen_list(period, |c| s.book.is_live(c));
        found.map(|l| (l.fact.known, l.fact.closed))
    };
    assert_eq!(now(&s), Some((known, false)));
    assert!(matches!(
        s.refuses(freeze(list(known))),
        Refusal::NothingNew { same: 1 }
    ));
    assert_eq!(
        s.refuses(freeze(FrozenList {
            known: Seq(99),
            ..list(known)
        })),
        Refusal::UnknownCommit(Seq(99))
    );
    let ended = FrozenList {
        to: day(2026, 3, 1),
        ..list(known)
    };
    assert!(matches!(
        s.refuses(freeze(ended)),
        Refusal::DateBefore { .. }
    ));
    // The source has closed the period with a later refresh: final.
    let closed = s.when(freeze(FrozenList {
        known: first,
        closed: true,
        ..list(known)
    }));
    assert_eq!(now(&s), Some((first, true)));
    assert!(matches!(
        s.refuses(freeze(list(known))),
        Refusal::AlreadyEnded(_)
    ));
    let undo = s.undo(closed);
    assert_eq!(now(&s), Some((known, false)));
    s.undo(undo);
    assert_eq!(now(&s), Some((first, true)));
    assert!(s.book.violations().is_empty());
}

/// What the frozen forecasts say of their first weeks, by day.
fn first_weeks(s: &Story) -> Vec<(Day, i64)> {
    let all = s.book.frozen_forecasts(|c| s.book.is_live(c));
    all.map(|f| (f.fact.as_of, f.fact.currencies[0].weeks[0].expected()))
        .collect()
}

#[test]
fn kp_26_the_last_forecast_of_a_day_counts_and_comes_back() {
    let mut s = story();
    let monday = s.today;
    let first = s.when(freeze_forecast(forecast(&s, 60_00)));
    assert_eq!(first_weeks(&s), [(monday, 65_00)]);
    let again = forecast(&s, 60_00);
    assert_eq!(
        s.refuses(freeze_forecast(again)),
        Refusal::ForecastStands(monday)
    );
    let second = s.when(freeze_forecast(forecast(&s, 70_00)));
    assert_eq!(first_weeks(&s), [(monday, 75_00)]);
    s.today = monday.plus(7);
    s.when(freeze_forecast(forecast(&s, 10_00)));
    assert_eq!(first_weeks(&s), [(monday, 75_00), (monday.plus(7), 15_00)]);
    s.undo(second);
    assert_eq!(first_weeks(&s)[0], (monday, 65_00));
    s.undo(first);
    assert_eq!(first_weeks(&s), [(monday.plus(7), 15_00)]);
    // As known before it was frozen there is none.
    let then = s.book.live_at(Seq(first.0 - 1));
    let live = |c: Seq| then.get(c.index()).copied().unwrap_or(false);
    assert_eq!(s.book.frozen_forecasts(live).count(), 0);
    assert!(s.book.violations().is_empty());
}

#[test]
fn kp_26_a_forecast_is_frozen_before_its_first_week_is_over() {
    let mut s = story();
    let on = s.today;
    let late = |days: i32, s: &Story| FrozenForecast {
        as_of: on.plus(days),
        ..forecast(s, 60_00)
    };
    let tomorrow = late(1, &s);
    assert_eq!(
        s.refuses(freeze_forecast(tomorrow)),
        Refusal::DateAfter {
            date: on.plus(1),
            latest: on
        }
    );
    let over = late(-7, &s);
    assert_eq!(
        s.refuses(freeze_forecast(over)),
        Refusal::DateBefore {
            date: on.plus(-7),
            earliest: on.plus(-6)
        }
    );
    let known = FrozenForecast {
        known: Seq(99),
        ..forecast(&s, 60_00)
    };
    assert_eq!(
        s.refuses(freeze_forecast(known)),
        Refusal::UnknownCommit(Seq(99))
    );
    let nothing = FrozenForecast {
        currencies: Vec::new(),
        ..forecast(&s, 60_00)
    };
    assert!(matches!(
        s.refuses(freeze_forecast(nothing)),
        Refusal::Empty(_)
    ));
    let mut twice = forecast(&s, 60_00);
    twice.currencies.push(twice.currencies[0].clone());
    let mut weekless = forecast(&s, 60_00);
    weekless.currencies[0].weeks.clear();
    for broken in [twice, weekless] {
        assert_eq!(s.refuses(freeze_forecast(broken)), Refusal::StagingBroken);
    }
    let last = late(-6, &s);
    s.when(freeze_forecast(last));
    assert_eq!(first_weeks(&s), [(on.plus(-6), 65_00)]);
    assert!(s.book.violations().is_empty());
}

#[test]
fn kp_26_a_pack_freezes_its_forecast_in_the_commit_that_issues_it() {
    let mut s = story();
    let pack = |s: &Story, forecast| {
        Command::Reporting(ReportingCommand::IssuePack {
            report: issued(s.book.head()),
            forecast,
        })
    };
    let first = pack(&s, forecast(&s, 60_00));
    let first = s.when(first);
    let now = |s: &Story| (s.book.issued_reports().count(), first_weeks(s).len());
    assert_eq!(now(&s), (1, 1));
    // Issued again with the same figures: one more issue, the forecast stands.
    let again = pack(&s, forecast(&s, 60_00));
    s.when(again);
    assert_eq!(now(&s), (2, 1));
    let undo = s.undo(first);
    assert_eq!(now(&s), (1, 0));
    s.undo(undo);
    assert_eq!(now(&s), (2, 1));
    let over = FrozenForecast {
        as_of: s.today.plus(-7),
        ..forecast(&s, 1_00)
    };
    let over = pack(&s, over);
    assert!(matches!(s.refuses(over), Refusal::DateBefore { .. }));
    assert!(s.book.violations().is_empty());
}

#[test]
fn section_2_6_an_issue_is_a_fact_with_a_key() {
    let mut s = story();
    let seq = s.when(Command::Reporting(ReportingCommand::IssueReport(issued(
        s.book.head(),
    ))));
    let all: Vec<_> = s.book.issued_reports().cloned().collect();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].key.ordinal >> 24, 31);
    assert_eq!(
        s.book.issued_report(all[0].key).map(|r| r.commit),
        Some(seq)
    );
    let unnamed = IssuedReport {
        name: " ".into(),
        ..issued(Seq(2))
    };
    let refused = s.refuses(Command::Reporting(ReportingCommand::IssueReport(unnamed)));
    assert!(matches!(refused, Refusal::Empty(_)));
    s.undo(seq);
    assert_eq!(s.book.issued_reports().count(), 0);
    assert!(s.book.violations().is_empty());
}

#[test]
fn kp_01_sales_add_up_replace_and_come_back() {
    let mut s = story();
    let total = |s: &Story| {
        let live = |c| s.book.is_live(c);
        s.book.sales(&live).map(|x| x.minor).sum::<i64>()
    };
    let command = sales(
        &s,
        &[("HQ", 3, 50_00), ("HQ", 3, 25_00), ("Nobody", 2, 10_00)],
    );
    s.when(command.clone());
    assert_eq!(total(&s), 85_00, "of customers without items too");
    assert!(matches!(
        s.refuses(command),
        Refusal::NothingNew { same: 2 }
    ));
    let later = sales(&s, &[("HQ", 3, 80_00)]);
    let later = s.when(later);
    assert_eq!(total(&s), 90_00);
    s.undo(later);
    assert_eq!(total(&s), 85_00);
    assert!(matches!(s.refuses(sales(&s, &[])), Refusal::Empty(_)));
    assert_eq!(s.book.sales_files().count(), 1);
    assert!(s.book.violations().is_empty());
}

#[test]
fn targets_and_packs_are_a_policy() {
    let mut s = story();
    let mut policy = ReportingPolicy::default();
    policy.set_target("KP-20", "", Some(60_00));
    policy.set_pack(Pack {
        name: "Friday".into(),
        reports: vec!["aging".into()],
        rhythm: Rhythm::Weekly,
    });
    let set = s.when(Command::SetPolicy(PolicyChange::Reporting(policy.clone())));
    assert_eq!(s.book.policies().reporting, policy);
    policy.targets.push(Target {
        hundredths: 1,
        ..policy.targets[0].clone()
    });
    let bad = Command::SetPolicy(PolicyChange::Reporting(policy));
    assert_eq!(s.refuses(bad), Refusal::BadPolicy);
    s.undo(set);
    assert_eq!(s.book.policies().reporting, ReportingPolicy::default());
}

#[test]
fn what_is_stored_keeps_its_numbers() {
    let s = story();
    let commands = [
        freeze(list(Seq(1))),
        Command::Reporting(ReportingCommand::IssueReport(issued(Seq(1)))),
        sales(&s, &[("HQ", 3, 50_00)]),
        freeze_forecast(forecast(&s, 60_00)),
    ];
    let events = [
        ReportingEvent::ListFrozen(list(Seq(1))),
        ReportingEvent::ReportIssued(issued(Seq(1))),
        ReportingEvent::SalesImported {
            facts: s.facts(ImportKind::Sales, s.today, Scope::TheseRows),
            rows: vec![SalesRow {
                customer: "HQ".into(),
                month: day(2026, 3, 1),
                currency: Currency::EUR,
                minor: 1,
            }],
        },
        ReportingEvent::ForecastFrozen(forecast(&s, 60_00)),
    ];
    for (number, (command, event)) in (0u8..).zip(commands.into_iter().zip(events)) {
        let body = Body {
            command,
            events: vec![event.into()],
        };
        let bytes = body.encode();
        // A map of two: 0 is the command; [100, [[n, [...]]]].
        assert_eq!(
            &bytes[..9],
            [0xa2, 0x00, 0x82, 0x18, 100, 0x81, 0x82, number, bytes[8]]
        );
        let stored = [0x82, 0x18, 100, 0x81, 0x82, number];
        let times = bytes.windows(6).filter(|w| *w == stored).count();
        assert_eq!(times, 2, "command and event {number}");
        assert_eq!(Body::decode(&bytes).unwrap(), body);
    }
    let policy = PolicyChange::Reporting(ReportingPolicy::default());
    let bytes = duebook_ledger::import::cbor(&policy);
    assert_eq!(&bytes[..3], [0x82, 0x18, 100]);
}
