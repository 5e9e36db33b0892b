//! Many items in one act, and a tracker's history: what is refused, and how it is stored.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::command::*;
use duebook_ledger::facts::CollectorField;
use duebook_ledger::work::*;
use duebook_ledger::*;
use duebook_money::Currency;
use support::*;

fn change(value: &str) -> FieldChange {
    FieldChange {
        item: erp_item("A"),
        field: CollectorField::Status,
        value: value.into(),
    }
}

fn promise(amount: i64, date: duebook_money::Day) -> NewPromise {
    NewPromise {
        currency: Currency::EUR,
        lines: vec![NewPromiseLine {
            item: Some(erp_item("A")),
            amount,
            date,
        }],
        method: None,
        evidence: None,
    }
}

fn book() -> Story {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = doc;
    s.import(doc, &[row("HQ", "A", doc, doc.plus(30), 1_000_00, 400_00)]);
    s
}

#[test]
fn pt_01_a_promise_of_a_tracker_may_be_past_but_not_for_more_than_the_document() {
    let mut s = book();
    let past = day(2026, 2, 1);
    let part = |amount, taken_on| TrackerPart::Promise {
        customer: erp_customer("HQ"),
        taken_on,
        promise: promise(amount, past),
    };
    let take = |parts| {
        Command::ImportTracker(ImportTracker {
            file: "t.csv".into(),
            parts,
        })
    };
    assert!(matches!(
        s.refuses(take(vec![part(1_000_01, past)])),
        Refusal::MoreThanOpen { .. }
    ));
    assert!(matches!(
        s.refuses(take(vec![part(10_00, past.plus(1))])),
        Refusal::DateBefore { .. }
    ));
    assert!(matches!(s.refuses(take(Vec::new())), Refusal::Empty(_)));
    s.when(take(vec![
        part(1_000_00, past),
        TrackerPart::Remark {
            customer: erp_customer("HQ"),
            item: Some(erp_item("A")),
            day: past,
            text: text(9, "called"),
            author: " AK ".into(),
        },
        TrackerPart::Field(change("x")),
    ]));
    assert_eq!(s.book.promises()[0].fact.taken_on, past);
    assert_eq!(s.book.remarks()[0].fact.author, "AK");
}

#[test]
fn what_is_stored_keeps_its_numbers() {
    let parts = vec![
        WorkPart::Field(change("x")),
        WorkPart::Promise {
            customer: erp_customer("HQ"),
            promise: promise(1, day(2026, 3, 2)),
        },
    ];
    let tracker = ImportTracker {
        file: "t".into(),
        parts: vec![TrackerPart::Field(change("x"))],
    };
    let commands = [
        (
            50,
            Command::SetFields {
                changes: vec![change("x")],
            },
        ),
        (51, Command::WorkTogether { parts }),
        (52, Command::ImportTracker(tracker)),
    ];
    for (number, command) in commands {
        let remark = Event::RemarkImported(RemarkFact {
            customer: CustomerId(0),
            item: None,
            day: day(2026, 3, 1),
            text: text(9, "called"),
            author: String::new(),
        });
        let events = vec![remark];
        let body = Body { command, events };
        let bytes = body.encode();
        // A map of two: 0 is the command, an array that begins with its number.
        assert_eq!(&bytes[..5], [0xa2, 0x00, 0x82, 0x18, number]);
        assert!(bytes.windows(3).any(|w| w == [0x82, 0x18, 50]), "event 50");
        assert_eq!(Body::decode(&bytes).unwrap(), body);
    }
}
