//! Key figures in words.

use crate::words;
use duebook_insight::kpi::{Kpi, Part, Period, SalesFrom, Unit, Value, Why};

fn number(value: i128, decimals: u8) -> String {
    words::number_format().minor(value, decimals)
}

/// A figure with its unit: "45.0 days", "n/a".
pub fn value(kpi: &Kpi) -> String {
    let Some(shown) = kpi.shown() else {
        return "n/a".to_owned();
    };
    let unit = kpi.definition.unit;
    let text = with_unit(number(shown, unit.decimals()), unit);
    match kpi.value {
        Value::AtLeast(_) => format!("≥ {text}"),
        _ => text,
    }
}

fn with_unit(text: String, unit: Unit) -> String {
    match unit {
        Unit::Days => format!("{text} d"),
        Unit::Percent => format!("{text} %"),
        Unit::Times => text,
    }
}

/// A target in hundredths of a unit.
pub fn target(hundredths: i64, unit: Unit) -> String {
    with_unit(number(i128::from(hundredths), 2), unit)
}

/// How a figure moved since the period before; nothing where either is missing.
pub fn change(now: &Kpi, before: &Kpi) -> Option<String> {
    let by = now.shown()? - before.shown()?;
    let text = number(by, now.definition.unit.decimals());
    Some(if by > 0 { format!("+{text}") } else { text })
}

/// Whether a move is for the better; `None` where there is none.
pub fn is_better(now: &Kpi, before: &Kpi) -> Option<bool> {
    use duebook_insight::kpi::Better;
    let (now_shown, before_shown) = (now.shown()?, before.shown()?);
    let by = match now.definition.better {
        Better::Higher => now_shown - before_shown,
        Better::Lower => before_shown - now_shown,
        Better::Nearer => before_shown.abs() - now_shown.abs(),
    };
    (by != 0).then_some(by > 0)
}

/// What is divided, or by what.
pub fn part(part: &Part) -> String {
    let format = words::number_format();
    match part {
        Part::Money(minor, currency) => {
            format!(
                "{} {}",
                format.minor(*minor, currency.exponent()),
                currency.code()
            )
        }
        Part::MoneyDays(minor, currency) => {
            format!(
                "{} {} × days",
                format.minor(*minor, currency.exponent()),
                currency.code()
            )
        }
        Part::Count(n) => format.minor(*n, 0),
        Part::Days(n) => format!("{} days", format.minor(*n, 0)),
        Part::Ratio(r) => r
            .rounded(100)
            .map_or("too large".to_owned(), |n| number(n, 2)),
        Part::Share(r) => r
            .and_then(|r| r.rounded(1000))
            .map_or("n/a".to_owned(), |n| with_unit(number(n, 1), Unit::Percent)),
    }
}

/// Why there is no figure, and what would supply it.
pub fn why(why: &Why) -> String {
    match why {
        Why::NothingToDivideBy => "Nothing to divide by in this period.".to_owned(),
        Why::NoSales => "No sales in the book: import a file of sales per month.".to_owned(),
        Why::NotWholeMonths => {
            "Sales are known by month: choose a period of whole months.".to_owned()
        }
        Why::MonthsMissing => {
            "Sales of these months are missing: import a file of sales per month.".to_owned()
        }
        Why::NotByEntity => "Sales are not known by company.".to_owned(),
        Why::NoHistory(before) => format!(
            "Only items still open on {} are known of {}: an older open-item list, or invoices with their payments, would supply it.",
            words::day(before.take_on),
            before.source
        ),
        Why::OneCurrency => "Told in one currency only: choose it.".to_owned(),
        Why::NoCurrency => "Belongs to no currency: choose all currencies to see it.".to_owned(),
        Why::ByPersonOnly => {
            "Told of the whole desk or of a collector: a shift belongs to a person.".to_owned()
        }
        Why::WholeDeskOnly => "Told of the whole desk only, as known now.".to_owned(),
        Why::NotRecorded(what) => format!("Not in the book: {what} would supply it."),
        Why::Rate(missing) => words::missing_rate(missing),
        Why::TooLarge => "The sums are too large.".to_owned(),
    }
}

/// What stands in the note column.
pub fn note(kpi: &Kpi) -> String {
    match &kpi.value {
        Value::NotAvailable(reason) => why(reason),
        _ => kpi.note.clone(),
    }
}

/// "1 Nov 2026 to 21 Nov 2026".
pub fn period(period: Period) -> String {
    format!("{} to {}", words::day(period.from), words::day(period.to))
}

/// Where sales come from.
pub fn sales(from: SalesFrom) -> &'static str {
    match from {
        SalesFrom::Nowhere => "no sales in the book",
        SalesFrom::Files => "sales by the sales files",
        SalesFrom::OwnLedger => "sales by this ledger’s own documents",
        SalesFrom::NotByEntity => "sales not known by company",
    }
}
