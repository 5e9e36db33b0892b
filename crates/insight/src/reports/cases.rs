//! The dispute log: every case with its money, its clocks and how long it took.

use super::{money, money_column};
use crate::cases::{CaseRow, CaseTimes, queue, state_name, times};
use duebook_ledger::Book;
use duebook_ledger::cases::CaseClose;
use duebook_money::Day;
use duebook_sheet::{Cell, Column, Kind, Sheet};

const CURRENCY: usize = 15;

/// One line per case, as it stands on a day; queries too.
pub fn cases_sheet(book: &Book, today: Day) -> Sheet<'_> {
    let days = book.policies().calendar.business_days();
    let rows: Vec<(CaseRow, CaseTimes)> = queue(book, today)
        .into_iter()
        .filter_map(|row| {
            let case = book.case(row.id)?;
            let times = times(book, &days, case, today);
            Some((row, times))
        })
        .collect();
    let count = rows.len();
    let cell = move |row: usize, column: usize| {
        let of = rows.get(row);
        Cell::or_empty(of.and_then(|(row, times)| cell(book, row, times, column)))
    };
    let mut sheet = Sheet::new("Cases", columns(), count, cell);
    sheet.freeze_columns = 4;
    sheet
}

fn columns() -> Vec<Column> {
    let text = |header: &str| Column::new(header, Kind::Text);
    let money = |header: &str| money_column(header, CURRENCY).sum();
    let days = |header: &str| Column::new(header, Kind::Days);
    vec![
        text("Case"),
        text("Kind"),
        text("Account"),
        text("Customer").width(32).total_text("Total"),
        text("Documents").width(28),
        text("Reason"),
        text("Root cause"),
        text("State"),
        text("Ended"),
        text("Department"),
        text("Owner"),
        Column::new("Since", Kind::Date),
        Column::new("Raised on", Kind::Date),
        Column::new("Closed on", Kind::Date),
        text("Their ticket"),
        text("Currency"),
        money("Contested when raised").note("DS-01: the sum of the next five"),
        money("Contested now"),
        money("Paid"),
        money("Credited"),
        money("Written off"),
        money("Cleared by hand"),
        days("Days").note("KP-40"),
        days("Days without the customer's"),
        days("Business days"),
        days("Business days without the customer's"),
        days("Business days allowed").note("DS-04"),
        Column::new("Level", Kind::Integer).note("DS-04"),
        Column::new("Late dispute", Kind::Flag).note("DS-05"),
    ]
}

fn cell<'a>(book: &'a Book, row: &CaseRow, times: &CaseTimes, column: usize) -> Option<Cell<'a>> {
    let live = |s| book.is_live(s);
    let case = book.case(row.id)?;
    let days = |n: u32| Some(Cell::Int(i64::from(n)));
    let sum = |minor| (!row.query).then(|| money(minor, row.currency));
    match column {
        0 => Some(Cell::text(case.fact.number.as_str())),
        1 => Some(Cell::text(if row.query { "Query" } else { "Dispute" })),
        2 => Some(Cell::text(book.customer(row.customer)?.number.as_str())),
        3 => Some(Cell::text(book.customer_facts(row.customer)?.name.as_str())),
        4 => {
            let lines = case.lines_now(&live).iter();
            let numbers = lines.filter_map(|l| Some(book.item(book.current(l.item))?.number()));
            let numbers: Vec<&str> = numbers.collect();
            Some(Cell::text(numbers.join(", ")))
        }
        5 => Some(Cell::text(row.reason.clone())),
        6 => Some(Cell::text(case.root_cause_now(&live).to_owned())),
        7 => Some(Cell::text(state_name(row.state))),
        8 => row.close.map(|c| Cell::text(close_name(c))),
        9 => Some(Cell::text(row.department.clone())),
        10 => Some(Cell::text(row.owner.clone())),
        11 => (!row.is_over()).then_some(Cell::Date(row.since)),
        12 => Some(Cell::Date(row.opened_on)),
        13 => row.is_over().then_some(Cell::Date(row.since)),
        14 => Some(Cell::text(row.ticket.clone())),
        CURRENCY => Some(Cell::text(row.currency.code())),
        16 => sum(row.money.original),
        17 => sum(row.money.disputed),
        18 => sum(row.money.paid),
        19 => sum(row.money.credited),
        20 => sum(row.money.written_off),
        21 => sum(row.money.manual),
        22 => days(times.calendar),
        23 => days(times.calendar_net()),
        24 => days(times.working),
        25 => days(times.working_net()),
        26 => days(u32::from(row.cycle.allowed)),
        27 => Some(Cell::Int(i64::from(row.level()))),
        28 => Some(Cell::Flag(row.late)),
        _ => None,
    }
}

fn close_name(close: CaseClose) -> &'static str {
    match close {
        CaseClose::Valid => "Customer right",
        CaseClose::Invalid => "Owed as billed",
        CaseClose::Withdrawn => "Withdrawn",
        CaseClose::Split => "Right in part",
        CaseClose::Merged => "Part of another case",
        CaseClose::Answered => "Answered",
        CaseClose::NotSaid => "Closed, how is not said",
    }
}
