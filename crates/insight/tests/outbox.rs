//! The outbox: what the source has to have and does not have yet.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)]
mod support;
use duebook_insight::outbox::{Kind, OutboxLine, Room, Stage, note_of, outbox, outbox_sheet};
use duebook_ledger::command::{LogContact, NewFollowUp, NewPromise, NewPromiseLine};
use duebook_ledger::facts::*;
use duebook_ledger::outbox::Batch;
use duebook_ledger::{Command, Uid};
use duebook_money::Currency;
use duebook_policy::outbox::{OutboxLayout, Preset};
use duebook_sheet::Cell;
use support::*;

const NO_TEXTS: fn(Uid) -> Option<String> = |_| None;

/// A Monday with two items open at the source.
fn desk() -> Desk {
    let mut desk = Desk::new(false, "2026-03-02");
    let rows = [
        Row::new("C1", "A", "2026-01-01", "2026-02-01", 400_00),
        Row::new("C1", "B", "2026-01-01", "2026-02-01", 50_00),
    ];
    desk.import("2026-03-01", Scope::Everything, &rows).unwrap();
    desk
}

fn tell(desk: &mut Desk, line: &OutboxLine, reference: &str) {
    let keys = line.matters.iter();
    let items = keys.map(|m| (desk.book.matter_key(*m).unwrap(), reference.to_owned()));
    let items = items.collect();
    desk.run(Command::SendBatch(Batch {
        items,
        name: String::new(),
        again: false,
    }));
}

fn kinds(lines: &[OutboxLine]) -> Vec<(Kind, Stage)> {
    lines.iter().map(|l| (l.kind, l.stage)).collect()
}

fn call(note: bool, promise: bool) -> Command {
    let promised = NewPromise {
        currency: Currency::EUR,
        lines: vec![NewPromiseLine {
            item: Some(erp_item("A")),
            amount: 400_00,
            date: day("2026-03-20"),
        }],
        method: None,
        evidence: None,
    };
    Command::LogContact(LogContact {
        customer: erp("C1"),
        contact: None,
        channel: Channel::Call,
        outcome: if promise {
            Outcome::Promise
        } else {
            Outcome::NoAnswer
        },
        at: i64::from(day("2026-03-02").0) * 86_400_000,
        local_offset: None,
        seconds: 0,
        note: note.then(|| duebook_ledger::keys::TextRef::of(Uid([9; 16]), &[1; 32], "x")),
        items: vec![],
        promise: promise.then_some(promised),
        follow_up: promise.then(|| NewFollowUp {
            due: day("2026-03-21"),
            at: None,
            zone: None,
            what: None,
            retry: false,
        }),
        closes: vec![],
    })
}

#[test]
fn a_posting_is_to_tell_then_sent_then_asked_and_gone_when_answered() {
    let mut desk = desk();
    desk.receipt(
        erp("C1"),
        "R1",
        "2026-03-02",
        400_00,
        &[(erp_item("A"), 400_00)],
    );
    let lines = outbox(&desk.book, desk.today);
    let payment = Kind::Applied(Cause::Payment);
    assert_eq!(
        kinds(&lines),
        [(Kind::Receipt, Stage::ToTell), (payment, Stage::ToTell)]
    );
    assert_eq!(lines[1].amount, Some(400_00));
    tell(&mut desk, &lines[0], "14001");
    tell(&mut desk, &lines[1], "14001");
    let lines = outbox(&desk.book, desk.today);
    assert!(
        lines
            .iter()
            .all(|l| l.stage == Stage::Sent && l.reference == "14001")
    );
    // Thursday is the third business day, Friday the fourth.
    assert!(
        outbox(&desk.book, day("2026-03-05"))
            .iter()
            .all(|l| l.stage == Stage::Sent)
    );
    assert!(
        outbox(&desk.book, day("2026-03-06"))
            .iter()
            .all(|l| l.stage == Stage::Asked)
    );
    // "Yes, under this number" is a newer word: it is not asked again at once.
    desk.at("2026-03-06");
    tell(&mut desk, &lines[1], "14002");
    let lines = outbox(&desk.book, desk.today);
    assert_eq!(
        kinds(&lines),
        [(Kind::Receipt, Stage::Asked), (payment, Stage::Sent)]
    );
    // The source shows it settled: nothing waits.
    desk.confirmed = vec![Confirmed::WholeList];
    let rows = [Row::new("C1", "B", "2026-01-01", "2026-02-01", 50_00)];
    desk.import("2026-03-07", Scope::Everything, &rows).unwrap();
    assert_eq!(outbox(&desk.book, desk.today), []);
}

#[test]
fn fields_promises_and_notes_leave_when_told_and_come_back_when_set_again() {
    let mut desk = desk();
    let set = |field, value: &str| Command::SetField {
        items: vec![erp_item("A")],
        field,
        value: value.into(),
    };
    desk.run(call(false, false));
    assert_eq!(
        outbox(&desk.book, desk.today),
        [],
        "nobody answered: nothing to say"
    );
    desk.run(call(true, true));
    desk.run(set(CollectorField::Reason, "Pricing"));
    desk.run(set(CollectorField::Disputed, "12000"));
    desk.run(set(CollectorField::AgingAnchor, "2026-01-15"));
    let lines = outbox(&desk.book, desk.today);
    let to_tell = |kind| (kind, Stage::ToTell);
    assert_eq!(
        kinds(&lines),
        [
            to_tell(Kind::Fields),
            to_tell(Kind::Promise),
            to_tell(Kind::Note)
        ]
    );
    assert_eq!(lines[0].matters.len(), 2, "the anchor is ours alone");
    assert_eq!(
        lines[2].matters.len(),
        2,
        "the note speaks for the call before it"
    );
    for line in &lines {
        tell(&mut desk, line, "N1");
    }
    assert_eq!(outbox(&desk.book, desk.today), []);
    let promise = desk.last_promise();
    desk.run(Command::EndPromise {
        promise,
        how: PromiseEnd::Withdrawn,
    });
    let lines = outbox(&desk.book, desk.today);
    assert_eq!(
        kinds(&lines),
        [to_tell(Kind::PromiseEnded)],
        "the source has it still"
    );
    tell(&mut desk, &lines[0], "");
    assert_eq!(outbox(&desk.book, desk.today), []);
    desk.run(set(CollectorField::Reason, ""));
    let lines = outbox(&desk.book, desk.today);
    assert_eq!(
        kinds(&lines),
        [to_tell(Kind::Fields)],
        "taken off is news too"
    );
    let head = desk.book.head();
    desk.run(Command::Undo { commit: head });
    assert_eq!(outbox(&desk.book, desk.today), []);
}

#[test]
fn nothing_waits_where_nobody_else_keeps_the_ledger() {
    let mut desk = Desk::new(true, "2026-03-02");
    desk.customer("C1");
    desk.receipt(own("C1"), "R1", "2026-03-02", 10_00, &[]);
    assert_eq!(outbox(&desk.book, desk.today), []);
}

#[test]
fn a_note_tells_contact_promise_and_next_step() {
    let mut desk = desk();
    desk.run(call(true, true));
    let customer = desk.book.find_customer(&erp("C1")).unwrap();
    let texts = |_: Uid| Some("will pay\nby wire".to_owned());
    let room = Room {
        width: 60,
        lines: 10,
    };
    let note = note_of(&desk.book, &texts, customer, desk.today, room).unwrap();
    assert_eq!(
        note.lines,
        [
            "2026-03-02 CALL PTP (Tester): will pay by wire",
            "PROMISE 400.00 EUR by 2026-03-20 on A",
            "NEXT 2026-03-21: contact again",
        ]
    );
    let room = Room {
        width: 40,
        lines: 1,
    };
    assert!(
        note_of(&desk.book, &texts, customer, desk.today, room)
            .unwrap()
            .cut
    );
}

#[test]
fn a_file_has_the_columns_of_its_source() {
    let mut desk = desk();
    desk.receipt(
        erp("C1"),
        "=R1",
        "2026-03-02",
        400_00,
        &[(erp_item("A"), 400_00)],
    );
    let lines = outbox(&desk.book, desk.today);
    let layout = OutboxLayout::preset("ERP", Preset::Sap);
    let sheet = outbox_sheet(&desk.book, desk.today, lines, &layout, &NO_TEXTS);
    let headers: Vec<&str> = sheet.columns.iter().map(|c| c.header.as_str()).collect();
    assert_eq!(headers[..5], ["BUKRS", "BUDAT", "WAERS", "KUNNR", "BELNR"]);
    assert!(
        duebook_sheet::Workbook::bare("x", vec![sheet])
            .problems()
            .is_empty()
    );
    let lines = outbox(&desk.book, desk.today);
    let sheet = outbox_sheet(&desk.book, desk.today, lines, &layout, &NO_TEXTS);
    let row = |n: usize| {
        let mut cells = Vec::new();
        sheet.read_row(n, &mut cells);
        cells.iter().map(Cell::plain).collect::<Vec<_>>().join("|")
    };
    assert_eq!(row(0), "1000|2026-03-02|EUR|C1||||400.00|=R1|Receipt|");
    assert_eq!(
        row(1),
        "1000|2026-03-02|EUR|C1|A|||400.00|=R1|Payment applied|"
    );
}
