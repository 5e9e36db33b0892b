//! Correspondence: produced is not sent, a hold ends, a query is answered once, a document hangs on
//! its item through undo and import again. No violation after any commit: `Story` asks each time.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)]
mod support;
use duebook_ledger::facts::*;
use duebook_ledger::keys::FactKey;
use duebook_ledger::letters::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::refusal::Field;
use duebook_ledger::*;
use duebook_money::Currency;
use duebook_policy::LettersPolicy;
use duebook_policy::letters::{AnswerWithin, LetterUse, Medium, QueryKind};
use support::*;

const LETTER: u32 = 15;
const HOLD: u32 = 16;
const QUERY: u32 = 17;
const DOCUMENT: u32 = 18;

fn letters(command: LettersCommand) -> Command {
    Command::Letters(command)
}

fn letter(s: &Story, customer: &str, lines: &[(&str, i64)]) -> NewLetter {
    NewLetter {
        customer: erp_customer(customer),
        contact: None,
        used_for: LetterUse::Reminder,
        template: "first".into(),
        language: "en".into(),
        version: 1,
        medium: Medium::Email,
        step: Some(1),
        as_of: s.today,
        lines: lines.iter().map(|(n, a)| (erp_item(n), *a)).collect(),
        totals: vec![LetterTotal {
            currency: Currency::EUR,
            minor: lines.iter().map(|l| l.1).sum(),
        }],
        subject: Some(text(1, "First reminder")),
        content: Some(text(2, "Dear Anne")),
        tie: "T-1".into(),
    }
}

/// A book of a source with two customers.
fn story() -> Story {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = doc.plus(40);
    let rows = [
        row("C1", "A", doc, doc.plus(30), 400_00, 400_00),
        row("C1", "B", doc, doc.plus(30), 50_00, 50_00),
        row("C2", "D", doc, doc.plus(30), 70_00, 70_00),
    ];
    s.import(doc.plus(39), &rows);
    s
}

fn stands(s: &Story, n: u32) -> Option<LetterStands> {
    s.book.letter(LetterId(n)).map(|l| l.1)
}

#[test]
fn cp_09_produced_is_not_sent_and_only_sent_is_a_contact() {
    let mut s = story();
    let both = vec![
        letter(&s, "C1", &[("A", 400_00), ("B", 50_00)]),
        letter(&s, "C2", &[("D", 70_00)]),
    ];
    let made = s.when(letters(LettersCommand::Produce(both)));
    assert_eq!(stands(&s, 0), Some(LetterStands::Produced));
    assert!(
        s.book.activities().is_empty(),
        "nothing was said to anybody"
    );
    let first = fact(&s, made, LETTER, 0);
    let second = fact(&s, made, LETTER, 1);
    let at = 1_775_000_000_000;
    let sent = s.when(letters(LettersCommand::ConfirmSent {
        letters: vec![first, first],
        at,
    }));
    assert_eq!(stands(&s, 0), Some(LetterStands::Sent(at, s.today)));
    let contact = &s.book.activities()[0];
    assert_eq!(
        (contact.channel, contact.outcome, contact.items.len()),
        (Channel::Email, Outcome::MailSent, 2)
    );
    assert_eq!(s.book.activities().len(), 1, "each letter once");
    let again = letters(LettersCommand::Discard {
        letters: vec![first],
    });
    assert_eq!(s.refuses(again), Refusal::AlreadyEnded(first));
    s.when(letters(LettersCommand::Discard {
        letters: vec![second],
    }));
    assert_eq!(stands(&s, 1), Some(LetterStands::Discarded));
    // Undone and done again: the word and the contact together.
    let undo = s.undo(sent);
    assert_eq!(stands(&s, 0), Some(LetterStands::Produced));
    s.undo(undo);
    assert_eq!(stands(&s, 0), Some(LetterStands::Sent(at, s.today)));
    let gone = s.undo(made);
    assert_eq!(stands(&s, 0), None);
    let unknown = letters(LettersCommand::ConfirmSent {
        letters: vec![second],
        at,
    });
    assert_eq!(s.refuses(unknown), Refusal::UnknownFact(second));
    s.undo(gone);
    assert_eq!(stands(&s, 1), Some(LetterStands::Discarded));
    let to: Vec<u32> = s
        .book
        .letters_to(s.book.find_customer(&erp_customer("C2")).unwrap())
        .map(|(id, ..)| id.0)
        .collect();
    assert_eq!(to, [1]);
}

#[test]
fn a_letter_names_items_of_its_customer_only() {
    let mut s = story();
    let wrong = letters(LettersCommand::Produce(vec![letter(&s, "C1", &[("D", 1)])]));
    assert_eq!(s.refuses(wrong), Refusal::AnotherCustomer(erp_item("D")));
    let none = letters(LettersCommand::Produce(Vec::new()));
    assert_eq!(s.refuses(none), Refusal::Empty(Field::Items));
    let mut nobody = letter(&s, "C9", &[]);
    nobody.lines.clear();
    let nobody = letters(LettersCommand::Produce(vec![nobody]));
    assert_eq!(
        s.refuses(nobody),
        Refusal::UnknownCustomer(erp_customer("C9"))
    );
}

#[test]
fn a_hold_has_a_reason_and_an_end() {
    let mut s = story();
    let hold = |reason: &str, until| {
        letters(LettersCommand::SetHold {
            customer: erp_customer("C1"),
            reason: reason.into(),
            until,
        })
    };
    let today = s.today;
    assert_eq!(s.refuses(hold(" ", today)), Refusal::Empty(Field::Ground));
    let past = s.refuses(hold("audit", today.plus(-1)));
    assert!(matches!(past, Refusal::DateBefore { .. }));
    let set = s.when(hold("audit", today.plus(5)));
    let id = s.book.find_customer(&erp_customer("C1")).unwrap();
    assert!(s.book.hold_on(id, s.today.plus(5)).is_some());
    assert!(
        s.book.hold_on(id, s.today.plus(6)).is_none(),
        "it ended by itself"
    );
    let key = fact(&s, set, HOLD, 0);
    let ended = s.when(letters(LettersCommand::EndHold { hold: key }));
    assert!(s.book.hold_on(id, s.today).is_none());
    let twice = letters(LettersCommand::EndHold { hold: key });
    assert_eq!(s.refuses(twice), Refusal::AlreadyEnded(key));
    s.undo(ended);
    assert!(s.book.hold_on(id, s.today).is_some());
}

#[test]
fn a_query_keeps_the_hours_in_force_and_is_answered_once() {
    let mut s = story();
    let open = |at| {
        letters(LettersCommand::OpenQuery {
            customer: erp_customer("C1"),
            contact: None,
            kind: QueryKind::InvoiceCopy,
            at,
            items: vec![erp_item("A")],
            note: None,
        })
    };
    let asked = s.when(open(1_000));
    let policy = LettersPolicy {
        answer_within: vec![AnswerWithin {
            kind: QueryKind::InvoiceCopy,
            hours: 1,
        }],
        ..LettersPolicy::default()
    };
    s.when(Command::SetPolicy(PolicyChange::Letters(Box::new(
        policy.clone(),
    ))));
    s.when(open(2_000));
    let hours: Vec<u16> = s.book.queries().iter().map(|q| q.fact.hours).collect();
    assert_eq!(hours, [4, 1]);
    let query = fact(&s, asked, QUERY, 0);
    let answer = || {
        letters(LettersCommand::AnswerQuery {
            query,
            at: 5_000,
            note: Some(text(9, "sent the copy")),
        })
    };
    s.when(answer());
    let answered = s.book.query_answer(&s.book.queries()[0]).unwrap();
    assert_eq!(answered.map(|a| a.0), Some(5_000));
    assert_eq!(s.refuses(answer()), Refusal::AlreadyEnded(query));
    let mut bad = policy;
    bad.templates[0].subject.push_str(" {{what}}");
    let bad = Command::SetPolicy(PolicyChange::Letters(Box::new(bad)));
    assert_eq!(s.refuses(bad), Refusal::BadPolicy);
}

#[test]
fn a_document_stays_with_its_item_when_the_import_comes_in_again() {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = doc.plus(40);
    let rows = [row("C1", "A", doc, doc.plus(30), 400_00, 400_00)];
    s.import(doc.plus(39), &rows);
    let import = s.book.head();
    let link = NewDocument {
        name: "A.pdf".into(),
        size: 12,
        digest: [7; 32],
        items: vec![erp_item("A")],
        customer: None,
        content: None,
    };
    let linked = s.when(letters(LettersCommand::LinkDocuments(vec![link.clone()])));
    let of = |s: &Story| s.book.documents_of(s.id(&erp_item("A"))).len();
    assert_eq!(of(&s), 1);
    s.undo(import);
    s.import(doc.plus(39), &rows);
    assert_eq!(of(&s), 1, "it is found on the row that took its place");
    let key: FactKey = fact(&s, linked, DOCUMENT, 0);
    s.when(letters(LettersCommand::UnlinkDocument { document: key }));
    assert_eq!(of(&s), 0);
    let free = NewDocument {
        items: Vec::new(),
        ..link
    };
    let free = letters(LettersCommand::LinkDocuments(vec![free]));
    assert_eq!(s.refuses(free), Refusal::Empty(Field::Items));
}

fn hex(value: &impl minicbor::Encode<()>) -> String {
    let bytes = minicbor::to_vec(value).unwrap();
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Stored numbers never change meaning.
#[test]
fn stored_numbers_stay() {
    let hold = Event::Letters(LettersEvent::HoldSet(HoldFact {
        customer: CustomerId(3),
        reason: "x".into(),
        until: duebook_money::Day(9),
    }));
    assert_eq!(hex(&hold), HOLD_SET);
    let ended = Event::Letters(LettersEvent::Ended {
        letter: LetterId(2),
        how: LetterEnd::Sent {
            at: 5,
            on: duebook_money::Day(6),
        },
    });
    assert_eq!(hex(&ended), ENDED);
    let end = Command::Letters(LettersCommand::EndHold {
        hold: FactKey {
            command: uid(1),
            ordinal: 16 << 24,
        },
    });
    assert_eq!(hex(&end), END_HOLD);
}

const HOLD_SET: &str = "82184681820281a300030161780209";
const ENDED: &str = "82184681820182028200820506";
const END_HOLD: &str = "82184681820481a2005001000000000000000000000000000000011a10000000";
