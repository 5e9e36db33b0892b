//! The collector activity report: every contact made or tried.

use super::{TextSource, moment, money_column, shown_text};
use duebook_ledger::facts::Channel;
use duebook_ledger::people::Activity;
use duebook_ledger::{Book, FollowUpId, OpenScan, PromiseId, Seq, View};
use duebook_money::Day;
use duebook_sheet::{Cell, Column, Kind, Sheet};
use std::collections::BTreeMap;

/// Days of a report, both included, by the UTC day of the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

struct Line<'a> {
    activity: &'a Activity,
    promise: Option<PromiseId>,
    follow_up: Option<FollowUpId>,
}

const CURRENCY: usize = 12;

/// Contacts of a period that count in a view, in the order they were made.
pub fn activity_sheet<'a>(
    book: &'a Book,
    view: View,
    period: Period,
    texts: &'a dyn TextSource,
) -> Sheet<'a> {
    let scan = OpenScan::new(book, view);
    let mut promises: BTreeMap<Seq, PromiseId> = BTreeMap::new();
    for (at, promise) in book.promises().iter().enumerate() {
        promises
            .entry(promise.commit)
            .or_insert(PromiseId(at as u32));
    }
    let mut follow_ups: BTreeMap<Seq, FollowUpId> = BTreeMap::new();
    for (at, follow_up) in book.follow_ups().iter().enumerate() {
        follow_ups
            .entry(follow_up.commit)
            .or_insert(FollowUpId(at as u32));
    }
    let within = |a: &&Activity| {
        let day = moment(a.at).0;
        scan.is_live(a.commit) && period.from <= day && day <= period.to
    };
    let mut lines: Vec<Line<'a>> = book
        .activities()
        .iter()
        .filter(within)
        .map(|activity| Line {
            activity,
            // A promise or follow-up made in a contact is of the same commit.
            promise: promises.get(&activity.commit).copied(),
            follow_up: follow_ups.get(&activity.commit).copied(),
        })
        .collect();
    duebook_money::order::sort_by_key(&mut lines, |l| (l.activity.at, l.activity.key));
    let rows = lines.len();
    let cell = move |row: usize, column: usize| {
        let line = lines.get(row);
        Cell::or_empty(line.and_then(|line| cell(book, texts, line, column)))
    };
    let mut sheet = Sheet::new("Activity", columns(), rows, cell);
    sheet.freeze_columns = 2;
    sheet
}

fn columns() -> Vec<Column> {
    let text = |header: &str| Column::new(header, Kind::Text);
    vec![
        Column::new("Time (UTC)", Kind::DateTime),
        Column::new("Debtor's time", Kind::DateTime).note("Empty where the offset is not known"),
        text("Account"),
        text("Customer").width(32),
        text("Contact"),
        text("Role"),
        text("Channel"),
        text("Outcome"),
        Column::new("Right party", Kind::Flag).note("KP-30"),
        Column::new("Seconds", Kind::Integer).sum(),
        text("Invoices").width(28),
        money_column("Promised", CURRENCY).sum(),
        text("Currency"),
        Column::new("Promised for", Kind::Date),
        Column::new("Next on", Kind::Date),
        text("By"),
        text("Note").width(60),
    ]
}

fn cell<'a>(
    book: &'a Book,
    texts: &dyn TextSource,
    line: &Line<'a>,
    column: usize,
) -> Option<Cell<'a>> {
    let activity = line.activity;
    let customer = book.customer(activity.customer);
    let contact = activity.contact.and_then(|c| book.contact(c));
    let person = contact.and_then(|c| c.facts.get(&|s| book.is_live(s)));
    let promise = line.promise.and_then(|p| book.promise(p)).map(|p| &p.fact);
    let at = |milliseconds| {
        let (day, second) = moment(milliseconds);
        Cell::DateTime { day, second }
    };
    match column {
        0 => Some(at(activity.at)),
        1 => {
            let offset = i64::from(activity.local_offset?) * 60_000;
            Some(at(activity.at.saturating_add(offset)))
        }
        2 => Some(Cell::text(customer?.number.as_str())),
        3 => Some(Cell::text(
            book.customer_facts(activity.customer)?.name.as_str(),
        )),
        4 => {
            let details = shown_text(book, texts, person?.details);
            // Name, mailbox and phone, one a line: a report needs the name.
            Some(Cell::text(details.lines().next().unwrap_or("").to_owned()))
        }
        5 => Some(Cell::text(person?.role.as_str())),
        6 => Some(Cell::text(channel_name(activity.channel))),
        7 => Some(Cell::text(activity.outcome.code())),
        8 => Some(Cell::Flag(activity.outcome.is_right_party())),
        9 => (activity.seconds > 0).then_some(Cell::Int(i64::from(activity.seconds))),
        10 => {
            let items = activity.items.iter().filter_map(|i| book.item(*i));
            let numbers: Vec<&str> = items.map(|i| i.number()).collect();
            (!numbers.is_empty()).then(|| Cell::text(numbers.join(", ")))
        }
        11 => {
            let promise = promise?;
            let sum = promise.lines.iter().map(|l| i128::from(l.amount)).sum();
            Some(Cell::sum(sum, promise.currency.exponent()))
        }
        CURRENCY => Some(Cell::text(promise?.currency.code())),
        13 => promise?.lines.iter().map(|l| l.date).min().map(Cell::Date),
        14 => {
            let follow_up = book.follow_ups().get(line.follow_up?.index())?;
            Some(Cell::Date(follow_up.due))
        }
        15 => Some(Cell::text(book.commit(activity.commit)?.actor.as_str())),
        16 => Some(Cell::text(shown_text(book, texts, activity.note?))),
        _ => None,
    }
}

fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Call => "Call",
        Channel::InboundCall => "Inbound call",
        Channel::Email => "Mail",
        Channel::Letter => "Letter",
        Channel::Portal => "Portal",
        Channel::Meeting => "Meeting",
        Channel::Note => "Note",
    }
}
