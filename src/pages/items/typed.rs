//! What is stored for a value typed into a collector's field of one item.

use crate::words;
use duebook_ledger::facts::CollectorField;
use duebook_ledger::{Book, ItemId};
use duebook_money::amount::{Style, parse};
use duebook_money::date::parse_around;
use duebook_money::{DateOrder, Day};

/// A day as typed: "2026-11-30", "30 Nov 2026" or "+7".
pub fn day(text: &str, today: Day) -> Option<Day> {
    let text = text.trim();
    if let Some(days) = text.strip_prefix('+') {
        let days = days.trim().parse::<u16>().ok()?;
        return today.checked_add(i32::from(days));
    }
    let (year, _, _) = today.ymd();
    let read = |order| parse_around(order, text.as_bytes(), year).ok();
    [DateOrder::Ymd, DateOrder::Dmy].into_iter().find_map(read)
}

/// What is stored, or why it cannot be.
pub fn stored(
    book: &Book,
    item: ItemId,
    field: CollectorField,
    text: &str,
    today: Day,
) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    match field {
        CollectorField::ExpectedDate | CollectorField::AgingAnchor => day(text, today)
            .map(|d| d.to_string())
            .ok_or_else(|| "Not a date. Such as 30 Nov 2026, or +7.".to_owned()),
        CollectorField::Disputed => disputed(book, item, text),
        _ => Ok(text.to_owned()),
    }
}

fn disputed(book: &Book, item: ItemId, text: &str) -> Result<String, String> {
    let Some(item) = book.item(item) else {
        return Err("This item is no longer in the book.".to_owned());
    };
    let currency = item.currency();
    let figure =
        parse(text, Style::POINT).map_err(|_| "Not an amount. Such as 1250.00.".to_owned())?;
    let minor = figure
        .minor(currency.exponent())
        .map_err(|_| format!("{} has {} decimals.", currency.code(), currency.exponent()))?;
    if minor <= 0 {
        return Err("Above zero; empty for no dispute.".to_owned());
    }
    if minor > item.open() {
        let open = words::money(item.open(), currency);
        return Err(format!("{} has {open} open.", item.number()));
    }
    Ok(minor.to_string())
}

/// What stands in the cell to be edited.
pub fn shown(book: &Book, item: ItemId, field: CollectorField) -> String {
    let stored = book.field(item, field);
    match (field, stored.parse::<i64>(), book.item(item)) {
        (CollectorField::Disputed, Ok(minor), Some(item)) => words::amount(minor, item.currency()),
        _ => stored.to_owned(),
    }
}
