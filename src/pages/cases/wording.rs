//! What the page says.

use crate::words;
use duebook_insight::cases::{CaseRow, DueLevel, Question, sums};
use duebook_ledger::Book;
use duebook_ledger::cases::{CaseMoney, CaseState};
use duebook_money::{Currency, Day};

/// The head's line: "14 open, 212,400.00 USD contested, 3 over the clock".
pub fn headline(rows: &[CaseRow]) -> String {
    let open: Vec<&CaseRow> = rows.iter().filter(|r| !r.is_over()).collect();
    if rows.is_empty() {
        return String::new();
    }
    let format = words::number_format();
    let money: Vec<String> = sums(open.iter().copied())
        .iter()
        .filter(|(_, minor)| *minor != 0)
        .map(|(c, minor)| format!("{} {}", format.minor(*minor, c.exponent()), c.code()))
        .collect();
    let contested = match money.is_empty() {
        true => String::new(),
        false => format!(", {} contested", money.join(" + ")),
    };
    let late = open.iter().filter(|r| r.is_past_clock()).count();
    let late = match late {
        0 => String::new(),
        n => format!(", {n} over the clock"),
    };
    let asked = open.iter().filter(|r| r.is_answer_overdue()).count();
    let asked = match asked {
        0 => String::new(),
        1 => ", 1 answer overdue".to_owned(),
        n => format!(", {n} answers overdue"),
    };
    let due = match open.iter().filter(|r| r.due.is_some()).count() {
        0 => String::new(),
        n => format!(", {n} to escalate"),
    };
    format!("{} open{contested}{late}{due}{asked}", open.len())
}

/// The question that waits for its answer: to whom, and by when it is wanted.
pub fn question(of: &Question, today: Day) -> String {
    let due = words::day(of.due);
    match of.overdue {
        true => format!(
            "Put to {}: the answer was wanted by {due}, {} overdue",
            of.to,
            words::cases::since(of.due, today)
        ),
        false => format!("Put to {}: the answer is wanted by {due}", of.to),
    }
}

/// The level that nobody was told of: how far which clock is, and to whom it goes.
pub fn to_escalate(due: &DueLevel) -> String {
    let which = if due.whole { "In all" } else { "This step" };
    format!(
        "Due for escalation to level {}, to {}: {}",
        due.level,
        due.to,
        lower(&words::cases::clock_sentence(which, &due.clock))
    )
}

/// Why a case is put up for its level, in a few words.
pub fn level_reason(due: &DueLevel) -> String {
    let which = if due.whole {
        "the whole case"
    } else {
        "this step"
    };
    let share = format!("{}.{}", due.per_mille / 10, due.per_mille % 10);
    let share = share.strip_suffix(".0").unwrap_or(&share);
    format!(
        "Level {}: {share} % of the time of {which} is used, {} of {} business days",
        due.level, due.clock.used, due.clock.allowed
    )
}

/// What is asked of whoever a level goes to.
pub fn level_question(row: &CaseRow, name: &str) -> String {
    let what = match row.query {
        true => String::new(),
        false => format!(
            " {} is contested.",
            words::money(row.money.disputed, row.currency)
        ),
    };
    let with = with_whom(row);
    let with = if with.is_empty() {
        "nobody yet".to_owned()
    } else {
        with
    };
    format!(
        "{} of {name} is with {with} since {}.{what} Who decides it, and by when?",
        row.number,
        words::day(row.since)
    )
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// The money ledger, row by row: label, minor units.
pub fn ledger(money: &CaseMoney) -> [(&'static str, i64); 5] {
    [
        ("Contested now", money.disputed),
        ("Paid", money.paid),
        ("Credited", money.credited),
        ("Written off", money.written_off),
        ("Cleared by hand", money.manual),
    ]
}

/// Where a case stands and with whom.
pub fn stands(row: &CaseRow) -> String {
    match (row.state, row.close) {
        (CaseState::Closed, Some(close)) => format!("Closed: {}", words::cases::close(close)),
        (state, _) => words::cases::state(state).to_owned(),
    }
}

/// Who has it: "Billing, Ines".
pub fn with_whom(row: &CaseRow) -> String {
    match row.state {
        CaseState::WaitingCustomer => "the customer".to_owned(),
        CaseState::Closed => String::new(),
        _ => [row.department.as_str(), row.owner.as_str()]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// A customer's name.
pub fn customer(book: &Book, row: &CaseRow) -> String {
    let facts = book.customer_facts(row.customer);
    facts.map_or(String::new(), |f| f.name.clone())
}

/// An amount, or nothing for a query.
pub fn contested(row: &CaseRow, one: Option<Currency>) -> String {
    match (row.query, one) {
        (true, _) => "–".to_owned(),
        (false, Some(c)) => words::amount(row.money.disputed, c),
        (false, None) => words::money(row.money.disputed, row.currency),
    }
}
