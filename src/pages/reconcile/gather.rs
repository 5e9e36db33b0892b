//! The period asked for, and its reconciliation, made in slices.

use crate::platform::latest::Latest;
use crate::words;
use crate::workspace::Ws;
use duebook_insight::recon::{Making, Reconciliation, Span};
use duebook_ledger::Book;
use duebook_money::{Currency, Day};
use leptos::prelude::*;
use std::sync::Arc;

/// Months offered.
const MONTHS: usize = 15;

/// A period of the address: `2026-03`, or `2026-03-01..2026-03-15`.
pub fn span_of(text: &str) -> Option<Span> {
    let day = |text: &str| duebook_money::date::parse_iso_bytes(text.as_bytes());
    if let Some((from, to)) = text.split_once("..") {
        let (from, to) = (day(from)?, day(to)?);
        return (from <= to).then_some(Span { from, to });
    }
    let first = day(&format!("{text}-01"))?;
    Some(month(first))
}

/// The month of a day, whole.
fn month(day: Day) -> Span {
    let (y, m, _) = day.ymd();
    let first = Day::from_ymd(y, m, 1).unwrap_or(day);
    let next = match m {
        12 => Day::from_ymd(y + 1, 1, 1),
        m => Day::from_ymd(y, m + 1, 1),
    };
    Span {
        from: first,
        to: next.map_or(day, |n| n.plus(-1)),
    }
}

/// The last day that a bank statement or a file of the source tells of.
pub fn last_known(book: &Book) -> Option<Day> {
    let statements = book.statements().filter_map(|(_, s)| s.facts.to);
    statements.max()
}

/// What is shown where nothing is asked for: the month of the last statement, up to its last day where
/// the month is not over; else the month of today, not beyond today.
pub fn default_span(known: &Option<Day>, today: Day) -> Span {
    let last = known.unwrap_or(today).min(today);
    let span = month(last);
    Span {
        to: if span.to > today { last } else { span.to },
        ..span
    }
}

/// Whole months that have begun, the newest first: id in the address, and label.
pub fn months(today: Day) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut at = month(today);
    for _ in 0..MONTHS {
        let (y, m, _) = at.from.ymd();
        let day = words::day(at.from);
        // "1 Mar 2026" without its day.
        let label = day
            .split_once(' ')
            .map_or(day.clone(), |(_, rest)| rest.to_owned());
        out.push((format!("{y:04}-{m:02}"), label));
        at = month(at.from.plus(-1));
    }
    out
}

/// Currencies that a reconciliation has something in.
pub fn currencies(found: Option<&Reconciliation>) -> Vec<Currency> {
    let Some(found) = found else {
        return Vec::new();
    };
    let mut all: Vec<Currency> = found.rolls.iter().map(|r| r.currency).collect();
    all.extend(found.books.iter().map(|b| b.currency));
    all.extend(found.accounts.iter().map(|a| a.currency));
    all.extend(found.controls.iter().map(|c| c.currency));
    duebook_money::order::sort(&mut all);
    all.dedup();
    all
}

/// The reconciliation of a period, following the book.
pub fn gather(ws: Ws, span: Memo<Span>) -> Latest<Arc<Reconciliation>> {
    Latest::following(move |run| {
        ws.revision().track();
        let mut making = Making::new(span.get());
        run.steps(move || ws.peek(|b| making.step(b)).map(Arc::new))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_and_any_days_are_read_from_the_address() {
        let day = |y, m, d| Day::from_ymd(y, m, d).unwrap_or(Day(0));
        let february = span_of("2028-02");
        let whole = Span {
            from: day(2028, 2, 1),
            to: day(2028, 2, 29),
        };
        assert_eq!(february, Some(whole));
        let some = span_of("2026-12-05..2027-01-04");
        let days = Span {
            from: day(2026, 12, 5),
            to: day(2027, 1, 4),
        };
        assert_eq!(some, Some(days));
        assert_eq!(span_of("2027-01-04..2026-12-05"), None);
        assert_eq!(span_of("march"), None);
        let today = day(2026, 12, 5);
        assert_eq!(default_span(&None, today).to, today);
        assert_eq!(
            default_span(&Some(day(2026, 12, 3)), today).to,
            day(2026, 12, 3)
        );
        assert_eq!(
            default_span(&Some(day(2026, 11, 3)), today).to,
            day(2026, 11, 30)
        );
    }
}
