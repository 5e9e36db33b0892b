//! BAI2, OFX, QIF and tables.

use super::*;

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

#[test]
fn ledgers_are_not_taken_for_statements() {
    for name in ["ar_ibm_watson", "ar_highradius_open", "ar_billing_disputes"] {
        for path in folder(name).unwrap_or_default() {
            let found = duebook_bank::detect(&bytes(&path), &path.display().to_string());
            assert_ne!(
                found,
                Ok(duebook_bank::Format::BankTable),
                "{}",
                path.display()
            );
        }
    }
}
