//! X12 820, lockbox and pain.001.

use super::*;

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
