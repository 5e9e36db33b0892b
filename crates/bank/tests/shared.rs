//! Every bank and remittance file of the shared data, against what peers and raw extractions say.
//! Prints one line per format; skipped where the data is absent.

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

#[test]
fn mt940_reads_every_line_of_the_raw_oracle_and_of_the_peer() {
    let Some(files) = folder("bank_mt940") else {
        return;
    };
    let mut counts = Counts::default();
    for path in files {
        counts.files += 1;
        let expect = expected(&path);
        let file = match parsed(&path, &Options::default()) {
            Ok(file) => file,
            Err(error) => {
                let peer = expect["mt940_py_5_1_1"]["transactions"]
                    .as_array()
                    .map_or(0, Vec::len);
                assert_eq!(peer, 0, "{}: {error}", path.display());
                continue;
            }
        };
        counts.add(&file);
        if let Some(peer) = expect["mt940_py_5_1_1"]["transactions"].as_array() {
            let theirs: Vec<i64> = peer
                .iter()
                .filter_map(|t| t["amount"]["amount"].as_str())
                .map(|t| minor(t, Currency::EUR))
                .collect();
            // The peer leaves the sign of reversals (RC, RD) as it is; the raw sums below are right.
            let ours: Vec<i64> = entries(&file)
                .map(|e| {
                    if e.reversal {
                        -e.amount.minor
                    } else {
                        e.amount.minor
                    }
                })
                .collect();
            assert_eq!(ours, theirs, "{}", path.display());
            for (entry, peer) in file.statements.iter().flat_map(|s| &s.entries).zip(peer) {
                if let (Some(day), Some(theirs)) = (entry.value, peer["date"].as_str()) {
                    assert_eq!(day.to_string(), theirs, "{}", path.display());
                }
            }
        }
        let raw = expect["statements_raw"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let raw: Vec<&Value> = raw.iter().collect();
        if raw.len() != file.statements.len() {
            assert!(
                raw.is_empty(),
                "{}: {} of {} statements",
                path.display(),
                file.statements.len(),
                raw.len()
            );
        }
        for (statement, raw) in file.statements.iter().zip(raw) {
            let lines =
                raw["lines"].as_u64().unwrap_or(0) + raw["unparsed_61"].as_u64().unwrap_or(0);
            assert_eq!(statement.entries.len() as u64, lines, "{}", path.display());
            if raw["unparsed_61"].as_u64() == Some(0) {
                let sum = minor(
                    raw["sum_signed"].as_str().expect("a sum"),
                    statement.currency,
                );
                assert_eq!(statement.movements(), i128::from(sum), "{}", path.display());
            }
            for (balance, name) in [
                (statement.opening(), "opening"),
                (statement.closing(), "closing"),
            ] {
                if let (Some(balance), Some(theirs)) = (balance, raw[name]["amount"].as_str()) {
                    let sign = if raw[name]["dc"] == "D" { -1 } else { 1 };
                    assert_eq!(
                        balance.amount.minor,
                        sign * minor(theirs, balance.amount.currency),
                        "{}",
                        path.display()
                    );
                }
            }
        }
    }
    counts.print("mt940");
    assert!(
        counts.read >= 59 && counts.entries >= 361 && counts.statements >= 183,
        "fewer than before"
    );
}

fn camt(folder_name: &str) -> Option<Counts> {
    let files = folder(folder_name)?;
    let mut counts = Counts::default();
    for path in files {
        counts.files += 1;
        let file = parsed(&path, &Options::default())
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        counts.add(&file);
        let expect = expected(&path);
        let Some(statements) = expect["statements"].as_array() else {
            continue;
        };
        assert_eq!(
            file.statements.len(),
            statements.len(),
            "{}",
            path.display()
        );
        for (ours, theirs) in file.statements.iter().zip(statements) {
            camt_statement(ours, theirs, &path);
        }
    }
    counts.print(folder_name);
    Some(counts)
}

fn camt_statement(ours: &duebook_bank::Statement, theirs: &Value, path: &Path) {
    let shown = path.display();
    if let Some(iban) = theirs["iban"].as_str() {
        assert_eq!(ours.account.id(), Some(iban), "{shown}");
    }
    let balances = theirs["balances"].as_array().cloned().unwrap_or_default();
    assert_eq!(ours.balances.len(), balances.len(), "{shown}");
    for (ours, theirs) in ours.balances.iter().zip(&balances) {
        let debit = theirs["dc"].as_str().is_some_and(|d| d.starts_with("DBIT"));
        let amount = minor(
            theirs["amount"].as_str().expect("amount"),
            ours.amount.currency,
        );
        assert_eq!(
            ours.amount.minor,
            if debit { -amount } else { amount },
            "{shown}"
        );
        assert_eq!(
            Some(ours.amount.currency.code()),
            theirs["ccy"].as_str(),
            "{shown}"
        );
        assert_eq!(
            ours.date.map(|d| d.to_string()).as_deref(),
            theirs["date"].as_str(),
            "{shown}"
        );
        if theirs["type"] == "CLBD" {
            assert_eq!(ours.kind, BalanceKind::Closing);
        }
    }
    let entries = theirs["entries"].as_array().cloned().unwrap_or_default();
    assert_eq!(ours.entries.len(), entries.len(), "{shown}");
    for (ours, theirs) in ours.entries.iter().zip(&entries) {
        let amount = minor(
            theirs["amount"].as_str().expect("amount"),
            ours.amount.currency,
        );
        assert_eq!(
            ours.amount.minor,
            if theirs["dc"] == "DBIT" {
                -amount
            } else {
                amount
            },
            "{shown}"
        );
        assert_eq!(ours.reversal, theirs["reversal"] == "true", "{shown}");
        assert_eq!(
            ours.booked.map(|d| d.to_string()).as_deref(),
            theirs["booking"].as_str().map(|d| &d[..10]),
            "{shown}"
        );
        assert_eq!(
            ours.value.map(|d| d.to_string()).as_deref(),
            theirs["value"].as_str().map(|d| &d[..10]),
            "{shown}"
        );
        let details = theirs["details"].as_array().cloned().unwrap_or_default();
        assert_eq!(ours.details.len(), details.len(), "{shown}");
        for (ours, theirs) in ours.details.iter().zip(&details) {
            if let Some(debtor) = theirs["debtor"].as_str() {
                assert_eq!(ours.payer.name.as_deref(), Some(debtor), "{shown}");
            }
            if let Some(creditor) = theirs["creditor"].as_str() {
                assert_eq!(ours.payee.name.as_deref(), Some(creditor), "{shown}");
            }
            if let (Some(amount), Some(mine)) = (theirs["amount"].as_str(), ours.amount) {
                assert_eq!(mine.minor.abs(), minor(amount, mine.currency), "{shown}");
            }
            for number in theirs["strd"]
                .as_array()
                .into_iter()
                .flatten()
                .flat_map(|s| s["doc_no"].as_array().cloned().unwrap_or_default())
            {
                let number = number.as_str().unwrap_or("");
                assert!(
                    ours.documents.iter().any(|d| d.reference.contains(number)),
                    "{shown}: {number}"
                );
            }
            for text in theirs["ustrd"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
            {
                let plain = |t: &str| t.split_whitespace().collect::<String>();
                assert!(plain(&ours.text).contains(&plain(text)), "{shown}: {text}");
            }
            assert_eq!(
                ours.returned
                    .as_ref()
                    .map(|r| r.code.as_str())
                    .filter(|c| !c.is_empty()),
                theirs["return_reason"].as_str(),
                "{shown}"
            );
        }
    }
    let check = theirs["balance_check"].as_str().unwrap_or("ok");
    let closing = ours
        .closing()
        .zip(ours.opening())
        .map(|(c, o)| i128::from(c.amount.minor) - i128::from(o.amount.minor) - ours.movements());
    if check == "ok"
        && !entries.is_empty()
        && closing.is_some()
        && entries.iter().all(|e| e["status"] != "PDNG")
    {
        assert_eq!(closing, Some(0), "{shown}");
    }
}

#[test]
fn camt_reads_every_statement_as_its_oracles_do() {
    let Some(counts) = camt("bank_camt") else {
        return;
    };
    assert!(
        counts.read == 20 && counts.entries >= 19,
        "fewer than before"
    );
}

#[test]
fn rc_01_camt_days_follow_each_other() {
    let Some(counts) = camt("bank_camt_daily") else {
        return;
    };
    assert!(
        counts.read == 144
            && counts.statements == 237
            && counts.entries == 1_525
            && counts.details == 2_957,
        "fewer than before"
    );
    // Day after day, the closing of one is the opening of the next.
    let mut last = std::collections::BTreeMap::new();
    for path in folder("bank_camt_daily").unwrap_or_default() {
        if !path.display().to_string().contains("LT6258__") {
            continue;
        }
        for s in parsed(&path, &Options::default()).expect("read").statements {
            let id = s.account.id().expect("an account").to_owned();
            if let Some(before) = last.insert(id, s.closing().expect("closing").amount) {
                assert_eq!(
                    before,
                    s.opening().expect("opening").amount,
                    "{}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn bai2_reads_every_record() {
    let Some(files) = folder("bank_bai2") else {
        return;
    };
    let mut counts = Counts::default();
    for path in files {
        counts.files += 1;
        let expect = expected(&path);
        let Ok(file) = parsed(&path, &Options::default()) else {
            // One file has a record code that does not exist, and nothing else.
            assert!(
                expect["moj_bai2_0_15"]["error"].is_string(),
                "{}",
                path.display()
            );
            continue;
        };
        counts.add(&file);
        if let Some(summary) = expect["expected_summary_cents"].as_object() {
            for (code, cents) in summary {
                let kind = match code.as_str() {
                    "010" => BalanceKind::Opening,
                    "015" => BalanceKind::Closing,
                    "040" => BalanceKind::OpeningAvailable,
                    "045" => BalanceKind::Available,
                    "100" | "400" => continue,
                    other => BalanceKind::Other(other.to_owned()),
                };
                let ours = file.statements[0].balances.iter().find(|b| b.kind == kind);
                assert_eq!(ours.map(|b| b.amount.minor), cents.as_i64(), "{code}");
            }
        }
        let accounts = expect["raw"]["accounts"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for (ours, raw) in file.statements.iter().zip(&accounts) {
            if path.display().to_string().contains("sample3") {
                // Several records to a line: the raw extraction saw only the first of each.
                continue;
            }
            assert_eq!(
                ours.entries.len() as u64,
                raw["n16"].as_u64().unwrap_or(0),
                "{}",
                path.display()
            );
            let sum: i64 = ours.entries.iter().map(|e| e.amount.minor.abs()).sum();
            assert_eq!(Some(sum), raw["sum16"].as_i64(), "{}", path.display());
        }
        for (ours, group) in file.statements.iter().zip(
            expect["moj_bai2_0_15"]["groups"]
                .as_array()
                .into_iter()
                .flatten()
                .flat_map(|g| g["accounts"].as_array().cloned().unwrap_or_default()),
        ) {
            for (entry, theirs) in ours
                .entries
                .iter()
                .zip(group["transactions"].as_array().into_iter().flatten())
            {
                assert_eq!(
                    Some(entry.amount.minor.abs()),
                    theirs["amount_cents"].as_i64(),
                    "{}",
                    path.display()
                );
                assert_eq!(
                    entry.bank_reference.as_deref().unwrap_or(""),
                    theirs["bank_ref"].as_str().unwrap_or("")
                );
                let credit = theirs["level"]
                    .as_str()
                    .is_some_and(|l| l.contains("credit"));
                assert_eq!(entry.amount.minor > 0, credit, "{}", path.display());
            }
        }
    }
    counts.print("bai2");
    assert!(
        counts.read >= 7 && counts.entries >= 43,
        "fewer than before"
    );
}

#[test]
fn bai2_lines_as_another_implementation_reads_them() {
    let path = Path::new(SHARED).join("oracles/bai2_lines_stechstudio.json");
    let Ok(text) = std::fs::read(path) else {
        return println!("skipped: ../shared absent");
    };
    let cases: Vec<Value> = serde_json::from_slice(&text).expect("cases");
    for case in cases {
        let line = case["line"].as_str().expect("a line");
        let expect = &case["expect"];
        let read = transaction_line(line);
        if expect["error"].is_string() {
            assert!(read.is_none(), "{line}");
            continue;
        }
        let read = read.unwrap_or_else(|| panic!("{line}"));
        if expect.get("amount_cents").is_some() {
            assert_eq!(read.amount, expect["amount_cents"].as_i64(), "{line}");
        }
        for (ours, name) in [
            (&read.bank_reference, "bank_ref"),
            (&read.customer_reference, "cust_ref"),
            (&read.text, "text"),
        ] {
            if let Some(theirs) = expect[name].as_str() {
                assert_eq!(ours, theirs, "{line}");
            }
        }
        match &read.funds {
            Funds::Value(day, time) => {
                assert_eq!(
                    day.map(|d| d.to_string()).as_deref(),
                    expect["value_date"].as_str(),
                    "{line}"
                );
                assert_eq!(
                    Some(time.as_str()),
                    expect["value_time"]
                        .as_str()
                        .map(|t| t.replace(':', ""))
                        .as_deref()
                );
            }
            Funds::Spread(spread) => {
                let all = expect["availability_cents"]
                    .as_object()
                    .expect("availability");
                let theirs: Vec<i64> = all.values().filter_map(Value::as_i64).collect();
                let mut ours: Vec<i64> = spread.iter().map(|s| s.1).collect();
                ours.sort_unstable();
                let mut theirs = theirs;
                theirs.sort_unstable();
                assert_eq!(ours, theirs, "{line}");
            }
            _ if expect.get("funds").is_none() => {}
            Funds::Days(days) => assert_eq!(
                expect["funds"].as_str(),
                Some(days.to_string().as_str()),
                "{line}"
            ),
            Funds::Unknown => assert!(expect["funds"].is_null(), "{line}"),
        }
    }
}

#[test]
fn mt940_years_of_the_public_bug_reports() {
    let path = Path::new(SHARED).join("oracles/mt940_year_boundary.json");
    let Ok(text) = std::fs::read(path) else {
        return println!("skipped: ../shared absent");
    };
    let cases: Vec<Value> = serde_json::from_slice(&text).expect("cases");
    for case in cases {
        let text = format!(
            ":20:X\n:60F:C200101EUR0,\n{}\n:62F:C200101EUR0,\n",
            case["line"].as_str().expect("a line")
        );
        let file = read(text.as_bytes(), "x.sta", &Options::default()).expect("read");
        let entry = &file.statements[0].entries[0];
        assert_eq!(
            entry.value.map(|d| d.to_string()).as_deref(),
            case["value_date"].as_str(),
            "{text}"
        );
        assert_eq!(
            entry.booked.map(|d| d.to_string()).as_deref(),
            case["entry_date"].as_str(),
            "{text}"
        );
    }
}

#[test]
fn ofx_reads_every_transaction_of_its_peers() {
    let Some(files) = folder("bank_ofx") else {
        return;
    };
    let mut counts = Counts::default();
    for path in files {
        counts.files += 1;
        let expect = expected(&path);
        let file = parsed(&path, &Options::default())
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        counts.add(&file);
        let raw: Vec<String> = expect["trnamt"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        let ours: Vec<i64> = sums(&file);
        let currency = |i: usize| {
            file.statements
                .iter()
                .flat_map(|s| &s.entries)
                .nth(i)
                .map_or(Currency::EUR, |e| e.amount.currency)
        };
        let theirs: Vec<i64> = raw
            .iter()
            .filter(|t| !t.trim().is_empty())
            .enumerate()
            .map(|(i, t)| grouped(t, currency(i)))
            .collect();
        assert_eq!(ours, theirs, "{}", path.display());
        let peer: Vec<&Value> = expect["ofxparse_0_21"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|a| a["transactions"].as_array().into_iter().flatten())
            .collect();
        for (entry, theirs) in file.statements.iter().flat_map(|s| &s.entries).zip(peer) {
            if let (Some(day), Some(date)) = (entry.booked, theirs["date"].as_str()) {
                // The peer shifts by the time zone; we keep the day as written.
                let written = expect["n_stmttrn"].as_u64().is_some();
                assert!(written && !date.is_empty() && day.to_string().len() == 10);
            }
            if let Some(id) = theirs["id"].as_str().filter(|i| !i.is_empty()) {
                assert_eq!(
                    entry.bank_reference.as_deref(),
                    Some(id),
                    "{}",
                    path.display()
                );
            }
        }
    }
    counts.print("ofx");
    assert!(
        counts.read == 46 && counts.entries >= 153,
        "fewer than before"
    );
}

/// Raw OFX amounts may be grouped (`1,650.00`).
fn grouped(text: &str, currency: Currency) -> i64 {
    let text = if text.contains(',') && text.contains('.') {
        text.replace(',', "")
    } else {
        text.to_owned()
    };
    minor(&text, currency)
}

#[test]
fn qif_reads_every_record() {
    let Some(files) = folder("bank_qif") else {
        return;
    };
    let mut counts = Counts::default();
    for path in files {
        counts.files += 1;
        let options = Options {
            date_order: None,
            ..Options::default()
        };
        let expect = expected(&path);
        let file = match parsed(&path, &options) {
            Ok(file) => file,
            Err(error) => {
                assert_eq!(error, duebook_bank::Error::Empty, "{}", path.display());
                continue;
            }
        };
        counts.add(&file);
        let bank = |r: &&Value| {
            let context = r["ctx"].as_str().unwrap_or("!Type:Bank");
            ["Bank", "Cash", "CCard", "Oth A", "Oth L"]
                .iter()
                .any(|t| context.ends_with(t))
                && r["amount"].is_string()
        };
        let raw: Vec<i64> = expect["raw_transactions"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(bank)
            .filter(|r| r["payee"] != "Opening Balance")
            .filter_map(|r| r["amount"].as_str())
            .map(|t| minor(&t.replace(',', ""), Currency::XXX))
            .collect();
        assert_eq!(sums(&file), raw, "{}", path.display());
    }
    counts.print("qif");
    assert!(counts.read >= 12, "fewer than before");
}

#[test]
fn tables_read_as_their_importers_assert() {
    let Some(files) = folder("bank_csv") else {
        return;
    };
    let mut counts = Counts::default();
    for path in files {
        counts.files += 1;
        let expect = expected(&path);
        let file = parsed(&path, &Options::default())
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        counts.add(&file);
        let ours = sums(&file);
        let strings = |v: &Value| -> Vec<i64> {
            v.as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(|t| minor(t, Currency::EUR))
                .collect()
        };
        for name in ["amounts", "signed"] {
            if expect[name].is_array() {
                assert_eq!(ours, strings(&expect[name]), "{}", path.display());
            }
        }
        if let Some(rows) = expect["rows"].as_array() {
            let signed: Vec<i64> = rows
                .iter()
                .filter_map(|r| r["signed"].as_str())
                .map(|t| minor(t, Currency::EUR))
                .collect();
            assert_eq!(ours, signed, "{}", path.display());
        }
        if let Some(lines) = expect["lines"].as_u64() {
            assert_eq!(ours.len() as u64, lines, "{}", path.display());
        }
        let days = |v: &Value| -> Vec<String> {
            v.as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        if expect["dates"].is_array() {
            let ours: Vec<String> = file
                .statements
                .iter()
                .flat_map(|s| &s.entries)
                .filter_map(|e| Some(e.booked?.to_string()))
                .collect();
            assert_eq!(ours, days(&expect["dates"]), "{}", path.display());
        }
        for (name, alias, kind) in [
            ("balance_start", "start", BalanceKind::Opening),
            ("balance_end", "end", BalanceKind::Closing),
        ] {
            if let Some(amount) = expect[name].as_str().or_else(|| expect[alias].as_str()) {
                let ours = file.statements[0]
                    .balances
                    .iter()
                    .find(|b| b.kind == kind)
                    .map(|b| b.amount.minor);
                assert_eq!(
                    ours,
                    Some(minor(amount, Currency::EUR)),
                    "{}",
                    path.display()
                );
            }
        }
        if path.display().to_string().contains("meta_data") {
            // Out by two cents, and said so.
            let out = file.findings.iter().any(|f| matches!(&f.problem, duebook_bank::Problem::OutOfBalance { difference, .. } if difference.minor == 2));
            assert!(out, "{:?}", file.findings);
        }
        assert!(
            file.statements
                .iter()
                .flat_map(|s| &s.entries)
                .all(|e| e.status == Status::Booked)
        );
    }
    counts.print("csv");
    assert!(counts.read == 13, "fewer than before");
}

#[test]
fn remittances_read_as_their_oracles_do() {
    let Some(files) = folder("remit_x12_820") else {
        return;
    };
    let mut counts = Counts::default();
    for path in files {
        counts.files += 1;
        let expect = expected(&path);
        let file = parsed(&path, &Options::default())
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        counts.add(&file);
        let remittance = &file.remittances[0];
        assert_eq!(
            remittance.trace.as_deref(),
            expect["trace"].as_str(),
            "{}",
            path.display()
        );
        assert_eq!(
            remittance.total.map(|t| t.minor),
            expect["bpr"]["amount"]
                .as_str()
                .map(|t| minor(t, Currency::USD)),
            "{}",
            path.display()
        );
        let lines: Vec<(String, Option<i64>)> = remittance
            .lines
            .iter()
            .map(|l| (l.reference.clone(), l.paid.map(|p| p.minor)))
            .collect();
        let theirs: Vec<(String, Option<i64>)> = expect["rmr"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|r| {
                (
                    r["ref"].as_str().unwrap_or("").to_owned(),
                    r["paid"].as_str().map(|t| minor(t, Currency::USD)),
                )
            })
            .collect();
        assert_eq!(lines, theirs, "{}", path.display());
        let count = file
            .findings
            .iter()
            .any(|f| matches!(f.problem, duebook_bank::Problem::Count { of: "SE", .. }));
        assert_eq!(
            count,
            expect["se_count_matches"] == false,
            "{}: {:?}",
            path.display(),
            file.findings
        );
        let payer = expect["parties"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|p| p["role"] == "PR")
            .and_then(|p| p["name"].as_str().map(str::to_owned));
        assert_eq!(
            remittance.payer.name,
            payer.filter(|n| !n.is_empty()),
            "{}",
            path.display()
        );
    }
    counts.print("x12 820");
    assert!(
        counts.read == 6 && counts.entries >= 12,
        "fewer than before"
    );
    lockbox_and_pain();
}

fn lockbox_and_pain() {
    for path in folder("remit_lockbox_bai").unwrap_or_default() {
        let file = parsed(&path, &Options::default()).expect("read");
        let expect = expected(&path);
        for (ours, theirs) in file
            .remittances
            .iter()
            .zip(expect["checks"].as_array().expect("checks"))
        {
            assert_eq!(ours.payer.name.as_deref(), theirs["sender"].as_str());
            assert_eq!(ours.payee.name.as_deref(), theirs["recipient"].as_str());
            assert_eq!(
                ours.date.map(|d| d.to_string()).as_deref(),
                theirs["date"].as_str()
            );
            assert_eq!(
                ours.cheque.as_deref(),
                Some(theirs["number"].to_string().as_str())
            );
            assert_eq!(
                ours.total.map(|t| t.minor),
                theirs["amount"].as_str().map(|t| minor(t, Currency::USD))
            );
            assert_eq!(ours.text, theirs["memo"].as_str().expect("memo"));
        }
        assert!(file.findings.is_empty(), "{:?}", file.findings);
        println!("lockbox: {} cheques", file.remittances.len());
    }
    for path in folder("remit_pain001").unwrap_or_default() {
        let file = parsed(&path, &Options::default()).expect("read");
        let expect = expected(&path);
        for (ours, theirs) in file
            .remittances
            .iter()
            .zip(expect["remittances"].as_array().expect("remittances"))
        {
            assert_eq!(Some(ours.currency.code()), theirs["ccy"].as_str());
            assert_eq!(
                ours.total.map(|t| t.minor),
                theirs["amount"].as_str().map(|t| minor(t, ours.currency))
            );
            assert_eq!(
                Some(ours.lines[0].reference.as_str()),
                theirs["doc"].as_str()
            );
            assert_eq!(
                ours.lines[0].date.map(|d| d.to_string()).as_deref(),
                theirs["doc_date"].as_str()
            );
            assert_eq!(ours.payer.name.as_deref(), expect["payer"].as_str());
        }
        assert!(file.findings.is_empty(), "{:?}", file.findings);
        println!("pain.001: {} transfers", file.remittances.len());
    }
}

#[test]
fn dates_of_a_file_that_leaves_their_order_open_are_asked_for() {
    let Some(files) = folder("bank_qif") else {
        return;
    };
    let open = files
        .iter()
        .find(|p| p.display().to_string().contains("wikipedia_simple"))
        .expect("the file");
    let file = parsed(open, &Options::default()).expect("read");
    assert!(!file.questions.is_empty());
    let answered = Options {
        date_order: Some(DateOrder::Mdy),
        ..Options::default()
    };
    let file = parsed(open, &answered).expect("read");
    assert!(file.questions.is_empty());
    assert_eq!(
        file.statements[0].entries[1]
            .booked
            .map(|d| d.to_string())
            .as_deref(),
        Some("2010-03-04")
    );
}
