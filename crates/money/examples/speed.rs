//! How long the hot parsers take per cell: `cargo run --release -p duebook-money --example speed`.

use duebook_money::amount::{StyleVotes, parse_plain};
use duebook_money::date::{DateOrder, OrderVotes, parse_iso_bytes, parse_with};
use duebook_money::{Day, NumberFormat, Style};
use std::hint::black_box;
use std::time::Instant;

const CELLS: usize = 1_000_000;
const BATCH: usize = 5_000;

/// The quickest of many short batches: what is left when nothing else had the processor.
fn time(name: &str, cells: &[String], mut one: impl FnMut(&[u8])) {
    let batch = |cells: &[String]| {
        let start = Instant::now();
        cells
            .iter()
            .for_each(|cell| one(black_box(cell.as_bytes())));
        start.elapsed().as_nanos()
    };
    let best = cells.chunks_exact(BATCH).map(batch).min().unwrap_or(0);
    println!("{name:<34} {} ps/cell", best * 1000 / BATCH as u128);
}

fn main() {
    let minor = |i: usize| (i as i128 * 7_919) % 90_000_000 - 1_000_000;
    let amounts = |format: NumberFormat| -> Vec<String> {
        (0..CELLS).map(|i| format.minor(minor(i), 2)).collect()
    };
    let dates = |write: fn(Day) -> String| -> Vec<String> {
        (0..CELLS)
            .map(|i| write(Day(18_000 + (i % 3000) as i32)))
            .collect()
    };
    let iso = dates(|d| d.to_string());
    let dotted = dates(|d| format!("{:02}.{:02}.{}", d.day_of_month(), d.month(), d.year()));
    let block = dates(|d| d.to_string().replace('-', ""));
    let (plain, western) = (
        amounts(NumberFormat::PLAIN),
        amounts(NumberFormat {
            minus: '-',
            ..NumberFormat::WESTERN
        }),
    );

    let mut sum = 0i64;
    time("parse_plain -1234.56", &plain, |c| {
        sum += parse_plain(c, 2, Style::POINT).unwrap_or(0)
    });
    time("parse_plain -1,234.56", &western, |c| {
        sum += parse_plain(c, 2, Style::POINT).unwrap_or(0)
    });
    let mut days = 0i64;
    time("parse_iso_bytes", &iso, |c| {
        days += parse_iso_bytes(c).map_or(0, |d| i64::from(d.0))
    });
    time("parse_with Dmy 02.03.2026", &dotted, |c| {
        days += parse_with(DateOrder::Dmy, c).map_or(0, |d| i64::from(d.0))
    });
    time("parse_with Ymd 20260302", &block, |c| {
        days += parse_with(DateOrder::Ymd, c).map_or(0, |d| i64::from(d.0))
    });
    let (mut styles, mut orders) = (StyleVotes::new(), OrderVotes::new());
    time("StyleVotes -1,234.56", &western, |c| styles.push(c));
    time("OrderVotes 02.03.2026", &dotted, |c| orders.push(c));
    println!("{:?} {:?} {sum} {days}", styles.finish(), orders.finish());
}
