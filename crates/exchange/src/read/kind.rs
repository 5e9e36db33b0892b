//! What a file is about.

use super::disputes::is_disputes;
use super::mapping::{Field, Mapping};
use super::shape::ColumnShape;
use super::synonyms::fold;
use super::work::is_tracker;
use serde::{Deserialize, Serialize};

/// The kinds of file an import can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Open items: one row per open item.
    OpenItems,
    /// Customers, contacts, or both.
    Customers,
    /// Invoices, open or not, with what was paid and when they were settled.
    InvoicesPaid,
    /// Payments, one row each, or one per invoice paid.
    Payments,
    /// Cleared items with clearing date and document.
    ClearedItems,
    /// Sales per customer and month.
    Sales,
    /// An aging summary: totals per customer only. Its source can list the open items instead.
    Summary,
    /// A team's tracker: remarks, promises and next actions per document.
    Tracker,
    /// Disputes of another system.
    Disputes,
    /// Not recognised.
    Unknown,
}

impl FileKind {
    /// Whether rows become items.
    pub fn is_items(self) -> bool {
        matches!(
            self,
            FileKind::OpenItems | FileKind::InvoicesPaid | FileKind::ClearedItems
        )
    }
}

/// The kind by what columns there are and whether they are filled.
pub(crate) fn detect(mapping: &Mapping, shapes: &[ColumnShape]) -> FileKind {
    use Field::*;
    let has = |f| mapping.has(f);
    let share = |f| {
        let filled = |f| {
            mapping
                .column(f)
                .and_then(|c| shapes.get(c))
                .map_or(0, |s| s.filled)
        };
        let rows = shapes.iter().map(|s| s.filled).max().unwrap_or(0).max(1);
        filled(f) * 100 / rows
    };
    let customer = has(CustomerNumber) || has(CustomerName);
    let amount = [Amount, OpenAmount, Debit, Credit].into_iter().any(has);
    if is_summary(mapping) && !has(Number) {
        return FileKind::Summary;
    }
    if is_disputes(mapping.columns.iter().map(|c| c.header.as_str())) {
        return FileKind::Disputes;
    }
    if is_tracker(mapping.columns.iter().map(|c| c.header.as_str())) {
        return FileKind::Tracker;
    }
    if has(Month) && (has(SalesAmount) || amount) && !has(Number) && customer {
        return FileKind::Sales;
    }
    if has(PaymentDate) && (has(PaymentAmount) || amount) && !has(DueDate) && !has(OpenAmount) {
        return FileKind::Payments;
    }
    if has(Number) && (amount || has(LocalAmount) || has(GroupAmount)) {
        return if share(ClearingDate) >= 90 && !has(ClearingDoc) && !has(Paid) && is_aged(mapping) {
            FileKind::OpenItems
        } else if share(ClearingDate) >= 50 && has(ClearingDoc) {
            FileKind::ClearedItems
        } else if share(ClearingDate) >= 20 || (has(Paid) && !has(OpenAmount)) {
            FileKind::InvoicesPaid
        } else {
            FileKind::OpenItems
        };
    }
    let about = [
        Mailbox,
        Phone,
        ContactName,
        Country,
        Segment,
        Terms,
        CreditLimit,
        Zone,
        Collector,
        Language,
        Parent,
    ];
    if customer
        && !has(Number)
        && !amount
        && (about.into_iter().any(has) || (has(CustomerNumber) && has(CustomerName)))
    {
        return FileKind::Customers;
    }
    FileKind::Unknown
}

/// Headers that are aging buckets.
fn is_summary(mapping: &Mapping) -> bool {
    let buckets = mapping
        .columns
        .iter()
        .filter(|c| is_bucket(&c.header))
        .count();
    buckets >= 3
}

/// Whether rows are in an aging bucket: what is settled ages no more, and a clearing date in every
/// row is somebody's forecast.
fn is_aged(mapping: &Mapping) -> bool {
    let names = ["aging bucket", "ageing bucket", "bucket", "aging", "ageing"];
    let mut columns = mapping.columns.iter();
    columns.any(|c| names.contains(&fold(&c.header).as_str()))
}

/// `Current`, `1 - 30`, `91 and over`, `3 Months`.
pub(crate) fn is_bucket(header: &str) -> bool {
    let name = fold(header);
    let digits = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit());
    let words: Vec<&str> = name
        .split(' ')
        .filter(|w| !matches!(*w, "days" | "day" | "tage" | "jours" | "dias"))
        .collect();
    match words.as_slice() {
        ["current" | "older" | "not due"] | ["1" | "2" | "3", "month" | "months"] | ["month"] => {
            true
        }
        ["over" | "more", b] => digits(b),
        [a, b] => digits(a) && (digits(b) || *b == "plus"),
        [a, "and" | "or", "over" | "more" | "older"] => digits(a),
        _ => false,
    }
}
