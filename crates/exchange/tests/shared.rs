//! The sample data of the developers, where it is present: published totals must come out.

use duebook_exchange::read::{Bytes, Dialect, FileKind, Flow, Options, Reason, Staged, stage};
use std::path::PathBuf;

fn shared(path: &str) -> Option<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let bytes = std::fs::read(root.join(path)).ok();
    if bytes.is_none() {
        println!("skipped: ../shared absent");
    }
    bytes
}

fn read(path: &str, bytes: &[u8], currency: &str) -> Staged {
    let options = Options {
        currency: Some(currency.into()),
        ..Options::default()
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    stage(&Bytes { name, bytes }, &options, &mut |_| Flow::Continue).expect("staged")
}

#[test]
fn ibm_sample() {
    let path = "ar_ibm_watson/invoices.csv";
    let Some(bytes) = shared(path) else { return };
    let s = read(path, &bytes, "USD");
    assert_eq!(
        (s.preview.dialect.dialect, s.preview.kind),
        (Dialect::IbmSample, FileKind::InvoicesPaid)
    );
    assert_eq!(
        (s.preview.counts.accepted, s.preview.customers),
        (1_479, 60)
    );
    assert_eq!(
        (
            s.preview.totals[0].amount.as_str(),
            s.preview.totals[0].open.as_str()
        ),
        ("88824.82", "0.00")
    );
    assert!(s.preview.questions.is_empty());
}

#[test]
fn highradius_open_items() {
    let path = "ar_highradius_open/open_items_raw_ddmmyyyy.csv";
    let Some(bytes) = shared(path) else { return };
    let options = Options::default();
    let s = stage(
        &Bytes {
            name: path,
            bytes: &bytes,
        },
        &options,
        &mut |_| Flow::Continue,
    )
    .expect("staged");
    assert_eq!(
        (s.preview.dialect.dialect, s.preview.kind),
        (Dialect::HighRadius, FileKind::OpenItems)
    );
    assert_eq!(
        (
            s.preview.counts.accepted,
            s.preview.counts.refused,
            s.preview.customers
        ),
        (6_847, 0, 332)
    );
    // 200354658.126 published with three decimals: ours plus what rounding took is that, exactly.
    let cents = s.totals.currencies[0].open;
    let thousandths: i128 = s.preview.rounding[0]
        .difference
        .parse::<rust_decimal::Decimal>()
        .map(|d| {
            let mut d = d;
            d.rescale(3);
            d.mantissa()
        })
        .expect("decimal");
    assert_eq!(cents * 10 + thousandths, 200_354_658_126);
    assert_eq!(s.preview.totals[0].currency, "USD");
}

#[test]
fn swapped_days_and_months_show_as_due_before_date() {
    let path = "ar_highradius_open/aged_export_dates_swapped.csv";
    let Some(bytes) = shared(path) else { return };
    let s = read(path, &bytes, "USD");
    assert_eq!(s.preview.counts.accepted, 6_847);
    assert_eq!(s.preview.notes.count(Reason::DueBeforeDate), 2_491);
    let path = "ar_highradius_open/aged_export_v1.csv";
    let Some(bytes) = shared(path) else { return };
    // Two numbers stand twice in this one: four rows refused side by side.
    let counts = read(path, &bytes, "USD").preview.counts;
    assert_eq!((counts.accepted, counts.refused), (6_720, 4));
}

#[test]
fn billing_disputes() {
    let dir = "ar_billing_disputes";
    let Some(bytes) = shared(&format!("{dir}/invoices.csv")) else {
        return;
    };
    let s = stage(
        &Bytes {
            name: "invoices.csv",
            bytes: &bytes,
        },
        &Options::default(),
        &mut |_| Flow::Continue,
    )
    .expect("staged");
    assert_eq!(
        (s.preview.kind, s.preview.counts.accepted),
        (FileKind::OpenItems, 1_434)
    );
    assert_eq!(
        (
            s.preview.totals[0].currency.as_str(),
            s.preview.totals[0].amount.as_str()
        ),
        ("USD", "899025.97")
    );
    assert!(s.preview.notes.count(Reason::StatusSaysPaid) > 0);
    let Some(bytes) = shared(&format!("{dir}/payments.csv")) else {
        return;
    };
    let s = stage(
        &Bytes {
            name: "payments.csv",
            bytes: &bytes,
        },
        &Options::default(),
        &mut |_| Flow::Continue,
    )
    .expect("staged");
    assert_eq!(
        (s.preview.kind, s.batch.payments.len()),
        (FileKind::Payments, 1_236)
    );
    assert_eq!(s.preview.totals[0].amount, "663893.62");
    let Some(bytes) = shared(&format!("{dir}/customers.csv")) else {
        return;
    };
    let s = read("customers.csv", &bytes, "USD");
    assert_eq!(
        (s.preview.kind, s.batch.customers.len()),
        (FileKind::Customers, 84)
    );
}

#[test]
fn messy_files_are_read_or_refused_without_a_panic() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/csv_messy");
    let Ok(dir) = std::fs::read_dir(root) else {
        println!("skipped: ../shared absent");
        return;
    };
    let mut facts = std::collections::BTreeMap::new();
    for entry in dir.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(bytes) = std::fs::read(entry.path()) else {
            continue;
        };
        let s = stage(
            &Bytes {
                name: &name,
                bytes: &bytes,
            },
            &Options::default(),
            &mut |_| Flow::Continue,
        );
        if let Ok(s) = s {
            let p = s.preview;
            facts.insert(
                name,
                (
                    p.text.map(|t| (t.encoding, t.delimiter)),
                    p.header_line,
                    p.columns.len(),
                ),
            );
        }
    }
    let text = |name: &str| facts[name].0.clone();
    assert_eq!(text("horror__simple.ssv"), Some(("UTF-8".into(), ';')));
    assert_eq!(text("horror__simple.psv"), Some(("UTF-8".into(), '|')));
    assert_eq!(text("horror__example.tsv").map(|t| t.1), Some('\t'));
    assert_eq!(
        text("horror__spanish_chars.csv"),
        Some(("windows-1252".into(), ','))
    );
    assert!(facts["horror__simple.xlsx"].0.is_none());
    assert!(
        facts.contains_key("horror__simple.xls") && facts.contains_key("horror__blank_line.ods")
    );
}
