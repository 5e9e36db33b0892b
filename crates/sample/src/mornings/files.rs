//! A morning's files, and how their cells are written.

use super::bank::{self, AccountTruth};
use super::world::World;
use super::{Shape, Snapshot, cleared, netsuite, oracle, sap};
use duebook_money::{Currency, Day, Grouping, NumberFormat};
use std::collections::BTreeMap;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileRole {
    /// Open items as of the morning.
    OpenItems,
    /// Receipts of the evening before, one row per invoice paid.
    Payments,
    /// Cleared items with clearing date and document.
    ClearedItems,
    /// Customers with terms, collector, phone and mailbox.
    Customers,
    /// Bank statement: CSV with a running balance.
    BankCsv,
    /// The same as camt.053.
    BankCamt,
}

/// A file with its control totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MorningFile {
    /// File name.
    pub name: String,
    /// What it is.
    pub role: FileRole,
    /// Its bytes, UTF-8.
    pub bytes: Vec<u8>,
    /// Rows of data: titles, headers and totals are none.
    pub rows: u64,
    /// Control totals per currency, minor units: open amounts; payments; original amounts of cleared
    /// items; credits less debits of the bank. Empty for customers.
    pub totals: BTreeMap<Currency, i64>,
}

/// A cell of a delimited file.
pub(crate) fn cell(text: &str, delimiter: char) -> String {
    if text.contains([delimiter, '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// `-1234.50`.
pub(crate) fn iso_amount(minor: i64, currency: Currency) -> String {
    NumberFormat::PLAIN.minor(i128::from(minor), currency.exponent())
}

/// `1.234,50-`.
pub(crate) fn sap_amount(minor: i64, currency: Currency) -> String {
    const MARKS: NumberFormat = NumberFormat {
        grouping: Grouping::Western,
        group_mark: '.',
        decimal_mark: ',',
        minus: '-',
    };
    let digits = MARKS.minor(i128::from(minor.unsigned_abs()), currency.exponent());
    format!("{digits}{}", if minor < 0 { '-' } else { ' ' })
}

/// A day as the system writes it.
pub(crate) fn date(shape: Shape, day: Day) -> String {
    const MONTHS: [&str; 12] = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ];
    let (y, m, d) = day.ymd();
    match shape {
        Shape::Sap => format!("{d:02}.{m:02}.{y:04}"),
        Shape::Oracle => format!("{d:02}-{}-{y:04}", MONTHS[usize::from(m - 1)]),
        Shape::NetSuite => format!("{m}/{d}/{y:04}"),
    }
}

fn named(shape: Shape, what: [&str; 3], day: Day, ending: &str) -> String {
    let (y, m, d) = day.ymd();
    match shape {
        Shape::Sap => format!("{}_{y:04}{m:02}{d:02}.{ending}", what[0]),
        Shape::Oracle => format!("{}_{y:04}-{m:02}-{d:02}.{ending}", what[1]),
        Shape::NetSuite => format!("{}{y:04}-{m:02}-{d:02}.{ending}", what[2]),
    }
}

/// The export of open items of any snapshot: also of a spoilt one.
pub(crate) fn open_items(shape: Shape, snapshot: &Snapshot) -> MorningFile {
    let (text, ending) = match shape {
        Shape::Sap => (sap::open_items(snapshot), "txt"),
        Shape::Oracle => (oracle::open_items(snapshot), "csv"),
        Shape::NetSuite => (netsuite::open_items(snapshot), "csv"),
    };
    let what = ["FBL5N_open", "AR_PAYMENT_SCHEDULES", "OpenTransactions"];
    MorningFile {
        name: named(shape, what, snapshot.day, ending),
        role: FileRole::OpenItems,
        bytes: text.into_bytes(),
        rows: snapshot.items.len() as u64,
        totals: snapshot.totals(),
    }
}

/// All files of the morning the world stands on.
pub(crate) fn of(world: &World, now: &Snapshot, bank: &[AccountTruth]) -> Vec<MorningFile> {
    let mut files = vec![open_items(world.shape, now)];
    if matches!(world.morning, 2 | 4 | 5) && world.shape != Shape::Sap {
        files.push(payments(world, now.day));
    }
    if let Some(file) = cleared_items(world, now.day) {
        files.push(file);
    }
    if matches!(world.morning, 1 | 4) {
        files.push(customers(world, now.day));
    }
    if !bank.is_empty() {
        files.extend(bank_files(bank, now.day));
    }
    files
}

fn payments(world: &World, day: Day) -> MorningFile {
    let mut totals = BTreeMap::new();
    let mut rows = 0;
    for payment in &world.payments {
        let currency = world.debtors[payment.debtor].currency;
        *totals.entry(currency).or_default() += payment.amount;
        let applied: i64 = payment.applied.iter().map(|(_, a)| a).sum();
        rows += payment.applied.len() as u64 + u64::from(applied != payment.amount);
    }
    let text = match world.shape {
        Shape::NetSuite => netsuite::payments(world),
        _ => oracle::payments(world),
    };
    let what = ["", "AR_RECEIPTS", "CustomerPayments"];
    MorningFile {
        name: named(world.shape, what, day, "csv"),
        role: FileRole::Payments,
        bytes: text.into_bytes(),
        rows,
        totals,
    }
}

/// What closed and is told on this morning by a list of cleared items. SAP has one whenever it has a
/// payments file elsewhere; the others send one on the fifth morning only.
fn cleared_items(world: &World, day: Day) -> Option<MorningFile> {
    let now = world.morning;
    let sap = world.shape == Shape::Sap;
    if !(now == 5 || sap && matches!(now, 2 | 4)) {
        return None;
    }
    let mut rows: Vec<_> = (world.closings.iter())
        .filter(|c| {
            let listed = world.told_on(c) == Some(now);
            // The others' receipts have been told by the payments file.
            listed && (sap || c.event.is_some())
        })
        .collect();
    rows.sort_by_key(|c| (world.docs[c.doc].debtor, c.doc));
    let mut totals = BTreeMap::new();
    for row in &rows {
        let doc = &world.docs[row.doc];
        let currency = world.debtors[doc.debtor].currency;
        *totals.entry(currency).or_default() += doc.amount;
    }
    let what = ["FBL5N_cleared", "AR_CLOSED_SCHEDULES", "ClosedTransactions"];
    Some(MorningFile {
        name: named(world.shape, what, day, if sap { "txt" } else { "csv" }),
        role: FileRole::ClearedItems,
        bytes: cleared::text(world, &rows, day).into_bytes(),
        rows: rows.len() as u64,
        totals,
    })
}

fn customers(world: &World, day: Day) -> MorningFile {
    let (head, mark) = match world.shape {
        Shape::Sap => (
            "Customer;Name 1;Country;Company Code;Currency;Terms of payment;Acctg clerk;Telephone 1;E-Mail Address",
            ';',
        ),
        Shape::Oracle => (
            "ACCOUNT_NUMBER,CUSTOMER_NAME,COUNTRY,OPERATING_UNIT,CURRENCY_CODE,PAYMENT_TERMS,COLLECTOR_NAME,PHONE_NUMBER,EMAIL_ADDRESS",
            ',',
        ),
        Shape::NetSuite => (
            "Customer ID,Company Name,Country,Subsidiary,Currency,Terms,Collector,Phone,Email",
            ',',
        ),
    };
    let mut text = format!("{head}\r\n");
    let active = world.debtors.iter().filter(|d| d.active);
    let mut rows = 0;
    for (at, d) in active.enumerate() {
        rows += 1;
        let cells = [
            &*d.number,
            &d.name,
            d.country,
            d.entity,
            d.currency.code(),
            d.terms,
            d.collector,
            // Numbers kept for films.
            &format!("+1 312 555 {:04}", 100 + at % 100),
            &format!("ap{at}@customer.example"),
        ]
        .map(|c| cell(c, mark));
        text.push_str(&cells.join(&mark.to_string()));
        text.push_str("\r\n");
    }
    let what = ["Customers", "HZ_CUST_ACCOUNTS", "Customers"];
    MorningFile {
        name: named(world.shape, what, day, "csv"),
        role: FileRole::Customers,
        bytes: text.into_bytes(),
        rows,
        totals: BTreeMap::new(),
    }
}

fn bank_files(accounts: &[AccountTruth], day: Day) -> [MorningFile; 2] {
    let rows = accounts.iter().map(|a| a.lines.len() as u64).sum();
    let totals: BTreeMap<Currency, i64> = accounts
        .iter()
        .map(|a| (a.currency, a.closing - a.opening))
        .collect();
    let file = |role, ending, text: String| MorningFile {
        name: format!("bank-statement_{day}.{ending}"),
        role,
        bytes: text.into_bytes(),
        rows,
        totals: totals.clone(),
    };
    [
        file(FileRole::BankCsv, "csv", bank::csv(accounts)),
        file(FileRole::BankCamt, "xml", bank::camt(accounts, day)),
    ]
}
