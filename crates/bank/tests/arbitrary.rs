//! Arbitrary and mutated bytes never panic, and what comes out stays within the limits.

use duebook_bank::{Format, Options, advice, detect, limits, read, read_as};
use proptest::prelude::*;

const FORMATS: [Format; 15] = [
    Format::Camt052,
    Format::Camt053,
    Format::Camt054,
    Format::Pain001,
    Format::Mt940,
    Format::Mt942,
    Format::Bai2,
    Format::Lockbox,
    Format::Ofx,
    Format::Qif,
    Format::X12,
    Format::BankTable,
    Format::RemittanceTable,
    Format::Advice,
    Format::Archive,
];

/// The fixtures, as seeds of mutations.
fn seeds() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("fixtures")
        .flatten()
        .map(|e| e.path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|f| std::fs::read(f).expect("a fixture"))
        .collect()
}

fn bounded(bytes: &[u8]) {
    for name in ["x", "x.csv", "x.zip"] {
        let _ = detect(bytes, name);
        let _ = read(bytes, name, &Options::default());
    }
    for format in FORMATS {
        if let Ok(file) = read_as(format, bytes, "x", &Options::default()) {
            assert!(file.findings.len() <= limits::MAX_FINDINGS + 1);
            let entries: usize = file.statements.iter().map(|s| s.entries.len()).sum();
            // Each entry takes at least one byte of the file, whatever the format.
            assert!(entries <= bytes.len());
        }
    }
    let text = String::from_utf8_lossy(bytes);
    for mark in advice::read(&text, None).marks {
        assert!(
            mark.start < mark.end && text.get(mark.start..mark.end).is_some(),
            "{mark:?}"
        );
    }
}

/// Pieces of every format, to be put together at random.
const PIECES: [&str; 40] = [
    ":20:",
    ":61:",
    "2603020302C1,00NTRF",
    ":86:",
    "166?00",
    "?20EREF+",
    ":60F:C260302EUR1,00",
    "\n",
    "/EREF/",
    "<",
    ">",
    "</",
    "<Ntry>",
    "<Amt Ccy='EUR'>",
    "<TxDtls>",
    "</Ntry>",
    "&#0;",
    "&",
    "01,",
    "16,",
    "88,",
    "/",
    "D,3,",
    ",",
    "<STMTTRN>",
    "<TRNAMT>",
    "!Type:Bank",
    "D1/2'7",
    "T-1.",
    "^",
    "ISA*",
    "~",
    "ST*820*",
    "RMR*IV*",
    "ADX*",
    "\u{feff}",
    "é",
    "€",
    "Date;Amount\n",
    "RF18",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        bounded(&bytes);
    }

    #[test]
    fn pieces_of_formats(pieces in proptest::collection::vec(0usize..PIECES.len(), 0..60)) {
        let text: String = pieces.iter().map(|i| PIECES[*i]).collect();
        bounded(text.as_bytes());
    }

    #[test]
    fn mutated_fixtures(which in any::<prop::sample::Index>(), changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..12)) {
        let seeds = seeds();
        let mut bytes = which.get(&seeds).clone();
        for (at, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let i = at.index(bytes.len());
            match how {
                0 => bytes[i] = byte,
                1 => bytes.insert(i, byte),
                2 => { bytes.remove(i); }
                _ => bytes.truncate(i),
            }
        }
        bounded(&bytes);
    }
}

#[test]
fn long_and_deep_input_ends() {
    let deep = "<Stmt>".repeat(20_000);
    let file = read_as(Format::Camt053, deep.as_bytes(), "x", &Options::default()).expect("read");
    assert!(!file.findings.is_empty());
    let many = format!(
        "<Stmt><Ntry><Amt>1</Amt><X>{}</X></Ntry></Stmt>",
        "<Y/>".repeat(70_000)
    );
    let file = read_as(Format::Camt053, many.as_bytes(), "x", &Options::default()).expect("read");
    assert_eq!(file.statements[0].entries.len(), 1);
    let long = format!(
        ":20:X\n:61:260302C1,00NTRF{}\n:86:{}",
        "x".repeat(200_000),
        "y\n".repeat(5_000)
    );
    let file = read_as(Format::Mt940, long.as_bytes(), "x", &Options::default()).expect("read");
    assert_eq!(file.statements[0].entries.len(), 1);
    let records = format!(
        "01,A/\n02,A,B,1,260302,,USD,2/\n03,1/\n16,142,1,,,,t/\n{}",
        "88,x\n".repeat(5_000)
    );
    let file = read_as(Format::Bai2, records.as_bytes(), "x", &Options::default()).expect("read");
    assert!(
        file.findings
            .iter()
            .any(|f| matches!(f.problem, duebook_bank::Problem::Limit { .. }))
    );
}
