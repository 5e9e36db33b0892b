//! The aging summary.

use super::{facts_of, money, money_column, ratio};
use crate::aging::{Aging, AgingQuery, GroupKey};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::{Book, CustomerId, OpenScan};
use duebook_money::{Currency, Day};
use duebook_sheet::{Cell, Column, Kind, Sheet, Total};
use std::collections::BTreeMap;

/// What a row says of its group.
struct Who<'a> {
    name: String,
    number: &'a str,
    facts: Option<&'a duebook_ledger::columns::StagedCustomer>,
    last_payment: Option<(Day, i64)>,
    last_contact: Option<Day>,
}

const BEFORE: [&str; 7] = [
    "Customer",
    "Account",
    "Parent",
    "Collector",
    "Terms",
    "Credit limit",
    "Currency",
];
const CURRENCY: usize = 6;

/// The aging summary of domain.md §10, one line per row of the aging.
pub fn aging_summary<'a>(book: &'a Book, query: &AgingQuery, aging: &'a Aging) -> Sheet<'a> {
    let scan = OpenScan::new(book, query.view);
    let payments = last_payments(book, &scan);
    let who: Vec<Who<'a>> = aging
        .rows
        .iter()
        .map(|row| who(book, &scan, &payments, &row.group, row.currency))
        .collect();
    let mut columns: Vec<Column> = BEFORE.iter().map(|h| Column::new(*h, Kind::Text)).collect();
    columns[0] = Column::new("Customer", Kind::Text)
        .width(32)
        .total_text("Total");
    let credit_limit = "As the source gives it, in the customer's own currency";
    columns[5] = Column::new("Credit limit", Kind::Text).note(credit_limit);
    let sum = |header: &str| money_column(header, CURRENCY).sum();
    columns.push(sum("Total").note("Of the buckets"));
    columns.extend(query.buckets.labels().iter().map(|label| sum(label)));
    for header in ["Unapplied cash", "Open credit memos", "Net", "Pending"] {
        columns.push(sum(header));
    }
    columns.push(sum("Of which disputed"));
    columns.push(sum("Of which promised").note("Under a promise still open"));
    columns.push(sum("Past due"));
    columns.push(Column::new("% past due", Kind::Percent));
    let weighted = "Days late of the open debits past due, weighted by amount";
    columns.push(Column::new("Days late", Kind::Number { decimals: 1 }).note(weighted));
    columns.push(Column::new("Oldest days", Kind::Days));
    columns.push(Column::new("Last payment", Kind::Date));
    columns.push(money_column("Last payment amount", CURRENCY));
    columns.push(Column::new("Last contact", Kind::Date).note("UTC"));
    columns.push(Column::new("Items", Kind::Integer).sum());
    columns.push(sum("Of which planned").note("Covered by a payment plan that is kept"));
    columns.push(sum("Of which placed").note("With an agency or a lawyer"));
    let buckets = aging.bucket_count();
    let cell = move |row: usize, column: usize| cell(aging, &who, buckets, row, column);
    let mut sheet = Sheet::new("Aging", columns, aging.rows.len(), cell);
    sheet.freeze_columns = 2;
    debug_assert!(sheet.columns[CURRENCY].total == Total::None);
    sheet
}

fn cell<'a>(aging: &Aging, who: &[Who<'a>], buckets: usize, at: usize, column: usize) -> Cell<'a> {
    let (Some(row), Some(who)) = (aging.rows.get(at), who.get(at)) else {
        return Cell::Empty;
    };
    let text = |of: fn(&'a duebook_ledger::columns::StagedCustomer) -> Option<&'a String>| {
        Cell::or_empty(who.facts.and_then(of).map(|t| Cell::text(t.as_str())))
    };
    let in_currency = |minor| money(minor, row.currency);
    let cells = aging.buckets(at);
    let debits: i128 = cells.iter().map(|c| i128::from(*c)).sum();
    match column {
        0 => Cell::text(who.name.clone()),
        1 => Cell::text(who.number),
        2 => text(|f| f.parent.as_ref()),
        3 => text(|f| f.collector.as_ref()),
        4 => text(|f| f.terms.as_ref()),
        5 => credit_limit(who),
        CURRENCY => Cell::text(row.currency.code()),
        7 => Cell::sum(debits, row.currency.exponent()),
        c if c < 8 + buckets => in_currency(cells[c - 8]),
        c => match c - 8 - buckets {
            0 => in_currency(row.unapplied),
            1 => in_currency(row.credit_memos),
            2 => in_currency(row.total),
            3 => in_currency(row.pending),
            4 => in_currency(row.disputed),
            5 => in_currency(row.promised),
            6 => in_currency(row.past_due),
            7 => ratio(i128::from(row.past_due), debits, 4),
            8 => ratio(row.late_days, i128::from(row.late), 1),
            9 => Cell::or_empty(row.oldest_days.map(|d| Cell::Int(i64::from(d)))),
            10 => Cell::or_empty(who.last_payment.map(|(day, _)| Cell::Date(day))),
            11 => Cell::or_empty(who.last_payment.map(|(_, minor)| in_currency(minor))),
            12 => Cell::or_empty(who.last_contact.map(Cell::Date)),
            13 => Cell::Int(i64::from(row.items)),
            14 => in_currency(row.planned),
            15 => in_currency(row.placed),
            _ => Cell::Empty,
        },
    }
}

fn credit_limit(who: &Who<'_>) -> Cell<'static> {
    let Some((facts, limit)) = who.facts.and_then(|f| Some((f, f.credit_limit?))) else {
        return Cell::Empty;
    };
    let currency = facts.currency.as_deref().and_then(Currency::from_code);
    let exponent = currency.map_or(2, |c| c.exponent());
    let amount = Cell::sum(i128::from(limit), exponent).plain();
    let code = facts.currency.clone().unwrap_or_default();
    Cell::text(format!("{code} {amount}").trim().to_owned())
}

fn who<'a>(
    book: &'a Book,
    scan: &OpenScan<'_>,
    payments: &BTreeMap<(CustomerId, u16), (Day, i64)>,
    group: &GroupKey,
    currency: Currency,
) -> Who<'a> {
    let named = |name: String| Who {
        name,
        number: "",
        facts: None,
        last_payment: None,
        last_contact: None,
    };
    let id = match group {
        GroupKey::Customer(id) | GroupKey::Parent(id) => *id,
        GroupKey::ParentNumber(parent) => return named(parent.1.clone()),
        GroupKey::Collector(name) | GroupKey::Country(name) => return named(name.to_string()),
        GroupKey::Currency => return named(currency.code().to_owned()),
        GroupKey::Entity(at) => {
            let code = book.entities().get(usize::from(*at));
            return named(code.cloned().unwrap_or_default());
        }
    };
    let facts = facts_of(book, scan, id);
    let customer = book.customer(id);
    let contacts = customer.map_or(&[][..], |c| &c.activities);
    let last_contact = contacts
        .iter()
        .filter_map(|a| book.activities().get(a.index()))
        .filter(|a| scan.is_live(a.commit))
        .map(|a| super::moment(a.at).0)
        .filter(|day| *day <= scan.view().as_of)
        .max();
    Who {
        name: facts.map_or(String::new(), |f| f.name.clone()),
        number: customer.map_or("", |c| &c.number),
        facts,
        last_payment: payments.get(&(id, currency.numeric())).copied(),
        last_contact,
    }
}

/// The latest receipt of each customer and currency up to the as-of day, positive; several of one
/// day are added up.
fn last_payments(book: &Book, scan: &OpenScan<'_>) -> BTreeMap<(CustomerId, u16), (Day, i64)> {
    let mut last: BTreeMap<(CustomerId, u16), (Day, i64)> = BTreeMap::new();
    for (number, segment) in scan.segments() {
        let data = segment.data();
        for row in 0..segment.len() {
            if data.kind[row] != ItemKind::Receipt as u8 || !segment.exists(row) {
                continue;
            }
            let id = duebook_ledger::ItemId::new(number, row);
            let returned = book.settlements_of(id).any(|s| {
                s.cause == duebook_ledger::facts::Cause::Returned
                    && scan.is_live(s.commit)
                    && s.effective <= scan.view().as_of
            });
            if returned {
                continue;
            }
            let key = (CustomerId(data.customer[row]), data.currency[row]);
            // A part that went over is the payment of whom it went to, on the day it came in.
            let gone = crate::cashlog::gone_over(book, scan, id);
            let amount = data.amount[row].saturating_neg().saturating_sub(gone);
            let came = book.item(book.origin(id)).map(|i| i.doc_date());
            let day = Day(came.unwrap_or(data.doc_date[row]));
            if amount == 0 {
                continue;
            }
            let known = last.entry(key).or_insert((day, 0));
            match day.cmp(&known.0) {
                std::cmp::Ordering::Greater => *known = (day, amount),
                std::cmp::Ordering::Equal => known.1 = known.1.saturating_add(amount),
                std::cmp::Ordering::Less => {}
            }
        }
    }
    last
}
