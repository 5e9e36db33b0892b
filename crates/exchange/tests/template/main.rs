//! The client's workbook, filled: read again with another library, it holds what was put in, and
//! everything else follows.
#![allow(clippy::unwrap_used)]
mod hostile;

use calamine::{Data, Reader, Xlsx};
use duebook_exchange::template::*;
use duebook_ledger::template::TemplateField as T;
use duebook_money::{Currency, Day};
use duebook_sheet::{Cell, Column, Kind, Sheet, Unit};
use rust_xlsxwriter::{
    Chart, ChartType, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, Format,
    Formula, Note, Table, TableColumn, TableFunction, Workbook,
};
use std::io::{Cursor, Read, Write};

fn day(n: i32) -> Day {
    Day::from_ymd(2026, 3, 1).unwrap().plus(n)
}

/// Rows of a book: number, customer, due, open, remark.
fn data(rows: usize) -> Sheet<'static> {
    let columns = vec![
        Column::new("Number", Kind::Text),
        Column::new("Customer", Kind::Text),
        Column::new("Due", Kind::Date),
        Column::new("Open", Kind::Money(Unit::Of(Currency::EUR))),
        Column::new("Remark", Kind::Text),
    ];
    Sheet::new("Rows", columns, rows, |row, column| match column {
        0 => Cell::text(format!("00{row}")),
        1 => Cell::text(format!("Müller & <Söhne> {row}")),
        2 => Cell::Date(day(row as i32)),
        3 => Cell::Money {
            minor: 10_000_025 + row as i64,
            exponent: 2,
        },
        _ if row % 2 == 0 => Cell::text("=1+1 says the customer"),
        _ => Cell::Empty,
    })
}

/// A workbook as a client has it: titles, header in row 4, three rows, totals, more sheets.
fn client() -> Vec<u8> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let money = Format::new().set_num_format("#,##0.00");
    let date = Format::new().set_num_format("dd-mmm-yy");
    let sheet = book.add_worksheet().set_name("Open items").unwrap();
    sheet.set_column_width(1, 33).unwrap();
    sheet
        .write_with_format(0, 0, "Weekly report of Smith & Co", &bold)
        .unwrap();
    sheet.write(1, 0, "As of").unwrap();
    for (at, header) in [
        "Invoice #",
        "Customer Name",
        "Due Date",
        "Open Amount",
        "Half",
        "Comments",
        "Region",
    ]
    .iter()
    .enumerate()
    {
        sheet
            .write_with_format(3, at as u16, *header, &bold)
            .unwrap();
    }
    for row in 4..7u32 {
        sheet.write(row, 0, format!("OLD-{row}")).unwrap();
        sheet.write(row, 1, "Old customer").unwrap();
        sheet
            .write_with_format(row, 2, 45_000 + row, &date)
            .unwrap();
        sheet.write_with_format(row, 3, 10.5, &money).unwrap();
        let half = format!("D{0}/2+D{0}/$D$8", row + 1);
        sheet
            .write_formula_with_format(row, 4, Formula::new(half).set_result("5.25"), &money)
            .unwrap();
        sheet.write(row, 5, "old remark").unwrap();
        sheet.write(row, 6, "EMEA").unwrap();
    }
    sheet.write_with_format(7, 0, "Total", &bold).unwrap();
    sheet
        .write_formula_with_format(7, 3, Formula::new("SUM(D5:D7)").set_result("31.5"), &money)
        .unwrap();
    sheet
        .write_formula(7, 4, Formula::new("SUM(E5:E7)").set_result("15.75"))
        .unwrap();
    sheet.write(9, 0, "Prepared for the weekly call").unwrap();
    sheet.merge_range(9, 1, 9, 3, "signed", &bold).unwrap();
    sheet.autofilter(3, 0, 6, 6).unwrap();
    let late = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::GreaterThan(10))
        .set_format(&bold);
    sheet.add_conditional_format(4, 3, 6, 3, &late).unwrap();
    let list = DataValidation::new()
        .allow_list_strings(&["EMEA", "APAC"])
        .unwrap();
    sheet.add_data_validation(4, 6, 6, 6, &list).unwrap();
    sheet.insert_note(3, 0, &Note::new("as in SAP")).unwrap();
    sheet
        .insert_note(5, 1, &Note::new("called on Monday"))
        .unwrap();
    sheet.insert_note(9, 0, &Note::new("who signs")).unwrap();
    sheet.set_print_area(0, 0, 9, 6).unwrap();
    let mut chart = Chart::new(ChartType::Column);
    chart
        .add_series()
        .set_values("'Open items'!$D$5:$D$7")
        .set_categories("'Open items'!$A$5:$A$7");
    sheet.insert_chart(12, 1, &chart).unwrap();
    let summary = book.add_worksheet().set_name("Summary").unwrap();
    summary.write(0, 0, "Total open").unwrap();
    summary
        .write_formula(
            0,
            1,
            Formula::new("SUM('Open items'!$D$5:$D$7)").set_result("31.5"),
        )
        .unwrap();
    summary
        .write_formula(1, 1, Formula::new("B1*2").set_result("63"))
        .unwrap();
    summary
        .write_formula(2, 1, Formula::new("'Open items'!D8").set_result("31.5"))
        .unwrap();
    let plain = book.add_worksheet().set_name("Terms").unwrap();
    plain.write(0, 0, "Net 30").unwrap();
    plain
        .write_formula(1, 0, Formula::new("1+1").set_result("2"))
        .unwrap();
    book.define_name("Rows", "='Open items'!$A$5:$G$7").unwrap();
    book.save_to_buffer().unwrap()
}

fn part(bytes: &[u8], path: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(path)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn raw(bytes: &[u8], path: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = Vec::new();
    zip.by_name(path).unwrap().read_to_end(&mut out).unwrap();
    out
}

/// The place that an outline proposes for the columns of [`data`].
fn place_of(bytes: &[u8], sheet: &str) -> Place {
    let outline = outline(bytes, &[]).unwrap();
    let sheet = outline.sheets.iter().find(|s| s.name == sheet).unwrap();
    let at = |field| {
        sheet
            .columns
            .iter()
            .find(|c| c.field == Some(field))
            .unwrap()
            .at
    };
    Place {
        sheet: sheet.name.clone(),
        header: sheet.header.unwrap(),
        first: sheet.first,
        last: sheet.last,
        columns: [T::Number, T::CustomerName, T::DueDate, T::Open, T::Remark]
            .map(at)
            .to_vec(),
    }
}

fn filled(bytes: &[u8], sheet: &str, rows: usize) -> (Vec<u8>, Written) {
    let place = place_of(bytes, sheet);
    let data = data(rows);
    fill(
        bytes,
        &[Filled {
            place: &place,
            data: &data,
        }],
    )
    .unwrap()
}

fn open(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes.to_vec())).unwrap()
}

#[test]
fn what_a_workbook_has_is_told() {
    let outline = outline(&client(), &[]).unwrap();
    let names: Vec<&str> = outline.sheets.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["Open items", "Summary", "Terms"]);
    let sheet = &outline.sheets[0];
    assert_eq!((sheet.header, sheet.first, sheet.last), (Some(4), 5, 7));
    assert_eq!(sheet.below, Some((8, "Total".to_owned())));
    let fields: Vec<_> = sheet.columns.iter().map(|c| c.field).collect();
    let expected = [
        Some(T::Number),
        Some(T::CustomerName),
        Some(T::DueDate),
        Some(T::Open),
        None,
        Some(T::Remark),
        None,
    ];
    assert_eq!(fields, expected);
    assert_eq!(sheet.columns[4].formula.as_deref(), Some("D5/2+D5/$D$8"));
    assert_eq!(outline.sheets[1].header, None);
    assert!(!outline.since_1904);
}

#[test]
fn filled_and_read_again_it_is_the_book() {
    let template = client();
    for rows in [0, 1, 2, 3, 120] {
        let (out, written) = filled(&template, "Open items", rows);
        assert_eq!(
            written,
            Written {
                rows: rows as u64,
                cut: 0,
                as_text: 0
            }
        );
        let mut book = open(&out);
        let range = book.worksheet_range("Open items").unwrap();
        let at = |row: usize, column: u32| {
            range
                .get_value((row as u32, column))
                .cloned()
                .unwrap_or_default()
        };
        let data = data(rows);
        for row in 0..rows {
            let number = 4 + row;
            assert_eq!(at(number, 0), Data::String((data.cell)(row, 0).plain()));
            assert_eq!(at(number, 1), Data::String((data.cell)(row, 1).plain()));
            let date = at(number, 2);
            assert!(matches!(&date, Data::DateTime(_)), "{date:?}");
            let serial = day(row as i32).excel_serial(Default::default()).unwrap();
            let Data::DateTime(date) = date else { continue };
            assert_eq!(date.as_f64(), f64::from(serial));
            assert_eq!(
                at(number, 3).to_string(),
                (data.cell)(row, 3)
                    .plain()
                    .trim_end_matches('0')
                    .trim_end_matches('.')
            );
            assert_eq!(at(number, 5).to_string(), (data.cell)(row, 4).plain());
            assert_eq!(
                at(number, 6),
                Data::Empty,
                "what the client had there was of his rows"
            );
        }
        let now = 4 + rows.max(1);
        assert_eq!(at(now, 0), Data::String("Total".into()));
        assert_eq!(
            at(now + 2, 0),
            Data::String("Prepared for the weekly call".into())
        );
        let formulas = book.worksheet_formula("Open items").unwrap();
        let formula = |row: usize, column: u32| {
            formulas
                .get_value((row as u32, column))
                .cloned()
                .unwrap_or_default()
        };
        assert_eq!(formula(now, 3), format!("SUM(D5:D{now})"));
        for row in 0..rows {
            let own = 5 + row;
            assert_eq!(
                formula(own - 1, 4),
                format!("D{own}/2+D{own}/$D${}", now + 1)
            );
        }
        if rows > 0 {
            let total: i64 = (0..rows).map(|n| 10_000_025 + n as i64).sum();
            let known = format!("{}.{:02}", total / 100, total % 100);
            let known = known.trim_end_matches('0').trim_end_matches('.');
            assert_eq!(
                at(now, 3).to_string(),
                known,
                "the total is known without reckoning"
            );
        }
        let others = book.worksheet_formula("Summary").unwrap();
        assert_eq!(
            others.get_value((0, 1)),
            Some(&format!("SUM('Open items'!$D$5:$D${now})"))
        );
        assert_eq!(
            others.get_value((2, 1)),
            Some(&format!("'Open items'!D{}", now + 1))
        );
    }
}

#[test]
fn what_hangs_on_the_rows_follows_and_the_rest_is_as_it_was() {
    let template = client();
    let (out, _) = filled(&template, "Open items", 50);
    let sheet = part(&out, "xl/worksheets/sheet1.xml");
    for holds in [
        "<autoFilter ref=\"A4:G54\"",
        "<conditionalFormatting sqref=\"D5:D54\"",
        "sqref=\"G5:G54\"",
        "<mergeCell ref=\"B57:D57\"/>",
        "<row r=\"55\"",
    ] {
        let tail = sheet.split("</sheetData>").nth(1);
        assert!(sheet.contains(holds), "{holds} in {tail:?}");
    }
    assert!(!sheet.contains("OLD-"), "no row of the template is left");
    let workbook = part(&out, "xl/workbook.xml");
    for holds in [
        "'Open items'!$A$5:$G$54",
        "'Open items'!$A$1:$G$57",
        "'Open items'!$A$4:$G$54",
        "fullCalcOnLoad=\"1\"",
    ] {
        assert!(workbook.contains(holds), "{holds} in {workbook}");
    }
    let chart = part(&out, "xl/charts/chart1.xml");
    assert!(chart.contains("'Open items'!$D$5:$D$54") && !chart.contains("$7"));
    assert!(part(&out, "xl/drawings/drawing1.xml").contains("<xdr:row>59</xdr:row>"));
    let comments = part(&out, "xl/comments1.xml");
    assert!(
        comments.contains("ref=\"A4\"")
            && comments.contains("ref=\"A57\"")
            && !comments.contains("Monday")
    );
    let shapes = part(&out, "xl/drawings/vmlDrawing1.vml");
    assert_eq!(shapes.matches("<v:shape ").count(), 2);
    assert!(shapes.contains("<x:Row>56</x:Row>"));
    for same in [
        "xl/worksheets/sheet3.xml",
        "xl/theme/theme1.xml",
        "docProps/app.xml",
        "xl/sharedStrings.xml",
    ] {
        assert_eq!(raw(&template, same), raw(&out, same), "{same}");
    }
    let (again, _) = filled(&template, "Open items", 50);
    assert_eq!(out, again, "the same book gives the same bytes");
}

#[test]
fn text_stays_text_and_days_are_shown_as_days() {
    let (out, _) = filled(&client(), "Open items", 4);
    let styles = part(&out, "xl/styles.xml");
    assert!(styles.contains("quotePrefix=\"1\""));
    // A workbook without formats for dates gets one.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("S").unwrap();
    sheet
        .write_row(
            0,
            0,
            [
                "Invoice #",
                "Customer Name",
                "Due Date",
                "Open Amount",
                "Comments",
            ],
        )
        .unwrap();
    let (out, _) = filled(&book.save_to_buffer().unwrap(), "S", 4);
    let mut book = open(&out);
    let range = book.worksheet_range("S").unwrap();
    assert!(matches!(range.get_value((1, 2)), Some(Data::DateTime(_))));
    assert_eq!(range.height(), 5);
    assert!(range.get_value((2, 4)).is_none_or(|c| *c == Data::Empty));
    assert_eq!(
        range.get_value((1, 4)).unwrap().to_string(),
        "=1+1 says the customer"
    );
}

#[test]
fn an_excel_table_is_its_own_region() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Items").unwrap();
    let headers = [
        "Invoice #",
        "Customer Name",
        "Due Date",
        "Open Amount",
        "Comments",
    ];
    for row in 3..5 {
        sheet.write(row, 0, "x").unwrap();
        sheet.write(row, 3, 1).unwrap();
    }
    let columns: Vec<TableColumn> = headers
        .iter()
        .map(|h| {
            let column = TableColumn::new().set_header(*h);
            if *h == "Open Amount" {
                column.set_total_function(TableFunction::Sum)
            } else {
                column
            }
        })
        .collect();
    let table = Table::new()
        .set_columns(&columns)
        .set_total_row(true)
        .set_name("Due");
    sheet.add_table(2, 0, 5, 4, &table).unwrap();
    let other = book.add_worksheet().set_name("Other").unwrap();
    other
        .write_formula(0, 0, Formula::new("SUM(Due[Open Amount])").set_result("2"))
        .unwrap();
    let template = book.save_to_buffer().unwrap();
    let place = place_of(&template, "Items");
    assert_eq!((place.header, place.first, place.last), (3, 4, 5));
    let (out, _) = filled(&template, "Items", 30);
    let table = part(&out, "xl/tables/table1.xml");
    assert!(
        table.contains("ref=\"A3:E34\"") && table.contains("<autoFilter ref=\"A3:E33\""),
        "{table}"
    );
    let formulas = open(&out).worksheet_formula("Items").unwrap();
    assert!(
        formulas
            .get_value((33, 3))
            .unwrap()
            .starts_with("SUBTOTAL(109,")
    );
    assert!(
        !part(&out, "xl/worksheets/sheet2.xml").contains("<v>2</v>"),
        "no result of the old rows"
    );
}

#[test]
fn days_since_1904() {
    let template = rewritten(&client(), "xl/workbook.xml", |xml| {
        xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    assert!(outline(&template, &[]).unwrap().since_1904);
    let (out, _) = filled(&template, "Open items", 1);
    let mut book = open(&out);
    let range = book.worksheet_range("Open items").unwrap();
    let Some(Data::DateTime(date)) = range.get_value((4, 2)) else {
        panic!("no date")
    };
    assert_eq!(date.to_ymd_hms_milli(), (2026, 3, 1, 0, 0, 0, 0));
}

/// The same archive with a part changed, or added where there is none.
fn rewritten(bytes: &[u8], path: &str, to: impl Fn(&str) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let mut found = false;
    for at in 0..from.len() {
        let mut entry = from.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if name == path {
            found = true;
            content = to(std::str::from_utf8(&content).unwrap()).into_bytes();
        }
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(&content).unwrap();
    }
    if !found {
        zip.start_file(path, options).unwrap();
        zip.write_all(to("").as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Writes the client's workbook and a filled one for other programs to look at:
/// `DUEBOOK_TEMPLATE_OUT=folder`.
#[test]
fn for_other_programs() {
    if let Some(folder) = std::env::var_os("DUEBOOK_TEMPLATE_OUT") {
        let folder = std::path::Path::new(&folder);
        let (out, _) = filled(&client(), "Open items", 50);
        std::fs::write(folder.join("client-weekly.xlsx"), client()).unwrap();
        std::fs::write(folder.join("filled.xlsx"), out).unwrap();
    }
}
