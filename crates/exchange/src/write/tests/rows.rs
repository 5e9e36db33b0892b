//! Rows put into the frame of a workbook: their styles, their strings, their place.

use super::super::xlsx::{self, Options};
use super::{items, range, sample_book, to_xlsx, xml};
use calamine::Data;
use duebook_money::Day;
use duebook_sheet::{Cell, Column, Kind, Sheet, Test, Tone, Total, Workbook};
use duebook_sheet::{Rule, Title};

/// The number format of each style of the file, in order.
fn formats(styles: &str) -> Vec<String> {
    let between = |from: &str, open: &str, close: &str| -> Option<String> {
        let from = &from[from.find(open)? + open.len()..];
        Some(from[..from.find(close)?].to_owned())
    };
    let codes: Vec<(String, String)> = styles
        .split("<numFmt ")
        .skip(1)
        .filter_map(|format| {
            let id = between(format, "numFmtId=\"", "\"")?;
            Some((id, between(format, "formatCode=\"", "\"")?))
        })
        .collect();
    let cells = between(styles, "<cellXfs", "</cellXfs>").expect("styles of cells");
    cells
        .split("<xf ")
        .skip(1)
        .map(|xf| {
            let id = between(xf, "numFmtId=\"", "\"").expect("a format");
            let own = codes.iter().find(|(known, _)| *known == id);
            match (own, id.as_str()) {
                (Some((_, code)), _) => code.clone(),
                (None, "0") => "General".into(),
                (None, "1") => "0".into(),
                (None, "3") => "#,##0".into(),
                (None, "4") => "#,##0.00".into(),
                (None, other) => panic!("format {other}"),
            }
        })
        .collect()
}

#[test]
fn every_cell_has_the_style_of_what_it_is() {
    let mixed = Sheet::new("M", vec![Column::new("Value", Kind::Mixed)], 9, |row, _| {
        let day = Day(20_000);
        match row {
            0 => Cell::Date(day),
            1 => Cell::DateTime { day, second: 1 },
            2 => Cell::Int(1),
            3 => Cell::text("x"),
            4 => Cell::text("=x"),
            _ => Cell::Money {
                minor: 12_345,
                exponent: row as u8 - 5,
            },
        }
    });
    let mut book = sample_book();
    book.sheets.push(mixed);
    let written = to_xlsx(&book, &Options::default());
    let formats = formats(&xml(&written, "xl/styles.xml"));
    let style = |sheet: &str, cell: &str| -> String {
        let sheet = xml(&written, &format!("xl/worksheets/{sheet}.xml"));
        let from = sheet.find(&format!("<c r=\"{cell}\"")).expect(cell);
        let tag = &sheet[from..from + sheet[from..].find('>').expect("its end")];
        let style = tag
            .split(" s=\"")
            .nth(1)
            .map_or("0", |rest| rest.split('"').next().unwrap_or_default());
        formats[style.parse::<usize>().expect("a number")].clone()
    };
    for (cell, format) in [
        ("A4", "General"),
        ("B4", "#,##0"),
        ("C4", "0"),
        ("D4", "#,##0.00"),
        ("E4", "#,##0.000"),
        ("F4", "0.0%"),
        ("G4", "0.0000"),
        ("H4", "yyyy\\-mm\\-dd"),
        ("I4", "yyyy\\-mm\\-dd\\ hh:mm:ss"),
    ] {
        assert_eq!(style("sheet1", cell), format.replace('\\', ""), "{cell}");
    }
    for (cell, format) in [
        ("A2", "yyyy-mm-dd"),
        ("A3", "yyyy-mm-dd hh:mm:ss"),
        ("A4", "#,##0"),
        ("A5", "General"),
        ("A6", "General"),
        ("A7", "#,##0"),
        ("A8", "#,##0.0"),
        ("A9", "#,##0.00"),
        ("A10", "#,##0.000"),
    ] {
        assert_eq!(style("sheet2", cell), format, "{cell}");
    }
}

/// Row and column in words, so that a row in the wrong place is seen.
fn words(rows: usize) -> Sheet<'static> {
    let columns = vec![
        Column::new("Distinct", Kind::Text),
        Column::new("Few", Kind::Text),
        Column::new("N", Kind::Integer).sum(),
    ];
    Sheet::new("W", columns, rows, |row, column| match column {
        0 => Cell::text(format!("text {row}")),
        1 => Cell::text(["a", "b", "c & d"][row % 3]),
        _ => Cell::Int(row as i64),
    })
}

#[test]
fn repeated_texts_are_kept_once_and_others_in_their_cells() {
    let rows = 20_000;
    let mut sheet = words(rows);
    sheet.titles = vec![Title::new("=<row r=\"99\">", Tone::Plain)];
    sheet.columns[1].total = Total::Text("Sum".into());
    sheet.rules = vec![Rule {
        column: 2,
        test: Test::Filled,
        whole_row: false,
        tone: Tone::Good,
    }];
    let written = to_xlsx(&Workbook::bare("B", vec![sheet]), &Options::default());
    let range = range(&written, "W");
    assert_eq!(range.height(), rows + 4, "title, blank, header, total");
    for row in [0, 1, 8_191, 8_192, rows - 1] {
        let at = |column| range.get_value((row as u32 + 3, column)).cloned();
        assert_eq!(at(0), Some(Data::String(format!("text {row}"))));
        assert_eq!(
            at(1),
            Some(Data::String(["a", "b", "c & d"][row % 3].into()))
        );
        assert_eq!(at(2), Some(Data::Float(row as f64)));
    }
    let table = xml(&written, "xl/sharedStrings.xml");
    let kept = table.matches("<si>").count();
    assert!(table.contains(&format!("uniqueCount=\"{kept}\"")));
    assert!(
        (8_192..8_210).contains(&kept),
        "{kept}: a sample, then none"
    );
    let sheet = xml(&written, "xl/worksheets/sheet1.xml");
    let uses = sheet.matches("t=\"s\"").count();
    assert!(table.contains(&format!(" count=\"{uses}\"")));
    assert!(sheet.contains(&format!("<dimension ref=\"A1:C{}\"/>", rows + 4)));
    assert_eq!(sheet.matches("t=\"inlineStr\"").count(), rows - 8_192);
}

#[test]
fn how_many_sheets_the_rows_take_is_known_before() {
    let options = |max_rows| Options {
        max_rows,
        ..Options::default()
    };
    let rows = &[("EUR", 100, 2), ("EUR", 200, 2), ("JPY", 3, 0)];
    for (max_rows, parts) in [(2, None), (3, Some(3)), (4, Some(2)), (9, Some(1))] {
        assert_eq!(xlsx::parts(&items(rows), &options(max_rows)), parts);
    }
}
