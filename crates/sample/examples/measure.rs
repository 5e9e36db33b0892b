//! How long the sample takes to make, and how fast the files stream:
//! `cargo run --release -p duebook-sample --example measure [ROWS]`.

use duebook_money::Day;
use duebook_sample::{Dialect, csv, portfolio, truth};
use std::time::Instant;

fn main() {
    let today = Day::from_ymd(2026, 11, 18).unwrap_or(Day::EPOCH);
    let rows = std::env::args()
        .nth(1)
        .and_then(|a| a.parse().ok())
        .unwrap_or(1_000_000);
    for _ in 0..3 {
        let begin = Instant::now();
        let p = portfolio(7, today, 320);
        println!(
            "portfolio: {} steps in {:?}",
            p.steps.len(),
            begin.elapsed()
        );
    }
    for dialect in Dialect::ALL {
        let begin = Instant::now();
        let bytes: usize = csv(7, rows, today, dialect)
            .map(|l| dialect.bytes(&l).len())
            .sum();
        println!(
            "{dialect:?}: {rows} rows, {bytes} bytes in {:?}",
            begin.elapsed()
        );
    }
    let begin = Instant::now();
    let truth = truth(7, rows, today, Dialect::Plain);
    println!(
        "truth: {} rows, {} customers in {:?}",
        truth.rows,
        truth.customers,
        begin.elapsed()
    );
}
