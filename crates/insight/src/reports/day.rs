//! The end-of-day report and the hand-over as sheets (domain.md §9.4).

use super::{TextSource, money_column, shown_text};
use crate::shift::{Carried, Figures, MoneyLine, PromiseSum, name_of};
use duebook_ledger::Book;
use duebook_ledger::shift::{HandOver, HandOverLine, LineKind};
use duebook_money::{Currency, NumberFormat};
use duebook_sheet::{Cell, Column, Kind, Sheet};

/// A line of the end-of-day report: what, how many, how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayLine {
    /// Group.
    pub group: &'static str,
    /// What.
    pub what: String,
    /// How many.
    pub count: u64,
    /// How much, minor units, where it is money.
    pub amount: Option<(i128, Currency)>,
    /// The part of it that came in time, or days of the oldest.
    pub beside: Option<String>,
}

const CURRENCY: usize = 4;
/// Promises as they are made; the other lines of the group are of verdicts.
const TAKEN: &str = "Taken";

/// The lines of a report, in the order people read them.
pub fn day_lines(figures: &Figures) -> Vec<DayLine> {
    let mut out = Vec::new();
    let mut count = |group, what: &str, count: u64| {
        out.push(DayLine {
            group,
            what: what.to_owned(),
            count,
            amount: None,
            beside: None,
        });
    };
    count("Contacts", "Contacts", u64::from(figures.contacts));
    count("Contacts", "Calls of ours", u64::from(figures.attempts));
    count("Contacts", "Reached", u64::from(figures.reached));
    count("Contacts", "Right party", u64::from(figures.right_party));
    count("Contacts", "Accounts", u64::from(figures.accounts));
    count("Contacts", "Minutes of talk", figures.seconds / 60);
    count("Contacts", "Notes", u64::from(figures.notes));
    for o in &figures.outcomes {
        count("Outcomes", o.outcome.code(), u64::from(o.count));
    }
    // By the day the verdict turned; KP-32 to KP-34 count by the day the window ended.
    let promises = [
        (TAKEN, &figures.taken),
        ("Turned to kept", &figures.kept),
        ("Turned to kept in part", &figures.partial),
        ("Turned to broken", &figures.broken),
    ];
    for (what, lines) in promises {
        promise_lines(what, lines, &mut out);
    }
    let cash = [
        ("Received", &figures.received),
        ("Applied", &figures.applied),
        ("Paid at source", &figures.at_source),
    ];
    for (what, lines) in cash {
        money_lines(what, lines, &mut out);
    }
    let mut to_do = |what: &str, count: u32, carried: Option<Carried>| {
        let oldest = carried.filter(|c| c.count > 0).map(|c| c.oldest);
        out.push(DayLine {
            group: "To do",
            what: what.to_owned(),
            count: u64::from(count),
            amount: None,
            beside: oldest.map(|days| format!("oldest {days} days")),
        });
    };
    to_do("Follow-ups set", figures.follow_ups_set, None);
    to_do("Follow-ups done", figures.follow_ups_done, None);
    let carried = figures.follow_ups;
    to_do("Follow-ups carried forward", carried.count, Some(carried));
    to_do("Follow-ups due on the day, open", carried.due, None);
    to_do("Tasks done", figures.tasks_done, None);
    let carried = figures.tasks;
    to_do("Tasks carried forward", carried.count, Some(carried));
    to_do("Tasks due on the day, open", carried.due, None);
    to_do("Commits", figures.commits, None);
    to_do("Of which undone", figures.undone, None);
    out
}

fn promise_lines(what: &str, lines: &[PromiseSum], out: &mut Vec<DayLine>) {
    let none = || DayLine {
        group: "Promises",
        what: what.to_owned(),
        count: 0,
        amount: None,
        beside: None,
    };
    if lines.is_empty() {
        out.push(none());
    }
    for line in lines {
        let shown = NumberFormat::WESTERN.minor(line.paid, line.currency.exponent());
        let paid = format!("{shown} {}", line.currency.code());
        out.push(DayLine {
            count: u64::from(line.count),
            amount: Some((line.promised, line.currency)),
            beside: (what != TAKEN).then(|| format!("{paid} came in time")),
            ..none()
        });
    }
}

fn money_lines(what: &str, lines: &[MoneyLine], out: &mut Vec<DayLine>) {
    let none = || DayLine {
        group: "Cash",
        what: what.to_owned(),
        count: 0,
        amount: None,
        beside: None,
    };
    if lines.is_empty() {
        out.push(none());
    }
    for line in lines {
        out.push(DayLine {
            count: u64::from(line.count),
            amount: Some((line.sum, line.currency)),
            ..none()
        });
    }
}

/// The end-of-day report as a sheet.
pub fn day_sheet<'a>(lines: Vec<DayLine>) -> Sheet<'a> {
    let rows = lines.len();
    let cell = move |row: usize, column: usize| {
        let line: Option<&DayLine> = lines.get(row);
        Cell::or_empty(line.and_then(|line| match column {
            0 => Some(Cell::text(line.group)),
            1 => Some(Cell::text(line.what.clone())),
            2 => i64::try_from(line.count).ok().map(Cell::Int),
            3 => {
                let (sum, currency) = line.amount?;
                Some(Cell::sum(sum, currency.exponent()))
            }
            CURRENCY => Some(Cell::text(line.amount?.1.code())),
            5 => Some(Cell::text(line.beside.clone()?)),
            _ => None,
        }))
    };
    let columns = vec![
        Column::new("Group", Kind::Text),
        Column::new("Figure", Kind::Text).width(28),
        Column::new("Count", Kind::Integer),
        money_column("Amount", CURRENCY),
        Column::new("Currency", Kind::Text),
        Column::new("Note", Kind::Text).width(28),
    ];
    Sheet::new("End of day", columns, rows, cell)
}

/// What a kind of line is called.
pub fn hand_over_kind(kind: LineKind) -> &'static str {
    match kind {
        LineKind::PromiseBroken => "Promise broken",
        LineKind::PromiseDue => "Promise due",
        LineKind::CallBack => "Call-back",
        LineKind::TheyWait => "They wait for us",
        LineKind::WeWait => "We wait for them",
        LineKind::DoNotDo => "Do not call",
        LineKind::Parked => "Parked call",
        LineKind::FollowUp => "Follow-up",
        LineKind::Task => "Task",
        LineKind::Pending => "Not at source yet",
        LineKind::Escalated => "Escalated, no answer yet",
        LineKind::ToEscalate => "Due for escalation",
    }
}

/// The text a line of a hand-over points at: what to do, what was said.
pub fn hand_over_text(book: &Book, texts: &dyn TextSource, line: &HandOverLine) -> Option<String> {
    use duebook_ledger::book::FactId;
    let key = line.fact?;
    let text = match line.kind {
        LineKind::Task => {
            let task = book.find_task(key)?;
            Some(book.tasks().get(task.0 as usize)?.fact.what)
        }
        _ => match book.find_fact(key)? {
            FactId::FollowUp(id) => book.follow_ups().get(id.index())?.what,
            FactId::Activity(id) => book.activities().get(id.index())?.note,
            FactId::Promise(id) => book.promise(id)?.fact.evidence,
            FactId::Escalation(id) => {
                let e = book.escalations().find(|(e, _)| *e == id)?.1;
                let case = e.fact.case.and_then(|c| book.case(c));
                let case = case.map_or(String::new(), |c| format!("{}, ", c.fact.number));
                let asked = e.fact.question.map(|t| shown_text(book, texts, t));
                let why = [e.fact.reason.clone(), asked.unwrap_or_default()];
                let why: Vec<String> = why.into_iter().filter(|p| !p.is_empty()).collect();
                let why = match why.is_empty() {
                    true => String::new(),
                    false => format!(": {}", why.join(". ")),
                };
                return Some(format!("{case}put to {}{why}", e.fact.to));
            }
            FactId::Case(id) => {
                let case = book.case(id)?;
                let reason = case.reason_now(&|s| book.is_live(s));
                let known = book.policies().cases.reason(reason);
                let name = known.map_or(reason, |r| r.name.as_str());
                return Some(format!("{}, {name}", case.fact.number));
            }
            _ => None,
        },
    };
    text.map(|t| shown_text(book, texts, t))
}

const LINE_CURRENCY: usize = 7;

/// A hand-over as a sheet, as it was written.
pub fn hand_over_sheet<'a>(
    book: &'a Book,
    hand_over: &'a HandOver,
    texts: &'a dyn TextSource,
) -> Sheet<'a> {
    let cell = move |row: usize, column: usize| {
        let line = hand_over.lines.get(row);
        Cell::or_empty(line.and_then(|line| line_cell(book, texts, line, column)))
    };
    let text = |header: &str| Column::new(header, Kind::Text);
    let columns = vec![
        text("What"),
        text("Account"),
        text("Customer").width(32),
        Column::new("Day", Kind::Date),
        Column::new("At (UTC)", Kind::DateTime),
        text("Zone"),
        money_column("Amount", LINE_CURRENCY),
        text("Currency"),
        text("Outcome"),
        Column::new("Count", Kind::Integer),
        text("Note").width(60),
    ];
    let mut sheet = Sheet::new("Hand-over", columns, hand_over.lines.len(), cell);
    sheet.freeze_columns = 3;
    sheet
}

fn line_cell<'a>(
    book: &Book,
    texts: &dyn TextSource,
    line: &'a HandOverLine,
    column: usize,
) -> Option<Cell<'a>> {
    match column {
        0 => Some(Cell::text(hand_over_kind(line.kind))),
        1 => Some(Cell::text(line.customer.as_ref()?.number.as_str())),
        2 => Some(Cell::text(name_of(book, line.customer.as_ref()?))),
        3 => Some(Cell::Date(line.day?)),
        4 => {
            let (day, second) = super::moment(line.at?);
            Some(Cell::DateTime { day, second })
        }
        5 => Some(Cell::text(line.zone.as_deref()?)),
        6 => Some(super::money(line.amount?, line.currency?)),
        LINE_CURRENCY => Some(Cell::text(line.currency?.code())),
        8 => Some(Cell::text(line.outcome?.code())),
        9 => Some(Cell::Int(i64::from(line.count?))),
        10 => Some(Cell::text(hand_over_text(book, texts, line)?)),
        _ => None,
    }
}
