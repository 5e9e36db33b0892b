//! The stored numbers of what happens to cases: never given anew.
#![allow(clippy::unwrap_used)]
mod support;
use duebook_ledger::cases::resolve::*;
use duebook_ledger::cases::*;
use duebook_ledger::event::Event;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::*;
use duebook_policy::{AuthorityPolicy, CasePolicy, NumberPolicy, PostingPolicy, TermsTable};
use support::*;

/// A variant is stored as an array of its number and its fields.
fn number(value: &impl minicbor::Encode<()>) -> u64 {
    let bytes = minicbor::to_vec(value).unwrap();
    let mut d = minicbor::Decoder::new(&bytes);
    d.array().unwrap();
    d.u64().unwrap()
}

/// A new event does not compile here until it has a number.
fn number_of(event: &CaseEvent) -> u64 {
    match event {
        CaseEvent::Opened(_) => 0,
        CaseEvent::Moved { .. } => 1,
        CaseEvent::LinesSet { .. } => 2,
        CaseEvent::Edited { .. } => 3,
        CaseEvent::EvidenceSet { .. } => 4,
        CaseEvent::Said { .. } => 5,
        CaseEvent::Request(_) => 7,
        CaseEvent::Escalated(_) => 12,
        CaseEvent::EscalationAnswered { .. } => 13,
        CaseEvent::DigestSent(_) => 14,
    }
}

fn request_number(event: &RequestEvent) -> u64 {
    match event {
        RequestEvent::Made(_) => 0,
        RequestEvent::Posted(..) => 1,
        RequestEvent::Ended(..) => 2,
        RequestEvent::Executed(..) => 3,
    }
}

#[test]
fn events_of_cases_keep_their_numbers() {
    let (case, escalation, request) = (CaseId(1), EscalationId(2), RequestId(3));
    let said = CaseSaid {
        kind: SaidKind::Note,
        text: None,
        by: String::new(),
        on: day(2026, 1, 1),
    };
    let answer = EscalationAnswer {
        text: None,
        on: day(2026, 1, 1),
        by: String::new(),
    };
    let hop = Hop {
        state: CaseState::Triaged,
        department: String::new(),
        owner: String::new(),
        on: day(2026, 1, 1),
        close: None,
        note: None,
    };
    let requests = [
        RequestEvent::Posted(request, Posted::default()),
        RequestEvent::Ended(request, RequestEnd::Refused, None),
        RequestEvent::Executed(request, Execution::default()),
    ];
    for event in requests {
        assert_eq!(number(&event), request_number(&event));
        let event = CaseEvent::Request(Box::new(event));
        assert_eq!((number(&event), number(&Event::Case(event))), (7, 80));
    }
    let events = [
        CaseEvent::Moved { case, hop },
        CaseEvent::LinesSet {
            case,
            lines: Vec::new(),
        },
        CaseEvent::Edited {
            case,
            edit: CaseEdit::Ticket("T".into()),
        },
        CaseEvent::EvidenceSet {
            case,
            what: "PO".into(),
            state: EvidenceState::There,
            text: None,
        },
        CaseEvent::Said { case, said },
        CaseEvent::EscalationAnswered { escalation, answer },
        CaseEvent::DigestSent(DigestFact {
            who: "Ines".into(),
            on: day(2026, 1, 1),
            cases: vec![case],
        }),
    ];
    for event in events {
        assert_eq!(number(&event), number_of(&event));
    }
    assert_eq!(number(&PolicyChange::Cases(CasePolicy::default())), 80);
    assert_eq!(
        number(&PolicyChange::Authority(AuthorityPolicy::default())),
        81
    );
    assert_eq!(
        number(&PolicyChange::Postings(PostingPolicy::default())),
        82
    );
    assert_eq!(number(&PolicyChange::Numbers(NumberPolicy::default())), 83);
    assert_eq!(number(&PolicyChange::Terms(TermsTable::default())), 125);
}

/// A command, a fact and a request as versions before wrote them: what came later reads as none.
#[test]
fn what_was_stored_before_opens() {
    #[derive(minicbor::Encode)]
    enum Before {
        #[n(12)]
        Escalate {
            #[n(0)]
            customer: keys::CustomerKey,
            #[n(1)]
            case: Option<keys::FactKey>,
            #[n(2)]
            to: String,
            #[n(3)]
            reason: String,
            #[n(4)]
            question: Option<keys::TextRef>,
            #[n(5)]
            due: duebook_money::Day,
        },
    }
    let before = Before::Escalate {
        customer: own_customer("C"),
        case: None,
        to: "Ben".into(),
        reason: String::new(),
        question: None,
        due: day(2026, 1, 3),
    };
    let bytes = minicbor::to_vec(&before).unwrap();
    let now: CaseCommand = minicbor::decode(&bytes).unwrap();
    assert!(matches!(now, CaseCommand::Escalate { level: None, .. }));

    #[derive(minicbor::Encode)]
    #[cbor(map)]
    struct SplitBefore {
        #[n(0)]
        original: Vec<DocLine>,
        #[n(1)]
        by: SplitBy,
        #[n(2)]
        pos: Vec<String>,
        #[n(3)]
        tax_documents: bool,
    }
    let before = SplitBefore {
        original: Vec::new(),
        by: SplitBy::Amounts(vec![1, 2]),
        pos: vec!["PO-1".into()],
        tax_documents: false,
    };
    let now: Split = minicbor::decode(&minicbor::to_vec(&before).unwrap()).unwrap();
    assert_eq!((now.basis, now.labels.len()), (SplitBasis::Amount, 0));
    assert_eq!((now.po_of(0), now.po_of(1)), ("PO-1", ""));
}
