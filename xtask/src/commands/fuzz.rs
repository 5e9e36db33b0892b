//! Damaged files against every reader: seeds are real files, each run changes one of them by a seeded
//! generator and hands it to all that read files. A panic, or a run of many seconds, is our bug;
//! its file is kept. The same seed makes the same runs.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use duebook_exchange::read;
use duebook_ledger::event::BlockRef;
use duebook_money::{DateOrder, Day};

use crate::repo;
use crate::shell::{self, Failure, Outcome, fail, option, say};

/// Runs where none are asked for: about a minute.
const RUNS: u64 = 20_000;
/// Longer seeds are cut: what counts is variety.
const MOST_BYTES: usize = 64 << 10;
/// A file of that size is read in far less.
const SLOW: Duration = Duration::from_secs(5);

/// `cargo xtask fuzz`
pub fn run(args: &[String]) -> Outcome {
    let number = |name: &str, default: u64| match option(args, name) {
        Some(text) => text
            .parse()
            .map_err(|_| Failure(format!("{name} {text}: not a number"))),
        None => Ok(default),
    };
    let (runs, seed) = (number("--runs", RUNS)?, number("--seed", 1)?);
    let seeds = seeds(args)?;
    say(format!(
        "fuzz: {runs} runs from seed {seed} over {} files",
        seeds.len()
    ));
    let kept = repo::root().join("target/fuzz");
    std::fs::create_dir_all(&kept)?;
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let mut found = BTreeSet::new();
    for run in 0..runs {
        let mut chance = Chance::new(seed, run);
        let (name, bytes) = &seeds[chance.below(seeds.len())];
        let bytes = changed(bytes, &seeds, &mut chance);
        // An abort (no memory, no stack) ends this program too: then it is this file.
        std::fs::write(kept.join("running"), &bytes)?;
        for what in broken(name, &bytes) {
            // One of a kind is enough.
            if found.insert(what.clone()) {
                let file = kept.join(format!("{seed}-{run}-{name}"));
                std::fs::write(&file, &bytes)?;
                println!("    {what}: {}", file.display());
            }
        }
        if run % (runs / 10).max(1) == 0 {
            println!("    {run} of {runs}");
        }
    }
    std::panic::set_hook(hook);
    match found.len() {
        0 => Ok(()),
        n => fail(format!("{n} kinds of failure; the files are kept")),
    }
}

/// The files of the folders named, else the project's own fixtures.
fn seeds(args: &[String]) -> Outcome<Vec<(String, Vec<u8>)>> {
    let named = args.iter().enumerate().filter(|(n, arg)| {
        let value = n.checked_sub(1).and_then(|n| args.get(n));
        !arg.starts_with("--") && !value.is_some_and(|v| v.starts_with("--"))
    });
    let mut folders: Vec<PathBuf> = named.map(|(_, arg)| PathBuf::from(arg)).collect();
    if folders.is_empty() {
        folders = ["tests/fixtures", "crates"]
            .map(|f| repo::root().join(f))
            .to_vec();
    }
    let mut files = Vec::new();
    for folder in folders {
        gather(&folder, &mut files)?;
    }
    files.sort();
    match files.is_empty() {
        true => fail("no file to begin with"),
        false => Ok(files),
    }
}

fn gather(path: &Path, files: &mut Vec<(String, Vec<u8>)>) -> Outcome {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            gather(&entry?.path(), files)?;
        }
        return Ok(());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if [".rs", ".toml", ".md"]
        .iter()
        .any(|end| name.ends_with(end))
    {
        return Ok(());
    }
    let mut bytes = shell::read(path)?;
    // A workbook cut short is no workbook: those stay whole.
    if !bytes.starts_with(b"PK") {
        bytes.truncate(MOST_BYTES);
    }
    files.push((name.into_owned(), bytes));
    Ok(())
}

/// What fails on a file: the reader, and why.
fn broken(name: &str, bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let block = BlockRef::of(bytes, 1);
    let readers: [(&str, &dyn Fn()); 9] = [
        ("import", &|| import(name, bytes)),
        ("bank", &|| {
            let _ = duebook_bank::read(bytes, name, &duebook_bank::Options::default());
        }),
        ("grid", &|| {
            let input = read::Bytes { name, bytes };
            let _ = read::grid(&input, &read::TextOverride::default(), None, 10_000);
        }),
        ("paste", &|| {
            let pasted = read::paste_rows(&text);
            let options = read::WorkOptions::default();
            let _ = read::read_work(&pasted.rows, &options, Day(20_000));
        }),
        ("remarks", &|| {
            let _ = read::split_remarks(&text, DateOrder::Dmy, Day(20_000));
        }),
        ("block", &|| _ = duebook_ledger::block::decode(bytes)),
        ("head", &|| {
            let _ = duebook_ledger::import::Bulk::default().add_head(block, bytes);
        }),
        ("body", &|| _ = duebook_ledger::Body::decode(bytes)),
        ("backup", &|| {
            _ = duebook_journal::backup::Backup::read(bytes)
        }),
    ];
    let mut out = Vec::new();
    for (what, reader) in readers {
        let begun = Instant::now();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(reader)) {
            let why = panic.downcast_ref::<String>().map(String::as_str);
            let why = why.or_else(|| panic.downcast_ref::<&str>().copied());
            out.push(format!("{what}: panic: {}", why.unwrap_or("?")));
        }
        if begun.elapsed() > SLOW {
            out.push(format!("{what}: more than {} s", SLOW.as_secs()));
        }
    }
    out
}

fn import(name: &str, bytes: &[u8]) {
    let input = read::Bytes { name, bytes };
    let options = read::Options::default();
    let _ = read::stage(&input, &options, &mut |_| read::Flow::Continue);
}

/// What files of all kinds have and readers trip over.
const PIECES: [&[u8]; 22] = [
    b"\"",
    b"\0",
    b"\r",
    b"\n",
    b"\t",
    b";",
    b",",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"-",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"99999999999999999999999999",
    b"1e400",
    b"0",
    b"31/02/2026",
    b"29/02/2100",
    b"</Ntry>",
    b":61:",
    b"~",
    b"<",
    b"\xf0\x9f\x92\xb6",
];

/// A seed with some changes.
fn changed(seed: &[u8], all: &[(String, Vec<u8>)], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len() + 1);
        let to = at + chance.below((bytes.len() - at).min(200) + 1);
        match chance.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 if at < bytes.len() => bytes[at] = chance.below(256) as u8,
            2 => _ = bytes.drain(at..to),
            3 => {
                let again = bytes[at..to].to_vec();
                bytes.splice(at..at, again);
            }
            4 => bytes.truncate(at),
            5 => {
                let (_, other) = &all[chance.below(all.len())];
                let from = chance.below(other.len() + 1);
                let part = &other[from..other.len().min(from + chance.below(500))];
                bytes.splice(at..at, part.iter().copied());
            }
            _ => {
                let piece = PIECES[chance.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}

/// SplitMix64: small, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn new(seed: u64, run: u64) -> Self {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ run.wrapping_mul(0xd1b5_4a32_d192_ed03))
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// Less than `n`; 0 where `n` is 0.
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}
