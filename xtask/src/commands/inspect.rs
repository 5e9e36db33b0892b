//! What the app makes of files, as JSON: for bug reports, and to run the engine over a folder.

mod bank;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use duebook_bank::Format;
use duebook_exchange::read::{Field, FileKind, Input, Options, Staged};
use duebook_insight::{Aging, AgingQuery, GroupBy, aging};
use duebook_ledger::View;
use duebook_ledger::facts::ImportKind;
use duebook_money::{Currency, Day, MinorUnits, NumberFormat, date};
use serde_json::{Value, json};

use crate::engine::{self, Encoded, OnDisk};
use crate::shell::{Failure, Outcome, fail, option};

/// Options that take a value.
const VALUED: [&str; 3] = ["--as-of", "--map", "--options"];

/// `cargo xtask inspect`
pub fn run(args: &[String]) -> Outcome {
    let as_of = option(args, "--as-of").map(day).transpose()?;
    let options = options(args)?;
    let files = files(args)?;
    if files.is_empty() {
        return fail("name a file or a folder");
    }
    let mut found = Vec::with_capacity(files.len());
    for file in files {
        found.push(inspect(&file, &options, as_of)?);
    }
    println!("{}", serde_json::to_string_pretty(&found)?);
    Ok(())
}

fn day(text: &str) -> Outcome<Day> {
    date::parse_iso_bytes(text.as_bytes())
        .ok_or_else(|| Failure(format!("`{text}` is not a day such as 2026-03-31")))
}

/// How to read the files: answers to questions as JSON in a file, and columns named by hand.
fn options(args: &[String]) -> Outcome<Options> {
    let mut options = match option(args, "--options") {
        Some(file) => serde_json::from_slice(&crate::shell::read(Path::new(file))?)?,
        None => Options::default(),
    };
    for pair in option(args, "--map").unwrap_or_default().split(',') {
        if pair.is_empty() {
            continue;
        }
        let Some((column, field)) = pair.rsplit_once('=') else {
            return fail(format!("`{pair}` is not column=field"));
        };
        let field: Field =
            serde_json::from_value(json!(field)).map_err(|e| Failure(format!("{pair}: {e}")))?;
        options.mapping.push((column.to_owned(), field));
    }
    Ok(options)
}

/// The files named, and those in the folders named, each once and in order.
fn files(args: &[String]) -> Outcome<Vec<PathBuf>> {
    let mut files = BTreeSet::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if VALUED.contains(&arg.as_str()) {
            rest.next();
        } else if !arg.starts_with("--") {
            add(Path::new(arg), &mut files)?;
        }
    }
    Ok(files.into_iter().collect())
}

fn add(path: &Path, files: &mut BTreeSet<PathBuf>) -> Outcome {
    if !path.is_dir() {
        files.insert(path.to_path_buf());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        // A link could lead back up; hidden files are not the user's exports.
        if !entry.file_type()?.is_symlink() && !entry.file_name().to_string_lossy().starts_with('.')
        {
            add(&entry.path(), files)?;
        }
    }
    Ok(())
}

/// One file: its preview or why it cannot be read, and with a day its aging.
fn inspect(path: &Path, options: &Options, as_of: Option<Day>) -> Outcome<Value> {
    let input = OnDisk::new(path)?;
    let shown = path.display().to_string();
    let bank = bank_file(&input, path)?;
    let staged = match bank {
        Some((format, read)) if !ledger_first(format) => {
            return Ok(json!({ "file": shown, "bank": read }));
        }
        Some((_, read)) => match engine::staged(&input, options) {
            // A list of payments or invoices; an advice where the ledger takes nothing from it.
            Ok(staged) if staged.preview.counts.accepted > 0 => Ok(staged),
            _ => return Ok(json!({ "file": shown, "bank": read })),
        },
        None => engine::staged(&input, options),
    };
    let staged = match staged {
        Ok(staged) => staged,
        Err(error) => {
            return Ok(json!({ "file": shown, "unreadable": error, "because": error.to_string() }));
        }
    };
    let mut out = json!({ "file": shown, "preview": staged.preview });
    if let Some(as_of) = as_of {
        out["aging"] = match aged(&staged, as_of) {
            Ok(aging) => aging,
            Err(Failure(why)) => json!({ "none": why }),
        };
    }
    Ok(out)
}

/// A table of documents and amounts may as well be a payments file of the ledger.
fn ledger_first(format: Format) -> bool {
    format == Format::RemittanceTable
}

/// A bank statement or a remittance advice; `None`: another file.
fn bank_file(input: &OnDisk, path: &Path) -> Outcome<Option<(Format, Value)>> {
    // Larger files are ledgers; they are read without being held.
    if input.size() > duebook_bank::limits::MAX_FILE_BYTES as u64 {
        return Ok(None);
    }
    let bytes = crate::shell::read(path)?;
    let options = duebook_bank::Options::default();
    let Ok(format) = duebook_bank::detect(&bytes, input.name()) else {
        return Ok(None);
    };
    let read = match duebook_bank::read_as(format, &bytes, input.name(), &options) {
        Ok(file) => bank::shown(&file),
        Err(error) => json!({ "format": format.name(), "unreadable": error.to_string() }),
    };
    Ok(Some((format, read)))
}

/// The aging of the file's rows in a book of their own, known as of the day asked for.
fn aged(staged: &Staged, as_of: Day) -> Outcome<Value> {
    let preview = &staged.preview;
    if !preview.questions.is_empty() {
        return fail("the file leaves questions open: see preview.questions");
    }
    let kind = match preview.kind {
        FileKind::OpenItems => ImportKind::OpenItems,
        FileKind::InvoicesPaid | FileKind::ClearedItems => ImportKind::Invoices,
        other => return fail(format!("a file of this kind has no aging: {other:?}")),
    };
    let items = &staged.batch.items;
    let encoded = Encoded::of(items);
    let mut book = engine::begun(as_of)?;
    let facts = engine::facts(kind, &preview.name, as_of);
    engine::import(&mut book, facts, items, &encoded, encoded.decode()?)?;
    let query = AgingQuery {
        group_by: GroupBy::Currency,
        ..AgingQuery::new(&book, View::on(as_of))
    };
    let aging = aging(&book, &query).map_err(|e| Failure(format!("{e:?}")))?;
    Ok(shown(&aging, &query))
}

fn shown(aging: &Aging, query: &AgingQuery) -> Value {
    let plain = |minor: i128, of: Currency| MinorUnits(minor).format(of, &NumberFormat::PLAIN);
    let mut headings = query.buckets.labels();
    headings.extend(["Unapplied".to_owned(), "Credit memos".to_owned()]);
    let currency = |total: &duebook_insight::aging::CurrencyTotal| {
        let amounts = total
            .columns
            .iter()
            .map(|minor| plain(*minor, total.currency));
        json!({
            "currency": total.currency.code(),
            "columns": amounts.collect::<Vec<_>>(),
            "total": plain(total.total, total.currency),
            "past_due": plain(total.past_due, total.currency),
            "not_yet_issued": plain(total.not_yet_issued, total.currency),
            "items": total.items,
            "missing_due": total.missing_due,
        })
    };
    json!({
        "as_of": query.view.as_of.to_string(),
        "headings": headings,
        "currencies": aging.totals.iter().map(currency).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "Customer,Invoice,Invoice date,Due date,Currency,Amount\n\
        C1,1001,2026-01-05,2026-02-04,EUR,1000.00\n\
        C1,1002,2026-02-20,2026-03-22,EUR,50.50\n\
        C2,,2026-02-20,2026-03-22,EUR,9.00\n\
        C2,1004,2026-01-01,2026-01-31,JPY,700\n";

    fn result(args: &[&str]) -> Value {
        let folder = std::env::temp_dir().join(format!(
            "duebook-inspect-{}-{}",
            std::process::id(),
            args.len()
        ));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("items.csv"), FILE).expect("a file");
        std::fs::write(folder.join(".hidden.csv"), "").expect("a file");
        let mut all = vec![folder.display().to_string()];
        all.extend(args.iter().map(|a| (*a).to_owned()));
        let as_of = option(&all, "--as-of").map(day).transpose().expect("a day");
        let files = files(&all).expect("files");
        assert_eq!(files.len(), 1, "{files:?}");
        let out = inspect(&files[0], &options(&all).expect("options"), as_of).expect("a result");
        std::fs::remove_dir_all(&folder).expect("removed");
        out
    }

    #[test]
    fn a_file_of_a_folder_is_previewed() {
        let out = result(&[]);
        let preview = &out["preview"];
        assert_eq!(preview["kind"], "open_items");
        assert_eq!(preview["counts"]["accepted"], 3);
        assert_eq!(preview["counts"]["refused"], 1);
        assert_eq!(preview["notes"]["counts"]["number_missing"], 1);
        assert_eq!(preview["totals"][0]["open"], "1050.50");
        assert!(out["aging"].is_null());
    }

    #[test]
    fn ag_01_its_rows_are_aged_as_in_the_app() {
        let out = result(&["--as-of", "2026-03-01"]);
        let currencies = &out["aging"]["currencies"];
        assert_eq!(currencies[0]["currency"], "EUR", "{out:#}");
        let columns = json!([
            "50.50", "1000.00", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00"
        ]);
        assert_eq!(currencies[0]["columns"], columns);
        assert_eq!(currencies[1]["total"], "700");
    }

    #[test]
    fn a_statement_is_shown_with_its_entries() {
        let file = std::env::temp_dir().join(format!("duebook-inspect-{}.sta", std::process::id()));
        let text = ":20:X\n:25:123456789\n:60F:C260302EUR1,00\n:61:2603020302C2,50NTRFNONREF//B1\n:86:INV 1001\n:62F:C260302EUR4,00\n";
        std::fs::write(&file, text).expect("a file");
        let out = inspect(&file, &Options::default(), None).expect("a result");
        std::fs::remove_file(&file).expect("removed");
        let bank = &out["bank"];
        assert_eq!(bank["format"], "mt940");
        assert_eq!(bank["account"]["number"], "123456789");
        assert_eq!(bank["entries"][0]["amount"], "2.50");
        assert_eq!(bank["entries"][0]["text"], "INV 1001");
        assert_eq!(bank["warnings"][0]["weight"], "disagrees");
    }

    #[test]
    fn columns_are_named_by_hand() {
        let out = result(&[
            "--map",
            "Invoice=ignore,Customer=customer_number",
            "--unused",
        ]);
        let columns = out["preview"]["columns"].as_array().expect("columns");
        let field = |header: &str| {
            columns
                .iter()
                .find(|c| c["header"] == header)
                .map(|c| c["field"].clone())
        };
        assert_eq!(field("Invoice"), Some(json!("ignore")));
        assert!(options(&["--map".to_owned(), "Invoice".to_owned()]).is_err());
        assert!(options(&["--map".to_owned(), "Invoice=nonsense".to_owned()]).is_err());
    }
}
