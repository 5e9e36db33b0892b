//! Every bank and remittance file of the shared data, against what peers and raw extractions say.
//! Prints one line per format; skipped where the data is absent.

mod camt;
mod flat;
mod remit;
mod swift;

use duebook_bank::{BalanceKind, File, Funds, Options, Status, read, transaction_line};
use duebook_money::{Currency, DateOrder};
use serde_json::Value;
use std::path::{Path, PathBuf};

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");

fn folder(name: &str) -> Option<Vec<PathBuf>> {
    let folder = Path::new(SHARED).join(name);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: ../shared absent");
        return None;
    };
    let data = |p: &PathBuf| {
        let name = p
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        !name.ends_with(".json") && !name.ends_with(".pydata") && !name.ends_with(".md")
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(data).collect();
    files.sort();
    Some(files)
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("a file")
}

fn expected(path: &Path) -> Value {
    let file = format!("{}.expected.json", path.display());
    std::fs::read(file)
        .ok()
        .and_then(|b| serde_json::from_slice(&b).ok())
        .unwrap_or(Value::Null)
}

fn parsed(path: &Path, options: &Options) -> Result<File, duebook_bank::Error> {
    read(
        &bytes(path),
        &path.file_name().expect("a name").to_string_lossy(),
        options,
    )
}

/// A written amount in minor units of two decimals (or as many as asked for).
fn minor(text: &str, currency: Currency) -> i64 {
    let clean = text.trim().replace(',', ".");
    let value = clean
        .parse::<rust_decimal::Decimal>()
        .unwrap_or_else(|e| panic!("{text}: {e}"));
    duebook_money::Money::from_decimal(value, currency, duebook_money::Rounding::HalfUp)
        .expect("fits")
        .minor
}

fn entries(file: &File) -> impl Iterator<Item = &duebook_bank::Entry> {
    file.statements.iter().flat_map(|s| &s.entries)
}

fn sums(file: &File) -> Vec<i64> {
    file.statements
        .iter()
        .flat_map(|s| s.entries.iter().map(|e| e.amount.minor))
        .collect()
}

#[derive(Default)]
struct Counts {
    files: usize,
    read: usize,
    statements: usize,
    entries: usize,
    details: usize,
    findings: usize,
}

impl Counts {
    fn add(&mut self, file: &File) {
        self.read += 1;
        self.statements += file.statements.len() + file.remittances.len();
        self.entries += file
            .statements
            .iter()
            .map(|s| s.entries.len())
            .sum::<usize>();
        self.entries += file
            .remittances
            .iter()
            .map(|r| r.lines.len())
            .sum::<usize>();
        self.details += file
            .statements
            .iter()
            .flat_map(|s| &s.entries)
            .map(|e| e.details.len())
            .sum::<usize>();
        self.findings += file.findings.len();
    }
    fn print(&self, format: &str) {
        println!(
            "{format}: {} files, {} read, {} statements or remittances, {} entries or lines, {} details, {} findings",
            self.files, self.read, self.statements, self.entries, self.details, self.findings
        );
    }
}
