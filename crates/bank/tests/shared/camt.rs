//! camt.052, 053 and 054.

use super::*;

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
