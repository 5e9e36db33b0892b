//! Reports as neutral sheets (domain.md §10): what `exchange` writes as XLSX and CSV.

mod activity;
mod aging;
mod applications;
mod case_pack;
mod cases;
mod cash;
mod catalog;
mod day;
mod forecast;
mod interest;
mod items;
mod journal;
mod kpis;
mod logs;
mod moves;
mod promises;
mod reconciliation;
mod recovery;
mod rows;
mod template;
mod theirs;

pub use activity::{Period, activity_sheet};
pub use aging::aging_summary;
pub use case_pack::case_pack;
pub use cases::cases_sheet;
pub use cash::{
    cash_log_sheet, matched_how, paid_items, rule_name, unapplied_sheet, why_unapplied,
};
pub use catalog::{Drawing, Proof, REPORTS, ReportKind, report_kind, ties};
pub use day::{DayLine, day_lines, day_sheet, hand_over_kind, hand_over_sheet, hand_over_text};
pub use interest::{counted, fine, interest_sheet, last_day, percent, under_plan};
pub use items::{aging_detail, items_sheet};
pub use logs::hex;
pub use promises::promises_sheet;
pub use reconciliation::{
    break_matter, break_name, breaks_sheet, clue_text, line_text, reconciliation_controls,
    reconciliation_sheets, roll_name, status_name,
};
pub use recovery::stage_name;
pub(crate) use recovery::{offer_state, placement_end, plan_state};
pub use rows::{num_name, rows_sheet, text_name};
pub use template::template_sheet;
pub use theirs::{
    TheirTold, entry_amounts, entry_days, entry_numbers, entry_text, finding_name, reason_text,
    same_name, their_controls, their_lines_sheet, their_sheets, theirs_reconciled,
};

use crate::aging::{Aging, AgingQuery, Figure};
use crate::tie_out::TieOut;
use duebook_ledger::facts::CreditMode;
use duebook_ledger::keys::TextRef;
use duebook_ledger::{Book, CustomerId, Uid, View};
use duebook_money::{Currency, Day};
use duebook_policy::Basis;
use duebook_sheet::{Cell, Column, Kind, KnownAt, Rate, Readme, Reporting, Stamp, Unit};
use rust_decimal::Decimal;

/// Where texts kept beside the log come from; `None` where a text cannot be had.
pub trait TextSource {
    /// The text of an id.
    fn text(&self, id: Uid) -> Option<String>;
}

impl<F: Fn(Uid) -> Option<String>> TextSource for F {
    fn text(&self, id: Uid) -> Option<String> {
        self(id)
    }
}

/// A text as a report shows it: `erased` where it was, `not available` where it cannot be had.
pub fn shown_text(book: &Book, texts: &dyn TextSource, text: TextRef) -> String {
    if book.erased(text.id).is_some() {
        return "erased".to_owned();
    }
    texts
        .text(text.id)
        .unwrap_or_else(|| "not available".to_owned())
}

/// What the platform says about the making of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Making {
    /// When.
    pub generated: Stamp,
    /// Version of the app.
    pub app_version: String,
    /// Hash of the newest commit, in hex.
    pub head_hash: String,
}

/// The README of a report drawn from an aging query (domain.md §10): with the controls of `tied`,
/// UNRECONCILED where one fails.
pub fn readme(
    book: &Book,
    report: &str,
    query: &AgingQuery,
    aging: &Aging,
    tied: &TieOut,
    making: Making,
) -> Readme {
    let mut notes = vec![
        "Amounts are signed: debits positive, credits negative.".to_owned(),
        "Current holds what is due on the as-of day or later; an item is 1 day past due on the \
         day after its due date."
            .to_owned(),
    ];
    for total in &aging.totals {
        let code = total.currency.code();
        if total.missing_due > 0 {
            let n = total.missing_due;
            notes.push(match n {
                1 => format!("1 item in {code} has no due date: aged by document date."),
                n => format!("{n} items in {code} have no due date: aged by document date."),
            });
        }
        if total.not_yet_issued != 0 {
            let amount = Cell::sum(total.not_yet_issued, total.currency.exponent()).plain();
            notes.push(format!(
                "Dated after the as-of day and not in the report: {code} {amount}."
            ));
        }
    }
    if let Err(missing) = &aging.grand {
        notes.push(format!(
            "No total over currencies: {}.",
            missing_rate(missing)
        ));
    }
    Readme {
        report: report.to_owned(),
        book: book.about().map_or(String::new(), |a| a.name.clone()),
        as_of: query.view.as_of,
        known_at: known_at(book, query.view),
        basis: basis(query),
        reporting: reporting(book, query, aging),
        filters: filters(book, query),
        generated: making.generated,
        app_version: making.app_version,
        head_hash: making.head_hash,
        controls: tied.controls(),
        limitation: tied.limitation(),
        notes,
    }
}

fn missing_rate(missing: &duebook_policy::MissingRate) -> String {
    use duebook_policy::MissingRate::*;
    match missing {
        NoRate { currency, as_of } => format!("no rate of {} on {as_of}", currency.code()),
        TooOld {
            currency,
            as_of,
            from,
        } => format!(
            "the rate of {} of {from} is too old on {as_of}",
            currency.code()
        ),
        Overflow => "it does not fit".to_owned(),
    }
}

fn known_at(book: &Book, view: View) -> KnownAt {
    let head = book.head();
    let seq = view.known.map_or(head, |k| k.min(head));
    let recorded = book.commit(seq).map_or(0, |c| c.recorded_at);
    let (day, second) = moment(recorded);
    KnownAt {
        commit: u64::from(seq.0),
        recorded: Stamp {
            day,
            second,
            zone: "UTC".to_owned(),
        },
    }
}

/// Day and second of the day of milliseconds UTC.
pub(crate) fn moment(milliseconds: i64) -> (Day, u32) {
    let seconds = milliseconds.div_euclid(1000);
    let day = i32::try_from(seconds.div_euclid(86_400)).unwrap_or(0);
    (Day(day), seconds.rem_euclid(86_400) as u32)
}

/// AG-02: printed on every report.
fn basis(query: &AgingQuery) -> String {
    let from = match query.basis {
        Basis::DueDate => "days past due date",
        Basis::InvoiceDate => "days since document date",
    };
    let credits = match query.credits {
        CreditMode::Separate => "credits in columns of their own",
        CreditMode::Aged => "credits in the bucket of their own date",
        CreditMode::NetOldest => "credits against the oldest debt",
    };
    let figure = match query.figure {
        Figure::Working => "working figure (at source and pending)",
        Figure::AtSource => "figure at source, pending beside it",
    };
    format!("{from}; {credits}; {figure}")
}

fn reporting(book: &Book, query: &AgingQuery, aging: &Aging) -> Option<Reporting> {
    let grand = aging.grand.as_ref().ok()?;
    let policies = match query.view.known {
        Some(known) => book.policies_known(&book.live_at(known)),
        None => book.policies().clone(),
    };
    let foreign = aging.totals.iter().map(|t| t.currency);
    let rates: Vec<Rate> = foreign
        .filter(|c| *c != grand.currency)
        .filter_map(|c| {
            let rate = policies.rates.rate(c, query.view.as_of).ok()?;
            Some(Rate {
                from: c,
                rate: rate.value,
                day: rate.from,
                source: rate.source.clone(),
            })
        })
        .collect();
    (!rates.is_empty()).then_some(Reporting {
        currency: grand.currency,
        rates,
    })
}

fn filters(book: &Book, query: &AgingQuery) -> Vec<String> {
    let filter = &query.filter;
    let say = |what: &str, values: Vec<String>| {
        (!values.is_empty()).then(|| format!("{what}: {}", values.join(", ")))
    };
    let entity = |e: &u16| book.entities().get(usize::from(*e)).cloned();
    let customer = |c: &CustomerId| book.customer(*c).map(|c| c.number.clone());
    let codes = filter.currencies.iter().map(|c| c.code().to_owned());
    [
        say(
            "Entities",
            filter.entities.iter().filter_map(entity).collect(),
        ),
        say("Currencies", codes.collect()),
        say("Collectors", filter.collectors.clone()),
        say(
            "Customers",
            filter.customers.iter().filter_map(customer).collect(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// An amount of a currency.
pub(crate) fn money(minor: i64, currency: Currency) -> Cell<'static> {
    Cell::Money {
        minor,
        exponent: currency.exponent(),
    }
}

/// A money column whose currency stands in another column.
pub(crate) fn money_column(header: &str, currency_column: usize) -> Column {
    Column::new(header, Kind::Money(Unit::PerRow { currency_column }))
}

/// A day column's value.
fn date(days: i32) -> Cell<'static> {
    Cell::or_empty(duebook_ledger::items::day(days).map(Cell::Date))
}

/// `part` of `whole` with so many decimals, rounded down; nothing where the whole is nothing.
fn ratio(part: i128, whole: i128, decimals: u32) -> Cell<'static> {
    let scaled = part
        .checked_mul(10i128.pow(decimals.min(9)))
        .and_then(|p| p.checked_div(whole));
    let number = scaled.and_then(|n| Decimal::try_from_i128_with_scale(n, decimals.min(9)).ok());
    Cell::or_empty(number.map(Cell::Number))
}

/// Name of a customer as a view knows it.
fn facts_of<'a>(
    book: &'a Book,
    scan: &duebook_ledger::OpenScan<'_>,
    id: CustomerId,
) -> Option<&'a duebook_ledger::columns::StagedCustomer> {
    book.customer(id)?.facts.get(&|s| scan.is_live(s))
}
