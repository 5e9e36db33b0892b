//! Text that must stay text, the README's face, refusals, and CSV.

use super::super::{WriteError, csv, harmless, xlsx, xlsx::Options};
use super::{day, formulas, range, sample, to_xlsx, xml};
use calamine::Data;
use core::ops::ControlFlow;
use duebook_money::Currency;
use duebook_sheet::{
    Cell, Column, Control, Figure, Kind, KnownAt, Problem, Readme, ReadmeAt, Sheet, Stamp, Workbook,
};
use proptest::prelude::*;

fn texts<'t>(texts: &'t [&'t str]) -> Sheet<'t> {
    Sheet::new(
        "T",
        vec![Column::new("Text", Kind::Text)],
        texts.len(),
        |row, _| Cell::text(texts[row]),
    )
}

#[test]
fn section_10_text_stays_the_text_it_was() {
    let table = [
        ("=1+1", "=1+1"),
        ("+44 20", "+44 20"),
        ("-", "-"),
        ("@x", "@x"),
        ("\tx", "\tx"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("<r>bold</r>", "<r>bold</r>"),
        ("<r>=1</r> & </r>", "<r>=1</r> & </r>"),
        ("{=SUM(A1)}", "{=SUM(A1)}"),
        ("https://example.com", "https://example.com"),
        ("00123", "00123"),
        (" blanks ", " blanks "),
    ];
    let given: Vec<&str> = table.iter().map(|(given, _)| *given).collect();
    let written = to_xlsx(
        &Workbook::bare("B", vec![texts(&given)]),
        &Options::default(),
    );
    let range = range(&written, "T");
    for ((_, expected), row) in table.iter().zip(1..) {
        assert_eq!(
            range.get_value((row, 0)),
            Some(&Data::String((*expected).into()))
        );
    }
    assert_eq!(formulas(&written, "T"), []);
    let sheet = xml(&written, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("hyperlink"), "text is never made a link");
}

#[test]
fn text_longer_than_a_cell_is_cut_and_counted() {
    let long = "😀".repeat(20_000);
    let fits = "x".repeat(xlsx::MAX_TEXT);
    let markup = format!("<r>{}</r>", "&".repeat(20_000));
    let given = [long.as_str(), fits.as_str(), markup.as_str()];
    let written = to_xlsx(
        &Workbook::bare("B", vec![texts(&given)]),
        &Options::default(),
    );
    assert_eq!(written.truncated, 1);
    let range = range(&written, "T");
    let Some(Data::String(cut)) = range.get_value((1, 0)) else {
        panic!("no text");
    };
    assert!(cut.ends_with("😀…") && cut.encode_utf16().count() <= xlsx::MAX_TEXT);
    assert_eq!(range.get_value((2, 0)), Some(&Data::String(fits)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Excel's own escapes (`_x0041_`) and control characters included.
    #[test]
    fn any_text_comes_back(given in proptest::collection::vec("[ -~\u{1}\u{1f}é😀\n\t]{1,12}|_x00[0-9a-f]{2}_|<r>.{0,3}</r>", 1..20)) {
        let given: Vec<&str> = given.iter().map(String::as_str).collect();
        let book = Workbook::bare("B", vec![texts(&given)]);
        let strings = xml(&to_xlsx(&book, &Options::default()), "xl/sharedStrings.xml");
        prop_assert!(strings.chars().all(|c| c >= ' ' || "\n\t\r".contains(c)), "no character XML forbids");
        // The same text in the table and in its cell.
        let long = "x".repeat(300);
        let in_cells: Vec<String> = given.iter().map(|text| format!("{text}{long}")).collect();
        let in_cells: Vec<&str> = in_cells.iter().map(String::as_str).collect();
        let inline = xml(&to_xlsx(&Workbook::bare("B", vec![texts(&in_cells)]), &Options::default()), "xl/worksheets/sheet1.xml");
        for text in &given {
            let mut escaped = Vec::new();
            xlsx::escape::push(&mut escaped, &text.replace('\r', "\n"));
            let escaped = String::from_utf8(escaped).expect("UTF-8");
            let with_long = format!("{escaped}{long}</t>");
            let escaped = format!("{escaped}</t>");
            prop_assert!(strings.contains(&escaped), "{escaped} is not in {strings}");
            prop_assert!(inline.contains(&with_long));
        }
        let mut out = Vec::new();
        csv::write(&book.sheets[0], &csv::Options { bom: false, ..csv::Options::default() }, &mut out, &mut |_| ControlFlow::Continue(())).expect("written");
        let mut reader = ::csv::Reader::from_reader(out.as_slice());
        let back: Vec<String> = reader
            .records()
            .map(|record| harmless::unguard(&record.expect("a record")[0]).to_owned())
            .collect();
        prop_assert_eq!(&back, &given);
    }
}

fn readme() -> Readme {
    let stamp = Stamp {
        day: day(2026, 3, 31),
        second: 60,
        zone: "UTC".into(),
    };
    Readme {
        report: "Aging".into(),
        book: "R&D Ltd".into(),
        as_of: stamp.day,
        known_at: KnownAt {
            commit: 7,
            recorded: stamp.clone(),
        },
        basis: "due date".into(),
        reporting: None,
        filters: vec!["=only overdue".into()],
        generated: stamp,
        app_version: "0.1.0".into(),
        head_hash: "0f".repeat(32),
        controls: vec![Control {
            name: "Sum, EUR".into(),
            actual: Figure::Money {
                minor: 150,
                currency: Currency::EUR,
            },
            against: Some((
                "Control account".into(),
                Figure::Money {
                    minor: 100,
                    currency: Currency::EUR,
                },
            )),
        }],
        limitation: None,
        notes: vec![],
    }
}

#[test]
fn section_2_6_unreconciled_is_on_the_face_of_every_sheet() {
    let book = Workbook::report(&readme(), ReadmeAt::Last, vec![sample()]);
    let written = to_xlsx(&book, &Options::default());
    assert_eq!(written.sheets, ["Aging", "README"]);
    let face = Data::String("UNRECONCILED: 1 of 1 controls failed".into());
    assert_eq!(range(&written, "Aging").get_value((0, 0)), Some(&face));
    let readme = range(&written, "README");
    assert!(readme.used_cells().any(|(_, _, cell)| *cell == face));
    let line = |what: &str| {
        let what = Data::String(what.into());
        readme
            .rows()
            .find(|row| row[0] == what)
            .expect("the line")
            .to_vec()
    };
    assert!(matches!(line("As of")[1], Data::DateTime(d) if d.as_f64() == 46_112.0));
    assert_eq!(line("Filter")[1], Data::String("=only overdue".into()));
    assert_eq!(line("Sum, EUR")[1], Data::Float(1.5));
    assert_eq!(
        line("Sum, EUR")[4..],
        [Data::String("0.50".into()), Data::String("FAILED".into())]
    );
    assert!(xml(&written, "docProps/core.xml").contains("2026-03-31T00:01:00Z"));
    assert!(xml(&written, "xl/worksheets/sheet1.xml").contains("head 0f0f"));
    assert!(book.file_stem("aging").ends_with("-UNRECONCILED"));
}

#[test]
fn section_2_6_checks_that_hold_do_not_hide_a_control_that_failed() {
    let mut book = Workbook::report(&readme(), ReadmeAt::Last, vec![sample()]);
    book.checks = true;
    let written = to_xlsx(&book, &Options::default());
    let checks = range(&written, "Checks");
    let said = checks.get_value((1, 0)).expect("the verdict").to_string();
    assert!(
        said.starts_with("UNRECONCILED: 1 of 1 controls failed; all "),
        "{said}"
    );
}

#[test]
fn a_wrong_report_and_a_cancelled_one_write_nothing() {
    let sheet = || {
        Sheet::new(
            "S",
            vec![Column::new("N", Kind::Integer)],
            10_000,
            |row, _| Cell::Int(row as i64),
        )
    };
    let mut wrong = sheet();
    wrong.columns[0] = Column::new("T", Kind::Text).sum();
    let book = Workbook::bare("B", vec![wrong]);
    let refused = xlsx::write(&book, &Options::default(), std::io::sink(), &mut |_| {
        ControlFlow::Continue(())
    });
    assert!(matches!(
        refused,
        Err(WriteError::Report(p)) if p == [Problem::MeaninglessSum { sheet: "S".into(), column: 0 }]
    ));

    let book = Workbook::bare("B", vec![sheet()]);
    let mut seen = Vec::new();
    let cancelled = xlsx::write(
        &book,
        &Options::default(),
        std::io::sink(),
        &mut |progress| {
            seen.push((progress.done, progress.total));
            if seen.len() == 2 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        },
    );
    assert!(matches!(cancelled, Err(WriteError::Cancelled)));
    assert_eq!(seen, [(4_096, 10_000), (8_192, 10_000)]);
}

#[test]
fn csv_by_rfc_4180() {
    let write = |options: &csv::Options| {
        let mut out = Vec::new();
        csv::write(&sample(), options, &mut out, &mut |_| {
            ControlFlow::Continue(())
        })
        .map(|()| String::from_utf8(out).expect("UTF-8"))
    };
    assert_eq!(
        write(&csv::Options::default()).expect("written"),
        "\u{feff}Customer,Items,DBT,Open EUR,Open KWD,Past due,Rate,Due,Called,Disputed\r\n\
         Müller & Söhne <GmbH>,1,-1,10000000.01,1.005,0.125,1.0837,2026-02-28,2026-02-28 12:00:00,true\r\n\
         '=cmd|' /C calc'!A0,2,0,-0.10,,,,,,\r\n"
    );
    let german = csv::Options {
        bom: false,
        delimiter: b';',
        decimal_comma: true,
        titles: true,
        totals: true,
    };
    assert_eq!(
        write(&german).expect("written"),
        "Aging as of 2026-03-31\r\n\
         Customer;Items;DBT;Open EUR;Open KWD;Past due;Rate;Due;Called;Disputed\r\n\
         Müller & Söhne <GmbH>;1;-1;10000000,01;1,005;0,125;1,0837;2026-02-28;2026-02-28 12:00:00;true\r\n\
         '=cmd|' /C calc'!A0;2;0;-0,10;;;;;;\r\n\
         Total;3;;9999999,91;1,005;;;;;\r\n"
    );
    let comma_in_comma = csv::Options {
        bom: false,
        decimal_comma: true,
        ..csv::Options::default()
    };
    assert!(
        write(&comma_in_comma)
            .expect("written")
            .contains(r#""10000000,01""#)
    );
    for delimiter in [b'"', b'\n', b'a', b'0', b'.', b'=', 0xff] {
        let options = csv::Options {
            delimiter,
            ..csv::Options::default()
        };
        assert!(matches!(write(&options), Err(WriteError::Delimiter(d)) if d == delimiter));
    }
}
