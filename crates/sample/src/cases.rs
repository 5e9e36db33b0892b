//! Disputes as cases: taken in from the list that the team kept before, worked on the last days, with
//! one query, one question put to somebody above and one credit that waits for approval.

use crate::customers::COLLECTORS;
use crate::life::LAST_EVENING;
use crate::life::item_key;
use crate::notes::REASONS;
use crate::portfolio::{Ask, Builder, SampleText};
use crate::work::Desk;
use duebook_ledger::Command;
use duebook_ledger::Uid;
use duebook_ledger::cases::resolve::{Adjust, Adjustment, NewRequest, RequestCommand, Resolution};
use duebook_ledger::cases::{
    CaseClose, CaseCommand, CaseState, EvidenceState, NewCase, PastCase, SaidKind,
};
use duebook_ledger::keys::{CustomerKey, FactKey};
use duebook_money::Day;

/// Minute at which it is done, once the last files are in.
const EVENING: i32 = LAST_EVENING + 26;
/// Cases that are worked after they came in.
const WORKED: usize = 24;

fn key(command: Uid, n: usize) -> FactKey {
    FactKey {
        command,
        ordinal: 20 << 24 | n as u32,
    }
}

/// The cases of the sample, on its last day.
pub(crate) fn cases(b: &mut Builder, desk: &mut Desk, last: Day) {
    let docs: Vec<usize> = desk.disputed.iter().copied().collect();
    let mut list = Vec::new();
    let mut open = Vec::new();
    for (n, doc) in docs.into_iter().enumerate() {
        let Some((code, part)) = b.erp.docs[doc].dispute else {
            continue;
        };
        let left = desk.open(b, doc);
        let (code, _, _) = REASONS[code];
        let item = item_key(&b.clients[b.erp.docs[doc].client], &b.erp.docs[doc]);
        if b.book.find_item(&item).is_none() {
            continue;
        }
        // Raised within the last seven weeks, or longer ago and over.
        let ago = if left > 0 {
            2 + (n as i32 * 5) % 45
        } else {
            50 + (n as i32 * 11) % 200
        };
        let opened_on = last.plus(-ago).max(b.erp.docs[doc].date);
        let took = 4 + (n as i32 * 7) % 33;
        let how = [
            CaseClose::Valid,
            CaseClose::Invalid,
            CaseClose::Split,
            CaseClose::Valid,
        ][n % 4];
        let closed = (left <= 0).then(|| (opened_on.plus(took).min(last), how));
        if left > 0 {
            open.push((list.len(), item.clone(), part.min(left)));
        }
        list.push(PastCase {
            case: NewCase {
                lines: vec![(item, part.min(left.max(0)))],
                reason: code.to_owned(),
                ticket: format!("DSP-{:04}", 1000 + n),
                ..NewCase::default()
            },
            opened_on,
            closed,
            whole: left <= 0,
        });
    }
    if open.is_empty() {
        return;
    }
    let lead = COLLECTORS[0];
    let command = Command::Case(CaseCommand::Import {
        file: "disputes-before.xlsx".to_owned(),
        cases: list,
    });
    let Some((_, taken)) = b.ask(Ask::new(last, EVENING, lead, command)) else {
        return;
    };
    for (n, (place, _, _)) in open.iter().take(WORKED).enumerate() {
        let minute = EVENING + 1 + n as i32 / 8;
        let case = key(taken, *place);
        let (state, owner) = match n % 5 {
            0 => continue,
            1 | 2 => (CaseState::WithOwner, ["Ines Moreau", "Tom Becker"][n % 2]),
            3 => (CaseState::WaitingCustomer, ""),
            _ => (CaseState::Triaged, ""),
        };
        let id = b.book.find_case(case);
        let department = id
            .and_then(|id| b.book.case(id))
            .map(|c| c.fact.department.clone());
        let department = match state {
            CaseState::WaitingCustomer => String::new(),
            _ => department.unwrap_or_default(),
        };
        let command = CaseCommand::Move {
            case,
            state,
            department,
            owner: owner.to_owned(),
            close: None,
            note: None,
        };
        b.ask(Ask::new(last, minute, lead, Command::Case(command)));
    }
    words(b, last, key(taken, open[0].0));
    query(b, last, &open[open.len() / 2].1);
    up(b, last, key(taken, open[0].0), &open[0].1);
    credit(b, last, key(taken, open[0].0), &open[0]);
}

fn say(
    b: &mut Builder,
    last: Day,
    minute: i32,
    text: &str,
    command: impl FnOnce(&SampleText) -> CaseCommand,
) {
    if let Some(text) = b.text(text) {
        let command = Command::Case(command(&text));
        b.ask(Ask::new(last, minute, COLLECTORS[0], command).with(vec![text]));
    }
}

fn words(b: &mut Builder, last: Day, case: FactKey) {
    let answer = "We billed list price; the contract of January has 4 % less. A credit is right.";
    say(b, last, EVENING + 5, answer, |text| CaseCommand::Say {
        cases: vec![case],
        kind: SaidKind::Answer,
        text: Some(text.reference),
        by: "Ines Moreau".to_owned(),
    });
    let what = b
        .book
        .find_case(case)
        .and_then(|id| b.book.case(id))
        .and_then(|c| c.fact.evidence.first().cloned());
    let command = CaseCommand::SetEvidence {
        case,
        what: what.unwrap_or_else(|| "Contract".to_owned()),
        state: EvidenceState::There,
        text: None,
    };
    b.ask(Ask::new(
        last,
        EVENING + 6,
        COLLECTORS[0],
        Command::Case(command),
    ));
}

fn query(b: &mut Builder, last: Day, item: &duebook_ledger::keys::ItemKey) {
    let words = "Please send the invoice once more with the delivery note; the portal shows none.";
    let item = item.clone();
    say(b, last, EVENING + 7, words, |text| {
        CaseCommand::Open(vec![NewCase {
            query: true,
            lines: vec![(item, 0)],
            reason: "NRI".to_owned(),
            text: Some(text.reference),
            ..NewCase::default()
        }])
    });
}

fn up(b: &mut Builder, last: Day, case: FactKey, item: &duebook_ledger::keys::ItemKey) {
    let customer = b
        .book
        .find_item(item)
        .and_then(|id| b.book.item(id))
        .and_then(|i| b.book.customer_key(i.customer()));
    let customer = customer.unwrap_or(CustomerKey {
        source: String::new(),
        number: String::new(),
    });
    let words = "They hold back everything else until this is settled. May we credit it before quarter end?";
    say(b, last, EVENING + 8, words, |text| CaseCommand::Escalate {
        customer,
        case: Some(case),
        to: "Head of receivables".to_owned(),
        reason: "holds back the rest of the account".to_owned(),
        question: Some(text.reference),
        due: last.plus(3),
        level: None,
    });
}

fn credit(
    b: &mut Builder,
    last: Day,
    case: FactKey,
    (_, item, part): &(usize, duebook_ledger::keys::ItemKey, i64),
) {
    let request = NewRequest {
        case: Some(case),
        item: item.clone(),
        what: Resolution::Adjust(Adjust {
            kind: Adjustment::PartialCredit,
            amount: *part,
            lines: Vec::new(),
            credit: None,
            settlement: None,
        }),
        on: last,
        fell_on: None,
        tax_note: false,
        reason: "price as in the contract".to_owned(),
        text: None,
        numbers: Vec::new(),
        ask: true,
    };
    let command = CaseCommand::Request(RequestCommand::Make(Box::new(request)));
    b.ask(Ask::new(
        last,
        EVENING + 9,
        COLLECTORS[0],
        Command::Case(command),
    ));
}
