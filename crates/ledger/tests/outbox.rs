//! The outbox: what the source was told of leaves it, comes back when it was not, and every step
//! is undone like any other. No violation after any commit: `Story` asks each time.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)]
mod support;
use duebook_ledger::facts::*;
use duebook_ledger::outbox::{Batch, Matter, MatterKey};
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::refusal::Field;
use duebook_ledger::*;
use duebook_money::Currency;
use duebook_policy::outbox::{OutboxLayout, Preset};
use support::*;

const PERSON_CALL: u32 = 2;
const PROMISE: u32 = 3;

fn batch(items: &[(MatterKey, &str)]) -> Command {
    Command::SendBatch(Batch {
        items: items
            .iter()
            .map(|(k, r)| (k.clone(), (*r).to_owned()))
            .collect(),
        name: "Batch 1".into(),
        again: false,
    })
}

fn again(key: MatterKey) -> Command {
    Command::SendBatch(Batch {
        items: vec![(key, String::new())],
        name: String::new(),
        again: true,
    })
}

/// A book that follows a source, with 100.00 received and applied to "A".
fn story() -> (Story, Seq) {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = doc.plus(30);
    let rows = [
        row("C1", "A", doc, doc.plus(30), 400_00, 400_00),
        row("C1", "B", doc, doc.plus(30), 50_00, 50_00),
    ];
    s.import(doc.plus(29), &rows);
    let paid = s.when(receipt_from(
        erp_customer("C1"),
        "R1",
        s.today,
        100_00,
        &[(erp_item("A"), 100_00)],
    ));
    (s, paid)
}

#[test]
fn a_posting_told_is_sent_and_keeps_its_reference() {
    let (mut s, paid) = story();
    let application = MatterKey::Settlement(settlement(&s, paid, 0));
    let receipt = MatterKey::Item(own_credit("R1"));
    let before = s.open_on(&erp_item("A"), s.today);
    let told = s.when(batch(&[
        (receipt.clone(), "1400001"),
        (application.clone(), "1400001"),
    ]));
    let id = s.id(&own_credit("R1"));
    assert_eq!(s.book.item(id).unwrap().standing(), Standing::Sent);
    assert_eq!(s.book.standing_of(SettlementId(0)), Standing::Sent);
    let (seq, telling) = s.book.told(Matter::Item(id)).unwrap();
    assert_eq!((seq, telling.reference.as_str()), (told, "1400001"));
    assert_eq!(telling.batch, "Batch 1");
    assert_eq!(
        s.open_on(&erp_item("A"), s.today),
        before,
        "no figure moves"
    );
    // Told once more: the reference is the newer one, the standing as it was.
    s.when(batch(&[(receipt.clone(), "1400002")]));
    assert_eq!(
        s.book.told(Matter::Item(id)).unwrap().1.reference,
        "1400002"
    );
    let undo = s.undo(told);
    assert_eq!(s.book.told(Matter::Settlement(SettlementId(0))), None);
    assert_eq!(s.book.standing_of(SettlementId(0)), Standing::Local);
    s.undo(undo);
    assert_eq!(s.book.standing_of(SettlementId(0)), Standing::Sent);
    assert_eq!(s.book.matter_key(Matter::Item(id)), Some(receipt));
    assert_eq!(
        s.book.matter_key(Matter::Settlement(SettlementId(0))),
        Some(application)
    );
    assert_eq!(
        replay(&s.log).told(Matter::Item(id)),
        s.book.told(Matter::Item(id))
    );
}

#[test]
fn what_the_source_does_not_have_is_told_again() {
    let (mut s, _) = story();
    let receipt = MatterKey::Item(own_credit("R1"));
    let refusal = s.refuses(again(receipt.clone()));
    assert_eq!(refusal, Refusal::NotToTell(receipt.clone()));
    s.when(batch(&[(receipt.clone(), "")]));
    s.when(again(receipt));
    let id = s.id(&own_credit("R1"));
    assert_eq!(s.book.item(id).unwrap().standing(), Standing::Local);
    assert_eq!(s.book.told(Matter::Item(id)), None);
}

#[test]
fn a_reversal_of_what_stands_at_source_is_told_by_itself() {
    let (mut s, paid) = story();
    let key = settlement(&s, paid, 0);
    let confirm = Command::SetStanding {
        item: None,
        settlement: Some(key),
        standing: Standing::Confirmed,
        reference: String::new(),
    };
    s.when(confirm);
    s.when(reverse(key, s.today));
    let id = SettlementId(0);
    let back = s.book.matter_key(Matter::TakenBack(id)).unwrap();
    s.when(batch(&[(back, "1400009")]));
    assert_eq!(s.book.reversal_of(id).unwrap().standing, Standing::Sent);
    assert_eq!(s.book.standing_of(id), Standing::Confirmed);
    // The settlement itself is taken back: there is nothing to tell of it.
    let refusal = s.refuses(batch(&[(MatterKey::Settlement(key), "")]));
    assert_eq!(refusal, Refusal::UnknownFact(key));
}

#[test]
fn notes_promises_and_fields_are_told_and_a_field_set_again_is_newer() {
    let (mut s, _) = story();
    let call = s.when(Command::LogContact(command::LogContact {
        customer: erp_customer("C1"),
        contact: None,
        channel: Channel::Call,
        outcome: Outcome::Promise,
        at: 0,
        local_offset: None,
        seconds: 60,
        note: Some(text(1, "Will pay")),
        items: vec![],
        promise: Some(command::NewPromise {
            currency: Currency::EUR,
            lines: vec![command::NewPromiseLine {
                item: None,
                amount: 10_00,
                date: s.today.plus(5),
            }],
            method: None,
            evidence: None,
        }),
        follow_up: None,
        closes: vec![],
    }));
    let set = |value: &str| Command::SetField {
        items: vec![erp_item("A")],
        field: CollectorField::Reason,
        value: value.into(),
    };
    s.when(set("Pricing"));
    let field = MatterKey::Field(erp_item("A"), CollectorField::Reason);
    let items = [
        (MatterKey::Activity(fact(&s, call, PERSON_CALL, 0)), "N1"),
        (MatterKey::Promise(fact(&s, call, PROMISE, 0)), "N1"),
        (field.clone(), "F7"),
    ];
    let told = s.when(batch(&items));
    for (key, reference) in &items {
        let matter = match key {
            MatterKey::Activity(_) => Matter::Activity(ActivityId(0)),
            MatterKey::Promise(_) => Matter::Promise(PromiseId(0)),
            _ => Matter::Field(s.id(&erp_item("A")), CollectorField::Reason),
        };
        let (seq, telling) = s.book.told(matter).unwrap();
        assert_eq!((seq, telling.reference.as_str()), (told, *reference));
        assert_eq!(s.book.matter_key(matter).as_ref(), Some(key));
    }
    let newer = s.when(set("Quality"));
    let history = s
        .book
        .field_history(s.id(&erp_item("A")), CollectorField::Reason);
    assert_eq!(history.last(), Some(&(newer, "Quality")));
    assert!(newer > told, "and so it is to be told again");
    // A file undone and taken in again: what was told of the row stays told.
    s.undo(newer);
    s.when(again(field));
    let matter = Matter::Field(s.id(&erp_item("A")), CollectorField::Reason);
    assert_eq!(s.book.told(matter), None);
}

#[test]
fn what_is_not_ours_or_waits_for_nothing_is_refused() {
    let (mut s, paid) = story();
    assert_eq!(s.refuses(batch(&[])), Refusal::Empty(Field::Items));
    let theirs = MatterKey::Item(erp_item("A"));
    let refusal = s.refuses(batch(&[(theirs, "")]));
    assert_eq!(refusal, Refusal::NotOurs(erp_item("A")));
    let unknown = s.refuses(batch(&[(MatterKey::Item(own_credit("R9")), "")]));
    assert_eq!(unknown, Refusal::UnknownItem(own_credit("R9")));
    let never_set = MatterKey::Field(erp_item("A"), CollectorField::Status);
    let refusal = s.refuses(batch(&[(never_set.clone(), "")]));
    assert_eq!(refusal, Refusal::NotToTell(never_set));
    // One bad line refuses the whole batch.
    let withdrawn = Command::SetStanding {
        item: Some(own_credit("R1")),
        settlement: None,
        standing: Standing::Withdrawn,
        reference: String::new(),
    };
    s.when(withdrawn);
    let receipt = MatterKey::Item(own_credit("R1"));
    let refusal = s.refuses(batch(&[(receipt.clone(), "")]));
    assert_eq!(refusal, Refusal::NotToTell(receipt));
    let key = settlement(&s, paid, 0);
    let refusal = s.refuses(batch(&[(MatterKey::Settlement(key), "")]));
    assert_eq!(refusal, Refusal::UnknownFact(key));
    // In a book whose owner posts the ledger nothing waits.
    let mut own = own_book();
    own.customer("C1");
    own.invoice("C1", "I1", day(2026, 1, 1), &[(day(2026, 2, 1), 10_00)]);
    let item = MatterKey::Item(own_item("I1"));
    let refusal = own.refuses(batch(&[(item.clone(), "")]));
    assert_eq!(refusal, Refusal::NotToTell(item));
}

#[test]
fn layouts_are_a_policy_and_one_of_a_source() {
    let (mut s, _) = story();
    let sap = OutboxLayout::preset("ERP", Preset::Sap);
    s.when(Command::SetPolicy(PolicyChange::Outbox(vec![sap.clone()])));
    assert_eq!(s.book.policies().outbox_of("ERP"), sap);
    let other = s.book.policies().outbox_of("Other");
    assert_eq!(other, OutboxLayout::preset("Other", Preset::All));
    let twice = Command::SetPolicy(PolicyChange::Outbox(vec![sap.clone(), sap.clone()]));
    assert_eq!(s.refuses(twice), Refusal::BadPolicy);
    let mut bad = sap;
    bad.facts.clear();
    let bad = Command::SetPolicy(PolicyChange::Outbox(vec![bad]));
    assert_eq!(s.refuses(bad), Refusal::BadPolicy);
}
