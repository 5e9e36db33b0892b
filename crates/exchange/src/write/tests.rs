//! Workbooks read back with calamine, and their parts as XML.

use super::WriteError;
use super::xlsx::{self, Options};
use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use core::ops::ControlFlow;
use duebook_money::{Currency, Day, Grouping};
use duebook_sheet::{Cell, Column, Kind, Rule, Sheet, Test, Title, Tone, Unit, Workbook};
use rust_decimal::Decimal;
use std::io::{Cursor, Read};

mod rows;
mod text;

fn day(y: i32, m: u8, d: u8) -> Day {
    Day::from_ymd(y, m, d).expect("a day")
}

/// A workbook, and what the writer said of it.
#[derive(Debug, PartialEq)]
struct Written {
    bytes: Vec<u8>,
    sheets: Vec<String>,
    truncated: u64,
    exact_as_text: u64,
}

fn to_xlsx(book: &Workbook<'_>, options: &Options) -> Written {
    let mut bytes = Vec::new();
    let said = xlsx::write(
        book,
        options,
        &mut bytes,
        &mut |_| ControlFlow::Continue(()),
    );
    let said = said.expect("written");
    Written {
        bytes,
        sheets: said.sheets,
        truncated: said.truncated,
        exact_as_text: said.exact_as_text,
    }
}

fn open(written: &Written) -> Xlsx<Cursor<&[u8]>> {
    open_workbook_from_rs(Cursor::new(written.bytes.as_slice())).expect("a workbook")
}

fn range(written: &Written, sheet: &str) -> Range<Data> {
    open(written).worksheet_range(sheet).expect("the sheet")
}

fn formulas(written: &Written, sheet: &str) -> Vec<(u32, u32, String)> {
    let formulas = open(written)
        .worksheet_formula(sheet)
        .expect("the formulas");
    let (row, column) = formulas.start().unwrap_or_default();
    formulas
        .used_cells()
        .map(|(r, c, text)| (row + r as u32, column + c as u32, text.clone()))
        .collect()
}

fn xml(written: &Written, part: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(&written.bytes)).expect("a zip");
    let mut text = String::new();
    zip.by_name(part)
        .expect(part)
        .read_to_string(&mut text)
        .expect("UTF-8");
    text
}

/// One column of each kind, two rows, titles, totals.
fn sample() -> Sheet<'static> {
    let columns = vec![
        Column::new("Customer", Kind::Text)
            .note("As on the invoice")
            .total_text("Total"),
        Column::new("Items", Kind::Integer).sum(),
        Column::new("DBT", Kind::Days),
        Column::new("Open EUR", Kind::Money(Unit::Of(Currency::EUR))).sum(),
        Column::new("Open KWD", Kind::Money(Unit::Of(Currency::KWD))).sum(),
        Column::new("Past due", Kind::Percent),
        Column::new("Rate", Kind::Number { decimals: 4 }),
        Column::new("Due", Kind::Date),
        Column::new("Called", Kind::DateTime),
        Column::new("Disputed", Kind::Flag),
    ];
    let mut sheet = Sheet::new("Aging", columns, 2, |row, column| match (row, column) {
        (0, 0) => Cell::text("Müller & Söhne <GmbH>"),
        (1, 0) => Cell::text("=cmd|' /C calc'!A0"),
        (row, 1) => Cell::Int(row as i64 + 1),
        (row, 2) => Cell::Int(row as i64 - 1),
        (0, 3) => Cell::Money {
            minor: 1_000_000_001,
            exponent: 2,
        },
        (_, 3) => Cell::Money {
            minor: -10,
            exponent: 2,
        },
        (0, 4) => Cell::Money {
            minor: 1_005,
            exponent: 3,
        },
        (0, 5) => Cell::Number(Decimal::new(125, 3)),
        (0, 6) => Cell::Number(Decimal::new(10_837, 4)),
        (0, 7) => Cell::Date(day(2026, 2, 28)),
        (0, 8) => Cell::DateTime {
            day: day(2026, 2, 28),
            second: 43_200,
        },
        (0, 9) => Cell::Flag(true),
        _ => Cell::Empty,
    });
    sheet.titles = vec![Title::new("Aging as of 2026-03-31", Tone::Heading)];
    sheet.freeze_columns = 1;
    sheet.rules = vec![Rule {
        column: 2,
        test: Test::Above(30),
        whole_row: true,
        tone: Tone::Bad,
    }];
    sheet
}

fn sample_book() -> Workbook<'static> {
    Workbook::bare("Aging", vec![sample()])
}

#[test]
fn section_10_values_and_dates_are_real() {
    let written = to_xlsx(&sample_book(), &Options::default());
    let range = range(&written, "Aging");
    let at = |row, column| range.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(at(0, 0), Data::String("Aging as of 2026-03-31".into()));
    assert_eq!(at(2, 3), Data::String("Open EUR".into()));
    assert_eq!(at(3, 0), Data::String("Müller & Söhne <GmbH>".into()));
    assert_eq!(at(4, 0), Data::String("=cmd|' /C calc'!A0".into()));
    assert_eq!(at(3, 1), Data::Float(1.0));
    assert_eq!(at(3, 2), Data::Float(-1.0));
    assert_eq!(at(3, 3), Data::Float(10_000_000.01));
    assert_eq!(at(4, 3), Data::Float(-0.1));
    assert_eq!(at(3, 4), Data::Float(1.005));
    assert_eq!(at(4, 4), Data::Empty);
    assert_eq!(at(3, 5), Data::Float(0.125));
    assert_eq!(at(3, 6), Data::Float(1.0837));
    for (column, serial) in [(7, 46_081.0), (8, 46_081.5)] {
        let Data::DateTime(value) = at(3, column) else {
            panic!("column {column} is no date: {:?}", at(3, column));
        };
        assert_eq!(value.as_f64(), serial);
    }
    assert_eq!(at(3, 9), Data::Bool(true));
    assert_eq!((written.truncated, written.exact_as_text), (0, 0));
}

#[test]
fn section_10_totals_are_formulas_with_cached_values() {
    let written = to_xlsx(&sample_book(), &Options::default());
    assert_eq!(
        formulas(&written, "Aging"),
        [
            (5, 1, "SUBTOTAL(109,B4:B5)".to_owned()),
            (5, 3, "SUBTOTAL(109,D4:D5)".to_owned()),
            (5, 4, "SUBTOTAL(109,E4:E5)".to_owned()),
        ]
    );
    let range = range(&written, "Aging");
    assert_eq!(range.get_value((5, 0)), Some(&Data::String("Total".into())));
    assert_eq!(range.get_value((5, 1)), Some(&Data::Float(3.0)));
    assert_eq!(range.get_value((5, 3)), Some(&Data::Float(9_999_999.91)));
    assert_eq!(range.get_value((5, 4)), Some(&Data::Float(1.005)));
}

#[test]
fn section_10_header_frozen_filtered_printed_and_nothing_foreign() {
    let written = to_xlsx(&sample_book(), &Options::default());
    let sheet = xml(&written, "xl/worksheets/sheet1.xml");
    for part in [
        r#"<pane xSplit="1" ySplit="3" topLeftCell="B4""#,
        r#"<autoFilter ref="A3:J5"/>"#,
        r#"orientation="landscape""#,
        r#"fitToHeight="0""#,
        r#"<pageSetUpPr fitToPage="1"/>"#,
        "AND(ISNUMBER($C4),$C4&gt;30)",
        r#"numberStoredAsText="1""#,
    ] {
        assert!(sheet.contains(part), "{part} is not in\n{sheet}");
    }
    assert!(xml(&written, "xl/workbook.xml").contains("_xlnm.Print_Titles"));
    assert!(xml(&written, "xl/styles.xml").contains(r#"quotePrefix="1""#));
    let zip = zip::ZipArchive::new(Cursor::new(&written.bytes)).expect("a zip");
    for name in zip.file_names() {
        let name = name.expect("a name");
        assert!(
            !name.contains("vbaProject") && !name.contains("externalLink"),
            "{name}"
        );
    }
}

#[test]
fn the_same_workbook_gives_the_same_bytes() {
    let one = to_xlsx(&sample_book(), &Options::default());
    assert_eq!(one, to_xlsx(&sample_book(), &Options::default()));
    assert!(xml(&one, "docProps/core.xml").contains("2000-01-01T00:00:00Z"));
}

#[test]
fn indian_grouping_of_both_signs() {
    let options = Options {
        grouping: Grouping::Indian,
        ..Options::default()
    };
    let styles = xml(&to_xlsx(&sample_book(), &options), "xl/styles.xml");
    for code in [
        r"[&gt;=10000000]##\,##\,##\,##0.00;[&gt;=100000]##\,##\,##0.00;#,##0.00",
        r"[&lt;=-10000000]-##\,##\,##\,##0.00;[&lt;=-100000]-##\,##\,##0.00;#,##0.00",
    ] {
        assert!(styles.contains(code), "{code} is not in\n{styles}");
    }
}

/// Rows of (currency, minor units, exponent).
fn items(rows: &'static [(&'static str, i64, u8)]) -> Sheet<'static> {
    let columns = vec![
        Column::new("Ccy", Kind::Text).total_text("Total"),
        Column::new("Open", Kind::Money(Unit::PerRow { currency_column: 0 })).sum(),
        Column::new("Count", Kind::Integer).sum(),
    ];
    Sheet::new("Items", columns, rows.len(), |row, column| match column {
        0 => Cell::text(rows[row].0),
        1 => Cell::Money {
            minor: rows[row].1,
            exponent: rows[row].2,
        },
        _ => Cell::Int(1),
    })
}

#[test]
fn sums_are_one_per_currency() {
    let rows = &[("EUR", 250, 2), ("JPY", 7, 0), ("EUR", -50, 2), ("", 1, 2)];
    let book = Workbook::bare("B", vec![items(rows)]);
    let written = to_xlsx(&book, &Options::default());
    let range = range(&written, "Items");
    let line = |row| range.rows().nth(row).expect("a row").to_vec();
    assert_eq!(
        line(5),
        [Data::String("Total".into()), Data::Empty, Data::Float(4.0)]
    );
    assert_eq!(
        line(6)[..2],
        [Data::String("no currency".into()), Data::Float(0.01)]
    );
    assert_eq!(line(7)[..2], [Data::String("EUR".into()), Data::Float(2.0)]);
    assert_eq!(line(8)[..2], [Data::String("JPY".into()), Data::Float(7.0)]);
    let formulas = formulas(&written, "Items");
    assert!(formulas.contains(&(
        7,
        1,
        "SUMIF('Items'!A2:A5,\"EUR\",'Items'!B2:B5)".to_owned()
    )));
    assert!(
        formulas.iter().all(|(row, ..)| *row != 6),
        "no pattern for no code"
    );
}

#[test]
fn more_rows_than_a_sheet_holds_are_split_and_still_totalled() {
    let rows = &[
        ("EUR", 100, 2),
        ("EUR", 200, 2),
        ("JPY", 3, 0),
        ("EUR", 400, 2),
        ("EUR", 500, 2),
    ];
    let book = Workbook::bare("B", vec![items(rows)]);
    let options = |max_rows| Options {
        max_rows,
        ..Options::default()
    };
    // Header, two rows, their total: four; the sums of all do not fit under the last.
    let written = to_xlsx(&book, &options(4));
    assert_eq!(
        written.sheets,
        ["Items", "Items (2)", "Items (3)", "Items (4)"]
    );
    let rows_of = |name: &str| range(&written, name).height();
    assert_eq!(
        [rows_of("Items"), rows_of("Items (2)"), rows_of("Items (3)")],
        [4, 4, 3]
    );
    let sums = range(&written, "Items (4)");
    assert_eq!(
        sums.rows().nth(1).expect("a row").to_vec(),
        [
            Data::String("Total, all 3 sheets".into()),
            Data::Empty,
            Data::Float(5.0)
        ]
    );
    assert_eq!(sums.get_value((2, 1)), Some(&Data::Float(12.0)));
    assert_eq!(sums.get_value((3, 1)), Some(&Data::Float(3.0)));
    let formulas = formulas(&written, "Items (4)");
    assert_eq!(formulas[0].2, "'Items'!C4+'Items (2)'!C4+'Items (3)'!C3");
    assert_eq!(
        formulas[1].2,
        "SUMIF('Items'!A2:A3,\"EUR\",'Items'!B2:B3)+SUMIF('Items (2)'!A2:A3,\"EUR\",'Items \
         (2)'!B2:B3)+SUMIF('Items (3)'!A2:A2,\"EUR\",'Items (3)'!B2:B2)"
    );
    assert_eq!(to_xlsx(&book, &options(9)).sheets.len(), 1);
    let refused = xlsx::write(&book, &options(2), std::io::sink(), &mut |_| {
        ControlFlow::Continue(())
    });
    assert!(matches!(refused, Err(WriteError::NoRoom { .. })));
}

#[test]
fn beyond_fifteen_digits_is_exact_text_never_a_wrong_number() {
    let rows = &[
        ("EUR", 999_999_999_999_999, 2),
        ("EUR", 1, 2),
        ("JPY", i64::MIN, 0),
    ];
    let written = to_xlsx(&Workbook::bare("B", vec![items(rows)]), &Options::default());
    let range = range(&written, "Items");
    assert_eq!(
        range.get_value((1, 1)),
        Some(&Data::Float(9_999_999_999_999.99))
    );
    assert_eq!(
        range.get_value((3, 1)),
        Some(&Data::String("-9223372036854775808".into()))
    );
    assert_eq!(
        range.get_value((5, 1)),
        Some(&Data::String("10000000000000.00".into()))
    );
    assert_eq!(written.exact_as_text, 3, "one amount and two sums");
}

#[test]
fn no_rows_is_a_sheet_with_a_header_and_zero() {
    let written = to_xlsx(&Workbook::bare("B", vec![items(&[])]), &Options::default());
    assert_eq!(
        range(&written, "Items").get_value((1, 2)),
        Some(&Data::Float(0.0))
    );
    assert_eq!(formulas(&written, "Items"), []);
}
