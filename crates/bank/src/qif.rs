//! QIF (formats.md 2.6).

use crate::Options;
use crate::figures;
use crate::finding::{Problem, short};
use crate::question::Question;
use crate::sink::Sink;
use crate::statement::{Account, Balance, BalanceKind, Detail, Entry, Statement, StatementKind};
use crate::text::{append, lines, some};
use duebook_money::date::{CENTURY_REFERENCE, infer_order, parse_with, two_digit_year};
use duebook_money::{Currency, DateOrder};

/// Whether the lines are QIF.
pub(crate) fn looks_like(head: &str) -> bool {
    lines(head).take(60).any(|(_, line)| {
        let line = line.trim_start_matches('\u{feff}');
        [
            "!Type:", "!type:", "!TYPE:", "!Account", "!Option:", "!Clear:",
        ]
        .iter()
        .any(|mark| line.starts_with(mark))
    })
}

#[derive(Default)]
struct Record<'a> {
    line: u32,
    date: Option<&'a str>,
    amount: Option<&'a str>,
    second_amount: Option<&'a str>,
    number: Option<&'a str>,
    payee: Option<&'a str>,
    memo: Option<&'a str>,
    category: Option<&'a str>,
    cleared: Option<&'a str>,
    address: String,
    splits: Vec<Split<'a>>,
}

#[derive(Default)]
struct Split<'a> {
    category: &'a str,
    memo: &'a str,
    amount: Option<&'a str>,
}

/// A list of records under one header.
struct List<'a> {
    line: u32,
    kind: &'a str,
    account: Option<&'a str>,
    records: Vec<Record<'a>>,
}

/// Reads every list of a bank, cash or card account.
pub(crate) fn read(text: &str, options: &Options, sink: &mut Sink, questions: &mut Vec<Question>) {
    let lists = lists(text, sink);
    let banks: Vec<&List<'_>> = lists.iter().filter(|l| !l.records.is_empty()).collect();
    let order = order(&banks, options, questions);
    for list in banks {
        let kind = list.kind.to_ascii_lowercase();
        if !matches!(kind.as_str(), "bank" | "cash" | "ccard" | "oth a" | "oth l") {
            let what = match kind.as_str() {
                "invst" | "port" => "investments",
                _ => "list of categories, classes or prices",
            };
            sink.findings.on(list.line, Problem::NotBank { what });
            continue;
        }
        statement(list, order, sink);
    }
}

fn lists<'a>(text: &'a str, sink: &mut Sink) -> Vec<List<'a>> {
    let mut lists = vec![List {
        line: 1,
        kind: "Bank",
        account: None,
        records: Vec::new(),
    }];
    let mut account: Option<&str> = None;
    let mut accounts = false;
    let mut record = Record::default();
    let mut any = false;
    for (number, line) in lines(text) {
        let line = line.trim_start_matches('\u{feff}').trim_end();
        if let Some(head) = line.trim_start().strip_prefix('!') {
            if any {
                close(&mut lists, &mut record, accounts, &mut account);
                any = false;
            }
            if let Some(kind) = head
                .get(..5)
                .filter(|h| h.eq_ignore_ascii_case("type:"))
                .map(|_| head[5..].trim())
            {
                accounts = false;
                lists.push(List {
                    line: number,
                    kind,
                    account,
                    records: Vec::new(),
                });
            } else if head.eq_ignore_ascii_case("account") {
                accounts = true;
            } else if !head.to_ascii_lowercase().contains("autoswitch") {
                sink.findings
                    .on(number, Problem::UnknownRecord { text: short(line) });
            }
            continue;
        }
        if line == "^" {
            if any {
                close(&mut lists, &mut record, accounts, &mut account);
            }
            any = false;
            continue;
        }
        let mut chars = line.chars();
        let Some(letter) = chars.next().filter(|c| !matches!(c, '#' | ' ')) else {
            continue;
        };
        if !any {
            record.line = number;
        }
        any = true;
        field(&mut record, letter, chars.as_str().trim());
    }
    if any {
        // A missing last mark loses nothing.
        close(&mut lists, &mut record, accounts, &mut account);
    }
    lists
}

fn field<'a>(record: &mut Record<'a>, letter: char, value: &'a str) {
    let to = match letter {
        'D' => &mut record.date,
        'T' => &mut record.amount,
        'U' => &mut record.second_amount,
        'N' => &mut record.number,
        'P' => &mut record.payee,
        'M' => &mut record.memo,
        'L' => &mut record.category,
        'C' => &mut record.cleared,
        'A' => return append(&mut record.address, value),
        'S' => {
            return record.splits.push(Split {
                category: value,
                ..Split::default()
            });
        }
        'E' => {
            if let Some(split) = record.splits.last_mut() {
                split.memo = value;
            }
            return;
        }
        '$' => {
            if let Some(split) = record.splits.last_mut() {
                split.amount = Some(value);
            }
            return;
        }
        _ => return,
    };
    if !value.is_empty() {
        *to = to.or(Some(value));
    }
}

/// A record ends: an account's name, or a record of the list.
fn close<'a>(
    lists: &mut [List<'a>],
    record: &mut Record<'a>,
    accounts: bool,
    account: &mut Option<&'a str>,
) {
    let record = std::mem::take(record);
    if accounts {
        *account = record.number.or(*account);
    } else if let Some(list) = lists.last_mut() {
        list.records.push(record);
    }
}

/// The date with the year written out: an apostrophe is the year 2000 and after.
fn plain_date(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    match text.split_once('\'') {
        Some((head, year)) => match year.parse::<i32>() {
            Ok(short) if short < 100 => format!("{head}/{}", 2000 + short),
            _ => format!("{head}/{year}"),
        },
        None => {
            // One digit for the year, as some write 2007.
            match text.rsplit_once(['/', '.', '-']) {
                Some((head, year)) if year.len() == 1 => match year.parse::<u8>() {
                    Ok(year) => format!("{head}/{}", two_digit_year(year, CENTURY_REFERENCE)),
                    Err(_) => text,
                },
                _ => text,
            }
        }
    }
}

/// The order of the file's dates, from all of them.
fn order(lists: &[&List<'_>], options: &Options, questions: &mut Vec<Question>) -> DateOrder {
    if let Some(order) = options.date_order {
        return order;
    }
    let dates: Vec<(u32, String)> = (lists.iter())
        .filter(|l| {
            !matches!(
                l.kind.to_ascii_lowercase().as_str(),
                "cat" | "class" | "security" | "prices" | "memorized"
            )
        })
        .flat_map(|l| {
            l.records
                .iter()
                .filter_map(|r| Some((r.line, plain_date(r.date?))))
        })
        .collect();
    let inferred = infer_order(dates.iter().map(|d| d.1.as_str()));
    crate::question::order_of(inferred, questions, |at| {
        dates.get(at).map(|(l, d)| (*l, d.clone()))
    })
}

fn statement(list: &List<'_>, order: DateOrder, sink: &mut Sink) {
    sink.findings.at.line = list.line;
    let currency = sink.assume(None);
    let mut statement = Statement::new(list.line, StatementKind::Booked, currency);
    statement.account = list.account.map(Account::of).unwrap_or_default();
    statement.account.name = some(list.kind);
    if !sink.open(statement) {
        return;
    }
    for record in &list.records {
        sink.at_line(record.line);
        entry(record, order, currency, sink);
    }
}

fn entry(record: &Record<'_>, order: DateOrder, currency: Currency, sink: &mut Sink) {
    let Some(text) = record.amount.or(record.second_amount) else {
        let text = short(record.payee.or(record.date).unwrap_or(""));
        return sink.findings.add(Problem::Damaged {
            what: "record without amount",
            text,
        });
    };
    let Some(amount) = figures::money(text, currency, &mut sink.findings) else {
        return;
    };
    let date = match record
        .date
        .map(|d| (d, parse_with(order, plain_date(d).as_bytes())))
    {
        Some((_, Ok(day))) => Some(day),
        Some((text, Err(_))) => {
            sink.findings.add(Problem::BadDate { text: short(text) });
            None
        }
        None => {
            sink.findings.add(Problem::Missing { field: "D" });
            None
        }
    };
    // The first record may be the account's opening balance; its category names the account itself.
    if record
        .payee
        .is_some_and(|p| p.eq_ignore_ascii_case("opening balance"))
    {
        let own = record
            .category
            .and_then(|c| c.strip_prefix('[')?.strip_suffix(']'));
        if let Some(s) = sink.statements.last_mut() {
            if let (Some(own), None) = (own, s.account.id()) {
                s.account.number = Some(own.to_owned());
            }
            s.balances.push(Balance {
                kind: BalanceKind::Opening,
                date,
                amount,
            });
        }
        return;
    }
    let mut entry = Entry::new(record.line, amount);
    (entry.booked, entry.value) = (date, date);
    entry.reference = record.number.map(str::to_owned);
    entry.text = record.category.unwrap_or("").to_owned();
    let mut detail = Detail {
        amount: Some(amount),
        ..Detail::default()
    };
    for part in [record.payee, record.memo].into_iter().flatten() {
        append(&mut detail.text, part);
    }
    append(&mut detail.text, &record.address);
    detail.cheque = record
        .number
        .filter(|n| n.bytes().all(|b| b.is_ascii_digit()))
        .map(str::to_owned);
    let party = if amount.minor >= 0 {
        &mut detail.payer
    } else {
        &mut detail.payee
    };
    party.name = record.payee.and_then(some);
    let splits: Vec<Detail> = (record.splits.iter())
        .filter_map(|split| {
            let amount = figures::read(split.amount?, currency).ok()?;
            let mut part = Detail {
                amount: Some(amount),
                ..detail.clone()
            };
            append(&mut part.text, split.memo);
            append(&mut part.text, split.category);
            Some(part)
        })
        .collect();
    entry.details = if splits.is_empty() {
        vec![detail]
    } else {
        splits
    };
    sink.entry(entry);
}
