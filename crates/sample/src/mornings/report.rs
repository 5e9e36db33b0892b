//! The mornings as files to download or to write to a folder, with their truth for people and programs.

use super::truth::{Happened, Variant, Work, money, short};
use super::{Morning, Mornings, Plan};
use duebook_ledger::keys::ItemKey;
use duebook_money::Currency;
use std::collections::BTreeMap;
use std::fmt::Write as _;

fn totals(sums: &BTreeMap<Currency, i64>) -> String {
    let each = sums.iter().map(|(c, sum)| money(*sum, *c));
    each.map(|m| format!(", {m}")).collect()
}

/// All files of [`each_file`], in memory: for a download of a small plan.
pub fn bundle(plan: &Plan) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let kept: Result<(), std::convert::Infallible> = each_file(plan, |name, bytes| {
        out.push((name, bytes));
        Ok(())
    });
    match kept {
        Ok(()) => out,
    }
}

/// Everything a user needs to practise, file after file: a folder per morning, the fourth with the
/// spoilt exports beside it, and what really happened (`TRUTH.md`, `TRUTH.json`).
///
/// # Errors
/// The sink's own; nothing is made after it.
pub fn each_file<E>(
    plan: &Plan,
    mut sink: impl FnMut(String, Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    let mut told = String::from(TITLE);
    let mut rows = Vec::new();
    for morning in Mornings::new(plan) {
        let folder = format!("morning-{}", morning.number);
        told.push_str(&truth_md(&morning));
        rows.push(truth_json(&morning));
        let balances = items_csv(&morning).into_bytes();
        sink(format!("{folder}/truth-items.csv"), balances)?;
        if morning.number == 4 {
            for variant in Variant::ALL {
                if let Some((file, _)) = morning.wrong(variant) {
                    sink(format!("{folder}/wrong/{}", file.name), file.bytes)?;
                }
            }
        }
        for file in morning.files {
            sink(format!("{folder}/{}", file.name), file.bytes)?;
        }
    }
    sink("TRUTH.md".to_owned(), told.into_bytes())?;
    let json = format!("[{}]\n", rows.join(",\n"));
    sink("TRUTH.json".to_owned(), json.into_bytes())
}

const TITLE: &str = "# Five mornings: what really happened\n\nBalances per item: truth-items.csv of each morning.\n";

/// A morning for people, as Markdown.
pub fn truth_md(morning: &Morning) -> String {
    let mut out = format!("\n## Morning {}: {}\n\n", morning.number, morning.day);
    // Writing to a string cannot fail.
    for file in &morning.files {
        let _ = writeln!(
            out,
            "- `{}`: {} rows{}",
            file.name,
            file.rows,
            totals(&file.totals)
        );
    }
    section(
        &mut out,
        "Happened since the morning before",
        &events(morning),
    );
    let absent: Vec<String> = (morning.absent.iter())
        .map(|a| match a.told_on {
            Some(day) => format!("{}: told on morning {day}", short(&a.key)),
            None => format!("{}: told by no file", short(&a.key)),
        })
        .collect();
    section(&mut out, "Absent", &absent);
    let work: Vec<String> = morning.work.iter().map(|w| work(morning, w)).collect();
    section(&mut out, "To do this morning", &work);
    if morning.number == 4 {
        let asks: Vec<String> = (Variant::ALL.into_iter())
            .filter_map(|v| Some(format!("{}: {:?}", v.word(), morning.wrong(v)?.1)))
            .collect();
        section(&mut out, "Wrong exports and what must be asked", &asks);
    }
    out
}

fn section(out: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        let _ = write!(out, "\n{title}:\n\n- {}\n", lines.join("\n- "));
    }
}

fn events(morning: &Morning) -> Vec<String> {
    let pairs = morning.happened.iter().zip(&morning.happened_in);
    pairs.map(|(h, c)| h.sentence(*c)).collect()
}

fn work(morning: &Morning, work: &Work) -> String {
    let money = |item: &ItemKey, minor: i64| {
        let found = morning.truth.items.iter().find(|i| i.key == *item);
        let currency = found.map_or(Currency::XXX, |i| morning.truth.debtor(i).currency);
        money(minor, currency)
    };
    match work {
        Work::Promise {
            customer,
            item,
            amount,
            date,
            ends,
        } => format!(
            "promise of {customer} on {} for {date}: {}; ends {ends:?}",
            short(item),
            money(item, *amount)
        ),
        Work::Apply {
            customer,
            credit,
            item,
            amount,
        } => format!(
            "apply {} of {customer} to {}: {}",
            short(credit),
            short(item),
            money(item, *amount)
        ),
        Work::Note {
            customer,
            item,
            text,
        } => format!("note on {} of {customer}: {text}", short(item)),
    }
}

/// A morning for programs: files with rows and totals, events, absent items.
pub fn truth_json(morning: &Morning) -> String {
    let text = |t: &str| serde_json::Value::from(t);
    let sums = |sums: &BTreeMap<Currency, i64>| {
        let pairs = sums.iter().map(|(c, s)| (c.code().to_owned(), (*s).into()));
        serde_json::Value::Object(pairs.collect())
    };
    let files: Vec<_> = (morning.files.iter())
        .map(|f| {
            serde_json::json!({
                "name": f.name, "role": format!("{:?}", f.role), "rows": f.rows,
                "totals_minor": sums(&f.totals),
            })
        })
        .collect();
    let happened: Vec<_> = (morning.happened.iter().zip(events(morning)))
        .map(|(h, text)| serde_json::json!({ "what": h.word(), "text": text }))
        .collect();
    let absent: Vec<_> = (morning.absent.iter())
        .map(|a| {
            let why = morning.happened.get(a.event).map_or("", Happened::word);
            serde_json::json!({ "item": short(&a.key), "why": why, "told_on": a.told_on })
        })
        .collect();
    let work: Vec<_> = morning
        .work
        .iter()
        .map(|w| text(&work(morning, w)))
        .collect();
    let value = serde_json::json!({
        "morning": morning.number, "day": morning.day.to_string(), "files": files,
        "items": morning.truth.items.len(), "open_minor": sums(&morning.truth.totals()),
        "happened": happened, "absent": absent, "work": work,
    });
    value.to_string()
}

/// Each item with its balance at source, as a CSV of plain numbers and ISO dates.
pub fn items_csv(morning: &Morning) -> String {
    let mut out = String::from(
        "entity,customer,number,year,line,credit,type,date,due,currency,amount,open\n",
    );
    for item in &morning.truth.items {
        let d = morning.truth.debtor(item);
        let plain = |minor| super::files::iso_amount(minor, d.currency);
        let _ = writeln!(
            out,
            "{},{},{},{},{},{},{},{},{},{},{},{}",
            super::files::cell(d.entity, ','),
            d.number,
            item.key.number,
            item.key.year,
            item.key.line,
            item.key.credit,
            item.doc_type,
            item.date,
            item.due,
            d.currency.code(),
            plain(item.amount),
            plain(item.open),
        );
    }
    out
}
