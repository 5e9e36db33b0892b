//! Bad files each get their own error with its facts; odd rows are refused alone; nothing panics.

use duebook_exchange::read::{
    Bytes, Family, FileError, FileKind, Flow, NotTable, Options, Order, Question, Reason, Staged,
    limits, stage,
};
use proptest::prelude::*;
use std::io::Write;

fn read(bytes: &[u8], options: &Options) -> Result<Staged, FileError> {
    stage(
        &Bytes {
            name: "test.csv",
            bytes,
        },
        options,
        &mut |_| Flow::Continue,
    )
}

fn eur() -> Options {
    Options {
        currency: Some("EUR".into()),
        ..Options::default()
    }
}

fn refusal(bytes: &[u8]) -> FileError {
    read(bytes, &Options::default()).expect_err("refused")
}

const HEAD: &str = "Customer ID,Invoice No,Invoice Date,Due Date,Amount\n";

#[test]
fn nothing_at_all() {
    assert_eq!(refusal(b""), FileError::Empty);
    assert_eq!(refusal(HEAD.as_bytes()), FileError::NoRows { lines: 1 });
    assert!(matches!(refusal(b"\n\n \n"), FileError::NoRows { .. }));
}

#[test]
fn a_quote_never_closed_has_a_line() {
    let text = format!(
        "{HEAD}C1,1,2025-01-02,2025-02-01,5.00\nC1,\"2,2025-01-02,2025-02-01,5.00\nC1,3,2025-01-02,2025-02-01,5.00\n"
    );
    assert_eq!(
        refusal(text.as_bytes()),
        FileError::QuoteNeverClosed { line: 3, column: 2 }
    );
    // Even in the very last cell, and even without a line end.
    let text = format!("{HEAD}C1,1,2025-01-02,2025-02-01,\"5.00");
    assert_eq!(
        refusal(text.as_bytes()),
        FileError::QuoteNeverClosed { line: 2, column: 5 }
    );
    // A quote inside a cell is a quote.
    let text = format!("{HEAD}C1,5\" pipe,2025-01-22,2025-02-01,5.00\n");
    assert_eq!(
        read(text.as_bytes(), &eur())
            .expect("read")
            .preview
            .counts
            .accepted,
        1
    );
    // In a big file it is found before the rest is swallowed.
    let mut text = format!("{HEAD}C1,\"1,2025-01-02,2025-02-01,5.00\n");
    for i in 0..60_000 {
        text.push_str(&format!("C1,{i},2025-01-02,2025-02-01,5.00\n"));
    }
    assert!(matches!(
        refusal(text.as_bytes()),
        FileError::RowTooLong { line: 2, .. }
    ));
}

#[test]
fn ten_thousand_columns() {
    let text = vec!["a"; 10_000].join(",");
    let expected = FileError::TooManyColumns {
        line: 1,
        columns: 10_000,
        limit: limits::MAX_COLUMNS,
    };
    assert_eq!(refusal(text.as_bytes()), expected);
}

#[test]
fn two_gigabytes_are_refused_by_their_size() {
    struct Huge;
    impl duebook_exchange::read::Input for Huge {
        fn name(&self) -> &str {
            "huge.csv"
        }
        fn size(&self) -> u64 {
            2 << 30
        }
        fn open(&self) -> std::io::Result<Box<dyn std::io::Read + '_>> {
            Ok(Box::new(std::io::repeat(b'a')))
        }
    }
    let error = stage(&Huge, &Options::default(), &mut |_| Flow::Continue).expect_err("refused");
    let limit = limits::MAX_TEXT_BYTES;
    assert_eq!(
        error,
        FileError::TooLarge {
            bytes: 2 << 30,
            limit,
            family: Family::Text
        }
    );
}

#[test]
fn encrypted_workbooks_and_other_formats() {
    let mut ole = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    ole.resize(512, 0);
    ole.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(
        refusal(&ole),
        FileError::PasswordProtected {
            family: Family::Xlsx
        }
    );
    let not = |what| FileError::NotATable { what };
    assert_eq!(refusal(b"%PDF-1.7 ..."), not(NotTable::Pdf));
    assert_eq!(refusal(b"<html><table>"), not(NotTable::Markup));
    assert_eq!(
        refusal(&[0, 1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 200, 201]),
        not(NotTable::Binary)
    );
    assert!(matches!(
        refusal(&ole[..512]),
        FileError::BrokenWorkbook {
            family: Family::Xls,
            ..
        }
    ));
}

fn zipped(name: &str, zeros: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let deflated = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    zip.start_file(name, deflated).expect("entry");
    let block = vec![b' '; 1 << 20];
    (0..zeros).for_each(|_| zip.write_all(&block).expect("written"));
    zip.finish().expect("zip").into_inner()
}

#[test]
fn a_zip_bomb_is_not_opened() {
    let bomb = zipped("xl/worksheets/sheet1.xml", 100);
    let size = bomb.len() as u64;
    match refusal(&bomb) {
        FileError::ZipBomb {
            bytes,
            inflated,
            limit,
        } => {
            assert_eq!(
                (bytes, inflated, limit),
                (size, 100 << 20, limits::MAX_INFLATED_BYTES)
            );
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(
        refusal(&zipped("notes.txt", 1)),
        FileError::NotATable {
            what: NotTable::Zip
        }
    );
    let broken = zipped("xl/nothing.xml", 1);
    assert!(matches!(
        refusal(&broken),
        FileError::BrokenWorkbook {
            family: Family::Xlsx,
            ..
        }
    ));
}

#[test]
fn a_refused_row_takes_no_other_down() {
    let text = format!(
        "{HEAD}C1,1,2025-01-22,2025-02-01,5.00\nC1,,2025-01-22,2025-02-01,5.00\n,3,2025-01-22,2025-02-01,5.00\nC1,4,2025-13-45,2025-02-01,5.00\nC1,5,2025-01-22,2025-02-01,abc\nC1,6,2025-01-22,2025-02-01,5.005\nC1,7,,2025-02-01,5.00\nC1,8,2025-01-22,2025-01-01,5.00\n"
    );
    let s = read(text.as_bytes(), &eur()).expect("read");
    let counts = s.preview.counts;
    assert_eq!(
        (counts.read, counts.accepted, counts.warned, counts.refused),
        (8, 4, 3, 4)
    );
    let expected = [
        (3, Reason::NumberMissing),
        (4, Reason::CustomerMissing),
        (5, Reason::BadDate),
        (6, Reason::BadAmount),
    ];
    assert_eq!(s.refused, expected);
    for reason in [Reason::Rounded, Reason::DateMissing, Reason::DueBeforeDate] {
        assert_eq!(s.preview.notes.count(reason), 1, "{reason:?}");
    }
    assert_eq!(s.preview.rounding[0].difference, "-0.005");
    let bad = s
        .preview
        .notes
        .examples
        .iter()
        .find(|n| n.reason == Reason::BadAmount)
        .expect("note");
    assert_eq!(
        (bad.line, bad.column, bad.value.as_str()),
        (6, Some(4), "abc")
    );
}

#[test]
fn rows_of_one_key_are_refused_side_by_side() {
    let text = format!(
        "{HEAD}C1,1,2025-01-22,2025-02-01,5.00\nC1,2,2025-01-22,2025-02-01,6.00\nC9,1,2025-01-22,2025-02-01,7.00\n"
    );
    let s = read(text.as_bytes(), &eur()).expect("read");
    assert_eq!(
        s.refused,
        [(2, Reason::DuplicateKey), (4, Reason::DuplicateKey)]
    );
    assert_eq!(s.preview.totals[0].open, "6.00");
    // A credit of the same number is another item.
    let text = text.replace(
        "C9,1,2025-01-22,2025-02-01,7.00",
        "C9,1,2025-01-22,2025-02-01,-7.00",
    );
    assert_eq!(
        read(text.as_bytes(), &eur())
            .expect("read")
            .preview
            .counts
            .accepted,
        3
    );
}

#[test]
fn unticked_rows_stay_out() {
    let text = format!("{HEAD}C1,1,2025-01-22,2025-02-01,5.00\nC1,2,2025-01-22,2025-02-01,6.00\n");
    let mut options = eur();
    options.leave_out.insert(2);
    let s = read(text.as_bytes(), &options).expect("read");
    assert_eq!(
        (s.preview.counts.accepted, s.preview.counts.left_out),
        (1, 1)
    );
    assert_eq!(s.preview.items[0].number, "2");
}

#[test]
fn day_and_month_are_asked_never_guessed() {
    let text = format!("{HEAD}C1,1,03/04/2025,05/06/2025,5.00\nC1,2,01/02/2025,13/06/2025,6.00\n");
    let s = read(text.as_bytes(), &eur()).expect("read");
    match s.preview.questions.as_slice() {
        [
            Question::DateOrder {
                column,
                orders,
                examples,
                mixed: false,
            },
        ] => {
            assert_eq!(column, "Invoice Date");
            assert_eq!(orders.as_slice(), [Order::Dmy, Order::Mdy]);
            assert_eq!(examples.as_slice(), ["03/04/2025", "01/02/2025"]);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(s.batch.items.rows(), 0);
    let mut options = eur();
    options
        .date_orders
        .insert("Invoice Date".into(), Order::Mdy);
    let s = read(text.as_bytes(), &options).expect("read");
    assert_eq!(s.preview.items[0].doc_date.as_deref(), Some("2025-03-04"));
    assert_eq!(s.preview.items[0].due.as_deref(), Some("2025-06-05"));
}

#[test]
fn a_contradiction_far_below_the_sample_is_heard() {
    // 3,000 rows that read either way or as D/M only in the due date; then one that is month first.
    let mut text = String::from(HEAD);
    for i in 0..3_000 {
        text.push_str(&format!("C1,{i},2025-03-04,03/04/2025,1.5\n"));
    }
    let asked = read(text.as_bytes(), &eur())
        .expect("read")
        .preview
        .questions;
    assert!(
        matches!(asked.as_slice(), [Question::DateOrder { .. }]),
        "{asked:?}"
    );
    text.push_str("C1,last,2025-03-04,04/25/2025,1.5\n");
    let s = read(text.as_bytes(), &eur()).expect("read");
    assert_eq!(s.preview.counts.accepted, 3_001);
    assert_eq!(s.preview.items[0].due.as_deref(), Some("2025-03-04"));
    // Amounts: the sample has points, a later row a comma: no one reading fits, so it is asked.
    text.push_str("C1,comma,2025-03-04,04/25/2025,\"1,5\"\n");
    let asked = read(text.as_bytes(), &eur())
        .expect("read")
        .preview
        .questions;
    assert!(
        matches!(
            asked.as_slice(),
            [Question::DecimalMark { mixed: true, .. }]
        ),
        "{asked:?}"
    );
}

#[test]
fn encodings_delimiters_and_line_ends() {
    let text = "Kunde;Rechnungsnummer;Rechnungsdatum;Fällig;Betrag\nMüller;1;22.01.2025;28.02.2025;1.234,50\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut bom = vec![0xEF, 0xBB, 0xBF];
    bom.extend(text.as_bytes());
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let mac = text.replace('\n', "\r").into_bytes();
    let tabs = text.replace(';', "\t").into_bytes();
    for bytes in [text.as_bytes().to_vec(), utf16, bom, latin, mac, tabs] {
        let s = read(&bytes, &eur()).expect("read");
        assert_eq!(s.preview.items.len(), 1, "{:?}", s.preview.text);
        let item = &s.preview.items[0];
        assert_eq!(
            (item.customer.as_str(), item.open.as_str(), item.line),
            ("Müller", "1234.50", 2)
        );
        assert_eq!(item.due.as_deref(), Some("2025-02-28"));
    }
    // A byte that is not UTF-8 beyond the head that is sniffed.
    let mut long = String::from(HEAD).into_bytes();
    for i in 0..9_000 {
        long.extend(format!("Customer,{i},2025-01-22,2025-02-01,5.00\n").bytes());
    }
    long.extend(b"M\xfcller,x,2025-01-22,2025-02-01,5.00\n");
    let s = read(&long, &eur()).expect("read");
    assert_eq!(s.batch.items.customers[1].number, "Müller");
}

#[test]
fn cancel_keeps_nothing() {
    let mut text = String::from(HEAD);
    (0..10_000).for_each(|i| text.push_str(&format!("C1,{i},2025-01-22,2025-02-01,5.00\n")));
    let input = Bytes {
        name: "x.csv",
        bytes: text.as_bytes(),
    };
    let mut calls = 0;
    let answer = stage(&input, &eur(), &mut |p| {
        calls += 1;
        assert_eq!((p.rows, p.pass, p.total), (4_096, 1, text.len() as u64));
        Flow::Cancel
    });
    assert_eq!((answer, calls), (Err(FileError::Cancelled), 1));
}

#[test]
fn segments_are_full_and_rectangular_and_totals_agree() {
    let mut text = String::from(HEAD);
    (0..150_000).for_each(|i| {
        text.push_str(&format!(
            "C{},{i},2025-01-22,2025-02-01,{}.25\n",
            i % 977,
            i % 1_000
        ))
    });
    let s = read(text.as_bytes(), &eur()).expect("read");
    let items = &s.batch.items;
    assert_eq!(
        items.segments.iter().map(|s| s.len()).collect::<Vec<_>>(),
        [65_536, 65_536, 18_928]
    );
    assert!(items.segments.iter().all(|s| s.is_rectangular()));
    assert_eq!(items.customers.len(), 977);
    let sum: i128 = items
        .segments
        .iter()
        .flat_map(|s| &s.open)
        .map(|o| i128::from(*o))
        .sum();
    assert_eq!(sum, s.totals.currencies[0].open);
    let numbers: u64 = (0..150_000).sum();
    assert_eq!(s.totals.hash, numbers % 1_000_000_000);
    for (i, row) in [(0usize, 0usize), (1, 7), (2, 18_927)] {
        let seg = &items.segments[i];
        assert_eq!(seg.number.get(row), (i * 65_536 + row).to_string());
        assert_eq!(seg.line[row] as usize, i * 65_536 + row + 2);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes, &eur());
    }

    #[test]
    fn arbitrary_cells_never_panic_and_every_row_is_accounted_for(
        rows in proptest::collection::vec(
            ("[A-C\"*]{0,3}", "[0-9Tota.E+\"]{0,8}", "[0-9/.\\-]{0,10}", "[0-9,.()\\-CR €]{0,9}"), 1..40),
    ) {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(["Customer ID", "Invoice No", "Due Date", "Amount"]).expect("header");
        for (a, b, c, d) in &rows {
            out.write_record([a, b, c, d]).expect("row");
        }
        let bytes = out.into_inner().expect("bytes");
        for kind in [None, Some(FileKind::OpenItems), Some(FileKind::Payments), Some(FileKind::Customers)] {
            let mut options = Options { kind, ..eur() };
            options.date_orders.insert("Due Date".into(), Order::Dmy);
            options.decimal_marks.insert("Amount".into(), duebook_exchange::read::Mark::Comma);
            if let Ok(s) = read(&bytes, &options) {
                let c = s.preview.counts;
                prop_assert_eq!(c.read, c.accepted + c.refused + c.skipped);
                prop_assert_eq!(s.refused.len() as u64, c.refused);
                if kind == Some(FileKind::OpenItems) {
                    prop_assert_eq!(s.batch.items.rows() as u64, c.accepted);
                    for seg in &s.batch.items.segments {
                        for (amount, open) in seg.amount.iter().zip(&seg.open) {
                            prop_assert!(open.unsigned_abs() <= amount.unsigned_abs());
                        }
                    }
                }
            }
        }
    }
}

/// The line end of Windows: no row is lost, and each has its own line.
#[test]
fn every_row_under_the_header_is_read_whatever_ends_the_lines() {
    let lf = format!(
        "{HEAD}C1,1,2025-01-22,2025-02-21,\"5.00\nnet\"\nC1,2,2025-01-22,2025-02-21,5.00\nC1,3,2025-01-22,2025-02-21,x\n"
    );
    let lf = lf.replace("\"5.00\nnet\"", "5.00");
    let mixed = lf.replacen('\n', "\r\n", 1);
    for text in [lf.replace('\n', "\r\n"), lf.replace('\n', "\r"), mixed, lf] {
        let staged = read(text.as_bytes(), &eur()).expect("read");
        assert_eq!(staged.preview.counts.read, 3, "{text:?}");
        assert_eq!(staged.preview.counts.accepted, 2);
        assert_eq!(staged.preview.notes.examples[0].line, 4);
    }
}
