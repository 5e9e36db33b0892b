//! The files of open items and their truth.

use duebook_money::{Currency, Day};
use duebook_sample::{Dialect, csv, truth};
use std::collections::BTreeMap;

fn today() -> Day {
    Day::from_ymd(2026, 11, 18).expect("a date")
}

/// A naive reader: cells of a line, quotes taken off.
fn cells(line: &str, delimiter: char) -> Vec<String> {
    let (mut out, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.trim_end_matches(['\r', '\n']).chars() {
        match c {
            '"' => quoted = !quoted,
            c if c == delimiter && !quoted => out.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    out.push(cell);
    out
}

/// Digits and a minus anywhere; the exponent is the currency's.
fn minor(text: &str) -> i64 {
    let digits: i64 = text
        .chars()
        .filter(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap_or(0);
    if text.contains('-') { -digits } else { digits }
}

fn rows(dialect: Dialect, lines: &[String]) -> Vec<(Currency, i64)> {
    let usd = Currency::USD;
    let code = |c: &str| Currency::from_code(c).unwrap_or(Currency::XXX);
    let of = |line: &String| match dialect {
        Dialect::Plain => {
            let c = cells(line, ',');
            (c.len() == 14 && c[0] != "company_code").then(|| (code(&c[8]), minor(&c[10])))
        }
        Dialect::German => {
            let c = cells(line, ';');
            (c.len() == 14 && c[0] != "Buchungskreis").then(|| (code(&c[8]), minor(&c[10])))
        }
        Dialect::Sap => {
            let c = cells(line, '|');
            let is_item = c.len() > 8 && c[1].trim().is_empty() && c[2].starts_with('9');
            is_item.then(|| (code(&c[7]), minor(&c[6])))
        }
        Dialect::QuickBooks => {
            let c = cells(line, ',');
            let is_item = c.len() == 8 && c[0].is_empty() && c[3].starts_with('9');
            is_item.then(|| (usd, minor(&c[7])))
        }
    };
    lines.iter().filter_map(of).collect()
}

#[test]
fn ag_24_every_dialect_holds_what_its_truth_says() {
    for dialect in Dialect::ALL {
        for n in [0, 1, 10, 700] {
            let lines: Vec<String> = csv(5, n, today(), dialect).collect();
            let truth = truth(5, n, today(), dialect);
            let found = rows(dialect, &lines);
            let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
            found
                .iter()
                .for_each(|(c, open)| *sums.entry(*c).or_default() += open);
            assert_eq!(found.len() as u64, n, "{dialect:?}");
            assert_eq!(truth.rows, n);
            assert_eq!(sums, truth.open, "{dialect:?} {n}");
            let mut buckets: BTreeMap<Currency, i64> = BTreeMap::new();
            truth
                .buckets
                .iter()
                .for_each(|((c, _), open)| *buckets.entry(*c).or_default() += open);
            assert_eq!(buckets, truth.open);
            assert_eq!(lines, csv(5, n, today(), dialect).collect::<Vec<_>>());
        }
    }
}

#[test]
fn subtotals_and_totals_sum() {
    let lines: Vec<String> = csv(5, 400, today(), Dialect::Sap).collect();
    let truth = truth(5, 400, today(), Dialect::Sap);
    let marked = |mark: &str| -> i64 {
        let cells = lines
            .iter()
            .map(|l| cells(l, '|'))
            .filter(|c| c.len() > 8 && c[1].trim() == mark);
        cells.map(|c| minor(&c[6])).sum()
    };
    let all: i64 = truth.open.values().sum();
    assert_eq!((marked("*"), marked("**")), (all, all));
    let widths: std::collections::BTreeSet<usize> = lines
        .iter()
        .filter(|l| l.starts_with('|'))
        .map(|l| l.chars().count())
        .collect();
    assert_eq!(widths.len(), 1, "{widths:?}");
    let quick: Vec<String> = csv(5, 400, today(), Dialect::QuickBooks).collect();
    let total = cells(quick.last().expect("lines"), ',');
    assert_eq!(total[0], "TOTAL");
    let truth = duebook_sample::truth(5, 400, today(), Dialect::QuickBooks);
    assert_eq!(minor(&total[7]), truth.open[&Currency::USD]);
}

#[test]
fn the_german_file_is_windows_1252() {
    let lines: Vec<String> = csv(5, 300, today(), Dialect::German).collect();
    let bytes: Vec<u8> = lines
        .iter()
        .flat_map(|l| Dialect::German.bytes(l))
        .collect();
    assert!(std::str::from_utf8(&bytes).is_err());
    assert!(bytes.windows(15).any(|w| w == b"Nettof\xe4lligkeit"));
    assert!(
        !bytes.contains(&b'?'),
        "a character that Windows-1252 lacks"
    );
    assert!(lines.iter().all(|l| l.ends_with("\r\n")));
}
