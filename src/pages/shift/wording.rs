//! What the page says.

use crate::pages::shared::clock_text;
use crate::platform::clock;
use crate::ui::format::plural;
use crate::words;
use crate::workspace::{Ws, local_day};
use duebook_insight::shift::{Carried, name_of};
use duebook_ledger::Refusal;
use duebook_ledger::shift::{HandOverLine, LineKind, Recurrence};
use duebook_ledger::takein::{Choice, Clash, Slot, SlotValue, What};
use duebook_money::Day;

/// An instant on this machine's clock: "21 Nov 2026, 18:30".
pub fn here(at: i64) -> String {
    match clock::local_time_at(at, clock::local_offset_minutes(at)) {
        Some(t) => format!("{}, {:02}:{:02}", words::day(Day(t.date)), t.hour, t.minute),
        None => String::new(),
    }
}

/// An instant in both clocks: "16:00 in New York, 02:30 here"; with the day where it is another.
pub fn both_clocks(zone: Option<&str>, at: i64, today: Day) -> String {
    let day = local_day(at);
    let here = match day == today {
        true => clock_text(None, at),
        false => format!("{} {}", words::day(day), clock_text(None, at)),
    };
    match zone {
        Some(zone) => {
            let place = zone.rsplit('/').next().unwrap_or(zone).replace('_', " ");
            format!("{} in {place}, {here} here", clock_text(Some(zone), at))
        }
        None => format!("{here} here"),
    }
}

/// A kind of line as a heading.
pub fn group(kind: LineKind) -> &'static str {
    match kind {
        LineKind::PromiseBroken => "Promises broken, not yet spoken about",
        LineKind::PromiseDue => "Promises due",
        LineKind::CallBack => "Call-backs",
        LineKind::TheyWait => "They wait for us",
        LineKind::WeWait => "We wait for them",
        LineKind::DoNotDo => "Do not call",
        LineKind::Parked => "Parked calls",
        LineKind::FollowUp => "Follow-ups",
        LineKind::Task => "Tasks of the desk",
        LineKind::Pending => "Not at the ERP yet",
        LineKind::Escalated => "Escalated, no answer yet",
        LineKind::ToEscalate => "Due for escalation",
    }
}

/// What a line says beside the customer's name.
pub fn line(line: &HandOverLine, today: Day) -> String {
    let mut parts = Vec::new();
    if let (Some(minor), Some(currency)) = (line.amount, line.currency) {
        parts.push(words::money(minor, currency));
    }
    if let Some(count) = line.count {
        parts.push(plural(
            count as usize,
            "posting",
            "postings",
            Default::default(),
        ));
    }
    if let Some(outcome) = line.outcome {
        parts.push(words::outcome(outcome).to_lowercase());
    }
    match (line.at, line.day) {
        (Some(at), _) => parts.push(both_clocks(line.zone.as_deref(), at, today)),
        (None, Some(day)) => parts.push(match line.kind {
            LineKind::TheyWait | LineKind::WeWait | LineKind::DoNotDo => {
                format!("since {}", words::day(day))
            }
            LineKind::Escalated => format!("answer wanted by {}", words::day(day)),
            LineKind::ToEscalate => format!("in time until {}", words::day(day)),
            _ => format!("due {}", words::day(day)),
        }),
        _ => {}
    }
    parts.join(", ")
}

/// "4, oldest 3 days": of days before.
pub fn carried(carried: Carried) -> String {
    match carried.count {
        0 => "0".to_owned(),
        n => format!(
            "{n}, oldest {}",
            plural(
                carried.oldest.max(0) as usize,
                "day",
                "days",
                Default::default()
            )
        ),
    }
}

/// How often a task comes.
pub fn recurrence(every: Recurrence) -> String {
    const DAYS: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    match every {
        Recurrence::Once => "once".to_owned(),
        Recurrence::Daily => "every business day".to_owned(),
        Recurrence::Weekly(d) => {
            let day = DAYS.get(usize::from(d).wrapping_sub(1)).unwrap_or(&"week");
            format!("every {day}")
        }
        Recurrence::Monthly(d) => format!("on day {d} of every month"),
    }
}

/// What a choice does, as the label of a button.
pub fn choice(what: &What, choice: Choice) -> &'static str {
    match (what, choice) {
        (What::TwoPromises { .. }, Choice::Theirs) => "Theirs counts, ours is superseded",
        (What::TwoPromises { .. }, Choice::Ours) => "Ours counts, theirs is superseded",
        (What::TwoPromises { .. }, _) => "Both count",
        (What::TwoValues { .. }, Choice::Theirs) => "Theirs",
        (What::TwoValues { .. }, _) => "Ours",
        (What::LeftOut(_), Choice::Theirs) => "Undo ours as they did",
        (What::LeftOut(_), _) => "Keep ours",
        (What::Refused { .. }, Choice::Theirs) => "Theirs counts, ours is undone",
        (What::Refused { .. }, Choice::Ours) => "Ours counts, leave theirs out",
        (What::File(_) | What::Refused { .. }, _) => "Leave out for now",
    }
}

/// What a clash is about.
pub fn clash(ws: Ws, clash: &Clash) -> String {
    match &clash.what {
        What::Refused { refusal, undoing } => {
            let why = words::refusal(Some(ws), refusal);
            match undoing.first() {
                Some(seq) => format!("{why} In its way stands commit {} of ours.", seq.0),
                None => why,
            }
        }
        What::TwoPromises { item, ours } => format!(
            "Both took a promise on {}: ours stands ({}).",
            words::item(item),
            plural(ours.len(), "promise", "promises", Default::default())
        ),
        What::TwoValues { ours, theirs } => {
            let slot = match &clash.at {
                duebook_ledger::takein::At::Slot(slot) => slot_name(ws, slot),
                _ => String::new(),
            };
            format!(
                "Both set {slot}: ours is “{}”, theirs is “{}”.",
                value(ws, ours),
                value(ws, theirs)
            )
        }
        What::File(facts) => format!(
            "They imported {} of {} from {}. Import the same file here, then take this copy in again: its work waits for it.",
            facts.file,
            words::day(facts.as_of),
            facts.source
        ),
        What::LeftOut(seq) => {
            let what = ws.peek(|b| {
                let meta = b.commit(*seq)?;
                let name = meta.label.customer.and_then(|c| b.customer_facts(c));
                name.map(|f| f.name.clone())
            });
            format!(
                "They decided that commit {} of ours does not count{}.",
                seq.0,
                what.map_or(String::new(), |n| format!(" ({n})"))
            )
        }
    }
}

fn customer(ws: Ws, key: &duebook_ledger::keys::CustomerKey) -> String {
    ws.peek(|b| name_of(b, key))
}

fn slot_name(ws: Ws, slot: &Slot) -> String {
    match slot {
        Slot::Field(item, field) => format!("the field {field:?} of {}", words::item(item)),
        Slot::Profile(of, field) => {
            format!("{field:?} in the payment profile of {}", customer(ws, of))
        }
        Slot::Customer(of) => format!("what is known of {}", customer(ws, of)),
        Slot::Contact(_) => "what is known of a contact person".to_owned(),
        Slot::Policy(_) => "a policy".to_owned(),
        Slot::Control(currency, day) => format!(
            "the control balance of {} in {}",
            words::day(*day),
            currency.code()
        ),
        Slot::Told(_) => "what the ERP was told of a posting".to_owned(),
        Slot::Merged(of) => format!("which customer {} is now", customer(ws, of)),
        Slot::Agent(of) => format!("who works {}", customer(ws, of)),
        Slot::Pin(of) => format!("the pin of {}", customer(ws, of)),
        Slot::Snooze(of) => format!("until when {} is put off", customer(ws, of)),
        Slot::Pool(name) => format!("the saved filter {name}"),
    }
}

fn value(ws: Ws, value: &SlotValue) -> String {
    match value {
        SlotValue::Text(text) => text.clone(),
        SlotValue::Profile(text, source, _) => format!("{text} ({source})"),
        SlotValue::Customer(facts) => facts.name.clone(),
        SlotValue::Contact(facts) => facts.role.clone(),
        SlotValue::Policy(_) => "their own settings".to_owned(),
        SlotValue::Control(minor, source) => format!("{minor} minor units, {source}"),
        SlotValue::Told(Some((reference, batch))) => format!("{reference} {batch}"),
        SlotValue::Told(None) => "to be told again".to_owned(),
        SlotValue::Merged(to) => customer(ws, to),
        SlotValue::Agent(Some(to)) => to.collector.clone(),
        SlotValue::Agent(None) => "nobody".to_owned(),
        SlotValue::Pin(Some(_)) => "pinned".to_owned(),
        SlotValue::Pin(None) => "not pinned".to_owned(),
        SlotValue::Snooze(Some(snooze)) => format!("put off until {}", words::day(snooze.until)),
        SlotValue::Snooze(None) => "on the list".to_owned(),
        SlotValue::Pool(Some(_)) => "their own filter".to_owned(),
        SlotValue::Pool(None) => "removed".to_owned(),
    }
}

/// Why a plan cannot be written although all is chosen.
pub fn stuck(ws: Ws, refusal: &Refusal) -> String {
    format!(
        "A choice cannot be carried out: {} Choose otherwise there; nothing was changed.",
        words::refusal(Some(ws), refusal)
    )
}
