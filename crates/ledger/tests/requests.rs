//! Requests: who may grant what (ST-01, ST-02), and what becomes of a request beside an ERP.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::cases::resolve::*;
use duebook_ledger::cases::*;
use duebook_ledger::command::Command;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::refusal::{CaseRefusal, Refusal};
use duebook_ledger::*;
use duebook_policy::{AuthorityPolicy, Breach, Grant};
use support::*;

#[test]
fn st_01_st_02_above_the_limit_waits_for_somebody_else() {
    let mut s = rb_book();
    s.when(Command::SetPolicy(PolicyChange::Authority(
        AuthorityPolicy::default(),
    )));
    let on = s.today;
    let asked = ask(
        own_item("I-1"),
        adjust(Adjustment::PartialCredit, 400_00),
        on,
        &["CN-1"],
    );
    let refused = s.refuses(make(asked.clone()));
    let Refusal::Case(CaseRefusal::OverLimit { breaches, needed }) = refused else {
        panic!("over the limit")
    };
    assert_eq!(breaches[0], Breach::NotThisRole(Grant::Credit));
    assert_eq!(needed.as_deref(), Some("Team lead"));
    let seq = s.when(make(NewRequest { ask: true, ..asked }));
    let key = fact(&s, seq, 21, 0);
    let id = s.book.find_request(key).unwrap();
    assert_eq!(
        (s.book.request_state(id), s.working(&own_item("I-1"), on)),
        (Some(RequestState::ToApprove), 6_800_00)
    );
    assert_eq!(s.book.role_for(id).as_deref(), Some("Team lead"));
    let approve = |who: &str, role: &str, reference: &str| {
        Command::Case(CaseCommand::Request(RequestCommand::Approve {
            request: key,
            approval: Approval {
                who: who.into(),
                role: role.into(),
                on: None,
                reference: reference.into(),
            },
        }))
    };
    assert_eq!(
        s.refuses(approve(" ASHA ", "Team lead", "mail")),
        Refusal::Case(CaseRefusal::SamePerson)
    );
    assert!(matches!(
        s.refuses(approve("Ben", "Team lead", "")),
        Refusal::Empty(_)
    ));
    assert!(matches!(
        s.refuses(approve("Ben", "Collector", "mail")),
        Refusal::Case(CaseRefusal::OverLimit { .. })
    ));
    assert!(matches!(
        s.refuses(approve("Ben", "Pope", "mail")),
        Refusal::Case(CaseRefusal::UnknownRole(_))
    ));
    s.when(approve("Ben", "Team lead", "mail of 10 Feb"));
    assert_eq!(
        (s.book.request_state(id), s.working(&own_item("I-1"), on)),
        (Some(RequestState::Executed), 6_400_00)
    );
    let posted = s
        .book
        .request(id)
        .unwrap()
        .posted
        .get(&|q| s.book.is_live(q))
        .cloned()
        .unwrap();
    assert_eq!(posted.approval.unwrap().reference, "mail of 10 Feb");
    assert!(matches!(
        s.refuses(approve("Ben", "Team lead", "again")),
        Refusal::AlreadyEnded(_)
    ));
}

#[test]
fn st_02_splitting_a_waiver_trips_the_twelve_months() {
    let mut s = own_book();
    s.customer("C");
    for n in 0..5 {
        s.invoice(
            "C",
            &format!("I-{n}"),
            day(2026, 1, 1),
            &[(day(2026, 1, 31), 10_000_00)],
        );
    }
    s.today = day(2026, 2, 10);
    let on = s.today;
    let waive = |n: u32| {
        make(ask(
            own_item(&format!("I-{n}")),
            adjust(Adjustment::SmallBalance, 90_00),
            on,
            &[],
        ))
    };
    // 100.00 a document, 300.00 in twelve months: the fourth is over.
    (0..3).for_each(|n| _ = s.when(waive(n)));
    let refused = s.refuses(waive(3));
    let Refusal::Case(CaseRefusal::OverLimit { breaches, .. }) = refused else {
        panic!("over the limit")
    };
    assert_eq!(
        breaches,
        vec![Breach::Rolling {
            this: 360_00,
            limit: 300_00
        }]
    );
    s.undo(s.book.head());
    s.when(waive(3));
}

/// In a book beside an ERP.
fn beside() -> Story {
    let mut s = following_book();
    no_limits(&mut s);
    let doc = day(2026, 1, 1);
    s.today = doc.plus(40);
    s.import(
        doc.plus(40),
        &[
            row("C", "I-1", doc, doc.plus(30), 11_800_00, 6_800_00),
            row("C", "I-2", doc, doc.plus(30), 500_00, 500_00),
        ],
    );
    s
}

#[test]
fn a_request_beside_an_erp_is_pending_until_the_documents_come() {
    let mut s = beside();
    let on = s.today;
    let seq = s.when(make(ask(
        erp_item("I-1"),
        rebill(9_000_00, 1_620_00),
        on,
        &[],
    )));
    let id = s.book.find_request(fact(&s, seq, 21, 0)).unwrap();
    assert_eq!(s.book.request_state(id), Some(RequestState::Pending));
    let at = |s: &Story, key: &ItemKey| s.open_on(key, on).unwrap();
    let original = at(&s, &erp_item("I-1"));
    assert_eq!(
        (original.at_source, original.pending),
        (6_800_00, -6_800_00)
    );
    let new = own_item("R-1-2");
    // 5,000 were paid before the book knew; they pay the new bill.
    assert_eq!(
        at(&s, &new),
        Open {
            at_source: 0,
            pending: 5_620_00
        }
    );
    // The ERP's next file: the old one is gone, the new one there.
    let doc = day(2026, 1, 1);
    let (later, due) = (on.plus(2), doc.plus(30));
    s.today = later;
    let rows = [
        row("C", "I-2", doc, due, 500_00, 500_00),
        row("C", "R-1-2", on, due, 10_620_00, 5_620_00),
    ];
    s.import(later, &rows);
    assert_eq!(s.book.request_state(id), Some(RequestState::Executed));
    assert_eq!(
        s.open_on(&own_item("R-1-2"), later).unwrap().at_source,
        5_620_00
    );
    let total: i64 = s
        .book
        .items()
        .ids()
        .filter_map(|i| s.book.item(i))
        .map(|i| i.open())
        .sum();
    assert_eq!(total, 6_120_00);
}

#[test]
fn entered_numbers_execute_and_differences_go_back() {
    let mut s = beside();
    let on = s.today;
    let case = s.when(Command::Case(CaseCommand::Open(vec![NewCase {
        lines: vec![(erp_item("I-2"), 100_00)],
        reason: "PRI".into(),
        ..NewCase::default()
    }])));
    let case_key = fact(&s, case, 20, 0);
    let case = s.book.find_case(case_key).unwrap();
    let what = Resolution::Adjust(Adjust {
        kind: Adjustment::PartialCredit,
        amount: 100_00,
        lines: vec![line(84_75, 15_25)],
        credit: None,
        settlement: None,
    });
    let asked = NewRequest {
        case: Some(case_key),
        ..ask(erp_item("I-2"), what, on, &[])
    };
    let seq = s.when(make(asked));
    let key = fact(&s, seq, 21, 0);
    let id = s.book.find_request(key).unwrap();
    assert_eq!(s.book.case_state(case), Some(CaseState::Approved));
    assert_eq!(s.book.case_money(case).credited, 100_00);
    let execute = |numbers: &[&str], lines: Vec<Vec<DocLine>>| {
        Command::Case(CaseCommand::Request(RequestCommand::Execute {
            request: key,
            numbers: numbers.iter().map(|n| (*n).to_owned()).collect(),
            lines,
        }))
    };
    assert!(matches!(
        s.refuses(execute(&[""], Vec::new())),
        Refusal::Empty(_)
    ));
    s.when(execute(&["CM-9"], vec![vec![line(80_00, 14_40)]]));
    assert_eq!(
        (s.book.request_state(id), s.book.case_state(case)),
        (Some(RequestState::Differs), Some(CaseState::WithOwner))
    );
    s.when(execute(&["CM-9"], vec![vec![line(84_75, 15_25)]]));
    assert_eq!(
        (s.book.request_state(id), s.book.case_state(case)),
        (Some(RequestState::Executed), Some(CaseState::Executed))
    );
    assert_eq!(s.open_on(&erp_item("I-2"), on).unwrap().at_source, 400_00);
}
