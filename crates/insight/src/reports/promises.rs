//! The report of promises to pay.

use super::{TextSource, money, money_column, shown_text};
use crate::promises::{Judged, PromiseState};
use duebook_ledger::Book;
use duebook_sheet::{Cell, Column, Kind, Rule, Sheet, Test, Tone};

const CURRENCY: usize = 7;
const VERDICT: usize = 14;

/// One line per promise, as judged in a view ([`crate::promises::judge_all`]).
pub fn promises_sheet<'a>(
    book: &'a Book,
    judged: &'a [Judged],
    texts: &'a dyn TextSource,
) -> Sheet<'a> {
    let cell = move |row: usize, column: usize| {
        let judged = judged.get(row);
        Cell::or_empty(judged.and_then(|j| cell(book, texts, j, column)))
    };
    let mut sheet = Sheet::new("Promises", columns(), judged.len(), cell);
    sheet.freeze_columns = 3;
    for (state, tone) in [
        (PromiseState::Broken, Tone::Bad),
        (PromiseState::Partial, Tone::Warn),
        (PromiseState::Kept, Tone::Good),
    ] {
        sheet.rules.push(Rule {
            column: VERDICT,
            test: Test::Is(state_name(state).to_owned()),
            whole_row: false,
            tone,
        });
    }
    sheet
}

fn columns() -> Vec<Column> {
    let text = |header: &str| Column::new(header, Kind::Text);
    let money = |header: &str| money_column(header, CURRENCY);
    vec![
        text("Promise"),
        text("Account"),
        text("Customer").width(32).total_text("Total"),
        text("Invoices").width(28).note("Empty: on account"),
        Column::new("Taken on", Kind::Date),
        text("By"),
        text("From"),
        text("Currency"),
        money("Promised").sum(),
        Column::new("For", Kind::Date),
        Column::new("Grace", Kind::Days).note("PT-02"),
        Column::new("Level", Kind::Integer).note("PT-06"),
        money("Paid in window").sum().note("PT-03"),
        money("Paid late").sum(),
        text("Verdict"),
        Column::new("Presumed", Kind::Flag)
            .note("PT-10: the source shows it settled and does not say how"),
        Column::new("Paid late on", Kind::Date),
        Column::new("Days late", Kind::Days),
        Column::new("Reopened on", Kind::Date).note("PT-03: money was taken back"),
        text("Method"),
        text("Evidence").width(40),
    ]
}

fn cell<'a>(
    book: &'a Book,
    texts: &dyn TextSource,
    judged: &Judged,
    column: usize,
) -> Option<Cell<'a>> {
    let promise = book.promise(judged.promise)?;
    let fact = &promise.fact;
    let of_currency = |minor| Some(money(minor, judged.currency));
    match column {
        0 => Some(Cell::text(promise.key.to_string())),
        1 => Some(Cell::text(book.customer(judged.customer)?.number.as_str())),
        2 => Some(Cell::text(
            book.customer_facts(judged.customer)?.name.as_str(),
        )),
        3 => {
            let items = judged.lines.iter().filter_map(|l| book.item(l.item?));
            let numbers: Vec<&str> = items.map(|i| i.number()).collect();
            (!numbers.is_empty()).then(|| Cell::text(numbers.join(", ")))
        }
        4 => Some(Cell::Date(judged.taken_on)),
        5 => Some(Cell::text(book.commit(promise.commit)?.actor.as_str())),
        6 => {
            let person = book.contact(judged.contact?)?;
            let details = person.facts.get(&|s| book.is_live(s))?.details;
            let details = shown_text(book, texts, details);
            Some(Cell::text(details.lines().next().unwrap_or("").to_owned()))
        }
        CURRENCY => Some(Cell::text(judged.currency.code())),
        8 => of_currency(judged.promised),
        9 => Some(Cell::Date(judged.due)),
        10 => Some(Cell::Int(i64::from(fact.grace_days))),
        11 => Some(Cell::Int(i64::from(judged.level))),
        12 => of_currency(judged.paid),
        13 => (judged.paid_late > 0).then(|| money(judged.paid_late, judged.currency)),
        VERDICT => Some(Cell::text(state_name(judged.state))),
        15 => judged
            .state
            .is_judged()
            .then_some(Cell::Flag(judged.presumed)),
        16 => judged.paid_late_on.map(Cell::Date),
        17 => judged.days_late().map(|d| Cell::Int(i64::from(d))),
        18 => judged.reopened_on.map(Cell::Date),
        19 => Some(Cell::text(fact.method.as_deref()?)),
        20 => Some(Cell::text(shown_text(book, texts, fact.evidence?))),
        _ => None,
    }
}

/// The word for a state.
fn state_name(state: PromiseState) -> &'static str {
    match state {
        PromiseState::Open => "Open",
        PromiseState::DueToday => "Due today",
        PromiseState::InGrace => "In grace",
        PromiseState::AwaitingNews => "Due, waiting for the source's file",
        PromiseState::Kept => "Kept",
        PromiseState::Partial => "Partial",
        PromiseState::Broken => "Broken",
        PromiseState::Withdrawn => "Withdrawn",
        PromiseState::Superseded => "Superseded",
        PromiseState::EntryError => "Entry error",
    }
}
