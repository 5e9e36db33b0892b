//! The mornings as files to download or to write to a folder, with their truth for people and programs.

use super::truth::{Happened, Variant, Work, short};
use super::{Morning, MorningFile, Mornings, Plan};
use duebook_money::{Currency, MinorUnits, NumberFormat};
use std::collections::BTreeMap;
use std::fmt::Write as _;

fn money(minor: i64, currency: Currency) -> String {
    let amount = MinorUnits(i128::from(minor)).format(currency, &NumberFormat::PLAIN);
    format!("{amount} {}", currency.code())
}

fn totals(sums: &BTreeMap<Currency, i64>) -> String {
    let each: Vec<String> = sums.iter().map(|(c, sum)| money(*sum, *c)).collect();
    each.join(", ")
}

/// Everything a user needs to practise: the files in a folder per morning, the fourth with the spoilt
/// exports beside it, and what really happened. Small plans: all of it is in memory.
pub fn bundle(plan: &Plan) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let mut told = String::from(TITLE);
    let mut rows = Vec::new();
    for morning in Mornings::new(plan) {
        let folder = format!("morning-{}", morning.number);
        let put = |file: &MorningFile, sub: &str| {
            (format!("{folder}/{sub}{}", file.name), file.bytes.clone())
        };
        out.extend(morning.files.iter().map(|f| put(f, "")));
        if morning.number == 4 {
            let wrong = Variant::ALL.into_iter().filter_map(|v| morning.wrong(v));
            out.extend(wrong.map(|(f, _)| put(&f, "wrong/")));
        }
        out.push((
            format!("{folder}/truth-items.csv"),
            items_csv(&morning).into_bytes(),
        ));
        told.push_str(&truth_md(&morning));
        rows.push(truth_json(&morning));
    }
    out.push(("TRUTH.md".to_owned(), told.into_bytes()));
    let json = format!("[{}]\n", rows.join(",\n"));
    out.push(("TRUTH.json".to_owned(), json.into_bytes()));
    out
}

const TITLE: &str = "# Five mornings: what really happened\n\nAmounts in sentences are in minor units of the item's currency. Balances per item: truth-items.csv of each morning.\n";

/// A morning for people, as Markdown.
pub fn truth_md(morning: &Morning) -> String {
    let mut out = format!("\n## Morning {}: {}\n\n", morning.number, morning.day);
    // Writing to a string cannot fail.
    for file in &morning.files {
        let _ = writeln!(
            out,
            "- `{}`: {} rows, {}",
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
    let work: Vec<String> = morning.work.iter().map(work).collect();
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
    morning.happened.iter().map(Happened::to_string).collect()
}

fn work(work: &Work) -> String {
    match work {
        Work::Promise {
            customer,
            item,
            amount,
            date,
            ends,
        } => format!(
            "promise of {customer} on {} for {date}: {amount}; ends {ends:?}",
            short(item)
        ),
        Work::Apply {
            customer,
            credit,
            item,
            amount,
        } => format!(
            "apply {} of {customer} to {}: {amount}",
            short(credit),
            short(item)
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
    let happened: Vec<_> = (morning.happened.iter())
        .map(|h| serde_json::json!({ "what": h.word(), "text": h.to_string() }))
        .collect();
    let absent: Vec<_> = (morning.absent.iter())
        .map(|a| {
            let why = morning.happened.get(a.event).map_or("", Happened::word);
            serde_json::json!({ "item": short(&a.key), "why": why, "told_on": a.told_on })
        })
        .collect();
    let work: Vec<_> = morning.work.iter().map(|w| text(&work(w))).collect();
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
