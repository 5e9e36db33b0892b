//! Random nights.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
pub enum Act {
    Call(u8, u8),
    Promise(u8, u8, u8),
    Pay(u8, u8),
    FollowUp(u8, u8, bool),
    Close(u8),
    Undo(u8),
    Note(u8),
    Wait(u8),
    Other,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0u8..3, 0u8..6).prop_map(|(c, o)| Act::Call(c, o)),
        (0u8..6, 1u8..9, 0u8..4).prop_map(|(i, n, d)| Act::Promise(i, n, d)),
        (0u8..6, 1u8..9).prop_map(|(i, n)| Act::Pay(i, n)),
        (0u8..3, 0u8..3, any::<bool>()).prop_map(|(c, d, at)| Act::FollowUp(c, d, at)),
        (0u8..4).prop_map(Act::Close),
        (1u8..5).prop_map(Act::Undo),
        (0u8..3).prop_map(Act::Note),
        (1u8..9).prop_map(Act::Wait),
        Just(Act::Other),
    ]
}

fn contact(c: u8, channel: Channel, outcome: Outcome, at: i64) -> LogContact {
    LogContact {
        customer: customer(c),
        contact: None,
        channel,
        outcome,
        at,
        local_offset: None,
        seconds: 90,
        note: None,
        items: vec![],
        promise: None,
        follow_up: None,
        closes: vec![],
    }
}

pub fn play(desk: &mut Desk, act: &Act) {
    use Outcome::*;
    let (now, today) = (desk.now, desk.today());
    let command = match *act {
        Act::Wait(hours) => {
            desk.now += i64::from(hours) * HOUR;
            return;
        }
        Act::Other => {
            // Somebody else works in the same book: none of it is this shift's.
            let before = desk.actor;
            desk.actor = "Bela";
            desk.run(Command::LogContact(contact(
                0,
                Channel::Call,
                Informed,
                now,
            )));
            desk.actor = before;
            return;
        }
        Act::Call(c, o) => {
            let all = [NoAnswer, Busy, VoicemailLeft, InProcess, Query, DoNotCall];
            Command::LogContact(contact(c, Channel::Call, all[usize::from(o)], now))
        }
        Act::Note(c) => Command::LogContact(contact(c, Channel::Note, Informed, now)),
        Act::Promise(i, n, d) => {
            let promise = NewPromise {
                currency: Currency::EUR,
                lines: vec![NewPromiseLine {
                    item: Some(item(i)),
                    amount: i64::from(n) * 10_00,
                    date: today.plus(i32::from(d)),
                }],
                method: None,
                evidence: None,
            };
            Command::LogContact(LogContact {
                promise: Some(promise),
                ..contact(i / 2, Channel::InboundCall, Outcome::Promise, now)
            })
        }
        Act::Pay(i, n) => Command::RecordReceipt(RecordReceipt {
            customer: customer(i / 2),
            entity: "1".into(),
            number: format!("R{}", desk.log.len()),
            value_date: today,
            currency: Currency::EUR,
            amount: i64::from(n) * 10_00,
            reference: String::new(),
            applications: vec![(item(i), i64::from(n) * 10_00)],
        }),
        Act::FollowUp(c, d, at) => Command::SetFollowUp {
            customer: customer(c),
            follow_up: NewFollowUp {
                due: today.plus(i32::from(d)),
                at: at.then_some(now + i64::from(d) * 24 * HOUR),
                zone: None,
                what: None,
                retry: false,
            },
        },
        Act::Close(n) => {
            let mut open = desk.book.follow_ups().iter().map(|f| f.key);
            let Some(key) = open.nth(usize::from(n)) else {
                return;
            };
            Command::CloseFollowUps {
                follow_ups: vec![key],
            }
        }
        Act::Undo(back) => {
            let commit = Seq(desk.book.head().0.saturating_sub(u32::from(back)));
            let kind = desk.book.commit(commit).map(|c| c.label.kind);
            use CommandKind::{EndShift, StartShift};
            if commit.0 < 12 || matches!(kind, Some(StartShift | EndShift)) {
                return;
            }
            Command::Undo { commit }
        }
    };
    // What the book refuses did not happen.
    let _ = desk.attempt(command);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]
    #[test]
    fn figures_of_shifts_are_those_of_the_log(
        nights in prop::collection::vec(prop::collection::vec(act(), 0..14), 1..4),
    ) {
        let mut desk = Desk::new();
        for acts in &nights {
            // Each night begins at 18:30 and goes across midnight.
            let next = i64::from(desk.today().plus(1).0) * 24 * HOUR + 18 * HOUR + HOUR / 2;
            desk.now = desk.now.max(next);
            let shift = desk.start();
            acts.iter().for_each(|act| play(&mut desk, act));
            compare_hand_over(&desk);
            desk.end(shift);
            play(&mut desk, &Act::Other);
        }
        for n in 0..desk.book.shifts().len() {
            compare_shift(&desk, ShiftId(n as u32));
        }
    }
}
