//! How long a workbook takes: `cargo run --release -p duebook-exchange --example write [ROWS]
//! [LEVEL] [FILE]`. 19 columns as a ledger export has them, made up from the row number.

use core::ops::ControlFlow;
use duebook_exchange::write::{csv, xlsx};
use duebook_money::Day;
use duebook_sheet::{Cell, Column, Kind, Sheet, Unit, Workbook};
use std::time::Instant;

/// A number that looks random, from the row and the column.
fn noise(row: usize, column: usize) -> u64 {
    let mut x = (row as u64) << 5 | column as u64;
    for _ in 0..2 {
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    }
    x ^ (x >> 31)
}

fn pick<'a>(row: usize, column: usize, words: &[&'a str]) -> Cell<'a> {
    Cell::text(words[noise(row, column) as usize % words.len()])
}

fn cell(row: usize, column: usize) -> Cell<'static> {
    let customer = noise(row, 0) % 4_000;
    let day = |n: u64| Cell::Date(Day(20_000 + (n % 700) as i32));
    let yen = noise(row, 9) % 4 == 3;
    let money = |column| Cell::Money {
        minor: (noise(row, column) % 5_000_000) as i64 - 100_000,
        exponent: if yen { 0 } else { 2 },
    };
    match column {
        0 => Cell::text(format!("Co{:02}", customer % 3)),
        1 => Cell::text(format!("C{customer:06}")),
        2 => Cell::text(format!("Customer {customer} Handels GmbH & Co. KG")),
        3 => pick(row, 3, &["DE", "FR", "IN", "US", "GB", "JP"]),
        4 => pick(row, 4, &["SME", "Enterprise", "Public"]),
        5 => Cell::text(format!("INV-{row:08}")),
        6 => pick(row, 6, &["INV", "INV", "INV", "CRN"]),
        7 => day(noise(row, 7)),
        8 => day(noise(row, 7) + 30),
        9 => Cell::text(["EUR", "USD", "GBP", "JPY"][(noise(row, 9) % 4) as usize]),
        10 => money(10),
        11 => money(11),
        12 => Cell::text(format!("PO{}", noise(row, 12) % 1_000_000)),
        13 => pick(row, 13, &["NET30", "NET45", "NET60", "2/10 NET30"]),
        14 => pick(row, 14, &["OPEN", "PARTIAL", "DISPUTED", "PROMISED"]),
        15 => pick(row, 15, &["", "", "", "PRICE", "QTY"]),
        16 if noise(row, 16).is_multiple_of(5) => day(noise(row, 7) + 15),
        17 => Cell::text(format!("collector{}", noise(row, 17) % 25)),
        18 if noise(row, 18).is_multiple_of(4) => {
            Cell::text(format!("Delivery {}", noise(row, 18) % 100_000))
        }
        _ => Cell::Empty,
    }
}

fn sheet(rows: usize) -> Sheet<'static> {
    let kinds = (0..19).map(|column| match column {
        7 | 8 | 16 => Kind::Date,
        10 | 11 => Kind::Money(Unit::PerRow { currency_column: 9 }),
        _ => Kind::Text,
    });
    let columns = kinds.enumerate().map(|(i, kind)| {
        let column = Column::new(format!("column {i}"), kind);
        if i == 11 { column.sum() } else { column }
    });
    Sheet::new("Items", columns.collect(), rows, cell)
}

/// The most memory the process had, where the system says.
fn peak() -> String {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
            Some(line.trim_start_matches("VmHWM:").trim().to_owned())
        })
        .unwrap_or_else(|| "unknown".to_owned())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let rows = args.next().map_or(Ok(100_000), |rows| rows.parse())?;
    let mut options = xlsx::Options::default();
    if let Some(level) = args.next() {
        options.compression = level.parse()?;
    }
    let file = args.next();

    let started = Instant::now();
    let mut out = Vec::new();
    csv::write(
        &sheet(rows),
        &csv::Options::default(),
        &mut out,
        &mut |_| ControlFlow::Continue(()),
    )?;
    println!(
        "csv   {rows} rows  {:?}  {} bytes",
        started.elapsed(),
        out.len()
    );
    drop(out);

    let book = Workbook::bare("Items", vec![sheet(rows)]);
    let started = Instant::now();
    let mut out = Vec::new();
    xlsx::write(
        &book,
        &options,
        &mut out,
        &mut |_| ControlFlow::Continue(()),
    )?;
    println!(
        "xlsx  {rows} rows  {:?}  {} bytes  level {}  peak {}",
        started.elapsed(),
        out.len(),
        options.compression,
        peak()
    );
    if let Some(file) = file {
        std::fs::write(file, out)?;
    }
    Ok(())
}
