//! How fast the engine is natively, and the built page in Chromium beside a loop written by hand.
//! Measures and prints; nothing fails for being slow, only for being wrong.

mod rank;
mod refresh;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use duebook_exchange::read::Options;
use duebook_insight::{AgingQuery, aging};
use duebook_ledger::columns::SEGMENT_ROWS;
use duebook_ledger::event::SettlementFact;
use duebook_ledger::facts::{Cause, ImportKind, Standing};
use duebook_ledger::import::Bulk;
use duebook_ledger::{Book, Command, Event, ItemId, Seq, SettlementId, View};
use duebook_money::Day;
use duebook_sample::rng::Rng;
use duebook_sample::{Dialect, csv, truth};

use super::build::{self, Profile};
use super::setup;
use crate::engine::{self, Encoded, OnDisk};
use crate::repo;
use crate::shell::{self, Failure, Outcome, fail, flag, option, say};

/// The same rows for everybody.
const SEED: u64 = 7;
/// [`as_of`] as it is written.
const AS_OF: &str = "2026-03-31";
/// Looking back: today, and before most and before all of the settlements.
const BACK: [i32; 3] = [0, 60, 200];

/// `cargo xtask bench`
pub fn run(args: &[String]) -> Outcome {
    if args.first().is_some_and(|arg| arg == "cash") {
        return super::bench_cash::run(&args[1..]);
    }
    if args.first().is_some_and(|arg| arg == "peers") {
        return super::bench_peers::run(&args[1..]);
    }
    let sizes = sizes(option(args, "--sizes").unwrap_or("10k,100k,1m"))?;
    let rounds = option(args, "--rounds").unwrap_or("5").parse();
    let rounds: usize = rounds.map_err(|_| Failure("--rounds needs a number".to_owned()))?;
    let as_of = as_of();
    let mut files = Vec::new();
    for rows in sizes {
        files.push((rows, file(rows, as_of)?));
    }
    if !flag(args, "--page") {
        say(format!("native, median of {rounds}, milliseconds"));
        if cfg!(debug_assertions) {
            println!("this xtask is not optimised: use `cargo xtask bench`");
        }
        for (rows, path) in &files {
            print!("{}", native(*rows, path, as_of, rounds)?);
            print!("{}", refresh::run(*rows, SEED, as_of, rounds)?);
        }
    }
    if !flag(args, "--native") {
        page(args, &files, rounds)?;
    }
    Ok(())
}

/// The day the files are of.
pub fn as_of() -> Day {
    duebook_money::date::parse_iso_bytes(AS_OF.as_bytes()).unwrap_or(Day::EPOCH)
}

/// Row counts such as `10k,1m`.
pub fn sizes(text: &str) -> Outcome<Vec<u64>> {
    let size = |part: &str| {
        let lower = part.trim().to_ascii_lowercase();
        let (digits, unit) = match lower.as_bytes().last() {
            Some(b'k') => (&lower[..lower.len() - 1], 1_000),
            Some(b'm') => (&lower[..lower.len() - 1], 1_000_000),
            _ => (&lower[..], 1),
        };
        let number: Option<u64> = digits.parse().ok();
        number
            .map(|n| n * unit)
            .filter(|n| *n > 0)
            .ok_or_else(|| Failure(format!("`{part}` is not a size such as 10k or 1m")))
    };
    text.split(',').map(size).collect()
}

/// A file of open items of the seeded generator, made once.
pub fn file(rows: u64, as_of: Day) -> Outcome<PathBuf> {
    let folder = repo::root().join("target/bench");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("items-{rows}.csv"));
    if path.is_file() {
        return Ok(path);
    }
    // Renamed when whole: a broken-off run leaves no half file.
    let part = path.with_extension("part");
    let mut out = BufWriter::new(File::create(&part)?);
    for line in csv(SEED, rows, as_of, Dialect::Plain) {
        out.write_all(line.as_bytes())?;
    }
    out.into_inner()
        .map_err(|e| Failure(e.to_string()))?
        .sync_all()?;
    fs::rename(&part, &path)?;
    Ok(path)
}

/// What was timed, and each round's time.
#[derive(Default)]
struct Times(Vec<(String, Vec<Duration>)>);

impl Times {
    fn time<T>(&mut self, what: &str, run: impl FnOnce() -> T) -> T {
        let from = Instant::now();
        let out = run();
        let took = from.elapsed();
        match self.0.iter_mut().find(|(name, _)| name == what) {
            Some((_, all)) => all.push(took),
            None => self.0.push((what.to_owned(), vec![took])),
        }
        out
    }
    fn table(mut self, head: &str) -> String {
        let mut out = format!("\n{head}\n");
        for (what, all) in &mut self.0 {
            all.sort();
            let micros = all[all.len() / 2].as_micros();
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "  {what:<44} {:>7}.{:02}",
                micros / 1000,
                micros % 1000 / 10
            );
        }
        out
    }
}

fn native(rows: u64, path: &Path, as_of: Day, rounds: usize) -> Outcome<String> {
    let input = OnDisk::new(path)?;
    let truth = truth(SEED, rows, as_of, Dialect::Plain);
    let mut times = Times::default();
    let mut stored = 0;
    for _ in 0..rounds.max(1) {
        let staged = times.time("stage", || engine::staged(&input, &Options::default()));
        let staged = staged.map_err(|e| Failure(e.to_string()))?;
        if staged.preview.counts.accepted != truth.rows
            || staged.preview.hash_total != truth.hash_total
        {
            return fail(format!(
                "wrong rows: {:?}, not {}",
                staged.preview.counts, truth.rows
            ));
        }
        let items = &staged.batch.items;
        let encoded = times.time("encode", || Encoded::of(items));
        stored = encoded.bytes();
        let bulk = times.time("decode", || encoded.decode())?;
        let mut book = engine::begun(as_of)?;
        let facts = engine::facts(ImportKind::OpenItems, "items.csv", as_of);
        times.time("decide and apply", || {
            engine::import(&mut book, facts, items, &encoded, bulk)
        })?;
        let today = AgingQuery::new(&book, View::on(as_of));
        age(&mut times, "aging today", &book, &today)?;
        settle(&mut book, rows as usize, as_of)?;
        let before = Seq(book.head().0 - 1);
        for (name, known) in [("now", None), ("then", Some(before))] {
            for back in BACK {
                let view = View {
                    as_of: as_of.plus(-back),
                    known,
                };
                let what = format!("aging settled, {back} days back, known {name}");
                age(
                    &mut times,
                    &what,
                    &book,
                    &AgingQuery {
                        view,
                        ..today.clone()
                    },
                )?;
            }
        }
        rank::run(&mut times, &mut book, as_of)?;
    }
    let size = fs::metadata(path)?.len();
    Ok(times.table(&format!(
        "{rows} rows, file {size} bytes, stored {stored} bytes"
    )))
}

fn age(times: &mut Times, what: &str, book: &Book, query: &AgingQuery) -> Outcome {
    let aged = times.time(what, || aging(book, query));
    aged.map(|_| ()).map_err(|e| Failure(format!("{e:?}")))
}

/// 1.5 settlements per item in three commits, each of an eighth of an item, over the last 300 days;
/// 3 % of them are reversed nine days later. Facts as an ERP would bring them, not decided one by one.
fn settle(book: &mut Book, items: usize, as_of: Day) -> Outcome {
    let mut rng = Rng::new(SEED);
    for _ in 0..3 {
        let (mut events, mut reversals) = (Vec::new(), Vec::new());
        let first = book.settlements().len();
        for _ in 0..items / 2 {
            let at = rng.below(items as u64) as usize;
            let id = ItemId::new(at / SEGMENT_ROWS, at % SEGMENT_ROWS);
            let Some(item) = book.item(id) else { continue };
            let amount = item.recorded_amount();
            let effective = as_of.plus(-(rng.below(300) as i32));
            events.push(Event::Settled(SettlementFact {
                debit: (amount >= 0).then_some(id),
                credit: (amount < 0).then_some(id),
                amount: amount.abs() / 8,
                effective,
                cause: Cause::Payment,
                standing: Standing::AtSource,
            }));
            if rng.chance(30) {
                reversals.push(Event::SettlementReversed {
                    settlement: SettlementId((first + events.len() - 1) as u32),
                    effective: effective.plus(9),
                    standing: Standing::AtSource,
                });
            }
        }
        events.extend(reversals);
        // The command is only the envelope here: applying looks at the events.
        let command = Command::Undo {
            commit: book.head(),
        };
        engine::apply(book, as_of, command, events, &mut Bulk::default())?;
    }
    Ok(())
}

/// The built page, through its own surface, in Chromium.
fn page(args: &[String], files: &[(u64, PathBuf)], rounds: usize) -> Outcome {
    let ready = setup::ensure()?;
    let dist = match option(args, "--dist") {
        Some(dist) => std::env::current_dir()?.join(dist),
        None => {
            let profile = Profile::from(args);
            let name = if profile == Profile::Release {
                "release-dist"
            } else {
                "stories-dist"
            };
            let dist = repo::root().join("target").join(name);
            build::site(&ready, profile, "/duebook/", &dist)?;
            dist
        }
    };
    say(format!(
        "page of {}, median of {rounds}, milliseconds",
        dist.display()
    ));
    let run = |script: &str, args: &[&str]| {
        let mut node = shell::command("node");
        node.arg(script)
            .args(args)
            .args(files.iter().map(|(_, path)| path))
            .current_dir(repo::tests())
            .env("DUEBOOK_CHROMIUM", &ready.chromium)
            .env("DUEBOOK_DIST", &dist);
        shell::run(&mut node)
    };
    run(
        "bench.mjs",
        &["--rounds", &rounds.to_string(), "--as-of", AS_OF],
    )?;
    say("long tasks: the page worked as a user does (600k rows are of 50,000 customers)");
    run("long-tasks.mjs", &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        assert_eq!(sizes("10k, 2M,7").ok(), Some(vec![10_000, 2_000_000, 7]));
        assert!(sizes("ten").is_err());
        assert!(sizes("0").is_err());
    }

    #[test]
    fn every_step_is_measured_and_right() {
        let as_of = Day::EPOCH.plus(20_000);
        let folder = std::env::temp_dir().join(format!("duebook-bench-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("items.csv");
        let text: String = csv(SEED, 200, as_of, Dialect::Plain).collect();
        fs::write(&path, text).expect("a file");
        let table = native(200, &path, as_of, 1).expect("measured");
        fs::remove_dir_all(&folder).expect("removed");
        assert_eq!(
            table
                .lines()
                .filter(|l| l.contains("aging settled"))
                .count(),
            6,
            "{table}"
        );
    }
}
