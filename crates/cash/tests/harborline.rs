//! Lockbox stubs, a short-pay e-mail and an 820 with the expected application: ../shared, where present.

use std::collections::BTreeMap;
use std::path::PathBuf;

use duebook_cash::*;
use duebook_ledger::{CustomerId, ItemId};
use duebook_money::amount::{Style, parse_plain};
use duebook_money::{Currency, Day, date};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/cashapp_harborline"
    ))
}

fn cents(text: &str) -> i64 {
    let plain: String = text.chars().filter(|c| !matches!(c, '$' | ',')).collect();
    parse_plain(plain.as_bytes(), 2, Style::POINT).expect("an amount")
}

fn day(text: &str) -> Day {
    date::parse_iso_bytes(text.as_bytes()).expect("a day")
}

struct World {
    index: OpenIndex,
    numbers: Vec<String>,
}

fn world() -> World {
    let rows = |name: &str| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_path(folder().join(name)).expect("a file");
        let rows = reader.records().map(|r| r.expect("a row"));
        rows.map(|r| r.iter().map(str::to_owned).collect())
            .collect()
    };
    let mut builder = IndexBuilder::new();
    let mut customers = BTreeMap::new();
    for (n, row) in rows("customers.csv").iter().enumerate() {
        let id = CustomerId(n as u32);
        builder.customer(id, &row[0], &row[1], None);
        for alias in row[2].split(';') {
            builder.alias(&Alias {
                kind: AliasKind::Name,
                text: alias.to_owned(),
                customer: id,
            });
        }
        customers.insert(row[0].clone(), id);
    }
    let mut numbers = Vec::new();
    for (n, row) in rows("open_invoices.csv").iter().enumerate() {
        numbers.push(row[0].clone());
        let open = if row[6] == "open" { cents(&row[5]) } else { 0 };
        let item = OpenItem::of(
            ItemId::new(0, n),
            customers[&row[1]],
            Currency::USD,
            &row[0],
            open,
        );
        builder.item(&OpenItem {
            po: &row[2],
            doc_date: day(&row[3]).0,
            due: day(&row[4]).0,
            ..item
        });
    }
    World {
        index: builder.finish(),
        numbers,
    }
}

/// A stub as the app reads a pasted advice, and the payment that the bank shows beside it. The words
/// for the bank are the payer's, as a lockbox takes them over.
fn stub(text: &str) -> Receipt {
    let read = duebook_bank::advice::read(text, Some(Currency::USD)).remittance;
    let total = read.total.expect("what is paid in all").minor;
    let minor = |m: Option<duebook_money::Money>| m.map(|m| m.minor);
    let lines = read.lines.iter().map(|l| RemittanceLine {
        reference: l.reference.clone(),
        gross: minor(l.gross),
        discount: minor(l.discount).unwrap_or(0),
        adjustment: (l.adjustments.iter()).fold(minor(l.withheld).unwrap_or(0), |sum, a| {
            sum - a.amount.minor
        }),
        paid: minor(l.paid),
        note: l.text.clone(),
    });
    let advice = Advice {
        payer: read.payer.name.clone().unwrap_or_default(),
        reference: read.trace.unwrap_or_default(),
        currency: read.currency,
        amount: Some(total),
        day: read.date,
        lines: lines.collect(),
    };
    let notes: Vec<&str> = text
        .lines()
        .filter(|l| l.starts_with("Memo:") || l.starts_with("Deduction:"))
        .collect();
    let mut receipts = [Receipt {
        payer_name: advice.payer.clone(),
        customer_ref: read.payer.id.unwrap_or_default(),
        text: notes.join("\n"),
        ..Receipt::of(total, Currency::USD, day("2026-09-18"))
    }];
    assert_eq!(attach(&mut receipts, &[advice]), [Some(0)], "{text}");
    let [receipt] = receipts;
    receipt
}

/// The file of the 820 is not among the samples: what it must say follows from the expected lines.
fn edi() -> Receipt {
    let line = |reference: &str, paid: i64| RemittanceLine {
        reference: reference.to_owned(),
        gross: Some(paid),
        paid: Some(paid),
        ..RemittanceLine::default()
    };
    Receipt {
        payer_name: "VERTEX MANUFACTURING".to_owned(),
        lines: vec![line("INV-10530", 890_000), line("INV-10531", 215_000)],
        ..Receipt::of(1_105_000, Currency::USD, day("2026-09-18"))
    }
}

#[test]
fn ca_01_harborline_stubs_are_applied_as_expected() {
    let Ok(expected) = std::fs::read(folder().join("expected.json")) else {
        println!("skipped: ../shared absent");
        return;
    };
    let expected: Value = serde_json::from_slice(&expected).expect("json");
    let world = world();
    for (name, case) in expected.as_object().expect("cases") {
        let path = folder().join(format!("{name}.txt"));
        let receipt = std::fs::read_to_string(path).map_or_else(|_| edi(), |text| stub(&text));
        let proposals = match_all(&world.index, &[receipt], &MatchPolicy::default());
        let proposal = &proposals[0];
        let want = &case["expected"];
        let lines: Vec<(String, i64)> = proposal
            .lines
            .iter()
            .map(|l| (world.numbers[l.item.row()].clone(), l.amount))
            .collect();
        let wanted: Vec<(String, i64)> = want["lines"]
            .as_array()
            .expect("lines")
            .iter()
            .map(|l| {
                (
                    l[0].as_str().unwrap_or("").to_owned(),
                    cents(l[1].as_str().unwrap_or("")),
                )
            })
            .collect();
        assert_eq!(lines, wanted, "{name}: {proposal:?}");
        let unapplied = want["unapplied"].as_str().map_or(0, cents);
        assert_eq!(proposal.rest.total(), unapplied, "{name}: {proposal:?}");
        assert!(proposal.sums(), "CA-01");
        assert_eq!(
            proposal.is_auto(),
            want["queue"] == "ready",
            "{name}: {proposal:?}"
        );
        if let Some(short) = want["short_fall"].as_str() {
            let differences = &proposal.lines[0].differences;
            assert_eq!(differences[0].amount, cents(short), "{name}");
            assert_eq!(differences[0].kind, DifferenceKind::Deduction, "{name}");
            assert_eq!(differences[0].kind.treatment(), Treatment::OpenCase);
        }
    }
}
