//! Disputes and queries: their money, their hops, and that they survive undo (domain.md §4.2).
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::cases::*;
use duebook_ledger::command::Command;
use duebook_ledger::keys::{FactKey, ItemKey};
use duebook_ledger::refusal::{CaseRefusal, Refusal};
use duebook_ledger::*;
use duebook_money::Day;
use proptest::prelude::*;
use support::*;

fn open(lines: &[(ItemKey, i64)], reason: &str) -> Command {
    Command::Case(CaseCommand::Open(vec![NewCase {
        lines: lines.to_vec(),
        reason: reason.into(),
        ..NewCase::default()
    }]))
}

fn key(s: &Story, seq: Seq, kind: u8, n: u32) -> FactKey {
    fact(s, seq, u32::from(kind), n)
}

fn case(s: &Story, seq: Seq, n: u32) -> (CaseId, FactKey) {
    let key = key(s, seq, 20, n);
    (s.book.find_case(key).unwrap(), key)
}

fn go(case: FactKey, state: CaseState, close: Option<CaseClose>) -> Command {
    Command::Case(CaseCommand::Move {
        case,
        state,
        department: "Billing".into(),
        owner: String::new(),
        close,
        note: None,
    })
}

fn money(s: &Story, id: CaseId) -> [i64; 6] {
    let m = s.book.case_money(id);
    [
        m.original,
        m.disputed,
        m.paid,
        m.credited,
        m.written_off,
        m.manual,
    ]
}

/// One invoice of 1,000.00, due on 31 January.
fn book() -> Story {
    let mut s = own_book();
    s.customer("C");
    s.invoice("C", "I-1", day(2026, 1, 1), &[(day(2026, 1, 31), 1_000_00)]);
    s.today = day(2026, 2, 10);
    s
}

#[test]
fn ds_01_ds_02_a_payment_first_pays_what_is_not_contested() {
    let mut s = book();
    let item = own_item("I-1");
    let opened = s.when(open(&[(item.clone(), 300_00)], "PRI"));
    let (id, _) = case(&s, opened, 0);
    assert_eq!(s.book.case(id).unwrap().fact.number, "C-1");
    assert!(
        s.book.is_late_dispute(id),
        "DS-05: raised after the due date"
    );
    assert_eq!(money(&s, id), [300_00, 300_00, 0, 0, 0, 0]);
    assert_eq!(s.book.disputed(s.id(&item)), 300_00);
    // 600.00 of the 700.00 that is not contested; then 250.00, of which 150.00 is.
    s.when(receipt(
        "C",
        "P-1",
        day(2026, 2, 10),
        600_00,
        &[(item.clone(), 600_00)],
    ));
    assert_eq!(money(&s, id), [300_00, 300_00, 0, 0, 0, 0]);
    s.when(receipt(
        "C",
        "P-2",
        day(2026, 2, 11),
        250_00,
        &[(item.clone(), 250_00)],
    ));
    assert_eq!(money(&s, id), [300_00, 150_00, 150_00, 0, 0, 0]);
    // A credit settles what is contested.
    s.credit_memo("C", "CM", day(2026, 2, 12), 100_00);
    let credited = s.when(apply(
        own_credit("CM"),
        item.clone(),
        100_00,
        day(2026, 2, 12),
        &[],
    ));
    assert_eq!(money(&s, id), [300_00, 50_00, 150_00, 100_00, 0, 0]);
    s.undo(credited);
    assert_eq!(money(&s, id), [300_00, 150_00, 150_00, 0, 0, 0]);
}

#[test]
fn ds_01_found_owed_is_cleared_by_hand_and_back_in_the_chase() {
    let mut s = book();
    let item = own_item("I-1");
    let opened = s.when(open(&[(item.clone(), 400_00)], "SVC"));
    let (id, k) = case(&s, opened, 0);
    s.when(go(k, CaseState::Closed, Some(CaseClose::Invalid)));
    assert_eq!(money(&s, id), [400_00, 0, 0, 0, 0, 400_00]);
    assert_eq!(s.book.disputed(s.id(&item)), 0);
    // What is paid afterwards is not the case's.
    s.when(receipt(
        "C",
        "P-1",
        day(2026, 2, 11),
        1_000_00,
        &[(item, 1_000_00)],
    ));
    assert_eq!(money(&s, id), [400_00, 0, 0, 0, 0, 400_00]);
}

#[test]
fn ds_01_as_it_was_then() {
    let mut s = book();
    let item = own_item("I-1");
    let opened = s.when(open(&[(item.clone(), 400_00)], "SVC"));
    let (_, k) = case(&s, opened, 0);
    let head = s.book.head();
    s.today = day(2026, 3, 1);
    s.when(go(k, CaseState::Closed, Some(CaseClose::Valid)));
    let at = |s: &Story, d: Day, known: Seq| {
        let live = s.book.live_at(known);
        let is = |q: Seq| live.get(q.index()).copied().unwrap_or(false);
        s.book.disputed_at(s.id(&item), d, &is)
    };
    let now = s.book.head();
    assert_eq!(at(&s, day(2026, 2, 9), now), 0, "before it was raised");
    assert_eq!(
        at(&s, day(2026, 2, 28), now),
        400_00,
        "before it was closed"
    );
    assert_eq!(at(&s, day(2026, 3, 1), now), 0);
    assert_eq!(at(&s, day(2026, 3, 1), head), 400_00, "as known then");
}

#[test]
fn ds_01_no_more_is_contested_than_is_open() {
    let mut s = book();
    let item = own_item("I-1");
    s.when(open(&[(item.clone(), 700_00)], "PRI"));
    let refused = s.refuses(open(&[(item.clone(), 300_01)], "QTY"));
    assert_eq!(
        refused,
        Refusal::MoreThanOpen {
            item: item.clone(),
            open: 300_00,
            asked: 300_01
        }
    );
    let twice = Command::Case(CaseCommand::Open(vec![
        NewCase {
            lines: vec![(item.clone(), 200_00)],
            reason: "QTY".into(),
            ..NewCase::default()
        },
        NewCase {
            lines: vec![(item.clone(), 200_00)],
            reason: "DMG".into(),
            ..NewCase::default()
        },
    ]));
    assert!(matches!(s.refuses(twice), Refusal::MoreThanOpen { .. }));
    assert!(matches!(
        s.refuses(open(&[(item.clone(), 0)], "PRI")),
        Refusal::NotPositive(0)
    ));
    let unknown = s.refuses(open(&[(item.clone(), 1)], "ZZZ"));
    assert_eq!(
        unknown,
        Refusal::Case(CaseRefusal::UnknownReason("ZZZ".into()))
    );
    s.customer("D");
    let dispute = Command::Case(CaseCommand::Open(vec![NewCase {
        customer: Some(own_customer("D")),
        reason: "PRI".into(),
        ..NewCase::default()
    }]));
    assert_eq!(s.refuses(dispute), Refusal::Case(CaseRefusal::NoAmount));
}

#[test]
fn ds_01_two_cases_share_an_item_the_older_first() {
    let mut s = book();
    let item = own_item("I-1");
    let a = s.when(open(&[(item.clone(), 300_00)], "PRI"));
    let b = s.when(open(&[(item.clone(), 200_00)], "QTY"));
    let ((a, _), (b, _)) = (case(&s, a, 0), case(&s, b, 0));
    s.credit_memo("C", "CM", day(2026, 2, 10), 400_00);
    s.when(apply(own_credit("CM"), item, 400_00, day(2026, 2, 10), &[]));
    assert_eq!(money(&s, a), [300_00, 0, 0, 300_00, 0, 0]);
    assert_eq!(money(&s, b), [200_00, 100_00, 0, 100_00, 0, 0]);
}

#[test]
fn ds_01_merged_split_and_set_again_the_sums_hold() {
    let mut s = book();
    let item = own_item("I-1");
    s.invoice("C", "I-2", day(2026, 1, 5), &[(day(2026, 2, 4), 500_00)]);
    let other = own_item("I-2");
    let opened = s.when(open(
        &[(item.clone(), 300_00), (other.clone(), 100_00)],
        "PRI",
    ));
    let (first, k) = case(&s, opened, 0);
    let split = s.when(Command::Case(CaseCommand::Split {
        case: k,
        lines: vec![(item.clone(), 120_00)],
        reason: "QTY".into(),
        department: String::new(),
    }));
    let (second, k2) = case(&s, split, 0);
    assert_eq!(money(&s, first), [280_00, 280_00, 0, 0, 0, 0]);
    assert_eq!(money(&s, second), [120_00, 120_00, 0, 0, 0, 0]);
    assert_eq!(s.book.case(second).unwrap().fact.department, "Logistics");
    let all = Command::Case(CaseCommand::Split {
        case: k2,
        lines: vec![(item.clone(), 120_00)],
        reason: "QTY".into(),
        department: String::new(),
    });
    assert_eq!(s.refuses(all), Refusal::Case(CaseRefusal::NothingLeft));
    s.when(Command::Case(CaseCommand::SetLines {
        case: k,
        lines: vec![(item.clone(), 200_00), (other.clone(), 40_00)],
    }));
    assert_eq!(money(&s, first), [240_00, 240_00, 0, 0, 0, 0]);
    s.when(Command::Case(CaseCommand::Merge { from: k2, into: k }));
    assert_eq!(money(&s, second), [0; 6]);
    assert_eq!(money(&s, first), [360_00, 360_00, 0, 0, 0, 0]);
    assert_eq!(s.book.case_state(second), Some(CaseState::Closed));
    let once_more = Command::Case(CaseCommand::Merge { from: k, into: k });
    assert_eq!(s.refuses(once_more), Refusal::Case(CaseRefusal::NotOneCase));
    s.undo(s.book.head());
    assert_eq!(money(&s, second), [120_00, 120_00, 0, 0, 0, 0]);
}

#[test]
fn ds_03_every_hop_is_stamped_and_only_some_can_be() {
    let mut s = book();
    let opened = s.when(open(&[(own_item("I-1"), 300_00)], "PRI"));
    let (id, k) = case(&s, opened, 0);
    s.when(go(k, CaseState::Triaged, None));
    s.today = day(2026, 2, 12);
    s.when(go(k, CaseState::WithOwner, None));
    s.when(go(k, CaseState::WithOwner, None));
    let back = s.refuses(go(k, CaseState::New, None));
    let (from, to) = (CaseState::WithOwner, CaseState::New);
    assert_eq!(back, Refusal::Case(CaseRefusal::CannotMove { from, to }));
    let how = s.refuses(go(k, CaseState::Closed, None));
    assert_eq!(how, Refusal::Case(CaseRefusal::HowClosed));
    s.when(go(k, CaseState::Closed, Some(CaseClose::Withdrawn)));
    assert!(matches!(
        s.refuses(go(k, CaseState::Triaged, None)),
        Refusal::Case(_)
    ));
    s.when(go(k, CaseState::Reopened, None));
    let trail = s.book.case(id).unwrap().trail(&|q| s.book.is_live(q));
    let days: Vec<(CaseState, Day)> = trail.iter().map(|t| (t.hop.state, t.hop.on)).collect();
    assert_eq!(days[0], (CaseState::New, day(2026, 2, 10)));
    assert_eq!(days[2], (CaseState::WithOwner, day(2026, 2, 12)));
    assert_eq!(days.len(), 6);
    assert_eq!(money(&s, id)[1], 300_00, "contested again");
}

#[test]
fn a_query_withholds_nothing() {
    let mut s = book();
    let query = s.when(Command::Case(CaseCommand::Open(vec![NewCase {
        query: true,
        lines: vec![(own_item("I-1"), 0)],
        reason: "NRI".into(),
        ..NewCase::default()
    }])));
    let (id, k) = case(&s, query, 0);
    assert_eq!(
        (money(&s, id), s.book.disputed(s.id(&own_item("I-1")))),
        ([0; 6], 0)
    );
    s.when(go(k, CaseState::Closed, Some(CaseClose::Answered)));
}

#[test]
fn evidence_words_and_escalations_are_kept() {
    let mut s = book();
    let opened = s.when(open(&[(own_item("I-1"), 300_00)], "PRI"));
    let (id, k) = case(&s, opened, 0);
    s.when(Command::Case(CaseCommand::SetEvidence {
        case: k,
        what: "Purchase order".into(),
        state: EvidenceState::There,
        text: Some(text(1, "in the share")),
    }));
    s.when(Command::Case(CaseCommand::Edit {
        case: k,
        edit: CaseEdit::Ticket("SN-9".into()),
    }));
    let live = |q: Seq| s.book.is_live(q);
    let c = s.book.case(id).unwrap();
    let evidence = c.evidence_now(&live);
    assert_eq!((evidence.len(), evidence[0].1), (2, EvidenceState::There));
    assert_eq!(
        (evidence[1].1, c.ticket_now(&live)),
        (EvidenceState::Wanted, "SN-9")
    );
    let asked = s.when(Command::Case(CaseCommand::Escalate {
        customer: own_customer("C"),
        case: Some(k),
        to: "Head of sales".into(),
        reason: "above limit".into(),
        question: Some(text(2, "may we?")),
        due: day(2026, 2, 12),
        level: None,
    }));
    assert_eq!(s.book.overdue_escalations(day(2026, 2, 12)).count(), 0);
    assert_eq!(s.book.overdue_escalations(day(2026, 2, 13)).count(), 1);
    let e = key(&s, asked, 22, 0);
    let answer = Command::Case(CaseCommand::AnswerEscalation {
        escalation: e,
        text: Some(text(3, "yes")),
        by: "Ines".into(),
    });
    s.when(answer.clone());
    assert_eq!(s.refuses(answer), Refusal::AlreadyEnded(e));
    assert_eq!(s.book.overdue_escalations(day(2026, 2, 13)).count(), 0);
}

#[test]
fn cases_of_another_system_come_in_once() {
    let mut s = book();
    let past = |ticket: &str, closed| PastCase {
        case: NewCase {
            lines: vec![(own_item("I-1"), 0)],
            reason: "PRI".into(),
            ticket: ticket.into(),
            ..NewCase::default()
        },
        opened_on: day(2026, 1, 20),
        closed,
        whole: true,
    };
    let import = |cases: Vec<PastCase>| {
        Command::Case(CaseCommand::Import {
            file: "d.csv".into(),
            cases,
        })
    };
    s.when(receipt(
        "C",
        "P",
        day(2026, 1, 15),
        100_00,
        &[(own_item("I-1"), 100_00)],
    ));
    s.when(receipt(
        "C",
        "Q",
        day(2026, 1, 25),
        200_00,
        &[(own_item("I-1"), 200_00)],
    ));
    let seq = s.when(import(vec![past("D-1", None)]));
    let (id, _) = case(&s, seq, 0);
    // 900.00 was open on the day; 200.00 was paid since.
    assert_eq!(money(&s, id), [900_00, 700_00, 200_00, 0, 0, 0]);
    assert_eq!(
        s.refuses(import(vec![past("D-1", None)])),
        Refusal::NothingNew { same: 1 }
    );
    let closed = Some((day(2026, 2, 2), CaseClose::Valid));
    s.when(import(vec![past("D-1", closed), past("D-2", closed)]));
    assert_eq!(money(&s, id), [900_00, 0, 200_00, 0, 0, 700_00]);
    assert_eq!(s.book.cases().count(), 2);
    let later = PastCase {
        opened_on: day(2026, 3, 1),
        ..past("D-3", None)
    };
    assert!(matches!(
        s.refuses(import(vec![later])),
        Refusal::DateAfter { .. }
    ));
}

#[derive(Debug, Clone)]
enum Step {
    Open(u8, i64),
    Pay(u8, i64),
    Credit(u8, i64),
    Close(u8, bool),
    Reopen(u8),
    Split(u8, i64),
    Merge(u8, u8),
    Set(u8, i64),
    Undo(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = 1i64..120_00;
    prop::collection::vec(
        prop_oneof![
            (0u8..3, amount.clone()).prop_map(|(i, a)| Step::Open(i, a)),
            (0u8..3, amount.clone()).prop_map(|(i, a)| Step::Pay(i, a)),
            (0u8..3, amount.clone()).prop_map(|(i, a)| Step::Credit(i, a)),
            (0u8..6, any::<bool>()).prop_map(|(c, v)| Step::Close(c, v)),
            (0u8..6).prop_map(Step::Reopen),
            (0u8..6, amount.clone()).prop_map(|(c, a)| Step::Split(c, a)),
            (0u8..6, 0u8..6).prop_map(|(a, b)| Step::Merge(a, b)),
            (0u8..6, amount).prop_map(|(c, a)| Step::Set(c, a)),
            (2u8..30).prop_map(Step::Undo),
        ],
        1..25,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    /// DS-01: whatever is done and undone, every case sums, nothing is contested beyond what is
    /// open, and what all open cases contest is what the items say. `Story` asks for violations
    /// after every commit.
    #[test]
    fn ds_01_sums_under_any_sequence(steps in steps()) {
        let mut s = own_book();
        s.customer("C");
        for n in 0..3 {
            s.invoice("C", &format!("I-{n}"), day(2026, 1, 1), &[(day(2026, 1, 31), 100_00)]);
        }
        s.today = day(2026, 2, 10);
        let nth = |s: &Story, n: u8| s.book.cases().map(|(_, c)| c.key).nth(usize::from(n));
        let item = |n: u8| own_item(&format!("I-{n}"));
        for (n, step) in steps.into_iter().enumerate() {
            let on = s.today;
            match step {
                Step::Open(i, a) => drop(s.attempt(open(&[(item(i), a)], "PRI"))),
                Step::Pay(i, a) => drop(s.attempt(receipt("C", &format!("P{n}"), on, a, &[(item(i), a)]))),
                Step::Credit(i, a) => {
                    s.credit_memo("C", &format!("M{n}"), on, a);
                    drop(s.attempt(apply(own_credit(&format!("M{n}")), item(i), a, on, &[])));
                }
                Step::Close(c, v) => if let Some(k) = nth(&s, c) {
                    let how = if v { CaseClose::Valid } else { CaseClose::Invalid };
                    drop(s.attempt(go(k, CaseState::Closed, Some(how))));
                },
                Step::Reopen(c) => if let Some(k) = nth(&s, c) {
                    drop(s.attempt(go(k, CaseState::Reopened, None)));
                },
                Step::Split(c, a) => if let Some(k) = nth(&s, c) {
                    drop(s.attempt(Command::Case(CaseCommand::Split {
                        case: k, lines: vec![(item(0), a)], reason: "QTY".into(), department: String::new(),
                    })));
                },
                Step::Merge(a, b) => if let (Some(from), Some(into)) = (nth(&s, a), nth(&s, b)) {
                    drop(s.attempt(Command::Case(CaseCommand::Merge { from, into })));
                },
                Step::Set(c, a) => if let Some(k) = nth(&s, c) {
                    drop(s.attempt(Command::Case(CaseCommand::SetLines { case: k, lines: vec![(item(1), a)] })));
                },
                Step::Undo(c) => drop(s.attempt(Command::Undo { commit: Seq(u32::from(c)) })),
            }
            let contested: i64 = s.book.cases().map(|(id, _)| s.book.case_money(id).disputed).sum();
            let items: i64 = s.book.items().ids().map(|i| s.book.disputed(i)).sum();
            prop_assert_eq!(contested, items);
        }
        let replayed = replay(&s.log);
        for (id, _) in s.book.cases() {
            prop_assert_eq!(replayed.case_money(id), s.book.case_money(id));
        }
    }
}

/// A payment of 250.00 of 300.00 open, and what of it is contested.
fn short_payment(s: &mut Story, amount: i64) -> Command {
    let facts = statement_facts("1", 0, 250_00);
    let line = statement_line("T-1", day(2026, 2, 10), 250_00);
    s.statement(&facts, vec![line]).unwrap();
    let Command::RecordReceipt(money) = receipt(
        "C",
        "T-1",
        day(2026, 2, 10),
        250_00,
        &[(own_item("I-1"), 250_00)],
    ) else {
        unreachable!()
    };
    Command::AcceptMatches(vec![statements::AcceptedMatch {
        line: s.book.line_key(LineId(0)).unwrap(),
        receipt: money,
        credits: Vec::new(),
        granted: Vec::new(),
        auto: false,
        rule: None,
        contested: vec![(own_item("I-1"), amount, "SPD".into())],
        onward: Vec::new(),
    }])
}

#[test]
fn ds_01_a_short_payment_opens_a_dispute_in_the_same_commit() {
    let mut s = book();
    let command = short_payment(&mut s, 750_00);
    let seq = s.when(command);
    let (id, _) = case(&s, seq, 0);
    assert_eq!(money(&s, id), [750_00, 750_00, 0, 0, 0, 0]);
    s.undo(seq);
    assert_eq!(s.book.cases().count(), 0);
    let mut s = book();
    let command = short_payment(&mut s, 750_01);
    assert!(matches!(
        s.refuses(command),
        Refusal::MoreThanOpen {
            open: 1_000_00,
            asked: 1_000_01,
            ..
        }
    ));
}
