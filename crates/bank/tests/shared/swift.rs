//! MT940 and MT942.

use super::*;

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
