//! The key figures as a sheet (domain.md §10, KPI dashboard).

use super::catalog::Drawing;
use crate::kpi::{In, Kpi, Part, Unit, Value, Why, family_name};
use duebook_sheet::{Cell, Column, Kind, Rule, Sheet, Test, Tone};
use rust_decimal::Decimal;

struct Line {
    kpi: Kpi,
    name: String,
    /// Of what: one currency alone, or all of them in one.
    scope: String,
    currency: &'static str,
    prior: Option<Kpi>,
    target: Option<i64>,
}

const RESULT: usize = 13;

fn columns() -> Vec<Column> {
    let text = |header: &str| Column::new(header, Kind::Text);
    let mixed = |header: &str| Column::new(header, Kind::Mixed).width(18);
    vec![
        text("Definition").width(16),
        text("Family").width(22),
        text("Figure").width(44),
        text("Figures of").width(14),
        text("Currency").width(9),
        mixed("Value"),
        text("Unit").width(8),
        mixed("Prior"),
        mixed("Target"),
        mixed("Divided"),
        mixed("By"),
        Column::new("n", Kind::Integer),
        text("Period").width(26),
        text("Target reached").width(14),
        text("Note").width(60),
        text("Formula").width(80),
    ]
}

/// Of what a block of figures is: with the reporting currency one and the same code stands for both,
/// so that the words belong to the key of a row.
fn scope(currency: In, code: &str) -> String {
    match currency {
        In::Own(_) => format!("{code} alone"),
        In::Reporting => format!("all, in {code}"),
    }
}

/// One line per figure and what it is of: id, name, "Figures of" and period name a row.
pub fn kpi_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    let policies = drawing.book.policies_known(
        &drawing
            .book
            .live_at(drawing.query.view.known.unwrap_or(drawing.book.head())),
    );
    let labels = drawing.now.buckets.labels();
    let mut lines = Vec::new();
    for currency in drawing.currencies() {
        let prior = drawing.before.kpis(0, currency);
        for kpi in drawing.kpis(currency) {
            let before = prior
                .iter()
                .find(|p| p.definition.id == kpi.definition.id && p.bucket == kpi.bucket);
            lines.push(Line {
                name: kpi.definition.row_name(kpi.bucket, &labels),
                scope: scope(currency, drawing.code(currency).code()),
                currency: drawing.code(currency).code(),
                prior: before.cloned(),
                target: policies.reporting.target(kpi.definition.id, ""),
                kpi,
            });
        }
    }
    let rows = lines.len();
    let cell = move |row: usize, column: usize| {
        Cell::or_empty(lines.get(row).and_then(|line| cell(line, column)))
    };
    let mut sheet = Sheet::new("Key figures", columns(), rows, cell);
    sheet.freeze_columns = 4;
    for (word, tone) in [("missed", Tone::Warn), ("reached", Tone::Good)] {
        sheet.rules.push(Rule {
            column: RESULT,
            test: Test::Is(word.to_owned()),
            whole_row: false,
            tone,
        });
    }
    sheet
}

/// A figure rounded once to what is shown.
fn shown(kpi: &Kpi) -> Option<Cell<'static>> {
    let decimals = u32::from(kpi.definition.unit.decimals());
    let number = Decimal::try_from_i128_with_scale(kpi.shown()?, decimals).ok()?;
    Some(match kpi.value {
        Value::AtLeast(_) => Cell::text(format!("≥ {number}")),
        _ => Cell::Number(number),
    })
}

fn part(part: &Part) -> Option<Cell<'static>> {
    match part {
        Part::Money(minor, currency) => Some(Cell::sum(*minor, currency.exponent())),
        Part::MoneyDays(minor, currency) => Some(Cell::sum(*minor, currency.exponent())),
        Part::Count(n) | Part::Days(n) => i64::try_from(*n).ok().map(Cell::Int),
        Part::Ratio(r) => {
            let number = Decimal::try_from_i128_with_scale(r.rounded(100)?, 2).ok()?;
            Some(Cell::Number(number))
        }
        // Of no numerator or denominator: a share stands in the arithmetic alone.
        Part::Share(_) => None,
    }
}

fn cell(line: &Line, column: usize) -> Option<Cell<'static>> {
    let kpi = &line.kpi;
    match column {
        0 => Some(Cell::text(kpi.definition.id)),
        1 => Some(Cell::text(family_name(kpi.definition.family))),
        2 => Some(Cell::text(line.name.clone())),
        3 => Some(Cell::text(line.scope.clone())),
        4 => Some(Cell::text(line.currency)),
        5 => Some(shown(kpi).unwrap_or(Cell::text("n/a"))),
        6 => Some(Cell::text(match kpi.definition.unit {
            Unit::Days => "days",
            Unit::Percent => "%",
            Unit::Times => "",
        })),
        7 => line
            .prior
            .as_ref()
            .map(|p| shown(p).unwrap_or(Cell::text("n/a"))),
        8 => {
            let number = Decimal::try_from_i128_with_scale(i128::from(line.target?), 2).ok()?;
            Some(Cell::Number(number))
        }
        9 => part(kpi.numerator.as_ref()?),
        10 => part(kpi.denominator.as_ref()?),
        11 => i64::try_from(kpi.n).ok().map(Cell::Int),
        12 => Some(Cell::text(format!(
            "{} to {}",
            kpi.period.from, kpi.period.to
        ))),
        RESULT => {
            let reached = kpi.reaches(line.target?)?;
            Some(Cell::text(if reached { "reached" } else { "missed" }))
        }
        14 => Some(Cell::text(match &kpi.value {
            Value::NotAvailable(reason) => why(reason),
            _ => kpi.note.clone(),
        })),
        15 => Some(Cell::text(kpi.definition.formula)),
        _ => None,
    }
}

/// Why there is no figure, and which file would supply it.
pub(crate) fn why(why: &Why) -> String {
    match why {
        Why::NothingToDivideBy => "Nothing to divide by in the period.".to_owned(),
        Why::NoSales => {
            "No sales in the book: a file of sales per month would supply them.".to_owned()
        }
        Why::NotWholeMonths => {
            "Sales are known by month; the period is not of whole months.".to_owned()
        }
        Why::MonthsMissing => {
            "Sales of these months are missing: a file of sales per month would supply them."
                .to_owned()
        }
        Why::NotByEntity => "Sales are not known by company.".to_owned(),
        Why::NoHistory(b) => format!(
            "Only items still open on {} are known of {}.",
            b.take_on, b.source
        ),
        Why::OneCurrency => "Told in one currency only: choose it.".to_owned(),
        Why::NoCurrency => {
            "Belongs to no currency: told with the figures of all currencies.".to_owned()
        }
        Why::ByPersonOnly => {
            "Told of the whole desk or of a collector: a shift belongs to a person.".to_owned()
        }
        Why::WholeDeskOnly => "Told of the whole desk only, as known now.".to_owned(),
        Why::NotRecorded(what) => format!("Not in the book: {what} would supply it."),
        Why::Rate(missing) => format!(
            "No total over currencies: {}.",
            super::missing_rate(missing)
        ),
        Why::TooLarge => "The sums are too large.".to_owned(),
    }
}
