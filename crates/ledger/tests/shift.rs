//! Shifts begin and end, what they hand over stays as it was, tasks come again, an opening list is
//! signed once (issue part 4; domain.md §9.4).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::inconsistent_digit_grouping
)] // minor units

mod support;

use duebook_ledger::desk::DeskCommand;
use duebook_ledger::facts::*;
use duebook_ledger::import::{cbor, from_cbor};
use duebook_ledger::keys::*;
use duebook_ledger::shift::*;
use duebook_ledger::*;
use duebook_money::Currency;
use support::*;

const HOUR: i64 = 3_600_000;

fn start(from: i64, hours: i64, read: Vec<FactKey>) -> Command {
    Command::Shift(ShiftCommand::Start {
        work_date: day(2026, 1, 1),
        start: from,
        planned_end: from + hours * HOUR,
        zone: "Asia/Kolkata".into(),
        read,
    })
}

fn end(shift: FactKey, at: i64, lines: Vec<HandOverLine>) -> Command {
    Command::Shift(ShiftCommand::End {
        shift,
        at,
        hand_over: HandOver { lines, note: None },
    })
}

fn line(kind: LineKind, customer: &str) -> HandOverLine {
    HandOverLine {
        kind,
        customer: Some(own_customer(customer)),
        fact: None,
        day: Some(day(2026, 1, 2)),
        at: None,
        zone: None,
        currency: Some(Currency::EUR),
        amount: Some(10_00),
        outcome: Some(Outcome::Query),
        count: None,
    }
}

fn key(story: &Story, seq: Seq, kind: u32) -> FactKey {
    fact(story, seq, kind, 0)
}

#[test]
fn a_shift_begins_once_a_name_and_ends_with_what_it_hands_over() {
    let mut s = own_book();
    s.customer("C1");
    assert!(matches!(
        s.refuses(start(10 * HOUR, 0, vec![])),
        Refusal::ShiftTimes { .. }
    ));
    assert!(matches!(
        s.refuses(start(10 * HOUR, 30, vec![])),
        Refusal::ShiftTimes { .. }
    ));
    let begun = s.when(start(10 * HOUR, 9, vec![]));
    let shift = key(&s, begun, 40);
    assert_eq!(
        s.refuses(start(11 * HOUR, 9, vec![])),
        Refusal::ShiftOpen(shift)
    );
    // Another name has a shift of its own.
    s.actor = "Bela";
    let other = s.when(start(10 * HOUR, 9, vec![]));
    s.actor = "Asha";
    assert!(matches!(
        s.refuses(end(shift, 9 * HOUR, vec![])),
        Refusal::ShiftTimes { .. }
    ));
    let unknown = end(shift, 19 * HOUR, vec![line(LineKind::TheyWait, "C9")]);
    assert_eq!(
        s.refuses(unknown),
        Refusal::UnknownCustomer(own_customer("C9"))
    );
    let lines = vec![line(LineKind::TheyWait, "C1")];
    s.when(end(shift, 19 * HOUR, lines.clone()));
    let known = s.book.shift(s.book.find_shift(shift).unwrap()).unwrap();
    assert_eq!(s.book.shift_end(known).unwrap().1.lines, lines);
    assert_eq!(
        s.refuses(end(shift, 20 * HOUR, vec![])),
        Refusal::AlreadyEnded(shift)
    );
    // The next one has read it.
    let next = s.when(start(20 * HOUR, 9, vec![shift]));
    let read = &s.book.shifts().last().unwrap().read;
    assert_eq!(read, &[s.book.find_shift(shift).unwrap()]);
    assert_eq!(s.book.open_shift("Asha").unwrap().1.commit, next);
    assert_eq!(s.book.open_shift("Bela").unwrap().1.commit, other);
    // Undone, it never was; its key finds nothing.
    s.undo(next);
    assert_eq!(s.book.open_shift("Asha"), None);
    let gone = fact(&s, next, 40, 0);
    assert_eq!(s.book.find_shift(gone), None);
    assert_eq!(s.refuses(end(gone, 0, vec![])), Refusal::UnknownFact(gone));
}

#[test]
fn a_commit_is_of_the_shift_it_was_recorded_in() {
    let mut s = own_book();
    let now = s.context().recorded_at;
    let begun = s.when(start(now, 9, vec![]));
    let shift = key(&s, begun, 40);
    let of = |s: &Story, at| s.book.shift_of("Asha", at).map(|x| x.key);
    assert_eq!(of(&s, now + HOUR), Some(shift));
    assert_eq!(of(&s, now - 1), None);
    assert_eq!(s.book.shift_of("Bela", now + HOUR), None);
    s.when(end(shift, now + 8 * HOUR, vec![]));
    assert_eq!(of(&s, now + 8 * HOUR), Some(shift));
    assert_eq!(of(&s, now + 8 * HOUR + 1), None);
}

#[test]
fn a_shift_does_not_end_while_a_call_of_it_is_parked() {
    let mut s = own_book();
    s.customer("C1");
    let begun = s.when(start(0, 9, vec![]));
    let shift = key(&s, begun, 40);
    let parked = s.when(Command::Desk(DeskCommand::Park {
        customer: own_customer("C1"),
        began: 5,
        channel: Channel::InboundCall,
        draft: None,
    }));
    assert_eq!(s.refuses(end(shift, HOUR, vec![])), Refusal::CallsParked(1));
    s.undo(parked);
    s.when(end(shift, HOUR, vec![]));
}

#[test]
fn tasks_come_when_they_recur_and_go_when_dropped() {
    let mut s = own_book();
    s.today = day(2026, 1, 30);
    let task = |every| NewTask {
        what: text(1, "Portal"),
        agent: "Asha".into(),
        customer: None,
        due: day(2026, 1, 30),
        every,
    };
    let bad = Command::Shift(ShiftCommand::SetTasks(vec![task(Recurrence::Weekly(9))]));
    assert_eq!(s.refuses(bad), Refusal::Empty(refusal::Field::Value));
    let all = [
        Recurrence::Once,
        Recurrence::Daily,
        Recurrence::Weekly(5),
        Recurrence::Monthly(31),
    ];
    let set = s.when(Command::Shift(ShiftCommand::SetTasks(
        all.map(task).to_vec(),
    )));
    // 30 January 2026 is a Friday: the next business day is Monday, the last of February the 28th.
    let next = [
        None,
        Some(day(2026, 2, 2)),
        Some(day(2026, 2, 6)),
        Some(day(2026, 1, 31)),
    ];
    for (n, next) in next.into_iter().enumerate() {
        let task = fact(&s, set, 41, n as u32);
        let due = day(2026, 1, 30);
        let tick = Command::Shift(ShiftCommand::TickTask { task, due });
        let ticked = s.when(tick.clone());
        assert_eq!(s.book.task_due(&s.book.tasks()[n]), next);
        assert_eq!(s.refuses(tick), Refusal::AlreadyEnded(task));
        s.undo(ticked);
        assert_eq!(s.book.task_due(&s.book.tasks()[n]), Some(due));
        s.when(Command::Shift(ShiftCommand::DropTask { task }));
        assert_eq!(s.book.task_due(&s.book.tasks()[n]), None);
        let again = Command::Shift(ShiftCommand::DropTask { task });
        assert_eq!(s.refuses(again), Refusal::AlreadyEnded(task));
    }
}

#[test]
fn an_opening_list_is_signed_once_and_a_pack_is_acknowledged_once() {
    let mut s = own_book();
    let baseline = Baseline {
        as_of: day(2026, 1, 1),
        totals: ControlTotals::default(),
        past_due: vec![],
        customers: 0,
        signed_by: "Client".into(),
        reference: "mail".into(),
        stated: vec![(Currency::EUR, 0)],
    };
    let nobody = Baseline {
        signed_by: " ".into(),
        ..baseline.clone()
    };
    assert_eq!(
        s.refuses(Command::Shift(ShiftCommand::SignOff(nobody))),
        Refusal::Empty(refusal::Field::Name)
    );
    let sign = Command::Shift(ShiftCommand::SignOff(baseline));
    let signed = s.when(sign.clone());
    assert_eq!(s.refuses(sign.clone()), Refusal::SignedOff(signed));
    s.undo(signed);
    s.when(sign);
    let pack = Pack {
        as_of: day(2026, 6, 30),
        totals: ControlTotals::default(),
        promises: 1,
        to_do: 2,
        pending: 3,
        unapplied: vec![],
        contacts: 4,
        to: "Client".into(),
    };
    let handed = s.when(Command::Shift(ShiftCommand::HandPack(pack)));
    let pack = key(&s, handed, 42);
    let acknowledge = Command::Shift(ShiftCommand::AcknowledgePack {
        pack,
        by: "Client".into(),
        reference: "mail".into(),
    });
    s.when(acknowledge.clone());
    assert_eq!(s.refuses(acknowledge), Refusal::AlreadyEnded(pack));
    let known = s.book.packs().next().unwrap();
    assert_eq!(s.book.pack_acknowledged(known).unwrap().0, "Client");
}

/// The first number in a stored value: that of its variant.
fn stored(bytes: &[u8]) -> u32 {
    // An array of two, then the number; the second byte holds numbers to 23.
    assert_eq!(bytes[0], 0x82);
    u32::from(bytes[1])
}

#[test]
fn stored_numbers_never_change() {
    let key = FactKey {
        command: uid(1),
        ordinal: 40 << 24,
    };
    let commands = [
        ShiftCommand::Start {
            work_date: day(2026, 1, 1),
            start: 0,
            planned_end: 1,
            zone: String::new(),
            read: vec![key],
        },
        ShiftCommand::End {
            shift: key,
            at: 1,
            hand_over: HandOver {
                lines: LineKind::ALL.iter().map(|k| line(*k, "C1")).collect(),
                note: Some(text(1, "x")),
            },
        },
        ShiftCommand::TakeIn(TakenIn {
            file: "f".into(),
            agents: vec!["a".into()],
            head_seq: 1,
            head_hash: [1; 32],
            taken: 1,
            left_out: vec![uid(2)],
            kept: vec![uid(3)],
        }),
        ShiftCommand::SetTasks(vec![]),
        ShiftCommand::TickTask {
            task: key,
            due: day(2026, 1, 1),
        },
        ShiftCommand::DropTask { task: key },
    ];
    for (n, command) in commands.into_iter().enumerate() {
        let bytes = cbor(&command);
        assert_eq!(stored(&bytes), n as u32);
        assert_eq!(from_cbor::<ShiftCommand>(&bytes).unwrap(), command);
    }
    let kinds: Vec<u8> = LineKind::ALL.iter().map(|k| cbor(k)[0]).collect();
    assert_eq!(kinds, (0..12).collect::<Vec<u8>>());
}
