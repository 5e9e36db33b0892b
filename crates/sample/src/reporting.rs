//! What reporting needs beside the items: sales per month, targets, and the forecast of every week.

use crate::life::{DATA_DESK, customer_key};
use crate::portfolio::{Ask, Builder, SOURCE};
use duebook_insight::risk::{History, frozen};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::{ControlTotals, ImportFacts, ImportKind};
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::reporting::{ReportingCommand, SalesRow};
use duebook_ledger::{Command, View};
use duebook_money::{Currency, Day};
use duebook_policy::ReportingPolicy;
use std::collections::BTreeMap;

/// Targets of the desk: definition, hundredths of its unit.
const TARGETS: [(&str, i64); 5] = [
    ("KP-20", 5_500),
    ("KP-32", 7_000),
    ("KP-05", 3_000),
    ("KP-08/90", 1_000),
    ("RA-1", 10_000),
];

/// Weeks before the last evening whose forecast was frozen.
const FORECASTS: i32 = 10;

/// On a Friday evening of the last weeks: the cash forecast, as known after that evening's files.
pub(crate) fn freeze(b: &mut Builder, (day, last): (Day, Day), minute: i32) {
    let friday = day.weekday().index() == 4;
    if !friday || day == last || last.since(day) > 7 * FORECASTS {
        return;
    }
    let mut book = b.book.clone();
    book.index_customers();
    let known = book.head();
    let view = View {
        as_of: day,
        known: Some(known),
    };
    let forecast = frozen(&book, day, known, &History::of(&book, view));
    if forecast.currencies.is_empty() {
        return;
    }
    // Chance of its own: the days after are as they would be without it.
    let own = b.rng.part(day.0.unsigned_abs().into());
    let days = std::mem::replace(&mut b.rng, own);
    let command = Command::Reporting(ReportingCommand::FreezeForecast(forecast));
    b.ask(Ask::new(day, minute, DATA_DESK, command));
    b.rng = days;
}

/// The last evening: sales of every month so far, and the targets.
pub(crate) fn finish(b: &mut Builder, day: Day, minute: i32) {
    let rows = sales(b, day);
    let mut totals = ControlTotals {
        count: rows.len() as u64,
        ..ControlTotals::default()
    };
    let mut sums: BTreeMap<&'static str, (Currency, i64)> = BTreeMap::new();
    for row in &rows {
        sums.entry(row.currency.code())
            .or_insert((row.currency, 0))
            .1 += row.minor;
    }
    totals.sums = sums.into_values().collect();
    let mut facts = ImportFacts::new(ImportKind::Sales, SOURCE, "sales-per-month.csv", day);
    facts.totals = totals;
    if !rows.is_empty() {
        let command = Command::Reporting(ReportingCommand::ImportSales { facts, rows });
        b.ask(Ask::new(day, minute, DATA_DESK, command));
    }
    let mut policy = ReportingPolicy::default();
    for (definition, hundredths) in TARGETS {
        policy.set_target(definition, "", Some(hundredths));
    }
    let command = Command::SetPolicy(PolicyChange::Reporting(policy));
    b.ask(Ask::new(day, minute + 2, DATA_DESK, command));
}

/// Invoices less credit memos by customer and month, as the ERP billed them.
fn sales(b: &Builder, day: Day) -> Vec<SalesRow> {
    let mut sums: BTreeMap<(usize, Day), i64> = BTreeMap::new();
    for doc in b.erp.docs.iter().filter(|d| d.born && d.date <= day) {
        if !matches!(doc.kind, ItemKind::Receipt | ItemKind::OnAccount) {
            *sums
                .entry((doc.client, doc.date.month_start()))
                .or_default() += doc.amount;
        }
    }
    let row = |((client, month), minor): ((usize, Day), i64)| {
        let client = &b.clients[client];
        SalesRow {
            customer: customer_key(client).number,
            month,
            currency: client.currency,
            minor,
        }
    };
    sums.into_iter().map(row).collect()
}
