//! The second morning beside the first: a whole list of the NetSuite shape joined with the book of
//! yesterday, natively. The promise is less than twice the time of the first import (issue 3).

use std::time::{Duration, Instant};

use duebook_exchange::read::{Bytes, Options, Staged};
use duebook_ledger::Book;
use duebook_ledger::facts::{Confirmed, ImportFacts, ImportKind, Scope};
use duebook_money::Day;
use duebook_sample::mornings::{FileRole, Mornings, Plan, Shape};

use crate::engine::{self, Encoded};
use crate::shell::{Failure, Outcome};

/// What a morning took, step by step, and in all.
struct Morning {
    steps: Vec<(&'static str, Duration)>,
}

impl Morning {
    fn time<T>(&mut self, what: &'static str, run: impl FnOnce() -> T) -> T {
        let from = Instant::now();
        let out = run();
        self.steps.push((what, from.elapsed()));
        out
    }
    fn all(&self) -> Duration {
        self.steps.iter().map(|(_, took)| *took).sum()
    }
}

/// Times both mornings `rounds` times and shows the median round of each.
pub fn run(items: u64, seed: u64, start: Day, rounds: usize) -> Outcome<String> {
    let items = usize::try_from(items).map_err(|_| Failure("too many items".to_owned()))?;
    let plan = Plan::new(Shape::NetSuite, seed, start).sized(items);
    let files: Vec<(Day, Vec<u8>, String)> = Mornings::new(&plan)
        .take(2)
        .filter_map(|m| {
            let file = m.file(FileRole::OpenItems)?.clone();
            Some((m.day, file.bytes, file.name))
        })
        .collect();
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let mut found = String::new();
    for _ in 0..rounds.max(1) {
        let mut book = engine::begun(start)?;
        for (number, (day, bytes, name)) in files.iter().enumerate() {
            let mut morning = Morning { steps: Vec::new() };
            let told = take(&mut book, &mut morning, *day, name, bytes)?;
            match number {
                0 => first.push(morning),
                _ => {
                    second.push(morning);
                    found = told;
                }
            }
        }
        let violations = book.violations();
        if !violations.is_empty() {
            return Err(Failure(format!("{violations:?}")));
        }
    }
    Ok(table(items, &mut first, &mut second, &found))
}

/// A whole list as the app takes it: staged, encoded, joined, what is new encoded alone, applied.
fn take(
    book: &mut Book,
    morning: &mut Morning,
    day: Day,
    name: &str,
    bytes: &[u8],
) -> Outcome<String> {
    let input = Bytes { name, bytes };
    let staged = morning.time("stage", || engine::staged(&input, &Options::default()));
    let staged: Staged = staged.map_err(|e| Failure(e.to_string()))?;
    let items = &staged.batch.items;
    let encoded = morning.time("encode", || Encoded::of(items));
    let bulk = morning.time("decode", || encoded.decode())?;
    let facts = ImportFacts {
        scope: Scope::Everything,
        // A list of so many items always has customers who owe nothing any more.
        confirmed: vec![Confirmed::WholeList],
        ..engine::facts(ImportKind::OpenItems, name, day)
    };
    if book.items().is_empty() {
        morning.time("decide and apply", || {
            engine::import(book, facts, items, &encoded, bulk)
        })?;
        return Ok(String::new());
    }
    morning.time("index", || book.index_all());
    let join = morning.time("join", || engine::join(book, &facts, &encoded, &bulk));
    let found = format!(
        "{} new, {} as they were, {} changed, {} absent",
        join.new, join.same, join.changed, join.absent
    );
    let rest = morning.time("encode what is new", || {
        Encoded::of(&engine::only_new(items, &join))
    });
    let bulk = morning.time("decode what is new", || rest.decode())?;
    let totals = duebook_ledger::import::totals(&items.segments);
    morning.time("decide and apply", || {
        engine::import_joined(book, facts, &rest, totals, join, bulk)
    })?;
    Ok(found)
}

fn table(items: usize, first: &mut [Morning], second: &mut [Morning], found: &str) -> String {
    let mut out = format!("\n{items} items, the second morning beside the first: {found}\n");
    let mut totals = Vec::new();
    for (label, rounds) in [("first import", first), ("refresh", second)] {
        rounds.sort_by_key(Morning::all);
        let Some(median) = rounds.get(rounds.len() / 2) else {
            continue;
        };
        let steps: Vec<String> = (median.steps.iter())
            .map(|(what, took)| format!("{what} {}", millis(*took)))
            .collect();
        let all = millis(median.all());
        out.push_str(&format!(
            "  {label:<14} {all:>9}   ({})\n",
            steps.join(", ")
        ));
        totals.push(median.all().as_micros().max(1));
    }
    if let [first, second] = totals[..] {
        let per_cent = second * 100 / first;
        out.push_str(&format!("  refresh / first import: {per_cent} %\n"));
    }
    out
}

fn millis(took: Duration) -> String {
    let micros = took.as_micros();
    format!("{}.{:02}", micros / 1000, micros % 1000 / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_mornings_are_measured_and_right() {
        let table = run(400, 7, Day::EPOCH.plus(20_000), 1).expect("measured");
        assert!(table.contains("as they were"), "{table}");
        assert!(table.contains("refresh / first import"), "{table}");
    }
}
