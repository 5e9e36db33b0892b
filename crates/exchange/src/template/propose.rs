//! What the columns of a client's workbook are to hold, by their headers: the names that ledgers and
//! trackers use, days late, and buckets as the client cuts them.

use crate::read::fold;
use crate::read::header::{Names, map};
use crate::read::mapping::{Field, MappedBy};
use crate::read::work::{WorkField, WorkKind, by_name};
use duebook_ledger::template::TemplateField as T;

/// The names of columns that only what we give out has, in the folded form of [`fold`].
const NAMES: &[(T, &str)] = &[
    (
        T::DaysLate,
        "days late|days overdue|days past due|overdue days|past due days|dpd|days outstanding|aging days|ageing days|days in arrears|arrears|delay|delay days|verzugstage|tage uberfallig|jours de retard|dias de atraso|dias vencidos|days due",
    ),
    (
        T::Bucket,
        "bucket|aging bucket|ageing bucket|aging|ageing|age bucket|aging category|aging group|overdue bucket|altersstruktur",
    ),
    (
        T::Promised,
        "promised|promised amount|promise amount|ptp amount|committed amount|commitment amount",
    ),
    (
        T::AsOf,
        "as of|as of date|report date|reporting date|snapshot date|run date|date of report|stichtag",
    ),
    (
        T::LastContact,
        "last contact|last contact date|last call|last call date|last follow up|last follow up date|last contacted|last touched|letzter kontakt",
    ),
    (
        T::Pending,
        "pending|pending amount|unconfirmed|in transit|payment in process",
    ),
    (
        T::Remark,
        "status update|weekly update|update|updates|latest update|collection notes|collector comments|comment|comments|remark|remarks|notes|note",
    ),
];

/// A proposal for each header; `None` where nothing fits.
pub(super) fn propose(headers: &[String], names: &Names) -> Vec<Option<T>> {
    let mapping = map(headers, &[], names);
    let mut taken: Vec<T> = Vec::new();
    let mut out: Vec<Option<T>> = headers
        .iter()
        .zip(&mapping.columns)
        .map(|(header, column)| {
            let field = aged(header)
                .map(|(from, to)| T::Aged { from, to })
                .or_else(|| of_ours(header))
                .or_else(|| match column.by {
                    MappedBy::Nothing => None,
                    _ => of_ledger(column.field),
                })
                .or_else(|| of_work(by_name(header, WorkKind::Tracker)))?;
            let new = !taken.contains(&field);
            taken.push(field);
            new.then_some(field)
        })
        .collect();
    first_bucket(&mut out);
    out
}

fn of_ours(header: &str) -> Option<T> {
    let name = fold(header);
    let is = |names: &str| names.split('|').any(|n| n == name);
    NAMES
        .iter()
        .find(|(_, names)| is(names))
        .map(|(field, _)| *field)
}

fn of_ledger(field: Field) -> Option<T> {
    Some(match field {
        Field::Entity => T::Entity,
        Field::CustomerNumber => T::CustomerNumber,
        Field::CustomerName => T::CustomerName,
        Field::Country => T::Country,
        Field::Segment => T::Segment,
        Field::Collector => T::Collector,
        Field::AccountManager => T::AccountManager,
        Field::Number => T::Number,
        Field::Line => T::Line,
        Field::FiscalYear => T::FiscalYear,
        Field::DocType => T::Kind,
        Field::DocDate => T::DocDate,
        Field::DueDate => T::DueDate,
        Field::Terms => T::Terms,
        Field::Currency => T::Currency,
        Field::Amount => T::Amount,
        Field::OpenAmount => T::Open,
        Field::Paid => T::Settled,
        Field::LocalAmount | Field::GroupAmount => T::OpenReporting,
        Field::Reference => T::Reference,
        Field::Po => T::Po,
        Field::Contract => T::Contract,
        Field::Status => T::Status,
        Field::Reason => T::Reason,
        Field::Text => T::Text,
        _ => return None,
    })
}

fn of_work(field: WorkField) -> Option<T> {
    Some(match field {
        WorkField::Status => T::Status,
        WorkField::Reason => T::Reason,
        WorkField::NextAction => T::NextAction,
        WorkField::Owner => T::Owner,
        WorkField::Remark => T::Remark,
        WorkField::RemarkDate => T::LastContact,
        WorkField::ExpectedDate => T::ExpectedDate,
        WorkField::PromiseDate => T::PromiseDate,
        WorkField::PromiseAmount => T::Promised,
        WorkField::Disputed => T::Disputed,
        _ => return None,
    })
}

/// The days of a header that is a bucket: from, to.
fn aged(header: &str) -> Option<(Option<i32>, Option<i32>)> {
    if header.chars().count() > 30 {
        return None;
    }
    let open_end = header.contains(['>', '+', '≥']);
    let before = header.contains('<') || header.contains('≤');
    let folded = fold(header);
    let words: Vec<&str> = folded
        .split(' ')
        .filter(|w| {
            !matches!(
                *w,
                "days"
                    | "day"
                    | "tage"
                    | "jours"
                    | "dias"
                    | "past"
                    | "due"
                    | "overdue"
                    | "late"
                    | "bucket"
                    | "to"
                    | "bis"
            )
        })
        .collect();
    let number = |w: &str| w.parse::<i32>().ok().filter(|n| (0..=3_650).contains(n));
    match words.as_slice() {
        ["current" | "not" | "notdue" | "future"] | ["not", "yet"] => Some((None, Some(0))),
        [a] if open_end => Some((Some(number(a)? + i32::from(header.contains('>'))), None)),
        [a] if before => Some((None, Some(number(a)? - i32::from(header.contains('<'))))),
        ["over" | "more" | "above", a] | ["more", "than", a] => Some((Some(number(a)? + 1), None)),
        [a, "plus"] | [a, "and" | "or", "over" | "more" | "older" | "above"] => {
            Some((Some(number(a)?), None))
        }
        [a, b] => {
            let (from, to) = (number(a)?, number(b)?);
            (from <= to).then_some((Some(from), Some(to)))
        }
        _ => None,
    }
}

/// Without a column for what is not due the first bucket has it; with one, "0 to 30" begins at 1.
fn first_bucket(fields: &mut [Option<T>]) {
    let not_due = |f: &Option<T>| matches!(f, Some(T::Aged { from: None, .. }));
    let current = fields.iter().any(not_due);
    for field in fields.iter_mut().flatten() {
        if let T::Aged {
            from: from @ Some(0),
            ..
        } = field
        {
            *from = if current { Some(1) } else { None };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(headers: &[&str]) -> Vec<Option<T>> {
        let headers: Vec<String> = headers.iter().map(|h| (*h).to_owned()).collect();
        propose(&headers, &Names::new())
    }

    #[test]
    fn headers_of_clients() {
        let found = proposed(&[
            "Customer No.",
            "Customer Name",
            "Invoice #",
            "Inv. Date",
            "Due Date",
            "Days Overdue",
            "Curr.",
            "Open Amount",
            "PTP Date",
            "PTP Amount",
            "Collector Comments",
            "Region",
        ]);
        use T::*;
        assert_eq!(
            found,
            [
                Some(CustomerNumber),
                Some(CustomerName),
                Some(Number),
                Some(DocDate),
                Some(DueDate),
                Some(DaysLate),
                Some(Currency),
                Some(Open),
                Some(PromiseDate),
                Some(Promised),
                Some(Remark),
                None,
            ]
        );
    }

    #[test]
    fn buckets_as_the_client_cuts_them() {
        let days = |from, to| Some(T::Aged { from, to });
        assert_eq!(
            proposed(&["Current", "0-30", "31 - 60 days", "61 to 90", ">90"]),
            [
                days(None, Some(0)),
                days(Some(1), Some(30)),
                days(Some(31), Some(60)),
                days(Some(61), Some(90)),
                days(Some(91), None)
            ]
        );
        assert_eq!(
            proposed(&["0-30", "31-60", "61+", "Not due yet"])[0],
            days(Some(1), Some(30))
        );
        assert_eq!(
            proposed(&["0-30", "31-60", "over 60"]),
            [
                days(None, Some(30)),
                days(Some(31), Some(60)),
                days(Some(61), None)
            ]
        );
    }
}
