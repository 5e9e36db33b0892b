//! The last day's shift: it ends with a hand-over that waits to be read, and a lead's tasks.

use crate::customers::COLLECTORS;
use crate::life::LAST_EVENING;
use crate::portfolio::{Ask, Builder, instant};
use duebook_insight::shift::{HandOverAsk, hand_over};
use duebook_insight::today::today;
use duebook_ledger::keys::FactKey;
use duebook_ledger::shift::{HandOver, NewTask, Recurrence, ShiftCommand};
use duebook_ledger::{Command, View};
use duebook_money::Day;

/// Who worked on the last day; whoever opens the sample takes over.
const AGENT: &str = COLLECTORS[2];
/// Who leads.
const LEAD: &str = COLLECTORS[0];
/// First and last minute of the shift, UTC: it ends before anybody's midnight.
const FROM: i32 = 2 * 60;
const TO: i32 = LAST_EVENING + 40;

/// Tasks: what, days from the last day, how often.
const TASKS: [(&str, i32, Recurrence); 3] = [
    (
        "Check the customers' portals for rejected invoices",
        1,
        Recurrence::Daily,
    ),
    (
        "Send the list of unapplied money to the cash team",
        -2,
        Recurrence::Once,
    ),
    (
        "Statements to everybody over 90 days",
        1,
        Recurrence::Monthly(1),
    ),
];

/// The shift and the tasks of the last day.
pub(crate) fn evening(b: &mut Builder, day: Day) {
    let mut tasks = Vec::new();
    let mut texts = Vec::new();
    for (what, days, every) in TASKS {
        if let Some(text) = b.text(what) {
            tasks.push(NewTask {
                what: text.reference,
                agent: String::new(),
                customer: None,
                due: day.plus(days),
                every,
            });
            texts.push(text);
        }
    }
    let command = Command::Shift(ShiftCommand::SetTasks(tasks));
    b.ask(Ask::new(day, LAST_EVENING + 38, LEAD, command).with(texts));
    let (start, at) = (instant(day, FROM), instant(day, TO));
    let begun = b.ask(Ask::new(
        day,
        LAST_EVENING + 39,
        AGENT,
        Command::Shift(ShiftCommand::Start {
            work_date: day,
            start,
            planned_end: at,
            zone: "Asia/Kolkata".to_owned(),
            read: Vec::new(),
        }),
    ));
    let Some((_, command)) = begun else { return };
    b.book.index_customers();
    let list = today(&b.book, View::on(day), at).unwrap_or_default();
    let ask = HandOverAsk {
        today: day,
        now_ms: at,
        until: day.plus(1),
    };
    let lines = hand_over(&b.book, list.rows.iter(), ask);
    let note = b.text("Two big payers said their runs go out tomorrow. The portal of the hospital group was down all evening: try it first.");
    let hand_over = HandOver {
        lines,
        note: note.as_ref().map(|n| n.reference),
    };
    let shift = FactKey {
        command,
        ordinal: 40 << 24,
    };
    let command = Command::Shift(ShiftCommand::End {
        shift,
        at,
        hand_over,
    });
    b.ask(Ask::new(day, TO, AGENT, command).with(note.into_iter().collect()));
}
