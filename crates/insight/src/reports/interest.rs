//! The calculation sheet of interest for late payment (§6): every period of every claim, with rates,
//! their sources and what was rounded.

use super::{money, money_column};
use crate::late::{LateItem, UnderPlan};
use duebook_ledger::Book;
use duebook_ledger::plans::PlanInterest;
use duebook_money::Currency;
use duebook_policy::interest::{Basis, InterestError, InterestLine, InterestSheet, Relevant};
use duebook_sheet::{Cell, Column, Kind, Sheet};
use rust_decimal::Decimal;

const CURRENCY: usize = 3;
const RULES: usize = 18;

/// One line of the sheet: the claim, and the period in it.
type Line = (usize, Option<usize>);

/// Every period of the claims that could be worked out; those that could not say why.
pub fn interest_sheet<'a>(book: &'a Book, late: Vec<LateItem>) -> Sheet<'a> {
    let mut lines: Vec<Line> = Vec::new();
    for (n, item) in late.iter().enumerate() {
        match &item.sheet {
            Ok(sheet) => lines.extend((0..sheet.lines.len()).map(|l| (n, Some(l)))),
            Err(_) => lines.push((n, None)),
        }
    }
    let rows = lines.len();
    let cell = move |row: usize, column: usize| {
        let found = lines.get(row).and_then(|(n, l)| Some((late.get(*n)?, *l)));
        Cell::or_empty(found.and_then(|(item, line)| cell(book, item, line, column)))
    };
    let mut sheet = Sheet::new("Interest", columns(), rows, cell);
    sheet.freeze_columns = 3;
    sheet
}

fn columns() -> Vec<Column> {
    let text = |header: &str| Column::new(header, Kind::Text);
    let amount = |header: &str| money_column(header, CURRENCY);
    let once = "The exact sum of the periods, rounded once, half up; stands with the first period";
    vec![
        text("Customer").width(30).total_text("Total"),
        text("Invoice"),
        Column::new("Due", Kind::Date),
        text("Currency"),
        Column::new("From", Kind::Date).note("First day that bears interest"),
        Column::new("To", Kind::Date),
        Column::new("Days", Kind::Integer),
        amount("Principal").note("What bears interest in the period"),
        text("Reference %"),
        text("Rate %"),
        text("Counted as"),
        text("Interest, exact")
            .note("Four more decimals than the currency has, for following only"),
        amount("Paid").note("At the end of the period"),
        amount("Interest").sum().note(once),
        amount("Fixed sum").sum(),
        amount("Charged before").sum(),
        amount("Held back by a plan")
            .sum()
            .note("PL-01: let go while the plan is kept, or in its instalments already"),
        amount("Claim")
            .sum()
            .note("Interest and fixed sum less what was charged before and what is held back"),
        text("Rules").width(40),
        text("Rate from").width(40),
        Column::new("Checked on", Kind::Date),
        Column::new("To be checked", Kind::Flag).note("The rate or rule was not verified lately"),
        text("Last day for payment").width(40),
        text("Plan").width(40),
    ]
}

fn cell<'a>(
    book: &'a Book,
    item: &LateItem,
    line: Option<usize>,
    column: usize,
) -> Option<Cell<'a>> {
    let known = book.item(item.item)?;
    match column {
        0 => {
            return Some(Cell::text(
                book.customer_facts(known.customer())?.name.as_str(),
            ));
        }
        1 => return Some(Cell::text(known.number())),
        2 => return Some(Cell::Date(item.due)),
        CURRENCY => return Some(Cell::text(item.currency.code())),
        _ => {}
    }
    let Ok(sheet) = &item.sheet else {
        let why = || match &item.sheet {
            Err(InterestError::NotProtected(_)) => "Not known as a registered small enterprise",
            _ => "No rate is recorded for the period",
        };
        return (column == RULES).then(|| Cell::text(why()));
    };
    let at = line?;
    let of = sheet.lines.get(at)?;
    match column {
        13..=17 | 22 | 23 if at > 0 => None,
        13 => Some(money(sheet.interest, item.currency)),
        14 => Some(money(sheet.fixed_sum, item.currency)),
        15 => Some(money(sheet.charged_before, item.currency)),
        16 => Some(money(item.held_back(), item.currency)),
        17 => Some(money(item.chargeable(), item.currency)),
        22 => sheet.relevant.map(|r| Cell::text(last_day(&r))),
        23 => item.plan.map(|p| Cell::text(under_plan(&p))),
        _ => of_line(sheet, of, column),
    }
}

fn of_line<'a>(sheet: &InterestSheet, of: &InterestLine, column: usize) -> Option<Cell<'a>> {
    match column {
        4 => Some(Cell::Date(of.from)),
        5 => Some(Cell::Date(of.to)),
        6 => Some(Cell::Int(i64::from(of.days))),
        7 => Some(money(of.principal, sheet.currency)),
        8 => (of.reference_ppm > 0).then(|| Cell::text(percent(of.reference_ppm))),
        9 => Some(Cell::text(percent(of.rate_ppm))),
        10 => Some(Cell::text(counted(sheet, of))),
        11 => Some(Cell::text(fine(of.fine, sheet.currency))),
        12 => (of.paid > 0).then(|| money(of.paid, sheet.currency)),
        RULES => Some(Cell::text(format!("{} ({})", sheet.name, sheet.source))),
        19 => Some(Cell::text(of.source.clone())),
        20 => of.verified_on.or(sheet.verified_on).map(Cell::Date),
        21 => Some(Cell::Flag(of.stale || sheet.verified_on.is_none())),
        _ => None,
    }
}

/// How the last day for payment was found (UK-03, IN-01), in a sentence.
pub fn last_day(of: &Relevant) -> String {
    let from = of.counted_from.map_or(String::new(), |d| d.to_string());
    match (of.basis, of.agreed) {
        (Basis::CutBack, Some(agreed)) => format!(
            "Agreed for {agreed}; cut back to {} days from the document of {from}",
            of.days
        ),
        (Basis::NoneAgreed, _) => format!(
            "No day was agreed: {} days from the document of {from}",
            of.days
        ),
        _ => "As agreed".to_owned(),
    }
}

/// What a plan makes of interest, in a sentence.
pub fn under_plan(of: &UnderPlan) -> String {
    let what = match of.interest {
        PlanInterest::Waived => "Interest waived under",
        PlanInterest::FrontLoaded => "Interest is in the instalments of",
        PlanInterest::Accrues => "Interest goes on under",
    };
    format!("{what} the plan agreed {}", of.agreed_on)
}

/// Parts per million as a percentage: 117,500 is `11.75`.
pub fn percent(ppm: u32) -> String {
    Decimal::new(i64::from(ppm), 4).normalize().to_string()
}

/// How a period is counted: days of a year, or a whole rest.
pub fn counted(sheet: &InterestSheet, of: &InterestLine) -> String {
    match of.rest {
        true => "1 / 12".to_owned(),
        false => format!("{} / {}", of.days, sheet.year_days),
    }
}

/// Ten-thousandths of a minor unit as an amount with four more decimals.
pub fn fine(value: i64, currency: Currency) -> String {
    Decimal::new(value, u32::from(currency.exponent()) + 4).to_string()
}
