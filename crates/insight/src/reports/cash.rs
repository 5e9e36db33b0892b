//! The cash application log and unapplied cash (domain.md §10).

use super::{missing_rate, money, money_column};
use crate::cashlog::{LogRow, UnappliedRow, owner_of};
use duebook_ledger::statements::MatchRule;
use duebook_ledger::{Book, ItemId, Seq};
use duebook_money::Currency;
use duebook_sheet::{Cell, Column, Kind, Sheet};

/// A rule in words.
pub fn rule_name(rule: MatchRule) -> &'static str {
    match rule {
        MatchRule::Structured => "Reference field",
        MatchRule::Named => "Named in the text",
        MatchRule::NamedDiffers => "Named, amount differs",
        MatchRule::Similar => "Named a little differently",
        MatchRule::Together => "Several payments together",
        MatchRule::OneItem => "One item of this amount",
        MatchRule::Balance => "All that is open",
        MatchRule::PastDue => "All that is past due",
        MatchRule::DueDay => "All due on one day",
        MatchRule::Discounted => "Less discount",
        MatchRule::Withheld => "Less tax withheld",
        MatchRule::Sum => "Only sum of items",
        MatchRule::Tolerated => "Within the tolerance",
        MatchRule::OtherCurrency => "Other currency",
        MatchRule::Allocated => "Allocation policy",
        MatchRule::ByHand => "By hand",
        MatchRule::Advice => "Remittance advice",
    }
}

/// How a receipt was matched, in words: the rule, and whether anybody looked at it.
pub fn matched_how(book: &Book, row: &LogRow) -> String {
    if let Some(from) = row.from.and_then(|id| book.item(id)) {
        return match from.currency() == row.currency {
            true => format!("Part of {}", from.number()),
            false => format!("Part of {}, exchanged", from.number()),
        };
    }
    let rule = row.rule.map(rule_name);
    match (rule, row.line) {
        (Some(rule), _) if row.auto => format!("{rule}, by itself"),
        (Some(rule), _) => rule.to_owned(),
        (None, Some(_)) => "From a statement".to_owned(),
        (None, None) => String::new(),
    }
}

/// Numbers of the items that a receipt pays, and of the receipts that got a part of it.
pub fn paid_items(book: &Book, row: &LogRow) -> String {
    let number = |id: ItemId| book.item(id).map_or("", |i| i.number());
    let items = row.items.iter().map(|(id, _)| *id);
    let all: Vec<&str> = items.chain(row.to.iter().copied()).map(number).collect();
    all.join(", ")
}

/// Why money is not applied, in words.
pub fn why_unapplied(row: &UnappliedRow) -> String {
    match (
        row.on_account,
        row.held.as_str(),
        row.candidates.len(),
        row.owed,
    ) {
        (true, "", ..) => "On account".to_owned(),
        (true, why, ..) => format!("On account: {why}"),
        (false, _, 0, 0) => "Nothing is open".to_owned(),
        (false, _, 0, _) => "No item of this amount".to_owned(),
        (false, _, 1, _) => "One item has this amount".to_owned(),
        (false, ..) => "Several items have this amount".to_owned(),
    }
}

fn name(book: &Book, id: duebook_ledger::CustomerId) -> &str {
    book.customer_facts(id).map_or("", |f| f.name.as_str())
}

fn number(book: &Book, id: ItemId) -> &str {
    book.item(id).map_or("", |i| i.number())
}

/// The cash application log ([`crate::cashlog::cash_log`]); the parts of each receipt are the whole
/// of it (CA-01).
pub fn cash_log_sheet<'a>(book: &'a Book, rows: &'a [LogRow]) -> Sheet<'a> {
    const CURRENCY: usize = 6;
    const BASE: usize = 24;
    let money = |header: &str| money_column(header, CURRENCY).sum();
    let columns = vec![
        Column::new("Receipt", Kind::Text)
            .width(20)
            .total_text("Total"),
        Column::new("Value date", Kind::Date),
        Column::new("Bank ref", Kind::Text).width(20),
        Column::new("Payer", Kind::Text).width(28),
        Column::new("Account", Kind::Text),
        Column::new("Customer", Kind::Text).width(28),
        Column::new("Currency", Kind::Text),
        money("Amount").note("Received from outside"),
        Column::new("Rule fired", Kind::Text).width(24),
        Column::new("Items", Kind::Text).width(28),
        money("Applied"),
        money("Discount").note("Granted beside the receipt"),
        money("TDS").note("Tax withheld, beside the receipt"),
        money("Tolerance").note("Beside the receipt"),
        money("Charges").note("Charges and write-offs beside the receipt"),
        money("FX").note("Beside the receipt"),
        money("At source").note("Used at source, on what is not known"),
        money("Refunded"),
        money("Returned"),
        money("Unapplied").note(
            "CA-01: amount less applied, at source, refunded, returned, and what was transferred",
        ),
        Column::new("User", Kind::Text),
        Column::new("Time", Kind::Text).note("UTC").width(18),
        Column::new("Reversal", Kind::Text).note("Commit that took back a part of it"),
        money_column("Realised exchange", BASE)
            .note("Gain, or loss below zero, by the rates of the invoice’s day and of the money’s"),
        Column::new("Exchange in", Kind::Text),
        money("Transferred in").note("A part of another receipt: in its row the money is counted"),
        money("Transferred out")
            .note("To receipts of another customer or currency: beside what is applied"),
    ];
    let mut sheet = Sheet::new(
        "Cash application",
        columns,
        rows.len(),
        move |row, column| {
            rows.get(row)
                .map_or(Cell::Empty, |r| log_cell(book, r, column))
        },
    );
    sheet.freeze_columns = 1;
    sheet
}

fn log_cell<'a>(book: &'a Book, r: &'a LogRow, column: usize) -> Cell<'a> {
    let line = r.line.and_then(|id| book.line(id));
    let amount = |minor: i64| match minor {
        0 => Cell::Empty,
        minor => money(minor, r.currency),
    };
    let commit = |seq: Seq| book.commit(seq);
    match column {
        0 => Cell::text(number(book, r.receipt)),
        1 => Cell::Date(r.date),
        2 => Cell::or_empty(line.map(|l| Cell::text(l.fact.bank_id.as_str()))),
        3 => Cell::or_empty(line.map(|l| Cell::text(l.fact.payer.as_str()))),
        4 => Cell::or_empty(
            book.customer(r.customer)
                .map(|c| Cell::text(c.number.as_str())),
        ),
        5 => Cell::text(name(book, r.customer)),
        6 => Cell::text(r.currency.code()),
        7 => money(r.amount, r.currency),
        8 => Cell::text(matched_how(book, r)),
        9 => Cell::text(paid_items(book, r)),
        10 => amount(r.applied),
        11 => amount(r.discount),
        12 => amount(r.withheld),
        13 => amount(r.tolerance),
        14 => amount(r.charges),
        15 => amount(r.exchange),
        16 => amount(r.at_source),
        17 => amount(r.refunded),
        18 => amount(r.returned),
        19 => money(r.unapplied, r.currency),
        20 => Cell::or_empty(commit(r.commit).map(|c| Cell::text(c.actor.as_str()))),
        21 => Cell::or_empty(commit(r.commit).map(|c| {
            let (day, second) = super::moment(c.recorded_at);
            Cell::text(format!(
                "{day} {:02}:{:02}",
                second / 3600,
                second / 60 % 60
            ))
        })),
        22 => Cell::or_empty(r.reversed.map(|s| Cell::text(format!("commit {}", s.0)))),
        25 => amount(r.brought),
        26 => amount(r.transferred),
        _ => realised_cell(r, column == 24),
    }
}

/// What is gained or lost by exchange; in words where it is in several currencies or a rate is missing.
fn realised_cell<'a>(r: &LogRow, is_currency: bool) -> Cell<'a> {
    let sum = &r.realised;
    match (&sum.gains[..], &sum.missing[..]) {
        ([], []) => Cell::Empty,
        ([(base, _)], []) if is_currency => Cell::text(base.code()),
        ([(base, gain)], []) => money(*gain, *base),
        (gains, missing) if is_currency => {
            let amount = |(base, gain): &(Currency, i64)| {
                let figure = Cell::sum(i128::from(*gain), base.exponent()).plain();
                format!("{figure} {}", base.code())
            };
            let mut parts: Vec<String> = gains.iter().map(amount).collect();
            parts.extend(missing.iter().map(missing_rate));
            Cell::text(parts.join("; "))
        }
        _ => Cell::Empty,
    }
}

/// Unapplied cash ([`crate::cashlog::unapplied`]).
pub fn unapplied_sheet<'a>(book: &'a Book, rows: &'a [UnappliedRow]) -> Sheet<'a> {
    const CURRENCY: usize = 4;
    let columns = vec![
        Column::new("Receipt", Kind::Text)
            .width(20)
            .total_text("Total"),
        Column::new("Date", Kind::Date),
        Column::new("Account", Kind::Text),
        Column::new("Payer", Kind::Text).width(32),
        Column::new("Currency", Kind::Text),
        money_column("Amount", CURRENCY).sum(),
        money_column("Unapplied", CURRENCY).sum(),
        Column::new("Reason", Kind::Text).width(32),
        Column::new("Age", Kind::Days),
        Column::new("Owner", Kind::Text),
        Column::new("Candidate matches", Kind::Text).width(32),
        money_column("Customer owes", CURRENCY),
    ];
    let mut sheet = Sheet::new("Unapplied cash", columns, rows.len(), move |row, column| {
        let Some(r) = rows.get(row) else {
            return Cell::Empty;
        };
        match column {
            0 => Cell::text(number(book, r.receipt)),
            1 => Cell::Date(r.date),
            2 => Cell::or_empty(
                book.customer(r.customer)
                    .map(|c| Cell::text(c.number.as_str())),
            ),
            3 => Cell::text(name(book, r.customer)),
            CURRENCY => Cell::text(r.currency.code()),
            5 => money(r.amount, r.currency),
            6 => money(r.unapplied, r.currency),
            7 => Cell::text(why_unapplied(r)),
            8 => Cell::Int(i64::from(r.age)),
            9 => Cell::text(owner_of(book, r)),
            10 => {
                let all: Vec<&str> = r.candidates.iter().map(|id| number(book, *id)).collect();
                Cell::text(all.join(", "))
            }
            _ => money(r.owed, r.currency),
        }
    });
    sheet.freeze_columns = 1;
    sheet
}
