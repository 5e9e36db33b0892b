//! The queue of cases, its clocks, the time each hand had it, and what leaves the chase
//! (DS-02, DS-04, KP-40 to KP-43).
#![allow(clippy::inconsistent_digit_grouping, clippy::expect_used)] // minor units: 70_00 is 70.00
mod support;
use duebook_insight::balances::balances_of;
use duebook_insight::cases::*;
use duebook_insight::reports::{case_pack, hand_over_text};
use duebook_insight::shift::{HandOverAsk, hand_over};
use duebook_ledger::cases::*;
use duebook_ledger::command::Command;
use duebook_ledger::facts::Scope;
use duebook_ledger::keys::{CustomerKey, FactKey, ItemKey};
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::shift::{HandOverLine, LineKind};
use duebook_ledger::{Book, CaseId, OpenScan, View};
use duebook_money::{Currency, Day, NumberFormat};
use duebook_policy::cases::DigestRhythm;
use support::*;

fn item(number: &str) -> ItemKey {
    ItemKey {
        source: "ERP".into(),
        entity: "1000".into(),
        number: number.into(),
        ..ItemKey::default()
    }
}

fn open(lines: &[(&str, i64)], reason: &str) -> Command {
    Command::Case(CaseCommand::Open(vec![NewCase {
        lines: lines.iter().map(|(n, a)| (item(n), *a)).collect(),
        reason: reason.into(),
        ..NewCase::default()
    }]))
}

fn go(case: FactKey, state: CaseState, department: &str, close: Option<CaseClose>) -> Command {
    Command::Case(CaseCommand::Move {
        case,
        state,
        department: department.into(),
        owner: String::new(),
        close,
        note: None,
    })
}

fn desk() -> Desk {
    let mut desk = Desk::new(false, "2026-01-01");
    let rows = [
        Row::new("A", "I-1", "2026-01-01", "2026-01-31", 1_000_00),
        Row::new("A", "I-2", "2026-01-05", "2026-02-04", 500_00),
    ];
    desk.import("2026-02-01", Scope::Everything, &rows)
        .expect("comes in");
    desk
}

fn key(book: &Book, id: u32) -> FactKey {
    book.case(CaseId(id)).expect("a case").key
}

#[test]
fn ds_02_what_is_contested_leaves_the_chase_and_not_the_aging() {
    let mut desk = desk();
    desk.at("2026-02-10");
    desk.run(open(&[("I-1", 300_00)], "PRI"));
    let a = desk
        .book
        .find_customer(&CustomerKey {
            source: "ERP".into(),
            number: "A".into(),
        })
        .expect("A");
    let scan = OpenScan::new(&desk.book, View::on(desk.today));
    let balance = &balances_of(&desk.book, &scan, a).expect("fits")[0];
    assert_eq!((balance.working, balance.past_due), (1_500_00, 1_500_00));
    assert_eq!((balance.disputed, balance.collectible), (300_00, 1_200_00));
    assert_eq!(
        balance.buckets.iter().sum::<i64>(),
        1_500_00,
        "the aging has all of it"
    );
}

#[test]
fn ds_04_clocks_in_business_days_and_levels() {
    let mut desk = desk();
    // A Monday.
    desk.at("2026-02-09");
    desk.run(open(&[("I-1", 300_00)], "PRI"));
    let at = |desk: &Desk, d: &str| queue(&desk.book, day(d))[0].clone();
    let row = at(&desk, "2026-02-13");
    assert_eq!(
        (row.cycle.used, row.cycle.allowed, row.cycle.level),
        (4, 10, 0)
    );
    assert_eq!(row.cycle.due, day("2026-02-23"));
    // Half of ten; all of them; half as much again.
    assert_eq!(at(&desk, "2026-02-16").cycle.level, 1);
    assert_eq!(at(&desk, "2026-02-23").cycle.level, 2);
    assert!(!at(&desk, "2026-02-23").cycle.is_over() && at(&desk, "2026-02-24").cycle.is_over());
    assert_eq!(at(&desk, "2026-03-02").cycle.level, 3);
    // Nobody acknowledged it: one business day.
    assert_eq!(
        at(&desk, "2026-02-10").step.map(|c| (c.used, c.allowed)),
        Some((1, 1))
    );
    desk.at("2026-02-12");
    let k = key(&desk.book, 0);
    desk.run(go(k, CaseState::WaitingCustomer, "", None));
    assert_eq!(at(&desk, "2026-02-20").step, None);
    assert_eq!(at(&desk, "2026-02-20").since, day("2026-02-12"));
}

#[test]
fn kp_40_time_per_hand_gross_and_net_of_the_customers() {
    let mut desk = desk();
    desk.at("2026-02-09");
    desk.run(open(&[("I-1", 300_00)], "PRI"));
    let k = key(&desk.book, 0);
    for (on, state, department) in [
        ("2026-02-10", CaseState::Triaged, "Billing"),
        ("2026-02-12", CaseState::WithOwner, "Sales"),
        ("2026-02-16", CaseState::WaitingCustomer, ""),
        ("2026-02-23", CaseState::WithOwner, "Sales"),
    ] {
        desk.at(on);
        desk.run(go(k, state, department, None));
    }
    desk.at("2026-02-25");
    desk.run(go(k, CaseState::Closed, "", Some(CaseClose::Valid)));
    let days = desk.book.policies().calendar.business_days();
    let case = desk.book.case(CaseId(0)).expect("a case");
    let t = times(&desk.book, &days, case, day("2026-03-30"));
    assert_eq!((t.calendar, t.calendar_net()), (16, 9));
    assert_eq!((t.working, t.working_net()), (12, 7));
    let f = figures(
        &desk.book,
        day("2026-02-01"),
        day("2026-02-28"),
        day("2026-03-30"),
    );
    assert_eq!((f.raised, f.closed, f.open, f.valid), (1, 1, 0, 1));
    assert_eq!(
        (f.calendar.median, f.calendar_net.median, f.working.p90),
        (16, 9, 12)
    );
    assert_eq!(f.in_time, 0, "12 business days of 10");
    let sales = f
        .departments
        .iter()
        .find(|d| d.0 == "Sales")
        .expect("Sales had it");
    assert_eq!((sales.1, sales.2, sales.3), (1, 6, 4));
    // KP-41: 300.00 of the 1,500.00 billed in January, raised in February.
    let f = figures(
        &desk.book,
        day("2026-01-01"),
        day("2026-02-28"),
        day("2026-03-30"),
    );
    assert_eq!(f.rates[0].basis_points(), Some(2_000));
    assert_eq!(f.causes[0].money_days, 300_00 * 16);
    assert_eq!(f.causes[0].cumulative, 1000);
}

#[test]
fn kp_40_nearest_rank_and_mean() {
    let s = Spread::of(vec![5, 1, 30, 2, 8, 3, 4, 9, 7, 6]);
    assert_eq!(
        (s.count, s.median, s.p90, s.mean_hundredths()),
        (10, 5, 9, 750)
    );
    assert_eq!(
        Spread::of(vec![4]),
        Spread {
            count: 1,
            sum: 4,
            median: 4,
            p90: 4
        }
    );
    assert_eq!(Spread::of(Vec::new()), Spread::default());
}

#[test]
fn kp_42_ddo() {
    // 300,000 open, 10,000 a day coming in.
    assert_eq!(ddo_tenths(300_000_00, 310_000_00, 31), Some(300));
    assert_eq!(ddo_tenths(1, 0, 31), None);
}

#[test]
fn a_mail_names_the_case_asks_first_and_has_the_table() {
    let mut desk = desk();
    desk.at("2026-02-09");
    desk.run(open(&[("I-1", 300_00), ("I-2", 100_00)], "PRI"));
    let rows = queue(&desk.book, desk.today);
    let western = NumberFormat::WESTERN;
    let mail = hand_off(
        &desk.book,
        CaseId(0),
        &rows[0],
        "the price is wrong",
        "",
        &western,
    )
    .expect("a mail");
    assert_eq!(mail.subject, "[C-1] Customer A: Price differs");
    let first = mail.body.lines().next().expect("a line");
    assert_eq!(
        first,
        "Billing, please decide, and answer with the reason, by 2026-02-10."
    );
    assert!(
        mail.body
            .contains("I-1\t2026-01-31\t1,000.00 EUR\t1,000.00 EUR\t300.00 EUR"),
        "{}",
        mail.body
    );
    assert!(
        mail.body.contains("the price is wrong") && mail.body.contains("- Purchase order: wanted")
    );
    let all: Vec<&CaseRow> = rows.iter().collect();
    let digest = digest(&desk.book, &all, "Billing", day("2026-02-28"), &western);
    assert_eq!(
        digest.subject,
        "Billing: 1 open case, 400.00 EUR, oldest 19 days"
    );
    assert_eq!(sums(rows.iter()), vec![(Currency::EUR, 400_00)]);
}

/// The published figures of ../shared/data/ar_billing_disputes: 18 open, 28.5122 days on average.
#[test]
fn kp_40_published_averages() {
    let dir = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/ar_billing_disputes"
    );
    let Ok(text) = std::fs::read_to_string(format!("{dir}/disputes.csv")) else {
        println!("skipped: ../shared absent");
        return;
    };
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip(1)
        .map(|l| l.split(',').collect())
        .collect();
    let numbers: Vec<String> = rows.iter().map(|r| r[1].to_owned()).collect();
    let mut desk = Desk::new(false, "2026-01-01");
    let mut items: Vec<Row> = Vec::new();
    for n in &numbers {
        if !items.iter().any(|i| i.number == *n) {
            items.push(Row::new("A", n, "2023-01-01", "2023-01-31", 100_00));
        }
    }
    desk.import("2025-06-30", Scope::Everything, &items)
        .expect("comes in");
    desk.at("2025-12-31");
    let policy = desk.book.policies().cases.clone();
    let past: Vec<PastCase> = rows
        .iter()
        .map(|r| PastCase {
            case: NewCase {
                lines: vec![(item(r[1]), 0)],
                reason: policy
                    .crosswalk(r[4])
                    .map_or(String::new(), |r| r.code.clone()),
                ticket: r[0].into(),
                ..NewCase::default()
            },
            opened_on: day(r[2]),
            closed: (!r[3].is_empty()).then(|| (day(r[3]), CaseClose::Valid)),
            whole: true,
        })
        .collect();
    desk.run(Command::Case(CaseCommand::Import {
        file: "disputes.csv".into(),
        cases: past,
    }));
    let f = figures(&desk.book, Day(0), desk.today, desk.today);
    assert_eq!((f.raised, f.open, f.closed), (100, 18, 82));
    // 2,338 days over 82 cases: 28.5122.
    assert_eq!((f.calendar.sum, f.calendar.mean_hundredths()), (2338, 2851));
}

/// Escalations: tracked until answered; the one that waits longest stands on its case and is overdue
/// from the day after it was wanted.
#[test]
fn an_escalation_is_overdue_until_it_is_answered() {
    let mut desk = desk();
    desk.at("2026-02-09");
    desk.run(open(&[("I-1", 300_00)], "PRI"));
    let case = key(&desk.book, 0);
    for (to, due) in [("Ben", "2026-02-13"), ("Ana", "2026-02-11")] {
        desk.run(Command::Case(CaseCommand::Escalate {
            customer: CustomerKey {
                source: "ERP".into(),
                number: "A".into(),
            },
            case: Some(case),
            to: to.into(),
            reason: String::new(),
            question: None,
            due: day(due),
            level: None,
        }));
    }
    let at = |desk: &Desk, on: &str| {
        let row = queue(&desk.book, day(on)).remove(0);
        (
            row.question.as_ref().map(|q| q.to.clone()),
            row.is_answer_overdue(),
        )
    };
    assert_eq!(at(&desk, "2026-02-11"), (Some("Ana".into()), false));
    assert_eq!(at(&desk, "2026-02-12"), (Some("Ana".into()), true));
    let asked: Vec<FactKey> = desk.book.escalations().map(|(_, e)| e.key).collect();
    let answer = |escalation| {
        Command::Case(CaseCommand::AnswerEscalation {
            escalation,
            text: None,
            by: "Ana".into(),
        })
    };
    desk.run(answer(asked[1]));
    assert_eq!(at(&desk, "2026-02-12"), (Some("Ben".into()), false));
    assert_eq!(at(&desk, "2026-02-14"), (Some("Ben".into()), true));
    let commit = desk.book.head();
    desk.run(Command::Undo { commit });
    assert_eq!(at(&desk, "2026-02-12"), (Some("Ana".into()), true));
    // A case that is over asks nothing.
    desk.run(go(case, CaseState::Closed, "", Some(CaseClose::Withdrawn)));
    assert_eq!(at(&desk, "2026-02-14"), (None, false));
}

fn escalate(case: FactKey, level: u8) -> Command {
    Command::Case(CaseCommand::Escalate {
        customer: CustomerKey {
            source: "ERP".into(),
            number: "A".into(),
        },
        case: Some(case),
        to: "Ben".into(),
        reason: String::new(),
        question: None,
        due: day("2026-12-31"),
        level: Some(level),
    })
}

/// DS-04: 50, 100 and 150 % of the clocks in business days, worked out anew each day; what was put up
/// counts for the whole case, and for the step it was put up in. 9 February 2026 is a Monday.
#[test]
fn ds_04_a_level_is_due_until_somebody_is_told() {
    let mut desk = desk();
    desk.at("2026-02-09");
    desk.run(open(&[("I-1", 300_00)], "PRI"));
    let case = key(&desk.book, 0);
    let at = |desk: &Desk, on: &str| {
        let row = queue(&desk.book, day(on)).remove(0);
        row.due.map(|d| (d.level, d.per_mille, d.whole, d.to))
    };
    let due = |level, per_mille, whole, to: &str| Some((level, per_mille, whole, to.to_owned()));
    // The first step may take one day: half of it never shows, the whole of it does.
    let table = [
        ("2026-02-09", None),
        ("2026-02-10", due(2, 1000, false, "Credit manager")),
        ("2026-02-11", due(3, 1500, false, "Finance controller")),
    ];
    for (on, expected) in table {
        assert_eq!(at(&desk, on), expected, "{on}");
    }
    // Told at level 2: level 3 of the same step is due a day later.
    desk.at("2026-02-10");
    desk.run(escalate(case, 2));
    let told = desk.book.head();
    assert_eq!(at(&desk, "2026-02-10"), None);
    assert_eq!(
        at(&desk, "2026-02-11"),
        due(3, 1500, false, "Finance controller")
    );
    desk.run(Command::Undo { commit: told });
    assert_eq!(
        at(&desk, "2026-02-10"),
        due(2, 1000, false, "Credit manager")
    );
    let undone = desk.book.head();
    desk.run(Command::Undo { commit: undone });
    // The next step has a clock of its own, five days: half of it after three. The whole case, ten
    // days, has used half of it then too, and was told of more already.
    desk.run(go(case, CaseState::WithOwner, "Billing", None));
    for (on, expected) in [
        ("2026-02-12", None),
        ("2026-02-13", due(1, 500, false, "Team lead")),
        ("2026-02-14", due(1, 500, false, "Team lead")),
        ("2026-02-17", due(2, 1000, false, "Credit manager")),
        ("2026-02-20", due(3, 1500, false, "Finance controller")),
    ] {
        assert_eq!(at(&desk, on), expected, "{on}");
    }
    desk.at("2026-02-20");
    desk.run(escalate(case, 3));
    assert_eq!(
        at(&desk, "2026-03-02"),
        None,
        "told of the highest there is"
    );
    // The customer has it: only the whole case runs on. Ten days and half as much again: 2 March.
    desk.run(go(case, CaseState::WaitingCustomer, "", None));
    assert_eq!(at(&desk, "2026-03-02"), None);
    desk.run(go(case, CaseState::Closed, "", Some(CaseClose::Withdrawn)));
    assert_eq!(at(&desk, "2026-12-02"), None);
    // By own accord is no level.
    desk.run(open(&[("I-2", 100_00)], "PRI"));
    let second = key(&desk.book, 1);
    desk.run(escalate(second, 0));
    let row = queue(&desk.book, day("2026-02-23")).remove(0);
    assert_eq!(row.due.map(|d| d.level), Some(2));
    // The levels and to whom they go are the policy's.
    let mut policy = desk.book.policies().cases.clone();
    policy.levels = vec![3000];
    policy.escalates_to = vec!["Ines".into()];
    desk.run(Command::SetPolicy(PolicyChange::Cases(policy)));
    let row = |on| {
        queue(&desk.book, day(on))
            .remove(0)
            .due
            .map(|d| (d.level, d.to))
    };
    assert_eq!(row("2026-02-24"), None);
    assert_eq!(row("2026-02-25"), Some((1, "Ines".into())));
    assert_eq!(answer_by(&desk.book, day("2026-02-20")), day("2026-02-24"));
}

/// A digest is due on its day until it is said that it went; an undo makes it due again.
#[test]
fn a_digest_is_due_until_it_was_sent() {
    let mut desk = desk();
    desk.at("2026-02-09");
    desk.run(open(&[("I-1", 300_00)], "PRI"));
    desk.run(open(&[("I-2", 100_00)], "TAX"));
    let case = key(&desk.book, 0);
    let at = |desk: &Desk, on: &str| {
        let rows = queue(&desk.book, day(on));
        let all = digests(&desk.book, &rows, day(on)).into_iter();
        all.map(|d| (d.who, d.cases, d.due, d.last))
            .collect::<Vec<_>>()
    };
    let row = |who: &str, due, last: Option<&str>| (who.to_owned(), 1, due, last.map(day));
    assert_eq!(
        at(&desk, "2026-02-09"),
        [row("Billing", false, None), row("Tax", false, None)]
    );
    let mut policy = desk.book.policies().cases.clone();
    policy.digests = vec![
        ("Billing".into(), DigestRhythm::Daily),
        ("tax".into(), DigestRhythm::Weekly(2)),
    ];
    desk.run(Command::SetPolicy(PolicyChange::Cases(policy)));
    let due = |on: &str| at(&desk, on).iter().map(|d| d.2).collect::<Vec<_>>();
    // Saturday is no day of a digest.
    assert_eq!(
        [due("2026-02-09"), due("2026-02-14")],
        [[true, true], [false, false]]
    );
    let sent = |who: &str, cases: Vec<FactKey>| {
        Command::Case(CaseCommand::DigestSent {
            who: who.into(),
            cases,
        })
    };
    desk.run(sent("Billing", vec![case]));
    desk.run(sent("TAX", vec![case]));
    let sent_on = Some("2026-02-09");
    assert_eq!(
        at(&desk, "2026-02-09"),
        [row("Billing", false, sent_on), row("Tax", false, sent_on)]
    );
    assert_eq!(
        at(&desk, "2026-02-10"),
        [row("Billing", true, sent_on), row("Tax", false, sent_on)]
    );
    assert_eq!(
        at(&desk, "2026-02-11"),
        [row("Billing", true, sent_on), row("Tax", true, sent_on)]
    );
    let commit = desk.book.head();
    desk.run(Command::Undo { commit });
    assert_eq!(
        at(&desk, "2026-02-09"),
        [row("Billing", false, sent_on), row("Tax", true, None)]
    );
    // Nobody has anything: nothing is due.
    desk.run(go(case, CaseState::Closed, "", Some(CaseClose::Withdrawn)));
    assert_eq!(at(&desk, "2026-02-12"), [row("Tax", true, None)]);
}

/// The pack of a case: its sheets, its money summing to what was contested, its history newest first.
#[test]
fn a_case_goes_out_with_all_that_is_known_of_it() {
    let mut desk = desk();
    desk.at("2026-02-09");
    desk.run(open(&[("I-1", 300_00)], "PRI"));
    desk.run(open(&[("I-2", 100_00)], "TAX"));
    let case = key(&desk.book, 0);
    desk.run(go(case, CaseState::WithOwner, "Billing", None));
    desk.at("2026-02-10");
    desk.run(escalate(case, 1));
    let sheets = case_pack(&desk.book, &|_| None, CaseId(0), day("2026-02-11"));
    let names: Vec<&str> = sheets.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Case",
            "Items",
            "Money",
            "Evidence",
            "Resolutions",
            "What happened"
        ]
    );
    let text = |sheet: usize, row: usize, column: usize| {
        let mut out = String::new();
        (sheets[sheet].cell)(row, column).write_plain(&mut out, '.');
        out
    };
    assert_eq!(text(0, 0, 1), "C-1");
    let asked = (0..sheets[0].rows).find(|r| text(0, *r, 0) == "Answer by");
    assert_eq!(asked.map(|r| text(0, r, 1)).as_deref(), Some("2026-02-16"));
    assert_eq!([text(1, 0, 0), text(1, 0, 6)], ["I-1", "300.00"]);
    assert_eq!(sheets[1].rows, 1, "nothing of another case");
    assert_eq!((sheets[3].rows, sheets[4].rows), (2, 0));
    let heads: Vec<String> = (0..sheets[5].rows).map(|r| text(5, r, 2)).collect();
    assert_eq!(
        heads,
        [
            "Put to Ben at level 1, answer by 2026-12-31",
            "With owner, with Billing: 2 days, 2 of them business days",
            "Taken down, with Billing",
        ]
    );
    assert!(case_pack(&desk.book, &|_| None, CaseId(9), desk.today).is_empty());
}

/// A10: what was put up and waits, and what is due to be put up, go over to the next shift.
#[test]
fn escalations_stand_in_the_hand_over() {
    let mut desk = desk();
    desk.at("2026-02-09");
    desk.run(open(&[("I-1", 300_00)], "PRI"));
    desk.run(open(&[("I-2", 100_00)], "TAX"));
    desk.run(escalate(key(&desk.book, 0), 3));
    let lines = |desk: &Desk| {
        let (today, until) = (day("2026-02-10"), day("2026-02-11"));
        let ask = HandOverAsk {
            today,
            now_ms: 0,
            until,
        };
        let all = hand_over(&desk.book, std::iter::empty(), ask).into_iter();
        let text = |l: &HandOverLine| hand_over_text(&desk.book, &|_| None, l);
        all.map(|l| (l.kind, text(&l), l.amount))
            .collect::<Vec<_>>()
    };
    let due = |case: &str| Some(format!("{case}, Tax rate, number or exemption"));
    let asked = Some("C-1, put to Ben".to_owned());
    let second = (LineKind::ToEscalate, due("C-2"), Some(100_00));
    assert_eq!(
        lines(&desk),
        [(LineKind::Escalated, asked, None), second.clone()]
    );
    let escalation = desk.book.escalations().next().expect("one").1.key;
    desk.run(Command::Case(CaseCommand::AnswerEscalation {
        escalation,
        text: None,
        by: "Ben".into(),
    }));
    assert_eq!(lines(&desk), [second]);
}
